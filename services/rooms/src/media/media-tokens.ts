import type { Admitted } from '../admission/admission-decision.js';
import type { Admission } from '../admission/admission.js';

/** What a media token that came to the door says, once its signature is verified. */
export interface MediaTokenClaims {
  readonly joinId: string;
  readonly mediaRoomId: string;
}

/** Makes and reads the media server's tokens. */
export abstract class MediaTokens {
  /** A token of at most 60 seconds for exactly this admission; the decision must be brought along. */
  abstract mint(decision: Admitted, admission: Admission, person: { verified: boolean }): Promise<string>;
  /** The same for a service: it hears and sees, publishes nothing, and is shown to everybody by its name. */
  abstract mintForService(decision: Admitted, admission: Admission): Promise<string>;
  /** Reads a first or refreshed token; otherwise UNAUTHENTICATED. */
  abstract verify(token: string): Promise<MediaTokenClaims>;
}
