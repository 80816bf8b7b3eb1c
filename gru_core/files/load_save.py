"""Load and save networks: call the reader of a file's format."""

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from gru_core.cells.base import Cell
from gru_core.errors import CoreError
from gru_core.files.arrays import foreign, npz, pair, safetensors
from gru_core.files.entries import Entries
from gru_core.files.errors import FormatError
from gru_core.files.formats import format_of
from gru_core.files.limits import Limits
from gru_core.files.source import Source, open_source
from gru_core.files.torch import legacy as torch_legacy
from gru_core.files.torch import state_dict
from gru_core.files.torch import zip as torch_zip
from gru_core.network.description import EMBEDDING, READOUT
from gru_core.network.layer import Layer
from gru_core.network.network import Network
from gru_core.parameters.params import Params
from gru_core.seq2seq.seq2seq import Seq2Seq

LIMITS: Final = Limits()

_ENTRIES: dict[str, Callable[[Source, Limits], Entries]] = {
    "safetensors": safetensors.entries,
    "npz": npz.entries,
    "torch": torch_zip.entries,
    "torch before 1.6": torch_legacy.entries,
}
_READERS = {
    "onnx": "gru_core.files.onnx.read",
    "keras": "gru_core.files.keras.model",
    "json": "gru_core.files.json.read",
}


def load(
    path: str | os.PathLike[str],
    name: str | None = None,
    *,
    embedding: str | bool = True,
    readout: str | bool = True,
    limits: Limits = LIMITS,
) -> Network | Seq2Seq:
    """Return the network in a file.

    The content decides the format. `load` runs nothing in the file, imports no framework, and opens
    no other file but the .bin files beside a model.json of TensorFlow.js.

    Parameters
    ----------
    path : str or path
        A file in safetensors, PyTorch's own format (a state_dict or a module, or a checkpoint with
        one inside), ONNX, Keras (.keras, .h5) or NumPy's npz format, or JSON: TensorFlow.js's
        model.json, of RTNeural, of Automated-GuitarAmpModelling, or arrays as lists under the names
        of a state_dict.
    name : str, optional
        Which network, if there are several: the prefix of ``.weight_ih_l0`` (with or without its
        dot), or the name of an ONNX node or a Keras layer. The error lists them. In a state_dict,
        modules that follow one another can be joined by + or a comma, such as ``lstm1+lstm2``,
        ``emb+rnn+head`` or, with maps between, ``lstm1+fc1+relu+lstm2``.
    embedding, readout : str or bool
        False leaves the part out, for example because it is a guess. In a state_dict the name of a
        module chooses it.
    limits : Limits
        Limits on sizes.

    Returns
    -------
    Network or Seq2Seq
        An encoder and a decoder if `save` wrote the file from one. In float64 if any
        array is; else in float32. float16 and bfloat16 become float32.

    Raises
    ------
    FormatError
        If the file does not exist, is damaged, exceeds the limits, has no network or several, or
        has weights that are NaN or infinite. The error names the file, the entry and the fault.

    Notes
    -----
    Read untrusted files with `gru_core.files.load_in_child`.

    A state_dict does not record how its parts are connected, and parts without weights, such as a
    relu, leave no trace. So an embedding, a readout or a start state found in it is a guess from
    its name and shape: ``network.guessed`` lists it, and ``print(network)`` and the page say so.
    Keras and ONNX files record the connections, so nothing is guessed. Beside a network in a
    state_dict only these are read:

    - As embedding ``X.weight`` of shape (V, I) with V ≠ I, where X is emb, embed, embedder,
      embedding or embeddings, perhaps with tok, token, word, char, symbol, item, text, input, src
      or source before it (tok_emb, word_embeddings) or layer, table or tokens after it, or wte;
      or where X says that it comes first: encoder, enc, lookup, vectors, vocab, word_vectors.
    - As readout ``X.weight`` of shape (O, D·H), with or without ``X.bias``, where X says that it
      comes last: out, output, outputs, head, readout, classifier, decoder, logits, predictor, pred,
      regressor, scores, also with fc, final, linear, lin, dense, proj or lm before it (fc_out,
      lm_head) or layer, fc, linear, dense, proj or projection after it (output_layer); final_fc,
      final_linear, final_layer; h2o, hidden2tag and similar names. A name that says only that the
      part is linear (linear, lin, dense, proj, projection, fc, fc1) counts in safetensors, which do
      not keep the order of a module's parts, if O ≠ I, because otherwise the part could come first.
      PyTorch's files and npz keep the order: there a readout must come after the network.
    - As start state an array of shape (L·D, 1, H), (L·D, H), or (H,) if L·D = 1: h0, h_0, hx,
      init_hidden, initial_state and similar names, also with a part before it (rnn_h0); for c of an
      LSTM c0, c_0, cx, init_cell and so on. An array of such a name that does not fit is refused.

    Everything else is left out, and ``network.left_out`` names it, in every format.

    X is the last part of the name, or the one before its number in an nn.Sequential; a readout or a
    start state is in the module of the network, or in one around it. If several embeddings or
    readouts fit, the error lists them. If the dict contains anything else, neither is read, and
    `output` is `states`.

    In safetensors, npz and JSON the names of Flax, Equinox and Keras are read too, and those by
    hand of a simple RNN (Wxh, Whh, bh, Why, by and the like) and of an LSTM (Wxi, Whi, bi or W_i,
    U_i, b_i for each gate) where shapes tell W·x from x·W. Names do not say which functions a cell
    uses: sigmoid and tanh are assumed, and no residual in a SimpleCell of Flax. A Dense and an
    embedding of these, and Why, are a guess as above, and the order of arrays does not count.

    Under weight drop (``weight_hh_l0_raw``) the raw matrix is the weight, as at inference.

    An nn.RNN with ``nonlinearity="relu"`` is loaded with tanh, because a state_dict does not say
    (a whole module does):
    ``network.with_layers(dataclasses.replace(layer, **{way: getattr(layer, way).with_form(
    activations=(RELU,)) for way in layer.reads}) for layer in network.layers)`` corrects that.

    A Keras layer with ``go_backwards=True`` returns its states last step first, and so does a
    network that ends with one. See `gru_core.files.keras.model.read`.

    torch.onnx.export writes weights beside the file unless ``external_data=False`` is given.

    Examples
    --------
    >>> import tempfile
    >>> from gru_core import Network
    >>> network = Network.random("gru", input_size=3, hidden_size=2, seed=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(network, f"{folder}/model.safetensors")
    ...     again = load(f"{folder}/model.safetensors")
    >>> bool((again.layers[0].forward.W == network.layers[0].forward.W).all())
    True
    """
    try:
        # Numbers that overflow in a conversion are refused later, so a warning is not needed.
        with np.errstate(over="ignore"), open_source(path, limits) as source:
            kind = format_of(source, Path(path).suffix.lower(), limits)
            if kind in _ENTRIES:
                entries = _ENTRIES[kind](source, limits)
                both = pair.model(entries, state_dict.network)
                if both is not None:
                    return _part(both, name, source)
                found: Network = foreign.network(entries, name, embedding, readout)
            elif isinstance(embedding, str) or isinstance(readout, str):
                what = "records which embedding and readout it has: leave them out with False only"
                raise FormatError(source.name, None, what)
            else:
                reader = importlib.import_module(_READERS[kind])
                found = reader.read(Path(path), name, limits)
            return _without(found, {EMBEDDING: embedding, READOUT: readout})
    except FormatError:
        raise
    except CoreError as error:
        raise FormatError(_name(path), error.field, str(error)) from None
    except MemoryError:
        raise FormatError(_name(path), None, "needs more memory than is available") from None


def save(network: Network | Seq2Seq, path: str | os.PathLike[str]) -> None:
    """Write a network to a file.

    Parameters
    ----------
    network : Network or Seq2Seq
    path : str or path
        Its suffix decides the format: ``.safetensors``, ``.npz`` or ``.onnx``; a Seq2Seq can be
        written to ``.safetensors`` only.

    Raises
    ------
    FormatError
        For another suffix, a network that the format cannot represent, or anything but a `Network`.
    OSError
        If the file cannot be written.

    Notes
    -----
    In safetensors and npz the arrays have PyTorch's names where nn.GRU, nn.LSTM or nn.RNN compute
    the same, and ``load_state_dict`` takes them; otherwise our own. With an embedding, a readout or
    start states the names are ``rnn.weight_ih_l0`` and so on, ``embedding.weight``,
    ``readout.weight``, ``readout.bias``, ``h0`` and ``c0``: call the module's parts rnn, embedding
    and readout, and its parameters of shape (L·D, 1, H) h0 and c0.

    If the arrays are not enough (a form that is not PyTorch's default, such as relu; a softmax
    after the readout; an embedding with V = I), text beside them lets `load` return the same
    network: in safetensors as metadata, in npz as the member ``gruscope.json``. Leave that member
    out when you pass the result of ``numpy.load`` to ``load_state_dict``.

    An embedding, a readout or a start state that was a guess is still a guess when it is read back,
    in every format. A certain one stays certain in safetensors and ONNX; in npz it becomes a guess
    if there is no ``gruscope.json``.

    Of a Seq2Seq, the arrays of its two networks have these names after ``encoder.`` and
    ``decoder.``.

    Examples
    --------
    >>> from gru_core import Network
    >>> save(Network.random("gru", 3, 2, seed=0), "model.pt")
    Traceback (most recent call last):
    gru_core.files.errors.FormatError: model.pt: cannot be written: a file that ends in \
.safetensors, .npz or .onnx can
    """
    if isinstance(network, Seq2Seq):
        _save_pair(network, path)
        return
    if not isinstance(network, Network):
        message = (
            f"save takes a Network or a Seq2Seq, got a {type(network).__name__}{_wrapped(network)}"
        )
        raise FormatError(_name(path), None, message)
    suffix = Path(path).suffix.lower()
    if suffix in (".safetensors", ".npz"):
        has_text = suffix == ".safetensors"
        write = safetensors.write if has_text else npz.write
        write(Path(path), *state_dict.arrays(network, text=has_text))
    elif suffix == ".onnx":
        importlib.import_module("gru_core.files.onnx.write").write(network, Path(path))
    else:
        can = "a file that ends in .safetensors, .npz or .onnx can"
        raise FormatError(_name(path), None, f"cannot be written: {can}")


def _save_pair(model: Seq2Seq, path: str | os.PathLike[str]) -> None:
    if Path(path).suffix.lower() != ".safetensors":
        can = "an encoder and a decoder can be in a file that ends in .safetensors"
        raise FormatError(_name(path), None, f"cannot be written: {can}")
    safetensors.write(Path(path), *pair.arrays(model, lambda one: state_dict.arrays(one)[0]))


def _wrapped(value: object) -> str:
    """Return a hint on how to make a network of params, a cell or a layer."""
    for kind, code in ((Params, "Layer(params)"), (Cell, "Layer(cell.params)"), (Layer, "layer")):
        if isinstance(value, kind):
            return f": Network(({code},))"
    return ""


def _without(network: Network, wanted: Mapping[str, str | bool]) -> Network:
    """Return a network without the ends that a user did not want, which are left out by name."""
    unwanted = [part for part in network.parts if wanted.get(part) is False]
    if not unwanted:
        return network
    guessed = tuple(part for part in network.guessed if part not in unwanted)
    left_out = (*network.left_out, *unwanted)
    return replace(
        network,
        embedding=None if EMBEDDING in unwanted else network.embedding,
        readout=None if READOUT in unwanted else network.readout,
        guessed=guessed,
        left_out=left_out,
    )


def _part(both: Seq2Seq, name: str | None, source: Source) -> Network | Seq2Seq:
    """Return an encoder and a decoder, or the one of them that a user named."""
    if name is None:
        return both
    for stage, network in both.stages.items():
        if stage == name:
            return network
    choices = list(both.stages)
    message = f"has no network {name!r}, but {' and '.join(choices)}"
    raise FormatError(source.name, None, message, choices)


def _name(path: str | os.PathLike[str]) -> str:
    return os.path.basename(os.fspath(path))
