import type { Message } from '../../core/api/api';
import { groupMessages, linkParts } from './chat-log';

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

describe('links in a message', () => {
  it('are found, without the full stop behind them', () => {
    expect(linkParts('See https://example.com/a?b=c. Then go.')).toEqual([
      { text: 'See ', href: null },
      { text: 'https://example.com/a?b=c', href: 'https://example.com/a?b=c' },
      { text: '. Then go.', href: null },
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'https://bank.example@evil.example/',
    '<img src=x onerror=alert(1)>',
  ])('%s is no link', (text) => expect(linkParts(text).every((part) => part.href === null)).toBe(true));

  it('lose nothing of the text', () => {
    const text = 'a https://x.example/(b) c http://y.example, d';
    expect(
      linkParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
});
