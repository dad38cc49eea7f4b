//! CRC-32 (ISO-HDLC, as in zlib, PNG and S3): what a store compares, to find bytes that were damaged on their way. Nothing secret
//! goes into it, so it may look things up in a table.

/// The polynomial, its bits in reverse: the highest bit of a register belongs to x to the power of 0.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// A register, multiplied by x.
const fn times_x(register: u32) -> u32 {
    (register >> 1) ^ (if register & 1 == 0 { 0 } else { POLYNOMIAL })
}

/// What eight zero bits make of each byte.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        let mut register = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            register = times_x(register);
            bit += 1;
        }
        table[byte] = register;
        byte += 1;
    }
    table
};

/// Takes bytes into a register, one by one: for a few.
pub fn update(register: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(register, |register, byte| (register >> 8) ^ TABLE[(register as u8 ^ byte) as usize])
}

/// The CRC-32 of any bytes: `residue` makes of whole vectors, the first of them `AHEAD`, one that has the same remainder. Scalar code
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
    use crate::path::paths;

    /// The check value of the algorithm, and the factors of Intel's paper on folding.
    #[test]
    fn known_answers() {
        assert_eq!(!update(!0, b"123456789"), 0xcbf4_3926);
        assert_eq!(move_on(512), [0x1_5444_2bd4, 0x1_c6e4_1596]);
        assert_eq!(move_on(128), [0x1_7519_97d0, 0x0_ccaa_009e]);
    }

    #[test]
    fn every_path_has_the_sum_of_the_table_whatever_the_length() {
        let bytes: Vec<u8> = (0..70_000_u32).map(|at| (at.wrapping_mul(0x9e37_79b1) >> 24) as u8).collect();
        for path in paths() {
            assert_eq!((path.crc32)(b"123456789"), 0xcbf4_3926, "{}", path.name);
            for length in (0..1_200).chain([4_095, 4_096, 65_599, 65_600, 65_601, 70_000]) {
                let bytes = &bytes[bytes.len() - length..];
                assert_eq!((path.crc32)(bytes), !update(!0, bytes), "{}, {length} bytes", path.name);
            }
        }
    }
}
