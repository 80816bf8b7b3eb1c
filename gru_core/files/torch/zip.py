"""PyTorch's .pt and .pth files: a zip archive of one pickle and its storages."""

from typing import Literal

from gru_core.files.archive import Archive, Stream
from gru_core.files.entries import Entries
from gru_core.files.errors import FormatError
from gru_core.files.limits import Limits
from gru_core.files.source import Source
from gru_core.files.torch.contents import contents
from gru_core.files.torch.storages import Place, Storages
from gru_core.files.torch.unpickler import Reader, load

_PICKLE = "data.pkl"


def entries(source: Source, limits: Limits) -> Entries:
    """Return the tensors of a file that torch.save wrote, without reading their numbers.

    Tensors are named by the keys that lead to them, joined by dots: ``model.rnn.weight_ih_l0``
    in a checkpoint that keeps its state_dict, or the module, under ``"model"``. The dict or the
    outermost module that contains a tensor is its scope.

    Raises
    ------
    FormatError
        For TorchScript, damage, and tensors that reach beyond their storage.

    Examples
    --------
    See `gru_core.files.load`.
    """
    archive = Archive(source, limits)
    root = _root(archive)
    sound: set[str] = set()

    def place(key: str) -> Place | None:
        member = archive.members.get(f"{root}data/{key}")
        if member is None:
            return None
        if member.deflated:
            raise FormatError(
                source.name, member.name, "is a compressed storage; torch.save has none"
            )

        def check() -> None:  # each checksum once
            if key not in sound:
                Stream(archive, member).finish()
                sound.add(key)

        return Place(member.start, member.size, check)

    pickled = Reader(archive.read(root + _PICKLE, limits.header_bytes))
    found = contents(load(pickled, source.name, _PICKLE, limits), source.name, limits)
    storages = Storages(source, place, _byteorder(archive, root))
    return storages.entries(found, limits)


def _root(archive: Archive) -> str:
    """Return the folder of the pickle, with its slash."""
    names = archive.members
    roots = [
        n.removesuffix(_PICKLE) for n in names if n.count("/") == 1 and n.endswith(f"/{_PICKLE}")
    ]
    if len(roots) != 1:
        raise FormatError(archive.file, None, f"has {len(roots)} pickles {_PICKLE}, not one")
    (root,) = roots
    if any(n == f"{root}constants.pkl" or n.startswith(f"{root}code/") for n in names):
        undo = f"torch.save(torch.jit.load({archive.file!r}).state_dict(), 'weights.pt')"
        raise FormatError(
            archive.file, None, f"is TorchScript, a program; open weights.pt of {undo}"
        )
    return root


def _byteorder(archive: Archive, root: str) -> Literal["<", ">"]:
    """Return NumPy's letter for the byte order; files that do not say are little-endian."""
    name = f"{root}byteorder"
    word = archive.read(name, 16) if name in archive.members else b"little"
    if word not in (b"little", b"big"):
        raise FormatError(archive.file, name, f"names the unknown byte order {word!r}")
    return "<" if word == b"little" else ">"
