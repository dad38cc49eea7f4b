/**
 * The worker's side of the pool. It also runs straight from its TypeScript source (see load-source.mjs), so it and what it
 * imports use only erasable syntax and no other package.
 */
import { parentPort } from 'node:worker_threads';
import { aeadKeys } from '../aead.js';
import { openBatch, sealBatch } from '../segment-batch.js';
import type { WorkerReply, WorkerRequest } from './messages.js';

function carryOut(request: WorkerRequest): WorkerReply {
  const { id, operation, buffer } = request;
  const keys = aeadKeys(request.suite, new Uint8Array(request.keys));
  const wire = new Uint8Array(buffer);
  if (operation === 'seal') sealBatch(keys, wire, request);
  else if (!openBatch(keys, wire, request)) return { id, outcome: 'refused' };
  return { id, outcome: 'done', buffer };
}

parentPort?.on('message', (request: WorkerRequest) => {
  let reply: WorkerReply;
  try {
    reply = carryOut(request);
  } catch (error) {
    reply = { id: request.id, outcome: 'fault', fault: error instanceof Error ? error.message : 'unknown' };
  }
  parentPort?.postMessage(reply, reply.outcome === 'done' ? [reply.buffer] : []);
});
