"""A way to a server that can be lost, as by a fault of the network: nothing tells either end until it is used."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Relay:
    """Hands on what clients of its own port and a server say.

    :param port: the server's, on the loopback interface.
    """

    def __init__(self, port: int) -> None:
        self._server = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._lines: list[_Line] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def lose(self, *, answer: bool = False) -> None:
        """Lose every line that there is now, with what is said on it next, or else with the answer to that."""
        for line in self._lines:
            line.lost = "answer" if answer else "question"

    def close(self) -> None:
        """End all lines."""
        self._listening.close()
        for line in self._lines:
            line.end()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listening.accept()
                self._lines.append(_Line(client, socket.create_connection(("127.0.0.1", self._server))))


class _Line:
    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.lost = ""
        self._ends = (client, server)
        for source, target, what in ((client, server, "question"), (server, client, "answer")):
            threading.Thread(target=self._hand_on, args=(source, target, what), daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket, what: str) -> None:
        with suppress(OSError):
            while (said := source.recv(65536)) and self.lost != what:
                target.sendall(said)
        self.end()

    def end(self) -> None:
        """Both ends hear that the other is gone."""
        for each in self._ends:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
