import { DomainError } from '@conclave/errors';
import type { Clock } from '@conclave/platform';
import { jwtVerify, SignJWT } from 'jose';
import type { Admitted } from '../../entry/admission-decision.js';
import type { Admission } from '../../entry/admission.js';
import { MediaTokens, type MediaTokenClaims } from '../../entry/media-tokens.js';

/** LiveKit hands a connected client a fresh token at once, so the first one only has to outlive the way to the door. */
export const mediaTokenTtlSeconds = 60;

// Two machines' clocks; a minute-long token leaves room for no more.
const clockToleranceSeconds = 5;

/** LiveKit access tokens (HS256). Made with jose rather than the SDK so that nbf, exp and every grant are ours to the last claim. */
export class LiveKitMediaTokens extends MediaTokens {
  private readonly secret: Uint8Array;

  constructor(
    private readonly apiKey: string,
    apiSecret: string,
    private readonly clock: Clock,
  ) {
    super();
    this.secret = new TextEncoder().encode(apiSecret);
  }

  mint(_decision: Admitted, admission: Admission, person: { verified: boolean }): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT({
      name: admission.displayName,
      attributes: { userId: admission.userId, role: admission.role, verified: String(person.verified) },
      video: {
        room: admission.roomId,
        roomJoin: true,
        canPublish: true,
        canPublishSources: ['camera', 'microphone', 'screen_share', 'screen_share_audio'],
        canSubscribe: true,
        // Chat and everything else goes through the product, where presence is proven and text is sealed.
        canPublishData: false,
        canUpdateOwnMetadata: false,
      },
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(this.apiKey)
      .setSubject(admission.joinId)
      .setNotBefore(now)
      .setExpirationTime(now + mediaTokenTtlSeconds)
      .sign(this.secret);
  }

  async verify(token: string): Promise<MediaTokenClaims> {
    try {
      const { payload } = await jwtVerify(token, this.secret, {
        algorithms: ['HS256'],
        issuer: this.apiKey,
        requiredClaims: ['sub', 'exp', 'nbf'],
        clockTolerance: clockToleranceSeconds,
        currentDate: this.clock.now(),
      });
      const video = payload['video'] as { room?: unknown; roomJoin?: unknown } | undefined;
      if (typeof payload.sub !== 'string' || typeof video?.room !== 'string' || video.roomJoin !== true)
        throw new Error('not a token to join a room');
      return { joinId: payload.sub, roomId: video.room };
    } catch (cause) {
      throw new DomainError('UNAUTHENTICATED', { cause, message: 'media token refused' });
    }
  }
}
