import { takeFragment } from './fragment-secret';

/** Pages that links in our mail lead to, and the token of each. */
const SHAPES = {
  '/verify': /^cnv_sup_[\w-]{8,200}$/,
  '/recover': /^cnv_rec_[\w-]{8,200}$/,
  '/address': /^cnv_adr_[\w-]{8,200}$/,
  '/address-back': /^cnv_adb_[\w-]{8,200}$/,
} as const;

/** One of them. */
export type MailedPage = keyof typeof SHAPES;

const tokens = new Map<MailedPage, string>();
let hear: (page: MailedPage) => void = () => undefined;

/** Held in memory alone: whoever reloads opens the message again. Called once, first of all. */
export function takeMailedTokens(): void {
  for (const page of Object.keys(SHAPES) as MailedPage[])
    takeFragment(page, SHAPES[page], (found) => {
      tokens.set(page, found);
      hear(page);
    });
}

/** The token that the page was opened with, else an empty one. */
export const mailedToken = (page: MailedPage): string => tokens.get(page) ?? '';

/** Calls whenever another link is pasted over this page, until told otherwise. */
export function onMailedToken(page: MailedPage, listener: () => void): () => void {
  hear = (heard) => {
    if (heard === page) listener();
  };
  return () => (hear = () => undefined);
}

/** It was used, or does not count. */
export const forgetMailedToken = (page: MailedPage): unknown => tokens.delete(page);
