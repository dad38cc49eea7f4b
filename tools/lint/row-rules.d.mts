import type { Rule } from 'eslint';

export const rows: Rule.RuleModule;
