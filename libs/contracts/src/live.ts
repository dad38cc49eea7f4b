// The live socket's frames. Needs nothing, so that the web app takes it without the rest of the contract.
// From a browser: u8 channel, u8 op, body. To browsers the same with u32 sender in front, big-endian.

/** What travels apart. 1 ink, 2 board and 3 notes have their numbers and nobody who speaks them yet: unknown, until then. */
export const liveChannels = { control: 0, awareness: 4 } as const;

/** Between a browser and its gateway; answered there and passed on to nobody. */
export const controlOps = { ping: 1, pong: 2 } as const;

/** Gateways among themselves, on the control channel: no browser may send it or gets it. */
export const gatewayOps = {
  /** The sender has the room from now on. From 0, empty; nobody answers, for the bus knows who hears it. */
  here: 3,
} as const;

/** Who does what at this moment. A state is forgotten after `awarenessTtlMs` unless it is said again. */
export const awarenessOps = {
  /** Body: u8, bit 0 says that the sender is typing. */
  state: 1,
  /** A newcomer asks; whoever has a state says it again. Empty. */
  ask: 2,
  /** The sender's socket has ended; only a gateway says it. Empty. */
  gone: 3,
} as const;

/** Bits of a state. */
export const awarenessBits = { typing: 1 } as const;

/** How long a state holds that is not said again. */
export const awarenessTtlMs = 6_000;

/** Bytes in front of a body, from a browser and to it. */
export const liveHead = { fromBrowser: 2, toBrowser: 6 } as const;

/** A frame as browsers get it. */
export interface LiveFrame {
  /** `liveSender` of an admission in the room; 0 is the gateway itself. */
  readonly sender: number;
  readonly channel: number;
  readonly op: number;
  readonly body: Uint8Array;
}

/**
 * The number by which frames name an admission: the first 32 of its 128 random bits. Rooms gives no two admissions of a
 * room that hold at one time the same one, and none is 0.
 */
export const liveSender = (joinId: string): number => Number.parseInt(joinId.slice(0, 8), 16);

/** A frame for a browser to send. */
export function liveFrame(
  channel: number,
  op: number,
  body: Uint8Array | readonly number[] = [],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(liveHead.fromBrowser + body.length);
  bytes.set([channel, op]);
  bytes.set(body, liveHead.fromBrowser);
  return bytes;
}

/** Reads what a browser got; undefined where it is too short to be a frame. */
export function readLiveFrame(bytes: Uint8Array): LiveFrame | undefined {
  if (bytes.length < liveHead.toBrowser) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    sender: view.getUint32(0),
    channel: view.getUint8(4),
    op: view.getUint8(5),
    body: bytes.subarray(liveHead.toBrowser),
  };
}
