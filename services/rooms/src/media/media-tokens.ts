import type { Admission, LiveAdmission } from '../admission/admission.js';

/** What a media token of the release before says, once its signature is verified. */
export interface MediaTokenClaims {
  readonly joinId: string;
  readonly mediaRoomId: string;
}

/** Makes and reads the media server's tokens. */
export abstract class MediaTokens {
  /**
   * A token of 60 seconds for one connection of an admission that holds. Nobody sees that connection, and it may neither publish nor
   * subscribe, until the media server is told its rights.
   */
  abstract mint(admission: LiveAdmission, person: { verified: boolean }): Promise<string>;
  /** For a service: it hears and sees, publishes nothing, and is shown to everybody by its name. */
  abstract mintForService(admission: Admission): Promise<string>;
  /** Reads a token that the release before gave to a browser, first or refreshed; otherwise UNAUTHENTICATED. */
  abstract verify(token: string): Promise<MediaTokenClaims>;
}
