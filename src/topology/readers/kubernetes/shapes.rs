//! Whether the fields of an object are what they must be: a list where a list is read, a number where one is.

use super::Object;
use crate::topology::{
    Problem,
    yaml::{Value, Yaml},
};

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    List,
    Map,
    Number,
    Truth,
}

/// The fields that are read here. None of these names stands for two things in the objects that are looked at.
const FIELDS: [(&str, Shape); 37] = [
    ("metadata", Shape::Map),
    ("spec", Shape::Map),
    ("template", Shape::Map),
    ("data", Shape::Map),
    ("stringData", Shape::Map),
    ("binaryData", Shape::Map),
    ("labels", Shape::Map),
    ("annotations", Shape::Map),
    ("matchLabels", Shape::Map),
    ("podSelector", Shape::Map),
    ("selector", Shape::Map),
    ("securityContext", Shape::Map),
    ("capabilities", Shape::Map),
    ("configMap", Shape::Map),
    ("secret", Shape::Map),
    ("valueFrom", Shape::Map),
    ("containers", Shape::List),
    ("initContainers", Shape::List),
    ("volumes", Shape::List),
    ("volumeMounts", Shape::List),
    ("env", Shape::List),
    ("envFrom", Shape::List),
    ("args", Shape::List),
    ("command", Shape::List),
    ("ports", Shape::List),
    ("sysctls", Shape::List),
    ("hostAliases", Shape::List),
    ("policyTypes", Shape::List),
    ("ingress", Shape::List),
    ("egress", Shape::List),
    ("minReadySeconds", Shape::Number),
    ("maxReplicas", Shape::Number),
    ("containerPort", Shape::Number),
    ("runAsUser", Shape::Number),
    ("hostNetwork", Shape::Truth),
    ("publishNotReadyAddresses", Shape::Truth),
    ("enableServiceLinks", Shape::Truth),
];

/// Maps whose keys are the user's own.
const FREE: [&str; 7] = ["data", "stringData", "binaryData", "labels", "annotations", "matchLabels", "selector"];

/// The objects whose fields these are.
const KINDS: [&str; 13] = [
    "Pod",
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "Service",
    "ConfigMap",
    "Secret",
    "NetworkPolicy",
    "HorizontalPodAutoscaler",
    "Node",
    "ReplicationController",
];

impl Shape {
    /// Whether `node` is of this shape; nothing at all, or a number in quotes that will be refused elsewhere, is.
    fn fits(self, node: &Yaml) -> bool {
        match (self, &node.value) {
            (_, Value::Scalar(..)) if node.text().is_none() => true,
            (Self::Map, Value::Map(_)) | (Self::List, Value::List(_)) => true,
            (Self::Number, Value::Scalar(..)) => node.number().is_some(),
            (Self::Truth, Value::Scalar(..)) => node.is_true() || node.is_false(),
            _ => false,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::List => "a list",
            Self::Map => "a map",
            Self::Number => "a whole number",
            Self::Truth => "`true` or `false`",
        }
    }
}

/// Complains of fields that cannot be meant.
pub(in crate::topology) fn check(object: &Object, problems: &mut Vec<Problem>) {
    if KINDS.contains(&object.kind.as_str()) {
        fields(object, &object.node, problems);
    }
}

fn fields(object: &Object, node: &Yaml, problems: &mut Vec<Problem>) {
    node.list().iter().for_each(|item| fields(object, item, problems));
    for (key, value) in node.entries() {
        let name = key.text().unwrap_or("");
        // What the cluster says of an object has other fields.
        if name == "status" {
            continue;
        }
        match FIELDS.iter().find(|(known, _)| *known == name) {
            Some((_, shape)) if !shape.fits(value) => {
                let found = match &value.value {
                    Value::Scalar(text, _) => format!("`{}`", text.chars().take(40).collect::<String>()),
                    Value::List(_) => "a list".to_owned(),
                    Value::Map(_) => "a map".to_owned(),
                };
                let message = format!("`{name}` of {} `{}` is {found}, and must be {}", object.kind, object.name, shape.title());
                problems.push(Problem {
                    file: object.file,
                    offset: value.span.start,
                    message,
                    help: "`kubectl explain` shows what belongs there".to_owned(),
                });
            }
            _ if FREE.contains(&name) => {}
            _ => fields(object, value, problems),
        }
    }
}
