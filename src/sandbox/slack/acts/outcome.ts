import type { ActAnswer, ActError } from '#sandbox/protocol.ts';
import type { Ack } from '#sandbox/slack/delivery/envelope.ts';
import type { Slack } from '#sandbox/slack/slack.ts';
import type { Channel, Person } from '#sandbox/slack/workspace.ts';

export type Failed = { readonly ok: false; readonly error: ActError; readonly detail: string };

export const failed = (error: ActError, detail: string): Failed => ({ ok: false, error, detail });
export const badRequest = (detail: string) =>
  ({ ok: false, error: 'bad_request', detail }) as const;

/** How an acknowledgement looks to the person who waits for it. */
export function outcomeOf(ack: Ack): ActAnswer {
  switch (ack.came) {
    case 'in_time':
      return { ok: true, ackMs: ack.ackMs };
    case 'too_late':
      return failed('app_did_not_respond', 'The app did not answer within three seconds.');
    case 'not_reachable':
      return failed('app_not_reachable', `The app cannot be reached: ${ack.failure}.`);
    case 'with_error':
      return failed('app_answered_with_an_error', `The app answered with HTTP ${ack.status}.`);
  }
}

export const findPerson = ({ workspace }: Slack, id: string): Person | Failed =>
  workspace.people.get(id) ?? badRequest(`There is no person ${id}.`);

/** People act only where they are. */
export function findTheirChannel(
  { workspace }: Slack,
  person: Person,
  id: string,
): Channel | Failed {
  const channel = workspace.channels.get(id);
  const isThere = channel?.members.includes(person.id);
  return channel && isThere ? channel : badRequest(`${person.id} is not in channel ${id}.`);
}

export const hasFailed = (found: object): found is Failed => 'ok' in found && found.ok === false;
