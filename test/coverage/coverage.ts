/**
 * `npm run coverage`: which branches of the domain and the store no test runs, by V8's own count.
 * `-- src/domain` asks about a folder or a file. It ends with status 1 when there is one.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { branchesIn, type Counted, unrunIn } from '#test/coverage/unrun.ts';

type Report = { readonly result: readonly (Counted & { readonly url: string })[] };

const paths = process.argv.length > 2 ? process.argv.slice(2) : ['src/domain', 'src/store'];
const files = globSync('src/{domain,store}/**/*.ts')
  .filter((file) => paths.some((path) => file.startsWith(path)))
  .toSorted();
const folder = mkdtempSync(join(tmpdir(), 'signalman-coverage-'));
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--config', 'test/coverage/vitest.config.ts'],
  { stdio: 'inherit', env: { ...process.env, NODE_V8_COVERAGE: folder } },
);
const reports = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report,
);
rmSync(folder, { recursive: true });

let [branches, unrunBranches] = [0, 0];
for (const file of files) {
  const source = readFileSync(file, 'utf8');
  const url = pathToFileURL(file).href;
  const counts = reports.flatMap(({ result }) => result.filter((one) => one.url === url));
  // Types and comments do not run; without them, each place is still where it was.
  const code = stripTypeScriptTypes(source).replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, (comment) =>
    ' '.repeat(comment.length),
  );
  const unrun = unrunIn(counts, source.length).filter(({ start, end }) =>
    /\w/.test(code.slice(start, end)),
  );
  branches += Math.max(branchesIn(counts), unrun.length);
  unrunBranches += unrun.length;
  for (const { start, end } of unrun) {
    const line = source.slice(0, start).split('\n').length;
    console.log(`${file}:${line}  ${source.slice(start, end).replace(/\s+/g, ' ').slice(0, 80)}`);
  }
}
if (status !== 0) console.log('A test fails, so the figure cannot be trusted.');
const percent = (100 * (branches - unrunBranches)) / branches;
console.log(`${percent.toFixed(1)} % of ${branches} branches run, ${unrunBranches} do not`);
process.exit(unrunBranches > 0 || status !== 0 ? 1 : 0);
