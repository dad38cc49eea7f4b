import { nameRule } from '../field/name-rule';

/** What a person may call themselves, at sign-up and later. */
export const personName = nameRule(80, $localize`:@@auth.nameMissing:Type the name people know you by.`);
