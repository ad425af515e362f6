/** What the process that is to die and the one that watches it tell each other, over one pipe. */
import type { Outgoing, SlackClient } from '#adapters/slack/outbound/slack-client.ts';

/** What somebody asks; each is delivered with its key as often as a trial wants. */
export type Wish =
  | { readonly ask: 'rollback' }
  | { readonly ask: 'start'; readonly candidate: string }
  | { readonly ask: 'flag'; readonly flag: string }
  | { readonly ask: 'kill'; readonly name: string };
export type Asked = { readonly house: number; readonly key: string; readonly wish: Wish };

export type Posted = Pick<Outgoing, 'channel' | 'threadTs' | 'effect'>;
type Method = keyof SlackClient;
export type Call = { readonly house: number; readonly method: Method; readonly words: unknown };

export type ToMortal =
  | ({ readonly is: 'asked' } & Asked)
  | { readonly is: 'answered'; readonly call: number; readonly answer: unknown };
export type ToWatcher =
  | { readonly is: 'ready' }
  | ({ readonly is: 'acknowledged' } & Pick<Asked, 'house' | 'key'>)
  | ({ readonly is: 'called'; readonly call: number } & Call);
