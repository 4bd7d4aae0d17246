"""The language model that the settings name."""

from bot.errors import SettingsError
from bot.llm.openai import Endpoint, OpenAiChat
from bot.settings import Settings

PATH = "/chat/completions"


def create_chat(settings: Settings) -> OpenAiChat:
    """Raises SettingsError, which names what is missing; nothing is sent yet."""
    url = settings.phrasings_url.strip().rstrip("/").removesuffix(PATH)
    model = settings.phrasings_model.strip()
    needed = {"POSTBOTE_PHRASINGS_URL": url, "POSTBOTE_PHRASINGS_MODEL": model}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise SettingsError(
            f"{' and '.join(missing)} must name a language model that drafts phrasings: the base address of an "
            "OpenAI-compatible endpoint, such as https://api.example/v1, and a model of it; "
            "POSTBOTE_PHRASINGS_KEY its key, if it wants one. Set them in the environment or in .env. Nothing was sent."
        )
    if not url.lower().startswith(("https://", "http://")):
        raise SettingsError(f"POSTBOTE_PHRASINGS_URL is {url!r}. It must begin with https:// or http://.")
    return OpenAiChat(
        Endpoint(url, model, settings.phrasings_key.get_secret_value().strip(), settings.phrasings_timeout)
    )
