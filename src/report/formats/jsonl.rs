//! `jsonl`: the findings of the JSON contract, one a line.

use super::{Spec, json};
use crate::shown::Form;

pub(super) static FORMAT: Spec = Spec {
    about: "programs that read a finding a line: those of `json`",
    is_document: true,
    form: |_| Form::Json,
    render: |checked, _, out| json::render_lines(checked, out),
};
