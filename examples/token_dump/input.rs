//! The token in whatever clothes it came.

use secur32::wire::kerberos::application_tag;
use secur32::wire::ntlm::SIGNATURE;
use secur32::wire::spnego::Kind;

/// The token; `None` when it is nothing of all that.
pub fn bytes_of(input: &[u8]) -> Option<Vec<u8>> {
    of_text(input).or_else(|| {
        let token = input.starts_with(SIGNATURE)
            || application_tag(input).is_some()
            || Kind::of(input).is_some()
            || matches!(input, [4 | 5, 4, ..]);
        token.then(|| input.to_vec())
    })
}

fn of_text(input: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(input).ok()?.trim();
    let text =
        text.strip_prefix("NTLM ").or_else(|| text.strip_prefix("Negotiate ")).unwrap_or(text);
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    from_hex(&digits).or_else(|| from_base64(&digits))
}

fn from_hex(digits: &[u8]) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let digit = |c: u8| char::from(c).to_digit(16);
    pairs.iter().map(|pair| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()).collect()
}

fn from_base64(digits: &[u8]) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for &digit in digits.iter().filter(|&&digit| digit != b'=') {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Some(bytes)
}
