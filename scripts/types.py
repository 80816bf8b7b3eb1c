"""Writes static/js/types.d.ts, the page's types of all that is on the wire, from the models.

The file's header has the digest of the models' JSON schema, so that a test without the tool sees
whether it is stale. `make types` writes it anew.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from gruscope.session.protocol import CLIENT_MODELS, SERVER_MODELS
from gruscope.wire.training import TRAINING_CLIENT_MODELS, TRAINING_SERVER_MODELS

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "static" / "js" / "types.d.ts"
TOOL = ROOT / ".cache" / "json2ts" / "node_modules" / ".bin" / "json2ts"
OPTIONS = ("--unreachableDefinitions", "--no-additionalProperties", "--maxItems", "-1")

OPEN = {"array", "arrays", "quantity", "value", "values", "pre", "inner", "stages"}
"""Fields whose names are a cell's own: which there are, `opened` says, so the page takes any."""

HEADER = """\
/* Made by `make types` from the models in app/wire and app/questions; edit those instead. */
/* Schema {digest} */
/* eslint-disable */

export type * from "./state/types.d.ts";
"""


REFERENCED_ONLY = re.compile(r"/\*\*\n \* This interface was referenced by `Wire`'s.*?\*/\n", re.S)
REFERENCED = re.compile(r" \*\n \* This interface was referenced by `Wire`'s.*?(?= \*/)", re.S)
"""Notes of the tool on the wrapper that holds all definitions together."""


def schema() -> dict[str, Any]:
    """Return the JSON schema of all messages: as a page may write them, as a server does."""
    _, asked = models_json_schema(
        [(model, "validation") for model in (*CLIENT_MODELS, *TRAINING_CLIENT_MODELS)]
    )
    _, answered = models_json_schema([(model, "serialization") for model in SERVER_MODELS])
    definitions = {name: _plain(part) for name, part in asked["$defs"].items()}
    for name, part in answered["$defs"].items():
        # A server leaves nothing out, whereas a page may leave out what has a default.
        definitions[name] = _all_there(part)
    _, told = models_json_schema([(model, "serialization") for model in TRAINING_SERVER_MODELS])
    for name, part in told["$defs"].items():
        definitions.setdefault(name, _all_there(part))  # a document is the page's own again
    return {"title": "Wire", "type": "object", "properties": {}, "$defs": definitions}


def _all_there(part: dict[str, Any]) -> Any:
    return _plain({**part, "required": list(part["properties"])})


def digest() -> str:
    """Return what tells one schema from another."""
    text = json.dumps([schema(), OPTIONS, HEADER, sorted(OPEN)], sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def generate() -> str:
    """Return the file's text, made by json-schema-to-typescript."""
    made = subprocess.run(
        [str(TOOL), *OPTIONS, "--bannerComment", ""],
        input=json.dumps(schema()),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    made = re.sub(r"export interface Wire \{\}\n", "", made)
    for pattern in (REFERENCED_ONLY, REFERENCED):
        made = pattern.sub("", made)
    return HEADER.format(digest=digest()) + "\n" + _read_only(made.strip()) + "\n"


def _read_only(text: str) -> str:
    """Return types in which no array can be written to: the page's state is immutable."""
    return re.sub(r"(?<!readonly )((?:\w+|\([^()]*\))(?:\[\])+)", _frozen, text)


def _frozen(match: re.Match[str]) -> str:
    inner = match[1]
    depth = inner.count("[]")
    base = inner.replace("[]", "")
    for _ in range(depth):
        base = f"readonly {base}[]" if base == inner.replace("[]", "") else f"readonly ({base})[]"
    return base


def _plain(part: Any) -> Any:
    """Return a schema without titles, which json2ts would make types of, and with open names."""
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {k: v for k, v in part.items() if k not in ("title", "default")}
    if "properties" in kept:
        kept["properties"] = {
            name: _opened(_plain(value)) if name in OPEN else _plain(value)
            for name, value in kept["properties"].items()
        }
    return {k: v if k == "properties" else _plain(v) for k, v in kept.items()}


def _opened(part: Any) -> Any:
    """Return a schema in which strings are any strings."""
    if isinstance(part, list):
        return [_opened(one) for one in part]
    if not isinstance(part, dict):
        return part
    is_string = part.get("type") == "string"
    return {k: _opened(v) for k, v in part.items() if k != "enum" or not is_string}


def main() -> None:
    """Write the file."""
    TARGET.write_text(generate(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: schema {digest()}", file=sys.stderr)


if __name__ == "__main__":
    main()
