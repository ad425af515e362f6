/** Starts Signalman: with Slack when it has credentials, else with a local workspace around it. */

import '#keep-compiled.js';

const { configProblemLine, liveInUtc, loadEnvFile, readConfig } = await import('#config.ts');
loadEnvFile();
liveInUtc();
const config = readConfig(process.env);
if (!config.ok) {
  const { giveUp } = await import('#give-up.ts');
  giveUp(config.refusal.map(configProblemLine));
} else if (config.value.slack) {
  const { startBot } = await import('#bot.ts');
  await startBot({ ...config.value, slack: config.value.slack });
} else {
  // Only newcomers need it, so only they load it.
  const { startSandbox } = await import('#sandbox/start.ts');
  await startSandbox(config.value, process.env);
}
