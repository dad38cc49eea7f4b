import { busCheck, type BusAccess } from '@conclave/messaging';
import { runChecks } from '@conclave/platform';
import { freePort, testNats, type TestNats } from '@conclave/testing';

const look = async (access: BusAccess): Promise<{ ok: boolean; words: string }> => {
  let words = '';
  const ok = await runChecks([busCheck(access)], (result) => (words = result.words));
  return { ok, words };
};

describe('a bus that knows everybody', () => {
  let nats: TestNats;
  beforeAll(async () => (nats = await testNats()));

  it.each(['auth', 'rooms', 'files', 'gateway'] as const)('is well for %s', async (service) => {
    const { ok, words } = await look({ service, url: nats.url, seed: nats.seeds[service] });
    expect(words).toMatch(/^nkey accepted, \d+ subjects may be heard, .*, and nothing else$/);
    expect(ok).toBe(true);
  });

  it('tells that a seed is another service’s', async () => {
    const { ok, words } = await look({ service: 'rooms', url: nats.url, seed: nats.seeds.files });
    expect(words).toContain('does not let rooms hear _INBOX.rooms.>');
    expect(ok).toBe(false);
  });

  it('refuses a key that it does not know', async () => {
    const stranger = await testNats();
    const { words } = await look({ service: 'rooms', url: nats.url, seed: stranger.seeds.rooms });
    expect(words).toContain("refuses this service's nkey");
    expect(words).not.toContain(stranger.seeds.rooms);
  });
});

it('a seed that is none', async () => {
  const { words } = await look({ service: 'rooms', url: 'nats://127.0.0.1:1', seed: 'nonsense' });
  expect(words).toContain('NATS_NKEY_SEED is no nkey seed');
});

it('a bus that is not there', async () => {
  const nats = { seeds: (await testNats()).seeds };
  const url = `nats://127.0.0.1:${await freePort()}`;
  expect((await look({ service: 'files', url, seed: nats.seeds.files })).words).toContain('cannot be reached');
});

it('a bus without allow-lists is refused: anybody there could hear everybody', async () => {
  const all = { publish: ['>'], subscribe: ['>'] };
  const nats = await testNats(() => ({ auth: all, rooms: all, files: all, gateway: all }));
  const { ok, words } = await look({ service: 'gateway', url: nats.url, seed: nats.seeds.gateway });
  expect(words).toContain('it has no allow-lists');
  expect(ok).toBe(false);
});

it('allow-lists of another release are told by the first subject that is missing', async () => {
  const nats = await testNats((lists) => ({
    ...lists,
    rooms: { ...lists.rooms, subscribe: lists.rooms.subscribe.filter((subject) => !subject.endsWith('.RequestEntry')) },
  }));
  const { words } = await look({ service: 'rooms', url: nats.url, seed: nats.seeds.rooms });
  expect(words).toMatch(/does not let rooms hear \S+\.RequestEntry: its allow-lists are of another release/);
});
