"""``POST /api/table``: reads a CSV file for the page, and keeps nothing of it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gruscope.documents.table.dialect import Decimal, Delimiter, TableError
from gruscope.documents.table.read import MOST_COLUMNS, Table
from gruscope.documents.table.rows import Choice, Missing, Scale, take
from gruscope.session.budget import Budget
from gruscope.settings import Settings
from gruscope.web.body import read_body
from gruscope.web.threads import on_thread
from gruscope.wire.errors import Refused

PREVIEW_ROWS = 6
PREVIEW_CHARACTERS = 40
OTHER_BYTES = 4096  # a document besides its input


def _listed(text: object) -> object:
    return text.split(",") if isinstance(text, str) else text


def _nonzero(value: float) -> float:
    if value == 0:
        raise ValueError("expected a number other than 0")
    return value


def _all_nonzero(values: tuple[float, ...]) -> tuple[float, ...]:
    for value in values:
        _nonzero(value)
    return values


Place = Annotated[int, Field(ge=0, lt=MOST_COLUMNS)]
Places = Annotated[
    tuple[Place, ...], BeforeValidator(_listed), Field(min_length=1, max_length=MOST_COLUMNS)
]
Numbers = Annotated[tuple[float, ...], BeforeValidator(_listed), Field(max_length=MOST_COLUMNS)]
Index = Annotated[int, Field(ge=0, lt=2**31)]


class TableQuery(BaseModel):
    """The query of a request: how to read the file, and what to take of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    delimiter: Delimiter | None = None
    decimal: Decimal | None = None
    header: bool | None = None
    columns: Places | None = None
    missing: Missing = "skip"
    scale: Scale = "none"
    by: Annotated[float, AfterValidator(_nonzero)] = 1.0
    means: Numbers = ()
    scales: Annotated[Numbers, AfterValidator(_all_nonzero)] = ()
    start: Index = 0
    count: Annotated[int, Field(ge=1, lt=2**31)] | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> TableQuery:
        size = len(self.columns or ())
        if self.scale == "card" and not len(self.means) == len(self.scales) == size:
            got = f"{len(self.means)} and {len(self.scales)}"
            raise ValueError(f"expected {size} means and scales, one for each column, got {got}")
        return self

    @classmethod
    def of(cls, request: Request) -> TableQuery:
        """Return the query of a request, or raise `Refused`."""
        try:
            return cls.model_validate(dict(request.query_params))
        except ValidationError as error:
            detail = error.errors(include_url=False)[0]
            field = ".".join(str(part) for part in detail["loc"]) or "scale"
            text = detail["msg"].removeprefix("Value error, ")
            raise Refused("range", field, f"{field}: {text}") from None


class Tables:
    """Reads CSV files on threads of its own, since a large one takes seconds.

    Parameters
    ----------
    settings : Settings
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = Budget(settings.tables_at_once, "tables")
        self._pool = ThreadPoolExecutor(settings.tables_at_once, thread_name_prefix="table")

    async def read(self, request: Request) -> Response:
        """Answer with the columns of a file and the rows asked for, or why there are none.

        A file that cannot be read is an answer, not an error of the request.

        Raises
        ------
        Refused
            If the file is too large, the query is invalid, or there is no room.
        """
        query = TableQuery.of(request)
        with self._places.account() as place:
            place.reserve(1)
            content = await read_body(request, self._settings.table_bytes)
            answer = await on_thread(self._pool, lambda: self._answer(content, query))
        return Response(answer, media_type=JSONResponse.media_type)

    def _answer(self, content: bytes, query: TableQuery) -> bytes:
        try:
            table = Table.read(content, query.delimiter, query.decimal, query.header)
        except TableError as error:
            return _json({"error": str(error)})
        found = {"table": table_json(table)}
        if query.columns is None:
            return _json(found)
        try:
            return _json(found | {"taken": self._taken(table, query)})
        except TableError as error:
            return _json(found | {"error": str(error)})

    def _taken(self, table: Table, query: TableQuery) -> dict[str, Any]:
        assert query.columns is not None
        choice = Choice(
            query.columns,
            query.missing,
            query.scale,
            query.by,
            query.means,
            query.scales,
            query.start,
            query.count,
        )
        settings = self._settings
        room = settings.message_bytes - OTHER_BYTES
        taken = take(table, choice, settings.steps, settings.input_value, room)
        return {
            "rows": taken.rows,
            "start": taken.start,
            "total": taken.total,
            "notes": taken.notes,
        }

    def close(self) -> None:
        """Start no further readings."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def table_json(table: Table) -> dict[str, Any]:
    """Return the description of a table, with its first rows."""
    preview = [[cell[:PREVIEW_CHARACTERS] for cell in row] for row in table.rows[:PREVIEW_ROWS]]
    return {
        "delimiter": table.delimiter,
        "decimal": table.decimal,
        "header": table.header,
        "rows": table.length,
        "columns": [
            {"name": c.name, "kind": c.kind, "missing": c.missing, "fault": c.fault}
            for c in table.columns
        ],
        "preview": preview,
        "doubts": list(table.doubts),
    }


def _json(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
