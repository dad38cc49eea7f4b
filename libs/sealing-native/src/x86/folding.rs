//! What both ways of folding a CRC-32 share: many vectors are made one that has the same remainder.

use crate::crc32::{times_x, update};

/// The CRC-32 of any bytes. `residue` makes of whole vectors, the first of them `AHEAD`, one that has the same remainder. Scalar code
/// stays out of it, so that a function of vectors is nothing else.
pub fn by_vectors<const WIDE: usize, const AHEAD: usize>(
    bytes: &[u8],
    residue: impl Fn(&[[u8; WIDE]; AHEAD], &[[u8; WIDE]]) -> [u8; WIDE],
) -> u32 {
    let (vectors, tail) = bytes.as_chunks::<WIDE>();
    match vectors.split_first_chunk::<AHEAD>() {
        Some((front, rest)) => !update(update(0, &residue(front, rest)), tail),
        None => !update(!0, bytes),
    }
}

/// Factors that move 128 bits on by `bits`, their first half and their second: x to that power, less the 32 bits by which a factor
/// is shorter than half a vector. They lie one bit higher, for a product of reversed halves comes out one bit too low.
pub const fn move_on(bits: u32) -> [u64; 2] {
    [power(bits + 32), power(bits - 32)]
}

const fn power(bits: u32) -> u64 {
    let mut register = 0x8000_0000;
    let mut at = 0;
    while at < bits {
        register = times_x(register);
        at += 1;
    }
    (register as u64) << 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The factors of Intel's paper on folding.
    #[test]
    fn known_factors() {
        assert_eq!(move_on(512), [0x1_5444_2bd4, 0x1_c6e4_1596]);
        assert_eq!(move_on(128), [0x1_7519_97d0, 0x0_ccaa_009e]);
    }
}
