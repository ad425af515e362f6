/** The form behind `/rollout` without words. */
import type { ModalView } from '@slack/types';
import { VIEWS } from '#adapters/slack/action-ids.ts';
import { enteredIn, type SentView } from '#adapters/slack/inbound/deliveries.ts';
import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { choiceInput, form, textInput, words } from '#adapters/slack/inbound/modals/inputs.ts';
import { serviceInput } from '#adapters/slack/inbound/modals/service-input.ts';
import { serviceNames } from '#adapters/slack/inbound/names.ts';
import {
  approvalWords,
  planLines,
  previewLines,
  startWarningWords,
} from '#adapters/slack/inbound/proposal-words.ts';
import { sectionsOf } from '#adapters/slack/inbound/reply.ts';
import { fromPerson } from '#adapters/words/escape.ts';
import { refusalWords } from '#adapters/words/refusal-words.ts';
import { CLOCK, trusted } from '#domain/actor.ts';
import { decideService } from '#domain/decide-service.ts';
import { type Plan, STRATEGIES } from '#domain/plan.ts';
import type { Service } from '#domain/service.ts';
import { planFor } from '#domain/settings.ts';
import { previewOf, startWarnings } from '#operations/start-release.ts';

const VERSION_CHARACTERS_MAX = 63;
const NOTE_CHARACTERS_MAX = 500;

type StartDeps = Pick<AnswerDeps, 'settings' | 'queries' | 'clock'>;
type Entered = { readonly service: string; readonly version: string; readonly strategy: string };

export const startEntered = (view: SentView): Entered => ({
  service: enteredIn(view, 'service').toLowerCase(),
  version: enteredIn(view, 'version'),
  strategy: enteredIn(view, 'strategy'),
});

/** Opened without a look at what was measured: a trigger lives for three seconds only. */
export const startModal = (deps: StartDeps): ModalView =>
  drawn(deps, [
    'Choose a service to see what a release of it takes: its steps, how long they last, and the worst that can happen.',
  ]);

/** Drawn anew for what was entered so far; Slack keeps what stands in the fields. */
export const startModalFor = (deps: StartDeps, entered: Entered): ModalView =>
  entered.service === '' ? startModal(deps) : drawn(deps, expected(deps, entered));

/** With a single service there is nothing to choose, and what it takes can be shown at once. */
export function startModalFilled(deps: StartDeps): ModalView | undefined {
  const [service, ...others] = serviceNames(deps);
  if (service === undefined || others.length > 0) return undefined;
  return startModalFor(deps, { service, version: '', strategy: '' });
}

function drawn(deps: StartDeps, lines: readonly string[]): ModalView {
  return form({
    callback: VIEWS.start,
    title: 'Start a release',
    submit: 'Propose',
    blocks: [
      serviceInput({ label: 'Service', names: serviceNames(deps), redraws: true }),
      textInput({
        id: 'version',
        label: 'New version',
        placeholder: '2.4.0',
        hint: 'Press Enter to see whether it can be released now.',
        lengthMax: VERSION_CHARACTERS_MAX,
        redraws: true,
      }),
      choiceInput({
        id: 'strategy',
        label: 'Strategy',
        placeholder: 'The service’s own',
        choices: STRATEGIES,
        optional: true,
        redraws: true,
      }),
      textInput({
        id: 'note',
        label: 'What is new in it?',
        lengthMax: NOTE_CHARACTERS_MAX,
        multiline: true,
        optional: true,
      }),
      ...sectionsOf(lines.join('\n')).map(words),
    ],
  });
}

function expected(deps: StartDeps, entered: Entered): readonly string[] {
  const known = deps.settings().services.get(entered.service);
  const service = deps.queries.service(entered.service);
  if (!known || !service)
    return [
      refusalWords({
        code: 'unknown_service',
        service: entered.service,
        known: serviceNames(deps),
      }),
    ];
  const plan = planFor(
    known,
    STRATEGIES.find((one) => one === entered.strategy),
  );
  const refused = whyNotNow(deps, service, entered.version, plan);
  if (refused !== undefined) return [`:warning: *${refused}*`];
  const { preview } = previewOf(deps, entered.service, plan);
  const version = entered.version === '' ? 'a new version' : fromPerson(entered.version);
  return [
    `*${fromPerson(entered.service)}: ${fromPerson(service.stable ?? 'none yet')} → ${version}*, ${plan.strategy}`,
    ...warned(deps, entered, plan),
    ...(preview ? previewLines(plan, preview) : planLines(plan)),
    approvalWords(plan),
  ];
}

/** Why it would be refused if it were proposed now; who asks is not asked yet. */
function whyNotNow(deps: StartDeps, service: Service, version: string, plan: Plan) {
  const by = trusted(CLOCK);
  const candidate = version || UNNAMED;
  const decided = decideService(
    service,
    { to: 'start', by, candidate, plan, digest: '', note: '' },
    deps.clock(),
  );
  return decided.ok ? undefined : refusalWords(decided.refusal);
}

/** No version is called so, hence it is neither stable nor locked. */
const UNNAMED = 'new';

function warned(deps: StartDeps, { service, version }: Entered, plan: Plan): readonly string[] {
  if (version === '') return [];
  return startWarnings(deps, { service, version }, plan).map(
    (warning) => `:warning: ${startWarningWords(warning)}`,
  );
}
