//! Security layers: what one side offers, what the other chooses (RFC 4752 3.1 to 3.3).
//!
//! Holds: the two messages in the clear, and the choice. May use: `spi`. Must not touch: everything
//! else.

use bitflags::bitflags;

use crate::spi::error::{Error, PeerFault, Result};
use crate::spi::flags::ContextFlags;

/// The largest size that three octets can say.
pub const MAX_SIZE: u32 = 0x00FF_FFFF;

bitflags! {
    /// The bit-mask of layers.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Layers: u8 {
        /// No security layer.
        const NONE = 1;
        /// Messages are signed.
        const INTEGRITY = 2;
        /// Messages are signed and encrypted.
        const CONFIDENTIALITY = 4;
    }
}

/// The layer of a complete context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Messages go as they are.
    None,
    /// Messages are signed.
    Integrity,
    /// Messages are signed and encrypted.
    Confidentiality,
}

/// What a context can protect: bits of a context that SSPI calls its own name.
const PROTECTION: ContextFlags = ContextFlags::INTEGRITY.union(ContextFlags::CONFIDENTIALITY);

impl Layer {
    /// Where no layer is negotiated the flags of the context are the layer.
    pub const fn of_flags(flags: ContextFlags) -> Self {
        if flags.contains(ContextFlags::CONFIDENTIALITY) {
            Self::Confidentiality
        } else if flags.contains(ContextFlags::INTEGRITY) {
            Self::Integrity
        } else {
            Self::None
        }
    }

    /// The flags of a context as its layer leaves them.
    pub fn restrict(self, flags: ContextFlags) -> ContextFlags {
        let rest = flags.difference(PROTECTION);
        match self {
            Self::None => rest,
            Self::Integrity => rest | (flags & ContextFlags::INTEGRITY),
            Self::Confidentiality => rest | (flags & PROTECTION),
        }
    }

    const fn bit(self) -> Layers {
        match self {
            Self::None => Layers::NONE,
            Self::Integrity => Layers::INTEGRITY,
            Self::Confidentiality => Layers::CONFIDENTIALITY,
        }
    }
}

/// The server's message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// What it supports. Bits that no one has defined are ignored.
    pub layers: Layers,
    /// The longest message that it takes.
    pub size: u32,
}

impl Offer {
    /// What a server offers: what the context can do, less what falls short of its caller's
    /// demands; nothing but [`Layers::NONE`] when it can take no message.
    pub fn of_server(demanded: ContextFlags, context: ContextFlags, size: u32) -> Result<Self> {
        let mut layers = supported(context, size);
        if demanded.contains(ContextFlags::CONFIDENTIALITY) {
            layers.remove(Layers::NONE | Layers::INTEGRITY);
        } else if demanded.contains(ContextFlags::INTEGRITY) {
            layers.remove(Layers::NONE);
        }
        if layers.is_empty() {
            let story = "the client's context does not offer the security layer that is demanded";
            return Err(Error::new(PeerFault::CapabilityMissing, story));
        }
        let size = if layers == Layers::NONE { 0 } else { size.min(MAX_SIZE) };
        Ok(Self { layers, size })
    }

    /// Its four octets.
    pub fn encode(self) -> [u8; 4] {
        head(self.layers, self.size)
    }

    /// Reads four octets.
    pub fn decode(octets: &[u8]) -> Result<Self> {
        let [layers, size @ ..]: [u8; 4] =
            octets.try_into().map_err(|_| malformed("the server's offer is not 4 octets long"))?;
        let offer = Self { layers: Layers::from_bits_truncate(layers), size: number(size) };
        let protects = offer.layers.intersects(Layers::INTEGRITY | Layers::CONFIDENTIALITY);
        if !protects && offer.size != 0 {
            return Err(malformed("the server takes messages, but offers no security layer"));
        }
        Ok(offer)
    }

    /// What a client takes of it: what its caller asked for and nothing less; the least that the
    /// server accepts when it asked for nothing.
    pub fn choose(self, wanted: ContextFlags, context: ContextFlags, own: u32) -> Result<Layer> {
        let able = self.layers & supported(context, self.size.min(own));
        let order: &[Layer] = if wanted.contains(ContextFlags::CONFIDENTIALITY) {
            &[Layer::Confidentiality]
        } else if wanted.contains(ContextFlags::INTEGRITY) {
            &[Layer::Integrity, Layer::Confidentiality]
        } else {
            &[Layer::None, Layer::Integrity, Layer::Confidentiality]
        };
        order.iter().copied().find(|layer| able.contains(layer.bit())).ok_or_else(|| {
            let story = format!("no security layer of the server's ({:?}) will do", self.layers);
            Error::new(PeerFault::CapabilityMissing, story)
        })
    }
}

/// The client's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The layer.
    pub layer: Layer,
    /// The longest message that the client takes.
    pub size: u32,
    /// As whom it wants to act; empty for itself.
    pub authorization: String,
}

impl Choice {
    /// Its octets.
    pub fn encode(&self) -> Vec<u8> {
        let size = if self.layer == Layer::None { 0 } else { self.size.min(MAX_SIZE) };
        [&head(self.layer.bit(), size)[..], self.authorization.as_bytes()].concat()
    }

    /// Reads what a client chose of what was offered to it.
    pub fn decode(octets: &[u8], offered: Layers) -> Result<Self> {
        let (&[layer, size @ ..], authorization) = octets
            .split_first_chunk::<4>()
            .ok_or_else(|| malformed("the client's choice is shorter than 4 octets"))?;
        let layer = chosen(layer)?;
        if !offered.contains(layer.bit()) {
            return Err(malformed("the client chose a security layer that was not offered"));
        }
        let size = number(size);
        if (layer == Layer::None) != (size == 0) {
            return Err(malformed("the client's maximum size does not go with its security layer"));
        }
        Ok(Self { layer, size, authorization: authorization_identity(authorization)? })
    }
}

/// An authorization identity: UTF-8 without a terminator.
pub fn authorization_identity(octets: &[u8]) -> Result<String> {
    let text = str::from_utf8(octets).ok().filter(|text| !text.contains('\0'));
    let story = "the authorization identity is not UTF-8, or contains NUL";
    text.map(str::to_owned).ok_or_else(|| malformed(story))
}

/// One bit, or both of integrity and confidentiality, with which clients of Active Directory say
/// that they want the latter.
fn chosen(octet: u8) -> Result<Layer> {
    const BOTH: Layers = Layers::INTEGRITY.union(Layers::CONFIDENTIALITY);
    match Layers::from_bits(octet) {
        Some(Layers::NONE) => Ok(Layer::None),
        Some(Layers::INTEGRITY) => Ok(Layer::Integrity),
        Some(Layers::CONFIDENTIALITY | BOTH) => Ok(Layer::Confidentiality),
        _ => Err(malformed("the client did not choose one security layer")),
    }
}

fn supported(context: ContextFlags, size: u32) -> Layers {
    let mut layers = Layers::NONE;
    // Without integrity there can be no layer at all, whatever else there is.
    if size > 0 && context.contains(ContextFlags::INTEGRITY) {
        layers |= Layers::INTEGRITY;
        layers.set(Layers::CONFIDENTIALITY, context.contains(ContextFlags::CONFIDENTIALITY));
    }
    layers
}

const fn head(layers: Layers, size: u32) -> [u8; 4] {
    let [_, high, middle, low] = size.to_be_bytes();
    [layers.bits(), high, middle, low]
}

const fn number([high, middle, low]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, high, middle, low])
}

fn malformed(story: &str) -> Error {
    Error::new(PeerFault::MalformedToken, story)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: ContextFlags = ContextFlags::empty();
    const SIGN: ContextFlags = ContextFlags::INTEGRITY;
    const SEAL: ContextFlags = PROTECTION;

    #[test]
    fn a_server_offers_what_the_context_can_and_its_caller_demands() {
        let layers = |demanded, context, size| {
            Offer::of_server(demanded, context, size).map(|offer| (offer.layers.bits(), offer.size))
        };
        assert_eq!(layers(NOTHING, SEAL, 0xFFFF).unwrap(), (7, 0xFFFF));
        assert_eq!(layers(NOTHING, SIGN, 0xFFFF).unwrap(), (3, 0xFFFF));
        assert_eq!(layers(NOTHING, NOTHING, 0xFFFF).unwrap(), (1, 0));
        assert_eq!(layers(NOTHING, ContextFlags::CONFIDENTIALITY, 0xFFFF).unwrap(), (1, 0));
        assert_eq!(layers(NOTHING, SEAL, 0).unwrap(), (1, 0));
        assert_eq!(layers(SIGN, SEAL, 5).unwrap(), (6, 5));
        assert_eq!(layers(SEAL, SEAL, u32::MAX).unwrap(), (4, MAX_SIZE));
        for (demanded, context, size) in [(SEAL, SIGN, 9), (SIGN, NOTHING, 9), (SIGN, SEAL, 0)] {
            let fault = layers(demanded, context, size).unwrap_err().fault();
            assert_eq!(fault, PeerFault::CapabilityMissing.into());
        }
    }

    #[test]
    fn q3_a_client_gets_what_it_asked_for_or_nothing() {
        let choose = |layers, wanted, context| {
            Offer { layers: Layers::from_bits_truncate(layers), size: 0xFFFF }
                .choose(wanted, context, 0xFFFF)
                .ok()
        };
        assert_eq!(choose(7, SEAL, SEAL), Some(Layer::Confidentiality));
        assert_eq!(choose(7, SIGN, SEAL), Some(Layer::Integrity));
        assert_eq!(choose(7, NOTHING, SEAL), Some(Layer::None));
        assert_eq!(choose(5, SIGN, SEAL), Some(Layer::Confidentiality));
        assert_eq!(choose(6, NOTHING, SIGN), Some(Layer::Integrity));
        assert_eq!(choose(4, NOTHING, SEAL), Some(Layer::Confidentiality));
        for (layers, wanted, context) in
            [(3, SEAL, SEAL), (7, SEAL, SIGN), (1, SIGN, SEAL), (4, NOTHING, SIGN), (0, SIGN, SEAL)]
        {
            assert_eq!(choose(layers, wanted, context), None, "{layers}");
        }
    }

    #[test]
    fn q4_who_can_take_no_message_agrees_to_no_layer() {
        let offer = Offer { layers: Layers::all(), size: 100 };
        assert_eq!(offer.choose(NOTHING, SEAL, 0).unwrap(), Layer::None);
        assert!(offer.choose(SIGN, SEAL, 0).is_err());
        let silent = Offer { layers: Layers::all(), size: 0 };
        assert!(silent.choose(SEAL, SEAL, 100).is_err());
        assert_eq!(silent.choose(NOTHING, SEAL, 100).unwrap(), Layer::None);
    }

    #[test]
    fn q1_offers_of_another_length_or_with_an_impossible_size_are_refused() {
        assert_eq!(Offer::decode(&[7, 1, 2, 3]).unwrap().size, 0x01_0203);
        // Bits of a later document do no harm.
        assert_eq!(Offer::decode(&[0xF9, 0, 0, 0]).unwrap().layers, Layers::NONE);
        assert!(Offer::decode(&[1, 0, 0, 1]).is_err());
        assert!(Offer::decode(&[0xF8, 0, 0, 1]).is_err());
        for length in [0, 1, 3, 5, 8, 64] {
            assert!(Offer::decode(&vec![2; length]).is_err(), "{length}");
        }
    }

    #[test]
    fn q2_choices_that_were_not_offered_or_make_no_sense_are_refused() {
        let decode =
            |octets: &[u8], offered| Choice::decode(octets, Layers::from_bits_retain(offered));
        assert_eq!(decode(&[1, 0, 0, 0], 7).unwrap().layer, Layer::None);
        assert_eq!(decode(&[2, 0, 0, 9], 7).unwrap().layer, Layer::Integrity);
        assert_eq!(decode(&[4, 0, 0, 9], 7).unwrap().layer, Layer::Confidentiality);
        assert_eq!(decode(&[6, 0, 0, 9], 7).unwrap().layer, Layer::Confidentiality);
        let bad: [(&[u8], u8); 11] = [
            (&[6, 0, 0, 9], 3),
            (&[4, 0, 0, 9], 3),
            (&[2, 0, 0, 9], 5),
            (&[1, 0, 0, 0], 6),
            (&[0, 0, 0, 0], 7),
            (&[3, 0, 0, 9], 7),
            (&[7, 0, 0, 9], 7),
            (&[8, 0, 0, 9], 7),
            (&[1, 0, 0, 9], 7),
            (&[2, 0, 0, 0], 7),
            (&[2, 0, 0], 7),
        ];
        for (octets, offered) in bad {
            assert!(decode(octets, offered).is_err(), "{octets:?} of {offered}");
        }
    }

    #[test]
    fn q5_an_authorization_identity_is_text() {
        let choice = Choice { layer: Layer::Integrity, size: 7, authorization: "zoë".into() };
        assert_eq!(Choice::decode(&choice.encode(), Layers::all()).unwrap(), choice);
        assert!(Choice::decode(b"\x02\0\0\x07a\0b", Layers::all()).is_err());
        assert!(Choice::decode(b"\x02\0\0\x07\xFF", Layers::all()).is_err());
    }

    #[test]
    fn the_flags_tell_the_layer() {
        let other = ContextFlags::MUTUAL_AUTH;
        for layer in [Layer::None, Layer::Integrity, Layer::Confidentiality] {
            let flags = layer.restrict(SEAL | other);
            assert!(flags.contains(other));
            assert_eq!(Layer::of_flags(flags), layer);
        }
    }
}
