export declare function keptBack(file: string, target: string, names: readonly string[]): string[];
export declare function providersIn(text: string): string[];
