import { escapeMrkdwn } from '#adapters/words/escape.ts';
import { type Actor, CONFIGURATION } from '#domain/actor.ts';

/** Who it was, in mrkdwn: a person is named by Slack, in each reader's own way. */
export function actorWords({ kind, id }: Actor): string {
  switch (kind) {
    case 'user':
      return `<@${id.replaceAll(/[^A-Za-z0-9]/g, '')}>`;
    case 'policy':
      return 'the policy';
    case 'clock':
      return 'the clock';
    case 'token':
      return `the token “${escapeMrkdwn(id)}”`;
    case 'cli':
      return id === CONFIGURATION.id
        ? 'the configuration'
        : `${escapeMrkdwn(id)} at the command line`;
    case 'git':
      return `${escapeMrkdwn(id)} in git`;
  }
}
