"""The page, its assets and the health check."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gru_core.cells.registry import CELLS
from gru_core.compiled.kernels import engine
from gru_core.learn.tasks.registry import FRESH, TASKS
from gru_core.learn.translation.registry import TRANSLATIONS
from gruscope import __version__
from gruscope.content.glossary import glossary_json
from gruscope.content.networks import networks_json
from gruscope.content.tour.pages import onward_json, tour_json
from gruscope.content.training import training_json
from gruscope.documents.forms import SHOWN, Offer
from gruscope.documents.library import EMPTY, Library
from gruscope.settings import Settings
from gruscope.web.assets import TYPES, Asset, Plotly, Static, folder
from gruscope.wire.errors import Refused

IMMUTABLE = "public, max-age=31536000, immutable"


class Pages:
    """The pages of one application."""

    def __init__(self, settings: Settings, library: Library = EMPTY) -> None:
        self._settings = settings
        self._library = library
        self._config: dict[str, Any] | None = None
        self.static = Static(folder("static"))
        self.plotly = Plotly()
        self._templates = Environment(
            loader=FileSystemLoader(folder("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def prepare(self) -> None:
        """Load what the first page would otherwise wait for."""
        self.config()
        self.plotly.load()

    def config(self) -> dict[str, Any]:
        """Return the configuration of the page's script; it is made once."""
        if self._config is None:
            self._config = config(self._settings, self._library)
        return self._config

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
            engine=engine(),
            asset=self.static.url,
            plotly_url=self.plotly.url,
            modules=self.static.modules("js/main.js"),
            config=self.config(),
        )


def config(settings: Settings, library: Library = EMPTY) -> dict[str, Any]:
    """Return the configuration of the page's script; a model file is the default network."""
    networks = networks_json(library)
    names = [network["name"] for network in networks]
    given = not library.entries and settings.opens in names
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
        "tasks": {name: TASKS[name].title for name in FRESH}
        | {name: task.title for name, task in TRANSLATIONS.items()},
        "examples": networks,
        "default": settings.opens if given else names[0],
        "tour": tour_json(trains=settings.trainings_at_once > 0),
        "onward": onward_json(),
        "glossary": glossary_json(),
        "socket": "/ws",
        "training": training_json(settings),
    }


def _cell(name: str) -> dict[str, Any]:
    forms = [_form(offer) for offer in SHOWN[name].forms]
    return {"name": name, "title": CELLS[name].title, "forms": forms}


def _form(offer: Offer) -> dict[str, Any]:
    return {**offer._asdict(), "form": dict(offer.form)}


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
