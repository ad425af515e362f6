import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { switchName } from '#domain/snapshot.ts';

/** `support-agent/production` is `support-agent` when production is the default environment. */
export const usualName = ({ snapshots }: Pick<AnswerDeps, 'snapshots'>, typed: string) =>
  switchName(snapshots.current(), typed);

export const serviceNames = ({ settings }: Pick<AnswerDeps, 'settings'>) =>
  [...settings().services.keys()].sort();

const CHANNEL_ID = /^[CG][A-Z0-9]{7,}$/;

/** Where the card of a service and its alerts are. */
export function channelWords({ settings }: Pick<AnswerDeps, 'settings'>, service: string): string {
  const all = settings();
  const channel = all.services.get(service)?.channel ?? all.channel;
  return CHANNEL_ID.test(channel) ? `<#${channel}>` : `#${channel.replace(/^#/, '')}`;
}
