"""
A plugin of pytest for the previous release: its tests of the store run on tables that this release has migrated.

It knows nothing of this release but the folder of its code, `POSTBOTE_TEST_RELEASE`, whose migrations it runs in the
place of its own.
"""

import os
import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ON_THE_ROAD = {"test_store", "test_handoffs", "test_condition", "test_contacts"}
STORE = Path(os.environ["POSTBOTE_TEST_RELEASE"]) / "bot" / "store"


def pytest_configure() -> None:
    """Whatever migrates, does it as this release does."""
    for name in ("revisions", "migrate"):
        spec = spec_from_file_location(f"bot.store.{name}", STORE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        runner = sys.modules[f"bot.store.{name}"] = module_from_spec(spec)
        spec.loader.exec_module(runner)
    import_module("bot.store.migrations").__path__[:] = [str(STORE / "migrations")]
    database = import_module("bot.store.database").Database
    with suppress(ModuleNotFoundError):  # where its kinds have modules of their own, this one knows them
        import_module("bot.store.choose")

    async def migrate(self: Any) -> None:
        if hasattr(self, "_engine"):  # of a server
            await runner.upgrade_server(self._engine)
        else:
            await self.write(runner.upgrade)

    for kind in (database, *database.__subclasses__()):
        kind.migrate = migrate
    import_module("bot.store.condition").MIGRATIONS = STORE / "migrations"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that work on a database of ours; on a server, which takes its time, those of the road alone."""
    items[:] = [
        item
        for item in items
        if "database" in getattr(item, "fixturenames", ())
        and ("[postgres" not in item.name or item.path.stem in ON_THE_ROAD)
    ]
