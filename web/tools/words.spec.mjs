import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMessage, placeholdersOf, writeMessage } from './messages.mjs';
import { pseudo } from './pseudo.mjs';

const words = (locale) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../src/locales/${locale}.json`), 'utf8')).translations;
const english = words('messages');

describe('messages', () => {
  const rooms = '{VAR_PLURAL, plural, =1 {One room} other {{INTERPOLATION} rooms of {$NAME}}}';

  it('are read and written without a difference', () => {
    for (const text of ['Sign in', 'Used {$AGO}, hosted by {$HOST}', rooms, ...Object.values(english)])
      expect(writeMessage(parseMessage(text))).toBe(text);
  });

  it('keep their placeholders and plurals when they are made longer', () => {
    expect(placeholdersOf(parseMessage(rooms))).toEqual(['{$NAME}', '{INTERPOLATION}', '{VAR_PLURAL, plural}']);
    expect(pseudo('Used {$AGO}')).toBe('[Ûûšéð {$AGO}]');
    expect(placeholdersOf(parseMessage(pseudo(rooms)))).toEqual(placeholdersOf(parseMessage(rooms)));
  });

  it.each(['{COUNT, plural, =1 {one}', '{$NAME'])('%s is not whole', (text) =>
    expect(() => parseMessage(text)).toThrow(),
  );
});

describe.each(['de', 'ar', 'en-XA'])('the words of %s', (locale) => {
  const translated = words(locale);

  it('are complete, and none is unused', () => {
    expect(Object.keys(translated).sort()).toEqual(Object.keys(english).sort());
    expect(Object.entries(translated).filter(([, text]) => !text.trim())).toEqual([]);
  });

  it('hold the placeholders of the English ones', () => {
    const different = Object.keys(english).filter(
      (id) =>
        String(placeholdersOf(parseMessage(translated[id]))) !== String(placeholdersOf(parseMessage(english[id]))),
    );
    expect(different).toEqual([]);
  });
});

it('every id is given by hand, by feature', () => {
  expect(Object.keys(english).filter((id) => !/^[a-z][A-Za-z]*(\.[a-z][A-Za-z]*)+$/.test(id))).toEqual([]);
});

it('Arabic counts in all of its forms', () => {
  const counted = Object.entries(words('ar')).flatMap(([id, text]) =>
    parseMessage(text).flatMap((part) => (part.branches ? [[id, part.branches.map(({ key }) => key)]] : [])),
  );
  // Where no number stands beside its noun, no forms are needed.
  const few = counted.filter(
    ([id, keys]) => !keys.includes('few') && !['chat.typing', 'door.startedWith', 'meeting.chatWithNew'].includes(id),
  );
  expect(few).toEqual([]);
});
