//! Arguments that are of the right type and still wrong: what fetches and converters check themselves.

use std::net::IpAddr;

use crate::version::VersionSet;

use super::{ArgumentType, arguments::is_integer, pattern::regex_problem};

/// Something that some versions refuse.
pub(super) struct Refusal {
    /// The argument, from 0.
    pub(super) argument: usize,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) versions: VersionSet,
    /// They take it, and warn.
    pub(super) warned: bool,
}

fn refuse(argument: usize, message: impl Into<String>) -> Refusal {
    Refusal { argument, message: message.into(), help: None, versions: VersionSet::ALL, warned: false }
}

const SCOPES: [&str; 6] = ["proc", "sess", "txn", "req", "res", "check"];
const PARENT_SCOPES: [&str; 4] = ["psess", "ptxn", "preq", "pres"];

/// What is wrong with the name of a variable.
pub(super) fn variable(name: &str) -> Option<Refusal> {
    const HELP: &str = "write `SCOPE.NAME` with one of the scopes `proc`, `sess`, `txn`, `req`, `res` and `check`";
    if name.is_empty() {
        return Some(Refusal { help: Some(HELP.to_owned()), ..refuse(0, "a variable needs a name") });
    }
    let scoped = name.split_once('.').filter(|(_, rest)| !rest.is_empty());
    let Some((scope, rest)) = scoped.filter(|(scope, _)| SCOPES.contains(scope) || PARENT_SCOPES.contains(scope)) else {
        let message = format!("the variable `{name}` does not begin with a scope");
        return Some(Refusal { help: Some(HELP.to_owned()), ..refuse(0, message) });
    };
    if let Some(odd) = rest.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.')) {
        let help = Some("letters, digits, `_` and `.` are allowed".to_owned());
        return Some(Refusal { help, ..refuse(0, format!("the variable `{name}` has a `{odd}` in its name")) });
    }
    PARENT_SCOPES.contains(&scope).then(|| Refusal {
        versions: VersionSet::before(3, 1, 0),
        ..refuse(0, format!("the scope `{scope}` of the variable `{name}` exists in HAProxy 3.1 and later"))
    })
}

/// What is wrong with the name of a file of patterns or of a map.
pub(super) fn pattern_list(name: &str) -> Option<Refusal> {
    let kind = ["virt@", "opt@"].into_iter().find(|kind| name.starts_with(kind))?;
    let message = format!("`{kind}` is known since HAProxy 2.9: earlier versions look for a file of the name `{name}`");
    Some(Refusal { versions: VersionSet::before(2, 9, 0), ..refuse(0, message) })
}

/// Names that an argument may be, in the words of a message.
fn one_of(argument: usize, value: &str, names: &[&str]) -> Option<Refusal> {
    let list = || names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    (!names.contains(&value)).then(|| refuse(argument, format!("`{value}` is none of {}", list())))
}

fn operand(argument: usize, value: &str) -> Option<Refusal> {
    let plain = is_integer(value) || variable(value).is_none_or(|refusal| refusal.versions != VersionSet::ALL);
    (!plain).then(|| refuse(argument, format!("`{value}` is neither an integer nor the name of a variable")))
}

/// What is wrong with the values given to the converter `name`.
pub(super) fn converter(name: &str, values: &[String]) -> Option<Refusal> {
    let first = values.first().map_or("", String::as_str);
    let second = values.get(1).map(String::as_str);
    match name {
        "set-var" | "unset-var" => variable(first).or_else(|| {
            let names = ["ifexists", "ifnotexists", "ifempty", "ifnotempty", "ifset", "ifnotset", "ifgt", "iflt"];
            values.iter().enumerate().skip(1).find_map(|(at, value)| one_of(at, value, &names)).map(since_2_5)
        }),
        "add" | "sub" | "mul" | "div" | "mod" | "and" | "or" | "xor" => operand(0, first),
        "strcmp" | "secure_memcmp" => variable(first),
        "concat" => second.filter(|name| !name.is_empty()).and_then(variable).map(|refusal| Refusal { argument: 1, ..refusal }),
        "regsub" => values.get(2).and_then(|flags| {
            let odd = flags.chars().find(|flag| !matches!(flag, 'i' | 'g'))?;
            Some(refuse(2, format!("`regsub` knows the flags `i` and `g`, not `{odd}`")))
        }),
        "json" if !first.is_empty() => one_of(0, first, &["ascii", "utf8", "utf8s", "utf8p", "utf8ps"]),
        "field" | "word" => field(name, first, second),
        "param" => second.filter(|text| text.len() != 1).map(|_| refuse(1, "the delimiter of `param` must be one character")),
        "http_date" => second.and_then(|unit| one_of(1, unit, &["s", "ms", "us"])),
        "bytes" => bytes(first, second),
        "when" => when(first, second),
        "url_enc" if !first.is_empty() => one_of(0, first, &["query"]),
        "json_query" if first.is_empty() => Some(refuse(0, "the path of `json_query` is empty")),
        "json_query" | "jwt_header_query" | "jwt_payload_query" => {
            second.filter(|t| !t.is_empty()).and_then(|kind| one_of(1, kind, &["int"]))
        }
        "sha2" => values.first().and_then(|bits| one_of(0, bits, &["224", "256", "384", "512"])),
        "aes_gcm_enc" | "aes_gcm_dec" | "aes_cbc_enc" | "aes_cbc_dec" => {
            let size = one_of(0, first, &["128", "192", "256"]);
            size.or_else(|| secret(values, 1, "the nonce")).or_else(|| secret(values, 2, "the key"))
        }
        "has_ctl" => mask(first),
        "hmac" => secret(values, 1, "the key"),
        "jwt_decrypt_secret" => secret(values, 0, "the secret"),
        "jwt_decrypt_cert" if first.is_empty() => Some(refuse(0, "`jwt_decrypt_cert` needs the file of a certificate")),
        "jwt_decrypt_jwk" => web_key(first),
        "digest" if first.is_empty() => Some(refuse(0, "`digest` needs the name of an algorithm")),
        "jwt_verify" | "jwt_verify_cert" => algorithm(first),
        "mqtt_field_value" => mqtt_field(first, second.unwrap_or("")),
        "fix_tag_value" => fix_tag(first),
        "protobuf" | "ungrpc" => second.and_then(|kind| one_of(1, kind, &PROTOBUF_TYPES)),
        "be2dec" | "le2dec" => match second {
            Some(size) => one_of(1, size, &["1", "2", "3", "4", "5", "6", "7", "8"]).or_else(|| truncate(values)),
            None => Some(refuse(0, "the size of a chunk, 1 to 8, must be the second argument")),
        },
        "be2hex" if !first.is_empty() && second.is_none() => Some(refuse(0, "`be2hex` wants the size of a chunk behind the separator")),
        "be2hex" => truncate(values),
        "add_item" if values.iter().skip(1).all(String::is_empty) => {
            Some(refuse(1, "`add_item` needs a variable, or what it adds, behind the delimiter"))
        }
        "add_item" => second.filter(|name| !name.is_empty()).and_then(variable).map(|refusal| Refusal { argument: 1, ..refusal }),
        _ if name == "map" || name.starts_with("map_") => pattern_list(first).or_else(|| map(name, first, second)),
        _ => None,
    }
}

const PROTOBUF_TYPES: [&str; 14] = [
    "int32", "uint32", "sint32", "int64", "uint64", "sint64", "bool", "enum", "fixed32", "sfixed32", "float", "fixed64", "sfixed64",
    "double",
];

/// Which control characters are meant: `any`, `http`, or a number with a bit for each, as C's `strtoll` reads it.
fn mask(text: &str) -> Option<Refusal> {
    const BITS: u64 = (1 << 33) - 1;
    if matches!(text, "" | "any" | "http") {
        return None;
    }
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16),
        None if text.starts_with('0') => u64::from_str_radix(text, 8),
        None => text.parse(),
    };
    match number {
        Ok(number) if number & !BITS == 0 => None,
        Ok(_) => Some(refuse(0, format!("the mask `{text}` has more than the bits of 33 control characters"))),
        Err(_) => Some(refuse(0, format!("the mask `{text}` is neither `any`, nor `http`, nor a number"))),
    }
}

/// A value in base64, or the name of a variable that has one.
fn secret(values: &[String], argument: usize, what: &str) -> Option<Refusal> {
    let value = values.get(argument).filter(|value| !value.is_empty())?;
    let base64 = value.len().is_multiple_of(4) && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    let named = variable(value).is_none_or(|refusal| refusal.versions != VersionSet::ALL);
    (!base64 && !named).then(|| refuse(argument, format!("{what} `{value}` is neither base64 nor the name of a variable")))
}

/// A key as JSON, or the name of a variable that has one.
fn web_key(text: &str) -> Option<Refusal> {
    let named = variable(text).is_none_or(|refusal| refusal.versions != VersionSet::ALL);
    (!named && !text.contains("kty"))
        .then(|| refuse(0, format!("`{text}` is neither a JWK, which has a `kty`, nor the name of a variable")))
}

/// The algorithm of a signed token, or the name of a variable that has one.
fn algorithm(name: &str) -> Option<Refusal> {
    let known = name == "none"
        || ["HS", "RS", "ES", "PS"]
            .iter()
            .any(|family| name.strip_prefix(family).is_some_and(|bits| matches!(bits, "256" | "384" | "512")));
    let named = || variable(name).is_none_or(|refusal| refusal.versions != VersionSet::ALL);
    (!known && !named()).then(|| refuse(0, format!("`{name}` is no algorithm of a signed token, as `HS256` or `RS256` are")))
}

/// A tag of a FIX message: a number, or one of a few names.
fn fix_tag(tag: &str) -> Option<Refusal> {
    const NAMES: [&str; 6] = ["MsgType", "CheckSum", "BodyLength", "TargetCompID", "BeginString", "SenderCompID"];
    let number = !tag.is_empty() && tag.bytes().all(|b| b.is_ascii_digit()) && tag.bytes().any(|b| b != b'0');
    let known = number || NAMES.iter().any(|name| name.eq_ignore_ascii_case(tag));
    (!known).then(|| refuse(0, format!("`{tag}` is neither the number of a FIX tag nor one of {}", NAMES.join(", "))))
}

/// The packets of MQTT in the order of their numbers, from 1, each with the fields that HAProxy reads of it.
const MQTT_FIELDS: [(&str, &str); 15] = [
    (
        "connect",
        "flags protocol_name protocol_version client_identifier will_topic will_payload username password keepalive 1 2 3 8 9 17 21 22 23 24 25 \
         33 34 38 39",
    ),
    ("connack", "flags reason_code protocol_version 17 18 19 21 22 26 28 31 33 34 36 37 38 39 40 41 42"),
    ("publish", "1 2 3 8 9 11 35 38"),
    ("puback", "reason_code 31 38"),
    ("pubrec", "reason_code 31 38"),
    ("pubrel", "reason_code 31 38"),
    ("pubcomp", "reason_code 31 38"),
    ("subscribe", "11 38"),
    ("suback", "31 38"),
    ("unsubscribe", "38"),
    ("unsuback", "31 38"),
    ("pingreq", ""),
    ("pingresp", ""),
    ("disconnect", "reason_code 17 28 31 38"),
    ("auth", "21 22 31 38"),
];

/// The packet by its name or number, and a field that it has.
fn mqtt_field(packet: &str, field: &str) -> Option<Refusal> {
    let number = packet.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).and_then(|at| MQTT_FIELDS.get(at));
    let Some((_, fields)) = number.or_else(|| MQTT_FIELDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(packet))) else {
        return Some(refuse(0, format!("`{packet}` is no packet of MQTT, as `connect` or `publish` are")));
    };
    // Numbers may be written with zeros before them.
    let known = fields.split(' ').any(|known| known == field.trim_start_matches('0') || known.eq_ignore_ascii_case(field));
    (!known || field.is_empty()).then(|| {
        let some = if fields.is_empty() { "none".to_owned() } else { format!("`{}`", fields.replace(' ', "`, `")) };
        refuse(1, format!("a packet `{packet}` of MQTT has no field `{field}`; HAProxy knows {some}"))
    })
}

/// Conditions of variables came with 2.5.
fn since_2_5(refusal: Refusal) -> Refusal {
    Refusal { versions: VersionSet::since(2, 5, 0), ..refusal }
}

fn truncate(values: &[String]) -> Option<Refusal> {
    values.get(2).and_then(|flag| one_of(2, flag, &["0", "1"]))
}

/// Maps read a file, and those that end in `_ip` fall back on an address.
fn map(name: &str, file: &str, default: Option<&str>) -> Option<Refusal> {
    if file.is_empty() {
        return Some(refuse(0, format!("`{name}` wants the name of a map file")));
    }
    let default = default.filter(|text| name.ends_with("_ip") && name != "map_ip" && text.parse::<IpAddr>().is_err())?;
    Some(refuse(1, format!("`{default}` is not an address, as the default of `{name}` must be")))
}

fn when(condition: &str, acl: Option<&str>) -> Option<Refusal> {
    let name = condition.strip_prefix('!').unwrap_or(condition);
    let names = ["stopping", "normal", "error", "forwarded", "toapplet", "processed", "acl"];
    let no_acl = name == "acl" && acl.is_none_or(str::is_empty);
    one_of(0, name, &names).or_else(|| no_acl.then(|| refuse(0, "`acl` of `when` wants the name of an ACL behind it")))
}

fn field(name: &str, index: &str, separators: Option<&str>) -> Option<Refusal> {
    if index.parse() == Ok(0) {
        return Some(refuse(0, format!("`{name}` counts from 1, or from -1 backwards, there is no 0")));
    }
    (separators == Some("")).then(|| refuse(1, format!("`{name}` needs at least one separator")))
}

/// Since 2.9 both arguments may be variables, and numbers are checked.
fn bytes(offset: &str, length: Option<&str>) -> Option<Refusal> {
    let (negative, none) = (offset.starts_with('-'), length.is_some_and(|l| l.parse().is_ok_and(|n: i64| n <= 0)));
    let found = operand(0, offset).or_else(|| length.and_then(|length| operand(1, length)));
    let found = found.or_else(|| negative.then(|| refuse(0, "the offset of `bytes` must not be negative")));
    let found = found.or_else(|| none.then(|| refuse(1, "the length of `bytes` must be positive")))?;
    Some(Refusal { versions: VersionSet::since(2, 9, 0), ..found })
}

/// What is wrong with the values given to the fetch `name`.
pub(super) fn fetch(name: &str, values: &[String]) -> Option<Refusal> {
    let first = values.first().map(String::as_str);
    match name {
        "var" => variable(first.unwrap_or("")),
        "date" => values.get(1).and_then(|unit| one_of(1, unit, &["s", "ms", "us"])),
        "accept_date" | "request_date" => first.and_then(|unit| one_of(0, unit, &["s", "ms", "us"])),
        "fc_rtt" | "fc_rttvar" | "bc_rtt" | "bc_rttvar" => first.and_then(|unit| one_of(0, unit, &["us", "ms"])),
        "bool" => first.and_then(|value| one_of(0, &value.to_ascii_lowercase(), &["true", "false", "1", "0"])),
        "hdr" | "hdr_ip" | "hdr_val" | "shdr" | "shdr_ip" | "shdr_val" | "req.fhdr" | "req.hdr" | "req.hdr_ip" | "req.hdr_val"
        | "res.fhdr" | "res.hdr" | "res.hdr_ip" | "res.hdr_val" => {
            let number: i64 = values.get(1)?.parse().ok()?;
            (number < -10).then(|| refuse(1, "no more than 10 headers are counted from the end: `-10` is the least"))
        }
        "payload_lv" | "req.payload_lv" | "res.payload_lv" => payload(values),
        "distcc_body" | "distcc_param" => first.filter(|token| token.len() != 4).map(|_| refuse(0, "the name of a token has 4 characters")),
        "ssl_c_i_dn" | "ssl_c_r_dn" | "ssl_c_s_dn" | "ssl_f_i_dn" | "ssl_f_s_dn" | "ssl_s_i_dn" | "ssl_s_s_dn" => {
            values.get(2).filter(|format| !format.is_empty()).and_then(|format| one_of(2, format, &["rfc2253"]))
        }
        "fc_unacked" | "fc_sacked" | "fc_retrans" | "fc_fackets" | "fc_lost" | "fc_reordering" => {
            first.map(|_| Refusal { warned: true, ..refuse(0, format!("`{name}` is a counter, and its argument is left out")) })
        }
        "query" => first.filter(|option| !option.is_empty()).and_then(|option| one_of(0, option, &["with_qm"])),
        _ if name.starts_with("internal.htx_blk.") => {
            let position = first.unwrap_or("");
            let known = matches!(position, "head" | "tail" | "first");
            let number = !position.is_empty() && position.bytes().all(|digit| digit.is_ascii_digit());
            (!known && !number).then(|| refuse(0, format!("`{position}` is none of `head`, `tail`, `first`, nor the number of a block")))
        }
        "uuid" if first == Some("7") => {
            let versions = VersionSet::before(3, 0, 0);
            Some(Refusal { versions, ..refuse(0, "HAProxy makes UUIDs of version 7 from 3.0 on") })
        }
        "uuid" => first.and_then(|version| one_of(0, version, &["4", "7"])),
        "bin" if first == Some("") => Some(refuse(0, "`bin` wants hexadecimal digits")),
        "bin" => first.and_then(super::pattern::binary_problem).map(|message| refuse(0, message)),
        _ => None,
    }
}

fn payload(values: &[String]) -> Option<Refusal> {
    let number = |at: usize| values.get(at).and_then(|value| value.parse::<i64>().ok());
    let no_number = values.get(2).filter(|value| !is_integer(value)).map(|value| refuse(2, format!("`{value}` is not a number")));
    let negative = number(0).filter(|n| *n < 0).map(|_| refuse(0, "the offset of a payload must not be negative"));
    let empty = number(1).filter(|n| *n == 0).map(|_| refuse(1, "the length of a payload must not be 0"));
    negative.or(empty).or(no_number)
}

/// What is wrong with a value that is used once every file was read.
pub(super) fn late(kind: ArgumentType, value: &str) -> Option<String> {
    match kind {
        ArgumentType::Server | ArgumentType::Userlist | ArgumentType::Regex if value.is_empty() => {
            Some(format!("{} is missing in the arguments", kind.noun()))
        }
        ArgumentType::Regex => regex_problem(value).map(|(_, what)| format!("the regular expression `{value}` is not valid: {what}")),
        _ => None,
    }
}
