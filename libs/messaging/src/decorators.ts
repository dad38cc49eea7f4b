import 'reflect-metadata';
import { subjectOf, type DescMethod, type DescService, type Permission } from '@conclave/contracts';
import { Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';

const accessKey = Symbol('conclave:access');

/** What the bus server reads back from a handler. */
export interface HandlerExtras {
  readonly rpc: DescMethod;
  readonly handler: object;
}

/** Answers a method of the contract. The handler takes the decoded request and a `CallContext`, and returns the response's fields. */
export function Rpc(method: DescMethod): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    const extras: HandlerExtras = { rpc: method, handler: descriptor.value as object };
    MessagePattern(subjectOf(method), extras)(target, key, descriptor);
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
  };
}

/** Doors that ask for no right in a room. */
export type AccessMode = 'public' | 'service' | 'signed-in';

/** What a handler declares: a mode, or permissions of which any one opens the door. */
export type AccessRule = AccessMode | readonly Permission[];

const modes: readonly string[] = ['public', 'service', 'signed-in'] satisfies AccessMode[];

/**
 * Says at the door who may come in: `public`, `service`, `signed-in`, or a permission of the table such as `room.invite`, which
 * the bus server proves before the handler runs; of several, any one will do. A handler without it stops the start.
 */
export function Access(...access: [AccessMode] | [Permission, ...Permission[]]): MethodDecorator {
  const [first] = access;
  const rule = (modes.includes(first) ? first : access) as AccessRule;
  return (_target, _key, descriptor: PropertyDescriptor) => {
    Reflect.defineMetadata(accessKey, rule, descriptor.value as object);
  };
}

/** What `@Access` declared on a handler. */
export const accessOfHandler = (handler: object): AccessRule | undefined =>
  Reflect.getMetadata(accessKey, handler) as AccessRule | undefined;

/** Token under which `MessagingModule` provides the typed client of a service. */
export const clientToken = (service: DescService): string => `client:${service.typeName}`;

/** Injects the typed client of a service: `@InjectClient(rooms.PresenceService) presence: ServiceClient<typeof rooms.PresenceService>`. */
export const InjectClient = (service: DescService): ParameterDecorator =>
  Inject(clientToken(service)) as ParameterDecorator;
