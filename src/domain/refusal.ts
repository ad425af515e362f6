import type { Actor, Standing } from '#domain/actor.ts';
import type { Doubt } from '#domain/doubt.ts';
import type { Role } from '#domain/permission.ts';
import type { Phase } from '#domain/release.ts';
import type { Verdict } from '#domain/verdict.ts';

/**
 * Why something that was asked for is not done. A closed list: each code has its sentence in one
 * place (adapters/words/refusal-words.ts), and the compiler asks for it.
 */
export type Refusal =
  // who
  | { readonly code: 'not_a_member'; readonly membership: Standing['membership'] }
  | { readonly code: 'role_needed'; readonly needed: Role }
  | { readonly code: 'roles_unreadable'; readonly needed: Role }
  | { readonly code: 'wrong_place'; readonly places: readonly string[] }
  | { readonly code: 'needs_second_person'; readonly excluded: Actor }
  | { readonly code: 'needs_another_reviewer'; readonly did: Actor }
  // what
  | {
      readonly code: 'unknown_service';
      readonly service: string;
      readonly known: readonly string[];
    }
  | { readonly code: 'service_archived'; readonly service: string }
  | { readonly code: 'bad_version'; readonly version: string }
  | { readonly code: 'bad_name'; readonly name: string; readonly kind: 'flag' | 'killswitch' }
  | { readonly code: 'bad_percentage'; readonly given: string }
  | { readonly code: 'bad_plan'; readonly problem: string }
  | { readonly code: 'no_stable'; readonly service: string }
  | { readonly code: 'already_stable'; readonly version: string }
  | { readonly code: 'version_locked'; readonly version: string; readonly reason: string }
  | { readonly code: 'not_locked'; readonly version: string; readonly locked: readonly string[] }
  | { readonly code: 'release_in_progress'; readonly release: number; readonly candidate: string }
  | { readonly code: 'no_release'; readonly service: string }
  | { readonly code: 'no_former_stable'; readonly service: string }
  | {
      readonly code: 'not_a_former_stable';
      readonly version: string;
      readonly former: readonly string[];
    }
  // when
  | { readonly code: 'wrong_phase'; readonly phase: Phase; readonly intent: string }
  | { readonly code: 'too_early'; readonly waitMs: number }
  | { readonly code: 'not_allowed_yet'; readonly verdict?: Verdict }
  | { readonly code: 'cannot_be_judged'; readonly verdict?: Verdict }
  | { readonly code: 'already_asked'; readonly step: number }
  | { readonly code: 'nothing_asked' }
  | { readonly code: 'plan_changed' }
  | { readonly code: 'already_decided'; readonly by: Actor; readonly decision: string }
  | { readonly code: 'nothing_to_acknowledge' }
  | { readonly code: 'nothing_to_review' }
  // the register
  | ({ readonly code: 'register_in_doubt' } & Doubt)
  | { readonly code: 'nothing_to_accept' }
  // switches and flags
  | { readonly code: 'already_on'; readonly name: string; readonly reason: string }
  | { readonly code: 'already_off'; readonly name: string }
  | { readonly code: 'reason_missing' }
  | { readonly code: 'off_needs_a_person'; readonly name: string }
  | { readonly code: 'unknown_flag'; readonly key: string; readonly known: readonly string[] }
  | { readonly code: 'flag_archived'; readonly key: string }
  | { readonly code: 'flag_unchanged'; readonly key: string; readonly state: string };
