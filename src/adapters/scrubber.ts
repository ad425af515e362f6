import type { Settings } from '#domain/settings.ts';
import type { Scrub } from '#operations/withhold-secrets.ts';

/** Whatever looks like one of Slack's secrets or a bearer token, wherever it turns up. */
const PATTERNS = [
  String.raw`\bxox[a-z]-[A-Za-z0-9-]+`,
  String.raw`\bxapp-[A-Za-z0-9-]+`,
  String.raw`hooks\.slack\.com/[^\s"'\\<>|]+`,
  String.raw`\bBearer [A-Za-z0-9._~+/-]{8,}=*`,
];

/** Anything shorter stands by chance within ordinary words. */
const LENGTH_MIN = 8;

/** These are used, not shown: where a release reads its metrics, and where Slack takes an answer. */
const USED_AS_THEY_ARE: ReadonlySet<string> = new Set(['plan', 'response_url', 'response_urls']);

/** By value, however it is written, and by pattern: a token of another workspace is one too. */
export function createScrubber(secrets: readonly string[]): Scrub {
  const spellings = secrets
    .filter((secret) => secret.length >= LENGTH_MIN)
    .flatMap(spellingsOf)
    // The longer first, so that no end of one is left.
    .sort((one, other) => other.length - one.length)
    .map((spelling) => spelling.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`));
  const secret = new RegExp([...new Set(spellings), ...PATTERNS].join('|'), 'g');
  const inText = (text: string) => text.replace(secret, '[secret]');
  // What is put into it comes out of it: only texts differ.
  return (value) => scrubbed(value, inText) as typeof value;
}

/** As it is, in an address, in base64, and in JSON. */
const spellingsOf = (secret: string) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
  JSON.stringify(secret).slice(1, -1),
];

/** What holds no secret is given back as it is, since whoever compares it must find it the same. */
function scrubbed(value: unknown, inText: (text: string) => string): unknown {
  if (typeof value === 'string') return inText(value);
  if (Array.isArray(value)) {
    const members = value.map((member: unknown) => scrubbed(member, inText));
    return members.every((member, at) => member === value[at]) ? value : members;
  }
  if (typeof value !== 'object' || value === null) return value;
  let changed: Record<string, unknown> | undefined;
  for (const [key, member] of Object.entries(value)) {
    if (USED_AS_THEY_ARE.has(key)) continue;
    const clean = scrubbed(member, inText);
    if (clean === member) continue;
    changed ??= { ...value };
    changed[key] = clean;
  }
  return changed ?? value;
}

/**
 * Follows the settings, which have secrets of their own. What was replaced is still hidden: a
 * running release goes on with its plan.
 */
export function createFollowingScrubber(
  secrets: readonly string[],
  settings: () => Settings,
): Scrub {
  const known = new Set(secrets);
  let followed: Settings | undefined;
  let scrub: Scrub;
  return (value) => {
    const current = settings();
    if (current !== followed) {
      for (const secret of secretsToHide([...known], current)) known.add(secret);
      scrub = createScrubber(secretsToHide([...known], current));
      followed = current;
    }
    return scrub(value);
  };
}

/** With those of the settings. The name of a service stays: hiding it would keep people from stopping it. */
export function secretsToHide(given: readonly string[], settings: Settings): readonly string[] {
  const names = [...settings.services.keys()];
  const isName = (secret: string) => names.some((name) => name.includes(secret));
  return [...given, ...secretsOfSettings(settings)].filter((secret) => !isName(secret));
}

/** Whoever has the address of a webhook can post to it; that of a Prometheus may hold a password. */
function secretsOfSettings({ alerts, services }: Settings): readonly string[] {
  const webhook = alerts.webhook === undefined ? undefined : URL.parse(alerts.webhook);
  const ofWebhook = webhook ? [webhook.href, `${webhook.pathname}${webhook.search}`] : [];
  const ofMetrics = [...services.values()].flatMap(({ plan: { metrics } }) => {
    const address = metrics.source === 'prometheus' ? URL.parse(metrics.url) : null;
    if (!address?.password) return [];
    const { username, password } = address;
    return [password, decodeURIComponent(password), `//${username}:${password}@`];
  });
  return [...ofWebhook, ...(alerts.webhook ? [alerts.webhook] : []), ...ofMetrics];
}
