"""Whatever the server accepts, the page must be able to take back out of its storage."""

from __future__ import annotations

from typing import Any

import pytest

from gru_core import Network
from gruscope.documents.library import Library
from gruscope.settings import Settings
from gruscope.web.pages import config
from tests.app.test_docs import EXAMPLES, library_for
from tests.js.modules import Modules, js

__all__ = ["js"]  # a fixture

SETTINGS = Settings()
IN_PROTOCOL = [
    {"edits": []} | found
    for example in EXAMPLES
    if "network" in (found := example.get("document", example)) and "input" in found
]


def fault(js: Modules, document: dict[str, Any], known: dict[str, Any]) -> Any:
    return js.call("model/document-check", "storedDocumentFault", document, known)


def test_every_document_that_the_page_is_given_can_be_kept(js: Modules) -> None:
    network = Network.random("lstm", 3, 4, layers=2, directions=2, seed=1)
    known = config(SETTINGS, Library.of(network, "stack.npz", SETTINGS))
    given = [page["document"] for page in (*known["examples"], *known["tour"])]
    assert {document["network"]["kind"] for document in given} == {"example", "random", "file"}
    for document in given:
        assert fault(js, document, known) is None


@pytest.mark.parametrize("document", IN_PROTOCOL)
def test_every_document_of_the_protocol_can_be_kept(js: Modules, document: dict[str, Any]) -> None:
    assert fault(js, document, config(SETTINGS, library_for(document))) is None


def test_the_protocol_shows_every_kind_of_edit() -> None:
    ops = {edit["op"] for document in IN_PROTOCOL for edit in document["edits"]}
    kinds = {"set", "zero", "fill", "random", "scale", "restore", "clamp", "start", "ablate"}
    assert ops == kinds
