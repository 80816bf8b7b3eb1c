"""The page's types of the wire are made from the server's models, and none of them is stale."""

import re

import pytest

from gruscope.session.protocol import CLIENT_MODELS, SERVER_MODELS
from scripts.types import TARGET, TOOL, digest, generate, schema

TEXT = TARGET.read_text(encoding="utf-8")


def test_the_types_are_of_the_models_as_they_are() -> None:
    assert f"/* Schema {digest()} */" in TEXT, "static/js/types.d.ts is stale: run `make types`"


@pytest.mark.skipif(not TOOL.exists(), reason="json-schema-to-typescript is not installed")
def test_the_types_are_the_tools_output() -> None:
    assert generate() == TEXT


def test_every_model_of_the_wire_is_a_type_with_all_of_its_fields() -> None:
    interfaces = dict(re.findall(r"export interface (\w+) \{\n(.*?)\n\}", TEXT, re.S))
    for model in (*CLIENT_MODELS, *SERVER_MODELS):
        fields = set(re.findall(r"^  (\w+)\??:", interfaces[model.__name__], re.M))
        assert fields == set(model.model_fields)


def test_a_page_may_leave_out_defaults_and_a_server_nothing() -> None:
    definitions = schema()["$defs"]
    assert "layer" not in definitions["Inspect"]["required"]
    assert set(definitions["Explained"]["required"]) >= {"layer", "direction", "type"}
