import { canonicalQuery, percentEncode, signedHeaders } from './sigv4.js';

const identity = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const request = { method: 'GET', host: 'store:9000', path: '/bucket/key', query: {}, headers: {} };
const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('a signature for the store', () => {
  // From Amazon's manual of S3, "Examples: Signature Calculations"; they sign the payload, which a header of the caller's says.
  it.each([
    [
      'GET of a range',
      { path: '/test.txt', headers: { range: 'bytes=0-9' } },
      'host;range;x-amz-content-sha256;x-amz-date',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'GET with a name alone in the query',
      { path: '/', query: { lifecycle: '' } },
      'host;x-amz-content-sha256;x-amz-date',
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'GET of a list',
      { path: '/', query: { prefix: 'J', 'max-keys': '2' } },
      'host;x-amz-content-sha256;x-amz-date',
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('is that of the published example: %s', (_name, changes, names, signature) => {
    const headers = signedHeaders(
      {
        ...request,
        host: 'examplebucket.s3.amazonaws.com',
        ...changes,
        headers: { 'x-amz-content-sha256': empty, ...('headers' in changes ? changes.headers : {}) },
      },
      identity,
      new Date('2013-05-24T00:00:00Z'),
    );
    expect(headers['authorization']).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
    );
  });

  it('covers the moment, the region and every given header, and leaves the payload out', () => {
    const headers = signedHeaders(
      { ...request, headers: { 'if-none-match': '*' } },
      identity,
      new Date('2026-11-23T01:02:03.456Z'),
    );
    expect(headers['x-amz-date']).toBe('20261123T010203Z');
    expect(headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD');
    expect(Object.keys(headers).sort()).toEqual([
      'authorization',
      'host',
      'if-none-match',
      'x-amz-content-sha256',
      'x-amz-date',
    ]);
    expect(headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20261123\/us-east-1\/s3\/aws4_request, SignedHeaders=host;if-none-match;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
    );
  });

  it('is another one on another day and for another path', () => {
    const sign = (at: string, changes = {}) =>
      signedHeaders({ ...request, ...changes }, identity, new Date(at))['authorization'];
    const first = sign('2026-11-23T23:59:59Z');
    const nextDay = sign('2026-11-24T00:00:00Z');
    const elsewhere = sign('2026-11-23T23:59:59Z', { path: '/bucket/other' });
    expect(new Set([first, nextDay, elsewhere]).size).toBe(3);
  });

  it('sorts and encodes the query as the store will read it', () => {
    expect(canonicalQuery({ uploadId: 'a b+c', partNumber: '2', uploads: '' })).toBe(
      'partNumber=2&uploadId=a%20b%2Bc&uploads=',
    );
    expect(percentEncode("it's (1)*!")).toBe('it%27s%20%281%29%2A%21');
  });
});
