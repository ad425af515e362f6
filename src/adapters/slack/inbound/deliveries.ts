/** What Slack delivers, as far as it is read here. Both ways in, HTTP and Socket Mode, use these. */
import { z } from 'zod';

const User = z.looseObject({ id: z.string().min(1), team_id: z.string().optional() });
const Team = z.looseObject({ id: z.string() }).nullish();
const common = { api_app_id: z.string().optional(), user: User, team: Team };

export const Command = z.looseObject({
  command: z.string().startsWith('/'),
  text: z.string().default(''),
  user_id: z.string().min(1),
  team_id: z.string().min(1),
  trigger_id: z.string().min(1),
  response_url: z.string().optional(),
  api_app_id: z.string().optional(),
});
export type Command = z.infer<typeof Command>;

const Action = z.looseObject({
  action_id: z.string(),
  action_ts: z.string().default(''),
  value: z.string().optional(),
  selected_option: z.looseObject({ value: z.string() }).nullish(),
});

export const Click = z.looseObject({
  ...common,
  type: z.literal('block_actions'),
  trigger_id: z.string().default(''),
  response_url: z.string().optional(),
  container: z.looseObject({
    channel_id: z.string().default(''),
    message_ts: z.string().default(''),
    view_id: z.string().default(''),
  }),
  actions: z.tuple([Action], Action),
});
export type Click = z.infer<typeof Click>;

const Typed = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.looseObject({ value: z.string() }).nullish(),
});

export const Submission = z.looseObject({
  ...common,
  type: z.literal('view_submission'),
  view: z.looseObject({
    id: z.string(),
    callback_id: z.string(),
    private_metadata: z.string().default(''),
    state: z.looseObject({ values: z.record(z.string(), z.record(z.string(), Typed)) }),
  }),
});
export type Submission = z.infer<typeof Submission>;

const Closed = z.looseObject({
  ...common,
  type: z.literal('view_closed'),
  view: z.looseObject({ callback_id: z.string() }),
});
const Shortcut = z.looseObject({
  ...common,
  type: z.enum(['shortcut', 'message_action']),
  callback_id: z.string(),
});
const Suggestion = z.looseObject({
  ...common,
  type: z.literal('block_suggestion'),
  action_id: z.string(),
});

/** What the form field `payload` may hold. */
export const Interaction = z.discriminatedUnion('type', [
  Click,
  Submission,
  Closed,
  Shortcut,
  Suggestion,
]);

/** What a JSON body may be. */
export const EventBody = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('url_verification'), challenge: z.string() }),
  z.looseObject({
    type: z.literal('event_callback'),
    event: z.looseObject({ type: z.string() }),
  }),
  z.looseObject({ type: z.literal('app_rate_limited') }),
]);

/** What was typed or chosen in a modal, by the id of its block; empty when nothing was. */
export function enteredIn({ view }: Submission, blockId: string): string {
  const [input] = Object.values(view.state.values[blockId] ?? {});
  return input?.selected_option?.value ?? input?.value?.trim() ?? '';
}
