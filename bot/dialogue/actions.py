"""Run custom actions in this process: Rasa's action endpoint without HTTP in between."""

from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor


class InProcessActions(EndpointConfig):
    """
    What Rasa's `RemoteAction` believes to be an action server.

    `RemoteAction` calls `request(json=…, method="post", …)` with the action's name
    and the tracker (rasa/core/actions/action.py); the answer has `events` and
    `responses`.
    """

    def __init__(self, executor: ActionExecutor) -> None:
        # Selective: else Rasa serialises the whole domain for every call.
        super().__init__("in-process", enable_selective_domain=True)
        self._executor = executor
        self.domain: dict[str, Any] = {}
        """Handed to each action; set once when the model is loaded."""

    async def request(self, *args: Any, json: dict[str, Any], **kwargs: Any) -> Any:
        """Run the action that `json` names; its exception is the caller's."""
        return await self._executor.run({**json, "domain": self.domain})


class LocalAction(RemoteAction):
    """A custom action whose answer needs no check of its form: it comes from rasa_sdk in this process."""

    def _validate_action_result(self, result: dict[str, Any]) -> bool:
        # Rasa compiles a JSON schema for each answer, which costs 40 ms.
        return True


def executor_for(package: str) -> ActionExecutor:
    """An executor that knows every action of a package (see rasa_sdk's `register_package`)."""
    executor = ActionExecutor()
    executor.register_package(package)
    return executor
