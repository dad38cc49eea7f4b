// A Kubernetes API server to try things on: `node tools/lab/kubernetes/up.mjs`; ends with down.mjs. Called again it
// names the one that runs.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolsOf } from '../go/build.mjs';
import { clusterRuns, clusterTools, startCluster, stopCluster } from './cluster.mjs';
import { noteFile } from './note.mjs';

function readNote() {
  try {
    return JSON.parse(readFileSync(noteFile, 'utf8'));
  } catch {
    return undefined;
  }
}

const say = (line) => console.log(line);
try {
  let cluster = readNote();
  if (cluster && !clusterRuns(cluster.folder)) {
    await stopCluster(cluster.folder);
    rmSync(noteFile);
    cluster = undefined;
  }
  if (!cluster) {
    const bin = await toolsOf(`kubernetes:${clusterTools.join(',')},helm`, say);
    cluster = await startCluster({ bin, say, owner: null });
    mkdirSync(dirname(noteFile), { recursive: true });
    writeFileSync(noteFile, JSON.stringify({ folder: cluster.folder, kubeconfig: cluster.kubeconfig }));
  }
  console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
  console.log(`ends with: node ${join(dirname(fileURLToPath(import.meta.url)), 'down.mjs')}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
