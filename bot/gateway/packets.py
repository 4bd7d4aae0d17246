"""Socket.IO's packets: what python-socketio lacks, and what it allows and we do not."""

from collections.abc import Mapping
from typing import Any

from socketio.packet import BINARY_ACK, BINARY_EVENT, CONNECT, Packet

BINARY = {str(BINARY_EVENT), str(BINARY_ACK)}


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
