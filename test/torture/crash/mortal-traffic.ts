import * as real from '#adapters/traffic/pull.ts';
import { at } from '#test/torture/crash/points.ts';

export * from '#adapters/traffic/pull.ts';

export const createPullTraffic: typeof real.createPullTraffic = (observe) => {
  const driver = real.createPullTraffic(observe);
  return {
    apply: driver.apply,
    observe: async (service) => {
      at('while traffic is brought about');
      return await driver.observe(service);
    },
  };
};
