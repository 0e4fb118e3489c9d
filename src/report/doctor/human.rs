//! For people: each node with its peers, what is wrong with the words that show it, the pairs, and the ladder.

use std::io::{self, Write};

use crate::{
    check::doctor::Health,
    counted,
    finding::{Finding, Severity},
    report::{Style, Tone, on_line},
    runtime::{Cluster, Ladder, Mark, Node, State},
    secret,
    shown::line,
    source::{Location, Sources},
};

use super::Shown;

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const BOLD: &str = "\x1b[1m";

/// So many ladders are shown.
const LADDERS: usize = 4;

/// Words in a colour, where colours are wanted.
struct Ink(bool);

impl Ink {
    fn put(&self, colour: &str, text: &str) -> String {
        let text = line(text);
        if self.0 { format!("{colour}{text}\x1b[0m") } else { text.into_owned() }
    }
}

pub(super) fn render(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let ink = Ink(shown.style.color);
    table(shown.cluster, shown.style, out)?;
    for finding in shown.diagnosis.findings.iter().filter(|f| !f.consequence) {
        told(&on_line(finding), shown, &ink, out)?;
    }
    // What follows from the rest is told shortly.
    for finding in shown.diagnosis.findings.iter().filter(|f| f.consequence) {
        writeln!(out, "{} {} [{}]\n", ink.put(RED, "="), line(&finding.message), finding.rule.name)?;
    }
    for probe in shown.cluster.probes.iter().filter(|p| !shown.cluster.seen.iter().any(|s| shown.cluster.remote(s).peer.name == p.peer)) {
        let sign = if probe.is_good() { ink.put(GREEN, "✓") } else { ink.put(RED, "✗") };
        writeln!(out, "{sign} probe of `{}`: {}\n", line(&probe.peer), line(&probe.meaning()))?;
    }
    // Of several nodes only those that have something to climb for.
    let several = shown.ladders.len() > 1;
    let failed = |l: &&Ladder| !several || l.steps.iter().any(|s| s.mark == Mark::Failed);
    // Who is well has nothing to climb for.
    let wanted = shown.verbose || !shown.diagnosis.health.is_well();
    let climbed: Vec<&Ladder> = shown.ladders.iter().filter(|_| wanted).filter(failed).collect();
    for ladder in climbed.iter().take(LADDERS) {
        climb(ladder, shown, &ink, out)?;
    }
    if climbed.len() > LADDERS {
        let more = climbed.len() - LADDERS;
        let have = if more == 1 { "has" } else { "have" };
        writeln!(out, "{} {have} steps that fail: `--format json` has all\n", counted(more, "more node"))?;
    }
    let (colour, words) = match shown.diagnosis.health {
        Health::Healthy => (GREEN, "healthy"),
        Health::Degraded => (YELLOW, "every pair is established; see the warnings"),
        Health::Incomplete => (YELLOW, "nothing is seen to be broken, and not all is shown"),
        Health::Broken => (RED, "broken"),
    };
    let established = shown.cluster.pairs.iter().filter(|p| p.established).count();
    let pairs = shown.cluster.pairs.len();
    let words =
        if pairs == 0 && shown.cluster.probes.is_empty() && shown.diagnosis.health.is_well() { "no remote peer is shown" } else { words };
    let good = shown.cluster.probes.iter().filter(|p| p.is_good()).count();
    let probes = shown.cluster.probes.len();
    let probed = match (good, probes) {
        (_, 0) => String::new(),
        (good, all) if good == all => format!("{} good", counted(all, "probe")),
        (good, all) => format!("{good} of {all} probes good"),
    };
    if pairs == 0 && probes > 0 {
        // Nobody was asked how the peers stand: only that they can be reached was looked at.
        let words = if good == probes { String::new() } else { format!("{}: ", ink.put(colour, words)) };
        return writeln!(out, "{words}{probed}");
    }
    let more = if probed.is_empty() { String::new() } else { format!(", {probed}") };
    writeln!(out, "{}: {established} of {pairs} pairs established{more}", ink.put(colour, words))
}

/// The nodes and how each stands with its peers.
pub(super) fn table(cluster: &Cluster<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let ink = Ink(style.color);
    for (at, node) in cluster.nodes.iter().enumerate() {
        write!(out, "{}", style.headline(&format!("{}  ", line(&node.name)), Tone::Message, &about(node)))?;
        let mut last = "";
        for remote in cluster.remotes().filter(|r| r.seen.node == at) {
            if remote.section.name != last {
                writeln!(out, "  peers {}", line(&remote.section.name))?;
                last = &remote.section.name;
            }
            let sign = match remote.seen.state {
                State::Established => ink.put(GREEN, "✓"),
                _ if remote.pair.established => ink.put(YELLOW, "~"),
                _ => ink.put(RED, "✗"),
            };
            let status = remote.peer.status_field().map_or("", |f| f.value.as_str());
            let counters = remote.words(&["last_hdshk", "new_conn", "tx_hbt", "rx_hbt"]);
            let rate = remote.seen.change.and_then(|c| c.rate()).map_or_else(String::new, |r| format!(" ({r:.1} connections/s)"));
            let row = Row {
                sign,
                name: &remote.peer.name,
                address: remote.peer.address(),
                state: format!("{:<5} {}", line(status), remote.seen.state.words()),
                counters: format!("{}{rate}", line(&counters)),
                is_well: remote.seen.state == State::Established,
            };
            row.write(style, out)?;
        }
        if node.dump().sections.is_empty() {
            writeln!(out, "  {} no `peers` section", ink.put(RED, "✗"))?;
        }
        for local in node.dump().sections.iter().filter_map(|s| s.local()) {
            let (state, counters) = ("itself: inactive is normal".to_owned(), String::new());
            Row { sign: " ".to_owned(), name: &local.name, address: local.address(), state, counters, is_well: true }.write(style, out)?;
        }
    }
    if cluster.nodes.len() > 1 {
        matrix(cluster, &ink, out)?;
    }
    writeln!(out)
}

/// A peer in the table.
struct Row<'a> {
    sign: String,
    name: &'a str,
    address: &'a str,
    state: String,
    counters: String,
    is_well: bool,
}

impl Row<'_> {
    /// In one line, or as much of it below as there is no room for: the counters, and then the state. Counters of what is well take no
    /// line of their own.
    fn write(&self, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let Self { sign, state, counters, .. } = self;
        let (name, address) = (line(self.name), line(self.address));
        let fits = |text: &str| Style::columns(text.trim_end()) + 6 <= style.width;
        let begin = format!("{name:<20} {address:<22} {state:<32}");
        let whole = format!("{begin} {counters}");
        if fits(&whole) {
            return writeln!(out, "    {sign} {}", whole.trim_end());
        }
        if fits(&begin) {
            writeln!(out, "    {sign} {}", begin.trim_end())?;
        } else {
            let shown = style.wrapped(&format!("      {name}  {address}"), 8).join("\n");
            writeln!(out, "    {sign} {}", shown.trim_start())?;
            write!(out, "{}", style.paragraph("          ", Tone::Message, state))?;
        }
        if counters.is_empty() || self.is_well { Ok(()) } else { write!(out, "{}", style.paragraph("          ", Tone::Faint, counters)) }
    }
}

fn about(node: &Node) -> String {
    let dump = node.dump();
    let version = dump.version().map(|v| v.to_string());
    let version = version.or_else(|| dump.format().map(|f| f.versions().to_owned())).map_or_else(String::new, |v| format!(", HAProxy {v}"));
    let samples = if node.samples.len() > 1 { format!(", {} answers", node.samples.len()) } else { String::new() };
    format!("({}{version}{samples})", line(&node.source))
}

/// So many pairs are listed; of more only those that are not established.
const FEW: usize = 10;

fn matrix(cluster: &Cluster<'_>, ink: &Ink, out: &mut dyn Write) -> io::Result<()> {
    let mut sections: Vec<&str> = cluster.pairs.iter().map(|p| p.section.as_str()).collect();
    sections.dedup();
    for section in sections {
        let pairs: Vec<_> = cluster.pairs.iter().filter(|p| p.section == section).collect();
        let established = pairs.iter().filter(|pair| pair.established).count();
        writeln!(out, "  pairs of {}: {established} of {} established", line(section), pairs.len())?;
        for pair in pairs.iter().filter(|pair| pairs.len() <= FEW || !pair.established) {
            let sign = if pair.established { ink.put(GREEN, "✓") } else { ink.put(RED, "✗") };
            writeln!(out, "    {sign} {} – {}", line(&pair.names[0]), line(&pair.names[1]))?;
        }
    }
    Ok(())
}

fn told(finding: &Finding, shown: &Shown<'_>, ink: &Ink, out: &mut dyn Write) -> io::Result<()> {
    let (sources, style) = (shown.sources, shown.style);
    let sign = match finding.severity {
        Severity::Error => "✗",
        Severity::Warning => "!",
        Severity::Info => "i",
    };
    let tone = Tone::Of(finding.severity);
    let sentence = format!("{} [{}]", finding.message, finding.rule.name);
    write!(out, "{}", style.paragraph(&format!("{sign} "), tone, &sentence))?;
    if let Some(location) = finding.location {
        quoted(sources, location, shown.style, ink, out)?;
    }
    for related in &finding.related {
        let file = sources.file(related.location.file);
        let place = format!("{}:{}: {}", line(file.name()), file.position(related.location.span.start).line, related.message);
        write!(out, "{}", style.paragraph("    ", Tone::Message, &place))?;
        quoted(sources, related.location, shown.style, ink, out)?;
    }
    if let Some(help) = &finding.help {
        write!(out, "{}", style.paragraph("    do: ", Tone::Help, help))?;
    }
    for note in &finding.notes {
        write!(out, "{}", style.paragraph("    note: ", Tone::Message, note))?;
    }
    writeln!(out)
}

/// The line of a place.
fn quoted(sources: &Sources, location: Location, style: Style, ink: &Ink, out: &mut dyn Write) -> io::Result<()> {
    let file = sources.file(location.file);
    let quoted = secret::line(file, file.line_of(location.span.start));
    let room = style.width.saturating_sub(9).clamp(20, 160);
    let whole = line(quoted.trim());
    let cut = if whole.chars().count() > room { "…" } else { "" };
    let quoted = whole.chars().take(room).collect::<String>() + cut;
    if quoted.is_empty() { Ok(()) } else { writeln!(out, "      {} {quoted}", ink.put(BOLD, "|")) }
}

fn climb(ladder: &Ladder, shown: &Shown<'_>, ink: &Ink, out: &mut dyn Write) -> io::Result<()> {
    let head = format!("The ladder for {}: ", line(&ladder.node));
    write!(out, "{}", shown.style.headline(&head, Tone::Message, "the first ✗ is where to work"))?;
    for step in &ladder.steps {
        let colour = match step.mark {
            Mark::Fine => GREEN,
            Mark::Failed => RED,
            Mark::NotTried => BOLD,
        };
        let untried = if step.mark == Mark::NotTried { " (not tried)" } else { "" };
        let (before, sign) = (format!("  {}. ", step.number), step.mark.sign().to_string());
        let title = shown.style.wrapped(&format!("{before}{sign} {}{untried}", line(step.title)), 7).join("\n");
        let title = title.strip_prefix(&before).and_then(|title| title.strip_prefix(&sign)).unwrap_or(&title);
        writeln!(out, "{before}{}{title}", ink.put(colour, &sign))?;
        // What is fine, or cannot be tried yet, needs no more words.
        if step.mark != Mark::Failed && !shown.verbose {
            continue;
        }
        for detail in step.details.iter().take(8) {
            write!(out, "{}", shown.style.paragraph("       ", Tone::Message, &line(detail)))?;
        }
        if step.details.len() > 8 {
            writeln!(out, "       and {} more", step.details.len() - 8)?;
        }
        writeln!(out, "       $ {}", line(&step.command))?;
    }
    writeln!(out)
}
