//! The `defaults` sections that a proxy inherits from, as far as they count for something.

use super::{Model, Proxy};

/// Those `defaults` sections that count: by the number of each section, that of the nearest one from there on. What one says is looked
/// at once, and those that do not count are passed over: there may be many heirs, and long chains.
pub(crate) struct Ancestors(Vec<Option<usize>>);

impl Ancestors {
    /// Those that `counts` says yes of.
    pub(crate) fn of<'r>(model: &Model<'r>, counts: impl Fn(&Proxy<'r>) -> bool) -> Self {
        let mut nearest: Vec<Option<usize>> = Vec::with_capacity(model.proxies.len());
        for (at, proxy) in model.proxies.iter().enumerate() {
            // A section inherits from one above it.
            let above = || proxy.defaults().and_then(|parent| *nearest.get(parent)?);
            let own = if proxy.is_defaults() && counts(proxy) { Some(at) } else { above() };
            nearest.push(own);
        }
        Self(nearest)
    }

    /// Those that `proxy` inherits from, the nearest first.
    pub(crate) fn by<'a, 'r>(&'a self, proxy: &Proxy<'r>, model: &'a Model<'r>) -> impl Iterator<Item = &'a Proxy<'r>> + use<'a, 'r> {
        let above = |proxy: &Proxy<'_>| proxy.defaults().and_then(|parent| self.0[parent]);
        std::iter::successors(above(proxy), move |at| above(&model.proxies[*at])).map(|at| &model.proxies[at])
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        config::Config,
        source::Sources,
        syntax::{ReadOptions, Tree, read},
    };

    use super::*;

    #[test]
    fn those_that_count_are_found_along_the_chain_and_no_others() {
        let text = "defaults a\n option one\ndefaults b from a\ndefaults c from b\n option one\ndefaults d from c\n\
                    backend x from d\nbackend y from b\nbackend z from a\n";
        let sources = Sources::single("f", text);
        let trees: Vec<Tree> = sources.files().iter().map(Tree::new).collect();
        let readings = read(&sources, &trees, &ReadOptions::default());
        let config = Config::new(&readings[0]);
        let inherits = |counts: fn(&Proxy<'_>) -> bool| -> Vec<Vec<&str>> {
            let ancestors = Ancestors::of(&config, counts);
            let heirs = config.proxies.iter().filter(|proxy| !proxy.is_defaults());
            heirs.map(|heir| ancestors.by(heir, &config).map(Proxy::name).collect()).collect()
        };
        let has_lines = |proxy: &Proxy<'_>| proxy.section.statements().next().is_some();
        assert_eq!(inherits(has_lines), [vec!["c", "a"], vec!["a"], vec!["a"]]);
        assert_eq!(inherits(|_| true), [vec!["d", "c", "b", "a"], vec!["b", "a"], vec!["a"]], "as `Model::ancestors` has them");
        assert_eq!(inherits(|_| false), [[""; 0]; 3].map(|none| none.to_vec()));
    }
}
