//! Sizes of the container, version 1, as `libs/sealing/src/layout.ts` has them.

/// A block of AES.
pub const BLOCK: usize = 16;
/// Bytes of an IV, at the front of a segment.
pub const IV: usize = BLOCK;
/// Plaintext of a full segment.
pub const PLAIN: usize = 65_536;
/// Where the tag of a full segment lies: behind the ciphertext, which has one block of padding.
pub const TAG_AT: usize = IV + PLAIN + BLOCK;
/// Bytes of a tag, whatever the hash.
pub const TAG: usize = 32;
/// A full segment on the wire.
pub const SEALED: usize = TAG_AT + TAG;
/// The longest run.
pub const MOST: usize = 16;
/// PKCS#7 behind a plaintext that ends with a block.
pub const PADDING: [u8; BLOCK] = [BLOCK as u8; BLOCK];

/// A full segment on the wire: IV | E | T.
pub type Segment = [u8; SEALED];

const LABEL: &[u8; 10] = b"svc-seg/1\0";
/// Bytes of a segment's associated data.
pub const AAD: usize = LABEL.len() + 8 + 1;

/// Associated data of a full segment, which is never the last of a file.
pub fn aad(index: u64) -> [u8; AAD] {
    let mut aad = [0; AAD];
    aad[..10].copy_from_slice(LABEL);
    aad[10..18].copy_from_slice(&index.to_be_bytes());
    aad
}

/// `N` bytes from `at`; a slice that is too short is a mistake of ours, and a panic.
#[inline]
pub fn chunk<const N: usize>(bytes: &[u8], at: usize) -> &[u8; N] {
    bytes[at..].first_chunk().expect("a chunk lies within its bytes")
}

/// The same, to write to.
#[inline]
pub fn chunk_mut<const N: usize>(bytes: &mut [u8], at: usize) -> &mut [u8; N] {
    bytes[at..].first_chunk_mut().expect("a chunk lies within its bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_format() {
        assert_eq!((TAG_AT, SEALED, AAD), (65_568, 65_600, 19));
        assert_eq!(aad(0x0102), *b"svc-seg/1\0\0\0\0\0\0\0\x01\x02\0");
    }
}
