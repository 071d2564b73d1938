"""How a service is set up: one frozen value. Every field is a setting of the environment and of a file too."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

import geoaddr
from geoaddr.bulk.ports import Origin
from geoaddr.errors import InvalidInput, Said
from geoaddr.pack import Pack
from geoaddr.platform import Geoaddr
from geoaddr.registry import Registry
from geoaddr.stores import MEMORY, SQLITE, absolute, check_url, is_absent, open_store
from geoaddr.wiring import EMBEDDED_PACK, pack_path, store_url
from service.keys.database import url_beside
from service.limits.addresses import Network, networks
from service.limits.rules import STRANGER_LIMITS, Limits
from service.setting import setting, settings_of

MAX_BODY_BYTES = 64 * 1024
"""The largest request body; the largest address that the registry keeps is under 20 kB of JSON."""

MAX_BATCH_BYTES = 8 * 1024 * 1024
"""The largest body of a batch: ten thousand rows of eight hundred bytes."""

MAX_URL_CHARACTERS = 16 * 1024
"""The longest path with its query, as it is sent: an address text of 4,096 characters, percent-encoded as
Vietnamese usually comes out, four for each."""

LEVELS = ("debug", "info", "warning", "error")

MAX_JOB_BYTES = 256 * 1024 * 1024
"""The largest file that a job is given."""

MAX_JOBS_BYTES = 4 * 1024 * 1024 * 1024
"""What all jobs together may fill of the disk, with what comes of them."""

MAX_JOBS = 50
"""Jobs that are kept at once, finished ones too."""

JOBS_HOURS = 24
"""How long a finished job is kept."""

JOB_WORKERS = 1
"""Processes that answer the rows of a job, beside those that answer requests."""

BODY_S = 10.0
"""How long a body may be on its way, beyond its length at the least speed; meanwhile it keeps a thread."""

BUSY_S = 3.0
"""How long a request waits for the registry before it is told to come back; meanwhile it keeps a thread."""


def _networks(text: str, field: str) -> tuple[Network, ...]:
    return networks(filter(None, map(str.strip, text.split(","))), field)


def _origins(text: str, field: str) -> tuple[str, ...]:
    """Origins as browsers write them: scheme and host, and the port where it is not the usual one."""
    listed = tuple(part.strip() for part in text.split(",") if part.strip())
    for origin in listed:
        if origin != "*" and not re.fullmatch(r"https?://[a-z0-9.:\[\]-]+", origin):
            said = Said(
                "not an origin such as https://shop.vn", "không phải nguồn gốc (origin) như https://shop.vn"
            )
            raise InvalidInput(field, origin, said)
    return listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a service serves, to whom, and how much of it at once.

    ``pack`` and ``store`` as :func:`geoaddr.open` takes them. ``open`` gives every right to every caller:
    for a demonstration on one's own machine, and :func:`service.server.serve` refuses it elsewhere.
    :func:`service.configuration.configure` reads the fields from flags, the environment and a file.
    """

    pack: str | None = setting(None, "path of the pack", "đường dẫn gói dữ liệu")
    store: str | None = setting(None, "URL of the registry", "URL của sổ đăng ký")
    open: bool = setting(
        False, "every right without a key; loopback only", "mọi quyền, không cần khóa; chỉ nội bộ", flag_only=True
    )
    host: str = setting("127.0.0.1", "address to listen on", "địa chỉ lắng nghe")
    port: int = setting(8080, "port; 0 takes a free one", "cổng; 0 lấy cổng trống", least=0, most=65535)
    workers: int = setting(1, "processes that answer", "số tiến trình trả lời", least=1, most=256)
    threads: int = setting(
        4,
        "requests of a process in work at once",
        "số yêu cầu xử lý cùng lúc của mỗi tiến trình",
        least=1,
        most=64,
    )
    max_body_bytes: int = setting(MAX_BODY_BYTES, "largest request body", "nội dung yêu cầu lớn nhất", least=1)
    max_batch_bytes: int = setting(
        MAX_BATCH_BYTES, "largest body of a batch", "nội dung lớn nhất của một lô", least=1
    )
    max_url_characters: int = setting(
        MAX_URL_CHARACTERS, "longest path with its query", "đường dẫn kèm truy vấn dài nhất", least=1
    )
    body_s: float = setting(
        BODY_S,
        "patience with a body, beyond its length at 16 kB/s, seconds",
        "thời gian chờ nội dung yêu cầu, ngoài độ dài chia 16 kB/s, giây",
        least=0.1,
        most=600,
    )
    busy_s: float = setting(
        BUSY_S, "patience with the registry, seconds", "thời gian chờ sổ đăng ký, giây", least=0.05, most=60
    )
    watch_pack: bool = setting(
        True, "reload when the pack's file is replaced", "nạp lại khi tệp gói dữ liệu được thay"
    )
    drain_s: float = setting(
        1.0, "not ready, but answering, before it stops, seconds", "chờ trước khi dừng, giây", least=0, most=300
    )
    finish_s: float = setting(
        10.0,
        "patience with answers that were begun, seconds",
        "thời gian hoàn tất yêu cầu, giây",
        least=0.1,
        most=600,
    )
    log_level: str = setting("info", "least level that is logged", "mức nhật ký thấp nhất", choices=LEVELS)
    access_log: bool = setting(True, "log every request", "ghi nhật ký từng yêu cầu")
    access: str | None = setting(
        None, "URL of the database of keys; beside the registry", "URL cơ sở dữ liệu khóa; cạnh sổ đăng ký"
    )
    limits: Limits = setting(
        STRANGER_LIMITS, "limits of an address without a key", "giới hạn khi không có khóa", read=Limits.read
    )
    trusted_proxies: tuple[Network, ...] = setting(
        (), "networks of proxies whose X-Forwarded-For is believed", "mạng của proxy được tin", read=_networks
    )
    cors_origins: tuple[str, ...] = setting(
        (), "sites whose pages may ask, or *", "các trang web được gọi API, hoặc *", read=_origins
    )
    jobs: str | None = setting(
        None, "folder of jobs; in the user's data folder", "thư mục tác vụ; trong thư mục dữ liệu người dùng"
    )
    max_job_bytes: int = setting(
        MAX_JOB_BYTES, "largest file that a job is given", "tệp lớn nhất của một tác vụ", least=1
    )
    max_jobs_bytes: int = setting(
        MAX_JOBS_BYTES, "what all jobs may fill of the disk", "dung lượng đĩa của mọi tác vụ", least=1
    )
    max_jobs: int = setting(MAX_JOBS, "jobs that are kept at once", "số tác vụ được giữ cùng lúc", least=1)
    jobs_hours: int = setting(
        JOBS_HOURS, "how long a finished job is kept, hours", "thời gian giữ tác vụ đã xong, giờ", least=1
    )
    job_workers: int = setting(
        JOB_WORKERS, "processes that work on a job", "số tiến trình xử lý một tác vụ", least=1, most=256
    )
    base_map: str | None = setting(
        None, "URL template of raster tiles under the map", "mẫu URL của ảnh nền bản đồ"
    )
    base_map_attribution: str | None = setting(None, "whose the base map is", "nguồn của bản đồ nền")
    metrics_token: str | None = setting(
        None, "bearer token that may read /metrics", "mã được đọc /metrics", secret=True
    )

    def open_platform(self, absent: Callable[[], bool] = lambda: False) -> Geoaddr:
        """The platform on this pack and registry, as :func:`geoaddr.open` opens it, but for the patience.

        :param absent: tells that the registry is not to be looked at now.
        :raises InvalidInput, DataError: as there.
        """
        url = store_url(self.store)
        check_url(url)
        path = pack_path(self.pack)
        patient = partial(open_store, url, busy_s=self.busy_s)
        origin = Origin(geoaddr.open, None if path == EMBEDDED_PACK else str(path.absolute()), absolute(url))
        return Geoaddr(
            Pack.open(path), lambda: Registry(patient()), lambda: absent() or is_absent(url), origin=origin
        )

    def access_url(self, *, own_registry: bool = True) -> str:
        """The URL of the database of keys: beside the registry, or in memory where the registry is not the one
        that these settings name."""
        if self.access is not None:
            return self.access
        return url_beside(store_url(self.store)) if own_registry else MEMORY

    def counters_path(self, access: str) -> Path | None:
        """The file in which workers count together: beside the keys, or in the user's folder where those are in
        PostgreSQL; ``None`` where they are in memory."""
        if access == MEMORY:
            return None
        if access.startswith(SQLITE):
            return Path(access.removeprefix(SQLITE)).with_suffix(".counters")
        import platformdirs

        name = hashlib.sha256(access.encode()).hexdigest()[:16]
        return platformdirs.user_state_path("geoaddr") / f"{name}.counters"

    @classmethod
    def from_environment(
        cls,
        *,
        pack: str | None = None,
        store: str | None = None,
        open: bool = False,  # noqa: A002  # the flag's name
        environment: Mapping[str, str] = os.environ,
    ) -> Self:
        """The settings of this process; what is given here wins.

        ``open`` is never read: nothing left in an environment may open a service.

        :raises InvalidInput: for a variable whose value the setting does not take.
        """
        found = {
            known.name: known.from_text(environment[known.variable], known.variable)
            for known in settings_of(cls).values()
            if not known.flag_only and environment.get(known.variable)
        }
        given = {name: value for name, value in (("pack", pack), ("store", store)) if value}
        return cls(**{**found, **given, "open": open})
