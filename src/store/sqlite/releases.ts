import { eq } from '#db/drizzle.ts';
import { approvals, releases, steps } from '#db/schema.ts';
import { isLive, type Release } from '#domain/release.ts';
import { actorText, decode } from '#store/codec.ts';
import type { Database } from '#store/sqlite/database.ts';
import { given } from '#store/sqlite/given.ts';

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
export function createReleaseSaver(db: Database) {
  const { phase, live, endedAt, state, evidence, id } = given(releases);
  const update = db
    .update(releases)
    .set({ phase, live, endedAt, state, evidence })
    .where(eq(releases.id, id))
    .prepare();
  const insert = db.insert(releases).values(given(releases)).prepare();
  const approve = db.insert(approvals).values(given(approvals)).onConflictDoNothing().prepare();

  return (release: Release): void => {
    const { facts, evidence, ...state } = release;
    const { id, plan, service, stable, candidate, digest, requestedAt } = facts;
    const endedAt = 'at' in release ? release.at : null;
    const changing = { phase: release.phase, live: isLive(release), endedAt, state, evidence };
    if (update.run({ id, ...changing }).changes === 0) {
      const fixed = { id, service, stable, candidate, digest, requestedAt, facts };
      const { strategy, steps: ladder } = plan;
      const requestedBy = actorText(facts.requestedBy);
      insert.run({ ...fixed, ...changing, strategy, requestedBy });
      const rungs = ladder.map((step, index) => ({ release: id, number: index + 1, ...step }));
      db.insert(steps).values(rungs).run();
    }
    for (const approval of release.approvals)
      approve.run({ ...approval, release: id, approvedBy: actorText(approval.by) });
  };
}
