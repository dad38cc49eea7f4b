import { chosenFiles, droppedFiles, nameWithin } from './dropped-files';

/** An entry as browsers give them out: a reader tells a hundred at a time. */
const entry = (name: string, inner?: unknown[]): unknown =>
  inner
    ? {
        name,
        isDirectory: true,
        createReader: () => {
          const left = [...inner];
          return { readEntries: (done: (some: unknown[]) => void) => done(left.splice(0, 100)) };
        },
      }
    : { name, isDirectory: false, file: (done: (file: File) => void) => done(new File(['x'], name)) };

const handle = (name: string, inner?: unknown[]): unknown =>
  inner
    ? {
        kind: 'directory',
        name,
        values: async function* () {
          yield* inner;
        },
      }
    : { kind: 'file', name, getFile: async () => new File(['x'], name) };

const dropOf = (...items: object[]) =>
  ({
    items: items.map((item) => ({ kind: 'file', webkitGetAsEntry: () => null, getAsFile: () => null, ...item })),
    files: [],
  }) as unknown as DataTransfer;

const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);

describe('a folder that is dropped', () => {
  const tree = (make: typeof entry) =>
    make('report', [make('plan.pdf'), make('.DS_Store'), make('2026', [make('a.txt'), make('empty', [])])]);
  const inside = ['report › plan.pdf', 'report › 2026 › a.txt'];

  it('is everything in it, each under its path, without what systems leave behind', async () => {
    expect(names(await droppedFiles(dropOf({ webkitGetAsEntry: () => tree(entry) })))).toEqual(inside);
    const found = await droppedFiles(dropOf({ getAsFileSystemHandle: async () => tree(handle) }));
    expect(names(found)).toEqual(inside);
    expect(found.every((file) => file.handle !== null)).toBe(true);
  });

  it('is read to its end, however many it holds, up to a thousand', async () => {
    const many = (count: number) =>
      dropOf({
        webkitGetAsEntry: () =>
          entry(
            'many',
            Array.from({ length: count }, (_, at) => entry(`${at}`)),
          ),
      });
    expect(await droppedFiles(many(250))).toHaveLength(250);
    expect(await droppedFiles(many(1_200))).toHaveLength(1_000);
  });

  it('is a plain file where the browser refuses its handle', async () => {
    const found = await droppedFiles(
      dropOf({
        getAsFileSystemHandle: async () => Promise.reject(new Error('no')),
        getAsFile: () => new File([], 'a'),
      }),
    );
    expect(found).toMatchObject([{ name: 'a', handle: null }]);
  });

  it('is told by a chooser in its own way', () => {
    const chosen = (name: string, webkitRelativePath: string) =>
      Object.defineProperty(new File([], name), 'webkitRelativePath', { value: webkitRelativePath });
    expect(names(chosenFiles([chosen('a.txt', 'report/2026/a.txt'), chosen('b.txt', '')]))).toEqual([
      'report › 2026 › a.txt',
      'b.txt',
    ]);
  });

  it('keeps the name of the file whole, and its inner folders before the outer', () => {
    const long = 'x'.repeat(230);
    expect(nameWithin(['outer', long, 'inner'], 'plan.pdf')).toBe(`${long} › inner › plan.pdf`);
    expect(nameWithin([long, 'inner', long], 'plan.pdf')).toBe(`inner › ${long} › plan.pdf`);
    expect([...nameWithin([long, long, long], 'plan.pdf')].length).toBeLessThanOrEqual(255);
  });
});
