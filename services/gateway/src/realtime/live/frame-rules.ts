import type { Permission } from '@conclave/contracts';
import { awarenessOps, controlOps, liveChannels } from '@conclave/contracts/live';

/** What may be said on a channel, by whom, and how much of it. */
export interface FrameRule {
  readonly channel: number;
  readonly op: number;
  /** Undefined for what stays between browser and gateway. */
  readonly permission?: Permission;
  /** Longest body in bytes. */
  readonly mostBytes: number;
}

/** How much comes back per second, and how much may come at once. */
export interface ChannelRate {
  readonly perSecond: number;
  readonly burst: number;
}

const { control, awareness } = liveChannels;

/** Everything that a browser may send. A channel and an op that are not here are unknown. */
const rules: readonly FrameRule[] = [
  { channel: control, op: controlOps.ping, mostBytes: 0 },
  { channel: awareness, op: awarenessOps.state, permission: 'chat.write', mostBytes: 64 },
  { channel: awareness, op: awarenessOps.ask, permission: 'chat.read', mostBytes: 0 },
];

const rates: Readonly<Record<number, ChannelRate>> = {
  [control]: { perSecond: 1, burst: 10 },
  // Pointers will move at thirty a second beside it.
  [awareness]: { perSecond: 40, burst: 80 },
};

const byKey = new Map(rules.map((rule) => [(rule.channel << 8) | rule.op, rule]));

/** The rule of a frame as it came; undefined for a kind that nobody knows. */
export const ruleOf = (frame: Buffer): FrameRule | undefined =>
  frame.length < 2 ? undefined : byKey.get(frame.readUInt16BE(0));

/** Frames beyond the rate that are only dropped; who goes on is cut. */
const patience = 400;

/** What one socket has left on each channel. */
export class FrameBudget {
  private readonly left = new Map<number, { tokens: number; at: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Takes one frame, in one step: there is room for it, it is one too many, or there have been so many that nobody means it. */
  take(channel: number): 'ok' | 'too many' | 'flood' {
    const { perSecond, burst } = rates[channel] ?? { perSecond: 0, burst: 0 };
    const now = this.now();
    const bucket = this.left.get(channel) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond) - 1;
    this.left.set(channel, { tokens, at: now });
    if (tokens >= 0) return 'ok';
    return tokens > -patience ? 'too many' : 'flood';
  }
}
