import { Readable } from 'node:stream';
import { readCopyText } from './copy-text.js';

const read = async (text: string, size: number): Promise<{ rows: number; values: (string | null)[][] }> => {
  const bytes = Buffer.from(text);
  const chunks = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  const values: (string | null)[][] = [];
  const rows = await readCopyText(Readable.from(chunks), (row) => void values.push([...row]));
  return { rows, values };
};

describe('text of COPY', () => {
  const text = 'a\\tb\t\\N\t\\\\x00ff\n\u2028ü\t\t\\\\N\nlast\t\\r\\n\t\n';

  it.each([1, 2, 7, 1000])('gives rows and values, however it is cut (%i bytes at a time)', async (size) => {
    expect(await read(text, size)).toEqual({
      rows: 3,
      values: [
        ['a\tb', null, '\\x00ff'],
        ['\u2028ü', '', '\\N'],
        ['last', '\r\n', ''],
      ],
    });
  });

  it('is counted without being looked at', async () => {
    expect(await readCopyText(Readable.from([Buffer.from('a\nb'), Buffer.from('\nc\n\n')]))).toBe(4);
    expect(await readCopyText(Readable.from([]))).toBe(0);
  });
});
