-- The register only grows. Triggers stop mistakes; the hash chain and the checkpoints stop people.
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit register is append-only: no entry may be changed');
END;
--> statement-breakpoint
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit register is append-only: no entry may be removed');
END;
--> statement-breakpoint
-- INSERT OR REPLACE would delete a row without firing the trigger above unless recursive_triggers
-- is on, so a new entry also has to be the next one and to name the hash of the last one.
CREATE TRIGGER audit_next_entry BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
  OR NEW.prev IS NOT coalesce((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), zeroblob(32))
  OR length(NEW.hash) IS NOT 32
BEGIN
  SELECT RAISE(ABORT, 'the audit register only takes the next entry of its chain');
END;
