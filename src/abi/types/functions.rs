//! Holds: the function types of sspi.h and the two tables that InitSecurityInterface gives.

use core::ffi::c_void;

use super::*;

pub type SEC_GET_KEY_FN = Option<
    unsafe extern "C" fn(*mut c_void, *mut c_void, ULONG, *mut *mut c_void, *mut SECURITY_STATUS),
>;

pub type ACQUIRE_CREDENTIALS_HANDLE_FN_W = Option<
    unsafe extern "C" fn(
        *mut SEC_WCHAR,
        *mut SEC_WCHAR,
        ULONG,
        *mut c_void,
        *mut c_void,
        SEC_GET_KEY_FN,
        *mut c_void,
        PCredHandle,
        PTimeStamp,
    ) -> SECURITY_STATUS,
>;

pub type ACQUIRE_CREDENTIALS_HANDLE_FN_A = Option<
    unsafe extern "C" fn(
        *mut SEC_CHAR,
        *mut SEC_CHAR,
        ULONG,
        *mut c_void,
        *mut c_void,
        SEC_GET_KEY_FN,
        *mut c_void,
        PCredHandle,
        PTimeStamp,
    ) -> SECURITY_STATUS,
>;

pub type FREE_CREDENTIALS_HANDLE_FN = Option<unsafe extern "C" fn(PCredHandle) -> SECURITY_STATUS>;

pub type ADD_CREDENTIALS_FN_W = Option<
    unsafe extern "C" fn(
        PCredHandle,
        *mut SEC_WCHAR,
        *mut SEC_WCHAR,
        ULONG,
        *mut c_void,
        SEC_GET_KEY_FN,
        *mut c_void,
        PTimeStamp,
    ) -> SECURITY_STATUS,
>;

pub type ADD_CREDENTIALS_FN_A = Option<
    unsafe extern "C" fn(
        PCredHandle,
        *mut SEC_CHAR,
        *mut SEC_CHAR,
        ULONG,
        *mut c_void,
        SEC_GET_KEY_FN,
        *mut c_void,
        PTimeStamp,
    ) -> SECURITY_STATUS,
>;

pub type INITIALIZE_SECURITY_CONTEXT_FN_W = Option<
    unsafe extern "C" fn(
        PCredHandle,
        PCtxtHandle,
        *mut SEC_WCHAR,
        ULONG,
        ULONG,
        ULONG,
        PSecBufferDesc,
        ULONG,
        PCtxtHandle,
        PSecBufferDesc,
        *mut ULONG,
        PTimeStamp,
    ) -> SECURITY_STATUS,
>;

pub type INITIALIZE_SECURITY_CONTEXT_FN_A = Option<
    unsafe extern "C" fn(
        PCredHandle,
        PCtxtHandle,
        *mut SEC_CHAR,
        ULONG,
        ULONG,
        ULONG,
        PSecBufferDesc,
        ULONG,
        PCtxtHandle,
        PSecBufferDesc,
        *mut ULONG,
        PTimeStamp,
    ) -> SECURITY_STATUS,
>;

pub type ACCEPT_SECURITY_CONTEXT_FN = Option<
    unsafe extern "C" fn(
        PCredHandle,
        PCtxtHandle,
        PSecBufferDesc,
        ULONG,
        ULONG,
        PCtxtHandle,
        PSecBufferDesc,
        *mut ULONG,
        PTimeStamp,
    ) -> SECURITY_STATUS,
>;

pub type COMPLETE_AUTH_TOKEN_FN =
    Option<unsafe extern "C" fn(PCtxtHandle, PSecBufferDesc) -> SECURITY_STATUS>;

pub type IMPERSONATE_SECURITY_CONTEXT_FN =
    Option<unsafe extern "C" fn(PCtxtHandle) -> SECURITY_STATUS>;

pub type REVERT_SECURITY_CONTEXT_FN = Option<unsafe extern "C" fn(PCtxtHandle) -> SECURITY_STATUS>;

pub type QUERY_SECURITY_CONTEXT_TOKEN_FN =
    Option<unsafe extern "C" fn(PCtxtHandle, *mut HANDLE) -> SECURITY_STATUS>;

pub type DELETE_SECURITY_CONTEXT_FN = Option<unsafe extern "C" fn(PCtxtHandle) -> SECURITY_STATUS>;

pub type APPLY_CONTROL_TOKEN_FN =
    Option<unsafe extern "C" fn(PCtxtHandle, PSecBufferDesc) -> SECURITY_STATUS>;

pub type QUERY_CONTEXT_ATTRIBUTES_FN_W =
    Option<unsafe extern "C" fn(PCtxtHandle, ULONG, *mut c_void) -> SECURITY_STATUS>;

pub type QUERY_CONTEXT_ATTRIBUTES_FN_A =
    Option<unsafe extern "C" fn(PCtxtHandle, ULONG, *mut c_void) -> SECURITY_STATUS>;

pub type QUERY_CONTEXT_ATTRIBUTES_EX_FN_W =
    Option<unsafe extern "C" fn(PCtxtHandle, ULONG, *mut c_void, ULONG) -> SECURITY_STATUS>;

pub type QUERY_CONTEXT_ATTRIBUTES_EX_FN_A =
    Option<unsafe extern "C" fn(PCtxtHandle, ULONG, *mut c_void, ULONG) -> SECURITY_STATUS>;

pub type SET_CONTEXT_ATTRIBUTES_FN_W =
    Option<unsafe extern "C" fn(PCtxtHandle, ULONG, *mut c_void, ULONG) -> SECURITY_STATUS>;

pub type SET_CONTEXT_ATTRIBUTES_FN_A =
    Option<unsafe extern "C" fn(PCtxtHandle, ULONG, *mut c_void, ULONG) -> SECURITY_STATUS>;

pub type QUERY_CREDENTIALS_ATTRIBUTES_FN_W =
    Option<unsafe extern "C" fn(PCredHandle, ULONG, *mut c_void) -> SECURITY_STATUS>;

pub type QUERY_CREDENTIALS_ATTRIBUTES_FN_A =
    Option<unsafe extern "C" fn(PCredHandle, ULONG, *mut c_void) -> SECURITY_STATUS>;

pub type QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_W =
    Option<unsafe extern "C" fn(PCredHandle, ULONG, *mut c_void, ULONG) -> SECURITY_STATUS>;

pub type QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_A =
    Option<unsafe extern "C" fn(PCredHandle, ULONG, *mut c_void, ULONG) -> SECURITY_STATUS>;

pub type SET_CREDENTIALS_ATTRIBUTES_FN_W =
    Option<unsafe extern "C" fn(PCredHandle, ULONG, *mut c_void, ULONG) -> SECURITY_STATUS>;

pub type SET_CREDENTIALS_ATTRIBUTES_FN_A =
    Option<unsafe extern "C" fn(PCredHandle, ULONG, *mut c_void, ULONG) -> SECURITY_STATUS>;

pub type FREE_CONTEXT_BUFFER_FN = Option<unsafe extern "C" fn(*mut c_void) -> SECURITY_STATUS>;

pub type MAKE_SIGNATURE_FN =
    Option<unsafe extern "C" fn(PCtxtHandle, ULONG, PSecBufferDesc, ULONG) -> SECURITY_STATUS>;

pub type VERIFY_SIGNATURE_FN =
    Option<unsafe extern "C" fn(PCtxtHandle, PSecBufferDesc, ULONG, *mut ULONG) -> SECURITY_STATUS>;

pub type ENCRYPT_MESSAGE_FN =
    Option<unsafe extern "C" fn(PCtxtHandle, ULONG, PSecBufferDesc, ULONG) -> SECURITY_STATUS>;

pub type DECRYPT_MESSAGE_FN =
    Option<unsafe extern "C" fn(PCtxtHandle, PSecBufferDesc, ULONG, *mut ULONG) -> SECURITY_STATUS>;

pub type ENUMERATE_SECURITY_PACKAGES_FN_W =
    Option<unsafe extern "C" fn(*mut ULONG, *mut PSecPkgInfoW) -> SECURITY_STATUS>;

pub type ENUMERATE_SECURITY_PACKAGES_FN_A =
    Option<unsafe extern "C" fn(*mut ULONG, *mut PSecPkgInfoA) -> SECURITY_STATUS>;

pub type QUERY_SECURITY_PACKAGE_INFO_FN_W =
    Option<unsafe extern "C" fn(*mut SEC_WCHAR, *mut PSecPkgInfoW) -> SECURITY_STATUS>;

pub type QUERY_SECURITY_PACKAGE_INFO_FN_A =
    Option<unsafe extern "C" fn(*mut SEC_CHAR, *mut PSecPkgInfoA) -> SECURITY_STATUS>;

pub type EXPORT_SECURITY_CONTEXT_FN = Option<
    unsafe extern "C" fn(PCtxtHandle, ULONG, PSecBuffer, *mut *mut c_void) -> SECURITY_STATUS,
>;

pub type IMPORT_SECURITY_CONTEXT_FN_W = Option<
    unsafe extern "C" fn(*mut SEC_WCHAR, PSecBuffer, *mut c_void, PCtxtHandle) -> SECURITY_STATUS,
>;

pub type IMPORT_SECURITY_CONTEXT_FN_A = Option<
    unsafe extern "C" fn(*mut SEC_CHAR, PSecBuffer, *mut c_void, PCtxtHandle) -> SECURITY_STATUS,
>;

pub type CHANGE_PASSWORD_FN_W = Option<
    unsafe extern "C" fn(
        *mut SEC_WCHAR,
        *mut SEC_WCHAR,
        *mut SEC_WCHAR,
        *mut SEC_WCHAR,
        *mut SEC_WCHAR,
        BOOLEAN,
        ULONG,
        PSecBufferDesc,
    ) -> SECURITY_STATUS,
>;

pub type CHANGE_PASSWORD_FN_A = Option<
    unsafe extern "C" fn(
        *mut SEC_CHAR,
        *mut SEC_CHAR,
        *mut SEC_CHAR,
        *mut SEC_CHAR,
        *mut SEC_CHAR,
        BOOLEAN,
        ULONG,
        PSecBufferDesc,
    ) -> SECURITY_STATUS,
>;

pub type INIT_SECURITY_INTERFACE_A = Option<unsafe extern "C" fn() -> PSecurityFunctionTableA>;

pub type INIT_SECURITY_INTERFACE_W = Option<unsafe extern "C" fn() -> PSecurityFunctionTableW>;

/// The interface as a table; the wide-character functions.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SECURITY_FUNCTION_TABLE_W {
    pub dwVersion: ULONG,
    pub EnumerateSecurityPackagesW: ENUMERATE_SECURITY_PACKAGES_FN_W,
    pub QueryCredentialsAttributesW: QUERY_CREDENTIALS_ATTRIBUTES_FN_W,
    pub AcquireCredentialsHandleW: ACQUIRE_CREDENTIALS_HANDLE_FN_W,
    pub FreeCredentialsHandle: FREE_CREDENTIALS_HANDLE_FN,
    pub Reserved2: *mut c_void,
    pub InitializeSecurityContextW: INITIALIZE_SECURITY_CONTEXT_FN_W,
    pub AcceptSecurityContext: ACCEPT_SECURITY_CONTEXT_FN,
    pub CompleteAuthToken: COMPLETE_AUTH_TOKEN_FN,
    pub DeleteSecurityContext: DELETE_SECURITY_CONTEXT_FN,
    pub ApplyControlToken: APPLY_CONTROL_TOKEN_FN,
    pub QueryContextAttributesW: QUERY_CONTEXT_ATTRIBUTES_FN_W,
    pub ImpersonateSecurityContext: IMPERSONATE_SECURITY_CONTEXT_FN,
    pub RevertSecurityContext: REVERT_SECURITY_CONTEXT_FN,
    pub MakeSignature: MAKE_SIGNATURE_FN,
    pub VerifySignature: VERIFY_SIGNATURE_FN,
    pub FreeContextBuffer: FREE_CONTEXT_BUFFER_FN,
    pub QuerySecurityPackageInfoW: QUERY_SECURITY_PACKAGE_INFO_FN_W,
    pub Reserved3: *mut c_void,
    pub Reserved4: *mut c_void,
    pub ExportSecurityContext: EXPORT_SECURITY_CONTEXT_FN,
    pub ImportSecurityContextW: IMPORT_SECURITY_CONTEXT_FN_W,
    pub AddCredentialsW: ADD_CREDENTIALS_FN_W,
    pub Reserved8: *mut c_void,
    pub QuerySecurityContextToken: QUERY_SECURITY_CONTEXT_TOKEN_FN,
    pub EncryptMessage: ENCRYPT_MESSAGE_FN,
    pub DecryptMessage: DECRYPT_MESSAGE_FN,
    pub SetContextAttributesW: SET_CONTEXT_ATTRIBUTES_FN_W,
    pub SetCredentialsAttributesW: SET_CREDENTIALS_ATTRIBUTES_FN_W,
    pub ChangeAccountPasswordW: CHANGE_PASSWORD_FN_W,
    pub QueryContextAttributesExW: QUERY_CONTEXT_ATTRIBUTES_EX_FN_W,
    pub QueryCredentialsAttributesExW: QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_W,
}
pub type SecurityFunctionTableW = _SECURITY_FUNCTION_TABLE_W;
pub type PSecurityFunctionTableW = *mut SecurityFunctionTableW;
layout!(
    SecurityFunctionTableW, 256, 8, dwVersion 0, EnumerateSecurityPackagesW 8,
    QueryCredentialsAttributesW 16, AcquireCredentialsHandleW 24, FreeCredentialsHandle 32,
    Reserved2 40, InitializeSecurityContextW 48, AcceptSecurityContext 56, CompleteAuthToken 64,
    DeleteSecurityContext 72, ApplyControlToken 80, QueryContextAttributesW 88,
    ImpersonateSecurityContext 96, RevertSecurityContext 104, MakeSignature 112,
    VerifySignature 120, FreeContextBuffer 128, QuerySecurityPackageInfoW 136, Reserved3 144,
    Reserved4 152, ExportSecurityContext 160, ImportSecurityContextW 168, AddCredentialsW 176,
    Reserved8 184, QuerySecurityContextToken 192, EncryptMessage 200, DecryptMessage 208,
    SetContextAttributesW 216, SetCredentialsAttributesW 224, ChangeAccountPasswordW 232,
    QueryContextAttributesExW 240, QueryCredentialsAttributesExW 248
);

/// The interface as a table; the narrow-character functions.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SECURITY_FUNCTION_TABLE_A {
    pub dwVersion: ULONG,
    pub EnumerateSecurityPackagesA: ENUMERATE_SECURITY_PACKAGES_FN_A,
    pub QueryCredentialsAttributesA: QUERY_CREDENTIALS_ATTRIBUTES_FN_A,
    pub AcquireCredentialsHandleA: ACQUIRE_CREDENTIALS_HANDLE_FN_A,
    pub FreeCredentialsHandle: FREE_CREDENTIALS_HANDLE_FN,
    pub Reserved2: *mut c_void,
    pub InitializeSecurityContextA: INITIALIZE_SECURITY_CONTEXT_FN_A,
    pub AcceptSecurityContext: ACCEPT_SECURITY_CONTEXT_FN,
    pub CompleteAuthToken: COMPLETE_AUTH_TOKEN_FN,
    pub DeleteSecurityContext: DELETE_SECURITY_CONTEXT_FN,
    pub ApplyControlToken: APPLY_CONTROL_TOKEN_FN,
    pub QueryContextAttributesA: QUERY_CONTEXT_ATTRIBUTES_FN_A,
    pub ImpersonateSecurityContext: IMPERSONATE_SECURITY_CONTEXT_FN,
    pub RevertSecurityContext: REVERT_SECURITY_CONTEXT_FN,
    pub MakeSignature: MAKE_SIGNATURE_FN,
    pub VerifySignature: VERIFY_SIGNATURE_FN,
    pub FreeContextBuffer: FREE_CONTEXT_BUFFER_FN,
    pub QuerySecurityPackageInfoA: QUERY_SECURITY_PACKAGE_INFO_FN_A,
    pub Reserved3: *mut c_void,
    pub Reserved4: *mut c_void,
    pub ExportSecurityContext: EXPORT_SECURITY_CONTEXT_FN,
    pub ImportSecurityContextA: IMPORT_SECURITY_CONTEXT_FN_A,
    pub AddCredentialsA: ADD_CREDENTIALS_FN_A,
    pub Reserved8: *mut c_void,
    pub QuerySecurityContextToken: QUERY_SECURITY_CONTEXT_TOKEN_FN,
    pub EncryptMessage: ENCRYPT_MESSAGE_FN,
    pub DecryptMessage: DECRYPT_MESSAGE_FN,
    pub SetContextAttributesA: SET_CONTEXT_ATTRIBUTES_FN_A,
    pub SetCredentialsAttributesA: SET_CREDENTIALS_ATTRIBUTES_FN_A,
    pub ChangeAccountPasswordA: CHANGE_PASSWORD_FN_A,
    pub QueryContextAttributesExA: QUERY_CONTEXT_ATTRIBUTES_EX_FN_A,
    pub QueryCredentialsAttributesExA: QUERY_CREDENTIALS_ATTRIBUTES_EX_FN_A,
}
pub type SecurityFunctionTableA = _SECURITY_FUNCTION_TABLE_A;
pub type PSecurityFunctionTableA = *mut SecurityFunctionTableA;
layout!(
    SecurityFunctionTableA, 256, 8, dwVersion 0, EnumerateSecurityPackagesA 8,
    QueryCredentialsAttributesA 16, AcquireCredentialsHandleA 24, FreeCredentialsHandle 32,
    Reserved2 40, InitializeSecurityContextA 48, AcceptSecurityContext 56, CompleteAuthToken 64,
    DeleteSecurityContext 72, ApplyControlToken 80, QueryContextAttributesA 88,
    ImpersonateSecurityContext 96, RevertSecurityContext 104, MakeSignature 112,
    VerifySignature 120, FreeContextBuffer 128, QuerySecurityPackageInfoA 136, Reserved3 144,
    Reserved4 152, ExportSecurityContext 160, ImportSecurityContextA 168, AddCredentialsA 176,
    Reserved8 184, QuerySecurityContextToken 192, EncryptMessage 200, DecryptMessage 208,
    SetContextAttributesA 216, SetCredentialsAttributesA 224, ChangeAccountPasswordA 232,
    QueryContextAttributesExA 240, QueryCredentialsAttributesExA 248
);
