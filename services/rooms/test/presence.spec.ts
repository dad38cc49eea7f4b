import { openStage, eventually, refusal, type Stage } from './support/stage.js';
import { join } from './support/join.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);

describe('entering and being present', () => {
  it('an owner enters, is present, writes, leaves, and is not present any longer', async () => {
    const owner = stage.person();
    const { room, accessCode } = await owner.rooms.createRoom({ name: 'Vault 🔒' });
    expect(accessCode).toMatch(/^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/);
    const slug = room?.slug ?? '';
    expect(await refusal(owner.messages.postMessage({ slug, text: 'hello' }))).toBe('NOT_PRESENT');
    const { joinId } = await join(stage, owner, slug);
    const presence = await eventually(() =>
      stage.presence.provePresence({ roomSlug: slug, userId: owner.userId, sessionId: owner.sessionId }),
    );
    expect(presence).toMatchObject({ joinId, roomId: room?.id });
    const { message } = await owner.messages.postMessage({ slug, text: 'hello' });
    expect(message).toMatchObject({ text: 'hello', author: { id: owner.userId } });
    await owner.entry.leave({ slug, joinId });
    expect(
      await refusal(stage.presence.provePresence({ roomSlug: slug, userId: owner.userId, sessionId: owner.sessionId })),
    ).toBe('NOT_PRESENT');
    expect(await refusal(owner.messages.listMessages({ slug }))).toBe('NOT_PRESENT');
  });
});
