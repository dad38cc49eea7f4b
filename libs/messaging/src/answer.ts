import type { DescMethod, MessageInitShape } from '@conclave/contracts';

/** The fields that a method of the contract is answered with: what a use case returns, `Promise<Answer<typeof method.x>>`. */
export type Answer<M extends DescMethod> = MessageInitShape<M['output']>;
