import { z } from 'zod';
import { parseJson } from '#adapters/parse-json.ts';

/**
 * What a button carries: which release (or request) it was drawn for and the digest of the plan it
 * showed, never a state. An old button on an old message therefore fits nothing any more.
 */
const ButtonValue = z.object({
  service: z.string(),
  release: z.number().int(),
  step: z.number().int().optional(),
  upToStep: z.number().int().optional(),
  digest: z.string().optional(),
  version: z.string().optional(),
});
export type ButtonValue = z.infer<typeof ButtonValue>;

const FlagButtonValue = z.object({ flag: z.string(), request: z.number().int() });
export type FlagButtonValue = z.infer<typeof FlagButtonValue>;

const KillButtonValue = z.object({ killswitch: z.string(), reason: z.string() });
export type KillButtonValue = z.infer<typeof KillButtonValue>;

/** Which entry of the register it is about. */
const ReviewButtonValue = z.object({ entry: z.number().int() });
export type ReviewButtonValue = z.infer<typeof ReviewButtonValue>;

export const writeValue = (
  value: ButtonValue | FlagButtonValue | KillButtonValue | ReviewButtonValue,
) => JSON.stringify(value);

export const readButtonValue = (text: string) => read(ButtonValue, text);
export const readFlagButtonValue = (text: string) => read(FlagButtonValue, text);
export const readKillButtonValue = (text: string) => read(KillButtonValue, text);
export const readReviewButtonValue = (text: string) => read(ReviewButtonValue, text);

/** Undefined for anything that this bot did not write. */
const read = <Value>(schema: z.ZodType<Value>, text: string): Value | undefined =>
  schema.safeParse(parseJson(text)).data;

/** What an option of *Approve up to …* carries: Slack allows it 75 characters, so the digest is cut. */
export type UpToValue = {
  readonly release: number;
  readonly step: number;
  readonly upToStep: number;
  readonly digestStart: string;
};
const DIGEST_START_CHARACTERS = 32;
const UP_TO = /^(\d{1,9})\.(\d{1,3})\.(\d{1,3})\.([0-9a-f]{0,32})$/;

export const writeUpToValue = (
  { release, step, upToStep }: Omit<UpToValue, 'digestStart'>,
  digest: string,
) => [release, step, upToStep, digest.slice(0, DIGEST_START_CHARACTERS)].join('.');

export function readUpToValue(text: string): UpToValue | undefined {
  const [, release, step, upToStep, digestStart] = UP_TO.exec(text) ?? [];
  if (digestStart === undefined) return undefined;
  return {
    release: Number(release),
    step: Number(step),
    upToStep: Number(upToStep),
    digestStart,
  };
}
