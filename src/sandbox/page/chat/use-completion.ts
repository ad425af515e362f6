/** The keyboard side of slash commands: which line is meant, and what a key does with it. */
import { useId, useRef, useState } from 'preact/hooks';
import type { SlashCommandHint } from '#sandbox/protocol.ts';
import { type Completion, findCompletions } from './slash-completion.ts';

type CompletionDeps = {
  readonly text: string;
  readonly commands: readonly SlashCommandHint[];
  readonly type: (text: string) => void;
  readonly input: { readonly current: HTMLTextAreaElement | null };
};

export function useCompletion({ text, commands, type, input }: CompletionDeps) {
  const listId = useId();
  const [chosenAt, setAt] = useState(0);
  const [dismissed, setDismissed] = useState('');
  const history = useRef<string[]>([]);
  const found = dismissed === text ? [] : findCompletions(text, commands);
  const at = Math.min(chosenAt, Math.max(0, found.length - 1));

  const take = ({ insert }: Completion) => {
    type(insert);
    setAt(0);
    input.current?.focus();
  };
  const recallLast = () => {
    const last = history.current.at(-1);
    if (text !== '' || !last) return false;
    type(last);
    setDismissed(last);
    return true;
  };
  /** Whether the key was for the list. */
  const handle = (key: string): boolean => {
    if (found.length === 0) return key === 'ArrowUp' && recallLast();
    const line = found[at];
    if (key === 'ArrowDown') setAt((at + 1) % found.length);
    else if (key === 'ArrowUp') setAt((at - 1 + found.length) % found.length);
    else if (key === 'Escape') setDismissed(text);
    else if ((key === 'Tab' || key === 'Enter') && line && adds(line, text)) take(line);
    else return false;
    return true;
  };
  return {
    listId,
    optionId: (index: number) => `${listId}-${index}`,
    isOpen: found.length > 0,
    found,
    at,
    setAt,
    take,
    onKeyDown: (event: KeyboardEvent) => {
      const isOurs = !event.shiftKey && handle(event.key);
      if (isOurs) event.preventDefault();
      return isOurs;
    },
    close: () => setDismissed(text),
    remember: (line: string) => {
      history.current = [...history.current.slice(-49), line];
    },
  };
}

/** A line that is typed already is sent, not taken once more. */
function adds({ insert }: Completion, text: string): boolean {
  return insert.trim() !== text.trim() && insert.length > text.length;
}
