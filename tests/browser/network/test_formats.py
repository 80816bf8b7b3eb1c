"""`gruscope FILE` opens the page on a file of each format and shows its first answer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gru_core.files import load
from tests.browser.network.test_open_file import dropped, opened
from tests.browser.network.test_whole_network import answer, assert_plotted, expected
from tests.browser.page import Page
from tests.browser.server import Server

FILES = Path(__file__).parents[2] / "gru_core" / "files"
SYMBOLS = [
    "models/checkpoint.pt",
    "models/text.safetensors",
    "exported/keras-text.keras",
    "exported/keras-text.h5",
    "exported/gru-text.onnx",
    "arrays/files/nnx-gru.safetensors",
    "arrays/files/state-text.json",
]
NUMBERS = ["arrays/files/hand-rows.npz", "arrays/files/rtneural-gru.json"]
X = np.round(np.random.RandomState(0).uniform(-1, 1, (6, 3)), 3).astype("f4")


@pytest.mark.parametrize("file", [*SYMBOLS, *NUMBERS])
def test_a_file_of_each_format_shows_its_first_answer(
    file: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    path, arguments = FILES / file, []
    network = load(path)
    x = X
    if network.embedding is not None:
        x = np.arange(48) % len(network.embedding)
    else:
        data = tmp_path / "data.csv"
        np.savetxt(data, X, "%.3f", ",", header="a,b,c", comments="")
        arguments = ["--input", str(data)]
    with Server(str(path), *arguments) as server:
        page = open_page(server.url)
        assert path.name in page.find("#story-title").inner_text()
        assert answer(page, 0) == expected(network, x, 0)
        assert_plotted(page, network.run(x).layers[0])


def test_a_model_in_json_is_dropped_like_any_other(
    open_page: Callable[..., Page], server: Server
) -> None:
    page, path = open_page(server.url), FILES / "arrays/files/state-text.json"
    opened(page, path)
    network = load(path)
    assert answer(page, 0) == expected(network, np.arange(48) % len(network.embedding), 0)
    dropped(page, "card.json", '{"title": "Letters"}')
    page.wait_for("() => document.getElementById('notice-text').innerText.includes('card.json')")
