//! The border to Node: `{ version, paths, use(path) }`, and of `use` `{ seal, open, crc32 }`. Everything that comes in is looked at
//! here, once; behind it only Rust's own types are passed on.

mod api;
mod values;

use crate::layout::{IV, MOST};
use crate::path::{Path, paths};
use crate::run::{Keys, Suite, WrongSize, open, seal};
use api::{Env, Info, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;
use values::{Call, Object, Refused, throw};

impl From<WrongSize> for Refused {
    fn from(_: WrongSize) -> Self {
        Refused(c"not 1 to 16 full segments")
    }
}

/// Carries a call out. Neither a refusal nor a panic, which would be a mistake of ours, leaves as anything but an exception.
fn guarded(env: Env, work: impl FnOnce() -> Result<Value, Refused>) -> Value {
    // Nothing of a broken call is used again: the run it was about is the caller's to wipe.
    let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Refused(c"the native engine failed")));
    outcome.unwrap_or_else(|refused| {
        throw(env, refused);
        null_mut()
    })
}

fn path_of(call: &Call) -> Result<&'static Path, Refused> {
    // SAFETY: the operations are made by `choose` alone, with one of the paths, which are never moved or freed.
    unsafe { call.data.cast::<Path>().as_ref() }.ok_or(Refused(c"no path"))
}

fn suite_of(call: &Call) -> Result<Suite, Refused> {
    match call.whole(0)? {
        1 => Ok(Suite::Sha512),
        2 => Ok(Suite::Sha256),
        _ => Err(Refused(c"not a suite")),
    }
}

fn keys_of(call: &mut Call) -> Result<Keys, Refused> {
    let bytes = call.bytes(1)?;
    Ok(Keys::copy((&*bytes).try_into().map_err(|_| Refused(c"not 64 bytes of keys"))?))
}

/// `seal(suite, keys, first, ivs, run)`.
extern "C" fn seal_call(env: Env, info: Info) -> Value {
    guarded(env, || {
        let mut call = Call::new(env, info)?;
        let (path, suite, first) = (path_of(&call)?, suite_of(&call)?, call.whole(2)?);
        let keys = keys_of(&mut call)?;
        let mut ivs = [[0; IV]; MOST];
        let (given, []) = call.bytes(3)?.as_chunks::<IV>() else {
            return Err(Refused(c"an IV has 16 bytes"));
        };
        let ivs = ivs.get_mut(..given.len()).ok_or(WrongSize)?;
        ivs.copy_from_slice(given);
        seal(path, suite, &keys, first, ivs, call.bytes(4)?)?;
        call.undefined()
    })
}

/// `open(suite, keys, first, run)`.
extern "C" fn open_call(env: Env, info: Info) -> Value {
    guarded(env, || {
        let mut call = Call::new(env, info)?;
        let (path, suite, first) = (path_of(&call)?, suite_of(&call)?, call.whole(2)?);
        let keys = keys_of(&mut call)?;
        let run = call.bytes(3)?;
        let opened = open(path, suite, &keys, first, run)?;
        call.boolean(opened)
    })
}

/// `crc32(bytes)`.
extern "C" fn crc32_call(env: Env, info: Info) -> Value {
    guarded(env, || {
        let mut call = Call::new(env, info)?;
        let path = path_of(&call)?;
        let sum = (path.crc32)(call.bytes(0)?);
        call.number(sum)
    })
}

/// `use(path)`: the operations by one path of this processor.
extern "C" fn choose(env: Env, info: Info) -> Value {
    guarded(env, || {
        let call = Call::new(env, info)?;
        let mut text = [0; 32];
        let name = call.text(0, &mut text)?;
        let path = paths().into_iter().find(|path| path.name == name);
        let path = path.ok_or(Refused(c"this processor cannot follow that path"))?;
        let engine = Object::new(env)?;
        engine.function(c"seal", seal_call, Some(path))?;
        engine.function(c"open", open_call, Some(path))?;
        engine.function(c"crc32", crc32_call, Some(path))?;
        Ok(engine.value)
    })
}

/// What Node calls when it loads the module, once for every thread that does.
#[unsafe(no_mangle)]
extern "C" fn napi_register_module_v1(env: Env, exports: Value) -> Value {
    guarded(env, || {
        let module = Object::of(env, exports);
        module.text(c"version", env!("CARGO_PKG_VERSION"))?;
        let names: Vec<_> = paths().iter().map(|path| path.name).collect();
        module.text(c"paths", &names.join(","))?;
        module.function::<Path>(c"use", choose, None)?;
        Ok(exports)
    })
}
