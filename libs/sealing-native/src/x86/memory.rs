//! Between memory and vectors: the only places of this path that read or write memory without the compiler's checks. Each takes
//! an array of exactly the bytes it touches.

use std::arch::x86_64::*;

#[inline]
#[target_feature(enable = "sse2")]
pub fn load128(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: the reference is to 16 readable bytes, and the load asks for no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "sse2")]
pub fn store128(bytes: &mut [u8; 16], value: __m128i) {
    // SAFETY: the reference is to 16 writable bytes, and the store asks for no alignment.
    unsafe { _mm_storeu_si128(bytes.as_mut_ptr().cast(), value) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn load256(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: the reference is to 32 readable bytes, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn store256(bytes: &mut [u8; 32], value: __m256i) {
    // SAFETY: the reference is to 32 writable bytes, and the store asks for no alignment.
    unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), value) }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub fn load512(bytes: &[u8; 64]) -> __m512i {
    // SAFETY: the reference is to 64 readable bytes, and the load asks for no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
pub fn store512(bytes: &mut [u8; 64], value: __m512i) {
    // SAFETY: the reference is to 64 writable bytes, and the store asks for no alignment.
    unsafe { _mm512_storeu_si512(bytes.as_mut_ptr().cast(), value) }
}

/// An array of vectors, one for each lane. A loop and no closure: a closure handed to a function that knows nothing of AVX-512
/// is not always inlined.
macro_rules! vectors {
    ($count:expr, |$lane:ident| $vector:expr) => {{
        let mut all = [std::arch::x86_64::_mm512_setzero_si512(); $count];
        for $lane in 0..$count {
            all[$lane] = $vector;
        }
        all
    }};
}
pub(super) use vectors;

/// Sixteen rounds of a hash, one after another without a loop.
macro_rules! rounds {
    ($round:ident, $($argument:expr),*) => {
        rounds!(@ $round ($($argument),*) 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    (@ $round:ident $arguments:tt $($number:literal)*) => {
        $( rounds!(@@ $round $arguments $number); )*
    };
    (@@ $round:ident ($($argument:expr),*) $number:literal) => {
        $round::<$number>($($argument),*)
    };
}
pub(super) use rounds;
