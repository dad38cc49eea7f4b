import { rooms } from '@conclave/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { connectMedia } from './support/join.js';
import { refreshedToken } from './support/signal.js';
import { eventually, openStage, refusal, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

// LiveKit picks one of two keys at random: that the same one comes so often happens once in two million runs.
const mostConnections = 22;

/** A token refreshed for this admission by each of LiveKit's keys. */
async function oneOfEachSigner(mediaToken: string): Promise<Map<string, string>> {
  const bySigner = new Map<string, string>();
  for (let i = 0; i < mostConnections && bySigner.size < 2; i++) {
    const token = await refreshedToken(stage, mediaToken);
    bySigner.set(decodeJwt(token).iss ?? '', token);
  }
  return bySigner;
}

// Browsers of the release before hold such tokens: their calls outlive the upgrade.
describe('a token that LiveKit refreshed', () => {
  it('passes the door whichever key signed it, and never after the admission has ended', async () => {
    const owner = stage.person();
    const { room } = await owner.rooms.createRoom({ name: 'Open', accessLevel: rooms.AccessLevel.ORGANISATION });
    const slug = room?.slug ?? '';
    const guest = stage.person();
    const { joinId, ticket } = await guest.entry.requestEntry({ slug });
    const { mediaToken } = await guest.entry.authorizeMedia({ ticket });

    const bySigner = await oneOfEachSigner(mediaToken);
    expect([...bySigner.keys()].sort()).toEqual([stage.livekit.apiKey, stage.livekit.webhookKey].sort());
    for (const token of bySigner.values()) {
      expect(await guest.entry.authorizeMedia({ ticket: token })).toMatchObject({ joinId, roomId: room?.id });
      expect(await refusal(stage.person().entry.authorizeMedia({ ticket: token }))).toBe('ADMISSION_ENDED');
      // It is a token that really reconnects.
      const media = await connectMedia(stage, token);
      expect(media.isConnected).toBe(true);
      await media.disconnect();
    }

    await owner.participants.removeParticipant({ slug, joinId });
    for (const token of bySigner.values())
      expect(await refusal(guest.entry.authorizeMedia({ ticket: token }))).toBe('ADMISSION_ENDED');
    await eventually(async () =>
      expect((await owner.participants.listParticipants({ slug })).participants).toHaveLength(0),
    );
  });
});
