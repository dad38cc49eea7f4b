import { Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const newline = 0x0a;
const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/**
 * Reads what `COPY … TO STDOUT` wrote, to its end, and answers the number of rows. Rows are divided at bytes, for a line
 * separator of Unicode may stand inside a value.
 *
 * @param row is called with the values of each row; null is SQL's
 */
export async function readCopyText(
  stream: Readable,
  row?: (values: readonly (string | null)[]) => void,
): Promise<number> {
  let rows = 0;
  let rest: Buffer = Buffer.alloc(0);
  const take = (chunk: Buffer): void => {
    if (!row) {
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) rows += 1;
      return;
    }
    const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    for (let at = all.indexOf(newline); at >= 0; at = all.indexOf(newline, from)) {
      row(all.toString('utf8', from, at).split('\t').map(valueOf));
      rows += 1;
      from = at + 1;
    }
    rest = all.subarray(from);
  };
  await pipeline(
    stream,
    new Writable({
      write: (chunk: Buffer, _encoding, next) => {
        take(chunk);
        next();
      },
    }),
  );
  return rows;
}

const valueOf = (text: string): string | null =>
  text === '\\N' ? null : text.replace(/\\(.)/gs, (_, char: string) => escapes[char] ?? char);
