/** Runs `work` while no other command of this checkout does; waits for it as long as it takes. */
export function alone<T>(work: () => Promise<T>, folder?: string): Promise<T>;
