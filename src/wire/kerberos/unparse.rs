//! A principal as one line of text, with MIT's escapes.

use crate::spi::kerberos::Principal;

/// `component/component@REALM`; separators and control characters within a part are escaped, so
/// that two principals never have the same text.
pub fn unparse(principal: &Principal) -> String {
    let mut line = String::new();
    for (number, component) in principal.components.iter().enumerate() {
        if number > 0 {
            line.push('/');
        }
        escape(&mut line, component);
    }
    line.push('@');
    escape(&mut line, &principal.realm);
    line
}

fn escape(line: &mut String, part: &str) {
    for c in part.chars() {
        let escaped = match c {
            '/' | '@' | '\\' => c,
            '\n' => 'n',
            '\t' => 't',
            '\u{8}' => 'b',
            '\0' => '0',
            _ => {
                line.push(c);
                continue;
            }
        };
        line.push('\\');
        line.push(escaped);
    }
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
