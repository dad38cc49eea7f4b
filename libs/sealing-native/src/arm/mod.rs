//! Paths of 64-bit ARM with the cryptography extensions: all servers and clients of the last ten years have AES and SHA-256,
//! the newer ones SHA-512.

mod cbc;
mod crc32;
mod memory;
mod sha256;
mod sha512;

use crate::mac;
use crate::path::Path;
use std::arch::is_aarch64_feature_detected;

/// With instructions for SHA-512.
static WITH_SHA512: Path = Path {
    name: "armv8-sha512",
    tags512: |key, first, run, tags| {
        // SAFETY: `paths` gives this path out only after the processor said that it has SHA-512.
        unsafe { sha512::tags(key, first, run, tags) }
    },
    ..BASE
};

/// Without: SHA-512 in plain code, which these processors do well.
static PLAIN_SHA512: Path = BASE;

const BASE: Path = Path {
    name: "armv8",
    expand: cbc::expand,
    invert: cbc::invert,
    encrypt: |keys, run| {
        for run in run.chunks_mut(cbc::LANES) {
            // SAFETY: `paths` gives this path out only after the processor said that it has AES.
            unsafe { cbc::encrypt(keys, run) }
        }
    },
    decrypt_block: cbc::decrypt_block,
    decrypt: |keys, run, from, to| {
        // SAFETY: as above.
        unsafe { cbc::decrypt(keys, run, from, to) }
    },
    tags256: |key, first, run, tags| {
        // SAFETY: `paths` gives this path out only after the processor said that it has SHA-256.
        unsafe { sha256::tags(key, first, run, tags) }
    },
    tags512: |key, first, run, tags| {
        for ((index, segment), tag) in (first..).zip(run).zip(tags) {
            *tag = mac::tag_by512(key, index, segment, crate::sha512::compress);
        }
    },
    crc32: |bytes| {
        // SAFETY: `paths` gives this path out only after the processor said that it has CRC-32.
        unsafe { crc32::crc32(bytes) }
    },
};

pub fn paths() -> Vec<&'static Path> {
    let mut paths = Vec::new();
    let all = is_aarch64_feature_detected!("aes") && is_aarch64_feature_detected!("sha2");
    if all && is_aarch64_feature_detected!("crc") {
        if is_aarch64_feature_detected!("sha3") {
            paths.push(&WITH_SHA512);
        }
        paths.push(&PLAIN_SHA512);
    }
    paths
}
