import { canonicalQuery, percentEncode, RequestSigner } from './sigv4.js';

const identity = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
};
const request = { method: 'GET', host: 'store:9000', path: '/bucket/key', query: {}, headers: {} };

describe('request signer', () => {
  it('covers the moment, the region and every given header', () => {
    const headers = new RequestSigner(identity).sign(
      { ...request, headers: { 'if-none-match': '*' } },
      new Date('2026-11-23T01:02:03.456Z'),
    );
    expect(headers['x-amz-date']).toBe('20261123T010203Z');
    expect(headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20261123\/us-east-1\/s3\/aws4_request, SignedHeaders=host;if-none-match;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
    );
  });

  it('signs anew on another day and differently for another path', () => {
    const signer = new RequestSigner(identity);
    const first = signer.sign(request, new Date('2026-11-23T23:59:59Z'))['authorization'];
    const nextDay = signer.sign(request, new Date('2026-11-24T00:00:00Z'))['authorization'];
    const elsewhere = signer.sign({ ...request, path: '/bucket/other' }, new Date('2026-11-23T23:59:59Z'))[
      'authorization'
    ];
    expect(new Set([first, nextDay, elsewhere]).size).toBe(3);
  });

  it('sorts and encodes the query as the store will read it', () => {
    expect(canonicalQuery({ uploadId: 'a b+c', partNumber: '2', uploads: '' })).toBe(
      'partNumber=2&uploadId=a%20b%2Bc&uploads=',
    );
    expect(percentEncode("it's (1)*!")).toBe('it%27s%20%281%29%2A%21');
  });
});
