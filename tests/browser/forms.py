"""gru_core's results for the cells and forms that the page offers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gru_core.cells.registry import CELLS
from gru_core.gallery.examples import Example, Recipe
from gru_core.parameters.activations import Activation
from gru_core.parameters.params import Params
from gruscope.documents.forms import SHOWN

OFFERED = [(cell, offer.name) for cell, shown in SHOWN.items() for offer in shown.forms]


def switches(cell: str, form: str) -> dict[str, Any]:
    """The switches of a form that is offered, as far as they differ from the default."""
    return dict(next(offer.form for offer in SHOWN[cell].forms if offer.name == form))  # type: ignore[index]


def params_of(example: Example, cell: str, form: str) -> Params:
    """An example's weights for a cell, in a form; docs/protocol.md says how they are drawn."""
    own: Params = example.network()
    recipe = example.recipe or Recipe(own.input_size, own.hidden_size, 0, 3.0)
    if cell != own.kind:
        own = CELLS[cell].params.random(**recipe._asdict())
    given = switches(cell, form)
    if given.pop("peepholes", False):
        rng = np.random.default_rng(recipe.seed)
        sizes = (own.input_size, own.hidden_size)
        drawn = [own.random_array(name, *sizes, seed=rng) for name in ("p_i", "p_f", "p_o")]
        given["p"] = np.concatenate(drawn)
    if "activations" in given:
        given["activations"] = tuple(Activation.of(name) for name in given["activations"])
    return replace(own, **given)
