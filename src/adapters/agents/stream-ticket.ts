import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AgentToken } from '#adapters/agents/agent-token.ts';
import { HOUR_MS, type Instant } from '#domain/time.ts';

/**
 * EventSource sends no headers, so a stream is opened with a ticket in its address. It is signed
 * with the token's own hash: it outlives a restart of ours, and dies with the token.
 */
export function issueTicket(token: AgentToken, at: Instant): string {
  const until = periodOf(at) + 2;
  return `${encodeURIComponent(token.id)}.${until}.${sign(token, until)}`;
}

/** Changes every hour, with the ticket: part of the ETag, so that a 304 never keeps a dead one. */
export const periodOf = (at: Instant) => Math.floor(at / HOUR_MS);

export function findTicketHolder(
  tokens: readonly AgentToken[],
  ticket: string,
  at: Instant,
): AgentToken | undefined {
  const [id = '', untilText = '', signature = ''] = ticket.split('.');
  const token = tokens.find((one) => encodeURIComponent(one.id) === id || one.id === id);
  const until = Number(untilText);
  if (!token || !Number.isInteger(until) || until <= periodOf(at)) return undefined;
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(token, until))];
  const isGenuine = given.length === expected.length && timingSafeEqual(given, expected);
  return isGenuine ? token : undefined;
}

const sign = ({ id, secretHash }: AgentToken, until: number) =>
  createHmac('sha256', secretHash).update(`stream ${id} ${until}`).digest('base64url');
