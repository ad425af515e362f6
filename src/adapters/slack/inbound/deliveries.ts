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
  channel_id: z.string().default(''),
  channel_name: z.string().default(''),
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

/** What stands in one field of a form. Each kind of field keeps it under a name of its own. */
const Entered = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.looseObject({ value: z.string() }).nullish(),
  selected_user: z.string().nullish(),
  selected_date: z.string().nullish(),
});

const View = z.looseObject({
  id: z.string(),
  type: z.string().default('modal'),
  callback_id: z.string(),
  private_metadata: z.string().default(''),
  state: z
    .looseObject({ values: z.record(z.string(), z.record(z.string(), Entered)) })
    .default({ values: {} }),
});
export type SentView = z.infer<typeof View>;

export const Click = z.looseObject({
  ...common,
  type: z.literal('block_actions'),
  trigger_id: z.string().default(''),
  response_url: z.string().optional(),
  channel: z.looseObject({ name: z.string().default('') }).nullish(),
  container: z.looseObject({
    channel_id: z.string().default(''),
    message_ts: z.string().default(''),
    view_id: z.string().default(''),
  }),
  /** Only when it was pressed in a form or in the Home tab. */
  view: View.optional(),
  actions: z.tuple([Action], Action),
});
export type Click = z.infer<typeof Click>;

export const Submission = z.looseObject({
  ...common,
  type: z.literal('view_submission'),
  view: View,
});
export type Submission = z.infer<typeof Submission>;

const Closed = z.looseObject({
  ...common,
  type: z.literal('view_closed'),
  view: z.looseObject({ callback_id: z.string() }),
});
export const Shortcut = z.looseObject({
  ...common,
  type: z.enum(['shortcut', 'message_action']),
  callback_id: z.string(),
  trigger_id: z.string().default(''),
  response_url: z.string().optional(),
  team: z.looseObject({ id: z.string(), domain: z.string().optional() }).nullish(),
  channel: z.looseObject({ id: z.string() }).optional(),
  message: z
    .looseObject({
      ts: z.string(),
      thread_ts: z.string().optional(),
      text: z.string().default(''),
    })
    .optional(),
});
export type Shortcut = z.infer<typeof Shortcut>;

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

export const HomeOpened = z.looseObject({
  team_id: z.string().default(''),
  event: z.looseObject({
    user: z.string().min(1),
    tab: z.string().default('home'),
    view: z.looseObject({ private_metadata: z.string().default('') }).optional(),
  }),
});

/** What was typed or chosen in a form, by the id of its block; empty when nothing was. */
export function enteredIn({ state }: Pick<SentView, 'state'>, blockId: string): string {
  const [field] = Object.values(state.values[blockId] ?? {});
  const { selected_option, selected_user, selected_date, value } = field ?? {};
  return selected_option?.value ?? selected_user ?? selected_date ?? value?.trim() ?? '';
}
