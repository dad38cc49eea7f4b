//! The construction of RFC 7518 section 5.2 read word by word and byte by byte, slow and without an intrinsic: what the paths
//! are held against. Not in the module that Node loads.

use crate::layout::{IV, PLAIN, SEALED, Segment, TAG, TAG_AT, aad};
use crate::run::Suite;
use crate::{sha256, sha512};

/// Multiplication by x in the field of AES.
fn double(byte: u8) -> u8 {
    (byte << 1) ^ (if byte & 0x80 == 0 { 0 } else { 0x1b })
}

fn multiply(mut left: u8, mut right: u8) -> u8 {
    let mut product = 0;
    while right != 0 {
        if right & 1 == 1 {
            product ^= left;
        }
        left = double(left);
        right >>= 1;
    }
    product
}

/// AES-256 by the book.
pub struct Aes {
    boxed: [u8; 256],
    unboxed: [u8; 256],
    keys: [[u8; 16]; 15],
}

impl Aes {
    /// Expands a key.
    pub fn new(key: &[u8; 32]) -> Self {
        let mut boxed = [0; 256];
        let mut unboxed = [0; 256];
        for byte in 0..=255_u8 {
            let inverse = (1..=255).find(|&other| multiply(byte, other) == 1).unwrap_or(0);
            let mapped = (0..5).fold(0, |sum, turns| sum ^ inverse.rotate_left(turns)) ^ 0x63;
            boxed[byte as usize] = mapped;
            unboxed[mapped as usize] = byte;
        }
        let mut words = [[0_u8; 4]; 60];
        words[..8].copy_from_slice(key.as_chunks().0);
        let mut constant = 1;
        for at in 8..60 {
            let mut word = words[at - 1];
            if at % 8 == 0 {
                word.rotate_left(1);
            }
            if at % 4 == 0 {
                word = word.map(|byte| boxed[byte as usize]);
            }
            if at % 8 == 0 {
                word[0] ^= constant;
                constant = double(constant);
            }
            words[at] = std::array::from_fn(|byte| words[at - 8][byte] ^ word[byte]);
        }
        let mut keys = [[0; 16]; 15];
        keys.as_flattened_mut().copy_from_slice(words.as_flattened());
        Self { boxed, unboxed, keys }
    }

    fn add(block: &mut [u8; 16], key: &[u8; 16]) {
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
    }

    fn mix(block: &mut [u8; 16], row: [u8; 4]) {
        for column in block.as_chunks_mut::<4>().0 {
            *column = std::array::from_fn(|at| {
                (0..4).fold(0, |sum, other| sum ^ multiply(column[other], row[(other + 4 - at) % 4]))
            });
        }
    }

    /// The cipher.
    pub fn encrypt(&self, mut block: [u8; 16]) -> [u8; 16] {
        Self::add(&mut block, &self.keys[0]);
        for round in 1..15 {
            let before = block.map(|byte| self.boxed[byte as usize]);
            block = std::array::from_fn(|at| before[(at + 4 * (at % 4)) % 16]);
            if round < 14 {
                Self::mix(&mut block, [2, 3, 1, 1]);
            }
            Self::add(&mut block, &self.keys[round]);
        }
        block
    }

    /// The inverse cipher.
    pub fn decrypt(&self, mut block: [u8; 16]) -> [u8; 16] {
        for round in (1..15).rev() {
            Self::add(&mut block, &self.keys[round]);
            if round < 14 {
                Self::mix(&mut block, [14, 11, 13, 9]);
            }
            let before = block;
            block = std::array::from_fn(|at| self.unboxed[before[(at + 16 - 4 * (at % 4)) % 16] as usize]);
        }
        Self::add(&mut block, &self.keys[0]);
        block
    }

    /// CBC over whole blocks.
    pub fn encrypt_cbc(&self, iv: &[u8; 16], blocks: &mut [[u8; 16]]) {
        let mut chain = *iv;
        for block in blocks {
            Self::add(block, &chain);
            *block = self.encrypt(*block);
            chain = *block;
        }
    }
}

fn padded(message: &[u8], block: usize, length: usize) -> Vec<u8> {
    let mut bytes = message.to_vec();
    bytes.push(0x80);
    while !(bytes.len() + length).is_multiple_of(block) {
        bytes.push(0);
    }
    bytes.resize(bytes.len() + length - 8, 0);
    bytes.extend(8_u64.wrapping_mul(message.len() as u64).to_be_bytes());
    bytes
}

fn hash(suite: Suite, message: &[u8]) -> Vec<u8> {
    match suite {
        Suite::Sha256 => {
            let mut state = sha256::START;
            padded(message, 64, 8).as_chunks().0.iter().for_each(|block| sha256::compress(&mut state, block));
            state.iter().flat_map(|word| word.to_be_bytes()).collect()
        }
        Suite::Sha512 => {
            let mut state = sha512::START;
            padded(message, 128, 16).as_chunks().0.iter().for_each(|block| sha512::compress(&mut state, block));
            state.iter().flat_map(|word| word.to_be_bytes()).collect()
        }
    }
}

/// HMAC, whole.
pub fn hmac(suite: Suite, key: &[u8], message: &[u8]) -> Vec<u8> {
    let block = if suite == Suite::Sha256 { 64 } else { 128 };
    let mut key = if key.len() > block { hash(suite, key) } else { key.to_vec() };
    key.resize(block, 0);
    let with = |pad: u8, rest: &[u8]| {
        hash(suite, &[key.iter().map(|byte| byte ^ pad).collect::<Vec<_>>().as_slice(), rest].concat())
    };
    with(0x5c, &with(0x36, message))
}

/// IV | E | T of any plaintext under any associated data (RFC 7518, 5.2.2.1).
pub fn protect(suite: Suite, keys: &[u8; 64], aad: &[u8], iv: &[u8; IV], plaintext: &[u8]) -> Vec<u8> {
    let padding = 16 - plaintext.len() % 16;
    let mut body = [plaintext, &vec![padding as u8; padding]].concat();
    Aes::new(keys.last_chunk().expect("64 bytes")).encrypt_cbc(iv, body.as_chunks_mut().0);
    let bits = (8 * aad.len() as u64).to_be_bytes();
    let tag = hmac(suite, &keys[..32], &[aad, iv, &body, &bits].concat());
    [iv.as_slice(), &body, &tag[..TAG]].concat()
}

/// A run as the kernel would seal it, segment after segment.
pub fn seal(suite: Suite, keys: &[u8; 64], first: u64, ivs: &[[u8; IV]], run: &mut [u8]) {
    for (at, (segment, iv)) in run.as_chunks_mut::<SEALED>().0.iter_mut().zip(ivs).enumerate() {
        let plaintext: &[u8; PLAIN] = segment[IV..].first_chunk().expect("a segment holds its plaintext");
        let sealed = protect(suite, keys, &aad(first + at as u64), iv, plaintext);
        segment.copy_from_slice(&sealed);
    }
}

/// Whether the tag of a segment is right.
pub fn verifies(suite: Suite, keys: &[u8; 64], index: u64, segment: &Segment) -> bool {
    let bits = (8 * crate::layout::AAD as u64).to_be_bytes();
    let tag = hmac(suite, &keys[..32], &[&aad(index), &segment[..TAG_AT], bits.as_slice()].concat());
    tag[..TAG] == segment[TAG_AT..]
}
