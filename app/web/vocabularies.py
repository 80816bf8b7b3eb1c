"""``POST /api/vocabulary``: reads a vocabulary that a page sends."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gruscope.documents.vocabulary import VocabularyError, read_vocabulary
from gruscope.settings import Settings
from gruscope.web.body import read_body


class Vocabularies:
    """Reads vocabularies, and keeps nothing.

    Parameters
    ----------
    settings : Settings
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def read(self, request: Request) -> Response:
        """Answer with the tokens, or why there are none; raises `Refused` if it is too large."""
        body = await read_body(request, self._settings.vocabulary_bytes)
        try:
            tokens = read_vocabulary(body, request.query_params.get("file", "vocabulary")[:200])
        except VocabularyError as error:
            return JSONResponse({"tokens": None, "message": str(error)})
        return JSONResponse({"tokens": tokens})
