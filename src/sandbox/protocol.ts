/**
 * What the sandbox's page and the stand-in for Slack say to each other.
 *
 * One server on SANDBOX_PORT, loopback only. Bodies and answers are JSON. Who looks or acts is
 * named by `as`, a user ID; there is no log-in, since switching people is what the page is for.
 *
 *   GET  /                          the page
 *   GET  /page/<path>               its files; TypeScript arrives stripped, as text/javascript
 *   GET  /vendor/preact.js          preact, preact/hooks and htm, from an allow-list:
 *        /vendor/preact-hooks.js, /vendor/htm.js
 *   GET  /sandbox/state?as=<user>   PageState: all that this person may see now
 *   GET  /sandbox/events?as=<user>  server-sent events of type `change`, each data one PageChange,
 *                                   each id its `seq`. Changes after `Last-Event-ID`, or after
 *                                   `?after=<seq>` from a PageState, are replayed; when they are
 *                                   no longer kept, the one change `start_over` asks to fetch the
 *                                   state again.
 *   POST /sandbox/say               Say      → SayAnswer
 *   POST /sandbox/command           Command  → ActAnswer
 *   POST /sandbox/click             Click    → ActAnswer   (buttons, overflow, in messages, modals, Home)
 *   POST /sandbox/select            Select   → ActAnswer   (every other element that dispatches by itself)
 *   POST /sandbox/options           Options  → OptionsAnswer (external selects)
 *   POST /sandbox/submit            Submit   → SubmitAnswer (a modal's submit button)
 *   POST /sandbox/close             Close    → ActAnswer   (a modal's close button or Escape)
 *   POST /sandbox/shortcut          Shortcut → ActAnswer   (global, or on a message)
 *   POST /sandbox/home              Home     → ActAnswer   (the person opens the app's Home tab)
 *   GET  /sandbox/faults            Fault[]
 *   POST /sandbox/faults            { faults: Fault[] } replaces the list
 *   GET  /sandbox/log               TrafficLog: API calls and deliveries, for tests and the curious
 *   GET  /sandbox/demo, …           the demo service, see demo-protocol.ts
 *
 * An act answers when the app has acknowledged or three seconds are over. What it brought about
 * (messages, ephemeral answers, modals) arrives as changes, never in the answer. A request that
 * could not come from the page (an unknown person, a button that is not there) is 400 with
 * { ok: false, error: 'bad_request', detail }.
 */

/** A block as Slack keeps it: as the app sent it, with a `block_id` filled in where it had none. */
export type ShownBlock = { readonly type: string; readonly block_id: string } & {
  readonly [field: string]: unknown;
};

export type PersonKind = 'member' | 'guest' | 'bot' | 'stranger';

export type ShownPerson = {
  readonly id: string;
  /** The handle, as in `@ana`. */
  readonly name: string;
  readonly realName: string;
  /** What the sandbox says beside the name, such as “operator” or “on call, no role”. */
  readonly title: string;
  readonly kind: PersonKind;
  /** Whether the page offers to act as this person. */
  readonly playable: boolean;
};

export type ShownGroup = {
  readonly id: string;
  readonly handle: string;
  readonly members: readonly string[];
};

export type ShownChannel = {
  readonly id: string;
  /** Without `#`. A direct conversation is named after the other party. */
  readonly name: string;
  readonly topic: string;
  readonly kind: 'channel' | 'private' | 'direct';
  readonly members: readonly string[];
};

export type ShownMessage = {
  readonly channel: string;
  /** Unique in its channel, and sortable as text. Ephemeral messages have one too. */
  readonly ts: string;
  /** Set on replies, and on the message they answer: the `ts` of the thread's first message. */
  readonly threadTs?: string;
  /** A reply that was also sent to the channel. */
  readonly broadcast: boolean;
  readonly by: string;
  readonly text: string;
  readonly blocks: readonly ShownBlock[];
  readonly postedAtMs: number;
  readonly editedAtMs?: number;
  /** “Only visible to you”. */
  readonly ephemeral: boolean;
  readonly replyCount: number;
  readonly replyUsers: readonly string[];
  readonly lastReplyTs?: string;
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly pinned: boolean;
};

export type ShownText = {
  readonly type: 'plain_text' | 'mrkdwn';
  readonly text: string;
  readonly emoji?: boolean;
};

export type ShownView = {
  readonly id: string;
  readonly type: 'modal' | 'home';
  /** Changes with each update; a page that kept input keeps it while block_id and action_id stay. */
  readonly hash: string;
  readonly callbackId: string;
  readonly title?: ShownText;
  readonly submit?: ShownText;
  readonly close?: ShownText;
  /** The submit button sleeps until something was entered. */
  readonly submitDisabled: boolean;
  readonly blocks: readonly ShownBlock[];
};

export type SlashCommandHint = {
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
};

export type ShortcutHint = {
  readonly callbackId: string;
  readonly name: string;
  readonly description: string;
  readonly type: 'global' | 'message';
};

export type PageState = {
  /** The newest change this state includes; ask for events after it. */
  readonly seq: number;
  readonly nowMs: number;
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: {
    readonly id: string;
    readonly name: string;
    readonly botUserId: string;
    readonly homeTab: boolean;
  };
  readonly me: ShownPerson;
  readonly people: readonly ShownPerson[];
  readonly groups: readonly ShownGroup[];
  readonly channels: readonly ShownChannel[];
  /** Oldest first, thread replies and this person's ephemeral messages included. */
  readonly messages: readonly ShownMessage[];
  /** This person's open modals, the one on top last; at most three. */
  readonly modals: readonly ShownView[];
  readonly home?: ShownView;
  readonly commands: readonly SlashCommandHint[];
  readonly shortcuts: readonly ShortcutHint[];
};

export type PageChange = { readonly seq: number } & (
  | { readonly what: 'message_posted' | 'message_changed'; readonly message: ShownMessage }
  | { readonly what: 'message_deleted'; readonly channel: string; readonly ts: string }
  /** The whole stack, top last, after each opening, update and closing. */
  | { readonly what: 'modals_changed'; readonly modals: readonly ShownView[] }
  | { readonly what: 'home_changed'; readonly home: ShownView }
  | { readonly what: 'channel_changed'; readonly channel: ShownChannel }
  | { readonly what: 'start_over' }
);

/** Where an element stands: in a message (an ephemeral one too), or in a modal or Home. */
export type Place = { readonly channel: string; readonly ts: string } | { readonly viewId: string };

type Option = {
  readonly text: ShownText;
  readonly value: string;
  readonly description?: ShownText;
};

/** What a person put into one element, in the shape Slack sends it; null or [] when empty. */
export type ElementState =
  | {
      readonly type: 'plain_text_input' | 'email_text_input' | 'number_input' | 'url_text_input';
      readonly value: string | null;
    }
  | {
      readonly type: 'static_select' | 'external_select' | 'radio_buttons' | 'overflow';
      readonly selected_option: Option | null;
    }
  | {
      readonly type: 'multi_static_select' | 'multi_external_select' | 'checkboxes';
      readonly selected_options: readonly Option[];
    }
  | { readonly type: 'users_select'; readonly selected_user: string | null }
  | { readonly type: 'multi_users_select'; readonly selected_users: readonly string[] }
  | { readonly type: 'conversations_select'; readonly selected_conversation: string | null }
  | {
      readonly type: 'multi_conversations_select';
      readonly selected_conversations: readonly string[];
    }
  | { readonly type: 'channels_select'; readonly selected_channel: string | null }
  | { readonly type: 'multi_channels_select'; readonly selected_channels: readonly string[] }
  | { readonly type: 'datepicker'; readonly selected_date: string | null }
  | { readonly type: 'timepicker'; readonly selected_time: string | null }
  | { readonly type: 'datetimepicker'; readonly selected_date_time: number | null };

/** By block_id, then by action_id. */
export type ViewValues = {
  readonly [blockId: string]: { readonly [actionId: string]: ElementState };
};

export type Say = {
  readonly as: string;
  readonly channel: string;
  readonly text: string;
  readonly threadTs?: string;
};
export type Command = { readonly as: string; readonly channel: string; readonly text: string };
export type Click = {
  readonly as: string;
  readonly in: Place;
  readonly blockId: string;
  readonly actionId: string;
  /** For an overflow menu: the value of the chosen option. */
  readonly option?: string;
  /** In a view: what stands in its inputs at the moment of the click. */
  readonly values?: ViewValues;
};
export type Select = {
  readonly as: string;
  readonly in: Place;
  readonly blockId: string;
  readonly actionId: string;
  readonly chosen: ElementState;
  readonly values?: ViewValues;
};
export type Options = {
  readonly as: string;
  readonly in: Place;
  readonly blockId: string;
  readonly actionId: string;
  readonly typed: string;
};
export type Submit = { readonly as: string; readonly viewId: string; readonly values: ViewValues };
export type Close = {
  readonly as: string;
  readonly viewId: string;
  /** True when the person closes the whole stack. */
  readonly all?: boolean;
};
export type Shortcut = {
  readonly as: string;
  readonly callbackId: string;
  /** Only for a shortcut on a message. */
  readonly message?: { readonly channel: string; readonly ts: string };
};
export type Home = { readonly as: string };

/** Why the app's acknowledgement did not count; the page words it as Slack would. */
export type ActError =
  | 'app_not_reachable'
  | 'app_did_not_respond'
  | 'app_answered_with_an_error'
  | 'unknown_command'
  | 'app_sent_something_invalid'
  | 'bad_request';

export type ActAnswer =
  | { readonly ok: true; readonly ackMs?: number }
  | { readonly ok: false; readonly error: ActError; readonly detail: string };

export type SayAnswer =
  | { readonly ok: true; readonly ts: string }
  | { readonly ok: false; readonly error: 'bad_request'; readonly detail: string };

export type OptionsAnswer =
  | { readonly ok: true; readonly options: readonly Option[] }
  | { readonly ok: false; readonly error: ActError; readonly detail: string };

/** `errors` are by block_id, from the app or from the modal's own rules (required, lengths). */
export type SubmitAnswer =
  | { readonly ok: true; readonly ackMs?: number }
  | {
      readonly ok: false;
      readonly error: 'not_valid';
      readonly errors: { readonly [blockId: string]: string };
    }
  | { readonly ok: false; readonly error: ActError; readonly detail: string };

/** A fault hits calls of `method` (`*`: every method), `times` times or until it is taken away. */
export type Fault = {
  readonly method: string;
  readonly times?: number;
  readonly channel?: string;
} & (
  | { readonly fault: 'error'; readonly error: string }
  | { readonly fault: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly fault: 'delay'; readonly delayMs: number }
  /** Does what was asked, then cuts the connection: the caller cannot know. */
  | { readonly fault: 'drop_after_accepting' }
  /** Cuts the connection before anything happens. */
  | { readonly fault: 'drop' }
  /** Answers ok, and does nothing. */
  | { readonly fault: 'forget' }
);

export type ApiCall = {
  readonly atMs: number;
  readonly method: string;
  /** The arguments as Slack reads them, without the token. */
  readonly args: { readonly [name: string]: unknown };
  readonly status: number;
  readonly ok: boolean;
  readonly error?: string;
};

export type Delivery = {
  readonly id: number;
  readonly atMs: number;
  readonly kind: 'command' | 'interactivity' | 'event' | 'options' | 'url_verification';
  readonly via: 'http' | 'socket';
  /** The command, the action_ids, the callback_id or the event type, to read the log by. */
  readonly about: string;
  readonly by?: string;
  readonly retry?: { readonly number: number; readonly reason: string };
  readonly status?: number;
  readonly ackMs?: number;
  readonly acknowledgedInTime: boolean;
  readonly answer?: unknown;
  readonly failure?: string;
};

export type TrafficLog = {
  readonly calls: readonly ApiCall[];
  readonly deliveries: readonly Delivery[];
};
