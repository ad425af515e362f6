/** Where blocks stand and what acting in them does: a message, a modal or the Home tab. */
import type { ConfirmationDialog } from '@slack/types';
import { createContext } from 'preact';
import { useContext, useMemo, useState } from 'preact/hooks';
import type {
  ActAnswer,
  ElementState,
  OptionsAnswer,
  Place,
  ViewValues,
} from '#sandbox/protocol.ts';
import { type Failure, wordFailure } from '../state/answers.ts';
import { fetchOptions, sendClick, sendSelect } from '../state/connection.ts';

/** What stands in the inputs. Elements enter themselves when they appear and leave with it. */
export type Form = {
  readonly find: (blockId: string, actionId: string) => ElementState | undefined;
  readonly put: (blockId: string, actionId: string, state: ElementState) => void;
  readonly drop: (blockId: string, actionId: string) => void;
  readonly values: () => ViewValues;
};

export type Surface = {
  readonly as: string;
  readonly in: Place;
  readonly form: Form;
  /** By block_id, what the app or the modal's own rules found wrong. */
  readonly errors: Readonly<Record<string, string>>;
  readonly tell: (failure: string | undefined) => void;
};

/** What surrounds an element and tells it how to behave. */
export type Setting = {
  readonly blockId: string;
  /** What it is about, for those who do not see what stands beside it. */
  readonly label?: string;
  readonly inputId?: string;
  readonly describedBy?: string;
  readonly invalid?: boolean;
  /** In an input block that does not dispatch, a change is only kept until the submit. */
  readonly quiet?: boolean;
};

export function createForm(): Form {
  const values: Record<string, Record<string, ElementState>> = {};
  return {
    find: (blockId, actionId) => values[blockId]?.[actionId],
    put: (blockId, actionId, state) => {
      values[blockId] = { ...values[blockId], [actionId]: state };
    },
    drop: (blockId, actionId) => {
      delete values[blockId]?.[actionId];
      if (Object.keys(values[blockId] ?? {}).length === 0) delete values[blockId];
    },
    values: () => structuredClone(values),
  };
}

export const SurfaceContext = createContext<Surface>({
  as: '',
  in: { viewId: '' },
  form: createForm(),
  errors: {},
  tell: () => {},
});

/** Asks “are you sure?” in a dialog of its own. */
export const Ask = createContext<(confirm: ConfirmationDialog) => Promise<boolean>>(
  async () => true,
);

export type Source = { readonly blockId: string; readonly actionId: string };

export function useActing({ blockId, actionId }: Source, confirm?: ConfirmationDialog) {
  const surface = useContext(SurfaceContext);
  const ask = useContext(Ask);
  const [busy, setBusy] = useState(false);

  const send = async (request: () => Promise<ActAnswer | (Failure & { ok: false })>) => {
    if (confirm && !(await ask(confirm))) return false;
    setBusy(true);
    surface.tell(undefined);
    const answer = await request();
    setBusy(false);
    if (!answer.ok) surface.tell(wordFailure(answer));
    return answer.ok;
  };
  const origin = () => ({
    as: surface.as,
    in: surface.in,
    blockId,
    actionId,
    ...('viewId' in surface.in ? { values: surface.form.values() } : {}),
  });
  return {
    busy,
    click: (option?: string) => {
      return send(() => sendClick({ ...origin(), ...(option === undefined ? {} : { option }) }));
    },
    select: (chosen: ElementState) => send(() => sendSelect({ ...origin(), chosen })),
    options: async (typed: string): Promise<Extract<OptionsAnswer, { ok: true }>['options']> => {
      const { as, in: place } = surface;
      const answer = await fetchOptions({ as, in: place, blockId, actionId, typed });
      if (answer.ok) return answer.options;
      surface.tell(wordFailure(answer));
      return [];
    },
  };
}

/** A surface of a message: it remembers its own failure and its own inputs. */
export function useMessageSurface(as: string, channel: string, ts: string) {
  const [failure, setFailure] = useState<string>();
  const surface = useMemo<Surface>(
    () => ({ as, in: { channel, ts }, form: createForm(), errors: {}, tell: setFailure }),
    [as, channel, ts],
  );
  return { surface, failure };
}
