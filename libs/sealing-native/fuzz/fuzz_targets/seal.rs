//! Every path seals to the same bytes; tags, and the blocks that the input names, are those of the slow reading of the format.
#![no_main]

mod case;

use case::{case, positions};
use libfuzzer_sys::fuzz_target;
use sealing_native::layout::{BLOCK, IV, PADDING, PLAIN, SEALED};
use sealing_native::path::paths;
use sealing_native::reference::{Aes, verifies};
use sealing_native::run::{Keys, open, seal};

fuzz_target!(|data: &[u8]| {
    let Some(case) = case(data) else { return };
    let keys = Keys::copy(&case.keys);
    let runs: Vec<_> = paths()
        .iter()
        .map(|path| {
            let mut run = case.run.clone();
            seal(path, case.suite, &keys, case.first, &case.ivs, &mut run).expect("full segments");
            run
        })
        .collect();
    let Some(sealed) = runs.first() else { return };
    assert!(runs.iter().all(|run| run == sealed), "paths differ");

    let cipher = Aes::new(case.keys.last_chunk().expect("64 bytes"));
    for (at, segment) in sealed.as_chunks::<SEALED>().0.iter().enumerate() {
        assert!(verifies(case.suite, &case.keys, case.first + at as u64, segment), "a wrong tag");
        let plain = [&case.run[at * SEALED + IV..][..PLAIN], &PADDING].concat();
        for block in positions(&case.rest, PLAIN / BLOCK + 1).take(16) {
            let mut expected: [u8; BLOCK] = *plain[block * BLOCK..].first_chunk().expect("a block");
            expected.iter_mut().zip(&segment[block * BLOCK..]).for_each(|(byte, chain)| *byte ^= chain);
            assert_eq!(segment[IV + block * BLOCK..][..BLOCK], cipher.encrypt(expected), "a wrong block");
        }
    }
    for (path, mut run) in paths().into_iter().zip(runs) {
        assert_eq!(open(path, case.suite, &keys, case.first, &mut run), Ok(true));
        for (at, plain) in case.run.as_chunks::<SEALED>().0.iter().enumerate() {
            assert_eq!(run[at * PLAIN..][..PLAIN], plain[IV..][..PLAIN], "opened otherwise");
        }
    }
});
