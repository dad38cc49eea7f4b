import type { IncomingHttpHeaders } from 'node:http';
import { isUnchanged, rangeOf, validatorsOf } from './conditions.js';

const id = '01939000-0000-7000-8000-0000000000f1';
const tag = `"${id}"`;
const written = 'Thu, 26 Nov 2026 10:20:30 GMT';
const before = 'Thu, 26 Nov 2026 10:20:29 GMT';
const after = 'Thu, 26 Nov 2026 10:20:31 GMT';
/** Written in the middle of a second, which a date of HTTP does not know. */
const validators = validatorsOf(id, new Date(Date.parse(written) + 567));

const answer = (headers: IncomingHttpHeaders): number => {
  try {
    return isUnchanged(headers, validators) ? 304 : 200;
  } catch (error) {
    return (error as { status: number }).status;
  }
};

describe('the conditions of a read', () => {
  it.each<[number, IncomingHttpHeaders]>([
    [200, {}],
    // If-None-Match compares weakly (RFC 9110, 13.1.2).
    [304, { 'if-none-match': tag }],
    [304, { 'if-none-match': `W/${tag}` }],
    [304, { 'if-none-match': '*' }],
    [304, { 'if-none-match': `"a", "b,c" , ${tag}` }],
    [200, { 'if-none-match': '"a", W/"b"' }],
    [200, { 'if-none-match': id }],
    [200, { 'if-none-match': `nonsense ${tag}` }],
    [200, { 'if-none-match': '' }],
    // If-Match compares strongly (13.1.1).
    [200, { 'if-match': tag }],
    [200, { 'if-match': '*' }],
    [200, { 'if-match': `"a",${tag}` }],
    [412, { 'if-match': `W/${tag}` }],
    [412, { 'if-match': '"a"' }],
    [412, { 'if-match': id }],
    // If-Modified-Since (13.1.3): dates that are none are not there.
    [304, { 'if-modified-since': written }],
    [304, { 'if-modified-since': after }],
    [200, { 'if-modified-since': before }],
    [200, { 'if-modified-since': 'yesterday' }],
    [200, { 'if-modified-since': '2026-11-26T10:20:31Z' }],
    [200, { 'if-modified-since': '' }],
    // The two forms of old (5.6.7).
    [304, { 'if-modified-since': 'Thursday, 26-Nov-26 10:20:30 GMT' }],
    [304, { 'if-modified-since': 'Thu Nov 26 10:20:30 2026' }],
    [200, { 'if-modified-since': 'Thu Nov 26 10:20:29 2026' }],
    // If-Unmodified-Since (13.1.4).
    [200, { 'if-unmodified-since': written }],
    [200, { 'if-unmodified-since': after }],
    [412, { 'if-unmodified-since': before }],
    [200, { 'if-unmodified-since': 'tomorrow' }],
    // Their order (13.2.2): If-Match takes the place of If-Unmodified-Since, If-None-Match that of If-Modified-Since, and both are asked.
    [200, { 'if-match': tag, 'if-unmodified-since': before }],
    [412, { 'if-match': '"a"', 'if-unmodified-since': after }],
    [200, { 'if-none-match': '"a"', 'if-modified-since': after }],
    [304, { 'if-none-match': tag, 'if-modified-since': before }],
    [304, { 'if-match': tag, 'if-none-match': tag }],
    [412, { 'if-match': '"a"', 'if-none-match': tag }],
    [304, { 'if-unmodified-since': after, 'if-modified-since': after }],
  ])('make it %d: %j', (status, headers) => {
    expect(answer(headers)).toBe(status);
  });
});

describe('the range of a read', () => {
  const range = 'bytes=0-9';

  it.each<[string | undefined, IncomingHttpHeaders]>([
    [undefined, {}],
    [range, { range }],
    [range, { range, 'if-range': tag }],
    [range, { range, 'if-range': written }],
    // It must be the same state for certain (13.1.5): no weak tag, no other tag, no other date.
    [undefined, { range, 'if-range': `W/${tag}` }],
    [undefined, { range, 'if-range': '"a"' }],
    [undefined, { range, 'if-range': '*' }],
    [undefined, { range, 'if-range': before }],
    [undefined, { range, 'if-range': after }],
    [undefined, { range, 'if-range': 'nonsense' }],
    [undefined, { range: `bytes=${'0-1,'.repeat(200)}` }],
  ])('is %s: %j', (asked, headers) => {
    expect(rangeOf(headers, validators)).toBe(asked);
  });
});
