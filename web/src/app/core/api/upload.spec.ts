import { Uploader } from './upload';

/** A request whose course the test decides. */
class RequestFake {
  static made: RequestFake[] = [];
  readonly headers: Record<string, string> = {};
  readonly upload: { onprogress?: unknown } = {};
  sent: unknown = null;
  onerror: () => void = () => {};
  onabort: () => void = () => {};
  constructor() {
    RequestFake.made.push(this);
  }
  open() {}
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send(body: unknown) {
    this.sent = body;
  }
  abort() {
    if (this.sent) this.onabort();
  }
}

/** A file that can be read until it `vanishes`. */
function fileOf() {
  const state = { gone: false };
  const arrayBuffer = async () => {
    if (state.gone) throw new DOMException('gone', 'NotFoundError');
    return new ArrayBuffer(1);
  };
  const file = { name: 'plan.pdf', type: '', size: 3, slice: () => ({ arrayBuffer }) } as unknown as File;
  return { file, vanish: () => (state.gone = true) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const start = (file: File) => new Uploader().start('room', file, 'key-1', () => {});
const Original = globalThis.XMLHttpRequest;

describe('an upload', () => {
  beforeEach(() => {
    RequestFake.made = [];
    globalThis.XMLHttpRequest = RequestFake as unknown as typeof XMLHttpRequest;
  });
  afterEach(() => {
    globalThis.XMLHttpRequest = Original;
  });

  it('carries the key that it is given', async () => {
    start(fileOf().file);
    await settled();
    expect(RequestFake.made[0]?.headers['Idempotency-Key']).toBe('key-1');
  });

  it('of a file that cannot be read asks the network nothing, and says so', async () => {
    const { file, vanish } = fileOf();
    vanish();
    await expect(start(file).done).rejects.toMatchObject({ unreadable: true, offline: false });
    expect(RequestFake.made[0]?.sent).toBeNull();
  });

  it('of a file that vanishes under way is no error of the network', async () => {
    const { file, vanish } = fileOf();
    const { done } = start(file);
    await settled();
    vanish();
    RequestFake.made[0]?.onerror();
    await expect(done).rejects.toMatchObject({ unreadable: true, offline: false });
  });

  it('that the network breaks off says so', async () => {
    const { done } = start(fileOf().file);
    await settled();
    RequestFake.made[0]?.onerror();
    await expect(done).rejects.toMatchObject({ unreadable: false, offline: true });
  });

  it('can be stopped before its first byte', async () => {
    const { done, cancel } = start(fileOf().file);
    cancel();
    await expect(done).rejects.toMatchObject({ reason: 'UPLOAD_ABORTED', unreadable: false });
    expect(RequestFake.made[0]?.sent).toBeNull();
  });
});
