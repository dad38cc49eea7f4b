import { auth, permissionsOf, roleToWire, rooms } from '@conclave/contracts';
import { DomainError } from '@conclave/errors';
import { InjectClient, type Answer, type Principal, type ServiceClient } from '@conclave/messaging';
import { Transaction } from '@conclave/persistence';
import { Clock } from '@conclave/platform';
import { Injectable } from '@nestjs/common';
import { lockCredential } from '../credentials/ended-credentials.js';
import { CheckAccessCode, type Attempted } from '../access-codes/check-access-code.js';
import { Knock } from '../lobby/knock.js';
import { RoomsMetrics } from '../metrics.js';
import { MediaServer } from '../media/media-server.js';
import { PresenceRevoker } from '../presence/presence-revoker.js';
import { lockRoomAtDoor } from '../room/room-repository.js';
import type { Room } from '../room/room.js';
import { decideEntry, type EntryFacts, type EntryRefusal, type Proof } from '../admission/admission-decision.js';
import type { Admission } from '../admission/admission.js';
import { AdmitPerson } from './admit-person.js';
import { readSituation, type Proofs } from './entry-facts.js';
import { EntryRecord } from './entry-record.js';
import { ticketOf } from './ticket.js';

type Entry = Answer<typeof rooms.EntryService.method.requestEntry>;

/** Somebody who was let in, and how many the room holds. */
interface LetIn {
  readonly admission: Admission;
  readonly capacity: number;
}

/** Somebody who was not, why, and what that rests on. */
interface LeftOut {
  readonly reason: EntryRefusal | 'WAITING_FOR_HOST';
  readonly room: Room;
  readonly facts: EntryFacts;
}

/** What was proven, where nothing is missing any more but perhaps a host's word. */
interface Proven extends Proofs {
  readonly waits: boolean;
}

const nothingTyped: Proofs = { codeVersion: null, personalToken: 'missing' };

/** Decides whether the caller may enter now, and admits. */
@Injectable()
export class RequestEntry {
  constructor(
    private readonly transaction: Transaction,
    private readonly checkCode: CheckAccessCode,
    @InjectClient(auth.PersonalTokensService)
    private readonly personalTokens: ServiceClient<typeof auth.PersonalTokensService>,
    private readonly admit: AdmitPerson,
    private readonly knock: Knock,
    private readonly record: EntryRecord,
    private readonly media: MediaServer,
    private readonly revoker: PresenceRevoker,
    private readonly metrics: RoomsMetrics,
    private readonly clock: Clock,
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
    const { admission, capacity } = await this.decide(person, request).catch(async (error: unknown) => {
      await this.record.refused(person, request.slug, error);
      throw error;
    });
    await this.openMedia(admission, capacity);
    const { joinId, role } = admission;
    return { joinId, ticket: ticketOf(admission), role: roleToWire(role), can: [...permissionsOf(role)] };
  }

  private async decide(person: Principal, request: rooms.RequestEntryRequest): Promise<LetIn> {
    const first = await this.look(person, request, nothingTyped);
    if ('admission' in first) return first;
    const { waits, ...proofs } = await this.prove(first, person, request);
    if (waits && first.facts.request === 'none') await this.knock.count(first.room.id, person.userId);
    const second = await this.look(person, request, proofs, waits);
    if ('admission' in second) return second;
    throw new DomainError(second.reason);
  }

  /** Reads the situation once, under the room's lock, decides, and lets in where that is the decision; or asks a host for it. */
  private look(
    person: Principal,
    { slug, elsewhere }: rooms.RequestEntryRequest,
    proofs: Proofs,
    asksHost = false,
  ): Promise<LetIn | LeftOut> {
    return this.transaction.run(async (em) => {
      if (person.credentialId !== '') await lockCredential(em, person.credentialId);
      const room = await lockRoomAtDoor(em, slug);
      const now = this.clock.now();
      const situation = await readSituation(em, room, person, proofs, now);
      const decision = decideEntry(situation.facts);
      const { facts } = situation;
      if (decision.outcome === 'refused') return { reason: decision.reason, room, facts };
      if (decision.outcome === 'waiting') {
        if (asksHost) await this.knock.execute(em, room, person, now);
        return { reason: 'WAITING_FOR_HOST', room, facts };
      }
      // Before the new admission is there: nobody is in the meeting twice who chose to move, not for a moment.
      if (elsewhere === rooms.Elsewhere.MOVE)
        await this.revoker.revoke(em, { roomId: room.id, userId: person.userId }, 'moved');
      const { codeVersion } = proofs;
      const admittance = { decision, room, person, situation, codeVersion };
      return { admission: await this.admit.execute(em, admittance, now), capacity: room.capacity };
    });
  }

  /**
   * Checks what was typed, and only what the decision asks for at that point: a stranger to an invited room can try no code,
   * and a wrong code costs no question to auth. Each finding is a new fact for the one decision, whose refusal is thrown.
   */
  private async prove(
    { room, facts }: LeftOut,
    { userId }: Principal,
    request: rooms.RequestEntryRequest,
  ): Promise<Proven> {
    let { codeVersion, personalToken } = nothingTyped;
    let { code } = facts;
    let left: Attempted = {};
    const decide = () => decideEntry({ ...facts, code, personalToken });
    const misses = (reason: EntryRefusal): boolean => {
      const decision = decide();
      return decision.outcome === 'refused' && decision.reason === reason;
    };
    if (request.accessCode !== '' && misses('ACCESS_CODE_REQUIRED')) {
      const known = facts.invitation || facts.relation === 'invited-member' || facts.relation === 'member';
      const caller = { userId, address: request.clientAddress, known };
      const checked = await this.checkCode.execute(room, caller, request.accessCode);
      code = checked.right ? 'proven' : 'wrong';
      if (checked.right) codeVersion = checked.version;
      else left = checked.left;
    }
    if (request.personalToken !== '' && misses('PERSONAL_TOKEN_REQUIRED'))
      personalToken = await this.provenToken(request.personalToken);
    const decision = decide();
    if (decision.outcome === 'refused') throw new DomainError(decision.reason, left);
    return { codeVersion, personalToken, waits: decision.outcome === 'waiting' };
  }

  /** No answer from auth is no proof: UNAVAILABLE. */
  private async provenToken(typed: string): Promise<Proof> {
    try {
      await this.personalTokens.verifyPersonalToken({ personalToken: typed });
      return 'proven';
    } catch (error) {
      if (error instanceof DomainError && error.reason === 'PERSONAL_TOKEN_WRONG') return 'wrong';
      throw error;
    }
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
