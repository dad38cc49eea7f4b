import { onFileEnd } from '@conclave/testing';
import { Room } from '@livekit/rtc-node';
import type { Actor, Stage } from './stage.js';

/** Somebody who is really connected to LiveKit. */
export interface Connected {
  readonly joinId: string;
  readonly mediaToken: string;
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

/** Asks for entry and connects. */
export async function join(
  stage: Pick<Stage, 'livekit'>,
  person: Actor,
  slug: string,
  brings: { accessCode?: string; personalToken?: string } = {},
): Promise<Connected> {
  const { joinId, mediaToken } = await person.entry.requestEntry({ slug, ...brings });
  const media = await connectMedia(stage, mediaToken);
  return {
    joinId,
    mediaToken,
    media,
    disconnect: async () => {
      open.delete(media);
      await media.disconnect();
    },
  };
}
