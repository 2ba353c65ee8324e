"""One suite for every kind of database: SQLite always, PostgreSQL where EAGERLY_TEST_POSTGRES gives its address."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import create_engine

from core.spec import Project
from core.store import Store, tables

POSTGRES = os.environ.get("EAGERLY_TEST_POSTGRES")


@pytest.fixture(params=["sqlite", "postgres"] if POSTGRES else ["sqlite"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'eagerly.db'}"
    server = create_engine(POSTGRES)
    tables.metadata.drop_all(server)
    server.dispose()
    return POSTGRES


@pytest.fixture
def store(url):
    store = Store(url)
    yield store
    store.close()


@pytest.fixture
def project():
    return Project.model_validate(
        {
            "name": "Digits",
            "data": {"source": "digits"},
            "model": {
                "nodes": [
                    {"id": "input_1", "layer": "Input", "params": {"shape": [64]}},
                    {"id": "dense_1", "layer": "Dense", "params": {"units": 10}, "inputs": ["input_1"]},
                ],
                "outputs": ["dense_1"],
            },
        }
    )


@pytest.fixture
def run(store, project, tmp_path):
    return store.create_run(store.create_project(project), project, tmp_path / "runs")
