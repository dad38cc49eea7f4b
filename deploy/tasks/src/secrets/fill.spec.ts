import { OperatorError } from '@conclave/platform';
import { publicKeyOf, secretKinds } from '@conclave/servers';
import { fillSecrets } from './fill.js';
import type { SecretStore, SecretWrite, StoredSecret } from './kubernetes.js';
import { parsePlan, type Plan } from './plan.js';

/** Secrets with versions, as the API server keeps them. */
class Store implements SecretStore {
  readonly secrets = new Map<string, { version: number; immutable: boolean; data: Record<string, string> }>();
  writes = 0;
  /** Runs once, between somebody's look and write. */
  meanwhile: (() => void) | undefined;

  put(name: string, data: Record<string, string>, immutable = false): void {
    this.secrets.set(name, { version: (this.secrets.get(name)?.version ?? 0) + 1, immutable, data });
  }
  async get(name: string): Promise<StoredSecret | null> {
    const found = this.secrets.get(name);
    return found
      ? { resourceVersion: String(found.version), immutable: found.immutable, data: { ...found.data } }
      : null;
  }
  async create(name: string, { data }: SecretWrite): Promise<'done' | 'changed'> {
    this.interfere();
    if (this.secrets.has(name)) return 'changed';
    this.writes += 1;
    this.put(name, { ...data });
    return 'done';
  }
  async patch(name: string, resourceVersion: string, data: Readonly<Record<string, string>>) {
    this.interfere();
    const found = this.secrets.get(name);
    if (!found || String(found.version) !== resourceVersion) return 'changed' as const;
    this.writes += 1;
    this.put(name, { ...found.data, ...data });
    return 'done' as const;
  }
  private interfere(): void {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    meanwhile?.();
  }
}

const plan = (secrets: object[]): Plan => parsePlan(JSON.stringify({ secrets }));
const users = ['auth', 'rooms', 'files', 'gateway'];
const whole = plan([
  { name: 'n-rooms', keys: [{ name: 'pepper', kind: 'base64-32' }] },
  { name: 'n-auth', keys: [{ name: 'signing-key.pem', kind: 'p256-pkcs8-pem' }] },
  {
    name: 'n-nats',
    keys: [
      ...users.map((name) => ({ name, kind: 'nkey-user-seed' })),
      {
        name: 'authorization.conf',
        kind: 'nats-authorization',
        seeds: Object.fromEntries(users.map((key) => [key, { secret: 'n-nats', key }])),
      },
    ],
  },
  {
    name: 'n-livekit',
    keys: [
      { name: 'api-key', kind: 'access-key', prefix: 'rooms' },
      { name: 'api-secret', kind: 'password' },
      {
        name: 'keys.yaml',
        kind: 'livekit-keys',
        pairs: [{ key: { secret: 'n-livekit', key: 'api-key' }, secret: { secret: 'n-livekit', key: 'api-secret' } }],
      },
    ],
  },
]);

const data = (store: Store, name: string): Record<string, string> => store.secrets.get(name)?.data ?? {};

describe('filling Secrets', () => {
  it('makes every kind, of its own form', async () => {
    const store = new Store();
    const filled = await fillSecrets(store, whole);
    expect(filled.map(({ made }) => made.length)).toEqual([1, 1, 5, 3]);
    expect(secretKinds['base64-32'].fault(data(store, 'n-rooms')['pepper'] ?? '')).toBeUndefined();
    expect(secretKinds['p256-pkcs8-pem'].fault(data(store, 'n-auth')['signing-key.pem'] ?? '')).toBeUndefined();
    const nats = data(store, 'n-nats');
    for (const user of users) expect(nats['authorization.conf']).toContain(publicKeyOf(nats[user] ?? ''));
    expect(nats['authorization.conf']).not.toContain(nats['rooms']);
    const livekit = data(store, 'n-livekit');
    expect(livekit['api-key']).toMatch(/^rooms[0-9a-f]{16}$/);
    expect(JSON.parse(livekit['keys.yaml'] ?? '')).toEqual({ [livekit['api-key'] ?? '']: livekit['api-secret'] });
  });

  it('changes nothing the second time', async () => {
    const store = new Store();
    await fillSecrets(store, whole);
    const before = JSON.stringify([...store.secrets]);
    const { writes } = store;
    await fillSecrets(store, whole);
    expect(JSON.stringify([...store.secrets])).toBe(before);
    expect(store.writes).toBe(writes);
  });

  it('keeps what is there, and keys that are none of its business', async () => {
    const store = new Store();
    const own = secretKinds['base64-32'].make();
    store.put('n-rooms', { pepper: own, other: 'x' });
    await fillSecrets(store, whole);
    expect(data(store, 'n-rooms')).toEqual({ pepper: own, other: 'x' });
  });

  it('brings derived keys in step with what they follow from', async () => {
    const store = new Store();
    await fillSecrets(store, whole);
    store.put('n-livekit', { ...data(store, 'n-livekit'), 'api-secret': secretKinds.password.make() });
    const filled = await fillSecrets(store, whole);
    expect(filled.at(-1)).toMatchObject({ secret: 'n-livekit', made: [], renewed: ['keys.yaml'] });
  });

  it('writes nothing at all when one value is known to everybody, or of the wrong form', async () => {
    const store = new Store();
    store.put('n-livekit', { 'api-key': 'devkey', 'api-secret': 'secret' });
    store.put('n-rooms', { pepper: 'short' });
    const refusal = await fillSecrets(store, whole).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OperatorError);
    expect(String(refusal)).toContain('n-livekit/api-key holds a value that everybody knows');
    expect(String(refusal)).toContain('n-rooms/pepper must be 32 bytes in base64');
    expect(store.writes).toBe(0);
    expect(store.secrets.has('n-auth')).toBe(false);
  });

  it('does not overwrite what somebody wrote between look and write', async () => {
    const store = new Store();
    const theirs = secretKinds['base64-32'].make();
    store.meanwhile = () => store.put('n-rooms', { pepper: theirs });
    await fillSecrets(store, whole);
    expect(data(store, 'n-rooms')['pepper']).toBe(theirs);
  });

  it('two at once agree', async () => {
    const store = new Store();
    await Promise.all([fillSecrets(store, whole), fillSecrets(store, whole)]);
    const before = JSON.stringify([...store.secrets]);
    await fillSecrets(store, whole);
    expect(JSON.stringify([...store.secrets])).toBe(before);
  });

  it('says what to do about an immutable Secret', async () => {
    const store = new Store();
    store.put('n-rooms', {}, true);
    await expect(fillSecrets(store, whole)).rejects.toThrow('n-rooms is immutable and lacks pepper');
  });
});

describe('a plan', () => {
  it.each([
    ['nonsense', '{', 'not JSON'],
    ['an unknown kind', '{"secrets":[{"name":"a","keys":[{"name":"b","kind":"uuid"}]}]}', 'not usable'],
    ['an unknown key', '{"secrets":[{"name":"a","keys":[{"name":"b","kind":"password","length":3}]}]}', 'not usable'],
    [
      'a source that is not there',
      '{"secrets":[{"name":"a","keys":[{"name":"b","kind":"copy","from":{"secret":"a","key":"c"}}]}]}',
      'derives a/b from a/c',
    ],
    [
      'a key twice',
      '{"secrets":[{"name":"a","keys":[{"name":"b","kind":"password"},{"name":"b","kind":"password"}]}]}',
      'twice',
    ],
  ])('with %s is refused', (_, text, words) => {
    expect(() => parsePlan(text)).toThrow(words);
  });
});
