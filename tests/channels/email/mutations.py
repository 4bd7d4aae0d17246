"""Mails that no programme writes: real ones with something broken."""

from collections.abc import Callable

from hypothesis import strategies as st

ODD = (
    b"",
    b"\0",
    b"\r\n\r\n",
    b"\xff\xfe",
    b"\n",
    b"\t",
    b"\xed\xa0\x80",
    b"=?utf-8?b?////?=",
    b"=?x-no?q?=FF=00?=",
    b"From: =?utf-8?q?a=40b=2E?= <@:;>",
    b"From: ",
    b"<" * 500,
    b"(" * 500,
    b"," * 500,
    b"a@b" * 500,
    b"=" * 99,
    b"> " * 500,
    b"--b\n" * 300,
    b"<div>" * 500,
    b"Am " * 500,
    b"Von: a\nAn: b\n" * 50,
    b"_" * 100,
    "\N{SLIGHTLY SMILING FACE}".encode() * 50,
    b"References: " + b"<a@b> " * 500,
    b"postbote.99999999999999999999999." + b"f" * 24 + b"@x",
    b"postbote.999999999999999999." + b"f" * 24 + b"@x",
    b"Action: failed\nStatus: 5.1.1\n",
    b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Type: multipart/report; boundary=b\n",
    b"Content-Type: message/rfc822\n",
    b"Content-Type: message/delivery-status\n",
    b"Content-Type: text/html\n",
    b"Content-Type: text/plain; charset=zlib\n",
    b"Content-Type: text/plain; charset=utf-7\n",
    b"Content-Type: text/plain; charset*=x'%FF\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"begin 666 a\n",
    b"Content-Disposition: attachment; filename*=x''%FF%00\n",
    b"-----BEGIN PGP MESSAGE-----",
)
Lines = list[bytes]


def _drop(lines: Lines, place: int, draw: st.DrawFn) -> Lines:
    return lines[:place] + lines[place + 1 :]


def _twice(lines: Lines, place: int, draw: st.DrawFn) -> Lines:
    return lines[: place + 1] + lines[place:]


def _odd(lines: Lines, place: int, draw: st.DrawFn) -> Lines:
    return [*lines[:place], draw(st.sampled_from(ODD)), *lines[place:]]


def _into(lines: Lines, place: int, draw: st.DrawFn) -> Lines:
    head, colon, value = lines[place].partition(b":")
    line = head + colon + draw(st.sampled_from(ODD)) + draw(st.sampled_from([b"", value]))
    return [*lines[:place], line, *lines[place + 1 :]]


def _swap(lines: Lines, place: int, draw: st.DrawFn) -> Lines:
    other = draw(st.integers(0, len(lines) - 1))
    lines = list(lines)
    lines[place], lines[other] = lines[other], lines[place]
    return lines


def _cut(lines: Lines, place: int, draw: st.DrawFn) -> Lines:
    return lines[: place + 1]


def _bytes(lines: Lines, place: int, draw: st.DrawFn) -> Lines:
    line = lines[place]
    at = draw(st.integers(0, len(line)))
    return [*lines[:place], line[:at] + draw(st.binary(max_size=4)) + line[at + 1 :], *lines[place + 1 :]]


CHANGES: tuple[Callable[[Lines, int, st.DrawFn], Lines], ...] = (_drop, _twice, _odd, _into, _swap, _cut, _bytes)


@st.composite
def mutated_mail(draw: st.DrawFn, mails: list[bytes]) -> bytes:
    """One of the mails with one to four changes, of lines or of bytes."""
    lines = draw(st.sampled_from(mails)).split(b"\n")
    for _ in range(draw(st.integers(1, 4))):
        change = draw(st.sampled_from(CHANGES))
        lines = change(lines, draw(st.integers(0, len(lines) - 1)), draw) or [b""]
    return b"\n".join(lines)
