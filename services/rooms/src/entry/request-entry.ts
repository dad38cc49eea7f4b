import { auth, roleToWire, type rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient, type Answer, type Principal, type ServiceClient } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CheckAccessCode } from '../access-codes/check-access-code.js';
import { configToken, type Config } from '../config.js';
import { inviteeOf } from '../invitations/accept-invitation.js';
import { RoomsMetrics } from '../metrics.js';
import { MediaServer } from '../media/media-server.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { findRoom, lockRoomAtDoor } from '../room/room-repository.js';
import type { Room } from '../room/room.js';
import { decideEntry, type Admitted } from '../admission/admission-decision.js';
import type { Admission } from '../admission/admission.js';
import { AdmitPerson } from './admit-person.js';
import { readSituation, type Proofs } from './entry-facts.js';
import { EntryRecord } from './entry-record.js';
import { MediaTokens } from '../media/media-tokens.js';
import { lockSession } from './session-lock.js';

type Entry = Answer<typeof rooms.EntryService.method.requestEntry>;

/** Decides whether the caller may enter now, and admits. */
@Injectable()
export class RequestEntry {
  constructor(
    private readonly transaction: Transaction,
    private readonly checkCode: CheckAccessCode,
    @InjectClient(auth.PersonalTokensService)
    private readonly personalTokens: ServiceClient<typeof auth.PersonalTokensService>,
    private readonly admit: AdmitPerson,
    private readonly record: EntryRecord,
    private readonly media: MediaServer,
    private readonly tokens: MediaTokens,
    private readonly revoker: PresenceRevoker,
    private readonly metrics: RoomsMetrics,
    private readonly clock: Clock,
    @Inject(configToken) private readonly config: Pick<Config, 'TRUST_UNVERIFIED_ADDRESSES'>,
  ) {}

  async execute(person: Principal, request: rooms.RequestEntryRequest): Promise<Entry> {
    try {
      const entry = await this.enter(person, request);
      this.metrics.joins.inc({ outcome: 'admitted' });
      return entry;
    } catch (error) {
      this.metrics.joins.inc({ outcome: error instanceof DomainError ? error.reason : 'INTERNAL' });
      throw error;
    }
  }

  private async enter(person: Principal, request: rooms.RequestEntryRequest): Promise<Entry> {
    const { decision, admission, capacity } = await this.decide(person, request).catch(async (error: unknown) => {
      await this.record.refused(person, request.slug, error);
      throw error;
    });
    await this.openMedia(admission, capacity);
    const mediaToken = await this.tokens.mint(decision, admission, { verified: person.emailVerified });
    return { joinId: admission.joinId, mediaToken, role: roleToWire(admission.role) };
  }

  private async decide(
    person: Principal,
    request: rooms.RequestEntryRequest,
  ): Promise<{ decision: Admitted; admission: Admission; capacity: number }> {
    const proofs = await this.collectProofs(person, request);
    return this.transaction.run(async (em) => {
      if (person.sessionId !== '') await lockSession(em, person.sessionId);
      const room = await lockRoomAtDoor(em, request.slug);
      const now = this.clock.now();
      const invitee = inviteeOf(person, this.config.TRUST_UNVERIFIED_ADDRESSES);
      const situation = await readSituation(em, room, person, invitee, proofs, now);
      const decision = decideEntry(situation.facts);
      if (decision.outcome !== 'admitted') throw new DomainError(decision.reason);
      const { codeVersion } = proofs;
      const admittance = { decision, room, person, invitee, situation, codeVersion };
      return { decision, admission: await this.admit.execute(em, admittance, now), capacity: room.capacity };
    });
  }

  /**
   * Checks what was typed, and only what the decision asks for at that point: a stranger to an invited room can try no code,
   * and a wrong code costs no question to auth.
   */
  private async collectProofs(person: Principal, request: rooms.RequestEntryRequest): Promise<Proofs> {
    let proofs: Proofs = { codeVersion: null, personalToken: 'missing' };
    const missing = async (): Promise<{ room: Room; reason: string | null }> =>
      this.transaction.run(async (em) => {
        const room = await findRoom(em, request.slug);
        const invitee = inviteeOf(person, this.config.TRUST_UNVERIFIED_ADDRESSES);
        const { facts } = await readSituation(em, room, person, invitee, proofs, this.clock.now());
        const decision = decideEntry(facts);
        return { room, reason: decision.outcome === 'refused' ? decision.reason : null };
      });

    let now = await missing();
    if (now.reason === 'ACCESS_CODE_REQUIRED' && request.accessCode !== '') {
      proofs = { ...proofs, codeVersion: await this.checkCode.execute(now.room, person.userId, request.accessCode) };
      now = await missing();
    }
    if (now.reason === 'PERSONAL_TOKEN_REQUIRED' && request.personalToken !== '') {
      // Throws PERSONAL_TOKEN_WRONG, and UNAVAILABLE where auth does not answer: no answer is no proof.
      await this.personalTokens.verifyPersonalToken({ personalToken: request.personalToken });
      proofs = { ...proofs, personalToken: 'proven' };
    }
    return proofs;
  }

  /** The media server makes no rooms by itself. Where it does not answer, the admission ends before anybody could use it. */
  private async openMedia(admission: Admission, capacity: number): Promise<void> {
    try {
      await this.media.openRoom(admission.mediaRoom, capacity);
    } catch (cause) {
      await this.transaction.run((em) => this.revoker.revoke(em, { joinId: admission.joinId }, 'media_failed'));
      throw new DomainError('UNAVAILABLE', { cause, retryAfterSeconds: 5 });
    }
  }
}
