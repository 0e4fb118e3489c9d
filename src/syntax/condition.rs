//! placeholder while the real one is written
#![allow(missing_docs)]
use crate::version::VersionSet;
pub const UNKNOWN_MARK: char = '\u{FFFC}';
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition { Opaque }
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionError { pub at: usize, pub message: String, pub help: Option<String> }
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup { Set(String), Unset, Unknown }
pub trait Facts { fn variable(&self, name: &str) -> Lookup; fn assumed(&self, atom: &str) -> Option<bool>; }
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth { pub yes: VersionSet, pub no: VersionSet, pub unknown: Vec<String> }
pub fn parse(_: &str) -> Result<Condition, ConditionError> { Ok(Condition::Opaque) }
pub fn parse_2_4(_: &str) -> Result<Condition, ConditionError> { Ok(Condition::Opaque) }
pub fn problems(_: &Condition) -> Vec<(VersionSet, ConditionError)> { vec![] }
pub fn evaluate(_: &Condition, _: &dyn Facts) -> Truth { Truth { yes: VersionSet::NONE, no: VersionSet::NONE, unknown: vec!["x".into()] } }
