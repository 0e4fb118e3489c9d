//! Compose and Swarm files.

mod around;
mod extended;
mod kept;
mod overrides;
mod ports;

use std::{collections::HashSet, rc::Rc, sync::Arc};

use around::{Around, Service, is_of_swarm};
use extended::{Extended, Files, context, is_built_from_haproxy};
use ports::{asked, published};

use crate::source::{FileId, Location};

use super::{Document, Reader};
use crate::topology::{
    embedded::SegmentMap,
    file_folder, image,
    model::{
        Alias, Awaited, Configuration, ConfigurationFile, Embedded, Gap, Group, Kind, Missing, Name, Node, Origin, Part, Place, Platform,
        Said, Sysctl, Topology, Variable, normal,
    },
    quantity,
    readers::{dockerfile::Dockerfile, env_file, kubernetes::is_configuration},
    received::Received,
    variables::Variables,
    words::{Arguments, UNKNOWN, arguments, short_host_name, split},
    yaml::{Value, Yaml},
};

pub(super) static READER: Reader = Reader {
    rank: 30,
    about: &[("Compose and Swarm files", "services that run HAProxy, their host names, networks, published ports, mounted files")],
    document: Some(Document {
        is: |document, name| is_compose(document) || overrides::is_one(document, name),
        read: |document, id, reading| reading.compose.push((id, Rc::clone(document))),
    }),
    ..Reader::NEW
};

/// Whether a document is a compose file.
pub(in crate::topology) fn is_compose(document: &Yaml) -> bool {
    let is_service = |node: &Yaml| ["image", "build", "extends"].iter().any(|key| node.get(key).is_some());
    document.get("services").is_some_and(|services| services.entries().iter().any(|(_, node)| is_service(node)))
}

/// Adds the services of all compose files that run HAProxy.
pub(in crate::topology) fn read(compose: &[(FileId, Rc<Yaml>)], topology: &mut Topology) {
    let compose = &overrides::merged(compose, topology);
    let names: Vec<String> = compose.iter().map(|(file, _)| normal(topology.sources.file(*file).name())).collect();
    let all: Vec<(&str, &Rc<Yaml>)> = names.iter().map(String::as_str).zip(compose.iter().map(|(_, document)| document)).collect();
    let dockerfiles = std::mem::take(&mut topology.dockerfiles);
    let files = Files::new(&all, &dockerfiles, env_file::all(topology));
    for ((path, document), (file, _)) in all.iter().zip(compose) {
        if !files.is_base(path) {
            project(document, path, *file, &files, topology);
        }
    }
    let here: HashSet<String> = topology.sources.files().iter().map(|file| normal(file.name())).collect();
    topology.beside = all.iter().flat_map(|(path, _)| overrides::of(path)).filter(|path| !here.contains(path)).collect();
    topology.lacking = files.lacking;
    topology.dockerfiles = dockerfiles;
}

/// Adds the services of one of them.
fn project(document: &Yaml, path: &str, file: FileId, files: &Files<'_>, topology: &mut Topology) {
    let around = Around::new(document, file);
    let extended = Extended::of(path, document, files);
    let is_swarm = is_of_swarm(document);
    for (name, service) in document.get("services").map(Yaml::entries).unwrap_or_default() {
        let Some(text) = name.text().filter(|text| !extended.is_base(text, service)) else { continue };
        let whole = service.get("extends").and_then(|_| extended.whole(text));
        let service = whole.as_deref().unwrap_or(service);
        let built = files.dockerfile(path, service);
        let of_stage = || built.and_then(|built| image::haproxy(&built.from)).map(|image| built_from(image, built));
        let image = service.str_at(&["image"]).and_then(|i| image::haproxy(&interpolated(i))).or_else(of_stage);
        let other = || {
            let built = service.get("image").is_none() && service.get("build").is_some() && text.contains("haproxy");
            let built = built || is_built_from_haproxy(service);
            (built || runs_haproxy(service) || !image::is_other(text) && reads_as_haproxy(service)).then(image::Image::of_somebody)
        };
        let Some(image) = image.or_else(other) else {
            let named = service.str_at(&["image"]);
            topology.left_out.extend(named.and_then(|name| Some((name.to_owned(), image::left_out(name)?))));
            continue;
        };
        let (includer, env) = (files.project_of(path), files.environment(path, service));
        let reader = Container { around: &around, document, service, file, image: &image, name: text, built, includer, env, is_swarm };
        reader.service(Location { file, span: name.span }, topology);
    }
}

/// What is known of an image that is built from one of HAProxy: it may bring its configuration, and say itself what runs.
fn built_from(image: image::Image, built: Option<&Dockerfile>) -> image::Image {
    let runs = built.is_some_and(Dockerfile::runs);
    image::Image { official: image.official && !runs, only: None, ..image }
}

/// A value in which `${NAME:-default}` is replaced by its default and `$$` by `$`; what the shell of the user has is not known.
fn interpolated(text: &str) -> String {
    let mut value = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        value += before;
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        rest = match (behind.strip_prefix('$'), behind.strip_prefix('{').and_then(|inner| inner.split_once('}'))) {
            (Some(behind), _) => {
                value.push('$');
                behind
            }
            (_, Some((inner, behind))) => {
                let default = inner.split_once(":-").or_else(|| inner.split_once('-'));
                match default {
                    // `${A:?why}` and `${A:+other}` have no default, and the end of one in another is not here.
                    Some((name, default)) if name.chars().all(is_name) && !default.contains('$') => value += default,
                    _ => value.push(UNKNOWN),
                }
                behind
            }
            _ => {
                let behind_name = behind.trim_start_matches(is_name);
                value.push(if behind_name.len() < behind.len() { UNKNOWN } else { '$' });
                behind_name
            }
        };
    }
    value + rest
}

fn is_open(text: &str) -> bool {
    text.contains(UNKNOWN)
}

/// What Swarm makes of its placeholders in a value; `None` where that is not known.
fn of_task(text: &str, number: u32) -> Option<String> {
    let mut value = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        let (inner, behind) = behind.split_once("}}")?;
        // The other names hold that of the stack, or of a machine.
        (inner.trim() == ".Task.Slot").then_some(())?;
        value += before;
        value += &number.to_string();
        rest = behind;
    }
    Some(value + rest)
}

/// Whether a service of another image is told to run HAProxy.
fn runs_haproxy(service: &Yaml) -> bool {
    let first = |key: &str| {
        let node = service.get(key)?;
        let text = node.text().map(str::to_owned).or_else(|| node.list().first()?.text().map(str::to_owned))?;
        text.split_ascii_whitespace().next().map(|w| w.rsplit('/').next() == Some("haproxy"))
    };
    ["entrypoint", "command"].iter().any(|key| first(key) == Some(true))
}

/// Whether a service whose image decides what runs is given a configuration where HAProxy alone looks for one.
fn reads_as_haproxy(service: &Yaml) -> bool {
    let other = service.str_at(&["image"]).is_some_and(image::is_other);
    let targets = service.list_at(&["configs"]).iter().filter_map(|config| config.str_at(&["target"]).map(str::to_owned));
    let mut mounted = targets.chain(mounts(service));
    !other
        && ["entrypoint", "command"].iter().all(|key| service.get(key).is_none())
        && mounted.any(|path| image::is_configuration_place(&path))
}

/// Where volumes are mounted.
fn mounts(service: &Yaml) -> Vec<String> {
    let target = |volume: &Rc<Yaml>| match volume.text() {
        Some(text) => {
            let parts = parts(text);
            parts.get(1).or(parts.first()).cloned()
        }
        None => volume.str_at(&["target"]).map(str::to_owned),
    };
    service.list_at(&["volumes"]).iter().filter_map(target).collect()
}

/// What the colons of a volume part: where it comes from, where it is mounted, and how. Those inside of `${NAME:-default}` part nothing.
fn parts(volume: &str) -> Vec<String> {
    let whole = interpolated(volume);
    let text = if is_open(&whole) { volume } else { &whole };
    let mut depth = 0usize;
    let outside = |c: char| {
        depth = match c {
            '{' => depth + 1,
            '}' => depth.saturating_sub(1),
            _ => depth,
        };
        c == ':' && depth == 0
    };
    text.split(outside).map(str::to_owned).collect()
}

/// Whether something that is mounted is a path, or a folder above it.
fn covers(mounted: &str, path: &str) -> bool {
    path.strip_prefix(mounted.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

struct Container<'a> {
    around: &'a Around<'a>,
    document: &'a Yaml,
    service: &'a Yaml,
    file: FileId,
    image: &'a image::Image,
    name: &'a str,
    /// What its image is built by.
    built: Option<&'a Dockerfile>,
    /// The file that includes this one: its services are on the same networks.
    includer: Option<&'a str>,
    /// What its `env_file` says; `None` where it is not at hand.
    env: Option<Vec<(String, Option<String>)>>,
    /// Whether its file is a stack of Swarm.
    is_swarm: bool,
}

impl Container<'_> {
    fn at(&self, node: &Yaml) -> Location {
        Location { file: self.file, span: node.span }
    }

    fn here(&self) -> Service<'_> {
        Service { document: self.document, node: self.service, name: self.name }
    }

    fn service(&self, at: Location, topology: &mut Topology) {
        // Each file is a project: names of other files mean nothing to it.
        let project = self.includer.unwrap_or(topology.sources.file(self.file).name()).to_owned();
        let mut group = Group::new(Platform::Compose, Kind::ComposeService, &project, self.name, at);
        let get = |key: &str| self.service.get(key);
        let replicas = self.service.at(&["deploy", "replicas"]).or_else(|| get("scale"));
        let count = |n: &Yaml| Some(Said { value: u32::try_from(n.number()?).ok()?, at: self.at(n) });
        group.replicas = replicas.and_then(count);
        group.host_name = get("hostname").and_then(|n| Some(Said { value: interpolated(n.text()?), at: self.at(n) }));
        group.host_network = get("network_mode").filter(|n| n.text() == Some("host")).map(|n| self.at(n));
        group.netns = self.here().netns();
        group.numbered_by_docker = self.here().is_numbered_by_docker();
        group.profiles = self.service.list_at(&["profiles"]).iter().filter_map(|name| name.text().map(str::to_owned)).collect();
        group.is_swarm = self.is_swarm;
        group.command = self.command();
        group.own_entrypoint = get("entrypoint").is_some();
        group.mounts = mounts(self.service);
        group.companions = self.around.companions(self.here());
        let parsed = arguments(&group.command, &|_| None);
        group.option_l = parsed.local_name.clone();
        group.script = parsed.script.clone();
        group.version = self.image.version;
        group.image = get("image").and_then(|n| Some(Said { value: n.text()?.to_owned(), at: self.at(n) }));
        // `99`, `99:99`, or a name, which may be any.
        let number = |node: &Yaml| interpolated(node.text()?).split(':').next()?.parse().ok();
        group.user = get("user").and_then(|node| Some(Said { value: number(node)?, at: self.at(node) }));
        group.unprivileged = match &group.user {
            Some(user) => user.value != 0,
            None => get("user").is_none() && self.image.unprivileged && self.built.is_none(),
        };
        group.capabilities = self.list("cap_add");
        group.dropped = self.list("cap_drop");
        let limit = self.service.at(&["deploy", "resources", "limits", "memory"]).or_else(|| get("mem_limit"));
        group.memory = limit.and_then(|n| Some(Said { value: quantity::compose(&interpolated(n.text()?))?, at: self.at(n) }));
        group.sysctls = self
            .pairs("sysctls")
            .into_iter()
            .map(|(name, value, at)| Sysctl { name, value: value.unwrap_or_default(), at: Some(at) })
            .collect();
        group.networks = self.here().network_names();
        group.aliases = self.outside();
        group.siblings = Some(Arc::clone(&self.around.siblings));
        group.closed_names = !group.networks.is_empty()
            && ["dns", "dns_search", "external_links", "domainname", "extends"].iter().all(|key| get(key).is_none())
            && self.document.get("include").or(self.includer.map(|_| self.document)).is_none()
            && self.here().networks().iter().all(|(key, _)| !self.here().is_external(key));
        group.published = get("ports").map_or(Vec::new(), |p| p.list().iter().filter_map(published).collect());
        group.asked = get("ports").map_or(Vec::new(), |p| p.list().iter().filter_map(|node| asked(node, self.file)).collect());
        group.awaits = self.awaits();
        let configuration = self.inline(&parsed.files, topology);
        if configuration.is_none() {
            (group.reads, group.reads_more) = self.mounted(&parsed, file_folder(topology, self.file));
        }
        group.gaps.extend(self.misplaced(&parsed));
        group.kept = self.kept(&group, &parsed, self.image);
        group.clashes = self.around.ports.clashes(self.here(), self.file);
        self.nodes(&mut group, &parsed, configuration, topology);
        topology.groups.push(group);
    }

    /// The services that are started before.
    fn awaits(&self) -> Vec<Awaited> {
        let Some(node) = self.service.get("depends_on") else { return Vec::new() };
        let awaited = |node: &Yaml, ready| Some(Awaited { service: Said { value: node.text()?.to_owned(), at: self.at(node) }, ready });
        let ready = |value: &Yaml| !matches!(value.str_at(&["condition"]), None | Some("service_started"));
        let of_map = node.entries().into_iter().filter_map(|(name, value)| awaited(name, ready(value)));
        of_map.chain(node.list().iter().filter_map(|name| awaited(name, false))).collect()
    }

    /// What runs: an `entrypoint` here takes the place of both that the image has, and a `command` that of its `CMD`.
    fn command(&self) -> Vec<Said<String>> {
        let at = self.at(self.service.get("build").unwrap_or(self.service));
        let of_image = |words: Option<&Vec<String>>| words.into_iter().flatten().map(|word| Said { value: word.clone(), at }).collect();
        let own = |key: &str| self.service.get(key).is_some();
        let entrypoint: Vec<Said<String>> =
            if own("entrypoint") { self.words("entrypoint") } else { of_image(self.built.and_then(|built| built.entrypoint.as_ref())) };
        let command: Vec<Said<String>> = match own("command") || own("entrypoint") {
            true => self.words("command"),
            false => of_image(self.built.and_then(|built| built.command.as_ref())),
        };
        entrypoint.into_iter().chain(command).collect()
    }

    fn words(&self, key: &str) -> Vec<Said<String>> {
        let Some(node) = self.service.get(key) else { return Vec::new() };
        let said = |value: String| Said { value, at: self.at(node) };
        match node.text() {
            Some(text) => split(&interpolated(text)).into_iter().map(said).collect(),
            None => node.list().iter().filter_map(|w| w.text().map(|t| said(interpolated(t)))).collect(),
        }
    }

    fn list(&self, key: &str) -> Vec<String> {
        let list = self.service.list_at(&[key]).iter().filter_map(|c| c.text());
        list.map(|c| c.trim_start_matches("CAP_").to_owned()).collect()
    }

    /// A map, or a list of `NAME=VALUE`.
    fn pairs(&self, key: &str) -> Vec<(String, Option<String>, Location)> {
        let Some(node) = self.service.get(key) else { return Vec::new() };
        let of_map = node.entries().into_iter().filter_map(|(k, v)| Some((k.text()?.to_owned(), v.text().map(str::to_owned), self.at(k))));
        let of_list = node.list().iter().filter_map(|n| {
            let text = n.text()?;
            let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value.to_owned())));
            Some((name.to_owned(), value, self.at(n)))
        });
        of_map.chain(of_list).collect()
    }

    /// The names that it is given for addresses outside, or for other services.
    fn outside(&self) -> Vec<Alias> {
        let host = |(name, address, _): (String, Option<String>, Location)| {
            let (name, behind) = name.split_once(':').map_or((name.as_str(), ""), |(name, behind)| (name, behind));
            let address = address.as_deref().unwrap_or(behind).trim_matches(['[', ']']).parse().ok();
            Alias { name: name.to_owned(), address }
        };
        let link = |text: &str| text.rsplit(':').next().map(|name| Alias { name: name.to_owned(), address: None });
        let links = self.service.list_at(&["links"]).iter().filter_map(|l| link(l.text()?));
        self.pairs("extra_hosts").into_iter().map(host).chain(links).collect()
    }

    /// A configuration that stands in the file itself, as `content` of configs.
    fn inline(&self, wanted: &[String], topology: &mut Topology) -> Option<usize> {
        let configs = self.service.list_at(&["configs"]).iter();
        let written: Vec<(String, ConfigurationFile)> = configs.filter_map(|reference| self.written(reference, topology)).collect();
        let is_for = |path: &str, target: &str| {
            let inside = |rest: &str| rest.strip_prefix('/').is_some_and(|file| file.ends_with(".cfg") && !file.contains('/'));
            target.strip_prefix(path.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || inside(rest))
        };
        let for_path = |path: &String| {
            let mut found: Vec<_> = written.iter().filter(|(target, _)| is_for(path, target)).collect();
            // HAProxy reads a directory in the order of the names.
            found.sort_by(|a, b| a.0.cmp(&b.0));
            found.into_iter().map(|(_, file)| file.clone()).collect::<Vec<_>>()
        };
        let each: Vec<Vec<ConfigurationFile>> = wanted.iter().map(for_path).collect();
        // What is not written here may say more.
        let more = each.iter().any(Vec::is_empty) && each.iter().any(|found| !found.is_empty());
        let mut files = each.concat();
        if files.is_empty() {
            let text = |file: &ConfigurationFile| is_configuration(&String::from_utf8_lossy(&file.bytes));
            files.extend(written.iter().map(|(_, file)| file).find(|file| text(file)).cloned());
        }
        if files.is_empty() {
            return None;
        }
        topology.configurations.push(Configuration { files, part: if more { Part::Sections } else { Part::Whole } });
        Some(topology.configurations.len() - 1)
    }

    /// A config whose `content` stands in the file, and where it is mounted.
    fn written(&self, reference: &Yaml, topology: &Topology) -> Option<(String, ConfigurationFile)> {
        let source = reference.text().or_else(|| reference.str_at(&["source"]))?;
        let target = reference.str_at(&["target"]).unwrap_or(source);
        let (_, node) = self.document.get("configs")?.get(source)?.entry("content")?;
        let Value::Scalar(text, style) = &node.value else { return None };
        let map = SegmentMap::new(topology.sources.file(self.file).bytes(), node.span, *style, text);
        let embedded = Embedded {
            file: self.file,
            map,
            kind: "config".to_owned(),
            namespace: None,
            name: source.to_owned(),
            key: "content".to_owned(),
            secret: false,
            in_shell: false,
        };
        let place = Place::Embedded(Box::new(embedded));
        Some((target.to_owned(), ConfigurationFile { name: format!("config/{source}"), bytes: text.clone().into_bytes(), place }))
    }

    /// The files of this machine that are mounted where HAProxy reads, and whether it reads others as well.
    fn mounted(&self, parsed: &Arguments, folder: &str) -> (Vec<String>, bool) {
        let files = &parsed.files;
        let wanted: Vec<&str> =
            if files.is_empty() { self.image.default_files.to_vec() } else { files.iter().map(String::as_str).collect() };
        let mut binds: Vec<(String, String)> = Vec::new();
        for volume in self.service.list_at(&["volumes"]) {
            if let Some(text) = volume.text() {
                let mut parts = parts(text).into_iter();
                binds.extend(parts.next().zip(parts.next()));
            } else {
                let source = volume.str_at(&["source"]).and_then(|source| parts(source).into_iter().next());
                binds.extend(source.zip(volume.str_at(&["target"]).map(str::to_owned)));
            }
        }
        for reference in self.service.list_at(&["configs"]) {
            let source = reference.text().or_else(|| reference.str_at(&["source"])).unwrap_or("");
            let file = self.document.get("configs").and_then(|c| c.get(source)).and_then(|c| c.str_at(&["file"]));
            binds.extend(file.map(|f| (f.to_owned(), reference.str_at(&["target"]).unwrap_or(source).to_owned())));
        }
        let (mut found, mut more) = (Vec::new(), false);
        for path in wanted {
            let before = found.len();
            // What is mounted hides what the image brings.
            let is_mounted = binds.iter().any(|(_, to)| covers(to, path));
            let copies = self.copies(parsed).into_iter().filter(|_| !is_mounted);
            for (from, to) in binds.iter().cloned().chain(copies) {
                // `PWD` is the folder that all is run in, wherever the compose file lies.
                let here = ["${PWD}/", "$PWD/"].iter().find_map(|pwd| from.strip_prefix(pwd));
                if here.is_none() && !from.starts_with(['.', '/']) {
                    continue;
                }
                let to = to.trim_end_matches('/');
                let inner = path.strip_prefix(to).filter(|_| covers(to, path));
                let Some(inner) = inner else { continue };
                let full = format!("{}{inner}", here.unwrap_or(&from).trim_end_matches('/'));
                let apart = full.starts_with('/') || folder.is_empty() || here.is_some();
                let full = if apart { full } else { format!("{folder}/{full}") };
                found.push(normal(&full));
            }
            // Defaults are tried one after the other; files that are named are all read.
            if files.is_empty() && !found.is_empty() {
                break;
            }
            more |= !files.is_empty() && found.len() == before;
        }
        (found, more)
    }

    /// What its image is given when it is built, as seen from the folder of the compose file.
    fn copies(&self, parsed: &Arguments) -> Vec<(String, String)> {
        // What a program of the image does with the files before it starts HAProxy is not known.
        let built = self.built.filter(|built| !built.runs() || !parsed.hidden);
        let (Some(built), Some(folder)) = (built, context(self.service)) else { return Vec::new() };
        let plain = built.copies.iter().filter(|(from, _)| !from.contains(['*', '?', '$', ':']));
        plain.map(|(from, to)| (format!("./{folder}/{from}"), to.clone())).collect()
    }

    /// A configuration that is mounted elsewhere than its image, which is known, reads it.
    fn misplaced(&self, parsed: &Arguments) -> Option<Gap> {
        let says = |key: &&str| self.service.get(key).is_some();
        let usual = self.image.only.filter(|_| !["build", "extends"].iter().any(says))?;
        let path = match parsed.files.as_slice() {
            [] if !["command", "entrypoint"].iter().any(says) => usual,
            [file] if file.starts_with('/') && parsed.script.is_none() && !parsed.hidden => file,
            _ => return None,
        };
        let of_volume = |volume: &Rc<Yaml>| match volume.get("target") {
            Some(target) => Some((target.text()?.to_owned(), self.at(target))),
            None => Some((parts(volume.text()?).into_iter().nth(1)?, self.at(volume))),
        };
        let of_config = |config: &Rc<Yaml>| match config.get("target") {
            Some(target) => Some((target.text()?.to_owned(), self.at(target))),
            None => Some((format!("/{}", config.text()?), self.at(config))),
        };
        let volumes = self.service.list_at(&["volumes"]).iter().filter_map(of_volume);
        let others = ["configs", "secrets"].into_iter().flat_map(|key| self.service.list_at(&[key])).filter_map(of_config);
        let mounted: Vec<(String, Location)> = volumes.chain(others).collect();
        let covers = |to: &str| path.strip_prefix(to.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if mounted.iter().any(|(to, _)| covers(to) || is_open(&interpolated(to))) {
            return None;
        }
        let (there, at) = mounted.into_iter().find(|(to, _)| image::is_configuration_place(to))?;
        Some(Gap { at, missing: Missing::Path { path: path.to_owned(), there: Some(there) }, stops: true })
    }

    fn nodes(&self, group: &mut Group, parsed: &Arguments, configuration: Option<usize>, topology: &mut Topology) {
        let count = group.copies();
        let container = self.service.str_at(&["container_name"]);
        let aliases: Vec<String> = self
            .here()
            .networks()
            .iter()
            .filter_map(|(_, n)| *n)
            .flat_map(|n| n.list_at(&["aliases"]).to_vec())
            .filter_map(|a| a.text().map(str::to_owned))
            .collect();
        let fixed = self
            .here()
            .networks()
            .iter()
            .filter_map(|(_, n)| n.map(|n| [n.str_at(&["ipv4_address"]), n.str_at(&["ipv6_address"])]))
            .flatten()
            .flatten()
            .filter_map(|a| a.parse().ok())
            .collect::<Vec<_>>();
        for number in 1..=count {
            let name = match (count, container) {
                (1, Some(container)) => container.to_owned(),
                (1, None) => self.name.to_owned(),
                _ => format!("{}-{number}", self.name),
            };
            let host_name = self.host_name(group, number);
            let mut names = vec![self.name.to_owned()];
            names.extend(container.map(str::to_owned));
            names.extend(aliases.iter().cloned());
            let environment = self.environment(&host_name, number);
            let received = Received {
                pod: &host_name,
                host: &host_name,
                environment: &environment,
                open: false,
                kubelet: false,
                full: &Name::Unknown,
            };
            let option_l = received.local_name(parsed);
            let open = self.env.is_none() || group.script.is_some() || !self.image.official;
            topology.nodes.push(Node {
                name,
                group: topology.groups.len(),
                host_name,
                option_l,
                addresses: (!fixed.is_empty() && count == 1).then(|| fixed.clone()),
                names,
                environment,
                closed: !open,
                title: String::new(),
                configuration,
                facts: None,
            });
        }
    }

    /// `hostname:`, with what Swarm makes of it; without, it is the number of the container.
    fn host_name(&self, group: &Group, number: u32) -> Name {
        let Some(said) = &group.host_name else {
            return if group.host_network.is_some() { Name::Unknown } else { Name::Random(String::new()) };
        };
        // Versions of Docker differ in whether the domain belongs to the name.
        if self.service.get("uts").is_some() || self.service.get("domainname").is_some() {
            return Name::Unknown;
        }
        match of_task(&said.value, number).filter(|text| !is_open(text)) {
            Some(text) => Name::Known(short_host_name(&text)),
            None => Name::Unknown,
        }
    }

    fn environment(&self, host: &Name, number: u32) -> Variables {
        let mut all = Variables::default();
        for name in ["PATH", "HOME", "HAPROXY_VERSION", "HAPROXY_URL", "HAPROXY_SHA256"] {
            all.insert(name.to_owned(), Variable { value: None, origin: Origin::Hidden });
        }
        all.insert("HOSTNAME".to_owned(), Variable { value: host.known().map(str::to_owned), origin: Origin::HostName });
        for (name, value) in self.env.iter().flatten().cloned() {
            all.insert(name, Variable { value, origin: Origin::Literal });
        }
        for (name, value, _) in self.pairs("environment") {
            let value = value.map(|v| interpolated(&v)).filter(|v| !is_open(v)).and_then(|v| of_task(&v, number));
            all.insert(name, Variable { value, origin: Origin::Literal });
        }
        all
    }
}
