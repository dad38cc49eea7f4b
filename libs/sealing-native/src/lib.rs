//! Seals and opens runs of **full** segments of the sealed container in place, many segments at once.
//!
//! What a segment is, is said in `libs/sealing` (`layout.ts`, `labels.ts`, `aead.ts`), whose portable engine makes the same
//! bytes. Everything that is not a full segment stays there.

pub mod layout;
pub mod path;
pub mod run;

mod aes;
mod compare;
mod crc32;
mod mac;
mod sha256;
mod sha512;
mod wipe;

#[cfg(any(test, feature = "reference"))]
pub mod reference;

#[cfg(target_arch = "aarch64")]
mod arm;
#[cfg(target_arch = "x86_64")]
mod x86;

// A test or a harness has no Node whose functions it could call.
#[cfg(all(feature = "node", not(test)))]
mod node;
