import {
  accessOf,
  common,
  messageCheck,
  needsPresence,
  permissionRow,
  zeroFiller,
  type DescMethod,
  type MessageCheck,
  type Permission,
} from '@conclave/contracts';
import { invalidArgument } from '@conclave/errors';
import type { MessageHandler } from '@nestjs/microservices';
import { accessOfHandler, type AccessRule, type HandlerExtras } from './decorators.js';
import type { GrantQuestion } from './grant.js';

/** A permission at a handler's door, and which room it is asked for. */
export interface DoorPermission {
  readonly asked: readonly Permission[];
  readonly inside: boolean;
  readonly roomOf: (request: object) => GrantQuestion['room'];
}

/** A handler as the bus server runs it. */
export interface Handled {
  readonly method: DescMethod;
  /** Holds a request to the rules of its fields, and fills in what 0 stands for. */
  readonly check: MessageCheck;
  readonly handle: MessageHandler;
  /** Undefined where a mode is enough: `public`, `service`, `signed-in`. */
  readonly permission: DoorPermission | undefined;
}

/** Reads what a handler declares and stops the start where it does not fit the contract. */
export function declared(subject: string, handler: MessageHandler): Handled {
  const { rpc, handler: method } = (handler.extras ?? {}) as Partial<HandlerExtras>;
  if (!rpc || !method) throw new Error(`${subject} is not declared with @Rpc`);
  const access = accessOfHandler(method);
  if (!access) throw new Error(`${subject} declares no @Access, so nobody may call it`);
  if (accessOf(rpc).auth !== modeOf(access))
    throw new Error(`${subject}: @Access('${String(access)}') does not fit the auth mode of its proto`);
  const permission = typeof access === 'string' ? undefined : permissionAt(subject, rpc, access);
  const asked = [...(permission?.asked ?? [])].sort().join(', ');
  const promised = [...accessOf(rpc).permissions].sort().join(', ');
  if (asked !== promised) throw new Error(`${subject}: its proto asks for '${promised}', and @Access for '${asked}'`);
  return {
    method: rpc,
    check: checkOf(rpc),
    handle: handler,
    permission,
  };
}

/** Compiled at the start: no first call pays for it, and rules that make no sense stop the service before anybody calls. */
function checkOf({ input }: DescMethod): MessageCheck {
  const fits = messageCheck(input);
  const fill = zeroFiller(input);
  return (request) => {
    fits(request);
    fill(request);
  };
}

function modeOf(access: AccessRule): common.AuthMode {
  if (access === 'public') return common.AuthMode.ANONYMOUS;
  if (access === 'service') return common.AuthMode.SERVICE;
  return common.AuthMode.PERSON;
}

function permissionAt(subject: string, { input }: DescMethod, asked: readonly Permission[]): DoorPermission {
  for (const permission of asked) {
    const { asked: where, room } = permissionRow(permission);
    if (where === 'later' || !room) throw new Error(`${subject}: the table gives '${permission}' to nobody of a room`);
  }
  if (new Set(asked.map(needsPresence)).size !== 1)
    throw new Error(`${subject}: one of '${asked.join("', '")}' needs presence and another does not`);
  const inside = asked.some(needsPresence);
  const names = input.fields.map(({ localName }) => localName);
  const field = names.find((name) => name === 'slug' || name === 'roomId');
  if (!field) throw new Error(`${subject}: @Access('${asked.join("', '")}') needs a slug or a room_id in its request`);
  const value = (request: object): string => {
    const named = (request as Readonly<Record<string, string>>)[field];
    if (!named) throw invalidArgument(field);
    return named;
  };
  const roomOf = (request: object) => (field === 'slug' ? { slug: value(request) } : { id: value(request) });
  return { asked, inside, roomOf };
}
