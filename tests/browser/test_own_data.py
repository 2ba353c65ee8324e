"""A workbook and a ZIP of pictures that nobody prepared: by clicks alone to a trained model and its file."""

from __future__ import annotations

import contextlib
import io
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import TimeoutError, expect

from core import gallery
from core.store import Store
from tests.browser.test_trouble import LONG, button, go, says

pytestmark = pytest.mark.browser


@pytest.fixture
def data_page(page, server):
    store = Store(f"sqlite:///{server.home / 'eagerly.db'}")
    token = store.create_project(gallery.load())
    store.close()
    page.set_viewport_size({"width": 1440, "height": 1300})
    page.goto(f"{server.url}/?project={token}")
    expect(button(page, "^Train")).to_be_visible(timeout=LONG)
    says(page, "1,797 images")
    go(page, "Data")
    page.get_by_role("button", name="Choose data").click()
    page.get_by_role("button", name="Your own data").click()
    return page


def workbook():
    book = openpyxl.Workbook()
    book.active.append(["made by hand"])
    sheet = book.create_sheet("sales")
    sheet.append(["day", "shop", "price", "sold"])
    for i in range(150):
        shop = ("north", "south", None)[i % 3]
        sheet.append([f"2026-{i % 12 + 1:02}-{i % 28 + 1:02}", shop, None if i % 9 == 0 else i * 0.5, "yn"[i % 2]])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def pictures():
    file = io.BytesIO()
    random = np.random.default_rng(0)
    with zipfile.ZipFile(file, "w") as archive:
        for i in range(60):
            picture = random.integers(0, 100, (20, 20, 3), dtype="uint8") + 150 * (i % 2)
            content = io.BytesIO()
            Image.fromarray(picture.astype("uint8")).save(content, "PNG")
            archive.writestr(f"{('dark', 'bright')[i % 2]}/{i}.png", content.getvalue())
    return file.getvalue()


def send(page, name, content):
    kind = "application/octet-stream"
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": kind, "buffer": content})


def trained_and_exported(page, tmp_path):
    go(page, "Train")
    button(page, "^Repair all").click()
    expect(button(page, "^Train")).to_be_enabled(timeout=LONG)
    button(page, "^Train").click()
    expect(button(page, "^Continue")).to_be_visible(timeout=LONG)
    go(page, "Export")
    with page.expect_download(timeout=LONG) as download:
        button(page, "Download model").click()
    download.value.save_as(tmp_path / "model.keras")
    return (tmp_path / "model.keras").read_bytes()


def test_a_workbook_becomes_a_trained_model_that_takes_raw_rows(data_page, tmp_path):
    send(data_page, "sales.xlsx", workbook())
    says(data_page, "150 rows")
    says(data_page, "^Sheet$")
    with zipfile.ZipFile(io.BytesIO(trained_and_exported(data_page, tmp_path))) as archive:
        config = archive.read("config.json").decode()
    assert '"day.year"' in config
    assert '"StringLookup"' in config


def test_pictures_in_folders_become_a_trained_model(data_page, tmp_path):
    send(data_page, "pets.zip", pictures())
    says(data_page, "60 images")
    with zipfile.ZipFile(io.BytesIO(trained_and_exported(data_page, tmp_path))) as archive:
        assert '"Rescaling"' in archive.read("config.json").decode()


def tides():
    days = pd.date_range("2026-01-01", periods=200)
    rows = [f"{day:%Y-%m-%d},{i % 7},{np.sin(i / 3) * 2 + 5:.3f}\n" for i, day in enumerate(days)]
    return ("day,wind,height\n" + "".join(rows[i * 77 % 200] for i in range(200))).encode()


def test_what_a_select_shows_follows_the_target(data_page):
    page = data_page
    table = "kind,size,weight\n" + "".join(f"{'ab'[i % 2]},{i % 7},{i / 3}\n" for i in range(60))
    send(page, "things.csv", table.encode())
    target = page.get_by_label("Target column", exact=True)
    expect(target).to_be_visible(timeout=LONG)
    for column, split in (("kind", "by chance, classes in proportion"), ("weight", "by chance")):
        target.click()
        page.get_by_role("option", name=column, exact=True).click()
        expect(page.get_by_label("Split", exact=True).first).to_have_value(split, timeout=LONG)


def test_the_rows_of_a_table_become_a_series_and_a_forecast(data_page):
    send(data_page, "tides.csv", tides())
    says(data_page, "200 rows, 2 columns to learn from")
    data_page.get_by_text("Rows are a series in time").click()
    says(data_page, "Each window has 24 rows in order")
    says(data_page, "windows of 24 rows")
    button(data_page, "^First model").click()
    expect(button(data_page, "^gru_1")).to_be_visible(timeout=LONG)
    go(data_page, "Train")
    button(data_page, "^Train").click()
    expect(button(data_page, "^Continue")).to_be_visible(timeout=LONG)
    go(data_page, "Inspect")
    says(data_page, "the dotted line should lie on the solid one")


def choose(page, label, option):
    field = page.get_by_test_id("stSelectbox").filter(has=page.get_by_text(label, exact=True))
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):  # a rerun closes the list
        expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible(timeout=LONG)
        field.get_by_role("combobox").click()
        with contextlib.suppress(TimeoutError):
            wanted.click(timeout=4000)
            return
    pytest.fail(f"the list of {label} does not stay open")


def test_pictures_are_changed_for_training_and_shown_before_and_after(data_page, tmp_path):
    send(data_page, "pets.zip", pictures())
    says(data_page, "60 images")
    data_page.get_by_text("Augmentation", exact=True).first.click()
    choose(data_page, "Flip", "left and right")
    data_page.get_by_role("tab", name="Augmentation").click()
    says(data_page, "As training may see them")
    expect(data_page.locator("[data-testid=stImage]:visible")).to_have_count(30, timeout=LONG)
    with zipfile.ZipFile(io.BytesIO(trained_and_exported(data_page, tmp_path))) as archive:
        assert "RandomFlip" not in archive.read("config.json").decode()  # whoever takes it home sees no changes


def test_a_column_is_embedded_by_a_choice_and_a_button(data_page):
    towns = "age,town,y\n" + "".join(f"{i * 7 % 40},{'nse'[i % 3]}-town,{i % 5}.{i % 3}\n" for i in range(120))
    send(data_page, "towns.csv", towns.encode())
    says(data_page, "120 rows, 2 columns to learn from")
    button(data_page, "^First model").click()
    expect(button(data_page, "^input_1")).to_be_visible(timeout=LONG)
    go(data_page, "Data")
    data_page.set_viewport_size({"width": 1440, "height": 2000})  # scrolling closes a list of choices
    data_page.get_by_text("Column by column").click()
    choose(data_page, "Column", "town")
    says(data_page, "^Encoding$")
    choose(data_page, "Encoding", "embedding")
    button(data_page, "^Give town an Embedding").click()
    expect(button(data_page, "^Give town an Embedding")).to_have_count(0, timeout=LONG)
    go(data_page, "Train")
    button(data_page, "^Train").click()
    expect(button(data_page, "^Continue")).to_be_visible(timeout=LONG)
