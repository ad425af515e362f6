import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { no, type Result, yes } from '#domain/result.ts';

export type BodyProblem = {
  readonly code: 'too_large' | 'cut_off' | 'unknown_encoding' | 'bad_encoding' | 'not_utf8';
  readonly message: string;
};

const unzip = promisify(gunzip);

type Read = Result<Buffer, BodyProblem>;

/** The body as text, never longer than the limit, before and after it is unpacked. */
export async function readText(
  request: IncomingMessage,
  bytesMax: number,
): Promise<Result<string, BodyProblem>> {
  const read = await readBody(request, bytesMax);
  return read.ok ? yes(read.value.toString()) : read;
}

/** The same as bytes, which are known to be UTF-8: a long text takes a while to become one. */
export function readBody(request: IncomingMessage, bytesMax: number): Read | Promise<Read> {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') {
    return readBytes(request, bytesMax, asUtf8);
  }
  if (encoding !== 'gzip') {
    return problem('unknown_encoding', 'Content-Encoding may be gzip or absent.');
  }
  return readBytes(request, bytesMax, (packed) => unpack(packed, bytesMax));
}

function readBytes(
  request: IncomingMessage,
  bytesMax: number,
  read: (bytes: Buffer) => Read | Promise<Read>,
): Promise<Read> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const tooLarge = () => resolve(problem('too_large', `The body is over ${inKib(bytesMax)}.`));
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) return tooLarge();

    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bytesMax) chunks.push(chunk);
      else tooLarge();
    });
    request.on('end', () => {
      if (length > bytesMax) return;
      const [only] = chunks;
      resolve(read(chunks.length === 1 && only ? only : Buffer.concat(chunks)));
    });
    // Without a listener for errors an aborted request just closes.
    request.on('close', () => resolve(problem('cut_off', 'The body was cut off.')));
  });
}

/** Characters that are silently replaced would give another key another answer. */
const asUtf8 = (bytes: Buffer): Read =>
  isUtf8(bytes) ? yes(bytes) : problem('not_utf8', 'The body is not valid UTF-8.');

async function unpack(packed: Buffer, bytesMax: number): Promise<Read> {
  try {
    return asUtf8(await unzip(packed, { maxOutputLength: bytesMax }));
  } catch (error) {
    const isLong = error instanceof RangeError;
    return isLong
      ? problem('too_large', `The unpacked body is over ${inKib(bytesMax)}.`)
      : problem('bad_encoding', 'The body is not valid gzip.');
  }
}

const inKib = (bytes: number) => `${Math.floor(bytes / 1024)} KiB`;

const problem = (code: BodyProblem['code'], message: string) => no({ code, message });
