"""``gruscope sample``: lets a trained network write on, symbol by symbol or row by row.

An encoder and a decoder answer the text instead.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from gru_core.errors import CoreError
from gru_core.files import FormatError, load_in_child
from gru_core.learn.sampling import Written, check_writer, free_run
from gru_core.network.network import Network
from gru_core.seq2seq.seq2seq import Seq2Seq
from gruscope.cli.answer import DRAWN, answer
from gruscope.cli.card import read_card
from gruscope.cli.data import read_rows
from gruscope.cli.refusal import Unreadable


def run(arguments: Sequence[str]) -> int:
    """Print what a network writes; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.count < 1:
        raise Unreadable(f"--count must be at least 1, got {options.count}")
    try:
        network = load_in_child(options.file)
        if isinstance(network, Seq2Seq):
            answer(network, options)
        elif check_writer(network):
            _write_text(network, options)
        else:
            _write_rows(network, options)
    except FormatError as error:
        raise Unreadable(str(error)) from None
    except CoreError as error:
        raise Unreadable(f"{options.file}: {error}") from None
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gruscope sample", description="Let a network write on, or answer: a text or a series."
    )
    add = parser.add_argument
    add("file", type=Path, metavar="FILE", help="a network")
    add("--seed-text", metavar="TEXT", help="the beginning of a text, or the text to answer")
    add("--seed-csv", type=Path, metavar="FILE", help="the beginning of a series")
    add(
        "--count",
        type=int,
        default=DRAWN["count"],
        help="characters or rows (default: %(default)s)",
    )
    add(
        "--temperature",
        type=float,
        default=DRAWN["temperature"],
        help="0 for the likeliest (default: %(default)s)",
    )
    add("--top-k", type=int, metavar="K", help="draw from the K likeliest only")
    add("--stop", metavar="TEXT", help="stop after this character")
    add("--seed", type=int, default=DRAWN["seed"], help="the same seed writes the same")
    add("--alphabet", metavar="TEXT", help="its characters (default: its card's)")
    return parser


def _going_on(network: Network, x: object, options: argparse.Namespace) -> Iterator[Written]:
    found = free_run(
        network,
        np.asarray(x),
        seed=options.seed,
        temperature=options.temperature,
        top_k=options.top_k,
    )
    return islice(found, options.count)


def _write_text(network: Network, options: argparse.Namespace) -> None:
    """Print the beginning and what follows, each character as it comes."""
    alphabet = options.alphabet or read_card(options.file).get("alphabet")
    if not isinstance(alphabet, str) or not alphabet:
        raise Unreadable("expected the characters of the network: give --alphabet")
    rows = network.input_size if network.embedding is None else len(network.embedding)
    if len(alphabet) != rows:
        raise Unreadable(f"--alphabet has {len(alphabet)} characters, the network reads {rows}")
    begun = options.seed_text or alphabet[0]
    for position, character in enumerate(begun):
        if character not in alphabet:
            where = f"{character!r} at position {position}"
            raise Unreadable(f"--seed-text must use the characters {alphabet!r}, got {where}")
    written = _going_on(network, [alphabet.index(character) for character in begun], options)
    print(begun, end="", flush=True)
    for one in written:
        assert one.symbol is not None
        character = alphabet[one.symbol]
        print(character, end="", flush=True)
        if character == options.stop:
            break
    print()


def _write_rows(network: Network, options: argparse.Namespace) -> None:
    """Print rows of a series as CSV, in the units of the file it was trained on."""
    if options.seed_csv is None:
        raise Unreadable("this network writes a series: give its beginning with --seed-csv FILE")
    card = read_card(options.file)
    rows, _ = read_rows(options.seed_csv)
    if rows.shape[1] != network.input_size:
        wanted = f"expected {network.input_size} columns of numbers, got {rows.shape[1]}"
        raise Unreadable(f"--seed-csv {options.seed_csv}: {wanted}")
    channels = card.get("channels") or [{}] * network.input_size
    mean = np.array([channel.get("mean", 0.0) for channel in channels])
    scale = np.array([channel.get("scale", 1.0) for channel in channels])
    if card.get("target", {}).get("ahead", 1) != 1:
        raise Unreadable("a series goes on step by step only with a horizon of 1")
    written = _going_on(network, (rows - mean) / scale, options)
    print(",".join(channel.get("name", "") for channel in channels))
    for one in written:
        print(",".join(f"{value:.6g}" for value in mean + scale * one.answer), flush=True)
