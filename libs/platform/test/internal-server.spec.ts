import { createLogger, FixedClock, HealthRegistry, Ids, InternalServer, Metrics } from '@conclave/platform';

describe('the internal port', () => {
  const health = new HealthRegistry();
  const metrics = new Metrics('rooms', { version: '0.1.0', commit: 'abc' });
  const server = new InternalServer(health, metrics);
  let base = '';
  let healthy: 'yes' | 'no' | 'hangs' | 'throws' = 'yes';

  beforeAll(async () => {
    const { host, port } = await server.start('127.0.0.1', 0);
    base = `http://${host}:${port}`;
    health.add(
      'database',
      () => {
        if (healthy === 'throws') throw new Error('at once');
        if (healthy === 'hangs') return new Promise(() => undefined);
        return healthy === 'yes' ? Promise.resolve() : Promise.reject(new Error('password of canary is wrong'));
      },
      50,
    );
  });
  afterAll(() => server.stop());

  const ready = async () => {
    const response = await fetch(`${base}/readyz`);
    return { status: response.status, body: await response.text() };
  };

  it('is alive but not ready while it starts', async () => {
    expect((await fetch(`${base}/livez`)).status).toBe(200);
    expect(await ready()).toMatchObject({ status: 503, body: expect.stringContaining('"starting"') });
  });

  it('is ready when all checks pass', async () => {
    health.markReady();
    expect(await ready()).toMatchObject({ status: 200 });
  });

  it.each(['no', 'hangs', 'throws'] as const)('names the check that fails (%s), without its words', async (how) => {
    healthy = how;
    const { status, body } = await ready();
    healthy = 'yes';
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ ready: false, failing: ['database'] });
    expect(body).not.toMatch(/canary|password/);
  });

  it('is alive while a dependency is down', async () => {
    healthy = 'no';
    expect((await fetch(`${base}/livez`)).status).toBe(200);
    healthy = 'yes';
  });

  it('shows metrics', async () => {
    metrics.observeHttp({ route: '/rooms/{slug}', method: 'GET', status: 200 }, 0.02);
    metrics.observeNats({ subject: 'conclave.rooms.v1.X.Y', role: 'server', outcome: 'ok' }, 0.004);
    const text = await (await fetch(`${base}/metrics`)).text();
    expect(text).toContain('build_info{version="0.1.0",commit="abc"} 1');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toMatch(/http_server_request_duration_seconds_count\{.*route="\/rooms\/\{slug\}".*\} 1/);
    expect(text).toMatch(/nats_request_duration_seconds_count\{.*role="server",outcome="ok"\} 1/);
  });

  it.each(['room_id', 'userId', 'user', 'email', 'file_name', 'token'])(
    'a metric cannot be labelled by %s',
    (label) => {
      expect(() => metrics.counter(`c_${label}`, 'x', [label])).toThrow('would carry an id or a name');
    },
  );

  it.each(['/', '/healthz', '/livez/x', '//livez', '/metrics/../livez/', '/LIVEZ'])(
    'nothing else answers: %s',
    async (path) => {
      const response = await fetch(`${base}${path}`);
      // fetch itself resolves `..`, so what arrives is `/livez/`
      expect(response.status).toBe(404);
    },
  );

  it('only reads', async () => {
    expect((await fetch(`${base}/readyz`, { method: 'POST' })).status).toBe(404);
  });

  it('a process that drains is not ready and never becomes so again', async () => {
    health.markDraining();
    health.markReady();
    expect(await ready()).toMatchObject({ status: 503, body: expect.stringContaining('"draining"') });
  });

  it('platform parts can be made without Nest', () => {
    expect(new Ids(new FixedClock()).uuidv7()).toHaveLength(36);
    expect(createLogger('x', { level: 'silent' })).toBeDefined();
  });
});
