import { timestampDate, type rooms } from '@conclave/contracts';

/** One event of a room as browsers get it: written once, sent to every socket of the room. */
export interface EventFrame {
  readonly seq: bigint;
  readonly frame: Buffer;
}

/** The frame of an event; undefined where its facts are no JSON object, which no service of ours sends. */
export function eventFrame({ seq, type, at, data }: rooms.RoomEvent): EventFrame | undefined {
  try {
    const facts: unknown = data.length === 0 ? {} : JSON.parse(Buffer.from(data).toString('utf8'));
    if (typeof facts !== 'object' || facts === null || Array.isArray(facts) || !at) return undefined;
    const text = JSON.stringify({ seq: Number(seq), type, at: timestampDate(at).toISOString(), data: facts });
    return { seq, frame: Buffer.from(text) };
  } catch {
    return undefined;
  }
}
