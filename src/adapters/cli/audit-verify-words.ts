/** What `audit verify` says, and its exit status; `evidence` says the same of what it read. */
import { DONE, FAILED } from '#adapters/cli/command.ts';
import type { RegisterCheck } from '#store/check-register.ts';

const DISAGREES = 3;
const UNVOUCHED = 4;

export function checkWords(check: RegisterCheck, verifierKey: string | undefined) {
  const key = verifierKey === undefined ? [] : [`Signatures were checked with ${verifierKey}`];
  switch (check.says) {
    case 'broken':
      return {
        status: FAILED,
        lines: [
          `The register is broken at entry ${check.seq}: ${check.problem}.`,
          'Compare with an earlier export or backup, and keep this file for whoever looks into it.',
        ],
      };
    case 'disagrees':
      return {
        status: DISAGREES,
        lines: [
          `The register is sound in itself, but it disagrees with a checkpoint. ${check.problem}.`,
          'Keep this file and the checkpoint for whoever looks into it.',
          ...key,
        ],
      };
    case 'unvouched':
      return {
        status: UNVOUCHED,
        lines: [
          `The register is sound in itself (${check.entries} entries), but no recent checkpoint vouches for it: ${check.problem}.`,
          'A chain alone cannot show that entries were cut off at its end, or that all of it was computed anew.',
          ...key,
        ],
      };
    case 'intact':
      return { status: DONE, lines: [...intactLines(check), ...key] };
  }
}

function intactLines({ entries, head, checkpoint }: RegisterCheck & { says: 'intact' }) {
  const { size, at } = checkpoint;
  const since = entries - size;
  return [
    `The register is intact: ${entries} entries, head ${head}.`,
    `It agrees with the checkpoint of ${size} entries made at ${new Date(at).toISOString()}.`,
    ...(since > 0 ? [`${since} more since then, held together by the chain alone.`] : []),
  ];
}
