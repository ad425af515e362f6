import { expect, test } from 'vitest';
import { letSecretsSlip, WITH_SECRETS } from '#test/support/secrets-story.ts';
import { signalBoxFor } from '#test/support/signal-box.ts';

test('no secret is repeated, whoever lets it slip and whatever fails', async (story) => {
  const box = await signalBoxFor(story, WITH_SECRETS);
  const { found, register } = await letSecretsSlip(box);
  for (const [where, secrets] of Object.entries(found)) expect(secrets, where).toEqual([]);
  // What stands there is the rest of the reason, so it was not left out whole.
  expect(register).toContain('as [secret]');
}, 60_000);
