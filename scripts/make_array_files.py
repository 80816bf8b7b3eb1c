"""Make tests/gru_core/files/arrays/files: networks of Flax and Equinox as named arrays.

Run ``python -m scripts.make_array_files`` where flax, equinox and ml_dtypes are installed. Beside
the files stands what the frameworks computed, in outputs.npz.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import equinox
import flax
import jax
import jax.numpy as jnp
import numpy as np
import optax
import safetensors.numpy
from flax import linen, nnx
from flax.traverse_util import flatten_dict
from numpy.typing import NDArray

from tests.gru_core.files.arrays.array_cases import (
    FILES,
    FLAX,
    OUTPUTS,
    READOUT,
    SYMBOLS,
    Case,
    H,
    I,
    draw,
)

Arrays = dict[str, NDArray[Any]]


def main() -> None:
    FILES.mkdir(exist_ok=True)
    stored: Arrays = {}
    for case in FLAX:
        family, _, end = case.file.partition("-")
        kind = end.partition(".")[0]
        made = {"nnx": from_nnx, "linen": from_linen, "equinox": from_equinox}[family]
        arrays, output = made(kind, case)
        write(FILES / case.file, arrays)
        stored |= {f"{case.file}/x": draw(case), f"{case.file}/output": output}
    for kind, cell in {"mgu": linen.MGUCell(H), "conv": linen.ConvLSTMCell(H, (3,))}.items():
        x = jnp.ones((1, I) if kind == "mgu" else (1, 5, I))
        tree = cell.init(jax.random.key(0), cell.initialize_carry(jax.random.key(0), x.shape), x)
        write(FILES / f"linen-{kind}.npz", flatten_dict(tree, sep="/"))
    np.savez_compressed(OUTPUTS, **stored)
    print(f"flax {flax.__version__}, equinox {equinox.__version__}, {len(stored)} arrays")


def write(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write arrays as the suffix says."""
    plain = {name: np.asarray(array) for name, array in arrays.items()}
    if path.suffix == ".npz":
        np.savez_compressed(path, **plain)
        return
    safetensors.numpy.save_file(plain, path)
    path.chmod(0o644)  # safetensors shuts out other users


class Parts(nnx.Module):
    """A recurrent layer, and what stands around it."""

    def __init__(self, parts: Mapping[str, nnx.Module]) -> None:
        for name, part in parts.items():
            setattr(self, name, part)


def from_nnx(kind: str, case: Case) -> tuple[dict[str, Any], NDArray[Any]]:
    """Return a module's arrays by name, and what it computes."""
    rngs = nnx.Rngs(sum(map(ord, case.file)))
    classes = {"lstm": nnx.LSTMCell, "optimized": nnx.OptimizedLSTMCell, "simple": nnx.SimpleCell}

    def layer(size: int = I) -> nnx.RNN:
        return nnx.RNN(classes.get(kind, nnx.GRUCell)(size, H, rngs=rngs), rngs=rngs)

    parts: dict[str, Any] = {"embed": nnx.Embed(SYMBOLS, I, rngs=rngs)} if case.text else {}
    if kind == "both":
        parts["rnn"] = nnx.Bidirectional(layer(), layer(), rngs=rngs)
    elif kind == "norm":
        norm = nnx.BatchNorm(H, use_running_average=True, rngs=rngs)
        norm.mean[...], norm.var[...] = jnp.linspace(-0.3, 0.4, H), jnp.linspace(0.5, 2, H)
        parts |= {"first": layer(), "norm": norm, "relu": nnx.relu, "second": layer(H)}
    else:
        parts["rnn"] = layer()
    if kind not in ("norm", "narrow"):
        parts["head"] = nnx.Linear(H * (1 + (kind == "both")), READOUT, rngs=rngs)
    module = Parts(parts)
    shaken(module, case, jnp.bfloat16 if kind == "narrow" else jnp.float32)
    found: dict[str, Any] = {}
    for path, value in nnx.to_flat_state(nnx.state(module)):
        name = ".".join(map(str, path))
        if kind == "simple":
            name = "".join(f"[{key!r}]" for key in path) + ".value"
        elif kind == "optimized":
            name = "/".join(map(str, path))
        array = value.get_value()
        is_key = jnp.issubdtype(array.dtype, jax.dtypes.prng_key)
        array = jax.random.key_data(array) if is_key else array
        found[name] = array.astype(jnp.bfloat16) if kind == "narrow" and not is_key else array
    x = jnp.asarray(draw(case).swapaxes(0, 1))
    for part in parts.values():
        x = part(x)
    return found, np.asarray(x).swapaxes(0, 1)


def shaken(module: nnx.Module, case: Case, dtype: Any) -> None:
    """Give biases, which begin as 0, other numbers; round all numbers to a dtype."""
    rng = np.random.RandomState(sum(map(ord, case.file)))
    state = nnx.state(module, nnx.Param)
    shift = {"bias": 0.5, "scale": 0.3}

    def shaken(path: Any, array: Any) -> Any:
        most = next((size for name, size in shift.items() if name in str(path)), 0.0)
        array = array + jnp.asarray(rng.uniform(-most, most, array.shape), array.dtype)
        return array.astype(dtype).astype(array.dtype)

    nnx.update(module, jax.tree_util.tree_map_with_path(shaken, state))


class Whole(linen.Module):
    """A recurrent network in one compact method."""

    kind: str
    text: bool

    @linen.compact
    def __call__(self, x: Any) -> Any:
        classes = {"lstm": linen.LSTMCell, "both": linen.LSTMCell, "simple": linen.SimpleCell}
        classes["optimized"] = linen.OptimizedLSTMCell
        cell = classes.get(self.kind, linen.GRUCell)
        if self.text:
            x = linen.Embed(SYMBOLS, I)(x)
        if self.kind == "both":
            return linen.Dense(READOUT)(Two(cell)(x))
        for _ in range(1 + (self.kind == "stack")):
            x = linen.RNN(cell(H))(x)
        return x if self.kind == "cell" else linen.Dense(READOUT)(x)


class Two(linen.Module):
    """Both directions, under names that say so."""

    cell: Callable[..., Any]

    def setup(self) -> None:
        self.bi = linen.Bidirectional(linen.RNN(self.cell(H)), linen.RNN(self.cell(H)))

    def __call__(self, x: Any) -> Any:
        return self.bi(x)


def from_linen(kind: str, case: Case) -> tuple[dict[str, Any], NDArray[Any]]:
    """Return a module's parameters by name, and what it computes."""
    module = linen.RNN(linen.GRUCell(H)) if kind == "cell" else Whole(kind, case.text)
    x = jnp.asarray(draw(case).swapaxes(0, 1))
    rng = np.random.RandomState(sum(map(ord, case.file)))
    tree = module.init(jax.random.key(len(case.file)), x)
    tree = jax.tree.map(lambda a: a + rng.uniform(-0.2, 0.2, a.shape).astype("f4"), tree)
    output = np.asarray(module.apply(tree, x)).swapaxes(0, 1)
    if kind == "lstm":
        state = optax.adam(1e-3).init(tree["params"])[0]
        tree |= {"opt_state": {"0": {"mu": {"params": state.mu}}}, "step": jnp.asarray(3)}
    return flatten_dict(tree, sep="." if kind == "optimized" else "/"), output


def from_equinox(kind: str, case: Case) -> tuple[dict[str, Any], NDArray[Any]]:
    """Return a cell's arrays by name, and what it computes step by step."""
    make = {"gru": equinox.nn.GRUCell, "lstm": equinox.nn.LSTMCell}[kind]
    cell = make(I, H, key=jax.random.key(5))
    x, each = draw(case), []
    for b in range(x.shape[1]):
        state: Any = jnp.zeros(H) if kind == "gru" else (jnp.zeros(H), jnp.zeros(H))
        states = []
        for step in x[:, b]:
            state = cell(jnp.asarray(step), state)
            states.append(state if kind == "gru" else state[0])
        each.append(np.stack(states))
    leaves, _ = jax.tree_util.tree_flatten_with_path(equinox.filter(cell, equinox.is_array))
    return {jax.tree_util.keystr(path)[1:]: leaf for path, leaf in leaves}, np.stack(each, 1)


if __name__ == "__main__":
    main()
