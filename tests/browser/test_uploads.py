"""How files come in, in a real browser: streamed past the server's memory, taken back, or a whole folder at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.test_story import LONG, go

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_traceback")]

TABLE = b"height,kind\n" + b"".join(b"%d,%s\n" % (i % 7, b"ab"[i % 2 : i % 2 + 1]) for i in range(120))

DROP = """(zone, text) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], 'dropped.csv', {type: 'text/csv'}));
  zone.dispatchEvent(new DragEvent('drop', {dataTransfer: dropped, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def own(page, server):
    """The Data page, ready for a file."""
    page.goto(server.url)
    go(page, "Data")
    expect(page.get_by_text("1,797 images")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="Choose data").click()
    page.get_by_role("button", name="Your own table").click()
    expect(page.get_by_text("Drop a file here")).to_be_visible(timeout=LONG)
    return page


def memory(server):
    """Of the server's process, in MB."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text())[1]) / 1000


def kept(server):
    return {path.name for path in (server.home / "uploads").glob("*")}


def test_a_file_passes_by_the_servers_memory_and_a_bad_one_leaves_nothing(own, server, tmp_path):
    file = tmp_path / "large.csv"
    file.write_bytes(b"a,y\n1,2\n" + bytes(40_000_000))
    before, there = memory(server), kept(server)
    own.locator("input[type=file]").set_input_files(file)
    expect(own.get_by_text("has a NUL byte in line 3")).to_be_visible(timeout=LONG)
    assert memory(server) - before < 20
    assert kept(server) == there
    own.locator(".zone").evaluate(DROP, TABLE.decode().replace("height", "width"))
    expect(own.get_by_text("120 rows").first).to_be_visible(timeout=LONG)
    expect(own.get_by_text("has a NUL byte")).to_have_count(0)


def test_a_file_is_taken_back_and_another_is_chosen_by_keyboard(own, server, tmp_path):
    file, there = tmp_path / "good.csv", kept(server)
    file.write_bytes(TABLE)
    held = []
    own.route("**/upload/*", lambda route: held.append(route))
    own.locator("input[type=file]").set_input_files(file)
    own.get_by_role("button", name="Cancel").click()
    expect(own.get_by_role("status").get_by_text("Cancelled")).to_be_visible()
    assert len(held) == 1
    assert kept(server) == there
    own.unroute("**/upload/*")
    expect(own.get_by_label("File", exact=True)).to_be_focused()
    with own.expect_file_chooser() as chooser:
        own.keyboard.press("Enter")
    chooser.value.set_files(file)
    expect(own.get_by_text("120 rows").first).to_be_visible(timeout=LONG)
    assert len(kept(server) - there) == 1
    own.get_by_role("button", name="undo icon").click()
    expect(own.get_by_text("1,797 images")).to_be_visible(timeout=LONG)
    expect(own.get_by_text("120 rows")).to_have_count(0)  # the file that was sent before does not come back by itself


def test_a_folder_of_pictures_is_one_file_with_a_class_for_each_folder(own, server, tmp_path):
    for number in range(24):
        file = tmp_path / "pets" / ("cat" if number % 2 else "größe") / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (number * 10, 0, 0)).save(file)
    (tmp_path / "pets" / "notes.txt").write_text("no picture")
    with own.expect_file_chooser() as chooser:
        own.get_by_role("button", name="Choose a folder of pictures").click()
    chooser.value.set_files(tmp_path / "pets")
    expect(own.get_by_text("24 in 2 classes")).to_be_visible(timeout=LONG)
    expect(own.get_by_text("größe").first).to_be_visible(timeout=LONG)
