import { parse } from 'yaml';
import { z } from 'zod';

const slashCommand = z.object({
  command: z.string().regex(/^\/\S{1,31}$/),
  description: z.string(),
  usage_hint: z.string().default(''),
});
const shortcut = z.object({
  name: z.string().max(24),
  callback_id: z.string(),
  description: z.string(),
  type: z.enum(['global', 'message']),
});
const switchedOn = z.object({ is_enabled: z.boolean() });

/** Only what decides how Slack treats the app; whether the manifest is well formed is a test's job. */
const file = z.object({
  display_information: z.object({ name: z.string().max(35) }),
  features: z.object({
    app_home: z.object({ home_tab_enabled: z.boolean().default(false) }).optional(),
    bot_user: z.object({ display_name: z.string() }),
    slash_commands: z.array(slashCommand).default([]),
    shortcuts: z.array(shortcut).default([]),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).optional(),
    interactivity: switchedOn.optional(),
    socket_mode_enabled: z.boolean().default(false),
  }),
});

export type Manifest = {
  readonly name: string;
  readonly botName: string;
  readonly commands: readonly z.infer<typeof slashCommand>[];
  readonly shortcuts: readonly z.infer<typeof shortcut>[];
  readonly scopes: readonly string[];
  readonly events: readonly string[];
  readonly homeTab: boolean;
  readonly interactivity: boolean;
  readonly socketMode: boolean;
};

export function readManifest(yaml: string): Manifest {
  const { display_information, features, oauth_config, settings } = file.parse(parse(yaml));
  return {
    name: display_information.name,
    botName: features.bot_user.display_name,
    commands: features.slash_commands,
    shortcuts: features.shortcuts,
    scopes: oauth_config.scopes.bot,
    events: settings.event_subscriptions?.bot_events ?? [],
    homeTab: features.app_home?.home_tab_enabled ?? false,
    interactivity: settings.interactivity?.is_enabled ?? false,
    socketMode: settings.socket_mode_enabled,
  };
}
