//! The key schedule of AES-256 (FIPS 197), and what every path has of it.

use crate::wipe::Wiped;

/// Keys of the fourteen rounds and the one before them.
pub type Schedule = [[u8; 16]; 15];

/// The schedule for encryption; a path that decrypts makes the other one of it.
pub struct RoundKeys(pub Wiped<Schedule>);

/// Expands a key. `substitute` is SubWord: each path has an instruction for it, so that no table is looked up under a secret.
pub fn expand(key: &[u8; 32], substitute: impl Fn(u32) -> u32) -> RoundKeys {
    let mut words = Wiped([0_u32; 60]);
    let words = &mut words.0;
    for (word, bytes) in words.iter_mut().zip(key.as_chunks().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    let mut constant = 1_u32 << 24;
    for at in 8..60 {
        let mut word = words[at - 1];
        if at % 8 == 0 {
            word = substitute(word.rotate_left(8)) ^ constant;
            constant <<= 1;
        } else if at % 8 == 4 {
            word = substitute(word);
        }
        words[at] = words[at - 8] ^ word;
    }
    let mut schedule = Wiped([[0; 16]; 15]);
    for (bytes, word) in schedule.0.as_flattened_mut().as_chunks_mut().0.iter_mut().zip(words) {
        *bytes = word.to_be_bytes();
    }
    RoundKeys(schedule)
}
