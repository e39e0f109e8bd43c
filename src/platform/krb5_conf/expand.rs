//! `%{uid}` and its relatives in the names of caches and keytabs.

use super::profile::Value;
use crate::platform::sys;
use crate::spi::error::Result;

/// A value with its tokens replaced.
pub fn expand(value: &Value) -> Result<String> {
    let mut expanded = String::with_capacity(value.text.len());
    let mut rest = value.text.as_str();
    while let Some((before, after)) = rest.split_once("%{") {
        expanded.push_str(before);
        let Some((token, after)) = after.split_once('}') else {
            return Err(value.place.error(format_args!("%{{ without }} in {:?}", value.text)));
        };
        let Some(meaning) = meaning(token) else {
            return Err(value.place.error(format_args!("%{{{token}}} means nothing")));
        };
        expanded.push_str(&meaning);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

/// The tokens that MIT knows on Unix. Its directories are those of its own installation; ours are
/// those of the system.
fn meaning(token: &str) -> Option<String> {
    Some(match token {
        "uid" | "USERID" => sys::real_user().to_string(),
        "euid" => sys::effective_user().to_string(),
        "username" => sys::user_name(sys::effective_user())?,
        "TEMP" => match sys::secure_variable("TMPDIR").and_then(|path| path.into_string().ok()) {
            Some(path) => path,
            None => "/tmp".to_owned(),
        },
        "LIBDIR" => "/usr/lib".to_owned(),
        "BINDIR" => "/usr/bin".to_owned(),
        "SBINDIR" => "/usr/sbin".to_owned(),
        "null" => String::new(),
        _ => return None,
    })
}
