import { languages, readLanguage } from './language.js';
import { setLetter } from './letter.js';
import { linksOf, writeLetter, type Facts } from './write-letter.js';

const facts: Facts = {
  'sign-up': { code: '012345', token: 'cnv_sup_token' },
  'sign-up-known': {},
  recovery: { token: 'cnv_rec_token' },
  'password-changed': {},
  'address-proof': { code: '012345', token: 'cnv_adr_token' },
  'address-known': {},
  'address-changed': { token: 'cnv_adb_token' },
};
const kinds = Object.keys(facts) as (keyof Facts)[];
const links = linksOf('https://meet.example:8443/');

describe('letters', () => {
  it.each(languages)('say the same as text and as HTML, in %s', (language) => {
    for (const kind of kinds) {
      const { subject, text, html } = writeLetter(kind, language, facts[kind], links);
      expect(subject.length).toBeGreaterThan(10);
      const said = text
        .split('\n\n')
        .flatMap((part) => part.trim().split(':\n'))
        .map((part) => part.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`));
      for (const part of said) expect(html).toContain(part);
      expect(html).toContain(`lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"`);
    }
  });

  it('lead to this installation and nowhere else, with secrets in the fragment', () => {
    const { text } = writeLetter('recovery', 'en', facts.recovery, links);
    expect(text).toContain('https://meet.example:8443/recover#cnv_rec_token\n');
  });

  it('take nothing in them for HTML', () => {
    const { html } = setLetter({ subject: '<b>&"', before: ['<script>'], code: '<i>', after: ["'"] }, 'en');
    expect(html).not.toMatch(/<script|<b>|<i>/);
  });

  it.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['fr-FR, ar;q=0.5', 'ar'],
    ['EN-gb', 'en'],
    ['*', 'en'],
    ['', 'en'],
  ])('are written in a language that a browser asks for: %s', (asked, language) =>
    expect(readLanguage(asked)).toBe(language),
  );
});
