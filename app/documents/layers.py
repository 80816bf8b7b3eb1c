"""Checks of the layer and direction that a message names."""

from __future__ import annotations

from gruscope.wire.errors import refuse
from gruscope.wire.schema import InLayer


def check_layer(message: InLayer) -> None:
    """Refuse a layer or direction that the document's network does not have.

    A document's network is one layer that reads forward; the reverse direction of a model file is
    opened as a separate document.
    """
    if message.layer != 0:
        raise refuse("range", "layer", "be 0, as the document has one layer", message.layer)
    if message.direction != "forward":
        expected = "be forward, the only direction of the document"
        raise refuse("range", "direction", expected, message.direction)
