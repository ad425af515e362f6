/** The command line: `npm run --silent signalman -- <command>`. */

import '#keep-compiled.js';

const { findCommand, usage } = await import('#adapters/cli/commands.ts');
const { loadEnvFile, readConfig } = await import('#config.ts');

/** 0: all is well; 1: something asked for failed; 2: wrong usage; the register's check adds 3 and 4. */
const FAILED = 1;
const WRONG_USAGE = 2;

// Whoever reads only the first lines, as `head` does, wants no more of them.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
loadEnvFile();
process.exitCode = await main(process.argv.slice(2));

async function main([name = 'help', ...words]: readonly string[]): Promise<number> {
  const command = await findCommand(name);
  const terminal = {
    say: (line: string) => void process.stdout.write(`${line}\n`),
    complain: (line: string) => void process.stderr.write(`${line}\n`),
  };
  if (!command) {
    terminal.complain(`I don't know “${name}”.\n\n${await usage()}`);
    return WRONG_USAGE;
  }
  const config = readConfig(process.env);
  const { DATABASE_PATH = './data/signalman.db', CONFIG_PATH = './signalman.yml' } = process.env;
  const run = command.run({
    ...terminal,
    config,
    databasePath: config.ok ? config.value.databasePath : DATABASE_PATH,
    configPath: config.ok ? config.value.configPath : CONFIG_PATH,
    words,
    login: process.env['USER'] ?? process.env['LOGNAME'] ?? 'operator',
  });
  return await run.catch((error: unknown) => {
    // Databases, files and sockets say what they could not do; anything else is a bug.
    if (!(error instanceof Error && 'code' in error)) throw error;
    terminal.complain(`This did not work: ${error.message}.`);
    return FAILED;
  });
}
