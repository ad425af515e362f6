/** What any agent, pipeline or operator can do over HTTP on the agents' port. */
type Json = { readonly [field: string]: unknown };

export function agentsDoor(url: string, token?: string) {
  const headers = {
    'content-type': 'application/json',
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const post = async (path: string, body: unknown) => {
    const signal = AbortSignal.timeout(5_000);
    const sent = { method: 'POST', headers, body: JSON.stringify(body), signal };
    const response = await fetch(`${url}${path}`, sent);
    return { status: response.status, body: (await response.json()) as Json };
  };
  const evaluate = async (key: string, targetingKey = 'user-1') =>
    (await post(`/ofrep/v1/evaluate/flags/${key}`, { context: { targetingKey } })).body;
  return {
    evaluate,
    valueOf: async (key: string, targetingKey?: string) =>
      (await evaluate(key, targetingKey))['value'],
    report: (logs: readonly object[]) => post('/v1/agent-logs', logs),
    kill: (name: string, wish: { active: boolean; reason: string }) =>
      post(`/v1/killswitches/${name}`, wish),
    propose: (release: object) => post('/v1/releases', release),
    ready: async () => (await (await fetch(`${url}/healthz/ready`)).json()) as Json,
    metrics: async () => await (await fetch(`${url}/metrics`, { headers })).text(),
    /** Holds the stream of changes open, as OpenFeature's clients do. */
    listen: () => listen(`${url}/ofrep/v1/stream`, headers),
  };
}

async function listen(url: string, headers: Record<string, string>) {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  let text = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk);
  })().catch(() => {});
  return {
    /** How often it was told to fetch anew. */
    told: () => text.match(/"refetchEvaluation"/g)?.length ?? 0,
    close: async () => {
      abort.abort();
      await reading;
    },
  };
}
