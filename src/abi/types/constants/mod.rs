//! Holds: the constants of Windows' headers, a file for each family. Those that C declares as
//! enumerators are in [`super::enumerations`].

pub mod certificate_status;
pub mod context;
pub mod credential;
pub mod guids;
pub mod identity;
pub mod kerberos;
pub mod lsa;
pub mod ntstatus;
pub mod package;
pub mod status;
pub mod win32;

pub use self::{
    certificate_status::*, context::*, credential::*, guids::*, identity::*, kerberos::*, lsa::*,
    ntstatus::*, package::*, status::*, win32::*,
};
