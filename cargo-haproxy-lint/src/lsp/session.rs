//! From the first message to the last: what comes in is understood and passed on to whom it is about.

use std::sync::Arc;

use gen_lsp_types as lsp;
use lsp_server::{Message, Notification, Request, RequestId};
use serde_json::{Value, json};

use super::{
    checker,
    client::Client,
    gather,
    handler::{Ask, OfRead, Together},
    place, reader,
    requests::{handler, handlers},
    wire::{Answer, Fail, Outbox, Received},
    workspace::Workspace,
};
use crate::parallel::guarded;

/// What happens behind a message.
pub(super) enum Then {
    /// The next one is read.
    Next,
    /// Nothing.
    End {
        /// Whether `shutdown` came before.
        was_shut_down: bool,
    },
}

/// How far it is.
enum State {
    /// `initialize` has not come.
    Begun,
    /// All is open.
    Running(Box<Workspace>),
    /// `shutdown` was said.
    Ended,
}

/// A client that speaks.
pub(super) struct Session {
    outbox: Outbox,
    state: State,
}

impl Session {
    /// Nothing was said yet.
    pub(super) fn new(outbox: Outbox) -> Self {
        Self { outbox, state: State::Begun }
    }

    /// Nothing more has come in.
    pub(super) fn settle(&mut self) {
        if let State::Running(workspace) = &mut self.state {
            let _ = guarded(|| workspace.settle());
        }
    }

    /// Takes what came in.
    pub(super) fn take(&mut self, received: Received) -> Then {
        let more = |told: &Notification| matches!(told.method.as_str(), "textDocument/didOpen" | "textDocument/didClose");
        if !matches!(&received, Received::Message(Message::Notification(told)) if more(told)) {
            self.settle();
        }
        match received {
            Received::Broken(answer) => self.outbox.complain(answer),
            Received::Message(Message::Request(request)) => self.request(request),
            Received::Message(Message::Notification(told)) if told.method == "exit" => {
                return Then::End { was_shut_down: matches!(self.state, State::Ended) };
            }
            Received::Message(Message::Notification(told)) => self.notification(told),
            // What is asked of the client are favours.
            Received::Message(Message::Response(_)) => {}
        }
        Then::Next
    }

    fn request(&mut self, Request { id, method, params }: Request) {
        self.outbox.expects(&id);
        let asked = guarded(|| self.ask(&id, &method, params));
        match asked.unwrap_or_else(|panic| Err(Fail::internal(&panic))) {
            Ok(Some(answer)) => self.outbox.answer(id, Ok(answer)),
            // Somebody else answers.
            Ok(None) => {}
            Err(fail) => self.outbox.answer(id, Err(fail)),
        }
    }

    fn ask(&mut self, id: &RequestId, method: &str, params: Value) -> Answer<Option<Value>> {
        match (&mut self.state, method) {
            (State::Begun, "initialize") => {
                let client = Arc::new(Client::new(&params));
                let answer = initialize(&client);
                self.state = State::Running(Box::new(Workspace::new(client, self.outbox.clone())));
                Ok(Some(answer))
            }
            (State::Begun, _) => Err(Fail::uninitialized()),
            (State::Running(_), "initialize") => Err(Fail::misplaced("`initialize` comes once")),
            (State::Running(_), "shutdown") => {
                self.state = State::Ended;
                Ok(Some(Value::Null))
            }
            (State::Running(workspace), _) => pass_on(workspace, &self.outbox, id, method, params),
            (State::Ended, _) => Err(Fail::misplaced("behind `shutdown` comes `exit`")),
        }
    }

    fn notification(&mut self, Notification { method, params }: Notification) {
        let outbox = &self.outbox;
        if method == "$/cancelRequest" {
            let id = params.get("id").cloned().and_then(|id| serde_json::from_value::<RequestId>(id).ok());
            return id.into_iter().for_each(|id| outbox.cancel(id));
        }
        let State::Running(workspace) = &mut self.state else { return };
        // What cannot be understood changes nothing, and a notification has no answer.
        let _ = guarded(|| told(workspace, outbox, &method, params));
    }
}

/// The answer to `initialize`.
fn initialize(client: &Client) -> Value {
    let mut capabilities = lsp::ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(lsp::TextDocumentSync::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::Incremental),
            save: Some(lsp::Save::Bool(true)),
            ..Default::default()
        })),
        ..Default::default()
    };
    handlers().iter().for_each(|handler| (handler.announce)(client, &mut capabilities));
    json!({"capabilities": capabilities, "serverInfo": {"name": "haproxy-lint", "version": env!("CARGO_PKG_VERSION")}})
}

/// Hands a request to whom it is put.
fn pass_on(workspace: &Workspace, outbox: &Outbox, id: &RequestId, method: &str, params: Value) -> Answer<Option<Value>> {
    let handler = handler(method).ok_or_else(|| Fail::unknown(method))?;
    match &handler.ask {
        Ask::Read(document, answer) => {
            let uri = document(&params)?;
            let at = ["/position", "/positions/0", "/data/position"].iter().find_map(|place| params.pointer(place)).cloned();
            let at = at.and_then(|at| serde_json::from_value(at).ok());
            match (workspace.readers(&uri, at)?.as_slice(), handler.together) {
                ([], _) => return Ok(Some(Value::Null)),
                ([one], None) => {
                    let question = reader::Question::of_request(id.clone(), outbox, &**answer, params);
                    // The thread only ends before this one if it could not be started.
                    one.send(reader::Told::Ask(question)).map_err(|_| Fail::internal("no thread could be started"))?;
                }
                (several, together) => {
                    gathering(workspace, outbox, id, &**answer, params, together.unwrap_or(gather::lists)).put(several);
                }
            }
        }
        Ask::Checked(document, answer) => {
            let uri = document(&params)?;
            workspace.ask_checked(&uri, checker::Question { id: id.clone(), answer: &**answer, params })?;
        }
        Ask::Everywhere(answer) => match workspace.all_readers().as_slice() {
            [] => return Ok(Some(json!([]))),
            all => gathering(workspace, outbox, id, &**answer, params, gather::lists).put(all),
        },
    }
    Ok(None)
}

/// A question to several.
fn gathering(
    workspace: &Workspace,
    outbox: &Outbox,
    id: &RequestId,
    answer: &'static OfRead,
    params: Value,
    together: Together,
) -> gather::Request {
    gather::Request { id: id.clone(), answer, together, params, outbox: outbox.clone(), colours: workspace.colours() }
}

/// The parameters of a notification.
fn params<N: lsp::Notification>(value: Value) -> Option<N::Params> {
    serde_json::from_value(value).ok()
}

/// The client tells something.
fn told(workspace: &mut Workspace, outbox: &Outbox, method: &str, value: Value) -> Option<()> {
    match method {
        "initialized" => watch(workspace, outbox),
        "textDocument/didOpen" => workspace.open(params::<lsp::DidOpenTextDocumentNotification>(value)?.text_document),
        "textDocument/didChange" => workspace.change(params::<lsp::DidChangeTextDocumentNotification>(value)?),
        "textDocument/didClose" => workspace.close(&params::<lsp::DidCloseTextDocumentNotification>(value)?.text_document.uri.0),
        // Settings may have been saved by an editor that does not tell of them.
        "textDocument/didSave" => reload(workspace, outbox),
        "workspace/didChangeWatchedFiles" => {
            let changed = params::<lsp::DidChangeWatchedFilesNotification>(value)?.changes;
            if changed.iter().any(|event| place::path(&event.uri.0).is_some_and(|path| workspace.concerns(&path))) {
                reload(workspace, outbox);
            }
        }
        _ => {}
    }
    Some(())
}

/// Reads settings and files anew.
fn reload(workspace: &mut Workspace, outbox: &Outbox) {
    workspace.forget();
    workspace.arrange(true);
    if workspace.client().can("/workspace/diagnostics/refreshSupport") {
        outbox.ask::<lsp::DiagnosticRefreshRequest>("refresh", ());
    }
}

/// Asks to be told of settings and of other files of configurations.
fn watch(workspace: &Workspace, outbox: &Outbox) {
    if !workspace.client().can("/workspace/didChangeWatchedFiles/dynamicRegistration") {
        return;
    }
    let watcher = |glob: &str| json!({"globPattern": glob});
    let options = json!({"watchers": [watcher("**/haproxy-lint.toml"), watcher("**/*.{cfg,yaml,yml,json}")]});
    let registration = lsp::Registration {
        id: "files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: serde_json::from_value(options).ok(),
    };
    outbox.ask::<lsp::RegistrationRequest>("watch", lsp::RegistrationParams { registrations: vec![registration] });
}
