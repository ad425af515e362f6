import type { App, ViewClosedAction } from '@slack/bolt';
import type { HomeView, ModalView } from '@slack/types';
import { describe, expect, test } from 'vitest';

import {
  boltOverHttp,
  client,
  manifestOfTheRepository,
  movableTime,
} from '#test/support/stand-in.ts';

const plain = (text: string) => ({ type: 'plain_text', text }) as const;
const button = (text: string, action_id: string) =>
  ({ type: 'button', text: plain(text), action_id }) as const;

const START: ModalView = {
  type: 'modal',
  callback_id: 'start',
  private_metadata: 'kept',
  title: plain('Start a release'),
  submit: plain('Propose'),
  close: plain('Cancel'),
  blocks: [
    {
      type: 'input',
      block_id: 'service',
      label: plain('Service'),
      element: {
        type: 'static_select',
        action_id: 'service',
        options: [
          { text: plain('support-agent'), value: 'support-agent' },
          { text: plain('sales-agent'), value: 'sales-agent' },
        ],
      },
    },
    {
      type: 'input',
      block_id: 'version',
      label: plain('Version'),
      element: { type: 'plain_text_input', action_id: 'version', max_length: 20 },
    },
    {
      type: 'input',
      block_id: 'note',
      optional: true,
      label: plain('Note'),
      element: { type: 'plain_text_input', action_id: 'note', initial_value: 'weekly' },
    },
    { type: 'actions', block_id: 'more', elements: [button('Preview', 'preview')] },
  ],
};

const titled = (title: string): ModalView => ({ type: 'modal', title: plain(title), blocks: [] });

/** An app whose command opens the start modal, and whatever else a test listens to. */
const starting = (listen: (app: App) => void = () => {}, wanted = {}) =>
  boltOverHttp((app) => {
    app.command('/rollout', async ({ ack, command, client }) => {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: START });
    });
    listen(app);
  }, wanted);

describe('a trigger', () => {
  async function triggered() {
    const time = movableTime();
    const triggers: string[] = [];
    const { slack } = await boltOverHttp((app) => {
      app.command('/rollout', async ({ ack, command }) => {
        triggers.push(command.trigger_id);
        await ack();
      });
    }, time);
    await slack.person('U0ANA').types('/rollout start');
    const open = async (trigger_id = triggers[0] ?? '', view = START) => {
      const web = client(slack);
      const answer = await web.views.open({ trigger_id, view }).catch((error) => error.data);
      return answer.ok ? 'ok' : answer.error;
    };
    return { slack, open, time };
  }

  test('opens one modal and no second', async () => {
    const { open } = await triggered();
    expect([await open(), await open()]).toEqual(['ok', 'exchanged_trigger_id']);
  });

  test('is good for three seconds', async () => {
    const { open, time } = await triggered();
    time.pass(3_001);
    expect(await open()).toBe('expired_trigger_id');
  });

  test('cannot be made up', async () => {
    const { open } = await triggered();
    expect(await open('123.456.abc')).toBe('invalid_trigger_id');
  });

  test('is not spent on a view that is refused', async () => {
    const { open, time } = await triggered();
    expect(await open(undefined, { ...START, title: plain('x'.repeat(25)) })).toBe(
      'invalid_arguments',
    );
    time.pass(3_000);
    expect(await open()).toBe('ok');
  });
});

describe('a modal', () => {
  test('is filled in, corrected and submitted', async () => {
    const submitted: unknown[] = [];
    const { slack } = await starting((app) => {
      app.view('start', async ({ ack, view, body }) => {
        submitted.push(view.state.values, view.private_metadata, body.user.id);
        const version = view.state.values['version']?.['version']?.value;
        if (version === '2.4')
          await ack({ response_action: 'errors', errors: { version: 'Say 2.4.0.' } });
        else await ack();
      });
    });
    const ana = slack.person('U0ANA');
    await ana.types('/rollout start');
    const modal = await ana.modal(/Start/);
    expect(await ana.submits(modal, { Service: 'support-agent' })).toEqual({
      ok: false,
      error: 'not_valid',
      errors: { version: 'Please complete this required field.' },
    });
    expect(submitted).toEqual([]);
    const filled = { Service: 'support-agent', Version: '2.4' };
    expect(await ana.submits(modal, filled)).toMatchObject({ errors: { version: 'Say 2.4.0.' } });
    expect(ana.view().modals).toHaveLength(1);
    expect(await ana.submits(modal, { ...filled, Version: '2.4.0' })).toMatchObject({ ok: true });
    expect(ana.view().modals).toEqual([]);
    expect(submitted.slice(-3)).toEqual([
      {
        service: {
          service: {
            type: 'static_select',
            selected_option: { text: plain('support-agent'), value: 'support-agent' },
          },
        },
        version: { version: { type: 'plain_text_input', value: '2.4.0' } },
        note: { note: { type: 'plain_text_input', value: 'weekly' } },
      },
      'kept',
      'U0ANA',
    ]);
  });

  test('tells too long an entry by itself', async () => {
    const { slack } = await starting();
    const ana = slack.person('U0ANA');
    await ana.types('/rollout start');
    const filled = { Service: 'sales-agent', Version: 'x'.repeat(21) };
    expect(await ana.submits(await ana.modal(), filled)).toMatchObject({
      errors: { version: 'Enter at most 20 characters.' },
    });
  });

  test('is seen by the person who opened it, and nobody else may submit it', async () => {
    const { slack } = await starting();
    const [ana, bo] = [slack.person('U0ANA'), slack.person('U0BO')];
    await ana.types('/rollout start');
    const modal = await ana.modal();
    expect(bo.view().modals).toEqual([]);
    expect(await bo.submits(modal)).toMatchObject({ ok: false, error: 'bad_request' });
    const pressed = await bo.presses('Preview', modal);
    expect(pressed.ack).toMatchObject({ ok: false, error: 'bad_request' });
  });

  test('stays open with an explanation when the app answers nonsense', async () => {
    const { slack } = await starting((app) => {
      app.view('start', ({ ack }) =>
        ack({ response_action: 'errors', errors: { nowhere: 'a block that is not there' } }),
      );
    });
    const ana = slack.person('U0ANA');
    await ana.types('/rollout start');
    const modal = await ana.modal();
    const answer = await ana.submits(modal, { Service: 'sales-agent', Version: '1' });
    expect(answer).toMatchObject({ ok: false, error: 'app_sent_something_invalid' });
    expect(ana.view().modals).toHaveLength(1);
  });

  test('is updated while its hash holds', async () => {
    const { slack } = await starting((app) => {
      app.action('preview', ({ ack }) => ack());
    });
    const ana = slack.person('U0ANA');
    await ana.types('/rollout start');
    const { id: view_id, hash } = await ana.modal();
    const web = client(slack);
    await web.views.update({ view_id, hash, view: titled('Loaded') });
    expect((await ana.modal(/Loaded/)).id).toBe(view_id);
    const stale = web.views.update({ view_id, hash, view: titled('Stale') });
    await expect(stale).rejects.toThrow('hash_conflict');
    await ana.closes(await ana.modal());
    const gone = web.views.update({ view_id, view: titled('Gone') });
    await expect(gone).rejects.toThrow('not_found');
  });

  test('reports what stands in its inputs with each press inside it', async () => {
    const seen: unknown[] = [];
    const { slack } = await starting((app) => {
      app.action('preview', async ({ ack, body }) => {
        if ('view' in body) seen.push(body.view?.state.values['note'], body.view?.callback_id);
        await ack();
      });
    });
    const ana = slack.person('U0ANA');
    await ana.types('/rollout start');
    await ana.presses('Preview', await ana.modal());
    expect(seen).toEqual([{ note: { type: 'plain_text_input', value: 'weekly' } }, 'start']);
  });

  test('stacks three deep', async () => {
    const { slack } = await starting((app) => {
      app.action('preview', async ({ ack, body, client }) => {
        await ack();
        if (!('trigger_id' in body)) return;
        const view = { ...START, title: plain('Deeper') };
        await client.views.push({ trigger_id: body.trigger_id, view }).catch((error) => {
          errors.push(error.data.error);
        });
      });
    });
    const errors: string[] = [];
    const ana = slack.person('U0ANA');
    await ana.types('/rollout start');
    for (let depth = 1; depth < 4; depth += 1) {
      await expect.poll(() => ana.view().modals.length).toBe(depth);
      await ana.presses('Preview', await ana.modal());
    }
    await expect.poll(() => errors).toEqual(['push_limit_reached']);
    expect(ana.view().modals).toHaveLength(3);
  });

  test('is replaced, pushed or cleared by the answer to its submission', async () => {
    const answers = [
      { response_action: 'update', view: { ...START, title: plain('Second') } },
      { response_action: 'push', view: { ...START, title: plain('Third') } },
      { response_action: 'clear' },
    ] as const;
    let next = 0;
    const { slack } = await starting((app) => {
      app.view('start', async ({ ack }) => {
        const answer = answers[next];
        next += 1;
        if (answer) await ack(answer);
      });
    });
    const ana = slack.person('U0ANA');
    const filled = { Service: 'sales-agent', Version: '1' };
    await ana.types('/rollout start');
    await ana.modal();
    const stacks: (string | undefined)[][] = [];
    for (const _ of answers) {
      await ana.submits(await ana.modal(), filled);
      stacks.push(ana.view().modals.map(({ title }) => title?.text));
    }
    expect(stacks).toEqual([['Second'], ['Second', 'Third'], []]);
  });

  test('tells the app of its closing only when that was asked for', async () => {
    const closed: unknown[] = [];
    const { slack } = await boltOverHttp((app) => {
      app.command('/rollout', async ({ ack, command, client }) => {
        await ack();
        const view = { ...START, notify_on_close: command.text === 'tell' };
        await client.views.open({ trigger_id: command.trigger_id, view });
      });
      app.view({ callback_id: 'start', type: 'view_closed' }, async ({ ack, body }) => {
        closed.push((body as ViewClosedAction).is_cleared);
        await ack();
      });
    });
    const ana = slack.person('U0ANA');
    await ana.types('/rollout');
    await ana.closes(await ana.modal());
    expect(closed).toEqual([]);
    await ana.types('/rollout tell');
    await ana.closes(await ana.modal(), { all: true });
    expect(closed).toEqual([true]);
  });

  test('has an external_id of its own', async () => {
    const { slack } = await starting();
    const web = client(slack);
    const ana = slack.person('U0ANA');
    await ana.types('/rollout start');
    const { id } = await ana.modal();
    await web.views.update({ view_id: id, view: { ...START, external_id: 'the-one' } });
    await web.views.update({ external_id: 'the-one', view: { ...START, external_id: 'the-one' } });
    const bo = slack.person('U0BO');
    await bo.types('/rollout start');
    const other = await bo.modal();
    const twice = web.views.update({
      view_id: other.id,
      view: { ...START, external_id: 'the-one' },
    });
    await expect(twice).rejects.toThrow('duplicate_external_id');
  });
});

describe('the Home tab', () => {
  const HOME: HomeView = { type: 'home', blocks: [{ type: 'divider' }] };

  test('opens with an event and is published for one person', async () => {
    const { slack } = await boltOverHttp((app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        await client.views.publish({ user_id: event.user, view: HOME });
      });
    });
    const ana = slack.person('U0ANA');
    await ana.opensHome();
    expect((await ana.home()).blocks).toMatchObject([{ type: 'divider' }]);
    expect(slack.person('U0BO').view().home).toBeUndefined();
    const web = client(slack);
    const stale = web.views.publish({ user_id: 'U0ANA', hash: 'another', view: HOME });
    await expect(stale).rejects.toThrow('hash_conflict');
  });

  test('is switched on in the manifest', async () => {
    const manifest = { ...manifestOfTheRepository(), homeTab: false };
    const { slack } = await boltOverHttp(() => {}, { manifest });
    const published = client(slack).views.publish({ user_id: 'U0ANA', view: HOME });
    await expect(published).rejects.toThrow('not_enabled');
  });
});

describe('shortcuts and menus', () => {
  test('reach the app as their kind, with the message they were used on', async () => {
    const used: unknown[] = [];
    const { slack, app } = await boltOverHttp((bolt) => {
      bolt.shortcut('start_release', async ({ ack, shortcut }) => {
        used.push(shortcut.type, shortcut.callback_id);
        await ack();
      });
      bolt.shortcut('use_as_reason', async ({ ack, shortcut }) => {
        used.push(shortcut.type, 'message' in shortcut && shortcut.message['text']);
        await ack();
      });
    });
    await app.client.chat.postMessage({ channel: 'agent-ops', text: 'errors rise' });
    const bo = slack.person('U0BO');
    await bo.uses('start_release');
    await bo.uses('use_as_reason', await bo.sees(/errors/));
    expect(used).toEqual(['shortcut', 'start_release', 'message_action', 'errors rise']);
    const unknown = await bo.uses('invented');
    expect(unknown.ack).toMatchObject({ ok: false, error: 'bad_request' });
  });

  test('choose among what is offered, in messages too', async () => {
    const chosen: unknown[] = [];
    const { slack, app } = await boltOverHttp((bolt) => {
      bolt.action(/^(pick|more)$/, async ({ ack, action }) => {
        if ('selected_option' in action) chosen.push(action.selected_option);
        await ack();
      });
      bolt.options('ask', ({ ack, payload }) =>
        ack({ options: [{ text: plain(`about ${payload.value}`), value: 'a' }] }),
      );
    });
    const options = [
      { text: plain('One'), value: '1' },
      { text: plain('Two'), value: '2' },
    ];
    await app.client.chat.postMessage({
      channel: 'agent-ops',
      text: 'choose',
      blocks: [
        {
          type: 'actions',
          elements: [
            { type: 'static_select', action_id: 'pick', options, placeholder: plain('Pick one') },
            { type: 'overflow', action_id: 'more', options },
            { type: 'external_select', action_id: 'ask' },
          ],
        },
      ],
    });
    const ana = slack.person('U0ANA');
    const message = await ana.sees(/Pick one/);
    await ana.chooses('Two', { menu: 'Pick one', on: message });
    await ana.chooses('One', { menu: 'more', on: message });
    expect(chosen).toEqual([options[1], options[0]]);
    await expect(ana.chooses('Three', { menu: 'pick', on: message })).rejects.toThrow('One, Two');
    expect(await ana.searches('x', { menu: 'ask', on: message })).toMatchObject({
      options: [{ text: plain('about x') }],
    });
  });
});
