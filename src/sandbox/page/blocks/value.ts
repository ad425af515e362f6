/** One element's value: where it comes from, how it is kept, and when the app is told. */
import type { ConfirmationDialog } from '@slack/types';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { ElementState } from '#sandbox/protocol.ts';
import { type Setting, SurfaceContext, useActing } from './surface.ts';

type Valued = { readonly action_id?: string; readonly confirm?: ConfirmationDialog };

/** What was entered outlives an update of the view; only a new element begins at its initial. */
export function useValue<State extends ElementState>(
  element: Valued,
  setting: Setting,
  initial: State,
) {
  const { form } = useContext(SurfaceContext);
  const { blockId, quiet } = setting;
  const actionId = element.action_id ?? '';
  const acting = useActing({ blockId, actionId }, element.confirm);
  const kept = form.find(blockId, actionId);
  const [state, setState] = useState<State>(
    kept?.type === initial.type ? (kept as State) : initial,
  );

  useEffect(() => {
    form.put(blockId, actionId, state);
    return () => form.drop(blockId, actionId);
  }, [form, blockId, actionId, state]);

  const enter = (next: State) => {
    setState(next);
    form.put(blockId, actionId, next);
  };
  return {
    state,
    enter,
    acting,
    /** For elements whose every change is worth telling. */
    choose: async (next: State) => {
      const before = state;
      enter(next);
      if (!quiet && !(await acting.select(next))) enter(before);
    },
  };
}
