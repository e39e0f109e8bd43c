//! `mechListMIC` (RFC 4178 5, [MS-SPNG] 3.1.5.1): the mechanism's signature over the client's
//! list of mechanisms, which shows that nobody made them choose a weaker one.

use super::inner::Finished;
use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;
use crate::spi::message::Qop;
use crate::spi::packed::Role;

/// Proof that the list of mechanisms is the one that the client sent, or that there is nothing
/// that could show it and nothing that would be won by changing it.
pub struct ListProtected(());

impl ListProtected {
    /// Without SPNEGO there is no list.
    pub const fn no_list() -> Self {
        Self(())
    }
}

/// The list, and how far the exchange of its codes is.
pub struct ListMic {
    /// DER, as sent or received.
    list: Vec<u8>,
    demand: Demand,
    /// The caller asked for signed messages.
    wants_integrity: bool,
    sent: bool,
    verified: bool,
}

/// Why there must be codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Demand {
    /// The first choice of both was taken.
    None,
    /// The mechanism's own messages were protected (NTLM).
    Mechanism,
    /// Another than the first choice was taken, or the peer wants it.
    Choice,
}

impl ListMic {
    /// Over this list, for a caller with these requirements.
    pub const fn new(list: Vec<u8>, required: ContextFlags) -> Self {
        const SIGNED: ContextFlags = ContextFlags::INTEGRITY
            .union(ContextFlags::CONFIDENTIALITY)
            .union(ContextFlags::REPLAY_DETECT)
            .union(ContextFlags::SEQUENCE_DETECT);
        let wants_integrity = required.intersects(SIGNED);
        Self { list, demand: Demand::None, wants_integrity, sent: false, verified: false }
    }

    /// Another than the first choice was taken, or the peer asks for codes.
    pub const fn demand(&mut self) {
        self.demand = Demand::Choice;
    }

    /// Whether the peer's code was verified.
    pub const fn is_verified(&self) -> bool {
        self.verified
    }

    /// Takes the peer's code in, if it sent one, and makes ours, if it is due now and the peer
    /// listens: a code takes a number, so that none may be made that is not sent. Whoever sends
    /// the mechanism's last token sends the code with it (RFC 4178 5).
    pub fn exchange(
        &mut self,
        finished: &mut Finished,
        received: Option<&[u8]>,
        peer_listens: bool,
    ) -> Result<Option<Vec<u8>>> {
        if finished.mic_due {
            self.demand = self.demand.max(Demand::Mechanism);
        }
        if let Some(mic) = received {
            self.verify(finished, mic)?;
        }
        if self.demand == Demand::None || self.sent {
            return Ok(None);
        }
        if !self.verified {
            if !finished.has_integrity() {
                return Ok(None);
            }
            if finished.peer_spoke_last {
                return Err(missing());
            }
        }
        if peer_listens { self.sign(finished).map(Some) } else { Ok(None) }
    }

    /// Our code, which the peer waits for although nothing demands it.
    pub fn volunteer(&mut self, finished: &mut Finished) -> Result<Option<Vec<u8>>> {
        self.demand = Demand::Choice;
        if self.sent || !finished.has_integrity() {
            return Ok(None);
        }
        self.sign(finished).map(Some)
    }

    /// Whether nothing of the peer is missing.
    pub fn is_settled(&self, finished: &Finished) -> bool {
        self.verified || self.may_be_absent(finished)
    }

    /// The proof, or the refusal of a context whose mechanism may not be what both wanted.
    pub fn settle(&self, finished: &Finished) -> Result<ListProtected> {
        // What a mechanism without keys signs proves nothing.
        let proved = self.verified && finished.has_integrity();
        if proved || self.may_be_absent(finished) { Ok(ListProtected(())) } else { Err(missing()) }
    }

    /// Where nothing is demanded; where the mechanism cannot sign, and the client is nobody, or
    /// we are the server, which chose by what it heard; and where a server took the client's
    /// first choice and keeps silent towards a client that wants no signatures.
    fn may_be_absent(&self, finished: &Finished) -> bool {
        let client = finished.role() == Role::Initiator;
        match self.demand {
            Demand::None => true,
            Demand::Mechanism if !finished.has_integrity() => true,
            Demand::Mechanism => client && !self.wants_integrity,
            Demand::Choice => !finished.has_integrity() && (!client || finished.is_anonymous()),
        }
    }

    fn verify(&mut self, finished: &mut Finished, mic: &[u8]) -> Result<()> {
        if self.verified {
            let story = "the list of mechanisms was signed twice";
            return Err(Error::new(PeerFault::UnexpectedToken, story));
        }
        let protection = finished.protection()?;
        // What follows a signature in a buffer the mechanism does not look at.
        let fits = mic.len() <= protection.sizes.max_signature as usize;
        if !fits || protection.receiver.verify(&[&self.list], mic, 0).is_err() {
            let story = "the list of mechanisms was changed, or its signature was";
            return Err(Error::new(PeerFault::MicMismatch, story));
        }
        self.verified = true;
        // Who gets a code sends one.
        self.demand = Demand::Choice;
        Ok(())
    }

    fn sign(&mut self, finished: &mut Finished) -> Result<Vec<u8>> {
        let protection = finished.protection()?;
        let mut mic = vec![0; protection.sizes.max_signature as usize];
        let length = protection.sender.sign(Qop::Default, &[&self.list], &mut mic, 0)?;
        mic.truncate(length);
        self.sent = true;
        Ok(mic)
    }
}

fn missing() -> Error {
    let story = "the peer did not sign the list of mechanisms: it may have been changed";
    Error::new(PeerFault::MicMismatch, story)
}
