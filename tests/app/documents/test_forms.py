from typing import Any, get_args

import pytest

from gru_core import CELLS, GRU_FORMS
from gru_core.network.end_arrays import OUTPUT, REFERENCES
from gru_core.parameters.params import Params
from gruscope.documents.forms import SHOWN, check_names, stages, value_names
from gruscope.documents.weights import switches
from gruscope.settings import Settings
from gruscope.web.pages import config
from gruscope.wire.errors import Refused
from gruscope.wire.messages import Open
from gruscope.wire.schema import ArrayName, CellName, Form, Quantity, Sequence
from tests.app.session.test_session import opening, say, session
from tests.app.support import random_document

OFFERS = [(cell, offer) for cell, shown in SHOWN.items() for offer in shown.forms]


def params(cell: str) -> Params:
    return CELLS[cell].params.random(2, 3, seed=0)


def test_the_wire_has_exactly_the_names_of_all_cells():
    kinds = [kind.params for kind in CELLS.values()]
    assert set(get_args(CellName)) == set(CELLS) == set(SHOWN)
    layers = {name for kind in kinds for name in kind.places()}
    assert set(get_args(ArrayName)) == layers | set(REFERENCES)
    assert set(get_args(Sequence)) == {name for kind in kinds for name in kind.VALUES}
    equations = {e.value for cell in CELLS for e in params(cell).equations()}
    assert set(get_args(Quantity)) == equations | {OUTPUT}
    assert {name for kind in kinds for name in switches(kind)} == set(Form.model_fields)
    Open.model_validate(opening().model_dump() | {"arrays": list(get_args(Sequence))})


@pytest.mark.parametrize("cell", CELLS)
def test_shown_values_have_equations_in_the_same_order(cell):
    computed = [equation.value for equation in params(cell).equations()]
    assert [value for value in computed if value in SHOWN[cell].values] == list(SHOWN[cell].values)


@pytest.mark.parametrize(("cell", "offer"), OFFERS, ids=lambda o: getattr(o, "name", o))
def test_a_step_computes_every_value_once_after_its_inputs(cell, offer):
    document = random_document(T=1, H=2, I=2, options={"form": dict(offer.form)})
    document["network"]["cell"] = cell
    opened = say(session(), opening(document))[0]
    order = [value for stage in opened.stages for value in stage]
    computed = ("value", "complement")
    needs = {
        e.value: {f.name for p in e.products for f in p.factors if f.kind in computed}
        for e in opened.equations
    }
    assert sorted(order) == sorted(needs)
    for k, value in enumerate(order):
        assert not set(order[k:]) & needs[value]


def test_stages_follow_the_dependencies():
    assert stages(params("gru")) == [("r",), ("z",), ("n",), ("h",)]
    assert stages(params("lstm")) == [("f",), ("i",), ("g",), ("c",), ("o",), ("m", "h")]
    coupled = params("lstm").with_form(input_forget=True)
    assert stages(coupled)[:2] == [("i",), ("f",)]
    assert stages(params("rnn")) == [("h",)]


def test_the_gru_s_forms_are_those_of_the_core():
    """Every source the core names is one of the forms offered, and those offered are distinct."""
    offered = {}
    for offer in SHOWN["gru"].forms:
        form = {name: getattr(params("gru"), name) for name in ("reset_after", "z_keeps")}
        offered[offer.name] = form | offer.form
    for name, form in GRU_FORMS.items():
        assert form in offered.values(), name
        assert offered.get(name, form) == form
    assert len({tuple(form.values()) for form in offered.values()}) == 4 == len(offered)


@pytest.mark.parametrize(("cell", "offer"), OFFERS, ids=lambda o: getattr(o, "name", o))
def test_every_offered_form_runs_and_lists_only_changed_switches(cell, offer):
    document = random_document(T=4, H=2, I=2, options={"form": dict(offer.form)})
    document["network"]["cell"] = cell
    said = say(session(), opening(document))
    assert said[-1].type == "done"
    defaults = {name: getattr(Form(), name) for name in switches(CELLS[cell].params)}
    assert said[0].form == defaults | offer.form
    assert all(defaults[name] != value for name, value in offer.form.items())
    assert offer.title and offer.note.endswith(".")


@pytest.mark.parametrize("cell", CELLS)
def test_forms_of_a_cell_differ_in_their_equations_and_the_first_is_the_default(cell):
    texts = []
    for offer in SHOWN[cell].forms:
        document = random_document(T=1, H=2, I=2, options={"form": dict(offer.form)})
        document["network"]["cell"] = cell
        texts.append(tuple(e.text for e in say(session(), opening(document))[0].equations))
    assert texts[0] == tuple(map(str, params(cell).equations()))
    assert len(set(texts)) == len(texts)


def test_the_page_gets_the_table():
    cells: list[dict[str, Any]] = config(Settings())["cells"]
    assert [(c["name"], c["title"]) for c in cells] == [(k, v.title) for k, v in CELLS.items()]
    got = [
        (c["name"], f["name"], f["title"], f["form"], f["note"]) for c in cells for f in c["forms"]
    ]
    assert got == [(cell, o.name, o.title, o.form, o.note) for cell, o in OFFERS]


def test_values_are_asked_for_by_name_each_once():
    assert check_names(["c", "h", "c"], "lstm", "arrays") == ("c", "h")
    assert value_names("gru") == ("z", "r", "n", "h", "u", "a_z", "a_r", "a_n")
    with pytest.raises(Refused, match="arrays must be some of h, a for this network, got z"):
        check_names(["h", "z"], "rnn", "arrays")
