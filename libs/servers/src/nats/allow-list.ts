/** The services that hold a user on the bus. */
export type BusUser = 'auth' | 'rooms' | 'files' | 'gateway';

/** All of them. */
export const busUsers: readonly BusUser[] = ['auth', 'rooms', 'files', 'gateway'];

/** One method: who answers it, under which subject, and who may call it. */
export interface CallRow {
  readonly service: string;
  readonly subject: string;
  readonly callers: readonly string[];
}

/** One broadcast: who may send it and who may hear it. */
export interface BroadcastRow {
  readonly subject: string;
  readonly publishers: readonly string[];
  readonly subscribers: readonly string[];
}

/** What one user may do on the bus; everything else is refused by the server. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Where the answers to a service's own requests arrive. Nobody else may listen there. */
export const inboxPrefix = (user: string): string => `_INBOX.${user}`;

const unique = (subjects: string[]): string[] => [...new Set(subjects)].sort();

/**
 * Who may publish and subscribe to what, from the contracts alone. A caller that the contracts name and the bus does
 * not know is a mistake in a contract, and so is a method of a service that the bus does not know.
 */
export function allowLists(
  calls: readonly CallRow[],
  broadcasts: readonly BroadcastRow[],
): Readonly<Record<BusUser, Permissions>> {
  const named = [
    ...calls.flatMap((row) => [row.service, ...row.callers]),
    ...broadcasts.flatMap((row) => [...row.publishers, ...row.subscribers]),
  ];
  const stranger = named.find((name) => !(busUsers as readonly string[]).includes(name));
  if (stranger !== undefined) throw new Error(`the contracts name "${stranger}", which is no service on the bus`);
  const of = (user: BusUser): Permissions => ({
    publish: unique([
      ...calls.filter((row) => row.callers.includes(user)).map((row) => row.subject),
      ...broadcasts.filter((row) => row.publishers.includes(user)).map((row) => row.subject),
    ]),
    subscribe: unique([
      `${inboxPrefix(user)}.>`,
      ...calls.filter((row) => row.service === user).map((row) => row.subject),
      ...broadcasts.filter((row) => row.subscribers.includes(user)).map((row) => row.subject),
    ]),
  });
  return { auth: of('auth'), rooms: of('rooms'), files: of('files'), gateway: of('gateway') };
}
