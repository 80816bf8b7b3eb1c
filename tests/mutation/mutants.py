"""Deliberate errors in gru_core, each a text and its replacement.

A text must occur exactly once: where the source changes, the mutant has to follow it.
"""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One error."""

    name: str
    file: str
    old: str
    new: str
    goes_back: bool = False
    """Whether it is in a gradient: then the tests of gradients must notice."""
    is_held: bool = False
    """Whether it is in what is held by hand: then the tests of clamps must notice."""
    learns: bool = False
    """Whether it is in training: then the tests of training must notice."""
    translates: bool = False
    """Whether it is in an encoder and a decoder: then the tests of those must notice."""


FORWARD = [
    Mutant(
        "the gates z and r are swapped",
        "cells/gru.py",
        'buffers.value("z", start, stop),\n                buffers.value("r", start, stop),',
        'buffers.value("r", start, stop),\n                buffers.value("z", start, stop),',
    ),
    Mutant(
        "U is transposed",
        "cells/base.py",
        "self._U = by_columns(params.U)",
        "self._U = by_columns(np.vstack([u.T for u in np.split(params.U, len(params.GATES))]))",
    ),
    Mutant(
        "b_hn stands outside a single sequence's reset product",
        "cells/gru.py",
        "drive[:, 2 * H :] = 0 if self.params.b_hn is None else self.params.b_hn",
        "drive_n += 0 if self.params.b_hn is None else self.params.b_hn\n"
        "        drive[:, 2 * H :] = 0",
    ),
    Mutant(
        "b_hn stands outside a batch's reset product",
        "cells/gru.py",
        "matrix[-H:, -1] = b_hn",
        "self._beside_n[:, -1] += b_hn",
    ),
    Mutant(
        "W_n x + b_n stands inside a batch's reset product too",
        "cells/gru.py",
        "matrix[-H:, H:] = 0\n",
        "pass\n",
    ),
    Mutant(
        "the reset gate is ignored after the product",
        "cells/gru.py",
        "np.multiply(r, u, out=part)",
        "np.copyto(part, u)",
    ),
    Mutant(
        "the reset gate is ignored before the product",
        "cells/gru.py",
        "np.multiply(r, h_prev, out=part)",
        "np.copyto(part, h_prev)",
    ),
    Mutant(
        "b_hn is forgotten where the reset comes before",
        "cells/gru.py",
        "np.add(u, inner, out=u)",
        "pass",
    ),
    Mutant(
        "z is flipped",
        "cells/gru.py",
        "np.multiply(keep, h_prev, out=h)\n                np.multiply(write, n, out=part)",
        "np.multiply(write, h_prev, out=h)\n                np.multiply(keep, n, out=part)",
    ),
    Mutant(
        "z_keeps is ignored",
        "cells/gru.py",
        "if z_keeps else (w, z)",
        "if True else (w, z)",
    ),
    Mutant(
        "the reset comes before the product instead of after, and after instead of before",
        "cells/base.py",
        "self.params = params\n",
        "self.params = params = params if params.kind != 'gru' else "
        "params.with_form(reset_after=not params.reset_after)\n",
    ),
    Mutant(
        "biases are ignored in a single sequence",
        "run/buffers.py",
        "part.copy() if self.params.b is None else part + self.params.b",
        "part.copy()",
    ),
    Mutant(
        "biases are ignored in a batch",
        "cells/base.py",
        "b = np.zeros(len(params.W), params.dtype) if params.b is None else params.b",
        "b = np.zeros(len(params.W), params.dtype)",
    ),
    Mutant(
        "clip is ignored",
        "cells/base.py",
        "apply(np.clip(a, low, high, out=out), out)",
        "apply(a, out)",
    ),
    Mutant(
        "clip bounds one side",
        "cells/base.py",
        "apply(np.clip(a, low, high, out=out), out)",
        "apply(np.minimum(a, high, out=out), out)",
    ),
    Mutant(
        "clip bounds the LSTM's c",
        "cells/lstm.py",
        "self.params.activations[2].bind(write)",
        "self._squash(2, write)",
    ),
    Mutant(
        "h0 is ignored",
        "run/buffers.py",
        "part[0] = states[block.state].T",
        'part[0] = states[block.state].T * (block.state != "h")',
    ),
    Mutant(
        "c0 is ignored",
        "run/buffers.py",
        "part[0] = states[block.state].T",
        'part[0] = states[block.state].T * (block.state != "c")',
    ),
    Mutant(
        "the first layer's reverse starts from the second's forward state",
        "network/inputs.py",
        "return [[next(rest) for _ in range(count)] for count in directions]",
        "return [parts[k :: len(directions)] for k in range(len(directions))]",
    ),
    Mutant(
        "lengths are ignored but for the reverse direction",
        "network/directions.py",
        "replace(trace.masked(lengths), layer",
        "replace(trace, layer",
    ),
    Mutant(
        "the reverse direction starts in the padding",
        "network/directions.py",
        "one.run(turned(x, lengths) if back else x,",
        "one.run(turned(x, None) if back else x,",
    ),
    Mutant(
        "reverse outputs are not aligned with the input again",
        "network/directions.py",
        "found.append(trace.turned() if back else trace)",
        "found.append(trace)",
    ),
    Mutant(
        "the final state is that of the longest sequence",
        "run/trace.py",
        "elif self.lengths is None:\n            last = value[-1]",
        "elif True:\n            last = value[-1]",
    ),
    Mutant(
        "the final state of the reverse direction is at the end",
        "run/trace.py",
        "last: FloatArray = value[0]",
        "last: FloatArray = value[-1]",
    ),
    Mutant(
        "the readout reads the first layer",
        "network/spans.py",
        "ends = Ends(plan.readout, x)",
        "ends = Ends(plan.readout, layer_states(plan.layers[0], (*done, *traces)[0]))",
    ),
    Mutant(
        "the embedding is off by one",
        "network/inputs.py",
        "owned(embedding[raw])",
        "owned(embedding[raw - 1])",
        goes_back=True,
    ),
    Mutant(
        "the peepholes of i and f are swapped",
        "cells/lstm.py",
        "np.concatenate([p[:H] * c_prev, p[H : 2 * H] * c_prev])",
        "np.concatenate([p[H : 2 * H] * c_prev, p[:H] * c_prev])",
    ),
    Mutant(
        "the peephole of o looks at the old c",
        "cells/lstm.py",
        "a_o += p[2 * H :] * c\n",
        "a_o += p[2 * H :] * c_prev\n",
    ),
    Mutant(
        "input_forget is ignored",
        "cells/lstm.py",
        "H, coupled = self.params.hidden_size, self.params.input_forget\n        pair",
        "H, coupled = self.params.hidden_size, False\n        pair",
    ),
    Mutant(
        "the LSTM's c is shown through the candidate's activation",
        "cells/lstm.py",
        "self.params.activations[2].bind(write)",
        "self.params.activations[1].bind(write)",
    ),
    Mutant(
        "elu has no alpha",
        "parameters/activations.py",
        "alpha * np.expm1(np.minimum(a, 0))",
        "np.expm1(np.minimum(a, 0))",
    ),
    Mutant(
        "leaky_relu's default is another",
        "parameters/activations.py",
        '"LeakyRelu",\n        0.01,',
        '"LeakyRelu",\n        0.02,',
    ),
]

BACKWARD = [
    Mutant(
        "the gradient of h0 is dropped",
        "run/backward.py",
        'back.a)), starts["h"],',
        'back.a)), 0 * starts["h"],',
    ),
    Mutant(
        "the gradient at the last c is dropped",
        "run/backward.py",
        'for name, value in (("h", dh_T), ("c", dc_T)):',
        'for name, value in (("h", dh_T), ("c", None)):',
    ),
    Mutant(
        "the gradient of W leaves out the last step",
        "run/backward.py",
        "_products(part, x)",
        "_products(part[:-1], x[:-1])",
    ),
    Mutant(
        "the gradient of b_hn is that of b_n",
        "cells/gru_backward.py",
        "total(dzru[:, 2])",
        "total(dn)",
    ),
    Mutant(
        "the gradient of U_n forgets r where the reset comes before",
        "cells/gru_backward.py",
        'seen = {2: values["r"] * values["h_prev"]}',
        "seen = {}",
    ),
    Mutant(
        "gradients forget that z may write",
        "cells/gru.py",
        "by_z = h_prev - n if self.params.z_keeps else n - h_prev",
        "by_z = h_prev - n",
    ),
    Mutant(
        "the Jacobian's u r (1 − r) term is dropped",
        "cells/gru.py",
        " + (trace.u * dr)[..., None] * p.U_r",
        "",
    ),
    Mutant(
        "the Jacobian's diag(z) is dropped",
        "cells/gru.py",
        " + keep[..., None] * np.eye(H)\n",
        "\n",
    ),
    Mutant(
        "the LSTM's Jacobian forgets the peephole of o",
        "cells/lstm.py",
        "o_by_c = p[2][:, None] * c_by_c",
        "pass",
    ),
    Mutant(
        "the gradient forgets the peephole of f",
        "cells/lstm.py",
        "dc_prev += p[0] * d_if[0] + p[1] * d_if[1]",
        "dc_prev += p[0] * d_if[0]",
    ),
    Mutant(
        "the gradient forgets that i also forgets",
        "cells/lstm.py",
        "(g - c_prev if coupled else g)",
        "(g)",
    ),
    Mutant(
        "the gradient goes on beyond the clip",
        "cells/derivatives.py",
        "return slope * ((a >= low) & (a <= high))",
        "return slope",
    ),
    Mutant(
        "the memory multiplies Jacobians in the wrong order",
        "run/backward.py",
        "np.matmul(products[t + 1], jacobian[t], out=products[t])",
        "np.matmul(jacobian[t], products[t + 1], out=products[t])",
    ),
    Mutant(
        "the reverse direction's gradient is not turned",
        "network/directions.py",
        "cells[i].gradients(one.turned(), turned(dh, lengths), *at_end)",
        "cells[i].gradients(one.turned(), dh, *at_end)",
    ),
    Mutant(
        "the gradient of the reverse direction's input is lost",
        "network/network.py",
        "received = sum(g.x for g in found[1:]) + found[0].x",
        "received = found[0].x",
    ),
    Mutant(
        "a token that came twice counts once",
        "network/network.py",
        "np.add.at(table, trace.tokens, dx)",
        "table[trace.tokens] = dx",
    ),
    Mutant(
        "elu's derivative has no alpha",
        "parameters/activations.py",
        "np.where(a >= 0, a.dtype.type(1), y + a.dtype.type(alpha))",
        "np.where(a >= 0, a.dtype.type(1), y + a.dtype.type(1))",
    ),
]

HELD = [
    Mutant(
        "a held candidate is blended as computed",
        "cells/gru.py",
        'hold("n", n)',
        "pass",
    ),
    Mutant(
        "a held reset gate is used as computed",
        "cells/gru.py",
        'hold("r", r)\n                if after:',
        "pass\n                if after:",
    ),
    Mutant(
        "a held input gate does not reach the forget gate coupled to it",
        "cells/lstm.py",
        'hold("i", i)\n                if coupled:\n                    np.subtract(one, i, out=f)',
        "pass\n                if coupled:\n                    np.subtract(one, i, out=f)\n"
        '                if hold is not None:\n                    hold("i", i)',
    ),
    Mutant(
        "a held cell state is shown as computed",
        "cells/lstm.py",
        'hold("c", c)\n',
        "pass\n",
    ),
    Mutant(
        "the earlier clamp wins",
        "run/clamps.py",
        "for clamp in reversed(self.clamps):",
        "for clamp in self.clamps:",
    ),
    Mutant(
        "what is held at one step forgets what is held throughout",
        "run/clamps.py",
        "Hold(*below, _layer(at, dtype))",
        "Hold(_layer(at, dtype))",
    ),
    Mutant(
        "a unit is held a unit too far",
        "run/clamps.py",
        "row.T[..., units] = numbers",
        "row.T[..., units - 1] = numbers",
    ),
    Mutant(
        "a held value is said to be computed",
        "explanation/terms.py",
        "computed = _computed(equation, terms, before, trace) if clamped else result",
        "computed = result",
    ),
]

LEARNING = [
    Mutant(
        "steps that counted in the batch before count again",
        "learn/engine.py",
        "        received[...] = 0\n",
        "        pass\n",
    ),
    Mutant(
        "the reverse direction's gradient is in the wrong order",
        "learn/engine.py",
        '{"h": _in_order(part, name)}',
        '{"h": part}',
    ),
    Mutant(
        "Adam forgets how young its averages are",
        "learn/optimiser.py",
        "learning_rate / (1 - beta1**self.count)",
        "learning_rate",
    ),
    Mutant(
        "the gradient is clipped by the square of its norm",
        "learn/optimiser.py",
        "largest / norm)",
        "largest / norm**2)",
    ),
    Mutant(
        "weights decay at any learning rate alike",
        "learn/optimiser.py",
        "1 - learning_rate * self._decay",
        "1 - self._decay",
    ),
]

TRANSLATING = [
    Mutant(
        "the encoder learns nothing from the decoder's start",
        "learn/translation/engine.py",
        "direct[name][t, :, b] += slope.T",
        "pass",
    ),
    Mutant(
        "the decoder starts from the padding's states",
        "learn/translation/engine.py",
        "last = (batch.lengths - 1,",
        "last = (0 * batch.lengths + len(batch.x) - 1,",
    ),
    Mutant(
        "the decoder reads while it learns what it is to say",
        "learn/translation/engine.py",
        "self._read[1:] = batch.target[:-1]",
        "self._read[1:] = batch.target[1:]",
    ),
    Mutant(
        "the decoder reads the start mark at every step",
        "seq2seq/running.py",
        "read.append(said[-1])",
        "read.append(self.start)",
    ),
    Mutant(
        "beam search goes on from the states of other answers",
        "seq2seq/decoding.py",
        "        steps.keep(np.array(rows))\n",
        "        steps.keep(np.zeros(len(rows), int))\n",
    ),
]

MUTANTS = [
    *FORWARD,
    *(mutant._replace(goes_back=True) for mutant in BACKWARD),
    *(mutant._replace(is_held=True) for mutant in HELD),
    *(mutant._replace(learns=True) for mutant in LEARNING),
    *(mutant._replace(translates=True) for mutant in TRANSLATING),
]
