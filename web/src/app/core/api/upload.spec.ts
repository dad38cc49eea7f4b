import { TestBed } from '@angular/core/testing';
import { Http } from './http';
import { Uploads } from './upload';

/** A request whose course the test decides. */
class RequestFake {
  static made: RequestFake[] = [];
  readonly headers: Record<string, string> = {};
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
  asked = '';
  sent: unknown = null;
  status = 0;
  responseText = '';
  answers: Record<string, string> = {};
  onerror: () => void = () => {};
  onabort: () => void = () => {};
  onload: () => void = () => {};
  constructor() {
    RequestFake.made.push(this);
  }
  open(method: string, url: string) {
    this.asked = `${method} ${url}`;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  getResponseHeader(name: string) {
    return this.answers[name] ?? null;
  }
  send(body: unknown) {
    this.sent = body;
  }
  abort() {
    this.onabort();
  }
  answer(status: number, answers: Record<string, string> = {}, body = '') {
    Object.assign(this, { status, answers, responseText: body });
    this.onload();
  }
}

/** Bytes that can be read until they `vanish`. */
function bytesOf() {
  const state = { gone: false };
  const arrayBuffer = async () => {
    if (state.gone) throw new DOMException('gone', 'NotFoundError');
    return new ArrayBuffer(1);
  };
  const bytes = { size: 3, slice: () => ({ arrayBuffer }) } as unknown as Blob;
  return { bytes, vanish: () => (state.gone = true) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const Original = globalThis.XMLHttpRequest;
const facts = { name: 'Größe 1.pdf', type: '', size: 3 };
const last = () => {
  const request = RequestFake.made.at(-1);
  if (!request) throw new Error('nothing was asked');
  return request;
};

describe('an upload', () => {
  let uploads: Uploads;
  let listed: unknown[];
  const stop = () => new AbortController();
  const send = (bytes: Blob, { signal } = stop()) => uploads.send('room', 'u1', 2, bytes, { signal });
  beforeEach(() => {
    RequestFake.made = [];
    listed = [];
    globalThis.XMLHttpRequest = RequestFake as unknown as typeof XMLHttpRequest;
    const http = {
      call: async (...asked: unknown[]) => (listed.push(asked), { items: [], next: null }),
      onSignedOut: () => {},
    };
    TestBed.configureTestingModule({ providers: [{ provide: Http, useValue: http }] });
    uploads = TestBed.inject(Uploads);
  });
  afterEach(() => {
    globalThis.XMLHttpRequest = Original;
  });

  it('begins with its length, its name in base64 and the key that it is given, and hears where it lies', async () => {
    const began = uploads.begin('room', facts, 'key-1', null, { signal: stop().signal });
    await settled();
    expect(last().asked).toBe('POST /api/v1/rooms/room/uploads');
    expect(last().headers).toEqual({
      'X-Conclave': '1',
      'Tus-Resumable': '1.0.0',
      'Upload-Length': '3',
      'Upload-Metadata': `filename ${Buffer.from('Größe 1.pdf').toString('base64')},filetype YXBwbGljYXRpb24vb2N0ZXQtc3RyZWFt`,
      'Idempotency-Key': 'key-1',
    });
    last().answer(201, { Location: '/api/v1/rooms/room/uploads/u1', 'Upload-Offset': '0' });
    expect(await began).toEqual({ id: 'u1', offset: 0 });
  });

  it('goes on at an offset, and hears the next', async () => {
    const sent = send(bytesOf().bytes);
    await settled();
    expect([last().asked, last().headers['Upload-Offset'], last().headers['Content-Type']]).toEqual([
      'PATCH /api/v1/rooms/room/uploads/u1',
      '2',
      'application/offset+octet-stream',
    ]);
    last().answer(204, { 'Upload-Offset': '5' });
    expect(await sent).toBe(5);
  });

  it('is refused in the words of the server', async () => {
    const sent = send(bytesOf().bytes);
    await settled();
    last().answer(429, { 'Retry-After': '7' }, '{"reason":"RATE_LIMITED"}');
    await expect(sent).rejects.toMatchObject({ reason: 'RATE_LIMITED', retryAfterSeconds: 7 });
  });

  it('that may not be looked at asks why, because that answer has no words', async () => {
    const stood = uploads.stand('room', 'u1', { signal: stop().signal });
    await settled();
    last().answer(403);
    await expect(stood).rejects.toMatchObject({ reason: 'PERMISSION_DENIED' });
    expect(listed).toHaveLength(1);
  });

  it.each([{}, { 'Upload-Offset': '-1' }, { 'Upload-Offset': 'x' }])(
    'is not believed an offset of %j',
    async (headers) => {
      const sent = send(bytesOf().bytes);
      await settled();
      last().answer(204, headers);
      await expect(sent).rejects.toMatchObject({ reason: 'INTERNAL' });
    },
  );

  it('of a file that cannot be read asks the network nothing, and says so', async () => {
    const { bytes, vanish } = bytesOf();
    vanish();
    await expect(send(bytes)).rejects.toMatchObject({ unreadable: true, offline: false });
    expect(RequestFake.made).toHaveLength(0);
  });

  it('of a file that vanishes under way is no error of the network', async () => {
    const { bytes, vanish } = bytesOf();
    const sent = send(bytes);
    await settled();
    vanish();
    last().onerror();
    await expect(sent).rejects.toMatchObject({ unreadable: true, offline: false });
  });

  it('that the network breaks off says so', async () => {
    const sent = send(bytesOf().bytes);
    await settled();
    last().onerror();
    await expect(sent).rejects.toMatchObject({ unreadable: false, offline: true });
  });

  it('can be stopped, before its first byte and after', async () => {
    const before = stop();
    before.abort();
    await expect(send(bytesOf().bytes, before)).rejects.toMatchObject({ reason: 'UPLOAD_ABORTED', unreadable: false });
    expect(RequestFake.made.every(({ sent }) => sent === null)).toBe(true);
    const after = stop();
    const sent = send(bytesOf().bytes, after);
    await settled();
    after.abort();
    await expect(sent).rejects.toMatchObject({ reason: 'UPLOAD_ABORTED', unreadable: false });
  });
});
