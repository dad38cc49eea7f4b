import type { Message } from '../../core/api/api';
import { groupMessages } from './chat-log';

const message = (id: string, author: string, sentAt: string): Message => ({
  id,
  author: { id: author, displayName: author },
  text: id,
  sentAt,
  can: [],
});

describe('a log of messages', () => {
  const now = new Date('2026-11-23T12:00:00');
  const log = [
    message('1', 'aylin', '2026-11-22T10:00:00'),
    message('2', 'aylin', '2026-11-23T10:00:00'),
    message('3', 'aylin', '2026-11-23T10:01:00'),
    message('4', 'tom', '2026-11-23T10:02:00'),
    message('5', 'tom', '2026-11-23T10:20:00'),
  ];

  it('separates days and joins what one says in a row', () => {
    const groups = groupMessages(log, null, now);
    expect(groups.map((group) => [group.day, group.messages.map((m) => m.id).join()])).toEqual([
      ['Yesterday', '1'],
      ['Today', '2,3'],
      [null, '4'],
      [null, '5'],
    ]);
  });

  it('begins a group where the new ones begin', () => {
    expect(
      groupMessages(log, '3', now)
        .filter((group) => group.isNew)
        .map((group) => group.id),
    ).toEqual(['3']);
  });
});
