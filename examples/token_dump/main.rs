//! Prints any token of NTLM, Kerberos or SPNEGO: `token_dump TOKEN`, or a token on standard input;
//! hexadecimal, base64 (with or without `NTLM ` or `Negotiate ` before it, as HTTP has it), or the
//! bytes themselves. Of Kerberos also what goes to a KDC and comes from it. What is encrypted stays
//! so.
//!
//! `cargo run --example token_dump -- TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw==`

mod input;
mod kerberos;
mod ntlm;
mod spnego;

use std::fmt::Write;
use std::io::Read;
use std::process::ExitCode;

use secur32::spi::error::Result;
use secur32::wire::ntlm::SIGNATURE;
use secur32::wire::spnego::Kind;

fn main() -> ExitCode {
    let mut input = Vec::new();
    match std::env::args().nth(1) {
        Some(token) => input.extend_from_slice(token.as_bytes()),
        None => {
            if let Err(error) = std::io::stdin().lock().take(1 << 20).read_to_end(&mut input) {
                eprintln!("standard input: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    let Some(token) = input::bytes_of(&input) else {
        eprintln!("this is neither hexadecimal nor base64, nor a token");
        return ExitCode::FAILURE;
    };
    match dump(&token) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn dump(token: &[u8]) -> Result<String> {
    let mut out = Dump::default();
    match Kind::of(token) {
        Some(kind @ (Kind::Init | Kind::Response)) => spnego::dump(&mut out, kind, token)?,
        _ => mechanism(&mut out, token)?,
    }
    Ok(out.0)
}

/// A token without SPNEGO.
fn mechanism(out: &mut Dump, token: &[u8]) -> Result<()> {
    if token.starts_with(SIGNATURE) { ntlm::dump(out, token) } else { kerberos::dump(out, token) }
}

#[derive(Default)]
struct Dump(String);

impl Dump {
    fn title(&mut self, title: &str) {
        self.0.push_str(title);
        self.0.push('\n');
    }

    fn line(&mut self, name: &str, value: &str) {
        // Names come from a stranger: nothing that moves the cursor goes to the terminal.
        let shown: String = value.chars().flat_map(shown).collect();
        let written = writeln!(self.0, "  {name:<18} {shown}");
        debug_assert!(written.is_ok());
    }
}

fn shown(c: char) -> Box<dyn Iterator<Item = char>> {
    if c.is_control() { Box::new(c.escape_default()) } else { Box::new(std::iter::once(c)) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let written = write!(text, "{byte:02x}");
        debug_assert!(written.is_ok());
        text
    })
}
