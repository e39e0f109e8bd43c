//! The status codes of SSPI: value, name and text, in one table.

use std::fmt;

/// A `SECURITY_STATUS`: negative is a failure, zero and positive are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Status(i32);

impl Status {
    /// The status of this number, whether it is in the table or not.
    pub const fn new(code: i32) -> Self {
        Self(code)
    }

    /// The number that C sees.
    pub const fn code(self) -> i32 {
        self.0
    }

    /// A failure, as opposed to success or a request to go on.
    pub const fn is_failure(self) -> bool {
        self.0 < 0
    }

    /// The name in Windows' headers.
    pub fn name(self) -> Option<&'static str> {
        self.row().map(|row| row.1)
    }

    /// A sentence for a human.
    pub fn text(self) -> Option<&'static str> {
        self.row().map(|row| row.2)
    }

    fn row(self) -> Option<&'static (Self, &'static str, &'static str)> {
        TABLE.iter().find(|row| row.0 == self)
    }
}

/// Every status of the table: value, name, text.
pub fn all() -> impl Iterator<Item = (Status, &'static str, &'static str)> {
    TABLE.iter().copied()
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{:#010x}", self.0),
        }
    }
}

macro_rules! statuses {
    ($($code:literal $name:ident $text:literal)*) => {
        $(
            #[doc = $text]
            pub const $name: Status = Status(($code as u32).cast_signed());
        )*

        static TABLE: &[(Status, &str, &str)] = &[$(($name, stringify!($name), $text)),*];
    };
}

/// Another name of [`SEC_E_UNSUPPORTED_FUNCTION`] in Windows' headers.
pub const SEC_E_NOT_SUPPORTED: Status = SEC_E_UNSUPPORTED_FUNCTION;

statuses! {
    0x0000_0000 SEC_E_OK "the call succeeded"
    0x8009_0300 SEC_E_INSUFFICIENT_MEMORY "not enough memory, or too many handles"
    0x8009_0301 SEC_E_INVALID_HANDLE "the handle is not valid: zero, freed, or not from this library"
    0x8009_0302 SEC_E_UNSUPPORTED_FUNCTION "the function, flag or attribute is not offered here"
    0x8009_0303 SEC_E_TARGET_UNKNOWN "the target name is not known to the authority"
    0x8009_0304 SEC_E_INTERNAL_ERROR "an internal error"
    0x8009_0305 SEC_E_SECPKG_NOT_FOUND "there is no security package of this name"
    0x8009_0306 SEC_E_NOT_OWNER "the caller does not own these credentials"
    0x8009_0307 SEC_E_CANNOT_INSTALL "the security package could not be initialised"
    0x8009_0308 SEC_E_INVALID_TOKEN "a token is malformed, out of place, or a needed buffer is missing"
    0x8009_0309 SEC_E_CANNOT_PACK "the context cannot be exported"
    0x8009_030A SEC_E_QOP_NOT_SUPPORTED "the quality of protection is not known"
    0x8009_030B SEC_E_NO_IMPERSONATION "the context carries no client that could be impersonated"
    0x8009_030C SEC_E_LOGON_DENIED "the logon was denied: wrong password, unknown or disabled account, or policy"
    0x8009_030D SEC_E_UNKNOWN_CREDENTIALS "the credentials are not understood by the package"
    0x8009_030E SEC_E_NO_CREDENTIALS "there are no credentials to authenticate with"
    0x8009_030F SEC_E_MESSAGE_ALTERED "a message or signature does not verify"
    0x8009_0310 SEC_E_OUT_OF_SEQUENCE "a message or call came out of its order"
    0x8009_0311 SEC_E_NO_AUTHENTICATING_AUTHORITY "no authority (KDC or domain controller) could be reached"
    0x0009_0312 SEC_I_CONTINUE_NEEDED "another token from the peer is needed"
    0x0009_0313 SEC_I_COMPLETE_NEEDED "CompleteAuthToken must be called"
    0x0009_0314 SEC_I_COMPLETE_AND_CONTINUE "CompleteAuthToken must be called, then another token is needed"
    0x0009_0315 SEC_I_LOCAL_LOGON "the logon was local"
    0x0009_0316 SEC_I_GENERIC_EXTENSION_RECEIVED "a TLS extension was received"
    0x8009_0316 SEC_E_BAD_PKGID "the package id is not known"
    0x8009_0317 SEC_E_CONTEXT_EXPIRED "the context or ticket has expired"
    0x0009_0317 SEC_I_CONTEXT_EXPIRED "the peer closed the context"
    0x8009_0318 SEC_E_INCOMPLETE_MESSAGE "the message is not complete"
    0x8009_0320 SEC_E_INCOMPLETE_CREDENTIALS "the credentials are not complete"
    0x8009_0321 SEC_E_BUFFER_TOO_SMALL "an output buffer is missing or too small"
    0x0009_0320 SEC_I_INCOMPLETE_CREDENTIALS "more credentials are wanted"
    0x0009_0321 SEC_I_RENEGOTIATE "the peer wants to renegotiate"
    0x8009_0322 SEC_E_WRONG_PRINCIPAL "the target is another principal than the one asked for"
    0x0009_0323 SEC_I_NO_LSA_CONTEXT "there is no authority context"
    0x8009_0324 SEC_E_TIME_SKEW "the clocks of the two sides differ too much"
    0x8009_0325 SEC_E_UNTRUSTED_ROOT "the certificate chain ends in an untrusted root"
    0x8009_0326 SEC_E_ILLEGAL_MESSAGE "the message is illegal at this place"
    0x8009_0327 SEC_E_CERT_UNKNOWN "the certificate could not be processed"
    0x8009_0328 SEC_E_CERT_EXPIRED "the certificate has expired"
    0x8009_0329 SEC_E_ENCRYPT_FAILURE "the data could not be encrypted"
    0x8009_0330 SEC_E_DECRYPT_FAILURE "the data could not be decrypted"
    0x8009_0331 SEC_E_ALGORITHM_MISMATCH "the two sides have no algorithm in common"
    0x8009_0332 SEC_E_SECURITY_QOS_FAILED "the asked quality of service cannot be had"
    0x8009_0333 SEC_E_UNFINISHED_CONTEXT_DELETED "the context was deleted before it was finished"
    0x8009_0334 SEC_E_NO_TGT_REPLY "the peer did not send its ticket-granting ticket"
    0x8009_0335 SEC_E_NO_IP_ADDRESSES "no address is known for this machine"
    0x8009_0336 SEC_E_WRONG_CREDENTIAL_HANDLE "the credential is not the one that the context began with"
    0x8009_0337 SEC_E_CRYPTO_SYSTEM_INVALID "the encryption type is not available"
    0x8009_0338 SEC_E_MAX_REFERRALS_EXCEEDED "too many referrals"
    0x8009_0339 SEC_E_MUST_BE_KDC "only a KDC may do this"
    0x8009_033A SEC_E_STRONG_CRYPTO_NOT_SUPPORTED "strong cryptography is not supported by the peer"
    0x8009_033B SEC_E_TOO_MANY_PRINCIPALS "the reply names too many principals"
    0x8009_033C SEC_E_NO_PA_DATA "preauthentication data is missing"
    0x8009_033D SEC_E_PKINIT_NAME_MISMATCH "the certificate belongs to another client"
    0x8009_033E SEC_E_SMARTCARD_LOGON_REQUIRED "a smart card is required"
    0x8009_033F SEC_E_SHUTDOWN_IN_PROGRESS "the system is shutting down"
    0x8009_0340 SEC_E_KDC_INVALID_REQUEST "the KDC answered an invalid request, or invalidly"
    0x8009_0341 SEC_E_KDC_UNABLE_TO_REFER "the KDC could not refer to another realm"
    0x8009_0342 SEC_E_KDC_UNKNOWN_ETYPE "the encryption type is not supported by the KDC"
    0x8009_0343 SEC_E_UNSUPPORTED_PREAUTH "the preauthentication type is not supported"
    0x8009_0345 SEC_E_DELEGATION_REQUIRED "delegation is required"
    0x8009_0346 SEC_E_BAD_BINDINGS "the channel bindings of the two sides differ"
    0x8009_0347 SEC_E_MULTIPLE_ACCOUNTS "the name fits several accounts"
    0x8009_0348 SEC_E_NO_KERB_KEY "there is no key for the service"
    0x8009_0349 SEC_E_CERT_WRONG_USAGE "the certificate is not meant for this use"
    0x8009_0350 SEC_E_DOWNGRADE_DETECTED "an attempt to weaken the authentication was detected"
    0x8009_0351 SEC_E_SMARTCARD_CERT_REVOKED "the smart-card certificate is revoked"
    0x8009_0352 SEC_E_ISSUING_CA_UNTRUSTED "the issuing authority is not trusted"
    0x8009_0353 SEC_E_REVOCATION_OFFLINE_C "the revocation server cannot be reached"
    0x8009_0354 SEC_E_PKINIT_CLIENT_FAILURE "the smart-card certificate is not accepted"
    0x8009_0355 SEC_E_SMARTCARD_CERT_EXPIRED "the smart-card certificate has expired"
    0x8009_0356 SEC_E_NO_S4U_PROT_SUPPORT "the KDC does not support service for user"
    0x8009_0357 SEC_E_CROSSREALM_DELEGATION_FAILURE "delegation across realms failed"
    0x8009_0358 SEC_E_REVOCATION_OFFLINE_KDC "the revocation server of the KDC certificate cannot be reached"
    0x8009_0359 SEC_E_ISSUING_CA_UNTRUSTED_KDC "the issuer of the KDC certificate is not trusted"
    0x8009_035A SEC_E_KDC_CERT_EXPIRED "the KDC certificate has expired"
    0x8009_035B SEC_E_KDC_CERT_REVOKED "the KDC certificate is revoked"
    0x0009_035C SEC_I_SIGNATURE_NEEDED "a signature is needed"
    0x8009_035D SEC_E_INVALID_PARAMETER "an argument is invalid"
    0x8009_035E SEC_E_DELEGATION_POLICY "delegation is forbidden by policy"
    0x8009_035F SEC_E_POLICY_NLTM_ONLY "policy allows NTLM only"
    0x0009_0360 SEC_I_NO_RENEGOTIATION "the peer refuses to renegotiate"
    0x8009_0361 SEC_E_NO_CONTEXT "there is no context"
    0x8009_0362 SEC_E_PKU2U_CERT_FAILURE "the PKU2U certificate was refused"
    0x8009_0363 SEC_E_MUTUAL_AUTH_FAILED "the server did not prove its identity"
    0x0009_0364 SEC_I_MESSAGE_FRAGMENT "a part of a message"
    0x8009_0365 SEC_E_ONLY_HTTPS_ALLOWED "only HTTPS is allowed"
    0x0009_0366 SEC_I_CONTINUE_NEEDED_MESSAGE_OK "go on; the message is good"
    0x8009_0367 SEC_E_APPLICATION_PROTOCOL_MISMATCH "no application protocol in common"
    0x0009_0368 SEC_I_ASYNC_CALL_PENDING "the call goes on"
    0x8009_0369 SEC_E_INVALID_UPN_NAME "the user principal name is not valid"
    0x8009_036A SEC_E_EXT_BUFFER_TOO_SMALL "the extension buffer is too small"
    0x8009_036B SEC_E_INSUFFICIENT_BUFFERS "there are too few buffers"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_unique() {
        for (index, row) in TABLE.iter().enumerate() {
            assert!(TABLE[..index].iter().all(|other| other.0 != row.0 && other.1 != row.1));
        }
    }

    #[test]
    fn success_and_information_are_no_failures() {
        assert!(!SEC_E_OK.is_failure());
        assert!(!SEC_I_CONTINUE_NEEDED.is_failure());
        assert!(SEC_E_INVALID_HANDLE.is_failure());
        assert_eq!(SEC_E_INVALID_HANDLE.to_string(), "SEC_E_INVALID_HANDLE");
        assert_eq!(Status::new(-1).to_string(), "0xffffffff");
    }
}
