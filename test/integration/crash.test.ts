import { expect, test } from 'vitest';
import { killAgain } from '#test/torture/crash.ts';

/** `npm run torture -- --only crash` does this at every point, hundreds of times. */
test('what died just after Slack had answered tells nothing twice, and loses nothing', async () => {
  const at = 'after Slack has answered, before that is written down';
  const { problems, told } = await killAgain([{ at, pass: 9 }], 0, { houses: 4 });
  expect(problems).toEqual([]);
  expect(told).toBeGreaterThan(0);
}, 60_000);
