import { asInstant, type Instant } from '#domain/time.ts';

/** How the register stood at one moment: enough to notice later that it was cut or computed anew. */
export type Checkpoint = {
  /** Whose register it is; it names the key, so that no two registers share it. */
  readonly origin: string;
  /** How many entries it had. */
  readonly size: number;
  /** Their Merkle root as in RFC 6962, in base64. */
  readonly root: string;
  /** The hash of the last of them, in hexadecimal, which is what the chain goes on from. */
  readonly head: string;
  readonly at: Instant;
};

/** The body of a note as the transparency logs of the web sign it (C2SP tlog-checkpoint). */
export const checkpointText = ({ origin, size, root, head, at }: Checkpoint) =>
  `${origin}\n${size}\n${root}\nhead ${head}\nat ${new Date(at).toISOString()}\n`;

const TEXT =
  /^([^\s+]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\nhead ([0-9a-f]{64})\nat (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n$/;

/** Undefined for what is not written exactly like that; whoever reads it has checked who signed it. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [, origin = '', size, root = '', head = '', at = ''] = TEXT.exec(text) ?? [];
  if (size === undefined) return undefined;
  return { origin, size: Number(size), root, head, at: asInstant(Date.parse(at)) };
}
