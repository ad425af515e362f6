/** The demo service: what it does now, and how to change it. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { BotAct, DemoSettings, DemoState } from '#sandbox/demo-protocol.ts';

export type Demo = {
  /** Undefined until the first answer, null when this sandbox has no demo service. */
  readonly state: DemoState | null | undefined;
  readonly change: (settings: DemoSettings) => void;
  readonly actOnBot: (act: BotAct) => void;
};

export function useDemo(): Demo {
  const [state, setState] = useState<DemoState | null>();
  const underWay = useRef(0);

  useEffect(() => {
    let source: EventSource | undefined;
    let closed = false;
    const start = async () => {
      const response = await fetch('/sandbox/demo').catch(() => undefined);
      if (closed || !response) return;
      if (!response.ok) {
        setState(null);
        return;
      }
      setState(await response.json());
      source = new EventSource('/sandbox/demo/events');
      source.addEventListener('demo', (event: MessageEvent<string>) => {
        // What was said before a change would put back the control that somebody has just moved.
        if (underWay.current === 0) setState(JSON.parse(event.data));
      });
    };
    start();
    return () => {
      closed = true;
      source?.close();
    };
  }, []);

  const post = useCallback(async (path: string, body: DemoSettings | BotAct) => {
    underWay.current += 1;
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    underWay.current -= 1;
    if (response?.ok) setState(await response.json());
  }, []);
  return {
    state,
    change: useCallback((settings) => post('/sandbox/demo', settings), [post]),
    actOnBot: useCallback((act) => post('/sandbox/demo/bot', act), [post]),
  };
}
