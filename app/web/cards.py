"""``POST /api/card``: reads a network's card or vocabulary that a page sends."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gru_core.errors import CoreError
from gru_core.files.card import card_json
from gruscope.documents.library import Library
from gruscope.documents.names import card_target, read_names
from gruscope.documents.vocabulary import VocabularyError
from gruscope.settings import Settings
from gruscope.web.body import read_body
from gruscope.wire.errors import Refused
from gruscope.wire.schema import FileNetwork


class Cards:
    """Reads cards, and keeps nothing.

    Parameters
    ----------
    settings : Settings
    library : Library
        The networks that cards are about.
    """

    def __init__(self, settings: Settings, library: Library) -> None:
        self._settings = settings
        self._library = library

    async def read(self, request: Request) -> Response:
        """Answer with the card, or why there is none.

        Raises
        ------
        Refused
            If the file is too large.
        """
        body = await read_body(request, self._settings.vocabulary_bytes)
        file = request.query_params.get("file", "card")[:200]
        digest = request.query_params.get("digest", "")[:64]
        try:
            names = read_names(body, file)
            network = self._library.find(FileNetwork(kind="file", digest=digest)).network
            names.card.check(network)
        except VocabularyError as error:
            return _unusable(str(error))
        except (CoreError, Refused) as error:
            text = str(error)
            return _unusable(text if text.startswith(file) else f"{file}: {text}")
        target = card_target(names.card, network)
        return JSONResponse(
            {
                "card": card_json(names.card),
                "vocabulary": names.vocabulary,
                "target": None if target is None else target.model_dump(),
                "notes": list(names.notes),
            }
        )


def _unusable(message: str) -> Response:
    return JSONResponse({"card": None, "message": message})
