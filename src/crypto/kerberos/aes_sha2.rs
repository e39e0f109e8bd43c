//! AES with HMAC-SHA2 (RFC 8009).

use std::marker::PhantomData;

use sha2::digest::block_api::EagerHash;

use super::aes_cts::{Aes, AesHmac};
use super::cipher::Protection;
use super::enctype::Enctype;
use super::error::CryptoError;
use super::hash::{Hash, HmacKey, Sha256, Sha384};
use super::mac::Code;
use super::profile::{KeyBytes, Profile, iterations, utf8};
use super::simplified::constant;
use crate::spi::secret::{SecretBytes, SecretText};

/// RFC 8009 4.
const DEFAULT_ITERATIONS: u32 = 32768;

/// The hash of an enctype of this family.
pub(super) trait Sha2: Hash {
    /// The same hash of the `sha2` crate.
    type OfCrate: EagerHash;

    /// A checksum under a key of this hash.
    fn code(key: HmacKey<Self>) -> Code;
}

impl Sha2 for Sha256 {
    type OfCrate = sha2::Sha256;

    fn code(key: HmacKey<Self>) -> Code {
        Code::Sha256(key)
    }
}

impl Sha2 for Sha384 {
    type OfCrate = sha2::Sha384;

    fn code(key: HmacKey<Self>) -> Code {
        Code::Sha384(key)
    }
}

/// The enctype of a length of AES key and a hash.
pub(super) struct AesSha2<C, H> {
    enctype: Enctype,
    cipher: PhantomData<fn() -> (C, H)>,
}

impl<C: Aes, H: Sha2> AesSha2<C, H> {
    /// Under this number.
    pub(super) const fn new(enctype: Enctype) -> Self {
        Self { enctype, cipher: PhantomData }
    }

    /// The keys of integrity and of checksums have half of the hash.
    const HALF: usize = size_of::<H::Digest>() / 2;

    /// An HMAC key of a usage.
    fn hmac_key(base: &HmacKey<H>, usage: u32, purpose: u8) -> HmacKey<H> {
        let key = derive(base, &constant(usage, purpose), Self::HALF);
        HmacKey::new(key.expose().get(..Self::HALF).unwrap_or_default())
    }

    fn base(key: &KeyBytes) -> HmacKey<H> {
        HmacKey::new(key.expose().get(..C::KEY).unwrap_or_default())
    }
}

impl<C: Aes, H: Sha2> Profile for AesSha2<C, H> {
    fn string_to_key(
        &self,
        password: &SecretText,
        salt: &[u8],
        parameters: Option<&[u8]>,
    ) -> Result<KeyBytes, CryptoError> {
        let count = iterations(self.enctype, parameters, DEFAULT_ITERATIONS)?;
        let password = utf8(password)?;
        let salt = [self.enctype.name().as_bytes(), &[0], salt].concat();
        let mut seed = KeyBytes::new([0; 32]);
        let wanted = seed.expose_mut().get_mut(..C::KEY).unwrap_or_default();
        pbkdf2::pbkdf2_hmac::<H::OfCrate>(password.expose(), &salt, count, wanted);
        Ok(derive(&Self::base(&seed), b"kerberos", C::KEY))
    }

    fn protection(&self, key: &KeyBytes, usage: u32) -> Box<dyn Protection> {
        let base = Self::base(key);
        let cipher = C::schedule(&derive(&base, &constant(usage, 0xAA), C::KEY));
        let integrity = Self::hmac_key(&base, usage, 0x55);
        Box::new(AesHmac::<C, H, true> { cipher, integrity })
    }

    fn code(&self, key: &KeyBytes, usage: u32) -> Code {
        H::code(Self::hmac_key(&Self::base(key), usage, 0x99))
    }

    /// RFC 8009 5: as much as the hash gives.
    fn prf(&self, key: &KeyBytes, input: &[u8]) -> SecretBytes {
        let whole = size_of::<H::Digest>();
        SecretBytes::new(kdf(&Self::base(key), b"prf", input, whole).as_ref().to_vec())
    }
}

/// `KDF-HMAC-SHA2(key, label, k)` without a context, for a key of so many bytes.
fn derive<H: Hash>(key: &HmacKey<H>, label: &[u8], length: usize) -> KeyBytes {
    let mut derived = KeyBytes::new([0; 32]);
    let output = kdf(key, label, &[], length);
    let wanted = derived.expose_mut().get_mut(..length).unwrap_or_default();
    wanted.iter_mut().zip(output.as_ref()).for_each(|(key, byte)| *key = *byte);
    derived
}

/// `KDF-HMAC-SHA2` (RFC 8009 3): one round, of which the first `length` bytes are meant.
fn kdf<H: Hash>(key: &HmacKey<H>, label: &[u8], context: &[u8], length: usize) -> H::Digest {
    let bits = (length as u32 * 8).to_be_bytes();
    key.mac(&[&[0, 0, 0, 1], label, &[0], context, &bits])
}

#[cfg(test)]
mod tests {
    use super::super::vectors::hex;
    use super::super::{Enctype, Key};
    use super::*;

    const AES128: &str = "3705D96080C17728A0E800EAB6E0D23C";
    const AES256: &str = "6D404D37FAF79F9DF0D33568D320669800EB4836472EA8A026D16B7182460C52";

    fn keys() -> [Key; 2] {
        [(Enctype::Aes128CtsHmacSha256, AES128), (Enctype::Aes256CtsHmacSha384, AES256)]
            .map(|(enctype, key)| Key::new(enctype, &hex(key)).unwrap())
    }

    #[test]
    fn rfc8009_a_string_to_key() {
        let salt =
            [&hex("10DF9DD783E5BC8ACEA1730E74355F61")[..], b"ATHENA.MIT.EDUraeburn"].concat();
        let password = SecretText::from_str_secret("password");
        for (enctype, expected) in [
            (Enctype::Aes128CtsHmacSha256, "089BCA48B105EA6EA77CA5D2F39DC5E7"),
            (
                Enctype::Aes256CtsHmacSha384,
                "45BD806DBF6A833A9CFFC1C94589A222367A79BC21C413718906E9F578A78467",
            ),
        ] {
            let key = Key::from_password(enctype, &password, &salt, None).unwrap();
            assert_eq!(key.expose(), hex(expected), "{enctype}");
        }
    }

    #[test]
    fn rfc8009_a_derivation() {
        let base = HmacKey::<Sha256>::new(&hex(AES128));
        for (purpose, expected) in [
            (0x99, "B31A018A48F54776F403E9A396325DC3"),
            (0xAA, "9B197DD1E8C5609D6E67C3E37C62C72E"),
            (0x55, "9FDA0E56AB2D85E1569A688696C26A6C"),
        ] {
            assert_eq!(derive(&base, &constant(2, purpose), 16).expose()[..16], hex(expected));
        }
        let base = HmacKey::<Sha384>::new(&hex(AES256));
        for (purpose, expected) in [
            (0x99, "EF5718BE86CC84963D8BBB5031E9F5C4BA41F28FAF69E73D"),
            (0xAA, "56AB22BEE63D82D7BC5227F6773F8EA7A5EB1C825160C38312980C442E5C7E49"),
            (0x55, "69B16514E3CD8E56B82010D5C73012B622C4D00FFC23ED1F"),
        ] {
            let expected = hex(expected);
            let key = derive(&base, &constant(2, purpose), expected.len());
            assert_eq!(key.expose()[..expected.len()], expected);
        }
    }

    #[test]
    fn rfc8009_a_encryption() {
        #[rustfmt::skip]
        let cases = [
            [(0, "7E5895EAF2672435BAD817F545A37148",
              "EF85FB890BB8472F4DAB20394DCA781DAD877EDA39D50C870C0D5A0A8E48C718"),
             (6, "7BCA285E2FD4130FB55B1A5C83BC5B24",
              "84D7F30754ED987BAB0BF3506BEB09CFB55402CEF7E6877CE99E247E52D16ED4421DFDF8976C"),
             (16, "56AB21713FF62C0A1457200F6FA9948F",
              "3517D640F50DDC8AD3628722B3569D2AE07493FA8263254080EA65C1008E8FC2\
               95FB4852E7D83E1E7C48C37EEBE6B0D3"),
             (21, "A7A4E29A4728CE10664FB64E49AD3FAC",
              "720F73B18D9859CD6CCB4346115CD336C70F58EDC0C4437C5573544C31C813BC\
               E1E6D072C186B39A413C2F92CA9B8334A287FFCBFC")],
            [(0, "F764E9FA15C276478B2C7D0C4E5F58E4",
              "41F53FA5BFE7026D91FAF9BE959195A058707273A96A40F0A01960621AC61274\
               8B9BBFBE7EB4CE3C"),
             (6, "B80D3251C1F6471494256FFE712D0B9A",
              "4ED7B37C2BCAC8F74F23C1CF07E62BC7B75FB3F637B9F559C7F664F69EAB7B60\
               92237526EA0D1F61CB20D69D10F2"),
             (16, "53BF8A0D105265D4E276428624CE5E63",
              "BC47FFEC7998EB91E8115CF8D19DAC4BBBE2E163E87DD37F49BECA92027764F6\
               8CF51F14D798C2273F35DF574D1F932E40C4FF255B36A266"),
             (21, "763E65367E864F02F55153C7E3B58AF1",
              "40013E2DF58E8751957D2878BCD2D6FE101CCFD556CB1EAE79DB3C3EE86429F2\
               B2A602AC86FEF6ECB647D6295FAE077A1FEB517508D2C16B4192E01F62")],
        ];
        for (key, cases) in keys().iter().zip(cases) {
            for (length, confounder, ciphertext) in cases {
                let plaintext: Vec<u8> = (0..length).collect();
                let ciphertext = hex(ciphertext);
                assert_eq!(key.encrypt(2, &hex(confounder), &plaintext), ciphertext, "{length}");
                assert_eq!(key.decrypt(2, &ciphertext).unwrap().expose(), plaintext);
            }
        }
    }

    #[test]
    fn rfc8009_a_checksum_and_prf() {
        let data: Vec<u8> = (0..21).collect();
        let [aes128, aes256] = keys();
        assert_eq!(aes128.checksum(2, &[&data]), hex("D78367186643D67B411CBA9139FC1DEE"));
        let expected = hex("45EE791567EEFCA37F4AC1E0222DE80D43C3BFA06699672A");
        assert_eq!(aes256.checksum(2, &[&data]), expected);
        let expected = hex("9D188616F63852FE86915BB840B4A886FF3E6BB0F819B49B893393D393854295");
        assert_eq!(aes128.prf(b"test").expose(), expected);
        let expected = hex("9801F69A368C2BF675E59521E177D9A07F67EFE1CFDE8D3C8D6F6A0256E3B17D\
                            B3C1B62AD1B8553360D17367EB1514D2");
        assert_eq!(aes256.prf(b"test").expose(), expected);
    }
}
