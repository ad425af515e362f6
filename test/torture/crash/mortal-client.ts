import * as real from '#adapters/slack/outbound/web-client.ts';
import { atNext } from '#test/torture/crash/points.ts';

export * from '#adapters/slack/outbound/web-client.ts';

export const createWebSlackClient: typeof real.createWebSlackClient = (deps) => {
  const client = real.createWebSlackClient(deps);
  return {
    ...client,
    post: (message) => atNext('while Slack is sent a message', client.post(message)),
    edit: (place, view) => atNext('while a card is edited', client.edit(place, view)),
  };
};
