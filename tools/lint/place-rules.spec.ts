import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { places } from './place-rules.mjs';

const linter = new Linter();

const complaints = (body: string): string[] =>
  linter
    .verify(
      `const waiting = new Set();\nclass Door {\n  async open(person) {\n${body}\n  }\n}`,
      [
        {
          files: ['**/*.ts'],
          languageOptions: { parser: tseslint.parser as Linter.Parser },
          plugins: { conclave: { rules: { places } } },
          rules: { 'conclave/places': 'error' },
        },
      ],
      'a.ts',
    )
    .map(({ message }) => message);

describe('places', () => {
  it.each([
    ['counted, waited for, taken', 'if (this.live.count(person) >= 24) throw e; await ask(); this.live.admit(person);'],
    [
      'counted into a variable first',
      'const held = this.live.count(person); await ask(); if (held < 24) this.live.add(person);',
    ],
    ['the size of a set', 'if (this.open.size > 9) return; const who = await ask(); this.open.add(who);'],
    ['the size of a set of the module', 'if (waiting.size > 9) return; const who = await ask(); waiting.add(who);'],
    ['the length of a list', 'if (this.queue.length > 9) return; this.queue.push(await ask());'],
    ['taken in a callback', 'if (this.open.size > 9) return; await ask(); upgrade(() => this.open.add(person));'],
    ['asked in the database', 'if ((await this.em.count(Seat, {})) > 9) return; await ask(); this.em.persist(person);'],
  ])('are late when they are %s', (_way, body) => {
    expect(complaints(body)).toEqual([expect.stringContaining('takes a place in it only after an await')]);
  });

  it.each([
    ['counted and taken before the first await', 'if (this.open.size > 9) return; this.open.add(person); await ask();'],
    ['waited for first', 'const who = await ask(); if (this.open.size > 9) return; this.open.add(who);'],
    ['reserved', 'const place = this.live.reserve(person); await ask(); place.whenCut(end);'],
    ['nobody else can see', 'const found = []; if (found.length > 9) return; await ask(); found.push(person);'],
    ['of another store', 'if (this.open.size > 9) return; await ask(); this.others.add(person);'],
    [
      'waited for by somebody else',
      'if (this.open.size > 9) return; later(async () => { await ask(); }); this.open.add(person);',
    ],
  ])('are in time when they are %s', (_way, body) => {
    expect(complaints(body)).toEqual([]);
  });
});
