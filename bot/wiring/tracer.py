"""Which tracer the settings ask for."""

from importlib import import_module
from types import ModuleType

from bot.errors import SettingsError
from bot.settings import Settings
from bot.tracing import UNTRACED, Tracer
from bot.wiring.roles import Role


def choose_tracer(settings: Settings, role: Role) -> Tracer:
    """Raises SettingsError where the extra that it needs is missing."""
    if settings.traces == "off":
        return UNTRACED
    tracer: Tracer = load_otel().OtelTracer.by_otlp(role)
    return tracer


def load_otel() -> ModuleType:
    """The module `bot.otel`, of whose packages who draws no traces has none. Raises SettingsError."""
    try:
        return import_module("bot.otel")
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"POSTBOTE_TRACES=otlp needs OpenTelemetry's packages, and {error.name} is missing. "
            "Install them: make otel. Or set POSTBOTE_TRACES=off."
        ) from error
