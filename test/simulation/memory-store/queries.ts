import { isLive } from '#domain/release.ts';
import type { Queries } from '#store/queries.ts';
import type { Disk } from '#test/simulation/memory-store/disk.ts';
import { loadService } from '#test/simulation/memory-store/services.ts';

/** The questions that operations ask; what only people look at is not simulated. */
export type CoreQueries = Pick<
  Queries,
  'services' | 'service' | 'polledServices' | 'release' | 'flags' | 'killSwitches'
>;

export function createMemoryQueries(disk: Disk): CoreQueries {
  const service = (name: string) => loadService(disk, { kind: 'service', name });
  const names = () => [...disk.services.keys()].sort();
  return {
    service,
    services: () => names().flatMap((name) => service(name) ?? []),
    polledServices: () =>
      names().filter((name) =>
        disk.releasesOf
          .get(name)
          ?.some((release) =>
            release.phase === 'completed'
              ? !release.watchOver
              : isLive(release) && release.phase !== 'proposed',
          ),
      ),
    release: (id) => disk.releases.get(id),
    flags: () => [...disk.flags.values()],
    killSwitches: () => [...disk.killSwitches.values()],
  };
}
