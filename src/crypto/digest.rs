//! MD4 and MD5 of values in pieces.

use md4::{Digest, Md4};

use super::md5::Md5;
use crate::spi::secret::Secret;

/// MD4 of a secret: a password or a hash.
pub fn md4(bytes: &[u8]) -> Secret<16> {
    Secret::new(Md4::digest(bytes).into())
}

/// MD5 of the concatenation.
pub fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut digest = Md5::new();
    for part in parts {
        digest.update(part);
    }
    digest.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc1320_and_rfc1321_test_suites() {
        let md4_abc = 0xa448_017a_af21_d852_5fc1_0ae8_7aa6_729d_u128.to_be_bytes();
        assert_eq!(md4(b"abc").expose(), &md4_abc);
        let md5_abc = 0x9001_5098_3cd2_4fb0_d696_3f7d_28e1_7f72_u128.to_be_bytes();
        assert_eq!(md5(&[b"a", b"", b"bc"]), md5_abc);
    }
}
