import { TestBed } from '@angular/core/testing';
import { Api, type File as RoomFile } from '../../core/api/api';
import { ApiProblem, noAnswer } from '../../core/api/problem';
import { encodeFileName, Uploader } from '../../core/api/upload';
import { kindOf } from './file-kind';
import { RoomFiles } from './room-files';
import { TransferRate } from './transfer-rate';

const stored = (name: string): RoomFile => ({
  id: name,
  name,
  size: 3,
  type: '',
  sha256: '',
  status: 'available',
  owner: { id: 'u', displayName: 'U' },
  createdAt: '2026-01-01T00:00:00Z',
  can: ['file.read'],
});

/** Uploads whose course the test decides. */
class UploaderFake {
  readonly shared: RoomFile[] = [stored('old.pdf')];
  running: {
    slug: string;
    name: string;
    key: string;
    finish: () => void;
    fail: (error: unknown) => void;
    cancelled: boolean;
  }[] = [];
  start = (slug: string, file: File, key: string) => {
    const entry = { slug, name: file.name, key, finish: () => {}, fail: (_: unknown) => {}, cancelled: false };
    const done = new Promise<RoomFile>((resolve, reject) => {
      entry.finish = () => {
        this.shared.unshift(stored(file.name));
        resolve(stored(file.name));
      };
      entry.fail = reject;
    });
    this.running.push(entry);
    return { done, cancel: () => ((entry.cancelled = true), entry.fail(new ApiProblem('UPLOAD_ABORTED'))) };
  };
}

function unopened(limits?: { maxFileBytes: number }) {
  const uploader = new UploaderFake();
  const api = { files: async () => ({ items: [...uploader.shared], next: null, ...(limits && { limits }) }) };
  TestBed.configureTestingModule({
    providers: [RoomFiles, { provide: Api, useValue: api }, { provide: Uploader, useValue: uploader }],
  });
  return { files: TestBed.inject(RoomFiles), uploader, api };
}

async function opened(limits?: { maxFileBytes: number }) {
  const world = unopened(limits);
  await world.files.open('room');
  return world;
}

const file = (name: string, text = 'abc') => new File([text], name);
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('the files of a room', () => {
  it('go up three at once, the rest wait their turn', async () => {
    const { files, uploader } = await opened();
    files.add(['a', 'b', 'c', 'd'].map((name) => file(name)));
    expect(files.uploads().map((upload) => upload.state)).toEqual(['sending', 'sending', 'sending', 'waiting']);
    uploader.running[0]?.finish();
    await settled();
    expect(uploader.running.map((upload) => upload.name)).toEqual(['a', 'b', 'c', 'd']);
    expect(files.list()?.map((item) => item.name)).toEqual(['a', 'old.pdf']);
  });

  it('a cancelled upload is gone, and the next one starts', async () => {
    const { files, uploader } = await opened();
    files.add(['a', 'b', 'c', 'd'].map((name) => file(name)));
    files.cancel(files.uploads()[0]?.id ?? 0);
    await settled();
    expect(uploader.running[0]?.cancelled).toBe(true);
    expect(files.uploads().map((upload) => upload.name)).toEqual(['b', 'c', 'd']);
  });

  it('a failed upload stays with its reason and can be tried again', async () => {
    const { files, uploader } = await opened();
    files.add([file('a')]);
    uploader.running[0]?.fail(new ApiProblem('QUOTA_EXCEEDED'));
    await settled();
    expect(files.uploads()).toMatchObject([{ state: 'failed', error: { reason: 'QUOTA_EXCEEDED' } }]);
    files.retry(files.uploads()[0]?.id ?? 0);
    expect(uploader.running).toHaveLength(2);
  });

  it('what is too large is not sent at all', async () => {
    const { files, uploader } = await opened({ maxFileBytes: 2 });
    files.add([file('a')]);
    expect(uploader.running).toHaveLength(0);
    expect(files.uploads()).toMatchObject([{ state: 'failed', error: { reason: 'FILE_TOO_LARGE' } }]);
  });

  it('a retry after a lost answer goes under the same key, and under a new one where the first try came to nothing', async () => {
    const { files, uploader } = await opened();
    files.add([file('a')]);
    const id = files.uploads()[0]?.id ?? 0;
    uploader.running[0]?.fail(noAnswer());
    await settled();
    files.retry(id);
    expect(uploader.running[1]?.key).toBe(uploader.running[0]?.key);
    uploader.running[1]?.fail(new ApiProblem('CONFLICT', { details: { field: 'Idempotency-Key' } }));
    await settled();
    expect(uploader.running[2]?.key).not.toBe(uploader.running[1]?.key);
    expect(files.uploads()).toMatchObject([{ state: 'sending' }]);
    uploader.running[2]?.fail(new ApiProblem('CONFLICT', { details: { field: 'Idempotency-Key' } }));
    await settled();
    expect(uploader.running).toHaveLength(3);
    expect(files.uploads()).toMatchObject([{ state: 'failed' }]);
  });

  it('two files have keys of their own', async () => {
    const { files, uploader } = await opened();
    files.add([file('a'), file('a')]);
    expect(uploader.running[0]?.key).not.toBe(uploader.running[1]?.key);
  });

  it('a retry obeys the rules of the first try', async () => {
    const { files, uploader } = await opened({ maxFileBytes: 2 });
    files.add([file('a')]);
    files.retry(files.uploads()[0]?.id ?? 0);
    expect(uploader.running).toHaveLength(0);
    expect(files.uploads()).toMatchObject([{ state: 'failed', error: { reason: 'FILE_TOO_LARGE' } }]);
  });

  it('what is added before the room is open waits for it', async () => {
    const { files, uploader } = unopened();
    files.add([file('a')]);
    expect(uploader.running).toHaveLength(0);
    expect(files.uploads()).toMatchObject([{ state: 'waiting' }]);
    await files.open('room');
    expect(uploader.running).toMatchObject([{ name: 'a', slug: 'room' }]);
  });

  it('what goes up while the person is coming back waits, and goes on under its key', async () => {
    const { files, uploader } = await opened();
    files.add([file('a')]);
    files.pause();
    await settled();
    expect(uploader.running[0]?.cancelled).toBe(true);
    expect(files.uploads()).toMatchObject([{ state: 'waiting', sent: 0 }]);
    expect(files.list()).toBeNull();
    await files.open('room');
    expect(uploader.running[1]?.key).toBe(uploader.running[0]?.key);
    expect(files.uploads()).toMatchObject([{ state: 'sending' }]);
  });

  it('close stops every upload and lists nothing any longer', async () => {
    const { files, uploader } = await opened();
    files.add([file('a'), file('b')]);
    files.close();
    await settled();
    expect(uploader.running.every((upload) => upload.cancelled)).toBe(true);
    expect(files.list()).toBeNull();
    expect(files.uploads()).toEqual([]);
  });

  it('a reading that was asked for while one came too early for the door still comes', async () => {
    const { files, api } = await opened();
    const whole = api.files;
    const early = Promise.withResolvers<never>();
    api.files = () => early.promise;
    const first = files.load();
    const second = files.load();
    api.files = whole;
    early.reject(new ApiProblem('NOT_PRESENT'));
    await Promise.all([first, second]);
    await settled();
    expect([files.closed(), files.list()?.length]).toEqual([false, 1]);
  });

  it('NOT_PRESENT closes them', async () => {
    const { files, api } = await opened();
    api.files = async () => Promise.reject(new ApiProblem('NOT_PRESENT'));
    await files.load();
    expect(files.closed()).toBe(true);
    expect(files.list()).toBeNull();
  });
});

describe('the name of a file in a header', () => {
  it.each([
    ['Q3 report, final.pdf', "UTF-8''Q3%20report%2C%20final.pdf"],
    ["it's (1)*.txt", "UTF-8''it%27s%20%281%29%2A.txt"],
    ['مرحبا 🌍\r\n.pdf', "UTF-8''%D9%85%D8%B1%D8%AD%D8%A8%D8%A7%20%F0%9F%8C%8D%0D%0A.pdf"],
  ])('%j is encoded', (name, encoded) => expect(encodeFileName(name)).toBe(encoded));
});

describe('a file', () => {
  it('has a badge by the end of its name', () => {
    expect(kindOf('a.b.PDF')).toEqual({ label: 'PDF', tone: 'blue' });
    expect(kindOf('no ending').label).toBe('FILE');
  });

  it('has a rate over the last seconds', () => {
    const rate = new TransferRate();
    for (let second = 0; second <= 10; second++) rate.add(second < 8 ? 0 : (second - 7) * 1000, second * 1000);
    expect(rate.bytesPerSecond()).toBe(750);
  });
});
