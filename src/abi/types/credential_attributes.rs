//! Holds: what QueryCredentialsAttributes fills in (sspi.h).

use super::*;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgCredentials_NamesW {
    pub sUserName: *mut SEC_WCHAR,
}
pub type SecPkgCredentials_NamesW = _SecPkgCredentials_NamesW;
pub type PSecPkgCredentials_NamesW = *mut SecPkgCredentials_NamesW;
layout!(SecPkgCredentials_NamesW, 8, 8, sUserName 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgCredentials_NamesA {
    pub sUserName: *mut SEC_CHAR,
}
pub type SecPkgCredentials_NamesA = _SecPkgCredentials_NamesA;
pub type PSecPkgCredentials_NamesA = *mut SecPkgCredentials_NamesA;
layout!(SecPkgCredentials_NamesA, 8, 8, sUserName 0);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgCredentials_SSIProviderW {
    pub sProviderName: *mut SEC_WCHAR,
    pub ProviderInfoLength: ULONG,
    pub ProviderInfo: *mut CHAR,
}
pub type SecPkgCredentials_SSIProviderW = _SecPkgCredentials_SSIProviderW;
pub type PSecPkgCredentials_SSIProviderW = *mut SecPkgCredentials_SSIProviderW;
layout!(
    SecPkgCredentials_SSIProviderW, 24, 8, sProviderName 0, ProviderInfoLength 8, ProviderInfo 16
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgCredentials_SSIProviderA {
    pub sProviderName: *mut SEC_CHAR,
    pub ProviderInfoLength: ULONG,
    pub ProviderInfo: *mut CHAR,
}
pub type SecPkgCredentials_SSIProviderA = _SecPkgCredentials_SSIProviderA;
pub type PSecPkgCredentials_SSIProviderA = *mut SecPkgCredentials_SSIProviderA;
layout!(
    SecPkgCredentials_SSIProviderA, 24, 8, sProviderName 0, ProviderInfoLength 8, ProviderInfo 16
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgCredentials_KdcProxySettingsW {
    pub Version: ULONG,
    pub Flags: ULONG,
    pub ProxyServerOffset: USHORT,
    pub ProxyServerLength: USHORT,
    pub ClientTlsCredOffset: USHORT,
    pub ClientTlsCredLength: USHORT,
}
pub type SecPkgCredentials_KdcProxySettingsW = _SecPkgCredentials_KdcProxySettingsW;
pub type PSecPkgCredentials_KdcProxySettingsW = *mut SecPkgCredentials_KdcProxySettingsW;
layout!(
    SecPkgCredentials_KdcProxySettingsW, 16, 4, Version 0, Flags 4, ProxyServerOffset 8,
    ProxyServerLength 10, ClientTlsCredOffset 12, ClientTlsCredLength 14
);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct _SecPkgCredentials_Cert {
    pub EncodedCertSize: ULONG,
    pub EncodedCert: *mut UCHAR,
}
pub type SecPkgCredentials_Cert = _SecPkgCredentials_Cert;
pub type PSecPkgCredentials_Cert = *mut SecPkgCredentials_Cert;
layout!(SecPkgCredentials_Cert, 16, 8, EncodedCertSize 0, EncodedCert 8);
