import type { Rule } from 'eslint';

export function readsLikeWords(text: string): boolean;
export const isolatedNames: Rule.RuleModule;
export const markedWords: Rule.RuleModule;
export const markedTemplate: Rule.RuleModule;
