/** A Bolt app of a few lines that proposes, approves and asks, for tests of the page. */
import type { App } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });

export function listenToCards(app: App): void {
  app.command('/rollout', async ({ command, ack, client }) => {
    const [word, service = '', version = ''] = command.text.split(' ');
    if (word === 'start' && version) {
      const card = proposal(service, version, command.user_id);
      await client.chat.postMessage({ channel: command.channel_id, ...card });
      return ack();
    }
    if (word === 'start') {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: START });
      return;
    }
    return ack({ text: `I do not know “${command.text}”. Try */rollout start*.` });
  });
  app.action('approve', async ({ ack, body, client, respond }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.message || !body.channel) return;
    const [, by = ''] = /asked by (\S+)/.exec(String(body.message['text'])) ?? [];
    if (by === body.user.id) {
      const text = 'You asked for it, so somebody else has to approve.';
      await respond({ response_type: 'ephemeral', replace_original: false, text });
      return;
    }
    const done = { channel: body.channel.id, ts: body.message['ts'], ...serving(body.user.id) };
    await client.chat.update(done);
    const { id: channel } = body.channel;
    await client.chat.postMessage({ channel, thread_ts: done.ts, text: 'Step 1 entered: *1 %*.' });
  });
  app.action('rollback', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.message || !body.channel) return;
    const text = 'Rolled back to 2.3.3';
    const blocks: KnownBlock[] = [{ type: 'section', text: mrkdwn(`*${text}*`) }];
    await client.chat.update({ channel: body.channel.id, ts: body.message['ts'], text, blocks });
  });
  app.view('start', async ({ ack, view, client, body }) => {
    const typed = view.state.values['version']?.['typed']?.value ?? '';
    if (!/^\d+\.\d+\.\d+$/.test(typed)) {
      const words = `${typed} is not a version. Write three numbers, such as 2.4.0.`;
      return ack({ response_action: 'errors', errors: { version: words } });
    }
    const service = view.state.values['service']?.['chosen']?.selected_option?.value ?? '';
    await client.chat.postMessage({
      channel: 'C0AGENTOPS',
      ...proposal(service, typed, body.user.id),
    });
    return ack();
  });
}

function proposal(service: string, version: string, by: string) {
  const blocks: KnownBlock[] = [
    { type: 'header', text: plain(`${service}: 2.3.3 → ${version}`) },
    { type: 'section', text: mrkdwn(`asked by <@${by}>, waits for <!subteam^S0APPROVERS>`) },
    {
      type: 'actions',
      elements: [
        { type: 'button', action_id: 'approve', style: 'primary', text: plain('Approve') },
        { type: 'button', action_id: 'decline', text: plain('Decline') },
      ],
    },
  ];
  return { text: `${service} ${version}, asked by ${by}`, blocks };
}

function serving(by: string) {
  const blocks: KnownBlock[] = [
    { type: 'section', text: mrkdwn(`▰▱▱▱ *1 %*, approved by <@${by}>`) },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'rollback',
          style: 'danger',
          text: plain('Roll back'),
          confirm: {
            title: plain('Roll back support-agent?'),
            text: mrkdwn('All traffic returns to *2.3.3* at once.'),
            confirm: plain('Roll back to 2.3.3'),
            deny: plain('Keep 2.4.0'),
            style: 'danger',
          },
        },
      ],
    },
  ];
  return { text: 'serving 1 %', blocks };
}

const option = (value: string) => ({ text: plain(value), value });

const START: ModalView = {
  type: 'modal',
  callback_id: 'start',
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
        action_id: 'chosen',
        placeholder: plain('Choose a service'),
        options: ['support-agent', 'billing-agent'].map(option),
      },
    },
    {
      type: 'input',
      block_id: 'version',
      label: plain('Version'),
      hint: plain('Three numbers'),
      element: { type: 'plain_text_input', action_id: 'typed' },
    },
  ],
};
