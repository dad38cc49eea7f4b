import { jest } from '@jest/globals';
import { ApiProblem } from '../../core/api/problem';
import { LeavingFiles, UNDO_MS } from './leaving-files';
import { pastedFiles } from './pasted-files';

describe('a file that is deleted', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const world = (shred: () => Promise<void> = () => Promise.resolve()) => {
    const shredded: string[] = [];
    const leaving = new LeavingFiles((id) => (shredded.push(id), shred()));
    return { leaving, shredded };
  };

  it('is shredded after the time in which that can be taken back, and stands as leaving until then', async () => {
    const { leaving, shredded } = world();
    const done = leaving.add('a');
    jest.advanceTimersByTime(UNDO_MS - 1);
    expect([[...leaving.ids()], shredded]).toEqual([['a'], []]);
    jest.advanceTimersByTime(1);
    expect(await done).toBe(true);
    expect([leaving.ids().size, shredded]).toEqual([0, ['a']]);
  });

  it('stays when that is taken back', async () => {
    const { leaving, shredded } = world();
    const done = leaving.add('a');
    leaving.undo('a');
    jest.advanceTimersByTime(UNDO_MS);
    expect([await done, shredded, leaving.ids().size]).toEqual([false, [], 0]);
  });

  it('is shredded at once, and once, when the person leaves', async () => {
    const { leaving, shredded } = world();
    const done = [leaving.add('a'), leaving.add('b')];
    leaving.endAll();
    jest.advanceTimersByTime(UNDO_MS);
    expect([await Promise.all(done), shredded]).toEqual([
      [true, true],
      ['a', 'b'],
    ]);
  });

  it('says when that is refused', async () => {
    const { leaving } = world(() => Promise.reject(new ApiProblem('PERMISSION_DENIED')));
    const done = leaving.add('a');
    leaving.endAll();
    await expect(done).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
  });
});

describe('a paste', () => {
  const now = new Date(2026, 10, 3, 9, 5, 7);
  const paste = (files: File[], types: string[], target: Element = document.body) =>
    pastedFiles({ clipboardData: { files, types }, target } as unknown as ClipboardEvent, now);
  const picture = new File(['x'], 'image.png', { type: 'image/png' });

  it('of a picture is a file with a name of its own', () => {
    const [file] = paste([picture], ['Files']);
    expect([file?.name, file?.type]).toEqual(['Picture 2026-11-03 09.05.07.png', 'image/png']);
    expect(paste([picture], ['Files'], document.createElement('textarea'))).toHaveLength(1);
  });

  it('of files keeps their names', () =>
    expect(paste([new File(['x'], 'plan.pdf')], ['Files']).map(({ name }) => name)).toEqual(['plan.pdf']));

  it('of words into a field stays the field’s, whatever else is on the clipboard', () => {
    expect(paste([picture], ['text/plain', 'Files'], document.createElement('textarea'))).toEqual([]);
    expect(paste([], ['text/plain'])).toEqual([]);
  });
});
