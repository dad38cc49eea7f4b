import { expect, test } from '../support/journey.js';
import { control, joinMeeting, participants, visitorAs, type Visitor } from '../support/app.js';
import { person, type Caller } from '../support/api.js';
import { startCollector, type CollectedSpan, type Collector } from '../support/collector.js';
import { scrape, type Figures } from '../support/figures.js';
import { namedFigures } from '../support/figures-named.js';
import { everyService, mediaFigures, ownFigures, withDatabase } from '../support/figures-wanted.js';
import { ownProduct, type OwnProduct } from '../support/own-product.js';
import { download, invite, openRoom, upload } from '../support/rooms.js';

const services = ['auth', 'rooms', 'files', 'gateway'] as const;
type Service = (typeof services)[number];

/** Stands in everything that anybody types or sends; it may stand in nothing that operators see. */
const canary = /canary|Zo[eë]|k[aä]narie/i;
const typed = {
  name: 'Zoë Canary',
  other: 'Kanarienvogel Canary',
  room: 'Canary quarterly merger',
  message: 'the canary sings at dawn',
  file: 'canary salaries.csv',
  content: 'canary,content,inside',
  query: 'canary-in-a-query',
  agent: 'CanaryBrowser/1.0',
};

/** Figures that a run of a minute cannot bring forth; LiveKit declares them when they first happen. */
const later = new Set(['livekit_nack_total', 'livekit_pli_total', 'livekit_fir_total']);

test.describe.serial('what operators see', () => {
  let product: OwnProduct;
  let collector: Collector;
  let zoe: Visitor;
  let other: Visitor;
  const figures = {} as Record<Service | 'livekit', Figures>;

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(420_000);
    collector = await startCollector();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, BUILD_COMMIT: 'c0ffee' };
    product = await ownProduct({
      replicas: 1,
      mediaNodes: 1,
      logLevel: 'debug',
      environment: { auth: environment, rooms: environment, files: environment, gateway: environment },
    });
    const [owner, guest] = [await person(typed.name), await person(typed.other)];
    const { slug } = await openRoom(owner, { name: typed.room });
    await invite(owner, slug, guest);
    zoe = await visitorAs(browser, owner);
    other = await visitorAs(browser, guest);
    await live(owner, slug);
    await attack();
  });

  test.afterAll(async () => {
    await zoe?.page.context().close();
    await other?.page.context().close();
    await product?.stop();
    await collector?.stop();
  });

  /** A meeting of two in browsers, with chat and a file, and one person who leaves. */
  async function live(owner: Caller, slug: string): Promise<void> {
    for (const { page } of [zoe, other]) {
      page.setDefaultTimeout(60_000);
      await page.goto(`/r/${slug}`);
      await joinMeeting(page);
    }
    await expect(participants(zoe.page)).toHaveCount(2, { timeout: 60_000 });
    // On a busy machine the devices may have come too late for the door.
    const unmute = control(zoe.page, 'Turn microphone on');
    if (await unmute.isVisible()) await unmute.click();
    expect((await owner.call('POST', `/rooms/${slug}/messages`, { text: typed.message })).status).toBe(201);
    const bytes = Buffer.from(`${typed.content}\n`.repeat(50_000));
    const { status, body } = await upload(owner, slug, typed.file, bytes);
    expect(status).toBe(201);
    expect(await (await download(owner, slug, body.id)).text()).toContain(typed.content);
    // Long enough for the media server to report on the media.
    const reports = async (): Promise<number> =>
      (await scrape(product.ports['livekitMetrics'] ?? 0)).sum('livekit_rtt_ms_count');
    await expect.poll(reports, { timeout: 90_000 }).toBeGreaterThan(0);
    await control(other.page, 'Leave').click();
    const left = async (): Promise<number> =>
      (await scrape(product.ports['rooms'] ?? 0)).sum('rooms_connections_ended_total', { reason: 'left' });
    await expect.poll(left, { timeout: 60_000 }).toBeGreaterThan(0);
  }

  /** Odd input everywhere else: each must be refused, and none may be repeated where operators look. */
  async function attack(): Promise<void> {
    const eve = await person('Canary Eve');
    const headers = {
      'user-agent': typed.agent,
      traceparent: '00-canary-canary-01',
      tracestate: 'canary=canary',
      baggage: 'canary=canary',
      'x-correlation-id': 'canary canary canary',
    };
    const tries: [string, string, unknown, Record<string, string>?][] = [
      ['POST', '/session', { email: 'canary@canary.test', password: 'canary wrong password' }],
      ['GET', `/rooms?after=${typed.query}`, undefined],
      ['GET', `/rooms/${typed.query}/door`, undefined],
      ['POST', '/rooms', { name: 'x', canary: 'canary' }],
      ['GET', '/canary/path/that/is/not', undefined],
      ['POST', '/traces/join', { traceparent: 'canary', durationMs: 1, outcome: 'canary' }],
      ['GET', '/me', undefined, { authorization: 'Bearer cnv_canary', cookie: '' }],
    ];
    for (const [method, path, body, more] of tries)
      expect((await eve.call(method, path, body, { ...headers, ...more })).status).toBeGreaterThanOrEqual(400);
  }

  test('every promised figure is told, with its labels and without an id', async () => {
    for (const name of services) figures[name] = await scrape(product.ports[name] ?? 0);
    figures.livekit = await scrape(product.ports['livekitMetrics'] ?? 0);
    const missing: string[] = [];
    for (const service of services) {
      const wanted = { ...everyService, ...(service === 'gateway' ? {} : withDatabase), ...ownFigures[service] };
      const { names, samples } = figures[service];
      for (const [name, labels] of Object.entries(wanted)) {
        if (!names.has(name)) missing.push(`${service}: ${name}`);
        for (const sample of samples.filter((one) => one.name.replace(/_(bucket|count|sum)$/, '') === name)) {
          const own = Object.keys(sample.labels).filter((label) => label !== 'le');
          expect({ name, labels: own.sort() }).toEqual({ name, labels: [...labels].sort() });
        }
      }
      for (const { labels } of samples)
        for (const value of Object.values(labels))
          expect(value).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{32}|@|cnv_|eyJ/);
    }
    for (const name of mediaFigures) if (!figures.livekit.names.has(name)) missing.push(`livekit: ${name}`);
    expect(missing).toEqual([]);
    expect(figures.gateway.sum('build_info', { version: '0.1.0', commit: 'c0ffee' })).toBe(1);
  });

  test('what happened is counted', () => {
    const { auth, rooms, files, gateway, livekit } = figures;
    const above: [string, number, number][] = [
      ['wrong passwords', auth.sum('auth_login_total', { outcome: 'wrong' }), 1],
      ['sessions resolved', auth.sum('auth_token_refresh_total', { outcome: 'ok' }), 1],
      ['hashes', auth.sum('auth_hash_duration_seconds_count'), 3],
      ['admitted', rooms.sum('rooms_join_total', { outcome: 'admitted' }), 2],
      ['joined', rooms.sum('rooms_join_duration_seconds_count'), 2],
      ['webhooks', rooms.sum('rooms_webhook_total', { event: 'participant_joined', outcome: 'noted' }), 2],
      ['webhooks over HTTP', rooms.sum('http_server_request_duration_seconds_count', { status: '200' }), 2],
      ['left', rooms.sum('rooms_connections_ended_total', { reason: 'left' }), 1],
      ['uploads', files.sum('files_op_total', { op: 'upload', outcome: 'ok' }), 1],
      ['downloads', files.sum('files_op_total', { op: 'download', outcome: 'ok' }), 1],
      ['bytes in', files.sum('files_bytes_total', { dir: 'in' }), 1_000_000],
      ['keys', files.sum('files_kek_version_info', { version: 'v1' }), 1],
      ['sealing', files.sum('files_crypto_duration_seconds_count', { op: 'seal' }), 1],
      ['sockets', gateway.sum('gateway_ws_connections'), 2],
      ['sockets that ended', gateway.sum('gateway_ws_disconnects_total'), 1],
      ['without a session', gateway.sum('gateway_auth_rejected_total'), 1],
      ['calls of the gateway', gateway.sum('nats_request_duration_seconds_count', { role: 'client' }), 10],
      ['calls to auth', auth.sum('nats_request_duration_seconds_count', { role: 'server', outcome: 'ok' }), 5],
      ['queries', rooms.sum('db_query_duration_seconds_count', { pool: 'main' }), 20],
      ['connected to the bus', auth.sum('nats_connection_up'), 1],
      ['joins at LiveKit', livekit.sum('livekit_participant_join_total', { state: 'rtc_connected' }), 2],
    ];
    for (const [what, seen, least] of above) expect(seen, what).toBeGreaterThanOrEqual(least);
    expect(gateway.sum('gateway_upstream_errors_total')).toBe(0);
    expect(files.sum('files_integrity_failures_total')).toBe(0);
  });

  test('every figure of the media server that an alert or a dashboard uses exists', async () => {
    const used = (await namedFigures()).map(({ name }) => name).filter((name) => name.startsWith('livekit_'));
    expect(new Set(used).size).toBeGreaterThan(10);
    expect(used.filter((name) => !later.has(name) && !figures.livekit.names.has(name))).toEqual([]);
  });

  test('one trace leads from the click on Join to media', async () => {
    const joined = (): CollectedSpan[] => collector.spans.filter(({ name }) => name === 'browser join');
    await expect.poll(() => joined().length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
    const root = joined()[0] as CollectedSpan;
    const trace = (): CollectedSpan[] => collector.spans.filter(({ traceId }) => traceId === root.traceId);
    await expect.poll(() => trace().some(({ name }) => name === 'livekit join'), { timeout: 30_000 }).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 3_000));

    const spans = trace();
    const one = (name: string | RegExp, service: string, parent?: CollectedSpan): CollectedSpan => {
      const found = spans.find(
        (span) =>
          (typeof name === 'string' ? span.name === name : name.test(span.name)) &&
          span.service === `conclave-${service}` &&
          (!parent || span.parentSpanId === parent.spanId),
      );
      if (!found)
        throw new Error(`no ${name} of ${service} in: ${spans.map((s) => `${s.service} ${s.name}`).join(', ')}`);
      return found;
    };
    expect(root.parentSpanId).toBe('');
    const http = one('POST /api/v1/rooms/{slug}/entry', 'gateway', root);
    const subject = 'conclave.rooms.v1.EntryService.RequestEntry';
    const call = one(subject, 'gateway', http);
    const handler = one(subject, 'rooms', call);
    one(/^postgresql (insert|select|begin)$/, 'rooms', handler);
    one('livekit createRoom', 'rooms', handler);
    const media = one('livekit join', 'rooms', handler);
    expect(media.attributes['livekit.event']).toBe('rtc_connected');
    expect(media.attributes['conclave.room']).toMatch(/^h:[0-9a-f]{12}$/);
    // Every span but the root hangs on another one of the same trace.
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))).toEqual([]);
  });

  test('a file leads from the gateway to the object store and the database', async () => {
    const stored = collector.spans.find(({ name }) => name === 'PUT /uploads/{fileId}');
    if (!stored) throw new Error('no upload was traced');
    const trace = collector.spans.filter(({ traceId }) => traceId === stored.traceId);
    const told = trace.map(({ service, name }) => `${service} ${name}`);
    expect(told).toContain('conclave-gateway POST /api/v1/rooms/{slug}/files');
    expect(told.filter((span) => /^conclave-files s3 (PUT|POST)$/.test(span)).length).toBeGreaterThan(0);
    expect(told.filter((span) => /^conclave-files postgresql/.test(span)).length).toBeGreaterThan(0);
    expect(stored.attributes['conclave.file']).toMatch(/^h:[0-9a-f]{12}$/);
  });

  test('log lines carry the ids of their trace', () => {
    const lines = ours(product).flatMap((line) => {
      try {
        return [JSON.parse(line.slice(line.indexOf(' ') + 1)) as Record<string, unknown>];
      } catch {
        return [];
      }
    });
    const traced = lines.filter(({ trace_id }) => typeof trace_id === 'string');
    expect(traced.length).toBeGreaterThan(0);
    for (const line of traced)
      expect(line).toMatchObject({
        span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
        service: expect.any(String),
        version: '0.1.0',
      });
  });

  test('nothing that anybody typed is in logs, figures or spans', () => {
    const seen = {
      // Of every process, not only ours: a database quotes what it refuses, a media server what it is told.
      logs: product.lines.join('\n'),
      figures: services.map((name) => figures[name].text).join('\n'),
      spans: collector.raw(),
    };
    for (const [where, text] of Object.entries(seen)) {
      expect(text.length, where).toBeGreaterThan(1_000);
      expect(canary.exec(text)?.[0], where).toBeUndefined();
      for (const who of [zoe, other])
        for (const secret of [who.email, who.password]) expect(text.includes(secret), where).toBe(false);
      expect(/cnv_[A-Za-z0-9]|eyJ[A-Za-z0-9]|BEGIN [A-Z ]*KEY/.exec(text)?.[0], where).toBeUndefined();
    }
  });
});

/** Lines of our services; the servers beside them are not ours to redact. */
const ours = ({ lines }: OwnProduct): string[] =>
  lines.filter((line) => /^(auth|rooms|files|gateway)(-\d+)? /.test(line));
