import type { Workspace } from '#sandbox/slack/workspace.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const MICROS_PER_SECOND = 1_000_000;

export const letters = ({ dice }: Pick<Workspace, 'dice'>, count: number) =>
  Array.from({ length: count }, () => ALPHABET[Math.floor(dice() * ALPHABET.length)]).join('');

export const newId = (workspace: Pick<Workspace, 'dice'>, prefix: string) =>
  `${prefix}${letters(workspace, 10)}`;

/** Seconds and micros. No two are equal, and later ones sort after earlier ones, even as text. */
export function newTs(workspace: Workspace): string {
  const micros = Math.max(Math.floor(workspace.clock() * 1_000), workspace.lastTsMicros + 1);
  workspace.lastTsMicros = micros;
  const seconds = Math.floor(micros / MICROS_PER_SECOND);
  return `${seconds}.${String(micros % MICROS_PER_SECOND).padStart(6, '0')}`;
}

export const tsAsMs = (ts: string) => Math.floor(Number(ts) * 1_000);
