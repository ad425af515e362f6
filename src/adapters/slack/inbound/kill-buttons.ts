import type { Button } from '@slack/types';
import { ACTIONS } from '#adapters/slack/action-ids.ts';
import { writeValue } from '#adapters/slack/button-value.ts';
import { button } from '#adapters/slack/views/buttons.ts';

/** The click itself is the confirmation, so there is no dialog on top of it. */
export const killButton = (killswitch: string, reason: string): Button =>
  button({
    label: 'Stop everything',
    action: ACTIONS.killConfirm,
    about: `Switch on ${killswitch}, which stops every action of every service`,
    style: 'danger',
    value: writeValue({ killswitch, reason }),
  });

export const killMeantButton = (killswitch: string, reason: string): Button =>
  button({
    label: `Kill ${killswitch}`,
    action: ACTIONS.killConfirm,
    about: `Switch on the kill switch ${killswitch} instead`,
    style: 'danger',
    value: writeValue({ killswitch, reason }),
  });
