/**
 * Canary secrets in every setting, with all of it at trace level: none is seen again, as it is, in
 * JSON, in an address or in base64, in any answer, message, metric, log, register or file.
 */
import { letSecretsSlip, WITH_SECRETS } from '#test/support/secrets-story.ts';
import { openSignalBox } from '#test/support/signal-box.ts';
import type { Row } from '#test/torture/row.ts';

export async function run(): Promise<Row> {
  const box = await openSignalBox(WITH_SECRETS);
  try {
    const { found, register } = await letSecretsSlip(box);
    const hits = Object.entries(found).filter(([, secrets]) => secrets.length > 0);
    for (const [where, secrets] of hits) console.log(`  ${where}: ${secrets.join(', ')}`);
    const count = hits.reduce((sum, [, secrets]) => sum + secrets.length, 0);
    const figure = `canary secrets in every setting, looked for in ${Object.keys(found).join(', ')}: ${count} found`;
    return { name: 'secrets', figure, ok: count === 0 && register.includes('as [secret]') };
  } finally {
    await box.close();
  }
}
