import { createHmac } from 'node:crypto';
import { TokenDigest } from './token-digest.js';

const pepper = Buffer.alloc(32, 1);
const digestUnder = (TOKEN_PEPPER: Buffer<ArrayBuffer>) => new TokenDigest({ TOKEN_PEPPER });

describe('TokenDigest', () => {
  it('is HMAC-SHA-256 under the pepper', () => {
    expect(digestUnder(pepper).of('cnv_x')).toEqual(createHmac('sha256', pepper).update('cnv_x').digest());
  });

  it('differs under another pepper: a dump of the database proves nothing elsewhere', () => {
    expect(digestUnder(Buffer.alloc(32, 2)).of('cnv_x')).not.toEqual(digestUnder(pepper).of('cnv_x'));
  });

  it('matches its token and no other, and nothing of another length', () => {
    const digest = digestUnder(pepper);
    const stored = digest.of('cnv_x');
    expect(digest.matches('cnv_x', stored)).toBe(true);
    expect(digest.matches('cnv_y', stored)).toBe(false);
    expect(digest.matches('cnv_x', stored.subarray(0, 31))).toBe(false);
    expect(digest.matches('cnv_x', Buffer.alloc(0))).toBe(false);
  });
});
