import { randomUUID } from 'node:crypto';
import { type Command, DONE, FAILED, misused, type Terminal } from '#adapters/cli/command.ts';
import { askControl, controlPath, type KillRequest } from '#adapters/control-socket.ts';
import { createFollowingScrubber, createScrubber } from '#adapters/scrubber.ts';
import { readSettingsFile } from '#adapters/settings/settings-holder.ts';
import { readOnOrOff } from '#adapters/words/on-or-off.ts';

export const killCommand: Command = {
  name: 'kill',
  usage: ['kill on <name> <reason>', 'kill off <name> <reason>'],
  about: 'throw a kill switch, or switch it off, with Slack or without',
  run: async (terminal) => {
    const [word = '', name, ...reason] = terminal.words;
    const to = readOnOrOff(word);
    if (!to) return misused(terminal, killCommand, 'On or off?');
    if (!name) return misused(terminal, killCommand, 'Which kill switch?');
    if (reason.length === 0 && to === 'on') return misused(terminal, killCommand, 'Why?');
    const { databasePath, login: by, say, complain } = terminal;
    const key = `cli:${randomUUID()}`;
    const asked: KillRequest = { to, name, reason: reason.join(' '), by, key };
    // It may go into the emergency journal, which is no part of the store.
    const request = scrubberFor(terminal)(asked);
    const said = await askControl(controlPath(databasePath), request);
    const answer = typeof said === 'object' ? said : await withoutProcess(terminal, request);
    (answer.ok ? say : complain)(answer.words);
    return answer.ok ? DONE : FAILED;
  },
};

/** The store is loaded only where it is needed: a process that runs stops things without it. */
async function withoutProcess(terminal: Terminal, request: KillRequest) {
  const { killWithoutProcess } = await import('#adapters/cli/kill-without-process.ts');
  return await killWithoutProcess(terminal, request);
}

/** Neither the environment nor the file needs to be right for stopping something. */
function scrubberFor({ config, configPath }: Terminal) {
  const secrets = config.ok ? config.value.secrets : [];
  const file = readSettingsFile(configPath);
  if (!file.ok) return createScrubber(secrets);
  return createFollowingScrubber(secrets, () => file.value.settings);
}
