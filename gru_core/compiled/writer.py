"""Writes the source of a kernel: lines, loops over a row, and names for places in memory.

A kernel's arrays are flat pointers. A value v of step t begins at ``v[t * v_row]`` and has
`size` numbers: one for each unit, or, in a batch, one for each unit and sequence, batch last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gru_core.parameters.references import Reference

Factor = Reference | str
"""A factor of a product, or the text of an expression."""

WHOLE = ("held_at",)
"""The arrays of int64."""


class Writer:
    """Collects the lines of a kernel and its arguments.

    Parameters
    ----------
    is_batch : bool
        Whether rows have the numbers of several sequences.
    """

    def __init__(self, is_batch: bool) -> None:
        self.is_batch = is_batch
        self._lines: list[str] = []
        self._depth = 1
        self.integers: list[str] = []
        self.pointers: list[str] = []
        self.floats: list[str] = []

    def line(self, text: str) -> None:
        """Add a line at the present depth."""
        self._lines.append("    " * self._depth + text)

    @contextmanager
    def inside(self, head: str) -> Iterator[None]:
        """Add the head of a block, and write its body one level deeper."""
        self.line(head)
        self._depth += 1
        yield
        self._depth -= 1

    def integer(self, name: str) -> str:
        """Declare an integer argument, once, and return its name."""
        return _declared(self.integers, name)

    def pointer(self, name: str) -> str:
        """Declare a pointer argument, once, and return its name."""
        return _declared(self.pointers, name)

    def number(self, name: str) -> str:
        """Declare an argument of the run's dtype, once, and return its name."""
        return _declared(self.floats, name)

    def row(self, name: str) -> str:
        """Declare an array with a row for each step, and return the place of this step's row."""
        self.pointer(name)
        self.integer(f"{name}_row")
        return f"t * {name}_row"

    def at(self, name: str) -> str:
        """Return an element of this step's row of an array, within a loop over a row."""
        return f"{name}[{self.row(name)} + e]"

    def factor(self, factor: Factor) -> str:
        """Return a factor as text, within a loop over a row."""
        if isinstance(factor, str):
            return factor
        if factor.is_array:
            return f"{self.pointer(factor.name)}[unit]"
        if factor.kind == "complement":
            return f"(one - {self.at(factor.name)})"
        return self.at(str(factor))

    def times(self, factors: Sequence[Factor]) -> str:
        """Return a product as text."""
        return " * ".join(map(self.factor, factors)) or "one"

    def fill(self, place: str, *values: str) -> None:
        """Write a loop that sets each number of a row to an expression.

        Parameters
        ----------
        place : str
            An element, within a loop over a row.
        *values : str
            Expressions in e, the place in a row, and unit; each after the first may use ``value``,
            which is the one before it.
        """
        first, *others = values
        has_units = any("[unit]" in text for text in values)
        if not self.is_batch:
            body = "for unit in range(H):" if has_units else "for e in range(H):"
            with self.inside(body):
                if has_units:
                    self.line("e = unit")
                self._set(place, first, others)
        elif has_units:
            with self.inside("for unit in range(H):"), self.inside("for lane in range(B):"):
                self.line("e = unit * B + lane")
                self._set(place, first, others)
        else:
            with self.inside("for e in range(size):"):
                self._set(place, first, others)

    def _set(self, place: str, first: str, others: Sequence[str]) -> None:
        text = first
        for other in others:
            self.line(f"value = {text}")
            text = other
        self.line(f"{place} = {text}")

    def source(self) -> str:
        """Return the function's source, which takes three arrays of arguments.

        One call then costs the same for any number of them.
        """
        named = [f"    {name} = integers[{k}]" for k, name in enumerate(self.integers)]
        for k, name in enumerate(self.pointers):
            kind = "whole" if name in WHOLE else "real"
            named.append(f"    {name} = {kind}(pointers[{k}])")
        named += [f"    {name} = floats[{k}]" for k, name in enumerate(self.floats)]
        return "\n".join(["def kernel(integers, pointers, floats):", *named, *self._lines, ""])


def _declared(names: list[str], name: str) -> str:
    if name not in names:
        names.append(name)
    return name
