"""A clock for tests that ask for days."""

from datetime import UTC, datetime, timedelta

from bot.desk.guard import COOKIE
from bot.wiring import Services
from tests.desk.conftest import Browser


class StandingClock:
    """It is Tuesday, 24 November 2026, 10 o'clock in Berlin, until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """As a timedelta has it: `minutes=5`."""
        self.now += timedelta(**time)


async def sign_in_again(agent: Browser, services: Services) -> None:
    """The clock was moved so far that the session is over."""
    cookie = await services.staff.sessions.begin(agent.agent.id)
    agent.client.session.cookie_jar.update_cookies({COOKIE: cookie}, agent.client.make_url("/"))
