import { onFileEnd } from '@conclave/testing';
import { Room } from '@livekit/rtc-node';
import type { Actor, Stage } from './stage.js';

/** Somebody who is really connected to LiveKit. */
export interface Connected {
  readonly joinId: string;
  readonly ticket: string;
  readonly media: Room;
  /** Closes the connection as a browser does that leaves. */
  disconnect(): Promise<void>;
}

const open = new Set<Room>();
onFileEnd(async () => {
  await Promise.all([...open].map((room) => room.disconnect().catch(() => undefined)));
});

/** Connects with a media token; rejects where LiveKit does not let in. */
export async function connectMedia(stage: Pick<Stage, 'livekit'>, mediaToken: string): Promise<Room> {
  const room = new Room();
  await room.connect(stage.livekit.url.replace(/^http/, 'ws'), mediaToken, { autoSubscribe: false, dynacast: false });
  open.add(room);
  return room;
}

/** Connects as the door does: with a token for this one connection, which is nobody until it is matched with the admission. */
export async function connectAs(
  stage: Pick<Stage, 'livekit'>,
  person: Actor,
  { joinId, ticket }: { joinId: string; ticket: string },
): Promise<Room> {
  const { mediaToken } = await person.entry.authorizeMedia({ ticket });
  const media = await connectMedia(stage, mediaToken);
  await person.entry.confirmMedia({ joinId });
  return media;
}

/** Asks for entry and connects. */
export async function join(
  stage: Pick<Stage, 'livekit'>,
  person: Actor,
  slug: string,
  brings: { accessCode?: string; personalToken?: string } = {},
): Promise<Connected> {
  const { joinId, ticket } = await person.entry.requestEntry({ slug, ...brings });
  const media = await connectAs(stage, person, { joinId, ticket });
  return {
    joinId,
    ticket,
    media,
    disconnect: async () => {
      open.delete(media);
      await media.disconnect();
    },
  };
}
