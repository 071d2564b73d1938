"""Forms with one file (``multipart/form-data``), taken apart as they come: nothing but their fields is held."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from geoaddr.errors import InvalidInput, Said

FILE = "file"
MULTIPART = "multipart/form-data"

MOST_PARTS = 64
MOST_FIELD_BYTES = 16 * 1024
"""All fields together."""

MOST_UNREAD_BYTES = 1024 * 1024
"""Of what has come and is no part yet; more than a piece of a body."""

_UNREADABLE = Said("not a form as multipart/form-data has it", "không phải biểu mẫu multipart/form-data")
_NO_FILE = Said("required, as the last part of the form", "bắt buộc, là phần cuối của biểu mẫu")
_AFTER = Said("stands after the file; fields come before it", "đứng sau tệp; các trường phải đứng trước tệp")


class Form:
    """A form whose fields were read, and whose file is still on its way.

    :param pieces: the body.
    :raises InvalidInput: for what is no form, or has no part ``file``.
    :raises RequestEntityTooLarge: for fields that are longer than any request has.
    """

    def __init__(self, boundary: str | None, pieces: Iterator[bytes]) -> None:
        if not boundary:
            raise InvalidInput("body", None, _UNREADABLE)
        self.fields: list[tuple[str, str]] = []
        self.name: str | None = None
        self.media = ""
        try:
            decoder = MultipartDecoder(boundary.encode("latin-1"), max_parts=MOST_PARTS)
        except UnicodeEncodeError:
            raise InvalidInput("body", None, _UNREADABLE) from None
        self._events = _events(decoder, pieces)
        self._read_fields()

    def _read_fields(self) -> None:
        held, name, value = 0, "", b""
        for event in self._events:
            if isinstance(event, File | Field) and event.name == FILE:
                self.media = event.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                self.name = event.filename if isinstance(event, File) else None
                return
            if isinstance(event, File):
                raise InvalidInput(event.name, event.filename, Said("not the file", "không phải tệp cần gửi"))
            if isinstance(event, Field):
                name, value = event.name, b""
            elif isinstance(event, Data):
                held, value = held + len(event.data), value + event.data
                if held > MOST_FIELD_BYTES:
                    raise RequestEntityTooLarge
                if not event.more_data:
                    self.fields.append((name, _text(name, value)))
        raise InvalidInput(FILE, None, _NO_FILE)

    def file(self) -> Iterator[bytes]:
        """The content of the file, piece by piece. :raises InvalidInput: where anything stands behind it."""
        for event in self._events:
            if isinstance(event, Data):
                if event.data:
                    yield bytes(event.data)
            elif isinstance(event, File | Field):
                raise InvalidInput(event.name, None, _AFTER)


def _events(decoder: MultipartDecoder, pieces: Iterator[bytes]) -> Iterator[Event]:
    """What a form says, until its end. :raises InvalidInput: for what is none, or ends before."""
    try:
        for piece in pieces:
            decoder.receive_data(piece)
            while not isinstance(event := decoder.next_event(), NeedData):
                yield event
                if isinstance(event, Epilogue):
                    return
            if len(decoder.buffer) > MOST_UNREAD_BYTES:  # of what stands before a part, or at its head
                raise RequestEntityTooLarge
        decoder.receive_data(None)
        while not isinstance(event := decoder.next_event(), Epilogue):
            yield event
    except (ValueError, KeyError, IndexError):
        raise InvalidInput("body", None, _UNREADABLE) from None


def _text(name: str, value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput(name, None, Said("not UTF-8", "không phải UTF-8")) from None
