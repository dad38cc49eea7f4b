import { readFile } from 'node:fs/promises';
import { OperatorError } from '@conclave/platform';
import { busUsers, secretKinds, type SecretKindName } from '@conclave/servers';
import { z } from 'zod';

/** One key of one Secret. */
const place = z.strictObject({ secret: z.string().min(1), key: z.string().min(1) });

/** Where a value lies. */
export type Place = z.output<typeof place>;

const keyName = z.string().regex(/^[-._a-zA-Z0-9]{1,253}$/, 'must be a key of a Secret');

const made = z.strictObject({
  name: keyName,
  kind: z.enum(Object.keys(secretKinds) as [SecretKindName, ...SecretKindName[]]),
  /** What an `access-key` begins with. */
  prefix: z
    .string()
    .regex(/^[a-z0-9]{1,20}$/)
    .optional(),
});

const derived = z.discriminatedUnion('kind', [
  z.strictObject({ name: keyName, kind: z.literal('copy'), from: place }),
  /** The public key of an nkey seed. */
  z.strictObject({ name: keyName, kind: z.literal('nkey-public'), from: place }),
  /** The `authorization` block of nats.conf, from each service's seed and the contracts. */
  z.strictObject({ name: keyName, kind: z.literal('nats-authorization'), seeds: z.record(z.enum(busUsers), place) }),
  /** LiveKit's keys.yaml. */
  z.strictObject({
    name: keyName,
    kind: z.literal('livekit-keys'),
    pairs: z.array(z.strictObject({ key: place, secret: place })).min(1),
  }),
]);

const secret = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/, 'must be the name of a Secret'),
  keys: z.array(z.union([made, derived])).min(1),
});

const plan = z.strictObject({
  /** Put on every Secret that is made here; one that is there keeps its own. */
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  secrets: z.array(secret).min(1),
});

/** What an installation's Secrets must hold. */
export type Plan = z.output<typeof plan>;
/** A key with a value of its own. */
export type MadeKey = z.output<typeof made>;
/** A key whose value follows from others. */
export type DerivedKey = z.output<typeof derived>;
/** One Secret of the plan. */
export type PlannedSecret = Plan['secrets'][number];

/** Whether a key has a value of its own. */
export const isMade = (key: MadeKey | DerivedKey): key is MadeKey => key.kind in secretKinds;

/** Reads a plan. @throws OperatorError that names what is wrong in it */
export async function readPlan(file: string): Promise<Plan> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OperatorError(`The plan of Secrets cannot be read from ${file}.`, { cause });
  });
  return parsePlan(text);
}

/** As `readPlan`, from its text. */
export function parsePlan(text: string): Plan {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new OperatorError('The plan of Secrets is not JSON.');
  }
  const parsed = plan.safeParse(json);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'plan'}: ${issue.message}`);
    throw new OperatorError(`The plan of Secrets is not usable:\n${lines.join('\n')}`);
  }
  requireSources(parsed.data);
  return parsed.data;
}

/** The places that a derived key is made from. */
export function sourcesOf(key: DerivedKey): Place[] {
  switch (key.kind) {
    case 'copy':
    case 'nkey-public':
      return [key.from];
    case 'nats-authorization':
      return Object.values(key.seeds);
    case 'livekit-keys':
      return key.pairs.flatMap((pair) => [pair.key, pair.secret]);
  }
}

/** A source that the plan neither makes nor finds would leave half an installation behind. */
function requireSources({ secrets }: Plan): void {
  const known = new Set<string>();
  for (const { name, keys } of secrets) {
    for (const key of keys) {
      const id = `${name}/${key.name}`;
      if (known.has(id)) throw new OperatorError(`The plan names ${id} twice.`);
      known.add(id);
    }
  }
  const names = new Set(secrets.map(({ name }) => name));
  for (const { name, keys } of secrets) {
    for (const key of keys) {
      if (isMade(key)) continue;
      const missing = sourcesOf(key).find((from) => names.has(from.secret) && !known.has(`${from.secret}/${from.key}`));
      if (missing) {
        throw new OperatorError(
          `The plan derives ${name}/${key.name} from ${missing.secret}/${missing.key}, which it does not hold.`,
        );
      }
    }
  }
}
