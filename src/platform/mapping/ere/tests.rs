use proptest::prelude::*;

use super::*;
use crate::platform::sys::regex::{Posix, PosixError};

fn find(pattern: &str, text: &str) -> Option<(usize, usize)> {
    Ere::new(pattern).unwrap().find(text, &mut Effort::usual()).unwrap()
}

#[test]
fn the_leftmost_and_there_the_longest() {
    assert_eq!(find("a|ab|abc", "xabcd"), Some((1, 4)));
    assert_eq!(find("(a|ab)(c|bcd)(d*)", "abcd"), Some((0, 4)));
    assert_eq!(find("b*", "aab"), Some((0, 0)));
    assert_eq!(find("^[[:alpha:]_]+@AD\\.TEST$", "alice@AD.TEST"), Some((0, 13)));
    assert_eq!(find("a{2,3}", "aaaa"), Some((0, 3)));
    assert_eq!(find("é.", "xéü"), Some((1, 5)));
    assert_eq!(find("[]a-c^-]+", "x-]b^"), Some((1, 5)));
    assert_eq!(find("x$", "xx"), Some((1, 2)));
    assert_eq!(find("q", "xx"), None);
}

#[test]
fn patterns_that_are_none() {
    for wrong in
        ["*", "a|*", "(", "(a", "^*", "[a", "[z-a]", "[[:x:]]", "a{2", "a{x}", "a{2,1}", "\\"]
    {
        assert!(matches!(Ere::new(wrong), Err(NoPattern::Invalid(_))), "{wrong}");
    }
    for unknown in ["(a)\\1", "\\bx", "[[.ab.]]"] {
        assert!(matches!(Ere::new(unknown), Err(NoPattern::Unsupported(_))), "{unknown}");
    }
}

/// Patterns that others need years or gigabytes for.
#[test]
fn l5_patterns_that_blow_up_take_no_time() {
    let names = ["a".repeat(4000), format!("{}b", "a".repeat(4000))];
    for pattern in ["(a+)+$", "((a*)*)*c", "(a|a)*c", "(a|aa)+c", "(.*)(.*)(.*)(.*)(.*)c"] {
        let pattern = Ere::new(pattern).unwrap();
        for name in &names {
            let began = std::time::Instant::now();
            pattern.find(name, &mut Effort::usual()).unwrap();
            assert!(began.elapsed().as_secs() < 5);
        }
    }
    for large in ["((a{255}){255}){255}", "(((a{9999}){9999}){9999}){9999}", "a{32767}"] {
        assert!(matches!(Ere::new(large), Err(NoPattern::Unsupported(_))), "{large}");
    }
    assert!(Ere::new("(((){32767}){32767}){32767}").is_ok());
    let deep = format!("{}a{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(matches!(Ere::new(&deep), Err(NoPattern::Unsupported(_))));
    assert!(matches!(Ere::new(&"a*".repeat(100_000)), Err(NoPattern::Unsupported(_))));
    let wide = Ere::new("(a?){200}b").unwrap();
    assert_eq!(wide.find(&"a".repeat(1 << 20), &mut Effort::usual()), Err(Exhausted));
}

fn pattern() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        5 => "[abc.]",
        1 => "\\[\\^?[]abc-]{1,4}\\]",
        1 => Just("[[:alpha:]]".to_owned()),
        1 => Just("\\w".to_owned()),
        1 => "\\\\[.*()$]",
        1 => "[|^$]",
        1 => "[*+?]",
        1 => "\\{[0-3]?,?[0-3]?\\}?",
    ];
    piece.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 0..4).prop_map(|parts| parts.concat()),
            1 => inner.clone().prop_map(|part| format!("({part})")),
            1 => (inner.clone(), inner).prop_map(|(one, other)| format!("({one}|{other})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// The C library is what MIT's rules are read by.
    #[test]
    fn glibc_finds_the_same(pattern in pattern(), text in "[abc.*_-]{0,10}") {
        let theirs = Posix::new(&pattern);
        match Ere::new(&pattern) {
            Err(NoPattern::Invalid(_)) => prop_assert_eq!(theirs.err(), Some(PosixError)),
            Err(NoPattern::Unsupported(_)) => {}
            Ok(ours) => {
                prop_assert!(theirs.is_ok(), "glibc refuses {}", pattern);
                let found = ours.find(&text, &mut Effort::usual()).unwrap();
                prop_assert_eq!(found, theirs.unwrap().find(&text), "{} in {}", pattern, text);
            }
        }
    }

    #[test]
    fn no_pattern_panics(pattern in "\\PC{0,40}", text in "\\PC{0,40}") {
        if let Ok(pattern) = Ere::new(&pattern) {
            let found = pattern.find(&text, &mut Effort::usual()).unwrap();
            prop_assert!(found.is_none_or(|(from, to)| text.get(from..to).is_some()));
        }
    }
}
