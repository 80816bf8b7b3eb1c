"""The page, its assets and the health check."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gru_core.cells.registry import CELLS
from gru_core.files.card import card_json
from gru_core.gallery.examples import EXAMPLES, Example
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gruscope import __version__
from gruscope.content.examples import document_json, example_document
from gruscope.content.glossary import glossary_json
from gruscope.content.tour import onward_json, tour_json
from gruscope.documents.entry import Entry
from gruscope.documents.forms import SHOWN, Offer
from gruscope.documents.library import EMPTY, Library
from gruscope.documents.opened import network_part
from gruscope.settings import Settings
from gruscope.web.assets import TYPES, Asset, Plotly, Static, folder
from gruscope.wire.errors import Refused

IMMUTABLE = "public, max-age=31536000, immutable"


class Pages:
    """The pages of one application."""

    def __init__(self, settings: Settings, library: Library = EMPTY) -> None:
        self._settings = settings
        self._library = library
        self.static = Static(folder("static"))
        self.plotly = Plotly()
        self._templates = Environment(
            loader=FileSystemLoader(folder("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self.index),
            Route("/static/{hash}/{name:path}", self.static_file),
            Route("/plotly/{name}", self.plotly_script),
            Route("/healthz", self.health),
        ]

    async def index(self, request: Request) -> Response:
        """The page."""
        page = Asset(self._index().encode(), TYPES[".html"], packs=True)
        return _file(request, page, "no-store")

    async def static_file(self, request: Request) -> Response:
        """A file of static/, under the current hash only."""
        asset = self.static.get(request.path_params["hash"], request.path_params["name"])
        return _file(request, asset)

    async def plotly_script(self, request: Request) -> Response:
        """Plotly's script."""
        if request.url.path != self.plotly.url:
            return _file(request, None)
        return _file(request, await run_in_threadpool(self.plotly.load))

    async def health(self, request: Request) -> Response:
        """The health check; needs no token."""
        answer = {"status": "ok", "version": __version__}
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    def token_page(self, error: str | None) -> str:
        """Return the page that asks for the token."""
        page = self._templates.get_template("token.html")
        return page.render(version=__version__, asset=self.static.url, error=error)

    def is_open(self, path: str) -> bool:
        """Return whether a path needs no token: the health check, and the token page's assets."""
        return path == "/healthz" or f'"{path}"' in self.token_page(None)

    def _index(self) -> str:
        self.static.refresh()
        return self._templates.get_template("index.html").render(
            version=__version__,
            asset=self.static.url,
            plotly_url=self.plotly.url,
            modules=self.static.modules("js/main.js"),
            config=config(self._settings, self._library),
        )


def config(settings: Settings, library: Library = EMPTY) -> dict[str, Any]:
    """Return the configuration of the page's script; the first example is the default."""
    examples = [entry_json(entry) for entry in library.entries]
    examples += [_example(example) for example in EXAMPLES.values()]
    return {
        "version": __version__,
        "limits": {
            "steps": settings.steps,
            "hidden_size": settings.hidden_size,
            "input_size": settings.input_size,
            "weight": settings.weight,
            "input_value": settings.input_value,
            "edits": settings.edits,
            "message_bytes": settings.message_bytes,
            "file_bytes": settings.file_bytes,
            "table_bytes": settings.table_bytes,
        },
        "uploads": settings.uploads,
        "cells": [_cell(name) for name in SHOWN],
        "examples": examples,
        "default": examples[0]["name"],
        "tour": tour_json(),
        "onward": onward_json(),
        "glossary": glossary_json(),
        "socket": "/ws",
    }


def _cell(name: str) -> dict[str, Any]:
    forms = [_form(offer) for offer in SHOWN[name].forms]
    return {"name": name, "title": CELLS[name].title, "forms": forms}


def _form(offer: Offer) -> dict[str, Any]:
    return {**offer._asdict(), "form": dict(offer.form)}


def _example(example: Example) -> dict[str, Any]:
    look, params = example.look, example.network()
    return {
        "name": example.name,
        "title": example.title,
        "story": example.story,
        "look": {"quantity": look.value, "t": look.t, "unit": look.unit},
        "alphabet": example.alphabet,
        "input_size": params.input_size,
        "hidden_size": params.hidden_size,
        "network": network_part(Network((Layer(params),))).model_dump(),
        "document": document_json(example_document(example)),
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return the network of a file as an example."""
    look, network = entry.look, entry.network
    return {
        "name": entry.name,
        "title": entry.title,
        "story": entry.story,
        "look": {"quantity": look.value, "t": look.t, "unit": look.unit},
        "alphabet": entry.alphabet,
        "input_size": network.input_size,
        "hidden_size": network.layers[0].first.hidden_size,
        "network": network_part(network).model_dump(),
        "card": card_json(entry.card),
        "document": document_json(entry.document),
    }


def _file(request: Request, asset: Asset | None, cache: str = IMMUTABLE) -> Response:
    """Return an asset, gzipped if the client accepts that, or 304 if the client has it."""
    if asset is None:
        raise Refused("not_found", None, f"nothing is at {request.url.path}")
    headers = {"cache-control": cache, "etag": asset.etag, "content-type": asset.type}
    if asset.packs:
        headers["vary"] = "accept-encoding"
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if asset.packs and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers=headers | {"content-encoding": "gzip"})
    return Response(asset.body, headers=headers)
