/** Links to messages, as Slack's own *Copy link* makes them. */
type Where = {
  readonly domain: string | undefined;
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
};

const DOMAIN = /^[a-z0-9-]{1,63}$/;
const CHANNEL = /^[A-Z0-9]{3,20}$/;
const TS = /^\d{1,12}\.\d{6}$/;

/** Undefined when one of the parts is not what Slack sends. */
export function permalink({ domain = '', channel, ts, threadTs }: Where): string | undefined {
  if (!DOMAIN.test(domain) || !CHANNEL.test(channel) || !TS.test(ts)) return undefined;
  const message = `https://${domain}.slack.com/archives/${channel}/p${ts.replace('.', '')}`;
  const isReply = threadTs !== undefined && threadTs !== ts && TS.test(threadTs);
  return isReply ? `${message}?thread_ts=${threadTs}&cid=${channel}` : message;
}

const AT_THE_END =
  / (https:\/\/[a-z0-9-]{1,63}\.slack\.com\/archives\/[A-Z0-9]{3,20}\/p\d{7,18}(?:\?thread_ts=[\d.]{1,20}&cid=[A-Z0-9]{3,20})?)$/;

/** A reason that was taken from a message ends with the link to it. */
export function withoutPermalink(reason: string): { text: string; link?: string } {
  const link = AT_THE_END.exec(reason)?.[1];
  return link === undefined
    ? { text: reason }
    : { text: reason.slice(0, -link.length).trimEnd(), link };
}

export const withPermalink = (text: string, link: string | undefined) =>
  link === undefined ? text : `${text} ${link}`;
