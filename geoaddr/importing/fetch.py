"""A layer from the web: downloaded whole, judged, then imported."""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path, PurePosixPath
from typing import IO, Any

from geoaddr._version import __version__
from geoaddr.errors import DataError, InvalidInput, Said, os_reason
from geoaddr.importing.intake import refuse_impostor
from geoaddr.importing.layer_import import Progress, free_target, import_layer
from geoaddr.importing.report import ImportReport
from geoaddr.pack import Pack

MAX_BYTES = 2 * 2**30
TIMEOUT_S = 1800.0
"""For the whole download."""

STALL_S = 30.0
"""For a server that says nothing."""

_CHUNK = 2**18
_ASCII = "".join(map(chr, range(33, 127)))


def fetch(
    url: str,
    out: str | os.PathLike[str],
    *,
    base: Pack,
    sha256: str | None = None,
    max_bytes: int = MAX_BYTES,
    timeout_s: float = TIMEOUT_S,
    overwrite: bool = False,
    report: Progress | None = None,
    **options: Any,
) -> ImportReport:
    """Download ``url`` and import it: :func:`~geoaddr.importing.layer_import.import_layer` with ``options``.

    :param url: ``http`` or ``https``; redirects may lead to these only, and never from https to http.
    :param sha256: 64 hexadecimal digits that the file must have; without it nobody vouches for the file.
    :raises InvalidInput: another kind of address, or a sum that is no SHA-256.
    :raises DataError: one line with the address; nothing was written.
    """
    _judge_address(url)
    wanted = _judge_sum(sha256)
    free_target(None, Path(out), overwrite)
    with tempfile.TemporaryDirectory(prefix="geoaddr-fetch-") as folder:
        file = Path(folder) / _file_name(url)
        if report:
            report(Said(f"downloading {url}", f"đang tải {url}"))
        found = download(url, file, max_bytes=max_bytes, timeout_s=timeout_s)
        if wanted is not None and found != wanted:
            raise DataError(
                url,
                Said(
                    f"its SHA-256 is {found}, not the {wanted} that was asked for",
                    f"mã SHA-256 là {found}, khác với {wanted} đã yêu cầu",
                ),
            )
        try:
            return import_layer(file, out, base=base, url=url, overwrite=overwrite, report=report, **options)
        except DataError as error:
            if not error.file.startswith(str(file)):
                raise
            raise DataError(url, error.reason, line=error.line, column=error.column) from None


def download(url: str, to: Path, *, max_bytes: int = MAX_BYTES, timeout_s: float = TIMEOUT_S) -> str:
    """Save what ``url`` answers in ``to``; the SHA-256 of it.

    :raises DataError: no answer, an error, too large, too slow, cut short, a web page, a Git LFS pointer.
    """
    deadline = time.monotonic() + timeout_s
    headers = {"User-Agent": f"geoaddr/{__version__}", "Accept-Encoding": "identity"}
    address = urllib.parse.quote(url, safe=_ASCII)
    asked = urllib.request.Request(address, headers=headers)  # noqa: S310  # the opener knows http and https only
    try:
        with _opener().open(asked, timeout=min(STALL_S, timeout_s)) as answer, to.open("xb") as file:
            return _save(url, answer, file, max_bytes, deadline)
    except urllib.error.HTTPError as error:
        said = f"{error.code} {error.reason}"
        raise DataError(url, Said(f"the server answers {said}", f"máy chủ trả lời {said}")) from None
    except TimeoutError:
        raise _too_slow(url) from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise _too_slow(url) from None
        why = _why(error.reason)
        raise DataError(url, Said(f"cannot be reached: {why.en}", f"không kết nối được: {why.vi}")) from None
    except (http.client.HTTPException, OSError) as error:
        why = _why(error)
        raise DataError(url, Said(f"the download broke off: {why.en}", f"tải về bị đứt quãng: {why.vi}")) from None


def _why(reason: object) -> Said:
    """Why a connection failed, of what the library gives as a reason: an error of any kind, or a text."""
    if isinstance(reason, socket.gaierror):
        return Said("the name of the server is not known", "không tìm thấy tên máy chủ")
    if isinstance(reason, OSError):
        return os_reason(reason)
    text = type(reason).__name__ if isinstance(reason, Exception) else str(reason)
    return Said(text, text)


def _save(url: str, answer: Any, file: IO[bytes], max_bytes: int, deadline: float) -> str:
    """Copy the answer piece by piece; a piece is what one read of the socket gave: the deadline is kept."""
    if answer.headers.get_content_type() in ("text/html", "application/xhtml+xml"):
        raise DataError(url, Said("a web page, not data", "là trang web, không phải dữ liệu"))
    stated = answer.headers.get("Content-Length")
    expected = int(stated) if stated and stated.isdecimal() else None
    if expected is not None and expected > max_bytes:
        raise _too_large(url, max_bytes)
    summed, size, head = hashlib.sha256(), 0, b""
    while chunk := answer.read1(_CHUNK):
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(url, max_bytes)
        if time.monotonic() > deadline:
            raise _too_slow(url)
        head = (head + chunk)[:512] if len(head) < 512 else head
        summed.update(chunk)
        file.write(chunk)
    if expected is not None and size < expected:
        raise DataError(
            url,
            Said(
                f"cut short: {size:,} of {expected:,} bytes came",
                f"bị cắt ngắn: chỉ nhận được {size:,} trên {expected:,} byte",
            ),
        )
    refuse_impostor(url, head)
    return summed.hexdigest()


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follow redirects to http and https only, and never from https to http."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        kind = urllib.parse.urlsplit(newurl).scheme
        if kind not in ("http", "https") or (req.type == "https" and kind != "https"):
            raise DataError(
                req.full_url,
                Said(f"redirects to a {kind} address: refused", f"chuyển hướng sang địa chỉ {kind}: bị từ chối"),
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """An opener that can do nothing but http and https, through the proxies of the environment."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(), _Redirects(),
        urllib.request.HTTPErrorProcessor(), urllib.request.HTTPDefaultErrorHandler(),
    ):  # fmt: skip
        opener.add_handler(handler)
    return opener


def _judge_address(url: str) -> None:
    try:
        parts = urllib.parse.urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or any(c.isspace() or not c.isprintable() for c in url):
        raise InvalidInput("url", url, Said("not an http or https address", "không phải địa chỉ http hoặc https"))


def _judge_sum(given: str | None) -> str | None:
    if given is None:
        return None
    text = given.strip().lower()
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise InvalidInput(
            "sha256",
            given,
            Said("not a SHA-256: 64 hexadecimal digits", "không phải SHA-256: 64 chữ số thập lục phân"),
        )
    return text


def _file_name(url: str) -> str:
    """The last step of the address, for messages; what it is decides the content."""
    name = PurePosixPath(urllib.parse.unquote(urllib.parse.urlsplit(url).path)).name
    kept = "".join(c if c.isalnum() or c in "._-" else "_" for c in name)[-100:].lstrip(".")
    return kept or "download"


def _too_large(url: str, max_bytes: int) -> DataError:
    return DataError(url, Said(f"larger than {max_bytes:,} bytes", f"lớn hơn {max_bytes:,} byte"))


def _too_slow(url: str) -> DataError:
    return DataError(url, Said("took too long; given up", "quá lâu; đã bỏ cuộc"))
