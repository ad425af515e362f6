import { type Command, DONE } from '#adapters/cli/command.ts';

const help = async (): Promise<Command> => ({
  name: 'help',
  usage: ['help'],
  about: 'show this',
  run: async ({ say }) => {
    say(await usage());
    return DONE;
  },
});

/** In the order of the help. Only what is asked for is loaded: a kill must not wait for the rest. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('#adapters/cli/check-command.ts')).checkCommand,
  audit: async () => (await import('#adapters/cli/audit-command.ts')).auditCommand,
  evidence: async () => (await import('#adapters/cli/evidence-command.ts')).evidenceCommand,
  kill: async () => (await import('#adapters/cli/kill-command.ts')).killCommand,
  policy: async () => (await import('#adapters/cli/policy-command.ts')).policyCommand,
  backup: async () => (await import('#adapters/cli/backup-command.ts')).backupCommand,
  database: async () => (await import('#adapters/cli/database-command.ts')).databaseCommand,
  help,
};

export async function findCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.() : undefined;
}

export async function usage(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const lines = commands.flatMap(({ usage: forms, about }) => [
    ...forms.map((form) => `  ${form}`),
    `      ${about}`,
  ]);
  return ['npm run --silent signalman -- <command>', '', ...lines].join('\n');
}
