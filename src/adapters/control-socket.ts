import { rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { parseJson } from '#adapters/parse-json.ts';

/** What the command line asks of the running process, one JSON line each way. */
const Asked = z.object({ reason: z.string().max(500), by: z.string().max(100) });
const KillRequest = Asked.extend({
  to: z.enum(['on', 'off']),
  name: z.string().max(100),
  /** The same request is decided once, whichever way it takes. */
  key: z.string().max(100),
});
const AcceptRequest = Asked.extend({ to: z.literal('accept') });
const ControlRequest = z.discriminatedUnion('to', [KillRequest, AcceptRequest]);
export type KillRequest = z.infer<typeof KillRequest>;
export type AcceptRequest = z.infer<typeof AcceptRequest>;
export type ControlRequest = z.infer<typeof ControlRequest>;

const ControlAnswer = z.object({ ok: z.boolean(), words: z.string() });
export type ControlAnswer = z.infer<typeof ControlAnswer>;

/** Beside the database, so that whoever may open the file may also stop things. */
export const controlPath = (databasePath: string) => `${databasePath}.sock`;

const LINE_MS_MAX = 5_000;
/** A kill that is not answered by then goes into the journal; it has two seconds in all. */
const KILL_MS_MAX = 1_000;

/** Listens for the command line. Access to the socket is access to the machine. */
export async function listenForControl(
  path: string,
  answer: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<{ close: () => Promise<void> }> {
  // A socket left by a killed process would keep this one from listening; the database is ours.
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.setTimeout(LINE_MS_MAX, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    hearLine(socket, (line) => {
      respond(line, answer)
        .then((said) => socket.end(`${JSON.stringify(said)}\n`))
        .catch(() => socket.destroy());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function hearLine(socket: Socket, heard: (line: string) => void): void {
  const lines = createInterface({ input: socket });
  // It tells errors of the socket a second time, and what nobody listens to ends the process: also
  // when somebody does no more than leave before the answer.
  lines.once('error', () => socket.destroy());
  lines.once('line', heard);
}

async function respond(
  line: string,
  answer: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<ControlAnswer> {
  const request = ControlRequest.safeParse(parseJson(line));
  if (!request.success) return { ok: false, words: 'The running process did not understand that.' };
  return await answer(request.data);
}

/** `nobody` listens there, or the process that does is `silent`: busy, or on its way down. */
export async function askControl(
  path: string,
  request: ControlRequest,
): Promise<ControlAnswer | 'nobody' | 'silent'> {
  const socket = await connected(path);
  if (!socket) return 'nobody';
  const answered = new Promise<ControlAnswer | 'silent'>((resolve) => {
    socket.once('error', () => resolve('silent'));
    socket.once('close', () => resolve('silent'));
    hearLine(socket, (line) => {
      resolve(ControlAnswer.safeParse(parseJson(line)).data ?? 'silent');
    });
  });
  socket.setTimeout(request.to === 'on' ? KILL_MS_MAX : LINE_MS_MAX, () => socket.destroy());
  socket.write(`${JSON.stringify(request)}\n`);
  return await answered.finally(() => socket.destroy());
}

function connected(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}
