import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { files } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { now, openWorld, storedFile, type Person, type World } from './support/world.js';

const fileId = '01939000-0000-7000-8000-0000000000f1';
const path = '/api/v1/rooms/some-room/files';
const name = { 'x-file-name': "UTF-8''r%C3%A9sum%C3%A9.pdf", 'content-type': 'application/pdf' };

describe('file streams', () => {
  let world: World;
  let marta: Person;
  let size = 0;
  const file = () => ({
    id: fileId,
    name: 'résumé "final".pdf',
    size: BigInt(size),
    type: 'application/pdf',
    sha256: '',
    status: files.FileStatus.AVAILABLE,
    ownerId: marta.id,
    ownerName: marta.name,
    createdAt: now(),
  });

  beforeAll(async () => {
    world = await openWorld();
    marta = world.person();
    const { startUpload, getFile, openContent } = files.FilesService.method;
    world.services.on(startUpload, (request) => {
      size = Number(request.size);
      return { fileId, hopToken: 'hop-in' };
    });
    world.services.on(getFile, () => ({ file: file() }));
    world.services.on(openContent, () => ({ file: file(), hopToken: 'hop-out' }));
    await world.services.settled();
  }, 60_000);
  afterAll(() => world.close());

  const stored = () =>
    storedFile(marta, { size: BigInt(size), type: 'application/pdf', can: ['file.read', 'file.delete'] });
  const port = () => Number(new URL(world.origin).port);

  describe('upload', () => {
    it('streams the bytes on as they come and answers with the file', async () => {
      const body = randomBytes(20 * 1024 * 1024);
      const hash = createHash('sha256');
      let seen: IncomingMessage | undefined;
      world.plane.handle = (request, response) => {
        seen = request;
        request.on('data', (part: Buffer) => hash.update(part));
        request.on('end', () => response.writeHead(201).end(stored()));
      };
      const before = process.memoryUsage().rss;
      const answer = await world.ask('POST', path, { as: marta, raw: body, headers: name });
      expect(answer).toMatchObject({
        status: 201,
        json: {
          id: fileId,
          size: body.length,
          status: 'available',
          owner: { id: marta.id, displayName: marta.name },
          can: ['file.read', 'file.delete'],
        },
      });
      // One call before the bytes and none after them: what the data plane answers is the answer.
      expect(world.services.calls('GetFile')).toHaveLength(0);
      expect(seen).toMatchObject({ method: 'PUT', url: `/uploads/${fileId}` });
      expect(seen?.headers).toMatchObject({ authorization: 'Hop hop-in', 'content-length': String(body.length) });
      expect(seen?.headers['cookie']).toBeUndefined();
      expect(hash.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'));
      expect(world.services.calls('StartUpload').at(-1)?.request).toMatchObject({
        slug: 'some-room',
        name: 'résumé.pdf',
        type: 'application/pdf',
      });
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    });

    it.each(['CONFLICT', 'UNAUTHENTICATED'])(
      'sent again under its key is answered with the file that is there (%s)',
      async (reason) => {
        world.plane.handle = (request, response) => {
          request.resume();
          response.writeHead(409, { 'content-type': 'application/json' }).end(JSON.stringify({ reason }));
        };
        const headers = { ...name, 'idempotency-key': 'key-1' };
        const again = await world.ask('POST', path, { as: marta, raw: 'same', headers });
        expect(again).toMatchObject({ status: 201, json: { id: fileId, status: 'available' } });
        expect(world.services.calls('StartUpload').at(-1)?.idempotencyKey).toBe('key-1');
        expect(await world.ask('POST', path, { as: marta, raw: 'same', headers: name })).toMatchObject({
          status: reason === 'CONFLICT' ? 409 : 401,
        });
      },
    );

    it.each([
      ['nothing is there', undefined],
      ['what is there was given up', files.FileStatus.FAILED],
    ])('sent again under its key after a try that broke off is told so: %s', async (_name, status) => {
      world.plane.handle = (request, response) => {
        request.resume();
        response.writeHead(409, { 'content-type': 'application/json' }).end(JSON.stringify({ reason: 'CONFLICT' }));
      };
      world.services.on(files.FilesService.method.getFile, () => {
        if (status === undefined) throw new DomainError('NOT_FOUND');
        return { file: { ...file(), status } };
      });
      const headers = { ...name, 'idempotency-key': 'key-2' };
      expect(await world.ask('POST', path, { as: marta, raw: 'same', headers })).toMatchObject({
        status: 409,
        json: { reason: 'CONFLICT', details: { field: 'Idempotency-Key' } },
      });
      world.services.on(files.FilesService.method.getFile, () => ({ file: file() }));
    });

    it('sent again under its key waits for the first, which is being sealed', async () => {
      world.plane.handle = (request, response) => {
        request.resume();
        response.writeHead(409, { 'content-type': 'application/json' }).end(JSON.stringify({ reason: 'CONFLICT' }));
      };
      let looks = 0;
      world.services.on(files.FilesService.method.getFile, () => ({
        file: { ...file(), ...(looks++ === 0 && { status: files.FileStatus.UPLOADING }) },
      }));
      const headers = { ...name, 'idempotency-key': 'key-3' };
      const again = await world.ask('POST', path, { as: marta, raw: 'same', headers });
      expect(again).toMatchObject({ status: 201, json: { id: fileId, status: 'available' } });
      expect(looks).toBe(2);
      world.services.on(files.FilesService.method.getFile, () => ({ file: file() }));
    });

    it('takes an empty file', async () => {
      world.plane.handle = (request, response) =>
        void request.resume().on('end', () => response.writeHead(201).end(stored()));
      expect(
        await world.ask('POST', path, { as: marta, raw: '', headers: { ...name, 'content-length': '0' } }),
      ).toMatchObject({ status: 201 });
    });

    it('takes ten files of one name at once', async () => {
      world.plane.handle = (request, response) =>
        void request.resume().on('end', () => setTimeout(() => response.writeHead(201).end(stored()), 50));
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => world.ask('POST', path, { as: marta, raw: 'same', headers: name })),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    });

    it.each([
      ['no length', { ...name, 'content-length': undefined, 'transfer-encoding': 'chunked' }, 411],
      ['no name', { 'content-type': 'text/plain' }, 400],
      ['a plain name', { 'x-file-name': 'a.pdf' }, 400],
      ['half a character', { 'x-file-name': "UTF-8''%C3" }, 400],
      ['a name with a NUL', { 'x-file-name': "UTF-8''a%00.pdf" }, 400],
      ['a name of 256 characters', { 'x-file-name': `UTF-8''${'a'.repeat(256)}` }, 400],
    ])('refuses %s before anything is reserved', async (_name, headers, status) => {
      const before = world.services.calls('StartUpload').length;
      const answer = await world.ask('POST', path, { as: marta, raw: 'x', headers });
      expect(answer).toMatchObject({ status, json: { reason: 'INVALID_ARGUMENT' } });
      expect(world.services.calls('StartUpload')).toHaveLength(before);
    });

    it('parses nothing, whatever the body says it is', async () => {
      world.plane.handle = (request, response) =>
        void request.resume().on('end', () => response.writeHead(201).end(stored()));
      for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', undefined])
        expect(
          await world.ask('POST', path, { as: marta, raw: '{"broken', headers: { ...name, 'content-type': type } }),
        ).toMatchObject({ status: 201 });
    });

    it('is UNAVAILABLE where the answer is not a file', async () => {
      world.plane.handle = (request, response) =>
        void request.resume().on('end', () => response.writeHead(201).end('<html>'));
      expect(await world.ask('POST', path, { as: marta, raw: 'x', headers: name })).toMatchObject({
        status: 503,
        json: { reason: 'UNAVAILABLE' },
      });
    });

    it("passes the refusal of files on, though it comes before the body's end", async () => {
      world.plane.handle = (request, response) => {
        request.resume();
        response
          .writeHead(413, { 'content-type': 'application/json', 'x-conclave-reason': 'FILE_TOO_LARGE' })
          .end(JSON.stringify({ reason: 'FILE_TOO_LARGE', details: { maxFileBytes: '5' } }));
      };
      const answer = await world.ask('POST', path, { as: marta, raw: randomBytes(8 * 1024 * 1024), headers: name });
      expect(answer).toMatchObject({ status: 413, json: { reason: 'FILE_TOO_LARGE', details: { maxFileBytes: '5' } } });
    });

    it('is UNAVAILABLE where files breaks off or speaks otherwise', async () => {
      world.plane.handle = (request) => request.socket.destroy();
      expect(await world.ask('POST', path, { as: marta, raw: 'x', headers: name })).toMatchObject({ status: 503 });
      world.plane.handle = (request, response) =>
        void request.resume().on('end', () => response.writeHead(500).end('<html>'));
      const answer = await world.ask('POST', path, { as: marta, raw: 'x', headers: name });
      expect(answer).toMatchObject({ status: 503, json: { reason: 'UNAVAILABLE' } });
      expect(answer.text).not.toContain('html');
    });

    it.each(['shorter than declared', 'aborted'])('tells files when a body is %s', async () => {
      let arrive: () => void = () => undefined;
      const arrived = new Promise<void>((resolve) => (arrive = resolve));
      const aborted = new Promise<boolean>((resolve) => {
        world.plane.handle = (request) => {
          request.resume();
          request.on('error', () => undefined);
          // Its place is given back besides.
          if (request.method !== 'PUT') return;
          request.once('data', arrive);
          request.on('close', () => resolve(!request.complete));
        };
      });
      const request = httpRequest({
        port: port(),
        host: '127.0.0.1',
        method: 'POST',
        path,
        headers: {
          ...name,
          cookie: `__Host-sid=${marta.cookie}`,
          origin: world.origin,
          'x-conclave': '1',
          'content-length': 1_000_000,
        },
      });
      request.on('error', () => undefined);
      request.write(Buffer.alloc(1000));
      await arrived;
      request.destroy();
      expect(await aborted).toBe(true);
      expect(await world.ask('GET', '/api/v1/openapi.json')).toMatchObject({ status: 200 });
    });

    it('is cut when the session ends', async () => {
      const person = world.person();
      const closed = new Promise((resolve) => {
        world.plane.handle = (request) => {
          request.resume();
          request.on('error', () => undefined);
          request.on('close', resolve);
          setTimeout(() => world.sessionRevoked({ userId: person.id, sessionIds: [person.sessionId] }), 50);
        };
      });
      const request = httpRequest({
        port: port(),
        host: '127.0.0.1',
        method: 'POST',
        path,
        headers: {
          ...name,
          cookie: `__Host-sid=${person.cookie}`,
          origin: world.origin,
          'x-conclave': '1',
          'content-length': 1_000_000,
        },
      });
      request.on('error', () => undefined);
      const status = new Promise((resolve) => request.on('response', (response) => resolve(response.statusCode)));
      request.write(Buffer.alloc(1000));
      await closed;
      expect(await status).toBe(401);
      request.destroy();
    });
  });

  describe('download', () => {
    const bytes = randomBytes(3 * 1024 * 1024);
    const serve = (): void => {
      size = bytes.length;
      world.plane.handle = (request, response) => {
        const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
        if (!range) return void response.writeHead(200, { 'content-length': bytes.length, 'x-inner': 'no' }).end(bytes);
        const [from, to] = [Number(range[1]), Number(range[2])];
        if (from >= bytes.length)
          return void response
            .writeHead(416, {
              'content-range': `bytes */${bytes.length}`,
              'x-conclave-reason': 'RANGE_NOT_SATISFIABLE',
            })
            .end(JSON.stringify({ reason: 'RANGE_NOT_SATISFIABLE' }));
        const part = bytes.subarray(from, to + 1);
        response
          .writeHead(206, { 'content-length': part.length, 'content-range': `bytes ${from}-${to}/${bytes.length}` })
          .end(part);
      };
    };
    const content = `${path}/${fileId}/content`;

    /** Bytes as they are; `ask` reads text. */
    const download = (headers: Record<string, string> = {}, person = marta) =>
      fetch(`${world.origin.replace('localhost', '127.0.0.1')}${content}`, {
        headers: { cookie: `__Host-sid=${person.cookie}`, ...headers },
      });

    it('gives the bytes as an attachment that no browser opens', async () => {
      serve();
      const answer = await download();
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-length': String(bytes.length),
        'content-disposition': `attachment; filename="r_sum_ _final_.pdf"; filename*=UTF-8''r%C3%A9sum%C3%A9%20%22final%22.pdf`,
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'accept-ranges': 'bytes',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(answer.headers.has('x-inner')).toBe(false);
    });

    it('gives a range', async () => {
      serve();
      const answer = await download({ range: 'bytes=100-299' });
      expect(answer.status).toBe(206);
      expect(answer.headers.get('content-range')).toBe(`bytes 100-299/${bytes.length}`);
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes.subarray(100, 300))).toBe(true);
    });

    it('ignores a range that was made for another state of the file', async () => {
      serve();
      expect((await download({ range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
      expect((await download({ range: 'bytes=0-9', 'if-range': `"${fileId}"` })).status).toBe(206);
    });

    /** As `file` says. */
    const written = 'Mon, 23 Nov 2026 02:00:00 GMT';

    it('tells which state of the file it is, and nothing more to whoever has that', async () => {
      serve();
      const first = await download();
      const [etag, modified] = [first.headers.get('etag'), first.headers.get('last-modified')];
      expect([etag, modified]).toEqual([`"${fileId}"`, written]);
      world.plane.handle = () => {
        throw new Error('what is there already must not be read');
      };
      for (const [name, value] of Object.entries({ 'if-none-match': etag, 'if-modified-since': modified })) {
        const again = await download({ [name]: value ?? '' });
        expect([again.status, again.headers.get('etag'), (await again.arrayBuffer()).byteLength]).toEqual([
          304,
          etag,
          0,
        ]);
        expect(again.headers.get('content-type')).toBeNull();
      }
      const other = await download({ 'if-match': '"other"' });
      expect([other.status, await other.json()]).toMatchObject([
        412,
        { reason: 'CONFLICT', details: { field: 'If-Match' } },
      ]);
    });

    it('passes several ranges on with the boundary between them', async () => {
      size = bytes.length;
      const type = 'multipart/byteranges; boundary=0123';
      let asked: string | undefined;
      world.plane.handle = (request, response) => {
        asked = request.headers.range;
        response.writeHead(206, { 'content-type': type, 'content-length': 5 }).end('parts');
      };
      const answer = await download({ range: 'bytes=0-1,9-10' });
      expect([asked, answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
        'bytes=0-1,9-10',
        206,
        type,
        'parts',
      ]);
      expect(answer.headers.get('content-range')).toBeNull();
    });

    it('lets files choose no other type, whatever it answers', async () => {
      size = bytes.length;
      world.plane.handle = (_request, response) =>
        response.writeHead(206, { 'content-type': 'text/html', 'content-length': 5 }).end('parts');
      expect((await download({ range: 'bytes=0-1' })).headers.get('content-type')).toBe('application/octet-stream');
    });

    it('says 416 with the length for a range outside the file', async () => {
      serve();
      const answer = await world.ask('GET', content, { as: marta, headers: { range: 'bytes=9999999-99999999' } });
      expect(answer).toMatchObject({ status: 416, json: { reason: 'RANGE_NOT_SATISFIABLE' } });
      expect(answer.headers['content-range']).toBe(`bytes */${bytes.length}`);
      expect(answer.headers['content-disposition']).toBeUndefined();
      expect(answer.headers['content-type']).toContain('application/problem+json');
    });

    it('answers HEAD without touching the bytes', async () => {
      world.plane.handle = () => {
        throw new Error('HEAD must not read');
      };
      const answer = await world.ask('HEAD', content, { as: marta });
      expect(answer).toMatchObject({ status: 200, text: '' });
      expect(answer.headers['content-length']).toBe(String(size));
      expect(answer.headers['content-disposition']).toContain('attachment');
      expect(answer.headers).toMatchObject({ etag: `"${fileId}"`, 'last-modified': written, 'accept-ranges': 'bytes' });
      // Range means something for GET alone (RFC 9110, 14.2); conditions do for both.
      const part = await world.ask('HEAD', content, { as: marta, headers: { range: 'bytes=0-1' } });
      expect([part.status, part.headers['content-length'], part.headers['content-range']]).toEqual([
        200,
        String(size),
        undefined,
      ]);
      const headers = { 'if-none-match': `"${fileId}"` };
      expect((await world.ask('HEAD', content, { as: marta, headers })).status).toBe(304);
    });

    it('never ends a truncated body as if it were whole', async () => {
      size = bytes.length;
      world.plane.handle = (request, response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 500_000));
        setTimeout(() => request.socket.destroy(), 50);
      };
      const answer = await download();
      await expect(answer.arrayBuffer()).rejects.toThrow();
      world.plane.handle = (request, response) => {
        response.writeHead(200); // chunked: only the missing last chunk tells
        response.write(bytes.subarray(0, 500_000));
        setTimeout(() => request.socket.destroy(), 50);
      };
      await expect((await download()).arrayBuffer()).rejects.toThrow();
    });

    it('stops files when the browser goes away', async () => {
      const closed = new Promise((resolve) => {
        world.plane.handle = (_request, response) => {
          response.on('close', resolve);
          response.writeHead(200, { 'content-length': 1_000_000_000 });
          const more = (): void => {
            while (!response.destroyed && response.write(bytes));
          };
          response.on('drain', more);
          more();
        };
      });
      const abort = new AbortController();
      const url = `${world.origin.replace('localhost', '127.0.0.1')}${content}`;
      const answer = await fetch(url, { headers: { cookie: `__Host-sid=${marta.cookie}` }, signal: abort.signal });
      await answer.body?.getReader().read();
      abort.abort();
      await closed;
    });

    it('is cut at once when the session ends', async () => {
      const person = world.person();
      world.plane.handle = (_request, response) => {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 1000));
      };
      const answer = await download({}, person);
      const read = answer.arrayBuffer();
      world.sessionRevoked({ userId: person.id });
      await expect(read).rejects.toThrow();
    });

    it('refuses who is not in the meeting, as files says', async () => {
      world.services.on(files.FilesService.method.openContent, () => {
        throw new DomainError('NOT_PRESENT');
      });
      for (const method of ['GET', 'HEAD']) expect((await world.ask(method, content, { as: marta })).status).toBe(403);
    });
  });
});
