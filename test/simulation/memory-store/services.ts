import { isLive, type Release } from '#domain/release.ts';
import type { Service } from '#domain/service.ts';
import type { Aggregate } from '#store/port.ts';
import type { Disk } from '#test/simulation/memory-store/disk.ts';

/** A service with what is live in it, put together as decisions need it. */
export function loadService(disk: Disk, { name, candidate }: Aggregate): Service | undefined {
  const row = disk.services.get(name);
  if (!row) return undefined;
  const own = releasesOf(disk, name);
  const live = own.find(isLive);
  const crowned = own.find(
    ({ phase, facts }) => phase === 'completed' && facts.candidate === row.stable,
  );
  const earlier = candidate === undefined ? undefined : earlierTry(own, candidate);
  const written = live && disk.versions.get(`${name}@${live.facts.candidate}`);
  return {
    ...row,
    ...(live && { live }),
    ...(crowned && { crowned }),
    ...(written && { authors: written.authors.map((id) => ({ kind: 'git', id }) as const) }),
    nextReleaseId: Math.max(0, ...disk.releases.keys().toArray().slice(-1)) + 1,
    ...(earlier && { earlier }),
  };
}

/** The newest first. */
const releasesOf = ({ releases }: Disk, name: string): readonly Release[] =>
  [...releases.values()].filter(({ facts }) => facts.service === name).reverse();

const ENDED_WITHOUT_SUCCESS = ['aborted', 'declined', 'rolled_back'];

function earlierTry(own: readonly Release[], candidate: string): Service['earlier'] {
  const tries = own.filter(
    (release) =>
      release.facts.candidate === candidate && ENDED_WITHOUT_SUCCESS.includes(release.phase),
  );
  const [last] = tries;
  if (!last || !('at' in last)) return undefined;
  const { facts, evidence, earlier, at } = last;
  const known = evidence ?? earlier ?? null;
  return { release: facts.id, attempts: tries.length, endedAt: at, evidence: known };
}

export function saveService(disk: Disk, service: Service): void {
  const { live, crowned, ended, authors: _, nextReleaseId: _next, ...rest } = service;
  const { earlier: _earlier, ...row } = rest;
  disk.services.set(service.name, row);
  for (const release of [ended, crowned, live])
    if (release) disk.releases.set(release.facts.id, release);
}
