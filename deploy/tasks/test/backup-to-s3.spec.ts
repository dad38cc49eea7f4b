import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { OperatorError } from '@conclave/platform';
import { freePort, onFileEnd, testBucket, type TestBucket } from '@conclave/testing';
import { Opener, Sealer } from '../src/backup/age.js';
import { backUp } from '../src/backup/backup.js';
import { bucketFrom, databasesFrom, placeFrom, signersFrom } from '../src/backup/settings.js';
import { verifyBackup } from '../src/backup/verify.js';
import { installation, type Installation } from './support/installation.js';
import { task, type Ran } from './support/run.js';

let source: Installation;
let copies: TestBucket;
let identity: string;
let env: Record<string, string>;

const prefix = 'conclave/';

const newIdentity = async (): Promise<{ identity: string; recipient: string }> => {
  const { output } = await task('backup-key', {});
  return { identity: output, recipient: /public key: (age1\S+)/.exec(output)?.[1] ?? '' };
};
const place = ({ endpoint, region, bucket, accessKey, secretKey }: TestBucket): Record<string, string> => ({
  BACKUP_S3_ENDPOINT: endpoint,
  BACKUP_S3_REGION: region,
  BACKUP_S3_BUCKET: bucket,
  BACKUP_S3_ACCESS_KEY: accessKey,
  BACKUP_S3_SECRET_KEY: secretKey,
  BACKUP_S3_PREFIX: prefix,
});
const backup = (changes: Readonly<Record<string, string>> = {}): Promise<Ran> => task('backup', { ...env, ...changes });
const verifyCommand = (changes: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  task('restore', { ...env, ...changes }, '--verify');
/** The same without a process of its own, of which there would be dozens. */
async function verify(changes: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const own = { ...env, ...changes };
  const lines: string[] = [];
  try {
    const signers = signersFrom(own);
    await verifyBackup({
      source: placeFrom(own),
      opener: new Opener(own['BACKUP_IDENTITY'] ?? ''),
      ...(own['BACKUP_ID'] ? { id: own['BACKUP_ID'] } : {}),
      ...(signers ? { signers } : {}),
      say: (line) => void lines.push(line),
    });
    return { code: 0, output: lines.join('\n') };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { code: 1, output: [...lines, error.message].join('\n') };
  }
}

async function namesIn({ root, bucket }: TestBucket, below = ''): Promise<string[]> {
  const names: string[] = [];
  for await (const item of root.listObjectsV2(bucket, below, true)) names.push((item as { name: string }).name);
  return names.sort();
}
const manifests = async (): Promise<string[]> =>
  (await namesIn(copies, `${prefix}backups/`)).filter((name) => name.endsWith('/manifest.json'));
const read = async (name: string): Promise<Buffer> => buffer(await copies.root.getObject(copies.bucket, name));
const write = (name: string, body: Buffer): Promise<unknown> =>
  copies.root.putObject(copies.bucket, name, body, body.length);

/** Does something to a copy's part, and puts it back afterwards. */
async function spoiled(name: string, spoil: (body: Buffer) => Buffer | null, look: () => Promise<void>): Promise<void> {
  const whole = await read(name);
  const other = spoil(whole);
  await (other ? write(name, other) : copies.root.removeObject(copies.bucket, name));
  try {
    await look();
  } finally {
    await write(name, whole);
  }
}

beforeAll(async () => {
  source = await installation();
  copies = await testBucket();
  const own = await newIdentity();
  const keys = await mkdtemp(join(tmpdir(), 'conclave-keys-'));
  await writeFile(join(keys, 'v1'), 'a key of this installation', { mode: 0o600 });
  onFileEnd(() => rm(keys, { recursive: true, force: true }));
  ({ identity } = own);
  env = {
    ...source.env,
    ...place(copies),
    BACKUP_RECIPIENTS: own.recipient,
    BACKUP_IDENTITY: identity,
    BACKUP_KEYS_DIR: keys,
    BACKUP_KEEP: '2',
  };
  await source.addFile();
  await source.addFile(20 * 1024 * 1024); // More than one part of an upload.
  // Values that a row's text must not be divided at.
  await source.rooms.query(
    `insert into room (id, slug, name, owner_id, access_level, ask_personal_token, capacity, code_version, created_at, updated_at)
     select gen_random_uuid(), 'slug-' || n, E'a\\tb\\nc\\\\ \\u2028 ' || n, gen_random_uuid(), 'invited', false, 5, 1, now(), now() from generate_series(1, 500) n`,
  );
}, 120_000);

describe('a backup in another bucket, under other credentials', () => {
  it('is made, and the next one copies only what is new', async () => {
    const first = await backup();
    expect(first.output).toContain('objects: 2 copied, 0 there already');
    expect(first).toMatchObject({ code: 0 });
    await source.addFile();
    const second = await backup();
    expect(second.output).toContain('objects: 1 copied, 2 there already');
    expect(second).toMatchObject({ code: 0 });
    expect(await manifests()).toHaveLength(2);
    const names = await namesIn(copies);
    expect(names.filter((name) => !name.startsWith(prefix))).toEqual([]);
    expect(names.filter((name) => name.endsWith('/probe'))).toEqual([]);
    expect(await namesIn(source.bucket)).toHaveLength(3);
  }, 60_000);

  it('opens to its last part with its identity, and says how much of it that is', async () => {
    const { output, code } = await verifyCommand({ BACKUP_MAX_AGE_HOURS: '1' });
    expect(output).toContain('objects: 3 are there, as the index names them; 0 are absent');
    expect(output).toMatch(/database rooms: \d+ tables open, 500 rows/);
    expect(output).toContain('keys: 1 files, unchanged, and they open');
    expect(output).toContain('every part is there, unchanged, and opens');
    expect(code).toBe(0);
  });

  it('opens with a second recipient too, from which the keys may be kept', async () => {
    const other = await newIdentity();
    const made = await backup({
      BACKUP_RECIPIENTS: `${env['BACKUP_RECIPIENTS']},${other.recipient}`,
      BACKUP_KEYS_RECIPIENTS: env['BACKUP_RECIPIENTS'] ?? '',
      BACKUP_KEEP: '9',
    });
    expect(made).toMatchObject({ code: 0 });
    const { output, code } = await verify({ BACKUP_IDENTITY: other.identity });
    expect(output).toContain('keys: 1 files, unchanged; sealed for another identity than this one');
    expect(code).toBe(0);
    expect((await verify()).output).toContain('keys: 1 files, unchanged, and they open');
    expect((await verify({ BACKUP_IDENTITY: (await newIdentity()).identity })).output).toContain(
      'it was sealed for another identity than this one',
    );
  }, 60_000);

  it('comes back onto empty servers, row by row and byte by byte', async () => {
    const empty = await installation();
    const restored = await task('restore', { ...env, ...empty.env });
    expect(restored.output).toContain('objects: 3 put into');
    expect(restored).toMatchObject({ code: 0 });
    const [before, after] = [await source.rows(), await empty.rows()];
    expect(Object.keys(after).length).toBeGreaterThan(15);
    expect(after).toEqual(before);
    const sums = async ({ bucket }: Installation): Promise<string[]> =>
      Promise.all(
        (await namesIn(bucket)).map(async (name) => {
          const body = await buffer(await bucket.root.getObject(bucket.bucket, name));
          return `${name} ${createHash('sha256').update(body).digest('hex')}`;
        }),
      );
    expect(await sums(empty)).toEqual(await sums(source));
    expect(await task('restore', { ...env, ...empty.env })).toMatchObject({ code: 1 });
  }, 90_000);
});

describe('what is not as it was', () => {
  let newest: string;
  const bad = async (name: string, spoil: (body: Buffer) => Buffer | null, words: RegExp | string): Promise<void> =>
    spoiled(name, spoil, async () => {
      const { output, code } = await verify();
      expect(output).toMatch(words);
      expect(code).toBe(1);
    });
  beforeAll(async () => {
    newest = (await manifests()).at(-1)!.replace('manifest.json', '');
  });

  it('an object of the same length', async () => {
    const [object] = await namesIn(copies, `${prefix}objects/`);
    await bad(
      object!,
      (body) => Buffer.from(body).fill(0, 0, 1),
      /objects\/\S+ in bucket \S+ at \S+ is not what the backup put there/,
    );
    await bad(object!, () => null, /objects\/\S+ is missing in bucket/);
  }, 60_000);

  it('the archive of keys', async () => {
    await bad(
      `${newest}keys.json.gz.age`,
      (body) => body.subarray(1),
      /keys.json.gz.age in bucket \S+ at \S+ is not what/,
    );
  }, 60_000);

  it('a list of objects and a manifest that fit each other, and not the sealed index', async () => {
    const list = `${newest}objects.jsonl.gz`;
    const shorter = gzipSync(
      gunzipSync(await read(list))
        .toString()
        .split('\n')
        .slice(1)
        .join('\n'),
    );
    const digest = { bytes: shorter.length, sha256: createHash('sha256').update(shorter).digest('hex') };
    await spoiled(
      list,
      () => shorter,
      () =>
        bad(
          `${newest}manifest.json`,
          (body) => {
            const manifest = JSON.parse(body.toString()) as { objects: object };
            return Buffer.from(JSON.stringify({ ...manifest, objects: { ...manifest.objects, ...digest } }));
          },
          /The index in this backup names object [0-9a-f]{48}, which the backup does not list/,
        ),
    );
  }, 60_000);

  it('a number of rows', async () => {
    await bad(
      `${newest}manifest.json`,
      (body) => Buffer.from(body.toString().replace('"rows": 500', '"rows": 499')),
      /room.copy.gz.age holds 500 rows where the manifest names 499/,
    );
  }, 60_000);

  it('an old copy in the place of the newest', async () => {
    const [old] = await manifests();
    const body = await read(old!);
    await bad(`${newest}manifest.json`, () => body, /manifest of backup \S+ cannot be read; it was changed/);
  }, 60_000);

  it('the newest copy is too old', async () => {
    const [id] = (await manifests())[0]!.slice(`${prefix}backups/`.length).split('/');
    await spoiled(
      `${newest}manifest.json`,
      (body) => Buffer.from(body.toString().replace(/"startedAt": "20\d\d/, '"startedAt": "2001')),
      async () => {
        const { output, code } = await verifyCommand({ BACKUP_MAX_AGE_HOURS: '26' });
        expect(output).toMatch(/The newest backup is \S+, which is older than 26 hours/);
        expect(code).toBe(1);
        expect(await verifyCommand({ BACKUP_MAX_AGE_HOURS: '26', BACKUP_ID: id! })).toMatchObject({ code: 0 });
      },
    );
  }, 60_000);
});

describe('who made it', () => {
  const signing = async (): Promise<{ secret: string; name: string }> => {
    const { output } = await task('backup-key', {}, '--signing');
    return { secret: output, name: /signer: (signer1\S+)/.exec(output)?.[1] ?? '' };
  };
  const own = 'signed/';
  let place: Record<string, string>;
  let ours: { secret: string; name: string };
  beforeAll(async () => {
    ours = await signing();
    place = { BACKUP_S3_PREFIX: own, BACKUP_SIGNERS: ours.name };
    const made = await backup({ ...place, BACKUP_SIGNING_KEY: ours.secret });
    expect(made).toMatchObject({ code: 0 });
    expect(made.output).not.toContain('SIGNER-SECRET');
  });
  const names = async (file: string): Promise<string> =>
    (await namesIn(copies, `${own}backups/`)).filter((name) => name.endsWith(file)).at(-1)!;

  it('is proven by its signature, now and after the key was changed', async () => {
    const { output, code } = await verify(place);
    expect(output).toContain('is signed by one of BACKUP_SIGNERS');
    expect(code).toBe(0);
    const next = await signing();
    expect(await verify({ ...place, BACKUP_SIGNERS: `${next.name},${ours.name}` })).toMatchObject({ code: 0 });
    expect((await verify({ ...place, BACKUP_SIGNERS: next.name })).output).toContain('is not signed by any of');
    expect((await verify({ ...place, BACKUP_SIGNERS: 'signer1' })).output).toContain('name 1 is no signer');
    expect((await verify({ BACKUP_S3_PREFIX: own })).output).toContain('was not asked (BACKUP_SIGNERS)');
  }, 60_000);

  it('one byte of the manifest, another signature, or none', async () => {
    const refused = async (): Promise<void> => {
      const { output, code } = await verify(place);
      expect(output).toMatch(/^Backup \S+ in bucket .* is not signed by any of BACKUP_SIGNERS/);
      expect(code).toBe(1);
    };
    const [manifest, signature] = [await names('manifest.json'), await names('manifest.sig')];
    await spoiled(manifest, (body) => Buffer.from(`${body.toString()} `), refused);
    await spoiled(
      signature,
      () => null,
      async () => {
        await refused();
        const keys = await task('restore-keys', { ...env, ...place, RESTORE_KEYS_DIR: join(tmpdir(), 'never-made') });
        expect(keys).toMatchObject({ code: 1, output: expect.stringContaining('is not signed') });
      },
    );
    await spoiled(signature, () => Buffer.from('{}'), refused);
    const forged = (body: Buffer): Buffer =>
      Buffer.from(
        body.toString().replace(/"signature":"(.)/, (_, first) => `"signature":"${first === 'A' ? 'B' : 'A'}`),
      );
    await spoiled(signature, forged, refused);
  }, 60_000);

  it('a whole copy that somebody made who may write there and knows the recipients', async () => {
    const theirs = await signing();
    expect(await backup({ ...place, BACKUP_SIGNING_KEY: theirs.secret, BACKUP_KEEP: '9' })).toMatchObject({ code: 0 });
    const { output, code } = await verify(place);
    expect(output).toContain('somebody else made it, or changed it');
    expect(code).toBe(1);
    const empty = await installation();
    const refused = await task('restore', { ...env, ...place, ...empty.env });
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('is not signed by any of') });
    const [first] = (await namesIn(copies, `${own}backups/`))[0]!.slice(`${own}backups/`.length).split('/');
    expect(await verify({ ...place, BACKUP_ID: first! })).toMatchObject({ code: 0 });
  }, 90_000);

  it('a signing key that is none stops before anything is written', async () => {
    const { output, code } = await backup({ ...place, BACKUP_SIGNING_KEY: 'AGE-SECRET-KEY-1NOT' });
    expect(output).toBe('BACKUP_SIGNING_KEY is none: `node dist/backup-key.js --signing` makes one.\n');
    expect(code).toBe(1);
  });
});

describe('what is kept', () => {
  it('the newest copies, what they need, and everything that is not ours', async () => {
    const foreign = ['other/file', 'objects/theirs', 'backups/notes.txt', 'backups/20990101/x', 'objects.txt'];
    for (const name of foreign) await write(`${prefix}${name}`, Buffer.from('theirs'));
    await write('objects/0', Buffer.from('outside of our folder'));
    const oldest = await manifests();
    // Broke off long ago; and one that may still be at it.
    await write(`${prefix}backups/20200101T000000Z/keys.json.gz.age`, Buffer.from('half'));
    const { rows } = await source.files.query<{ key: string }>(
      `delete from file where object_key = (select min(object_key) from file) returning object_key as key`,
    );
    const gone = rows[0]!.key;
    const young = `${new Date(Date.now() - 60_000).toISOString().replace(/[-:]|\.\d+/g, '')}`;
    await write(`${prefix}backups/${young}/keys.json.gz.age`, Buffer.from('half'));

    const beside = await backup({ BACKUP_KEEP: '1' });
    expect(beside.output).toContain(`objects stay for now: backup ${young} is being made, or broke off today`);
    expect(beside.output).toContain(`${oldest.length + 1} older backups and 0 objects removed`);
    expect(await namesIn(copies, `${prefix}objects/${gone}`)).toHaveLength(1);
    expect(await namesIn(copies, `${prefix}backups/${young}/`)).toHaveLength(1);

    await copies.root.removeObject(copies.bucket, `${prefix}backups/${young}/keys.json.gz.age`);
    const alone = await backup({ BACKUP_KEEP: '1' });
    expect(alone.output).toContain('1 older backups and 1 objects removed');
    expect(await manifests()).toHaveLength(1);
    const names = await namesIn(copies);
    expect(names).toEqual(expect.arrayContaining([...foreign.map((name) => `${prefix}${name}`), 'objects/0']));
    const ours = names.filter((name) => name.startsWith(prefix));
    expect(ours.filter((name) => name.includes(gone) || name.includes('20200101T'))).toEqual([]);
    // Under another prefix of the same bucket it is somebody else's.
    expect(names).toContain(`signed/objects/${gone}`);
    expect(await verify()).toMatchObject({ code: 0 });
    for (const name of foreign) await copies.root.removeObject(copies.bucket, `${prefix}${name}`);
  }, 90_000);

  it('a half written copy is none', async () => {
    await copies.root.removeObject(copies.bucket, (await manifests())[0]!);
    const { output, code } = await verify();
    expect(output).toContain('There is no finished backup in bucket');
    expect(code).toBe(1);
  });
});

describe('a bucket that is not sound', () => {
  it('a lost object is named, once, and what is left comes back all the same', async () => {
    const key = await source.addFile();
    await source.bucket.root.removeObject(source.bucket.bucket, key);
    const made = await backup();
    expect(made.output).toContain(`object ${key} is missing in the bucket`);
    expect(made.code).toBe(3);
    const { output, code } = await verify();
    expect(output).toContain('objects: 2 are there, as the index names them; 1 are absent');
    expect(code).toBe(0);
    await source.files.query('delete from file where object_key = $1', [key]);
  }, 60_000);

  it('a file that is deleted while the copy is made is no problem, and the copy is whole', async () => {
    const key = await source.addFile();
    const bucket = bucketFrom(env);
    const slow = Object.create(bucket, {
      size: {
        value: async (name: string) => {
          if (name === key) {
            await source.files.query(`update file set status = 'deleting' where object_key = $1`, [key]);
            await source.bucket.root.removeObject(source.bucket.bucket, key);
          }
          return bucket.size(name);
        },
      },
    }) as typeof bucket;
    const manifest = await backUp({
      release: '0.1.0',
      databases: databasesFrom(env),
      bucket: slow,
      destination: placeFrom(env),
      sealer: new Sealer([env['BACKUP_RECIPIENTS']!]),
      keep: 2,
      say: () => {},
    });
    expect(manifest).toMatchObject({ problems: [], absent: [key] });
    expect((await verify()).output).toContain('1 are absent');
    const empty = await installation();
    expect(await task('restore', { ...env, ...empty.env })).toMatchObject({ code: 0 });
  }, 90_000);
});

describe('what cannot work stops before anything is written', () => {
  const refused = async (changes: Record<string, string>, words: RegExp | string): Promise<void> => {
    const before = await namesIn(copies);
    const { output, code } = await backup(changes);
    expect(output).toMatch(words);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
    expect(await namesIn(copies)).toEqual(before);
  };

  it('a destination that is not there', async () => {
    await refused({ BACKUP_S3_ENDPOINT: `http://127.0.0.1:${await freePort()}` }, /cannot be reached .*ECONNREFUSED/);
    await refused({ BACKUP_S3_ENDPOINT: 'http://no-such-host.invalid' }, /cannot be reached .*(ENOTFOUND|EAI_AGAIN)/);
  }, 60_000);

  it('a bucket that is not there, a key that is none, and a user who may not', async () => {
    await refused({ BACKUP_S3_SECRET_KEY: 'x'.repeat(40) }, /refused \(SignatureDoesNotMatch\)/);
    await refused(
      { BACKUP_S3_BUCKET: await copies.foreignBucket() },
      /refused \(AccessDenied\): its user needs .*PutObject/,
    );
    await refused({ BACKUP_S3_BUCKET: 'no-such-bucket' }, /AccessDenied|NoSuchBucket/);
  }, 60_000);

  it('the bucket of the originals, whatever it is called', async () => {
    const own = { BACKUP_S3_BUCKET: source.bucket.bucket };
    await refused({ ...own, BACKUP_S3_ENDPOINT: `${source.bucket.endpoint}/` }, /is the bucket that is backed up/);
    const alias = source.bucket.endpoint.replace('127.0.0.1', '127.0.0.2').replace('127.0.0.2', 'localhost');
    const keys = { BACKUP_S3_ACCESS_KEY: source.bucket.accessKey, BACKUP_S3_SECRET_KEY: source.bucket.secretKey };
    await refused({ ...own, ...keys, BACKUP_S3_ENDPOINT: alias }, /under another address; a copy belongs elsewhere/);
    expect((await namesIn(source.bucket)).filter((name) => name.includes('probe'))).toEqual([]);
  }, 60_000);

  it('a recipient that is none, and an identity in its place, which is not said aloud', async () => {
    await refused({ BACKUP_RECIPIENTS: 'ssh-ed25519 AAAA' }, /Recipient 1 of 1 is no age recipient/);
    await refused({ BACKUP_KEYS_RECIPIENTS: `${env['BACKUP_RECIPIENTS']},age1nonsense` }, /Recipient 2 of 2 is no age/);
    const secret = /AGE-SECRET-KEY-\S+/.exec(identity)![0];
    await refused({ BACKUP_RECIPIENTS: secret }, /Recipient 1 is an identity/);
    expect((await backup({ BACKUP_RECIPIENTS: secret })).output).not.toContain(secret);
  }, 60_000);

  it('no keys in the folder of keys', async () => {
    const nothing = await mkdtemp(join(tmpdir(), 'conclave-none-'));
    await refused({ BACKUP_KEYS_DIR: nothing }, /is empty; a backup without keys opens nothing/);
    await rm(nothing, { recursive: true });
  });

  it('a database that does not let us in, after which there is no copy', async () => {
    const before = await manifests();
    const { output, code } = await backup({ ROOMS_KEYS_DATABASE_PASSWORD: 'wrong' });
    expect(output).toMatch(/Database rooms_keys at \S+ does not let us in \(28P01\)/);
    expect(code).toBe(1);
    expect(await manifests()).toEqual(before);
  });

  it('secrets stay out of what is printed', async () => {
    const { output } = await backup();
    for (const name of ['BACKUP_S3_SECRET_KEY', 'S3_SECRET_KEY', 'FILES_DATABASE_PASSWORD', 'BACKUP_IDENTITY'])
      expect(output).not.toContain(env[name]?.trim());
    expect(await text(await copies.root.getObject(copies.bucket, (await manifests()).at(-1)!))).not.toContain(
      'AGE-SECRET',
    );
  }, 60_000);
});
