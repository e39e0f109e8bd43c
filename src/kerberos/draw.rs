//! The random bytes of one message, in one draw.

use crate::crypto::kerberos::{Enctype, Key};
use crate::spi::environment::Environment;
use crate::spi::error::Result;
use crate::spi::secret::Secret;

const SEQUENCE: usize = 4;
const CONFOUNDER: usize = 16;
const SEED: usize = 32;

/// Each part is for one use.
pub struct Draw(Secret<{ SEQUENCE + CONFOUNDER + SEED + SEED }>);

impl Draw {
    /// Draws.
    pub fn new(env: &dyn Environment) -> Result<Self> {
        let mut random = Secret::new([0; SEQUENCE + CONFOUNDER + SEED + SEED]);
        env.random(random.expose_mut())?;
        Ok(Self(random))
    }

    /// A first sequence number: 30 bits and not 0, because old peers take it for a signed number
    /// or leave leading octets out.
    pub fn sequence_number(&self) -> u32 {
        let [a, b, c, d, ..] = *self.0.expose();
        (u32::from_be_bytes([a, b, c, d]) & 0x3FFF_FFFF).max(1)
    }

    /// A confounder.
    pub fn confounder(&self, enctype: Enctype) -> &[u8] {
        self.part(SEQUENCE, enctype.confounder_length())
    }

    /// A subkey.
    pub fn subkey(&self, enctype: Enctype) -> Result<Key> {
        Ok(Key::from_seed(enctype, self.part(SEQUENCE + CONFOUNDER, enctype.seed_length()))?)
    }

    /// What the confounders of a context's messages are made of.
    pub fn confounder_seed(&self) -> Secret<SEED> {
        let mut seed = Secret::new([0; SEED]);
        let part = self.part(SEQUENCE + CONFOUNDER + SEED, SEED);
        seed.expose_mut().iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        seed
    }

    fn part(&self, from: usize, length: usize) -> &[u8] {
        // No enctype wants more than there is; a short part would be refused by who takes it.
        self.0.expose().get(from..).and_then(|rest| rest.get(..length)).unwrap_or_default()
    }
}
