import { broadcastTable, methodTable } from '@conclave/contracts';
import { allowLists, busUsers } from './allow-list.js';

const calls = [
  { service: 'rooms', subject: 'rooms.Invite', callers: ['gateway'] },
  { service: 'rooms', subject: 'rooms.Prove', callers: ['files', 'gateway'] },
];
const broadcasts = [{ subject: 'outbox.rooms', publishers: ['rooms'], subscribers: ['files'] }];

describe('allow-lists', () => {
  it('let a caller publish what the contract lets it call, and nothing else', () => {
    const lists = allowLists(calls, broadcasts);
    expect(lists.gateway.publish).toEqual(['rooms.Invite', 'rooms.Prove']);
    expect(lists.files.publish).toEqual(['rooms.Prove']);
    expect(lists.auth.publish).toEqual([]);
  });

  it('let a service hear its own methods, its own answers and its broadcasts', () => {
    const lists = allowLists(calls, broadcasts);
    expect(lists.rooms.subscribe).toEqual(['_INBOX.rooms.>', 'rooms.Invite', 'rooms.Prove']);
    expect(lists.files.subscribe).toEqual(['_INBOX.files.>', 'outbox.rooms']);
  });

  it('refuse a contract that names a stranger', () => {
    const stranger = [{ service: 'rooms', subject: 'rooms.Invite', callers: ['gatway'] }];
    expect(() => allowLists(stranger, [])).toThrow('"gatway"');
  });

  it('give nobody a wildcard beyond its own inbox, the events of rooms and their live frames', () => {
    const lists = allowLists(methodTable, broadcastTable);
    const wild = busUsers
      .flatMap((user) => [...lists[user].publish, ...lists[user].subscribe])
      .filter((s) => /[*>]/.test(s));
    expect([...new Set(wild)].sort()).toEqual(
      [...busUsers.map((user) => `_INBOX.${user}.>`), 'conclave.room.*.*', 'conclave.live.*.*'].sort(),
    );
  });

  it('let each method of the contracts be heard by exactly one service', () => {
    const lists = allowLists(methodTable, broadcastTable);
    for (const { subject, service } of methodTable) {
      expect(busUsers.filter((user) => lists[user].subscribe.includes(subject))).toEqual([service]);
    }
  });
});
