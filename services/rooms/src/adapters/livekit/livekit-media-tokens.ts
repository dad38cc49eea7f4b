import { DomainError } from '@conclave/errors';
import type { Clock } from '@conclave/platform';
import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import type { Admission, LiveAdmission } from '../../admission/admission.js';
import { MediaTokens, type MediaTokenClaims } from '../../media/media-tokens.js';

/** It only has to outlive the way from the door to LiveKit: each connection gets one of its own. */
export const mediaTokenTtlSeconds = 60;

// Two machines' clocks; a minute-long token leaves room for no more.
const clockToleranceSeconds = 5;

/** A key that LiveKit knows. */
export interface LiveKitSigner {
  readonly key: string;
  readonly secret: string;
}

/**
 * LiveKit access tokens (HS256). Made with jose rather than the SDK so that nbf, exp and every grant are ours to the last claim.
 * We sign with `own` alone; LiveKit signs the tokens it refreshes with any of its keys, picked at random, so of those that the
 * release before let out `others` are verified too.
 */
export class LiveKitMediaTokens extends MediaTokens {
  private readonly own: LiveKitSigner;
  private readonly secrets: ReadonlyMap<string, Uint8Array>;

  constructor(
    own: LiveKitSigner,
    others: readonly LiveKitSigner[],
    private readonly clock: Clock,
  ) {
    super();
    this.own = own;
    this.secrets = new Map([...others, own].map(({ key, secret }) => [key, new TextEncoder().encode(secret)]));
  }

  mint(admission: LiveAdmission, person: { verified: boolean }): Promise<string> {
    const attributes = { userId: admission.userId ?? '', role: admission.role, verified: String(person.verified) };
    return this.sign(admission, attributes, { hidden: true, canSubscribe: false });
  }

  mintForService(admission: Admission): Promise<string> {
    return this.sign(admission, { service: admission.service ?? '' }, { canSubscribe: true });
  }

  private sign(
    admission: Admission,
    attributes: Record<string, string>,
    rights: { hidden?: boolean; canSubscribe: boolean },
  ): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT({
      name: admission.displayName,
      attributes,
      video: {
        room: admission.mediaRoom,
        roomJoin: true,
        // What a person may publish, the media server is told once it has the connection.
        canPublish: false,
        canPublishSources: [],
        // Chat and everything else goes through the product, where presence is proven and text is sealed.
        canPublishData: false,
        canUpdateOwnMetadata: false,
        ...rights,
      },
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(this.own.key)
      .setSubject(admission.joinId)
      .setNotBefore(now)
      .setExpirationTime(now + mediaTokenTtlSeconds)
      .sign(this.secretOf(this.own.key));
  }

  async verify(token: string): Promise<MediaTokenClaims> {
    try {
      // Unproven until the signature is checked: it only says which of our two secrets to check it with.
      const { iss = '' } = decodeJwt(token);
      const { payload } = await jwtVerify(token, this.secretOf(iss), {
        algorithms: ['HS256'],
        issuer: iss,
        requiredClaims: ['sub', 'exp', 'nbf'],
        clockTolerance: clockToleranceSeconds,
        currentDate: this.clock.now(),
      });
      const video = payload['video'] as { room?: unknown; roomJoin?: unknown } | undefined;
      if (typeof payload.sub !== 'string' || typeof video?.room !== 'string' || video.roomJoin !== true)
        throw new Error('not a token to join a room');
      return { joinId: payload.sub, mediaRoomId: video.room };
    } catch (cause) {
      throw new DomainError('UNAUTHENTICATED', { cause, message: 'media token refused' });
    }
  }

  private secretOf(key: string): Uint8Array {
    const secret = this.secrets.get(key);
    if (!secret) throw new Error('a key of nobody we know');
    return secret;
  }
}
