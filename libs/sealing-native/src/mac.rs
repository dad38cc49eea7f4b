//! What HMAC (RFC 2104) is over, for a full segment: A | IV | E | bit length of A, cut into the blocks of a hash.
//!
//! A has 19 bytes, so block `b` of the message starts 19 bytes before byte `b * block` of the segment: all but the first and
//! the last blocks are read where they lie.

use crate::layout::{AAD, Segment, TAG_AT, aad};
use crate::wipe::Wiped;
use crate::{sha256, sha512};

/// Message bytes in full blocks of either hash; what is left of the message goes into the tail with its padding.
const BODY: usize = 65_536;
/// Bytes that the tail has of the segment.
const REST: usize = AAD + TAG_AT - BODY;
const MESSAGE: usize = AAD + TAG_AT + 8;
/// The tail: two blocks of SHA-256, one of SHA-512.
pub const TAIL: usize = 128;

/// Where block `number` of the message starts in the segment, from the second on.
#[inline]
pub const fn offset(number: usize, block: usize) -> usize {
    number * block - AAD
}

/// Blocks before the tail.
pub const fn body(block: usize) -> usize {
    BODY / block
}

/// First block of the message.
pub fn head<const BLOCK: usize>(index: u64, segment: &Segment) -> [u8; BLOCK] {
    let mut head = [0; BLOCK];
    head[..AAD].copy_from_slice(&aad(index));
    head[AAD..].copy_from_slice(&segment[..BLOCK - AAD]);
    head
}

/// Last blocks of the message, padded for a hash with blocks of `block` bytes; the key's block counts in the length.
pub fn tail(segment: &Segment, block: usize) -> [u8; TAIL] {
    let mut tail = [0; TAIL];
    tail[..REST].copy_from_slice(&segment[TAG_AT - REST..TAG_AT]);
    tail[REST..REST + 8].copy_from_slice(&(8 * AAD as u64).to_be_bytes());
    tail[REST + 8] = 0x80;
    tail[TAIL - 8..].copy_from_slice(&(8 * (block + MESSAGE) as u64).to_be_bytes());
    tail
}

/// The states of the inner and the outer hash once the key is in them.
pub struct MacKey<State: crate::wipe::Plain> {
    /// Before the message.
    pub inner: Wiped<State>,
    /// Before the inner digest.
    pub outer: Wiped<State>,
}

fn pad<const BLOCK: usize>(key: &[u8; 32], with: u8) -> Wiped<[u8; BLOCK]> {
    let mut block = Wiped([with; BLOCK]);
    for (byte, key) in block.0.iter_mut().zip(key) {
        *byte ^= key;
    }
    block
}

/// Takes a key in for suite 02.
pub fn key256(key: &[u8; 32]) -> MacKey<[u32; 8]> {
    let mut ready = MacKey { inner: Wiped(sha256::START), outer: Wiped(sha256::START) };
    sha256::compress(&mut ready.inner.0, &pad(key, 0x36).0);
    sha256::compress(&mut ready.outer.0, &pad(key, 0x5c).0);
    ready
}

/// Takes a key in for suite 01.
pub fn key512(key: &[u8; 32]) -> MacKey<[u64; 8]> {
    let mut ready = MacKey { inner: Wiped(sha512::START), outer: Wiped(sha512::START) };
    sha512::compress(&mut ready.inner.0, &pad(key, 0x36).0);
    sha512::compress(&mut ready.outer.0, &pad(key, 0x5c).0);
    ready
}

/// The block with the inner digest, which the outer hash takes in.
pub fn outer256(digest: &[u32; 8]) -> [u8; sha256::BLOCK] {
    let mut block = [0; sha256::BLOCK];
    for (bytes, word) in block.as_chunks_mut().0.iter_mut().zip(digest) {
        *bytes = word.to_be_bytes();
    }
    block[32] = 0x80;
    block[56..].copy_from_slice(&(8 * (sha256::BLOCK + 32) as u64).to_be_bytes());
    block
}

/// The same for SHA-512.
#[cfg(target_arch = "aarch64")]
pub fn outer512(digest: &[u64; 8]) -> [u8; sha512::BLOCK] {
    let mut block = [0; sha512::BLOCK];
    for (bytes, word) in block.as_chunks_mut().0.iter_mut().zip(digest) {
        *bytes = word.to_be_bytes();
    }
    block[64] = 0x80;
    block[120..].copy_from_slice(&(8 * (sha512::BLOCK + 64) as u64).to_be_bytes());
    block
}

/// A tag of a digest: its first 32 bytes.
pub fn tag256(digest: &[u32; 8]) -> [u8; 32] {
    *outer256(digest).first_chunk().expect("a block is longer than a tag")
}

/// The same for SHA-512.
#[cfg(target_arch = "aarch64")]
pub fn tag512(digest: &[u64; 8]) -> [u8; 32] {
    *outer512(digest).first_chunk().expect("a block is longer than a tag")
}

/// The tag of one segment by a given compression of SHA-512, block after block.
#[cfg(target_arch = "aarch64")]
pub fn tag_by512(
    key: &MacKey<[u64; 8]>,
    index: u64,
    segment: &Segment,
    mut compress: impl FnMut(&mut [u64; 8], &[u8; sha512::BLOCK]),
) -> [u8; 32] {
    let mut state = key.inner.0;
    compress(&mut state, &head(index, segment));
    for number in 1..body(sha512::BLOCK) {
        compress(&mut state, crate::layout::chunk(segment, offset(number, sha512::BLOCK)));
    }
    compress(&mut state, &tail(segment, sha512::BLOCK));
    let mut outer = key.outer.0;
    compress(&mut outer, &outer512(&state));
    tag512(&outer)
}
