/**
 * Keeps the workspace in a file, so that the messages of yesterday are still there when the sandbox
 * starts again beside yesterday's database.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

import type { After } from '#sandbox/slack/delivery/deliver.ts';
import { listen } from '#sandbox/slack/feed.ts';
import { tsAsMs } from '#sandbox/slack/ids.ts';
import { messagesIn } from '#sandbox/slack/messages.ts';
import type { Channel, Message, View, Workspace } from '#sandbox/slack/workspace.ts';

const WRITE_AFTER_MS = 500;
/** A channel of weeks is read by nobody, and each start would wait for it. */
const MESSAGES_PER_CHANNEL_MAX = 2_000;

type Kept = {
  readonly channels: readonly Channel[];
  readonly messages: readonly Message[];
  readonly homes: readonly (readonly [userId: string, home: View])[];
};

/** We wrote the file ourselves, so only its outline is checked; anything else is not ours. */
const outline = z.object({
  channels: z.array(z.looseObject({ id: z.string(), members: z.array(z.string()) })),
  messages: z.array(z.looseObject({ channel: z.string(), ts: z.string() })),
  homes: z.array(z.tuple([z.string(), z.looseObject({ id: z.string() })])),
});

type File = { readonly path: string };

/** Returns how to stop; what has not been written yet is written then. */
export function keepWorkspace(
  workspace: Workspace,
  { path, after }: File & { readonly after: After },
): () => void {
  let callOff: (() => void) | undefined;
  const write = () => {
    callOff = undefined;
    writeWhole(path, JSON.stringify(asKept(workspace)));
  };
  const stopListening = listen(workspace.feed, () => {
    callOff ??= after(WRITE_AFTER_MS, write);
  });
  return () => {
    stopListening();
    if (!callOff) return;
    callOff();
    write();
  };
}

/** False when there is no file, or none of ours; the workspace then stays as it was seeded. */
export function restoreWorkspace(workspace: Workspace, { path }: File): boolean {
  const kept = read(path);
  if (!kept) return false;
  for (const channel of kept.channels) workspace.channels.set(channel.id, channel);
  for (const [userId, home] of kept.homes) workspace.homes.set(userId, home);
  for (const message of kept.messages) {
    messagesIn(workspace, message.channel).push(message);
    workspace.lastTsMicros = Math.max(workspace.lastTsMicros, (tsAsMs(message.ts) + 1) * 1_000);
  }
  return true;
}

/** Private answers do not last, in Slack neither. */
function asKept({ channels, messages, homes }: Workspace): Kept {
  const lasting = [...messages.values()].flatMap((all) =>
    all.filter(({ onlyFor }) => !onlyFor).slice(-MESSAGES_PER_CHANNEL_MAX),
  );
  return { channels: [...channels.values()], messages: lasting, homes: [...homes] };
}

/** Renamed into place: a crash leaves the old file or the new one, never half of one. */
function writeWhole(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch {
    // A full disk must not end the sandbox; the next change tries again.
  }
}

function read(path: string): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return outline.safeParse(kept).success ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}
