"""Writes the way back: the chain rule on the table of equations, from the last one to the first."""

from __future__ import annotations

from gru_core.compiled.ways import Recurrent, Way, first_count, recurrent_of
from gru_core.compiled.writer import Factor
from gru_core.parameters.equations import Equation
from gru_core.parameters.references import Reference, previous


class Backward(Way):
    """The way back from the last step to the first."""

    def write(self) -> None:
        """Write the kernel."""
        w = self.w
        self._found: dict[str, list[str]] = {}
        for name in ("start", "stop", "multiply"):
            w.integer(name)
        w.pointer("U")
        w.row("rec")
        self.begin()
        with w.inside("for t in range(stop - 1, start - 1, -1):"):
            for state in self.form.states:
                self._add(state, w.at(f"d_{state}"))
                self._add(state, f"{w.pointer(f'carry_{state}')}[e]")
            for equation in reversed(self.form.equations):
                self._equation(equation)
            for state in self.form.states:
                found = self._found.pop(str(previous(state)), ["zero"])
                w.fill(f"carry_{state}[e]", " + ".join(found))
            self._through_U()

    def _add(self, name: str, text: str) -> None:
        """Note a summand of the gradient by a value or an old state."""
        self._found.setdefault(name, []).append(text)

    def _equation(self, equation: Equation) -> None:
        """Write the gradient by an equation's sum, and pass it on to its factors."""
        w, found = self.w, recurrent_of(self.form, equation)
        total = " + ".join(self._found.pop(equation.value))
        if found is None:
            place = f"{w.pointer(f'g_{equation.value}')}[e]"
        else:
            place = w.at(f"alone_{equation.value}") if found.left else self._rec(found.gate)
        self._slope(equation, place, total)
        if equation.pre in {one.value for one in self.form.equations}:
            self._add(str(equation.pre), place)
            return
        for product in equation.products:
            if product.kind not in ("input", "bias", "recurrent", "recurrent_bias"):
                self._product(product.factors, place)
        if found is not None:
            self._recurrent(found, place)

    def _rec(self, gate: int) -> str:
        return f"rec[{self.w.row('rec')} + {gate} * {self.n} + e]"

    def _slope(self, equation: Equation, place: str, total: str) -> None:
        """Write the gradient by a sum: that by the value, times the activation's slope."""
        w, value, pre = self.w, equation.value, equation.pre
        if equation.activation is None or pre is None:
            w.fill(place, total)
        elif not self.form.is_general:
            slope = {
                "sigmoid": "value * (one - value)",
                "tanh": "(one - value * value)",
            }[equation.activation.name]
            w.fill(place, w.at(value), f"({total}) * {slope}")
        else:
            is_sum = pre not in {one.value for one in self.form.equations}
            clip = w.number("clip") if is_sum else "unbounded"
            w.line(
                f"slope({w.integer(f'kind_{value}')}, {self.n}, {w.pointer(pre)}, {w.row(pre)}, "
                f"{w.pointer(value)}, {w.row(value)}, {w.pointer('slopes')}, "
                f"{self.arguments(value)}, {clip})"
            )
            w.fill(place, f"({total}) * slopes[e]")

    def _product(self, factors: tuple[Reference, ...], gradient: str) -> None:
        """Note what the factors of a product of values receive."""
        for k, factor in enumerate(factors):
            if factor.is_array:
                continue
            others: list[Factor] = [*factors[:k], *factors[k + 1 :]]
            text = self.w.times([gradient, *others])
            name = str(factor) if factor.kind == "previous" else factor.name
            self._add(name, _signed(factor, text))

    def _recurrent(self, found: Recurrent, gradient: str) -> None:
        """Note what the gate and the vector of a recurrent product receive."""
        w, gate = self.w, found.gate
        for k, factor in enumerate(found.left):
            assert found.part is not None
            others: list[Factor] = [*found.left[:k], *found.left[k + 1 :], w.at(found.part)]
            self._add(factor.name, _signed(factor, w.times([gradient, *others])))
        if found.left:
            w.fill(self._rec(gate), w.times([gradient, *found.left]))
        if found.is_first:
            return
        inside = w.pointer("inside")
        w.line(f"clear({inside}, 0, {self.n})")
        self._back(f"{inside}, 0", gate, 1)
        self._product(found.vector, "inside[e]")

    def _back(self, out: str, gate: int, count: int) -> None:
        """Write the product of the transposed matrices of some gates with the gradient."""
        self.product(
            out,
            f"U, {gate} * H * H, H",
            f"rec, {self.w.row('rec')} + {gate} * {self.n}",
            "H",
            f"{count} * H",
        )

    def _through_U(self) -> None:
        """Write what the old state receives through the matrices that multiply it."""
        with self.w.inside("if multiply:"):
            self._back("carry_h, 0", 0, first_count(self.form))


def _signed(factor: Reference, text: str) -> str:
    return f"-({text})" if factor.kind == "complement" else text
