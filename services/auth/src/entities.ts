import { PasswordCredential } from './credentials/password-credential.js';
import { Person } from './people/person.js';
import { PersonalToken } from './personal-tokens/personal-token.js';
import { Session } from './sessions/session.js';

/** Everything auth keeps as entities. */
export const entities = [PasswordCredential, Person, PersonalToken, Session];
