import type { Participant, Track, VideoTrack } from 'livekit-client';
import type { RoomRole } from '../../core/api/api';
import type { Posture } from './grid-shape';

export type Quality = 'excellent' | 'good' | 'poor' | 'lost' | 'unknown';

/** One participant as a tile and the people list show them. A snapshot: a change makes a new one. */
export interface ParticipantView {
  readonly joinId: string;
  readonly userId: string;
  readonly name: string;
  readonly role: RoomRole;
  readonly local: boolean;
  /** Whether the person's address is proven; null where the attributes do not say. */
  readonly verified: boolean | null;
  readonly microphoneOn: boolean;
  readonly speaking: boolean;
  readonly quality: Quality;
  readonly camera: VideoTrack | null;
  /** How the camera's picture stands, as far as it is known before the first one arrives. */
  readonly posture: Posture;
  readonly screen: VideoTrack | null;
}

const QUALITIES: ReadonlySet<string> = new Set(['excellent', 'good', 'poor', 'lost']);
const SOURCE = { camera: 'camera', microphone: 'microphone', screen: 'screen_share' } as const;

/** Reads a participant of the media library. Role, person and whether their address is proven come from the attributes that our server put into the token. */
export function viewOf(participant: Participant, local: boolean, ownName: string): ParticipantView {
  const { userId = '', role = '', verified = '' } = participant.attributes;
  const microphone = publication(participant, SOURCE.microphone);
  return {
    joinId: participant.identity,
    userId,
    name: participant.name || (local ? ownName : $localize`:@@people.nameless:Participant`),
    role: role === 'owner' || role === 'moderator' ? role : 'participant',
    local,
    verified: verified === '' ? null : verified === 'true',
    microphoneOn: microphone !== undefined && !microphone.isMuted,
    speaking: participant.isSpeaking,
    quality: QUALITIES.has(participant.connectionQuality) ? (participant.connectionQuality as Quality) : 'unknown',
    camera: liveVideo(participant, SOURCE.camera),
    posture: postureOf(participant),
    screen: liveVideo(participant, SOURCE.screen),
  };
}

const publication = (participant: Participant, source: string) =>
  participant.getTrackPublication(source as Track.Source);

function liveVideo(participant: Participant, source: string): VideoTrack | null {
  const found = publication(participant, source);
  return found && !found.isMuted ? (found.videoTrack ?? null) : null;
}

function postureOf(participant: Participant): Posture {
  const { dimensions } = publication(participant, SOURCE.camera) ?? {};
  return dimensions && dimensions.height > dimensions.width ? 'standing' : 'lying';
}
