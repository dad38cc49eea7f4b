import type { Rule } from 'eslint';

export const allowed: Readonly<Record<string, readonly string[]>>;
export function complaint(file: string, specifier: string): string | undefined;
export const imports: Rule.RuleModule;
