// Says whether a query asks for counters as they are, series by series. A range, a rate or a bare
// sum() hides when a single process started again or left, and what it counted is lost or doubled.

import { hasVersionSlot } from '#adapters/metrics/prometheus-query.ts';
import { significant, type Token, tokenise } from '#adapters/metrics/prometheus-tokens.ts';
import type { PrometheusQueryName } from '#domain/plan.ts';

/** Words that open a list of labels, not of series. */
const LABEL_LISTS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const OTHER_WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'atan2', 'inf', 'nan']);
const AGGREGATIONS = new Set([
  ...['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar', 'quantile'],
  ...['topk', 'bottomk', 'count_values', 'limitk', 'limit_ratio'],
]);
/** Labels that tell the processes of one version apart. */
const PROCESS_LABELS = new Set([
  ...['instance', 'pod', 'pod_name', 'host', 'hostname', 'task', 'replica'],
  ...['exported_instance', 'exported_pod', 'service_instance_id'],
]);

/** What is wrong with a template that shall count one version, in words; undefined when it is fit. */
export function faultOfCounterQuery(name: PrometheusQueryName, template: string) {
  const fault = faultIn(name, template);
  return fault && `The query ${name} ${fault}.`;
}

function faultIn(name: PrometheusQueryName, template: string): string | undefined {
  const read = tokenise(template);
  if (!read.ok) return `cannot be read from “${read.refusal.unreadable}” on`;
  const tokens = significant(read.value);
  if (!hasVersionSlot(tokens)) return 'does not name "$version", so both versions would look alike';
  if (tokens.some(isSign('['))) {
    return 'has a range, but counters are wanted as they are, without rate() or increase()';
  }
  if (tokens.some(isSign('@')) || tokens.some(isWord('offset'))) {
    return 'moves its own time, but both versions are read at one moment';
  }
  if (selectorsIn(tokens).length === 0) return 'asks for no series';
  if (boundScaleOf(name, template) === undefined) {
    return 'must name its unit in its metric, as in …_seconds_bucket or …_milliseconds_bucket';
  }
  return tokens.map((_, at) => faultOfAggregation(tokens, at)).find((fault) => fault !== undefined);
}

/** What a histogram's bounds are multiplied with, so that latency is in ms; undefined if unknown. */
export function boundScaleOf(name: PrometheusQueryName, query: string): number | undefined {
  if (name !== 'latency_bucket') return 1;
  const units = selectorsOf(query).map((selector) => {
    const metric = selector.startsWith('{') ? selector : selector.replace(/\{.*/s, '');
    if (/_(?:milliseconds|ms)(?![a-zA-Z0-9])/.test(metric)) return 1;
    return /_seconds(?![a-zA-Z0-9])/.test(metric) ? 1_000 : undefined;
  });
  const [unit] = units;
  return units.every((one) => one === unit) ? unit : undefined;
}

/** The series a query reads, each as a selector of its own. */
export function selectorsOf(query: string): readonly string[] {
  const read = tokenise(query);
  return read.ok ? [...new Set(selectorsIn(significant(read.value)))] : [];
}

function selectorsIn(tokens: readonly Token[]): readonly string[] {
  const selectors: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const { kind, text } = tokens[at] ?? END;
    const word = text.toLowerCase();
    const next = tokens[at + 1] ?? END;
    if (kind === 'word' && LABEL_LISTS.has(word)) {
      if (next.text === '(') at = closing(tokens, at + 1);
    } else if (text === '[') {
      // The step of a subquery, as in [1h:5m], reads like the name of a recorded series.
      at = closing(tokens, at);
    } else if (text === '{' || (kind === 'word' && isMetric(word, next))) {
      const opens = text === '{' ? at : at + 1;
      const last = text === '{' || next.text === '{' ? closing(tokens, opens) : at;
      selectors.push(joined(tokens.slice(at, last + 1)));
      at = last;
    }
  }
  return selectors;
}

const isMetric = (word: string, next: Token) =>
  next.text !== '(' && !OTHER_WORDS.has(word) && !AGGREGATIONS.has(word);

function faultOfAggregation(tokens: readonly Token[], at: number): string | undefined {
  const { kind, text } = tokens[at] ?? END;
  const next = tokens[at + 1]?.text.toLowerCase() ?? '';
  const aggregation = text.toLowerCase();
  const applied = next === '(' || next === 'by' || next === 'without';
  if (kind !== 'word' || !AGGREGATIONS.has(aggregation) || !applied) return undefined;
  if (aggregation !== 'sum') return `uses ${aggregation}(), which is no counter`;

  const grouping = next === '(' ? closing(tokens, at + 1) + 1 : at + 1;
  const how = tokens[grouping]?.text.toLowerCase();
  const labels = tokens.slice(grouping + 1, closing(tokens, grouping + 1));
  const named = labels.some((label) => PROCESS_LABELS.has(label.text));
  if ((how === 'by' && named) || (how === 'without' && !named)) return undefined;
  return 'adds up processes, so that one that leaves looks like a restart of all: leave sum() out, or keep them apart, as in sum by (instance)';
}

/** The place of the bracket that closes the one at `opens`, or the last place. */
function closing(tokens: readonly Token[], opens: number): number {
  let depth = 0;
  for (let at = opens; at < tokens.length; at += 1) {
    const { text, kind } = tokens[at] ?? END;
    if (kind === 'sign' && '([{'.includes(text)) depth += 1;
    if (kind === 'sign' && ')]}'.includes(text)) depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length - 1;
}

const END: Token = { kind: 'space', text: '' };
const joined = (tokens: readonly Token[]) => tokens.map(({ text }) => text).join('');
const isSign = (sign: string) => (token: Token) => token.kind === 'sign' && token.text === sign;
const isWord = (word: string) => (token: Token) =>
  token.kind === 'word' && token.text.toLowerCase() === word;
