//! `InitSecurityInterface`: the functions as a table, in Windows' slot order.

use std::ffi::c_void;

use super::attributes::*;
use super::context::*;
use super::credentials::*;
use super::impersonation::*;
use super::memory::FreeContextBuffer;
use super::message::*;
use super::packages::*;
use super::password::*;
use super::tokens::*;
use super::transfer::*;
use super::unsupported::*;
use crate::abi::types::*;

/// The table of the `…W` functions: static, never freed, every slot callable but the reserved
/// ones that Windows leaves NULL.
#[unsafe(no_mangle)]
pub extern "C" fn InitSecurityInterfaceW() -> PSecurityFunctionTableW {
    (&raw const TABLE_W.0).cast_mut()
}

/// The table of the `…A` functions: static, never freed, every slot callable but the reserved
/// ones that Windows leaves NULL.
#[unsafe(no_mangle)]
pub extern "C" fn InitSecurityInterfaceA() -> PSecurityFunctionTableA {
    (&raw const TABLE_A.0).cast_mut()
}

/// What Windows' own table says, although its later slots are filled.
const VERSION: u32 = SECURITY_SUPPORT_PROVIDER_INTERFACE_VERSION;

struct Shared<T>(T);

// SAFETY: the tables hold addresses of functions and NULL, and are never written.
unsafe impl<T> Sync for Shared<T> {}

static TABLE_W: Shared<SecurityFunctionTableW> = Shared(SecurityFunctionTableW {
    dwVersion: VERSION,
    EnumerateSecurityPackagesW: Some(EnumerateSecurityPackagesW),
    QueryCredentialsAttributesW: Some(QueryCredentialsAttributesW),
    AcquireCredentialsHandleW: Some(AcquireCredentialsHandleW),
    FreeCredentialsHandle: Some(FreeCredentialsHandle),
    Reserved2: std::ptr::null_mut(),
    InitializeSecurityContextW: Some(InitializeSecurityContextW),
    AcceptSecurityContext: Some(AcceptSecurityContext),
    CompleteAuthToken: Some(CompleteAuthToken),
    DeleteSecurityContext: Some(DeleteSecurityContext),
    ApplyControlToken: Some(ApplyControlToken),
    QueryContextAttributesW: Some(QueryContextAttributesW),
    ImpersonateSecurityContext: Some(ImpersonateSecurityContext),
    RevertSecurityContext: Some(RevertSecurityContext),
    MakeSignature: Some(MakeSignature),
    VerifySignature: Some(VerifySignature),
    FreeContextBuffer: Some(FreeContextBuffer),
    QuerySecurityPackageInfoW: Some(QuerySecurityPackageInfoW),
    // Windows has the two message functions here as well.
    Reserved3: EncryptMessage as *mut c_void,
    Reserved4: DecryptMessage as *mut c_void,
    ExportSecurityContext: Some(ExportSecurityContext),
    ImportSecurityContextW: Some(ImportSecurityContextW),
    AddCredentialsW: Some(AddCredentialsW),
    Reserved8: std::ptr::null_mut(),
    QuerySecurityContextToken: Some(QuerySecurityContextToken),
    EncryptMessage: Some(EncryptMessage),
    DecryptMessage: Some(DecryptMessage),
    SetContextAttributesW: Some(SetContextAttributesW),
    SetCredentialsAttributesW: Some(SetCredentialsAttributesW),
    ChangeAccountPasswordW: Some(ChangeAccountPasswordW),
    QueryContextAttributesExW: Some(QueryContextAttributesExW),
    QueryCredentialsAttributesExW: Some(QueryCredentialsAttributesExW),
});

static TABLE_A: Shared<SecurityFunctionTableA> = Shared(SecurityFunctionTableA {
    dwVersion: VERSION,
    EnumerateSecurityPackagesA: Some(EnumerateSecurityPackagesA),
    QueryCredentialsAttributesA: Some(QueryCredentialsAttributesA),
    AcquireCredentialsHandleA: Some(AcquireCredentialsHandleA),
    FreeCredentialsHandle: Some(FreeCredentialsHandle),
    Reserved2: std::ptr::null_mut(),
    InitializeSecurityContextA: Some(InitializeSecurityContextA),
    AcceptSecurityContext: Some(AcceptSecurityContext),
    CompleteAuthToken: Some(CompleteAuthToken),
    DeleteSecurityContext: Some(DeleteSecurityContext),
    ApplyControlToken: Some(ApplyControlToken),
    QueryContextAttributesA: Some(QueryContextAttributesA),
    ImpersonateSecurityContext: Some(ImpersonateSecurityContext),
    RevertSecurityContext: Some(RevertSecurityContext),
    MakeSignature: Some(MakeSignature),
    VerifySignature: Some(VerifySignature),
    FreeContextBuffer: Some(FreeContextBuffer),
    QuerySecurityPackageInfoA: Some(QuerySecurityPackageInfoA),
    Reserved3: EncryptMessage as *mut c_void,
    Reserved4: DecryptMessage as *mut c_void,
    ExportSecurityContext: Some(ExportSecurityContext),
    ImportSecurityContextA: Some(ImportSecurityContextA),
    AddCredentialsA: Some(AddCredentialsA),
    Reserved8: std::ptr::null_mut(),
    QuerySecurityContextToken: Some(QuerySecurityContextToken),
    EncryptMessage: Some(EncryptMessage),
    DecryptMessage: Some(DecryptMessage),
    SetContextAttributesA: Some(SetContextAttributesA),
    SetCredentialsAttributesA: Some(SetCredentialsAttributesA),
    ChangeAccountPasswordA: Some(ChangeAccountPasswordA),
    QueryContextAttributesExA: Some(QueryContextAttributesExA),
    QueryCredentialsAttributesExA: Some(QueryCredentialsAttributesExA),
});
