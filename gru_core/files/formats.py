"""The format of a file, by its content."""

import re

from gru_core.files.archive import Archive
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.source import Source
from gru_core.files.torch import legacy as torch_legacy

_HEAD = 512
_BY_SUFFIX = {".safetensors": "safetensors", ".onnx": "onnx"}

_ADVICE = "save model.state_dict() with torch.save or safetensors"
_MSGPACK = (
    "save the arrays by name: "
    "numpy.savez('model.npz', **flax.traverse_util.flatten_dict(params, sep='/'))"
)
_KNOWN = {
    b"\x80": f"is a bare pickle, which can run any code; {_ADVICE}",
    b"\x93NUMPY": "is a single array without a name; use numpy.savez with named arrays",
    b"\x89PNG": "is a PNG picture",
    b"\xff\xd8\xff": "is a JPEG picture",
    b"%PDF": "is a PDF document",
    b"\x1f\x8b": "is compressed with gzip; unpack it first",
    b"7z\xbc\xaf": "is a 7z archive; unpack it first",
    b"Rar!": "is a RAR archive; unpack it first",
    b"version https://git-lfs": "is a Git LFS pointer; fetch the file itself with git lfs pull",
}
"""The first bytes of files that are often mistaken for a network's, and the error's text."""
_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")
"""The beginning of JSON."""
_FORMATS = "safetensors, PyTorch (.pt, .pth), ONNX, Keras (.keras, .h5), .npz or JSON"


def format_of(source: Source, suffix: str, limits: Limits) -> str:
    """Return the format of a file's content; the suffix decides if the content does not.

    Parameters
    ----------
    source : Source
    suffix : str
        That of the file's name, in lower case and with its dot.
    limits : Limits

    Raises
    ------
    FormatError
        If it is no format of networks that is known here.

    Examples
    --------
    >>> import io
    >>> format_of(Source(io.BytesIO(b'{"W": [1]}'), "a.json", 10), ".json", Limits())
    'json'
    """
    head = source.read(0, min(source.size, _HEAD))
    if head[8:9] == b"{" and int.from_bytes(head[:8], "little") <= source.size:
        return "safetensors"
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _kind_of_zip(source, limits)
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return "keras"
    if suffix != ".safetensors" and b"\0" not in head and _TEXT.match(head):
        return "json"
    if torch_legacy.MAGIC in head[:32]:
        return "torch before 1.6"
    for beginning, message in _KNOWN.items():
        if head.startswith(beginning):
            raise FormatError(source.name, None, message)
    if suffix == ".msgpack":
        raise FormatError(source.name, None, f"is Flax's msgpack; {_MSGPACK}")
    if head[257:262] == b"ustar":
        raise FormatError(source.name, None, f"is a tar file; {_ADVICE}")
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if head[8:9] == b"{":
        return "safetensors"
    if head[:1] == b"\x08":  # a protobuf whose first field is a number, as ONNX's ir_version is
        return "onnx"
    raise FormatError(source.name, None, f"is none of the formats known here: {_FORMATS}")


def _kind_of_zip(source: Source, limits: Limits) -> str:
    """Return the format of a zip archive by its members."""
    names = Archive(source, limits).members
    if any(name.endswith("/data.pkl") for name in names):
        return "torch"
    if "model.weights.h5" in names or "model.json" in names:
        return "keras"
    if any(name.endswith(".npy") for name in names):
        return "npz"
    listed = ", ".join(list(names)[:5]) or "nothing"
    raise FormatError(source.name, None, f"is a zip archive without a network; it has {listed}")
