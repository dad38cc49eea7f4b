/**
 * The worker's side: a module that a page starts as a worker of its own origin. It keeps nothing between two batches, keys neither.
 * Workers have no import map, so it and what it imports take no other package.
 */
import { wipe } from '../../wipe.js';
import { openBatch, sealBatch } from '../segment-batch.js';
import type { Port, WebReply, WebRequest } from './messages.js';

const port = globalThis as unknown as Port;

async function carryOut(request: WebRequest): Promise<WebReply> {
  const { id, operation, keys, buffer } = request;
  if (operation === 'seal') {
    await sealBatch(keys, buffer, request);
    return { id, outcome: 'done', done: [buffer] };
  }
  const done = await openBatch(keys, buffer, request);
  return done === undefined ? { id, outcome: 'refused' } : { id, outcome: 'done', done };
}

async function answer(request: WebRequest): Promise<void> {
  let reply: WebReply;
  try {
    reply = await carryOut(request);
  } catch (error) {
    reply = { id: request.id, outcome: 'fault', fault: error instanceof Error ? error.message : 'unknown' };
  }
  if (reply.outcome !== 'done') wipe(request.buffer);
  port.postMessage(reply, reply.outcome === 'done' ? [...reply.done] : []);
}

port.addEventListener('message', ({ data }) => void answer(data as WebRequest));
