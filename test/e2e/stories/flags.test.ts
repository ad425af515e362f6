import { describe, expect, test } from 'vitest';
import { bucketOf } from '#domain/bucketing.ts';
import { signalBoxForAll } from '#test/support/signal-box.ts';

const box = signalBoxForAll();

/** Users by where they stand in the flag's own order, in percent. */
const userWithin = (from: number, to: number) => {
  const isThere = (key: string) => {
    const percent = bucketOf('new-tone', key) / 100;
    return percent >= from && percent < to;
  };
  const found = Array.from({ length: 1_000 }, (_, n) => `user-${n}`).find(isThere);
  if (!found) throw new Error('Nobody stands there.');
  return found;
};
const early = userWithin(0, 25);
const middle = userWithin(50, 75);
const late = userWithin(90, 100);

describe('a flag', { timeout: 30_000 }, () => {
  test('goes from nobody to some, to more with a second person, and to named ones', async () => {
    const { ana, bo, chidi, ops, agents } = box();
    const has = async (user: string) => (await agents.evaluate('new-tone', user))['value'];
    expect((await chidi.types('/rollout flag set new-tone 25%')).text).toMatch(/needs an operator/);

    expect((await ana.types('/rollout flag set new-tone 25%')).text).toMatch(/is 25 % now/);
    expect([await has(early), await has(middle), await has(late)]).toEqual([true, false, false]);

    const asked = await ana.types('/rollout flag set new-tone 80%');
    expect(asked.text).toMatch(/needs a second person.*Until then it stays 25 %/);
    expect(await has(middle)).toBe(false);
    const request = await ops.message(/asks to raise the flag `new-tone`: 25 % → \*80 %/, {
      withinMs: 10_000,
    });
    await ana.presses('Approve', request);
    await ana.sees(/this needs an approver|somebody else/);
    expect(await has(middle)).toBe(false);
    await bo.presses('Approve', request);
    await ops.message(/\*Approved\* by <@U0BO>/, { withinMs: 10_000 });
    expect([await has(early), await has(middle), await has(late)]).toEqual([true, true, false]);

    await ana.types(`/rollout flag allow new-tone ${late}`);
    expect(await has(late)).toBe(true);
    expect((await ana.types('/rollout flag list')).text).toMatch(/new-tone.*80 %.*1 named key/);
    await chidi.types(`/rollout flag disallow new-tone ${late}`);
    expect(await has(late)).toBe(false);
  });

  test('is lowered by anybody at once, and archived for good', async () => {
    const { ana, chidi, agents } = box();
    await chidi.types('/rollout flag set new-tone off');
    expect(await agents.valueOf('new-tone', early)).toBe(false);
    expect((await ana.types('/rollout flag archive new-tone')).text).toMatch(/is archived/);
    const evaluated = await agents.evaluate('new-tone', early);
    expect(evaluated['value']).not.toBe(true);
    const revived = await ana.types('/rollout flag set new-tone 5%');
    expect(revived.text).toMatch(/is archived, and that is final/);
    const mistyped = await ana.types('/rollout flag set other-tone 5.5%');
    expect(mistyped.text).toMatch(/“5\.5%” is not a setting for a flag/);
    const reserved = await ana.types('/rollout flag set kill.writes on');
    expect(reserved.text).toMatch(/cannot be the key of a flag/);
  });
});
