//! HMAC-SHA-512 of eight segments at once, one in each 64-bit lane.

use super::memory::{load512, rounds, store512, vectors};
use crate::layout::{Segment, TAG, chunk};
use crate::mac::{self, MacKey, TAIL};
use crate::sha512::{BLOCK, K};
use std::arch::x86_64::*;

pub const LANES: usize = 8;
type Words = [__m512i; 16];
type State = [__m512i; 8];

#[inline]
#[target_feature(enable = "avx512f")]
fn xor3(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
    _mm512_ternarylogic_epi64::<0x96>(a, b, c)
}

/// Rows (eight words of a lane) to columns (a word of eight lanes), and back.
#[inline]
#[target_feature(enable = "avx512f")]
fn transpose(rows: State) -> State {
    let mut pairs = rows;
    for at in (0..8).step_by(2) {
        pairs[at] = _mm512_unpacklo_epi64(rows[at], rows[at + 1]);
        pairs[at + 1] = _mm512_unpackhi_epi64(rows[at], rows[at + 1]);
    }
    let mut columns = pairs;
    for word in 0..2 {
        let low = _mm512_shuffle_i64x2::<0x88>(pairs[word], pairs[word + 2]);
        let high = _mm512_shuffle_i64x2::<0xdd>(pairs[word], pairs[word + 2]);
        let low_more = _mm512_shuffle_i64x2::<0x88>(pairs[word + 4], pairs[word + 6]);
        let high_more = _mm512_shuffle_i64x2::<0xdd>(pairs[word + 4], pairs[word + 6]);
        columns[word] = _mm512_shuffle_i64x2::<0x88>(low, low_more);
        columns[word + 4] = _mm512_shuffle_i64x2::<0xdd>(low, low_more);
        columns[word + 2] = _mm512_shuffle_i64x2::<0x88>(high, high_more);
        columns[word + 6] = _mm512_shuffle_i64x2::<0xdd>(high, high_more);
    }
    columns
}

/// Swaps the bytes of every word.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn big_endian(words: __m512i) -> __m512i {
    let order = _mm512_broadcast_i32x4(_mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    _mm512_shuffle_epi8(words, order)
}

/// The block at `at` of every lane.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn gather<'a>(block: impl Fn(usize) -> &'a [u8; BLOCK]) -> Words {
    let low = transpose(vectors!(LANES, |lane| big_endian(load512(chunk(block(lane), 0)))));
    let high = transpose(vectors!(LANES, |lane| big_endian(load512(chunk(block(lane), 64)))));
    vectors!(16, |word| if word < 8 { low[word] } else { high[word - 8] })
}

/// Round `start + T`. The number is the compiler's to know: then no word is looked
/// up, and all of them stay in registers.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn round<const T: usize>(s: &mut State, w: &Words, start: usize) {
    // The state turns instead of being moved.
    let at = |name: usize| (name + 64 - T) & 7;
    let [a, b, c, d, e, f, g, h] = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
    let sum1 = xor3(_mm512_ror_epi64::<14>(s[e]), _mm512_ror_epi64::<18>(s[e]), _mm512_ror_epi64::<41>(s[e]));
    let choice = _mm512_ternarylogic_epi64::<0xca>(s[e], s[f], s[g]);
    let key = _mm512_add_epi64(w[T], _mm512_set1_epi64(K[start + T].cast_signed()));
    let t1 = _mm512_add_epi64(_mm512_add_epi64(_mm512_add_epi64(s[h], key), choice), sum1);
    let sum0 = xor3(_mm512_ror_epi64::<28>(s[a]), _mm512_ror_epi64::<34>(s[a]), _mm512_ror_epi64::<39>(s[a]));
    let majority = _mm512_ternarylogic_epi64::<0xe8>(s[a], s[b], s[c]);
    s[d] = _mm512_add_epi64(s[d], t1);
    s[h] = _mm512_add_epi64(t1, _mm512_add_epi64(sum0, majority));
}

/// Round `start + T`, and the word that comes into its own place sixteen rounds later.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn round_and_word<const T: usize>(s: &mut State, w: &mut Words, start: usize) {
    round::<T>(s, w, start);
    let (w1, w14) = (w[(T + 1) & 15], w[(T + 14) & 15]);
    let s0 = xor3(_mm512_ror_epi64::<1>(w1), _mm512_ror_epi64::<8>(w1), _mm512_srli_epi64::<7>(w1));
    let s1 = xor3(_mm512_ror_epi64::<19>(w14), _mm512_ror_epi64::<61>(w14), _mm512_srli_epi64::<6>(w14));
    w[T] = _mm512_add_epi64(_mm512_add_epi64(w[T], s0), _mm512_add_epi64(w[(T + 9) & 15], s1));
}

/// Takes one block of every lane into the state.
#[inline(never)]
#[target_feature(enable = "avx512f,avx512bw")]
fn compress(state: &mut State, words: &Words) {
    let mut w = *words;
    let mut s = *state;
    for start in (0..64).step_by(16) {
        rounds!(round_and_word, &mut s, &mut w, start);
    }
    rounds!(round, &mut s, &w, 64);
    for (word, add) in state.iter_mut().zip(s) {
        *word = _mm512_add_epi64(*word, add);
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn everywhere(state: &[u64; 8]) -> State {
    vectors!(8, |word| _mm512_set1_epi64(state[word].cast_signed()))
}

/// Tags of 1 to 8 segments.
#[target_feature(enable = "avx512f,avx512bw")]
pub fn tags(key: &MacKey<[u64; 8]>, first: u64, run: &[Segment], tags: &mut [[u8; TAG]]) {
    // Spare lanes repeat the last segment; lanes need equal lengths, which full segments have.
    let lanes: [usize; LANES] = std::array::from_fn(|lane| lane.min(run.len() - 1));
    let heads: [[u8; BLOCK]; LANES] =
        std::array::from_fn(|lane| mac::head(first + lanes[lane] as u64, &run[lanes[lane]]));
    let tails: [[u8; TAIL]; LANES] = std::array::from_fn(|lane| mac::tail(&run[lanes[lane]], BLOCK));

    let mut state = everywhere(&key.inner.0);
    compress(&mut state, &gather(|lane| &heads[lane]));
    for number in 1..mac::body(BLOCK) {
        let at = mac::offset(number, BLOCK);
        compress(&mut state, &gather(|lane| chunk(&run[lanes[lane]], at)));
    }
    compress(&mut state, &gather(|lane| &tails[lane]));

    // The inner digests are words already; what follows them in the outer block is the same for all.
    let rest: [u64; 8] = [1 << 63, 0, 0, 0, 0, 0, 0, 8 * (BLOCK as u64 + 64)];
    let words =
        vectors!(16, |word| if word < 8 { state[word] } else { _mm512_set1_epi64(rest[word - 8].cast_signed()) });
    state = everywhere(&key.outer.0);
    compress(&mut state, &words);
    for (tag, row) in tags.iter_mut().zip(transpose(state)) {
        let mut bytes = [0; 64];
        store512(&mut bytes, big_endian(row));
        *tag = *chunk(&bytes, 0);
    }
}
