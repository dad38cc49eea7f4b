import type { DescField } from '@conclave/contracts';

/** Texts that fit, and texts that do not. */
interface Texts {
  readonly fit: readonly string[];
  readonly unfit: readonly string[];
}

const id = '01923000-0000-7000-8000-000000000001';

/** For the rules that many fields share (`common/v1/rules.proto`), at their bounds and beyond. */
export const sharedValues: Readonly<Record<string, Texts>> = {
  slug: {
    fit: ['lusab-babad-gutih-tugad', 'a'.repeat(8), '0'.repeat(64)],
    unfit: ['a'.repeat(7), 'a'.repeat(65), '-lusab-babad', 'Lusab-babad', 'lusäb-babad', 'lusab babad', "' or 1=1 --"],
  },
  id: {
    fit: [id, '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    unfit: [id.slice(1), `${id}0`, id.replace('1', 'A'), id.replaceAll('-', ''), `{${id}}`, `${id}\n`, 'no-id'],
  },
  join_id: {
    fit: ['0'.repeat(32), 'f'.repeat(32)],
    unfit: ['0'.repeat(31), '0'.repeat(33), 'F'.repeat(32), 'g'.repeat(32), `${'0'.repeat(31)}\n`],
  },
  // What fits is what an answer gave, and no list can be guessed to have given it.
  cursor: { fit: [], unfit: ['a'.repeat(129), 'not a cursor', 'a=', 'ä', "' or 1=1 --"] },
};

/** For formats, and what is refused by every pattern that does not mean it. */
export const ownValues = {
  ip: { fit: ['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1'], unfit: ['x', '192.0.2', '192.0.2.256', '192.0.2.1\n'] },
  odd: [' ', 'a b', 'a\n', 'ä', '\u0000', '🦊'],
} as const;

/** Text of a length that the field takes for what it is, where any letters would not do. */
const made: Readonly<Record<string, (length: number) => string>> = {
  'conclave.auth.v1.CreateAccountRequest.email': address,
  'conclave.auth.v1.CreateSessionRequest.email': address,
  'conclave.rooms.v1.CreateInvitationRequest.email': address,
  // At most 64 characters of a code count, the others separate groups.
  'conclave.rooms.v1.CreateRoomRequest.access_code': (length) =>
    length <= 64 ? 'k'.repeat(length) : 'k-'.repeat(length).slice(0, length),
  'conclave.rooms.v1.AuthorizeMediaRequest.ticket': (length) => `a.b.${'c'.repeat(Math.max(1, length - 4))}`,
};

/** Text of a length for a field. */
export const textOf = (field: DescField, length: number): string =>
  (made[`${field.parent.typeName}.${field.name}`] ?? ((n: number) => 'a'.repeat(n)))(length);

/** An address of this length: at most 64 before the @, labels of at most 63 behind it. */
function address(length: number): string {
  if (length < 6) return 'a@b.cc'.slice(0, length);
  const local = 'a'.repeat(Math.max(1, Math.min(64, length - 5)));
  let rest = length - local.length - 1;
  const labels: string[] = [];
  while (rest > 66) {
    labels.push('b'.repeat(63));
    rest -= 64;
  }
  const last = Math.min(63, Math.max(2, rest - 2));
  return `${local}@${[...labels, 'b'.repeat(rest - last - 1), 'c'.repeat(last)].join('.')}`;
}
