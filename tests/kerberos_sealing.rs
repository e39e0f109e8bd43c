//! Kerberos' message protection through the C functions. The contexts are packed as a handshake
//! packs them, and imported.
#![allow(unsafe_code)]

mod c_abi;
#[path = "support/kerberos_ends.rs"]
mod kerberos_ends;

use std::ptr::{self, null_mut};

use c_abi::*;
use kerberos_ends::{ENCTYPES, USUAL, ends};
use secur32::crypto::kerberos::Enctype;
use secur32::spi::flags::ContextFlags;

const KERBEROS: &str = "Kerberos";
const TEXT: &[u8] = b"what the two say to each other";
const WRAP_NO_ENCRYPT: u32 = SECQOP_WRAP_NO_ENCRYPT;

/// Handles of both ends.
fn pair(enctype: Enctype, flags: ContextFlags) -> [Context; 2] {
    ends(enctype, flags)
        .map(|end| import(KERBEROS, secur32::lsa::export(&end).unwrap().expose()).unwrap())
}

fn sizes(mut handle: SecHandle) -> SecPkgContext_Sizes {
    let mut sizes = SecPkgContext_Sizes {
        cbMaxToken: 0,
        cbMaxSignature: 0,
        cbBlockSize: 0,
        cbSecurityTrailer: 0,
    };
    // SAFETY: the structure of this attribute.
    let status = unsafe {
        QueryContextAttributesW(&raw mut handle, SECPKG_ATTR_SIZES, (&raw mut sizes).cast())
    };
    assert_eq!(status, SEC_E_OK);
    sizes
}

/// `EncryptMessage` as .NET calls it: TOKEN, DATA and PADDING by `SIZES`, then compacted.
fn wrap(mut handle: SecHandle, qop: u32, text: &[u8]) -> Result<Vec<u8>, i32> {
    let sizes = sizes(handle);
    let (mut token, mut data) = (vec![0; sizes.cbSecurityTrailer as usize], text.to_vec());
    let mut padding = vec![0; sizes.cbBlockSize as usize];
    let mut buffers = [
        buffer(SECBUFFER_TOKEN, &mut token),
        buffer(SECBUFFER_DATA, &mut data),
        buffer(SECBUFFER_PADDING, &mut padding),
    ];
    let mut message = descriptor(&mut buffers);
    // SAFETY: the buffers are alive.
    let status = unsafe { EncryptMessage(&raw mut handle, qop, &raw mut message, 0) };
    token.truncate(buffers[0].cbBuffer as usize);
    padding.truncate(buffers[2].cbBuffer as usize);
    assert_eq!(buffers[1].cbBuffer as usize, text.len());
    if status == SEC_E_OK { Ok([token, data, padding].concat()) } else { Err(status) }
}

/// `DecryptMessage` with STREAM; the plaintext must lie in the caller's memory.
fn unwrap(mut handle: SecHandle, message: &[u8]) -> Result<(Vec<u8>, u32), i32> {
    let mut stream = message.to_vec();
    let range = stream.as_ptr_range();
    let mut buffers = [buffer(SECBUFFER_STREAM, &mut stream), empty(SECBUFFER_DATA)];
    let (mut message, mut qop) = (descriptor(&mut buffers), 0xDEAD);
    // SAFETY: the buffers are alive.
    let status = unsafe { DecryptMessage(&raw mut handle, &raw mut message, 0, &raw mut qop) };
    if status != SEC_E_OK {
        assert_eq!((buffers[1].cbBuffer, buffers[1].pvBuffer), (0, null_mut()));
        assert_eq!(qop, 0xDEAD);
        return Err(status);
    }
    let (data, length) = (buffers[1].pvBuffer.cast::<u8>().cast_const(), buffers[1].cbBuffer);
    let start = data.addr() - range.start.addr();
    assert!(range.contains(&data) || length == 0);
    assert_eq!(buffers[1].BufferType, SECBUFFER_DATA);
    Ok((stream[start..start + length as usize].to_vec(), qop))
}

fn status_of<T>(result: Result<T, i32>) -> String {
    result.err().map_or_else(|| "SEC_E_OK".to_owned(), named)
}

#[test]
fn messages_of_every_enctype() {
    for enctype in ENCTYPES {
        for flags in [USUAL, USUAL | ContextFlags::DCE_STYLE] {
            let [client, server] = pair(enctype, flags);
            for (from, to) in [(client.0, server.0), (server.0, client.0)] {
                for qop in [0, WRAP_NO_ENCRYPT] {
                    for text in [TEXT, b""] {
                        let message = wrap(from, qop, text).unwrap();
                        assert_eq!(unwrap(to, &message).unwrap(), (text.to_vec(), qop));
                    }
                }
            }
        }
    }
}

#[test]
fn sizes_hold_and_what_was_used_is_told() {
    for (enctype, expected) in
        ENCTYPES.into_iter().zip([(28, 76), (28, 76), (32, 80), (40, 88), (37, 76)])
    {
        let [client, _] = pair(enctype, USUAL);
        let sizes = sizes(client.0);
        assert_eq!((sizes.cbMaxToken, sizes.cbBlockSize), (48_000, 1));
        assert_eq!((sizes.cbMaxSignature, sizes.cbSecurityTrailer), expected);
    }
    let overhead =
        |enctype, flags| wrap(pair(enctype, flags)[0].0, 0, TEXT).unwrap().len() - TEXT.len();
    assert_eq!(overhead(Enctype::Aes256CtsHmacSha1, USUAL), 60);
    assert_eq!(overhead(Enctype::Aes256CtsHmacSha1, USUAL | ContextFlags::DCE_STYLE), 76);
    assert_eq!(overhead(Enctype::Rc4Hmac, USUAL), 46);
    assert_eq!(overhead(Enctype::Rc4Hmac, USUAL | ContextFlags::DCE_STYLE), 45);
}

#[test]
fn algorithms_are_named() {
    for enctype in ENCTYPES {
        let [mut client, _] = pair(enctype, USUAL);
        let mut info = SecPkgContext_KeyInfoW {
            sSignatureAlgorithmName: null_mut(),
            sEncryptAlgorithmName: null_mut(),
            KeySize: 0,
            SignatureAlgorithm: 0,
            EncryptAlgorithm: 0,
        };
        // SAFETY: the structure of this attribute; two terminated strings, freed once.
        unsafe {
            let out = (&raw mut info).cast();
            let status = QueryContextAttributesW(&raw mut client.0, SECPKG_ATTR_KEY_INFO, out);
            assert_eq!(status, SEC_E_OK);
            for name in [info.sSignatureAlgorithmName, info.sEncryptAlgorithmName] {
                assert!(text_of(name.cast()).len() > 4);
                assert_eq!(FreeContextBuffer(name.cast()), SEC_E_OK);
            }
        }
        assert_eq!(info.KeySize as usize, enctype.key_length() * 8);
        assert_eq!(info.SignatureAlgorithm.cast_signed(), enctype.checksum_type());
        assert_eq!(info.EncryptAlgorithm.cast_signed(), enctype.number());
    }
}

/// pywin32 gives DATA before TOKEN; WinRM gives no PADDING; DCE/RPC signs around the data.
#[test]
fn g9_buffers_in_any_order() {
    for enctype in ENCTYPES {
        for flags in [USUAL, USUAL | ContextFlags::DCE_STYLE] {
            let [client, server] = pair(enctype, flags);
            let (mut token, mut data) = ([0; 88], TEXT.to_vec());
            let (mut head, mut tail) = (*b"header", *b"trailer");
            let signed = SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM;
            let mut buffers = [
                buffer(signed, &mut head),
                buffer(SECBUFFER_DATA, &mut data),
                buffer(SECBUFFER_DATA | SECBUFFER_READONLY, &mut [0; 0]),
                buffer(signed, &mut tail),
                buffer(SECBUFFER_TOKEN, &mut token),
            ];
            assert_eq!(named(encrypt(client.0, &mut buffers)), "SEC_E_OK");
            assert_ne!(data, TEXT);
            assert_eq!((&head, &tail), (b"header", b"trailer"));
            head[0] ^= 1;
            let copies = (token, data.clone());
            let failed = decrypt(server.0, &mut buffers);
            assert_eq!(named(failed), "SEC_E_MESSAGE_ALTERED", "G11 {enctype}");
            head[0] ^= 1;
            token.copy_from_slice(&copies.0);
            data.copy_from_slice(&copies.1);
            assert_eq!(named(decrypt(server.0, &mut buffers)), "SEC_E_OK");
            assert_eq!((&data[..], &head), (TEXT, b"header"));
        }
    }
}

#[test]
fn g9_buffers_that_are_missing_or_too_short() {
    for enctype in ENCTYPES {
        let [client, server] = pair(enctype, USUAL);
        let (mut token, mut data) = ([0; 88], TEXT.to_vec());
        let (token, data) = (&mut token, &mut data);
        let calls: [fn(SecHandle, &mut [SecBuffer]) -> i32; 4] = [encrypt, decrypt, sign, verify];
        for call in calls {
            for mut buffers in
                [vec![buffer(SECBUFFER_TOKEN, token)], vec![buffer(SECBUFFER_DATA, data)], vec![]]
            {
                assert_eq!(named(call(client.0, &mut buffers)), "SEC_E_INVALID_TOKEN");
            }
        }
        for (call, length) in [(calls[0], 44), (calls[2], 27)] {
            for length in 0..length {
                let token = &mut token[..length];
                let mut buffers = [buffer(SECBUFFER_TOKEN, token), buffer(SECBUFFER_DATA, data)];
                assert_eq!(named(call(client.0, &mut buffers)), "SEC_E_BUFFER_TOO_SMALL");
            }
        }
        assert_eq!(data, TEXT, "nothing was touched");
        let message = wrap(client.0, 0, TEXT).unwrap();
        for length in 0..message.len() {
            let refused = status_of(unwrap(server.0, &message[..length]));
            assert!(
                ["SEC_E_INVALID_TOKEN", "SEC_E_MESSAGE_ALTERED"].contains(&&*refused),
                "{length}: {refused}"
            );
        }
        assert_eq!(unwrap(server.0, &message).unwrap(), (TEXT.to_vec(), 0));
    }
}

#[test]
fn g8_what_a_caller_sees_of_replays_and_gaps() {
    for enctype in ENCTYPES {
        let [client, server] = pair(enctype, USUAL);
        let one = wrap(client.0, 0, TEXT).unwrap();
        let two = wrap(client.0, 0, TEXT).unwrap();
        assert_eq!(status_of(unwrap(server.0, &two)), "SEC_E_OUT_OF_SEQUENCE");
        assert_eq!(status_of(unwrap(server.0, &one)), "SEC_E_OK");
        assert_eq!(status_of(unwrap(server.0, &one)), "SEC_E_OUT_OF_SEQUENCE");
        assert_eq!(status_of(unwrap(server.0, &two)), "SEC_E_OK");
        let mut altered = wrap(client.0, 0, TEXT).unwrap();
        *altered.last_mut().unwrap() ^= 1;
        assert_eq!(status_of(unwrap(server.0, &altered)), "SEC_E_MESSAGE_ALTERED");
        assert_eq!(status_of(unwrap(client.0, &one)), "SEC_E_INVALID_TOKEN", "our own");
    }
}

#[test]
fn confidentiality_that_was_not_agreed_is_refused() {
    for enctype in ENCTYPES {
        let [client, server] = pair(enctype, ContextFlags::INTEGRITY);
        assert_eq!(status_of(wrap(client.0, 0, TEXT)), "SEC_E_UNSUPPORTED_FUNCTION");
        let signed = wrap(client.0, WRAP_NO_ENCRYPT, TEXT).unwrap();
        assert_eq!(unwrap(server.0, &signed).unwrap(), (TEXT.to_vec(), WRAP_NO_ENCRYPT));
        assert_eq!(status_of(wrap(client.0, 2, TEXT)), "SEC_E_QOP_NOT_SUPPORTED");
    }
}

/// .NET passes `SECQOP_WRAP_NO_ENCRYPT` to MakeSignature where there is no confidentiality.
#[test]
fn signatures_take_both_qualities() {
    for enctype in ENCTYPES {
        let [mut client, server] = pair(enctype, ContextFlags::INTEGRITY);
        for qop in [0, WRAP_NO_ENCRYPT] {
            let (mut token, mut data) = ([0; 40], TEXT.to_vec());
            let mut buffers =
                [buffer(SECBUFFER_DATA, &mut data), buffer(SECBUFFER_TOKEN, &mut token)];
            let mut message = descriptor(&mut buffers);
            // SAFETY: the buffers are alive.
            let status = unsafe { MakeSignature(&raw mut client.0, qop, &raw mut message, 0) };
            assert_eq!(named(status), "SEC_E_OK");
            assert_eq!(buffers[1].cbBuffer, sizes(client.0).cbMaxSignature);
            assert_eq!(named(verify(server.0, &mut buffers)), "SEC_E_OK");
            data[0] ^= 1;
            assert_eq!(named(verify(server.0, &mut buffers)), "SEC_E_MESSAGE_ALTERED");
        }
    }
}

#[test]
fn g12_a_context_that_is_gone_protects_nothing() {
    for enctype in ENCTYPES {
        let [client, server] = pair(enctype, USUAL);
        let message = wrap(client.0, 0, TEXT).unwrap();
        let handles = [client.0, server.0];
        assert_eq!([client.delete(), server.delete()], [SEC_E_OK; 2]);
        for handle in handles {
            let (mut token, mut data) = ([0; 88], TEXT.to_vec());
            for call in [encrypt, decrypt, sign, verify] {
                let mut buffers =
                    [buffer(SECBUFFER_TOKEN, &mut token), buffer(SECBUFFER_DATA, &mut data)];
                assert_eq!(named(call(handle, &mut buffers)), "SEC_E_INVALID_HANDLE");
            }
            assert_eq!(status_of(unwrap(handle, &message)), "SEC_E_INVALID_HANDLE");
            assert_eq!(status_of(session_key(handle)), "SEC_E_INVALID_HANDLE");
            assert_eq!(status_of(export(handle, 0)), "SEC_E_INVALID_HANDLE");
        }
    }
}

#[test]
fn a_context_moves_on_with_its_numbers_and_windows() {
    for enctype in ENCTYPES {
        let [client, server] = pair(enctype, USUAL);
        let first = wrap(client.0, 0, TEXT).unwrap();
        unwrap(server.0, &first).unwrap();
        let moved = |context: &Context| {
            let blob = export(context.0, SECPKG_CONTEXT_EXPORT_DELETE_OLD).unwrap();
            import(KERBEROS, &blob).unwrap()
        };
        let (client, server) = (moved(&client), moved(&server));
        assert_eq!(status_of(unwrap(server.0, &first)), "SEC_E_OUT_OF_SEQUENCE");
        for (from, to) in [(&client, &server), (&server, &client)] {
            let message = wrap(from.0, 0, TEXT).unwrap();
            assert_eq!(unwrap(to.0, &message).unwrap(), (TEXT.to_vec(), 0));
        }
    }
}

#[test]
fn one_thread_sends_while_another_receives() {
    for enctype in ENCTYPES {
        let [client, server] = pair(enctype, USUAL);
        let messages: Vec<_> = (0..200).map(|_| wrap(server.0, 0, TEXT).unwrap()).collect();
        let (lower, upper) = words(client.0);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let handle = SecHandle { dwLower: lower, dwUpper: upper };
                for message in messages {
                    assert_eq!(unwrap(handle, &message).unwrap().0, TEXT);
                }
            });
            for _ in 0..200 {
                let message = wrap(client.0, 0, TEXT).unwrap();
                assert_eq!(unwrap(server.0, &message).unwrap().0, TEXT);
            }
        });
    }
}

#[test]
fn a_null_place_for_the_quality_is_fine() {
    let [client, mut server] = pair(Enctype::Aes128CtsHmacSha1, USUAL);
    let mut stream = wrap(client.0, 0, TEXT).unwrap();
    let mut buffers = [empty(SECBUFFER_DATA), buffer(SECBUFFER_STREAM, &mut stream)];
    let mut message = descriptor(&mut buffers);
    // SAFETY: the buffers are alive.
    let status = unsafe { DecryptMessage(&raw mut server.0, &raw mut message, 0, ptr::null_mut()) };
    assert_eq!(status, SEC_E_OK);
    assert_eq!(buffers[0].cbBuffer as usize, TEXT.len());
}
