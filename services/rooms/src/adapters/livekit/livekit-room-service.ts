import type { Clock } from '@conclave/platform';
import { SignJWT } from 'jose';
import { RoomServiceClient, type VideoGrant } from 'livekit-server-sdk';

/** Where LiveKit's API is, and who we are there. */
export interface LiveKitAccess {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** A token goes with one request. */
const tokenSeconds = 60;

/** LiveKit's room service, whose requests are signed by our clock: the SDK asks this machine's, which may be wrong. */
export class LiveKitRoomService extends RoomServiceClient {
  constructor(
    private readonly access: LiveKitAccess,
    requestTimeout: number,
    private readonly clock: Clock,
  ) {
    super(access.url, access.apiKey, access.apiSecret, { requestTimeout, failover: false });
  }

  override async authHeader(grant: VideoGrant): Promise<Record<string, string>> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const token = await new SignJWT({ video: { ...grant } })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(this.access.apiKey)
      .setNotBefore(now)
      .setExpirationTime(now + tokenSeconds)
      .sign(new TextEncoder().encode(this.access.apiSecret));
    return { Authorization: `Bearer ${token}` };
  }
}
