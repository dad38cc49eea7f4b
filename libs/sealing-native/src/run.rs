//! A run of full segments, sealed or opened in place. Two plain passes: the ciphertext of 1 MiB is still in the processor's
//! second-level cache when the tags are made, and interleaving the two gained nothing.

use crate::compare;
use crate::layout::{BLOCK, IV, MOST, PADDING, PLAIN, SEALED, Segment, TAG, TAG_AT};
use crate::mac;
use crate::path::Path;
use crate::wipe::{Wiped, wipe, wipe_stack};

/// Which hash the tags are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// `01`: HMAC-SHA-512, cut to 32 bytes.
    Sha512,
    /// `02`: HMAC-SHA-256.
    Sha256,
}

/// MAC_KEY | ENC_KEY, wiped when dropped.
pub struct Keys(Wiped<[u8; 64]>);

impl Keys {
    /// Takes a copy.
    pub fn copy(bytes: &[u8; 64]) -> Self {
        Self(Wiped(*bytes))
    }

    fn mac(&self) -> &[u8; 32] {
        crate::layout::chunk(&self.0.0, 0)
    }

    fn encryption(&self) -> &[u8; 32] {
        crate::layout::chunk(&self.0.0, 32)
    }
}

/// The run is not 1 to 16 full segments, or has not an IV for each.
#[derive(Debug, PartialEq, Eq)]
pub struct WrongSize;

fn segments(run: &mut [u8]) -> Result<&mut [Segment], WrongSize> {
    match run.as_chunks_mut() {
        (segments, []) if (1..=MOST).contains(&segments.len()) => Ok(segments),
        _ => Err(WrongSize),
    }
}

fn tags(path: &Path, suite: Suite, keys: &Keys, first: u64, run: &[Segment]) -> [[u8; TAG]; MOST] {
    let mut tags = [[0; TAG]; MOST];
    let places = &mut tags[..run.len()];
    match suite {
        Suite::Sha256 => (path.tags256)(&mac::key256(keys.mac()), first, run, places),
        Suite::Sha512 => (path.tags512)(&mac::key512(keys.mac()), first, run, places),
    }
    tags
}

/// Seals. Each plaintext lies where its ciphertext will be, 16 bytes into its slot; `first` is the number of the first segment.
pub fn seal(
    path: &Path,
    suite: Suite,
    keys: &Keys,
    first: u64,
    ivs: &[[u8; IV]],
    run: &mut [u8],
) -> Result<(), WrongSize> {
    let run = segments(run)?;
    if ivs.len() != run.len() {
        return Err(WrongSize);
    }
    for (segment, iv) in run.iter_mut().zip(ivs) {
        segment[..IV].copy_from_slice(iv);
        segment[IV + PLAIN..TAG_AT].copy_from_slice(&PADDING);
    }
    (path.encrypt)(&(path.expand)(keys.encryption()), run);
    let made = tags(path, suite, keys, first, run);
    for (segment, tag) in run.iter_mut().zip(made) {
        segment[TAG_AT..].copy_from_slice(&tag);
    }
    wipe_stack();
    Ok(())
}

/// Opens: the plaintext comes to lie at the front without gaps. False, and the run wiped, when any segment fails: all tags are
/// compared, in constant time, before a byte is decrypted.
pub fn open(path: &Path, suite: Suite, keys: &Keys, first: u64, run: &mut [u8]) -> Result<bool, WrongSize> {
    let opened = verify_and_decrypt(path, suite, keys, first, run);
    // A run of a wrong size is the caller's mistake, and stays as it is.
    if opened == Ok(false) {
        wipe(run);
    }
    wipe_stack();
    opened
}

fn verify_and_decrypt(path: &Path, suite: Suite, keys: &Keys, first: u64, run: &mut [u8]) -> Result<bool, WrongSize> {
    let sealed = segments(run)?;
    let count = sealed.len();
    let made = tags(path, suite, keys, first, sealed);
    let mut found = [[0; TAG]; MOST];
    for (found, segment) in found.iter_mut().zip(&*sealed) {
        found.copy_from_slice(&segment[TAG_AT..]);
    }
    if !compare::same(made[..count].as_flattened(), found[..count].as_flattened()) {
        return Ok(false);
    }
    let inverse = (path.invert)(&(path.expand)(keys.encryption()));
    // Bad padding under a good tag: only somebody who holds the keys can make that. Looked at before anything is written.
    let mut padding = Wiped([[0; BLOCK]; MOST]);
    for (padding, segment) in padding.0.iter_mut().zip(&*sealed) {
        *padding = (path.decrypt_block)(&inverse, crate::layout::chunk(segment, TAG_AT - BLOCK));
        for (byte, before) in padding.iter_mut().zip(&segment[TAG_AT - 2 * BLOCK..TAG_AT - BLOCK]) {
            *byte ^= before;
        }
    }
    if !compare::same(padding.0[..count].as_flattened(), [PADDING; MOST][..count].as_flattened()) {
        return Ok(false);
    }
    // Segment `at` ends before wire slot `at + 1` starts, so nothing unread is written over.
    for at in 0..count {
        (path.decrypt)(&inverse, run, at * SEALED, at * PLAIN);
    }
    Ok(true)
}

#[cfg(test)]
mod tests;
