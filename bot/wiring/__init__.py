"""
Build the whole from its parts, in one place.

Each part is a property that is made when it is first asked for, out of other parts: to see what something
is built from, read its property; to add a part, add a property.
"""

from bot.wiring.roles import Role
from bot.wiring.services import Services, build

__all__ = ["Role", "Services", "build"]
