import type { Rule } from 'eslint';

export const allowed: Readonly<Record<string, readonly string[]>>;
export function complaint(file: string, specifier: string): string | undefined;
export const imports: Rule.RuleModule;
export declare function circle(file: string, target: string): string | undefined;
