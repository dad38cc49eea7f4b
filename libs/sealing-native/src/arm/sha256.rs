//! HMAC-SHA-256, two segments at once: one alone waits for its own rounds.

use super::memory::{load, words32};
use crate::layout::{Segment, TAG, chunk};
use crate::mac::{self, MacKey};
use crate::sha256::{BLOCK, K};
use std::arch::aarch64::*;

const LANES: usize = 2;
/// Words A B C D and E F G H.
type State = [uint32x4_t; 2];

#[inline]
#[target_feature(enable = "neon")]
fn enter(words: &[u32; 8]) -> State {
    [words32(chunk_of(words, 0)), words32(chunk_of(words, 4))]
}

fn chunk_of(words: &[u32], at: usize) -> &[u32; 4] {
    words[at..].first_chunk().expect("a state has eight words")
}

#[inline]
#[target_feature(enable = "neon")]
fn leave([abcd, efgh]: State) -> [u32; 8] {
    [
        vgetq_lane_u32::<0>(abcd),
        vgetq_lane_u32::<1>(abcd),
        vgetq_lane_u32::<2>(abcd),
        vgetq_lane_u32::<3>(abcd),
        vgetq_lane_u32::<0>(efgh),
        vgetq_lane_u32::<1>(efgh),
        vgetq_lane_u32::<2>(efgh),
        vgetq_lane_u32::<3>(efgh),
    ]
}

/// Takes a block of each lane into its state.
#[inline]
#[target_feature(enable = "neon,sha2")]
fn compress(states: &mut [State; LANES], blocks: [&[u8; BLOCK]; LANES]) {
    let before = *states;
    let mut words = [[vdupq_n_u32(0); 4]; LANES];
    for (words, block) in words.iter_mut().zip(blocks) {
        for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
            *word = vreinterpretq_u32_u8(vrev32q_u8(load(bytes)));
        }
    }
    for (four, k) in K.as_chunks::<4>().0.iter().enumerate() {
        let k = words32(k);
        for ([abcd, efgh], words) in states.iter_mut().zip(&mut words) {
            let (w, next, third, last) =
                (words[four & 3], words[(four + 1) & 3], words[(four + 2) & 3], words[(four + 3) & 3]);
            let sum = vaddq_u32(w, k);
            let old = *abcd;
            *abcd = vsha256hq_u32(*abcd, *efgh, sum);
            *efgh = vsha256h2q_u32(*efgh, old, sum);
            if four < 12 {
                words[four & 3] = vsha256su1q_u32(vsha256su0q_u32(w, next), third, last);
            }
        }
    }
    for (state, before) in states.iter_mut().zip(before) {
        *state = [vaddq_u32(state[0], before[0]), vaddq_u32(state[1], before[1])];
    }
}

/// Tags of any number of segments, pair after pair; one that is left over is its own pair.
#[target_feature(enable = "neon,sha2")]
pub fn tags(key: &MacKey<[u32; 8]>, first: u64, run: &[Segment], tags: &mut [[u8; TAG]]) {
    for (pair, (run, tags)) in run.chunks(LANES).zip(tags.chunks_mut(LANES)).enumerate() {
        let first = first + (LANES * pair) as u64;
        let (left, right) = (&run[0], &run[run.len() - 1]);
        let heads = [mac::head(first, left), mac::head(first + run.len() as u64 - 1, right)];
        let tails = [mac::tail(left, BLOCK), mac::tail(right, BLOCK)];

        let mut states = [enter(&key.inner.0); LANES];
        compress(&mut states, [&heads[0], &heads[1]]);
        for number in 1..mac::body(BLOCK) {
            let at = mac::offset(number, BLOCK);
            compress(&mut states, [chunk(left, at), chunk(right, at)]);
        }
        for at in [0, BLOCK] {
            compress(&mut states, [chunk(&tails[0], at), chunk(&tails[1], at)]);
        }
        let inner = [mac::outer256(&leave(states[0])), mac::outer256(&leave(states[1]))];
        states = [enter(&key.outer.0); LANES];
        compress(&mut states, [&inner[0], &inner[1]]);
        for (tag, state) in tags.iter_mut().zip(states) {
            *tag = mac::tag256(&leave(state));
        }
    }
}
