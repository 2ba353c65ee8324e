"""What a bad table or a bad path is told beyond what `test_bad_files` has for every file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.data import FileLimits, Folders, adopt, describe, keep
from core.errors import DataError

GOOD = "a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(30))


def test_text_cannot_be_regressed_and_the_row_is_named(table, folders):
    with pytest.raises(DataError, match=r"'y' needs numbers to regress, but row 3 has 'many'"):
        describe(table("a,y\n1,1.5\n2,\n3,many\n", task="regression"), folders)


def test_a_feature_that_is_not_there_or_is_the_target(table, folders):
    with pytest.raises(DataError, match=r"no column 'hight' to be the feature. Did you mean 'height'\?"):
        describe(table("height,y\n1,2\n2,1\n", features=["hight"]), folders)
    with pytest.raises(DataError, match="'y' is the target and cannot be a feature as well"):
        describe(table(GOOD, features=["a", "y"]), folders)


def test_limits_hold_before_pandas_sees_the_file(table, folders):
    with pytest.raises(DataError, match=r"2,001 columns; at most 2,000"):
        describe(table(",".join(f"c{i}" for i in range(2001)) + "\n"), folders)
    with pytest.raises(DataError, match="more than 20 rows"):
        describe(table(GOOD), replace(folders, limits=FileLimits(rows=20)))
    with pytest.raises(DataError, match="at most 0 MB are read"):
        describe(table(GOOD), replace(folders, limits=FileLimits(size=50)))


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
