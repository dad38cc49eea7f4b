import type { Language } from './language.js';
import { type Letter, setLetter, type SetLetter } from './letter.js';
import { words } from './words.js';

/** What each letter says besides our words. Nothing that somebody else may have typed: a letter of ours carries no stranger's text. */
export interface Facts {
  readonly 'sign-up': { readonly code: string; readonly token: string };
  readonly 'sign-up-known': object;
  readonly recovery: { readonly token: string };
  readonly 'password-changed': object;
  readonly 'address-proof': { readonly code: string; readonly token: string };
  readonly 'address-known': object;
  readonly 'address-changed': { readonly token: string };
}

/** What a letter is about; the one fact of it that is not sealed. */
export type LetterKind = keyof Facts;

/** Pages of the app that letters lead to. Secrets stand in the fragment, which no server and no log sees. */
export interface Links {
  readonly host: string;
  readonly verify: (token: string) => string;
  readonly recover: (token?: string) => string;
  readonly address: (token: string) => string;
  readonly addressBack: (token: string) => string;
}

/** Below the address at which browsers reach us. */
export function linksOf(publicUrl: string): Links {
  const { origin, host } = new URL(publicUrl);
  const page = (path: string) => (token?: string) => origin + path + (token === undefined ? '' : `#${token}`);
  return {
    host,
    verify: page('/verify'),
    recover: page('/recover'),
    address: page('/address'),
    addressBack: page('/address-back'),
  };
}

type Writers = { readonly [K in LetterKind]: (language: Language, facts: Facts[K], links: Links) => Letter };

const writers: Writers = {
  'sign-up': (language, { code, token }, { verify, host }) => {
    const say = words[language];
    return {
      subject: say.signUp.subject,
      before: [say.signUp.intro(host), say.codeIntro],
      code,
      link: { label: say.signUp.link, url: verify(token) },
      after: [say.signUp.over, say.notYou],
    };
  },
  'sign-up-known': (language, _facts, { recover, host }) => {
    const say = words[language];
    return {
      subject: say.known.subject,
      before: [say.known.intro(host), say.known.what],
      link: { label: say.known.link, url: recover() },
      after: [say.notYou],
    };
  },
  recovery: (language, { token }, { recover, host }) => {
    const say = words[language];
    return {
      subject: say.recovery.subject,
      before: [say.recovery.intro(host)],
      link: { label: say.recovery.link, url: recover(token) },
      after: [say.recovery.over, say.notYou],
    };
  },
  'password-changed': (language, _facts, { recover, host }) => {
    const say = words[language];
    return {
      subject: say.changed.subject,
      before: [say.changed.intro(host), say.changed.what],
      link: { label: say.known.link, url: recover() },
      after: [],
    };
  },
  'address-proof': (language, { code, token }, { address, host }) => {
    const say = words[language];
    return {
      subject: say.address.subject,
      before: [say.address.intro(host), say.codeIntro],
      code,
      link: { label: say.address.link, url: address(token) },
      after: [say.signUp.over, say.notYou],
    };
  },
  'address-known': (language, _facts, { host }) => {
    const say = words[language];
    return { subject: say.held.subject, before: [say.held.intro(host), say.notYou], after: [] };
  },
  'address-changed': (language, { token }, { addressBack, host }) => {
    const say = words[language];
    return {
      subject: say.moved.subject,
      before: [say.moved.intro(host), say.moved.what],
      link: { label: say.moved.link, url: addressBack(token) },
      after: [say.moved.over],
    };
  },
};

/** The letter of a kind in a language, as text and as HTML. */
export function writeLetter<K extends LetterKind>(
  kind: K,
  language: Language,
  facts: Facts[K],
  links: Links,
): SetLetter {
  return setLetter(writers[kind](language, facts, links), language);
}
