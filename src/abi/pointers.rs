//! The vocabulary for pointers: nobody else turns one into a reference or a slice.
//!
//! Holds: `required`, `optional`, `Out`, `slice_in`, `slice_inout`. May use: `spi`.
//! Must not touch: everything else.

use std::marker::PhantomData;

use crate::spi::error::{CallerFault, Error, Result};

/// A value that the caller must have given.
///
/// # Safety
/// `pointer` is NULL, or points to a readable, initialised `T` that nobody changes during `'a`.
pub unsafe fn required<'a, T>(pointer: *const T, name: &str) -> Result<&'a T> {
    // SAFETY: the contract is the same.
    unsafe { optional(pointer, name)? }.ok_or_else(|| null(name))
}

/// A value that the caller may have given.
///
/// # Safety
/// As [`required`].
pub unsafe fn optional<'a, T>(pointer: *const T, name: &str) -> Result<Option<&'a T>> {
    if pointer.is_null() {
        return Ok(None);
    }
    if !pointer.is_aligned() {
        return Err(Error::new(CallerFault::InvalidParameter, format!("{name} is misaligned")));
    }
    // SAFETY: not NULL, aligned; the caller promises the rest.
    Ok(Some(unsafe { &*pointer }))
}

/// A place for a result. It is only written, so that it need not be initialised.
#[derive(Debug, Clone, Copy)]
pub struct Out<'a, T> {
    pointer: *mut T,
    lifetime: PhantomData<&'a mut T>,
}

impl<T> Out<'_, T> {
    /// A place that the caller must have given.
    ///
    /// # Safety
    /// `pointer` is NULL, or writable for a `T` as long as the `Out` lives.
    pub unsafe fn required(pointer: *mut T, name: &str) -> Result<Self> {
        // SAFETY: the contract is the same.
        let out = unsafe { Self::optional(pointer, name)? };
        if out.pointer.is_null() { Err(null(name)) } else { Ok(out) }
    }

    /// A place that the caller may have given; writing to an absent one does nothing.
    ///
    /// # Safety
    /// As [`Out::required`].
    pub unsafe fn optional(pointer: *mut T, name: &str) -> Result<Self> {
        if !pointer.is_aligned() {
            return Err(Error::new(CallerFault::InvalidParameter, format!("{name} is misaligned")));
        }
        Ok(Self { pointer, lifetime: PhantomData })
    }

    /// Writes the result.
    pub fn set(&self, value: T) {
        if !self.pointer.is_null() {
            // SAFETY: not NULL, aligned and writable by the contract of the constructors.
            unsafe { self.pointer.write(value) }
        }
    }
}

/// Bytes that are read. A NULL pointer is an empty slice if the length is 0.
///
/// # Safety
/// `pointer` is NULL, or readable for `length` initialised bytes that nobody changes during `'a`.
pub unsafe fn slice_in<'a>(pointer: *const u8, length: usize, name: &str) -> Result<&'a [u8]> {
    if length == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(null(name));
    }
    // SAFETY: not NULL, bytes have no alignment; the caller promises the rest.
    Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
}

/// Bytes that are changed in place.
///
/// # Safety
/// `pointer` is NULL, or readable and writable for `length` initialised bytes to which nobody
/// else has access during `'a`.
pub unsafe fn slice_inout<'a>(pointer: *mut u8, length: usize, name: &str) -> Result<&'a mut [u8]> {
    if length == 0 {
        return Ok(&mut []);
    }
    if pointer.is_null() {
        return Err(null(name));
    }
    // SAFETY: not NULL, bytes have no alignment; the caller promises the rest.
    Ok(unsafe { std::slice::from_raw_parts_mut(pointer, length) })
}

/// An array of values that are read.
///
/// # Safety
/// `pointer` is NULL, or readable for `count` initialised values that nobody changes during `'a`.
pub unsafe fn array_in<'a, T>(pointer: *const T, count: usize, name: &str) -> Result<&'a [T]> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(null(name));
    }
    let fits = count.checked_mul(size_of::<T>()).is_some_and(|size| isize::try_from(size).is_ok());
    if !pointer.is_aligned() || !fits {
        return Err(Error::new(CallerFault::InvalidParameter, format!("{name} is no such array")));
    }
    // SAFETY: not NULL, aligned, of a possible size; the caller promises the rest.
    Ok(unsafe { std::slice::from_raw_parts(pointer, count) })
}

fn null(name: &str) -> Error {
    Error::new(CallerFault::InvalidParameter, format!("{name} is NULL"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr;

    #[test]
    fn null_and_misaligned_pointers_are_refused() {
        let words = [1_u64, 2];
        let odd = words.as_ptr().wrapping_byte_add(1);
        // SAFETY: NULL or misaligned pointers are never followed; `words` is alive.
        unsafe {
            assert!(required::<u64>(ptr::null(), "p").is_err());
            assert!(required(odd, "p").is_err());
            assert_eq!(*required(words.as_ptr(), "p").unwrap(), 1);
            assert!(optional::<u64>(ptr::null(), "p").unwrap().is_none());
            assert!(slice_in(ptr::null(), 1, "p").is_err());
            assert!(slice_in(ptr::null(), 0, "p").unwrap().is_empty());
            assert!(array_in::<u64>(words.as_ptr(), usize::MAX, "p").is_err());
            assert!(Out::<u64>::required(ptr::null_mut(), "p").is_err());
            Out::<u64>::optional(ptr::null_mut(), "p").unwrap().set(5);
        }
    }
}
