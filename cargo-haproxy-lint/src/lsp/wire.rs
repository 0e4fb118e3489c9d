//! What goes over standard input and output: messages with a header that says how long they are.

use std::{
    collections::HashSet,
    io::{self, BufRead, Read, Write},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
};

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, RequestId, Response};
use serde_json::{Value, json};

/// The largest message that is read: a file of the largest size, with an escape for each of its bytes.
const LARGEST: u64 = 512 << 20;

/// The longest line of a header.
const LINE: u64 = 8 << 10;

/// What came in.
pub(super) enum Received {
    /// A message.
    Message(Message),
    /// Something that is none: what is answered.
    Broken(Value),
}

/// The next message; `None` at the end. What is no message is told, and what comes behind it is read.
pub(super) fn read(input: &mut impl BufRead) -> io::Result<Option<Received>> {
    let Some(length) = header(input)? else { return Ok(None) };
    let mut body = Vec::new();
    if length > LARGEST {
        io::copy(&mut input.take(length), &mut io::sink())?;
        return Ok(Some(broken(Value::Null, ErrorCode::InvalidRequest, "the message is too large")));
    }
    if (input.take(length).read_to_end(&mut body)? as u64) < length {
        return Ok(None);
    }
    let value: Value = match serde_json::from_slice(&body) {
        Ok(value) => value,
        Err(error) => return Ok(Some(broken(Value::Null, ErrorCode::ParseError, &format!("this is no JSON: {error}")))),
    };
    let id = value.get("id").filter(|id| id.is_i64() || id.is_string()).cloned().unwrap_or_default();
    Ok(Some(
        serde_json::from_value(value)
            .map_or_else(|_| broken(id, ErrorCode::InvalidRequest, "this is no request, no answer and no notification"), Received::Message),
    ))
}

/// How long the next message is. Lines that are no header are passed over.
fn header(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.take(LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        match (line.trim(), length) {
            ("", Some(length)) => return Ok(Some(length)),
            (line, _) => {
                let named = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
                length = named.and_then(|(_, value)| value.trim().parse().ok()).or(length);
            }
        }
    }
}

fn broken(id: Value, code: ErrorCode, message: &str) -> Received {
    Received::Broken(json!({"jsonrpc": "2.0", "id": id, "error": {"code": code as i32, "message": message}}))
}

/// What is written.
enum Out {
    Message(Message),
    Raw(Value),
    End,
}

/// Where messages go: one thread writes them, whoever sends them. Each request is answered once.
#[derive(Clone)]
pub(super) struct Outbox {
    out: mpsc::Sender<Out>,
    open: Arc<Mutex<HashSet<RequestId>>>,
}

/// What a request is answered where it cannot be answered.
#[derive(Clone, Debug)]
pub(super) struct Fail {
    code: ErrorCode,
    message: String,
}

impl Fail {
    /// What was asked for cannot be done, and why, in a sentence for the user.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::RequestFailed, message: message.into() }
    }

    /// What was asked is no question.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::InvalidParams, message: message.into() }
    }

    /// The text has changed meanwhile.
    pub(super) fn outdated() -> Self {
        Self { code: ErrorCode::ContentModified, message: "the text has changed meanwhile".to_owned() }
    }

    /// The program itself failed.
    pub(super) fn internal(message: &str) -> Self {
        Self { code: ErrorCode::InternalError, message: format!("haproxy-lint itself failed here: {message}") }
    }

    /// Nobody knows this method.
    pub(super) fn unknown(method: &str) -> Self {
        Self { code: ErrorCode::MethodNotFound, message: format!("there is no request `{method}`") }
    }

    /// It is too early.
    pub(super) fn uninitialized() -> Self {
        Self { code: ErrorCode::ServerNotInitialized, message: "`initialize` comes first".to_owned() }
    }

    /// It is too late, or comes twice.
    pub(super) fn misplaced(message: &str) -> Self {
        Self { code: ErrorCode::InvalidRequest, message: message.to_owned() }
    }
}

/// What a request is answered.
pub(super) type Answer<T = Value> = std::result::Result<T, Fail>;

impl Outbox {
    /// Writes to standard output from now on. The thread ends once [`Outbox::end`] was said, or nobody reads any more.
    pub(super) fn to_stdout() -> (Self, JoinHandle<()>) {
        let (out, messages) = mpsc::channel();
        let writer = thread::spawn(move || {
            let mut stdout = io::stdout().lock();
            for message in messages {
                let written = match message {
                    Out::Message(message) => message.write(&mut stdout),
                    Out::Raw(value) => raw(&mut stdout, &value),
                    Out::End => break,
                };
                if written.is_err() {
                    break;
                }
            }
        });
        (Self { out, open: Arc::default() }, writer)
    }

    fn send(&self, message: Out) {
        // Where nobody writes any more, nobody reads.
        let _ = self.out.send(message);
    }

    /// Nothing is written from now on.
    pub(super) fn end(&self) {
        self.send(Out::End);
    }

    /// A request came in.
    pub(super) fn expects(&self, id: &RequestId) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone());
    }

    /// Answers a request, unless it was answered.
    pub(super) fn answer(&self, id: RequestId, answer: Answer) {
        if self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&id) {
            let response = match answer {
                Ok(value) => Response::new_ok(id, value),
                Err(Fail { code, message }) => Response::new_err(id, code as i32, message),
            };
            self.send(Out::Message(response.into()));
        }
    }

    /// The client does not want to know any more.
    pub(super) fn cancel(&self, id: RequestId) {
        self.answer(id, Err(Fail { code: ErrorCode::RequestCanceled, message: "canceled by the client".to_owned() }));
    }

    /// Whether somebody still waits for this answer.
    pub(super) fn is_open(&self, id: &RequestId) -> bool {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).contains(id)
    }

    /// Tells something.
    pub(super) fn notify<N: lsp::Notification>(&self, params: N::Params) {
        self.send(Out::Message(Message::Notification(lsp_server::Notification::new(N::METHOD.as_str().to_owned(), params))));
    }

    /// Asks for something whose answer says nothing new.
    pub(super) fn ask<R: lsp::Request>(&self, id: &str, params: R::Params) {
        let request = lsp_server::Request::new(id.to_owned().into(), R::METHOD.as_str().to_owned(), params);
        self.send(Out::Message(Message::Request(request)));
    }

    /// Answers what was no message.
    pub(super) fn complain(&self, value: Value) {
        self.send(Out::Raw(value));
    }
}

fn raw(out: &mut impl Write, value: &Value) -> io::Result<()> {
    let text = value.to_string();
    write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read, in short.
    fn all(bytes: &[u8]) -> Vec<String> {
        let mut input = bytes;
        let mut found = Vec::new();
        while let Some(received) = read(&mut input).unwrap() {
            found.push(match received {
                Received::Message(Message::Request(request)) => request.method,
                Received::Message(_) => "another".to_owned(),
                Received::Broken(value) => format!("{} {}", value["id"], value["error"]["code"]),
            });
        }
        found
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn what_is_broken_is_told_and_passed_over() {
        let good = framed(r#"{"jsonrpc":"2.0","id":1,"method":"good"}"#);
        let odd = framed(r#"{"id":7,"foo":1}"#);
        let text = format!("{good}{}{odd}noise\r\n\r\n{good}", framed("{nonsense"));
        assert_eq!(all(text.as_bytes()), ["good", "null -32700", "7 -32600", "good"]);
        assert!(all(b"Content-Length: 99999999999999\r\n\r\n{}").len() <= 1);
        assert!(all(b"Content-Length: 10\r\n\r\n{}").is_empty());
        assert!(all(&[b'x'; 100_000]).is_empty());
        assert_eq!(all(framed(&"[".repeat(100_000)).as_bytes()), ["null -32700"]);
    }
}
