//! Marshalled target information (`CREDENTIAL_TARGET_INFORMATIONW`).

use std::ffi::c_void;

use crate::abi::boundary::boundary_value;
use crate::abi::memory::{self, Kind, Pending};
use crate::abi::pointers::{self, Out};
use crate::abi::strings::terminated;
use crate::abi::types::*;
use crate::spi::error::{CallerFault, Error, Fault, LocalFault, Result};
use crate::spi::target::{NAMES, TargetInformation};

/// Puts what is known of a server into a string, as it may hang behind a service name. `BufferSize`
/// gets its size in bytes, without the terminator that follows. Free it with SspiLocalFree.
///
/// # Safety
/// `InTargetInfo` is NULL or readable with all that it points at, the others are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CredMarshalTargetInfo(
    InTargetInfo: PCREDENTIAL_TARGET_INFORMATIONW,
    Buffer: *mut PUSHORT,
    BufferSize: PULONG,
) -> NTSTATUS {
    let arguments = format_args!("{InTargetInfo:p}");
    answered("CredMarshalTargetInfo", arguments, || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            Out::optional(Buffer, "Buffer")?.set(std::ptr::null_mut());
            Out::optional(BufferSize, "BufferSize")?.set(0);
            let information = pointers::required(InTargetInfo.cast_const(), "InTargetInfo")?;
            let buffer = Out::required(Buffer, "Buffer")?;
            let size = Out::required(BufferSize, "BufferSize")?;
            let string = read(information)?.marshal()?;
            let bytes: Vec<u8> = string.iter().chain(&[0]).flat_map(|u| u.to_ne_bytes()).collect();
            buffer.set(memory::hand_out(Kind::Local, &bytes)?.cast());
            size.set((string.len() * 2) as ULONG);
        }
        Ok(())
    })
}

/// Takes what is known of a server out of the end of a string, and tells how many bytes of it that
/// was. Free the structure, which is one block with all that it points at, with SspiLocalFree.
///
/// # Safety
/// `Buffer` is NULL or readable for `BufferSize` bytes, the others are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CredUnmarshalTargetInfo(
    Buffer: PUSHORT,
    BufferSize: ULONG,
    RetTargetInfo: *mut PCREDENTIAL_TARGET_INFORMATIONW,
    RetActualSize: PULONG,
) -> NTSTATUS {
    answered("CredUnmarshalTargetInfo", format_args!("{BufferSize}"), || {
        // SAFETY: the contract is the same, for each pointer.
        unsafe {
            Out::optional(RetTargetInfo, "RetTargetInfo")?.set(std::ptr::null_mut());
            let actual = Out::optional(RetActualSize, "RetActualSize")?;
            actual.set(0);
            let target = Out::required(RetTargetInfo, "RetTargetInfo")?;
            if !BufferSize.is_multiple_of(2) {
                return Err(Error::new(CallerFault::InvalidParameter, "BufferSize is odd"));
            }
            let units = (BufferSize / 2) as usize;
            let string = pointers::array_in(Buffer.cast_const(), units, "Buffer")?;
            let (information, used) = TargetInformation::unmarshal(string)?;
            target.set(hand_out(&information)?);
            actual.set((used * 2) as ULONG);
        }
        Ok(())
    })
}

/// The seven names of the structure, in its order.
type Names = [LPWSTR; NAMES];

/// # Safety
/// Names are NULL or terminated, credential types NULL or as many as they are said to be.
unsafe fn read(raw: &CREDENTIAL_TARGET_INFORMATIONW) -> Result<TargetInformation> {
    let names: Names = [
        raw.TargetName,
        raw.NetbiosServerName,
        raw.DnsServerName,
        raw.NetbiosDomainName,
        raw.DnsDomainName,
        raw.DnsTreeName,
        raw.PackageName,
    ];
    let mut information = TargetInformation { flags: raw.Flags, ..TargetInformation::default() };
    for (place, name) in information.names.iter_mut().zip(names) {
        // SAFETY: the contract is the same.
        *place = unsafe { terminated(name.cast_const(), "a name")? }.map(<[u16]>::to_vec);
    }
    let types = raw.CredTypes.cast_const();
    // SAFETY: the contract is the same.
    let types = unsafe { pointers::array_in(types, raw.CredTypeCount as usize, "CredTypes")? };
    information.credential_types = types.to_vec();
    Ok(information)
}

/// Structure, credential types, names: one block.
fn hand_out(information: &TargetInformation) -> Result<PCREDENTIAL_TARGET_INFORMATIONW> {
    const STRUCTURE: usize = size_of::<CREDENTIAL_TARGET_INFORMATIONW>();
    let mut image = vec![0_u8; STRUCTURE];
    let types = image.len();
    image.extend(information.credential_types.iter().flat_map(|kind| kind.to_ne_bytes()));
    let mut offsets = [None; NAMES];
    for (offset, name) in offsets.iter_mut().zip(&information.names) {
        let Some(name) = name else { continue };
        *offset = Some(image.len());
        image.extend(name.iter().chain(&[0]).flat_map(|unit| unit.to_ne_bytes()));
    }
    let block: *mut c_void = Pending::new(Kind::Local, &image)?.release().cast();
    let place = |offset: usize| block.wrapping_byte_add(offset);
    let name = |offset: Option<usize>| -> LPWSTR {
        offset.map_or(std::ptr::null_mut(), |offset| place(offset).cast())
    };
    let [target, netbios_server, dns_server, netbios_domain, dns_domain, dns_tree, package] =
        offsets.map(name);
    let count = information.credential_types.len();
    let structure = CREDENTIAL_TARGET_INFORMATIONW {
        TargetName: target,
        NetbiosServerName: netbios_server,
        DnsServerName: dns_server,
        NetbiosDomainName: netbios_domain,
        DnsDomainName: dns_domain,
        DnsTreeName: dns_tree,
        PackageName: package,
        Flags: information.flags,
        // Bounded by the string that it came from.
        CredTypeCount: count as DWORD,
        CredTypes: if count == 0 { std::ptr::null_mut() } else { place(types).cast() },
    };
    let pointer: PCREDENTIAL_TARGET_INFORMATIONW = block.cast();
    // SAFETY: the block begins with room for the structure, is aligned for it, and nobody else's.
    unsafe { pointer.write(structure) };
    Ok(pointer)
}

fn answered(
    name: &'static str,
    arguments: std::fmt::Arguments<'_>,
    body: impl FnOnce() -> Result<()>,
) -> NTSTATUS {
    boundary_value(name, arguments, STATUS_INTERNAL_ERROR, || {
        let Err(error) = body() else { return Ok(STATUS_SUCCESS) };
        crate::abi::boundary::failed(name, &error);
        Ok(match error.fault() {
            Fault::Local(LocalFault::NoMemory) => STATUS_NO_MEMORY,
            _ => STATUS_INVALID_PARAMETER,
        })
    })
}
