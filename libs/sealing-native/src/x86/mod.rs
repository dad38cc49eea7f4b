//! Paths of x86-64. The instructions of a path are never mixed with those of another kind in one function: SHA-NI behind AVX
//! with dirty upper halves runs a hundred times slower. The compiler clears them on the way out of every function here; a spec
//! looks at the disassembly.

mod aesni;
mod avx2_sha512;
mod avx512;
mod avx512_cbc;
mod avx512_crc32;
mod avx512_sha256;
mod avx512_sha512;
mod clmul_crc32;
mod folding;
mod memory;
mod shani;

use crate::path::Path;

pub fn paths() -> Vec<&'static Path> {
    let mut paths = Vec::new();
    let aes = is_x86_feature_detected!("aes") && is_x86_feature_detected!("sse4.1");
    let wide = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("vaes")
        && is_x86_feature_detected!("vpclmulqdq");
    if aes && wide {
        paths.push(&avx512::PATH);
    }
    let narrow = is_x86_feature_detected!("sha") && is_x86_feature_detected!("avx2");
    if aes && narrow && is_x86_feature_detected!("pclmulqdq") {
        paths.push(&aesni::PATH);
    }
    paths
}
