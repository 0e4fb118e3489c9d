//! Values of charts, and whatever else holds lines of a configuration: it is asked when no other format knows a document.

use super::{Document, Reader, kubernetes::snippets};

pub(super) static READER: Reader = Reader {
    document: Some(Document { is: |_, _| true, read: |document, id, reading| snippets::of_values(document, id, &mut reading.topology) }),
    ..Reader::NEW
};
