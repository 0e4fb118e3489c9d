//! Amounts of memory and modes of files, as manifests and compose files write them.

use super::yaml::Yaml;

/// `256Mi`, `1G`, `0.5Gi`, `1e9`: binary units with an `i`, others are decimal.
pub(super) fn kubernetes(text: &str) -> Option<u64> {
    let units =
        [("Ki", 10, 0), ("Mi", 20, 0), ("Gi", 30, 0), ("Ti", 40, 0), ("k", 0, 3), ("M", 0, 6), ("G", 0, 9), ("T", 0, 12), ("m", 0, -3)];
    let unit = units.into_iter().find_map(|(unit, bits, zeros)| Some((text.strip_suffix(unit)?, bits, zeros)));
    let (number, bits, zeros) = unit.unwrap_or((text, 0, 0));
    bytes(number, 2f64.powi(bits) * 10f64.powi(zeros))
}

/// `512m`, `1gb`, `0.5G`, `1024`: all units are binary.
pub(super) fn compose(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let bare = text.strip_suffix('b').unwrap_or(&text);
    let bare = bare.strip_suffix('i').unwrap_or(bare);
    let units = [('k', 10), ('m', 20), ('g', 30), ('t', 40)];
    let unit = units.into_iter().find_map(|(unit, bits)| Some((bare.strip_suffix(unit)?, bits)));
    let (number, bits) = unit.unwrap_or((bare, 0));
    bytes(number.trim(), 2f64.powi(bits))
}

/// A mode as YAML has it: octal behind a `0`, else decimal.
pub(super) fn mode(node: &Yaml) -> Option<u32> {
    let text = node.text()?;
    let octal = text.strip_prefix("0o").or_else(|| text.strip_prefix('0').filter(|rest| !rest.is_empty()));
    let mode = octal.map_or_else(|| text.parse(), |digits| u32::from_str_radix(digits, 8)).ok()?;
    (mode <= 0o777).then_some(mode)
}

/// A number that is written plainly; no amount is 0, and none larger than any machine.
fn bytes(number: &str, unit: f64) -> Option<u64> {
    let plain = number.starts_with(|c: char| c.is_ascii_digit()) && number.chars().all(|c| c.is_ascii_digit() || ".eE+-".contains(c));
    let value = number.parse::<f64>().ok().filter(|_| plain)? * unit;
    (1.0..1e18).contains(&value).then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_kubernetes() {
        let amounts = ["256Mi", "1Gi", "0.5Gi", "512M", "1e9", "134217728", "128974848000m", "100Ki"];
        let expected = [268_435_456, 1 << 30, 1 << 29, 512_000_000, 1_000_000_000, 134_217_728, 128_974_848, 102_400];
        assert_eq!(amounts.map(kubernetes), expected.map(Some));
        assert_eq!(["", "Mi", "x", "{{ .Values.memory }}", "-1Mi", "0", "nan", "inf", "1e99"].map(kubernetes), [None; 9]);
    }

    #[test]
    fn amounts_of_compose() {
        let amounts = ["512m", "512M", "1g", "1gb", "0.5GB", "64k", "1048576", "100b", "1GiB"];
        let expected = [1 << 29, 1 << 29, 1 << 30, 1 << 30, 1 << 29, 65536, 1_048_576, 100, 1 << 30];
        assert_eq!(amounts.map(compose), expected.map(Some));
        assert_eq!(["", "b", "lots", "${LIMIT}", "-1"].map(compose), [None; 5]);
    }
}
