//! Messages of NTLM.

use secur32::spi::error::Result;
use secur32::spi::text::from_utf16le;
use secur32::spi::time::FileTime;
use secur32::wire::ntlm::{
    Authenticate, AvFlags, AvId, AvPair, AvPairs, Challenge, MessageType, Negotiate,
    NegotiateFlags, Ntlmv2Response, Version, message_type,
};

use crate::{Dump, hex};

/// Prints a message.
pub fn dump(out: &mut Dump, token: &[u8]) -> Result<()> {
    match message_type(token)? {
        MessageType::Negotiate => negotiate(out, &Negotiate::decode(token)?),
        MessageType::Challenge => challenge(out, &Challenge::decode(token)?)?,
        MessageType::Authenticate => authenticate(out, &Authenticate::decode(token)?)?,
    }
    Ok(())
}

fn negotiate(out: &mut Dump, message: &Negotiate<'_>) {
    out.title("NEGOTIATE");
    out.flags(message.flags);
    out.line("domain", &String::from_utf8_lossy(message.domain));
    out.line("workstation", &String::from_utf8_lossy(message.workstation));
    out.version(message.version);
}

fn challenge(out: &mut Dump, message: &Challenge<'_>) -> Result<()> {
    out.title("CHALLENGE");
    out.flags(message.flags);
    out.line("target name", &text(message.flags, message.target_name));
    out.line("server challenge", &hex(&message.server_challenge));
    out.version(message.version);
    match message.target_info {
        Some(info) => out.pairs(AvPairs::decode_except(info, &[AvId::FLAGS])?),
        None => out.line("target information", "none"),
    }
    Ok(())
}

fn authenticate(out: &mut Dump, message: &Authenticate<'_>) -> Result<()> {
    out.title("AUTHENTICATE");
    let flags = message.flags.unwrap_or(NegotiateFlags::OEM);
    match message.flags {
        Some(flags) => out.flags(flags),
        None => out.line("flags", "none (the short form of Windows 9x)"),
    }
    out.line("domain", &text(flags, message.domain));
    out.line("user", &text(flags, message.user));
    out.line("workstation", &text(flags, message.workstation));
    out.line("session key", &hex(message.session_key));
    out.version(message.version);
    match message.mic {
        Some(mic) => out.line("MIC", &format!("{} (at {})", hex(&mic.value), mic.offset)),
        None => out.line("MIC", "no room"),
    }
    out.line("LM response", &hex(message.lm));
    if message.nt.len() <= 24 {
        out.line("NT response", &hex(message.nt));
        return Ok(());
    }
    let response = Ntlmv2Response::decode(message.nt)?;
    out.line("NTLMv2 proof", &hex(response.proof));
    out.line("time", &time(response.time));
    out.line("client challenge", &hex(&response.client_challenge));
    out.pairs(response.pairs);
    Ok(())
}

impl Dump {
    fn flags(&mut self, flags: NegotiateFlags) {
        self.line("flags", &format!("{:#010x}", flags.bits()));
        for (name, _) in flags.iter_names().filter(|(name, _)| *name != "_") {
            self.line("", name);
        }
        let known = NegotiateFlags::all().iter_names().fold(0, |all, (_, flag)| all | flag.bits());
        if flags.bits() & !known != 0 {
            self.line("", &format!("unknown {:#x}", flags.bits() & !known));
        }
    }

    fn version(&mut self, version: Option<Version>) {
        if let Some(Version([major, minor, low, high, _, _, _, revision])) = version {
            let build = u16::from_le_bytes([low, high]);
            self.line("version", &format!("{major}.{minor} build {build}, NTLM {revision}"));
        }
    }

    fn pairs(&mut self, pairs: AvPairs<'_>) {
        for pair in pairs.iter() {
            self.line(&name_of(pair.id), &value_of(pair));
        }
        if !pairs.tail().is_empty() {
            self.line("behind the end", &hex(pairs.tail()));
        }
    }
}

fn text(flags: NegotiateFlags, bytes: &[u8]) -> String {
    if flags.contains(NegotiateFlags::UNICODE) {
        from_utf16le(bytes).unwrap_or_else(|| format!("not UTF-16: {}", hex(bytes)))
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    }
}

fn name_of(id: AvId) -> String {
    let name = match id {
        AvId::NB_COMPUTER_NAME => "NbComputerName",
        AvId::NB_DOMAIN_NAME => "NbDomainName",
        AvId::DNS_COMPUTER_NAME => "DnsComputerName",
        AvId::DNS_DOMAIN_NAME => "DnsDomainName",
        AvId::DNS_TREE_NAME => "DnsTreeName",
        AvId::FLAGS => "AvFlags",
        AvId::TIMESTAMP => "Timestamp",
        AvId::SINGLE_HOST => "SingleHost",
        AvId::TARGET_NAME => "TargetName",
        AvId::CHANNEL_BINDINGS => "ChannelBindings",
        AvId(number) => return format!("AvId {number}"),
    };
    name.to_owned()
}

fn value_of(pair: AvPair<'_>) -> String {
    let number = |bytes: &[u8]| {
        bytes.iter().rev().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
    };
    match pair.id {
        AvId(1..=5 | 9) => text(NegotiateFlags::UNICODE, pair.value),
        AvId::TIMESTAMP => time(number(pair.value)),
        AvId::FLAGS => {
            let flags = AvFlags::from_bits_retain(number(pair.value) as u32);
            format!("{:#x} {:?}", flags.bits(), flags)
        }
        _ => hex(pair.value),
    }
}

/// Seconds since 1970 are what `date -d @…` takes.
fn time(ticks: u64) -> String {
    let since = i128::from(ticks) - i128::from(FileTime::UNIX_EPOCH.0);
    format!("{ticks} (@{})", since.div_euclid(10_000_000))
}
