import type { ErrorReason } from '@conclave/errors';
import { isErrorReason } from '@conclave/errors';
import { ErrorReason as WireReason } from './common.js';

/** The wire's number for a reason. */
export const reasonToWire = (reason: ErrorReason): WireReason => WireReason[reason];

/** The reason for a wire number; one we do not know (a newer peer) reads as INTERNAL. */
export function reasonFromWire(wire: WireReason): ErrorReason {
  const name = WireReason[wire];
  return name !== undefined && isErrorReason(name) ? name : 'INTERNAL';
}
