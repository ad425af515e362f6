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

/** The body as text, never longer than the limit, before and after it is unpacked. */
export async function readText(
  request: IncomingMessage,
  bytesMax: number,
): Promise<Result<string, BodyProblem>> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') {
    return problem('unknown_encoding', 'Content-Encoding may be gzip or absent.');
  }
  const packed = await readBytes(request, bytesMax);
  if (!packed.ok) return packed;
  const bytes = encoding === 'gzip' ? await unpack(packed.value, bytesMax) : packed;
  if (!bytes.ok) return bytes;
  // Characters that are silently replaced would give another key another answer.
  if (!isUtf8(bytes.value)) return problem('not_utf8', 'The body is not valid UTF-8.');
  return yes(bytes.value.toString('utf8'));
}

function readBytes(
  request: IncomingMessage,
  bytesMax: number,
): Promise<Result<Buffer, BodyProblem>> {
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
      const [only] = chunks;
      resolve(yes(chunks.length === 1 && only ? only : Buffer.concat(chunks)));
    });
    const cutOff = () => resolve(problem('cut_off', 'The body was cut off.'));
    request.on('error', cutOff);
    request.on('close', cutOff);
  });
}

async function unpack(packed: Buffer, bytesMax: number): Promise<Result<Buffer, BodyProblem>> {
  try {
    return yes(await unzip(packed, { maxOutputLength: bytesMax }));
  } catch (error) {
    const isLong = error instanceof RangeError;
    return isLong
      ? problem('too_large', `The unpacked body is over ${inKib(bytesMax)}.`)
      : problem('bad_encoding', 'The body is not valid gzip.');
  }
}

const inKib = (bytes: number) => `${Math.floor(bytes / 1024)} KiB`;

const problem = (code: BodyProblem['code'], message: string) => no({ code, message });

/** Undefined for anything that is not JSON; no JSON text parses to undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
