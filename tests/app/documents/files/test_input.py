"""--input: each kind of file, scaled by the card, and what is refused."""

import io
import wave

import numpy as np
import pytest

from gru_core import Network, Readout
from gru_core.network.card import NO_CARD, Card, Channel, Target
from gruscope.documents.files.input import read_input
from gruscope.documents.table.columns import InputError
from gruscope.settings import Settings
from gruscope.wire.schema import InputTarget, ValuesTarget

CARD = Card(channels=(Channel("load", "MW", 100, 50), Channel("heat", "", 10, 2)))
CSV = b"day,heat,load,next\n2020-01-01,12,150,1\n2020-01-02,8,50,2\n2020-01-03,10,100,3\n"


def numbers(inputs=2):
    layers = Network.random("gru", inputs, 3, seed=0).layers
    return Network(layers, None, Readout([[1.0, 0.0, 0.0]]))


def words():
    return Network(Network.random("gru", 2, 3, seed=0).layers, np.eye(4, 2))


def read(content, name, network=None, card=NO_CARD, **limits):
    return read_input(content, name, network or numbers(), card, Settings(**limits))


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def wav(samples, width=2, channels=1, rate=8000):
    """Return a file; little-endian samples, unsigned if they are a byte wide."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        signed = width > 1
        sound.writeframes(b"".join(n.to_bytes(width, "little", signed=signed) for n in samples))
    return file.getvalue()


def test_columns_are_found_by_name_and_scaled():
    given, notes = read(CSV, "a.csv", card=CARD)
    assert given.input.values == [[1, 1], [-1, -1], [0, 0]]
    assert notes == ["Left out: “day”, “next”."]


def test_without_names_columns_of_numbers_are_taken_in_order():
    given, _ = read(b"day,a,b\n2020-01-01,1,2\n2020-01-02,3,\n", "a.csv")
    assert given.input.values == [[1, 2]]
    with pytest.raises(InputError, match=r"expected 2 columns of numbers.* got 3"):
        read(CSV, "a.csv")
    with pytest.raises(InputError, match="a column “heat”"):
        read(b"load\n1\n2\n", "a.csv", card=CARD)


def test_the_target_is_a_column_of_later_rows_or_the_input_itself():
    card = Card(CARD.title, channels=CARD.channels, outputs=(Channel("y", "", 1, 2),))
    ahead = Card(**(vars(card) | {"target": Target(1, ("next",))}))
    given, _ = read(CSV, "a.csv", card=ahead)
    assert given.target == ValuesTarget(kind="values", values=[[0.5], [1.0]])
    own = Card(**(vars(card) | {"target": Target(1, ("load",))}))
    given, _ = read(CSV, "a.csv", card=own)
    assert given.target == InputTarget(kind="input", ahead=1, channels=[0])


def test_an_array_has_rows_or_tokens():
    values = np.array([[1.5, 2], [3, 4]], np.float32)
    assert read(npy(values), "a.npy")[0].input.values == values.tolist()
    assert read(npy(values[:, 0]), "a.npy", numbers(1))[0].input.values == [[1.5], [3]]
    assert read(npy(np.array([3, 0])), "a.npy", words())[0].input.tokens == [3, 0]
    for array, text in [
        (np.ones((2, 5)), "transpose it"),
        (np.ones((2, 2, 2)), r"got \(2, 2, 2\)"),
        (np.array(["a"]), "expected numbers"),
        (np.full((2, 2), np.nan), "got nan in channel 0 at step 1"),
        (np.full((2, 2), 1e9), "within"),
        (np.ones((0, 2)), "at least one row"),
    ]:
        with pytest.raises(InputError, match=text):
            read(npy(array), "a.npy")
    with pytest.raises(InputError, match="got 4 at step 2"):
        read(npy(np.array([0, 4])), "a.npy", words())
    with pytest.raises(InputError, match="whole numbers"):
        read(npy(np.ones(3)), "a.npy", words())
    with pytest.raises(InputError, match=r"numpy\.save"):
        read(b"no array", "a.npy")
    with pytest.raises(InputError, match=r"numpy\.save"):
        read(npy(np.array([{}], dtype=object)), "a.npy")


@pytest.mark.parametrize(
    ("width", "samples", "values"),
    [
        (1, [128, 0, 255], [0, -1, 127 / 128]),
        (2, [0, -(2**15), 2**14], [0, -1, 0.5]),
        (3, [0, -(2**23), 2**22], [0, -1, 0.5]),
        (4, [0, -(2**31), 2**30], [0, -1, 0.5]),
    ],
)
def test_sound_of_every_width(width, samples, values):
    given, notes = read(wav(samples, width), "a.wav", numbers(1))
    assert given.input.values == [[value] for value in values] and notes == []


def test_the_first_channel_of_sound_is_taken_and_another_rate_is_said():
    card = Card(sampling_rate=16000)
    given, notes = read(wav([1, 2, 3, 4], channels=2), "a.wav", numbers(1), card)
    assert given.input.values == [[1 / 2**15], [3 / 2**15]]
    assert "8000 Hz" in notes[0] and "16000 Hz" in notes[0] and "first of 2" in notes[1]
    with pytest.raises(InputError, match="expected 3 channels"):
        read(wav([1, 2]), "a.wav", numbers(3))
    with pytest.raises(InputError, match="uncompressed"):
        read(b"RIFF", "a.wav")


def test_text_becomes_characters_or_words():
    given, notes = read(b"AB\nc!", "a.txt", card=Card(alphabet="ab "))
    assert given.input.text == "ab " and notes == ["Not in the alphabet, so left out: ‘c’ ‘!’."]
    card = Card(tokens=("the", "cat", "#", "12"))
    given, _ = read(b"the cat\n12 #0", "a.txt", words(), card)
    assert given.input.tokens == [0, 1, 3, 0]
    with pytest.raises(InputError, match="got “dog”"):
        read(b"the dog", "a.txt", words(), card)
    assert read(b"0 3 1", "a.txt", words())[0].input.tokens == [0, 3, 1]
    with pytest.raises(InputError, match="--vocab"):
        read(b"the", "a.txt", words())
    with pytest.raises(InputError, match="no alphabet"):
        read(b"the", "a.txt")


def test_what_does_not_fit_is_said():
    given, notes = read(npy(np.ones((9, 2))), "a.npy", steps=4)
    assert len(given.input.values) == 4 and notes == ["The first 4 of 9 rows are taken."]
    given, notes = read(b"0 1 2", "a.txt", words(), steps=2)
    assert given.input.tokens == [0, 1] and notes == ["The first 2 of 3 words are taken."]
    given, notes = read(npy(np.full((900, 2), 1 / 3)), "a.npy", message_bytes=8192)
    assert 50 < len(given.input.values) < 200 and "fit into a document" in notes[0]


def test_another_kind_of_file_is_refused():
    with pytest.raises(InputError, match=r"\.npy, \.txt, \.wav, got a\.mp3"):
        read(b"", "a.mp3")
    with pytest.raises(InputError, match="reads tokens"):
        read(CSV, "a.csv", words())
