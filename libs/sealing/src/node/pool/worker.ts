/**
 * The worker's side of the pool. It also runs straight from its TypeScript source (see load-source.mjs), so it and what it
 * imports use only erasable syntax and no other package.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { keysLive, takeKeys } from '../live-keys.js';
import { nativeRuns } from '../native-runs.js';
import { openBatch, sealBatch } from '../segment-batch.js';
import { wipe } from '../../wipe.js';
import type { NodeReply, NodeRequest, WorkerOptions } from './messages.js';

const { native } = workerData as WorkerOptions;
/** Loaded once for the thread; a module that has become worse since the pool chose it ends the thread, and its work fails. */
const engine = native && nativeRuns(native.module, native.path);

function carryOut(request: NodeRequest): NodeReply {
  const { id, operation, buffer, summed } = request;
  const keys = takeKeys(request.keys);
  if (!keys) return { id, outcome: 'keysGone' };
  const wire = new Uint8Array(buffer);
  if (operation === 'seal') sealBatch(keys, wire, request, engine);
  else if (!openBatch(keys, wire, request, engine)) return { id, outcome: 'refused' };
  if (!keysLive(request.keys)) return { id, outcome: 'keysGone' };
  // Here the run still lies in this processor's cache, and no event loop waits for it.
  const done = { buffer, ...(summed && { crc32: (engine ? engine.crc32 : crc32)(wire) }) };
  return { id, outcome: 'done', done };
}

parentPort?.on('message', (request: NodeRequest) => {
  let reply: NodeReply;
  try {
    reply = carryOut(request);
  } catch (error) {
    reply = { id: request.id, outcome: 'fault', fault: error instanceof Error ? error.message : 'unknown' };
  }
  if (reply.outcome !== 'done') wipe(request.buffer);
  parentPort?.postMessage(reply, reply.outcome === 'done' ? [reply.done.buffer] : []);
});
