"""``gruscope sample`` of an encoder and a decoder: prints its answer to a text."""

from __future__ import annotations

import argparse
import math
from typing import Any

from gru_core.seq2seq.seq2seq import Seq2Seq
from gruscope.cli.card import read_card
from gruscope.cli.refusal import Unreadable

WIDTH = 3
"""The likeliest answers that are printed below the first."""


DRAWN = {"seed_csv": None, "count": 200, "temperature": 1.0, "top_k": None, "stop": None, "seed": 0}
"""Options for networks that write on, with what they are if they are not given."""


def answer(model: Seq2Seq, options: argparse.Namespace) -> None:
    """Print the likeliest symbols one after the other, then the likeliest answers as a whole.

    Raises
    ------
    Unreadable
        If there is no text, an option has no meaning here, or the card does not fit.
    """
    for name, default in DRAWN.items():
        if getattr(options, name) != default:
            option = f"--{name.replace('_', '-')}"
            raise Unreadable(
                f"{option} is for networks that write on; an encoder and a decoder give their "
                "likeliest answers"
            )
    card = read_card(options.file)
    alphabet = options.alphabet or card.get("alphabet")
    known = _names("alphabet", alphabet, model.encoder.symbols)
    names = _names("classes", card.get("classes"), model.decoder.symbols)
    if not options.seed_text:
        raise Unreadable("an encoder and a decoder answer a text: give it with --seed-text TEXT")
    for position, character in enumerate(options.seed_text):
        if character not in known:
            where = f"{character!r} at position {position}"
            raise Unreadable(f"--seed-text must use the characters {alphabet!r}, got {where}")
    x = [known.index(character) for character in options.seed_text]
    print("".join(names[token] for token in model.run(x).tokens))
    for tokens, score in model.beam(x, WIDTH):
        print(f"{100 * math.exp(score):6.1f} %  {''.join(names[token] for token in tokens)}")


def _names(key: str, found: Any, size: int) -> list[str]:
    """Return the names of symbols from a card."""
    if not isinstance(found, list | str) or len(found) != size:
        got = len(found) if isinstance(found, list | str) else "none"
        raise Unreadable(f"expected {size} {key} in the card, one for each symbol, got {got}")
    return [str(one) for one in found]
