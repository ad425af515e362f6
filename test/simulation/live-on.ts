/** What goes on for ever: polls, people, kills, crashes, and somebody at the clock. */
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { Host, Request } from '#test/simulation/host.ts';
import { flagWish, killWish, wishFor } from '#test/simulation/people.ts';
import { SERVICES, type World } from '#test/simulation/world.ts';

/** Gives back how to stop it. */
export function liveOn(world: World, host: Host): () => void {
  const { timeline, chance } = world;
  let isOver = false;
  const often = (ms: number, run: () => void) => {
    const again = () => {
      if (isOver) return;
      run();
      timeline.after(chance.between(ms / 2, ms * 1.5), again);
    };
    timeline.after(chance.upTo(ms), again);
  };
  const poll = () => {
    if (isOver) return;
    void host.machine()?.poll();
    void host.machine()?.settle();
    timeline.after(MINUTE_MS, poll);
  };
  poll();
  often(10 * SECOND_MS, () => act(world, host));
  often(10 * MINUTE_MS, () => kill(world, host));
  often(6 * MINUTE_MS, () => changeOneFlag(world, host));
  often(8 * MINUTE_MS, () => host.machine()?.life.endAfterCalls(1 + chance.whole(30)));
  often(5 * HOUR_MS, () => timeline.setWall(chance.between(-HOUR_MS, HOUR_MS)));
  return () => {
    isOver = true;
  };
}

/** Somebody looks, and what they press arrives once or more, sooner or later. */
function act(world: World, host: Host): void {
  const { chance, witness } = world;
  const { queries } = host.machine() ?? {};
  const service = queries?.service(chance.oneOf(...SERVICES));
  if (!service) return;
  const intent = wishFor(chance, service, witness.counts.started);
  if (!intent) return;
  const inboxKey = world.freshKey();
  arrive(world, host, (machine) => machine.steer(service.name, intent, inboxKey));
}

function changeOneFlag(world: World, host: Host): void {
  const { chance } = world;
  const key = chance.oneOf('answers', 'search');
  const known = host.machine()?.queries.flags();
  if (!known) return;
  const flag = known.find((one) => one.key === key);
  const intent = flagWish(chance, flag);
  const inboxKey = world.freshKey();
  arrive(world, host, (machine) => machine.flag(key, intent, inboxKey));
}

function kill(world: World, host: Host): void {
  const { name, intent } = killWish(world.chance);
  const inboxKey = world.freshKey();
  arrive(world, host, (machine) => machine.kill(name, intent, inboxKey));
}

function arrive({ timeline, chance }: World, host: Host, deliver: Request['deliver']): void {
  const times = chance.is(0.2) ? 1 + chance.whole(3) : 1;
  for (let delivery = 0; delivery < times; delivery += 1) {
    const lateMs = chance.is(0.2) ? chance.upTo(5 * MINUTE_MS) : chance.upTo(2 * SECOND_MS);
    timeline.after(lateMs, () => host.deliver({ deliver }));
  }
}
