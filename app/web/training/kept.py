"""Networks that a page keeps: with its edits as their own weights, and as a file to download.

``POST /api/networks/{digest}`` makes a network of one that is open and a list of edits.
``GET /api/networks/{digest}`` returns an open network as a safetensors file.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated

from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gru_core.files.arrays.in_memory import to_bytes
from gruscope.content.networks import entry_json
from gruscope.documents.document import build
from gruscope.documents.entry import Entry
from gruscope.documents.library import Library
from gruscope.settings import Settings
from gruscope.web.body import read_body
from gruscope.web.training.running import Trainings
from gruscope.wire.codec import check_parts, validate
from gruscope.wire.errors import Refused
from gruscope.wire.schema import Edit, FileNetwork, Model

MEDIA_TYPE = "application/octet-stream"
CARD = "card"
"""The entry of a file's metadata that says what the network was trained on."""


class Keep(Model):
    """What to make of a network: its title, and the edits that become its weights."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    edits: list[Edit] = Field(default_factory=list)


KEEP: TypeAdapter[Keep] = TypeAdapter(Keep)


class Kept:
    """Makes and returns the networks that pages keep.

    Parameters
    ----------
    settings : Settings
    library : Library
    trainings : Trainings
        Whose thread does the work.
    """

    def __init__(self, settings: Settings, library: Library, trainings: Trainings) -> None:
        self._settings = settings
        self._library = library
        self._trainings = trainings

    async def keep(self, request: Request) -> Response:
        """Answer with the network as an example of the page."""
        body = await read_body(request, self._settings.body_bytes)
        check_parts(body, self._settings.message_parts)
        wanted, digest = validate(KEEP, body), request.path_params["digest"]
        made = await self._trainings.on_thread(lambda: self._made(digest, wanted))
        return JSONResponse({"opened": entry_json(made)})

    async def file(self, request: Request) -> Response:
        """Answer with the file of a network."""
        entry = self._library.entry(request.path_params["digest"])
        metadata = {CARD: entry.origin} if entry.origin else {}
        content = await self._trainings.on_thread(lambda: to_bytes(entry.network, metadata))
        name = _file_name(entry.title)
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=MEDIA_TYPE, headers=headers)

    def _made(self, digest: str, wanted: Keep) -> Entry:
        """Make the network and add it to the library."""
        entry = self._library.entry(digest)
        spec = FileNetwork(kind="file", digest=digest, alphabet=entry.alphabet)
        document = entry.document.model_copy(update={"network": spec, "edits": wanted.edits})
        network = build(document, self._settings, self._library).edited
        made = Entry.of(network, wanted.title, self._settings, entry.card)
        shown = entry.document.model_copy(update={"network": made.document.network})
        made = replace(
            made, document=shown, look=entry.look, origin=_origin(entry, len(wanted.edits))
        )
        self._library.add(made)
        return made


def _origin(entry: Entry, edits: int) -> str:
    """Return what is said of a network's origin after some edits."""
    if not edits:
        return entry.origin
    card = json.loads(entry.origin or "{}")
    return json.dumps(card | {"edits": card.get("edits", 0) + edits})


def _file_name(title: str) -> str:
    """Return a title as a name that every system accepts."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in title.lower())
    parts = [part for part in plain.removesuffix("-safetensors").split("-") if part]
    if not parts:
        raise Refused("range", "title", "title must have a letter or a digit")
    return f"{'-'.join(parts)}.safetensors"
