//! CRC-32 by carry-less multiplication, sixteen blocks of 128 bits at once.

use super::folding::move_on;
use super::memory::{load512, store512, vectors};
use std::arch::x86_64::*;

/// Bytes in a vector.
const WIDE: usize = 64;
/// Vectors at once: one alone waits for its own products.
const AHEAD: usize = 4;
/// To the next group of vectors, and to the next vector.
const FAR: [u64; 2] = move_on(8 * (AHEAD * WIDE) as u32);
const NEAR: [u64; 2] = move_on(8 * WIDE as u32);

#[inline]
#[target_feature(enable = "avx512f")]
fn factors([first, second]: [u64; 2]) -> __m512i {
    _mm512_broadcast_i32x4(_mm_set_epi64x(second.cast_signed(), first.cast_signed()))
}

/// Moves `sum` on to where `next` lies, and takes that in.
#[inline]
#[target_feature(enable = "avx512f,vpclmulqdq")]
fn fold(sum: __m512i, factors: __m512i, next: __m512i) -> __m512i {
    let first = _mm512_clmulepi64_epi128::<0x00>(sum, factors);
    let second = _mm512_clmulepi64_epi128::<0x11>(sum, factors);
    _mm512_ternarylogic_epi64::<0x96>(first, second, next)
}

/// One vector with the remainder of all.
#[target_feature(enable = "avx512f,vpclmulqdq")]
pub fn residue(front: &[[u8; WIDE]; AHEAD], rest: &[[u8; WIDE]]) -> [u8; WIDE] {
    let mut sums = vectors!(AHEAD, |at| load512(&front[at]));
    // The register before the first byte is all ones.
    sums[0] = _mm512_xor_si512(sums[0], _mm512_zextsi128_si512(_mm_cvtsi32_si128(-1)));
    let far = factors(FAR);
    let (groups, rest) = rest.as_chunks::<AHEAD>();
    for group in groups {
        for (sum, next) in sums.iter_mut().zip(group) {
            *sum = fold(*sum, far, load512(next));
        }
    }
    let near = factors(NEAR);
    let [mut sum, ..] = sums;
    for next in &sums[1..] {
        sum = fold(sum, near, *next);
    }
    for next in rest {
        sum = fold(sum, near, load512(next));
    }
    let mut left = [0; WIDE];
    store512(&mut left, sum);
    left
}
