//! Between memory and vectors: the only places of this path that read or write memory without the compiler's checks. Each takes
//! an array of exactly the bytes it touches. Vectors of words come from vectors of bytes, so that no order of bytes is assumed.

use std::arch::aarch64::*;

#[inline]
#[target_feature(enable = "neon")]
pub fn load(bytes: &[u8; 16]) -> uint8x16_t {
    // SAFETY: the reference is to 16 readable bytes.
    unsafe { vld1q_u8(bytes.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
pub fn store(bytes: &mut [u8; 16], value: uint8x16_t) {
    // SAFETY: the reference is to 16 writable bytes.
    unsafe { vst1q_u8(bytes.as_mut_ptr(), value) }
}

#[inline]
#[target_feature(enable = "neon")]
pub fn words32(words: &[u32; 4]) -> uint32x4_t {
    // SAFETY: the reference is to four readable words.
    unsafe { vld1q_u32(words.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
pub fn words64(words: &[u64; 2]) -> uint64x2_t {
    // SAFETY: the reference is to two readable words.
    unsafe { vld1q_u64(words.as_ptr()) }
}
