//! AES-256-CBC in 512-bit vectors. One chain is serial, so encryption takes a block each of four segments into one vector, and
//! up to four vectors at once; decryption takes neighbouring blocks of one segment.

use super::memory::{load128, load512, store512, vectors};
use crate::aes::RoundKeys;
use crate::layout::{BLOCK, IV, PLAIN, Segment, TAG_AT, chunk, chunk_mut};
use crate::path::InverseKeys;
use std::arch::x86_64::*;

/// Segments in a vector.
const LANES: usize = 4;
/// Bytes in a vector.
const WIDE: usize = 64;

#[inline]
#[target_feature(enable = "avx512f")]
fn broadcast(keys: &[[u8; 16]; 15]) -> [__m512i; 15] {
    vectors!(15, |round| _mm512_broadcast_i32x4(load128(&keys[round])))
}

/// Rows of four blocks to columns of four blocks, and back.
#[inline]
#[target_feature(enable = "avx512f")]
fn transpose([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    let ab_low = _mm512_shuffle_i64x2::<0x44>(a, b);
    let ab_high = _mm512_shuffle_i64x2::<0xee>(a, b);
    let cd_low = _mm512_shuffle_i64x2::<0x44>(c, d);
    let cd_high = _mm512_shuffle_i64x2::<0xee>(c, d);
    [
        _mm512_shuffle_i64x2::<0x88>(ab_low, cd_low),
        _mm512_shuffle_i64x2::<0xdd>(ab_low, cd_low),
        _mm512_shuffle_i64x2::<0x88>(ab_high, cd_high),
        _mm512_shuffle_i64x2::<0xdd>(ab_high, cd_high),
    ]
}

/// Encrypts 1 to 16 segments.
#[target_feature(enable = "avx512f,vaes")]
pub fn encrypt(keys: &RoundKeys, run: &mut [Segment]) {
    match run.len() {
        0 => {}
        1..=4 => encrypt_groups::<1>(keys, run),
        5..=8 => encrypt_groups::<2>(keys, run),
        9..=12 => encrypt_groups::<3>(keys, run),
        _ => encrypt_groups::<4>(keys, run),
    }
}

/// One block further in each group's four chains.
#[inline]
#[target_feature(enable = "avx512f,vaes")]
fn step<const GROUPS: usize>(keys: &[__m512i; 15], chains: &mut [__m512i; GROUPS], plain: [__m512i; GROUPS]) {
    for (chain, plain) in chains.iter_mut().zip(plain) {
        *chain = _mm512_ternarylogic_epi64::<0x96>(*chain, plain, keys[0]);
    }
    for key in &keys[1..14] {
        for chain in chains.iter_mut() {
            *chain = _mm512_aesenc_epi128(*chain, *key);
        }
    }
    for chain in chains.iter_mut() {
        *chain = _mm512_aesenclast_epi128(*chain, keys[14]);
    }
}

#[target_feature(enable = "avx512f,vaes")]
fn encrypt_groups<const GROUPS: usize>(keys: &RoundKeys, run: &mut [Segment]) {
    let keys = broadcast(&keys.0.0);
    // Spare lanes repeat the last segment. They are in its own group, whose lanes are all read before any is written.
    let lanes: [[usize; LANES]; GROUPS] =
        std::array::from_fn(|group| std::array::from_fn(|lane| (group * LANES + lane).min(run.len() - 1)));
    let mut chains = vectors!(GROUPS, |group| gather(run, &lanes[group], 0));
    for at in (IV..IV + PLAIN).step_by(WIDE) {
        let mut columns = [[_mm512_setzero_si512(); 4]; GROUPS];
        for (columns, lanes) in columns.iter_mut().zip(&lanes) {
            *columns = transpose(vectors!(LANES, |lane| load512(chunk(&run[lanes[lane]], at))));
        }
        for block in 0..4 {
            step(&keys, &mut chains, vectors!(GROUPS, |group| columns[group][block]));
            for (columns, chain) in columns.iter_mut().zip(chains) {
                columns[block] = chain;
            }
        }
        for (lanes, columns) in lanes.iter().zip(columns) {
            for (lane, row) in lanes.iter().zip(transpose(columns)) {
                store512(chunk_mut(&mut run[*lane], at), row);
            }
        }
    }
    step(&keys, &mut chains, vectors!(GROUPS, |group| gather(run, &lanes[group], TAG_AT - BLOCK)));
    for (lanes, chain) in lanes.iter().zip(chains) {
        let mut blocks = [0; WIDE];
        store512(&mut blocks, chain);
        for (lane, block) in lanes.iter().zip(blocks.as_chunks::<BLOCK>().0) {
            *chunk_mut(&mut run[*lane], TAG_AT - BLOCK) = *block;
        }
    }
}

/// The block at `at` of four segments.
#[inline]
#[target_feature(enable = "avx512f")]
fn gather(run: &[Segment], lanes: &[usize; LANES], at: usize) -> __m512i {
    let mut blocks = [[0; BLOCK]; LANES];
    for (block, lane) in blocks.iter_mut().zip(lanes) {
        *block = *chunk(&run[*lane], at);
    }
    load512(chunk(blocks.as_flattened(), 0))
}

/// Vectors decrypted at once.
const AHEAD: usize = 8;

/// Decrypts the plaintext blocks of the segment whose IV lies at `from` to `to`. What is written lies before what is still to be
/// read; of the blocks it may write over, the last is kept.
#[target_feature(enable = "avx512f,vaes")]
pub fn decrypt(keys: &InverseKeys, run: &mut [u8], from: usize, to: usize) {
    let keys = broadcast(&keys.0.0.0);
    let mut before = load128(chunk(run, from));
    for at in (0..PLAIN).step_by(AHEAD * WIDE) {
        let sealed: &[u8; AHEAD * WIDE] = chunk(run, from + IV + at);
        let wire = vectors!(AHEAD, |vector| load512(chunk(sealed, vector * WIDE)));
        let mut blocks = vectors!(AHEAD, |vector| _mm512_xor_si512(wire[vector], keys[0]));
        for key in &keys[1..14] {
            for block in &mut blocks {
                *block = _mm512_aesdec_epi128(*block, *key);
            }
        }
        let mut previous = _mm512_broadcast_i32x4(before);
        let opened: &mut [u8; AHEAD * WIDE] = chunk_mut(run, to + at);
        for (vector, block) in blocks.into_iter().enumerate() {
            // Each block's predecessor on the wire: three of this vector behind the last of the one before.
            let chained = _mm512_alignr_epi64::<6>(wire[vector], previous);
            previous = wire[vector];
            let plain = _mm512_xor_si512(_mm512_aesdeclast_epi128(block, keys[14]), chained);
            store512(chunk_mut(opened, vector * WIDE), plain);
        }
        before = _mm512_extracti32x4_epi32::<3>(previous);
    }
}
