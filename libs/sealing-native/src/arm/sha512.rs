//! HMAC-SHA-512 by the instructions that ARMv8.2 brought, a segment after another.

use super::memory::{load, words64};
use crate::layout::{Segment, TAG};
use crate::mac::{self, MacKey};
use crate::sha512::{BLOCK, K};
use std::arch::aarch64::*;

/// Takes a block into the state.
#[target_feature(enable = "neon,sha3")]
fn compress(state: &mut [u64; 8], block: &[u8; BLOCK]) {
    let mut words = [vdupq_n_u64(0); 8];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks().0) {
        *word = vreinterpretq_u64_u8(vrev64q_u8(load(bytes)));
    }
    let mut pairs = [vdupq_n_u64(0); 4];
    for (pair, words) in pairs.iter_mut().zip(state.as_chunks().0) {
        *pair = words64(words);
    }
    let [mut ab, mut cd, mut ef, mut gh] = pairs;
    for (two, k) in K.as_chunks::<2>().0.iter().enumerate() {
        let w = words[two & 7];
        let sum = vaddq_u64(w, words64(k));
        let sum = vaddq_u64(vextq_u64::<1>(sum, sum), gh);
        let half = vsha512hq_u64(sum, vextq_u64::<1>(ef, gh), vextq_u64::<1>(cd, ef));
        (ab, cd, ef, gh) = (vsha512h2q_u64(half, cd, ab), ab, vaddq_u64(cd, half), ef);
        if two < 32 {
            let (next, last) = (words[(two + 1) & 7], words[(two + 7) & 7]);
            let middle = vextq_u64::<1>(words[(two + 4) & 7], words[(two + 5) & 7]);
            words[two & 7] = vsha512su1q_u64(vsha512su0q_u64(w, next), last, middle);
        }
    }
    for (words, (pair, before)) in state.as_chunks_mut::<2>().0.iter_mut().zip([ab, cd, ef, gh].iter().zip(pairs)) {
        let sum = vaddq_u64(*pair, before);
        *words = [vgetq_lane_u64::<0>(sum), vgetq_lane_u64::<1>(sum)];
    }
}

/// Tags of any number of segments.
#[target_feature(enable = "neon,sha3")]
pub fn tags(key: &MacKey<[u64; 8]>, first: u64, run: &[Segment], tags: &mut [[u8; TAG]]) {
    for ((index, segment), tag) in (first..).zip(run).zip(tags) {
        *tag = mac::tag_by512(key, index, segment, |state, block| compress(state, block));
    }
}
