const prefix = 'cnv_ses_';
const shape = /^cnv_ses_[A-Za-z0-9_-]{43}$/;

/** Prefix of session tokens: `cnv_ses_` and 256 bits in base64url. */
export const sessionTokenPrefix = prefix;

/** Whether this could be a session token at all; nothing else is worth a look into the database. */
export const looksLikeSessionToken = (text: string): boolean => shape.test(text);
