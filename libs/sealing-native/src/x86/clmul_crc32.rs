//! CRC-32 by carry-less multiplication, eight blocks of 128 bits at once.

use super::folding::move_on;
use super::memory::{load128, store128};
use std::arch::x86_64::*;

/// Bytes in a vector.
const WIDE: usize = 16;
/// Vectors at once: one alone waits for its own products.
const AHEAD: usize = 8;
/// To the next group of vectors, and to the next vector.
const FAR: [u64; 2] = move_on(8 * (AHEAD * WIDE) as u32);
const NEAR: [u64; 2] = move_on(8 * WIDE as u32);

#[inline]
#[target_feature(enable = "sse2")]
fn factors([first, second]: [u64; 2]) -> __m128i {
    _mm_set_epi64x(second.cast_signed(), first.cast_signed())
}

/// Moves `sum` on to where `next` lies, and takes that in.
#[inline]
#[target_feature(enable = "sse2,pclmulqdq")]
fn fold(sum: __m128i, factors: __m128i, next: __m128i) -> __m128i {
    let first = _mm_clmulepi64_si128::<0x00>(sum, factors);
    let second = _mm_clmulepi64_si128::<0x11>(sum, factors);
    _mm_xor_si128(_mm_xor_si128(first, second), next)
}

/// One vector with the remainder of all.
#[target_feature(enable = "sse2,pclmulqdq")]
pub fn residue(front: &[[u8; WIDE]; AHEAD], rest: &[[u8; WIDE]]) -> [u8; WIDE] {
    let mut sums = [_mm_setzero_si128(); AHEAD];
    for (sum, bytes) in sums.iter_mut().zip(front) {
        *sum = load128(bytes);
    }
    // The register before the first byte is all ones.
    sums[0] = _mm_xor_si128(sums[0], _mm_cvtsi32_si128(-1));
    let far = factors(FAR);
    let (groups, rest) = rest.as_chunks::<AHEAD>();
    for group in groups {
        for (sum, next) in sums.iter_mut().zip(group) {
            *sum = fold(*sum, far, load128(next));
        }
    }
    let near = factors(NEAR);
    let [mut sum, ..] = sums;
    for next in &sums[1..] {
        sum = fold(sum, near, *next);
    }
    for next in rest {
        sum = fold(sum, near, load128(next));
    }
    let mut left = [0; WIDE];
    store128(&mut left, sum);
    left
}
