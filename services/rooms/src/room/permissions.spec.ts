import { describe, expect, test } from '@jest/globals';
import { mayDo, requirePermission, roomPermissions, type RoomPermission } from './permissions.js';

describe('permissions by role', () => {
  test('are exactly these', () => {
    const table = Object.fromEntries(
      roomPermissions.map((permission) => [
        permission,
        (['owner', 'moderator', 'participant'] as const).filter((role) => mayDo(role, permission)),
      ]),
    );
    expect(table).toEqual({
      'room.view': ['owner', 'moderator', 'participant'],
      'room.update': ['owner'],
      'room.delete': ['owner'],
      'room.access-code': ['owner'],
      'room.invite': ['owner', 'moderator'],
      'meeting.moderate': ['owner', 'moderator'],
      'meeting.end': ['owner', 'moderator'],
    });
  });

  test('a stranger may do nothing and does not learn that the room exists', () => {
    for (const permission of roomPermissions) {
      expect(mayDo(null, permission)).toBe(false);
      expect(() => requirePermission(null, permission)).toThrow(expect.objectContaining({ reason: 'NOT_FOUND' }));
    }
  });

  test('a permission without a row is nobody’s', () => {
    for (const invented of ['room.invented', 'constructor', 'toString'] as unknown as RoomPermission[])
      expect(mayDo('owner', invented)).toBe(false);
  });

  test('a role that is too low is refused', () => {
    expect(() => requirePermission('participant', 'room.invite')).toThrow(
      expect.objectContaining({ reason: 'PERMISSION_DENIED' }),
    );
  });
});
