//! Words that are judged alike, whatever they say: a line that has one of them where a sound line had another one is sound, too.
//!
//! Large configurations are made by programs, and their lines differ in names and addresses. A type of words says which of its
//! texts are alike; what a signature or another word makes a difference of is found out while a line is judged
//! ([`Matcher::piece`](super::Matcher::piece)).

/// A set of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    /// A name of letters, digits and `_.-` that begins with a letter or digit.
    Name,
    /// The name of an ACL in a condition, perhaps behind `!`: such a name, but none that HAProxy predefines, and no operator.
    Acl,
    /// A text without anything that means something: the characters of names and `/:@`; it begins with a letter, a digit or `/`.
    Text,
    /// An IPv4 address and a port, as `192.0.2.1:80`; neither of all addresses nor of this machine.
    Endpoint,
}

impl Alike {
    /// Whether a text is in the set.
    pub(crate) fn holds(self, bytes: &[u8]) -> bool {
        let Some(first) = bytes.first() else { return false };
        match self {
            Self::Name => first.is_ascii_alphanumeric() && are_all(bytes, OF_NAME),
            Self::Acl => is_acl(bytes.strip_prefix(b"!").unwrap_or(bytes)),
            Self::Text => (first.is_ascii_alphanumeric() || *first == b'/') && are_all(bytes, OF_TEXT) && !is_operator(bytes),
            Self::Endpoint => is_endpoint(bytes),
        }
    }
}

/// Which bytes are of names and texts: every word of large configurations is looked at.
const BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut byte = 0u8;
    while byte < 128 {
        let of_name = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
        let of_text = of_name || matches!(byte, b'/' | b':' | b'@');
        bytes[byte as usize] = ((of_name as u8) * OF_NAME) | ((of_text as u8) * OF_TEXT);
        byte += 1;
    }
    bytes
};

const OF_NAME: u8 = 1;
const OF_TEXT: u8 = 2;

/// Whether all bytes are of that kind: hardly any word ends it early, and so none asks at each byte.
fn are_all(bytes: &[u8], kind: u8) -> bool {
    bytes.iter().fold(kind, |all, byte| all & BYTES[usize::from(*byte)]) != 0
}

/// Predefined ACLs are written in capitals.
fn is_acl(text: &[u8]) -> bool {
    are_all(text, OF_NAME) && text.iter().any(u8::is_ascii_lowercase) && !is_operator(text)
}

/// Words that mean something in or before a condition.
fn is_operator(text: &[u8]) -> bool {
    text.len() <= 6 && ["or", "and", "if", "unless"].iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}

/// Four numbers and a port, none of them with zeros in front.
fn is_endpoint(bytes: &[u8]) -> bool {
    let (mut part, mut value, mut digits) = (0, 0u32, 0);
    for byte in bytes {
        match byte {
            b'0'..=b'9' if digits < 5 && (digits == 0 || value > 0) => {
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                continue;
            }
            b'.' if part < 3 => {}
            b':' if part == 3 => {}
            _ => return false,
        }
        let is_special = part == 0 && matches!(value, 0 | 127 | 224..);
        if digits == 0 || value > 255 || is_special {
            return false;
        }
        (part, value, digits) = (part + 1, 0, 0);
    }
    part == 4 && matches!(value, 1..=65535)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_is_not_alike() {
        let holds = |alike: Alike, texts: &[&str]| texts.iter().map(|text| alike.holds(text.as_bytes())).collect::<Vec<_>>();
        assert_eq!(holds(Alike::Endpoint, &["10.0.0.1:80", "192.168.255.0:65535", "1.2.3.4:1"]), [true; 3]);
        let none =
            ["0.0.0.0:80", "10.0.0.256:80", "127.0.0.1:80", "10.0.0.1", "10.0.0.1:0", "10.0.0.1:65536", "10.0.0.01:80", "10.0.0.1:80/"];
        assert_eq!(holds(Alike::Endpoint, &none), [false; 8]);
        assert_eq!(holds(Alike::Endpoint, &["", "10.0.0.1:+80", "[::1]:80", "a.b.c.d:80", "10.0.0.1:80:80", "1.2.3.4.5:6"]), [false; 6]);
        assert_eq!(holds(Alike::Acl, &["is_api", "!is_api", "a"]), [true; 3]);
        assert_eq!(holds(Alike::Acl, &["TRUE", "or", "If", "!", "{", "!!a", "METH_GET", "a=b"]), [false; 8]);
        assert_eq!(holds(Alike::Text, &["/api", "www.example.com", "host:80"]), [true; 3]);
        assert_eq!(holds(Alike::Text, &["-i", "%[src]", "or", "", "}", "\\d", "é"]), [false; 7]);
        assert_eq!(holds(Alike::Name, &["be_1", "X-Route-1"]), [true; 2]);
        assert_eq!(holds(Alike::Name, &["%[src]", "-x", "a:b", ""]), [false; 4]);
    }
}
