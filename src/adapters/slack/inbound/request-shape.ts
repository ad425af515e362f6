/**
 * Bolt takes whatever is signed for a well-formed delivery: `null` ends the process, an unknown
 * shape is left without an answer. So the shape is checked before Bolt sees it.
 */
import { parseJson } from '#adapters/parse-json.ts';
import { Command, EventBody, Interaction } from '#adapters/slack/inbound/deliveries.ts';

export const FORM_TYPE = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';

const DEPTH_MAX = 32;

/** Is this body one that Slack sends? Forms hold a command or a `payload`, JSON holds an event. */
export function isDelivery(contentType: string, body: string): boolean {
  if (contentType === JSON_TYPE) return isShaped(EventBody, parseJson(body));
  if (contentType !== FORM_TYPE) return false;
  const fields = readForm(body);
  if (!fields) return false;
  const { payload } = fields;
  return payload === undefined
    ? isShaped(Command, fields)
    : isShaped(Interaction, parseJson(payload));
}

/** Slack's check of the certificate; it carries no signature and wants nothing but an answer. */
export const isCertificateCheck = (contentType: string, body: string) =>
  contentType === FORM_TYPE && readForm(body)?.['ssl_check'] === '1';

type Shape = { readonly safeParse: (value: unknown) => { readonly success: boolean } };

const isShaped = (shape: Shape, value: unknown) =>
  isTame(value, DEPTH_MAX) && shape.safeParse(value).success;

/** Undefined when a field comes twice: two readers of the body could then see two bodies. */
function readForm(body: string): Readonly<Record<string, string>> | undefined {
  const pairs = [...new URLSearchParams(body)];
  const names = new Set(pairs.map(([name]) => name));
  return names.size === pairs.length ? Object.fromEntries(pairs) : undefined;
}

/** Neither deeper than anything Slack sends, nor with a key that changes what objects are. */
function isTame(value: unknown, depthLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depthLeft === 0) return false;
  return Object.entries(value).every(
    ([key, member]) => key !== '__proto__' && isTame(member, depthLeft - 1),
  );
}
