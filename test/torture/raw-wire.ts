/** One connection after the other, each kept for as long as it works: bytes out, a status back. */
import { connect, type Socket } from 'node:net';

export type Exchanged = {
  /** `closed`: turned away without an answer. `silence`: neither, for as long as anybody waits. */
  readonly is: 'answer' | 'closed' | 'silence';
  /** 0 without an answer. */
  readonly status: number;
};

/** What follows `isLast` would be read as the rest of it, so that comes on another connection. */
export type Request = { readonly bytes: Buffer; readonly isLast: boolean };

export type Wire = {
  readonly exchange: (request: Request) => Promise<Exchanged>;
  readonly close: () => void;
};

const ANSWER_MS_MAX = 10_000;

export function openWire(port: number): Wire {
  let socket: Socket | undefined;
  return {
    exchange: async (request) => {
      // The bot may close an idle connection at the very moment that it is used again.
      const used = socket?.writable ? socket : undefined;
      const first = await exchangeOn(used ?? connect(port, '127.0.0.1'), request);
      socket = first.kept;
      if (first.is !== 'closed' || !used) return first;
      const second = await exchangeOn(connect(port, '127.0.0.1'), request);
      socket = second.kept;
      return second;
    },
    close: () => socket?.destroy(),
  };
}

type OnSocket = Exchanged & { readonly kept?: Socket | undefined };

function exchangeOn(socket: Socket, { bytes, isLast }: Request): Promise<OnSocket> {
  const isHead = bytes.toString('latin1', 0, 5) === 'HEAD ';
  return new Promise((resolve) => {
    let text = '';
    const end = (outcome: OnSocket) => {
      clearTimeout(timer);
      socket.off('data', hear).off('error', gone).off('close', gone);
      // Whatever happens to it from here on is nobody's answer.
      socket.on('error', () => {});
      if (!outcome.kept) socket.destroy();
      resolve(outcome);
    };
    const gone = () => end({ is: 'closed', status: 0 });
    const hear = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      if (head < 0) return;
      const status = Number(text.slice(9, 12));
      const isKept = !isLast && isWhole(text, head, isHead || status === 204 || status === 304);
      end({ is: 'answer', status, kept: isKept ? socket : undefined });
    };
    const timer = setTimeout(() => end({ is: 'silence', status: 0 }), ANSWER_MS_MAX);
    socket.removeAllListeners('error').setNoDelay(true);
    socket.on('data', hear).on('error', gone).on('close', gone);
    socket.write(bytes);
  });
}

/** Exactly one answer, which lets the connection live: what else comes in would be the next one's. */
function isWhole(text: string, head: number, isBare: boolean): boolean {
  const headers = text.slice(0, head).toLowerCase();
  if (headers.includes('\r\nconnection: close')) return false;
  const body = head + 4;
  if (isBare) return text.length === body;
  if (headers.includes('\r\ntransfer-encoding: chunked')) return text.endsWith('\r\n0\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)/.exec(headers)?.[1];
  return length !== undefined && text.length === body + Number(length);
}
