/** Draws the pictures of docs/method.md anew: `node scripts/draw-evidence.ts`. */
import { writeFileSync } from 'node:fs';
import { pictures } from './evidence-pictures.ts';

for (const [name, svg] of Object.entries(pictures())) {
  writeFileSync(`docs/pictures/${name}`, svg);
  console.log(`docs/pictures/${name}`);
}
