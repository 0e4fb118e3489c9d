//! What a pod mounts, and is not there: a volume, an object, a key of one, or the very file that HAProxy reads.

use std::rc::Rc;

use super::{
    Object, is_configuration,
    mounts::{Found, Key, Mount, Mounts, keys_of},
};
use crate::topology::{
    image::Image,
    model::{Folder, Gap, Likeness, Missing, Near, rendered, same_namespace},
    words::Arguments,
    yaml::Yaml,
};

/// A volume's reference to an object.
pub(super) struct Reference<'a> {
    pub(super) kind: &'static str,
    pub(super) node: &'a Yaml,
    /// The name, as a node.
    name: &'a Yaml,
    optional: bool,
}

impl<'a> Reference<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.name.text().unwrap_or("")
    }
}

/// The objects that a volume is made of.
pub(super) fn references(volume: &Yaml) -> impl Iterator<Item = Reference<'_>> {
    let sources = volume.list_at(&["projected", "sources"]).iter().map(|s| &**s);
    std::iter::once(volume).chain(sources).flat_map(|source| {
        [("configMap", "ConfigMap"), ("secret", "Secret")].into_iter().filter_map(|(field, kind)| {
            let node = source.get(field)?;
            let name = node.get("name").or_else(|| node.get("secretName"))?;
            Some(Reference { kind, node, name, optional: node.get("optional").is_some_and(Yaml::is_true) })
        })
    })
}

/// The hash that kustomize puts behind a name: what is before it, if it is one.
fn without_hash(name: &str) -> Option<&str> {
    let (before, hash) = name.rsplit_once('-')?;
    let is_hash = hash.len() == 10
        && hash.chars().all(|c| "2456789bcdfghkmt".contains(c))
        && hash.contains(|c: char| c.is_ascii_digit())
        && hash.contains(|c: char| c.is_ascii_alphabetic());
    is_hash.then_some(before)
}

impl Mounts<'_> {
    /// What is missing of all that the pod mounts, and of what HAProxy reads in it.
    pub(super) fn gaps(&self, arguments: &Arguments, image: &Image, found: Option<&Found<'_>>) -> Vec<Gap> {
        let paths = self.paths(arguments, image);
        let mut gaps = self.volumes_that_lack();
        for volume in self.volumes {
            let reads = || self.covering(&paths).any(|m| volume.str_at(&["name"]) == Some(m.volume));
            for reference in references(volume) {
                match self.cluster.find(reference.kind, &self.object.namespace, reference.name()) {
                    Some(object) => gaps.extend(self.items_that_lack(&reference, object)),
                    None => gaps.extend(self.object(&reference, found.is_none_or(|f| f.elsewhere) && reads())),
                }
            }
        }
        gaps.extend(self.mounts.iter().filter_map(|mount| self.sub_path(mount)));
        gaps.extend(self.container.list_at(&["envFrom"]).iter().filter_map(|from| self.variables(from)));
        gaps.extend(self.container.list_at(&["env"]).iter().filter_map(|entry| self.variable(entry)));
        if gaps.iter().all(|gap| matches!(gap.missing, Missing::Variables { .. })) {
            gaps.extend(found.filter(|f| f.elsewhere).and_then(|found| match &found.made {
                // Nothing can be written into what is made of objects.
                Some(_) if !self.covering(&paths[..1]).any(|m| self.is_of_objects(m)) => self.written(&paths, found),
                _ => self.path(arguments, image, &found.keys),
            }));
        }
        gaps.extend(paths.iter().flat_map(|path| self.unread(path, &paths)));
        gaps
    }

    /// Configurations in a folder that is read which are not called as HAProxy wants it.
    fn unread(&self, folder: &str, paths: &[&str]) -> Vec<Gap> {
        let folder = folder.trim_end_matches('/');
        let inside = |full: &str| full.strip_prefix(folder)?.strip_prefix('/').filter(|file| !file.contains('/')).map(str::to_owned);
        let files: Vec<(String, Key, String)> = self.mounted().filter_map(|(full, key, _)| Some((inside(&full)?, key, full))).collect();
        if !files.iter().any(|(file, ..)| file.ends_with(".cfg")) {
            return Vec::new();
        }
        let gap = |(file, (at, key), full): (String, Key, String)| {
            let object = &self.cluster.objects[at];
            let (name, text) = object.node.get("data")?.entry(&key)?;
            let is_called = [".conf", ".haproxy"].iter().any(|end| file.ends_with(end));
            let meant = is_called && !paths.contains(&full.as_str()) && text.text().is_some_and(is_configuration);
            meant.then(|| Gap { at: object.at(name), missing: Missing::Unread { file, folder: folder.to_owned() }, stops: false })
        };
        files.into_iter().filter_map(gap).collect()
    }

    /// Whether a volume holds nothing but ConfigMaps and Secrets.
    fn is_of_objects(&self, mount: &Mount<'_>) -> bool {
        let volume = self.volumes.iter().find(|v| v.str_at(&["name"]) == Some(mount.volume));
        let holds = |node: &Yaml| ["configMap", "secret"].iter().any(|key| node.get(key).is_some());
        volume.is_some_and(|v| holds(v) || v.get("projected").is_some_and(|p| p.list_at(&["sources"]).iter().all(|s| holds(s))))
    }

    /// Whether a volume holds nothing but objects that are in the files.
    pub(super) fn is_at_hand(&self, mount: &Mount<'_>) -> bool {
        let volume = self.volumes.iter().find(|v| v.str_at(&["name"]) == Some(mount.volume));
        let here = |r: Reference<'_>| self.cluster.find(r.kind, &self.object.namespace, r.name()).is_some_and(|o| !keys_of(o).is_empty());
        self.is_of_objects(mount) && volume.is_some_and(|v| references(v).all(here))
    }

    /// The folders that are made of objects in the files, and of nothing else.
    pub(super) fn folders(&self) -> Vec<Folder> {
        let whole = self.mounts.iter().filter(|m| m.sub_path.is_none() && m.node.get("subPathExpr").is_none() && self.is_at_hand(m));
        let folder = |mount: &Mount<'_>| {
            let volume = self.volumes.iter().find(|v| v.str_at(&["name"]) == Some(mount.volume))?;
            let of: Vec<String> = references(volume).map(|r| format!("{} `{}`", r.kind, r.name())).collect();
            let files = self.files(mount.volume).into_iter().map(|(file, _)| file).collect();
            Some(Folder { path: mount.path.to_owned(), of: of.join(" and "), at: self.object.at(mount.node.get("mountPath")?), files })
        };
        whole.filter_map(folder).collect()
    }

    /// The only container that fills in the template writes another file than HAProxy reads.
    fn written(&self, paths: &[&str], found: &Found<'_>) -> Option<Gap> {
        let (filler, made) = (found.filler?, found.made.as_ref()?);
        let path = *paths.first().filter(|path| path.starts_with('/') && self.spec.list_at(&["initContainers"]).len() == 1)?;
        let writes = made.writes();
        if writes.is_empty() || writes.iter().any(|file| !file.starts_with('/') || file.contains(['$', '*', '`'])) {
            return None;
        }
        let read = self.place(path)?;
        let beside = Mounts::new(self.cluster, self.object, self.spec, filler);
        let places: Vec<_> = writes.iter().map(|file| beside.place(file)).collect();
        if places.iter().flatten().any(|(mount, rest)| mount.volume == read.0.volume && *rest == read.1) {
            return None;
        }
        let last = writes.last()?.clone();
        let there = places.last()?.as_ref().filter(|(mount, _)| mount.volume == read.0.volume);
        let there = there.map(|(_, rest)| format!("{}{rest}", read.0.path));
        let words = ["args", "command"].iter().flat_map(|key| filler.list_at(&[key]));
        let at = words.filter(|word| word.text().is_some_and(|text| text.contains(&last))).map(|word| self.object.at(word)).next()?;
        let by = filler.str_at(&["name"]).unwrap_or("").to_owned();
        Some(Gap { at, missing: Missing::Written { path: path.to_owned(), by, writes: last, there }, stops: true })
    }

    /// The mount that a path is in, and the rest of the path.
    pub(super) fn place<'p>(&self, path: &'p str) -> Option<(&Mount<'_>, &'p str)> {
        let inside = self.mounts.iter().filter(|mount| mount.sub_path.is_none());
        let inside = inside.filter_map(|mount| Some((mount, path.strip_prefix(mount.path).filter(|rest| rest.starts_with('/'))?)));
        inside.max_by_key(|(mount, _)| mount.path.len())
    }

    /// Volumes that containers mount and nobody declares.
    fn volumes_that_lack(&self) -> Vec<Gap> {
        let claims = self.object.node.list_at(&["spec", "volumeClaimTemplates"]);
        let known = |name: &str| {
            let is_it = |v: &Rc<Yaml>, path: &[&str]| v.str_at(path) == Some(name);
            self.volumes.iter().any(|v| is_it(v, &["name"])) || claims.iter().any(|c| is_it(c, &["metadata", "name"]))
        };
        let containers = ["initContainers", "containers"].into_iter().flat_map(|key| self.spec.list_at(&[key]));
        // Without an image it is a part of a manifest, which something puts together.
        let mounts = containers.filter(|c| c.get("image").is_some()).flat_map(|c| c.list_at(&["volumeMounts"]));
        let names = mounts.filter_map(|m| m.get("name")).filter(|n| n.text().is_some_and(|name| !known(name)));
        names.map(|n| Gap { at: self.object.at(n), missing: Missing::Volume(n.text().unwrap_or("").to_owned()), stops: true }).collect()
    }

    /// The object of the same name but for its hash.
    pub(super) fn rehashed(&self, kind: &str, name: &str) -> Option<usize> {
        let base = without_hash(name).unwrap_or(name);
        let is_it = |o: &Object| {
            o.kind == kind && o.name != name && without_hash(&o.name) == Some(base) && same_namespace(&o.namespace, &self.object.namespace)
        };
        self.cluster.objects.iter().rposition(is_it)
    }

    /// An object that is not in the files. That alone says nothing, as others make objects, too; `reads` says that HAProxy's
    /// configuration would be in it, which is worth a word.
    fn object(&self, reference: &Reference<'_>, reads: bool) -> Option<Gap> {
        let (kind, name) = (reference.kind, reference.name());
        let near = |o: &Object, why| Near { name: o.name.clone(), at: o.name_at(), why };
        let hash = self.rehashed(kind, name).map(|at| near(&self.cluster.objects[at], Likeness::Hash));
        let stops = hash.is_some() && !reference.optional;
        let of_kind = || self.cluster.objects.iter().filter(|o| o.kind == kind);
        let elsewhere = || {
            let render = |namespace| rendered(namespace).1;
            let other = of_kind().find(|o| o.name == name && render(&o.namespace) == render(&self.object.namespace))?;
            Some(near(other, Likeness::Namespace(rendered(&other.namespace).0.to_owned())))
        };
        let unread = || of_kind().find(|o| self.is_unread(o)).map(|o| near(o, Likeness::Unread));
        let near = hash.or_else(|| elsewhere().filter(|_| reads)).or_else(|| unread().filter(|_| reads));
        let missing = Missing::Object { kind, name: name.to_owned(), near };
        (stops || reads).then(|| Gap { at: self.object.at(reference.name), missing, stops })
    }

    /// An object that all variables are taken from, and that is not in the files.
    fn variables(&self, from: &Yaml) -> Option<Gap> {
        let (kind, reference) = [("ConfigMap", "configMapRef"), ("Secret", "secretRef")]
            .into_iter()
            .find_map(|(kind, field)| Some((kind, from.get(field)?)))?;
        let node = reference.get("name")?;
        let name = node.text()?;
        if self.cluster.find(kind, &self.object.namespace, name).is_some() || reference.get("optional").is_some_and(Yaml::is_true) {
            return None;
        }
        let is_it = |o: &&Object| o.kind == kind && same_namespace(&o.namespace, &self.object.namespace) && self.has_idle_variables(o);
        let near = self.cluster.objects.iter().find(is_it);
        let near = near.map(|o| Near { name: o.name.clone(), at: o.name_at(), why: Likeness::Unread });
        Some(Gap { at: self.object.at(node), missing: Missing::Variables { kind, name: name.to_owned(), near }, stops: false })
    }

    /// Whether all keys of an object are names of variables, and no pod names the object.
    fn has_idle_variables(&self, object: &Object) -> bool {
        let is_name = |key: &&str| key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        let keys = keys_of(object);
        let names = |workload: &Object| {
            let spec = workload.node.at(&["spec", "template", "spec"]).or_else(|| workload.node.get("spec"));
            let spec = spec.filter(|_| same_namespace(&workload.namespace, &object.namespace));
            let containers = || ["initContainers", "containers"].into_iter().flat_map(|key| spec.map_or(&[][..], |s| s.list_at(&[key])));
            let of_all =
                containers().flat_map(|c| c.list_at(&["envFrom"])).flat_map(|from| [from.at(&["configMapRef"]), from.at(&["secretRef"])]);
            let of_one = containers().flat_map(|c| c.list_at(&["env"]));
            let of_one = of_one.flat_map(|env| ["configMapKeyRef", "secretKeyRef"].map(|field| env.at(&["valueFrom", field])));
            let mounted =
                spec.map_or(&[][..], |s| s.list_at(&["volumes"])).iter().flat_map(|v| references(v)).any(|r| r.name() == object.name);
            mounted || of_all.chain(of_one).flatten().any(|reference| reference.str_at(&["name"]) == Some(object.name.as_str()))
        };
        !keys.is_empty() && keys.iter().all(is_name) && !self.cluster.objects.iter().any(names)
    }

    /// A variable of a key that its object does not have.
    fn variable(&self, entry: &Yaml) -> Option<Gap> {
        let (kind, reference) = [("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")]
            .into_iter()
            .find_map(|(kind, field)| Some((kind, entry.at(&["valueFrom", field])?)))?;
        let node = reference.get("key")?;
        let object = self.cluster.find(kind, &self.object.namespace, reference.str_at(&["name"])?)?;
        let (key, has) = (node.text()?, keys_of(object));
        let lacks = !has.is_empty() && !has.contains(&key) && !reference.get("optional").is_some_and(Yaml::is_true);
        lacks.then(|| Gap { at: self.object.at(node), missing: missing_key(object, key, &has, false), stops: true })
    }

    /// Whether an object of this namespace holds a configuration of HAProxy, and no pod has it as a volume.
    fn is_unread(&self, object: &Object) -> bool {
        let holds = || {
            let data = object.node.get("data").map(Yaml::entries).unwrap_or_default();
            data.iter().any(|(key, value)| key.text().is_some_and(|k| k.ends_with(".cfg")) && value.text().is_some_and(is_configuration))
        };
        let mounts = |workload: &Object| {
            let spec = workload.node.at(&["spec", "template", "spec"]).or_else(|| workload.node.get("spec"));
            let volumes = spec.map_or(&[][..], |s| s.list_at(&["volumes"]));
            same_namespace(&workload.namespace, &object.namespace)
                && volumes.iter().flat_map(|v| references(v)).any(|r| r.kind == object.kind && r.name() == object.name)
        };
        same_namespace(&object.namespace, &self.object.namespace) && holds() && !self.cluster.objects.iter().any(mounts)
    }

    /// Items that ask for keys which the object does not have. Without any key its content is made elsewhere.
    fn items_that_lack(&self, reference: &Reference<'_>, object: &Object) -> Vec<Gap> {
        let has = keys_of(object);
        if has.is_empty() || reference.optional {
            return Vec::new();
        }
        let asked = reference.node.list_at(&["items"]).iter().filter_map(|item| item.get("key"));
        let lacking = asked.filter_map(|key| Some((key, key.text().filter(|k| !has.contains(k))?)));
        lacking.map(|(node, key)| Gap { at: self.object.at(node), missing: missing_key(object, key, &has, false), stops: true }).collect()
    }

    /// A file that is mounted alone and that the volume does not have: the kubelet makes an empty folder of that name.
    fn sub_path(&self, mount: &Mount<'_>) -> Option<Gap> {
        let node = mount.sub_path?;
        let sub = node.text()?.trim_end_matches('/');
        let volume = self.volumes.iter().find(|v| v.str_at(&["name"]) == Some(mount.volume))?;
        let files = self.files(mount.volume);
        let has: Vec<&str> = files.iter().map(|(file, _)| file.as_str()).collect();
        if has.is_empty() || has.iter().any(|file| file.strip_prefix(sub).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))) {
            return None;
        }
        // What a projected volume is made of beside these is not looked at.
        let reference = references(volume).next().filter(|_| volume.get("projected").is_none())?;
        let object = self.cluster.find(reference.kind, &self.object.namespace, reference.name())?;
        Some(Gap { at: self.object.at(node), missing: missing_key(object, sub, &has, true), stops: true })
    }

    /// HAProxy is told to read what nobody mounts, while a configuration is mounted elsewhere.
    fn path(&self, arguments: &Arguments, image: &Image, keys: &[Key]) -> Option<Gap> {
        let paths = self.paths(arguments, image);
        let path = *paths.first().filter(|path| path.starts_with('/'))?;
        let told = if arguments.files.is_empty() { image.official } else { arguments.files.len() == 1 };
        let covering: Vec<&Mount<'_>> = self.covering(&paths[..1]).collect();
        if !told || arguments.script.is_some() || arguments.hidden || !covering.iter().all(|mount| self.is_of_objects(mount)) {
            return None;
        }
        let there = self.mounted().find(|(_, key, _)| keys.contains(key));
        let mount = there.as_ref().and_then(|(full, ..)| self.mounts.iter().find(|m| full.starts_with(m.path)));
        let at = arguments.file_at.or_else(|| mount.and_then(|m| m.node.get("mountPath")).map(|n| self.object.at(n)))?;
        // The image of others may bring the file.
        let stops = image.official || !covering.is_empty();
        Some(Gap { at, missing: Missing::Path { path: path.to_owned(), there: there.map(|(full, ..)| full) }, stops })
    }
}

fn missing_key(object: &Object, key: &str, has: &[&str], sub_path: bool) -> Missing {
    let has = has.iter().map(|key| (*key).to_owned()).collect();
    Missing::Key { kind: object.kind.clone(), name: object.name.clone(), key: key.to_owned(), has, sub_path }
}
