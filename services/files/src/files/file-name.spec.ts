import { safeFileName, safeMimeType } from './file-name.js';

describe('a safe file name', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['\u00e4ngstlich.txt', '\u00e4ngstlich.txt'],
    ['a\u0308ngstlich.txt', '\u00e4ngstlich.txt'],
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['C:\\temp\\x.txt', 'C:_temp_x.txt'],
    ['a\u0000b\u001fc\u007f.txt', 'abc.txt'],
    ['invoice\u202egpj.exe', 'invoicegpj.exe'],
    ['\u2067abc\u2069.txt', 'abc.txt'],
    ['  padded.txt. . ', 'padded.txt'],
    ['\u{1f469}\u200d\u{1f4bb} notes.md', '\u{1f469}\u200d\u{1f4bb} notes.md'],
    ['\u05e9\u05dc\u05d5\u05dd.pdf', '\u05e9\u05dc\u05d5\u05dd.pdf'],
    ['a\u200bb\u3164c\u2800.txt', 'abc.txt'],
    ['\u05e9\u05dc\u05d5\u05dd\u200f 1.pdf', '\u05e9\u05dc\u05d5\u05dd\u200f 1.pdf'],
    ['line\r\nbreak', 'linebreak'],
    ['lone\ud800surrogate', 'lone\ufffdsurrogate'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['\u{1f600}'.repeat(255), '\u{1f600}'.repeat(255)],
  ])('of %j is %j', (given, safe) => {
    expect(safeFileName(given)).toBe(safe);
  });

  it.each(['', ' ', '.', '..', '...', '\u202e', '\u0000', '\u3164', '\u2800'])('refuses %j', (given) => {
    expect(() => safeFileName(given)).toThrow(
      expect.objectContaining({ reason: 'INVALID_ARGUMENT', details: { field: 'name' } }),
    );
  });
});

describe('a safe type', () => {
  it.each([
    ['text/html; charset=utf-8', 'text/html'],
    ['IMAGE/PNG', 'image/png'],
    ['application/vnd.oasis.opendocument.text', 'application/vnd.oasis.opendocument.text'],
    ['', 'application/octet-stream'],
    ['text/html\r\nX: y', 'application/octet-stream'],
    [`text/${'x'.repeat(200)}`, 'application/octet-stream'],
  ])('of %j is %j', (given, safe) => {
    expect(safeMimeType(given)).toBe(safe);
  });
});
