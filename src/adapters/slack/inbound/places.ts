import type { AnswerDeps, Place } from '#adapters/slack/inbound/deps.ts';
import type { Settings } from '#domain/settings.ts';

type Deps = Pick<AnswerDeps, 'settings' | 'channelId'>;

/**
 * Undefined where more may be let through: in the channels that the file names for this service, in
 * the one for alerts that those do not take, and in private. Anywhere else, the channels to go to.
 * Switches and flags belong to no service, so any channel of the file will do for them.
 */
export function elsewhere(
  { settings, channelId }: Deps,
  place: Place | undefined,
  service?: string,
): readonly string[] | undefined {
  if (place === 'in_private') return undefined;
  const mapped = channelsFor(settings(), service);
  const isHere = (channel: string) => {
    if (!place) return false;
    const { channelId: id, channelName: name } = place;
    return channel === id || channel === name || channelId(channel) === id;
  };
  return mapped.some(isHere) ? undefined : mapped;
}

function channelsFor(settings: Settings, service: string | undefined): readonly string[] {
  const { services, channel, alerts } = settings;
  const concerned = [...services.values()].filter(
    ({ name }) => service === undefined || name === service,
  );
  const all = [...concerned.map((one) => one.channel), channel, alerts.fallbackChannel];
  return [...new Set(all.filter((one) => one !== undefined))];
}

/** Between two people, a slash command comes from a channel of this name. */
const DIRECT = 'directmessage';

/** What a delivery says of where it comes from. */
export function placeFrom(channelId: string, channelName: string): Place | undefined {
  if (channelId === '') return undefined;
  const isDirect = channelId.startsWith('D') || channelName === DIRECT;
  return isDirect ? 'in_private' : { channelId, channelName };
}
