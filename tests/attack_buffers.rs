//! Buffers that are too small, too many, not there, or each other's (series B of
//! docs/attacks.md).
#![allow(unsafe_code)]
// The sizes of C's buffers have 32 bits.
#![allow(clippy::cast_possible_truncation)]

mod c_abi;

use std::ffi::c_void;
use std::ptr;

use c_abi::*;
use secur32::abi::exports::identities::SspiLocalFree;

const CANARY: u8 = 0xA5;

/// Memory for a token, and what must be found in it where nothing was written.
struct Canaried(Vec<u8>);

impl Canaried {
    fn new() -> Self {
        Self(vec![CANARY; 8_192])
    }

    fn untouched_from(&self, start: usize) -> bool {
        self.0[start..].iter().all(|&byte| byte == CANARY)
    }

    /// A TOKEN buffer of which the caller says that it has this size.
    fn token(&mut self, size: usize) -> SecBuffer {
        let mut token = buffer(SECBUFFER_TOKEN, &mut self.0);
        token.cbBuffer = size as u32;
        token
    }
}

/// One step into a buffer of the caller's.
fn step_into(
    side: Side,
    parties: &Parties,
    context: Option<SecHandle>,
    token: &[u8],
    output: Option<&mut [SecBuffer]>,
) -> Answer {
    let mut token = token.to_vec();
    let mut input = [buffer(SECBUFFER_TOKEN, &mut token)];
    call(Leg {
        side,
        credential: Some(parties.credential(side).0),
        context,
        flags: if side == Side::Client { PROTECTED } else { 0 },
        target: None,
        input: &mut input,
        output,
    })
}

/// Every size that is too small, on the same leg, again and again; then one that is enough.
fn squeeze(
    side: Side,
    parties: &Parties,
    context: Option<SecHandle>,
    token: &[u8],
) -> (Answer, Vec<u8>) {
    let mut needed = None;
    let mut size = 0;
    while needed.is_none_or(|needed| size < needed) {
        let mut memory = Canaried::new();
        let mut output = [memory.token(size)];
        let answer = step_into(side, parties, context, token, Some(&mut output));
        assert_eq!(named(answer.status), "SEC_E_BUFFER_TOO_SMALL", "{side:?} {size}");
        assert_eq!(words(answer.handle), words(FOREIGN));
        assert_eq!((answer.attributes, answer.expiry), (0xDEAD_BEEF, -7));
        assert!(memory.untouched_from(0), "{side:?} {size}");
        let told = output[0].cbBuffer as usize;
        assert!(told > size && needed.is_none_or(|needed| needed == told), "{told}");
        needed = Some(told);
        size += 1;
    }
    let mut memory = Canaried::new();
    let mut output = [memory.token(size)];
    let answer = step_into(side, parties, context, token, Some(&mut output));
    assert!(answer.status >= 0, "{side:?} {size}: {}", named(answer.status));
    assert_eq!(output[0].cbBuffer as usize, size, "the needed size was not the token's");
    assert_eq!(output[0].BufferType, SECBUFFER_TOKEN);
    assert!(memory.untouched_from(size));
    memory.0.truncate(size);
    (answer, memory.0)
}

#[test]
fn b5_every_size_that_is_too_small_on_each_leg() {
    let parties = Parties::new();
    let (answer, negotiate) = squeeze(Side::Client, &parties, None, &[]);
    let client = Context(answer.handle);
    let (answer, challenge) = squeeze(Side::Server, &parties, None, &negotiate);
    let server = Context(answer.handle);
    let (answer, authenticate) = squeeze(Side::Client, &parties, Some(client.0), &challenge);
    assert_eq!(named(answer.status), "SEC_E_OK");
    // The server's last leg has no token, so that no buffer is too small.
    let mut memory = Canaried::new();
    let mut output = [memory.token(0)];
    let answer =
        step_into(Side::Server, &parties, Some(server.0), &authenticate, Some(&mut output));
    assert_eq!(named(answer.status), "SEC_E_OK");
    assert_eq!(output[0].cbBuffer, 0);
    assert!(memory.untouched_from(0));
    Pair { client, server }.works();
}

/// No buffer, no pointer, a buffer of another type: nothing to write into.
#[test]
fn b5_no_place_for_a_token() {
    let parties = Parties::new();
    let (client, negotiate) = parties.negotiate(PROTECTED);
    let (_server, challenge) = parties.challenge(&negotiate);
    let legs: [(Side, Option<SecHandle>, &[u8]); 3] = [
        (Side::Client, None, &[]),
        (Side::Server, None, &negotiate),
        (Side::Client, Some(client.0), &challenge),
    ];
    for (side, context, token) in legs {
        let refuse = |output: Option<&mut [SecBuffer]>| {
            let answer = step_into(side, &parties, context, token, output);
            assert_eq!(named(answer.status), "SEC_E_BUFFER_TOO_SMALL", "{side:?}");
            assert_eq!(words(answer.handle), words(FOREIGN));
        };
        refuse(None);
        refuse(Some(&mut []));
        let mut memory = Canaried::new();
        let mut data = memory.token(8_192);
        data.BufferType = SECBUFFER_DATA;
        refuse(Some(&mut [data]));
        let mut nowhere = [empty(SECBUFFER_TOKEN)];
        nowhere[0].cbBuffer = 8_192;
        refuse(Some(&mut nowhere));
        assert!(nowhere[0].pvBuffer.is_null());
        assert!(memory.untouched_from(0));
    }
    // The second leg was asked for four times and is still there.
    assert_eq!(parties.authenticate(&client, &challenge)[..8], *b"NTLMSSP\0");
}

#[test]
fn b5_allocation_looks_at_neither_pointer_nor_size() {
    let parties = Parties::new();
    for (pointer, size) in [(ptr::null_mut(), u32::MAX), (ptr::dangling_mut::<c_void>(), 7)] {
        let mut output =
            [SecBuffer { cbBuffer: size, BufferType: SECBUFFER_TOKEN, pvBuffer: pointer }];
        let answer = call(Leg {
            side: Side::Client,
            credential: Some(parties.client.0),
            context: None,
            flags: ISC_REQ_ALLOCATE_MEMORY,
            target: None,
            input: &mut [],
            output: Some(&mut output),
        });
        assert_eq!(named(answer.status), "SEC_I_CONTINUE_NEEDED");
        assert_ne!(answer.attributes & ISC_RET_ALLOCATED_MEMORY, 0);
        assert_eq!(output[0].BufferType, SECBUFFER_TOKEN);
        assert!(take(output[0]).starts_with(b"NTLMSSP\0"));
        drop(Context(answer.handle));
    }
}

#[test]
fn b5_a_signature_that_does_not_fit_changes_nothing() {
    let pair = Pair::new();
    for size in 0..16 {
        for seal in [false, true] {
            let mut memory = Canaried::new();
            let mut data = b"stays as it is".to_vec();
            let mut buffers = [memory.token(size), buffer(SECBUFFER_DATA, &mut data)];
            let status = if seal {
                encrypt(pair.client.0, &mut buffers)
            } else {
                sign(pair.client.0, &mut buffers)
            };
            assert_eq!(named(status), "SEC_E_BUFFER_TOO_SMALL", "{size}");
            assert!(memory.untouched_from(0), "{size}");
            assert_eq!(data, b"stays as it is", "{size}");
        }
    }
    // Neither the sequence nor the keystream has moved.
    pair.works();
    let mut memory = Canaried::new();
    let mut data = b"with room to spare".to_vec();
    let mut buffers = [memory.token(4_096), buffer(SECBUFFER_DATA, &mut data)];
    assert_eq!(encrypt(pair.client.0, &mut buffers), SEC_E_OK);
    assert_eq!(buffers[0].cbBuffer, 16);
    assert!(memory.untouched_from(16));
    assert_eq!(unsealed(pair.server.0, &memory.0[..16], &data).unwrap(), b"with room to spare");
}

#[test]
fn n22_a_token_that_is_too_short_is_not_read_over() {
    let pair = Pair::new();
    let (token, data) = sealed(pair.client.0, b"one message").unwrap();
    for length in 0..16 {
        let status = unsealed(pair.server.0, &token[..length], &data).unwrap_err();
        assert_eq!(named(status), "SEC_E_INVALID_TOKEN", "{length}");
    }
    // A buffer of the size of cbSecurityTrailer, or larger, whose first bytes are the signature.
    let longer = [token, vec![0xFF; 60]].concat();
    assert_eq!(unsealed(pair.server.0, &longer, &data).unwrap(), b"one message");
}

#[test]
fn b5_attributes_never_exceed_the_size_that_was_given() {
    let pair = Pair::new();
    let mut handle = pair.server.0;
    for attribute in 0..=130 {
        for size in 0..=64_u32 {
            let mut room = [u128::from_ne_bytes([CANARY; 16]); 8];
            // SAFETY: a handle and room for more than any structure.
            let status = unsafe {
                let place = room.as_mut_ptr().cast();
                QueryContextAttributesExW(&raw mut handle, attribute, place, size)
            };
            // SAFETY: plain bytes.
            let bytes = unsafe { std::slice::from_raw_parts(room.as_ptr().cast::<u8>(), 128) };
            let allowed = if status == SEC_E_OK { size as usize } else { 0 };
            let touched = bytes[allowed..].iter().any(|&byte| byte != CANARY);
            assert!(!touched, "attribute {attribute}, size {size}: {}", named(status));
        }
    }
}

#[test]
fn b6_descriptors_that_make_no_sense() {
    let parties = Parties::new();
    let pair = parties.established(PROTECTED);
    let mut handle = pair.client.0;
    let (mut token, mut data) = ([0; 16], *b"data");
    let mut good = [buffer(SECBUFFER_TOKEN, &mut token), buffer(SECBUFFER_DATA, &mut data)];
    let make = |version, count, buffers| SecBufferDesc {
        ulVersion: version,
        cBuffers: count,
        pBuffers: buffers,
    };
    let list = good.as_mut_ptr();
    let bad = [
        make(0, 0, ptr::null_mut()),
        make(0, 0, list),
        make(0, 1, ptr::null_mut()),
        make(0, u32::MAX, list),
        make(0, u32::MAX, ptr::null_mut()),
        make(1, 2, list),
        make(u32::MAX, 2, list),
        make(0, 2, list.wrapping_byte_add(1)),
        make(0, 1, list),
    ];
    for (number, mut desc) in bad.into_iter().enumerate() {
        let desc = &raw mut desc;
        // SAFETY: what the descriptor claims and does not have is never touched.
        let statuses = unsafe {
            [
                EncryptMessage(&raw mut handle, 0, desc, 0),
                MakeSignature(&raw mut handle, 0, desc, 0),
                DecryptMessage(&raw mut handle, desc, 0, ptr::null_mut()),
                VerifySignature(&raw mut handle, desc, 0, ptr::null_mut()),
            ]
        };
        for status in statuses {
            assert_eq!(named(status), "SEC_E_INVALID_TOKEN", "descriptor {number}");
        }
    }
    // SAFETY: NULL is allowed to be passed.
    let null = unsafe { EncryptMessage(&raw mut handle, 0, ptr::null_mut(), 0) };
    assert_eq!(named(null), "SEC_E_INVALID_TOKEN");
    pair.works();
}

#[test]
fn b6_sizes_whose_sum_exceeds_everything() {
    let pair = Pair::new();
    let huge = |kind| SecBuffer { cbBuffer: u32::MAX, ..empty(kind) };
    for calls in [encrypt, decrypt, sign, verify] {
        let mut token = [0; 16];
        let mut buffers = vec![buffer(SECBUFFER_TOKEN, &mut token)];
        buffers.extend((0..200).map(|_| huge(SECBUFFER_DATA)));
        let status = calls(pair.client.0, &mut buffers);
        assert_eq!(named(status), "SEC_E_INVALID_PARAMETER");
    }
    pair.works();
}

#[test]
fn b6_unknown_and_repeated_buffers_are_passed_over() {
    let pair = Pair::new();
    let (mut token, mut data, mut other) = ([0; 16], b"the message".to_vec(), vec![7; 32]);
    let mut buffers = [
        buffer(SECBUFFER_EMPTY, &mut other),
        buffer(0x0FFF_FFFF, &mut other),
        buffer(SECBUFFER_TOKEN, &mut token),
        buffer(SECBUFFER_CHANNEL_BINDINGS, &mut other),
        buffer(SECBUFFER_DATA, &mut data),
        buffer(77, &mut other),
    ];
    assert_eq!(encrypt(pair.client.0, &mut buffers), SEC_E_OK);
    assert_eq!(other, [7; 32]);
    assert_eq!(unsealed(pair.server.0, &token, &data).unwrap(), b"the message");
}

/// Of two buffers that overlap none is written, and none is read while the other is written.
#[test]
fn b6_buffers_that_overlap() {
    let pair = Pair::new();
    let mut memory = vec![3_u8; 256];
    let base = memory.as_mut_ptr();
    let part = |kind, start: usize, size: u32| SecBuffer {
        cbBuffer: size,
        BufferType: kind,
        // Stays within the 256 bytes.
        pvBuffer: base.wrapping_add(start).cast(),
    };
    let checked = SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM;
    let cases = [
        [part(SECBUFFER_TOKEN, 0, 32), part(SECBUFFER_DATA, 31, 32)],
        [part(SECBUFFER_DATA, 0, 64), part(SECBUFFER_TOKEN, 0, 64)],
        [part(SECBUFFER_DATA, 0, 64), part(SECBUFFER_TOKEN, 16, 16)],
        [part(SECBUFFER_TOKEN, 16, 16), part(checked, 0, 64)],
    ];
    for (case, mut buffers) in cases.into_iter().enumerate() {
        for (number, calls) in [encrypt, decrypt, sign].into_iter().enumerate() {
            let status = calls(pair.client.0, &mut buffers);
            assert_eq!(named(status), "SEC_E_INVALID_PARAMETER", "case {case}, call {number}");
        }
    }
    let mut twice =
        [part(SECBUFFER_TOKEN, 200, 16), part(SECBUFFER_DATA, 0, 64), part(SECBUFFER_DATA, 63, 9)];
    assert_eq!(named(encrypt(pair.client.0, &mut twice)), "SEC_E_INVALID_PARAMETER");
    assert_eq!(named(decrypt(pair.client.0, &mut twice)), "SEC_E_INVALID_PARAMETER");
    assert!(memory.iter().all(|&byte| byte == 3));
    // What is only read may be read twice.
    let mut memory = vec![3_u8; 256];
    let mut token = [0; 16];
    let mut reading = [
        buffer(SECBUFFER_TOKEN, &mut token),
        buffer(SECBUFFER_DATA, &mut memory[..64]),
        buffer(SECBUFFER_DATA, &mut memory[32..80]),
    ];
    assert_eq!(named(sign(pair.client.0, &mut reading)), "SEC_E_OK");
    assert_eq!(named(verify(pair.server.0, &mut reading)), "SEC_E_OK");
}

/// The peer's token and ours in the same memory: the first is read before the second is written.
#[test]
fn b6_a_step_within_one_buffer() {
    let parties = Parties::new();
    let (client, negotiate) = parties.negotiate(PROTECTED);
    let mut memory = vec![0; 4_096];
    let mut within = |side, context: Option<SecHandle>, token: &[u8]| {
        memory[..token.len()].copy_from_slice(token);
        let whole = buffer(SECBUFFER_TOKEN, &mut memory);
        let mut input = [SecBuffer { cbBuffer: token.len() as u32, ..whole }];
        let mut output = [whole];
        let answer = call(Leg {
            side,
            credential: Some(parties.credential(side).0),
            context,
            flags: 0,
            target: None,
            input: &mut input,
            output: Some(&mut output),
        });
        (answer, memory[..output[0].cbBuffer as usize].to_vec())
    };
    let (answer, challenge) = within(Side::Server, None, &negotiate);
    assert_eq!(named(answer.status), "SEC_I_CONTINUE_NEEDED");
    let server = Context(answer.handle);
    let (answer, authenticate) = within(Side::Client, Some(client.0), &challenge);
    assert_eq!(named(answer.status), "SEC_E_OK");
    let (answer, none) = within(Side::Server, Some(server.0), &authenticate);
    assert_eq!((named(answer.status).as_str(), none.len()), ("SEC_E_OK", 0));
    Pair { client, server }.works();
}

#[test]
fn b8_only_what_was_handed_out_is_freed() {
    let free = |pointer: *mut c_void| {
        // SAFETY: any pointer may be passed.
        named(unsafe { FreeContextBuffer(pointer) })
    };
    let pair = Pair::new();
    let mut names = SecPkgContext_NamesW { sUserName: ptr::null_mut() };
    let mut handle = pair.server.0;
    // SAFETY: a handle and the structure of the attribute.
    let status = unsafe {
        QueryContextAttributesW(&raw mut handle, SECPKG_ATTR_NAMES, (&raw mut names).cast())
    };
    assert_eq!(named(status), "SEC_E_OK");
    drop(pair);
    let block: *mut c_void = names.sUserName.cast();
    let mut on_the_stack = SecPkgInfoW {
        fCapabilities: 0,
        wVersion: 1,
        wRPCID: 10,
        cbMaxToken: 0,
        Name: ptr::null_mut(),
        Comment: ptr::null_mut(),
    };
    let heap = Box::into_raw(Box::new([0_u64; 4]));
    assert_eq!(free(ptr::null_mut()), "SEC_E_OK");
    for foreign in [
        (&raw mut on_the_stack).cast(),
        heap.cast(),
        block.wrapping_byte_add(2),
        block.wrapping_byte_add(16),
        block.wrapping_byte_sub(16),
        ptr::dangling_mut(),
        ptr::without_provenance_mut(usize::MAX),
    ] {
        assert_eq!(free(foreign), "SEC_E_INVALID_HANDLE");
    }
    // SAFETY: made above; nobody freed it.
    drop(unsafe { Box::from_raw(heap) });
    // The other functions that free do not take it either.
    // SAFETY: a pointer that is not theirs is left alone.
    unsafe { SspiLocalFree(block) };
    // SAFETY: still there, although the context is gone.
    assert_eq!(unsafe { text_of(names.sUserName) }, format!("{DOMAIN}\\{USER}"));
    assert_eq!(free(block), "SEC_E_OK");
    assert_eq!(free(block), "SEC_E_INVALID_HANDLE");
}
