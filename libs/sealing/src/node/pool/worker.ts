/**
 * The worker's side of the pool. It also runs straight from its TypeScript source (see load-source.mjs), so it and what it
 * imports use only erasable syntax and no other package.
 */
import { parentPort } from 'node:worker_threads';
import { keysLive, takeKeys } from '../live-keys.js';
import { RunningDigests } from '../object-digests.js';
import { openBatch, sealBatch } from '../segment-batch.js';
import { wipe } from '../wipe.js';
import type { LaneLeft, WorkerReply, WorkerRequest } from './messages.js';

const lanes = new Map<number, RunningDigests>();

/** The digests that a run belongs to; a lane begins with the object's first segment. */
function digestsOf(request: WorkerRequest): RunningDigests | undefined {
  if (request.lane === undefined) return undefined;
  const { id, header } = request.lane;
  if (request.first === 0 && !lanes.has(id)) lanes.set(id, new RunningDigests(header));
  const digests = lanes.get(id);
  if (digests === undefined) throw new RangeError('a run of a lane that is over');
  digests.expect(request);
  if (request.final) lanes.delete(id);
  return digests;
}

function carryOut(request: WorkerRequest): WorkerReply {
  const { id, operation, buffer } = request;
  const keys = takeKeys(request.keys);
  if (!keys) return { id, outcome: 'keysGone' };
  const wire = new Uint8Array(buffer);
  if (operation === 'open') {
    if (!openBatch(keys, wire, request)) return { id, outcome: 'refused' };
    return keysLive(request.keys) ? { id, outcome: 'done', buffer } : { id, outcome: 'keysGone' };
  }
  const digests = digestsOf(request);
  sealBatch(keys, wire, request, digests);
  if (!keysLive(request.keys)) return { id, outcome: 'keysGone' };
  return { id, outcome: 'done', buffer, ...(digests && request.final && { digests: digests.digests() }) };
}

parentPort?.on('message', (request: WorkerRequest | LaneLeft) => {
  if (request.operation === 'leave') return void lanes.delete(request.lane);
  let reply: WorkerReply;
  try {
    reply = carryOut(request);
  } catch (error) {
    reply = { id: request.id, outcome: 'fault', fault: error instanceof Error ? error.message : 'unknown' };
  }
  if (reply.outcome !== 'done') wipe(request.buffer);
  parentPort?.postMessage(reply, reply.outcome === 'done' ? [reply.buffer] : []);
});
