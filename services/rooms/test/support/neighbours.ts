import { randomUUID } from 'node:crypto';
import {
  auth,
  broadcasts,
  common,
  create,
  eventFromJson,
  files,
  fromBinary,
  subjectOf,
  timestampFromDate,
  toBinary,
} from '@conclave/contracts';
import { Bus } from '@conclave/messaging';
import { onFileEnd, type TestNats } from '@conclave/testing';
import { headers, type Msg } from '@nats-io/transport-node';
import { patiently } from './patiently.js';

interface Happened {
  readonly type: string;
  /** Facts as a row of the outbox holds them. */
  readonly payload: object;
}

/** Stand where auth and files stand on the bus, with their own rights: outboxes to pull, and personal tokens to check. */
export interface Neighbours {
  /** auth announces something; with `hint` it also says so. */
  authAnnounces(event: Happened, options?: { hint?: boolean }): void;
  filesAnnounces(event: Happened): void;
  /** Personal tokens that are right. */
  readonly personalTokens: Set<string>;
  /** Names that auth knows, by person. */
  readonly names: Map<string, string>;
  /** How often auth was asked. */
  verifications: number;
  /** Addresses that auth was told are proven, and by which invitation. */
  readonly provenAddresses: { email: string; invitationId: string }[];
  /** Whether auth refuses to keep a proof, as when it is away. */
  keepsNoProof: boolean;
  /** How often auth's outbox was pulled. */
  authPulls: number;
  /** Buses with the rights of these services, for attacks. */
  readonly authBus: Bus;
  readonly filesBus: Bus;
}

/** Starts answering. */
export async function neighbours(nats: TestNats): Promise<Neighbours> {
  const as = (service: 'auth' | 'files'): Promise<Bus> =>
    patiently(() => Bus.connect({ url: nats.url, seed: nats.seeds[service], service }));
  const [authBus, filesBus] = await Promise.all([as('auth'), as('files')]);
  onFileEnd(() => Promise.all([authBus.close(), filesBus.close()]));
  const authLog: common.FeedEvent[] = [];
  const filesLog: common.FeedEvent[] = [];
  const state: Neighbours = {
    personalTokens: new Set(),
    names: new Map(),
    verifications: 0,
    provenAddresses: [],
    keepsNoProof: false,
    authPulls: 0,
    authBus,
    filesBus,
    authAnnounces(event, { hint = true } = {}) {
      authLog.push(toEvent(event));
      if (hint) authBus.publish(broadcasts.outbox('auth'));
    },
    filesAnnounces(event) {
      filesLog.push(toEvent(event));
      filesBus.publish(broadcasts.outbox('files'));
    },
  };
  serveFeed(authBus, auth.FeedService, authLog, () => state.authPulls++);
  serveFeed(filesBus, files.FeedService, filesLog);
  const { verifyPersonalToken } = auth.PersonalTokensService.method;
  authBus.respond(subjectOf(verifyPersonalToken), 'auth', (message) => {
    state.verifications++;
    const { personalToken } = fromBinary(verifyPersonalToken.input, message.data);
    if (state.personalTokens.has(personalToken)) {
      message.respond(toBinary(verifyPersonalToken.output, create(verifyPersonalToken.output)));
      return;
    }
    refuse(message, 'PERSONAL_TOKEN_WRONG');
  });
  const { proveAddress } = auth.AccountsService.method;
  authBus.respond(subjectOf(proveAddress), 'auth', (message) => {
    if (state.keepsNoProof) return refuse(message, 'UNAVAILABLE');
    const { email, invitationId } = fromBinary(proveAddress.input, message.data);
    state.provenAddresses.push({ email, invitationId });
    message.respond(toBinary(proveAddress.output, create(proveAddress.output)));
  });
  const { getPeople } = auth.PeopleService.method;
  authBus.respond(subjectOf(getPeople), 'auth', (message) => {
    const { ids } = fromBinary(getPeople.input, message.data);
    const people = ids.flatMap((id) => {
      const displayName = state.names.get(id);
      return displayName === undefined ? [] : { id, displayName };
    });
    message.respond(toBinary(getPeople.output, create(getPeople.output, { people })));
  });
  await Promise.all([authBus.ping(), filesBus.ping()]);
  return state;
}

function refuse(message: Msg, reason: 'PERSONAL_TOKEN_WRONG' | 'UNAVAILABLE'): void {
  const fields = headers();
  fields.set('conclave-error', reason);
  const refusal = create(common.ErrorReplySchema, { reason: common.ErrorReason[reason] });
  message.respond(toBinary(common.ErrorReplySchema, refusal), { headers: fields });
}

const toEvent = ({ type, payload }: Happened): common.FeedEvent =>
  create(common.FeedEventSchema, {
    id: randomUUID(),
    type,
    event: eventFromJson<common.FeedEvent>(common.FeedEventSchema, type, payload),
    occurredAt: timestampFromDate(new Date()),
  });

function serveFeed(
  bus: Bus,
  service: typeof auth.FeedService | typeof files.FeedService,
  log: common.FeedEvent[],
  pulled: () => void = () => undefined,
): void {
  const { listEvents } = service.method;
  bus.respond(subjectOf(listEvents), bus.service, (message) => {
    const { after, limit } = fromBinary(listEvents.input, message.data);
    const from = after === '' ? 0 : Number(after);
    const events = log.slice(from, from + limit);
    const next = String(from + events.length);
    message.respond(toBinary(listEvents.output, create(listEvents.output, { events, next })));
    pulled();
  });
}
