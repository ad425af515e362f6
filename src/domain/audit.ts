import type { Actor, Origin } from '#domain/actor.ts';
import { isEmergency } from '#domain/review.ts';
import type { Instant } from '#domain/time.ts';

/** What an entry is about; whatever does not apply is left out. */
export type AuditTarget = {
  readonly service?: string;
  readonly release?: number;
  readonly flag?: string;
  readonly killswitch?: string;
  readonly version?: string;
};

/** What an intent leaves in the register. The store adds the number and the chain. */
export type AuditDraft = {
  readonly at: Instant;
  readonly actor: Actor;
  readonly action: string;
  readonly target: AuditTarget;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly outcome: 'done' | 'refused' | 'failed';
  /** For whatever moves traffic: the step it is about, and whether the switch has happened. */
  readonly step?: { readonly number: number; readonly weightPercent: number };
  readonly switchStatus?: 'owed' | 'applied' | 'failed';
  /** More that belongs to this action: a digest, an approval, the numbers of a verdict. */
  readonly details?: AuditDetails;
};

export type AuditDetails = { readonly [key: string]: AuditValue };
export type AuditValue =
  | string
  | number
  | boolean
  | null
  | readonly AuditValue[]
  | { readonly [key: string]: AuditValue };

/** How an intent came to be written, which only the one who writes knows. */
export type Circumstances = {
  readonly origin?: Origin;
  /** The key of the request: the same one in Slack's delivery, a caller's or the journal. */
  readonly request?: string;
  /** The version of Signalman that wrote it. */
  readonly signalman: string;
};

/** The body of an entry as it is hashed and exported, with the fixed names of the outside contract. */
export function auditBody(draft: AuditDraft, circumstances: Circumstances): AuditDetails {
  const { origin, request, signalman } = circumstances;
  return {
    v: 1,
    at: new Date(draft.at).toISOString(),
    actor: { kind: draft.actor.kind, id: draft.actor.id },
    action: draft.action,
    target: withoutGaps(draft.target),
    from: draft.from,
    to: draft.to,
    ...(draft.step && {
      step: { number: draft.step.number, weight_percent: draft.step.weightPercent },
    }),
    ...(draft.switchStatus && { switch_status: draft.switchStatus }),
    reason: draft.reason,
    outcome: draft.outcome,
    ...(isEmergency(draft) && { emergency: true }),
    ...(draft.details && { details: draft.details }),
    ...(origin && { origin: withoutGaps(origin) }),
    ...(request !== undefined && { request }),
    signalman,
  };
}

function withoutGaps(target: AuditTarget | Origin): AuditDetails {
  return Object.fromEntries(
    Object.entries(target).filter((entry): entry is [string, string | number] => entry[1] != null),
  );
}

/**
 * RFC 8785 on restricted input: keys sorted by UTF-16 code units, no white space, strings in NFC
 * and well-formed, numbers only as safe integers or decimal strings. The bytes are what is hashed,
 * so two writers must never disagree on them; a float would let them.
 */
export function canonicalJson(value: AuditValue): string {
  if (typeof value === 'string') return textJson(value);
  if (typeof value === 'number') return integerJson(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let members = '';
  for (const key of Object.keys(value).sort())
    members += `${members && ','}${keyJson(key)}:${canonicalJson(value[key] as AuditValue)}`;
  return `{${members}}`;
}

/** Nearly all text is plain: in NFC, well-formed, and without anything to escape. */
const PLAIN = /^[ !#-[\]-~]*$/;

const textJson = (text: string) =>
  PLAIN.test(text) ? `"${text}"` : JSON.stringify(text.toWellFormed().normalize('NFC'));

const keyJson = (key: string) => (PLAIN.test(key) ? `"${key}"` : JSON.stringify(key));

function integerJson(value: number): string {
  // Anything else is a decimal string by the caller's hand, because floats print differently.
  if (!Number.isSafeInteger(value)) throw new Error(`Broken invariant: ${value} in an audit entry`);
  return String(value);
}

const isList = (value: AuditValue): value is readonly AuditValue[] => Array.isArray(value);

/** A decimal string of at most six digits after the point, as numbers of evidence are written. */
export const asDecimal = (value: number) => String(Number(value.toFixed(6)));
