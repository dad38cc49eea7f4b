import { mediaTokenOf, upstreamQuery } from './media-token.js';

const token = 'aaa.bbb.ccc';
const refused = expect.objectContaining({ reason: 'UNAUTHENTICATED' });

describe('media token', () => {
  it('is read from the query or the header', () => {
    expect(mediaTokenOf(new URLSearchParams({ access_token: token }), {})).toBe(token);
    expect(mediaTokenOf(new URLSearchParams(), { authorization: `Bearer ${token}` })).toBe(token);
  });

  it.each([
    ['absent', '', {}],
    ['twice in the query', `access_token=${token}&access_token=${token}`, {}],
    ['in both places', `access_token=${token}`, { authorization: `Bearer ${token}` }],
    ['beside another scheme', `access_token=${token}`, { authorization: 'Basic x' }],
    ['not a token', 'access_token=aaa.bbb', {}],
    ['with a line break', 'access_token=aaa.bbb.ccc%0D%0A', {}],
  ])('is refused when %s', (_name, query, headers) => {
    expect(() => mediaTokenOf(new URLSearchParams(query), headers)).toThrow(refused);
  });

  it('goes on alone, whatever else is in the query', () => {
    const query = new URLSearchParams('auto_subscribe=1&x=a;access_token=evil&access_token=old');
    const sent = upstreamQuery(query, token);
    expect(new URLSearchParams(sent).getAll('access_token')).toEqual([token]);
    expect(sent).not.toContain(';');
  });
});
