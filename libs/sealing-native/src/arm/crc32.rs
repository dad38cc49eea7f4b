//! CRC-32 by the instructions for it.

use crate::crc32::update;
use std::arch::aarch64::*;

/// The CRC-32 of any bytes.
#[target_feature(enable = "crc")]
pub fn crc32(bytes: &[u8]) -> u32 {
    let (words, tail) = bytes.as_chunks();
    let mut register = !0;
    for word in words {
        register = __crc32d(register, u64::from_le_bytes(*word));
    }
    !update(register, tail)
}
