"""The source of a kernel, from the table of equations.

A loop writes one array, so that LLVM can show that no other array overlaps it, and use vector
instructions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gru_core.compiled.backward import Backward
from gru_core.compiled.forms import Kernel
from gru_core.compiled.forward import Forward
from gru_core.compiled.writer import Writer


@dataclass(frozen=True)
class Source:
    """A kernel as text.

    Attributes
    ----------
    text : str
        A function of Python named ``kernel``.
    integers, pointers, floats : tuple of str
        Its arguments, in this order.
    """

    text: str
    integers: tuple[str, ...]
    pointers: tuple[str, ...]
    floats: tuple[str, ...]


@cache
def source_of(kernel: Kernel) -> Source:
    """Return the source of a kernel.

    Examples
    --------
    >>> from gru_core import RNNParams
    >>> from gru_core.compiled.forms import form_of
    >>> form = form_of(RNNParams.random(2, 3, seed=0))
    >>> for line in source_of(Kernel(form, "forward", "float32", False)).text.splitlines()[-4:]:
    ...     print(line)
            for e in range(H):
                a[t * a_row + e] = pre[0 * H + e] + drive[now + 0 * H + e]
            for e in range(H):
                h[t * h_row + e] = tanh(a[t * a_row + e])
    """
    writer = Writer(kernel.is_batch)
    if kernel.way == "forward":
        Forward(writer, kernel).write()
    else:
        Backward(writer, kernel).write()
    return Source(
        writer.source(), tuple(writer.integers), tuple(writer.pointers), tuple(writer.floats)
    )
