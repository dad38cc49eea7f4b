// Small things that are wrong on purpose, for the checks that look at more than a render.
import { environmentProblems } from './environment.mjs';
import { imageProblems, registryProblems } from './images.mjs';
import { keysOf, schemaProblems, undocumented, unused } from './values.mjs';

const pod = (image) => [
  { kind: 'Pod', metadata: { name: 'p', labels: {} }, spec: { containers: [{ name: 'c', image }] } },
];
const keys = keysOf('# What it is.\nknown: 1\nunknown: 2\n');
const schema = { additionalProperties: false, properties: { known: { type: 'integer' } } };
const service = {
  known: ['LOG_LEVEL', 'TOKEN_PEPPER'],
  local: ['LOG_LEVEL', 'TOKEN_PEPPER_FILE'],
  accepts: (_key, value) => (value === 'loud' ? 'no such level' : undefined),
};
const environment = (entries) => environmentProblems('auth', new Map(Object.entries(entries)), service);

/** What is wrong, the problems a check finds, and the words that must be among them. */
export const fixtures = [
  ['a value without a comment', () => undocumented(keys), /says nothing about unknown/],
  ['a value that the schema does not know', () => schemaProblems(keys, schema), /does not know unknown/],
  [
    'a schema that takes any key',
    () => schemaProblems(keys, { ...schema, additionalProperties: true }),
    /takes any key/,
  ],
  [
    'a key of the schema that is no value',
    () => schemaProblems(keys, { ...schema, properties: { ...schema.properties, more: { type: 'string' } } }),
    /knows more/,
  ],
  ['a value that no template reads', () => unused(keys, ['{{ .Values.known }} unknown']), /no template reads unknown/],
  ['an image that is not listed', () => imageProblems(pod('other:1'), ['one:1']), /does not name other:1/],
  ['an image without a version', () => imageProblems(pod('one:latest'), ['one:latest']), /names no version/],
  ['an image of another registry', () => registryProblems(pod('one:1'), 'registry.internal'), /by itself/],
  ['a variable that nobody reads', () => environment({ NO_SUCH: '1' }), /given NO_SUCH, which it does not read/],
  ['a variable that is missing', () => environment({ LOG_LEVEL: 'info' }), /not given TOKEN_PEPPER_FILE/],
  ['a value that the service refuses', () => environment({ LOG_LEVEL: 'loud' }), /refuses LOG_LEVEL=loud/],
];
