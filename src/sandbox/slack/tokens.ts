import type { Manifest } from '#sandbox/slack/manifest.ts';
import type { Caller } from '#sandbox/slack/web-api/method.ts';

/** Who may call, by token. A token that is not here is `invalid_auth`. */
export type Tokens = ReadonlyMap<string, Caller>;

type Issued = { readonly botToken: string; readonly appToken?: string | undefined };

export function issueTokens({ scopes }: Manifest, { botToken, appToken }: Issued): Tokens {
  const tokens = new Map<string, Caller>([[botToken, { kind: 'bot', scopes }]]);
  if (appToken) tokens.set(appToken, { kind: 'app', scopes: ['connections:write'] });
  return tokens;
}
