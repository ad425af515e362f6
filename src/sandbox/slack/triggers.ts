/** A trigger opens one modal, within three seconds of what a person did. */
import { letters } from '#sandbox/slack/ids.ts';
import type { Workspace } from '#sandbox/slack/workspace.ts';

const TRIGGER_LIFE_MS = 3_000;

export type Trigger = { readonly by: string; readonly atMs: number; used: boolean };
type TriggerError = 'invalid_trigger_id' | 'exchanged_trigger_id' | 'expired_trigger_id';

export function issueTrigger(workspace: Workspace, by: string): string {
  const { clock, dice, triggers } = workspace;
  const digits = () => String(Math.floor(dice() * 1e12)).padStart(12, '0');
  const id = `${digits()}.${digits()}.${letters(workspace, 32).toLowerCase()}`;
  triggers.set(id, { by, atMs: clock(), used: false });
  return id;
}

export type Exchanged =
  | { readonly by: string; readonly error?: never }
  | { readonly error: TriggerError };

export function exchangeTrigger({ clock, triggers }: Workspace, id: string): Exchanged {
  const trigger = triggers.get(id);
  if (!trigger) return { error: 'invalid_trigger_id' };
  if (trigger.used) return { error: 'exchanged_trigger_id' };
  if (clock() - trigger.atMs > TRIGGER_LIFE_MS) return { error: 'expired_trigger_id' };
  trigger.used = true;
  return { by: trigger.by };
}
