"""``gruscope [FILE]``: finds a free port, says where it is, and serves until stopped."""

from __future__ import annotations

import argparse
import ctypes
import errno
import ipaddress
import logging
import os
import re
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from gruscope import __version__
from gruscope.cli.refusal import Refusal, Unreadable
from gruscope.settings import Settings

if TYPE_CHECKING:
    from gruscope.documents.library import Library

TOKEN = re.compile(r"[A-Za-z0-9._~-]{16,256}")


def run(arguments: Sequence[str]) -> int:
    """Serve the page until stopped; return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    for option in ("vocab", "alphabet", "input"):
        if getattr(options, option) is not None and options.file is None:
            parser.error(f"--{option} is for the network of a FILE")
    signal.signal(signal.SIGTERM, _stop)
    return _serve(options)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gruscope",
        description="See inside a GRU while it runs.",
        epilog="Other commands: gruscope train, gruscope eval, gruscope sample; each has --help.",
    )
    default = Settings()
    add = parser.add_argument
    add(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="model to open: .safetensors, .pt, .pth, .onnx, .keras, .h5, .npz or .json",
    )
    add("--network", metavar="NAME", help="which network to open, of FILE or of the gallery")
    add("--vocab", type=Path, metavar="FILE", help="tokens of its embedding: JSON, or one a line")
    add("--alphabet", metavar="TEXT", help="its characters, one for each token or input, in order")
    add("--input", type=Path, metavar="FILE", help="its input: .csv, .npy, .txt or .wav")
    add("--host", default=default.host, help="address to listen on (default: %(default)s)")
    add("--port", type=_port, help=f"port (default: {default.port} or the next free one)")
    add("--no-browser", action="store_true", help="don't open the page in a browser")
    add("--token-file", type=Path, metavar="FILE", help="file with the token to require")
    add(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="another name, or name:port, of this server; may be repeated",
    )
    add("--no-uploads", action="store_true", help="do not let pages open model files")
    add("--no-training", action="store_true", help="do not let pages train networks")
    add("--version", action=_Version, nargs=0, help="print the version, and what computes")
    return parser


class _Version(argparse.Action):
    """Prints the version and ends."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from gru_core.compiled.kernels import engine  # NumPy must see the environment

        print(f"gruscope {__version__} ({engine()})")
        parser.exit()


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65535, got {text!r}")
    return int(text)


def _serve(options: argparse.Namespace) -> int:
    library = _library(options)
    opens = _opens(options)
    listener = _listen(options.host, options.port)
    host, port = listener.getsockname()[:2]
    loopback = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    token = _given_token(options.token_file)
    made = token is None and not loopback
    settings = replace(
        Settings(),
        host=options.host,
        port=port,
        loopback=loopback,
        allowed_hosts=tuple(options.allowed_host),
        opens=opens,
        uploads=not options.no_uploads,
        trainings_at_once=0 if options.no_training else Settings().trainings_at_once,
        token=secrets.token_urlsafe(24) if made else token,
    )
    url = f"http://{_shown_host(host)}:{port}/"
    private = f"{url}?token={settings.token}" if settings.token else url
    print(f"gruscope {__version__} at {private if made else url} (Ctrl-C stops it)", flush=True)
    if _opens_browser(options.no_browser):
        threading.Thread(target=webbrowser.open, args=(private,), daemon=True).start()
    _run(settings, listener, library)
    return 0


def _opens(options: argparse.Namespace) -> str:
    """Return the network of the gallery that the page opens first."""
    if options.file is not None or options.network is None:
        return Settings().opens
    from gruscope.content.networks import gallery_names  # NumPy must see the environment

    name: str = options.network
    if name not in (known := gallery_names()):
        raise Unreadable(f"--network: expected one of {', '.join(known)}, got {name!r}")
    return name


def _library(options: argparse.Namespace) -> Library | None:
    """Return the networks of the model file, if there is one: nobody else opens model files."""
    path: Path | None = options.file
    if path is None:
        return None
    from gruscope.documents.files.command import (
        UnreadableError,
        open_file,
    )  # NumPy must see the environment
    from gruscope.documents.library import Library

    settings = Settings()
    try:
        entry, notes = open_file(
            path, options.network, options.vocab, options.alphabet, options.input, settings
        )
    except UnreadableError as error:
        raise Unreadable(str(error)) from None
    for note in notes:
        print(f"gruscope: {note}", file=sys.stderr)
    return Library(entry, settings.upload_bytes, settings.upload_seconds)


def _allow_files(wanted: int) -> None:
    """Allow as many open files as the connections need; some systems allow only 256."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _free_at_once() -> None:
    """Make glibc return large arrays to the system when they are freed.

    By default, once glibc has freed a block of up to 32 MB it keeps later blocks of that size, so
    a server that was busy for a minute stays large for days.
    """
    with suppress(OSError, TypeError, AttributeError):  # another C library, or none
        mmap_threshold = -3
        ctypes.CDLL(None).mallopt(mmap_threshold, 1 << 20)


def _run(settings: Settings, listener: socket.socket, library: Library | None) -> None:
    _allow_files(2 * settings.connections + 100)
    _free_at_once()
    # With the default of 5 ms, compute threads would delay the event loop.
    sys.setswitchinterval(5e-4)
    # Browsers also send the cookies of other servers that ran on localhost.
    os.environ.setdefault("WEBSOCKETS_MAX_LINE_LENGTH", str(settings.head_bytes))
    import uvicorn  # websockets reads the environment when it is imported

    from gruscope.web.server import create_app

    config = uvicorn.Config(
        create_app(settings, library),
        log_level="warning",
        access_log=False,
        server_header=False,
        loop="asyncio",
        http="h11",  # httptools does not bound the head of a request
        h11_max_incomplete_event_size=settings.head_bytes,
        ws_max_size=settings.socket_bytes,
        ws_max_queue=settings.socket_queue,
        ws_per_message_deflate=False,
        limit_concurrency=settings.connections,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_defect)
    uvicorn.Server(config).run(sockets=[listener])


def _is_defect(record: logging.LogRecord) -> bool:
    """Return whether a log entry is worth showing: uvicorn logs refused WebSockets as errors."""
    return "without completing handshake" not in record.getMessage()


def _listen(host: str, port: int | None) -> socket.socket:
    """Return a socket bound to the port, or by default to the first free one from 8017."""
    if port is not None:
        return _bind(host, port)
    default = Settings().port
    for candidate in (*range(default, default + 1 + Settings().next_ports), 0):
        try:
            listener = _bind(host, candidate)
        except PortBusy:
            continue
        if candidate != default:
            print(f"port {default} is busy, using {listener.getsockname()[1]}", flush=True)
        return listener
    raise AssertionError("port 0 is never busy")


class PortBusy(Refusal):
    """Another program listens on the port."""


def _bind(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise Refusal(f"expected a host to listen on, got {host!r}: {error.strerror}") from None
    family, kind, protocol, _, address = min(found, key=lambda f: f[0] != socket.AF_INET)
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # else closing waits for ever if a client does not read
        stalled = int(1000 * Settings().send_seconds)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, stalled)
    try:
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortBusy(
                f"port {port} of {host} is busy; try --port 0 for any free one"
            ) from None
        raise Refusal(f"cannot listen on {host}:{port}: {error.strerror}") from None
    return listener


def _given_token(path: Path | None) -> str | None:
    """Return the token of the file or the environment, checked."""
    if path is None:
        token, source = os.environ.get("GRUSCOPE_TOKEN") or None, "GRUSCOPE_TOKEN"
    else:
        source = str(path)
        try:
            token = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(f"cannot read the token file {path}: {error}") from None
    if token is not None and not TOKEN.fullmatch(token):
        raise Refusal(f"{source} must contain a token of 16 to 256 letters, digits, - . _ ~")
    return token


def _shown_host(host: str) -> str:
    """Return a host for the URL; an unspecified address becomes loopback."""
    address = ipaddress.ip_address(host.partition("%")[0])
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return host if address.version == 4 else f"[{host}]"


def _opens_browser(refused: bool) -> bool:
    """Return whether there is a terminal, and a display to open a page on."""
    if refused or not sys.stdout.isatty():
        return False
    displays = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform != "linux" or any(os.environ.get(name) for name in displays)
