/**
 * Keeps what Node has stripped of types and compiled, for the next start: more than half of the
 * work of starting, and 25 MiB that the tools for it would hold. It holds for what is imported
 * afterwards, which is why the entrances import everything else later, and why npm's scripts load
 * this file even before the entrance; it is no TypeScript, so that nothing has to be stripped first.
 * Beside the packages lies what belongs to this installation alone; where nothing can be written
 * there, nothing is kept.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/signalman', import.meta.url)));
