//! One request that is answered, one file. The build finds them; each says by `handler()` what it is about.

include!(concat!(env!("OUT_DIR"), "/requests.rs"));

use std::sync::LazyLock;

use super::handler::Handler;

/// All of them, by their names.
static HANDLERS: LazyLock<Vec<Handler>> = LazyLock::new(all);

/// All requests that are answered.
pub(super) fn handlers() -> &'static [Handler] {
    &HANDLERS
}

/// What answers a request.
pub(super) fn handler(method: &str) -> Option<&'static Handler> {
    HANDLERS.iter().find(|handler| handler.method == method)
}
