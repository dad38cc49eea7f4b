/** The processes of the product. */
export const productServices = ['auth', 'rooms', 'files', 'gateway'] as const;

/** Name of one of them. */
export type ProductService = (typeof productServices)[number];
