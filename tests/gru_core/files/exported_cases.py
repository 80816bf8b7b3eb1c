"""The networks that torch and Keras exported; the files are in exported/.

``python -m scripts.make_exported_files`` makes them anew, with what the frameworks computed.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

EXPORTED = Path(__file__).parent / "exported"
OUTPUTS = EXPORTED / "outputs.npz"
ONNX_OUTPUTS = EXPORTED / "outputs-onnx.npz"
"""Per case, under "<name>/x", "<name>/output", "<name>/final", time first, as the framework ran."""

SYMBOLS, READOUT = 7, 3
"""The sizes of embedding and readout, where there are any."""


class Torch(NamedTuple):
    """A torch module, and how it was exported."""

    name: str
    kind: str
    layers: int = 1
    bidirectional: bool = False
    bias: bool = True
    text: bool = False
    """Whether it reads symbols, through an Embedding, and answers through a Linear."""
    last: bool = False
    """Whether the Linear reads the last step alone."""
    batch_first: bool = False
    dynamo: bool = False
    opset: int = 18
    fold: bool = True
    """Whether the exporter computed what is constant (the older one can leave it)."""
    dynamic: bool = True
    nonlinearity: str = "tanh"
    hidden: int = 4
    start: str = ""
    """Whether it has its own h_0 (and c_0), and how that is repeated: "expand" or "repeat"."""
    head: str = ""
    """The function after the Linear: "softmax", "sigmoid" or none."""
    between: str = ""
    """What lies between two layers that are modules of their own: "norm", "dense" or nothing."""

    @property
    def file(self) -> str:
        return f"{self.name}.onnx"


TORCH = [
    Torch("gru", "GRU"),
    Torch("gru-opset-9", "GRU", layers=2, opset=9),
    Torch("gru-unfolded", "GRU", layers=2, bidirectional=True, fold=False),
    Torch("gru-text", "GRU", layers=2, bidirectional=True, text=True, batch_first=True),
    Torch("gru-last", "GRU", text=True, last=True, batch_first=True),
    Torch("lstm", "LSTM", layers=2, bidirectional=True, bias=False, batch_first=True),
    Torch("lstm-three", "LSTM", layers=3, opset=14),
    Torch("rnn", "RNN", layers=2, text=True, nonlinearity="relu"),
    Torch("gru-dynamo", "GRU", dynamo=True, dynamic=False),
    Torch("gru-dynamo-text", "GRU", layers=2, text=True, bias=False, batch_first=True, dynamo=True),
    Torch("lstm-dynamo", "LSTM", layers=2, bidirectional=True, batch_first=True, dynamo=True),
    Torch("lstm-dynamo-22", "LSTM", layers=2, dynamo=True, dynamic=False, opset=22),
    Torch("gru-start", "GRU", start="expand"),
    Torch("lstm-start", "LSTM", layers=2, bidirectional=True, start="repeat", opset=14),
    Torch("lstm-start-static", "LSTM", layers=2, start="expand", dynamic=False),
    Torch("lstm-start-dynamo", "LSTM", layers=2, bidirectional=True, start="expand", dynamo=True),
    Torch("gru-start-dynamo", "GRU", layers=2, start="repeat", dynamo=True),
    Torch("gru-softmax", "GRU", text=True, batch_first=True, head="softmax", opset=9),
    Torch("gru-sigmoid", "GRU", text=True, last=True, batch_first=True, head="sigmoid"),
    Torch("rnn-softmax", "RNN", text=True, last=True, head="softmax"),
    Torch("gru-softmax-dynamo", "GRU", text=True, dynamo=True, head="softmax"),
    Torch("gru-wide", "GRU", dynamic=False, hidden=33),
    Torch("gru-wide-unfolded", "GRU", dynamic=False, hidden=33, fold=False),
    Torch("lstm-wide", "LSTM", layers=2, bidirectional=True, dynamic=False, hidden=9),
    Torch("lstm-norm", "LSTM", layers=2, between="norm"),
    Torch("gru-norm", "GRU", layers=2, bidirectional=True, between="norm", opset=13),
    Torch("lstm-norm-dynamo", "LSTM", layers=2, between="norm", dynamo=True),
    Torch(
        "gru-norm-dynamo", "GRU", layers=2, text=True, between="norm", dynamo=True, dynamic=False
    ),
    Torch("rnn-dense", "RNN", layers=2, between="dense", dynamic=False),
    Torch("gru-dense", "GRU", layers=2, bidirectional=True, text=True, between="dense", opset=11),
    Torch("lstm-dense-dynamo", "LSTM", layers=2, text=True, between="dense", dynamo=True),
    Torch("gru-dense-last", "GRU", layers=2, text=True, last=True, between="dense", dynamo=True),
    Torch("gru-dynamo-21", "GRU", layers=2, bidirectional=True, dynamo=True, opset=21),
]
UNROLLED = Torch("rnn-unrolled", "RNN", dynamo=True, dynamic=False)
"""The newer exporter writes nn.RNN out step by step: there is no node to find."""


class Keras(NamedTuple):
    """A Keras model, by its layers."""

    name: str
    layers: tuple[tuple[str, dict[str, Any]], ...]
    """Class and arguments; "Bidirectional/GRU" is a GRU in a Bidirectional."""
    functional: bool = False
    text: bool = False
    last: bool = False
    """Whether its last layer returns the last step alone."""

    def of_keras(self, answer: NDArray[Any]) -> NDArray[Any]:
        """Return what Keras returns, of our answer at each step."""
        return answer[-1] if self.last else answer

    @property
    def has_readout(self) -> bool:
        return "Dense" in str(self.layers)

    @property
    def files(self) -> tuple[str, str]:
        return f"{self.name}.keras", f"{self.name}.h5"


KERAS = [
    Keras("keras-gru", (("GRU", {"name": "mine"}),)),
    Keras("keras-gru-before", (("GRU", {"reset_after": False}),)),
    Keras(
        "keras-hard",
        (("GRU", {"recurrent_activation": "hard_sigmoid", "activation": "softsign"}),),
    ),
    Keras("keras-lstm", (("LSTM", {}), ("LSTM", {"use_bias": False})), functional=True),
    Keras("keras-rnn", (("SimpleRNN", {"activation": "relu"}),)),
    Keras("keras-bidirectional", (("Bidirectional/LSTM", {}), ("Dropout", {}))),
    Keras(
        "keras-text",
        (("Embedding", {}), ("Bidirectional/GRU", {}), ("GRU", {}), ("Dense", {})),
        text=True,
    ),
    Keras("keras-back", (("GRU", {"go_backwards": True}),)),
    Keras("keras-back-twice", (("LSTM", {"go_backwards": True}),) * 2),
    Keras(
        "keras-back-chain",
        (
            ("GRU", {"go_backwards": True}),
            ("BatchNormalization", {}),
            ("Bidirectional/LSTM", {}),
            ("Dropout", {}),
            ("SimpleRNN", {}),
            ("Dense", {"activation": "sigmoid"}),
        ),
    ),
    Keras(
        "keras-back-both",
        (("GRU", {"go_backwards": True}), ("Bidirectional/GRU", {}), ("Dense", {})),
    ),
    Keras(
        "keras-back-merged",
        (("SimpleRNN", {"go_backwards": True}), ("Bidirectional/GRU", {"merge_mode": "ave"})),
    ),
    Keras("keras-sum", (("Bidirectional/GRU", {"merge_mode": "sum"}), ("LSTM", {}))),
    Keras("keras-product", (("Bidirectional/LSTM", {"merge_mode": "mul"}), ("Dense", {}))),
    Keras(
        "keras-norm",
        (
            ("BatchNormalization", {"scale": False}),
            ("LSTM", {}),
            ("BatchNormalization", {"epsilon": 0.2}),
            ("Dropout", {}),
            ("BatchNormalization", {"center": False}),
            ("GRU", {"use_bias": False}),
            ("BatchNormalization", {"center": False, "scale": False}),
            ("TimeDistributed/Dense", {}),
            ("BatchNormalization", {}),
            ("Activation", {"activation": "softmax"}),
        ),
        functional=True,
    ),
    Keras(
        "keras-maps",
        (
            ("Dense", {"units": 6, "activation": "relu"}),
            ("LSTM", {}),
            ("BatchNormalization", {}),
            ("TimeDistributed/Dense", {}),
            ("BatchNormalization", {}),
            ("GRU", {}),
            ("BatchNormalization", {}),
            ("Activation", {"activation": "softsign"}),
            ("Dense", {"units": 5, "activation": "tanh", "use_bias": False}),
            ("ReLU", {}),
            ("SimpleRNN", {}),
            ("Dense", {}),
        ),
    ),
    Keras(
        "keras-text-maps",
        (
            ("Embedding", {}),
            ("Dense", {"units": 5, "activation": "elu"}),
            ("LSTM", {}),
            ("LeakyReLU", {"negative_slope": 0.1}),
            ("Bidirectional/GRU", {}),
            ("Dense", {}),
        ),
        text=True,
    ),
    Keras(
        "keras-back-maps",
        (
            ("GRU", {"go_backwards": True}),
            ("Bidirectional/LSTM", {}),
            ("BatchNormalization", {}),
            ("Activation", {"activation": "tanh"}),
            ("Bidirectional/GRU", {}),
            ("Activation", {"activation": "relu"}),
            ("Dense", {"units": 3, "activation": "sigmoid"}),
            ("SimpleRNN", {}),
            ("Dense", {}),
        ),
    ),
    Keras(
        "keras-softmax",
        (
            ("Embedding", {}),
            ("BatchNormalization", {}),
            ("LSTM", {}),
            ("Dense", {}),
            ("Softmax", {}),
        ),
        text=True,
    ),
    Keras(
        "keras-sigmoid",
        (
            ("GRU", {}),
            ("LSTM", {"return_sequences": False}),
            ("BatchNormalization", {}),
            ("Dense", {"activation": "sigmoid", "use_bias": False}),
        ),
        last=True,
    ),
    Keras(
        "keras-nested",
        (
            ("Embedding", {}),
            ("Sequential", {"layers": (("LSTM", {}), ("Dropout", {}), ("LSTM", {}))}),
            ("Functional", {"layers": (("LSTM", {}), ("Bidirectional/GRU", {}))}),
            ("Sequential", {"layers": (("Dense", {"activation": "softmax"}),)}),
        ),
        functional=True,
        text=True,
    ),
    Keras(
        "keras-nested-twice",
        (
            ("LSTM", {}),
            ("Sequential", {"layers": (("LSTM", {}), ("Sequential", {"layers": (("LSTM", {}),)}))}),
        ),
    ),
]

T, B, I, H = 5, 2, 3, 4


def draw(name: str, text: bool) -> NDArray[Any]:
    """Return a case's input: (T, B) symbols or (T, B, I) numbers."""
    rng = np.random.RandomState(sum(map(ord, name)))
    if text:
        return rng.randint(0, SYMBOLS, (T, B)).astype(np.int32)
    return rng.uniform(-1.5, 1.5, (T, B, I)).astype(np.float32)
