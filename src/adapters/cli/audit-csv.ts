import { z } from 'zod';
import type { ChainedEntry } from '#store/chain.ts';

const Body = z.looseObject({
  at: z.string(),
  actor: z.object({ kind: z.string(), id: z.string() }),
  action: z.string(),
  target: z.record(z.string(), z.union([z.string(), z.number()])),
  from: z.string(),
  to: z.string(),
  step: z.object({ number: z.number(), weight_percent: z.number() }).optional(),
  switch_status: z.string().optional(),
  reason: z.string(),
  outcome: z.string(),
  origin: z
    .object({ via: z.string(), channel: z.string().optional(), message: z.string().optional() })
    .optional(),
  request: z.string().optional(),
  /** Absent from entries that were written before any said it. */
  signalman: z.string().optional(),
});

const COLUMNS = [
  'seq',
  'at',
  'actor_kind',
  'actor_id',
  'action',
  'service',
  'release',
  'flag',
  'killswitch',
  'version',
  'from',
  'to',
  'step',
  'weight_percent',
  'switch_status',
  'reason',
  'outcome',
  'via',
  'channel',
  'message',
  'request',
  'signalman',
] as const;

export const CSV_HEADER = COLUMNS.join(',');

/** A flat view of an entry for spreadsheets; the register itself is the JSON. */
export function csvLine({ seq, body }: ChainedEntry): string {
  const { actor, target, step, origin, ...entry } = Body.parse(JSON.parse(body));
  const cells: Readonly<Record<(typeof COLUMNS)[number], string | number | undefined>> = {
    seq,
    at: entry.at,
    actor_kind: actor.kind,
    actor_id: actor.id,
    action: entry.action,
    service: target['service'],
    release: target['release'],
    flag: target['flag'],
    killswitch: target['killswitch'],
    version: target['version'],
    from: entry.from,
    to: entry.to,
    step: step?.number,
    weight_percent: step?.weight_percent,
    switch_status: entry.switch_status,
    reason: entry.reason,
    outcome: entry.outcome,
    via: origin?.via,
    channel: origin?.channel,
    message: origin?.message,
    request: entry.request,
    signalman: entry.signalman,
  };
  return COLUMNS.map((column) => cell(cells[column])).join(',');
}

/** A spreadsheet runs a cell that begins like a formula, so an apostrophe goes in front. */
export function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
