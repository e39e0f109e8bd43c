//! The protocol's numbers, and their names for people.

macro_rules! numbers {
    ($($(#[$doc:meta])* $module:ident: $type:ty { $($name:ident = $value:literal, $text:literal;)* })*) => {$(
        $(#[$doc])*
        pub mod $module {
            $(
                #[doc = $text]
                pub const $name: $type = $value;
            )*

            /// What the number is called, if it is known.
            pub const fn name(number: $type) -> Option<&'static str> {
                match number {
                    $($name => Some($text),)*
                    _ => None,
                }
            }
        }
    )*};
}

numbers! {
    /// APPLICATION tags, which are `msg-type` too where a message has one (RFC 4120 5.10).
    application: u8 {
        TICKET = 1, "Ticket";
        AUTHENTICATOR = 2, "Authenticator";
        ENC_TICKET_PART = 3, "EncTicketPart";
        AS_REQ = 10, "AS-REQ";
        AS_REP = 11, "AS-REP";
        TGS_REQ = 12, "TGS-REQ";
        TGS_REP = 13, "TGS-REP";
        AP_REQ = 14, "AP-REQ";
        AP_REP = 15, "AP-REP";
        KRB_SAFE = 20, "KRB-SAFE";
        KRB_PRIV = 21, "KRB-PRIV";
        KRB_CRED = 22, "KRB-CRED";
        ENC_AS_REP_PART = 25, "EncASRepPart";
        ENC_TGS_REP_PART = 26, "EncTGSRepPart";
        ENC_AP_REP_PART = 27, "EncAPRepPart";
        ENC_KRB_PRIV_PART = 28, "EncKrbPrivPart";
        ENC_KRB_CRED_PART = 29, "EncKrbCredPart";
        KRB_ERROR = 30, "KRB-ERROR";
    }

    /// Types of names (RFC 4120 6.2, RFC 6806 5, RFC 8062; MS-* by [MS-KILE]).
    name_type: i32 {
        UNKNOWN = 0, "NT-UNKNOWN";
        PRINCIPAL = 1, "NT-PRINCIPAL";
        SRV_INST = 2, "NT-SRV-INST";
        SRV_HST = 3, "NT-SRV-HST";
        SRV_XHST = 4, "NT-SRV-XHST";
        UID = 5, "NT-UID";
        X500_PRINCIPAL = 6, "NT-X500-PRINCIPAL";
        SMTP_NAME = 7, "NT-SMTP-NAME";
        ENTERPRISE = 10, "NT-ENTERPRISE";
        WELLKNOWN = 11, "NT-WELLKNOWN";
        MS_PRINCIPAL = -128, "NT-MS-PRINCIPAL";
        MS_PRINCIPAL_AND_ID = -129, "NT-MS-PRINCIPAL-AND-ID";
        ENT_PRINCIPAL_AND_ID = -130, "NT-ENT-PRINCIPAL-AND-ID";
    }

    /// Types of addresses (RFC 4120 7.5.3).
    address_type: i32 {
        IPV4 = 2, "IPv4";
        DIRECTIONAL = 3, "Directional";
        NETBIOS = 20, "NetBIOS";
        IPV6 = 24, "IPv6";
    }

    /// Key usages (RFC 4120 7.5.1, RFC 4121 2, RFC 6113, [MS-SFU]).
    key_usage: u32 {
        PA_ENC_TIMESTAMP = 1, "PA-ENC-TIMESTAMP";
        TICKET = 2, "the encrypted part of a ticket";
        AS_REP = 3, "the encrypted part of an AS-REP";
        TGS_REQ_AUTHDATA_SESSION = 4, "enc-authorization-data under the session key";
        TGS_REQ_AUTHDATA_SUBKEY = 5, "enc-authorization-data under the subkey";
        TGS_REQ_CHECKSUM = 6, "the checksum of a TGS-REQ's authenticator";
        TGS_REQ_AUTHENTICATOR = 7, "the authenticator of a TGS-REQ";
        TGS_REP_SESSION = 8, "the encrypted part of a TGS-REP under the session key";
        TGS_REP_SUBKEY = 9, "the encrypted part of a TGS-REP under the subkey";
        AP_REQ_CHECKSUM = 10, "the checksum of an AP-REQ's authenticator";
        AP_REQ_AUTHENTICATOR = 11, "the authenticator of an AP-REQ";
        AP_REP = 12, "the encrypted part of an AP-REP";
        KRB_PRIV = 13, "KRB-PRIV";
        KRB_CRED = 14, "KRB-CRED";
        KRB_SAFE = 15, "KRB-SAFE";
        PA_FOR_USER = 17, "PA-FOR-USER, and the signatures of a PAC";
        AD_KDC_ISSUED = 19, "AD-KDC-ISSUED";
        ACCEPTOR_SEAL = 22, "Wrap tokens of the acceptor";
        ACCEPTOR_SIGN = 23, "MIC tokens of the acceptor";
        INITIATOR_SEAL = 24, "Wrap tokens of the initiator";
        INITIATOR_SIGN = 25, "MIC tokens of the initiator";
        S4U_X509_USER_REQUEST = 26, "PA-S4U-X509-USER in a request";
        S4U_X509_USER_REPLY = 27, "PA-S4U-X509-USER in a reply";
        FINISHED = 41, "KRB-FINISHED";
        FAST_REQUEST_CHECKSUM = 50, "the checksum of a FAST request";
        FAST_REQUEST = 51, "a FAST request";
        FAST_REPLY = 52, "a FAST reply";
        FAST_FINISHED = 53, "the end of a FAST exchange";
        ENCRYPTED_CHALLENGE_CLIENT = 54, "the encrypted challenge of a client";
        ENCRYPTED_CHALLENGE_KDC = 55, "the encrypted challenge of a KDC";
        AS_REQ_CHECKSUM = 56, "the checksum over an AS-REQ in PA-REQ-ENC-PA-REP";
    }

    /// Types of preauthentication data (RFC 4120 7.5.2, RFC 6113 7.1, RFC 6806 13, [MS-KILE] 2.2, [MS-SFU] 2.2).
    pa_type: i32 {
        TGS_REQ = 1, "PA-TGS-REQ";
        ENC_TIMESTAMP = 2, "PA-ENC-TIMESTAMP";
        PW_SALT = 3, "PA-PW-SALT";
        ETYPE_INFO = 11, "PA-ETYPE-INFO";
        PK_AS_REQ = 16, "PA-PK-AS-REQ";
        PK_AS_REP = 17, "PA-PK-AS-REP";
        ETYPE_INFO2 = 19, "PA-ETYPE-INFO2";
        SVR_REFERRAL_INFO = 20, "PA-SVR-REFERRAL-INFO";
        PAC_REQUEST = 128, "PA-PAC-REQUEST";
        FOR_USER = 129, "PA-FOR-USER";
        FOR_X509_USER = 130, "PA-S4U-X509-USER";
        FX_COOKIE = 133, "PA-FX-COOKIE";
        FX_FAST = 136, "PA-FX-FAST";
        FX_ERROR = 137, "PA-FX-ERROR";
        ENCRYPTED_CHALLENGE = 138, "PA-ENCRYPTED-CHALLENGE";
        PKINIT_KX = 147, "PA-PKINIT-KX";
        REQ_ENC_PA_REP = 149, "PA-REQ-ENC-PA-REP";
        AS_FRESHNESS = 150, "PA-AS-FRESHNESS";
        SPAKE = 151, "PA-SPAKE";
        SUPPORTED_ENCTYPES = 165, "PA-SUPPORTED-ENCTYPES";
        PAC_OPTIONS = 167, "PA-PAC-OPTIONS";
    }

    /// Types of authorisation data (RFC 4120 7.5.4, RFC 4537 5, [MS-KILE] 2.2.7 and 3.2.5.8).
    ad_type: i32 {
        IF_RELEVANT = 1, "AD-IF-RELEVANT";
        KDC_ISSUED = 4, "AD-KDC-ISSUED";
        AND_OR = 5, "AD-AND-OR";
        MANDATORY_FOR_KDC = 8, "AD-MANDATORY-FOR-KDC";
        INITIAL_VERIFIED_CAS = 9, "AD-INITIAL-VERIFIED-CAS";
        FX_FAST_ARMOR = 71, "AD-fx-fast-armor";
        FX_FAST_USED = 72, "AD-fx-fast-used";
        AUTHENTICATION_STRENGTH = 70, "AD-authentication-strength";
        CAMMAC = 96, "AD-CAMMAC";
        AUTHENTICATION_INDICATOR = 97, "AD-AUTHENTICATION-INDICATOR";
        WIN2K_PAC = 128, "AD-WIN2K-PAC";
        ETYPE_NEGOTIATION = 129, "AD-ETYPE-NEGOTIATION";
        TOKEN_RESTRICTIONS = 141, "KERB-AUTH-DATA-TOKEN-RESTRICTIONS";
        LOCAL = 142, "KERB-LOCAL";
        AP_OPTIONS = 143, "AD-AUTH-DATA-AP-OPTIONS";
        TARGET_PRINCIPAL = 144, "AD-AUTH-DATA-TARGET-NAME (UTF-16, little-endian)";
    }

    /// Flags of tickets (RFC 4120 5.3, RFC 6806 11; bit 0 of the protocol is the highest).
    ticket_flags: u32 {
        FORWARDABLE = 0x4000_0000, "forwardable";
        FORWARDED = 0x2000_0000, "forwarded";
        PROXIABLE = 0x1000_0000, "proxiable";
        PROXY = 0x0800_0000, "proxy";
        MAY_POSTDATE = 0x0400_0000, "may-postdate";
        POSTDATED = 0x0200_0000, "postdated";
        INVALID = 0x0100_0000, "invalid";
        RENEWABLE = 0x0080_0000, "renewable";
        INITIAL = 0x0040_0000, "initial";
        PRE_AUTHENT = 0x0020_0000, "pre-authent";
        HW_AUTHENT = 0x0010_0000, "hw-authent";
        TRANSITED_POLICY_CHECKED = 0x0008_0000, "transited-policy-checked";
        OK_AS_DELEGATE = 0x0004_0000, "ok-as-delegate";
        ENC_PA_REP = 0x0001_0000, "enc-pa-rep";
        ANONYMOUS = 0x0000_8000, "anonymous";
    }

    /// Options of requests to the KDC (RFC 4120 5.4.1, RFC 6806 3, [MS-SFU] 2.2.3).
    kdc_options: u32 {
        FORWARDABLE = 0x4000_0000, "forwardable";
        FORWARDED = 0x2000_0000, "forwarded";
        PROXIABLE = 0x1000_0000, "proxiable";
        PROXY = 0x0800_0000, "proxy";
        ALLOW_POSTDATE = 0x0400_0000, "allow-postdate";
        POSTDATED = 0x0200_0000, "postdated";
        RENEWABLE = 0x0080_0000, "renewable";
        CNAME_IN_ADDL_TKT = 0x0002_0000, "cname-in-addl-tkt";
        CANONICALIZE = 0x0001_0000, "canonicalize";
        REQUEST_ANONYMOUS = 0x0000_8000, "request-anonymous";
        DISABLE_TRANSITED_CHECK = 0x0000_0020, "disable-transited-check";
        RENEWABLE_OK = 0x0000_0010, "renewable-ok";
        ENC_TKT_IN_SKEY = 0x0000_0008, "enc-tkt-in-skey";
        RENEW = 0x0000_0002, "renew";
        VALIDATE = 0x0000_0001, "validate";
    }

    /// Options of an AP-REQ (RFC 4120 5.5.1).
    ap_options: u32 {
        USE_SESSION_KEY = 0x4000_0000, "use-session-key";
        MUTUAL_REQUIRED = 0x2000_0000, "mutual-required";
    }

    /// Flags of the checksum 0x8003 (RFC 4121 4.1.1.1, RFC 4757).
    gss_flags: u32 {
        DELEGATE = 0x0001, "GSS_C_DELEG_FLAG";
        MUTUAL = 0x0002, "GSS_C_MUTUAL_FLAG";
        REPLAY = 0x0004, "GSS_C_REPLAY_FLAG";
        SEQUENCE = 0x0008, "GSS_C_SEQUENCE_FLAG";
        CONFIDENTIALITY = 0x0010, "GSS_C_CONF_FLAG";
        INTEGRITY = 0x0020, "GSS_C_INTEG_FLAG";
        DCE_STYLE = 0x1000, "GSS_C_DCE_STYLE";
        IDENTIFY = 0x2000, "GSS_C_IDENTIFY_FLAG";
        EXTENDED_ERROR = 0x4000, "GSS_C_EXTENDED_ERROR_FLAG";
    }

    /// Error codes (RFC 4120 7.5.9, RFC 4556, RFC 6113).
    error_code: i32 {
        KDC_ERR_NONE = 0, "KDC_ERR_NONE";
        KDC_ERR_NAME_EXP = 1, "KDC_ERR_NAME_EXP";
        KDC_ERR_SERVICE_EXP = 2, "KDC_ERR_SERVICE_EXP";
        KDC_ERR_BAD_PVNO = 3, "KDC_ERR_BAD_PVNO";
        KDC_ERR_C_OLD_MAST_KVNO = 4, "KDC_ERR_C_OLD_MAST_KVNO";
        KDC_ERR_S_OLD_MAST_KVNO = 5, "KDC_ERR_S_OLD_MAST_KVNO";
        KDC_ERR_C_PRINCIPAL_UNKNOWN = 6, "KDC_ERR_C_PRINCIPAL_UNKNOWN";
        KDC_ERR_S_PRINCIPAL_UNKNOWN = 7, "KDC_ERR_S_PRINCIPAL_UNKNOWN";
        KDC_ERR_PRINCIPAL_NOT_UNIQUE = 8, "KDC_ERR_PRINCIPAL_NOT_UNIQUE";
        KDC_ERR_NULL_KEY = 9, "KDC_ERR_NULL_KEY";
        KDC_ERR_CANNOT_POSTDATE = 10, "KDC_ERR_CANNOT_POSTDATE";
        KDC_ERR_NEVER_VALID = 11, "KDC_ERR_NEVER_VALID";
        KDC_ERR_POLICY = 12, "KDC_ERR_POLICY";
        KDC_ERR_BADOPTION = 13, "KDC_ERR_BADOPTION";
        KDC_ERR_ETYPE_NOSUPP = 14, "KDC_ERR_ETYPE_NOSUPP";
        KDC_ERR_SUMTYPE_NOSUPP = 15, "KDC_ERR_SUMTYPE_NOSUPP";
        KDC_ERR_PADATA_TYPE_NOSUPP = 16, "KDC_ERR_PADATA_TYPE_NOSUPP";
        KDC_ERR_TRTYPE_NOSUPP = 17, "KDC_ERR_TRTYPE_NOSUPP";
        KDC_ERR_CLIENT_REVOKED = 18, "KDC_ERR_CLIENT_REVOKED";
        KDC_ERR_SERVICE_REVOKED = 19, "KDC_ERR_SERVICE_REVOKED";
        KDC_ERR_TGT_REVOKED = 20, "KDC_ERR_TGT_REVOKED";
        KDC_ERR_CLIENT_NOTYET = 21, "KDC_ERR_CLIENT_NOTYET";
        KDC_ERR_SERVICE_NOTYET = 22, "KDC_ERR_SERVICE_NOTYET";
        KDC_ERR_KEY_EXPIRED = 23, "KDC_ERR_KEY_EXPIRED";
        KDC_ERR_PREAUTH_FAILED = 24, "KDC_ERR_PREAUTH_FAILED";
        KDC_ERR_PREAUTH_REQUIRED = 25, "KDC_ERR_PREAUTH_REQUIRED";
        KDC_ERR_SERVER_NOMATCH = 26, "KDC_ERR_SERVER_NOMATCH";
        KDC_ERR_MUST_USE_USER2USER = 27, "KDC_ERR_MUST_USE_USER2USER";
        KDC_ERR_PATH_NOT_ACCEPTED = 28, "KDC_ERR_PATH_NOT_ACCEPTED";
        KDC_ERR_SVC_UNAVAILABLE = 29, "KDC_ERR_SVC_UNAVAILABLE";
        KRB_AP_ERR_BAD_INTEGRITY = 31, "KRB_AP_ERR_BAD_INTEGRITY";
        KRB_AP_ERR_TKT_EXPIRED = 32, "KRB_AP_ERR_TKT_EXPIRED";
        KRB_AP_ERR_TKT_NYV = 33, "KRB_AP_ERR_TKT_NYV";
        KRB_AP_ERR_REPEAT = 34, "KRB_AP_ERR_REPEAT";
        KRB_AP_ERR_NOT_US = 35, "KRB_AP_ERR_NOT_US";
        KRB_AP_ERR_BADMATCH = 36, "KRB_AP_ERR_BADMATCH";
        KRB_AP_ERR_SKEW = 37, "KRB_AP_ERR_SKEW";
        KRB_AP_ERR_BADADDR = 38, "KRB_AP_ERR_BADADDR";
        KRB_AP_ERR_BADVERSION = 39, "KRB_AP_ERR_BADVERSION";
        KRB_AP_ERR_MSG_TYPE = 40, "KRB_AP_ERR_MSG_TYPE";
        KRB_AP_ERR_MODIFIED = 41, "KRB_AP_ERR_MODIFIED";
        KRB_AP_ERR_BADORDER = 42, "KRB_AP_ERR_BADORDER";
        KRB_AP_ERR_BADKEYVER = 44, "KRB_AP_ERR_BADKEYVER";
        KRB_AP_ERR_NOKEY = 45, "KRB_AP_ERR_NOKEY";
        KRB_AP_ERR_MUT_FAIL = 46, "KRB_AP_ERR_MUT_FAIL";
        KRB_AP_ERR_BADDIRECTION = 47, "KRB_AP_ERR_BADDIRECTION";
        KRB_AP_ERR_METHOD = 48, "KRB_AP_ERR_METHOD";
        KRB_AP_ERR_BADSEQ = 49, "KRB_AP_ERR_BADSEQ";
        KRB_AP_ERR_INAPP_CKSUM = 50, "KRB_AP_ERR_INAPP_CKSUM";
        KRB_AP_PATH_NOT_ACCEPTED = 51, "KRB_AP_PATH_NOT_ACCEPTED";
        KRB_ERR_RESPONSE_TOO_BIG = 52, "KRB_ERR_RESPONSE_TOO_BIG";
        KRB_ERR_GENERIC = 60, "KRB_ERR_GENERIC";
        KRB_ERR_FIELD_TOOLONG = 61, "KRB_ERR_FIELD_TOOLONG";
        KDC_ERR_CLIENT_NOT_TRUSTED = 62, "KDC_ERR_CLIENT_NOT_TRUSTED";
        KDC_ERR_KDC_NOT_TRUSTED = 63, "KDC_ERR_KDC_NOT_TRUSTED";
        KDC_ERR_INVALID_SIG = 64, "KDC_ERR_INVALID_SIG";
        KDC_ERR_KEY_TOO_WEAK = 65, "KDC_ERR_KEY_TOO_WEAK";
        KDC_ERR_CERTIFICATE_MISMATCH = 66, "KDC_ERR_CERTIFICATE_MISMATCH";
        KRB_AP_ERR_NO_TGT = 67, "KRB_AP_ERR_NO_TGT";
        KDC_ERR_WRONG_REALM = 68, "KDC_ERR_WRONG_REALM";
        KRB_AP_ERR_USER_TO_USER_REQUIRED = 69, "KRB_AP_ERR_USER_TO_USER_REQUIRED";
        KDC_ERR_CANT_VERIFY_CERTIFICATE = 70, "KDC_ERR_CANT_VERIFY_CERTIFICATE";
        KDC_ERR_INVALID_CERTIFICATE = 71, "KDC_ERR_INVALID_CERTIFICATE";
        KDC_ERR_REVOKED_CERTIFICATE = 72, "KDC_ERR_REVOKED_CERTIFICATE";
        KDC_ERR_REVOCATION_STATUS_UNKNOWN = 73, "KDC_ERR_REVOCATION_STATUS_UNKNOWN";
        KDC_ERR_REVOCATION_STATUS_UNAVAILABLE = 74, "KDC_ERR_REVOCATION_STATUS_UNAVAILABLE";
        KDC_ERR_CLIENT_NAME_MISMATCH = 75, "KDC_ERR_CLIENT_NAME_MISMATCH";
        KDC_ERR_KDC_NAME_MISMATCH = 76, "KDC_ERR_KDC_NAME_MISMATCH";
        KDC_ERR_PREAUTH_EXPIRED = 90, "KDC_ERR_PREAUTH_EXPIRED";
        KDC_ERR_MORE_PREAUTH_DATA_REQUIRED = 91, "KDC_ERR_MORE_PREAUTH_DATA_REQUIRED";
        KDC_ERR_PREAUTH_BAD_AUTHENTICATION_SET = 92, "KDC_ERR_PREAUTH_BAD_AUTHENTICATION_SET";
        KDC_ERR_UNKNOWN_CRITICAL_FAST_OPTIONS = 93, "KDC_ERR_UNKNOWN_CRITICAL_FAST_OPTIONS";
    }

    /// Types of `last-req` (RFC 4120 5.4.2). Negative ones speak of this KDC only.
    lr_type: i32 {
        NONE = 0, "nothing";
        LAST_TGT = 1, "the last request for a TGT";
        LAST_INITIAL = 2, "the last initial request";
        NEWEST_TGT = 3, "the newest TGT";
        LAST_RENEWAL = 4, "the last renewal";
        LAST_REQUEST = 5, "the last request";
        PASSWORD_EXPIRATION = 6, "the password expires";
        ACCOUNT_EXPIRATION = 7, "the account expires";
    }

    /// PA-PAC-OPTIONS ([MS-KILE] 2.2.10, [MS-SFU] 2.2.5).
    pac_options: u32 {
        CLAIMS = 0x8000_0000, "claims";
        BRANCH_AWARE = 0x4000_0000, "branch-aware";
        FORWARD_TO_FULL_DC = 0x2000_0000, "forward-to-full-DC";
        RESOURCE_BASED_CONSTRAINED_DELEGATION = 0x1000_0000, "resource-based-constrained-delegation";
    }

    /// Options of PA-S4U-X509-USER ([MS-SFU] 2.2.2).
    s4u_options: u32 {
        CHECK_LOGON_HOURS = 0x4000_0000, "check-logon-hours";
        USE_REPLY_KEY_USAGE = 0x2000_0000, "use-reply-key-usage";
    }

    /// `data-type` of KERB-ERROR-DATA ([MS-KILE] 2.2.1).
    error_data: i32 {
        SKEW_RECOVERY = 2, "KERB_AP_ERR_TYPE_SKEW_RECOVERY";
        EXTENDED = 3, "KERB_ERR_TYPE_EXTENDED";
    }

    /// Answers of a password server (RFC 3244 2).
    kpasswd_result: u16 {
        SUCCESS = 0, "KRB5_KPASSWD_SUCCESS";
        MALFORMED = 1, "KRB5_KPASSWD_MALFORMED";
        HARD_ERROR = 2, "KRB5_KPASSWD_HARDERROR";
        AUTH_ERROR = 3, "KRB5_KPASSWD_AUTHERROR";
        SOFT_ERROR = 4, "KRB5_KPASSWD_SOFTERROR";
        ACCESS_DENIED = 5, "KRB5_KPASSWD_ACCESSDENIED";
        BAD_VERSION = 6, "KRB5_KPASSWD_BAD_VERSION";
        INITIAL_FLAG_NEEDED = 7, "KRB5_KPASSWD_INITIAL_FLAG_NEEDED";
    }
}
