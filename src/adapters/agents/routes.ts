import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scope } from '#adapters/agents/agent-token.ts';
import type { Caller } from '#adapters/agents/gate.ts';
import type { Answer } from '#adapters/http/answer.ts';

/** One request on its way to an answer. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What follows the route's path: a key or a name, decoded. */
  readonly rest: string;
  readonly query: string;
  /** Valid UTF-8, and no longer than the route allows. */
  readonly body: Buffer;
};

/** Who speaks decides how an error looks: the protocols have their own forms. */
export type Door = 'ofrep' | 'unleash' | 'v1' | 'operators';

export type Route = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly door: Door;
  /** Does the path go on with a key or a name? */
  readonly open?: true;
  readonly bodyBytesMax?: number;
} & (
  | {
      readonly scope: Scope;
      readonly answer: (exchange: Exchange, caller: Caller) => Answer | Promise<Answer>;
    }
  /** Everybody may ask, or the answer itself sees to who may. Undefined: it answered by itself. */
  | { readonly answer: (exchange: Exchange) => Answer | undefined | Promise<Answer> }
);

export type Found =
  | { readonly is: 'route'; readonly route: Route; readonly rest: string }
  | { readonly is: 'other_method'; readonly allow: string; readonly door: Door }
  | { readonly is: 'nothing' };

/** Exact paths first, then those that go on; a handful, so looking through them costs nothing. */
export function createFinder(routes: readonly Route[]) {
  const exact = new Map<string, readonly Route[]>(
    Map.groupBy(
      routes.filter(({ open }) => !open),
      ({ path }) => path,
    ),
  );
  const open = routes.filter((route) => route.open);

  return (method: string, path: string): Found => {
    const wanted = method === 'HEAD' ? 'GET' : method;
    const isHere = (one: Route) => path.startsWith(one.path);
    const near = exact.get(path) ?? open;
    const route = near.find((one) => one.method === wanted && isHere(one));
    if (route) return { is: 'route', route, rest: path.slice(route.path.length) };
    const candidates = near.filter(isHere);
    const [first] = candidates;
    if (!first) return { is: 'nothing' };
    const allow = candidates.map((one) => one.method).join(', ');
    return { is: 'other_method', allow, door: first.door };
  };
}
