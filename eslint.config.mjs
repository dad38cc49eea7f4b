import js from '@eslint/js';
import angular from 'angular-eslint';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { supportedApis } from './tools/lint/browser-rules.mjs';
import { features, imports } from './tools/lint/import-rules.mjs';
import { places } from './tools/lint/place-rules.mjs';
import { rows } from './tools/lint/row-rules.mjs';
import { isolatedNames, markedTemplate, markedWords } from './tools/lint/word-rules.mjs';

const typescript = ['**/*.ts', '**/*.mts'];

/** One of an element's first eight attributes has this name. */
const attribute = (name) => Array.from({ length: 8 }, (_, at) => `[attributes.${at}.name=/^(${name})$/]`).join(', ');

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/gen/**',
      '**/.angular/**',
      '.nx/**',
      '.conclave/**',
      '**/vectors/**',
    ],
  },
  js.configs.recommended,
  { files: typescript, extends: [...tseslint.configs.strict] },
  {
    plugins: {
      conclave: {
        rules: {
          features,
          imports,
          'isolated-names': isolatedNames,
          places,
          'marked-template': markedTemplate,
          'marked-words': markedWords,
          rows,
          'supported-apis': supportedApis,
        },
      },
    },
    rules: { 'conclave/imports': 'error', 'conclave/features': 'error' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: globals.node },
  },
  {
    files: typescript,
    // Nest reads constructor types at run time: with these options the type-import rule leaves injected classes alone.
    languageOptions: { parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Nest modules are classes without members; entities are declared by their schema.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowEmpty: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Deliberate: programs that speak to a person at a terminal.
    files: ['tools/**', 'bench/**', 'deploy/local/**', 'libs/servers/**', 'libs/testing/**', 'e2e/**', '.ci/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // Parts of these run inside a page.
    files: ['bench/**', 'e2e/**'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  {
    files: ['**/*.spec.ts', '**/*.spec.mjs', '**/test/**/*.ts'],
    languageOptions: { globals: globals.jest },
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/no-empty-function': 'off' },
  },
  {
    // docs/service-style.md, as far as lint can hold it.
    files: ['services/**/*.ts', 'libs/**/*.spec.ts', 'deploy/**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.name='test']", message: "Specs say it('…fact…')." },
        { selector: "CallExpression[callee.object.name='test']", message: "Specs say it.each(…)('…fact…')." },
      ],
    },
  },
  {
    files: ['services/*/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.name='test']", message: "Specs say it('…fact…')." },
        {
          selector:
            'Program > :matches(VariableDeclaration, ExportNamedDeclaration > VariableDeclaration) > VariableDeclarator[id.name=/^[A-Z][A-Z0-9_]+$/]',
          message: 'Constants are camelCase, with their unit.',
        },
        {
          selector: "Decorator > CallExpression[callee.name='Inject'][arguments.0.name=/^[A-Z]/]",
          message: 'Injection is by type: the class in the parameter says it.',
        },
      ],
    },
  },
  {
    // Limits hold also when many come at once.
    files: ['services/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'conclave/places': 'error' },
  },
  {
    // What a transaction reads is what the database has.
    files: ['services/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'conclave/rows': 'error' },
  },
  {
    files: ['services/*/src/**/*.controller.ts'],
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'parameterProperty',
          format: ['camelCase'],
          suffix: ['UseCase'],
          filter: { regex: '[mM]etrics$', match: false },
        },
      ],
    },
  },
  {
    files: ['web/src/**/*.ts'],
    extends: [...angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    languageOptions: { globals: globals.browser },
    rules: {
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Bind text instead; markup from data runs scripts.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'Identifier[name=/^bypassSecurityTrust/]',
          message: 'Bind text or a safe URL instead of switching the sanitiser off.',
        },
        {
          selector:
            ":matches(CallExpression[callee.object.name='Date'][callee.property.name='now'], NewExpression[callee.name='Date'][arguments.length=0])",
          message: 'The clock of a device may be wrong: ask serverNow(), serverDate() or stopwatch() of core/time.',
        },
        {
          selector: "MemberExpression[property.name='isComposing']",
          message: 'Safari says it by the number 229 alone: ask composes() of core/keys.',
        },
      ],
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'cv', style: 'kebab-case' }],
      '@angular-eslint/directive-selector': ['error', { type: 'attribute', prefix: 'cv', style: 'camelCase' }],
    },
  },
  {
    // Specs run in ours.
    files: ['web/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'conclave/supported-apis': 'error' },
  },
  {
    // Every word that a person reads is marked for translation; specs speak English to us.
    files: ['web/src/app/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'conclave/marked-words': 'error', 'conclave/isolated-names': 'error' },
  },
  {
    files: ['web/**/*.html'],
    extends: [...angular.configs.templateRecommended, ...angular.configs.templateAccessibility],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          // Menus of the toolkit get their role from it.
          selector: `Element[name=/^(div|span|p)$/]:matches(${attribute('aria-label')}):not(${attribute('role|cdkMenu')})`,
          message: 'A name is read out only of what has a role: give it one, or say it in words.',
        },
      ],
    },
  },
  {
    files: ['web/src/app/**/*.html'],
    ignores: ['**/*.spec.ts/**'],
    rules: {
      '@angular-eslint/template/i18n': [
        'error',
        { checkAttributes: false, checkDuplicateId: false, checkId: true, checkText: true, allowMarkupInContent: true },
      ],
      'conclave/marked-template': 'error',
    },
  },
);
