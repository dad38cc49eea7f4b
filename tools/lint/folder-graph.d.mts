export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly file: string;
  readonly target: string;
}
export declare function edgesOf(base: string): Edge[];
export declare function cyclesOf(edges: readonly Edge[]): { readonly folders: string[]; readonly edges: Edge[] }[];
