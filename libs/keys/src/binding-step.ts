import { Binding } from './key-place.js';
import type { KeysSql, RootKeyTable } from './key-rows.js';

/**
 * The step to bound keys (docs/adr/0019). The migration brings the column; a release that does not know it cannot open what
 * is bound. So new keys are bound only from the moment on when the schema's floor demands that migration: at once where nothing
 * was ever wrapped, else when the operator rewraps.
 */
export const bindingStep = {
  knows: 'Migration20261126234500',
  reason: 'Its keys are bound to their rows, which older releases cannot open.',
} as const;

/** How a key is to be wrapped that is made now. */
export async function bindingOfNewKeys(execute: KeysSql): Promise<Binding> {
  const rows = (await execute('select 1 from schema_floor where knows = ?', [bindingStep.knows])) as unknown[];
  return rows.length > 0 ? Binding.place : Binding.none;
}

/** Column `binding`, for a migration of schema `keys`: what is there was wrapped the way that 0 means. */
export const addBindingSql = (table: string): string =>
  `alter table ${table} add column binding smallint not null default 0 check (binding in (0, 1))`;

/** Whether no service has ever wrapped anything here: each notes its KEKs at its start. For a migration of schema `keys`. */
export const neverUsedSql = ({ table }: RootKeyTable): string =>
  `not exists (select 1 from kek_check) and not exists (select 1 from ${table})`;

/** From now on new keys are bound, and releases that cannot open them stop. Bears repetition. */
export async function bindNewKeys(execute: KeysSql): Promise<void> {
  const { knows, reason } = bindingStep;
  await execute(
    'insert into schema_floor (knows, reason) values (?, ?) on conflict (knows) do nothing returning knows',
    [knows, reason],
  );
}
