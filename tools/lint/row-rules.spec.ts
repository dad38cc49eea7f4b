import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { rows } from './row-rules.mjs';

const linter = new Linter();

const complaints = (code: string): string[] =>
  linter
    .verify(
      `const fresh = { refresh: true } as const;\nconst page = { limit: 5 };\n${code}`,
      [
        {
          files: ['**/*.ts'],
          languageOptions: { parser: tseslint.parser as Linter.Parser },
          plugins: { conclave: { rules: { rows } } },
          rules: { 'conclave/rows': 'error' },
        },
      ],
      'a.ts',
    )
    .map(({ message }) => message);

describe('rows', () => {
  it.each([
    ['without options', 'em.findOne(Invitation, { id });'],
    ['with others', 'em.find(Person, { id }, { limit: 1 });'],
    ['with a constant of others', 'em.find(Person, { id }, page);'],
    ['that refuse it', 'em.findOne(Person, { id }, { refresh: false });'],
    ['with a condition of that name', 'em.findOne(Person, where);'],
  ])('may be stale when they are read %s', (_way, code) => {
    expect(complaints(code)).toEqual([expect.stringContaining('Say `refresh: true`')]);
  });

  it.each([
    ['refreshed', 'em.findOne(Person, { id }, { lockMode, refresh: true });'],
    ['refreshed by a constant', 'em.find(Person, { id }, fresh);'],
    [
      'refreshed by a constant beside',
      'const locked = { refresh: true, limit: 1 } as const; em.findAll(Person, locked);',
    ],
    ['of another thing', 'list.find((one) => one.id === id);'],
    ['of a manager of their own', 'this.em.fork().findOne(Person, { id });'],
  ])('are as the database has them when they are %s', (_way, code) => {
    expect(complaints(code)).toEqual([]);
  });
});
