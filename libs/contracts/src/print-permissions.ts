// Prints docs/permissions.md: the table of permissions, and at which door each of them is asked. `npm run generate` writes it.
import { accessOf, services } from './methods.js';
import { permissionRow, permissions, refusalAt, roleHas, roomRoles, type Permission } from './permissions.js';

interface Door {
  readonly rpc: string;
  readonly asked: readonly Permission[];
}

/** Every method that asks for a permission. */
const doors: readonly Door[] = Object.values(services)
  .flat()
  .flatMap(({ name, methods }) =>
    methods.map((method) => ({
      rpc: `${name}.${method.name}`,
      asked: accessOf(method).permissions as readonly Permission[],
    })),
  )
  .filter(({ asked }) => asked.length > 0);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const where = {
  method: 'at the door',
  entry: 'on entry',
  media: 'by the media server',
  audience: 'for what is told',
  later: 'nowhere yet',
};

const holders = (permission: Permission): readonly string[] => {
  const { room = [], organisation = [], asked } = permissionRow(permission);
  const inRooms = roomRoles.map((role) => {
    if (asked === 'later') return room.includes(role) ? '(yes)' : '';
    return roleHas(role, permission) ? 'yes' : '';
  });
  return [...inRooms, organisation.length > 0 ? `(${organisation.join(', ')})` : ''];
};

const permissionRows = permissions.map((permission) => {
  const { says, presence, over, asked } = permissionRow(permission);
  const name = `\`${permission}\``;
  return [name, says, ...holders(permission), presence ?? '', over?.join(', ') ?? '', where[asked]];
});

const standings = [
  ...roomRoles.flatMap((role) => [
    { head: `${role}, inside`, role, inside: true },
    { head: `${role}, outside`, role, inside: false },
  ]),
  { head: 'removed, stranger, or the room is gone', role: null, inside: false },
];

const doorRows = doors.map(({ rpc, asked }) => [
  rpc,
  asked.map((permission) => `\`${permission}\``).join(' or '),
  ...standings.map((standing) => {
    const refusal = refusalAt(asked, standing);
    return refusal ? `\`${refusal}\`` : 'yes';
  }),
]);

process.stdout.write(`# Who may do what

Made by \`npm run generate\` from the table in \`libs/contracts/src/permissions.ts\` and from what each method declares in \`proto/\`: change it
there. A handler that declares something else than its method does not start; specs in \`services/rooms/test\` and \`services/files/test\` try
every cell of the second table on real servers.

## Permissions

_inside_: only while the person is proven to be in the meeting. _over_: roles that it can be done to; nobody does it to themselves. What
is asked nowhere yet is nobody's, whatever stands in brackets: the feature that brings it takes the mark away.

${table(['permission', 'what it lets somebody do', ...roomRoles, 'organisation', 'presence', 'over', 'asked'], permissionRows)}

## Doors

Every method that asks for a permission, by how the caller stands to the room. _yes_: the handler runs, and what it changes is held against the
caller's rights again under the room's lock. An answer does not tell whether a room exists to those who are nobody there.

${table(['method', 'asks for', ...standings.map(({ head }) => head)], doorRows)}
`);
