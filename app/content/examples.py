"""The built-in examples as documents."""

from __future__ import annotations

from typing import Any

from gru_core.gallery.examples import Example
from gruscope.wire.schema import (
    Document,
    ExampleNetwork,
    InLayer,
    Input,
    Network,
    NumbersInput,
    RandomNetwork,
    TextInput,
)

DEFAULTS = [("off", False), ("layer", 0), ("direction", "forward")]
"""Fields of an edit that are left out of the page's documents."""


def example_document(example: Example) -> Document:
    """Return the document that an example opens."""
    input: Input
    if example.text is not None:
        input = TextInput(kind="text", text=example.text)
    else:
        assert example.series is not None
        input = NumbersInput(kind="numbers", values=example.series.tolist())
    return Document(network=_network(example), input=input)


def document_json(document: Document) -> dict[str, Any]:
    """Return a document as JSON for the page, without fields that have their default."""
    fields = document.model_dump(exclude_none=True, exclude={"options": {"form"}})
    if document.view == InLayer():
        del fields["view"]
    if document.options.form is not None:
        fields["options"]["form"] = document.options.form.model_dump(exclude_defaults=True)
    fields["edits"] = [
        {key: value for key, value in edit.items() if (key, value) not in DEFAULTS}
        for edit in fields["edits"]
    ]
    return fields


def _network(example: Example) -> Network:
    """Return an example's network; a random one with its seed, so that the page can vary it."""
    recipe = example.recipe
    if recipe is None:
        return ExampleNetwork(kind="example", name=example.name, cell="gru")
    return RandomNetwork(
        kind="random",
        hidden_size=recipe.hidden_size,
        seed=recipe.seed,
        gain=recipe.gain,
        alphabet=example.alphabet,
        input_size=None if example.alphabet else recipe.input_size,
    )
