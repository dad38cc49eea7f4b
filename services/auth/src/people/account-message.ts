import { addressProofToWire, timestampFromDate, type auth, type MessageInitShape } from '@conclave/contracts';
import type { Person } from './person.js';

/** A person as they see themselves, on the wire. */
export const accountMessage = (person: Person): MessageInitShape<typeof auth.AccountSchema> => ({
  id: person.id,
  email: person.email,
  emailVerified: Boolean(person.emailVerifiedBy),
  ...(person.emailVerifiedAt && { emailVerifiedAt: timestampFromDate(person.emailVerifiedAt) }),
  ...(person.emailVerifiedBy && { emailVerifiedBy: addressProofToWire(person.emailVerifiedBy) }),
  displayName: person.displayName,
  createdAt: timestampFromDate(person.createdAt),
});
