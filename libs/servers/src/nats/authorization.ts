import { busUsers, type BusUser, type Permissions } from './allow-list.js';

/** The `authorization` block of a NATS configuration: each service by its public key, with what it may say and hear. */
export function natsAuthorization(
  publicKeys: Readonly<Record<BusUser, string>>,
  permissions: Readonly<Record<BusUser, Permissions>>,
): object {
  const users = busUsers.map((user) => ({
    nkey: publicKeys[user],
    permissions: {
      publish: { allow: permissions[user].publish },
      subscribe: { allow: permissions[user].subscribe },
      // A handler may answer where it was asked, once, and nowhere else.
      allow_responses: { max: 1, expires: '2m' },
    },
  }));
  return { timeout: 5, users };
}
