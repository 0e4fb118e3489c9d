//! How the line at the cursor is written, and which of its parts stands there.

use std::ops::Range;

use crate::{
    catalog::{Answer, Argument, Entry, Node, Open, ask},
    cut::Cut,
};

use super::{
    Cursor, View,
    complete::{Typed, forms, inside, with_words},
};

/// A signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Help {
    /// All of it: `default_backend <backend>`.
    pub label: String,
    /// The bytes of each of its parts.
    pub parameters: Vec<Range<usize>>,
    /// The part at the cursor: a place in `parameters`.
    pub active: Option<usize>,
}

/// The signature of what is being written at the cursor: of the call whose parenthesis is open, or else of the keyword or option.
pub fn signature(view: &View<'_>, cursor: Cursor) -> Option<Help> {
    let typed = Typed::at(view, cursor)?;
    if let Some(help) = called(view, typed.word) {
        return Some(help);
    }
    let section = view.section(cursor)?;
    if section.header().is_some_and(|header| Some(header.line()) == view.line_of(cursor) && header.file_id() == cursor.file) {
        return None;
    }
    let place = view.place(Some(&section));
    let ask = |before: &str| {
        with_words(view, section.kind, before, |reading| {
            if reading.is_empty() { Answer::default() } else { ask(reading.statement(0), &place, view.versions()) }
        })
    };
    let answer = ask(typed.before);
    if let Some(help) = in_parentheses(&ask(&format!("{}{})", typed.before, typed.word)), typed.word) {
        return Some(help);
    }
    let nodes: Vec<&'static Node> =
        answer.open.iter().filter_map(|open| if let Open::Word(node) = open { Some(*node) } else { None }).collect();
    let owner = |node: &&'static Node| answer.entries.iter().rev().map(|met| met.entry).find(|entry| holds(&entry.arguments, node));
    let active = nodes.iter().find_map(|node| owner(node).map(|entry| (entry, Some(*node))));
    let (entry, node) = active.or_else(|| answer.entries.last().map(|met| (met.entry, None)))?;
    Some(of_entry(entry, node))
}

/// Whether `wanted` is `node` or a part of it.
pub(super) fn holds(node: &'static Node, wanted: &'static Node) -> bool {
    if std::ptr::eq(node, wanted) {
        return true;
    }
    match node {
        Node::Seq(nodes) | Node::Choice(nodes) => nodes.iter().any(|node| holds(node, wanted)),
        Node::Optional(node) | Node::Repeat(node, _) | Node::Guard(_, node) | Node::Required(node) => holds(node, wanted),
        _ => false,
    }
}

/// The parts that stand one after the other.
fn parts(node: &'static Node) -> &'static [Node] {
    match node {
        Node::Seq(nodes) => nodes,
        node => std::slice::from_ref(node),
    }
}

fn of_entry(entry: &'static Entry, active: Option<&'static Node>) -> Help {
    let mut help = Help { label: entry.word(), ..Help::default() };
    for part in parts(&entry.arguments).iter().filter(|part| !matches!(part, Node::Code(_))) {
        help.label.push(' ');
        let start = help.label.len();
        help.label += &part.to_string();
        if active.is_some_and(|active| holds(part, active)) {
            help.active = Some(help.parameters.len());
        }
        help.parameters.push(start..help.label.len());
    }
    // Of a line that is complete the last part goes on.
    if active.is_none() && help.active.is_none() {
        help.active = help.parameters.len().checked_sub(1);
    }
    help
}

/// The arguments of a keyword, where the cursor is in its parentheses.
fn in_parentheses(answer: &Answer, typed: &str) -> Option<Help> {
    let (name, inner) = typed.split_once('(')?;
    if inner.contains(')') {
        return None;
    }
    let is_it = |entry: &&'static Entry| entry.key.strip_suffix('(') == Some(name);
    let entry = answer.entries.iter().rev().map(|met| met.entry).find(is_it)?;
    Some(of_call(entry.word(), entry.call, inner.matches(',').count()))
}

fn of_call(label: String, arguments: &'static [Argument], active: usize) -> Help {
    let mut at = 0;
    let mut parameters = Vec::new();
    for argument in arguments {
        let shown = format!("<{}>", argument.place.label);
        let Some(start) = label.cut(at..).find(&shown).map(|start| at + start) else { break };
        at = start + shown.len();
        parameters.push(start..at);
    }
    let active = (active < parameters.len()).then_some(active);
    Help { label, parameters, active }
}

/// The fetch or converter whose parenthesis is open.
fn called(view: &View<'_>, typed: &str) -> Option<Help> {
    let from = typed.rfind("%[").map_or(0, |at| at + 2);
    let found = inside(typed, from);
    let (name, number) = found.call?;
    let form = forms(name, found.fetch).iter().rfind(|form| form.versions.meets(view.versions()))?;
    let label = form.usage.to_owned();
    let parameters = arguments_in(&label);
    let active = (number < parameters.len()).then_some(number);
    Some(Help { label, parameters, active })
}

/// Where the arguments stand in how a fetch or converter is written: `bytes(int[,int])`.
pub(super) fn arguments_in(usage: &str) -> Vec<Range<usize>> {
    let mut arguments = Vec::new();
    let mut at = usage.find('(').map_or(usage.len(), |open| open + 1);
    for part in usage.cut(at..).split([',', '[', ']', ')']) {
        if !part.is_empty() {
            arguments.push(at..at + part.len());
        }
        at += part.len() + 1;
    }
    arguments
}
