//! One file a command.

pub(crate) mod check;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod facts;
pub(crate) mod fmt;
pub(crate) mod generate;
pub(crate) mod here;
pub(crate) mod ignores;
pub(crate) mod init;
pub(crate) mod jobs;
pub(crate) mod journal;
pub(crate) mod machine;
pub(crate) mod mend;
pub(crate) mod parallel;
pub(crate) mod parse;
pub(crate) mod rules;
pub(crate) mod settings;
pub(crate) mod shell;
pub(crate) mod statistics;
pub(crate) mod topology;
