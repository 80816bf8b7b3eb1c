"""Hostile JSON files, each with its error."""

import json
from typing import Any

from tests.gru_core.files.hostile.cases import Hostile


def plain(content: Any) -> bytes:
    return json.dumps(content).encode()


def gru(**changed: Any) -> dict[str, Any]:
    """Return a small GRU's state_dict as lists."""
    return {"weight_ih_l0": [[1.0] * 3] * 6, "weight_hh_l0": [[1.0] * 2] * 6} | changed


def layers(*found: Any) -> bytes:
    return plain({"layers": [{"type": "gru", "weights": []}, *found]})


DEEP = b"[" * 60_000 + b"]" * 60_000
LISTS = b'{"a": [' + b"[]," * 600_000 + b"[]]}"
TEXTS = b'{"a": [' + b'"",' * 600_000 + b'""]}'
NESTED: Any = [1.0]
for _ in range(100):
    NESTED = {"a": NESTED}

JSON = [
    Hostile("cut short", "json", plain(gru())[:-9], "is not JSON"),
    Hostile("not UTF-8", "json", b'{"\xff": 1}', "is not JSON"),
    Hostile("a list", "json", b"[1, 2, 3]", "is JSON, but not an object"),
    Hostile("nested deep", "json", b'{"a": ' + DEEP + b"}", "is not JSON"),
    Hostile("nested objects", "json", plain(NESTED), "nested more than 64 deep"),
    Hostile("lists without end", "json", LISTS, "lists and objects, 500000 are allowed"),
    Hostile("texts without end", "json", TEXTS, "quotation marks, 1000000 are allowed"),
    Hostile("name twice", "json", b'{"W": [1], "W": [2]}', "'W' is there twice"),
    Hostile("long name", "json", plain(gru(**{"a" * 600: [1]})), "has a name of 600 characters"),
    Hostile("digits", "json", b'{"W": [' + b"9" * 10_000 + b"]}", "is not JSON"),
    Hostile("large number", "json", plain(gru(weight_hh_l0=[[10**400] * 2] * 6)), "is no array"),
    Hostile("infinite", "json", plain(gru(weight_hh_l0=[[1e300] * 2] * 5 + [[float("inf"), 1]])),
            "weight_hh_l0: holds inf at (5, 0)"),
    Hostile("not a number", "json", plain(gru(weight_hh_l0=[[float("nan")] * 2] * 6)),
            "weight_hh_l0: holds nan at (0, 0)"),
    Hostile("lengths differ", "json", plain(gru(weight_hh_l0=[[1.0] * 2] * 5 + [[1.0]])),
            "weight_hh_l0: has the shape ()"),
    Hostile("text for a number", "json", plain(gru(weight_hh_l0=[["1"] * 2] * 6)), "no matrix"),
    Hostile("entries without end", "json", plain({f"a{i}": [1.0] for i in range(20_000)}),
            "more than 10000 arrays"),
    Hostile("form", "json", plain(gru(gruscope="x") | {"weight_hh_l0": [[]]}), "is missing"),
    Hostile("layer no object", "json", layers(5), "layers.1: must have a type and a list"),
    Hostile("type no text", "json", layers({"type": [], "weights": []}), "layers.1: must have a t"),
    Hostile("weights no list", "json", layers({"type": "gru", "weights": 3}), "layers.1: must hav"),
    Hostile("no weights", "json", layers(), "layer 'gru_0': has no kernel in the file"),
    Hostile("shape no list", "json", plain({"layers": [
        {"type": "lstm", "shape": {"a": 1}, "weights": [[[1.0] * 4], [[1.0] * 4], [1.0] * 3]}]}),
            "layer 'lstm_0': bias must have shape (4,), got (3,)"),
    Hostile("epsilon", "json", plain({"layers": [
        {"type": "batchnorm", "epsilon": "x", "weights": [[1.0]] * 4},
        {"type": "gru", "weights": [[[1.0] * 3], [[1.0] * 3], [[1.0] * 3] * 2]}]}),
            "layer 'batchnorm_0': has the epsilon 'x'"),
    Hostile("model no text", "json", plain({"model_data": {"model": [[]]}, "state_dict": {}}),
            "model_data.model: is [[]], expected"),
    Hostile("sizes no numbers", "json", plain({"model_data": {"model": "SimpleRNN", "skip": "x",
            "num_layers": {}}, "state_dict": {"rec.weight_ih_l0": [[1.0]] * 3, "rec.weight_hh_l0":
            [[1.0]] * 3, "lin.weight": [[1.0]]}}), "model_data.num_layers: is {}, and"),
]  # fmt: skip
