import { common, rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from './support/join.js';
import { eventually, openStage, refusal, type Actor, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

const fresh = (name: string): string => `${name}-${stage.principals.person().userId}@example.test`;
/** Somebody who has typed an address at sign-up, and no more. */
const typed = (email: string): Actor => stage.person({ email, emailVerifiedBy: null });

async function invitedRoom(owner = typed(fresh('owner'))): Promise<{ owner: Actor; slug: string }> {
  const { room } = await owner.rooms.createRoom({ name: 'Invited' });
  return { owner, slug: room?.slug ?? '' };
}

/** Invites an address; the token of the link, and the invitation's id. */
async function invited(host: Actor, slug: string, email: string): Promise<{ token: string; id: string }> {
  const { invitation, link } = await host.invitations.createInvitation({ slug, email });
  return { token: link.slice(link.indexOf('#') + 1), id: invitation?.id ?? '' };
}

const entering = (person: Actor, slug: string) => refusal(person.entry.requestEntry({ slug }));
const opening = (person: Actor, token: string) => refusal(person.invitations.acceptInvitation({ token }));
const nothing = 'nothing was refused';

describe('an address that was only typed', () => {
  it('opens nothing: a stranger who signs up with an invited address stays out as if nobody were invited', async () => {
    const { owner, slug } = await invitedRoom();
    const email = fresh('paul');
    await invited(owner, slug, email);
    const stranger = typed(email);
    expect(await entering(stranger, slug)).toBe('NOT_INVITED');
    const door = (await stranger.rooms.getDoor({ slug })).door;
    // Word for word the door of somebody whom nobody has invited: typing an address tells nothing about invitations.
    expect(door).toEqual((await typed(fresh('eve')).rooms.getDoor({ slug })).door);
    expect(door).toMatchObject({ standing: rooms.Standing.REFUSED, refusal: 'NOT_INVITED', name: '' });
  });

  it('is proven by the secret link of its invitation, and auth is told before anybody is in', async () => {
    const { owner, slug } = await invitedRoom();
    const email = fresh('paul');
    const { token, id } = await invited(owner, slug, email.toUpperCase());
    const paul = typed(email);
    expect(await opening(paul, token)).toBe(nothing);
    expect(stage.neighbours.provenAddresses).toContainEqual({ email: email.toUpperCase(), invitationId: id });
    expect(await entering(paul, slug)).toBe(nothing);
  });

  it('is not proven while auth keeps no proof: nobody is in, the link is not used up, and works again', async () => {
    const { owner, slug } = await invitedRoom();
    const email = fresh('paul');
    const { token } = await invited(owner, slug, email);
    const paul = typed(email);
    stage.neighbours.keepsNoProof = true;
    expect(await opening(paul, token)).toBe('UNAVAILABLE');
    stage.neighbours.keepsNoProof = false;
    expect(await entering(paul, slug)).toBe('NOT_INVITED');
    expect((await owner.invitations.listInvitations({ slug })).invitations).toMatchObject([
      { status: rooms.InvitationStatus.PENDING },
    ]);
    expect(await opening(paul, token)).toBe(nothing);
  });

  it('is not proven by a link for another address, a link for anybody, or one that is over', async () => {
    const { owner, slug } = await invitedRoom();
    const email = fresh('paul');
    const [other, over] = [await invited(owner, slug, fresh('lea')), await invited(owner, slug, email)];
    await owner.invitations.revokeInvitation({ slug, invitationId: over.id });
    await invited(owner, slug, email);
    const before = stage.neighbours.provenAddresses.length;
    const pretender = typed(email);
    expect(await opening(pretender, other.token)).toBe('NOT_INVITED');
    expect(await opening(pretender, over.token)).toBe('INVITATION_REVOKED');
    expect(await entering(pretender, slug)).toBe('NOT_INVITED');
    const elsewhere = await invitedRoom();
    const anybody = await elsewhere.owner.invitations.createInvitation({ slug: elsewhere.slug });
    expect(await opening(pretender, anybody.link.slice(anybody.link.indexOf('#') + 1))).toBe(nothing);
    expect(await entering(pretender, slug)).toBe('NOT_INVITED');
    expect(stage.neighbours.provenAddresses).toHaveLength(before);
  });

  it('is not proven to others by an invitation that one has made for oneself, or had made by an accomplice', async () => {
    const { owner, slug } = await invitedRoom();
    const email = fresh('paul');
    await invited(owner, slug, email);
    const eve = typed(email);
    const own = await invitedRoom(eve);
    const selfmade = await invited(eve, own.slug, email);
    await opening(eve, selfmade.token);
    expect(await entering(eve, slug)).toBe('NOT_INVITED');
    const accomplice = await invitedRoom();
    const handed = await invited(accomplice.owner, accomplice.slug, email);
    expect(await opening(eve, handed.token)).toBe(nothing);
    expect(await entering(eve, accomplice.slug)).toBe(nothing);
    // The accomplice believes it, and nobody else has to; auth says by what it is proven.
    for (const emailVerifiedBy of [null, 'invitation'] as const)
      expect(await entering(stage.as(eve, { emailVerifiedBy }), slug)).toBe('NOT_INVITED');
  });
});

describe('a proven address', () => {
  it('counts for good with the host who handed the link over: their next invitation opens at the door', async () => {
    const first = await invitedRoom();
    const email = fresh('paul');
    const { token, id } = await invited(first.owner, first.slug, email);
    const paul = typed(email);
    await opening(paul, token);
    // Taking the invitation back takes the place, not the proof.
    await first.owner.invitations.revokeInvitation({ slug: first.slug, invitationId: id });
    expect(await entering(paul, first.slug)).toBe('NOT_INVITED');
    const second = await invitedRoom(first.owner);
    await invited(first.owner, second.slug, email);
    expect((await paul.rooms.getDoor({ slug: second.slug })).door).toMatchObject({ standing: rooms.Standing.INVITED });
    expect(await entering(paul, second.slug)).toBe(nothing);
  });

  it('counts with everybody where a message or a provider has proven it', async () => {
    for (const emailVerifiedBy of ['mail', 'provider'] as const) {
      const { owner, slug } = await invitedRoom();
      const email = fresh('paul');
      await invited(owner, slug, email);
      expect(await entering(stage.person({ email, emailVerifiedBy }), slug)).toBe(nothing);
    }
  });

  it('shows beside the name, to everybody inside, and to hosts with what has proven it', async () => {
    const owner = typed(fresh('owner'));
    const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
    const slug = room?.slug ?? '';
    const email = fresh('paul');
    const { token } = await invited(owner, slug, email);
    const [paul, eve] = [typed(email), typed(fresh('eve'))];
    await opening(paul, token);
    for (const person of [owner, paul, eve]) await join(stage, person, slug);
    const seenBy = async (viewer: Actor) => {
      const { participants } = await viewer.participants.listParticipants({ slug });
      return Object.fromEntries(participants.map((one) => [one.userId, [one.verified, one.verifiedBy]]));
    };
    await eventually(async () =>
      expect(await seenBy(owner)).toEqual({
        [owner.userId]: [false, undefined],
        [paul.userId]: [true, common.AddressProof.INVITATION],
        [eve.userId]: [false, undefined],
      }),
    );
    expect(await seenBy(eve)).toMatchObject({ [paul.userId]: [true, undefined], [eve.userId]: [false, undefined] });
    const said = await eventually(() => paul.messages.postMessage({ slug, text: 'It is me.' }));
    expect(said.message?.author).toMatchObject({ id: paul.userId, verified: true });
    await eventually(() => eve.messages.postMessage({ slug, text: 'Me too.' }));
    expect((await owner.messages.listMessages({ slug })).messages.map(({ author }) => author?.verified)).toEqual([
      false,
      true,
    ]);
  });
});
