/**
 * Nobody gets an approval, or anything else, that is not theirs: every kind of person in every place,
 * with every command in every state, by a button of any age, and each delivered again.
 */

import { yes } from '#domain/result.ts';
import type { Service, ServiceIntent } from '#domain/service.ts';
import { registerVersion } from '#operations/register-version.ts';
import { steerService } from '#operations/steer-service.ts';
import { openMemoryStore } from '#test/simulation/memory-store/memory-store.ts';
import { ana } from '#test/support/builders.ts';
import { AT, codeOf, tryReleaseCells } from '#test/support/permissions/release-cells.ts';
import { trySmallCells } from '#test/support/permissions/small-cells.ts';
import type { Row } from '#test/torture/row.ts';

const CELLS_MIN = 5_000;

export async function run(): Promise<Row> {
  const releases = await tryReleaseCells(tryAgain);
  const small = await trySmallCells();
  const wrong = [...releases.wrong, ...small.wrong];
  for (const one of wrong.slice(0, 10)) console.log(`  ${one}`);
  const cells = releases.count + small.count;
  const figure =
    `${cells} cells of actor, role, place, command, state and age, ${releases.count} of them ` +
    `delivered again: ${wrong.length} not as the rules say`;
  return { name: 'approvals', figure, ok: wrong.length === 0 && cells >= CELLS_MIN };
}

/** The same delivery to a store is answered as before, carried out once, and recorded once. */
async function tryAgain(service: Service, intent: ServiceIntent, code: string): Promise<string> {
  const { store, entries } = openMemoryStore();
  const { name } = service;
  await store.change({ kind: 'service', name }, () => yes({ next: service, owes: [] }), { at: AT });
  const deps = { store, clock: () => AT, serviceNames: () => [name] };
  const authors = service.authors?.map(({ id }) => id) ?? [];
  const build = { service: name, version: '2.4.0', authors, components: [] };
  await registerVersion(deps, { ...build, by: ana });
  const deliver = () => steerService(deps, { service: name, intent, inboxKey: 'a delivery' });
  const first = codeOf(await deliver());
  const recorded = entries();
  const second = await deliver();
  if (first !== code) return `${first} by the store, not ${code}`;
  if (codeOf(second) !== first) return `${codeOf(second)} when delivered again, not ${first}`;
  if (second.ok && !second.value.repeated) return 'carried out twice';
  return entries() === recorded ? '' : 'recorded twice';
}
