//! The files of one configuration as a topology has them: what is found in them is told at its place in the manifest.

use crate::{
    finding::{Edit, Finding, Fix, InManifest},
    source::{Location, Sources, Template},
    syntax::{Reading, Tree, read},
    topology::{Configuration, Place, excerpt::Excerpt},
};

use super::{super::Options, secret::redacted};

/// The files of one configuration.
#[derive(Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) index: usize,
    pub(super) configuration: &'a Configuration,
    /// The files as they are.
    pub(super) whole: &'a Sources,
    /// What is read: the same, or an excerpt.
    pub(super) sources: &'a Sources,
    pub(super) trees: &'a [Tree],
    pub(super) templates: &'a [Option<Template>],
    pub(super) excerpt: Option<&'a Excerpt>,
    /// The files of the topology.
    pub(super) manifests: &'a Sources,
    /// One of the files is a template.
    pub(super) opaque: bool,
}

impl<'a> Files<'a> {
    pub(super) fn read(&self, options: &Options) -> Vec<Reading<'a>> {
        let mut readings = read(self.sources, self.trees, &options.read_options());
        // A reading that was broken off says nothing of what is missing.
        if options.cancel.is_over() {
            readings.clear();
        }
        readings.iter_mut().for_each(|reading| reading.opaque |= self.opaque);
        readings
    }

    /// The finding with its places in the topology's files.
    pub(super) fn mapped(&self, mut finding: Finding) -> Finding {
        finding.embedded = self.manifest(finding.location).map(Box::new);
        if self.is_secret(finding.location) {
            return redacted(finding);
        }
        finding.location = finding.location.map(|l| self.map(l));
        for related in &mut finding.related {
            related.location = self.map(related.location);
        }
        if let Some(cause) = &mut finding.cause {
            cause.location = self.map(cause.location);
        }
        finding.fix = finding.fix.and_then(|fix| self.mapped_fix(fix));
        finding
    }

    /// Whether the place is in a text that is not to be shown.
    pub(super) fn is_secret(&self, location: Option<Location>) -> bool {
        let file = location.and_then(|l| self.configuration.files.get(self.whole(l).file.0 as usize));
        file.is_some_and(|f| matches!(&f.place, Place::Embedded(embedded) if embedded.secret))
    }

    /// The fix as edits of the topology's files, where each of its bytes has a place of its own.
    fn mapped_fix(&self, mut fix: Fix) -> Option<Fix> {
        for edit in &mut fix.edits {
            let whole = self.whole(edit.location);
            let file = self.configuration.files.get(whole.file.0 as usize)?;
            *edit = match &file.place {
                Place::Embedded(inside) => inside.edit(self.manifests.file(inside.file), &file.bytes, whole.span, &edit.text)?,
                Place::File(file) => Edit::replace(Location { file: *file, span: whole.span }, std::mem::take(&mut edit.text)),
            };
        }
        Some(fix)
    }

    /// The places that a finding is told at, in the whole files.
    pub(super) fn places(&self, finding: &Finding) -> impl Iterator<Item = Location> {
        let places = [finding.location, finding.cause.as_ref().map(|cause| cause.location)];
        places.map(|place| place.map(|at| self.whole(at))).into_iter().flatten()
    }

    pub(super) fn whole(&self, location: Location) -> Location {
        self.excerpt.map_or(location, |excerpt| excerpt.whole(location))
    }

    /// The place in the topology's files.
    pub(super) fn map(&self, location: Location) -> Location {
        let whole = self.whole(location);
        self.configuration.map(whole).unwrap_or(whole)
    }

    pub(super) fn manifest(&self, location: Option<Location>) -> Option<InManifest> {
        let location = self.whole(location?);
        let Place::Embedded(embedded) = &self.configuration.files.get(location.file.0 as usize)?.place else { return None };
        let line = self.whole.file(location.file).line_of(location.span.start) + 1;
        Some(embedded.in_manifest(line))
    }
}
