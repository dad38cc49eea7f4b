//! The ways through the kernel, one for each kind of processor. Which are there is asked once, when the module is loaded.

use crate::aes::RoundKeys;
use crate::layout::{BLOCK, Segment, TAG};
use crate::mac::MacKey;

/// Keys for decryption: a path makes them of those for encryption.
pub struct InverseKeys(pub RoundKeys);

type Tags<State> = fn(&MacKey<State>, first: u64, &[Segment], &mut [[u8; TAG]]);

/// One way to do what a run needs. Whoever holds one has been told that the processor can follow it.
pub struct Path {
    /// As logs and figures name it.
    pub name: &'static str,
    pub(crate) expand: fn(&[u8; 32]) -> RoundKeys,
    pub(crate) invert: fn(&RoundKeys) -> InverseKeys,
    /// Encrypts IV | plaintext | padding of every segment in place; 1 to 16 of them.
    pub(crate) encrypt: fn(&RoundKeys, &mut [Segment]),
    pub(crate) decrypt_block: fn(&InverseKeys, &[u8; BLOCK]) -> [u8; BLOCK],
    /// Decrypts the segment whose IV lies at `from`, without its padding, to `to`, which is not behind `from`.
    pub(crate) decrypt: fn(&InverseKeys, run: &mut [u8], from: usize, to: usize),
    /// Tags of the segments `first`, `first + 1` … into as many places.
    pub(crate) tags256: Tags<[u32; 8]>,
    pub(crate) tags512: Tags<[u64; 8]>,
    /// Of any bytes.
    pub(crate) crc32: fn(&[u8]) -> u32,
}

/// The paths that this processor can follow, fastest first.
pub fn paths() -> Vec<&'static Path> {
    #[cfg(target_arch = "x86_64")]
    return crate::x86::paths();
    #[cfg(target_arch = "aarch64")]
    return crate::arm::paths();
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    return Vec::new();
}
