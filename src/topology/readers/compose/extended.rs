//! Services that extend others of their file, and images that are built from HAProxy's.

use std::rc::Rc;

use crate::topology::{
    image,
    yaml::{Value, Yaml},
};

/// How many services may extend one another.
const MAX_DEPTH: usize = 8;

/// The services of a file by their names.
pub(super) struct Extended<'a> {
    services: &'a [(Rc<Yaml>, Rc<Yaml>)],
}

impl<'a> Extended<'a> {
    pub(super) fn of(document: &'a Yaml) -> Self {
        let services = match document.get("services").map(|services| &services.value) {
            Some(Value::Map(pairs)) => pairs.as_slice(),
            _ => &[],
        };
        Self { services }
    }

    /// A service with all that those have which it extends in this file.
    pub(super) fn whole(&self, name: &str) -> Option<Rc<Yaml>> {
        self.below(name, 0)
    }

    fn below(&self, name: &str, depth: usize) -> Option<Rc<Yaml>> {
        let (_, service) = self.services.iter().find(|(key, _)| key.text() == Some(name))?;
        let base = extended(service).filter(|base| depth < MAX_DEPTH && *base != name);
        let base = base.and_then(|base| self.below(base, depth + 1));
        Some(base.map_or_else(|| Rc::clone(service), |base| Yaml::over(service, &base)))
    }

    /// Whether a service is there to be extended: others do, and it runs in no profile of theirs.
    pub(super) fn is_base(&self, name: &str, service: &Yaml) -> bool {
        service.get("profiles").is_some() && self.services.iter().any(|(_, other)| extended(other) == Some(name))
    }
}

/// The service of the same file that a service extends.
fn extended(service: &Yaml) -> Option<&str> {
    let extends = service.get("extends")?;
    extends.text().or_else(|| extends.str_at(&["service"]).filter(|_| extends.get("file").is_none()))
}

/// Whether an image is built from that of HAProxy: its Dockerfile says so, or what it is built from is called so.
pub(super) fn is_built_from_haproxy(service: &Yaml) -> bool {
    let Some(build) = service.get("build").filter(|_| service.get("image").is_none()) else { return false };
    if let Some(text) = build.str_at(&["dockerfile_inline"]) {
        // What runs is made of the last stage.
        let from = |line: &'_ str| {
            let mut words = line.split_ascii_whitespace().filter(|word| !word.starts_with("--"));
            words.next().filter(|word| word.eq_ignore_ascii_case("from")).and(words.next()).map(str::to_owned)
        };
        return text.lines().filter_map(from).next_back().is_some_and(|image| image::haproxy(&image).is_some());
    }
    let context = build.text().or_else(|| build.str_at(&["context"]));
    let said = [context, build.str_at(&["dockerfile"])].into_iter().flatten();
    said.filter_map(|path| path.trim_end_matches('/').rsplit('/').next()).any(image::is_name)
}
