import { openWorld, type World } from './support/world.js';

describe('the web app', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);
  afterAll(() => world.close());

  it('comes with a policy and a nonce of its own for every response', async () => {
    const [one, two] = await Promise.all([world.ask('GET', '/'), world.ask('GET', '/')]);
    const policy = String(one.headers['content-security-policy']);
    const nonce = /'nonce-([A-Za-z0-9+/]{22}==)'/.exec(policy)?.[1];
    expect(policy).toBe(
      `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic'; style-src 'self' 'nonce-${nonce}'; img-src 'self' blob:; ` +
        "media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; object-src 'none'; " +
        "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
        'trusted-types angular angular#bundler conclave-worker; report-to csp',
    );
    expect(one.text).toContain(`<script nonce="${nonce}" src="/main-ABCD1234.js"`);
    expect(one.text).toContain(`ngCspNonce="${nonce}"`);
    expect(two.text).not.toContain(nonce);
    expect(one.headers).toMatchObject({
      'cache-control': 'no-store',
      'reporting-endpoints': 'csp="/api/v1/csp-reports"',
      'content-type': 'text/html; charset=utf-8',
    });
  });

  it.each(['/rooms/lusab-babad', '/sign-in', '/invite', '/a/b/c'])('answers the app at its route %s', async (path) => {
    const answer = await world.ask('GET', path, { headers: { accept: 'text/html' } });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<cv-root') });
  });

  it.each([
    '/r/Lusab-Babad/',
    '/r/lusab-babad.',
    '/r/lusab-babad%3E',
    '/r/lusab-babad%20',
    '/R/lusab-babad)',
    '/r//x',
    '/r/%E2%80%93',
  ])('gives the app what hands and mail programs make of a room’s address: %s', async (path) => {
    const answer = await world.ask('GET', path, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<cv-root') });
  });

  it.each([
    ...[
      '/no.such.page',
      '/missing-ABCD1234.js',
      '/media/',
      '//evil.example',
      '/api/v1/nothing',
      '/metrics',
      '/%E0%A4%A',
      '/r/%zz',
    ],
  ])('says on its own page that nothing is at %s, where a person navigates', async (path) => {
    for (const headers of [{ 'sec-fetch-dest': 'document' }, { accept: 'text/html,*/*;q=0.8' }]) {
      const answer = await world.ask('GET', path, { headers });
      expect(answer).toMatchObject({ status: 404, text: expect.stringContaining('<cv-root') });
      expect(answer.headers['content-security-policy']).toContain("script-src 'nonce-");
    }
  });

  it.each([
    ['/missing-ABCD1234.js', {}],
    ['/index.html', {}],
    ['/.env', {}],
    ['/../package.json', {}],
    ['/%2e%2e/package.json', {}],
    ['/media/', {}],
    ['//evil.example', {}],
    ['/api/v1/nothing', {}],
    ['/API/v1/nothing', {}],
    ['/rooms/x', { 'sec-fetch-dest': 'script' }],
    ['/rooms/x', { accept: 'image/*' }],
  ])('has nothing at %s %j', async (path, headers) => {
    const answer = await world.ask('GET', path, { headers });
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('<cv-root');
  });

  it('gives hashed files for ever, compressed, and others to be asked again', async () => {
    const port = Number(new URL(world.origin).port);
    const answer = await fetch(`http://127.0.0.1:${port}/main-ABCD1234.js`, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(answer.headers.get('vary')).toBe('Accept-Encoding');
    expect(await answer.text()).toContain('// app');
    const icon = await world.ask('GET', '/mark.svg');
    expect(icon.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'image/svg+xml' });
    const again = await world.ask('GET', '/mark.svg', { headers: { 'if-none-match': icon.headers.etag } });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  it('answers HEAD, and nothing but GET and HEAD', async () => {
    expect(await world.ask('HEAD', '/')).toMatchObject({ status: 200, text: '' });
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await world.ask(method, '/')).status).toBe(404);
  });

  it('counts what the policy stopped, from wherever the browser says it', async () => {
    const report = JSON.stringify([
      { type: 'csp-violation', body: { effectiveDirective: 'script-src-elem' } },
      { body: {} },
    ]);
    const headers = { 'content-type': 'application/reports+json', 'x-conclave': undefined, origin: undefined };
    expect((await world.ask('POST', '/api/v1/csp-reports', { raw: report, headers })).status).toBe(204);
    expect((await world.ask('POST', '/api/v1/csp-reports', { raw: 'nonsense', headers })).status).toBe(204);
    expect((await world.ask('POST', '/api/v1/csp-reports', { raw: 'x'.repeat(40_000), headers })).status).toBe(413);
    const { host, port } = world.gateway.internal;
    const metrics = await (await fetch(`http://${host}:${port}/metrics`)).text();
    expect(metrics).toContain('gateway_csp_reports_total{directive="script"} 1');
    expect(metrics).toContain('gateway_csp_reports_total{directive="other"} 2');
  });
});
