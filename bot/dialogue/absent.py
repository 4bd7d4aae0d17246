"""
Stand in for packages that Rasa imports but this system does not use.

Rasa imports TensorFlow, every messenger's client and a plotting library as soon
as it is imported, whatever the pipeline is. Installing them costs 1.5 GB on
disk, 300 MB of memory and seconds at each start. `install()` puts a finder at
the *end* of the import path: a package that is installed wins, a missing one is
answered by a placeholder that says what to install once somebody really uses it.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import MutableSequence
from typing import Any

EXTRAS = {
    "tensorflow": "make tensorflow",
    "keras": "make tensorflow",
    "tensorflow_hub": "make tensorflow",
    "tensorflow_text": "make tensorflow",
    "transformers": "pip install transformers",
    "matplotlib": "pip install matplotlib",
    "boto3": "pip install boto3",
    "botocore": "pip install boto3",
    "pymongo": "pip install pymongo",
    "aio_pika": "pip install aio-pika",
    "aiormq": "pip install aio-pika",
    "aiogram": "pip install 'aiogram<3'",
    "cachecontrol": "pip install cachecontrol",
    "colorclass": "pip install colorclass",
    "fbmessenger": "pip install fbmessenger",
    "google": "pip install google-auth",
    "google.auth": "pip install google-auth",
    "google.oauth2": "pip install google-auth",
    "slack_sdk": "pip install slack-sdk",
    "twilio": "pip install twilio",
    "webexteamssdk": "pip install webexteamssdk",
}
"""Package -> the command that installs the real one. `google` is shared by many, so its part is named, too."""


ONLY_FOR_TENSORFLOW = ("rasa.utils.tensorflow.model_data",)
"""Parts of Rasa that only its TensorFlow models use, and that load scikit-learn at each start: 1.5 s."""


class NotInstalledError(ImportError):
    """A part of Rasa was used that needs a package which is not installed."""

    def __init__(self, name: str) -> None:
        package = _package(name) or "tensorflow"
        super().__init__(
            f"{name} was used, but {package} is not installed: Postbote needs no part of it. "
            f"If your own config.yml does (DIET, TED, a Rasa channel …), install it: {EXTRAS[package]}"
        )


class _Placeholder(type):
    """A class whose attributes are again such classes, and which cannot be called."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(f"{cls.__module__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__dict__.get("absent"):
            raise NotInstalledError(cls.__module__)
        return super().__call__(*args, **kwargs)


def _placeholder(name: str) -> Any:
    return _Placeholder(name.rpartition(".")[2], (), {"__module__": name, "absent": True})


class _AbsentModule(types.ModuleType):
    __path__: MutableSequence[str] = []  # noqa: RUF012 -- importlib's own type; never changed

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(f"{self.__name__}.{name}")


def _package(name: str) -> str | None:
    """The entry of EXTRAS that the module belongs to."""
    return max((extra for extra in EXTRAS if f"{name}.".startswith(f"{extra}.")), key=len, default=None)


def _is_installed(package: str) -> bool:
    """Whether the real one is there: then even a part that it lacks is its own business."""
    return package in sys.modules and not isinstance(sys.modules[package], _AbsentModule)


class _AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        package = _package(fullname)
        if package is None or _is_installed(package):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run in a placeholder."""


def install() -> None:
    """Answer for the missing packages of `EXTRAS` from now on; calling it again changes nothing."""
    if any(isinstance(finder, _AbsentFinder) for finder in sys.meta_path):
        return
    if importlib.util.find_spec("tensorflow") is None:
        for name in ONLY_FOR_TENSORFLOW:
            sys.modules.setdefault(name, _AbsentModule(name))
    sys.meta_path.append(_AbsentFinder())
