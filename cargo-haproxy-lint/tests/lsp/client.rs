//! A client that speaks with the real program.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::place::Place;

/// How long an answer may take; tests wait for nothing else.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, and what it has said that nobody has asked for yet.
pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    /// What came while something else was waited for.
    pub(crate) heard: Vec<Value>,
    next: i64,
    folder: std::path::PathBuf,
}

/// All that these tests ask of a client.
pub(crate) fn able() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-16"]},
        "workspace": {"workspaceEdit": {"documentChanges": true}},
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true, "codeDescriptionSupport": true, "tagSupport": {"valueSet": [1, 2]}},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source.fixAll"]}}, "isPreferredSupport": true},
            "completion": {"completionItem": {"snippetSupport": true, "tagSupport": {"valueSet": [1]}, "documentationFormat": ["markdown"]}},
            "hover": {"contentFormat": ["markdown"]},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
            "rename": {"prepareSupport": true},
        },
    })
}

impl Client {
    /// Starts the program in a folder, and says nothing yet.
    pub(crate) fn silent(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haproxy-lint"));
        command.args(["lsp", "--stdio"]).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let (send, output) = mpsc::channel();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            while let Some(message) = message(&mut stdout) {
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, output, heard: Vec::new(), next: 0, folder: folder.to_owned() }
    }

    /// Starts the program and says what the client can do.
    pub(crate) fn with(folder: &Path, capabilities: Value) -> Self {
        let mut client = Self::silent(folder);
        let root = client.uri("");
        client.ask("initialize", json!({"processId": null, "rootUri": root, "capabilities": capabilities})).unwrap();
        client.tell("initialized", json!({}));
        client
    }

    /// The same in a place, with all that these tests ask for.
    pub(crate) fn start(place: &Place) -> Self {
        Self::with(place.path(), able())
    }

    /// The name of a document.
    pub(crate) fn uri(&self, name: &str) -> String {
        format!("file://{}", self.folder.join(name).display())
    }

    /// Sends bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    /// Tells something.
    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Asks something, and does not wait. Gives the number of the request.
    pub(crate) fn begin(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}));
        self.next
    }

    /// Asks something: the answer, or the error.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.begin(method, params);
        self.answer(&json!(id))
    }

    /// The answer to a request.
    pub(crate) fn answer(&mut self, id: &Value) -> Result<Value, Value> {
        let message = self.wait(|message| message.get("method").is_none() && message["id"] == *id);
        if message.get("error").is_some() { Err(message["error"].clone()) } else { Ok(message["result"].clone()) }
    }

    /// The first message that is wanted, of those that were heard and those that come.
    pub(crate) fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.heard.iter().position(&wanted) {
            return self.heard.remove(at);
        }
        loop {
            let message = self.output.recv_timeout(PATIENCE).expect("the program says something");
            if wanted(&message) {
                return message;
            }
            self.heard.push(message);
        }
    }

    /// Whether nothing more comes before the answer to another question.
    pub(crate) fn settle(&mut self) {
        let _ = self.ask("nobody/knows", json!({}));
    }

    /// Shows a document.
    pub(crate) fn open(&mut self, name: &str, text: &str) {
        let document = json!({"uri": self.uri(name), "languageId": "haproxy", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Writes a whole text.
    pub(crate) fn write(&mut self, name: &str, version: i32, text: &str) {
        let document = json!({"uri": self.uri(name), "version": version});
        self.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": [{"text": text}]}));
    }

    /// What is found in a document, once something is said of this version of it.
    pub(crate) fn found(&mut self, name: &str, version: i32) -> Vec<Value> {
        let uri = self.uri(name);
        let of = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == *uri
                && message["params"]["version"] == version
        };
        self.wait(of)["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// The parameters of most requests.
    pub(crate) fn at(&self, name: &str, line: u32, character: u32) -> Value {
        json!({"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}})
    }

    /// Ends it as the protocol wants it; gives the exit status.
    pub(crate) fn end(mut self) -> i32 {
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        self.child.wait().unwrap().code().unwrap()
    }

    /// Waits for the end; gives the exit status.
    pub(crate) fn gone(mut self) -> i32 {
        self.input = None;
        self.child.wait().unwrap().code().unwrap()
    }

    /// The number of the process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn message(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some((_, value)) => length = value.parse().ok()?,
            None => break,
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
