"""What the server knows of one training: its curves, its snapshots, its newest checkpoint.

It turns the frames of the process into messages for the page, and can repeat them to a page that
was reloaded. It never waits and starts nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from pydantic import TypeAdapter

from gru_core.files.arrays.in_memory import from_bytes
from gru_core.files.card import read_card
from gru_core.network.network import Network
from gruscope import __version__
from gruscope.documents.document import build
from gruscope.documents.entry import Entry, digest_of
from gruscope.documents.library import Library
from gruscope.documents.opened import network_part
from gruscope.settings import Settings
from gruscope.training.frames import Frame
from gruscope.training.plan import Plan
from gruscope.wire.errors import Refused, refuse
from gruscope.wire.messages import ErrorMessage
from gruscope.wire.schema import Input, Quantity, Target
from gruscope.wire.training import (
    LookPart,
    MetricPart,
    Origin,
    Point,
    Progress,
    Ready,
    Rewound,
    Snapshot,
    Status,
    StatusMessage,
    TrainingMessage,
    TrainingSpec,
)

INPUT: TypeAdapter[Input] = TypeAdapter(Input)
TARGET: TypeAdapter[Target | None] = TypeAdapter(Target | None)

ENDED: frozenset[Status] = frozenset(("finished", "stopped", "failed"))


@dataclass(frozen=True)
class Start:
    """From where a process begins: a checkpoint, a network, or nothing for a new training."""

    step: int = 0
    checkpoint: bytes = b""
    network: Network | None = None


class Record:
    """One training.

    Parameters
    ----------
    id : str
        Unguessable; whoever knows it may attach.
    spec : TrainingSpec
    plan : dict
        That of the spec.
    settings : Settings
    library : Library
        Where its snapshots are.
    """

    def __init__(
        self, id: str, spec: TrainingSpec, plan: Plan, settings: Settings, library: Library
    ) -> None:
        self.id = id
        self.spec = spec
        self.plan = plan
        self.status: Status = "starting"
        self.note = ""
        self.place = 0
        self.step = 0
        self.seconds = 0.0
        self.steps = spec.steps
        self.until_solved = spec.until_solved
        self._settings = settings
        self._library = library
        self._ready: Ready | None = None
        self._entry: Entry | None = None
        self._left: float | None = None
        self._points: list[Point] = []
        self._snapshots: list[Snapshot] = []
        self._checkpoint = Start()

    @property
    def ended(self) -> bool:
        """Whether its process has come to an end."""
        return self.status in ENDED

    @property
    def kept(self) -> list[int]:
        """The steps that have snapshots."""
        return [one.step for one in self._snapshots]

    def close(self) -> None:
        """Give its snapshots back to the library, which keeps them for a while."""
        for one in self._snapshots:
            self._library.release(one.digest)
        self._snapshots = []

    def became(self, status: Status, note: str = "", place: int = 0) -> StatusMessage:
        """Note a new status and return the message about it."""
        self.status, self.note, self.place = status, note, place
        return StatusMessage(id=self.id, status=status, place=place, step=self.step, note=note)

    def repeat(self) -> Iterator[TrainingMessage]:
        """Yield everything that a page needs to show the training."""
        yield self.became(self.status, self.note, self.place)
        if self._ready is not None:
            yield self._ready
        for one in self._snapshots:
            yield replace_dropped(one)
        if self._points:
            yield self._progress(self._points)

    def take(self, frame: Frame) -> list[TrainingMessage]:
        """Take a frame of the process and return what it means to the page."""
        header = frame.header
        self.step = header.get("step", self.step)
        if frame.kind == "ready":
            return [*self._make_ready(frame), self.became("running")]
        if frame.kind == "snapshot":
            return self._keep(frame)
        if frame.kind == "progress":
            self.seconds, self._left = header["seconds"], header["left"]
            points = [Point(**point) for point in header["points"]]
            self._points += points
            return [self._progress(points)]
        if frame.kind == "checkpoint":
            self._checkpoint = Start(self.step, checkpoint=frame.body)
            return []
        if frame.kind == "ended":
            return [self.became(header["status"], header["note"])]
        return [self.became(frame.kind)]  # type: ignore[arg-type]

    def died(self) -> StatusMessage:
        """Note that the process ended without a word."""
        kept = f"up to step {self.kept[-1]}" if self._snapshots else "none"
        note = (
            "The training's process ended unexpectedly; perhaps the system was short of memory. "
            f"Its snapshots are kept, {kept}. Resume goes on from the last one."
        )
        return self.became("failed", note)

    def start(self, origin: Origin | None) -> tuple[Start, list[TrainingMessage]]:
        """Return from where a new process begins, and tell the page what is gone.

        A training that had come to its end is prolonged.

        Raises
        ------
        Refused
            If the origin is no snapshot of this training, or its edits do not fit.
        """
        if self.status == "finished":
            self.until_solved = False
            self.steps += self.spec.steps if self.step >= self.steps else 0
        if origin is None:
            if not self._checkpoint.checkpoint and self._snapshots:
                last = self._snapshots[-1]
                return self._from(last, Origin(digest=last.digest))
            return self._checkpoint, self._rewind(self._checkpoint.step)
        found = next((one for one in self._snapshots if one.digest == origin.digest), None)
        if found is None:
            expected = "be a snapshot of this training"
            raise refuse("range", "origin.digest", expected, repr(origin.digest))
        return self._from(found, origin)

    def goes_on_exactly(self, origin: Origin | None) -> bool:
        """Return whether the training goes on where it is: without edits, at the newest step."""
        newest = self._snapshots[-1] if self._snapshots else None
        same = newest is not None and newest.step == self.step
        return origin is None or (
            same and newest is not None and origin.digest == newest.digest and not origin.edits
        )

    def _from(self, found: Snapshot, origin: Origin) -> tuple[Start, list[TrainingMessage]]:
        assert self._ready is not None
        document = self._ready.document
        network = document.network.model_copy(update={"digest": origin.digest})
        edited = document.model_copy(update={"network": network, "edits": origin.edits})
        state = build(edited, self._settings, self._library)
        same = found.step == self._checkpoint.step
        checkpoint = self._checkpoint.checkpoint if same else b""
        return Start(found.step, checkpoint, state.edited), self._rewind(found.step)

    def _rewind(self, step: int) -> list[TrainingMessage]:
        """Forget what comes after a step; its own snapshot stays."""
        gone = [one for one in self._snapshots if one.step > step]
        if not gone and (not self._points or self._points[-1].step <= step):
            return []
        for one in gone:
            self._library.release(one.digest)
        self._snapshots = [one for one in self._snapshots if one.step <= step]
        self._points = [point for point in self._points if point.step <= step]
        self.step = step
        return [Rewound(step=step)]

    def _make_ready(self, frame: Frame) -> list[TrainingMessage]:
        """Make the document of the first network; a later process changes nothing."""
        if self._ready is not None:
            return []
        header = frame.header
        network = from_bytes(frame.body, header["title"])
        card, _ = read_card(json.dumps(header["card"]).encode(), header["title"])
        entry = Entry.of(network, header["title"], self._settings, replace(card, title="", text=""))
        shown = {
            "input": INPUT.validate_python(header["input"]),
            "target": TARGET.validate_python(header["target"]),
        }
        document = entry.document.model_copy(update=shown)
        self._entry = replace(entry, document=document)
        look = entry.look
        self._ready = Ready(
            training=self.spec,
            title=header["title"],
            metric=MetricPart(**header["metric"]),
            network=network_part(network),
            card=header["card"],
            document=document,
            look=LookPart(quantity=cast(Quantity, look.value), t=0, unit=look.unit),
        )
        return [self._ready]

    def _keep(self, frame: Frame) -> list[TrainingMessage]:
        """Put a snapshot into the library; without room it is left out, and that is said."""
        header = frame.header
        assert self._entry is not None
        for one in self._snapshots:
            if one.step in header["dropped"]:
                self._library.release(one.digest)
        self._snapshots = [one for one in self._snapshots if one.step not in header["dropped"]]
        network = from_bytes(frame.body)
        digest = digest_of(network)
        try:
            origin = self._origin(header)
            self._library.add(replace(self._entry, digest=digest, network=network, origin=origin))
        except Refused as refused:
            return [ErrorMessage(code="busy", field="snapshot", message=str(refused))]
        self._library.take(digest)
        made = Snapshot(
            step=self.step,
            digest=digest,
            loss=header["loss"],
            metric=header["metric"],
            dropped=header["dropped"],
        )
        self._snapshots.append(made)
        return [made]

    def _origin(self, header: dict[str, Any]) -> str:
        """Return what a file of a snapshot says of its origin."""
        assert self._ready is not None and self._entry is not None
        made = {
            "made": f"gruscope {__version__}",
            "title": self._ready.title,
            "spec": self.spec.model_dump(exclude_none=True, exclude={"task": {"text", "rows"}}),
            "step": self.step,
            "loss": header["loss"],
            "metric": self._ready.metric.name,
            "score": header["metric"],
            "chance": self._ready.metric.chance,
        }
        return json.dumps(self._ready.card | {"training": made})

    def _progress(self, points: list[Point]) -> Progress:
        return Progress(step=self.step, seconds=self.seconds, left=self._left, points=points)


def replace_dropped(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot as a page sees it that never saw the dropped ones."""
    return snapshot.model_copy(update={"dropped": []})
