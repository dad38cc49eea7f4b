import { decodeMetadata } from './tus-words.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const refusal = (header: string | undefined): unknown => {
  try {
    return decodeMetadata(header);
  } catch (error) {
    const { reason, details } = error as { reason: string; details: object };
    return { reason, ...details };
  }
};

describe('Upload-Metadata', () => {
  it.each([
    [`filename ${base64('résumé.pdf')},filetype ${base64('application/pdf')}`, 'résumé.pdf', 'application/pdf'],
    [`filename ${base64('a')}`, 'a', ''],
    [
      `is_confidential, filename ${base64('folder/b.txt')} , filetype ${base64('text/plain')}`,
      'folder/b.txt',
      'text/plain',
    ],
    // What other clients call the same.
    [`name ${base64('c')},type ${base64('text/plain')}`, 'c', 'text/plain'],
    [`name ${base64('no')},filename ${base64('yes')}`, 'yes', ''],
  ])('%s says what a file is called', (header, name, type) => {
    expect(decodeMetadata(header)).toEqual({ name, type });
  });

  it.each([
    undefined,
    '',
    'filename',
    `filetype ${base64('text/plain')}`,
    'filename %%%',
    `filename ${base64('a')},filename ${base64('b')}`,
    `filename ${Buffer.from([0xc3]).toString('base64')}`,
    `filename ${base64('a\0b')}`,
    `filename ${base64('x'.repeat(256))}`,
    `filename ${base64('a')},filetype ${base64('\u0000')}`,
    `filename ${base64('a')},filetype ${base64('x'.repeat(256))}`,
    `filename ${base64('a')},more ${'A'.repeat(8192)}`,
  ])('%j is none', (header) => {
    expect(refusal(header)).toEqual({ reason: 'INVALID_ARGUMENT', field: 'Upload-Metadata' });
  });
});
