// docs/permissions.md: the table of permissions, and at which door each of them is asked.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { permissionRow, permissions, refusalAt, roleHas, roomRoles } from '../../libs/contracts/src/permissions.ts';

const target = 'docs/permissions.md';
const option = '[conclave.common.v1.rpc]';

/** Every method that asks for a permission, by what it asks for. */
function doors() {
  const built = spawnSync('buf', ['build', '-o', '-#format=json'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (built.status !== 0) throw new Error(built.stderr);
  return JSON.parse(built.stdout).file.flatMap(({ service = [] }) =>
    service.flatMap(({ name, method = [] }) =>
      method.flatMap(({ name: rpc, options }) => {
        const asked = options?.[option]?.permissions ?? [];
        return asked.length > 0 ? [{ rpc: `${name}.${rpc}`, asked }] : [];
      }),
    ),
  );
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const where = {
  method: 'at the door',
  entry: 'on entry',
  media: 'by the media server',
  audience: 'for what is told',
  later: 'nowhere yet',
};

const holders = (permission) => {
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

const doorRows = (found) =>
  found.map(({ rpc, asked }) => [
    rpc,
    asked.map((permission) => `\`${permission}\``).join(' or '),
    ...standings.map((standing) => {
      const refusal = refusalAt(asked, standing);
      return refusal ? `\`${refusal}\`` : 'yes';
    }),
  ]);

const text = (found) => `# Who may do what

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

${table(['method', 'asks for', ...standings.map(({ head }) => head)], doorRows(found))}
`;

/** Writes the document; with `check` it only says whether the committed one differs. */
export async function generatePermissions({ check }) {
  const wanted = await format(text(doors()), { ...(await resolveConfig(target)), filepath: target });
  if (!check) writeFileSync(target, wanted);
  return !check || (existsSync(target) && readFileSync(target, 'utf8') === wanted);
}
