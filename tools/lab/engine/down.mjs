// `node tools/lab/engine/down.mjs`: ends the private engine. `--images` also removes everything that it kept.
import { rmSync } from 'node:fs';
import { engineDown, engineFolder } from './engine.mjs';

console.log((await engineDown()) ? 'the engine has ended' : 'no engine of the lab runs');
if (process.argv.includes('--images')) rmSync(engineFolder, { recursive: true, force: true });
