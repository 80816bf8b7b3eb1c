"""Which layers and directions of a document's network can be addressed."""

from __future__ import annotations

from gruscope.wire.errors import refuse
from gruscope.wire.schema import InLayer


def check_layer(given: InLayer) -> None:
    """Refuse a layer or direction that the document's network does not have.

    A document's network is one layer that reads forward; the reverse direction of a model file is
    opened as a document of its own.
    """
    if given.layer != 0:
        raise refuse("range", "layer", "be 0, as the document has one layer", given.layer)
    if given.direction != "forward":
        expected = "be forward, the one direction that the document has"
        raise refuse("range", "direction", expected, given.direction)
