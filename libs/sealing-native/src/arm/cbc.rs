//! AES-256-CBC, eight segments at once: one chain alone waits for its own rounds.

use super::memory::{load, store};
use crate::aes::{self, RoundKeys};
use crate::layout::{BLOCK, IV, PLAIN, Segment, TAG_AT, chunk, chunk_mut};
use crate::path::InverseKeys;
use crate::wipe::Wiped;
use std::arch::aarch64::*;

/// Chains, or blocks, at once.
pub const LANES: usize = 8;

/// The key schedule.
pub fn expand(key: &[u8; 32]) -> RoundKeys {
    #[target_feature(enable = "neon,aes")]
    fn expand(key: &[u8; 32]) -> RoundKeys {
        aes::expand(key, |word| {
            // The same word in all columns: then the shift of rows changes nothing and SubBytes is left.
            let columns = vreinterpretq_u8_u32(vdupq_n_u32(word));
            vgetq_lane_u32::<0>(vreinterpretq_u32_u8(vaeseq_u8(columns, vdupq_n_u8(0))))
        })
    }
    // SAFETY: every path of ARM is given out only after the processor said that it has AES.
    unsafe { expand(key) }
}

/// The schedule of the inverse cipher.
pub fn invert(keys: &RoundKeys) -> InverseKeys {
    #[target_feature(enable = "neon,aes")]
    fn invert(keys: &RoundKeys) -> InverseKeys {
        let keys = &keys.0.0;
        let mut inverse = Wiped([[0; BLOCK]; 15]);
        inverse.0[0] = keys[14];
        inverse.0[14] = keys[0];
        for round in 1..14 {
            store(&mut inverse.0[round], vaesimcq_u8(load(&keys[14 - round])));
        }
        InverseKeys(RoundKeys(inverse))
    }
    // SAFETY: every path of ARM is given out only after the processor said that it has AES.
    unsafe { invert(keys) }
}

/// One block, without what is chained to it.
pub fn decrypt_block(keys: &InverseKeys, block: &[u8; BLOCK]) -> [u8; BLOCK] {
    #[target_feature(enable = "neon,aes")]
    fn decrypt_block(keys: &InverseKeys, block: &[u8; BLOCK]) -> [u8; BLOCK] {
        let mut blocks = [load(block)];
        inverse(&round_keys(&keys.0.0.0), &mut blocks);
        let mut plain = [0; BLOCK];
        store(&mut plain, blocks[0]);
        plain
    }
    // SAFETY: every path of ARM is given out only after the processor said that it has AES.
    unsafe { decrypt_block(keys, block) }
}

#[inline]
#[target_feature(enable = "neon")]
fn round_keys(keys: &[[u8; BLOCK]; 15]) -> [uint8x16_t; 15] {
    let mut vectors = [vdupq_n_u8(0); 15];
    for (vector, key) in vectors.iter_mut().zip(keys) {
        *vector = load(key);
    }
    vectors
}

/// The cipher. These instructions add the key first, so the last key stands alone.
#[inline]
#[target_feature(enable = "neon,aes")]
fn cipher<const COUNT: usize>(keys: &[uint8x16_t; 15], blocks: &mut [uint8x16_t; COUNT]) {
    for key in &keys[..13] {
        for block in blocks.iter_mut() {
            *block = vaesmcq_u8(vaeseq_u8(*block, *key));
        }
    }
    for block in blocks.iter_mut() {
        *block = veorq_u8(vaeseq_u8(*block, keys[13]), keys[14]);
    }
}

#[inline]
#[target_feature(enable = "neon,aes")]
fn inverse<const COUNT: usize>(keys: &[uint8x16_t; 15], blocks: &mut [uint8x16_t; COUNT]) {
    for key in &keys[..13] {
        for block in blocks.iter_mut() {
            *block = vaesimcq_u8(vaesdq_u8(*block, *key));
        }
    }
    for block in blocks.iter_mut() {
        *block = veorq_u8(vaesdq_u8(*block, keys[13]), keys[14]);
    }
}

/// Encrypts 1 to 8 segments.
#[target_feature(enable = "neon,aes")]
pub fn encrypt(keys: &RoundKeys, run: &mut [Segment]) {
    let keys = round_keys(&keys.0.0);
    // Spare lanes repeat the last segment: all lanes are read before any is written.
    let lanes: [usize; LANES] = std::array::from_fn(|lane| lane.min(run.len() - 1));
    let mut chains = [vdupq_n_u8(0); LANES];
    for (chain, lane) in chains.iter_mut().zip(lanes) {
        *chain = load(chunk(&run[lane], 0));
    }
    for at in (IV..TAG_AT).step_by(BLOCK) {
        for (chain, lane) in chains.iter_mut().zip(lanes) {
            *chain = veorq_u8(*chain, load(chunk(&run[lane], at)));
        }
        cipher(&keys, &mut chains);
        for (chain, lane) in chains.iter().zip(lanes) {
            store(chunk_mut(&mut run[lane], at), *chain);
        }
    }
}

/// Decrypts the plaintext blocks of the segment whose IV lies at `from` to `to`. What is written lies before what is still to be
/// read; of the blocks it may write over, the last is kept.
#[target_feature(enable = "neon,aes")]
pub fn decrypt(keys: &InverseKeys, run: &mut [u8], from: usize, to: usize) {
    const AT_ONCE: usize = LANES * BLOCK;
    let keys = round_keys(&keys.0.0.0);
    let mut before = load(chunk(run, from));
    for at in (0..PLAIN).step_by(AT_ONCE) {
        let sealed: &[u8; AT_ONCE] = chunk(run, from + IV + at);
        let mut wire = [vdupq_n_u8(0); LANES];
        for (block, bytes) in wire.iter_mut().zip(sealed.as_chunks().0) {
            *block = load(bytes);
        }
        let mut blocks = wire;
        inverse(&keys, &mut blocks);
        let opened: &mut [u8; AT_ONCE] = chunk_mut(run, to + at);
        for ((bytes, block), wire) in opened.as_chunks_mut().0.iter_mut().zip(blocks).zip(wire) {
            store(bytes, veorq_u8(block, before));
            before = wire;
        }
    }
}
