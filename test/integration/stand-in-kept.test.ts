import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

import { keepWorkspace, restoreWorkspace } from '#sandbox/slack/kept-workspace.ts';
import { client, movableTime, standIn } from '#test/support/stand-in.ts';

const OPS = 'C0AGENTOPS';

function someFile() {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder: join(folder, 'data'), path: join(folder, 'data', 'workspace.json') };
}

describe('a workspace that is kept', () => {
  test('is there again after a restart, and its cards can still be edited', async () => {
    const file = someFile();
    const time = movableTime();
    const before = await standIn({ ...time, keepIn: file.path });
    const web = client(before);
    const metadata = { event_type: 'effect', event_payload: { effect_id: 'e-1' } };
    const { ts = '' } = await web.chat.postMessage({ channel: OPS, text: 'card', metadata });
    await web.chat.postMessage({ channel: OPS, text: 'reply', thread_ts: ts });
    await web.chat.postEphemeral({ channel: OPS, user: 'U0ANA', text: 'psst' });
    await web.chat.postMessage({ channel: 'U0CHIDI', text: 'page' });
    await before.close();

    const after = await standIn({ ...time, keepIn: file.path });
    const texts = (id: string) =>
      after
        .person(id)
        .view()
        .messages.map(({ text }) => text);
    expect(texts('U0ANA')).toEqual(['card', 'reply']);
    expect(texts('U0CHIDI')).toEqual(['card', 'reply', 'page']);
    await client(after).chat.update({ channel: OPS, ts, text: 'card, edited' });
    const [card] = after.channel('agent-ops').messages();
    expect(card).toMatchObject({ ts, text: 'card, edited', replyCount: 1 });
    const later = await client(after).chat.postMessage({ channel: OPS, text: 'later' });
    expect(after.person('U0BO').view().messages.at(-1)).toMatchObject({ ts: later.ts });
  });

  test('is written a moment after a change, not at each, and never half', async () => {
    const file = someFile();
    const time = movableTime();
    const slack = await standIn(time);
    const stop = keepWorkspace(slack.workspace, { ...file, ...time });
    for (const text of ['one', 'two', 'three']) slack.person('U0ANA').says(text);
    expect(existsSync(file.folder)).toBe(false);
    expect(time.dueInMs()).toEqual([500]);
    time.pass(500);
    expect(readdirSync(file.folder)).toEqual(['workspace.json']);
    const written = readFileSync(file.path, 'utf8');
    expect(JSON.parse(written).messages).toHaveLength(3);
    stop();
    expect(readFileSync(file.path, 'utf8')).toBe(written);
  });

  test('begins anew when the file is missing, torn or of something else', async () => {
    const { workspace } = await standIn();
    const file = someFile();
    expect(restoreWorkspace(workspace, file)).toBe(false);
    mkdirSync(file.folder);
    for (const text of ['', '{"messages": [', '{"messages": 1}', 'null']) {
      writeFileSync(file.path, text);
      expect(restoreWorkspace(workspace, file)).toBe(false);
    }
    expect([...workspace.messages.values()].flat()).toEqual([]);
  });
});
