import { takeFragment } from './fragment-secret';

const SHAPE = /^cnv_inv_[\w-]{8,200}$/;
const KEY = 'conclave.invitation';

let token: string | null = null;
let hear: () => void = () => undefined;

/** Kept for this tab: sign-up may take a reload. Called once, first of all. */
export const takeInvitations = (): void =>
  takeFragment('/invite', SHAPE, (found) => {
    keep(found);
    hear();
  });

/** The newest invitation of this tab. */
export function invitationToken(): string | null {
  try {
    return (token ??= sessionStorage.getItem(KEY));
  } catch {
    return token;
  }
}

/** Calls whenever another one has come, until told otherwise. */
export function onInvitation(listener: () => void): () => void {
  hear = listener;
  return () => (hear = () => undefined);
}

export function forgetInvitation(): void {
  keep(null);
}

function keep(value: string | null): void {
  token = value;
  try {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
  } catch {
    // It lives as long as the page then.
  }
}
