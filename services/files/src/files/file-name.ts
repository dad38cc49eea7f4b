import { isVisible, withoutHidden } from '@conclave/contracts/visible';
import { invalidArgument } from '@conclave/errors';

const longestType = 127;

/**
 * A name that may be shown and offered to any file system: NFC, no path, nothing that reorders or hides what is read.
 * Emoji and every script stay as they are. What cannot be a name at all is refused (INVALID_ARGUMENT, field `name`).
 */
export function safeFileName(given: string): string {
  // A lone surrogate is no text; this makes it U+FFFD.
  const name = withoutHidden(Buffer.from(given).toString().normalize('NFC'))
    .replace(/[/\\\u2044\u2215]/g, '_')
    .trim()
    // Windows drops trailing dots and spaces, and `.` and `..` are folders.
    .replace(/[. ]+$/, '')
    .replace(/^\.+$/, '');
  if (!isVisible(name)) throw invalidArgument('name');
  return name;
}

/** A MIME type in its plain form, without parameters; anything else is `application/octet-stream`. It is a hint, never trusted. */
export function safeMimeType(given: string): string {
  const essence = given.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const proper = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/.test(essence);
  return proper && essence.length <= longestType ? essence : 'application/octet-stream';
}
