/** A view that nobody held against Slack's limits would be found out in somebody's channel. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const SHOWN = ['src/adapters/slack/views/**/*.ts', 'src/adapters/slack/inbound/modals/*.ts'];
/** What the others are made of. */
const PARTS = ['view', 'withReason', 'form'];
const IS_SHOWN =
  /^(?:async )?(?:function|const) (\w+)\b(?:(?!\n\n)[\s\S])*?: (?:Promise<)?(?:View|ModalView|HomeView)\b[^,;)\n]*(?:=>|=|\{)$/m;
const IS_CHECKED = /complaintsAbout|checkView/;

const read = (path: string) => readFileSync(path, 'utf8');

function viewsIn(source: string): readonly string[] {
  const exported = source.split(/^export /m).slice(1);
  return exported.flatMap((one) => IS_SHOWN.exec(one.split('\n\n')[0] ?? '')?.[1] ?? []);
}

test('every message, form and Home is held against what Slack takes', () => {
  const views = globSync(SHOWN).flatMap((path) => viewsIn(read(path)));
  expect(views).toEqual(expect.arrayContaining(['releaseCard', 'homeOf', 'rollbackModal']));
  const tests = globSync('test/unit/slack/*.test.ts').map(read);
  const checked = tests.filter((one) => IS_CHECKED.test(one)).join('\n');
  const forgotten = views.filter(
    (name) => !checked.includes(`${name}(`) && !checked.includes(`[${name}]`),
  );
  expect(forgotten.filter((name) => !PARTS.includes(name))).toEqual([]);
});
