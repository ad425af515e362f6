import { auditCommand } from '#adapters/cli/audit-command.ts';
import { backupCommand } from '#adapters/cli/backup-command.ts';
import { checkCommand } from '#adapters/cli/check-command.ts';
import { type Command, DONE } from '#adapters/cli/command.ts';
import { databaseCommand } from '#adapters/cli/database-command.ts';
import { evidenceCommand } from '#adapters/cli/evidence-command.ts';
import { killCommand } from '#adapters/cli/kill-command.ts';
import { policyCommand } from '#adapters/cli/policy-command.ts';

const helpCommand: Command = {
  name: 'help',
  usage: ['help'],
  about: 'show this',
  run: async ({ say }) => {
    say(usage());
    return DONE;
  },
};

export const COMMANDS: readonly Command[] = [
  checkCommand,
  auditCommand,
  evidenceCommand,
  killCommand,
  policyCommand,
  backupCommand,
  databaseCommand,
  helpCommand,
];

export function usage(): string {
  const lines = COMMANDS.flatMap(({ usage: forms, about }) => [
    ...forms.map((form) => `  ${form}`),
    `      ${about}`,
  ]);
  return ['npm run --silent signalman -- <command>', '', ...lines].join('\n');
}
