import { forgetMailedToken, mailedToken, onMailedToken, takeMailedTokens } from './mailed-token';

const [first, second] = ['cnv_rec_first1234', 'cnv_rec_second123'];

const paste = (path: string) => {
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
};

beforeAll(() => {
  history.replaceState(null, '', `/recover#${first}`);
  takeMailedTokens();
});

describe('a token that came by mail', () => {
  it('leaves the address at once, and lies nowhere but in memory', () => {
    expect(location.href).not.toContain('cnv_');
    expect(mailedToken('/recover')).toBe(first);
    expect(JSON.stringify([{ ...sessionStorage }, { ...localStorage }])).not.toContain('cnv_');
  });

  it('gives way to another one that is pasted over the page', () => {
    const heard: string[] = [];
    const end = onMailedToken('/recover', () => heard.push(mailedToken('/recover')));
    paste(`/recover#${second}`);
    end();
    paste(`/recover#${first}`);
    expect(heard).toEqual([second]);
    expect(location.href).not.toContain('cnv_');
  });

  it('belongs to its page, and to no other', () => {
    paste(`/verify#${second}`);
    paste('/sign-in#cnv_sup_other1234');
    expect(mailedToken('/verify')).toBe('');
    forgetMailedToken('/recover');
    expect(mailedToken('/recover')).toBe('');
  });
});
