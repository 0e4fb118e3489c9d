//! What commands read: the configurations that a command line means, what they are to be read for, and where they run.

pub(crate) mod here;
pub(crate) mod jobs;
pub(crate) mod machine;
pub(crate) mod topology;
