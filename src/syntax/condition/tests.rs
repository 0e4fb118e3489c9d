//! What conditions are held against: the reference, the experiments, and any text at all.

use proptest::prelude::*;

use super::{numbers::*, parse::*, *};
use crate::version::Version;

/// The versions whose verdicts are recorded; 2.4.0 reads conditions in its own way.
const MEASURED: [Version; 7] = [
    Version::new(2, 4, 0),
    Version::new(2, 6, 12),
    Version::new(2, 8, 25),
    Version::new(3, 0, 0),
    Version::new(3, 2, 0),
    Version::new(3, 4, 0),
    Version::new(3, 5, 0),
];

/// `A` holds `x`, `NONE` is unset, all else is unknown.
struct World<'a>(&'a [(&'a str, bool)]);

impl Facts for World<'_> {
    fn variable(&self, name: &str) -> Lookup {
        match name {
            "A" => Lookup::Set("x".to_owned()),
            "NONE" => Lookup::Unset,
            _ => Lookup::Unknown,
        }
    }

    fn assumed(&self, atom: &str) -> Option<bool> {
        self.0.iter().find(|(name, _)| *name == atom).map(|(_, value)| *value)
    }
}

/// What a condition with variables in angle brackets comes to in all versions: `y` true, `n` false, `?` not known.
pub(super) fn say(text: &str, facts: &dyn Facts) -> char {
    let truth = evaluate(&parse(&text.replace(['<', '>'], "\u{FFFC}")).unwrap(), facts);
    match () {
        () if truth.yes == VersionSet::ALL => 'y',
        () if truth.no == VersionSet::ALL => 'n',
        () => '?',
    }
}

fn truth(text: &str) -> Truth {
    evaluate(&parse(text).unwrap(), &World(&[]))
}

/// `y` true, `n` false, `?` unknown, `e` refused: one letter for each measured version.
fn verdicts(text: &str) -> String {
    let verdict = |version: Version| {
        let parsed = if version.minor == 4 && version.major == 2 { parse_2_4(text) } else { parse(text) };
        let Ok(condition) = parsed else { return 'e' };
        let truth = evaluate(&condition, &World(&[]));
        if problems(&condition).iter().any(|(versions, _)| versions.contains(version)) {
            'e'
        } else if truth.yes.contains(version) {
            'y'
        } else if truth.no.contains(version) {
            'n'
        } else {
            '?'
        }
    };
    MEASURED.into_iter().map(verdict).collect()
}

#[test]
fn verdicts_are_those_of_the_experiments() {
    for (text, expected) in [
        // r04, r06, r07, r08, r11
        ("defined(A)", "yyyyyyy"),
        ("!defined(A) || version_atleast(2.4) && streq(one two,one two)", "eyyyyyy"),
        ("foo(bar)", "eeeeeee"),
        ("streq(a)", "eeeeeee"),
        ("1 2", "yeeeeee"),
        ("", "nnnnnnn"),
        // st078, st079, st081 to st089; `enabled` depends on the machine, and of st080 we cannot know the library
        ("strstr(abc,b)", "eeyyyyy"),
        ("enabled(POLL)", "ee?????"),
        ("awslc_api_atleast(1)", "eeeee??"),
        ("fips_mode", "eeeeee?"),
        ("openssl_version_atleast(foo)", "eeeeeee"),
        ("(1 || 0) && !0", "eyyyyyy"),
        ("-1", "yyyyyyy"),
        ("true", "eeeeeee"),
        ("streq(a b,a b)", "eyyyyyy"),
        ("defined(A", "eeeeeee"),
        ("1 ||", "yeeeeee"),
        ("defined()", "nnnnnnn"),
    ] {
        assert_eq!(verdicts(text), expected, "{text}");
    }
}

#[test]
fn verdicts_are_those_of_a_real_haproxy() {
    // Each was given to HAProxy 2.6.12, in a file or with `-cc`.
    for (text, expected) in [
        ("version_atleast(foo)", 'y'),
        ("version_before(foo)", 'n'),
        ("version_atleast(2.6.12)", 'y'),
        ("version_atleast(2.6.13-dev1)", 'n'),
        ("version_atleast(2.6.12.1)", 'n'),
        ("version_atleast(2.)", 'y'),
        ("version_atleast(-1)", 'n'),
        ("version_atleast(2.6-99)", 'y'),
        ("version_atleast(2.6.12-99)", 'n'),
        ("1 && defined", 'n'),
        ("(defined)", 'e'),
        ("(defined())", 'n'),
        ("defined()x", 'e'),
        ("defined (A)", 'e'),
        ("streq(a,)", 'n'),
        ("streq()", 'e'),
        ("defined(a,b)", 'e'),
        ("1 || openssl_version_atleast(foo)", 'y'),
        (" ", 'e'),
        ("\u{0B}1", 'y'),
        ("0x", 'e'),
        ("0x10", 'y'),
        ("08", 'e'),
        ("!!1", 'y'),
        ("! ! 1", 'y'),
        ("streq(\"a,b)\",'a,b)')", 'y'),
        ("streq(\\,,a)", 'e'),
        ("streq(a\\", 'e'),
        ("1&& ||1", 'e'),
        ("1)", 'e'),
        ("(1", 'e'),
    ] {
        assert_eq!(verdicts(text).chars().nth(1), Some(expected), "{text}");
    }
}

#[test]
fn depth_ends_where_it_does_in_haproxy() {
    let nested = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
    assert!(parse(&nested(340)).is_ok() && parse(&nested(341)).is_err() && parse(&nested(100_000)).is_err());
    for operator in ["1&&", "1||"] {
        assert!(parse(&format!("{}1", operator.repeat(1021))).is_ok(), "{operator}");
        assert!(parse(&format!("{}1", operator.repeat(1022))).is_err(), "{operator}");
    }
    assert_eq!(parse(&format!("{}1", "!".repeat(100_001))), Ok(Condition::Not(Box::new(Condition::Number(true)))));
}

#[test]
fn versions_decide_what_asks_for_them() {
    assert_eq!(truth("version_atleast(2.8)").yes, VersionSet::since(2, 8, 0));
    assert_eq!(truth("version_before(2.8.25)").yes, VersionSet::before(2, 8, 25));
    assert_eq!(truth("version_atleast(2.9-dev3)").yes, VersionSet::since(2, 9, 0));
    assert_eq!(truth("version_atleast(2.8.99)").yes, VersionSet::since(2, 9, 0));
    assert_eq!(truth("version_atleast(2.255.255)").yes, VersionSet::since(3, 0, 0));
    assert_eq!(truth("version_atleast(99999999999999999999.0)").no, VersionSet::ALL);
    let mixed = truth("version_atleast(2.8) && feature(OPENSSL)");
    assert_eq!((mixed.yes, mixed.no), (VersionSet::NONE, VersionSet::before(2, 8, 0)));
    assert_eq!(mixed.unknown, ["feature(OPENSSL)"]);
}

#[test]
fn atoms_are_only_those_that_matter() {
    assert_eq!(truth("feature(B) || defined(C) || feature(B)").unknown, ["feature(B)", "defined(C)"]);
    assert!(truth("0 && feature(B)").unknown.is_empty());
    assert!(truth("defined(A) || feature(B)").unknown.is_empty());
    assert_eq!(truth("strneq(\u{FFFC}X\u{FFFC},a)").unknown, ["streq(${X},a)"]);
    assert_eq!(truth("streq(\"\u{FFFC}X\u{FFFC},\",a)").unknown, Vec::<String>::new());
    assert_eq!(truth("streq(\"\u{FFFC}X\u{FFFC},\",',')").unknown, ["streq(\"${X},\",\",\")"]);
    assert_eq!(truth("enabled(NOSUCH)").no, VersionSet::ALL);
    assert_eq!(truth("fips_mode()").unknown, ["fips_mode"]);
    let before = parse("openssl_version_before(3.0.0)").unwrap();
    assert_eq!(evaluate(&before, &World(&[("openssl_version_atleast(3.0.0)", true)])).no, VersionSet::ALL);
}

#[test]
fn texts_with_gaps_are_compared_as_far_as_they_are_known() {
    let say = |text: &str| say(text, &World(&[]));
    for (text, expected) in [
        ("streq(<X>,)", '?'),
        ("streq(<X>,<X>)", 'y'),
        ("streq(<A>,x)", 'y'),
        ("streq(<NONE>,)", '?'),
        ("streq(a<X>,b)", 'n'),
        ("streq(a<X>,ab)", '?'),
        ("streq(a<X>,<Y>b)", '?'),
        ("streq(<X>a,<Y>b)", 'n'),
        ("streq(<X>abc,bc)", 'n'),
        ("strneq(a<X>,b)", 'y'),
        ("strstr(abc<X>,b)", 'y'),
        ("strstr(abc,<X>d)", 'n'),
        ("strstr(abc,<X>b)", '?'),
        ("strstr(<X>,)", 'y'),
        ("defined(<X>)", '?'),
        ("defined(<A>)", '?'),
        ("<X>", '?'),
        ("1 <X>", '?'),
        ("def<X>(A)", '?'),
        ("0 && <X>", '?'),
        ("streq(<>,a)", '?'),
    ] {
        assert_eq!(say(text), expected, "{text}");
    }
    assert_eq!(parse("(1 || \u{FFFC}X\u{FFFC}"), Ok(Condition::Opaque));
    assert!(parse("foo(1) \u{FFFC}X\u{FFFC}").is_err(), "what comes before the mark is wrong whatever it holds");
}

#[test]
fn errors_say_where_and_what_to_write() {
    let error = |text: &str| parse(text).unwrap_err();
    assert_eq!(error("1 || true").at, 5);
    assert_eq!(error("true").help.as_deref(), Some("write `1`"));
    assert_eq!(error("definde(A)").meant, Some((0..7, "defined")));
    assert_eq!(error("1 and 0").help.as_deref(), Some("write `&&`"));
    assert_eq!(error("1 ||").message, "nothing stands behind `||`");
    assert_eq!(error("(1").message, "this `(` is never closed");
    assert!(error("(fips_mode)").help.unwrap().contains("`fips_mode )`"));
    assert_eq!(error("1 && defined(A").at, 12);
    let old = problems(&parse("1 && strstr(a,b)").unwrap());
    assert_eq!((old.len(), old[0].0, old[0].1.at), (1, VersionSet::before(2, 8, 0), 5));
    assert_eq!(old[0].1.message, "HAProxy 2.7 and earlier does not know the predicate `strstr`");
    assert!(problems(&parse("0 && openssl_version_atleast(x)").unwrap()).iter().all(|(v, _)| *v == VersionSet::before(2, 5, 0)));
    let remarks = remarks(&parse("version_before(x) || !enabled(Y)").unwrap());
    assert!(remarks[0].message.ends_with("always false") && remarks[1].at == 22, "{remarks:?}");
}

#[test]
fn openssl_versions_are_read_as_openssl_writes_them() {
    for good in ["1.1.1k", "3.0.0", "3.0.0-beta2", "3.0.0-alpha17", "3..", "0.9.8zh"] {
        assert!(is_openssl_version(good), "{good}");
    }
    for bad in ["", "foo", "3", "3.0", "16.0.0", "1.256.0", "-1.0.0", "3.0.0-beta15"] {
        assert!(!is_openssl_version(bad), "{bad}");
    }
}

proptest! {
    #[test]
    fn any_text_is_judged(
        text in "(defined|streq|strneq|strstr|version_atleast|version_before|openssl_version_before|fips_mode|[()!,|&'\"\\\\ .0-9xA-]|\u{FFFC}|\u{FFFC}X\u{FFFC}|\\PC){0,24}",
        assumed in any::<bool>(),
    ) {
        for condition in [parse(&text), parse_2_4(&text)] {
            match condition {
                Ok(condition) => {
                    let open = evaluate(&condition, &World(&[]));
                    prop_assert!(!open.yes.meets(open.no));
                    prop_assert!(problems(&condition).iter().all(|(versions, e)| !versions.is_empty() && text.is_char_boundary(e.at)));
                    remarks(&condition);
                    let assumptions: Vec<_> = open.unknown.iter().map(|atom| (atom.as_str(), assumed)).collect();
                    let closed = evaluate(&condition, &World(&assumptions));
                    prop_assert!(closed.yes.covers(open.yes) && closed.no.covers(open.no) && !closed.yes.meets(closed.no));
                    prop_assert!(closed.unknown.iter().all(|atom| !open.unknown.contains(atom)));
                }
                Err(error) => prop_assert!(text.is_char_boundary(error.at) && !error.message.is_empty()),
            }
        }
    }
}
