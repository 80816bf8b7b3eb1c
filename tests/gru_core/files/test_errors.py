import pickle

import pytest

from gru_core import CoreError
from gru_core.files import FormatError


@pytest.mark.parametrize("entry", ["weight_ih_l0", None])
def test_a_format_error_names_file_and_entry_and_survives_pickling(entry: str | None) -> None:
    error = FormatError("model.npz", entry, "is damaged")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(error, CoreError)
    assert (again.file, again.entry, again.message) == ("model.npz", entry, "is damaged")
    assert str(again) == str(error) == f"model.npz: {f'{entry}: ' if entry else ''}is damaged"


@pytest.mark.parametrize("text", ["a\x1b[2J\nb", "\udcff", "é\0", "x" * 10**7, "\u202e"])
def test_text_from_a_file_fits_a_line(text: str) -> None:
    shown = str(FormatError(text, text, text))
    assert shown.isprintable()
    assert len(shown) < 1500
    shown.encode()
