import {
  holdersOf,
  needsPresence,
  permissionRow,
  permissions,
  permissionsOf,
  permissionsOver,
  roleHas,
  roomRoles,
  type Permission,
} from './permissions.js';

describe('the table of permissions', () => {
  it('gives what has an enforcement point to exactly these roles', () => {
    const held = permissions.filter((permission) => holdersOf(permission).length > 0);
    expect(Object.fromEntries(held.map((permission) => [permission, holdersOf(permission).join(' ')]))).toEqual({
      'room.view': 'owner moderator participant',
      'room.update': 'owner',
      'room.delete': 'owner',
      'room.access-code': 'owner',
      'room.read-access-code': 'owner moderator',
      'room.invite': 'owner moderator',
      'room.roles': 'owner',
      'entry.bypass': 'owner moderator',
      'meeting.moderate': 'owner moderator',
      'lobby.admit': 'owner moderator',
      'meeting.end': 'owner moderator',
      'participant.mute': 'owner moderator',
      'participant.remove': 'owner moderator',
      'chat.read': 'owner moderator participant',
      'chat.write': 'owner moderator participant',
      'file.list': 'owner moderator participant',
      'file.read': 'owner moderator participant',
      'file.share': 'owner moderator participant',
      'file.delete-own': 'owner moderator participant',
      'file.delete': 'owner moderator',
      'share.microphone': 'owner moderator participant',
      'share.camera': 'owner moderator participant',
      'share.screen': 'owner moderator participant',
    });
  });

  it('gives nothing away that nobody asks for yet', () => {
    for (const permission of permissions.filter((one) => permissionRow(one).asked === 'later'))
      for (const role of roomRoles)
        expect([permission, role, roleHas(role, permission)]).toEqual([permission, role, false]);
  });

  it('gives a stranger nothing, and nobody what is not in it', () => {
    for (const permission of permissions) expect(roleHas(null, permission)).toBe(false);
    for (const invented of ['room.invented', 'constructor', 'toString', '__proto__'] as unknown as Permission[]) {
      expect(roleHas('owner', invented)).toBe(false);
      expect(needsPresence(invented)).toBe(false);
    }
  });

  it('lets a moderator do what a participant may, and an owner what a moderator may', () => {
    expect(permissionsOf('moderator')).toEqual(expect.arrayContaining([...permissionsOf('participant')]));
    expect(permissionsOf('owner')).toEqual(expect.arrayContaining([...permissionsOf('moderator')]));
  });

  it('says what may be done to whom: nothing to the owner, nothing to oneself', () => {
    const over = (role: 'owner' | 'moderator', target: (typeof roomRoles)[number], self = false) =>
      permissionsOver(permissionsOf(role), { role: target, self });
    expect(over('moderator', 'participant')).toEqual(['participant.mute', 'participant.remove']);
    expect(over('moderator', 'moderator')).toEqual(['participant.mute', 'participant.remove']);
    expect(over('moderator', 'owner')).toEqual([]);
    expect(over('owner', 'participant')).toEqual(['room.roles', 'participant.mute', 'participant.remove']);
    expect(over('owner', 'owner', true)).toEqual([]);
    expect(permissionsOver(permissionsOf('participant'), { role: 'participant', self: false })).toEqual([]);
  });
});
