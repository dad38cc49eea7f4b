//! HMAC-SHA-256 of sixteen segments at once, one in each 32-bit lane. Written out: what compilers make of arrays of sixteen
//! words is five times slower.

use super::memory::{load512, rounds, store512, vectors};
use crate::layout::{Segment, TAG, chunk};
use crate::mac::{self, MacKey, TAIL};
use crate::sha256::{BLOCK, K};
use std::arch::x86_64::*;

const LANES: usize = 16;
type Words = [__m512i; 16];
type State = [__m512i; 8];

#[inline]
#[target_feature(enable = "avx512f")]
fn xor3(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi32::<0x96>(a, b, c)
}

/// Rows (a lane's sixteen words) to columns (a word of sixteen lanes), and back.
#[inline]
#[target_feature(enable = "avx512f")]
fn transpose(rows: Words) -> Words {
    let mut pairs = rows;
    for at in (0..16).step_by(2) {
        pairs[at] = _mm512_unpacklo_epi32(rows[at], rows[at + 1]);
        pairs[at + 1] = _mm512_unpackhi_epi32(rows[at], rows[at + 1]);
    }
    // fours[4 * g + w]: word w of each quarter of lanes 4g..4g+3.
    let mut fours = pairs;
    for at in (0..16).step_by(4) {
        fours[at] = _mm512_unpacklo_epi64(pairs[at], pairs[at + 2]);
        fours[at + 1] = _mm512_unpackhi_epi64(pairs[at], pairs[at + 2]);
        fours[at + 2] = _mm512_unpacklo_epi64(pairs[at + 1], pairs[at + 3]);
        fours[at + 3] = _mm512_unpackhi_epi64(pairs[at + 1], pairs[at + 3]);
    }
    let mut columns = fours;
    for word in 0..4 {
        let low = _mm512_shuffle_i32x4::<0x88>(fours[word], fours[word + 4]);
        let high = _mm512_shuffle_i32x4::<0xdd>(fours[word], fours[word + 4]);
        let low_more = _mm512_shuffle_i32x4::<0x88>(fours[word + 8], fours[word + 12]);
        let high_more = _mm512_shuffle_i32x4::<0xdd>(fours[word + 8], fours[word + 12]);
        columns[word] = _mm512_shuffle_i32x4::<0x88>(low, low_more);
        columns[word + 8] = _mm512_shuffle_i32x4::<0xdd>(low, low_more);
        columns[word + 4] = _mm512_shuffle_i32x4::<0x88>(high, high_more);
        columns[word + 12] = _mm512_shuffle_i32x4::<0xdd>(high, high_more);
    }
    columns
}

/// Swaps the bytes of every word.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn big_endian(words: __m512i) -> __m512i {
    let order = _mm512_broadcast_i32x4(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
    _mm512_shuffle_epi8(words, order)
}

/// Round `start + T`. The number is the compiler's to know: then no word is looked
/// up, and all of them stay in registers.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn round<const T: usize>(s: &mut State, w: &Words, start: usize) {
    // The state turns instead of being moved.
    let at = |name: usize| (name + 64 - T) & 7;
    let [a, b, c, d, e, f, g, h] = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
    let sum1 = xor3(_mm512_ror_epi32::<6>(s[e]), _mm512_ror_epi32::<11>(s[e]), _mm512_ror_epi32::<25>(s[e]));
    let choice = _mm512_ternarylogic_epi32::<0xca>(s[e], s[f], s[g]);
    let key = _mm512_add_epi32(w[T], _mm512_set1_epi32(K[start + T].cast_signed()));
    let t1 = _mm512_add_epi32(_mm512_add_epi32(_mm512_add_epi32(s[h], key), choice), sum1);
    let sum0 = xor3(_mm512_ror_epi32::<2>(s[a]), _mm512_ror_epi32::<13>(s[a]), _mm512_ror_epi32::<22>(s[a]));
    let majority = _mm512_ternarylogic_epi32::<0xe8>(s[a], s[b], s[c]);
    s[d] = _mm512_add_epi32(s[d], t1);
    s[h] = _mm512_add_epi32(t1, _mm512_add_epi32(sum0, majority));
}

/// Round `start + T`, and the word that comes into its own place sixteen rounds later.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn round_and_word<const T: usize>(s: &mut State, w: &mut Words, start: usize) {
    round::<T>(s, w, start);
    let (w1, w14) = (w[(T + 1) & 15], w[(T + 14) & 15]);
    let s0 = xor3(_mm512_ror_epi32::<7>(w1), _mm512_ror_epi32::<18>(w1), _mm512_srli_epi32::<3>(w1));
    let s1 = xor3(_mm512_ror_epi32::<17>(w14), _mm512_ror_epi32::<19>(w14), _mm512_srli_epi32::<10>(w14));
    w[T] = _mm512_add_epi32(_mm512_add_epi32(w[T], s0), _mm512_add_epi32(w[(T + 9) & 15], s1));
}

/// Takes one block of every lane into the state.
#[inline(never)]
#[target_feature(enable = "avx512f,avx512bw")]
fn compress(state: &mut State, words: &Words) {
    let mut w = *words;
    let mut s = *state;
    for start in (0..48).step_by(16) {
        rounds!(round_and_word, &mut s, &mut w, start);
    }
    rounds!(round, &mut s, &w, 48);
    for (word, add) in state.iter_mut().zip(s) {
        *word = _mm512_add_epi32(*word, add);
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn everywhere(state: &[u32; 8]) -> State {
    vectors!(8, |word| _mm512_set1_epi32(state[word].cast_signed()))
}

/// Tags of 1 to 16 segments.
#[target_feature(enable = "avx512f,avx512bw")]
pub fn tags(key: &MacKey<[u32; 8]>, first: u64, run: &[Segment], tags: &mut [[u8; TAG]]) {
    // Spare lanes repeat the last segment; lanes need equal lengths, which full segments have.
    let lanes: [usize; LANES] = std::array::from_fn(|lane| lane.min(run.len() - 1));
    let heads: [[u8; BLOCK]; LANES] =
        std::array::from_fn(|lane| mac::head(first + lanes[lane] as u64, &run[lanes[lane]]));
    let tails: [[u8; TAIL]; LANES] = std::array::from_fn(|lane| mac::tail(&run[lanes[lane]], BLOCK));

    let mut state = everywhere(&key.inner.0);
    let mut words = transpose(vectors!(LANES, |lane| big_endian(load512(&heads[lane]))));
    compress(&mut state, &words);
    for number in 1..mac::body(BLOCK) {
        let at = mac::offset(number, BLOCK);
        words = transpose(vectors!(LANES, |lane| big_endian(load512(chunk(&run[lanes[lane]], at)))));
        compress(&mut state, &words);
    }
    for at in [0, BLOCK] {
        words = transpose(vectors!(LANES, |lane| big_endian(load512(chunk(&tails[lane], at)))));
        compress(&mut state, &words);
    }

    // The inner digests are words already; what follows them in the outer block is the same for all.
    let rest: [u32; 16] = [0, 0, 0, 0, 0, 0, 0, 0, 0x8000_0000, 0, 0, 0, 0, 0, 0, 8 * (BLOCK as u32 + 32)];
    words = vectors!(16, |word| if word < 8 { state[word] } else { _mm512_set1_epi32(rest[word].cast_signed()) });
    state = everywhere(&key.outer.0);
    compress(&mut state, &words);
    words = vectors!(16, |word| if word < 8 { state[word] } else { _mm512_setzero_si512() });
    for (tag, row) in tags.iter_mut().zip(transpose(words)) {
        let mut bytes = [0; BLOCK];
        store512(&mut bytes, big_endian(row));
        *tag = *chunk(&bytes, 0);
    }
}
