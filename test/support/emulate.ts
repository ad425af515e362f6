/** Somebody else's stand-in for Slack: a second opinion on what we send, on paths that go well. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createEmulator } from 'emulate';
import { onTestFinished } from 'vitest';

export async function startEmulate() {
  const emulator = await createEmulator({
    service: 'slack',
    port: await freePort(),
    seed: {
      tokens: { 'xoxb-emulated': { login: 'ana', scopes: ['chat:write', 'channels:history'] } },
      slack: {
        team: { name: 'Signal Box', domain: 'signal-box' },
        users: [{ name: 'ana', real_name: 'Ana Ruiz', email: 'ana@signal-box.example' }],
        channels: [{ name: 'agent-ops', topic: 'Releases and alerts' }],
        bots: [{ name: 'signalman' }],
      },
    },
  });
  onTestFinished(() => emulator.close());
  return { apiUrl: `${emulator.url}/api/`, botToken: 'xoxb-emulated' };
}

/** It takes no port 0, so the system is asked for a free one first. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
