//! The arguments of fetches and converters, as `make_arg_list()` of `src/arg.c` reads them.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use super::{ArgumentType, Signature, text::Call};

/// What is wrong with the arguments of a call.
pub(super) struct BadArguments {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

fn bad(range: Range<usize>, message: String) -> BadArguments {
    BadArguments { range, message, help: None }
}

/// The values of the arguments that `call` gives to `form`.
pub(super) fn read(call: &Call<'_>, form: &Signature) -> Result<Vec<String>, BadArguments> {
    let wanted = form.arguments.as_deref();
    let name = call.name;
    let Some(given) = &call.arguments else {
        // A missing list is one empty argument, where arguments are required.
        return match wanted {
            Some(types) if form.required > 0 && (form.required > 1 || !takes_nothing(types[0])) => {
                Err(bad(call.range.clone(), format!("`{name}` needs arguments: `{}`", form.usage)))
            }
            _ => Ok(if form.required > 0 { vec![String::new()] } else { Vec::new() }),
        };
    };
    if !given.closed {
        let mut fault = bad(given.range.clone(), format!("the `)` that ends the arguments of `{name}` is missing"));
        fault.help = Some("commas and parentheses inside an argument need quotes that survive the line: `'str(\"a,b)\")'`".to_owned());
        return Err(fault);
    }
    if let Some(argument) = given.list.iter().find(|argument| argument.dangling) {
        return Err(bad(argument.range.clone(), "a backslash cannot be the last character".to_owned()));
    }
    let list = match given.list.as_slice() {
        [only] if only.range.is_empty() && wanted.is_none_or(<[_]>::is_empty) => &[][..],
        list => list,
    };
    let Some(types) = wanted else { return Ok(list.iter().map(|argument| argument.value.clone()).collect()) };
    let mut values = Vec::new();
    for (position, (argument, kind)) in list.iter().zip(types).enumerate() {
        let value = &argument.value;
        if value.is_empty() && !takes_nothing(*kind) {
            if position < form.required || list.len() > position + 1 {
                let range = if argument.range.is_empty() { call.range.clone() } else { argument.range.clone() };
                return Err(bad(range, format!("argument {} of `{name}` is empty, it must be {}", position + 1, kind.noun())));
            }
            break;
        }
        if !fits(value, *kind) {
            return Err(bad(argument.range.clone(), format!("`{value}` is not {}, as `{}` needs it", kind.noun(), form.usage)));
        }
        values.push(value.clone());
    }
    if let Some(extra) = list.get(types.len()) {
        return Err(too_many(call, form, extra.range.start..given.range.end - 1, types.len()));
    }
    if values.len() < form.required {
        let message = format!("`{name}` has {} of {} arguments: `{}`", values.len(), form.required, form.usage);
        return Err(bad(call.range.clone(), message));
    }
    Ok(values)
}

fn too_many(call: &Call<'_>, form: &Signature, range: Range<usize>, most: usize) -> BadArguments {
    let name = call.name;
    let range = if range.is_empty() { call.range.clone() } else { range };
    let message = match most {
        0 => format!("`{name}` takes no arguments"),
        1 => format!("`{name}` takes one argument"),
        _ => format!("`{name}` takes {most} arguments at most: `{}`", form.usage),
    };
    let help = "if the comma belongs to the argument, quote it so that the quotes survive the line: `'str(\"a,b\")'`";
    BadArguments { range, message, help: (most > 0).then(|| help.to_owned()) }
}

/// Whether an argument of this type may be empty.
fn takes_nothing(kind: ArgumentType) -> bool {
    use ArgumentType::{Fields, Int, Ipv4, Ipv6, Mask4, Mask6};
    !matches!(kind, Int | Ipv4 | Ipv6 | Mask4 | Mask6 | Fields)
}

fn fits(value: &str, kind: ArgumentType) -> bool {
    let length = |most: i64| value.trim_start().parse::<i64>().is_ok_and(|bits| (0..=most).contains(&bits));
    match kind {
        ArgumentType::Int => is_integer(value),
        ArgumentType::Ipv4 => value.parse::<Ipv4Addr>().is_ok(),
        ArgumentType::Ipv6 => value.parse::<Ipv6Addr>().is_ok(),
        ArgumentType::Mask4 => length(32) || value.parse::<Ipv4Addr>().is_ok(),
        ArgumentType::Mask6 => length(128) || value.parse::<Ipv6Addr>().is_ok(),
        ArgumentType::Fields => !value.ends_with('.') && value.bytes().all(|b| b.is_ascii_digit() || b == b'.'),
        _ => true,
    }
}

/// Whether `read_int64()` reads all of it.
pub(super) fn is_integer(value: &str) -> bool {
    value.strip_prefix(['-', '+']).unwrap_or(value).bytes().all(|b| b.is_ascii_digit())
}
