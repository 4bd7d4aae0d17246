"""
Rasa's RulePolicy, looking things up once that it works out for every message.

Its predictions are the same. https://rasa.com/docs/rasa/policies#rule-policy
"""

import json
from functools import cached_property
from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT

MOST_REMEMBERED = 10_000

Found = tuple[str | None, str | None, bool]
"""The action, the rule that named it, and whether a form was left and comes back."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class Rules(RulePolicy):
    """See the module's docstring."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._remembered: dict[tuple[int, str], frozenset[str]] = {}

    @cached_property
    def _names_texts(self) -> bool:
        """Whether any rule has a customer's words in it instead of an intent."""
        return any(TEXT in state.get(USER, {}) for key in self.lookup[RULES] for state in json.loads(key))

    @staticmethod
    def format_tracker_states(_states: list[State]) -> str:
        """Nothing: it is for Rasa's debug log, which spells it out and copies it for every prediction."""
        return ""

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Found:
        if use_text_for_last_user_input and not self._names_texts:
            return None, None, False
        found: Found = super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)
        return found

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        situation = (id(lookup), json.dumps(states, sort_keys=True))
        if situation not in self._remembered:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[situation] = frozenset(super()._get_possible_keys(lookup, states))
        return set(self._remembered[situation])
