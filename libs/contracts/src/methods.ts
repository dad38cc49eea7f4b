import { getOption, hasOption, type DescMethod, type DescService } from '@bufbuild/protobuf';
import { AuthMode, rpc } from './common.js';
import * as auth from './auth.js';
import * as files from './files.js';
import * as rooms from './rooms.js';

/** The services that answer on the bus, by name; the queue group of each is its name. */
export type ServiceName = 'auth' | 'rooms' | 'files';

const modules = { auth, rooms, files };

const servicesIn = (module: object): DescService[] =>
  Object.values(module).filter(
    (value: unknown): value is DescService =>
      typeof value === 'object' && value !== null && (value as DescService).kind === 'service',
  );

/** Every protobuf service, by the process that answers it. Read from the generated descriptors. */
export const services: Readonly<Record<ServiceName, readonly DescService[]>> = {
  auth: servicesIn(modules.auth),
  rooms: servicesIn(modules.rooms),
  files: servicesIn(modules.files),
};

/** The bus subject of a method: `conclave.rooms.v1.EntryService.RequestEntry`. */
export const subjectOf = (method: DescMethod): string => `${method.parent.typeName}.${method.name}`;

/** What a method declares about its callers. Nothing declared reads as unspecified, which is refused. */
export function accessOf(method: DescMethod): {
  auth: AuthMode;
  permissions: readonly string[];
  callers: readonly string[];
} {
  return hasOption(method, rpc) ? getOption(method, rpc) : { auth: AuthMode.UNSPECIFIED, permissions: [], callers: [] };
}

/** Whether a client may send a call of the method again under the same idempotency key. */
export const isRepeatable = (method: DescMethod): boolean => getOption(method, rpc).repeatable;

/** One row per method: who answers it, under which subject, and who may call it. The bus's allow-lists are made from it. */
export interface MethodRow {
  readonly service: ServiceName;
  readonly subject: string;
  readonly callers: readonly string[];
}

/** The table of all methods. */
export const methodTable: readonly MethodRow[] = (Object.keys(services) as ServiceName[]).flatMap((service) =>
  services[service].flatMap((desc) =>
    desc.methods.map((method) => ({ service, subject: subjectOf(method), callers: accessOf(method).callers })),
  ),
);
