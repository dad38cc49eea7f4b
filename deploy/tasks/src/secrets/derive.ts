import { broadcastTable, methodTable } from '@conclave/contracts';
import { OperatorError } from '@conclave/platform';
import { allowLists, busUsers, natsAuthorization, publicKeyOf, type BusUser } from '@conclave/servers';
import type { DerivedKey, Place } from './plan.js';

/** The value at a place; throws where there is none. */
export type Lookup = (place: Place) => string;

/** The `authorization` block of nats.conf for these public keys, with the rights that the contracts give. */
export const authorizationText = (publicKeys: Readonly<Record<BusUser, string>>): string =>
  `authorization: ${JSON.stringify(natsAuthorization(publicKeys, allowLists(methodTable, broadcastTable)), null, 2)}\n`;

/** What follows from other values. */
export function derive(key: DerivedKey, valueOf: Lookup): string {
  switch (key.kind) {
    case 'copy':
      return valueOf(key.from);
    case 'nkey-public':
      return publicKeyOf(valueOf(key.from));
    case 'nats-authorization': {
      const missing = busUsers.find((user) => !(user in key.seeds));
      if (missing) throw new OperatorError(`The plan names no seed of ${missing} for ${key.name}.`);
      return authorizationText(
        Object.fromEntries(busUsers.map((user) => [user, publicKeyOf(valueOf(key.seeds[user]))])) as Record<
          BusUser,
          string
        >,
      );
    }
    case 'livekit-keys':
      // YAML is a superset of JSON, and JSON quotes what needs quotes.
      return `${JSON.stringify(
        Object.fromEntries(key.pairs.map((pair) => [valueOf(pair.key), valueOf(pair.secret)])),
        null,
        2,
      )}\n`;
  }
}
