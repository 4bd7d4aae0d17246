"""What strangers may do to us: how much, and from which pages."""

from pydantic import BaseModel, Field, IPvAnyNetwork, field_validator

SOURCE = "scheme and host, such as https://www.example.de"


class ProtectionSettings(BaseModel):
    """See the descriptions; messages and conversations have their limits in ServerSettings."""

    unlimited_from: tuple[IPvAnyNetwork, ...] = Field(
        (),
        description="Networks of your own servers that speak for many customers, such as an app's over REST, as JSON; "
        "no limit per address counts for them. An IPv6 address counts as its network of /64.",
    )
    requests_per_minute: int = Field(
        6000, ge=10, description="Requests of any kind that one address may send to one process in a minute."
    )
    bytes_per_minute: int = Field(
        20_000_000, ge=65_536, le=2_000_000_000, description="Bytes that one address may send in a minute."
    )
    sockets_per_minute: int = Field(600, ge=1, description="Connections that one address may open in a minute.")
    sockets_per_address: int = Field(
        1000, ge=1, description="Connections that one address may have open at once to one process."
    )
    frame_ancestors: tuple[str, ...] = Field(
        (),
        description='Sites that may show our demo page in a frame, as JSON: ["https://www.example.de"]; the desk is '
        "never framed, and the widget needs no frame.",
    )
    hsts_seconds: int = Field(
        31_536_000,
        ge=0,
        description="How long browsers that came by TLS are told to come by TLS only (Strict-Transport-Security); "
        "0: they are not told.",
    )

    @field_validator("frame_ancestors")
    @classmethod
    def _are_sources(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not value.startswith(("https://", "http://")) or set(value) & set(" ;,'\"\r\n"):
                raise ValueError(f"{value!r} is no site: {SOURCE}")
        return values
