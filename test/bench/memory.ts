/** What the bot holds after half a minute of nothing but its polls. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '#test/bench/figure.ts';
import { freePort, inFolder, startBot, startSlack } from '#test/bench/started-bot.ts';

const IDLE_MS = 30_000;
const KIB_PER_MIB = 1_024;

export async function measureMemory(say: (figure: Figure) => void): Promise<void> {
  if (!existsSync('/proc/self/smaps_rollup'))
    throw new Error('memory is read from /proc, which only Linux has');
  await inFolder(async (folder) => {
    const port = await freePort();
    const slack = await startSlack(port);
    const { apiUrl } = slack;
    const bot = await startBot({ port, apiUrl, folder, configPath: 'signalman.yml' });
    await sleep(IDLE_MS);
    const { rss, pss, privateAlone } = readMemory(bot.pid);
    const memory = { unit: 'MiB', compare: 'max' } as const;
    say({ ...memory, below: 150, name: 'idle memory: all pages (RSS)', samples: [rss] });
    say({ ...memory, name: '  of these shared by number of users (PSS)', samples: [pss] });
    say({ ...memory, name: '  of these its own alone', samples: [privateAlone] });
    await bot.stop();
    slack.stop();
  });
}

/**
 * RSS also counts the pages of the `node` binary that every Node process on the machine shares;
 * PSS counts each page by how many use it; private pages are what ending the process would free.
 */
function readMemory(pid: number) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / KIB_PER_MIB;
  return {
    rss: mib('Rss'),
    pss: mib('Pss'),
    privateAlone: mib('Private_Clean') + mib('Private_Dirty'),
  };
}
