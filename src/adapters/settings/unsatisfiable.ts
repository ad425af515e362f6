// Rules that nobody can satisfy: they look like control and are a wall.

import type { SettingsWarning } from '#adapters/settings/settings-warnings.ts';
import { type Identities, nameOf, otherNamesOf } from '#domain/identity.ts';
import type { ServiceSettings, Settings } from '#domain/settings.ts';

/** Groups may hold anybody, so only people who are named can be too few. */
export function unsatisfiableIn(settings: Settings): readonly SettingsWarning[] {
  return [...settings.services.values()].flatMap((service) => [
    ...ofPeople(service, settings.identities),
    ...ofAsking(service),
  ]);
}

function ofPeople(service: ServiceSettings, identities: Identities): readonly SettingsWarning[] {
  const { name, people, plan } = service;
  const { operators, approvers } = people;
  const found = (message: string) => [{ key: ['services', name, 'people'], message }];
  if (operators.length === 0)
    return found('names no operator here or at the top, so nobody can start a release');
  const needsApproval = !plan.unattendedFull || plan.steps.some(({ approval }) => approval);
  if (!needsApproval) return [];
  if (approvers.length === 0)
    return found('names no approver here or at the top, so no release gets past its proposal');
  const all = [...operators, ...approvers];
  const persons = new Set(all.map((id) => personOf(identities, id)));
  const [only] = all;
  if (persons.size > 1 || only?.startsWith('S')) return [];
  return found(
    `has ${only} as its only operator and approver, and nobody may approve what they asked for`,
  );
}

/** One name for all that a person is known by. */
function personOf(identities: Identities, id: string): string {
  const actor = { kind: 'user', id } as const;
  const [first = id] = [nameOf(actor), ...otherNamesOf(identities, actor)].sort();
  return first;
}

function ofAsking({ name, plan }: ServiceSettings): readonly SettingsWarning[] {
  const { mode, askTimeoutMs } = plan.rollback;
  if (mode !== 'ask' || askTimeoutMs > 0) return [];
  const message = 'asks people and gives them no time to answer; lengthen it, or choose mode: auto';
  return [{ key: ['services', name, 'rollback', 'ask_timeout'], message }];
}
