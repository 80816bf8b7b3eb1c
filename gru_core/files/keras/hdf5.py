"""HDF5 files as a tree of plain groups, plain arrays and short texts.

HDF5 can refer to other files (external links and storage, virtual arrays), to itself (soft links,
cycles), and can claim sizes that it does not have. The tree is walked through the library's low-
level interface. Each object is checked before it is opened, and what Keras does not write is
refused. The library itself may crash on bytes that were damaged on purpose: read untrusted files
with `child.load_in_child`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Any, NoReturn
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from gru_core.files.entries import Entries, Entry, collect
from gru_core.files.errors import FormatError
from gru_core.files.keras.hdf5_claims import check_heaps, claims
from gru_core.files.limits import Limits
from gru_core.files.source import Source

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_TROUBLE = (
    OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    NotImplementedError, MemoryError, OverflowError, SystemError,
)  # fmt: skip
"""The exceptions of h5py when the HDF5 library fails."""


class Tree:
    """The contents of an open HDF5 file.

    Attributes
    ----------
    entries : Entries
        Arrays by their path, such as "layers/gru/cell/vars/0"; read on demand.
    groups : dict
        The h5py group of each path; "" is the root.
    """

    def __init__(self, file: str, limits: Limits, image: bytes = b"") -> None:
        self._file = file
        self._limits = limits
        self._image = image
        self._longest: dict[tuple[str, int], int | None] = {}
        self.groups: dict[str, Any] = {}
        self.entries = Entries(file)

    def text(self, group: str, attribute: str) -> str | None:
        """Return a text attribute of a group; None if there is none.

        Raises
        ------
        FormatError
            If it is not one text, or longer than `Limits.header_bytes`.
        """
        found = self.texts(group, attribute)
        if found is not None and len(found) != 1:
            entry = f"{group or '/'}@{attribute}"
            raise FormatError(self._file, entry, "is not one text but several")
        return None if found is None else found[0]

    def texts(self, group: str, attribute: str) -> list[str] | None:
        """Return the texts of an attribute of a group; None if there is none.

        Raises
        ------
        FormatError
            If it is not text, or longer than `Limits.header_bytes`.
        """
        import h5py

        entry = f"{group or '/'}@{attribute}"
        found = self.groups.get(group)
        with _guarded(self._file, entry):
            if found is None or not h5py.h5a.exists(found, attribute.encode()):
                return None
            known = h5py.h5a.open(found, attribute.encode())
            kind = known.get_type()
            if not isinstance(kind, h5py.h5t.TypeStringID):
                raise FormatError(self._file, entry, "is not a text")
            count = known.get_space().get_simple_extent_npoints()
            if known.get_storage_size() > self._limits.header_bytes:
                raise FormatError(self._file, entry, "is too long")
            if kind.is_variable_str():
                longest = self._claimed(attribute, count)
                if longest is None or longest > self._limits.header_bytes:
                    raise FormatError(self._file, entry, f"claims {longest} characters")
            value = np.atleast_1d(h5py.Group(found).attrs[attribute]).tolist()
            texts = [one.decode() if isinstance(one, bytes) else str(one) for one in value]
        if (characters := sum(map(len, texts))) > self._limits.header_bytes:
            raise FormatError(self._file, entry, f"has {characters} characters, which is too long")
        return texts

    def _claimed(self, attribute: str, count: int) -> int | None:
        """Return the largest length that texts of this name claim together, or None."""
        key = attribute, count
        if key not in self._longest:  # this searches the whole file, so once per name
            found = claims(self._image, attribute.encode(), count)
            self._longest[key] = max(found, default=None)
        return self._longest[key]


@contextmanager
def open_tree(source: Source, limits: Limits) -> Iterator[Tree]:
    """Open an HDF5 file and walk it; arrays can be read until it is closed.

    Parameters
    ----------
    source : Source
    limits : Limits

    Raises
    ------
    FormatError
        If the file is damaged, exceeds the limits, or has links that are not plain or arrays that
        are in other files, chunked, compressed or of custom types.
    """
    try:
        import h5py
    except ImportError:
        advice = "needs the package h5py (gruscope's extra h5): pip install h5py"
        raise FormatError(source.name, None, advice) from None
    with _guarded(source.name, None):
        access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
        access.set_fapl_core(block_size=1 << 16, backing_store=False)
        image = source.read(0, source.size)
        check_heaps(image, source.name, limits)
        access.set_file_image(image)
        access.set_fclose_degree(h5py.h5f.CLOSE_STRONG)
        # With two open images of one name, the library would return the first one twice.
        name = uuid4().hex.encode()
        opened = h5py.h5f.open(name, h5py.h5f.ACC_RDONLY, access)
        access.close()  # and with it a copy of the image
    try:
        tree = Tree(source.name, limits, image)
        with _guarded(source.name, None):
            walk = _Walk(tree, source, limits, h5py)
            root = h5py.h5g.open(opened, b"/")
            tree.entries = collect(source.name, walk.run(root), limits)
        yield tree
    finally:
        with _guarded(source.name, None):
            opened.close()


class _Walk:
    """A walk through all groups that visits each object once."""

    def __init__(self, tree: Tree, source: Source, limits: Limits, h5py: Any) -> None:
        self._tree = tree
        self._file = source.name
        self._size = source.size
        self._limits = limits
        self._h5 = h5py
        self._seen: set[int] = set()

    def run(self, root: Any) -> Iterator[Entry]:
        """Yield the arrays; note the groups."""
        self._once("", self._h5.h5o.get_info(root))
        todo = [("", root)]
        while todo:
            path, group = todo.pop()
            self._tree.groups[path] = group
            if path.count("/") + 1 > self._limits.depth:
                self._fail(path, f"lies deeper than {self._limits.depth} groups")
            for name in self._names(path, group):
                inner = f"{path}/{name.decode()}" if path else name.decode()
                with _guarded(self._file, inner):
                    found = self._child(inner, group, name)
                if isinstance(found, Entry):
                    yield found
                else:
                    todo.append((inner, found))

    def _names(self, path: str, group: Any) -> list[bytes]:
        """Return the names in a group, and refuse paths."""
        if group.get_num_objs() + len(self._seen) > self._limits.entries:
            self._fail(None, f"holds more than {self._limits.entries} groups and arrays")
        names: list[bytes] = []
        group.links.iterate(names.append)
        for name in names:
            plain = b"/" not in name and name not in (b"", b".", b"..")
            if not plain or len(name) > self._limits.name_characters:
                self._fail(path, f"holds a thing called {name[:60]!r}, which is no name")
            try:
                name.decode()
            except UnicodeDecodeError:
                self._fail(path, f"holds a thing called {name[:60]!r}, which is not UTF-8")
        return names

    def _child(self, path: str, group: Any, name: bytes) -> Any:
        """Return the array (as an entry) or the group of a name, opened only if it is plain."""
        h5 = self._h5
        kind = group.links.get_info(name).type
        if kind != h5.h5l.TYPE_HARD:
            kinds = {
                h5.h5l.TYPE_SOFT: "a soft link",
                h5.h5l.TYPE_EXTERNAL: "a link to another file",
            }
            self._fail(
                path, f"is {kinds.get(kind, 'a link of its own kind')}; links are not followed"
            )
        info = h5.h5o.get_info(group, name)
        self._once(path, info)
        if info.type == h5.h5o.TYPE_GROUP:
            return h5.h5g.open(group, name)
        if info.type != h5.h5o.TYPE_DATASET:
            self._fail(path, "is neither a group nor an array")
        return self._entry(path, h5.h5d.open(group, name))

    def _once(self, path: str, info: Any) -> None:
        if info.addr in self._seen:
            self._fail(path, "is in the file twice, or inside itself")
        self._seen.add(info.addr)

    def _entry(self, path: str, dataset: Any) -> Entry:
        """Return an array, its layout and size checked; its numbers stay in the file."""
        h5 = self._h5
        plan = dataset.get_create_plist()
        layout = plan.get_layout()
        if layout == h5.h5d.VIRTUAL:
            self._fail(path, "is a virtual array, put together from other files")
        if plan.get_external_count():
            self._fail(path, "has its numbers in another file; external storage is never read")
        if layout == h5.h5d.CHUNKED or plan.get_nfilters():
            advice = "h5repack -l CONTI -f NONE makes it plain"
            self._fail(path, f"is stored in chunks or compressed, as Keras never does; {advice}")
        kind = dataset.get_type()
        if kind.committed():
            self._fail(path, "has a type of its own, named in the file")
        space = dataset.get_space()
        if space.get_simple_extent_type() not in (h5.h5s.SCALAR, h5.h5s.SIMPLE):
            self._fail(path, "is an array without a shape")
        shape = tuple(int(size) for size in space.get_simple_extent_dims())
        name, width = self._dtype(kind)
        needed, there = prod(shape) * width, dataset.get_storage_size()
        if width and (needed != there or needed > self._size):
            self._fail(path, f"of shape {shape} needs {needed} bytes and has {there} in the file")
        return Entry(self._file, path, name, shape, lambda: self._fetched(path, dataset))

    def _dtype(self, kind: Any) -> tuple[str, int]:
        """Return the name and width of a type, width 0 if it is not numeric."""
        types = self._h5.h5t
        for name, width in (("float32", 4), ("float64", 8), ("float16", 2)):
            letters = f"IEEE_F{8 * width}"
            if kind in (getattr(types, f"{letters}LE"), getattr(types, f"{letters}BE")):
                return name, width
        if isinstance(kind, types.TypeIntegerID):
            return f"int{8 * kind.get_size()}", kind.get_size()
        return "that is no number", 0

    def _fetched(self, path: str, dataset: Any) -> NDArray[Any]:
        """Read an array."""
        with _guarded(self._file, path):
            name, _ = self._dtype(dataset.get_type())
            array = np.empty(dataset.shape, name)
            dataset.read(self._h5.h5s.ALL, self._h5.h5s.ALL, array)
            return array

    def _fail(self, path: str | None, message: str) -> NoReturn:
        raise FormatError(self._file, path, message)


@contextmanager
def _guarded(file: str, entry: str | None) -> Iterator[None]:
    """Convert the exceptions of h5py to FormatError."""
    try:
        yield
    except FormatError:
        raise
    except _TROUBLE as error:
        said = str(error.args[0] if error.args else error).split("\n")[0]
        raise FormatError(file, entry, f"is damaged, or not HDF5: {said}") from None
