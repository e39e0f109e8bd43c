//! ASN.1 of RFC 4120 (DER): how a Rust value is read and written, and the tables of fields.
//!
//! Reading is the `der` crate's, strict to the last bit. Writing goes forward in one pass; what
//! is written may be secret, so that memory which is left behind is wiped.

mod kinds;
mod time;
mod writer;

use der::{Decode as _, ErrorKind, Header, Reader as _, SliceReader};

pub(super) use kinds::{
    Boolean, EncodedString, Int32, KerberosFlags, KerberosString, LenientString, OctetString,
    SecretOctetString, SequenceOf, UInt32,
};
pub(in crate::wire) use writer::Writer;

use super::WireError;
use crate::spi::secret::SecretBytes;

/// No message is longer; a KDC's TCP answer neither (attack K24).
pub const MAX_MESSAGE: usize = 1 << 20;

/// What reads one message.
pub(super) type Reader<'a> = SliceReader<'a>;

/// An ASN.1 type, and the Rust value that stands for it.
pub(super) trait Asn1 {
    /// The Rust value.
    type Value;
    /// The identifier octet.
    const TAG: u8;
    /// Reads the contents; all of them, what is left over is malformed.
    fn read(contents: &mut Reader<'_>) -> der::Result<Self::Value>;
    /// Writes the contents.
    fn write(value: &Self::Value, out: &mut Writer);
}

/// A value with its tag.
pub(super) trait Element {
    /// The Rust value.
    type Value;
    /// Reads tag, length and contents.
    fn read_element(reader: &mut Reader<'_>) -> der::Result<Self::Value>;
    /// Writes tag, length and contents.
    fn write_element(value: &Self::Value, out: &mut Writer);
}

impl<K: Asn1> Element for K {
    type Value = K::Value;

    fn read_element(reader: &mut Reader<'_>) -> der::Result<K::Value> {
        tagged(K::TAG, reader, K::read)
    }

    fn write_element(value: &K::Value, out: &mut Writer) {
        out.tagged(K::TAG, |out| K::write(value, out));
    }
}

/// A field of a SEQUENCE, with its explicit context tag.
pub(super) trait Field {
    /// The Rust value.
    type Value;
    /// Reads the field that has this number.
    fn read_field(number: u8, sequence: &mut Reader<'_>) -> der::Result<Self::Value>;
    /// Writes the field.
    fn write_field(number: u8, value: &Self::Value, out: &mut Writer);
}

impl<K: Element> Field for K {
    type Value = K::Value;

    fn read_field(number: u8, sequence: &mut Reader<'_>) -> der::Result<K::Value> {
        tagged(context(number), sequence, K::read_element)
    }

    fn write_field(number: u8, value: &K::Value, out: &mut Writer) {
        out.tagged(context(number), |out| K::write_element(value, out));
    }
}

/// OPTIONAL.
pub(super) struct Optional<K>(std::marker::PhantomData<K>);

impl<K: Element> Field for Optional<K> {
    type Value = Option<K::Value>;

    fn read_field(number: u8, sequence: &mut Reader<'_>) -> der::Result<Self::Value> {
        if sequence.peek_byte() == Some(context(number)) {
            K::read_field(number, sequence).map(Some)
        } else {
            Ok(None)
        }
    }

    fn write_field(number: u8, value: &Self::Value, out: &mut Writer) {
        if let Some(value) = value {
            K::write_field(number, value, out);
        }
    }
}

/// SEQUENCE OF, OPTIONAL: absent when there is nothing in it.
pub(super) struct OptionalSequenceOf<K>(std::marker::PhantomData<K>);

impl<K: Element> Field for OptionalSequenceOf<K> {
    type Value = Vec<K::Value>;

    fn read_field(number: u8, sequence: &mut Reader<'_>) -> der::Result<Self::Value> {
        Optional::<SequenceOf<K>>::read_field(number, sequence).map(Option::unwrap_or_default)
    }

    fn write_field(number: u8, value: &Self::Value, out: &mut Writer) {
        if !value.is_empty() {
            SequenceOf::<K>::write_field(number, value, out);
        }
    }
}

/// The tag of a field.
pub(super) const fn context(number: u8) -> u8 {
    0xA0 | number
}

/// The tag of a message.
pub(super) const fn application(number: u8) -> u8 {
    0x60 | number
}

/// SEQUENCE.
pub(super) const SEQUENCE: u8 = 0x30;

/// Reads an element with this tag: nothing of it may be left over.
pub(super) fn tagged<'a, T>(
    tag: u8,
    reader: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> der::Result<T>,
) -> der::Result<T> {
    if reader.peek_byte() != Some(tag) {
        return Err(other_tag(reader));
    }
    let header = Header::decode(reader)?;
    reader.read_nested(header.length(), read)
}

/// What is next is not what was due.
pub(super) fn other_tag(reader: &mut Reader<'_>) -> der::Error {
    match reader.peek_byte() {
        Some(byte) => reader.error(ErrorKind::TagUnknown { byte }),
        None => der::Error::incomplete(reader.position()),
    }
}

/// A field that is always the same number: `pvno`, `msg-type`.
pub(super) fn read_constant(number: u8, value: i32, reader: &mut Reader<'_>) -> der::Result<()> {
    if Int32::read_field(number, reader)? == value {
        return Ok(());
    }
    Err(reader.error(ErrorKind::Value { tag: der::Tag::Integer }))
}

/// Writes such a field.
pub(super) fn write_constant(number: u8, value: i32, out: &mut Writer) {
    Int32::write_field(number, &value, out);
}

/// Passes over the fields that a later version of an extensible SEQUENCE added.
pub(super) fn extensible(sequence: &mut Reader<'_>) -> der::Result<()> {
    while !sequence.is_finished() {
        sequence.tlv_bytes()?;
    }
    Ok(())
}

/// Reads a whole message.
pub(super) fn from_der<K: Element>(
    name: &'static str,
    bytes: &[u8],
) -> Result<K::Value, WireError> {
    read_whole(name, bytes, K::read_element)
}

/// Reads all of the bytes.
pub(super) fn read_whole<'a, T>(
    name: &'static str,
    bytes: &'a [u8],
    read: impl FnOnce(&mut Reader<'a>) -> der::Result<T>,
) -> Result<T, WireError> {
    if bytes.len() > MAX_MESSAGE {
        return Err(WireError::new(name, "too long"));
    }
    let read = || {
        let mut reader = Reader::new(bytes)?;
        let value = read(&mut reader)?;
        reader.finish()?;
        Ok(value)
    };
    read().map_err(|error: der::Error| WireError::new(name, error))
}

/// Writes a whole message.
pub(super) fn to_der<K: Element>(value: &K::Value) -> Vec<u8> {
    let mut out = Writer::new();
    K::write_element(value, &mut out);
    out.into_bytes()
}

/// Writes a SEQUENCE OF.
pub(super) fn list_to_der<K: Element<Value = K>>(list: &[K]) -> Vec<u8> {
    let mut out = Writer::new();
    out.tagged(SEQUENCE, |out| list.iter().for_each(|item| K::write_element(item, out)));
    out.into_bytes()
}

/// Writes a whole message that holds secrets.
pub(super) fn to_der_secret<K: Element>(value: &K::Value) -> SecretBytes {
    let mut out = Writer::new();
    K::write_element(value, &mut out);
    out.into_secret()
}

/// The table of a SEQUENCE's fields, as the RFC has it: `[number] field: Kind`, or
/// `[number] field = constant`. With `[APPLICATION n]` it is a message with an outer tag of its
/// own; a table that ends in `extensible` passes over fields that it does not know.
macro_rules! sequence {
    ($name:ident [APPLICATION $tag:literal] { $($fields:tt)* }) => {
        impl $crate::wire::kerberos::asn1::Asn1 for $name {
            type Value = Self;
            const TAG: u8 = $crate::wire::kerberos::asn1::application($tag);

            fn read(
                contents: &mut $crate::wire::kerberos::asn1::Reader<'_>,
            ) -> der::Result<Self> {
                use $crate::wire::kerberos::asn1::{SEQUENCE, tagged};
                tagged(SEQUENCE, contents, |fields| sequence!(@read fields $($fields)*))
            }

            fn write(value: &Self, out: &mut $crate::wire::kerberos::asn1::Writer) {
                use $crate::wire::kerberos::asn1::SEQUENCE;
                out.tagged(SEQUENCE, |out| { sequence!(@write value out $($fields)*); });
            }
        }
    };
    ($name:ident { $($fields:tt)* }) => {
        impl $crate::wire::kerberos::asn1::Asn1 for $name {
            type Value = Self;
            const TAG: u8 = $crate::wire::kerberos::asn1::SEQUENCE;

            fn read(
                contents: &mut $crate::wire::kerberos::asn1::Reader<'_>,
            ) -> der::Result<Self> {
                sequence!(@read contents $($fields)*)
            }

            fn write(value: &Self, out: &mut $crate::wire::kerberos::asn1::Writer) {
                sequence!(@write value out $($fields)*);
            }
        }
    };
    (@read $reader:ident
        $([$number:literal] $field:ident $(: $kind:ty)? $(= $constant:literal)?,)*
        $($extensible:ident)?
    ) => {{
        $(
            $(let $field = <$kind as $crate::wire::kerberos::asn1::Field>::read_field(
                $number, $reader,
            )?;)?
            $($crate::wire::kerberos::asn1::read_constant($number, $constant, $reader)?;)?
        )*
        $($crate::wire::kerberos::asn1::$extensible($reader)?;)?
        Ok(Self { $($($field: sequence!(@value $field $kind),)?)* })
    }};
    (@write $value:ident $out:ident
        $([$number:literal] $field:ident $(: $kind:ty)? $(= $constant:literal)?,)*
        $($extensible:ident)?
    ) => {
        $(
            $(<$kind as $crate::wire::kerberos::asn1::Field>::write_field(
                $number, &$value.$field, $out,
            );)?
            $($crate::wire::kerberos::asn1::write_constant($number, $constant, $out);)?
        )*
    };
    (@value $field:ident $kind:ty) => { $field };
}

/// Gives types their `from_der` and `to_der`.
macro_rules! messages {
    ($($name:ident: $text:literal),* $(,)?) => {$(
        impl $name {
            /// Reads it; all of the bytes.
            pub fn from_der(bytes: &[u8]) -> Result<Self, $crate::wire::kerberos::WireError> {
                $crate::wire::kerberos::asn1::from_der::<Self>($text, bytes)
            }

            /// Writes it.
            pub fn to_der(&self) -> Vec<u8> {
                $crate::wire::kerberos::asn1::to_der::<Self>(self)
            }
        }
    )*};
}

/// Gives types that hold secrets their `from_der` and `to_der_secret`.
macro_rules! secret_messages {
    ($($name:ident: $text:literal),* $(,)?) => {$(
        impl $name {
            /// Reads it; all of the bytes.
            pub fn from_der(bytes: &[u8]) -> Result<Self, $crate::wire::kerberos::WireError> {
                $crate::wire::kerberos::asn1::from_der::<Self>($text, bytes)
            }

            /// Writes it, into memory that is wiped.
            pub fn to_der_secret(&self) -> $crate::spi::secret::SecretBytes {
                $crate::wire::kerberos::asn1::to_der_secret::<Self>(self)
            }
        }
    )*};
}

/// Gives types their `list_from_der` and `list_to_der`, for a SEQUENCE OF them.
macro_rules! lists {
    ($($name:ident: $text:literal),* $(,)?) => {$(
        impl $name {
            /// Reads a SEQUENCE OF them; all of the bytes.
            pub fn list_from_der(
                bytes: &[u8],
            ) -> Result<Vec<Self>, $crate::wire::kerberos::WireError> {
                use $crate::wire::kerberos::asn1::{SequenceOf, from_der};
                from_der::<SequenceOf<Self>>($text, bytes)
            }

            /// Writes a SEQUENCE OF them.
            pub fn list_to_der(list: &[Self]) -> Vec<u8> {
                $crate::wire::kerberos::asn1::list_to_der::<Self>(list)
            }
        }
    )*};
}

pub(super) use {lists, messages, secret_messages, sequence};
