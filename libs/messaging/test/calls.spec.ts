import { EventEmitter, once } from 'node:events';
import { create, files, rooms, subjectOf, toBinary } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { silentLogger } from '@conclave/platform';
import { testNats, type TestNats } from '@conclave/testing';
import { Controller, Module } from '@nestjs/common';
import {
  Access,
  bootService,
  Bus,
  createClient,
  requirePrincipal,
  Rpc,
  type CallContext,
  type RunningService,
} from '@conclave/messaging';
import { testPrincipals, type TestPrincipals } from '@conclave/messaging/testing';

const { roomsService, presenceService } = {
  roomsService: rooms.RoomsService.method,
  presenceService: rooms.PresenceService.method,
};
const nobody = '00000000-0000-7000-8000-000000000000';
let release: () => void = () => undefined;
/** Says when a call has come that waits for `release`. */
const held = new EventEmitter();

@Controller()
class TestController {
  @Rpc(roomsService.getDoor)
  @Access('signed-in')
  async getDoor(request: rooms.GetDoorRequest, context: CallContext) {
    const { displayName, userId } = requirePrincipal(context);
    if (request.slug === 'room-refused')
      throw new DomainError('NOT_INVITED', { details: { attemptsLeft: '2' }, retryAfterSeconds: 7 });
    if (request.slug === 'room-broken') throw new Error('a secret cause');
    if (request.slug === 'room-slow') {
      const free = new Promise<void>((resolve) => (release = resolve));
      held.emit('held');
      await free;
    }
    return { door: { host: { id: userId }, name: displayName, slug: request.slug } };
  }

  @Rpc(roomsService.listRooms)
  @Access('signed-in')
  listRooms({ limit }: rooms.ListRoomsRequest) {
    return { rooms: [{ memberCount: limit }] };
  }

  @Rpc(presenceService.provePresence)
  @Access('service')
  provePresence(request: rooms.ProvePresenceRequest) {
    return { roomId: request.roomId };
  }
}

@Module({ controllers: [TestController] })
class TestModule {}

const config = (nats: TestNats) => ({
  INTERNAL_HOST: '127.0.0.1',
  INTERNAL_PORT: 0,
  LOG_LEVEL: 'error' as const,
  NATS_URL: nats.url,
  NATS_NKEY_SEED: nats.seeds.rooms,
});

describe('calls over the bus', () => {
  let nats: TestNats;
  let principals: TestPrincipals;
  let service: RunningService;
  let gateway: Bus;
  let filesBus: Bus;

  beforeAll(async () => {
    nats = await testNats();
    principals = await testPrincipals({ url: nats.url, seed: nats.seeds.auth });
    service = await bootService({ service: 'rooms', config: config(nats), module: TestModule, logger: silentLogger() });
    gateway = await Bus.connect({ url: nats.url, seed: nats.seeds.gateway, service: 'gateway' });
    filesBus = await Bus.connect({ url: nats.url, seed: nats.seeds.files, service: 'files' });
  });

  afterAll(async () => {
    await Promise.all([gateway?.close(), filesBus?.close(), service?.close(), principals?.close()]);
  });

  const getDoor = (slug: string, token?: string) =>
    createClient(rooms.RoomsService, gateway).getDoor({ slug }, token === undefined ? {} : { principal: token });

  it('carry the person', async () => {
    const person = principals.person({ displayName: 'Aylin Kaya' });
    const { door } = await getDoor('room-any', person.token);
    expect(door).toMatchObject({ host: { id: person.userId }, name: 'Aylin Kaya' });
  });

  it('bring a refusal back with its details and nothing of its cause', async () => {
    const { token } = principals.person();
    await expect(getDoor('room-refused', token)).rejects.toMatchObject({
      reason: 'NOT_INVITED',
      details: { attemptsLeft: '2' },
      retryAfterSeconds: 7,
    });
    const unknown = await getDoor('room-broken', token).catch((error: unknown) => error);
    expect(unknown).toMatchObject({ reason: 'INTERNAL' });
    expect(JSON.stringify(unknown)).not.toContain('secret');
  });

  it('without a person are refused before the handler', async () => {
    await expect(getDoor('room-any')).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });

  it.each([
    ['another audience', { claims: { aud: 'livekit' } }],
    ['another issuer', { claims: { iss: 'someone' } }],
    ['another type', { header: { typ: 'JWT' } }],
    ['an unknown key', { header: { kid: 'invented' } }],
    ['an expired life', { expiresIn: -30 }],
    ['a life longer than a minute', { claims: { iat: Math.floor(Date.now() / 1000) - 3600 }, expiresIn: 7200 }],
  ])('refuse a token with %s', async (_what, changes) => {
    const person = principals.person();
    await expect(getDoor('room-any', principals.sign(person, changes))).rejects.toMatchObject({
      reason: 'UNAUTHENTICATED',
    });
  });

  it('refuse a token without signature', async () => {
    const [, claims] = principals.person().token.split('.');
    const head = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: principals.kid })).toString('base64url');
    await expect(getDoor('room-any', `${head}.${claims}.`)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });

  it('take whatever time is left, also a fraction of a millisecond', async () => {
    const { token } = principals.person();
    const client = createClient(rooms.RoomsService, gateway);
    for (const timeoutMs of [19_999.000_1, 12_345.5, 7_000.9])
      await expect(client.getDoor({ slug: 'room-any' }, { principal: token, timeoutMs })).resolves.toBeDefined();
  });

  it('answer UNAVAILABLE without waiting when nobody is there, and DEADLINE_EXCEEDED when nobody answers in time', async () => {
    const { token } = principals.person();
    await expect(
      createClient(files.FilesService, gateway).listFiles(
        { slug: 'room-any' },
        { principal: token, timeoutMs: 600_000 },
      ),
    ).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    const slow = createClient(rooms.RoomsService, gateway).getDoor(
      { slug: 'room-slow' },
      { principal: token, timeoutMs: 100 },
    );
    await expect(slow).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
    release();
  });

  it('tell what is left as a span, and a time of day only to the release before', async () => {
    const { token } = principals.person();
    const subject = subjectOf(roomsService.getDoor);
    const request = toBinary(roomsService.getDoor.input, create(roomsService.getDoor.input, { slug: 'room-any' }));
    const answerTo = async (fields: Record<string, string>): Promise<string> => {
      const reply = await gateway.request(subject, request, { 'conclave-principal': token, ...fields }, 2_000);
      return reply.headers?.get('conclave-error') ?? '';
    };
    const [before, after] = [-1, 1].map((hours) => String(Date.now() + hours * 3_600_000));
    // Callers whose clocks are an hour behind or ahead, with time left and without.
    for (const deadline of [before ?? '', after ?? '']) {
      expect(await answerTo({ 'conclave-deadline': deadline, 'conclave-left': '1000' })).toBe('');
      for (const left of ['0', '-5'])
        expect(await answerTo({ 'conclave-deadline': deadline, 'conclave-left': left })).toBe('DEADLINE_EXCEEDED');
    }
    expect(await answerTo({ 'conclave-left': 'soon' })).toBe('');
    // From the release before.
    expect(await answerTo({ 'conclave-deadline': before ?? '' })).toBe('DEADLINE_EXCEEDED');
    expect(await answerTo({ 'conclave-deadline': String(Date.now() + 2_000) })).toBe('');
    expect(await answerTo({})).toBe('');

    const said: (string | undefined)[] = [];
    const listFiles = subjectOf(files.FilesService.method.listFiles);
    const answering = filesBus.respond(listFiles, 'files', (message) => {
      said.push(...['conclave-left', 'conclave-deadline'].map((name) => message.headers?.get(name)));
      message.respond(new Uint8Array());
    });
    await filesBus.ping();
    await createClient(files.FilesService, gateway).listFiles({ slug: 'a' }, { principal: token, timeoutMs: 1_500.5 });
    answering.unsubscribe();
    await filesBus.ping();
    // Both, so that either release understands the other's.
    expect(said[0]).toBe('1501');
    expect(Math.abs(Number(said[1]) - Date.now())).toBeLessThan(60_000);
  });

  it('with bytes that are no message are refused and harm nothing', async () => {
    const subject = subjectOf(roomsService.getDoor);
    const reply = await gateway.request(
      subject,
      Uint8Array.of(0xff, 0xff, 0xff),
      { 'conclave-principal': principals.person().token },
      25_000,
    );
    expect(reply.headers?.get('conclave-error')).toBe('INVALID_ARGUMENT');
    await expect(getDoor('room-any', principals.person().token)).resolves.toBeDefined();
  });

  it('that do not fit the rules of a field are refused before the handler, after the person is known', async () => {
    const unfit = getDoor('Any room', principals.person().token);
    await expect(unfit).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT', details: { field: 'slug' } });
    await expect(getDoor('Any room')).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });

  it('bring a handler what 0 stands for, never the 0', async () => {
    const { token } = principals.person();
    const { rooms: found } = await createClient(rooms.RoomsService, gateway).listRooms({}, { principal: token });
    expect(found).toMatchObject([{ memberCount: 50 }]);
  });

  it('reach a method only from the services its proto names', async () => {
    const question = { roomId: nobody, userId: nobody };
    await expect(createClient(rooms.PresenceService, filesBus).provePresence(question)).resolves.toMatchObject({
      roomId: nobody,
    });
    await expect(
      createClient(rooms.PresenceService, gateway).provePresence(question, { timeoutMs: 500 }),
    ).rejects.toBeInstanceOf(DomainError);
  });

  it('let the call in flight end when the service closes', async () => {
    const second = await testNats();
    const signer = await testPrincipals({ url: second.url, seed: second.seeds.auth });
    const closing = await bootService({
      service: 'rooms',
      config: config(second),
      module: TestModule,
      logger: silentLogger(),
    });
    const caller = await Bus.connect({ url: second.url, seed: second.seeds.gateway, service: 'gateway' });
    const came = once(held, 'held');
    const call = createClient(rooms.RoomsService, caller).getDoor(
      { slug: 'room-slow' },
      { principal: signer.person().token },
    );
    await came;
    const closed = closing.close();
    setTimeout(() => release(), 200);
    await expect(call).resolves.toBeDefined();
    await closed;
    await Promise.all([caller.close(), signer.close()]);
  });
});

describe('a handler that does not fit its contract', () => {
  @Controller()
  class Undeclared {
    @Rpc(roomsService.getDoor)
    getRoom() {
      return {};
    }
  }
  @Controller()
  class WrongMode {
    @Rpc(roomsService.getDoor)
    @Access('service')
    getRoom() {
      return {};
    }
  }

  it.each([
    [Undeclared, 'declares no @Access'],
    [WrongMode, 'does not fit the auth mode'],
  ])('stops the start', async (controller, words) => {
    @Module({ controllers: [controller] })
    class Broken {}
    const nats = await testNats();
    const boot = bootService({ service: 'rooms', config: config(nats), module: Broken, logger: silentLogger() });
    await expect(boot).rejects.toThrow(words);
  });
});
