"""The images, built once for all tests here."""

from collections.abc import Iterator

import pytest

from tests.docker.image import Image, Store, opened_store, why_no_image


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    """With a Debian of this machine's own making, which the Dockerfiles are built on."""
    if reason := why_no_image():
        pytest.skip(reason)
    with opened_store() as store:
        store.add_base()
        yield store


@pytest.fixture(scope="session")
def image(store: Store) -> Image:
    """Postbote's, from the Dockerfile as it is."""
    return store.build("docker/Dockerfile", ".", "localhost/postbote")
