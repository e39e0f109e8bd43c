//! Every export and the kinds of its arguments.

use std::ffi::{c_char, c_void};

use super::{Kind, Row};
use secur32::abi::exports::{
    attributes::*, context::*, credentials::*, identities::*, impersonation::*, logon::*, lsa::*,
    memory::*, message::*, names::*, packages::*, packages_admin::*, password::*, sasl::*,
    saved_credentials::*, status::*, table::*, target_info::*, thread_token::*,
    token_information::*, tokens::*, transfer::*, unsupported::*,
};

/// What functions answer, as a number whose sign says whether they failed.
trait Answer {
    fn number(self) -> i64;
}

impl Answer for i32 {
    fn number(self) -> i64 {
        self.into()
    }
}

impl Answer for () {
    fn number(self) -> i64 {
        0
    }
}

/// BOOLEAN: FALSE is a failure.
impl Answer for u8 {
    fn number(self) -> i64 {
        i64::from(self) - 1
    }
}

impl Answer for u32 {
    fn number(self) -> i64 {
        0
    }
}

impl Answer for usize {
    fn number(self) -> i64 {
        0
    }
}

impl<T> Answer for *mut T {
    fn number(self) -> i64 {
        if self.is_null() { -1 } else { 0 }
    }
}

impl Answer for *const c_char {
    fn number(self) -> i64 {
        if self.is_null() { -1 } else { 0 }
    }
}

macro_rules! argument {
    (GetKey $arguments:ident) => {{
        let _ = $arguments.next();
        None
    }};
    ($kind:ident $arguments:ident) => {
        *$arguments.next().unwrap() as _
    };
}

macro_rules! rows {
    ($($name:ident($($kind:ident),*) $($consumes:ident)?;)*) => {
        &[$(Row {
            name: stringify!($name),
            kinds: &[$(Kind::$kind),*],
            call: |arguments| {
                #[allow(unused_mut, unused_variables)]
                let mut arguments = arguments.iter();
                // SAFETY: pointers are NULL, misaligned, or to memory that is long enough for
                // what the function may do with it.
                #[allow(unused_unsafe)]
                unsafe { $name($(argument!($kind arguments)),*) }.number()
            },
            consumes: consumes!($($consumes)?),
        }),*]
    };
}

macro_rules! consumes {
    () => {
        false
    };
    (consumes) => {
        true
    };
}

pub static ROWS: &[Row] = rows! {
    EnumerateSecurityPackagesA(Out, Out);
    EnumerateSecurityPackagesW(Out, Out);
    QuerySecurityPackageInfoA(PackageA, Out);
    QuerySecurityPackageInfoW(PackageW, Out);
    InitSecurityInterfaceA();
    InitSecurityInterfaceW();
    AddSecurityPackageA(PackageA, Zeroed);
    AddSecurityPackageW(PackageW, Zeroed);
    DeleteSecurityPackageA(PackageA);
    DeleteSecurityPackageW(PackageW);
    FreeContextBuffer(Free);
    AcquireCredentialsHandleA(TextA, PackageA, Num, Luid, Identity, GetKey, Out, NewHandle, Out);
    AcquireCredentialsHandleW(TextW, PackageW, Num, Luid, Identity, GetKey, Out, NewHandle, Out);
    FreeCredentialsHandle(Cred) consumes;
    AddCredentialsA(Cred, TextA, PackageA, Num, Identity, GetKey, Out, Out);
    AddCredentialsW(Cred, TextW, PackageW, Num, Identity, GetKey, Out, Out);
    QueryCredentialsAttributesA(Cred, Num, Out);
    QueryCredentialsAttributesW(Cred, Num, Out);
    QueryCredentialsAttributesExA(Cred, Num, Room, RoomSize);
    QueryCredentialsAttributesExW(Cred, Num, Room, RoomSize);
    SetCredentialsAttributesA(Cred, Num, Room, RoomSize);
    SetCredentialsAttributesW(Cred, Num, Room, RoomSize);
    InitializeSecurityContextA(
        Cred, OptCtx, TextA, Num, Num, Num, Desc, Num, NewHandle, Desc, Out, Out
    ) consumes;
    InitializeSecurityContextW(
        Cred, OptCtx, TextW, Num, Num, Num, Desc, Num, NewHandle, Desc, Out, Out
    ) consumes;
    AcceptSecurityContext(Cred, OptCtx, Desc, Num, Num, NewHandle, Desc, Out, Out) consumes;
    CompleteAuthToken(Ctx, Desc);
    DeleteSecurityContext(Ctx) consumes;
    ApplyControlToken(Ctx, Desc);
    QueryContextAttributesA(Ctx, Num, Out);
    QueryContextAttributesW(Ctx, Num, Out);
    QueryContextAttributesExA(Ctx, Num, Room, RoomSize);
    QueryContextAttributesExW(Ctx, Num, Room, RoomSize);
    SetContextAttributesA(Ctx, Num, Room, RoomSize);
    SetContextAttributesW(Ctx, Num, Room, RoomSize);
    ImpersonateSecurityContext(Ctx);
    RevertSecurityContext(Ctx);
    QuerySecurityContextToken(Ctx, Out);
    MakeSignature(Ctx, Num, Desc, Num);
    VerifySignature(Ctx, Desc, Num, Out);
    EncryptMessage(Ctx, Num, Desc, Num);
    DecryptMessage(Ctx, Desc, Num, Out);
    SealMessage(Ctx, Num, Desc, Num);
    UnsealMessage(Ctx, Desc, Num, Out);
    ExportSecurityContext(Ctx, Num, Out, Out) consumes;
    ImportSecurityContextA(PackageA, Packed, Opaque, NewHandle);
    ImportSecurityContextW(PackageW, Packed, Opaque, NewHandle);
    ChangeAccountPasswordA(PackageA, TextA, TextA, TextA, TextA, Num, Num, Desc);
    ChangeAccountPasswordW(PackageW, TextW, TextW, TextW, TextW, Num, Num, Desc);
    SaslEnumerateProfilesA(Out, Out);
    SaslEnumerateProfilesW(Out, Out);
    SaslGetProfilePackageA(PackageA, Out);
    SaslGetProfilePackageW(PackageW, Out);
    SaslIdentifyPackageA(Desc, Out);
    SaslIdentifyPackageW(Desc, Out);
    SaslInitializeSecurityContextA(
        Cred, OptCtx, TextA, Num, Num, Num, Desc, Num, NewHandle, Desc, Out, Out
    );
    SaslInitializeSecurityContextW(
        Cred, OptCtx, TextW, Num, Num, Num, Desc, Num, NewHandle, Desc, Out, Out
    );
    SaslAcceptSecurityContext(Cred, OptCtx, Desc, Num, Num, NewHandle, Desc, Out, Out);
    SaslSetContextOption(Ctx, Num, Room, RoomSize);
    SaslGetContextOption(Ctx, Num, Room, RoomSize, Out);
    SspiEncodeStringsAsAuthIdentity(TextW, TextW, TextW, Out);
    SspiEncodeAuthIdentityAsStrings(Identity, Out, Out, Out);
    SspiFreeAuthIdentity(Free);
    SspiLocalFree(Free);
    SspiZeroAuthIdentity(Identity);
    SspiCopyAuthIdentity(Identity, Out);
    SspiCompareAuthIdentities(Identity, Identity, Out, Out);
    SspiValidateAuthIdentity(Identity);
    SspiMarshalAuthIdentity(Identity, Out, Out);
    SspiUnmarshalAuthIdentity(BlobSize, Blob, Out);
    SspiExcludePackage(Identity, PackageW, Out);
    SspiEncryptAuthIdentity(Identity);
    SspiEncryptAuthIdentityEx(Num, Identity);
    SspiDecryptAuthIdentity(Identity);
    SspiDecryptAuthIdentityEx(Num, Identity);
    SspiIsAuthIdentityEncrypted(Identity);
    SspiPrepareForCredRead(Identity, TextW, Out, Out);
    SspiPrepareForCredWrite(Identity, TextW, Out, Out, Out, Out, Out);
    SspiGetTargetHostName(TextW, Out);
    SspiSetChannelBindingFlags(Zeroed, Num);
    CredMarshalTargetInfo(Zeroed, Out, Out);
    CredUnmarshalTargetInfo(Blob, BlobSize, Out, Out);
    LsaConnectUntrusted(Out);
    LsaRegisterLogonProcess(LsaString, Out, Out);
    LsaDeregisterLogonProcess(Authority);
    LsaLookupAuthenticationPackage(Authority, LsaString, Out);
    LsaCallAuthenticationPackage(Authority, Num, Room, RoomSize, Out, Out, Out);
    LsaLogonUser(
        Authority, LsaString, Num, Num, Room, RoomSize, Zeroed, Zeroed, Out, Out, Out, Out, Zeroed, Out
    );
    LsaFreeReturnBuffer(Free);
    LsaEnumerateLogonSessions(Out, Out);
    LsaGetLogonSessionData(Luid, Out);
    GetSecurityUserInfo(Luid, Num, Out);
    LsaRegisterPolicyChangeNotification(Num, Opaque);
    LsaUnregisterPolicyChangeNotification(Num, Opaque);
    GetUserNameExA(Num, Room, SizeInOut);
    GetUserNameExW(Num, Room, SizeInOut);
    GetComputerObjectNameA(Num, Room, SizeInOut);
    GetComputerObjectNameW(Num, Room, SizeInOut);
    TranslateNameA(TextA, Num, Num, Room, SizeInOut);
    TranslateNameW(TextW, Num, Num, Room, SizeInOut);
    Secur32CloseHandle(Opaque);
    Secur32ImpersonateLoggedOnUser(Opaque);
    Secur32QueryToken(Opaque, Out);
    Secur32QueryTokenAccount(Opaque, Out);
    Secur32DuplicateToken(Opaque, Num, Num, Out);
    Secur32OpenThreadToken(Out);
    Secur32GetTokenInformation(Opaque, Num, Room, RoomSize, Out);
    Secur32CheckTokenMembership(Opaque, Zeroed, Out);
    Secur32ConvertSidToStringSidA(Zeroed, Out);
    Secur32ConvertSidToStringSidW(Zeroed, Out);
    Secur32ConvertStringSidToSidA(TextA, Out);
    Secur32ConvertStringSidToSidW(TextW, Out);
    Secur32QueryContextLogonId(Ctx, Out);
    Secur32StatusName(Num);
    Secur32StatusText(Num);
    Secur32LastErrorText(Room, RoomSize);
    Secur32GetLastError();
    Secur32RevertToSelf();
    Secur32SetLastError(Num);
};

/// The callback of `AcquireCredentialsHandle` is of no use here; its type is named so that a
/// change of it is noticed.
#[allow(dead_code)]
const NO_KEY: secur32::abi::types::SEC_GET_KEY_FN =
    None::<unsafe extern "C" fn(*mut c_void, *mut c_void, u32, *mut *mut c_void, *mut i32)>;
