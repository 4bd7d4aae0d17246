"""What a file is, by its content."""

import struct
import zlib

import pytest

from bot.conversations.media import type_of


def png(width: int = 64, height: int = 48) -> bytes:
    """A real picture, grey."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes([number * 4 % 256]) * width for number in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        (png(), "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + bytes(64), "image/jpeg"),
        (b"\xff\xd8\xff\xe1\x00\x18Exif\x00\x00" + bytes(64), "image/jpeg"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "application/pdf"),
        (b"%PDF-1.4 of letters alone", "application/pdf"),
        ("Grüße\r\n\tmit Einzug 👩‍💻".encode(), "text/plain"),
        ("\ufeffmit Marke".encode(), "text/plain"),
        (b"BM ist kein Bild", "text/plain"),
        (b"<script>alert(1)</script>", "text/plain"),
        ("Grüße".encode("latin-1"), "application/octet-stream"),
        (b"text\x00mit Null", "application/octet-stream"),
        (b"\x1b[31mrot", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (b"GIF89a\x01\x00\x01\x00" + bytes(20), "image/gif"),
    ],
)
def test_the_content_says_what_it_is(content: bytes, type_: str) -> None:
    """Text is UTF-8 without control characters, whatever it begins with."""
    assert type_of(content) == type_


@pytest.mark.parametrize(
    "content", [b"MZ\x90\x00\x03\x00" + bytes(200), b"PK\x03\x04\x14\x00" + bytes(60), b"\x7fELF" + bytes(60)]
)
def test_programs_and_archives_are_none_of_what_is_kept(content: bytes) -> None:
    """Whatever they are called."""
    assert type_of(content) not in {"image/png", "image/jpeg", "application/pdf", "text/plain"}
