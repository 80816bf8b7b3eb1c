"""Errors in the sources of kernels, and in what surrounds a call of one."""

from tests.mutation.mutant import Mutant

KERNELS = [
    Mutant(
        "a kernel takes the factor 1 − z for z on the way back",
        "compiled/backward.py",
        'return f"-({text})" if factor.kind == "complement" else text',
        "return text",
    ),
    Mutant(
        "a kernel holds nothing",
        "compiled/forward.py",
        "        if self.kernel.is_held:\n",
        "        if self.kernel.is_held and equation.activation is None:\n",
    ),
    Mutant(
        "a kernel leaves out the sum of a coupled gate",
        "compiled/forward.py",
        "            self._unused_sums()",
        "            pass",
    ),
    Mutant(
        "a kernel clips the cell state",
        "compiled/forward.py",
        'w.number("clip") if is_sum else "unbounded"',
        'w.number("clip")',
    ),
    Mutant(
        "a peephole's gradient forgets what it sees",
        "compiled/back.py",
        "total(own * _product(others, values) if is_seen else own)",
        "total(own)",
    ),
    Mutant(
        "BLAS replaces the gradient that passes no matrix",
        "compiled/back.py",
        "np.add(carry, part, out=carry)",
        "np.copyto(carry, part)",
    ),
]
