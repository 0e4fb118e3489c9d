//! One file a command.

pub(crate) mod check;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod facts;
pub(crate) mod jobs;
pub(crate) mod machine;
pub(crate) mod mend;
pub(crate) mod parse;
pub(crate) mod project;
pub(crate) mod rules;
pub(crate) mod topology;
