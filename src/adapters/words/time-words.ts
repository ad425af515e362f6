import { type Instant, SECOND_MS } from '#domain/time.ts';

/** A moment that Slack shows to each reader in their own time zone. */
export function whenWords(at: Instant): string {
  const iso = new Date(at).toISOString();
  return `<!date^${Math.floor(at / SECOND_MS)}^{date_short_pretty} {time}|${iso}>`;
}
