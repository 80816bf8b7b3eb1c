"""The glossary's data against the cells: its names, links and order."""

from __future__ import annotations

from gru_core.cells.registry import CELLS
from gruscope.content.glossary import GLOSSARY
from tests.app.content.test_tour import equations_of, names_in


def test_the_glossary_s_names_and_links_lead_somewhere() -> None:
    known = {"x"}
    for kind in CELLS.values():
        params = kind.params.random(2, 2, seed=0)
        known |= {*params.arrays(), *equations_of(params), *(f"{s}_prev" for s in params.STATES)}
    terms = [entry.term for entry in GLOSSARY]
    assert len(set(terms)) == len(terms)
    for entry in GLOSSARY:
        assert set(entry.names) <= known
        for target in names_in(entry.text):
            assert target.removeprefix("#") in (terms if target[0] == "#" else known)


def test_the_glossary_is_in_alphabetical_order() -> None:
    terms = [entry.term for entry in GLOSSARY]
    assert terms == sorted(terms)


def test_every_title_of_an_equation_is_in_the_glossary() -> None:
    terms = {entry.term for entry in GLOSSARY}
    tables = [kind.params.random(2, 2, seed=0).equations() for kind in CELLS.values()]
    titles = {equation.title for table in tables for equation in table}
    assert titles - terms <= {"squashed cell state"}
