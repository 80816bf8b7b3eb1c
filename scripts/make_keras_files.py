"""Make tests/gru_core/files/keras/corpus: models of every kind that Keras wrote.

Run ``python -m scripts.make_keras_files`` where Keras is installed: once with Keras 3, and once
with Keras 2.13 and its TensorFlow. Each writes its own files, and beside them what Keras computed,
in outputs-2.npz or outputs-3.npz. With names of models, only those are made anew.
"""

import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

from tests.gru_core.files.keras.corpus_cases import CORPUS, FILES, B, H, I, V

L = keras.layers
MAJOR = int(keras.__version__[0])


def whole(kind: str, **options: Any) -> Any:
    return getattr(L, kind)(H, **{"return_sequences": True} | options)


def stacked(*layers: Any, text: bool = False, **options: Any) -> Any:
    """Return a Sequential of layers."""
    start = keras.Input((None,), **options) if text else keras.Input((None, I), **options)
    return keras.Sequential([start, *layers])


def beside(join: Any, *after: Any, kind: str = "LSTM", **options: Any) -> Any:
    """Return a layer beside one that goes backwards, what joins them, and what follows."""
    start = keras.Input((None, I))
    there, back = whole(kind, **options), whole(kind, go_backwards=True, **options)
    flow = join([there(start), back(start)])
    for layer in after:
        flow = layer(flow)
    return keras.Model(start, flow)


def nested(*layers: Any) -> Any:
    """Return a functional model, to be a layer of another."""
    start = flow = keras.Input((None, H))
    for layer in layers:
        flow = layer(flow)
    return keras.Model(start, flow)


def with_states() -> Any:
    """Return a model of layers that also return their states, which nothing reads."""
    start = keras.Input((None, I))
    flow, *_ = whole("LSTM", return_state=True)(start)
    flow, _ = whole("GRU", return_state=True)(flow)
    return keras.Model(start, L.Dense(3)(flow))


def cudnn(kind: str, **options: Any) -> Any:
    """Return a layer that runs on CUDA only; of Keras 2."""
    import tensorflow

    layer = getattr(tensorflow.compat.v1.keras.layers, f"CuDNN{kind}")
    return layer(H, **{"return_sequences": True} | options)


def normalized() -> Any:
    norm = L.BatchNormalization
    return stacked(norm(), whole("LSTM"), norm(scale=False), whole("GRU"), norm(), L.Dense(3))


def mixed(both: Any) -> Any:
    """Return layers of several classes, some of them several times."""
    lstms = [whole("LSTM", name=name) for name in ("z", "y", "x")]
    grus = [whole("GRU", name=name) for name in ("c", "b")]
    flow = start = keras.Input((None, I))
    for layer in (lstms[0], grus[0], both, lstms[1], L.Dense(H, activation="tanh"), grus[1]):
        flow = layer(flow)
    return keras.Model(start, L.Dense(3)(lstms[2](flow)))


def in_both(kind: str, merge: str = "concat", **options: Any) -> Any:
    return L.Bidirectional(whole(kind, **options), merge_mode=merge)


def own_backward() -> Any:
    there = whole("LSTM", use_bias=False)
    back = whole("LSTM", go_backwards=True, activation="relu")
    return L.Bidirectional(there, backward_layer=back)


def words(**options: Any) -> Any:
    return L.Embedding(V, I, **options)


MODELS: dict[str, Callable[[], Any]] = {
    "back": lambda: stacked(whole("GRU", go_backwards=True)),
    "back-last": lambda: stacked(
        whole("LSTM", go_backwards=True, return_sequences=False), L.Dense(3)
    ),
    "back-readout": lambda: stacked(
        whole("LSTM"), whole("GRU", go_backwards=True), L.Dense(3, activation="softmax")
    ),
    "beside-sum": lambda: beside(L.Add(), L.Dense(3)),
    "beside-mean": lambda: beside(L.Average(), whole("GRU"), kind="GRU"),
    "beside-product": lambda: beside(L.Multiply(), kind="SimpleRNN"),
    "beside-concat": lambda: beside(L.Concatenate(), L.Dense(3)),
    "beside-last": lambda: beside(L.Concatenate(), L.Dense(3), return_sequences=False),
    "both-last": lambda: stacked(
        in_both("LSTM", return_sequences=False), L.Dense(1, activation="sigmoid")
    ),
    "both-backwards": lambda: stacked(
        L.Bidirectional(whole("GRU", go_backwards=True), backward_layer=whole("GRU")), L.Dense(3)
    ),
    "both-own": lambda: stacked(own_backward(), L.Dense(3)),
    "both-sum-last": lambda: stacked(in_both("GRU", "sum", return_sequences=False), L.Dense(2)),
    "mask-zero": lambda: stacked(
        words(mask_zero=True), in_both("LSTM"), whole("GRU"), L.Dense(3), text=True
    ),
    "masking": lambda: stacked(L.Masking(), whole("LSTM"), whole("SimpleRNN"), L.Dense(3)),
    "settings": lambda: stacked(
        whole("LSTM", stateful=True, unit_forget_bias=False, dropout=0.3),
        L.SpatialDropout1D(0.2),
        whole("GRU", recurrent_dropout=0.2, unroll=False, kernel_regularizer="l2"),
        **{"batch_size": B},
    ),
    "states": with_states,
    "distributed": lambda: stacked(
        L.TimeDistributed(L.Dense(5, activation="relu")),
        whole("LSTM"),
        L.TimeDistributed(L.Dense(3, activation="softmax")),
    ),
    "classes": lambda: mixed(in_both("LSTM")),
    "normalized": normalized,
    "nested": lambda: stacked(
        L.Dense(H, activation="relu"),
        keras.Sequential([whole("LSTM"), keras.Sequential([whole("LSTM"), L.Dropout(0.1)])]),
        nested(whole("LSTM"), in_both("GRU", "ave")),
        keras.Sequential([L.Dense(3, activation="softmax")]),
    ),
    "weights": lambda: stacked(
        words(), in_both("LSTM"), whole("LSTM"), whole("LSTM"), L.Dense(3), text=True
    ),
    "weights-gru": lambda: stacked(whole("GRU"), whole("GRU", reset_after=False)),
    "weights-rnn": lambda: stacked(whole("SimpleRNN"), L.Dense(3, activation="softmax")),
    "cudnn-lstm": lambda: stacked(cudnn("LSTM"), L.Bidirectional(cudnn("LSTM")), L.Dense(3)),
    "cudnn-gru": lambda: stacked(cudnn("GRU"), cudnn("GRU", go_backwards=True)),
}
PORTABLE: dict[str, Callable[[], Any]] = {
    "cudnn-lstm": lambda: stacked(whole("LSTM"), in_both("LSTM"), L.Dense(3)),
    "cudnn-gru": lambda: stacked(whole("GRU"), whole("GRU", go_backwards=True)),
}
"""The same without CUDA: Keras converts the weights when it loads them."""


def main() -> None:
    warnings.simplefilter("ignore")
    FILES.mkdir(exist_ok=True)
    outputs = FILES / f"outputs-{MAJOR}.npz"
    names = sys.argv[1:]
    stored = dict(np.load(outputs)) if names else {}
    for case in CORPUS:
        if case.major == MAJOR and (not names or case.name in names):
            keras.backend.clear_session()
            keras.utils.set_random_seed(sum(map(ord, case.name)))
            stored[f"{case.name}/output"] = save(case)
    np.savez_compressed(outputs, **stored)
    print(f"keras {keras.__version__}, {len(stored)} models")


def save(case: Any) -> Any:
    """Write a model's files; return what it computed, time first."""
    model = MODELS[case.name]()
    rng = np.random.RandomState(len(case.name))
    model.set_weights([drawn(rng, weight) for weight in model.get_weights()])
    for file in case.files:
        write = model.save_weights if "weights" in file else model.save
        write(str(FILES / file))
    if case.name in PORTABLE:
        portable = PORTABLE[case.name]()
        portable.load_weights(str(FILES / case.files[0]))
        model = portable
    output = np.asarray(keras.ops.convert_to_numpy(model(case.x)) if MAJOR == 3 else model(case.x))
    return output.swapaxes(0, 1) if output.ndim == 3 else output


def drawn(rng: Any, weight: Any) -> Any:
    """Return a weight without the zeros and ones that Keras begins with."""
    if weight.size and not np.any(weight):
        return rng.uniform(-1, 1, weight.shape)
    return rng.uniform(0.3, 2, weight.shape) if np.all(weight == 1) else weight


if __name__ == "__main__":
    main()
