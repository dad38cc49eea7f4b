//! HMAC-SHA-256 by SHA-NI, two segments at once: one alone waits for its own rounds.

use super::memory::{load128, store128};
use crate::layout::{Segment, TAG, chunk};
use crate::mac::{self, MacKey};
use crate::sha256::{BLOCK, K};
use std::arch::x86_64::*;

const LANES: usize = 2;
/// As the instructions want a state: words A B E F and C D G H, the first in the highest lane.
type State = [__m128i; 2];

#[inline]
#[target_feature(enable = "sse2,sse4.1")]
fn enter([a, b, c, d, e, f, g, h]: [u32; 8]) -> State {
    let words = |a: u32, b: u32, c: u32, d: u32| {
        _mm_set_epi32(a.cast_signed(), b.cast_signed(), c.cast_signed(), d.cast_signed())
    };
    [words(a, b, e, f), words(c, d, g, h)]
}

#[inline]
#[target_feature(enable = "sse2,sse4.1")]
fn leave([abef, cdgh]: State) -> [u32; 8] {
    let word = |vector: __m128i| -> [u32; 4] {
        let mut bytes = [0; 16];
        store128(&mut bytes, vector);
        std::array::from_fn(|at| u32::from_le_bytes(*chunk(&bytes, 12 - 4 * at)))
    };
    let ([a, b, e, f], [c, d, g, h]) = (word(abef), word(cdgh));
    [a, b, c, d, e, f, g, h]
}

/// Takes a block of each lane into its state.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn compress(states: &mut [State; LANES], blocks: [&[u8; BLOCK]; LANES]) {
    let order = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    let before = *states;
    let mut words = [[_mm_setzero_si128(); 4]; LANES];
    for (words, block) in words.iter_mut().zip(blocks) {
        for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
            *word = _mm_shuffle_epi8(load128(bytes), order);
        }
    }
    for (four, k) in K.as_chunks::<4>().0.iter().enumerate() {
        let k = _mm_set_epi32(k[3].cast_signed(), k[2].cast_signed(), k[1].cast_signed(), k[0].cast_signed());
        for ([abef, cdgh], words) in states.iter_mut().zip(&mut words) {
            let (w, next, third, last) =
                (words[four & 3], words[(four + 1) & 3], words[(four + 2) & 3], words[(four + 3) & 3]);
            let sum = _mm_add_epi32(w, k);
            *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sum);
            *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32::<0x0e>(sum));
            if four < 12 {
                let sum = _mm_add_epi32(_mm_sha256msg1_epu32(w, next), _mm_alignr_epi8::<4>(last, third));
                words[four & 3] = _mm_sha256msg2_epu32(sum, last);
            }
        }
    }
    for (state, before) in states.iter_mut().zip(before) {
        *state = [_mm_add_epi32(state[0], before[0]), _mm_add_epi32(state[1], before[1])];
    }
}

/// Tags of any number of segments, pair after pair; one that is left over is its own pair.
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
pub fn tags(key: &MacKey<[u32; 8]>, first: u64, run: &[Segment], tags: &mut [[u8; TAG]]) {
    for (pair, (run, tags)) in run.chunks(LANES).zip(tags.chunks_mut(LANES)).enumerate() {
        let first = first + (LANES * pair) as u64;
        let (left, right) = (&run[0], &run[run.len() - 1]);
        let heads = [mac::head(first, left), mac::head(first + run.len() as u64 - 1, right)];
        let tails = [mac::tail(left, BLOCK), mac::tail(right, BLOCK)];

        let mut states = [enter(key.inner.0); LANES];
        compress(&mut states, [&heads[0], &heads[1]]);
        for number in 1..mac::body(BLOCK) {
            let at = mac::offset(number, BLOCK);
            compress(&mut states, [chunk(left, at), chunk(right, at)]);
        }
        for at in [0, BLOCK] {
            compress(&mut states, [chunk(&tails[0], at), chunk(&tails[1], at)]);
        }
        let inner = [mac::outer256(&leave(states[0])), mac::outer256(&leave(states[1]))];
        states = [enter(key.outer.0); LANES];
        compress(&mut states, [&inner[0], &inner[1]]);
        for (tag, state) in tags.iter_mut().zip(states) {
            *tag = mac::tag256(&leave(state));
        }
    }
}
