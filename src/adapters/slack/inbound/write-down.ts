/** Every refusal stands in the register, also of what was never decided on. */
import type { AnswerDeps, Asking } from '#adapters/slack/inbound/deps.ts';
import type { Misread } from '#adapters/slack/inbound/read-words.ts';
import { ephemeral, type Reply } from '#adapters/slack/inbound/reply.ts';
import { whoAsks } from '#adapters/slack/inbound/standing.ts';
import type { NameDeps } from '#adapters/slack/inbound/usage-example.ts';
import { type Command, misreadWords } from '#adapters/slack/inbound/usage-words.ts';
import { asTyped } from '#adapters/words/escape.ts';
import type { AuditTarget } from '#domain/audit.ts';
import type { Refusal } from '#domain/refusal.ts';
import { noteMisread, noteRefusal } from '#operations/note-refusal.ts';

type Deps = Pick<AnswerDeps, 'store' | 'clock' | 'log'>;

const askedBy = (asking: Asking) => ({ by: whoAsks(asking), inboxKey: asking.inboxKey });

/** How it goes is answered in any case; whoever mistypes a kill may do so while the disk is full. */
export async function misread(
  deps: Deps & NameDeps,
  asking: Asking & { readonly text: string },
  command: Command,
  problem: Misread,
): Promise<Reply> {
  const typed = asTyped(`${command} ${asking.text}`);
  const note = { ...askedBy(asking), typed, problem: problem.problem };
  await written(deps, noteMisread(deps, note));
  return ephemeral(misreadWords(deps, { command, typed: asking.text }, problem));
}

export const writeDown = (
  deps: Deps,
  asking: Asking,
  refusal: Refusal,
  about: { readonly action: string; readonly target: AuditTarget },
) => written(deps, noteRefusal(deps, refusal, { ...askedBy(asking), ...about }));

const written = (deps: Deps, note: Promise<void>) =>
  note.catch((error: unknown) =>
    deps.log.error({ err: error }, 'A refusal could not be written down'),
  );
