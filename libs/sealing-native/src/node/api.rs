//! The few functions of Node-API that the border calls. They are resolved from the process that loads the module, so nothing
//! is linked; names, arguments and numbers are those of `node_api.h`, stable since version 1 to 7 of it.

use std::ffi::{c_char, c_void};

pub type Env = *mut c_void;
pub type Value = *mut c_void;
pub type Info = *mut c_void;
pub type Callback = extern "C" fn(Env, Info) -> Value;

/// `napi_ok`.
pub const OK: i32 = 0;
/// `napi_uint8_array`.
pub const UINT8_ARRAY: i32 = 1;
/// `NAPI_AUTO_LENGTH`: the text ends with a zero.
pub const AUTO_LENGTH: usize = usize::MAX;

unsafe extern "C" {
    pub fn napi_create_function(
        env: Env,
        name: *const c_char,
        length: usize,
        call: Callback,
        data: *mut c_void,
        result: *mut Value,
    ) -> i32;
    pub fn napi_create_uint32(env: Env, value: u32, result: *mut Value) -> i32;
    pub fn napi_create_object(env: Env, result: *mut Value) -> i32;
    pub fn napi_create_string_utf8(env: Env, text: *const c_char, length: usize, result: *mut Value) -> i32;
    pub fn napi_get_boolean(env: Env, value: bool, result: *mut Value) -> i32;
    pub fn napi_get_cb_info(
        env: Env,
        info: Info,
        count: *mut usize,
        values: *mut Value,
        this: *mut Value,
        data: *mut *mut c_void,
    ) -> i32;
    pub fn napi_get_typedarray_info(
        env: Env,
        array: Value,
        kind: *mut i32,
        length: *mut usize,
        data: *mut *mut c_void,
        buffer: *mut Value,
        offset: *mut usize,
    ) -> i32;
    pub fn napi_get_undefined(env: Env, result: *mut Value) -> i32;
    pub fn napi_get_value_double(env: Env, value: Value, result: *mut f64) -> i32;
    pub fn napi_get_value_string_utf8(
        env: Env,
        value: Value,
        text: *mut c_char,
        size: usize,
        length: *mut usize,
    ) -> i32;
    pub fn napi_is_arraybuffer(env: Env, value: Value, result: *mut bool) -> i32;
    pub fn napi_is_detached_arraybuffer(env: Env, value: Value, result: *mut bool) -> i32;
    pub fn napi_is_exception_pending(env: Env, result: *mut bool) -> i32;
    pub fn napi_set_named_property(env: Env, object: Value, name: *const c_char, value: Value) -> i32;
    pub fn napi_throw_type_error(env: Env, code: *const c_char, message: *const c_char) -> i32;
}
