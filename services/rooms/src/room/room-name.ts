import { visibleName } from '@conclave/contracts/visible';
import { invalidArgument } from '@conclave/errors';

/** A name as a room may carry it: 1 to 120 code points, all of it to be seen. */
export function roomName(typed: string): string {
  const name = visibleName(typed);
  if (name === null) throw invalidArgument('name');
  return name;
}
