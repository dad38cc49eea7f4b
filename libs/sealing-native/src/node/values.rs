//! Values of JavaScript in and out, each looked at once. What does not fit is a `Refused`, which becomes a TypeError.

use super::api::*;
use std::ffi::{CStr, c_void};
use std::ptr::{null, null_mut};

/// Why a call is not carried out; said to the caller as it is.
pub struct Refused(pub &'static CStr);

const BROKEN: Refused = Refused(c"Node-API did not answer as expected");

/// What one call of a function holds: its arguments live as long as the call.
pub struct Call {
    env: Env,
    arguments: [Value; 5],
    /// What the function was made with.
    pub data: *mut c_void,
}

fn checked(status: i32) -> Result<(), Refused> {
    if status == OK { Ok(()) } else { Err(BROKEN) }
}

impl Call {
    /// Takes in what a callback is given.
    pub fn new(env: Env, info: Info) -> Result<Self, Refused> {
        let mut call = Self { env, arguments: [null_mut(); 5], data: null_mut() };
        let mut count = call.arguments.len();
        // SAFETY: `env` and `info` are those of the callback we are in; the array has room for `count` values, and Node fills
        // what was not given with undefined.
        checked(unsafe {
            napi_get_cb_info(env, info, &mut count, call.arguments.as_mut_ptr(), null_mut(), &mut call.data)
        })?;
        Ok(call)
    }

    /// A whole number that JavaScript holds exactly.
    pub fn whole(&self, at: usize) -> Result<u64, Refused> {
        let mut number = f64::NAN;
        // SAFETY: the value is an argument of the call we are in. Anything but a number is an error; nothing is converted.
        let status = unsafe { napi_get_value_double(self.env, self.arguments[at], &mut number) };
        let exact = (0.0..=9_007_199_254_740_991.0).contains(&number) && number.fract() == 0.0;
        if status == OK && exact { Ok(number as u64) } else { Err(Refused(c"not a whole number")) }
    }

    /// A short text.
    pub fn text<'a>(&self, at: usize, into: &'a mut [u8; 32]) -> Result<&'a str, Refused> {
        let mut length = 0;
        // SAFETY: the value is an argument of the call we are in; at most the array's bytes are written, a zero among them.
        let status = unsafe {
            napi_get_value_string_utf8(self.env, self.arguments[at], into.as_mut_ptr().cast(), into.len(), &mut length)
        };
        let text = into.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok());
        text.filter(|_| status == OK).ok_or(Refused(c"not a short text"))
    }

    /// The bytes of a Uint8Array. Refused are those of shared memory, which another thread may write meanwhile, and those that
    /// were given away. The call is borrowed as long as the slice lives: there is no second one, and nothing is asked of Node.
    pub fn bytes(&mut self, at: usize) -> Result<&mut [u8], Refused> {
        let (mut kind, mut length, mut data, mut buffer) = (0, 0, null_mut(), null_mut());
        // SAFETY: the value is an argument of the call we are in; all places to write to are ours. Anything but a typed array
        // is an error.
        let status = unsafe {
            napi_get_typedarray_info(
                self.env,
                self.arguments[at],
                &mut kind,
                &mut length,
                &mut data,
                &mut buffer,
                null_mut(),
            )
        };
        if status != OK || kind != UINT8_ARRAY {
            return Err(Refused(c"not a Uint8Array"));
        }
        let (mut own, mut detached) = (false, true);
        // SAFETY: `buffer` is the array's, as Node has just said.
        checked(unsafe { napi_is_arraybuffer(self.env, buffer, &mut own) })?;
        if !own {
            return Err(Refused(c"shared memory is not taken"));
        }
        // SAFETY: as above, and it is an ArrayBuffer.
        checked(unsafe { napi_is_detached_arraybuffer(self.env, buffer, &mut detached) })?;
        if detached || data.is_null() || length == 0 {
            return Err(Refused(c"an empty Uint8Array, or one that was given away"));
        }
        // SAFETY: Node says that `length` bytes lie at `data`; the argument keeps them alive while the call lasts. They are in
        // memory of one thread, ours, in which no JavaScript runs before the call ends; and `self` is borrowed, so there is no
        // second slice.
        Ok(unsafe { std::slice::from_raw_parts_mut(data.cast(), length) })
    }

    /// `true` or `false`.
    pub fn boolean(&self, value: bool) -> Result<Value, Refused> {
        let mut result = null_mut();
        // SAFETY: `env` is that of the call we are in.
        checked(unsafe { napi_get_boolean(self.env, value, &mut result) })?;
        Ok(result)
    }

    /// A whole number.
    pub fn number(&self, value: u32) -> Result<Value, Refused> {
        let mut result = null_mut();
        // SAFETY: `env` is that of the call we are in.
        checked(unsafe { napi_create_uint32(self.env, value, &mut result) })?;
        Ok(result)
    }

    /// `undefined`.
    pub fn undefined(&self) -> Result<Value, Refused> {
        let mut result = null_mut();
        // SAFETY: `env` is that of the call we are in.
        checked(unsafe { napi_get_undefined(self.env, &mut result) })?;
        Ok(result)
    }
}

/// An object of the module, to be given names.
pub struct Object {
    env: Env,
    /// The object itself.
    pub value: Value,
}

impl Object {
    /// A new one.
    pub fn new(env: Env) -> Result<Self, Refused> {
        let mut value = null_mut();
        // SAFETY: `env` is that of the call we are in.
        checked(unsafe { napi_create_object(env, &mut value) })?;
        Ok(Self { env, value })
    }

    /// One that Node has made.
    pub fn of(env: Env, value: Value) -> Self {
        Self { env, value }
    }

    /// Sets a text.
    pub fn text(&self, name: &CStr, text: &str) -> Result<(), Refused> {
        let mut value = null_mut();
        // SAFETY: `env` is that of the call we are in; `text` has `text.len()` bytes.
        checked(unsafe { napi_create_string_utf8(self.env, text.as_ptr().cast(), text.len(), &mut value) })?;
        self.set(name, value)
    }

    /// Sets a function, which finds `data` in its calls.
    pub fn function<T>(&self, name: &CStr, call: Callback, data: Option<&'static T>) -> Result<(), Refused> {
        let data = data.map_or(null_mut(), |data| std::ptr::from_ref(data).cast_mut().cast());
        let mut value = null_mut();
        // SAFETY: `name` ends with a zero; `call` is a callback for the whole life of the process, and so is `data`.
        checked(unsafe { napi_create_function(self.env, name.as_ptr(), AUTO_LENGTH, call, data, &mut value) })?;
        self.set(name, value)
    }

    fn set(&self, name: &CStr, value: Value) -> Result<(), Refused> {
        // SAFETY: all values are of the call we are in; `name` ends with a zero.
        checked(unsafe { napi_set_named_property(self.env, self.value, name.as_ptr(), value) })
    }
}

/// Makes a refusal the exception of the call; one that is under way stays.
pub fn throw(env: Env, Refused(message): Refused) {
    let mut pending = false;
    // SAFETY: `env` is that of the call we are in; `message` ends with a zero.
    unsafe {
        if napi_is_exception_pending(env, &mut pending) == OK && !pending {
            napi_throw_type_error(env, null(), message.as_ptr());
        }
    }
}
