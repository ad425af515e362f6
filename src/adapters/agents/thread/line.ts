/**
 * Two threads in conversation. Each hears what the other said in the order it was said, so an
 * answer also means that everything said before the question has arrived.
 */

/** What one side can be asked or told. */
type Side = { readonly [name: string]: (said: never) => unknown };

export type Line<Theirs extends Side> = {
  readonly tell: <Name extends keyof Theirs & string>(
    name: Name,
    ...said: Parameters<Theirs[Name]>
  ) => void;
  /** Waits for as long as it takes. What they throw is thrown here. */
  readonly ask: <Name extends keyof Theirs & string>(
    name: Name,
    ...said: Parameters<Theirs[Name]>
  ) => Promise<Awaited<ReturnType<Theirs[Name]>>>;
};

/** A port of `node:worker_threads`, or the worker itself. */
type Port = {
  readonly postMessage: (message: unknown) => void;
  readonly on: (event: 'message', listener: (message: Message) => void) => unknown;
};

type Message =
  | { readonly is: 'said'; readonly name: string; readonly said: unknown; readonly id?: number }
  | { readonly is: 'answered'; readonly id: number; readonly value: unknown }
  | { readonly is: 'failed'; readonly id: number; readonly failure: Failure };

/** What is cloned of an error leaves out all but its message and its stack. */
type Failure = { readonly error: Error; readonly details: object };

type Waiting = {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
};

export function openLine<Theirs extends Side>(port: Port, ours: Side): Line<Theirs> {
  const waiting = new Map<number, Waiting>();
  let asked = 0;

  port.on('message', (message) => {
    if (message.is === 'said') return void hear(port, ours, message);
    const question = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.is === 'answered') question?.resolve(message.value);
    else question?.reject(thrownThere(message.failure));
  });

  const say = (message: Message) => port.postMessage(message);
  return {
    tell: (name, said) => say({ is: 'said', name, said }),
    ask: (name, said) => {
      asked += 1;
      const { promise, resolve, reject } = Promise.withResolvers<never>();
      // What comes back is what their function of that name returns.
      waiting.set(asked, { resolve: (value) => resolve(value as never), reject });
      say({ is: 'said', name, said, id: asked });
      return promise;
    },
  };
}

async function hear(
  port: Port,
  ours: Side,
  { name, said, id }: Extract<Message, { is: 'said' }>,
): Promise<void> {
  // The type of what is said is the business of both ends, which share one list of what can be.
  const answer = ours[name] as ((said: unknown) => unknown) | undefined;
  if (id === undefined) return void answer?.(said);
  try {
    port.postMessage({ is: 'answered', id, value: await answer?.(said) });
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    port.postMessage({ is: 'failed', id, failure: { error, details: { ...error } } });
  }
}

const thrownThere = ({ error, details }: Failure) => Object.assign(error, details);
