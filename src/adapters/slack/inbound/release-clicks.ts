/** What the buttons on cards and alerts mean. A value that this bot did not write means nothing. */
import { ACTIONS, type ActionId } from '#adapters/slack/action-ids.ts';
import { type ButtonValue, readButtonValue, readUpToValue } from '#adapters/slack/button-value.ts';
import type { SteerWish } from '#adapters/slack/inbound/steer.ts';
import type { Queries } from '#store/queries.ts';

export type Steering = { readonly service: string; readonly wish: SteerWish };

type Meaning = (value: ButtonValue) => SteerWish | undefined;

const MEANINGS: { readonly [Action in ActionId]?: Meaning } = {
  [ACTIONS.approve]: ({ release, step, digest }) =>
    step === undefined || digest === undefined
      ? undefined
      : { to: 'approve', release, step, digest },
  [ACTIONS.promote]: ({ release }) => ({ to: 'promote', release }),
  [ACTIONS.pause]: ({ release }) => ({ to: 'pause', release, reason: PRESSED }),
  [ACTIONS.resume]: ({ release }) => ({ to: 'resume', release, reason: PRESSED }),
  [ACTIONS.rollback]: ({ release }) => ({ to: 'rollback', release, reason: PRESSED }),
  [ACTIONS.abort]: ({ release }) => ({ to: 'abort', release, reason: PRESSED }),
  [ACTIONS.acknowledge]: ({ release }) => ({ to: 'acknowledge', release }),
};

const PRESSED = 'by the button in Slack';

export const isReleaseAction = (action: string): action is ActionId =>
  action === ACTIONS.approveUpTo || Object.hasOwn(MEANINGS, action);

export function readSteering(
  queries: Queries,
  action: ActionId,
  value: string,
): Steering | undefined {
  if (action === ACTIONS.approveUpTo) return approvalUpTo(queries, value);
  const read = readButtonValue(value);
  const wish = read && MEANINGS[action]?.(read);
  return read && wish && { service: read.service, wish };
}

/** An option has room for the beginning of the digest only; the rest is that of the same release. */
function approvalUpTo(queries: Queries, value: string): Steering | undefined {
  const read = readUpToValue(value);
  const facts = read && queries.release(read.release)?.facts;
  if (!facts || !read.digestStart || !facts.digest.startsWith(read.digestStart)) return undefined;
  const { release, step, upToStep } = read;
  return {
    service: facts.service,
    wish: { to: 'approve', release, step, upToStep, digest: facts.digest },
  };
}
