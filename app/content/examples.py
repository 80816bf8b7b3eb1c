"""The examples as the documents that the page begins with."""

from __future__ import annotations

from typing import Any

from gru_core.gallery.examples import Example
from gruscope.wire.schema import (
    Document,
    ExampleNetwork,
    Input,
    Network,
    NumbersInput,
    RandomNetwork,
    TextInput,
)

UNSAID = [("off", False), ("layer", 0), ("direction", "forward")]
"""What an edit means where it says nothing."""


def example_document(example: Example) -> Document:
    """Return the document an example begins with."""
    given: Input
    if example.text is not None:
        given = TextInput(kind="text", text=example.text)
    else:
        assert example.series is not None
        given = NumbersInput(kind="numbers", values=example.series.tolist())
    return Document(network=_network(example), input=given)


def document_json(document: Document) -> dict[str, Any]:
    """Return a document as it stands in the page, its form as far as it differs from PyTorch's."""
    given = document.model_dump(exclude_none=True, exclude={"options": {"form"}})
    if form := document.options.form.model_dump(exclude_defaults=True):
        given["options"]["form"] = form
    given["edits"] = [
        {key: value for key, value in edit.items() if (key, value) not in UNSAID}
        for edit in given["edits"]
    ]
    return given


def _network(example: Example) -> Network:
    """Return an example's network: a drawn one with its recipe, so that the page can vary it."""
    recipe = example.recipe
    if recipe is None:
        return ExampleNetwork(kind="example", name=example.name)
    return RandomNetwork(
        kind="random",
        hidden_size=recipe.hidden_size,
        seed=recipe.seed,
        gain=recipe.gain,
        alphabet=example.alphabet,
        input_size=None if example.alphabet else recipe.input_size,
    )
