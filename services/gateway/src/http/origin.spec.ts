import { changesState, OriginPolicy } from './origin.js';

const policy = new OriginPolicy('http://localhost:8080/');
const foreign = expect.objectContaining({ reason: 'FOREIGN_ORIGIN' });

describe('origin policy', () => {
  it('lets our own page change things', () => {
    policy.requireOwnPage({ origin: 'http://localhost:8080', 'x-conclave': '1' });
    policy.requireOwnPage({ 'sec-fetch-site': 'same-origin', 'x-conclave': '1' });
  });

  it.each([
    ['another origin', { origin: 'https://evil.example', 'x-conclave': '1' }],
    ['another port', { origin: 'http://localhost:8081', 'x-conclave': '1' }],
    ['an opaque origin', { origin: 'null', 'x-conclave': '1' }],
    [
      'a foreign origin that claims same-origin',
      { origin: 'http://a.b', 'sec-fetch-site': 'same-origin', 'x-conclave': '1' },
    ],
    ['the same site only', { 'sec-fetch-site': 'same-site', 'x-conclave': '1' }],
    ['no origin at all', { 'x-conclave': '1' }],
    ['no header of ours', { origin: 'http://localhost:8080' }],
    ['another value of it', { origin: 'http://localhost:8080', 'x-conclave': 'true' }],
  ])('refuses %s', (_name, headers) => {
    expect(() => policy.requireOwnPage(headers)).toThrow(foreign);
  });

  it('takes a WebSocket only with our Origin', () => {
    policy.requireOwnSocket({ origin: 'http://localhost:8080' });
    expect(() => policy.requireOwnSocket({})).toThrow(foreign);
    expect(() => policy.requireOwnSocket({ origin: 'http://localhost' })).toThrow(foreign);
  });

  it('refuses to be read from elsewhere', () => {
    policy.refuseForeignRead({});
    policy.refuseForeignRead({ 'sec-fetch-site': 'same-origin' });
    expect(() => policy.refuseForeignRead({ 'sec-fetch-site': 'cross-site' })).toThrow(foreign);
    expect(() => policy.refuseForeignRead({ origin: 'https://evil.example' })).toThrow(foreign);
  });

  it('knows which methods change things', () => {
    expect(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'].map(changesState)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
  });
});
