"""Small trainings for the tests."""

from typing import Any

from gruscope.settings import Settings
from gruscope.training.spec import plan_of
from gruscope.wire.training import TrainingSpec

PARITY = {"name": "parity", "settings": {"length": 8}}


def spec(**changes: Any) -> TrainingSpec:
    """Return the spec of a training that takes milliseconds a step."""
    small = {"task": PARITY, "hidden_size": 4, "batch": 8, "steps": 60, "until_solved": False}
    return TrainingSpec.model_validate({**small, **changes})


def plan(**changes: Any) -> dict[str, Any]:
    return plan_of(spec(**changes), Settings())
