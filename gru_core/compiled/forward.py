"""Writes the step loop: what the equations say, one loop for each sum and each activation."""

from __future__ import annotations

from gru_core.compiled.ways import Recurrent, Way, first_count, recurrent_of
from gru_core.parameters.equations import Equation


class Forward(Way):
    """The step loop."""

    def write(self) -> None:
        """Write the kernel."""
        w, G = self.w, len(self.form.gates)
        for name in ("first", "start", "stop", "multiply"):
            w.integer(name)
        for name in ("U", "drive", "pre"):
            w.pointer(name)
        self.begin()
        with w.inside("for t in range(start, stop):"):
            w.line(f"now = (t - first) * {G} * {self.n}")
            with w.inside("if multiply:"):
                self._first_products()
            for equation in self.form.equations:
                self._equation(equation)
            self._unused_sums()

    def _unused_sums(self) -> None:
        """Write the sums of gates that this form does not squash: a trace has them all the same."""
        used = [recurrent_of(self.form, equation) for equation in self.form.equations]
        for gate in set(range(len(self.form.gates))) - {one.gate for one in used if one}:
            place = f"{gate} * {self.n} + e"
            self.w.fill(
                self.w.at(f"a_{self.form.owners[gate]}"), f"pre[{place}] + drive[now + {place}]"
            )

    def _first_products(self) -> None:
        """Multiply the state before the step by all matrices that wait for nothing else."""
        count = first_count(self.form)
        self.w.line(f"clear(pre, 0, {count} * {self.n})")
        self._multiply(0, count, "h_prev", self.w.row("h_prev"))

    def _multiply(self, gate: int, count: int, vector: str, place: str) -> None:
        """Write the product of the matrices of some gates with a vector."""
        self.product(
            f"pre, {gate} * {self.n}",
            f"U, {gate} * H, {len(self.form.gates)} * H",
            f"{vector}, {place}",
            f"{count} * H",
            "H",
        )

    def _equation(self, equation: Equation) -> None:
        terms = self._terms(equation)
        known = {one.value for one in self.form.equations}
        if equation.pre is None:
            self.w.fill(self.w.at(equation.value), " + ".join(terms))
        else:
            if equation.pre not in known:
                self.w.fill(self.w.at(equation.pre), " + ".join(terms))
            self._squash(equation, is_sum=equation.pre not in known)
        if self.kernel.is_held:
            self._hold(equation.value)

    def _terms(self, equation: Equation) -> list[str]:
        """Write what the sum needs first, and return its summands."""
        found = recurrent_of(self.form, equation)
        terms, parts = [], [self._recurrent(found)] if found else []
        for product in equation.products:
            if product.kind == "recurrent_bias":
                parts.append(self.w.factor(product.factors[-1]))
            elif product.kind not in ("input", "bias", "recurrent"):
                terms.append(self.w.times(product.factors))
        if found is None:
            return terms
        if found.part is not None:
            self.w.fill(self.w.at(found.part), " + ".join(parts))
            parts = [self.w.times([*found.left, self.w.at(found.part)])]
        return [*parts, f"drive[now + {found.gate} * {self.n} + e]", *terms]

    def _recurrent(self, found: Recurrent) -> str:
        """Write the product with U, unless it came first, and return an element of its result."""
        w, gate = self.w, found.gate
        if not found.is_first:
            w.fill(f"{w.pointer('vector')}[e]", w.times(found.vector))
            w.line(f"clear(pre, {gate} * {self.n}, {self.n})")
            self._multiply(gate, 1, "vector", "0")
        return f"pre[{gate} * {self.n} + e]"

    def _squash(self, equation: Equation, *, is_sum: bool) -> None:
        w, value, pre = self.w, equation.value, equation.pre
        assert pre is not None
        assert equation.activation is not None
        if not self.form.is_general:
            w.fill(w.at(value), f"{equation.activation.name}({w.at(pre)})")
            return
        kind, clip = w.integer(f"kind_{value}"), w.number("clip") if is_sum else "unbounded"
        w.line(
            f"squash({kind}, {self.n}, {pre}, {w.row(pre)}, {value}, {w.row(value)}, "
            f"{self.arguments(value)}, {clip})"
        )

    def _hold(self, value: str) -> None:
        """Write held numbers over a value: those that are not NaN, in the step's row of a table."""
        w = self.w
        place = [equation.value for equation in self.form.equations].index(value)
        w.pointer("held_at")
        w.pointer("held")
        with w.inside("if held_at[t] >= 0:"):
            w.line(f"found = (held_at[t] * {len(self.form.equations)} + {place}) * H")
            lanes = "B" if self.kernel.is_batch else "1"
            w.line(f"hold(held, found, {value}, {w.row(value)}, H, {lanes})")
