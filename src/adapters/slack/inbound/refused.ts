import type { AnswerDeps } from '#adapters/slack/inbound/deps.ts';
import { ephemeral, type Reply } from '#adapters/slack/inbound/reply.ts';
import { peopleInWords } from '#adapters/slack/views/people-words.ts';
import { refusalWords } from '#adapters/words/refusal-words.ts';
import type { Role } from '#domain/permission.ts';
import type { Refusal } from '#domain/refusal.ts';
import type { People } from '#domain/settings.ts';

type Deps = Pick<AnswerDeps, 'settings'>;

/** Why not, and who could: whoever is refused for lack of a role is told whom to ask. */
export function refusedWords(deps: Deps, refusal: Refusal, service?: string): string {
  const who = whoCould(deps, refusal, service);
  return who === undefined ? refusalWords(refusal) : `${refusalWords(refusal)} ${who}`;
}

export const refused = (deps: Deps, refusal: Refusal, service?: string): Reply =>
  ephemeral(refusedWords(deps, refusal, service));

function whoCould({ settings }: Deps, refusal: Refusal, service: string | undefined) {
  const role = roleLacked(refusal);
  if (role === undefined) return undefined;
  const all = settings();
  const people =
    (service === undefined ? undefined : all.services.get(service)?.people) ?? all.people;
  const { title, ids } = WHO[role](people);
  const names = peopleInWords(ids);
  return names === undefined ? `${title}: nobody is named yet.` : `${title}: ${names}.`;
}

const WHO: Readonly<Record<Role, (people: People) => { title: string; ids: readonly string[] }>> = {
  operator: ({ operators }) => ({ title: 'Operators', ids: operators }),
  approver: ({ approvers }) => ({ title: 'Approvers', ids: approvers }),
  reviewer: ({ operators, approvers }) => ({
    title: 'Operators and approvers',
    ids: [...new Set([...operators, ...approvers])],
  }),
};

function roleLacked(refusal: Refusal): Role | undefined {
  if (refusal.code === 'role_needed') return refusal.needed;
  if (refusal.code === 'needs_another_reviewer') return 'reviewer';
  return refusal.code === 'needs_second_person' ? 'approver' : undefined;
}
