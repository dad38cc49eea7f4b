import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { files, timestampFromDate } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { now, openWorld, storedFile, type Person, type World } from './support/world.js';

const id = '01939000-0000-7000-8000-0000000000f1';
const [roomId, joinId] = ['01939000-0000-7000-8000-000000000001', 'a'.repeat(32)];
const path = '/api/v1/rooms/some-room/uploads';
const expires = new Date('2026-11-28T02:00:00.000Z');
const expiresAt = timestampFromDate(expires);
const metadata = `filename ${Buffer.from('résumé.pdf').toString('base64')},filetype ${Buffer.from('application/pdf').toString('base64')}`;
const tus = { 'tus-resumable': '1.0.0' };
const begin = (length: number, more: Record<string, string | undefined> = {}) => ({
  ...tus,
  'upload-length': String(length),
  'upload-metadata': metadata,
  ...more,
});
const append = (offset: number | string, more: Record<string, string | undefined> = {}) => ({
  ...tus,
  'upload-offset': String(offset),
  'content-type': 'application/offset+octet-stream',
  ...more,
});

const { startUpload } = files.FilesService.method;
const { listUploads, getUpload, resumeUpload, endUpload } = files.UploadsService.method;

describe('uploads in the words of tus', () => {
  let world: World;
  let marta: Person;
  let upload = { id, name: 'a', type: 'text/plain', size: 1000n, offset: 400n, expiresAt, createdAt: now() };

  beforeAll(async () => {
    world = await openWorld();
    marta = world.person();
  }, 60_000);
  beforeEach(async () => {
    upload = { id, name: 'a', type: 'text/plain', size: 1000n, offset: 400n, expiresAt, createdAt: now() };
    world.services.on(startUpload, () => ({ fileId: id, hopToken: 'hop-0', roomId, joinId, expiresAt }));
    world.services.on(listUploads, () => ({ uploads: [upload] }));
    world.services.on(getUpload, () => ({ upload }));
    world.services.on(resumeUpload, () => ({ upload, hopToken: 'hop-1', roomId, joinId }));
    world.services.on(endUpload, () => ({}));
    await world.services.settled();
  });
  afterAll(() => world.close());

  /** By hand, for bodies that do not come to their end: 600 bytes are announced. */
  const beginToAppend = () =>
    httpRequest({
      port: Number(new URL(world.origin).port),
      host: '127.0.0.1',
      method: 'PATCH',
      path: `${path}/${id}`,
      headers: {
        ...append(400),
        cookie: `__Host-sid=${marta.cookie}`,
        origin: world.origin,
        'x-conclave': '1',
        'content-length': 600,
      },
    }).on('error', () => undefined);

  /** The data plane takes everything and says that it has. */
  const takeAll = (whole = false) => {
    const seen: { request?: IncomingMessage; hash: ReturnType<typeof createHash> } = { hash: createHash('sha256') };
    world.plane.handle = (request, response) => {
      seen.request = request;
      request.on('data', (part: Buffer) => seen.hash.update(part));
      request.on('end', () => {
        const stored = Number(request.headers['upload-offset']) + Number(request.headers['content-length']);
        response.setHeader('upload-offset', stored);
        if (whole) return response.writeHead(200).end(storedFile(marta));
        response.writeHead(204, { 'upload-expires': expires.toUTCString() }).end();
      });
    };
    return seen;
  };
  const refuse = (reason: string, details: object = {}) => {
    world.plane.handle = (request, response) => {
      request.resume();
      response.writeHead(409, { 'content-type': 'application/json' }).end(JSON.stringify({ reason, details }));
    };
  };

  it('say which version and which extensions there are, and open nothing to other pages', async () => {
    const headers = { origin: 'https://evil.example' };
    const answer = await world.ask('OPTIONS', path, { headers });
    expect(answer).toMatchObject({
      status: 204,
      headers: {
        'tus-version': '1.0.0',
        'tus-resumable': '1.0.0',
        'tus-extension': 'creation,creation-with-upload,termination,expiration',
      },
    });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('begin without a byte', async () => {
    const answer = await world.ask('POST', path, { as: marta, headers: begin(1000, { 'idempotency-key': 'k1' }) });
    expect(answer).toMatchObject({
      status: 201,
      headers: {
        location: `${path}/${id}`,
        'upload-offset': '0',
        'upload-expires': expires.toUTCString(),
        'tus-resumable': '1.0.0',
      },
    });
    const call = world.services.calls('StartUpload').at(-1);
    expect(call).toMatchObject({
      idempotencyKey: 'k1',
      request: { slug: 'some-room', name: 'résumé.pdf', type: 'application/pdf', size: 1000n, resumable: true },
    });
  });

  it('begin with their first bytes', async () => {
    const seen = takeAll();
    const body = randomBytes(600);
    const headers = begin(1000, { 'content-type': 'application/offset+octet-stream' });
    const answer = await world.ask('POST', path, { as: marta, raw: body, headers });
    expect(answer).toMatchObject({ status: 201, headers: { location: `${path}/${id}`, 'upload-offset': '600' } });
    expect(seen.request).toMatchObject({ method: 'PATCH', url: `/uploads/${id}` });
    expect(seen.request?.headers).toMatchObject({ authorization: 'Hop hop-0', 'upload-offset': '0' });
    expect(seen.hash.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'));
  });

  it('of nothing at all are whole at once', async () => {
    const seen = takeAll(true);
    const answer = await world.ask('POST', path, { as: marta, headers: begin(0) });
    expect(answer).toMatchObject({ status: 201, headers: { 'upload-offset': '0' } });
    expect(seen.request?.headers['content-length']).toBe('0');
    refuse('UNAVAILABLE');
    expect(await world.ask('POST', path, { as: marta, headers: begin(0) })).toMatchObject({ status: 503 });
  });

  it.each(['CONFLICT', 'UNAUTHENTICATED', 'UNAVAILABLE'])(
    'begun again under their key, or not taken further, say how far they are (%s)',
    async (reason) => {
      refuse(reason);
      const headers = begin(1000, { 'content-type': 'application/offset+octet-stream', 'idempotency-key': 'k2' });
      const answer = await world.ask('POST', path, { as: marta, raw: randomBytes(1000), headers });
      expect(answer).toMatchObject({ status: 201, headers: { 'upload-offset': '400' } });
    },
  );

  it.each([
    ['no length', { 'upload-length': undefined }, 400],
    ['a length that is none', { 'upload-length': '-1' }, 400],
    ['a length that comes later', { 'upload-length': undefined, 'upload-defer-length': '1' }, 400],
    ['no name', { 'upload-metadata': undefined }, 400],
    ['another version', { 'tus-resumable': '0.2.2' }, 412],
    ['more bytes than in all', { 'content-type': 'application/offset+octet-stream', 'content-length': '1001' }, 400],
    ['bytes of another kind', { 'content-type': 'application/pdf', 'content-length': '3' }, 415],
    ['bytes without a length', { 'transfer-encoding': 'chunked' }, 411],
  ])('are not begun with %s', async (_name, headers, status) => {
    const before = world.services.calls('StartUpload').length;
    const raw = 'content-length' in headers ? Buffer.alloc(Number(headers['content-length'])) : undefined;
    const answer = await world.ask('POST', path, {
      as: marta,
      ...(raw && { raw }),
      headers: { ...begin(1000), ...headers },
    });
    expect([answer.status, answer.headers['tus-resumable']]).toEqual([status, '1.0.0']);
    expect(world.services.calls('StartUpload')).toHaveLength(before);
  });

  it('say by HEAD where they go on, and take them over', async () => {
    const before = world.services.calls('ResumeUpload').length;
    const answer = await world.ask('HEAD', `${path}/${id}`, { as: marta, headers: tus });
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'upload-offset': '400',
        'upload-length': '1000',
        'upload-expires': expires.toUTCString(),
        'cache-control': 'no-store',
        'tus-resumable': '1.0.0',
      },
    });
    expect(world.services.calls('ResumeUpload')).toHaveLength(before + 1);
  });

  it('are looked at by GET, alone and as a list, and nothing is taken over', async () => {
    const before = world.services.calls('ResumeUpload').length;
    const one = { id, name: 'a', type: 'text/plain', size: 1000, offset: 400, expiresAt: expires.toISOString() };
    expect((await world.ask('GET', `${path}/${id}`, { as: marta })).json).toMatchObject(one);
    expect((await world.ask('GET', path, { as: marta })).json).toMatchObject({ items: [one], next: null });
    expect(world.services.calls('ResumeUpload')).toHaveLength(before);
  });

  it('take their next bytes', async () => {
    const seen = takeAll();
    const body = randomBytes(500);
    const answer = await world.ask('PATCH', `${path}/${id}`, { as: marta, raw: body, headers: append(400) });
    expect(answer).toMatchObject({
      status: 204,
      text: '',
      headers: { 'upload-offset': '900', 'upload-expires': expires.toUTCString() },
    });
    expect(seen.request?.headers).toMatchObject({
      authorization: 'Hop hop-1',
      'upload-offset': '400',
      'content-length': '500',
    });
    expect(seen.request?.headers['cookie']).toBeUndefined();
    expect(seen.hash.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'));
  });

  it('end with their last byte, and again for whoever did not hear it', async () => {
    takeAll(true);
    const ask = (raw: Buffer, offset: number) =>
      world.ask('PATCH', `${path}/${id}`, { as: marta, raw, headers: append(offset) });
    const answer = await ask(randomBytes(600), 400);
    expect([answer.status, answer.headers['upload-offset'], answer.headers['upload-expires']]).toEqual([
      204,
      '1000',
      undefined,
    ]);
    const { expiresAt: _expiresAt, ...whole } = { ...upload, offset: 1000n };
    world.services.on(resumeUpload, () => ({ upload: whole, hopToken: '', roomId, joinId }));
    expect(await ask(Buffer.alloc(0), 1000)).toMatchObject({ status: 204, headers: { 'upload-offset': '1000' } });
  });

  it('that lie about their offset or their length send nothing on', async () => {
    world.plane.handle = () => {
      throw new Error('bytes came');
    };
    const ask = (offset: string | number, bytes: number) =>
      world.ask('PATCH', `${path}/${id}`, { as: marta, raw: Buffer.alloc(bytes), headers: append(offset) });
    for (const offset of [399, 401, 0, 1000])
      expect(await ask(offset, 1)).toMatchObject({
        status: 409,
        json: { reason: 'CONFLICT', details: { why: 'offset', offset: '400' } },
      });
    expect(await ask(400, 601)).toMatchObject({ status: 400, json: { reason: 'LENGTH_MISMATCH' } });
    for (const offset of ['', '-1', '4e2', '0x190', 'x'])
      expect(await ask(offset, 1)).toMatchObject({ status: 400, json: { details: { field: 'Upload-Offset' } } });
  });

  it.each([
    ['another kind of body', append(400, { 'content-type': 'application/octet-stream' }), 415],
    ['another version', append(400, { 'tus-resumable': '2.0.0' }), 412],
    ['no length', append(400, { 'content-length': undefined, 'transfer-encoding': 'chunked' }), 411],
  ])('do not go on with %s, and nobody is cut for it', async (_name, headers, status) => {
    const before = world.services.calls('ResumeUpload').length;
    const answer = await world.ask('PATCH', `${path}/${id}`, { as: marta, raw: 'x', headers });
    expect([answer.status, answer.headers['tus-resumable']]).toEqual([status, '1.0.0']);
    expect(world.services.calls('ResumeUpload')).toHaveLength(before);
  });

  it('that were taken over are told so, in the middle of their body', async () => {
    refuse('CONFLICT', { why: 'taken-over' });
    const request = beginToAppend();
    request.write(Buffer.alloc(10));
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve) =>
      request.on('response', (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      }),
    );
    request.destroy();
    expect(answer.status).toBe(409);
    expect(JSON.parse(answer.text)).toMatchObject({ reason: 'CONFLICT', details: { why: 'taken-over' } });
  });

  it.each(['NOT_FOUND', 'NOT_PRESENT', 'PERMISSION_DENIED'] as const)(
    'of others, and after a removal, are refused by the service: %s',
    async (reason) => {
      for (const method of [listUploads, getUpload, resumeUpload, endUpload])
        world.services.on(method, () => {
          throw new DomainError(reason);
        });
      const status = reason === 'NOT_FOUND' ? 404 : 403;
      const body = { raw: 'x', headers: append(400) };
      const asked = [
        await world.ask('PATCH', `${path}/${id}`, { as: marta, ...body }),
        await world.ask('HEAD', `${path}/${id}`, { as: marta, headers: tus }),
        await world.ask('GET', `${path}/${id}`, { as: marta }),
        await world.ask('DELETE', `${path}/${id}`, { as: marta, headers: tus }),
      ];
      expect(asked.map((answer) => answer.status)).toEqual(Array(4).fill(status));
    },
  );

  it('are given up', async () => {
    const answer = await world.ask('DELETE', `${path}/${id}`, { as: marta, headers: tus });
    expect([answer.status, answer.headers['tus-resumable']]).toEqual([204, '1.0.0']);
    expect(world.services.calls('EndUpload').at(-1)?.request).toMatchObject({ slug: 'some-room', fileId: id });
  });

  it('pause when the person leaves in the middle: files loses the stream by reset', async () => {
    const closed = new Promise<boolean>((resolve) => {
      world.plane.handle = (request) => {
        request.resume();
        request.on('error', () => undefined);
        request.on('close', () => resolve(!request.complete));
        setTimeout(() => world.presenceRevoked({ roomId, joinIds: [joinId] }), 20);
      };
    });
    const request = beginToAppend();
    const status = new Promise((resolve) => request.on('response', (response) => resolve(response.statusCode)));
    request.write(Buffer.alloc(10));
    expect(await closed).toBe(true);
    expect(await status).toBe(403);
    request.destroy();
  });
});
