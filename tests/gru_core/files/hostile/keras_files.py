"""Hostile and broken Keras files: HDF5 that points elsewhere or lies, evil configurations."""

import struct
import zipfile
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np

from tests.gru_core.files.hostile.cases import CANARY, TOUCH, Hostile
from tests.gru_core.files.keras_models import (
    H,
    I,
    archive,
    arrays,
    functional,
    h5,
    layer,
    legacy,
    recurrent,
    sequential,
    single,
)

GROUP = "model_weights/rnn/rnn/gru_cell"
CONFIG = sequential(recurrent())
SHAPE = (I, 3 * H)


def replaced(change: Callable[[h5py.File], object]) -> bytes:
    """Return a valid .h5 file with a replaced kernel."""

    def more(file: h5py.File) -> None:
        del file[f"{GROUP}/kernel:0"]
        change(file)

    return legacy(CONFIG, {"rnn/rnn/gru_cell": arrays()}, more=more)


def added(change: Callable[[h5py.File], object]) -> bytes:
    """Return a sound .h5 file with something more in it."""
    return legacy(CONFIG, {"rnn/rnn/gru_cell": arrays()}, more=change)


def kernel(**options: Any) -> bytes:
    """Return a .h5 file with a kernel made with these options."""
    given = {"shape": SHAPE, "dtype": "f4"} | options
    return replaced(lambda file: file.create_dataset(f"{GROUP}/kernel:0", **given))


def linked(link: Any) -> bytes:
    return replaced(lambda file: file.__setitem__(f"{GROUP}/kernel:0", link))


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout(SHAPE, "f4")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", SHAPE)
    file.create_virtual_dataset(f"{GROUP}/kernel:0", layout)


def unlimited(file: h5py.File) -> None:
    layout = h5py.VirtualLayout(SHAPE, "f4", maxshape=(None, 3 * H))
    source = h5py.VirtualSource("/etc/hostname", "x", SHAPE, maxshape=(None, 3 * H))
    layout[: h5py.h5s.UNLIMITED, :] = source[: h5py.h5s.UNLIMITED, :]
    file.create_virtual_dataset(f"{GROUP}/kernel:0", layout)


def named(file: h5py.File) -> None:
    file["type"] = np.dtype("f4")
    del file["type"]
    file["kind"] = np.dtype("f4")


def own_type(file: h5py.File) -> None:
    kind = h5py.h5t.IEEE_F32LE.copy()
    kind.commit(file.id, b"kind")
    space = h5py.h5s.create_simple(SHAPE)
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    h5py.h5d.create(file[GROUP].id, b"kernel:0", kind, space, plan)
    file.move("kind", f"{GROUP}/kind")


def odd_float(file: h5py.File) -> None:
    kind = h5py.h5t.IEEE_F32LE.copy()
    kind.set_ebias(99)
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    h5py.h5d.create(file[GROUP].id, b"kernel:0", kind, h5py.h5s.create_simple(SHAPE), plan)


def within_itself(file: h5py.File) -> None:
    file["model_weights/rnn/again"] = file["model_weights"]


def same_twice(file: h5py.File) -> None:
    file[f"{GROUP}/other"] = file[f"{GROUP}/bias:0"]


def deep(file: h5py.File) -> None:
    file.create_group("/".join("d" * 200))


def crowd(file: h5py.File) -> None:
    group = file.create_group("crowd")
    for number in range(10_001):
        group.id.links.create_hard(str(number).encode(), file.id, b"model_weights")


def spaces(text: str) -> Callable[[h5py.File], object]:
    """Write an attribute as a fixed text, padded."""
    return lambda file: file.attrs.create("model_config", np.bytes_(text.encode()))


def long_text(file: h5py.File) -> None:
    del file.attrs["model_config"]
    file.attrs["model_config"] = " " * (5 << 20)


def several_texts(file: h5py.File) -> None:
    del file.attrs["model_config"]
    file.attrs["model_config"] = ["a", "b"]


def number_for_text(file: h5py.File) -> None:
    del file.attrs["model_config"]
    file.attrs["model_config"] = 5


def not_utf8(file: h5py.File) -> None:
    del file.attrs["model_config"]
    file.attrs["model_config"] = np.bytes_(b"\xff\xfe")


def sideways(name: bytes) -> Callable[[h5py.File], object]:
    """Give a group a name that is not UTF-8."""
    return lambda file: h5py.h5g.create(file.id, name)


SOUND = legacy(CONFIG, {"rnn/rnn/gru_cell": arrays()})


def lying(size: int) -> bytes:
    """Return a .h5 file whose kernel claims another shape."""
    assert SOUND.count(struct.pack("<2Q", *SHAPE))
    return SOUND.replace(struct.pack("<2Q", *SHAPE), struct.pack("<2Q", I, size))


def endless() -> bytes:
    """Return a .h5 file whose heap of texts has an object of size 0, at which the library hangs."""
    place = SOUND.index(b"GCOL") + 16
    return SOUND[:place] + bytes(16) + SOUND[place + 16 :]


def long_claim() -> bytes:
    """Return a .h5 file with a text that claims 4 GiB, which the library would make room for."""
    found = struct.pack("<IQ", len("2.15.0"), SOUND.index(b"GCOL"))
    assert SOUND.count(found) == 1
    return SOUND.replace(found, b"\xff" * 4 + found[4:])


def weights_alone(*names: str) -> bytes:
    """Return a .h5 file of weights without a model."""

    def build(file: h5py.File) -> None:
        file.attrs["layer_names"] = list(names)
        file["rnn/kernel:0"] = arrays()[0]

    return h5(build)


def long_name() -> bytes:
    """Return such a file of which the second name claims 4 GiB."""
    data = weights_alone("rnn", "a name of 21 letters.")
    found = struct.pack("<IQ", 21, data.index(b"GCOL"))
    assert data.count(found) == 1
    return data.replace(found, b"\xff" * 4 + found[4:])


NAN = arrays()
NAN[1][2, 5] = np.nan
FEW = [arrays()[0][:, :-1], *arrays()[1:]]
BIT = len(SOUND) // 3

HDF5 = [
    Hostile(name, "h5", data, message)
    for name, data, message in [
        ("link to a file", linked(h5py.ExternalLink("/etc/passwd", "/x")),
         "a link to another file"),
        ("soft link", linked(h5py.SoftLink("/etc/passwd")), "kernel:0: is a soft link; links are"),
        ("numbers outside", kernel(external=[("/etc/passwd", 0, 144)]),
         "its numbers in another file"),
        ("virtual", replaced(virtual), "kernel:0: is a virtual array"),
        ("virtual without end", replaced(unlimited), "kernel:0: is a virtual array"),
        ("deflated", kernel(data=arrays()[0], compression="gzip"), "is stored in chunks or compr"),
        ("deflate bomb", kernel(shape=(2_000_000,), compression="gzip", data=np.zeros(2_000_000)),
         "is stored in chunks or compressed"),
        ("chunks", kernel(chunks=(1, 1)), "is stored in chunks or compressed"),
        ("a chunk of 2 GiB", kernel(shape=(1,), maxshape=(None,), chunks=(1 << 29,)), "in chunks"),
        ("shape bomb", kernel(shape=(1 << 40,)), "needs 4398046511104 bytes and has 0"),
        ("shape lies", lying(4 * H), "of shape (3, 16) needs 192 bytes and has 144"),
        ("shape overflow", lying(1 << 62), "model.h5"),
        ("never written", kernel(), "of shape (3, 12) needs 144 bytes and has 0"),
        ("no shape", kernel(shape=None), "is an array without a shape"),
        ("a type of its own", replaced(own_type), "kernel:0: has a type of its own"),
        ("a type alone", replaced(named), "kind: is neither a group nor an array"),
        ("a strange float", replaced(odd_float), "has dtype that is no number"),
        ("integers", kernel(data=np.ones(SHAPE, "i4"), dtype="i4"), "kernel:0: has dtype int32"),
        ("complex", kernel(data=np.ones(SHAPE, "c8"), dtype="c8"), "has dtype that is no number"),
        ("texts", kernel(dtype=h5py.string_dtype()), "has dtype that is no number"),
        ("references", kernel(dtype=h5py.ref_dtype), "has dtype that is no number"),
        ("lists of any length", kernel(dtype=h5py.vlen_dtype("f4")), "has dtype that is no number"),
        ("scalar", kernel(shape=(), data=1.0), "has kernel () and recurrent_kernel (4, 12)"),
        ("within itself", added(within_itself),
         "again: is in the file twice, or inside itself"),
        ("array twice", added(same_twice), "is in the file twice"),
        ("groups in groups", added(deep), "lies deeper than 64 groups"),
        ("names without end", added(crowd), "more than 10000 groups and arrays"),
        ("name not UTF-8", added(sideways(b"\xff\xfe")), "which is not UTF-8"),
        ("name of 600 letters", added(sideways(b"n" * 600)), "which is no name"),
        ("configuration of 5 MiB", added(long_text), "/@model_config: claims 5242880 characters"),
        ("several configurations", added(several_texts), "/@model_config: is not one text but sev"),
        ("a number for a configuration", added(number_for_text), "/@model_config: is not a text"),
        ("configuration not UTF-8", added(not_utf8), "model.h5"),
        ("configuration not JSON", legacy("{", {}), "configuration: is not JSON"),
        ("configuration nested deep", legacy("[" * 100_000, {}), "configuration: is not JSON"),
        ("configuration a number", legacy("7", {}), "describes nothing, expected a Sequential"),
        ("no layers", legacy(sequential(), {}), "configuration: lists no layers"),
        ("layers of no kind", legacy(sequential(1, []), {}), "has a layer without a name"),
        ("not a number", legacy(CONFIG, {"rnn": NAN}), "recurrent_kernel:0: holds nan at (2, 5)"),
        ("odd shape", legacy(CONFIG, {"rnn": FEW}), "has kernel (3, 11) and recurrent_kernel"),
        ("no weights", legacy(CONFIG, {}), "layer 'rnn': has no kernel in the file"),
        ("weights of one name twice", legacy(CONFIG, {"rnn/a": arrays(), "rnn/b": arrays()}),
         "is one of several bias of the layer 'rnn'"),
        ("cut short", SOUND[: len(SOUND) // 2], "is damaged, or not HDF5"),
        ("beginning only", SOUND[:8], "is damaged, or not HDF5"),
        ("noise", SOUND[:8] + bytes(range(256)) * 9, "is damaged, or not HDF5"),
        ("root overwritten", SOUND[:96] + bytes(400) + SOUND[496:], "model.h5"),
        ("heap without end", endless(), "is damaged: the heap of texts at"),
        ("text of 4 GiB", long_claim(), "/@keras_version: claims 4294967295 characters"),
        ("layer's name of 4 GiB", long_name(), "/@layer_names: claims 4294967298 characters"),
        ("layers that are not there", weights_alone("rnn", "other"), "weights without a model"),
        ("layer within itself", weights_alone("rnn", "rnn"), "holds weights without a model"),
        ("wide addresses", SOUND[:13] + b"\4" + SOUND[14:], "is damaged, or not HDF5"),
        ("no model", h5(lambda file: file.create_group("layers")), "holds weights without a model"),
    ]
]  # fmt: skip


def custom(**changed: Any) -> dict[str, Any]:
    """Return a layer of somebody's own class that is called GRU."""
    return recurrent() | {"module": "evil", "registered_name": "Evil>GRU"} | changed


LAMBDA = layer(
    "Lambda", "evil", function={"class_name": "__lambda__", "config": {"code": "4wEAAAA=" * 9}}
)
SYSTEM = layer("Lambda", "evil", function=f"import os; os.system('{TOUCH}')") | {
    "module": "os", "class_name": "system",
}  # fmt: skip
WRAPPED: Any = recurrent()
for _ in range(30):
    WRAPPED = layer("Bidirectional", "both", layer=WRAPPED)
NESTED = {"class_name": "a", "config": "b"}
for _ in range(200):
    NESTED = {"class_name": "a", "config": NESTED}  # type: ignore[dict-item]
CIRCLE = functional(
    (layer("Dropout", "d"), ["e"]), (layer("Dropout", "e"), ["d"]), (recurrent(), ["e"])
)
ROUND = functional((recurrent("GRU", "a"), ["b"]), (recurrent("GRU", "b"), ["a"]))
WEIGHTS = {"gru/cell": arrays()}

KERAS = [
    Hostile(name, "keras", data, message)
    for name, data, message in [
        ("Lambda", archive(sequential(LAMBDA), {}), "has no GRU, LSTM, SimpleRNN or Bidirectional"),
        ("a function for a layer", archive(sequential(SYSTEM), {}), "but custom"),
        ("a class of its own", archive(sequential(custom()), WEIGHTS), "but custom"),
        ("a registered class", archive(sequential(custom(module="keras.layers")), WEIGHTS),
         "custom"),
        ("a module of its own", archive(sequential(custom(registered_name=None)), WEIGHTS),
         "custom"),
        ("a model of its own", archive(sequential(recurrent(), module="evil"), WEIGHTS),
         "'custom'"),
        ("an activation of its own", single(activation={"module": "os", "class_name": "system"}),
         "has the activation a dict"),
        ("an activation as code", single(activation=f"os.system('{TOUCH}')"), "has the activation"),
        ("nested activation", single(activation=NESTED), "has the activation a dict"),
        ("configuration nested deep", archive(b'{"a":' * 100_000, {}),
         "configuration: is not JSON"),
        ("layers in layers", archive(sequential(WRAPPED), WEIGHTS),
         "wraps layers more than 4 deep"),
        ("layer without a name", archive(sequential({"class_name": "GRU"}), {}), "without a name"),
        ("name of another kind", archive(sequential(recurrent(name=[1])), {}), "without a name"),
        ("name twice", archive(sequential(recurrent(), recurrent()), {}), "configuration twice"),
        ("layers without end", archive(sequential(*[0] * 10_001), {}), "more than 10000 layers"),
        ("inputs without end", archive({"class_name": "Model", "config": {"layers": [
            recurrent() | {"inbound_nodes": [[0] * 1_000_000]}]}}, {}),
             "has no kernel in the file"),
        ("circle of layers", archive(CIRCLE, {}), "layer 'rnn': has no kernel in the file"),
        ("circle of networks", archive(ROUND, {}), "choose one with name=: 'a' (GRU, 1 deep), 'b'"),
        ("configuration of 5 MiB", archive(b" " * (5 << 20), {}), "config.json: is too large"),
        ("configuration bomb", archive(b" " * (3 << 20), {}, method=zipfile.ZIP_DEFLATED),
         "config.json: would grow from"),
        ("configuration not UTF-8", archive(b"\xff", {}), "config.json: is not UTF-8"),
        ("digits", archive(b"9" * 10_000, {}), "configuration: is not JSON"),
        ("weights missing", archive(CONFIG, {}), "layer 'rnn': has no kernel in the file"),
        ("weights not HDF5", archive(CONFIG, b"numbers"), "is damaged, or not HDF5"),
        ("weights cut short", archive(CONFIG, SOUND[:-2000]), "is damaged, or not HDF5"),
        ("weights that are a link", archive(CONFIG, h5(lambda file: file.__setitem__(
            "layers", h5py.ExternalLink("/etc/passwd", "/")))), "is a link to another file"),
        ("other shape", archive(CONFIG, {"gru/cell": FEW}),
         "has kernel (3, 11) and recurrent_kern"),
        ("path upwards", archive(CONFIG, WEIGHTS, **{"../../x": b""}), "leads out of the archive"),
        ("path within the file", archive(CONFIG, h5(
            lambda file: file.create_dataset(f"layers/{CANARY}/../gru", data=1.0))),
             "called b'..', which is no name"),
        ("cut short", single()[:-30], "its zip table of contents is missing"),
        ("metadata not JSON", archive(sequential(recurrent(activation="hard_sigmoid")), WEIGHTS,
            version='3"' * 9), "differs between Keras 2 and 3"),
        ("two groups for a layer", archive(CONFIG, h5(lambda file: [
            file.create_group(f"layers/{g}/vars").attrs.__setitem__("name", "rnn") for g in "ab"])),
         "is the layer 'rnn', as"),
    ]
]  # fmt: skip
