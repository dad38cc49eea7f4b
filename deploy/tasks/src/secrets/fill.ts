import { OperatorError } from '@conclave/platform';
import { isWellKnown, secretKinds } from '@conclave/servers';
import { derive } from './derive.js';
import type { SecretStore, StoredSecret } from './kubernetes.js';
import { isMade, sourcesOf, type Plan, type PlannedSecret } from './plan.js';

/** What became of one Secret: names of keys, never a value. */
export interface Filled {
  readonly secret: string;
  readonly made: readonly string[];
  readonly kept: readonly string[];
  /** Derived keys that were brought in step with what they follow from. */
  readonly renewed: readonly string[];
}

const tries = 8;

/**
 * Fills what is missing of the Secrets of a plan. A key with a value of its own is never overwritten; a derived one
 * holds nothing secret of its own and follows its sources, also into a new release. Everything that is there is looked
 * at before the first write.
 *
 * @throws OperatorError with every fault of what is there
 */
export async function fillSecrets(store: SecretStore, plan: Plan): Promise<Filled[]> {
  const before = new Map<string, StoredSecret | null>();
  for (const { name } of plan.secrets) before.set(name, await store.get(name));
  const faults = plan.secrets.flatMap((secret) => faultsOf(secret, before.get(secret.name) ?? null));
  if (faults.length > 0) throw new OperatorError(`Nothing was written, because:\n  ${faults.join('\n  ')}`);

  const filled = new Map<string, Filled>();
  for (const secret of plan.secrets) filled.set(secret.name, await makeMissing(store, plan, secret));
  for (const secret of plan.secrets) {
    const derived = await deriveKeys(store, plan, secret);
    const own = filled.get(secret.name);
    if (own) {
      filled.set(secret.name, {
        secret: secret.name,
        made: [...own.made, ...derived.made],
        kept: [...own.kept, ...derived.kept],
        renewed: derived.renewed,
      });
    }
  }
  return [...filled.values()];
}

function faultsOf({ name, keys }: PlannedSecret, stored: StoredSecret | null): string[] {
  return keys.flatMap((key) => {
    const value = stored?.data[key.name];
    if (value === undefined || value === '' || !isMade(key)) return [];
    const place = `${name}/${key.name}`;
    if (isWellKnown(value))
      return [`${place} holds a value that everybody knows; remove that key or give it a new one`];
    const fault = secretKinds[key.kind].fault(value.trim());
    return fault ? [`${place} ${fault}`] : [];
  });
}

const isMissing = (value: string | undefined): boolean => value === undefined || value === '';

async function makeMissing(store: SecretStore, plan: Plan, secret: PlannedSecret): Promise<Filled> {
  const own = secret.keys.filter(isMade);
  return insist(secret.name, async () => {
    const stored = await store.get(secret.name);
    const missing = own.filter((key) => isMissing(stored?.data[key.name]));
    const data = Object.fromEntries(missing.map((key) => [key.name, secretKinds[key.kind].make(key.prefix)]));
    const outcome = await write(store, plan, secret.name, stored, data);
    if (outcome === 'changed') return undefined;
    const made = missing.map((key) => key.name);
    const kept = own.map((key) => key.name).filter((name) => !made.includes(name));
    return { secret: secret.name, made, kept, renewed: [] };
  });
}

async function deriveKeys(store: SecretStore, plan: Plan, secret: PlannedSecret): Promise<Filled> {
  const derived = secret.keys.filter((key) => !isMade(key));
  return insist(secret.name, async () => {
    const values = new Map<string, Readonly<Record<string, string>>>();
    for (const { secret: name } of derived.flatMap(sourcesOf))
      if (!values.has(name)) values.set(name, (await store.get(name))?.data ?? {});
    const stored = await store.get(secret.name);
    const data: Record<string, string> = {};
    const outcome: Record<'made' | 'kept' | 'renewed', string[]> = { made: [], kept: [], renewed: [] };
    for (const key of derived) {
      const value = derive(key, (from) => {
        const found = values.get(from.secret)?.[from.key];
        if (isMissing(found) || found === undefined) {
          throw new OperatorError(
            `${secret.name}/${key.name} follows from ${from.secret}/${from.key}, which is not there.`,
          );
        }
        return found.trim();
      });
      const there = stored?.data[key.name];
      if (there === value) outcome.kept.push(key.name);
      else {
        data[key.name] = value;
        outcome[isMissing(there) ? 'made' : 'renewed'].push(key.name);
      }
    }
    if ((await write(store, plan, secret.name, stored, data)) === 'changed') return undefined;
    return { secret: secret.name, ...outcome };
  });
}

async function write(
  store: SecretStore,
  { labels, annotations }: Plan,
  name: string,
  stored: StoredSecret | null,
  data: Readonly<Record<string, string>>,
): Promise<'done' | 'changed'> {
  if (Object.keys(data).length === 0) return 'done';
  if (!stored) return store.create(name, { labels, annotations, data });
  if (stored.immutable) {
    throw new OperatorError(
      `Secret ${name} is immutable and lacks ${Object.keys(data).join(', ')}; make a new one and name it in existingSecret.`,
    );
  }
  return store.patch(name, stored.resourceVersion, data);
}

/** Somebody else writes the same Secret now and then; nobody does so for ever. */
async function insist<T>(name: string, step: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const done = await step();
    if (done !== undefined) return done;
    await new Promise((resolve) => setTimeout(resolve, 50 * attempt * Math.random()));
  }
  throw new OperatorError(`Secret ${name} is being written by somebody else all the time; try again.`);
}
