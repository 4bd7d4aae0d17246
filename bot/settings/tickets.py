"""The ticket system."""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr


class TicketSettings(BaseModel):
    """See the descriptions."""

    tickets: Literal["local", "rt", "zammad", "email", "webhook"] = Field(
        "local", description="Ticket system: local (python -m bot tickets), rt, zammad, email or webhook."
    )
    tickets_url: str = Field("", description="Its address, such as https://rt.example.de.")
    tickets_token: SecretStr = Field(
        SecretStr(""), description="Token of RT or Zammad; for webhook the secret that signs (whsec_… or plain)."
    )
    tickets_queue: str = Field("", description="RT's queue or Zammad's group.")
    tickets_mail_to: str = Field("", description="Address that tickets are mailed to.")
    tickets_states: dict[str, Literal["open", "working", "waiting", "done", "refused"]] = Field(
        {}, description='Meaning of states of your own, as JSON: {"in review": "working"}.'
    )
    tickets_timeout: float = Field(15.0, gt=0, le=120, description="Seconds that the ticket system has for an answer.")
    tickets_poll: float = Field(60.0, ge=1, description="Seconds between looks at the states of tickets.")
