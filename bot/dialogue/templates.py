"""Rasa's responses, chosen without a lottery where there is nothing to choose."""

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.constants import CHANNEL, RESPONSE_CONDITION


class Templates(TemplatedNaturalLanguageGenerator):
    """Rasa's generator; it makes an array of the variants for each reply and asks numpy for one."""

    def _random_response_for(
        self, utter_action: str, output_channel: str, filled_slots: dict[str, Any]
    ) -> dict[str, Any] | None:
        variants = self.responses.get(utter_action, ())
        if len(variants) == 1 and variants[0].keys().isdisjoint({CHANNEL, RESPONSE_CONDITION}):
            only: dict[str, Any] = variants[0]
            return only
        chosen: dict[str, Any] | None = super()._random_response_for(utter_action, output_channel, filled_slots)
        return chosen
