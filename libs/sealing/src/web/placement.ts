import { AS_PLAINTEXT, AS_WIRE } from '../assemble.js';
import { FRONT } from './segment-batch.js';

/** As on the server, behind the free bytes in front of a run. */
const behindFront = ({ length, place }: typeof AS_WIRE): typeof AS_WIRE => ({
  length,
  place(at) {
    const { offset, room } = place(at);
    return { offset: FRONT + offset, room };
  },
});

export const WEB_PLAINTEXT = behindFront(AS_PLAINTEXT);
export const WEB_WIRE = behindFront(AS_WIRE);

/** A buffer for a run of that many bytes on the wire. */
export const webBuffer = (wireLength: number): ArrayBuffer => new ArrayBuffer(FRONT + wireLength);
