//! HMAC-SHA-512 of four segments at once, one in each 64-bit lane of AVX2: the processors of this path have no instructions
//! for SHA-512.

use super::memory::{load256, rounds, store256};
use crate::layout::{Segment, TAG, chunk};
use crate::mac::{self, MacKey, TAIL};
use crate::sha512::{BLOCK, K};
use std::arch::x86_64::*;

pub const LANES: usize = 4;
type Words = [__m256i; 16];
type State = [__m256i; 8];

#[inline]
#[target_feature(enable = "avx2")]
fn xor3(a: __m256i, b: __m256i, c: __m256i) -> __m256i {
    _mm256_xor_si256(_mm256_xor_si256(a, b), c)
}

/// Right by `RIGHT` bits, and those that fall out in again; `LEFT` is what is missing to 64.
#[inline]
#[target_feature(enable = "avx2")]
fn turn<const RIGHT: i32, const LEFT: i32>(words: __m256i) -> __m256i {
    const { assert!(RIGHT + LEFT == 64) };
    _mm256_or_si256(_mm256_srli_epi64::<RIGHT>(words), _mm256_slli_epi64::<LEFT>(words))
}

/// Rows (four words of a lane) to columns (a word of four lanes), and back.
#[inline]
#[target_feature(enable = "avx2")]
fn transpose([a, b, c, d]: [__m256i; 4]) -> [__m256i; 4] {
    let (ab_even, ab_odd) = (_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
    let (cd_even, cd_odd) = (_mm256_unpacklo_epi64(c, d), _mm256_unpackhi_epi64(c, d));
    [
        _mm256_permute2x128_si256::<0x20>(ab_even, cd_even),
        _mm256_permute2x128_si256::<0x20>(ab_odd, cd_odd),
        _mm256_permute2x128_si256::<0x31>(ab_even, cd_even),
        _mm256_permute2x128_si256::<0x31>(ab_odd, cd_odd),
    ]
}

/// Swaps the bytes of every word.
#[inline]
#[target_feature(enable = "avx2")]
fn big_endian(words: __m256i) -> __m256i {
    let order = _mm256_broadcastsi128_si256(_mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    _mm256_shuffle_epi8(words, order)
}

/// A block of every lane.
#[inline]
#[target_feature(enable = "avx2")]
fn gather(blocks: [&[u8; BLOCK]; LANES]) -> Words {
    let mut words = [_mm256_setzero_si256(); 16];
    for (four, words) in words.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        for (word, block) in words.iter_mut().zip(blocks) {
            *word = big_endian(load256(chunk(block, 32 * four)));
        }
        *words = transpose(*words);
    }
    words
}

/// Round `start + T`. The number is the compiler's to know: then no word is looked
/// up, and all of them stay in registers.
#[inline]
#[target_feature(enable = "avx2")]
fn round<const T: usize>(s: &mut State, w: &Words, start: usize) {
    // The state turns instead of being moved.
    let at = |name: usize| (name + 64 - T) & 7;
    let [a, b, c, d, e, f, g, h] = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
    let sum1 = xor3(turn::<14, 50>(s[e]), turn::<18, 46>(s[e]), turn::<41, 23>(s[e]));
    let choice = _mm256_xor_si256(_mm256_and_si256(s[e], s[f]), _mm256_andnot_si256(s[e], s[g]));
    let key = _mm256_add_epi64(w[T], _mm256_set1_epi64x(K[start + T].cast_signed()));
    let t1 = _mm256_add_epi64(_mm256_add_epi64(_mm256_add_epi64(s[h], key), choice), sum1);
    let sum0 = xor3(turn::<28, 36>(s[a]), turn::<34, 30>(s[a]), turn::<39, 25>(s[a]));
    let majority = _mm256_or_si256(_mm256_and_si256(s[a], s[b]), _mm256_and_si256(s[c], _mm256_or_si256(s[a], s[b])));
    s[d] = _mm256_add_epi64(s[d], t1);
    s[h] = _mm256_add_epi64(t1, _mm256_add_epi64(sum0, majority));
}

/// Round `start + T`, and the word that comes into its own place sixteen rounds later.
#[inline]
#[target_feature(enable = "avx2")]
fn round_and_word<const T: usize>(s: &mut State, w: &mut Words, start: usize) {
    round::<T>(s, w, start);
    let (w1, w14) = (w[(T + 1) & 15], w[(T + 14) & 15]);
    let s0 = xor3(turn::<1, 63>(w1), turn::<8, 56>(w1), _mm256_srli_epi64::<7>(w1));
    let s1 = xor3(turn::<19, 45>(w14), turn::<61, 3>(w14), _mm256_srli_epi64::<6>(w14));
    w[T] = _mm256_add_epi64(_mm256_add_epi64(w[T], s0), _mm256_add_epi64(w[(T + 9) & 15], s1));
}

/// Takes one block of every lane into the state.
#[inline(never)]
#[target_feature(enable = "avx2")]
fn compress(state: &mut State, words: &Words) {
    let mut w = *words;
    let mut s = *state;
    for start in (0..64).step_by(16) {
        rounds!(round_and_word, &mut s, &mut w, start);
    }
    rounds!(round, &mut s, &w, 64);
    for (word, add) in state.iter_mut().zip(s) {
        *word = _mm256_add_epi64(*word, add);
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn everywhere(state: &[u64; 8]) -> State {
    let mut vectors = [_mm256_setzero_si256(); 8];
    for (vector, word) in vectors.iter_mut().zip(state) {
        *vector = _mm256_set1_epi64x(word.cast_signed());
    }
    vectors
}

/// Tags of 1 to 4 segments.
#[target_feature(enable = "avx2")]
pub fn tags(key: &MacKey<[u64; 8]>, first: u64, run: &[Segment], tags: &mut [[u8; TAG]]) {
    // Spare lanes repeat the last segment; lanes need equal lengths, which full segments have.
    let lanes: [usize; LANES] = std::array::from_fn(|lane| lane.min(run.len() - 1));
    let heads: [[u8; BLOCK]; LANES] =
        std::array::from_fn(|lane| mac::head(first + lanes[lane] as u64, &run[lanes[lane]]));
    let tails: [[u8; TAIL]; LANES] = std::array::from_fn(|lane| mac::tail(&run[lanes[lane]], BLOCK));

    let mut state = everywhere(&key.inner.0);
    compress(&mut state, &gather(heads.each_ref()));
    for number in 1..mac::body(BLOCK) {
        let at = mac::offset(number, BLOCK);
        compress(&mut state, &gather(lanes.map(|lane| chunk(&run[lane], at))));
    }
    compress(&mut state, &gather(tails.each_ref()));

    // The inner digests are words already; what follows them in the outer block is the same for all.
    let mut words = [_mm256_setzero_si256(); 16];
    words[..8].copy_from_slice(&state);
    words[8] = _mm256_set1_epi64x((1_u64 << 63).cast_signed());
    words[15] = _mm256_set1_epi64x(8 * (BLOCK as i64 + 64));
    state = everywhere(&key.outer.0);
    compress(&mut state, &words);
    let rows = transpose([state[0], state[1], state[2], state[3]]);
    for (tag, row) in tags.iter_mut().zip(rows) {
        store256(tag, big_endian(row));
    }
}
