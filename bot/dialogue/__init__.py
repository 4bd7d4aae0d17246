"""The room that knows Rasa; every other room is free of it."""

import os
import warnings

import sanic.app  # noqa: F401 -- Rasa imports it, and it puts a filter of its own before all others

from bot.dialogue import absent

# All of this must be in place before the first `import rasa` anywhere below.
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
# Rasa's code is frozen: what it will have to change for libraries to come is noise to our users.
warnings.filterwarnings("ignore", module="rasa|pkg_resources")
warnings.filterwarnings("ignore", message="the load_module")
absent.install()
