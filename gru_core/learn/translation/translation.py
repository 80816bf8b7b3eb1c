"""What every task has that turns one text into another."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

import numpy as np
from numpy.random import Generator

from gru_core.errors import AlphabetError
from gru_core.learn.goal import Goal
from gru_core.learn.translation.batch import Pairs
from gru_core.seq2seq.clock import Ablation
from gru_core.seq2seq.seq2seq import Seq2Seq

START: Final = "^"
END: Final = "$"
"""The marks before and after an answer, as characters."""


@dataclass(frozen=True, kw_only=True)
class Translation(Goal[Seq2Seq, Pairs]):
    """A seeded generator of pairs of texts, and a score: the share of whole answers right.

    A task is a frozen dataclass of its settings; each is in a file of its own.

    Examples
    --------
    >>> from gru_core.learn.translation.numbers import Numbers
    >>> task = Numbers(digits=3)
    >>> task.answer("417"), task.alphabet, task.answers[:6]
    ('four hundred seventeen', '0123456789', '^$ -de')
    """

    solved: ClassVar = 1.0

    @property
    @abstractmethod
    def alphabet(self) -> str:
        """The characters of the texts that go in."""

    @property
    @abstractmethod
    def letters(self) -> str:
        """The characters of the texts that come out, without marks."""

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]:
        """T_e and T_d, the most characters that go in, and that come out with the end mark."""

    @abstractmethod
    def answer(self, text: str) -> str:
        """Return the right answer.

        Raises
        ------
        RangeError
            If the text is not one that could go in.
        """

    @abstractmethod
    def is_answer(self, text: str) -> bool:
        """Return whether a text is the right answer to some text."""

    @abstractmethod
    def texts(self, rng: Generator, size: int, *, held_out: bool) -> list[str]:
        """Draw texts from those to train on, or from those that are held out."""

    @cached_property
    def answers(self) -> str:
        """The characters of the decoder: the marks for the start and the end, then the letters."""
        return START + END + self.letters

    @property
    def start(self) -> int:
        """The symbol of the start mark."""
        return self.answers.index(START)

    @property
    def end(self) -> int:
        """The symbol of the end mark."""
        return self.answers.index(END)

    @property
    def remembered(self) -> int:
        """T_max of chrono initialisation: how many steps something may have to be remembered."""
        return sum(self.shape)

    def draw(self, rng: Generator, size: int) -> Pairs:
        """Draw a batch of `size` pairs to train on."""
        return self.pairs(self.texts(rng, size, held_out=False))

    def held_out(self, rng: Generator, size: int) -> Pairs:
        """Draw a batch to be scored on, of texts that are never trained on."""
        return self.pairs(self.texts(rng, size, held_out=True))

    def score(self, network: Seq2Seq, batch: Pairs, ablations: Sequence[Ablation] = ()) -> float:
        """Return the share of answers that are right from the first symbol to the end mark.

        Parameters
        ----------
        network : Seq2Seq
        batch : Pairs
        ablations : sequence of (Stage, Clamp)
            As for `Seq2Seq.run`.

        Examples
        --------
        >>> from gru_core.learn.translation.numbers import Numbers
        >>> task = Numbers(digits=2)
        >>> model = Seq2Seq.random("gru", 10, len(task.answers), hidden_size=4, seed=0, limit=9)
        >>> task.score(model, task.held_out(np.random.default_rng(0), 20))
        0.0
        """
        said = network.answers(batch.sources(), ablations=ablations)
        right = [one == other for one, other in zip(said, batch.answers(), strict=True)]
        return float(np.mean(right))

    def encoded(self, text: str) -> list[int]:
        """Return the symbols of a text that goes in.

        Raises
        ------
        AlphabetError
            If it has a character that is not in the alphabet.

        Examples
        --------
        >>> from gru_core.learn.translation.numbers import Numbers
        >>> Numbers(digits=3).encoded("417")
        [4, 1, 7]
        """
        return symbols(text, self.alphabet)

    def spoken(self, tokens: Sequence[int]) -> str:
        """Return the text of an answer's symbols.

        Examples
        --------
        >>> from gru_core.learn.translation.numbers import Numbers
        >>> Numbers(digits=3).spoken([12, 11, 5])
        'one'
        """
        return "".join(self.answers[token] for token in tokens)

    def pairs(self, texts: Sequence[str]) -> Pairs:
        """Return texts with their right answers as a batch."""
        answers = [symbols(self.answer(text), self.answers) for text in texts]
        sources = [self.encoded(text) for text in texts]
        return Pairs.of(sources, answers, end=self.end, shape=self.shape)


def symbols(text: str, alphabet: str) -> list[int]:
    """Return the index in an alphabet of each character.

    Raises
    ------
    AlphabetError
        If a character is not in the alphabet.

    Examples
    --------
    >>> symbols("ba", "ab")
    [1, 0]
    """
    places = {character: i for i, character in enumerate(alphabet)}
    for position, character in enumerate(text):
        if character not in places:
            got = f"{character!r} at position {position}"
            raise AlphabetError("text", f"use the symbols {alphabet!r}", got, position)
    return [places[character] for character in text]
