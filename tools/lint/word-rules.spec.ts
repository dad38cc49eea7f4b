import angular from 'angular-eslint';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { isolatedNames, markedTemplate, markedWords } from './word-rules.mjs';

const linter = new Linter();

const inCode = (code: string): string[] =>
  linter
    .verify(
      code,
      [
        {
          files: ['**/*.ts'],
          languageOptions: { parser: tseslint.parser as Linter.Parser },
          plugins: { conclave: { rules: { 'marked-words': markedWords, 'isolated-names': isolatedNames } } },
          rules: { 'conclave/marked-words': 'error', 'conclave/isolated-names': 'error' },
        },
      ],
      'a.ts',
    )
    .map(({ message }) => message);

const inTemplate = (html: string): string[] =>
  linter
    .verify(
      html,
      [
        {
          files: ['**/*.html'],
          languageOptions: { parser: angular.templateParser as Linter.Parser },
          plugins: { conclave: { rules: { 'marked-template': markedTemplate } } },
          rules: { 'conclave/marked-template': 'error' },
        },
      ],
      'a.html',
    )
    .map(({ message }) => message);

describe('words in code', () => {
  it.each([
    "toasts.say('The name is saved.');",
    "toasts.say(done ? 'Saved' : 'Kept');",
    "const question = { title: 'Delete', open: true };",
    'const line = `Used ${ago}, hosted by ${host}`;',
    "class A { readonly label = input('Copy'); }",
  ])('%s is refused', (code) => expect(inCode(code).join()).toContain('is read by people'));

  it.each([
    'toasts.say($localize`:@@a.b:The name is saved.`);',
    "import { x } from 'some where';",
    "throw new TypeError('the stream is not readable twice');",
    "@Component({ template: '<p>Some words</p>' }) class A {}",
    "element.closest('button, a, [role=log]');",
    "element.rel = 'noopener noreferrer';",
    "headers.set('Content-Type', 'application/json');",
    "type Side = 'on the left' | 'none';",
    "if (name === 'Not Allowed') stop();",
    "const KIND = 'Participant';",
  ])('%s passes', (code) => expect(inCode(code)).toEqual([]));

  it('is switched off only with a reason', () => {
    const line = "const sample = 'two words';";
    expect(inCode(`// eslint-disable-next-line conclave/marked-words\n${line}`)).toEqual(['Say why, after "--".']);
    expect(inCode(`// eslint-disable-next-line conclave/marked-words -- sent to the server\n${line}`)).toEqual([]);
  });
});

describe('somebody else’s words in code', () => {
  it('keep their own direction within ours', () => {
    expect(inCode('say($localize`:@@a.b:${name}:NAME: is muted.`);').join()).toContain('isolated(');
    expect(inCode('say($localize`:@@a.b:${isolated(name)}:NAME: is muted.`);')).toEqual([]);
    expect(inCode('say($localize`:@@a.b:${count}:COUNT: files.`);')).toEqual([]);
  });
});

describe('words in templates', () => {
  it.each([
    '<button aria-label="Close"></button>',
    '<input placeholder="Room link or name" />',
    '<img alt="Mark" />',
    '<cv-field label="Name"></cv-field>',
    '<cv-field label="Type {{ word }} to confirm"></cv-field>',
    '<button ariaLabel="Enter {{ name() }}"></button>',
    "<p>{{ busy() ? 'Saving…' : 'Save name' }}</p>",
    '<button [attr.aria-label]="\'Enter \' + name()"></button>',
  ])('%s is refused', (html) => expect(inTemplate(html).join()).toContain('is read by people'));

  it.each([
    '<button aria-label="Close" i18n-aria-label="@@a.close"></button>',
    '<button ariaLabel="Enter {{ name() }}" i18n-ariaLabel="@@a.enter"></button>',
    '<cv-field label="Name" i18n-label="@@a.name"></cv-field>',
    '<cv-icon class="small along" name="arrow-left" />',
    '<input name="Room" autocomplete="off" />',
    '<i [class]="\'level-\' + level()"></i>',
  ])('%s passes', (html) => expect(inTemplate(html)).toEqual([]));

  it('an aria attribute with a value inside is named by its property', () => {
    expect(inTemplate('<button aria-label="Enter {{ name() }}" i18n-aria-label="@@a.enter"></button>')).toEqual([
      'aria-label with a value inside is set as a property: write ariaLabel, or Angular loses it.',
    ]);
  });
});
