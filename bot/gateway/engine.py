"""python-socketio and its Engine.IO: what they lack, and what they allow and we do not."""

from collections.abc import Mapping
from typing import Any

from engineio import AsyncServer as EngineServer
from engineio.async_drivers.aiohttp import WebSocket
from engineio.packet import Packet as EnginePacket
from socketio import AsyncServer
from socketio.packet import BINARY_ACK, BINARY_EVENT, CONNECT, Packet

BINARY = {str(BINARY_EVENT), str(BINARY_ACK)}


class CheckedWebSocket(WebSocket):  # type: ignore[misc]  # python-engineio publishes no types
    """Ends where something comes that is no packet; the library would fail there, and keep the connection in mind."""

    async def wait(self) -> str | bytes:
        """See the library."""
        data: str | bytes = await super().wait()
        try:
            EnginePacket(encoded_packet=data)
        except (ValueError, RecursionError) as error:
            raise OSError("no packet of Engine.IO") from error
        return data


class Engine(EngineServer):  # type: ignore[misc]  # as above
    """Connections, which nobody can make us wait for."""

    _async: dict[str, Any]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._async = {**self._async, "websocket": CheckedWebSocket}

    async def disconnect(self, sid: str | None = None) -> None:
        """One connection, or all; the library waits until the client has fetched what is still to be sent to it."""
        for socket in [self.sockets[sid]] if sid else list(self.sockets.values()):
            await socket.close(wait=False)
            self.sockets.pop(socket.sid, None)


class SocketServer(AsyncServer):  # type: ignore[misc]  # as above
    """On our Engine."""

    def _engineio_server_class(self) -> type[Engine]:
        return Engine


def packets_with(secrets: Mapping[str, str]) -> type[Packet]:
    """
    Packets of which those that confirm a connection carry its secret, by its id in `secrets`.

    The client sends it back when it connects again: https://socket.io/docs/v4/socket-io-protocol, `pid`.
    """

    class OurPacket(Packet):  # type: ignore[misc]  # python-socketio publishes no types
        data: Any

        def encode(self) -> str | list[str | bytes]:
            if self.packet_type == CONNECT and isinstance(self.data, dict):
                self.data = {**self.data, "pid": secrets[self.data["sid"]]}
            encoded: str | list[str | bytes] = super().encode()
            return encoded

        def decode(self, encoded_packet: object) -> int:
            # Its parts would be kept until the last has come, and a client says itself how many there are.
            if not isinstance(encoded_packet, str) or encoded_packet[:1] in BINARY:
                raise ValueError("Binary data is not taken.")
            count: int = super().decode(encoded_packet)
            return count

    return OurPacket
