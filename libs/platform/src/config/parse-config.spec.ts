import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config-error.js';
import { parseConfig } from './parse-config.js';
import { base64Secret, commonKeys, flag, integer, port, secret, url } from './schemas.js';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string): string {
  const path = join(folder, `${Math.random()}`);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function problemsOf(schema: z.ZodObject, env: Record<string, string>): string {
  try {
    parseConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('parseConfig', () => {
  const schema = z.object({ PASSWORD: secret(), PEPPER: base64Secret(32), PORT: port(), PUBLIC_URL: url() });
  const pepper = Buffer.alloc(32, 7).toString('base64');
  const good = { PASSWORD: 'correct horse', PEPPER: pepper, PORT: '7080', PUBLIC_URL: 'https://meet.example' };

  it('gives typed values', () => {
    expect(parseConfig(schema, good)).toEqual({ ...good, PORT: 7080, PEPPER: Buffer.alloc(32, 7) });
  });

  it('a secret may come from a file, whose last line break is no part of it', () => {
    const { PASSWORD: _, ...rest } = good;
    expect(parseConfig(schema, { ...rest, PASSWORD_FILE: file('from a file\n') }).PASSWORD).toBe('from a file');
    expect(parseConfig(schema, { ...rest, PASSWORD_FILE: file('two\n\n') }).PASSWORD).toBe('two\n');
  });

  it('a base64 secret may come from a file too', () => {
    const { PEPPER: _, ...rest } = good;
    expect(parseConfig(schema, { ...rest, PEPPER_FILE: file(`${pepper}\n`) }).PEPPER).toHaveLength(32);
  });

  it('both ways at once are refused', () => {
    expect(problemsOf(schema, { ...good, PASSWORD_FILE: file('x') })).toContain(
      'PASSWORD: give either PASSWORD or PASSWORD_FILE, not both',
    );
  });

  it('only secrets are read from files', () => {
    const { PORT: _, ...rest } = good;
    expect(problemsOf(schema, { ...rest, PORT_FILE: file('7080') })).toContain('PORT: is missing');
  });

  it('an empty or absent file is a problem of that key', () => {
    const { PASSWORD: _, ...rest } = good;
    expect(problemsOf(schema, { ...rest, PASSWORD_FILE: file('\n') })).toContain('PASSWORD: the file');
    expect(problemsOf(schema, { ...rest, PASSWORD_FILE: join(folder, 'absent') })).toContain('ENOENT');
  });

  it('everything that is wrong is listed at once, one line a key', () => {
    const message = problemsOf(schema, { PASSWORD: '', PEPPER: 'c2hvcnQ=', PORT: '70000', PUBLIC_URL: 'gopher://x' });
    expect(message.split('\n').slice(1)).toEqual([
      '  PASSWORD: is missing',
      '  PEPPER: must be 32 bytes in base64',
      '  PORT: must be a whole number from 0 to 65535',
      '  PUBLIC_URL: must be a http or https URL without a password',
    ]);
  });

  it('no value is in the words, not even when a schema puts it there', () => {
    const leaky = z.object({
      TOKEN: secret().refine(() => false, { error: (issue) => `bad: ${String(issue.input)}` }),
    });
    const message = problemsOf(leaky, { TOKEN: 'hunter2-canary' });
    expect(message).toContain('TOKEN: is not valid');
    expect(message).not.toContain('hunter2-canary');
  });

  it.each(['1e3', '0x10', ' 5', '5.0', '', '99999999999999999999'])('%p is not a whole number', (value) => {
    expect(problemsOf(z.object({ N: integer(1, 1000) }), { N: value })).toContain('N: ');
  });

  it('a URL with a password is refused: passwords are secrets of their own', () => {
    const database = z.object({ DATABASE_URL: url(['postgres']) });
    expect(problemsOf(database, { DATABASE_URL: 'postgres://rooms:pw@localhost/rooms' })).not.toBe('');
    expect(problemsOf(database, { DATABASE_URL: 'postgres://rooms@localhost/rooms' })).toBe('');
  });

  it('optional keys and rules between keys work', () => {
    const pair = z
      .object({ CERT: z.string().optional(), KEY: secret().optional(), LAN: flag() })
      .refine(({ CERT, KEY }) => (CERT === undefined) === (KEY === undefined), 'CERT and KEY go together');
    expect(parseConfig(pair, { LAN: 'false' })).toEqual({ LAN: false });
    expect(problemsOf(pair, { LAN: 'true', CERT: 'a' })).toContain('configuration: CERT and KEY go together');
    expect(parseConfig(pair, { LAN: 'true', CERT: 'a', KEY_FILE: file('k') }).KEY).toBe('k');
  });

  it('the keys of every service have no default for anything secret', () => {
    expect(problemsOf(z.object(commonKeys), {}).split('\n').slice(1)).toEqual([
      '  INTERNAL_HOST: is missing',
      '  INTERNAL_PORT: is missing',
      '  NATS_URL: is missing',
      '  NATS_NKEY_SEED: is missing',
      '  PUBLIC_URL: is missing',
    ]);
  });
});
