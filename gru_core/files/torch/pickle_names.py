"""The names that a pickle of torch.save may refer to, and the descriptions that replace them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Storage:
    """A run of numbers in the file: its dtype, key and length."""

    dtype: str
    key: str
    count: int


@dataclass(frozen=True)
class Tensor:
    """A view of a storage; offset and stride count elements."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


@dataclass(frozen=True)
class Name:
    """A class or function, known only by name."""

    path: str


@dataclass(frozen=True)
class Inert:
    """An object of a known class; its content is dropped."""

    path: str


_STORAGES = {
    "Double": "float64", "Float": "float32", "Half": "float16", "BFloat16": "bfloat16",
    "Long": "int64", "Int": "int32", "Short": "int16", "Char": "int8", "Byte": "uint8",
    "Bool": "bool", "ComplexFloat": "complex64", "ComplexDouble": "complex128",
}  # fmt: skip
DTYPES = {f"torch.{kind}Storage": dtype for kind, dtype in _STORAGES.items()}
"""The dtype of every kind of storage."""

INERT = {
    "argparse.Namespace", "types.SimpleNamespace", "_codecs.encode", "collections.Counter",
    "collections.deque", "datetime.datetime", "datetime.timedelta", "decimal.Decimal",
    "uuid.UUID", "numpy.dtype", "numpy.ndarray", "torch.Size", "torch.device", "torch.Tensor",
    "torch.nn.parameter.Parameter", "torch.serialization._get_layout", "torch.bfloat16",
    "torch.bool", "pytorch_lightning.utilities.parsing.AttributeDict",
    "lightning_fabric.utilities.data.AttributeDict",
    *(f"{module}.{name}" for module in ("builtins", "__builtin__")
      for name in ("set", "frozenset", "slice", "complex", "bytes", "bytearray", "list", "dict",
                   "tuple", "int", "long", "float", "bool", "str", "unicode")),
    *(f"pathlib.{part}{name}Path" for part in ("", "_local.")
      for name in ("", "Posix", "PurePosix", "Windows", "PureWindows")),
    *(f"numpy.{core}.{name}" for core in ("core", "_core")
      for name in ("multiarray.scalar", "multiarray._reconstruct", "numeric._frombuffer")),
    *(f"torch.{kind}{bits}" for kind, widths in {
        "float": (16, 32, 64), "int": (8, 16, 32, 64), "uint": (8, 16, 32, 64),
        "complex": (64, 128)}.items() for bits in widths),
}  # fmt: skip
"""Classes and functions in checkpoints beside the weights: skipped, never called."""
