"""Make files in JSON, and under names by hand, in tests/gru_core/files/arrays/files.

Run ``python -m scripts.make_json_files`` where torch and keras are installed. Beside the files
stands what the frameworks computed, in outputs-json.npz.
"""

import json
import os
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from numpy.typing import NDArray

from tests.gru_core.files.arrays.array_cases import (
    FILES,
    JSON,
    OUTPUTS_JSON,
    READOUT,
    SYMBOLS,
    Case,
    H,
    I,
    draw,
)


def main() -> None:
    stored = {}
    for case in JSON:
        seed = sum(map(ord, case.file))
        torch.manual_seed(seed)
        keras.utils.set_random_seed(seed)
        family, _, end = case.file.partition("-")
        make = {"amp": amp, "rtneural": rtneural, "state": state, "hand": hand}.get(family, weights)
        content, output = make(end.partition(".")[0], case)
        write(FILES / case.file, content)
        stored |= {f"{case.file}/x": draw(case), f"{case.file}/output": output}
    np.savez_compressed(OUTPUTS_JSON, **stored)
    print(f"torch {torch.__version__}, keras {keras.__version__}, {len(stored)} arrays")


def write(path: Path, content: dict[str, Any]) -> None:
    if path.suffix == ".npz":
        np.savez_compressed(path, **content)
        return
    path.write_text(json.dumps(content, default=lambda array: np.asarray(array).tolist()))


def amp(kind: str, case: Case) -> tuple[dict[str, Any], NDArray[Any]]:
    """Return what SimpleRNN.save_model writes, and the output before the skip is added."""
    unit, depth = {"lstm": ("LSTM", 1), "gru": ("GRU", 2), "rnn": ("RNN", 1)}[kind]
    rec = getattr(torch.nn, unit)(I, H, depth)
    lin = torch.nn.Linear(H, READOUT if kind == "gru" else 1, bias=kind != "rnn")
    data = {
        "model": "SimpleRNN", "input_size": I, "skip": {"lstm": 1, "gru": 0, "rnn": 2}[kind],
        "output_size": lin.out_features, "unit_type": unit, "num_layers": depth,
        "hidden_size": H, "bias_fl": lin.bias is not None,
    }  # fmt: skip
    arrays = torch.nn.ModuleDict({"rec": rec, "lin": lin}).state_dict()
    with torch.inference_mode():
        output = lin(rec(torch.from_numpy(draw(case)))[0]).numpy()
    return {"model_data": data, "state_dict": {n: a.numpy() for n, a in arrays.items()}}, output


def state(kind: str, case: Case) -> tuple[dict[str, Any], NDArray[Any]]:
    """Return a state_dict as lists, alone or in a checkpoint."""
    dtype = torch.float64 if kind == "double" else torch.float32
    parts = {"emb": torch.nn.Embedding(SYMBOLS, I)} if case.text else {}
    parts["rnn"] = torch.nn.GRU(I, H, dtype=dtype)
    parts["fc"] = torch.nn.Linear(H, READOUT, dtype=dtype)
    module = torch.nn.ModuleDict(parts)
    arrays = {name: array.numpy() for name, array in module.state_dict().items()}
    x = torch.from_numpy(draw(case))
    x = x if case.text else x.to(dtype)
    with torch.inference_mode():
        x = module["emb"](x) if case.text else x
        output = module["fc"](module["rnn"](x)[0]).numpy()
    vocabulary = [chr(97 + i) for i in range(SYMBOLS)]
    whole = {"epoch": 3, "state_dict": arrays, "vocabulary": vocabulary, "losses": [0.5, 0.25]}
    return whole if case.text else arrays, output


def hand(kind: str, case: Case) -> tuple[dict[str, Any], NDArray[Any]]:
    """Return a simple RNN or an LSTM under names as people give them, in columns or in rows."""
    module = (torch.nn.LSTM if kind == "gates" else torch.nn.RNN)(I, H)
    lin = torch.nn.Linear(H, READOUT)
    W, U, *biases = (array.numpy() for array in module.state_dict().values())
    b, V, c = sum(biases), lin.weight.detach().numpy(), lin.bias.detach().numpy()
    with torch.inference_mode():
        output = lin(module(torch.from_numpy(draw(case)))[0]).numpy()
    if kind == "columns":
        return {"Wxh": W, "Whh": U, "Why": V, "bh": b[:, None], "by": c[:, None]}, output
    if kind == "rows":
        return {"W_xh": W.T, "W_hh": U.T, "b_h": b, "W_hq": V.T, "b_q": c}, output
    found = {"W_hq": V.T, "b_q": c}
    for k, gate in enumerate("ifco"):
        part = slice(k * H, (k + 1) * H)
        found |= {f"W_x{gate}": W[part].T, f"W_h{gate}": U[part].T, f"b_{gate}": b[part]}
    return found, output


def weights(kind: str, case: Case) -> tuple[dict[str, Any], NDArray[Any]]:
    """Return the weights of a Keras model by their paths."""
    layers = keras.layers
    whole = {"return_sequences": True}
    parts: list[Any] = {
        "gru": [layers.Embedding(SYMBOLS, I), layers.GRU(H, **whole)],
        "both": [layers.Bidirectional(layers.LSTM(H, **whole))],
        "rnn": [layers.SimpleRNN(H, **whole)],
    }[kind]
    x = draw(case).swapaxes(0, 1)
    model = keras.Sequential([keras.Input(x.shape[1:]), *parts, layers.Dense(READOUT)])
    rng = np.random.RandomState(len(case.file))
    model.set_weights([a + rng.uniform(0, 0.3, a.shape) for a in model.get_weights()])
    found = {weight.path: weight.numpy() for weight in model.weights}
    return found, model.predict(x, verbose=0).swapaxes(0, 1)


def rtneural(kind: str, case: Case) -> tuple[dict[str, Any], NDArray[Any]]:
    """Return what RTNeural's script writes of a Keras model."""
    layers = keras.layers
    parts: list[Any] = {
        "gru": [layers.GRU(H, return_sequences=True), layers.Dense(READOUT)],
        "lstm": [
            layers.TimeDistributed(layers.Dense(5, activation="tanh")),
            layers.LSTM(H, return_sequences=True),
            layers.LSTM(H + 1, return_sequences=True),
            layers.Dense(READOUT, activation="sigmoid"),
        ],
        "norm": [
            layers.Dense(5),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.GRU(H, return_sequences=True, use_bias=True),
            layers.Dense(READOUT, use_bias=False),
        ],
    }[kind]
    model = keras.Sequential([keras.Input((None, I)), *parts])
    rng = np.random.RandomState(len(case.file))
    model.set_weights([a + rng.uniform(0, 0.3, a.shape) for a in model.get_weights()])
    output = model.predict(draw(case).swapaxes(0, 1), verbose=0).swapaxes(0, 1)
    found = {"in_shape": model.input_shape, "layers": [described(layer) for layer in parts]}
    return found | ({"in_skip": 1, "samplerate": 48000} if kind == "gru" else {}), output


def described(layer: Any) -> dict[str, Any]:
    kinds = {"TimeDistributed": "time-distributed-dense", "BatchNormalization": "batchnorm"}
    inner = getattr(layer, "layer", layer)
    kind = type(layer).__name__
    activation = getattr(getattr(inner, "activation", None), "__name__", "")
    found = {
        "type": kinds.get(kind, kind.lower()),
        "activation": "" if activation == "linear" else activation,
        "shape": layer.output.shape,
        "weights": layer.get_weights(),
    }
    return found | ({"epsilon": layer.epsilon} if kind == "BatchNormalization" else {})


if __name__ == "__main__":
    main()
