import { AddressProof as WireProof } from './common.js';

/** What can prove that an address is a person's own. */
export const addressProofs = ['invitation', 'mail', 'provider'] as const;
/** One of them. */
export type AddressProof = (typeof addressProofs)[number];

const wire: Readonly<Record<AddressProof, WireProof>> = {
  invitation: WireProof.INVITATION,
  mail: WireProof.MAIL,
  provider: WireProof.PROVIDER,
};

/** A proof as it travels. */
export const addressProofToWire = (proof: AddressProof): WireProof => wire[proof];

/** A word that claims to be a proof; null for one that is none, or that only a newer release knows. */
export const readAddressProof = (word: string | null | undefined): AddressProof | null =>
  addressProofs.find((proof) => proof === word) ?? null;
