//! The addresses that a keepalived beside HAProxy moves between the machines: those of every `keepalived.conf` in a ConfigMap.

use crate::source::SourceFile;

use super::Object;
use crate::topology::{
    embedded::SegmentMap,
    model::{Topology, Vip},
    readers::keepalived,
    yaml::{Value, Yaml},
};

/// Adds the addresses that a ConfigMap speaks of. All machines read it alike, so it does not say who begins with them.
pub(super) fn of_object(object: &Object, topology: &mut Topology) {
    for (_, value) in object.node.get("data").map(Yaml::entries).unwrap_or_default() {
        let Value::Scalar(text, style) = &value.value else { continue };
        let file = SourceFile::new("keepalived.conf", text.clone().into_bytes());
        if !keepalived::is_keepalived(&file) {
            continue;
        }
        let mut own = Topology::default();
        keepalived::read(&file, object.file, &mut own);
        let map = SegmentMap::new(topology.sources.file(object.file).bytes(), value.span, *style, text);
        let known: Vec<_> = topology.vips.iter().map(|v| v.address).collect();
        for mut vip in own.vips.into_iter().filter(|v| !known.contains(&v.address)) {
            vip.at.span = map.map(vip.at.span);
            topology.vips.push(Vip { role: None, ..vip });
        }
        for mut instance in own.vrrp_instances {
            instance.at.span = map.map(instance.at.span);
            instance.text.span = value.span;
            topology.vrrp_instances.push(instance);
        }
        for mut script in own.vrrp_untracked {
            script.at.span = map.map(script.at.span);
            topology.vrrp_untracked.push(script);
        }
        for mut script in own.vrrp_scripts {
            script.at.span = map.map(script.at.span);
            topology.vrrp_scripts.push(script);
        }
    }
}
