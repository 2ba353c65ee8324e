"""Every bad table gets one sentence that says where and what."""

from __future__ import annotations

import pytest

from core.data import Folders, adopt, describe, keep, own_table
from core.data.tables import table as limits
from core.errors import DataError

GOOD = "a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(30))
FAULTS = {
    "empty": (b"", "table.csv is empty"),
    "only blank lines": (b"\n \n\n", "table.csv is empty"),
    "header only": (b"a,y\n", "column names but no rows"),
    "header and blank lines": (b"a,y\n\n\n", "column names but no rows"),
    "too many values": (b"a,y\n1,2\n1,2,3\n", r"line 3 has 3 values, but the header names 2 columns"),
    "too few values": (b"a,b,y\n1,2,0\n\n1\n", r"line 4 has 1 value, but the header names 3 columns"),
    "ragged after a text of two lines": (b'a,y\n"x\nz",1\n1,2,3\n', "line 4 has 3 values"),
    "unclosed quote": (b'a,y\n1,2\n"3,4\n5,6\n', r'quote \("\) that opens in line 3 is never closed'),
    "text after a quote": (b'a,y\n"b"c,1\n', "in line 2 text follows a closing quote"),
    "a cell without end": (b'a,y\n"' + b"x" * 200_000 + b"\n", "cell in line 2 has more than"),
    "NUL": (b"a,y\n1,\x002\n", "NUL byte in line 2"),
    "binary": (bytes(range(1, 32)) * 9, "holds binary data"),
    "Excel": (b"PK\x03\x04" + b"\x00" * 50, "an Excel or ZIP file, not text"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "a picture, not text"),
    "no encoding": (b"a,y\n\x81\x8d,1\n", "neither UTF-8 nor Windows text"),
    "half of UTF-16": (b"\xff\xfea\x00,", "says it is UTF-16, but is not"),
    "same name twice": (b"a,b,a,y\n1,2,3,0\n", "columns 1 and 3 have the same name, 'a'"),
    "no such target": (b"a,Y \n1,2\n", r"no column 'y' to be the target. Did you mean 'Y'\? The columns are 'a', 'Y'"),
    "one class": (b"a,y\n1,no\n2,no\n3,no\n", r"same value \('no'\) in all 3 rows"),
    "target missing": (b"a,y\n1,\n2,NA\n3,?\n", "'y' has no value in any row"),
    "target infinite": (b"a,y\n1,inf\n2,-inf\n3,1e999\n", "'y' has no value in any row"),
    "no feature": (b"y\n1\n2\n", "No column is left to learn from. There is no column beside the target"),
    "constant feature": (b"a,y\n1,1\n1,2\n", "No column is left to learn from. Column 'a' has the same value"),
    "empty feature": (b"a,y\n,1\n,2\n", "Column 'a' is empty"),
    "names as classes": (
        ("a,y\n" + "".join(f"{i},name{i}\n" for i in range(80))).encode(),
        "'y' has 80 different values in 80 rows: too many to be classes",
    ),
    "nearly numbers": (
        ("a,y\n" + "".join(f"{i},{i * 1.5 if i != 7 else 'broken'}\n" for i in range(80))).encode(),
        "'y' needs numbers to regress, but row 8 has 'broken'",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_table_is_named_in_one_sentence(name, table, folders):
    content, sentence = FAULTS[name]
    with pytest.raises(DataError, match=sentence) as caught:
        describe(table(content), folders)
    assert "Traceback" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_text_cannot_be_regressed_and_the_row_is_named(table, folders):
    with pytest.raises(DataError, match=r"'y' needs numbers to regress, but row 3 has 'many'"):
        describe(table("a,y\n1,1.5\n2,\n3,many\n", task="regression"), folders)


def test_a_feature_that_is_not_there_or_is_the_target(table, folders):
    with pytest.raises(DataError, match=r"no column 'hight' to be the feature. Did you mean 'height'\?"):
        describe(table("height,y\n1,2\n2,1\n", features=["hight"]), folders)
    with pytest.raises(DataError, match="'y' is the target and cannot be a feature as well"):
        describe(table(GOOD, features=["a", "y"]), folders)


def test_limits_hold_before_pandas_sees_the_file(table, folders, monkeypatch):
    with pytest.raises(DataError, match=r"2,001 columns; at most 2,000"):
        describe(table(",".join(f"c{i}" for i in range(2001)) + "\n"), folders)
    monkeypatch.setattr(limits, "MOST_ROWS", 20)
    with pytest.raises(DataError, match="more than 20 rows"):
        describe(table(GOOD), folders)
    monkeypatch.setattr(own_table, "MOST_BYTES", 50)
    with pytest.raises(DataError, match="at most 0 MB are read"):
        describe(table(GOOD), folders)


def test_a_missing_file_and_a_folder(spec, folders, tmp_path):
    with pytest.raises(DataError, match=r"There is no file none.csv"):
        describe(spec("csv", path="none.csv", target="y"), folders)
    with pytest.raises(DataError, match="There is no file"):
        describe(spec("csv", path=str(tmp_path), target="y"), folders)
    with pytest.raises(DataError, match=r"There is no file|could not be read"):
        describe(spec("csv", path="a\x00b", target="y"), folders)


@pytest.mark.parametrize("path", ["upload:../../etc/passwd", "upload:/etc/passwd", "upload:" + "A" * 64, "upload:"])
def test_an_upload_is_found_by_its_hash_only(spec, folders, path):
    with pytest.raises(DataError, match="is no upload: needed 'upload:' and 64 hexadecimal digits"):
        describe(spec("csv", path=path, target="y"), folders)


def test_a_server_reads_uploads_and_no_other_file(table, spec, folders):
    data = table(GOOD)
    server = Folders(folders.uploads, folders.datasets)
    with pytest.raises(DataError, match="only uploaded files are"):
        describe(data, server)
    path = keep(GOOD.encode(), server)
    assert describe(spec("csv", path=path, target="y"), server).rows == 30
    with pytest.raises(DataError, match="no longer on this server"):
        describe(spec("csv", path="upload:" + "0" * 64, target="y"), server)


def test_a_link_among_the_uploads_is_not_followed(spec, folders, tmp_path):
    (tmp_path / "secret").write_text(GOOD)
    folders.uploads.mkdir()
    (folders.uploads / ("1" * 64)).symlink_to(tmp_path / "secret")
    with pytest.raises(DataError, match="no longer on this server"):
        describe(spec("csv", path="upload:" + "1" * 64, target="y"), folders)


def test_a_local_table_can_be_adopted_for_a_jailed_process(table, folders):
    adopted = adopt(table(GOOD), folders)
    assert adopted.path.startswith("upload:")
    assert describe(adopted, Folders(folders.uploads, folders.datasets)).rows == 30
