import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killCommand } from '#adapters/cli/kill-command.ts';
import { no } from '#domain/result.ts';
import { aFolder, aStore } from '#test/support/store.ts';

/** The command line on a machine where Signalman is not running. */
function aMachine(settings: string) {
  const folder = aFolder();
  const databasePath = join(folder, 'signalman.db');
  const configPath = join(folder, 'signalman.yml');
  writeFileSync(configPath, settings);
  const said: string[] = [];
  return {
    said,
    kill: (...words: string[]) =>
      killCommand.run({
        config: no([]),
        databasePath,
        configPath,
        words,
        login: 'ana',
        say: (line) => said.push(line),
        complain: (line) => said.push(line),
      }),
    switches: () => aStore(databasePath).queries.killSwitches(),
  };
}

test('a switch has one name, however it was typed, so that whoever throws it can let it go', async () => {
  const machine = aMachine('channel: agent-ops');
  expect(await machine.kill('on', 'kill.Writes/production', 'it', 'mails', 'everybody')).toBe(0);
  expect(machine.switches()).toMatchObject([{ name: 'writes', isOn: true }]);
  expect(await machine.kill('deactivate', 'writes', 'repaired')).toBe(0);
  expect(machine.switches()).toMatchObject([{ name: 'writes', isOn: false }]);
});

test('a faulty configuration keeps nobody from stopping something', async () => {
  const machine = aMachine('services: [');
  expect(await machine.kill('on', 'writes', 'it', 'mails', 'everybody')).toBe(0);
  expect(machine.switches()).toMatchObject([{ name: 'writes', isOn: true }]);
});
