use std::io;
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::event::PollFlags;
use tempfile::TempDir;

use super::canned::CannedAnswers;
use super::connection::{Connection, Limits};
use super::error::ServeError;
use super::recording::{Recording, SessionChoice};
use super::socket::Socket;
use super::wire;
use crate::json::JsonError;
use crate::qmp::client::wait::{Woken, wait};
use crate::replies::Conversation;
use crate::version::Version;

/// A QMP server that answers from a capture in its own thread. Dropping it stops it.
///
/// ```
/// use caps_core::replies::Conversation;
/// use caps_core::serve::Server;
/// # let capture = "{\"execute\": \"qmp_capabilities\", \"id\": \"libvirt-1\"}\n\n\
/// #                {\"return\": {}, \"id\": \"libvirt-1\"}\n\n\
/// #                {\"execute\": \"query-version\", \"id\": \"libvirt-2\"}\n\n\
/// #                {\"return\": {\"qemu\": {\"micro\": 0, \"minor\": 0, \"major\": 10}, \"package\": \"\"},\n\
/// #                \"id\": \"libvirt-2\"}\n\n\
/// #                {\"execute\": \"query-qmp-schema\", \"id\": \"libvirt-3\"}\n\n\
/// #                {\"return\": [], \"id\": \"libvirt-3\"}\n";
///
/// let server = Server::builder(&Conversation::parse(capture)?).start()?;
/// let stream = std::os::unix::net::UnixStream::connect(server.socket())?;
/// // Give the stream, or the path, to the client under test.
/// # drop(stream);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Server {
    path: PathBuf,
    connection: Arc<Connection>,
    write_timeout: Duration,
    idle_timeout: Duration,
    stop: StopHandle,
    /// Becomes readable when the server is asked to stop.
    stopped: UnixStream,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
    /// The directory of the socket, if no path was given.
    _dir: Option<TempDir>,
}

/// Stops a [`Server`] from elsewhere, such as another thread or a signal handler.
#[derive(Debug, Clone)]
pub struct StopHandle {
    end: Arc<UnixStream>,
}

impl StopHandle {
    /// Asks the server to stop, without waiting; a connected client is cut off.
    pub fn stop(&self) {
        // If the other end is closed, the server has already stopped.
        let _ = self.end.shutdown(Shutdown::Both);
    }
}

/// Configures a [`Server`].
#[derive(Debug, Clone)]
pub struct ServerBuilder {
    conversation: Conversation,
    socket: Option<PathBuf>,
    replace: bool,
    answers: CannedAnswers,
    sessions: SessionChoice,
    version: Option<Version>,
    connections: Option<u64>,
    write_timeout: Duration,
    idle_timeout: Duration,
}

impl ServerBuilder {
    /// Sets the path to listen on. Defaults to a socket in a private temporary directory.
    #[must_use]
    pub fn socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.socket = Some(path.into());
        self
    }

    /// Replaces a stale socket that nothing listens on.
    #[must_use]
    pub fn replace_stale(mut self) -> Self {
        self.replace = true;
        self
    }

    /// Sets answers to commands that the capture doesn't answer, or answers differently.
    #[must_use]
    pub fn answers(mut self, answers: CannedAnswers) -> Self {
        self.answers = answers;
        self
    }

    /// Sets the session to answer connections from.
    #[must_use]
    pub fn sessions(mut self, choice: SessionChoice) -> Self {
        self.sessions = choice;
        self
    }

    /// Sets the version for the greeting of a capture without `query-version`.
    #[must_use]
    pub fn version(mut self, version: Version) -> Self {
        self.version = Some(version);
        self
    }

    /// Stops the server after this many connections.
    #[must_use]
    pub fn connections(mut self, connections: u64) -> Self {
        self.connections = Some(connections);
        self
    }

    /// Sets how long a client may leave its answers unread before it is disconnected; 30 seconds by
    /// default.
    #[must_use]
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.write_timeout = timeout;
        self
    }

    /// Sets how long a client may send no complete message before it is disconnected in favor of
    /// another one that waits; one minute by default.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Starts listening, and serves clients one at a time in a thread.
    ///
    /// # Errors
    ///
    /// Fails if the capture can't be served or the socket can't be created.
    pub fn start(self) -> Result<Server, ServeError> {
        let recording =
            Recording::new(&self.conversation, self.answers, self.sessions, self.version)?;
        let (path, dir) = if let Some(path) = self.socket {
            (path, None)
        } else {
            let dir = tempfile::Builder::new().prefix("qmp-").tempdir();
            let dir = dir.map_err(ServeError::Start)?;
            (dir.path().join("qmp.sock"), Some(dir))
        };
        let socket = Socket::bind(&path, self.replace)?;
        // Shutting down one end makes the other readable, which wakes every wait of the thread.
        let (end, stopped) = UnixStream::pair().map_err(ServeError::Start)?;
        let connection = Arc::new(Connection::default());
        let acceptor = Acceptor {
            socket,
            path: path.clone(),
            recording: Arc::new(recording),
            connection: Arc::clone(&connection),
            stop: stopped.try_clone().map_err(ServeError::Start)?,
            connections: self.connections,
            write_timeout: self.write_timeout,
            idle_timeout: self.idle_timeout,
        };
        let thread = thread::Builder::new()
            .name("qmp server".to_owned())
            .spawn(move || acceptor.run())
            .map_err(ServeError::Start)?;
        Ok(Server {
            path,
            connection,
            write_timeout: self.write_timeout,
            idle_timeout: self.idle_timeout,
            stop: StopHandle { end: Arc::new(end) },
            stopped,
            thread: Some(thread),
            _dir: dir,
        })
    }
}

impl Server {
    /// Configures a server that answers from this conversation.
    pub fn builder(conversation: &Conversation) -> ServerBuilder {
        ServerBuilder {
            conversation: conversation.clone(),
            socket: None,
            replace: false,
            answers: CannedAnswers::default(),
            sessions: SessionChoice::default(),
            version: None,
            connections: None,
            write_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(60),
        }
    }

    /// The path of the socket.
    pub fn socket(&self) -> &Path {
        &self.path
    }

    /// Sends an event to the connected client; `data` is a JSON object. As in QEMU, a client that
    /// hasn't completed negotiation misses the event; the result is then `false`.
    ///
    /// # Errors
    ///
    /// Fails if the data is not JSON.
    pub fn send_event(&self, name: &str, data: Option<&str>) -> Result<bool, JsonError> {
        let data = data.map(wire::spelled).transpose()?;
        let limits = Limits {
            stop: &self.stopped,
            write_timeout: self.write_timeout,
            idle_timeout: self.idle_timeout,
        };
        Ok(self.connection.send_event(&wire::event(name, data.as_deref()), &limits))
    }

    /// A handle to stop the server from elsewhere.
    pub fn stop_handle(&self) -> StopHandle {
        self.stop.clone()
    }

    /// Waits until the server has stopped: by its [`StopHandle`], or after the last of a limited
    /// number of connections. Its socket is removed by then.
    ///
    /// # Errors
    ///
    /// Fails if the system refused to accept further clients.
    pub fn wait(mut self) -> Result<(), ServeError> {
        self.join()
    }

    /// Stops the server and waits until it has stopped.
    ///
    /// # Errors
    ///
    /// Fails if the system refused to accept further clients.
    pub fn stop(mut self) -> Result<(), ServeError> {
        self.stop.stop();
        self.join()
    }

    fn join(&mut self) -> Result<(), ServeError> {
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => Ok(()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            // The panic was printed already and must not turn into an abort here.
            let _ = thread.join();
        }
    }
}

/// The thread that accepts clients.
struct Acceptor {
    socket: Socket,
    path: PathBuf,
    recording: Arc<Recording>,
    connection: Arc<Connection>,
    stop: UnixStream,
    connections: Option<u64>,
    write_timeout: Duration,
    idle_timeout: Duration,
}

impl Acceptor {
    fn run(self) -> Result<(), ServeError> {
        let failed = |source| ServeError::Listen { path: self.path.clone(), source };
        let limits = Limits {
            stop: &self.stop,
            write_timeout: self.write_timeout,
            idle_timeout: self.idle_timeout,
        };
        let mut left = self.connections;
        while left != Some(0) {
            let listener = &self.socket.listener;
            let woken = wait(&[(listener.as_fd(), PollFlags::IN)], None, Some(self.stop.as_fd()));
            if woken.map_err(failed)? != Woken::Ready {
                break;
            }
            match listener.accept() {
                Ok((stream, _)) => {
                    // A client counts when it connects, even if it leaves at once.
                    left = left.map(|left| left - 1);
                    self.connection.serve(stream, listener, Arc::clone(&self.recording), &limits);
                }
                Err(error) => of_client(error).map_err(failed)?,
            }
        }
        Ok(())
    }
}

/// Fails unless accepting failed only because the client is already gone.
fn of_client(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::WouldBlock
        | io::ErrorKind::Interrupted
        | io::ErrorKind::ConnectionAborted => Ok(()),
        _ => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::thread;

    use super::{Server, of_client};
    use crate::replies::Conversation;
    use crate::serve::ServeError;
    use crate::version::Version;

    #[test]
    fn stopping_tells_why_a_server_had_stopped_already() {
        let text = "{\"execute\": \"query-qmp-schema\"}\n\n{\"return\": []}\n";
        let conversation = Conversation::parse(text).expect("a conversation");
        let version = Version::new(10, 0, 0).expect("a version");
        let mut server = Server::builder(&conversation).version(version).start().expect("a server");
        server.stop.stop();
        server.join().expect("a server that stops");
        let path = server.socket().to_owned();
        server.thread = Some(thread::spawn(|| {
            Err(ServeError::Listen { path, source: ErrorKind::OutOfMemory.into() })
        }));
        assert!(matches!(server.stop(), Err(ServeError::Listen { .. })));
    }

    #[test]
    fn only_the_loss_of_a_client_is_survived() {
        for error in [ErrorKind::WouldBlock, ErrorKind::Interrupted, ErrorKind::ConnectionAborted] {
            assert!(of_client(error.into()).is_ok(), "{error}");
        }
        for error in [ErrorKind::InvalidInput, ErrorKind::OutOfMemory, ErrorKind::Other] {
            assert!(of_client(error.into()).is_err(), "{error}");
        }
    }
}
