/**
 * What took how long, for whoever collects traces. Until somebody does, work is only called. A span
 * says what was done to which service, flag or switch; never who did it, and nothing that was typed.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';
import type { ChangeStore } from '#store/port.ts';

export type Attributes = Readonly<Record<string, string | number>>;

/** Runs work as a part of whatever runs around it. */
export type InSpan = <Outcome>(
  name: string,
  attributes: Attributes,
  work: () => Promise<Outcome>,
) => Promise<Outcome>;

export type StartSpan = (name: string, attributes: Attributes, around: Span | undefined) => Span;

export type Spans = ReturnType<typeof createSpans>;

const ERROR = 2;

export function createSpans() {
  const current = new AsyncLocalStorage<Span>();
  let start: StartSpan | undefined;
  const inSpan: InSpan = async (name, attributes, work) => {
    if (!start) return await work();
    const span = start(name, attributes, current.getStore());
    try {
      return await current.run(span, work);
    } catch (error) {
      // Its message may hold anything, so its kind has to do.
      span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
      span.setStatus({ code: ERROR });
      throw error;
    } finally {
      span.end();
    }
  };
  return {
    inSpan,
    /** Says more of what is being done now. */
    note: (attributes: Attributes) => void current.getStore()?.setAttributes(attributes),
    collectWith: (begin: StartSpan) => {
      start = begin;
    },
  };
}

/** Each change is a span; what became of it is told by its commit, or by the refusal. */
export function traceChanges(store: ChangeStore, spans: Spans): ChangeStore {
  store.onCommit(({ audit }) => {
    if (!audit) return;
    const { action, outcome, actor } = audit;
    spans.note({
      'signalman.action': action,
      'signalman.outcome': outcome,
      'signalman.actor.kind': actor.kind,
    });
  });
  return {
    ...store,
    change: (aggregate, decide, request) =>
      spans.inSpan(
        `change ${aggregate.kind}`,
        { 'signalman.kind': aggregate.kind, 'signalman.name': aggregate.name },
        async () => {
          const outcome = await store.change(aggregate, decide, request);
          if (!outcome.ok) spans.note({ 'signalman.refusal': outcome.refusal.code });
          return outcome;
        },
      ),
  };
}
