import { expect } from '@playwright/test';

/** How many tries an attack has in `npm test`; ATTACK_TRIES asks for more, for a report. */
export const triesOf = (usual: number): number => Number(process.env['ATTACK_TRIES'] ?? usual);

/** One try: true where the attacker got what they wanted. */
export type Attempt = (round: number) => Promise<boolean>;

/** Tries an attack again and again, one after the other, prints tries and successes, and expects none to succeed. */
export async function attack(title: string, usualTries: number, attempt: Attempt): Promise<void> {
  const tries = triesOf(usualTries);
  let successes = 0;
  for (let round = 0; round < tries; round++) if (await attempt(round)) successes += 1;
  process.stdout.write(`attack: ${title}: ${tries} tries, ${successes} successes\n`);
  expect({ tries, successes }).toEqual({ tries, successes: 0 });
}
