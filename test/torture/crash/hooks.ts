/** Preloaded into the process that is to die: puts the crash points in front of the real modules. */
import { registerHooks } from 'node:module';

/** The light entrance has Slack at the end of a pipe. */
const CLIENT = process.env['CRASH_LIGHTLY'] ? './pipe-client.ts' : './mortal-client.ts';

const IN_FRONT: Readonly<Record<string, string>> = {
  '#store/sqlite/store.ts': './mortal-store.ts',
  '#store/sqlite/outbox.ts': './mortal-outbox.ts',
  '#store/journal.ts': './mortal-journal.ts',
  '#adapters/slack/outbound/web-client.ts': CLIENT,
  '#adapters/traffic/pull.ts': './mortal-traffic.ts',
};

registerHooks({
  resolve: (specifier, context, next) => {
    const front = IN_FRONT[specifier];
    const isOwn = context.parentURL?.startsWith(new URL('.', import.meta.url).href) ?? false;
    return front === undefined || isOwn
      ? next(specifier, context)
      : next(new URL(front, import.meta.url).href, context);
  },
});
