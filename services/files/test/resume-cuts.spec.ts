import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestPerson } from '@conclave/messaging/testing';
import { freePort, mortalStore, type MortalStore } from '@conclave/testing';
import { filesProcess, type FilesProcess } from './support/files-process.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { gatewayProcess } from './support/gateway-process.js';
import { until } from './support/remains.js';

const mebibyte = 1024 * 1024;
/** `npm test -- evidence`: every per cent, and so many random points; a handful of each in `npm test`. */
const evidence = process.env['EVIDENCE'] !== undefined;
const report = join(import.meta.dirname, '../../../docs/evidence/resumed-uploads.md');

/** What ends a connection; most lines break at the client. */
const ends = ['client', 'files', 'client', 'gateway', 'client', 'store', 'client', 'database'] as const;
type End = (typeof ends)[number];

describe('an upload that is cut again and again, through the gateway', () => {
  let world: FilesWorld;
  let store: MortalStore;
  let files: FilesProcess;
  let gateway: Awaited<ReturnType<typeof gatewayProcess>>;
  let room: { readonly slug: string };
  let person: TestPerson;
  let ended = 0;
  const port = freePort();
  const bootFiles = async (): Promise<FilesProcess> =>
    filesProcess({ ...world.env, ...store.environment, DATA_PORT: String(await port) });

  beforeAll(async () => {
    store = await mortalStore();
    world = await filesWorld({
      config: {
        ...store.environment,
        MAX_FILE_BYTES: String(1024 * mebibyte),
        ROOM_QUOTA_BYTES: String(1024 * mebibyte),
      },
      times: { orphan: 0 },
    });
    files = await bootFiles();
    const opened = world.rooms.room();
    [room, person] = [opened, world.inside(opened)];
    gateway = await gatewayProcess(world.nats, await port, person);
  }, 120_000);

  /** Sends one file, cut where it is said, and tells what it took. */
  async function sendThrough(bytes: Buffer, cuts: readonly number[]) {
    const crash: Record<Exclude<End, 'client'>, () => Promise<void>> = {
      files: async () => {
        await files.kill();
        files = await bootFiles();
      },
      gateway: () => gateway.crash(),
      store: () => store.crash(),
      database: () => world.database.interrupt(300),
    };
    const headers = {
      ...{ origin: gateway.origin, 'x-conclave': '1', cookie: `__Host-sid=cnv_ses_${'a'.repeat(43)}` },
      'tus-resumable': '1.0.0',
    };
    const url = `http://127.0.0.1:${gateway.port}/api/v1/rooms/${room.slug}/uploads`;
    const begun = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        'upload-length': String(bytes.length),
        'upload-metadata': `filename ${Buffer.from('cut.bin').toString('base64')}`,
      },
    });
    expect(begun.status).toBe(201);
    const place = new URL(begun.headers.get('location') ?? '', url).href;
    const fileId = place.split('/').at(-1) ?? '';

    /** Where it goes on, as soon as everything answers again. */
    const offset = () =>
      until(
        async () => {
          const answer = await fetch(place, { method: 'HEAD', headers }).catch(() => undefined);
          return answer?.status === 200 ? Number(answer.headers.get('upload-offset')) : -1;
        },
        (at) => at >= 0,
        60_000,
      );
    const send = (at: number, to: number, then: () => Promise<void>) =>
      new Promise<number>((resolve, reject) => {
        let cutting = false;
        const answered = (status: number) => !cutting && resolve(status);
        const sending = request(
          place,
          {
            method: 'PATCH',
            agent: false,
            headers: {
              ...headers,
              'content-type': 'application/offset+octet-stream',
              'upload-offset': at,
              'content-length': bytes.length - at,
            },
          },
          (response) => response.resume().on('end', () => answered(response.statusCode ?? 0)),
        );
        sending.on('error', () => answered(0));
        sending.write(bytes.subarray(at, to), (error) => {
          if (error) return;
          if (to === bytes.length) return sending.end();
          // The connection may break before what ended it is up again; the next cut waits for that.
          cutting = true;
          void then().then(() => {
            sending.destroy();
            resolve(0);
          }, reject);
        });
      });

    let resent = 0;
    const happened: Partial<Record<End, number>> = {};
    for (const cut of cuts) {
      const at = await offset();
      if (at >= cut) continue;
      const end = ends[ended++ % ends.length] ?? 'client';
      await send(at, cut, end === 'client' ? () => pause(20) : crash[end]);
      happened[end] = (happened[end] ?? 0) + 1;
      resent += cut - at;
    }
    await until(
      async () => {
        const at = await offset();
        return at === bytes.length ? 204 : send(at, bytes.length, async () => undefined);
      },
      (status) => status === 204,
      120_000,
    );
    return { fileId, person, slug: room.slug, happened, resent: resent / bytes.length };
  }

  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

  it('is byte for byte what was sent: one object, and no other after a sweep', async () => {
    const [size, random] = evidence ? [96 * mebibyte, 200] : [18 * mebibyte, 4];
    const bytes = randomBytes(size + 4711);
    const at = (share: number) => Math.floor(bytes.length * share);
    const plans = {
      'every 1 %': Array.from({ length: evidence ? 99 : 4 }, (_, each) => at((each + 1) / (evidence ? 100 : 5))),
      'random points': Array.from({ length: random }, () => at(Math.random())).sort((one, other) => one - other),
    };
    const lines = [
      '| cut at | connections that were ended | bytes sent for each byte of the file | SHA-256 equal | objects after a sweep |',
      '| --- | --- | --- | --- | --- |',
    ];
    for (const [name, cuts] of Object.entries(plans)) {
      const sent = await sendThrough(bytes, cuts);
      const { hopToken } = await world.as(sent.person).openContent(sent);
      const read = await world.data.get(sent.fileId, hopToken);
      expect(sha256(read.body)).toBe(sha256(bytes));
      await world.sweep();
      const { objects, unfinished } = await store.contents();
      expect([objects.length, unfinished]).toEqual([1, []]);
      const by = Object.entries(sent.happened).map(([end, count]) => `${count} by ${end}`);
      lines.push(`| ${name} | ${by.join(', ')} | ${(1 + sent.resent).toFixed(2)} | yes | ${objects.length} |`);
      await world.as(sent.person).deleteFile(sent);
      expect(await store.contents()).toEqual({ objects: [], unfinished: [] });
    }
    if (!evidence) return;
    const about = [
      '# Uploads that were cut and went on',
      '',
      `Written by \`npm test -- evidence\` on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, not by hand.`,
      `One file of ${Math.round(bytes.length / mebibyte)} MiB for each line, in PATCH requests through a gateway to files, each a process of its own; a second files answers calls too.`,
      'After each cut HEAD says where it goes on. "client": the connection is destroyed. "files", "gateway", "store": the process is killed (-9) and',
      'started again. "database": every connection is terminated and none is let in for a moment. A cut behind which the upload already was is left out.',
      '',
      ...lines,
      '',
    ];
    await writeFile(report, about.join('\n'));
  }, 3_600_000);
});
