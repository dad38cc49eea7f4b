//! Comparison in constant time.

use std::hint::black_box;

/// Whether `left` and `right` are the same bytes: always looks at all of them.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    // Behind a black box, so that nobody may stop at the first difference.
    let differs = left.iter().zip(right).fold(0, |differs, (left, right)| black_box(differs | (left ^ right)));
    black_box(differs) == 0
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn every_flipped_bit_is_seen() {
        let bytes = [0x5a_u8; 64];
        assert!(same(&bytes, &bytes));
        for bit in 0..512 {
            let mut other = bytes;
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!same(&bytes, &other));
        }
        assert!(!same(&bytes, &bytes[1..]));
    }
}
