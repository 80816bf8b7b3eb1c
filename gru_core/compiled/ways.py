"""What the sources of both ways share: the writer, the sizes, and the products with U."""

from __future__ import annotations

from typing import NamedTuple

from gru_core.compiled.forms import Form, Kernel
from gru_core.compiled.writer import Writer
from gru_core.parameters.equations import Equation
from gru_core.parameters.references import Reference, previous


class Recurrent(NamedTuple):
    """The product of a gate's sum with a recurrent matrix.

    Attributes
    ----------
    gate : int
        The place of the gate among the rows of U.
    left : tuple of Reference
        The factors of the product's result.
    vector : tuple of Reference
        The factors of the vector.
    part : str or None
        The name of the result, with a bias, in a trace.
    """

    gate: int
    left: tuple[Reference, ...]
    vector: tuple[Reference, ...]
    part: str | None

    @property
    def is_first(self) -> bool:
        """Whether the vector is the state before the step, which is known when the step begins."""
        return self.vector == (previous("h"),)


def recurrent_of(form: Form, equation: Equation) -> Recurrent | None:
    """Return the product of an equation with a recurrent matrix, if it has one."""
    for product in equation.products:
        if product.kind == "recurrent":
            place = product.matrix
            assert place is not None
            gate = form.owners.index(equation.value)
            return Recurrent(gate, product.factors[:place], product.vector, product.part)
    return None


def first_count(form: Form) -> int:
    """Return how many gates, from the first, have the matrices that multiply the old state."""
    found = (recurrent_of(form, equation) for equation in form.equations)
    return 1 + max(one.gate for one in found if one is not None and one.is_first)


class Way:
    """The source of one way through the steps.

    Parameters
    ----------
    writer : Writer
    kernel : Kernel
    """

    def __init__(self, writer: Writer, kernel: Kernel) -> None:
        self.w, self.kernel, self.form = writer, kernel, kernel.form
        self.n = "size" if kernel.is_batch else "H"
        self.batch = ", B" if kernel.is_batch else ""
        for name in ("H", *(("B",) if kernel.is_batch else ())):
            writer.integer(name)

    def begin(self) -> None:
        """Write what comes before the steps."""
        if self.kernel.is_batch:
            self.w.line("size = H * B")

    def product(self, out: str, matrix: str, vector: str, height: str, width: str) -> None:
        """Write out += matrix · vector; a place is "name, index", the matrix has a row stride."""
        name = "add_products" if self.kernel.is_batch else "add_product"
        self.w.line(f"{name}({out}, {matrix}, {vector}, {height}, {width}{self.batch})")

    def arguments(self, value: str) -> str:
        """Return the constants of an activation that is an argument."""
        return f"{self.w.number(f'alpha_{value}')}, {self.w.number(f'beta_{value}')}"
