import { isLive, type Release } from '#domain/release.ts';
import type { Service } from '#domain/service.ts';
import type { Aggregate } from '#store/port.ts';
import type { Disk } from '#test/simulation/memory-store/disk.ts';

/** A service with what is live in it, put together as decisions need it. */
export function loadService(disk: Disk, { name, candidate }: Aggregate): Service | undefined {
  const row = disk.services.get(name);
  if (!row) return undefined;
  const own = disk.releasesOf.get(name) ?? [];
  // Not always the newest: a release may be rolled back while it is watched, and end a proposal.
  const live = own.findLast(isLive);
  const crowned = own.findLast(
    ({ phase, facts }) => phase === 'completed' && facts.candidate === row.stable,
  );
  const earlier = candidate === undefined ? undefined : earlierTry(own, candidate);
  const written = live && disk.versions.get(`${name}@${live.facts.candidate}`);
  return {
    ...row,
    ...(live && { live }),
    ...(crowned && { crowned }),
    ...(written && { authors: written.authors.map((id) => ({ kind: 'git', id }) as const) }),
    nextReleaseId: disk.releases.size + 1,
    ...(earlier && { earlier }),
  };
}

const ENDED_WITHOUT_SUCCESS = ['aborted', 'declined', 'rolled_back'];

function earlierTry(own: readonly Release[], candidate: string): Service['earlier'] {
  const tries = own.filter(
    (release) =>
      release.facts.candidate === candidate && ENDED_WITHOUT_SUCCESS.includes(release.phase),
  );
  const last = tries.at(-1);
  if (!last || !('at' in last)) return undefined;
  const { facts, evidence, earlier, at } = last;
  const known = evidence ?? earlier ?? null;
  // What was declined or aborted was proposed only: nobody ever had it.
  const attempts = tries.filter(({ phase }) => phase === 'rolled_back').length;
  return { release: facts.id, attempts, endedAt: at, evidence: known };
}

export function saveService(disk: Disk, service: Service): void {
  const { live, crowned, ended, authors: _, nextReleaseId: _next, ...rest } = service;
  const { earlier: _earlier, ...row } = rest;
  disk.services.set(service.name, row);
  for (const release of [ended, crowned, live]) if (release) saveRelease(disk, release);
}

/** The newest one is what changes most. */
function saveRelease({ releases, releasesOf }: Disk, release: Release): void {
  const { id, service } = release.facts;
  const own = releasesOf.get(service) ?? [];
  const place = own.findLastIndex(({ facts }) => facts.id === id);
  if (place < 0) own.push(release);
  else own[place] = release;
  releases.set(id, release);
  releasesOf.set(service, own);
}
