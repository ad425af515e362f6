/** A PostgreSQL of its own for whatever is measured, without anything that would outlast it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const START_MS_MAX = 60_000;
/** PostgreSQL refuses to run as root, so it then runs as whom every Linux calls `nobody`. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** The folder of its programs; Debian keeps those of the server off the path. */
export function findPostgres(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  return [...onPath, ...globSync('/usr/lib/postgresql/*/bin')].find((bin) =>
    ['initdb', 'pg_ctl'].every((program) => existsSync(join(bin, program))),
  );
}

/** Reached as `postgres` through a socket in the folder, which is closed to everybody else. */
export function startPostgres(bin: string, folder: string): void {
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const init = ['--username=postgres', '--auth=trust', '--no-locale', '--encoding=UTF8'];
  execFileSync(join(bin, 'initdb'), [...init, '--no-sync', ...inside(folder)], asOwner(folder));
  const start = ['start', '--wait', `--log=${join(folder, 'postgres.log')}`];
  const options = ['--options', `-F -h '' -k '${folder}'`];
  execFileSync(join(bin, 'pg_ctl'), [...start, ...options, ...inside(folder)], asOwner(folder));
}

/** At once and without waiting for its clients; nothing happens where none was started. */
export function stopPostgres(bin: string, folder: string): void {
  const stop = ['stop', '--mode=immediate', ...inside(folder)];
  spawnSync(join(bin, 'pg_ctl'), stop, asOwner(folder));
}

const inside = (folder: string) => ['--pgdata', join(folder, 'cluster')];

const asOwner = (folder: string) => ({
  ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  cwd: folder,
  // Variables such as PGPORT would move it elsewhere.
  env: { PATH: process.env['PATH'] },
  stdio: 'pipe' as const,
  timeout: START_MS_MAX,
});
