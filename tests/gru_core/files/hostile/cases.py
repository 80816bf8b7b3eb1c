"""The parts of hostile files; the modules beside this one make the files."""

import zipfile
from io import BytesIO
from typing import NamedTuple

import numpy as np

CANARY = "GRUSCOPE_CANARY"
"""The folder in which a file appears if anything out of a file is run."""
TOUCH = f"touch ${CANARY}/hatched"


class Hostile(NamedTuple):
    """A file's suffix and bytes, and a part of the error that it must give."""

    name: str
    suffix: str
    data: bytes
    message: str


def gru(**changed: np.ndarray) -> dict[str, np.ndarray]:
    """Return a small GRU's state_dict."""
    arrays = {"weight_ih_l0": np.ones((6, 3), "f4"), "weight_hh_l0": np.ones((6, 2), "f4")}
    return arrays | changed


NAN = gru(weight_hh_l0=np.where(np.arange(12).reshape(6, 2) == 5, np.nan, np.float32(1)))


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return file.getvalue()


def npy(array: np.ndarray, *, pickled: bool = False) -> bytes:
    file = BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=pickled)
    return file.getvalue()


def members() -> dict[str, bytes]:
    return {f"{name}.npy": npy(array) for name, array in gru().items()}
