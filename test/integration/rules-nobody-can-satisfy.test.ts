/** A file whose rules nobody can satisfy, at the check before a start and at a reload. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkCommand } from '#adapters/cli/check-command.ts';
import { createSettingsHolder } from '#adapters/settings/settings-holder.ts';
import { readConfig } from '#config.ts';
import { settingsFile } from '#test/support/signal-box.ts';
import { aFolder } from '#test/support/store.ts';

const ANA_ALONE = { people: { operators: ['U0ANA'], approvers: ['U0ANA'] } };

function aFile() {
  const path = join(aFolder(), 'signalman.yml');
  const write = (settings: Readonly<Record<string, unknown>>) =>
    writeFileSync(path, settingsFile({ settings }));
  return {
    ...{ path, write },
    check: async () => {
      const said: string[] = [];
      const code = await checkCommand.run({
        ...{ configPath: path, databasePath: '', words: [], login: 'ana' },
        config: readConfig({ CONFIG_PATH: path }),
        ...{ say: (line) => said.push(line), complain: (line) => said.push(line) },
      });
      return { code, said: said.join('\n') };
    },
  };
}

test('the check finds them, and ends with 1', async () => {
  const { write, check } = aFile();
  write(ANA_ALONE);
  const { code, said } = await check();
  expect(said).toMatch(/^PROBLEM {2}.*has U0ANA as its only operator and approver/m);
  expect(code).toBe(1);
  write({});
  expect(await check()).toMatchObject({ code: 0 });
});

test('a reload refuses them, and the last good file stays in force', () => {
  const { path, write } = aFile();
  write({});
  const holder = createSettingsHolder(path);
  if (!holder.ok) throw new Error('the first file is good');
  const { current, reload, unsatisfiable } = holder.value;
  const before = current();
  write(ANA_ALONE);
  expect(reload([])).toEqual({
    ok: false,
    refusal: [expect.stringContaining('nobody may approve what they asked for')],
  });
  expect(current()).toBe(before);
  expect(unsatisfiable()).toEqual([]);
});
