"""A session, and the messages of a page."""

from typing import Any

from gruscope.documents.library import EMPTY, Library
from gruscope.session.budget import Budget
from gruscope.session.protocol import CLIENT
from gruscope.session.session import Session
from gruscope.settings import Settings
from gruscope.wire.messages import ClientMessage
from tests.app.support import LATCH


def message(**fields: Any) -> ClientMessage:
    return CLIENT.validate_python(fields)


def opening(document: dict[str, Any] = LATCH, run: int = 1, **extra: Any) -> ClientMessage:
    return message(type="open", run=run, document=document, **extra)


def editing(run: int, change: dict[str, Any], keep: int = 0) -> ClientMessage:
    return message(type="edit", run=run, keep=keep, change=change)


def session(library: Library = EMPTY, **limits: Any) -> Session:
    """Return a session whose spans are as long on a busy machine as on an idle one."""
    limits = {"span_milliseconds": 1e4, **limits}
    return Session(Settings(**limits), Budget(1 << 40, "bytes"), library)


LAYER = {"layer": "0", "direction": "forward"}
"""How the metadata of every frame name the one layer that a document has."""
