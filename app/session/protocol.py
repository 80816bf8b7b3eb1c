"""Every message of the protocol, including those of the registered questions."""

from __future__ import annotations

from typing import Annotated, Union

from pydantic import Field, TypeAdapter

from gruscope.questions.registry import QUESTIONS
from gruscope.wire import codec
from gruscope.wire.ablation import AblateAll, Ablated, Ended, Scored, StopAblation
from gruscope.wire.messages import (
    BlockQuestion,
    ClientMessage,
    Done,
    EditMessage,
    ErrorMessage,
    Open,
    Opened,
    Ping,
    Pong,
    ServerMessage,
)
from gruscope.wire.target import TargetQuestion
from gruscope.wire.writing import StopWriting, Write, WrittenPart

CLIENT_MODELS = (
    Open,
    EditMessage,
    *QUESTIONS,
    BlockQuestion,
    TargetQuestion,
    Write,
    StopWriting,
    AblateAll,
    StopAblation,
    Ping,
)
"""The messages that a page may send."""

SERVER_MODELS = (
    Opened,
    Done,
    WrittenPart,
    *(question.answers for question in QUESTIONS.values() if question.answers is not None),
    Scored,
    Ablated,
    Ended,
    ErrorMessage,
    Pong,
)
"""The server's messages in JSON."""

CLIENT: TypeAdapter[ClientMessage] = TypeAdapter(
    Annotated[Union[CLIENT_MODELS], Field(discriminator="type")]  # type: ignore[arg-type]  # noqa: UP007
)
SERVER: TypeAdapter[ServerMessage] = TypeAdapter(
    Annotated[Union[SERVER_MODELS], Field(discriminator="type")]  # type: ignore[arg-type]  # noqa: UP007
)


def decode(text: str | bytes) -> ClientMessage:
    """Return the message in a text frame, or raise `Refused`."""
    return codec.decode(text, CLIENT)
