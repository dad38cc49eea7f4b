import { forgetInvitation, invitationToken, onInvitation, takeInvitations } from './invitation-token';

const [first, second] = ['cnv_inv_first1234', 'cnv_inv_second123'];

/** A link that is pasted over the page: only the fragment changes, and the router would hear of it. */
const paste = (path: string) => {
  history.pushState(null, '', path);
  const event = new PopStateEvent('popstate');
  let heard = false;
  const router = () => (heard = true);
  addEventListener('popstate', router);
  dispatchEvent(event);
  removeEventListener('popstate', router);
  return heard;
};

beforeAll(() => {
  history.replaceState(null, '', `/invite#${first}`);
  takeInvitations();
});

describe('an invitation', () => {
  it('leaves the address at once, and outlasts a reload', () => {
    expect(location.href).not.toContain('cnv_');
    expect(invitationToken()).toBe(first);
    expect(sessionStorage.getItem('conclave.invitation')).toBe(first);
  });

  it('that is pasted over another takes its place, unseen by the router', () => {
    const heard: (string | null)[] = [];
    const end = onInvitation(() => heard.push(invitationToken()));
    expect(paste(`/invite#${second}`)).toBe(false);
    expect(location.href).not.toContain('cnv_');
    expect([heard, invitationToken()]).toEqual([[second], second]);
    end();
    paste(`/invite#${first}`);
    expect(heard).toHaveLength(1);
  });

  it('is nothing else that stands in an address', () => {
    const before = invitationToken();
    for (const path of ['/invite#cnv_inv_', '/invite#%E0%A4%A', '/invite#other', `/r/room#${second}`])
      expect([paste(path), invitationToken()]).toEqual([true, before]);
  });

  it('that was used is forgotten', () => {
    forgetInvitation();
    expect([invitationToken(), sessionStorage.getItem('conclave.invitation')]).toEqual([null, null]);
  });
});
