//! What is filled into a template before HAProxy starts, as variables of the pods that read it.

use std::rc::Rc;

use super::{
    made::{Filled, With},
    mounts::Found,
    pod::Start,
};
use crate::topology::{
    model::{Kind, Machine, Name, Origin, Variable},
    received::Received,
    variables::Variables,
    yaml::Yaml,
};

/// What is filled into a configuration before it starts, and the container that does that.
pub(super) type Filling<'a> = (&'a Yaml, Rc<[Filled]>);

impl<'a> Start<'a> {
    /// What is filled into a template, where all of that is known: it is a whole configuration then.
    pub(super) fn fill(&self, found: &mut Found<'a>) -> Option<Filling<'a>> {
        let made = found.made.as_mut()?;
        let texts = found.keys.iter().filter_map(|(at, key)| self.cluster.objects[*at].node.str_at(&["data", key]));
        let filled: Vec<Filled> = texts.map(|text| made.filled(text)).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
        let container = found.filler.unwrap_or(self.container);
        made.whole = self.are_known(container, &filled);
        made.whole.then(|| (container, filled.into()))
    }

    /// Whether it is known what `container` fills in, and that each of that stays one word.
    pub(super) fn are_known(&self, container: &'a Yaml, filled: &[Filled]) -> bool {
        // One pod stands for all whose names are known.
        let name = match self.group.kind {
            Kind::StatefulSet => Name::Known(format!("{}-0", self.group.name)),
            _ => Name::Unknown,
        };
        let (theirs, open) = Self { container, ..self.clone() }.environment(&Name::Unknown, &Name::Unknown, None);
        // Where it says no variable at all, its image may have them all.
        let open = open || container.list_at(&["env"]).is_empty();
        let full = self.full_host_name(&name);
        let received = self.received(&theirs, open, &name, &name, &full);
        // Only what stays one word means in quotes what it means without them.
        let is_word = |text: &str| !text.contains(|c: char| c.is_whitespace() || "\"'\\#".contains(c));
        filled.iter().all(|filled| match &filled.with {
            With::Text(text) => text.as_deref().is_some_and(is_word),
            With::Variable(name) => match theirs.get(name) {
                Some(variable) => variable.value.as_deref().is_none_or(is_word),
                None => !open,
            },
            With::Shell(word, assigned) => {
                let variable = received.variable(word, assigned);
                variable.is_some_and(|variable| variable.value.is_none_or(|text| !text.is_empty() && is_word(&text)))
            }
        })
    }

    fn received<'r>(&self, environment: &'r Variables, open: bool, pod: &'r Name, host: &'r Name, full: &'r Name) -> Received<'r> {
        Received { pod, host, environment, open, kubelet: true, full }
    }

    /// The variables that stand for what is filled in.
    pub(super) fn filled(&self, pod: &Name, host: &Name, machine: Option<&Machine>) -> Vec<(String, Variable)> {
        let Some((container, filled)) = &self.filled else { return Vec::new() };
        let (theirs, open) = Self { container, filled: None, ..self.clone() }.environment(pod, host, machine);
        let full = self.full_host_name(host);
        let received = self.received(&theirs, open, pod, host, &full);
        let literal = |text: Option<&str>| Variable { value: text.map(str::to_owned), origin: Origin::Literal };
        let with = |with: &With| match with {
            With::Text(text) => literal(text.as_deref()),
            With::Variable(name) => theirs.get(name).cloned().unwrap_or_else(|| literal(Some(""))),
            With::Shell(word, assigned) => received.variable(word, assigned).unwrap_or(Variable { value: None, origin: Origin::Hidden }),
        };
        filled.iter().map(|filled| (filled.name.clone(), with(&filled.with))).collect()
    }
}
