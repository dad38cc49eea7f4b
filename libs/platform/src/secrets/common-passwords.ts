import { readFileSync } from 'node:fs';

let read: ReadonlySet<string> | undefined;

/**
 * The 10,000 most common passwords of at least 8 characters, most common first, lower case, read when they are first asked for. Data:
 * `passwords.json` of @zxcvbn-ts/language-common 4.1.3 (MIT, see common-passwords.LICENSE.txt); shorter ones are left out, because the
 * length rule refuses them already. Passwords and access codes are held to it alike.
 */
export function commonPasswords(): ReadonlySet<string> {
  read ??= new Set(
    readFileSync(new URL('./common-passwords.txt', import.meta.url), 'utf8')
      .trimEnd()
      .split('\n'),
  );
  return read;
}

/** Whether a password is one of those that are tried first; upper case does not save it. */
export const isCommonPassword = (password: string): boolean => commonPasswords().has(password.toLowerCase());
