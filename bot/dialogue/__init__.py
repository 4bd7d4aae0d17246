"""The room that knows Rasa; every other room is free of it."""

import os
import warnings

from sqlalchemy.exc import MovedIn20Warning

from bot.dialogue import absent

# Both must be in place before the first `import rasa` anywhere below.
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
# Rasa's code is frozen; what it will have to change for libraries to come is noise to our users.
for module in (r"rasa\.", "pkg_resources", "jsonpickle"):
    warnings.filterwarnings("ignore", module=module)
warnings.filterwarnings("ignore", category=MovedIn20Warning)
absent.install()
