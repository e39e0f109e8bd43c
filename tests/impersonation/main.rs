//! Acting as a client (L7 to L13 of docs/attacks.md): threads, groups, capabilities, children.
//! Nearly everything here needs root, and says loudly when it could not run.
#![allow(unsafe_code)]

#[path = "../c_abi/mod.rs"]
mod c_abi;
mod contexts;
mod ids;
mod kernel;
mod machine;
mod seccomp;
