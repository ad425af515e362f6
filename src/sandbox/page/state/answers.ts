/** What a person is told when the app did not take what they did. */
import type { ActError } from '#sandbox/protocol.ts';

export type Failure = { readonly error: ActError | 'sandbox_gone'; readonly detail: string };

const WORDS: Readonly<Record<Failure['error'], string>> = {
  app_not_reachable: 'Signalman could not be reached. It may be restarting; try again in a moment.',
  app_did_not_respond: 'Signalman did not respond within three seconds. It may still have acted.',
  app_answered_with_an_error: 'Signalman answered with an error.',
  unknown_command: 'There is no such command. Type / to see those there are.',
  app_sent_something_invalid: 'Signalman sent something that Slack does not accept.',
  bad_request: 'That is not possible here any more.',
  sandbox_gone: 'The sandbox does not answer. Is it still running?',
};

export function wordFailure({ error, detail }: Failure): string {
  return detail ? `${WORDS[error]} (${detail})` : WORDS[error];
}
