import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { switchOf } from '#domain/evaluation.ts';
import { elapsedMs, type Instant, MINUTE_MS } from '#domain/time.ts';

/** Who listens to a key: after a kill, people are told whether anybody obeys, and how soon. */
export type Audience = {
  /** Clients heard of within the last minutes, over either door, streams apart. */
  readonly pollers: number;
  /** How often the slowest of nine in ten asks; absent while none has asked twice. */
  readonly everyMs?: number;
  /** When this key was last asked for, by name or among all keys. */
  readonly lastAskedAt?: Instant;
};

export type Usage = {
  /** One key was asked for by name. */
  readonly asked: (environment: string, key: string) => void;
  /** All keys were fetched at once. */
  readonly listed: (environment: string) => void;
  readonly seen: (environment: string, client: string, everyMs?: number) => void;
  readonly audience: (environment: string, key: string) => Audience;
  /** Keys that were asked for by name: what was meant may be among them. */
  readonly keysAsked: (environment: string) => readonly string[];
  /** Switches that were asked for by name. It only grows, so its length says whether it changed. */
  readonly switchesAsked: (environment: string) => readonly string[];
};

type Client = { seenAt: Instant; everyMs: number | undefined };
type Heard = {
  readonly keys: Map<string, Instant>;
  readonly switches: string[];
  readonly clients: Map<string, Client>;
  listedAt?: Instant;
};

/** Callers choose the names, so the memory for them is bounded. */
const KEYS_MAX = 2_000;
const CLIENTS_MAX = 20_000;
/** Unleash's SDKs back off to ten times 15 s; whoever is silent for longer is gone. */
const GONE_AFTER_MS = 5 * MINUTE_MS;
const NEWEST_SHARE = 0.3;

export function createUsage(clock: () => Instant): Usage {
  const environments = new Map<string, Heard>();
  const of = (environment: string): Heard => {
    const known = environments.get(environment);
    if (known) return known;
    const fresh: Heard = { keys: new Map(), switches: [], clients: new Map() };
    environments.set(environment, fresh);
    return fresh;
  };
  return {
    asked: (environment, key) => {
      const { keys, switches } = of(environment);
      const isNew = !keys.has(key);
      if (isNew && keys.size >= KEYS_MAX) return;
      keys.set(key, clock());
      const name = isNew ? switchOf(key) : undefined;
      if (name !== undefined) switches.push(name);
    },
    listed: (environment) => {
      of(environment).listedAt = clock();
    },
    seen: (environment, client, everyMs) => {
      see(of(environment).clients, { client, everyMs, at: clock() });
    },
    audience: (environment, key) => audienceOf(of(environment), key, clock()),
    keysAsked: (environment) => [...of(environment).keys.keys()],
    switchesAsked: (environment) => of(environment).switches,
  };
}

/** Some say how often they ask; for the others it is measured, the newest gaps counting most. */
function see(
  clients: Map<string, Client>,
  seen: { readonly client: string; readonly everyMs: number | undefined; readonly at: Instant },
): void {
  const known = clients.get(seen.client);
  if (!known) {
    if (clients.size >= CLIENTS_MAX) forgetOldest(clients);
    clients.set(seen.client, { seenAt: seen.at, everyMs: seen.everyMs });
    return;
  }
  const gapMs = elapsedMs(known.seenAt, seen.at);
  const before = known.everyMs ?? gapMs;
  known.everyMs = seen.everyMs ?? before + (gapMs - before) * NEWEST_SHARE;
  known.seenAt = seen.at;
}

function forgetOldest(clients: Map<string, Client>): void {
  const [oldest] = clients.keys();
  if (oldest !== undefined) clients.delete(oldest);
}

function audienceOf({ keys, clients, listedAt }: Heard, key: string, at: Instant): Audience {
  for (const [client, { seenAt }] of clients) {
    if (elapsedMs(seenAt, at) > GONE_AFTER_MS) clients.delete(client);
  }
  const everyMs = [...clients.values()].flatMap((client) => client.everyMs ?? []);
  everyMs.sort((one, other) => one - other);
  const slow = everyMs[Math.floor((everyMs.length - 1) * 0.9)];
  const times = [keys.get(key), listedAt].flatMap((time) => time ?? []);
  const lastAskedAt = times.length > 0 ? times.reduce((a, b) => (a > b ? a : b)) : undefined;
  return {
    pollers: clients.size,
    ...(slow === undefined ? {} : { everyMs: Math.round(slow) }),
    ...(lastAskedAt === undefined ? {} : { lastAskedAt }),
  };
}

const knownBySocket = new WeakMap<Socket, string>();

/** Unleash's SDKs say who they are; others are known by where they come from and what they are. */
export function clientOf({ headers, socket }: IncomingMessage): string {
  const id = headers['unleash-connection-id'] ?? headers['unleash-instanceid'];
  if (typeof id === 'string') return id;
  const known = knownBySocket.get(socket);
  if (known !== undefined) return known;
  const fresh = `${socket.remoteAddress} ${headers['user-agent']}`;
  knownBySocket.set(socket, fresh);
  return fresh;
}
