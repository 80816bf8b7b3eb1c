"""Errors in gradients, in training, and in encoders and decoders."""

from tests.mutation.mutant import Mutant

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
