import { readRegister } from '#store/sqlite/register.ts';
import { openMemoryStore } from '#test/simulation/memory-store/memory-store.ts';
import { aStore } from '#test/support/store.ts';

/** Both keep the same promises; the one in memory is what releases are simulated on. */
export const STORES = {
  'over SQLite': () => {
    const opened = aStore();
    return { ...opened, register: () => [...readRegister(opened.db)] };
  },
  'in memory': () => openMemoryStore(),
};
