//! Which flags are offered, agreed on and demanded ([MS-NLMP] 2.2.2.5, 3.1.5, 3.2.5).

use super::charset::Charset;
use crate::spi::environment::{NtlmMinSec, Policy};
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::wire::ntlm::NegotiateFlags;

/// What asks for signed messages.
const SIGNING: ContextFlags =
    ContextFlags::INTEGRITY.union(ContextFlags::REPLAY_DETECT).union(ContextFlags::SEQUENCE_DETECT);

/// Protection of messages.
pub const PROTECTION: NegotiateFlags = NegotiateFlags::SIGN.union(NegotiateFlags::SEAL);

/// From this `LmCompatibilityLevel` clients send `NTLMv2` only.
const CLIENT_NTLM2_ONLY: u8 = 3;
/// From this level clients send no LM response.
const CLIENT_NO_LM: u8 = 2;
/// From this level servers refuse LM.
const SERVER_NO_LM: u8 = 4;
/// From this level servers refuse `NTLMv1`.
const SERVER_NTLM2_ONLY: u8 = 5;

/// What policy says about the older responses.
pub trait Compatibility {
    /// Clients send `NTLMv2` and nothing else.
    fn client_sends_v2(&self) -> bool;
    /// Clients also send LM responses.
    fn client_sends_lm(&self) -> bool;
    /// Servers accept LM responses.
    fn server_accepts_lm(&self) -> bool;
    /// Servers accept `NTLMv1` responses.
    fn server_accepts_v1(&self) -> bool;
}

impl Compatibility for Policy {
    fn client_sends_v2(&self) -> bool {
        self.lm_compatibility_level >= CLIENT_NTLM2_ONLY
    }

    fn client_sends_lm(&self) -> bool {
        self.lm_compatibility_level < CLIENT_NO_LM
    }

    fn server_accepts_lm(&self) -> bool {
        self.lm_compatibility_level < SERVER_NO_LM
    }

    fn server_accepts_v1(&self) -> bool {
        self.lm_compatibility_level < SERVER_NTLM2_ONLY
    }
}

/// What a client offers. The bits are those that Windows' clients send; `LM_KEY` is kept for
/// those whom policy lets send LM responses.
pub fn client_offer(asked: ContextFlags, policy: &Policy, anonymous: bool) -> NegotiateFlags {
    let mut flags = NegotiateFlags::UNICODE
        | NegotiateFlags::OEM
        | NegotiateFlags::REQUEST_TARGET
        | NegotiateFlags::NTLM
        | NegotiateFlags::ALWAYS_SIGN
        | NegotiateFlags::VERSION
        | NegotiateFlags::BITS_128
        | NegotiateFlags::BITS_56;
    let never_ess = policy.lm_compatibility_level == 0 && !policy.ntlm_min_client_sec.ntlm2_session;
    flags.set(NegotiateFlags::EXTENDED_SESSION_SECURITY, !never_ess);
    flags.set(NegotiateFlags::IDENTIFY, asked.contains(ContextFlags::IDENTIFY));
    flags.set(NegotiateFlags::DATAGRAM, asked.contains(ContextFlags::DATAGRAM));
    // There is no session security for anonymous clients (3.4).
    if !anonymous {
        flags.set(NegotiateFlags::SIGN, asked.intersects(SIGNING));
        flags.set(NegotiateFlags::SEAL, asked.contains(ContextFlags::CONFIDENTIALITY));
    }
    if flags.intersects(PROTECTION) {
        flags |= NegotiateFlags::KEY_EXCH;
        flags.set(NegotiateFlags::LM_KEY, policy.client_sends_lm());
    }
    flags
}

/// What a client and the server's message agree on; refused when something is missing that the
/// caller or policy demands.
pub fn client_agree(
    offered: NegotiateFlags,
    challenge: NegotiateFlags,
    policy: &Policy,
) -> Result<(NegotiateFlags, Charset)> {
    let charset = Charset::of(challenge)
        .ok_or_else(|| missing("the server chose neither Unicode nor OEM names"))?;
    let mut agreed = settle(offered & challenge, charset);
    let protection = offered & PROTECTION;
    if !agreed.contains(protection) {
        return Err(missing("the server does not sign or seal as it was asked to"));
    }
    demand_strength(agreed, policy.ntlm_min_client_sec)?;
    demand_datagram(agreed, offered)?;
    agreed |= NegotiateFlags::REQUEST_TARGET | NegotiateFlags::VERSION;
    agreed |= challenge & NegotiateFlags::TARGET_INFO;
    Ok((agreed, charset))
}

/// What a server answers to a client's offer.
pub fn server_answer(
    offered: NegotiateFlags,
    policy: &Policy,
    in_domain: bool,
) -> Result<(NegotiateFlags, Charset)> {
    let charset = Charset::of(offered).ok_or_else(|| {
        let story = "the client offers neither Unicode nor OEM names";
        Error::new(PeerFault::MalformedToken, story)
    })?;
    let mut supported = PROTECTION
        | NegotiateFlags::REQUEST_TARGET
        | NegotiateFlags::ALWAYS_SIGN
        | NegotiateFlags::EXTENDED_SESSION_SECURITY
        | NegotiateFlags::IDENTIFY
        | NegotiateFlags::BITS_128
        | NegotiateFlags::BITS_56
        | NegotiateFlags::KEY_EXCH
        | NegotiateFlags::VERSION;
    if policy.server_accepts_lm() {
        supported |= NegotiateFlags::LM_KEY | NegotiateFlags::REQUEST_NON_NT_SESSION_KEY;
    }
    let mut answer = settle(offered & supported, charset);
    answer |= NegotiateFlags::NTLM | NegotiateFlags::TARGET_INFO;
    if answer.contains(NegotiateFlags::REQUEST_TARGET) {
        answer |= target_type(in_domain);
    }
    // As Windows does since Server 2022: old clients misplace their MIC otherwise.
    if answer.intersects(PROTECTION | NegotiateFlags::ALWAYS_SIGN) {
        answer |= NegotiateFlags::VERSION;
    }
    Ok((answer, charset))
}

/// What a server offers where no client spoke first ([MS-NLMP] 1.3.1.4).
pub fn server_datagram_offer(in_domain: bool) -> (NegotiateFlags, Charset) {
    let flags = PROTECTION
        | NegotiateFlags::UNICODE
        | NegotiateFlags::REQUEST_TARGET
        | NegotiateFlags::DATAGRAM
        | NegotiateFlags::NTLM
        | NegotiateFlags::ALWAYS_SIGN
        | NegotiateFlags::EXTENDED_SESSION_SECURITY
        | NegotiateFlags::IDENTIFY
        | NegotiateFlags::TARGET_INFO
        | NegotiateFlags::VERSION
        | NegotiateFlags::BITS_128
        | NegotiateFlags::BITS_56
        | NegotiateFlags::KEY_EXCH;
    (flags | target_type(in_domain), Charset::Unicode)
}

/// What holds after the client's last message: what both sides said. Bits that only the client
/// set mean nothing. Without flags of the client (Windows 9x) the server's hold.
pub fn server_agree(
    answer: NegotiateFlags,
    client: Option<NegotiateFlags>,
    policy: &Policy,
) -> Result<(NegotiateFlags, Charset)> {
    let client = client.unwrap_or(answer);
    let charset = Charset::of(client).ok_or_else(|| {
        let story = "the client wrote its names neither in Unicode nor in OEM";
        Error::new(PeerFault::MalformedToken, story)
    })?;
    let agreed = settle(answer & client, charset);
    demand_strength(agreed, policy.ntlm_min_server_sec)?;
    demand_datagram(agreed, answer)?;
    Ok((agreed, charset))
}

/// What a context of these flags offers. Windows reports all three kinds of signing for one.
pub fn context_flags(agreed: NegotiateFlags) -> ContextFlags {
    let mut flags = ContextFlags::empty();
    if agreed.intersects(PROTECTION) {
        flags |= SIGNING;
    }
    flags.set(ContextFlags::CONFIDENTIALITY, agreed.contains(NegotiateFlags::SEAL));
    flags.set(ContextFlags::IDENTIFY, agreed.contains(NegotiateFlags::IDENTIFY));
    flags.set(ContextFlags::NULL_SESSION, agreed.contains(NegotiateFlags::ANONYMOUS));
    let datagram = agreed.contains(NegotiateFlags::DATAGRAM);
    flags.set(ContextFlags::DATAGRAM, datagram);
    flags.set(ContextFlags::CONNECTION, !datagram);
    flags
}

/// Resolves flags that exclude or need each other.
fn settle(mut flags: NegotiateFlags, charset: Charset) -> NegotiateFlags {
    flags.remove(NegotiateFlags::UNICODE | NegotiateFlags::OEM);
    flags |= charset.flag();
    if flags.contains(NegotiateFlags::EXTENDED_SESSION_SECURITY) {
        flags.remove(NegotiateFlags::LM_KEY);
    }
    if !flags.intersects(PROTECTION) {
        // Without messages to protect there is no key to exchange (3.2.5.1.2).
        flags.remove(NegotiateFlags::KEY_EXCH);
    }
    flags
}

/// `NtlmMinClientSec`, `NtlmMinServerSec`: demanded once messages are to be protected. A key of
/// 128 random bits is only had with key exchange.
fn demand_strength(agreed: NegotiateFlags, minimum: NtlmMinSec) -> Result<()> {
    if !agreed.intersects(PROTECTION) {
        return Ok(());
    }
    let extended = agreed.contains(NegotiateFlags::EXTENDED_SESSION_SECURITY);
    if minimum.ntlm2_session && !extended {
        return Err(missing("the peer does without extended session security"));
    }
    let strong = NegotiateFlags::BITS_128 | NegotiateFlags::KEY_EXCH;
    if minimum.bits_128 && !agreed.contains(strong) {
        return Err(missing("the peer does without 128-bit keys"));
    }
    Ok(())
}

/// Datagrams are protected with extended session security and an exchanged key only (3.4.3).
fn demand_datagram(agreed: NegotiateFlags, ours: NegotiateFlags) -> Result<()> {
    if !ours.contains(NegotiateFlags::DATAGRAM) {
        return Ok(());
    }
    let needed = NegotiateFlags::EXTENDED_SESSION_SECURITY | NegotiateFlags::KEY_EXCH;
    let protected = agreed.intersects(PROTECTION);
    if !agreed.contains(NegotiateFlags::DATAGRAM) || (protected && !agreed.contains(needed)) {
        return Err(missing("the peer does not protect datagrams"));
    }
    Ok(())
}

const fn target_type(in_domain: bool) -> NegotiateFlags {
    if in_domain { NegotiateFlags::TARGET_TYPE_DOMAIN } else { NegotiateFlags::TARGET_TYPE_SERVER }
}

fn missing(story: &str) -> Error {
    Error::new(PeerFault::CapabilityMissing, story)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(asked: ContextFlags) -> u32 {
        client_offer(asked, &Policy::default(), false).bits()
    }

    #[test]
    fn clients_offer_what_windows_offers() {
        // Windows adds LM_KEY (0x80) to the last two; we do so only where LM may be sent.
        assert_eq!(offer(ContextFlags::empty()), 0xA208_8207);
        assert_eq!(offer(ContextFlags::INTEGRITY), 0xE208_8297 & !0x80);
        let both = ContextFlags::INTEGRITY | ContextFlags::CONFIDENTIALITY;
        assert_eq!(offer(both), 0xE208_82B7 & !0x80);
        let lax = Policy { lm_compatibility_level: 1, ..Policy::default() };
        assert_eq!(client_offer(both, &lax, false).bits(), 0xE208_82B7);
    }

    #[test]
    fn sign_and_seal_are_offered_only_when_asked_for() {
        for flag in [SIGNING, ContextFlags::REPLAY_DETECT, ContextFlags::SEQUENCE_DETECT] {
            assert_eq!(offer(flag) & 0x30, 0x10, "{flag:?}");
        }
        assert_eq!(offer(ContextFlags::CONFIDENTIALITY) & 0x30, 0x20);
        let others = ContextFlags::CONNECTION
            | ContextFlags::EXTENDED_ERROR
            | ContextFlags::MUTUAL_AUTH
            | ContextFlags::DCE_STYLE
            | ContextFlags::DELEGATE;
        assert_eq!(offer(others) & 0x30, 0);
    }

    #[test]
    fn servers_answer_what_windows_answers() {
        let offered = NegotiateFlags::from_bits_retain(0xE208_8297);
        let answer = |in_domain| server_answer(offered, &Policy::default(), in_domain).unwrap().0;
        assert_eq!(answer(true).bits(), 0xE289_8215);
        assert_eq!(answer(false).bits(), 0xE28A_8215);
        let (agreed, _) = client_agree(offered, answer(true), &Policy::default()).unwrap();
        assert_eq!(agreed.bits(), 0xE288_8215);
    }

    #[test]
    fn n11_a_local_call_is_never_agreed_on() {
        let policy = Policy::default();
        let offered = client_offer(ContextFlags::INTEGRITY, &policy, false);
        let asked = offered | NegotiateFlags::LOCAL_CALL;
        let (answer, _) = server_answer(asked, &policy, false).unwrap();
        assert!(!answer.contains(NegotiateFlags::LOCAL_CALL));
        let forged = answer | NegotiateFlags::LOCAL_CALL;
        let (agreed, _) = client_agree(offered, forged, &policy).unwrap();
        assert!(!agreed.contains(NegotiateFlags::LOCAL_CALL));
        let forged = Some(agreed | NegotiateFlags::LOCAL_CALL);
        let (agreed, _) = server_agree(answer, forged, &policy).unwrap();
        assert!(!agreed.contains(NegotiateFlags::LOCAL_CALL));
    }
}
