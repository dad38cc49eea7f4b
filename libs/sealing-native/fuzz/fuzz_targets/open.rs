//! A run with bytes changed is refused and wiped on every path; one of a wrong size is refused and left alone.
#![no_main]

mod case;

use case::{case, positions};
use libfuzzer_sys::fuzz_target;
use sealing_native::path::paths;
use sealing_native::run::{Keys, WrongSize, open, seal};

fuzz_target!(|data: &[u8]| {
    let Some(mut case) = case(data) else { return };
    let keys = Keys::copy(&case.keys);
    for path in paths() {
        seal(path, case.suite, &keys, case.first, &case.ivs, &mut case.run).expect("full segments");
        let mut damaged = case.run.clone();
        for (turn, at) in positions(&case.rest, damaged.len()).enumerate().take(8) {
            damaged[at] ^= 1 << (turn % 8);
        }
        let honest = damaged == case.run;
        assert_eq!(open(path, case.suite, &keys, case.first, &mut damaged), Ok(honest), "{}", path.name);
        assert!(honest || damaged.iter().all(|&byte| byte == 0), "not wiped");

        let shorter = &mut case.run.clone()[1..];
        assert_eq!(open(path, case.suite, &keys, case.first, shorter), Err(WrongSize));
        assert!(*shorter == case.run[1..]);
    }
});
