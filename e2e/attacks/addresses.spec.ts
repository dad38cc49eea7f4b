import { Caller, person } from '../support/api.js';
import { attack } from '../support/attack.js';
import { expect, test } from '../support/journey.js';
import { inviteAddress, openLink, openRoom } from '../support/rooms.js';

/** Whether a person gets into a room or at its files. */
async function getsIn(who: Caller, slug: string): Promise<boolean> {
  const entry = await who.call('POST', `/rooms/${slug}/entry`, {});
  const files = await who.call('GET', `/rooms/${slug}/files`);
  return entry.status === 200 || files.status === 200;
}

test('whoever signs up with an invited address, and has not its link, stays outside', async () => {
  const [owner, accomplice] = [await person('Aylin Kaya'), await person('Eve')];
  const theirs = await openRoom(accomplice);
  await attack('enter with an invited address that was only typed', 3, async () => {
    const { slug } = await openRoom(owner);
    const pretender = new Caller('Tom Strand');
    const link = await inviteAddress(owner, slug, pretender.email);
    await pretender.signUp();
    if (await getsIn(pretender, slug)) return true;
    // Proven to oneself, or to an accomplice, is proven to nobody else.
    const own = await openRoom(pretender);
    await openLink(pretender, await inviteAddress(pretender, own.slug, pretender.email));
    await openLink(pretender, await inviteAddress(accomplice, theirs.slug, pretender.email));
    if (await getsIn(pretender, slug)) return true;
    // A guess at the link, and the link in the hands of another account.
    await openLink(pretender, `${link.slice(0, -8)}AAAAAAAA`);
    expect((await openLink(accomplice, link)).status).toBe(403);
    return getsIn(pretender, slug);
  });
});

test('the same person with the link is in, and proven to that host for good', async () => {
  const owner = await person('Aylin Kaya');
  const [first, second] = [await openRoom(owner), await openRoom(owner)];
  const guest = await person('Tom Strand');
  await openLink(guest, await inviteAddress(owner, first.slug, guest.email));
  expect(await getsIn(guest, first.slug)).toBe(true);
  await inviteAddress(owner, second.slug, guest.email);
  expect(await getsIn(guest, second.slug)).toBe(true);
  const { body } = await guest.call('GET', '/me');
  expect(body).toMatchObject({ emailVerified: true, emailVerifiedBy: 'invitation' });
});
