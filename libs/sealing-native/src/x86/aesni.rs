//! AES-NI for eight segments at once, SHA-NI for two, SHA-512 in AVX2 for four: AMD Zen to Zen 3, Intel without AVX-512.

use super::memory::{load128, store128};
use super::{avx2_sha512, clmul_crc32, folding, shani};
use crate::aes::{self, RoundKeys};
use crate::layout::{BLOCK, IV, PLAIN, Segment, TAG_AT, chunk, chunk_mut};
use crate::path::{InverseKeys, Path};
use crate::wipe::Wiped;
use std::arch::x86_64::*;

pub static PATH: Path = Path {
    name: "aesni",
    expand,
    invert,
    encrypt: |keys, run| {
        for run in run.chunks_mut(LANES) {
            // SAFETY: `paths` gives this path out only after the processor said that it has AES-NI.
            unsafe { encrypt(keys, run) }
        }
    },
    decrypt_block,
    decrypt: |keys, run, from, to| {
        // SAFETY: as above.
        unsafe { decrypt(keys, run, from, to) }
    },
    tags256: |key, first, run, tags| {
        // SAFETY: `paths` gives this path out only after the processor said that it has SHA-NI and SSE4.1.
        unsafe { shani::tags(key, first, run, tags) }
    },
    tags512: |key, first, run, tags| {
        for (at, (run, tags)) in run.chunks(avx2_sha512::LANES).zip(tags.chunks_mut(avx2_sha512::LANES)).enumerate() {
            let first = first + (at * avx2_sha512::LANES) as u64;
            // SAFETY: `paths` gives this path out only after the processor said that it has AVX2.
            unsafe { avx2_sha512::tags(key, first, run, tags) }
        }
    },
    crc32: |bytes| {
        // SAFETY: `paths` gives this path out only after the processor said that it has PCLMULQDQ.
        folding::by_vectors(bytes, |front, rest| unsafe { clmul_crc32::residue(front, rest) })
    },
};

/// The key schedule; also of the path with AVX-512.
pub fn expand(key: &[u8; 32]) -> RoundKeys {
    #[target_feature(enable = "aes,sse4.1")]
    fn expand(key: &[u8; 32]) -> RoundKeys {
        aes::expand(key, |word| {
            // The same word in all columns: then the shift of rows changes nothing and SubBytes is left.
            let columns = _mm_set1_epi32(word.cast_signed());
            _mm_cvtsi128_si32(_mm_aesenclast_si128(columns, _mm_setzero_si128())).cast_unsigned()
        })
    }
    // SAFETY: every path of x86-64 is given out only after the processor said that it has AES-NI.
    unsafe { expand(key) }
}

/// The schedule of the inverse cipher.
pub fn invert(keys: &RoundKeys) -> InverseKeys {
    #[target_feature(enable = "aes,sse2")]
    fn invert(keys: &RoundKeys) -> InverseKeys {
        let keys = &keys.0.0;
        let mut inverse = Wiped([[0; BLOCK]; 15]);
        inverse.0[0] = keys[14];
        inverse.0[14] = keys[0];
        for round in 1..14 {
            store128(&mut inverse.0[round], _mm_aesimc_si128(load128(&keys[14 - round])));
        }
        InverseKeys(RoundKeys(inverse))
    }
    // SAFETY: every path of x86-64 is given out only after the processor said that it has AES-NI.
    unsafe { invert(keys) }
}

/// One block, without what is chained to it.
pub fn decrypt_block(keys: &InverseKeys, block: &[u8; BLOCK]) -> [u8; BLOCK] {
    #[target_feature(enable = "aes,sse2")]
    fn decrypt_block(keys: &InverseKeys, block: &[u8; BLOCK]) -> [u8; BLOCK] {
        let mut blocks = [load128(block)];
        inverse(&round_keys(&keys.0.0.0), &mut blocks);
        let mut plain = [0; BLOCK];
        store128(&mut plain, blocks[0]);
        plain
    }
    // SAFETY: every path of x86-64 is given out only after the processor said that it has AES-NI.
    unsafe { decrypt_block(keys, block) }
}

/// Chains, or blocks, at once.
const LANES: usize = 8;

#[inline]
#[target_feature(enable = "sse2")]
fn round_keys(keys: &[[u8; BLOCK]; 15]) -> [__m128i; 15] {
    let mut vectors = [_mm_setzero_si128(); 15];
    for (vector, key) in vectors.iter_mut().zip(keys) {
        *vector = load128(key);
    }
    vectors
}

#[inline]
#[target_feature(enable = "aes,sse2")]
fn inverse<const COUNT: usize>(keys: &[__m128i; 15], blocks: &mut [__m128i; COUNT]) {
    for block in blocks.iter_mut() {
        *block = _mm_xor_si128(*block, keys[0]);
    }
    for key in &keys[1..14] {
        for block in blocks.iter_mut() {
            *block = _mm_aesdec_si128(*block, *key);
        }
    }
    for block in blocks.iter_mut() {
        *block = _mm_aesdeclast_si128(*block, keys[14]);
    }
}

/// Encrypts 1 to 8 segments.
#[target_feature(enable = "aes,sse2")]
fn encrypt(keys: &RoundKeys, run: &mut [Segment]) {
    let keys = round_keys(&keys.0.0);
    // Spare lanes repeat the last segment: all lanes are read before any is written.
    let mut lanes = [0; LANES];
    for (lane, segment) in lanes.iter_mut().enumerate() {
        *segment = lane.min(run.len() - 1);
    }
    let mut chains = [_mm_setzero_si128(); LANES];
    for (chain, lane) in chains.iter_mut().zip(lanes) {
        *chain = load128(chunk(&run[lane], 0));
    }
    for at in (IV..TAG_AT).step_by(BLOCK) {
        for (chain, lane) in chains.iter_mut().zip(lanes) {
            *chain = _mm_xor_si128(_mm_xor_si128(*chain, load128(chunk(&run[lane], at))), keys[0]);
        }
        for key in &keys[1..14] {
            for chain in &mut chains {
                *chain = _mm_aesenc_si128(*chain, *key);
            }
        }
        for (chain, lane) in chains.iter_mut().zip(lanes) {
            *chain = _mm_aesenclast_si128(*chain, keys[14]);
            store128(chunk_mut(&mut run[lane], at), *chain);
        }
    }
}

/// Decrypts the plaintext blocks of the segment whose IV lies at `from` to `to`. What is written lies before what is still to be
/// read; of the blocks it may write over, the last is kept.
#[target_feature(enable = "aes,sse2")]
fn decrypt(keys: &InverseKeys, run: &mut [u8], from: usize, to: usize) {
    const AT_ONCE: usize = LANES * BLOCK;
    let keys = round_keys(&keys.0.0.0);
    let mut before = load128(chunk(run, from));
    for at in (0..PLAIN).step_by(AT_ONCE) {
        let sealed: &[u8; AT_ONCE] = chunk(run, from + IV + at);
        let mut wire = [_mm_setzero_si128(); LANES];
        for (block, bytes) in wire.iter_mut().zip(sealed.as_chunks().0) {
            *block = load128(bytes);
        }
        let mut blocks = wire;
        inverse(&keys, &mut blocks);
        let opened: &mut [u8; AT_ONCE] = chunk_mut(run, to + at);
        for ((bytes, block), wire) in opened.as_chunks_mut().0.iter_mut().zip(blocks).zip(wire) {
            store128(bytes, _mm_xor_si128(block, before));
            before = wire;
        }
    }
}
