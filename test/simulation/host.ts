/** Where a process runs: it is started again when it dies, and what nobody answered is repeated. */
import { MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import { createLife } from '#test/simulation/life.ts';
import { type Machine, startMachine } from '#test/simulation/machine.ts';
import { LockedDisk } from '#test/simulation/watched-store.ts';
import type { World } from '#test/simulation/world.ts';

/** Something asked from outside, which is asked again until it is answered. */
export type Request = { readonly deliver: (machine: Machine) => Promise<unknown> };
export type Host = ReturnType<typeof createHost>;

export function createHost(world: World) {
  const { timeline, chance, witness } = world;
  const unanswered = new Set<Request>();
  let crashes = 0;
  let isWakePlanned = false;
  let machine: Machine | undefined;
  const start = () => {
    const life = createLife(() => {
      crashes += 1;
      machine = undefined;
      timeline.after(chance.upTo(20 * SECOND_MS), start);
    });
    machine = startMachine(world, life);
    for (const request of unanswered) deliver(request);
  };
  const deliver = (request: Request) => {
    unanswered.add(request);
    if (!machine) return;
    const { life } = machine;
    void request.deliver(machine).then(
      () => unanswered.delete(request),
      (error: unknown) => {
        if (!life.isAlive()) return;
        witness.must(error instanceof LockedDisk, `a request failed: ${error}`);
        timeline.after(chance.upTo(MINUTE_MS), () => deliver(request));
      },
    );
  };
  start();
  return {
    deliver,
    machine: () => machine,
    crashes: () => crashes,
    /** The process looks again when something owed comes due; one look is planned at a time. */
    planWake: () => {
      const due = isWakePlanned ? undefined : machine?.outbox.nextDue();
      if (due === undefined) return;
      isWakePlanned = true;
      timeline.after(Math.max(15 * SECOND_MS, due - timeline.clock()), () => {
        isWakePlanned = false;
        machine?.wake();
      });
    },
    /** Killed beats everything: what the file says is on, agents are told is on. */
    checkKills: () => {
      if (!machine) return;
      const { kills } = machine.snapshots.current();
      const thrown = machine.queries.killSwitches().filter(({ isOn }) => isOn);
      for (const { name } of [...thrown, ...machine.journal.pending()])
        witness.must(kills.has(name), `${name} is thrown and agents are not told`);
    },
  };
}
