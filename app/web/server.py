"""The application: its routes, their shared objects, and the guards in front."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from gru_core.errors import CoreError
from gru_core.files.isolated import environment
from gruscope import __version__
from gruscope.documents.library import Library
from gruscope.session.budget import Account, Budget
from gruscope.session.session import Session
from gruscope.settings import Settings
from gruscope.web import trace_api
from gruscope.web.body import read_body
from gruscope.web.cards import Cards
from gruscope.web.guards import guarded
from gruscope.web.pages import Pages
from gruscope.web.pump import Pump
from gruscope.web.streamed import Streamed
from gruscope.web.tables import Tables
from gruscope.web.training.kept import Kept
from gruscope.web.training.running import Trainings
from gruscope.web.training.socket import TrainingSocket
from gruscope.web.uploads import Uploads
from gruscope.wire.codec import encode
from gruscope.wire.errors import STATUS, Refused, wire_error
from gruscope.wire.messages import ErrorCode, ErrorMessage

TIDY_SECONDS = 30
HTTP_CODES: dict[int, ErrorCode] = {404: "not_found", 405: "method"}


def create_app(settings: Settings | None = None, library: Library | None = None) -> ASGIApp:
    """Return the whole application.

    Parameters
    ----------
    settings : Settings, optional
    library : Library, optional
        The networks of a model file.

    Examples
    --------
    >>> app = create_app(Settings(port=9000, token="a long enough secret"))
    """
    settings = settings or Settings()
    library = library or Library(None, settings.upload_bytes, settings.upload_seconds)
    uploads = Uploads(settings, library)
    tables = Tables(settings)
    trainings = Trainings(settings, library, environment())
    pages = Pages(settings, library)
    pool = ThreadPoolExecutor(settings.compute_threads, thread_name_prefix="compute")
    aside = ThreadPoolExecutor(1, thread_name_prefix="aside")
    app = FastAPI(
        title="gruscope",
        version=__version__,
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(pages, (pool, aside), library, (uploads, tables), trainings),
    )
    app.router.routes.extend(pages.routes())
    memory = Budget(settings.trace_bytes, "bytes")
    _add_socket(app, settings, library, memory, pool, aside)
    _add_training(app, settings, trainings)
    _add_trace(app, settings, library, memory, pool)
    app.add_route("/api/networks", uploads.open, ["POST"])
    kept = Kept(settings, library, trainings)
    app.add_route("/api/networks/{digest}", kept.keep, ["POST"])
    app.add_route("/api/networks/{digest}", kept.file, ["GET"])
    app.add_route("/api/card", Cards(settings, library).read, ["POST"])
    app.add_route("/api/table", tables.read, ["POST"])
    _add_errors(app)
    _describe_document(app)
    return guarded(app, settings, pages.token_page, pages.is_open)


def _lifespan(
    pages: Pages,
    pools: tuple[ThreadPoolExecutor, ...],
    library: Library,
    readers: tuple[Uploads, Tables],
    trainings: Trainings,
) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=pages.prepare, daemon=True).start()
        tidying = asyncio.create_task(_tidy(library))
        yield
        tidying.cancel()
        await trainings.close()
        for reader in readers:
            reader.close()
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)

    return lifespan


async def _tidy(library: Library) -> None:
    """Drop networks that no page has used for a while."""
    while True:
        await asyncio.sleep(TIDY_SECONDS)
        library.tidy()


def _add_socket(
    app: FastAPI,
    settings: Settings,
    library: Library,
    memory: Budget,
    pool: ThreadPoolExecutor,
    aside: ThreadPoolExecutor,
) -> None:
    sessions = Budget(settings.sessions, "sessions")
    places = Budget(settings.ablations_at_once, "measurements")

    @app.websocket("/ws")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        with sessions.account() as place:
            if await _admitted(websocket, place):
                with Session(settings, memory, library, places) as session:
                    await Pump(websocket, session, pool, settings, aside).serve()


def _add_training(app: FastAPI, settings: Settings, trainings: Trainings) -> None:
    pages = Budget(settings.sessions, "sessions")

    @app.websocket("/ws/train")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        with pages.account() as place:
            if await _admitted(websocket, place):
                await TrainingSocket(websocket, trainings, settings).serve()


async def _admitted(websocket: WebSocket, place: Account) -> bool:
    """Take a place for a connection, or close it with an error that says that there is none."""
    try:
        place.reserve(1)
    except Refused as refused:
        await websocket.send_text(encode(wire_error(refused)))
        await websocket.close(1013)
        return False
    return True


def _add_trace(
    app: FastAPI, settings: Settings, library: Library, memory: Budget, pool: ThreadPoolExecutor
) -> None:
    requests = Budget(settings.requests, "requests")

    @app.post("/api/trace", openapi_extra=trace_api.OPENAPI, response_class=Response)
    async def trace(request: Request) -> Response:
        """Run a document; Accept chooses JSON, or NDJSON with one line per timestep."""
        kind = trace_api.media_type(request.headers.get("accept", ""))
        names = trace_api.array_names(request.query_params.get("arrays"))
        _check_type(request.headers.get("content-type", ""))
        body = await read_body(request, settings.body_bytes)
        pieces = trace_api.pieces(body, kind, names, settings, memory, library)
        seconds = settings.send_seconds
        return Streamed(pieces, kind, error_response, requests, pool, seconds)


def _check_type(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind != trace_api.JSON:
        text = f"content-type must be {trace_api.JSON}, got {kind[:80] or 'none'}"
        raise Refused("media_type", "content-type", text)


def _add_errors(app: FastAPI) -> None:
    async def respond(request: Request, error: Exception) -> Response:
        response = error_response(wire_error(_known(error, request)))
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})
        return response

    async def leave(request: Request, error: Exception) -> Response:
        return Response()  # never sent: the client left before its request was complete

    for kind in (Refused, CoreError, HTTPException, Exception):
        app.add_exception_handler(kind, respond)
    app.add_exception_handler(ClientDisconnect, leave)


def error_response(error: ErrorMessage) -> Response:
    """Return an error as a response."""
    headers = {"retry-after": "1"} if error.code == "busy" else {}
    return JSONResponse(error.model_dump(), STATUS[error.code], headers)


def _known(error: Exception, request: Request) -> Exception:
    if isinstance(error, HTTPException) and error.status_code in HTTP_CODES:
        text = f"{request.method} {request.url.path}: {error.detail}"
        return Refused(HTTP_CODES[error.status_code], None, text)
    return error


def _describe_document(app: FastAPI) -> None:
    """Add the document's schemas to the OpenAPI description."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        schema = describe()
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(trace_api.document_schemas())
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
