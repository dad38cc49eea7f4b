import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { accessLevels } from '../room/access-level.js';
import { decideEntry, type EntryFacts, type Relation } from './admission-decision.js';

const relations: readonly Relation[] = ['owner', 'moderator', 'invited-member', 'member', 'removed', 'stranger'];
const proofs = ['proven', 'wrong', 'missing'] as const;
const either = [true, false] as const;

type NewcomerFacts = Pick<EntryFacts, 'newcomersWait' | 'welcome' | 'youngAccount' | 'request'>;

const everyNewcomer: readonly NewcomerFacts[] = either.flatMap((newcomersWait) =>
  (['inside', 'invited', 'none'] as const).flatMap((welcome) =>
    either.flatMap((youngAccount) =>
      (['none', 'waiting', 'admitted', 'denied'] as const).map((request) => ({
        newcomersWait,
        welcome,
        youngAccount,
        request,
      })),
    ),
  ),
);

/** Every combination of facts there is. */
function* everySituation(): Generator<EntryFacts> {
  for (const session of ['live', 'ended'] as const)
    for (const accessLevel of accessLevels)
      for (const relation of relations)
        for (const invitation of either)
          for (const hasCode of either)
            for (const code of proofs)
              for (const asksPersonalToken of either)
                for (const personalToken of proofs)
                  for (const full of either)
                    for (const newcomer of everyNewcomer)
                      yield {
                        session,
                        accessLevel,
                        relation,
                        invitation,
                        hasCode,
                        code,
                        asksPersonalToken,
                        personalToken,
                        full,
                        ...newcomer,
                      };
}

/** The rows of docs/admission.md, each with what it lets through to the next; the first that does not fit refuses. */
const table: readonly [string, (facts: EntryFacts) => boolean][] = [
  ['UNAUTHENTICATED', (f) => f.session === 'live'],
  ['REMOVED_FROM_ROOM', (f) => f.relation !== 'removed' || f.invitation],
  [
    'NOT_INVITED',
    (f) =>
      ['code', 'organisation'].includes(f.accessLevel) ||
      f.invitation ||
      ['owner', 'moderator', 'invited-member'].includes(f.relation),
  ],
  ['NOT_INVITED', (f) => hostOrNoCodeAsked(f) || f.hasCode],
  ['ACCESS_CODE_REQUIRED', (f) => hostOrNoCodeAsked(f) || f.code !== 'missing'],
  ['ACCESS_CODE_WRONG', (f) => hostOrNoCodeAsked(f) || f.code === 'proven'],
  ['PERSONAL_TOKEN_REQUIRED', (f) => !f.asksPersonalToken || f.personalToken !== 'missing'],
  ['PERSONAL_TOKEN_WRONG', (f) => !f.asksPersonalToken || f.personalToken === 'proven'],
  ['ROOM_FULL', (f) => !f.full || ['owner', 'moderator'].includes(f.relation)],
  ['ENTRY_DENIED', (f) => needsNoHost(f) || f.request !== 'denied'],
  ['waiting', (f) => needsNoHost(f)],
];

const needsNoHost = (f: EntryFacts): boolean =>
  !f.newcomersWait ||
  ['owner', 'moderator'].includes(f.relation) ||
  f.request === 'admitted' ||
  f.welcome === 'inside' ||
  (f.welcome === 'invited' && !f.youngAccount);

const hostOrNoCodeAsked = (f: EntryFacts): boolean =>
  ['owner', 'moderator'].includes(f.relation) || ['invited', 'organisation'].includes(f.accessLevel);

const open: EntryFacts = {
  session: 'live',
  accessLevel: 'organisation',
  relation: 'stranger',
  invitation: false,
  hasCode: true,
  code: 'missing',
  asksPersonalToken: false,
  personalToken: 'missing',
  full: false,
  newcomersWait: false,
  welcome: 'none',
  youngAccount: false,
  request: 'none',
};

/** The decision in one word: the role of whoever is admitted, the reason of whoever is refused, or that they wait. */
function wordOf(facts: EntryFacts): string {
  const decision = decideEntry(facts);
  if (decision.outcome === 'refused') return decision.reason;
  return decision.outcome === 'admitted' ? decision.role : 'waiting';
}

describe('the admission decision', () => {
  it('follows its table in every one of the 331,776 situations', () => {
    let situations = 0;
    for (const facts of everySituation()) {
      situations++;
      const expected = table.find(([, lets]) => !lets(facts))?.[0] ?? 'admitted';
      const { outcome } = decideEntry(facts);
      const actual = outcome === 'admitted' ? outcome : wordOf(facts);
      if (actual !== expected) throw new Error(`${JSON.stringify(facts)}: ${actual}, expected ${expected}`);
    }
    expect(situations).toBe(331_776);
  });

  it.each<[string, Partial<EntryFacts>, string]>([
    ['an ended session never passes, not even the owner', { relation: 'owner', session: 'ended' }, 'UNAUTHENTICATED'],
    ['a removed person stays out of an open room', { relation: 'removed' }, 'REMOVED_FROM_ROOM'],
    [
      'a removed person stays out with the right code',
      { relation: 'removed', accessLevel: 'code', code: 'proven' },
      'REMOVED_FROM_ROOM',
    ],
    [
      'a removed person comes back with a new invitation',
      { relation: 'removed', accessLevel: 'invited', invitation: true },
      'participant',
    ],
    ['a colleague who came in once is not invited', { relation: 'member', accessLevel: 'invited' }, 'NOT_INVITED'],
    ['a code does not replace an invitation', { accessLevel: 'invited', code: 'proven' }, 'NOT_INVITED'],
    [
      'an invitation does not replace a code',
      { accessLevel: 'invited_and_code', invitation: true },
      'ACCESS_CODE_REQUIRED',
    ],
    [
      'a room that lost its code admits nobody by code',
      { accessLevel: 'code', hasCode: false, code: 'proven' },
      'NOT_INVITED',
    ],
    [
      'the owner proves the personal token too',
      { relation: 'owner', asksPersonalToken: true },
      'PERSONAL_TOKEN_REQUIRED',
    ],
    ['a full room keeps a place for its hosts', { relation: 'moderator', full: true }, 'moderator'],
    ['a stranger to an open room waits where newcomers do', { newcomersWait: true }, 'waiting'],
    [
      'so does who knows the code',
      { newcomersWait: true, accessLevel: 'code', code: 'proven', relation: 'stranger' },
      'waiting',
    ],
    [
      'whoever was inside before does not',
      { newcomersWait: true, relation: 'member', welcome: 'inside' },
      'participant',
    ],
    [
      'nor does who was invited',
      { newcomersWait: true, relation: 'invited-member', welcome: 'invited' },
      'participant',
    ],
    [
      'but an account younger than the removal waits, however it is invited',
      { newcomersWait: true, invitation: true, welcome: 'invited', youngAccount: true },
      'waiting',
    ],
    ['nor does a host, ever', { newcomersWait: true, relation: 'moderator', youngAccount: true }, 'moderator'],
    ['whom a host lets in comes in', { newcomersWait: true, youngAccount: true, request: 'admitted' }, 'participant'],
    ['whom a host does not let in stays out', { newcomersWait: true, request: 'denied' }, 'ENTRY_DENIED'],
    [
      "a host's word does not replace the code",
      { newcomersWait: true, request: 'admitted', accessLevel: 'code' },
      'ACCESS_CODE_REQUIRED',
    ],
    [
      'nor an invitation, nor the word that somebody is out',
      { newcomersWait: true, request: 'admitted', relation: 'removed' },
      'REMOVED_FROM_ROOM',
    ],
  ])('%s', (_fact, changes, expected) => {
    expect(wordOf({ ...open, ...changes })).toBe(expected);
  });

  it('lets nobody in by making newcomers wait, and nobody wait who may not come in', () => {
    for (const facts of everySituation()) {
      if (!facts.newcomersWait) continue;
      const held = decideEntry(facts).outcome;
      const free = decideEntry({ ...facts, newcomersWait: false }).outcome;
      if (held !== free && !(free === 'admitted' && held !== 'admitted'))
        throw new Error(`${JSON.stringify(facts)}: ${free} became ${held}`);
    }
  });
});

describe('routes to a media token', () => {
  const source = join(import.meta.dirname, '..');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => ({ path, text: readFileSync(join(source, path), 'utf8') }));
  const using = (pattern: RegExp): string[] =>
    files
      .filter(({ text }) => pattern.test(text))
      .map(({ path }) => path)
      .sort();

  it('there is one, and it takes the decision', () => {
    expect(using(/\btokens\.mint\(/)).toEqual(['entry/authorize-media.ts']);
    // What it is minted from is an admission that holds, and none is made without the decision.
    expect(using(/\bas LiveAdmission\b/)).toEqual([]);
    expect(using(/\bAdmission\.grant\(/)).toEqual(['entry/admit-person.ts', 'entry/admit-service.ts']);
    expect(using(/\bdecideEntry\(/)).toEqual([
      'admission/admission-decision.ts',
      'entry/get-door.ts',
      'entry/request-entry.ts',
    ]);
  });

  // Preflight signs one for a room that does not exist, to see LiveKit refuse it; the room service signs its own requests to LiveKit's
  // API. Nobody is ever given either.
  it('nothing else signs anything', () => {
    expect(using(/\bnew (SignJWT|AccessToken)\(/)).toEqual([
      'adapters/livekit/livekit-media-tokens.ts',
      'adapters/livekit/livekit-room-service.ts',
      'operator/livekit-preflight.ts',
    ]);
  });

  it('only the decision says that somebody is admitted', () => {
    expect(using(/\bas Admitted\b/)).toEqual(['admission/admission-decision.ts']);
  });
});
