import fc from 'fast-check';
import { expect, test } from 'vitest';

import { asText } from '#sandbox/slack/as-text.ts';
import { checkBlocks } from '#sandbox/slack/blocks/check-blocks.ts';
import { checkView } from '#sandbox/slack/blocks/check-view.ts';
import { SECRETS, standIn } from '#test/support/stand-in.ts';

const TYPES = [
  ...['section', 'header', 'divider', 'context', 'actions', 'input', 'image', 'rich_text'],
  ...['table', 'data_table', 'data_visualization', 'container', 'carousel', 'card', 'alert'],
  ...['plain_text', 'mrkdwn', 'button', 'static_select', 'overflow', 'checkboxes', 'raw_text'],
  ...['plain_text_input', 'rich_text_section', 'line', 'pie', 'toString', '__proto__'],
];
const FIELDS = [
  ...['text', 'fields', 'accessory', 'elements', 'element', 'label', 'rows', 'chart', 'series'],
  ...['data', 'options', 'option_groups', 'initial_option', 'confirm', 'title', 'child_blocks'],
  ...['block_id', 'action_id', 'value', 'blocks', 'submit', 'axis_config', 'categories'],
];

/** Nearly blocks: the right words in places where they may or may not belong. */
const { almostBlock } = fc.letrec((tie) => ({
  almostBlock: fc
    .record({
      type: fc.constantFrom(...TYPES),
      rest: fc.dictionary(fc.constantFrom(...FIELDS), tie('anything'), { maxKeys: 4 }),
    })
    .map(({ type, rest }) => ({ ...rest, type })),
  anything: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('', 'words', null, 0, -1, true),
    tie('almostBlock'),
    fc.array(tie('anything'), { maxLength: 3 }),
  ),
}));
const blocksAndJunk = fc.array(fc.oneof(almostBlock, fc.jsonValue()), { maxLength: 4 });

test('blocks of any shape are judged, with pointers to what is there or ought to be', () => {
  fc.assert(
    fc.property(blocksAndJunk, (blocks) => {
      for (const surface of ['message', 'modal', 'home'] as const) {
        for (const { pointer, message } of checkBlocks(blocks, surface)) {
          expect(pointer).toMatch(/^\/blocks/);
          expect(message).not.toBe('');
        }
      }
      checkView({ type: 'modal', blocks }, 'modal');
    }),
    { numRuns: 1_000 },
  );
});

test('blocks of any shape can be read as text', () => {
  const objects = fc.array(almostBlock as fc.Arbitrary<object>, { maxLength: 4 });
  fc.assert(
    fc.property(objects, (blocks) => {
      expect(typeof asText({ text: '', blocks })).toBe('string');
    }),
    { numRuns: 1_000 },
  );
});

const METHODS = [
  ...['chat.postMessage', 'chat.update', 'chat.postEphemeral', 'chat.delete', 'chat.getPermalink'],
  ...['conversations.list', 'conversations.info', 'conversations.history', 'conversations.replies'],
  ...['conversations.open', 'users.info', 'users.list', 'usergroups.list', 'usergroups.users.list'],
  ...['views.open', 'views.push', 'views.update', 'views.publish', 'reactions.add', 'pins.add'],
  ...['blocks.validate', 'auth.test', 'constructor'],
];
const ARGUMENTS = ['channel', 'user', 'user_id', 'users', 'ts', 'text', 'blocks', 'view', 'cursor'];
const anyArgument = fc.oneof(
  fc.constantFrom('C0AGENTOPS', 'U0ANA', '[]', '{}', '{', '[null]', 'null', '1.000001'),
  fc.string({ maxLength: 8 }),
  blocksAndJunk.map((blocks) => JSON.stringify(blocks)),
);

test('every call gets an answer in order, whatever it says', async () => {
  const { apiUrl } = await standIn({ rateLimits: 'off' });
  const anyCall = fc.tuple(
    fc.constantFrom(...METHODS),
    fc.dictionary(fc.constantFrom(...ARGUMENTS), anyArgument),
  );
  await fc.assert(
    fc.asyncProperty(anyCall, async ([method, args]) => {
      const response = await fetch(apiUrl + method, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Bearer ${SECRETS.botToken}`,
        },
        body: new URLSearchParams(args).toString(),
      });
      const answer = (await response.json()) as { ok: boolean; error?: string };
      expect(response.status).toBe(200);
      expect(answer.ok || answer.error).toBeTruthy();
    }),
    { numRuns: 400 },
  );
});
