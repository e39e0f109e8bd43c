//! Gives the shared library its SONAME and keeps it loaded after `dlclose`.
//!
//! Threads and thread-local destructors of ours may outlive the handle that a host program
//! closes, so unloading is never safe (curl 7.88 and Qt do call `dlclose`).

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libsecur32.so.0");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
}
