//! Cloud-config: what cloud-init writes on a host before HAProxy starts there.

use std::rc::Rc;

use crate::source::{FileId, Location, SourceFile};

use super::{Document, Reader, file_name, sysctl};
use crate::topology::{
    embedded::SegmentMap,
    heredoc, image,
    model::{
        Configuration, ConfigurationFile, Embedded, Group, Kind, Name, Node, Origin, Part, Place, Platform, Sysctl, Topology, Variable,
    },
    readers::kubernetes::base64,
    received::Received,
    variables::Variables,
    words::{changes_file, short_host_name, written_files},
    yaml::{Value, Yaml},
};

pub(super) static READER: Reader = Reader {
    rank: 35,
    about: &[(
        "cloud-config of cloud-init",
        "a host with its name, and what `write_files` and scripts of `runcmd` write: `/etc/haproxy/*.cfg`, `/etc/sysctl.d/*.conf`",
    )],
    document: Some(Document {
        is: |document, _| is_cloud_config(document),
        read: |document, id, reading| read(document, id, &mut reading.topology),
    }),
    ..Reader::NEW
};

/// Whether a document is a cloud-config that writes a configuration of HAProxy.
fn is_cloud_config(document: &Yaml) -> bool {
    let writes = |file: &Rc<Yaml>| file.str_at(&["path"]).is_some_and(is_configuration);
    let scripts = || ["bootcmd", "runcmd"].into_iter().flat_map(|key| document.list_at(&[key])).filter_map(|node| script(node));
    document.get("kind").is_none()
        && (document.list_at(&["write_files"]).iter().any(writes)
            || scripts().any(|node| {
                node.text().is_some_and(|text| written_files(text).iter().any(|file| is_configuration(&file.path) && !file.is_copy()))
            }))
}

/// Whether HAProxy's package reads a file.
fn is_configuration(path: &str) -> bool {
    image::is_configuration_place(path) || path.starts_with("/etc/haproxy/") && path.ends_with(".cfg")
}

/// The text of a command that a shell runs.
fn script(node: &Yaml) -> Option<&Yaml> {
    match node.list() {
        [] => node.text().map(|_| node),
        [shell, option, script] if matches!(shell.text().map(file_name), Some("sh" | "bash")) && option.text()?.ends_with('c') => {
            Some(script)
        }
        _ => None,
    }
}

/// Adds the host.
fn read(document: &Yaml, file: FileId, topology: &mut Topology) {
    let name = called(document, topology.sources.file(file).name());
    let at = Location { file, span: document.get("hostname").unwrap_or(document).span };
    let mut group = Group::new(Platform::Host, Kind::Host, "", &name, at);
    let host_name = host_name(document);
    let mut host = Host { document, file, topology, host: &host_name, environment: Variables::default(), template: false };
    let files = host.files();
    let (template, environment) = (host.template, host.environment);
    group.sysctls = sysctls(document, file);
    let configuration = match files {
        Ok(files) => {
            let adds = document.list_at(&["write_files"]).iter().any(|f| f.get("append").is_some_and(Yaml::is_true));
            let part = if template || adds { Part::Template } else { Part::Whole };
            topology.configurations.push(Configuration { files, part });
            Some(topology.configurations.len() - 1)
        }
        Err(why) => {
            group.unread = Some(why);
            None
        }
    };
    topology.nodes.push(Node {
        name: name.clone(),
        group: topology.groups.len(),
        // What starts HAProxy may be written, too.
        option_l: says_more(document).then_some(Name::Unknown),
        addresses: None,
        names: host_name.known().into_iter().map(str::to_owned).chain([name]).collect(),
        host_name,
        environment,
        closed: false,
        title: String::new(),
        configuration,
        facts: None,
    });
    topology.groups.push(group);
}

/// What people call the host: by its own name, else by that of the file.
fn called(document: &Yaml, path: &str) -> String {
    let said = ["hostname", "fqdn"].iter().find_map(|key| document.str_at(&[key])).filter(|name| !name.contains(['$', '{']));
    said.or_else(|| of_path(path)).unwrap_or("this host").to_owned()
}

/// The host that a file is for, by its path.
pub(in crate::topology) fn of_path(path: &str) -> Option<&str> {
    let stem = |part| str::split(part, '.').next().unwrap_or(part);
    let common = |part: &&str| part.is_empty() || ["user", "cloud", "vendor"].iter().any(|word| part.starts_with(word));
    path.rsplit('/').map(stem).find(|part| !common(part))
}

/// What the host calls itself, where that is certain: distributions differ in whether the domain belongs to it.
fn host_name(document: &Yaml) -> Name {
    let text = |key: &str| document.str_at(&[key]).filter(|name| !name.contains(['$', '{']));
    let kept = document.get("preserve_hostname").is_some_and(Yaml::is_true);
    let renames = ["bootcmd", "runcmd"].iter().flat_map(|key| document.list_at(&[key])).any(|node| {
        node.text().into_iter().chain(node.list().iter().filter_map(|word| word.text())).any(|word| word.starts_with("hostname"))
    });
    let full = document.get("prefer_fqdn_over_hostname");
    let name = match (text("hostname"), text("fqdn")) {
        _ if kept || renames => None,
        (_, Some(fqdn)) if full.is_some_and(Yaml::is_true) => Some(fqdn),
        (Some(host), None) => Some(host),
        (Some(host), Some(_)) if full.is_some_and(Yaml::is_false) => Some(host),
        _ => None,
    };
    name.map_or(Name::Unknown, |name| Name::Known(short_host_name(name)))
}

/// Whether a file that is written says how HAProxy is started.
fn says_more(document: &Yaml) -> bool {
    let starts = |path: &str| path.contains("haproxy") && !path.ends_with(".cfg");
    document.list_at(&["write_files"]).iter().any(|file| {
        file.str_at(&["path"]).is_some_and(starts)
            && file.str_at(&["content"]).is_none_or(|text| text.contains("-L") || text.contains("-f"))
    })
}

/// What is set by the files of `sysctl.d` that it writes.
fn sysctls(document: &Yaml, file: FileId) -> Vec<Sysctl> {
    let mut found = Vec::new();
    for entry in document.list_at(&["write_files"]) {
        let Some((path, content)) = entry.str_at(&["path"]).zip(entry.get("content")) else { continue };
        let Some(text) = content.text().filter(|text| sysctl::is_one(path) && !text.contains("${")) else { continue };
        let at = Some(Location { file, span: content.span });
        let source = SourceFile::new(path, text.as_bytes().to_vec());
        found.extend(sysctl::lines(&source).map(|(name, value, _)| Sysctl { name, value, at }));
    }
    found
}

struct Host<'t> {
    document: &'t Yaml,
    file: FileId,
    topology: &'t Topology,
    host: &'t Name,
    environment: Variables,
    /// Something in the files is not known.
    template: bool,
}

impl Host<'_> {
    /// The configuration that is written, or why it is not known.
    fn files(&mut self) -> Result<Vec<ConfigurationFile>, String> {
        let mut files: Vec<(String, ConfigurationFile)> = Vec::new();
        for entry in self.document.list_at(&["write_files"]) {
            let Some(path) = entry.str_at(&["path"]).filter(|path| is_configuration(path)) else { continue };
            let file = self.written(entry, path).map_err(|why| format!("`write_files` has `{path}`, {why}"))?;
            files.retain(|(known, _)| known != path);
            files.push((path.to_owned(), file));
        }
        for node in ["bootcmd", "runcmd"].iter().flat_map(|key| self.document.list_at(&[key])) {
            let Some(node) = script(node) else { continue };
            let text = node.text().unwrap_or("");
            if let Some((path, _)) = files.iter().find(|(path, _)| changes_file(text, path)) {
                return Err(format!("`write_files` has `{path}`, and a command of `runcmd` changes it"));
            }
            for file in written_files(text).into_iter().filter(|file| is_configuration(&file.path)) {
                let unsure = |why: &str| format!("a script of `runcmd` writes `{}`, and {why}", file.path);
                let found = match file.unsure {
                    Some(why) => return Err(unsure(why)),
                    None => self.scripted(node, text, &file).ok_or_else(|| unsure("what it puts in there is not known"))?,
                };
                files.retain(|(known, _)| *known != file.path);
                files.push((file.path.clone(), found));
            }
        }
        // The file that the package reads comes first.
        files.sort_by_key(|(path, _)| (!path.ends_with("/haproxy.cfg"), path.clone()));
        Ok(files.into_iter().map(|(_, file)| file).collect())
    }

    fn written(&self, entry: &Yaml, path: &str) -> Result<ConfigurationFile, &'static str> {
        let content = entry.get("content").ok_or("which is fetched from elsewhere")?;
        let Value::Scalar(text, style) = &content.value else { return Err("which is no text") };
        if is_template(text) {
            return Err("which is a template: render it first");
        }
        let (bytes, map) = match entry.str_at(&["encoding"]) {
            None | Some("text/plain") => {
                (text.clone().into_bytes(), SegmentMap::new(self.topology.sources.file(self.file).bytes(), content.span, *style, text))
            }
            Some("b64" | "base64") => (base64(text).ok_or("which is no base64")?, SegmentMap::opaque(content.span)),
            Some(_) => return Err("which is packed"),
        };
        Ok(self.configuration(path, bytes, map, false))
    }

    fn scripted(&mut self, node: &Yaml, text: &str, file: &crate::topology::words::Written) -> Option<ConfigurationFile> {
        let Value::Scalar(_, style) = &node.value else { return None };
        let map = SegmentMap::new(self.topology.sources.file(self.file).bytes(), node.span, *style, text);
        let documents = file.texts()?;
        let found = heredoc::text(text, &documents, &map, &|_| false)?;
        let environment = Variables::default();
        let received =
            Received { pod: self.host, host: self.host, environment: &environment, open: true, kubelet: false, full: &Name::Unknown };
        for (name, word) in found.filled {
            let variable = received.variable(&word, &file.assigned);
            self.template |= variable.is_none();
            self.environment.insert(name, variable.unwrap_or(Variable { value: None, origin: Origin::Hidden }));
        }
        Some(self.configuration(&file.path, found.bytes, found.map, documents.iter().any(|document| document.expands)))
    }

    fn configuration(&self, path: &str, bytes: Vec<u8>, map: SegmentMap, in_shell: bool) -> ConfigurationFile {
        let embedded = Embedded {
            file: self.file,
            map,
            kind: "cloud-config".to_owned(),
            namespace: None,
            name: file_name(self.topology.sources.file(self.file).name()).to_owned(),
            key: path.to_owned(),
            secret: false,
            in_shell,
        };
        ConfigurationFile { name: path.to_owned(), bytes, place: Place::Embedded(Box::new(embedded)) }
    }
}

/// Whether something else than cloud-init fills in a text: HAProxy has its own variables between `"` alone.
fn is_template(text: &str) -> bool {
    text.lines().any(|line| {
        let mut quoted = false;
        let mut before = ' ';
        line.trim_start().chars().any(|c| {
            quoted ^= c == '"' && before != '\\';
            let found = before == '$' && c == '{' && !quoted || before == '{' && c == '{';
            before = c;
            found
        }) && !line.trim_start().starts_with('#')
    })
}
