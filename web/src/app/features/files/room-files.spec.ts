import { TestBed } from '@angular/core/testing';
import { Api, type File as RoomFile } from '../../core/api/api';
import { ApiProblem } from '../../core/api/problem';
import { Uploads } from '../../core/api/upload';
import { UPLOAD_ROWS } from '../../core/uploads/kept-uploads';
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

async function opened() {
  const shared = [stored('old.pdf')];
  const api = { files: async () => ({ items: [...shared], next: null }) };
  const uploads = { list: async () => [], begin: () => new Promise(() => undefined) };
  TestBed.configureTestingModule({
    providers: [
      RoomFiles,
      { provide: Api, useValue: api },
      { provide: Uploads, useValue: uploads },
      { provide: UPLOAD_ROWS, useValue: async () => undefined },
    ],
  });
  const files = TestBed.inject(RoomFiles);
  await files.open('room');
  return { files, api };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('the files of a room', () => {
  it('close lists nothing any longer, uploads neither', async () => {
    const { files } = await opened();
    files.add([new File(['a'], 'a')]);
    await settled();
    expect(files.uploads()).toHaveLength(1);
    files.close();
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
