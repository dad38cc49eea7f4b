import { Tracing, type Clock } from '@conclave/platform';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { TrackSource, TwirpError, type RoomServiceClient } from 'livekit-server-sdk';
import type { MediaRights, MediaSource } from '../../media/media-rights.js';
import { MediaServer, MediaServerUnreachable, type MediaParticipant } from '../../media/media-server.js';
import type { RoomsMetrics } from '../../metrics.js';
import { LiveKitRoomService, type LiveKitAccess } from './livekit-room-service.js';
import { Settling } from './settling.js';

// ParticipantInfo.State of livekit_models.proto.
const stateActive = 2;
const stateDisconnected = 3;

const requestTimeoutSeconds = 3;

/** Between two looks at whether it answers. */
const pauseMs = 2_000;
/** A room that nobody has: the answer comes from where LiveKit keeps its rooms. */
const noRoom = '-';

// How long an empty room stays open: for the first person on the way in, and for people who come right back.
const emptyTimeoutSeconds = 120;
const departureTimeoutSeconds = 20;

const trackSources: Readonly<Record<MediaSource, TrackSource>> = {
  camera: TrackSource.CAMERA,
  microphone: TrackSource.MICROPHONE,
  screen_share: TrackSource.SCREEN_SHARE,
  screen_share_audio: TrackSource.SCREEN_SHARE_AUDIO,
};

/** LiveKit's room service. */
export class LiveKitMediaServer extends MediaServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly client: RoomServiceClient;
  private readonly settling = new Settling();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    access: LiveKitAccess,
    private readonly metrics: RoomsMetrics,
    clock: Clock,
  ) {
    super();
    this.client = new LiveKitRoomService(access, requestTimeoutSeconds, clock);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.look(), pauseMs);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  settled(): boolean {
    return this.settling.settled(performance.now());
  }

  async openRoom(mediaRoomId: string, capacity: number): Promise<void> {
    await this.place(() =>
      this.client.createRoom({
        name: mediaRoomId,
        emptyTimeout: emptyTimeoutSeconds,
        departureTimeout: departureTimeoutSeconds,
        // Hosts may come in beyond the capacity, and a reconnecting person counts twice for a moment.
        maxParticipants: 2 * capacity,
      }),
    );
  }

  async closeRoom(mediaRoomId: string): Promise<void> {
    await this.orNull('deleteRoom', () => this.client.deleteRoom(mediaRoomId));
  }

  async findParticipant(mediaRoomId: string, joinId: string): Promise<MediaParticipant | null> {
    const info = await this.orNull('getParticipant', () => this.client.getParticipant(mediaRoomId, joinId));
    return info && info.state !== stateDisconnected ? toParticipant(info) : null;
  }

  async listParticipants(mediaRoomId: string): Promise<readonly MediaParticipant[] | null> {
    const [room] = await this.ask('listRooms', () => this.client.listRooms([mediaRoomId]));
    if (!room) return null;
    const list = () => this.orNull('listParticipants', () => this.client.listParticipants(mediaRoomId));
    const infos = (await list().catch(() => this.onLivingNode(mediaRoomId).then(list))) ?? [];
    return infos.filter((info) => info.state !== stateDisconnected).map(toParticipant);
  }

  async removeParticipant(mediaRoomId: string, joinId: string): Promise<void> {
    await this.orNull('removeParticipant', () => this.client.removeParticipant(mediaRoomId, joinId));
  }

  async changeRights(mediaRoomId: string, joinId: string, { role, sources }: MediaRights): Promise<boolean> {
    const change = {
      // The whole of it: what is left out is taken away.
      permission: {
        canSubscribe: true,
        canPublish: sources.length > 0,
        canPublishSources: sources.map((source) => trackSources[source]),
        canPublishData: false,
        canUpdateMetadata: false,
        hidden: false,
      },
      attributes: { role },
    };
    const update = () => this.client.updateParticipant(mediaRoomId, joinId, change);
    return (await this.orNull('updateParticipant', update)) !== null;
  }

  async rename(mediaRoomId: string, joinId: string, name: string): Promise<void> {
    await this.orNull('updateParticipant', () => this.client.updateParticipant(mediaRoomId, joinId, { name }));
  }

  async muteMicrophones(mediaRoomId: string, joinId: string): Promise<boolean> {
    const info = await this.orNull('getParticipant', () => this.client.getParticipant(mediaRoomId, joinId));
    if (!info) return false;
    const microphones = info.tracks.filter((track) => track.source === TrackSource.MICROPHONE && !track.muted);
    for (const track of microphones)
      await this.orNull('mutePublishedTrack', () =>
        this.client.mutePublishedTrack(mediaRoomId, joinId, track.sid, true),
      );
    return true;
  }

  /**
   * A room is known whose node does not answer: where that node has died, another one takes the room over, empty, and can say
   * so. A room on a living node stays as it is.
   */
  private async onLivingNode(mediaRoomId: string): Promise<void> {
    await this.place(() => this.client.createRoom({ name: mediaRoomId }));
  }

  /** A call in which LiveKit may choose another node for a room. */
  private async place(call: () => Promise<unknown>): Promise<void> {
    if (!this.settled()) throw new MediaServerUnreachable('LiveKit has not settled after a silence');
    await this.ask('createRoom', call);
  }

  /** Asks whether it answers, and remembers that for `settled`. */
  async look(): Promise<void> {
    const askedAt = performance.now();
    try {
      await this.client.listRooms([noRoom]);
      this.settling.answered(performance.now());
    } catch {
      this.settling.failed(askedAt);
      this.metrics.livekitErrors.inc({ method: 'listRooms' });
    }
  }

  private async orNull<T>(method: string, call: () => Promise<T>): Promise<T | null> {
    try {
      return await traced(method, call);
    } catch (error) {
      if (error instanceof TwirpError && error.code === 'not_found') return null;
      throw this.unreachable(method, error);
    }
  }

  private async ask<T>(method: string, call: () => Promise<T>): Promise<T> {
    try {
      return await traced(method, call);
    } catch (error) {
      throw this.unreachable(method, error);
    }
  }

  private unreachable(method: string, cause: unknown): MediaServerUnreachable {
    this.metrics.livekitErrors.inc({ method });
    return new MediaServerUnreachable(`LiveKit ${method} failed`, { cause });
  }
}

const traced = <T>(method: string, call: () => Promise<T>): Promise<T> =>
  Tracing.within({ name: `livekit ${method}`, kind: 'client', attributes: { 'livekit.method': method } }, () =>
    patiently(call),
  );

/**
 * Once more where the connection broke: it may have led to a node that has just died, and a new one leads to another. Every
 * call here may be repeated.
 */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const broken = error instanceof TypeError;
    if (!broken) throw error;
    return call();
  }
}

interface Info {
  readonly identity: string;
  readonly sid: string;
  readonly state: number;
  readonly joinedAt: bigint;
  readonly attributes: Readonly<Record<string, string>>;
  readonly permission?: { readonly hidden: boolean };
}

function toParticipant(info: Info): MediaParticipant {
  return {
    joinId: info.identity,
    sid: info.sid,
    active: info.state === stateActive && info.permission?.hidden !== true,
    joinedAt: new Date(Number(info.joinedAt) * 1000),
    role: info.attributes['role'] ?? '',
  };
}
