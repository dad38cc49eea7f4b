//! Secrets do not stay in memory: written over in a way that no compiler may leave out.

use std::mem::MaybeUninit;
use std::sync::atomic::{Ordering, compiler_fence};

/// Values without a pointer and without a `Drop`: any bytes may be written over them.
pub trait Plain: Copy {}
impl Plain for u8 {}
impl Plain for u32 {}
impl Plain for u64 {}
impl<T: Plain, const N: usize> Plain for [T; N] {}

/// Writes zeros over bytes.
pub fn wipe(bytes: &mut [u8]) {
    for byte in bytes {
        // SAFETY: `byte` is a valid reference; a volatile write through it is an ordinary write that stays.
        unsafe { std::ptr::write_volatile(byte, 0) };
    }
    compiler_fence(Ordering::SeqCst);
}

/// A secret that is written over when it goes.
pub struct Wiped<T: Plain>(pub T);

impl<T: Plain> Drop for Wiped<T> {
    fn drop(&mut self) {
        // SAFETY: `Plain` is integers and arrays of them, for which all zeros is a value; the reference is valid.
        unsafe { std::ptr::write_volatile(&mut self.0, std::mem::zeroed()) };
        compiler_fence(Ordering::SeqCst);
    }
}

/// More than any function below `run` keeps on the stack.
const STACK: usize = 24 * 1024;

/// Writes over the stack below the caller: where round keys and states lay that did not fit into registers.
#[inline(never)]
pub fn wipe_stack() {
    let mut below = [MaybeUninit::<u64>::uninit(); STACK / 8];
    for word in &mut below {
        // SAFETY: `word` is a valid reference to memory of this frame; a volatile write through it stays.
        unsafe { std::ptr::write_volatile(word, MaybeUninit::new(0)) };
    }
    compiler_fence(Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_over() {
        let mut bytes = [7_u8; 100];
        wipe(&mut bytes[10..90]);
        assert!(bytes[10..90].iter().all(|&byte| byte == 0));
        assert!(bytes[..10].iter().chain(&bytes[90..]).all(|&byte| byte == 7));
    }

    #[test]
    fn a_secret_is_gone_once_dropped() {
        let mut secret = std::mem::ManuallyDrop::new(Wiped([[0x5a_u32; 3]; 2]));
        // SAFETY: dropped once, here; the memory is this frame's own and stays readable, its integers always valid.
        unsafe { std::mem::ManuallyDrop::drop(&mut secret) };
        assert_eq!(secret.0, [[0; 3]; 2]);
    }
}
