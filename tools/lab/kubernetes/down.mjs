// Ends the API server that up.mjs started, and nothing else.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { stopCluster } from './cluster.mjs';
import { noteFile } from './note.mjs';

if (existsSync(noteFile)) {
  await stopCluster(JSON.parse(readFileSync(noteFile, 'utf8')).folder);
  rmSync(noteFile);
  console.log('ended');
} else {
  console.log('nothing runs');
}
