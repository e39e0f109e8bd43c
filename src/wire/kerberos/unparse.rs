//! A principal as one line of text, with MIT's escapes.

use crate::spi::kerberos::Principal;

/// `component/component@REALM`, with an `@` even where there is no realm.
pub fn unparse(principal: &Principal) -> String {
    let at = if principal.realm.is_empty() { "@" } else { "" };
    format!("{principal}{at}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cannot_pass_for_more_parts() {
        let principal = |components: &[&str], realm: &str| {
            unparse(&Principal {
                name_type: 1,
                components: components.iter().map(|&c| c.to_owned()).collect(),
                realm: realm.to_owned(),
            })
        };
        assert_eq!(principal(&["HTTP", "a.example"], "R"), "HTTP/a.example@R");
        assert_eq!(principal(&["HTTP/a"], "R"), "HTTP\\/a@R");
        assert_eq!(principal(&["a@b\\"], "R"), "a\\@b\\\\@R");
        assert_eq!(principal(&["\n\t\u{8}\0"], "R@S"), "\\n\\t\\b\\0@R\\@S");
    }
}
