import { eq } from '#db/drizzle.ts';
import { approvals, releases, steps } from '#db/schema.ts';
import { isLive, type Release } from '#domain/release.ts';
import { actorText, decode } from '#store/codec.ts';
import type { Database } from '#store/sqlite/database.ts';

/** A release as it was saved. */
export function releaseFrom(row: typeof releases.$inferSelect): Release {
  const where = `release ${row.id}`;
  const facts = decode('facts', row.facts, where);
  const state = decode('state', row.state, where);
  const evidence = row.evidence === null ? null : decode('evidence', row.evidence, where);
  // The three parts were written by saveRelease from one Release.
  return { ...state, facts, evidence } as Release;
}

/** Writes a release, its steps as they were approved, and each approval once. */
export function saveRelease(db: Database, release: Release): void {
  const { facts, evidence, ...state } = release;
  const { id, plan } = facts;
  const changing = {
    phase: release.phase,
    live: isLive(release),
    endedAt: 'at' in release ? release.at : null,
    state,
    evidence,
  };
  const known = db.update(releases).set(changing).where(eq(releases.id, id)).run();
  if (known.changes === 0) {
    const { service, stable, candidate, digest, requestedAt } = facts;
    const fixed = { id, service, stable, candidate, digest, requestedAt, strategy: plan.strategy };
    const requestedBy = actorText(facts.requestedBy);
    db.insert(releases)
      .values({ ...fixed, requestedBy, facts, ...changing })
      .run();
    const ladder = plan.steps.map((step, index) => ({ release: id, number: index + 1, ...step }));
    db.insert(steps).values(ladder).run();
  }
  for (const approval of release.approvals) {
    const { by, step, upToStep, at, digest, judged } = approval;
    db.insert(approvals)
      .values({ release: id, step, upToStep, approvedBy: actorText(by), at, digest, judged })
      .onConflictDoNothing()
      .run();
  }
}
