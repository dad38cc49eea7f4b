/**
 * The worker's side of the pool. It also runs straight from its TypeScript source (see load-source.mjs), so it and what it
 * imports use only erasable syntax and no other package.
 */
import { parentPort } from 'node:worker_threads';
import { keysLive, takeKeys } from '../live-keys.js';
import { openBatch, sealBatch } from '../segment-batch.js';
import { wipe } from '../wipe.js';
import type { WorkerReply, WorkerRequest } from './messages.js';

function carryOut(request: WorkerRequest): WorkerReply {
  const { id, operation, buffer } = request;
  const keys = takeKeys(request.keys);
  if (!keys) return { id, outcome: 'keysGone' };
  const wire = new Uint8Array(buffer);
  if (operation === 'seal') sealBatch(keys, wire, request);
  else if (!openBatch(keys, wire, request)) return { id, outcome: 'refused' };
  return keysLive(request.keys) ? { id, outcome: 'done', buffer } : { id, outcome: 'keysGone' };
}

parentPort?.on('message', (request: WorkerRequest) => {
  let reply: WorkerReply;
  try {
    reply = carryOut(request);
  } catch (error) {
    reply = { id: request.id, outcome: 'fault', fault: error instanceof Error ? error.message : 'unknown' };
  }
  if (reply.outcome !== 'done') wipe(request.buffer);
  parentPort?.postMessage(reply, reply.outcome === 'done' ? [reply.buffer] : []);
});
