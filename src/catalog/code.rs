//! What no signature can say. A data file names a function here as `code(name)`.
