"""CSV files as people have them: what is read, and what is said."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gruscope.documents.table.dialect import MARKS, TableError
from gruscope.documents.table.read import MOST_COLUMNS, Table
from gruscope.documents.table.rows import Choice, Taken, take


def table(text: str, **options) -> Table:
    return Table.read(text.encode(), **options)


def kinds(read: Table) -> dict[str, str]:
    return {column.name: column.kind for column in read.columns}


def column(read: Table, place: int = -1) -> list[float]:
    return read.columns[place].values.tolist()


def taken(text: str, *columns: int, **options) -> Taken:
    return take(table(text), Choice(columns, **options), 4096, 1e6, 1 << 20)


FILES = [
    (",x\n0,0.25\n1,0.5\n", {"column 1": "index", "x": "number"}, [0.25, 0.5]),
    ('"","x"\n"1",0.25\n"2",0.5\n', {"column 1": "index", "x": "number"}, [0.25, 0.5]),
    ('"x"\n"1" 0.25\n"2" 0.5\n', {"column 1": "index", "x": "number"}, [0.25, 0.5]),
    ('"x"\n"Rome",0.25\n"Oslo",0.5\n', {"column 1": "text", "x": "number"}, [0.25, 0.5]),
    ("year,x\n1997,0.25\n1998,0.5\n", {"year": "index", "x": "number"}, [0.25, 0.5]),
    ("day,x\n2020-01-01,0.25\n2020-01-02,0.5\n", {"day": "date", "x": "number"}, [0.25, 0.5]),
    ("t;x\n01.02.2020 10:30;0,25\n02.02.2020 11:00;0,5\n", {"t": "date", "x": "number"}, None),
    ("time,x\n0.1,1\n0.2,3\n0.4,2\n", {"time": "index", "x": "number"}, [1, 3, 2]),
    ("x\n0,25\n0,5\n0,75\n", {"x": "number"}, [0.25, 0.5, 0.75]),
    ("1,05\n0,25\n", {"column 1": "number"}, [1.05, 0.25]),
    ('"0,25"\n"0,5"\n', {"column 1": "number"}, [0.25, 0.5]),
    ("a;b\r\n1,5;2\r\n2,5;4\r\n", {"a": "number", "b": "number"}, [2, 4]),
    ("\ufeffa\tb\n1\t2.5\n5\t4\n", {"a": "number", "b": "number"}, [2.5, 4]),
    ("1.0e+00 2.5e-01\n3.0e+00 5e-1\n", {"column 1": "number", "column 2": "number"}, [0.25, 0.5]),
    ("# a b\n1 2\n3 4\n", {"a": "number", "b": "number"}, [2, 4]),
    ("a|b\n1|2\n5|4\n", {"a": "number", "b": "number"}, [2, 4]),
    ('note,x\n"one; two, three",1\n"four; five",3\n', {"note": "text", "x": "number"}, [1, 3]),
    ("1\n2\n3\n", {"column 1": "number"}, [1, 2, 3]),
    ("year\n1997\n1998\n", {"year": "number"}, [1997, 1998]),
    ("7", {"column 1": "number"}, [7]),
    ("1;2;\n4;5;\n", {"column 1": "number", "column 2": "number"}, [2, 5]),
    ("a,b\n1,2,\n4,5,\n", {"a": "number", "b": "number"}, [2, 5]),
    ("x\n−1.5\n+2\n", {"x": "number"}, [-1.5, 2]),
    ("x\n1_000\n2\n", {"x": "text"}, []),
    ("x\ninf\n2\n", {"x": "text"}, []),
    ("2020-01-01,0.5\n2020-01-02,0.25\n", {"column 1": "date", "column 2": "number"}, [0.5, 0.25]),
    ("<b>x</b>,<img src=x>\n1,2\n5,4\n", {"<b>x</b>": "number", "<img src=x>": "number"}, [2, 4]),
]


@pytest.mark.parametrize(("text", "expected", "last"), FILES)
def test_the_columns_of_files_that_people_have(text, expected, last):
    read = table(text)
    assert kinds(read) == expected
    assert column(read) == (last if last is not None else [0.25, 0.5])


def test_missing_values_are_counted_and_kept_apart_from_text():
    read = table("a,b,c,d\n1,NA,x,\n,2.5,1,NaN\n3,n/a,2,null\n")
    found = [(c.kind, c.missing, c.fault) for c in read.columns]
    fault = "line 2: “x”"
    assert found == [("number", 1, ""), ("number", 2, ""), ("text", 0, fault), ("text", 3, "")]


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (",1,2\n5,4,3\n6,2,1\n", "empty cell"),
        ("x,1\n5,4\n7,2\n", "numbers too"),
        ("a,b\n1,2\n3\n4,5\n", "1 row has fewer than 2 values"),
        ("a,b\n1,2\n5,4\n", ""),
    ],
)
def test_doubts_are_said(text, doubt):
    doubts = table(text).doubts
    assert len(doubts) == bool(doubt)
    assert doubt in "".join(doubts)


def test_the_reader_may_know_better():
    assert column(table("0,5\n1,5\n", decimal="comma")) == [0.5, 1.5]
    assert column(table("0,5\n1,5\n", decimal="comma", delimiter="semicolon")) == [0.5, 1.5]
    assert table(",1,2\n5,4,3\n", header=False).length == 2
    assert kinds(table("1,2\n5,4\n", header=True)) == {"1": "number", "2": "number"}
    assert kinds(table("a,b\n1,2\n", delimiter="tab")) == {"a,b": "number"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b" \r\n\r\n", "The file is empty"),
        (b"\x00\x01\x02", "zero bytes"),
        ("1\n2\n".encode("utf-16-le"), "zero bytes"),
        (b"\xff\xfe1", "like UTF-16 but is not"),
        (b'x\n"1\n2\n', "Line 3: a quotation mark is opened and never closed."),
        (b'"1"a,2\n', "Line 1: expected a delimiter after a closing quotation mark."),
        (b"1,2\n3,4,5\n", "Line 2 has 3 values; expected 2"),
        (b"1" * 200_000, "Line 1: a cell has more than 131072 characters."),
        (b"1," * 99_999 + b"1", f"The file has 100000 columns; at most {MOST_COLUMNS}"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, message):
    with pytest.raises(TableError, match=r"\S") as raised:
        Table.read(content)
    assert message in str(raised.value)


def test_of_very_many_rows_the_first_are_read(monkeypatch):
    monkeypatch.setattr("gruscope.documents.table.read.MOST_ROWS", 3)
    assert column(table("5\n6\n8\n")) == [5, 6, 8]
    read = table("5\n6\n8\n9\n")
    assert (column(read), read.doubts) == ([5, 6, 8], ("Only the first 3 rows are read.",))


def test_a_header_alone_has_no_rows():
    with pytest.raises(TableError, match="only one row"):
        table("a,b\n", header=True)


def test_other_encodings_are_read_and_named():
    for content, note in (
        ("größe\n1\n".encode("utf-16"), "Read as UTF-16."),
        ("größe\n1\n".encode("cp1252"), "The file is not UTF-8, so it is read as Windows-1252."),
    ):
        read = Table.read(content)
        assert (kinds(read), read.doubts) == ({"größe": "number"}, (note,))


numbers = st.floats(-1e6, 1e6, allow_nan=False)


@given(
    st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from(sorted(MARKS)),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_python_writes_is_read_back_exactly(rows, delimiter, header, end):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=MARKS[delimiter], lineterminator=end)
    writer.writerows([["left", "middle", "right"]] * header + rows)
    read = table(out.getvalue())
    assert (read.delimiter, read.header) == (delimiter, header)
    found = take(read, Choice([0, 1, 2]), 4096, 1e6, 1 << 20)
    assert (found.rows, found.notes) == (rows, [])


@pytest.mark.parametrize(
    ("missing", "expected", "note"),
    [
        ("skip", [1, 4], "3 rows with missing values left out."),
        ("hold", [1, 1, 1, 4, 4], "3 missing values replaced by the value before."),
        ("interpolate", [1, 1, 2.5, 4, 4], "3 missing values interpolated."),
        ("zero", [0, 1, 0, 4, 0], "3 missing values replaced by 0."),
    ],
)
def test_missing_values(missing, expected, note):
    found = taken("x\nNA\n1\nNA\n4\nNA\n", 0, missing=missing)
    assert found.rows == [[value] for value in expected]
    assert note in found.notes


def test_a_row_is_left_out_whole():
    assert taken("a,b\n1,NA\n2,7\nNA,5\n", 1, 0).rows == [[7, 2]]
    with pytest.raises(TableError, match="no row is left"):
        taken("a,b\n1,NA\nNA,5\n", 0, 1)


def test_standardising_is_numpy_s():
    found = taken("a,b\n1,3\n2,3\n4,3\n9,3\n", 0, 1, scale="standardise", start=1, count=2)
    a = np.array([2.0, 4.0])
    expected = np.stack([(a - a.mean()) / a.std(), [0, 0]], axis=1)
    assert found.rows == expected.tolist()
    assert found.notes == [
        "Rows 2 to 3 of 4 are taken.",
        "“a” standardised: mean 3, standard deviation 1.",
        "“b” standardised: mean 3, standard deviation 0.",
        "“b” is constant, so it becomes 0.",
    ]


def test_dividing():
    found = taken("1\n3\n", 0, scale="divide", by=-2.0)
    assert (found.rows, found.notes) == ([[-0.5], [-1.5]], ["Divided by -2."])


@pytest.mark.parametrize(("start", "first", "last"), [(0, 0, 4095), (904, 904, 4999)])
def test_the_part_that_fits_is_taken(start, first, last):
    text = "x\n" + "".join(f"{i / 8}\n" for i in range(5000))
    found = taken(text, 0, start=start)
    assert (len(found.rows), found.rows[0], found.rows[-1]) == (4096, [first / 8], [last / 8])
    assert (found.start, found.total) == (start, 5000)
    assert found.notes == [f"Rows {first + 1} to {last + 1} of 5000 are taken."]


def test_rows_end_where_the_message_is_full():
    found = take(table("0.125\n0.25\n0.5\n"), Choice([0]), 4096, 1e6, len("[0.125],[0.25],"))
    assert found.rows == [[0.125], [0.25]]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("1e7\n", {}, "“column 1”: a value must be from −1000000 to 1000000, got 1e+07"),
        ("1e300\n2e300\n", {"scale": "divide", "by": 1e-300}, "got inf"),
        ("x\nabc\n", {}, "Column “x”: expected numbers, got line 2: “abc”"),
        ("2020-01-01\n", {}, "Column “column 1”: expected numbers"),
    ],
)
def test_what_cannot_be_taken_is_said(text, options, message):
    with pytest.raises(TableError, match=r"\S") as raised:
        taken(text, 0, **options)
    assert message in str(raised.value)


def test_a_column_that_is_not_there():
    with pytest.raises(TableError, match="Expected a column below 1, got 1"):
        taken("1\n", 1)


@pytest.mark.parametrize(
    ("content", "values", "doubt"),
    [
        ("a;b\n1,234.5;1\n12,345,678;2\n", [1234.5, 12345678], "“1,234.5” is read as 1234.5"),
        ("a;b\n1.234,5;1\n2,25;2\n", [1234.5, 2.25], "“1.234,5” is read as 1234.5"),
        ("a;b\n1.234,5;1\n", [1234.5], "thousands"),
        ("a;b\n1 234.5;1\n2.5;2\n", [1234.5, 2.5], "thousands"),
        ("a;b\n45 %;1\n7.5%;2\n", [45, 7.5], "“45 %” is read as 45, without the %."),
        ("a;b\n1,234;1\n5,678;2\n", [1.234, 5.678], "choose the decimal point"),
    ],
)
def test_thousands_and_per_cent_are_read_and_said(content, values, doubt):
    found = Table.read(content.encode())
    assert found.columns[0].values.tolist() == values
    assert any(doubt in sentence for sentence in found.doubts)


def test_commas_that_group_thousands_are_read_where_the_decimal_mark_is_a_point():
    found = Table.read(b"a;b\n1,234;1\n5,678;2\n", decimal="point")
    assert found.columns[0].values.tolist() == [1234, 5678]
    assert Table.read(b"a;b\n1,23;1\n1,234;2\n", decimal="point").columns[0].kind == "text"
