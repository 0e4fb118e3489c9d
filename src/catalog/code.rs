//! What no signature can say. A data file names a function here as `code(name)`.
pub(super) fn dynamic_name(_: &mut super::matcher::Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(at)
}

pub(super) fn header_name(_: &mut super::matcher::Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(at)
}

pub(super) fn http_reply(_: &mut super::matcher::Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(at)
}

pub(super) fn lua_arguments(_: &mut super::matcher::Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(at)
}

pub(super) fn needs_backend(_: &mut super::matcher::Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(at)
}

pub(super) fn needs_frontend(_: &mut super::matcher::Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(at)
}

pub(super) fn on_or_off(_: &mut super::matcher::Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(at)
}

pub(super) fn redirect_code(_: &mut super::matcher::Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(at)
}

pub(super) fn resolve_family(_: &mut super::matcher::Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(at)
}

pub(super) fn variable_conditions(_: &mut super::matcher::Matcher<'_, '_>, at: usize) -> Option<usize> {
    Some(at)
}

