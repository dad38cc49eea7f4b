use super::*;
use crate::layout::IV;
use crate::path::paths;
use crate::reference::{self, Aes};

const SUITES: [Suite; 2] = [Suite::Sha256, Suite::Sha512];

/// Bytes that look random and are the same in every run.
fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

fn hex<const N: usize>(text: &str) -> [u8; N] {
    let text: String = text.split_whitespace().collect();
    std::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("hexadecimal"))
}

struct Case {
    keys: [u8; 64],
    ivs: Vec<[u8; IV]>,
    plain: Vec<u8>,
}

fn case(seed: u64, count: usize) -> Case {
    Case {
        keys: *bytes(seed, 64).first_chunk().expect("64 bytes"),
        ivs: bytes(seed + 1, count * IV).as_chunks().0.to_vec(),
        plain: bytes(seed + 2, count * SEALED),
    }
}

fn plaintext(run: &[u8]) -> Vec<u8> {
    run.as_chunks::<SEALED>().0.iter().flat_map(|segment| segment[IV..IV + PLAIN].to_vec()).collect()
}

#[test]
fn every_path_makes_the_bytes_of_the_reference_and_opens_them() {
    for path in paths() {
        for suite in SUITES {
            for count in [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 15, 16] {
                let Case { keys, ivs, plain } = case(count as u64, count);
                let first = 0xffff_fffe - 3;
                let (mut ours, mut expected) = (plain.clone(), plain.clone());
                reference::seal(suite, &keys, first, &ivs, &mut expected);
                seal(path, suite, &Keys::copy(&keys), first, &ivs, &mut ours).expect("a run");
                assert!(ours == expected, "{} {suite:?} {count}: sealed", path.name);
                assert_eq!(open(path, suite, &Keys::copy(&keys), first, &mut ours), Ok(true));
                assert!(ours[..count * PLAIN] == plaintext(&plain), "{} {suite:?} {count}: opened", path.name);
            }
        }
    }
}

#[test]
fn one_wrong_bit_wipes_the_whole_run() {
    for path in paths() {
        for suite in SUITES {
            let Case { keys, ivs, plain } = case(9, 9);
            let mut sealed = plain;
            seal(path, suite, &Keys::copy(&keys), 7, &ivs, &mut sealed).expect("a run");
            for at in [0, IV, SEALED - 1, 8 * SEALED, 9 * SEALED - 1, 4 * SEALED + 33_333] {
                let mut damaged = sealed.clone();
                damaged[at] ^= 0x10;
                assert_eq!(open(path, suite, &Keys::copy(&keys), 7, &mut damaged), Ok(false));
                assert!(damaged.iter().all(|&byte| byte == 0));
            }
            let mut moved = sealed.clone();
            assert_eq!(open(path, suite, &Keys::copy(&keys), 8, &mut moved), Ok(false));
        }
    }
}

#[test]
fn bad_padding_under_a_good_tag_is_refused_and_wiped() {
    let Case { keys, ivs, plain } = case(3, 3);
    let cipher = Aes::new(keys.last_chunk().expect("64 bytes"));
    for path in paths() {
        for suite in SUITES {
            let mut run = plain.clone();
            seal(path, suite, &Keys::copy(&keys), 0, &ivs, &mut run).expect("a run");
            // Fifteen bytes of padding and one of text: good PKCS#7, but not of a full segment.
            let last = SEALED + TAG_AT - 2 * BLOCK;
            let chain: [u8; 16] = *crate::layout::chunk(&run, last);
            let mut block = [15; 16];
            block[0] = 0x41;
            block.iter_mut().zip(chain).for_each(|(byte, chain)| *byte ^= chain);
            run[last + BLOCK..last + 2 * BLOCK].copy_from_slice(&cipher.encrypt(block));
            let made = tags(path, suite, &Keys::copy(&keys), 0, run.as_chunks().0)[1];
            run[SEALED + TAG_AT..2 * SEALED].copy_from_slice(&made);
            assert!(reference::verifies(suite, &keys, 1, &run.as_chunks().0[1]));
            assert_eq!(open(path, suite, &Keys::copy(&keys), 0, &mut run), Ok(false));
            assert!(run.iter().all(|&byte| byte == 0));
        }
    }
}

#[test]
fn other_sizes_are_refused_before_anything_is_done() {
    for path in paths() {
        for length in [0, 1, SEALED - 1, SEALED + 1, 17 * SEALED] {
            let mut run = vec![7; length];
            let ivs = vec![[0; IV]; length / SEALED];
            assert_eq!(seal(path, Suite::Sha256, &Keys::copy(&[0; 64]), 0, &ivs, &mut run), Err(WrongSize));
            assert!(run.iter().all(|&byte| byte == 7));
            assert_eq!(open(path, Suite::Sha256, &Keys::copy(&[0; 64]), 0, &mut run), Err(WrongSize));
        }
        let mut run = vec![7; 2 * SEALED];
        assert_eq!(seal(path, Suite::Sha512, &Keys::copy(&[0; 64]), 0, &[[0; IV]], &mut run), Err(WrongSize));
        assert!(run.iter().all(|&byte| byte == 7));
    }
}

/// NIST SP 800-38A, F.2.5 and F.2.6: CBC-AES256. A chain's first blocks do not depend on what follows.
#[test]
fn cbc_of_nist() {
    let key: [u8; 32] = hex("603deb1015ca71be2b73aef0857d7781 1f352c073b6108d72d9810a30914dff4");
    let iv: [u8; 16] = hex("000102030405060708090a0b0c0d0e0f");
    let plain: [u8; 64] = hex("6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
        30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710");
    let sealed: [u8; 64] = hex("f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d
        39f23369a9d9bacfa530e26304231461 b2eb05e2c39be9fcda6c19078c6a9d1b");
    let mut blocks = *plain.as_chunks::<16>().0.as_array::<4>().expect("four blocks");
    Aes::new(&key).encrypt_cbc(&iv, &mut blocks);
    assert_eq!(blocks.as_flattened(), sealed);
    for path in paths() {
        let mut run = vec![0; 6 * SEALED];
        for segment in run.as_chunks_mut::<SEALED>().0 {
            segment[..IV].copy_from_slice(&iv);
            segment[IV..IV + 64].copy_from_slice(&plain);
        }
        let keys = (path.expand)(&key);
        (path.encrypt)(&keys, run.as_chunks_mut().0);
        for segment in run.as_chunks::<SEALED>().0 {
            assert_eq!(segment[IV..IV + 64], sealed, "{}", path.name);
        }
        (path.decrypt)(&(path.invert)(&keys), &mut run, 0, 0);
        assert_eq!(run[..64], plain, "{}", path.name);
    }
}

/// RFC 4231, test cases 1, 2 and 6: what the reference's HMAC, and so its two hashes, are held against.
#[test]
fn hmac_of_rfc_4231() {
    let cases: [(&[u8], &[u8], &str, &str); 3] = [
        (
            &[0x0b; 20],
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b 881dc200c9833da726e9376c2e32cff7",
            "87aa7cdea5ef619d4ff0b4241a1d6cb0 2379f4e2ce4ec2787ad0b30545e17cde",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c7 5a003f089d2739839dec58b964ec3843",
            "164b7a7bfcf819e2e395fbe73b56e0a3 87bd64222e831fd610270cd7ea250554",
        ),
        (
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f 8e0bc6213728c5140546040f0ee37f54",
            "80b24263c7c1a3ebb71493c1dd7be8b4 9b46d1f41b4aeec1121b013783f8f352",
        ),
    ];
    for (key, message, short, long) in cases {
        assert_eq!(reference::hmac(Suite::Sha256, key, message), hex::<32>(short));
        assert_eq!(reference::hmac(Suite::Sha512, key, message)[..32], hex::<32>(long));
    }
}

/// RFC 7518, appendix B.3: AES_256_CBC_HMAC_SHA_512.
#[test]
fn the_construction_of_rfc_7518() {
    let keys: [u8; 64] = std::array::from_fn(|at| at as u8);
    let iv: [u8; 16] = hex("1af38c2dc2b96ffdd86694092341bc04");
    let aad = b"The second principle of Auguste Kerckhoffs";
    let plain =
        b"A cipher system must not be required to be secret, and it must be able to fall into the hands of the \
        enemy without inconvenience";
    let sealed = reference::protect(Suite::Sha512, &keys, aad, &iv, plain);
    let front: [u8; 32] = hex("4affaaadb78c31c5da4b1b590d10ffbd 3dd8d5d302423526912da037ecbcc7bd");
    let tag: [u8; 32] = hex("4dd3b4c088a7f45c216839645b2012bf 2e6269a8c56a816dbc1b267761955bc5");
    assert_eq!((sealed.len(), &sealed[16..48], sealed.last_chunk()), (16 + 144 + 32, front.as_slice(), Some(&tag)));
}
