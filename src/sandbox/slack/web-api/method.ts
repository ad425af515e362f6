import type { Manifest } from '#sandbox/slack/manifest.ts';
import type { Arguments } from '#sandbox/slack/web-api/arguments.ts';
import type { Workspace } from '#sandbox/slack/workspace.ts';

export type Caller = {
  readonly kind: 'bot' | 'app';
  readonly scopes: readonly string[];
};

export type ApiContext = {
  readonly workspace: Workspace;
  readonly manifest: Manifest;
  readonly caller: Caller;
  /** Hands out a WebSocket address for Socket Mode. */
  readonly connectionUrl: () => string;
};

export type ApiAnswer = ({ readonly ok: true } & { readonly [field: string]: unknown }) | Refusal;
export type Refusal = { readonly ok: false; readonly error: string } & {
  readonly [field: string]: unknown;
};

/** `special` methods have limits of their own and are not counted by tier. */
export type Tier = 1 | 2 | 3 | 4 | 'special';

export type Method = {
  readonly tier: Tier;
  /** Any one of these is enough; none are needed when the list is empty. */
  readonly scopes: readonly string[];
  readonly token: 'bot' | 'app' | 'none';
  readonly call: (context: ApiContext, args: Arguments) => ApiAnswer;
};

export type Methods = Readonly<Record<string, Method>>;

export const refuse = (error: string, messages?: readonly string[]): Refusal => ({
  ok: false,
  error,
  ...(messages ? { response_metadata: { messages } } : {}),
});
