//! What is filled into a template before HAProxy starts, as variables of the pods that read it.

use std::rc::Rc;

use super::{
    made::{Filled, With},
    mounts::Found,
    pod::Start,
};
use crate::topology::{
    model::{Machine, Name, Origin, Variable},
    yaml::Yaml,
};

impl<'a> Start<'a> {
    /// What is filled into a template, where all of that is known: it is a whole configuration then.
    pub(super) fn fill(&self, found: &mut Found<'a>) -> Option<(&'a Yaml, Rc<[Filled]>)> {
        let made = found.made.as_mut()?;
        let texts = found.keys.iter().filter_map(|(at, key)| self.cluster.objects[*at].node.str_at(&["data", key]));
        let filled: Vec<Filled> = texts.map(|text| made.filled(text)).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
        let container = found.filler.unwrap_or(self.container);
        let (theirs, open) = Self { container, ..self.clone() }.environment(&Name::Unknown, &Name::Unknown, None);
        // Where it says no variable at all, its image may have them all.
        let open = open || container.list_at(&["env"]).is_empty();
        // Only what stays one word means in quotes what it means without them.
        let is_word = |text: &str| !text.contains(|c: char| c.is_whitespace() || "\"'\\#".contains(c));
        made.whole = filled.iter().all(|filled| match &filled.with {
            With::Text(text) => text.as_deref().is_some_and(is_word),
            With::Variable(name) => match theirs.get(name) {
                Some(variable) => variable.value.as_deref().is_none_or(is_word),
                None => !open,
            },
        });
        made.whole.then(|| (container, filled.into()))
    }

    /// The variables that stand for what is filled in.
    pub(super) fn filled(&self, pod: &Name, host: &Name, machine: Option<&Machine>) -> Vec<(String, Variable)> {
        let Some((container, filled)) = &self.filled else { return Vec::new() };
        let (theirs, _) = Self { container, filled: None, ..self.clone() }.environment(pod, host, machine);
        let literal = |text: Option<&str>| Variable { value: text.map(str::to_owned), origin: Origin::Literal };
        let with = |with: &With| match with {
            With::Text(text) => literal(text.as_deref()),
            With::Variable(name) => theirs.get(name).cloned().unwrap_or_else(|| literal(Some(""))),
        };
        filled.iter().map(|filled| (filled.name.clone(), with(&filled.with))).collect()
    }
}
