"""What the tests share: a started LibreOffice."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.office import LibreOffice, missing


@pytest.fixture(scope="session")
def office() -> Iterator[LibreOffice]:
    """One LibreOffice for all tests; where it is missing they are skipped, but fail where CI is "true"."""
    if reason := missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with LibreOffice() as started:
        yield started
