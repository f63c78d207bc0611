use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::Path;

use caps_core::replies::Conversation;
use caps_core::serve::{Server, ServerBuilder};

use crate::support::{Peer, capture};

fn builder(socket: &Path) -> ServerBuilder {
    Server::builder(&capture("7.2.22_x86_64")).socket(socket)
}

fn refused(builder: ServerBuilder) -> String {
    builder.start().expect_err("a refused socket").to_string()
}

#[test]
fn the_socket_is_gone_afterwards() {
    let private = Server::builder(&capture("7.2.22_x86_64")).start().expect("a server");
    let path = private.socket().to_owned();
    let dir = path.parent().expect("a directory").to_owned();
    assert!(path.exists());
    drop(private);
    assert!(!path.exists() && !dir.exists());

    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("qmp");
    let server = builder(&path).start().expect("a server");
    drop(Peer::negotiated(server.socket()));
    drop(server);
    assert!(!path.exists());
}

#[test]
fn a_socket_of_another_server_is_left_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("qmp");
    let first = builder(&path).start().expect("a server");
    let message = format!("another server already listens on the socket `{}`", path.display());
    assert_eq!(refused(builder(&path)), message);
    assert_eq!(refused(builder(&path).replace_stale()), message);
    fs::remove_file(&path).expect("a socket");
    let second = builder(&path).start().expect("a server");
    drop(first);
    drop(Peer::negotiated(second.socket()));
}

#[test]
fn a_socket_without_server_is_replaced_only_when_asked() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("qmp");
    drop(UnixListener::bind(&path).expect("a socket"));
    assert_eq!(
        refused(builder(&path)),
        format!(
            "the socket `{}` exists, but nothing listens on it: remove it, or request its replacement",
            path.display()
        )
    );
    drop(Peer::negotiated(builder(&path).replace_stale().start().expect("a server").socket()));
}

#[test]
fn other_paths_are_refused_for_what_they_are() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("file");
    fs::write(&file, "precious").expect("a file");
    let not_a_socket = format!("`{}` exists and is not a socket", file.display());
    assert_eq!(refused(builder(&file).replace_stale()), not_a_socket);
    assert_eq!(fs::read_to_string(&file).expect("the file"), "precious");
    assert_eq!(
        refused(builder(dir.path())),
        format!("`{}` exists and is not a socket", dir.path().display())
    );
    let nowhere = dir.path().join("no/such/directory");
    let message = format!("can't listen on the socket `{}`", nowhere.display());
    assert_eq!(refused(builder(&nowhere)), message);
    let long = dir.path().join("x".repeat(120));
    let length = long.as_os_str().len();
    let message = refused(builder(&long));
    assert!(message.ends_with(&format!("has {length} bytes, expected at most 107")), "{message}");
}

#[test]
fn the_longest_path_that_fits_is_listened_on() {
    let dir = tempfile::tempdir().expect("a directory");
    let longest = if cfg!(target_os = "linux") { 107 } else { 103 };
    let room = longest - dir.path().as_os_str().len() - 1;
    let path = dir.path().join("x".repeat(room));
    drop(Peer::negotiated(builder(&path).start().expect("a server").socket()));
    let message = refused(builder(&dir.path().join("x".repeat(room + 1))));
    assert!(message.contains("expected at most"), "{message}");
}

/// Whatever does not refuse connections as a socket without server does is left alone.
#[test]
fn sockets_of_other_kinds_are_in_use() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("socket");
    let datagrams = UnixDatagram::bind(&path).expect("a socket");
    let message = format!("another server already listens on the socket `{}`", path.display());
    assert_eq!(refused(builder(&path).replace_stale()), message);
    assert!(path.exists());
    drop(datagrams);
}

#[test]
fn sockets_that_no_one_may_connect_to_are_left_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("socket");
    let listener = UnixListener::bind(&path).expect("a socket");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).expect("permissions");
    let message = refused(builder(&path).replace_stale());
    let is_allowed = UnixStream::connect(&path).is_ok();
    let expected = if is_allowed {
        eprintln!("the user may connect to any socket, so the refusal could not be seen");
        format!("another server already listens on the socket `{}`", path.display())
    } else {
        format!("can't listen on the socket `{}`", path.display())
    };
    assert_eq!(message, expected);
    drop(listener);
}

/// The file system says why, not that there is no file.
#[test]
#[cfg(target_os = "linux")]
fn directories_that_take_no_sockets_say_why() {
    use std::error::Error as _;

    let error = builder(Path::new("/sys/qemu-caps.socket")).start().expect_err("no socket");
    let cause = error.source().expect("a cause").downcast_ref::<std::io::Error>();
    let kind = cause.expect("an error of the system").kind();
    assert!(kind != std::io::ErrorKind::NotFound, "{error}: {kind}");
}

#[test]
fn a_number_of_connections_ends_the_server() {
    let server = Server::builder(&capture("7.2.22_x86_64")).connections(2).start().expect("one");
    let path = server.socket().to_owned();
    drop(Peer::negotiated(&path));
    drop(Peer::negotiated(&path));
    server.wait().expect("a server that ends");
    assert!(!path.exists());
}

#[test]
fn captures_that_cannot_be_served_are_refused() {
    let capabilities =
        "{\"execute\":\"qmp_capabilities\",\"id\":\"x\"}\n\n{\"return\":{},\"id\":\"x\"}\n";
    let version = "\n{\"execute\":\"query-version\",\"id\":\"x\"}\n\n{\"return\":{\"qemu\":\
                   {\"major\":9,\"minor\":0,\"micro\":0},\"package\":\"\"},\"id\":\"x\"}\n";
    for (text, error) in [
        (
            capabilities.to_owned(),
            "can't greet: the capture has no successful `query-version`, and no version was given",
        ),
        ([capabilities, version].concat(), "can't determine which commands exist"),
        (
            [capabilities, "\n{\"execute\":\"x\",\"id\":\"x\"}\n\n{\"id\":\"x\"}\n"].concat(),
            "line 7: expected the reply to `x` with `return` or `error`, found an object with `id`",
        ),
    ] {
        let conversation = Conversation::parse(&text).expect("a conversation");
        assert_eq!(refused(Server::builder(&conversation)), error);
    }
}
