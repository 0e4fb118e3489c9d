//! Which backends the streams of a frontend can come to.

use rustc_hash::FxHashMap;

use super::Model;

/// From frontends to backends and back, by their places among the proxies.
#[derive(Debug, Default)]
pub(super) struct Ways {
    to: FxHashMap<usize, Vec<usize>>,
    from: FxHashMap<usize, Vec<usize>>,
    /// Frontends that find out the name of a backend while they run, in order.
    anywhere: Vec<usize>,
    /// All backends, in order.
    backends: Vec<usize>,
}

impl Ways {
    pub(super) fn of(model: &Model<'_>) -> Self {
        let mut ways = Self::default();
        let all = || model.proxies.iter().enumerate().filter(|(_, p)| p.runs());
        let by_name: FxHashMap<&str, usize> = all().filter(|(_, p)| p.is_backend()).map(|(at, p)| (p.name(), at)).collect();
        ways.backends = all().filter(|(_, p)| p.is_backend()).map(|(at, _)| at).collect();
        for (at, proxy) in all().filter(|(_, p)| p.is_frontend()) {
            let lines = proxy.lines(&["use_backend"]).chain(proxy.in_force.get("default_backend"));
            let named = lines.map(|line| line.word(1).and_then(|word| by_name.get(word.known()?)).copied());
            let found: Option<Vec<usize>> = named.collect();
            let Some(mut found) = found else {
                ways.anywhere.push(at);
                continue;
            };
            found.sort_unstable();
            found.dedup();
            found.retain(|backend| *backend != at);
            found.iter().for_each(|backend| ways.from.entry(*backend).or_default().push(at));
            ways.to.insert(at, found);
        }
        ways
    }

    /// Whether streams go from one to the other.
    pub(super) fn leads(&self, frontend: usize, backend: usize) -> bool {
        let to = self.to.get(&frontend).is_some_and(|to| to.binary_search(&backend).is_ok());
        let anywhere = || self.anywhere.binary_search(&frontend).is_ok() && self.backends.binary_search(&backend).is_ok();
        frontend != backend && (to || anywhere())
    }

    /// The frontends that lead to a backend, itself not among them.
    pub(super) fn frontends(&self, backend: usize) -> impl Iterator<Item = usize> {
        let known = self.from.get(&backend).into_iter().flatten().copied();
        let is_backend = self.backends.binary_search(&backend).is_ok();
        known.chain(self.anywhere.iter().copied().filter(move |f| is_backend && *f != backend))
    }

    /// The backends that a frontend leads to.
    pub(super) fn backends(&self, frontend: usize) -> impl Iterator<Item = usize> {
        let known = self.to.get(&frontend).into_iter().flatten().copied();
        let anywhere = self.anywhere.binary_search(&frontend).is_ok();
        known.chain(self.backends.iter().copied().filter(move |b| anywhere && *b != frontend))
    }
}
