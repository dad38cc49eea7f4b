import { gzipSync } from 'node:zlib';
import { field, joinRequest, numberField, ordinaryJoin } from '../../../test/support/signal.js';
import { checkedQuery, ticketIn, upstreamUrl } from './signal-query.js';

const ticket = 'ab'.repeat(16);
const token = 'aaa.bbb.ccc';
const refused = expect.objectContaining({ reason: 'UNAUTHENTICATED' });
const malformed = expect.objectContaining({ reason: 'INVALID_ARGUMENT' });

describe('the ticket', () => {
  it.each([ticket, token])('is read from the query or the header: %s', (shown) => {
    expect(ticketIn(new URLSearchParams({ access_token: shown }), {})).toBe(shown);
    expect(ticketIn(new URLSearchParams(), { authorization: `Bearer ${shown}` })).toBe(shown);
  });

  it.each([
    ['absent', '', {}],
    ['twice in the query', `access_token=${ticket}&access_token=${ticket}`, {}],
    ['in both places', `access_token=${ticket}`, { authorization: `Bearer ${ticket}` }],
    ['beside another scheme', `access_token=${ticket}`, { authorization: 'Basic x' }],
    ['not one', 'access_token=aaa.bbb', {}],
    ['with a line break', `access_token=${ticket}%0D%0A`, {}],
  ])('is refused when %s', (_name, query, headers) => {
    expect(() => ticketIn(new URLSearchParams(query), headers)).toThrow(refused);
  });
});

/** What livekit-client 2.23 says in Chromium and Firefox, on joining and on coming back. */
const said =
  'auto_subscribe=1&sdk=js&version=2.23.0&protocol=16&client_protocol=1&device_model=Pixel+9&os=Android&os_version=16&' +
  'browser=Chrome&browser_version=140.0.1&adaptive_stream=1&disable_ice_lite=1&subscriber_allow_pause=0&network=wifi';
const again = `${said}&reconnect=1&sid=PA_b4XkDiuBm8Ap&reconnect_reason=4`;

describe('the query to LiveKit', () => {
  const sent = (path: string, query: string) =>
    upstreamUrl(new URL('ws://livekit:7880'), path, checkedQuery(path, new URLSearchParams(query)), token);

  it.each([said, again])('holds what livekit-client says, and the token of this one connection: %s', (query) => {
    const url = sent('/rtc', `access_token=${ticket}&${query}`);
    expect(url.pathname).toBe('/rtc');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...Object.fromEntries(new URLSearchParams(query)),
      access_token: token,
    });
    expect(url.href).not.toContain(ticket);
  });

  it.each([
    ['a publisher beside the person', 'publish=x'],
    ['attributes', 'attributes=e30'],
    ['what nobody knows', 'x=1'],
    ['what every object has', 'constructor=1'],
    ['one thing twice', 'sdk=js&sdk=js'],
    ['one thing twice in other spelling', 'sdk=js&%73dk=js'],
    ['a value that is none', 'auto_subscribe=yes'],
    ['a join request of the other version', `join_request=${joinRequest(ordinaryJoin)}`],
    ['more than one may say', `os=${'x'.repeat(65)}`],
    ['a separator of another time', 'auto_subscribe=1;publish=x'],
  ])('is refused with %s', (_name, query) => {
    expect(() => sent('/rtc', query)).toThrow(malformed);
  });
});

describe('the join request', () => {
  const sent = (text: string) =>
    checkedQuery('/rtc/v1', new URLSearchParams({ join_request: text })).get('join_request') ?? '';

  it.each(['gzip', 'none'] as const)('goes on unpacked, the same in every field: %s', (pack) => {
    const request = Buffer.concat([ordinaryJoin, field(6, 'v=0'.repeat(700)), numberField(7, 1), field(9, 'PA_x')]);
    const forwarded = Buffer.from(sent(joinRequest(request, pack)), 'base64url');
    expect(forwarded).toEqual(field(2, request));
    expect(sent(joinRequest(request, pack)).length % 4).toBe(0);
  });

  const wrap = (...fields: Buffer[]) => Buffer.concat(fields).toString('base64url');
  it.each([
    ['metadata', joinRequest(Buffer.concat([ordinaryJoin, field(3, 'owner')]))],
    ['attributes', joinRequest(Buffer.concat([ordinaryJoin, field(4, field(1, 'role'))]))],
    ['tracks of its own', joinRequest(Buffer.concat([ordinaryJoin, field(5)]))],
    ['what nobody knows', joinRequest(Buffer.concat([ordinaryJoin, field(11)]))],
    ['a field twice', joinRequest(Buffer.concat([ordinaryJoin, ordinaryJoin]))],
    ['two requests', wrap(field(2, ordinaryJoin), field(2, ordinaryJoin))],
    ['something beside the request', wrap(field(2, ordinaryJoin), field(3))],
    ['no request', wrap(numberField(1, 1))],
    ['another compression', wrap(numberField(1, 2), field(2, ordinaryJoin))],
    ['broken compression', wrap(numberField(1, 1), field(2, 'not gzip'))],
    ['a bomb', wrap(numberField(1, 1), field(2, gzipSync(Buffer.alloc(10_000_000))))],
    ['a group', joinRequest(Buffer.from([0x0b, 0x0c]))],
    ['a cut message', joinRequest(ordinaryJoin.subarray(0, -1))],
    ['field zero', joinRequest(Buffer.from([0x02, 0x00]))],
    ['other letters', 'ab+/'],
    ['nothing', ''],
  ])('is refused with %s', (_name, text) => {
    expect(() => sent(text)).toThrow(malformed);
  });

  it('is all that may be said', () => {
    for (const query of ['publish=x', 'auto_subscribe=1', `join_request=${joinRequest(ordinaryJoin)}&publish=x`])
      expect(() => checkedQuery('/rtc/v1', new URLSearchParams(query))).toThrow(malformed);
  });
});
