//! A run made of what the fuzzer gives: its first bytes decide, the rest is spread over the plaintext.

use sealing_native::layout::{IV, MOST, SEALED};
use sealing_native::run::Suite;

pub struct Case {
    pub suite: Suite,
    pub first: u64,
    pub keys: [u8; 64],
    pub ivs: Vec<[u8; IV]>,
    pub run: Vec<u8>,
    /// What is left of the input: positions to look at, or to damage.
    pub rest: Vec<u8>,
}

fn spread(data: &[u8], length: usize, step: usize) -> Vec<u8> {
    (0..length).map(|at| if data.is_empty() { 0 } else { data[at * step % data.len()] ^ (at >> 9) as u8 }).collect()
}

pub fn case(data: &[u8]) -> Option<Case> {
    let (&[suite, count], data) = data.split_first_chunk()?;
    let (first, rest) = data.split_first_chunk()?;
    let count = 1 + usize::from(count) % MOST;
    Some(Case {
        suite: if suite & 1 == 0 { Suite::Sha256 } else { Suite::Sha512 },
        first: u64::from_be_bytes(*first) >> 11,
        keys: *spread(rest, 64, 1).first_chunk()?,
        ivs: spread(rest, count * IV, 3).as_chunks().0.to_vec(),
        run: spread(rest, count * SEALED, 7),
        rest: rest.to_vec(),
    })
}

/// Numbers below `limit`, three bytes of input each.
pub fn positions(rest: &[u8], limit: usize) -> impl Iterator<Item = usize> {
    rest.as_chunks::<3>().0.iter().map(move |[a, b, c]| usize::from_be_bytes([0, 0, 0, 0, 0, *a, *b, *c]) % limit)
}
