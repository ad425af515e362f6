import { describe, expect, test } from 'vitest';
import { readAgentTokens } from '#adapters/agents/agent-token.ts';
import { createSnapshotHolder } from '#adapters/agents/snapshot-holder.ts';
import { no, yes } from '#domain/result.ts';
import { emptySnapshot } from '#domain/snapshot.ts';
import { agentsPort } from '#test/support/agents.ts';

const tokens = () => {
  const read = readAgentTokens(
    'production:propose+kill:secret-of-production, staging:propose+kill:secret-of-staging',
  );
  if (!read.ok) throw new Error(read.refusal.join());
  return read.value;
};
const production = { authorization: 'Bearer secret-of-production' };
const staging = { authorization: 'Bearer secret-of-staging' };
const why = { active: true, reason: 'it deletes tickets' };

describe('a kill over HTTP', () => {
  test('acts, names who asked, and tells how many streams heard of it', async () => {
    const { post, evaluate, asked } = await agentsPort();
    const response = await post('/v1/killswitches/support-agent', why);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      name: 'support-agent',
      active: true,
      already: false,
      told: { streams: 0 },
    });
    expect(asked).toEqual([
      {
        name: 'support-agent',
        reason: 'it deletes tickets',
        by: { kind: 'token', id: 'loopback' },
      },
    ]);
    const killed = await evaluate('kill.support-agent', {});
    expect(await killed.json()).toMatchObject({ value: true });
  });

  test('acts even when it cannot be written down, and says so', async () => {
    const holder = createSnapshotHolder(emptySnapshot('production'));
    const { post, evaluate } = await agentsPort({
      snapshots: holder,
      killOn: async ({ name }) => {
        holder.killNow(name);
        return yes({ already: false, durable: false });
      },
    });
    const response = await post('/v1/killswitches/writes', why);
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ active: true, durable: false });
    expect(await (await evaluate('kill.writes', {})).json()).toMatchObject({ value: true });
  });

  test('that did not act is an outage, and never looks like a kill', async () => {
    const { post } = await agentsPort({ killOn: () => Promise.reject(new Error('no')) });
    expect((await post('/v1/killswitches/writes', why)).status).toBe(503);
  });

  test('is never undone this way', async () => {
    const { post, asked } = await agentsPort();
    const response = await post('/v1/killswitches/writes', { active: false, reason: 'all well' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      error: 'off_needs_a_person',
      message: expect.stringContaining('Slack'),
    });
    expect(asked).toEqual([]);
  });

  test.each([
    ['nothing', '', '(none)'],
    ['no JSON', '{', '(none)'],
    ['a list', [], '(body)'],
    ['null', 'null', '(body)'],
    ['no reason', { active: true }, 'reason'],
    ['an empty reason', { active: true, reason: '  ' }, 'reason'],
    ['active as text', { active: 'true', reason: 'x' }, 'active'],
    ['a reason of a thousand letters', { active: true, reason: 'x'.repeat(1_000) }, 'reason'],
  ])('with %s is refused', async (_, body, field) => {
    const { post, asked } = await agentsPort();
    const response = await post('/v1/killswitches/writes', body);
    expect(response.status).toBe(400);
    const answer = (await response.json()) as { field?: string; message: string };
    expect(answer.field ?? '(none)').toBe(field);
    expect(asked).toEqual([]);
  });

  test('of a name that cannot be is refused', async () => {
    const { post } = await agentsPort();
    for (const name of ['UPPER', 'a%20b', '%00', 'a/b/c', '..', 'x'.repeat(80)]) {
      expect((await post(`/v1/killswitches/${name}`, why)).status).not.toBe(200);
    }
    expect((await post('/v1/killswitches/', why)).status).toBe(400);
    expect((await post('/v1/killswitches', why)).status).toBe(404);
  });

  test('reaches the token’s environment, and no other', async () => {
    const { post, asked } = await agentsPort({ tokens: tokens() });
    await post('/v1/killswitches/writes', why, production);
    await post('/v1/killswitches/global', why, production);
    await post('/v1/killswitches/writes', why, staging);
    await post('/v1/killswitches/global', why, staging);
    await post('/v1/killswitches/writes/staging', why, staging);
    const names = asked.map((request) => (request as { name: string }).name);
    expect(names).toEqual([
      'writes',
      'global',
      'writes/staging',
      'global/staging',
      'writes/staging',
    ]);
    expect((await post('/v1/killswitches/writes/staging', why, production)).status).toBe(403);
    expect((await post('/v1/killswitches/global/production', why, staging)).status).toBe(403);
  });

  test('is not held up by a flood of anything else', async () => {
    const { post, url } = await agentsPort();
    const flood = Array.from({ length: 100 }, () =>
      fetch(`${url}/ofrep/v1/evaluate/flags`, { method: 'POST', body: '{"context":{}}' }),
    );
    const startedMs = performance.now();
    const response = await post('/v1/killswitches/writes', why);
    expect(response.status).toBe(200);
    // Two seconds are held by `npm run torture`; what waits its turn behind a flood takes longer.
    expect(performance.now() - startedMs).toBeLessThan(8_000);
    await Promise.all(flood);
  });
});

describe('a pipeline', () => {
  test('registers a version with its components', async () => {
    const { post, asked } = await agentsPort();
    const components = [
      { name: 'prompts', version: '41', reversibility: 'instant' },
      { name: 'memory', reversibility: 'irreversible' },
    ];
    const body = {
      service: 'support-agent',
      version: '2.4.0',
      commit: '3f9a2c1',
      digest: 'sha256:00',
      authors: ['Ana Example <ana@example.com>', 'U0BO'],
      link: 'https://example.com/changes',
      components,
    };
    const response = await post('/v1/versions', body);
    expect(response.status).toBe(201);
    const authors = ['ana@example.com', 'U0BO'];
    expect(asked).toEqual([{ ...body, authors, by: { kind: 'token', id: 'loopback' } }]);
  });

  test('is told when the version was known', async () => {
    const { post } = await agentsPort({ registerVersion: async () => yes({ known: true }) });
    const response = await post('/v1/versions', { service: 'support-agent', version: '2.4.0' });
    expect(response.status).toBe(200);
  });

  test('proposes a release and gets its number', async () => {
    const { post, asked } = await agentsPort({ tokens: tokens() });
    const body = {
      service: 'support-agent',
      version: '2.5.0',
      strategy: 'canary',
      note: 'nightly',
    };
    const response = await post('/v1/releases', body, { ...staging, 'idempotency-key': 'build-7' });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ release: 12, service: 'support-agent/staging' });
    expect(asked[0]).toMatchObject({
      service: 'support-agent/staging',
      version: '2.5.0',
      idempotencyKey: 'build-7',
      by: { kind: 'token', id: expect.stringMatching(/^staging\//) },
    });
  });

  test('hears in words why a release cannot be', async () => {
    const { post } = await agentsPort({
      propose: async () => no({ code: 'release_in_progress', words: '#11 is in progress.' }),
    });
    const response = await post('/v1/releases', { service: 'support-agent', version: '2.5.0' });
    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({
      error: 'release_in_progress',
      message: '#11 is in progress.',
    });
  });

  test.each([
    ['/v1/versions', { version: '1' }, 'service'],
    ['/v1/versions', { service: 'global', version: '1' }, 'service'],
    ['/v1/versions', { service: 'a', version: '' }, 'version'],
    ['/v1/versions', { service: 'a', version: '1', link: 'javascript:alert(1)' }, 'link'],
    [
      '/v1/versions',
      { service: 'a', version: '1', components: [{ name: 'x' }] },
      'components.0.reversibility',
    ],
    ['/v1/releases', { service: 'a' }, 'version'],
    ['/v1/releases', { service: 'a', version: '1', strategy: 'yolo' }, 'strategy'],
    ['/v1/releases', [], '(body)'],
  ])('is told what is wrong with %s %j', async (path, body, field) => {
    const { post, asked } = await agentsPort();
    const response = await post(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'malformed', field });
    expect(asked).toEqual([]);
  });
});
