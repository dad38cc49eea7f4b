import type { Rule } from 'eslint';

export const places: Rule.RuleModule;
