"""The server's exceptions, and their conversion to wire errors.

Refused(code, field, message)      refused by the server
gru_core.CoreError                 refused by gru_core
anything else                      a defect: logged with its traceback, sent as ``internal``
"""

from __future__ import annotations

import logging

from gru_core.errors import AlphabetError, CoreError, RangeError, ShapeError
from gruscope.wire.messages import ErrorCode, ErrorMessage

logger = logging.getLogger("gruscope")

LONGEST = 400

CORE_CODES: tuple[tuple[type[CoreError], ErrorCode], ...] = (
    (AlphabetError, "alphabet"),
    (ShapeError, "shape"),
    (RangeError, "range"),
)

STATUS: dict[ErrorCode, int] = {
    "json": 400,
    "message": 422,
    "binary": 400,
    "too_large": 413,
    "no_document": 409,
    "no_training": 409,
    "stale_run": 409,
    "shape": 422,
    "range": 422,
    "alphabet": 422,
    "length": 422,
    "overflow": 422,
    "busy": 503,
    "internal": 500,
    "host": 403,
    "origin": 403,
    "token": 401,
    "not_found": 404,
    "method": 405,
    "media_type": 415,
}


class Refused(Exception):
    """A message or request that the server refuses.

    Parameters
    ----------
    code : str
        One of the wire's error codes.
    field : str or None
        The path of the offending part, such as ``"change.insert.0.row"``.
    message : str
        What was expected and what came.
    """

    def __init__(self, code: ErrorCode, field: str | None, message: str) -> None:
        super().__init__(code, field, message)
        self.code = code
        self.field = field
        self.message = message

    def __str__(self) -> str:
        return self.message

    def under(self, path: str) -> Refused:
        """Return the error with a path in front of its field: ``row`` becomes ``edits.3.row``."""
        if self.field is None or not path:
            return self
        field = f"{path}.{self.field}"
        message = self.message
        if message.startswith(self.field):
            message = field + message.removeprefix(self.field)
        return Refused(self.code, field, message)


class Misapplied(Exception):
    """An edit that cannot be applied; the caller knows the path of its list and adds it."""

    def __init__(self, index: int, refused: Refused) -> None:
        super().__init__(index, refused)
        self.index = index
        self.refused = refused


def refuse(code: ErrorCode, field: str, expected: object, got: object) -> Refused:
    """Return a `Refused` with the usual wording.

    Examples
    --------
    >>> str(refuse("range", "row", "be less than 16", 16))
    'row must be less than 16, got 16'
    """
    return Refused(code, field, f"{field} must {expected}, got {got}")


def outgrown(error: RangeError) -> Refused:
    """Return an overflow during a run as `Refused`, with a code that blames no document."""
    return Refused("overflow", error.field, str(error))


def wire_error(error: Exception, run: int | None = None, id: int | None = None) -> ErrorMessage:
    """Return the wire's form of any exception."""
    if isinstance(error, Refused):
        code, field, message = error.code, error.field, error.message
    elif isinstance(error, CoreError):
        code, field, message = _core_code(error), error.field, str(error)
    else:
        logger.error("unexpected error", exc_info=error)
        code, field, message = "internal", None, "internal error; see the server log"
    field = None if field is None else _cut(field)
    return ErrorMessage(code=code, field=field, message=_cut(message), run=run, id=id)


def _cut(text: str) -> str:
    """Shorten a text to a line or two, because a message may quote a megabyte of input."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _core_code(error: CoreError) -> ErrorCode:
    for kind, code in CORE_CODES:
        if isinstance(error, kind):
            return code
    return "message"
