import { randomBytes } from 'node:crypto';
import { readSettingsFile } from '#adapters/settings/settings-holder.ts';
import type { Config } from '#config.ts';

export type DemoToken = { readonly secret: string; readonly entry: string };

/**
 * Once there are tokens, agents without one are turned away, and the demo's agents are no exception.
 * They get one of their own for this life of the sandbox; undefined while nobody needs any.
 */
export function demoToken({
  agentTokens,
  configPath,
}: Pick<Config, 'agentTokens' | 'configPath'>): DemoToken | undefined {
  if (agentTokens.length === 0) return undefined;
  const file = readSettingsFile(configPath);
  // The bot says what is wrong with a faulty file; nobody is asked anything then.
  const environment = file.ok ? file.value.settings.defaultEnvironment : 'production';
  const secret = randomBytes(16).toString('hex');
  return { secret, entry: `${environment}:evaluate+ingest:${secret}` };
}
