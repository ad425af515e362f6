// The guards of a service: those known by name, and own ones that begin with custom_.

import type { z } from 'zod';
import { gaugeQuery } from '#adapters/settings/query-values.ts';
import { either, namedSections, section } from '#adapters/settings/shapes.ts';
import { anyNumber, duration, fraction, positive, truth } from '#adapters/settings/values.ts';
import { type CustomGuard, GUARD_LIMITS, type Guard, type GuardName } from '#domain/guard.ts';
import { findNearest } from '#domain/nearest.ts';
import { no, type Result, yes } from '#domain/result.ts';

export type WrittenGuard =
  | { readonly kind: 'known'; readonly guard: Guard }
  | { readonly kind: 'custom'; readonly guard: CustomGuard };

const GUARD_NAMES = Object.keys(GUARD_LIMITS);
const CUSTOM_NAME = /^custom_[a-z0-9_]{1,56}$/;

export const guardsSchema = namedSections<WrittenGuard>(schemaOfGuard);

function schemaOfGuard(name: string): Result<z.ZodType<WrittenGuard>, string> {
  if (isGuardName(name)) return yes(knownGuard(name));
  if (isCustomName(name)) return yes(customGuard(name));
  if (name.startsWith('custom_')) return no('may hold only small letters, digits and _');
  const meant = findNearest(name, GUARD_NAMES);
  return no(
    meant
      ? `is no guard; did you mean ${meant}?`
      : `is no guard; known are ${GUARD_NAMES.join(', ')}, and own ones named custom_…`,
  );
}

const isGuardName = (name: string): name is GuardName => Object.hasOwn(GUARD_LIMITS, name);
const isCustomName = (name: string): name is CustomGuard['name'] => CUSTOM_NAME.test(name);

function knownGuard(name: GuardName) {
  const bound = GUARD_LIMITS[name];
  const isRate = name.endsWith('_rate');
  const limit = (isRate ? fraction : positive).optional();
  const more = {
    versus_stable: versusStable.optional(),
    weight: positive.optional(),
    critical: truth.optional(),
  };
  return section(bound === 'max' ? { max: limit, ...more } : { min: limit, ...more })
    .superRefine((written, context) => {
      const { versus_stable, critical } = written;
      const refuse = (message: string, path: string[]) =>
        context.addIssue({ code: 'custom', message, path });
      if (limitIn(written) === undefined && !versus_stable)
        refuse(`says nothing yet; give it ${bound}, versus_stable: true, or both`, []);
      // One confirmed event is enough: an average or a quantile has no single event.
      if (critical && !isRate)
        refuse('fits guards that count events, whose names end in _rate', ['critical']);
    })
    .transform((written): WrittenGuard => {
      const { versus_stable, weight, critical } = written;
      const stated = limitIn(written);
      const guard: Guard = {
        name,
        ...(stated !== undefined && { limit: stated }),
        ...(versus_stable && { versusStable: versus_stable }),
        ...(weight !== undefined && { weight }),
        ...(critical && { critical }),
      };
      return { kind: 'known', guard };
    });
}

type Limited = { readonly max?: number | undefined } | { readonly min?: number | undefined };
const limitIn = (written: Limited) =>
  ('max' in written ? written.max : undefined) ?? ('min' in written ? written.min : undefined);

/** `true` is no worse than stable; a margin is the excess that is still tolerated. */
const versusStable = either((value) =>
  typeof value === 'string'
    ? truth.transform((isCompared) => (isCompared ? { margin: 0 } : undefined))
    : section({ margin: fraction }).optional(),
);

function customGuard(name: CustomGuard['name']) {
  return section({ query: gaugeQuery, max: anyNumber, for: duration }).transform(
    ({ query, max, for: forMs }): WrittenGuard => ({
      kind: 'custom',
      guard: { name, query, max, forMs },
    }),
  );
}
