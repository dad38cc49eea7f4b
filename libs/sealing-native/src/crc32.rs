//! CRC-32 (ISO-HDLC, as in zlib, PNG and S3): what a store compares, to find bytes that were damaged on their way. Nothing secret
//! goes into it, so it may look things up in a table.

/// The polynomial, its bits in reverse: the highest bit of a register belongs to x to the power of 0.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// A register, multiplied by x.
pub const fn times_x(register: u32) -> u32 {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::paths;

    /// The check value of the algorithm.
    #[test]
    fn known_answer() {
        assert_eq!(!update(!0, b"123456789"), 0xcbf4_3926);
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
