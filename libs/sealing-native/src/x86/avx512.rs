//! AVX-512 with VAES: Intel from Ice Lake, AMD from Zen 4.

use super::{aesni, avx512_cbc, avx512_crc32, avx512_sha256, avx512_sha512, folding};
use crate::path::Path;

pub static PATH: Path = Path {
    name: "avx512",
    expand: aesni::expand,
    invert: aesni::invert,
    encrypt: |keys, run| {
        // SAFETY: `paths` gives this path out only after the processor said that it has AVX-512 F and VAES.
        unsafe { avx512_cbc::encrypt(keys, run) }
    },
    decrypt_block: aesni::decrypt_block,
    decrypt: |keys, run, from, to| {
        // SAFETY: as above.
        unsafe { avx512_cbc::decrypt(keys, run, from, to) }
    },
    tags256: |key, first, run, tags| {
        // SAFETY: as above, and AVX-512 BW.
        unsafe { avx512_sha256::tags(key, first, run, tags) }
    },
    tags512: |key, first, run, tags| {
        for (at, (run, tags)) in run.chunks(avx512_sha512::LANES).zip(tags.chunks_mut(avx512_sha512::LANES)).enumerate()
        {
            let first = first + (at * avx512_sha512::LANES) as u64;
            // SAFETY: as above, and AVX-512 BW.
            unsafe { avx512_sha512::tags(key, first, run, tags) }
        }
    },
    crc32: |bytes| {
        // SAFETY: as above, and VPCLMULQDQ.
        folding::by_vectors(bytes, |front, rest| unsafe { avx512_crc32::residue(front, rest) })
    },
};
