"""What a network's numbers mean: names, units, scaling and classes, which weights do not tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gru_core.errors import FieldError, RangeError, ShapeError
from gru_core.network.network import Network


@dataclass(frozen=True)
class Channel:
    """One input or output in the user's own units.

    The network computes with ``(own - mean) / scale``.

    Parameters
    ----------
    name, unit : str
    mean, scale : float
        Finite; `scale` is not 0.

    Raises
    ------
    RangeError
        If `scale` is 0.

    Examples
    --------
    >>> Channel("load", "MW", mean=350, scale=80)
    Channel(name='load', unit='MW', mean=350, scale=80)
    """

    name: str = ""
    unit: str = ""
    mean: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        if self.scale == 0:
            raise RangeError("scale", "be a number other than 0", "0")


@dataclass(frozen=True)
class Target:
    """What the outputs of a regression should be: columns of the data, perhaps of later rows.

    Parameters
    ----------
    ahead : int
        How many steps later; 0 or more.
    columns : tuple of str
        The column for each output: the name of an input channel, or of another column of a file. By
        default those with the names of the outputs, or every channel in order.

    Raises
    ------
    RangeError
        If `ahead` is negative.

    Examples
    --------
    >>> Target(ahead=1)
    Target(ahead=1, columns=())
    """

    ahead: int = 0
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.ahead < 0:
            raise RangeError("ahead", "be 0 or more", str(self.ahead))


@dataclass(frozen=True)
class Training:
    """How a network was trained, as ``gruscope train`` writes it; it changes no number.

    Parameters
    ----------
    task : str
        One of `gru_core.learn.TASKS`.
    settings : mapping of str
        Those of the task, by name.
    seed : int, optional
    score, chance : float, optional
        On fresh data, and that of an answer that does not look at the input.
    metric : str
        "accuracy" or "error", "" if unknown.
    command : str
        Trains it again.

    Examples
    --------
    >>> Training("parity", {"length": 50}).task
    'parity'
    """

    task: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    score: float | None = None
    metric: str = ""
    chance: float | None = None
    command: str = ""


@dataclass(frozen=True)
class Card:
    """A description of a network in the words of the person who trained it.

    Parameters
    ----------
    title, text : str
    alphabet : str, optional
        The character of each token, or of each input of a network without an embedding.
    tokens : tuple of str, optional
        The token of each row of the embedding.
    channels, outputs : tuple of Channel
        One for each input, and one for each output; may be empty.
    classes : tuple of str
        One for each output; or two for a single output, below and above its threshold.
    sampling_rate : float, optional
        Steps in a second, in hertz.
    target : Target, optional
    training : Training, optional

    Examples
    --------
    >>> Card(classes=("cat", "dog")).classes
    ('cat', 'dog')
    """

    title: str = ""
    text: str = ""
    alphabet: str | None = None
    tokens: tuple[str, ...] | None = None
    channels: tuple[Channel, ...] = ()
    outputs: tuple[Channel, ...] = ()
    classes: tuple[str, ...] = ()
    sampling_rate: float | None = None
    target: Target | None = None
    training: Training | None = None

    def check(self, network: Network) -> None:
        """Check that the card describes a network.

        Parameters
        ----------
        network : Network

        Raises
        ------
        ShapeError
            If the card has another number of names than the network has parts.
        RangeError
            If the alphabet has a character twice.
        FieldError
            If the outputs have no target to compare with.

        Examples
        --------
        >>> Card(channels=(Channel("load"),)).check(Network.random("gru", 2, 3, seed=0))
        Traceback (most recent call last):
        gru_core.errors.ShapeError: channels must have 2 entries, as the network has 2 inputs, got 1
        """
        rows = 0 if network.embedding is None else len(network.embedding)
        inputs = network.input_size
        outputs = 0 if network.readout is None else network.readout.output_size
        if self.alphabet is not None:
            size, what = (rows, "tokens") if rows else (inputs, "inputs")
            _check_count("alphabet", len(self.alphabet), size, what, "characters")
            if len(set(self.alphabet)) < size:
                raise RangeError("alphabet", "name each character once", repr(self.alphabet))
        if self.tokens is not None:
            _check_count("tokens", len(self.tokens), rows, "rows in its embedding")
        if self.channels:
            _check_count("channels", len(self.channels), 0 if rows else inputs, "inputs")
        if self.outputs:
            _check_count("outputs", len(self.outputs), outputs, "outputs")
        if self.classes and not (outputs == 1 and len(self.classes) == 2):
            _check_count("classes", len(self.classes), outputs, "outputs")
        self.target_columns(network)

    def target_columns(self, network: Network) -> tuple[str | int, ...]:
        """Return the column that each output should match, () without a target.

        Parameters
        ----------
        network : Network

        Returns
        -------
        tuple of int or str
            Of length O: the index of an input channel, or the name of another column of a file.

        Raises
        ------
        FieldError, ShapeError
            If it cannot be told which columns they are.

        Examples
        --------
        >>> card = Card(channels=(Channel("load"),), target=Target(1, ("load",)))
        >>> from gru_core import Readout
        >>> layers = Network.random("gru", 1, 2, seed=0).layers
        >>> card.target_columns(Network(layers, readout=Readout([[1.0, 2.0]])))
        (0,)
        """
        if self.target is None:
            return ()
        if network.readout is None:
            raise FieldError("target", "be left out, as the network has no readout", "a target")
        outputs = network.readout.output_size
        channels = [channel.name for channel in self.channels]
        names = self.target.columns or self._own_names(channels)
        if not names and outputs == network.input_size and network.embedding is None:
            return tuple(range(outputs))
        if not names:
            raise FieldError("target", "have columns, one for each output", "none")
        _check_count("target.columns", len(names), outputs, "outputs")
        return tuple(channels.index(name) if name in channels else name for name in names)

    def _own_names(self, channels: Sequence[str]) -> tuple[str, ...]:
        """Return the outputs' names if they are columns: always without a step ahead."""
        assert self.target is not None
        names = tuple(output.name for output in self.outputs)
        known = all(name in channels for name in names) or self.target.ahead == 0
        return names if all(names) and known else ()


NO_CARD = Card()
"""Of a network about which nothing is known."""


def _check_count(field: str, count: int, size: int, what: str, parts: str = "entries") -> None:
    if count != size:
        expected = f"have {size} {parts}, as the network has {size} {what}"
        if size == 0:
            expected = f"be left out, as the network has no {what}"
        raise ShapeError(field, expected, str(count))
