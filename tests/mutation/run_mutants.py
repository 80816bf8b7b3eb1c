"""Errors in the runs of networks, and in what is held by hand."""

from tests.mutation.mutant import Mutant

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
