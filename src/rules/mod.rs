//! The rules. One rule is one file, `src/rules/GROUP/RULE.rs`, and one word in the list at the end of this file.
//!
//! A rule is a [`Rule`] static, made by `rule!` from a doc comment, a name, a severity and a function. The doc comment
//! is the rule's page; its examples are the rule's first tests (`tests/rules`). The function looks at a
//! [`Context`] and reports [`Draft`]s to a [`Sink`].

mod draft;
pub(crate) mod fault;
mod mentions;
pub mod project;
mod unknown;

pub use draft::{Draft, Says, Sink, Stage};

use std::borrow::Cow;

use crate::{
    catalog::FaultKind,
    check::Options,
    config::Config,
    finding::Severity,
    runtime::Cluster,
    source::{Location, Sources, Template},
    syntax::{Problem, Tree},
    topology::Mesh,
};

/// What a rule looks at.
#[derive(Clone, Copy)]
pub enum Look {
    /// The text of the files: asked once.
    Text(fn(&TextContext<'_>, &mut Sink<'_>)),
    /// The configuration in one world: asked once for each world.
    World(fn(&Context<'_>, &mut Sink<'_>)),
    /// All nodes of a topology together: asked once, where there is a topology.
    Mesh(fn(&Mesh<'_>, &mut Sink<'_>)),
    /// What running nodes say of themselves and each other: asked once, by the doctor.
    Runtime(fn(&Cluster<'_>, &mut Sink<'_>)),
    /// What the settings of a project say: asked once for each world.
    Declared(&'static project::Declared),
    /// Faults of this kind, which the catalog finds in a world.
    Faults(FaultKind),
}

/// What a text rule sees.
pub struct TextContext<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// Their trees.
    pub trees: &'a [Tree],
    /// Which of them are templates, whose trees are empty.
    pub templates: &'a [Option<Template>],
}

/// What a world rule sees.
pub struct Context<'a> {
    /// The model.
    pub config: &'a Config<'a>,
    /// What the user asked for.
    pub options: &'a Options,
}

impl<'a> Context<'a> {
    /// What reading met on its way.
    pub fn problems(&self) -> &'a [Problem] {
        &self.config.reading.problems
    }

    /// The text at `location`, as it is written.
    pub fn text(&self, location: Location) -> Cow<'a, str> {
        self.config.reading.sources.file(location.file).text(location.span)
    }

    /// Whether a name that is declared nowhere may still exist: some of the configuration is not known.
    pub fn is_open(&self) -> bool {
        self.config.reading.opaque || self.options.fragment_of.is_some()
    }
}

/// A rule.
pub struct Rule {
    /// `group/kebab-name`, after what is wrong. Names are for good.
    pub name: &'static str,
    /// How bad its findings are where HAProxy says nothing of them, or less.
    pub severity: Severity,
    /// Its page in Markdown: what it does, why, a bad example, a good one, where it comes from.
    pub docs: &'static str,
    /// What it looks at.
    pub look: Look,
    /// The module it is in, for the test of its name.
    pub module: &'static str,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Rule {
    /// The part of the name before the `/`.
    pub fn group(&self) -> &'static str {
        self.name.split('/').next().unwrap_or(self.name)
    }

    /// The first sentence of its page.
    pub fn summary(&self) -> &'static str {
        self.docs.trim().split("\n\n").next().unwrap_or("").trim()
    }

    /// The rule of that name.
    pub fn by_name(name: &str) -> Option<&'static Rule> {
        RULES.iter().copied().find(|r| r.name == name)
    }

    /// The address of its page.
    pub fn url(&self) -> String {
        if self.group() == project::GROUP {
            return format!("{}/blob/main/docs/settings.md#rules-of-your-own", env!("CARGO_PKG_REPOSITORY"));
        }
        format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), self.name)
    }
}

/// Everything a rule file needs.
pub(crate) mod prelude {
    pub(crate) use super::{Context, Draft, Sink};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use super::{Stage, TextContext};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::runtime::{Cluster, State};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::topology::{Group, Mesh, Section, View};
    #[allow(unused_imports, reason = "not every rule needs all of them")]
    pub(crate) use crate::{
        config::Config,
        finding::{Confidence, Edit, Severity},
        source::{Location, Span},
        syntax::{ProblemKind, SectionKind, Statement, Text, Word},
        version::{Version, VersionSet},
    };
}

/// Declares the rule of a file: its page as a doc comment, its name, its severity, and what it looks at.
macro_rules! rule {
    ($(#[doc = $doc:expr])+ $name:literal, $severity:ident, $look:ident($check:expr)) => {
        $(#[doc = $doc])+
        #[allow(rustdoc::invalid_codeblock_attributes, reason = "the words behind `haproxy` are for tests/rules")]
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            name: $name,
            severity: $crate::finding::Severity::$severity,
            docs: concat!($($doc, "\n"),+),
            look: $crate::rules::Look::$look($check),
            module: module_path!(),
        };
    };
}

/// Declares the rule files and the list of all rules.
macro_rules! rules {
    ($($group:ident { $($rule:ident),* $(,)? })*) => {
        $(
            #[allow(missing_docs, reason = "the page of a rule is on its static")]
            pub mod $group {
                $(pub mod $rule;)*
            }
        )*

        /// Every rule, in the order of the list in this file.
        pub static RULES: &[&Rule] = &[$($(&$group::$rule::RULE),*),*];
    };
}

rules! {
    syntax {
        template,
        many_words,
        missing_final_newline,
        nul_byte,
        byte_order_mark,
        internal_error,
        lone_carriage_return,
        comment_in_word,
        unterminated_quote,
        invalid_hex_escape,
        invalid_variable_name,
        unmatched_brace,
        invalid_expansion,
        default_on_growing_line,
        too_many_words,
        empty_argument,
        shifted_arguments,
        literal_dollar,
        invalid_condition,
        unknown_directive,
        unmatched_directive,
        directive_after_else,
        unterminated_if,
        too_deep_condition,
        directive_argument,
        alert_directive,
        warning_directive,
        invalid_scope_line,
        keyword_out_of_section,
        invalid_negation,
        broken_default_prefix,
        missing_section_name,
        invalid_section_name,
        unexpected_section_argument,
        section_not_created,
        keyword_without_proxy,
    }
    keyword {
        unknown_keyword,
        unknown_option,
        unknown_argument,
        missing_argument,
        unexpected_argument,
        ignored_argument,
        invalid_number,
        invalid_time,
        dubious_time,
        invalid_size,
        invalid_address,
        invalid_value,
        conflicting_words,
        misplaced_keyword,
        ignored_keyword,
        unknown_fetch,
        unknown_converter,
        invalid_expression,
        unavailable_fetch,
        invalid_log_format,
        http_alias_in_tcp,
        invalid_condition,
        invalid_acl,
        dubious_acl,
        suspicious_time,
    }
    version {
        unsupported_section,
        unexposed_section,
        deprecated_section,
        deprecated_master_worker,
        repeated_master_worker,
        lua_bool_conversion,
        shared_proxy_name,
        removed_keyword,
        too_new_keyword,
        deprecated_keyword,
        unexposed_keyword,
        not_in_this_build,
    }
    reference {
        duplicate_nameserver,
        server_without_backend,
        internal_backend_name,
        broken_acl,
        unknown_backend,
        unknown_frontend,
        implied_section,
        unknown_server,
        unknown_acl,
        predefined_acl_name,
        invalid_acl_name,
        unknown_userlist,
        unknown_resolvers,
        unknown_cache,
        unknown_capture,
        unknown_mailers,
        unknown_ring,
        unknown_http_errors,
        unknown_fcgi_app,
        unknown_table,
        unknown_defaults,
        duplicate_proxy,
        duplicate_defaults,
        duplicate_server,
        duplicate_user,
        duplicate_section,
        ambiguous_defaults,
        defaults_with_rules,
        incompatible_backend,
        missing_table,
        table_name_taken,
        unknown_user_or_group,
        tracking_and_checking,
        tracking_unchecked,
        tracking_loop,
        duplicate_id,
        missing_file,
        missing_directory,
        unknown_system_user,
    }
    peers {
        second_bind,
        local_name_missing,
        local_name_case_or_fqdn,
        localpeer_position,
        localpeer_and_option_l,
        dup_peer_name,
        mix_bind_peer,
        local_server_with_addr,
        remote_without_address,
        loopback_bind,
        peers_port_collision,
        ignored_params,
        hostname_resolved_once,
        env_may_be_empty,
        env_dash_name,
        missing_section,
        no_tls,
        name_length,
        known_bad_version,
        localhost_name,
        open_to_anyone,
        incomplete_mesh,
        tls_asymmetry,
        shards_differ,
    }
    table {
        incompatible_key,
        conflicting_store,
        unattached_table,
        conn_cur_replicated,
        server_identity,
        write_to_unsupported,
        table_mismatch,
        active_active_overwrite,
    }
    order {
        late_check_connect,
        default_server_behind_servers,
        global_behind_use,
        acl_extended_behind_use,
        processed_before,
    }
    dead {
        already_specified,
        needs_http_mode,
        log_option_in_backend,
        http_log_format_in_tcp,
        unused_check_rules,
        needs_check_option,
        servers_behind_default_backend,
        dispatch_and_balance,
        unreachable_rule,
        server_state_without_file,
        tcp_fetch_in_http,
        unavailable_acl,
        capture_truncated,
        source_header_in_tcp,
        overridden_log_format,
        switch_mode_without_backend,
        ring_size_ignored,
        unused_mailers,
        overwritten_setting,
        unused_acl,
        unused_backend,
        unused_table,
        unused_section,
        unused_defaults,
        contradictory_condition,
        constant_condition,
        shadowed_rule,
        pattern_never_matches,
        unset_variable,
        repeated_term,
    }
    reliability {
        fcgi_app_without_docroot,
        fcgi_max_reqs,
        fast_open_without_retries,
        fcgi_without_server,
        filter_order,
        stats_auth_and_rules,
        buffer_size,
        unknown_thread,
        frontend_without_bind,
        missing_timeouts,
        log_format_without_log,
        external_check_disabled,
        external_check_without_fork,
        incomplete_email_alert,
        resolvers_without_nameserver,
        incompatible_protocol,
        incompatible_check_protocol,
        check_without_port,
        track_at_session,
        rdp_persistence_without_port,
        cache_without_size,
        cache_object_size,
        duplicate_listener,
        no_destination,
        no_inspect_delay,
    }
    tls {
        bind_without_certificate,
        bind_without_ca_file,
        version_range,
        certificate_without_ssl,
        server_without_ca_file,
    }
    haproxy {
        says,
    }
    style {
        unused_ignore,
        invalid_ignore,
    }
    topology {
        random_pod_names,
        ordinal_set_mismatch,
        local_addr_not_on_pod,
        hostnetwork_name,
        ordered_ready_deadlock,
        headless_needs_notready,
        service_no_endpoints,
        shared_service_as_peer,
        pod_dns_shape,
        service_port_missing,
        networkpolicy_blocks,
        unsafe_sysctl,
        privileged_port,
        servicelink_env,
        autoscaler,
        local_only_section,
        subpath_config,
        rollout_too_fast,
        version_label_selector,
        probe_or_sidecar_on_peers_port,
        ip_family,
        peer_unreachable,
        compose_hostname,
        published_port_mismatch,
    }
    host {
        same_local_name,
        vip_bind,
        address_not_on_host,
        port_taken,
        v6_sysctl,
        vip_as_peer,
        sysctl_wrong_netns,
        sysctl_not_persistent,
        sysctl_needs_restart,
        not_listening,
        transparent_needs_cap,
        nonlocal_hides_fault,
        service_local_name,
    }
    runtime {
        section_missing,
        no_local_line,
        local_inactive,
        remote_unreachable,
        remote_other_name,
        not_listed_by_remote,
        not_relayed,
        protocol_mismatch,
        hello_unanswered,
        connection_storm,
        table_not_shared,
        inbound_only,
        address_unresolved,
        protocol_errors,
        never_taught,
        collision,
        pair_not_established,
        replication_lag,
        duplicate_peer,
        dump_cut_off,
    }
}
