import { hash, timingSafeEqual } from 'node:crypto';
import { no, type Result, yes } from '#domain/result.ts';

export const SCOPES = ['evaluate', 'ingest', 'propose', 'kill', 'metrics'] as const;
export type Scope = (typeof SCOPES)[number];

/** Someone who may ask on the agents' port, and for which environment. */
export type AgentToken = {
  /** What logs and the audit call it; it says nothing about the secret. */
  readonly id: string;
  /** Absent means the default environment of signalman.yml. */
  readonly environment?: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly secretHash: Buffer;
};

/** Without tokens, callers on this machine may do everything in the default environment. */
export const LOOPBACK_TOKEN: AgentToken = {
  id: 'loopback',
  scopes: new Set(SCOPES),
  secretHash: Buffer.alloc(0),
};

const ENVIRONMENT = /^[a-z0-9][a-z0-9-]{0,31}$/;
const SECRET_LENGTH_MIN = 8;
const HASH_SHOWN = 8;

/** Reads `environment:scope+scope:secret, …`. Problems name the entry by place, never its secret. */
export function readAgentTokens(text: string): Result<readonly AgentToken[], readonly string[]> {
  const entries = text.split(',').map((entry) => entry.trim());
  const read = entries.map((entry, index) => readAgentToken(entry, index + 1));
  const problems = read.flatMap((one) => (one.ok ? [] : [one.refusal]));
  if (problems.length > 0) return no(problems);

  const tokens = read.flatMap((one) => (one.ok ? [one.value] : []));
  const hashes = new Set(tokens.map(({ secretHash }) => secretHash.toString('hex')));
  return hashes.size === tokens.length ? yes(tokens) : no(['two entries share one secret']);
}

/** The secrets of the entries themselves, which nothing that is said may hold. */
export const secretsInTokens = (text: string): readonly string[] =>
  text.split(',').map((entry) => entry.trim().split(':').slice(2).join(':'));

function readAgentToken(entry: string, place: number): Result<AgentToken, string> {
  const [environment = '', scopesText = '', ...secretParts] = entry.split(':');
  const secret = secretParts.join(':');
  const wrong = (problem: string) => no(`entry ${place}: ${problem}`);

  if (secretParts.length === 0) return wrong('write environment:scope+scope:secret');
  if (!ENVIRONMENT.test(environment)) return wrong('the environment is not a name');
  const scopes = scopesText.split('+');
  const unknown = scopes.filter((scope) => !isScope(scope));
  if (unknown.length > 0) {
    return wrong(`unknown scope “${unknown.join('”, “')}”; there are ${SCOPES.join(', ')}`);
  }
  if (secret.length < SECRET_LENGTH_MIN) {
    return wrong(`the secret needs at least ${SECRET_LENGTH_MIN} characters`);
  }
  const secretHash = hashSecret(secret);
  const id = `${environment}/${secretHash.toString('hex').slice(0, HASH_SHOWN)}`;
  return yes({ id, environment, scopes: new Set(scopes.filter(isScope)), secretHash });
}

const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);

const hashSecret = (secret: string) => hash('sha256', secret, 'buffer');

/**
 * Who a secret belongs to. Digests are compared in constant time, every one of them. The digest of a
 * secret that was right is remembered, never the secret: finding it again needs all of it, so how
 * long that takes tells nothing.
 */
export function createTokenFinder(tokens: readonly AgentToken[]) {
  const recognised = new Map<string, AgentToken>();
  return (secret: string): AgentToken | undefined => {
    // As text it costs a fifth of what it does as bytes, and each request needs it.
    const digest = hash('sha256', secret, 'hex');
    const known = recognised.get(digest);
    if (known) return known;
    const given = Buffer.from(digest, 'hex');
    let found: AgentToken | undefined;
    for (const token of tokens) {
      if (timingSafeEqual(token.secretHash, given)) found = token;
    }
    if (found) recognised.set(digest, found);
    return found;
  };
}
