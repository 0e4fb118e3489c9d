//! Asks a running HAProxy over its stats socket or its master's: only questions, in bounded time and size.

use std::{
    io::{ErrorKind, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    os::unix::net::UnixStream,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use haproxy_lint::runtime::{MAX_BYTES, parse};

/// A socket of a HAProxy.
#[derive(Clone, Debug)]
pub(crate) struct Socket {
    /// As it was given.
    pub(crate) name: String,
    path: String,
    /// `@1 ` for a worker behind a master socket.
    prefix: String,
}

impl Socket {
    /// `PATH`, `HOST:PORT`, and either with `@1` in front: the worker of that number behind a master socket.
    pub(crate) fn new(text: &str) -> Self {
        let (prefix, path) = match text.strip_prefix('@').and_then(|rest| rest.split_once([':', ' ', '@'])) {
            Some((worker, path)) => (format!("@{worker} "), path),
            None => (String::new(), text),
        };
        Self { name: text.to_owned(), path: path.to_owned(), prefix }
    }

    /// The answers to `show peers`, the heads of the tables and `show info`.
    pub(crate) fn ask(&self, timeout: Duration) -> Result<String, String> {
        let end = Instant::now() + timeout;
        let peers = self.command("show peers", end)?;
        // Without a `peers` section HAProxy still sends a line feed.
        if peers.is_empty() {
            return Err("it answered nothing to `show peers`".to_owned());
        }
        let known = ["Unknown command", "Permission denied", "Can't find"];
        if let Some(words) = known.iter().find(|w| peers.trim_start().starts_with(**w)) {
            return Err(format!("it answers `{words}` to `show peers`"));
        }
        if parse(&peers).is_none() {
            let begins: String = peers.trim().chars().filter(|c| !c.is_control()).take(40).collect();
            return Err(format!("it answers {begins:?} to `show peers`: that is no HAProxy"));
        }
        // What is not answered here is not missed: old versions, and sockets that allow one question.
        let more = ["show table", "show info"].map(|c| self.command(c, end).unwrap_or_default());
        Ok(format!("$ show peers\n{peers}\n$ show table\n{}\n$ show info\n{}", more[0], more[1]))
    }

    fn command(&self, command: &str, end: Instant) -> Result<String, String> {
        let line = format!("{}{command}\n", self.prefix);
        match self.path.contains('/') || !self.path.contains(':') {
            true => {
                let path = self.path.strip_prefix("unix@").unwrap_or(&self.path).to_owned();
                // A socket whose queue is full keeps `connect` waiting: a thread may, this one may not.
                let stream = within(end, move || UnixStream::connect(path))?;
                let set = |left| stream.set_read_timeout(left).and_then(|()| stream.set_write_timeout(left));
                talk(&stream, &stream, &set, &line, end)
            }
            false => {
                let path = self.path.clone();
                let stream = within(end, move || {
                    let mut last = std::io::Error::new(ErrorKind::NotFound, "the name leads nowhere");
                    for address in path.to_socket_addrs()? {
                        match TcpStream::connect(address) {
                            Ok(stream) => return Ok(stream),
                            Err(error) => last = error,
                        }
                    }
                    Err(last)
                })?;
                let set = |left| stream.set_read_timeout(left).and_then(|()| stream.set_write_timeout(left));
                talk(&stream, &stream, &set, &line, end)
            }
        }
    }
}

/// Does something that may block for good, and waits no longer than until `end`.
pub(crate) fn within<T: Send + 'static>(end: Instant, work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, String> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let _ = send.send(work());
    });
    match receive.recv_timeout(end.saturating_duration_since(Instant::now())) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("it does not answer in time".to_owned()),
    }
}

type SetTimeout<'s> = &'s dyn Fn(Option<Duration>) -> std::io::Result<()>;

fn talk(mut read: impl Read, mut write: impl Write, set: SetTimeout<'_>, line: &str, end: Instant) -> Result<String, String> {
    let left = || end.checked_duration_since(Instant::now()).filter(|d| !d.is_zero()).ok_or("it does not answer in time".to_owned());
    set(Some(left()?)).map_err(|e| e.to_string())?;
    // Who closes at once may have said something before, or nothing.
    match write.write_all(line.as_bytes()) {
        Err(error) if !matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => return Err(error.to_string()),
        _ => {}
    }
    let (mut text, mut part) = (Vec::new(), vec![0; 64 << 10]);
    loop {
        set(Some(left()?)).map_err(|e| e.to_string())?;
        match read.read(&mut part) {
            Ok(0) => break,
            Ok(count) => text.extend_from_slice(&part[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err("it does not answer in time".to_owned());
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Who closes with bytes of ours unread resets the connection; what came before counts.
            Err(error) if !text.is_empty() || error.kind() == ErrorKind::ConnectionReset => break,
            Err(error) => return Err(error.to_string()),
        }
        if text.len() > MAX_BYTES {
            return Err(format!("it answers more than {} MB: that is no HAProxy", MAX_BYTES >> 20));
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}
