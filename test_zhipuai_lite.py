"""Tests of zhipuai_lite: `python3 test_zhipuai_lite.py [-v] [NAME ...]`.

NAME is a part of a test's name (`ErrorsTest`, `test_cut_off_stream_raises`, `stream`). No third-party package is
needed and nothing leaves the machine: the tests talk over real sockets to the scriptable `Server` below. The last
line is always `N passed, M failed, K skipped`; the exit status is 1 when something failed.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import copy
import dataclasses
import email.utils
import errno
import faulthandler
import functools
import gc
import gzip
import hashlib
import hmac
import importlib.util
import io
import json
import logging
import mmap
import os
import pathlib
import pickle
import random
import re
import select
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import tracemalloc
import types
import unittest
import urllib.parse
import urllib.request
import warnings
import weakref
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping, Union, get_type_hints
from unittest import mock

import zhipuai_lite
from zhipuai_lite import NOT_GIVEN, AsyncZhipuAI, ChatCompletionChunk, Completion, ZhipuAI, generate_token

MODULE = os.path.abspath(zhipuai_lite.__file__)
KEY = "0123456789abcdef.AbCdEf0123456789"
SECRET = KEY.split(".")[1]
MESSAGES = [{"role": "user", "content": "你好"}]
# What the module warns about, http:// to other hosts, is meant here.
logging.getLogger("zhipuai_lite").addHandler(logging.NullHandler())
#: Seconds after which a wait for something that must happen is a failure. Never slept through when all is well.
PATIENCE = 20.0


# ======================================================================================================================
# The scriptable server
# ======================================================================================================================


class Hangup(Exception):
    """Raised by a step to end the connection."""


if TYPE_CHECKING:
    #: What a scripted connection does: send these bytes, or do this with the connection.
    Step = Union[bytes, Callable[["Connection"], None]]


def CLOSE(connection: Connection) -> None:
    """Step: end the connection in order (FIN)."""
    raise Hangup


def RESET(connection: Connection) -> None:
    """Step: break the connection (RST)."""
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Hangup


def STALL(connection: Connection) -> None:
    """Step: say nothing more until the client hangs up (or the server is closed)."""
    while connection.receive():
        pass
    raise Hangup


def WAIT(event: threading.Event) -> Step:
    """Step: wait until the test sets the event."""

    def wait(connection: Connection) -> None:
        event.wait(PATIENCE)

    return wait


def SET(event: threading.Event) -> Step:
    """Step: tell the test that this point was reached."""

    def tell(connection: Connection) -> None:
        event.set()

    return tell


def PAUSE(seconds: float) -> Step:
    """Step: be slow. For what is about time itself; WAIT is for everything else."""

    def pause(connection: Connection) -> None:
        connection.server.closing.wait(seconds)

    return pause


def IGNORE(connection: Connection) -> None:
    """Step: read nothing more, and keep the connection open until the test ends."""
    connection.server.closing.wait(PATIENCE)
    raise Hangup


def DRIP(data: bytes, seconds: float) -> Step:
    """Step: send the bytes one at a time, one every so many seconds, while the client listens."""

    def drip(connection: Connection) -> None:
        for index in range(len(data)):
            connection.send(data[index : index + 1])
            if seconds and connection.server.closing.wait(seconds):
                raise Hangup

    return drip


def STARTTLS(context: ssl.SSLContext) -> Step:
    """Step: go on in TLS (what a proxy's tunnel leads to)."""

    def handshake(connection: Connection) -> None:
        connection.start_tls(context)

    return handshake


#: The event that ends the platform's streams.
DONE = "data: [DONE]\n\n"


def sse(*events: Any) -> bytes:
    """Events as bytes: a dict is sent as JSON data, text and bytes as they are."""
    return b"".join(_event(event) for event in events)


def _event(event: Any) -> bytes:
    if isinstance(event, bytes):
        return event
    if isinstance(event, str):
        return event.encode()
    return b"data: " + _json(event) + b"\n\n"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def http_chunk(data: bytes) -> bytes:
    """One chunk of a body in `Transfer-Encoding: chunked`."""
    return b"%x\r\n%s\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"


def head(status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
    """The status line and the headers of an answer."""
    lines = [f"HTTP/1.1 {status} Scripted"]
    lines.extend("{}: {}".format(*item) for item in (headers or {}).items())
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def answer(body: Any = None, status: int = 200, headers: Mapping[str, str] | None = None) -> list[Step]:
    """The steps of a whole answer: a dict or list is sent as JSON, text as HTML, bytes as they are."""
    fields = {"Content-Type": "application/json; charset=UTF-8"}
    if body is None:
        fields, data = {}, b""
    elif isinstance(body, bytes):
        fields, data = {"Content-Type": "application/octet-stream"}, body
    elif isinstance(body, str):
        fields, data = {"Content-Type": "text/html; charset=UTF-8"}, body.encode()
    else:
        data = _json(body)
    if status != 204:
        fields["Content-Length"] = str(len(data))
    fields.update(headers or {})
    return [head(status, fields) + data]


EVENT_STREAM = {"Content-Type": "text/event-stream;charset=UTF-8", "Transfer-Encoding": "chunked"}


def stream(*events: Any, headers: Mapping[str, str] | None = None) -> list[Step]:
    """The steps of an event stream, one HTTP chunk an event; steps between the events are executed in their place."""
    steps: list[Step] = [head(200, dict(EVENT_STREAM, **(headers or {})))]
    steps += [http_chunk(_event(event)) if isinstance(event, (dict, str, bytes)) else event for event in events]
    steps.append(LAST_CHUNK)
    return steps


def completion(content: Any = "你好！", **members: Any) -> dict[str, Any]:
    """A chat completion as the platform answers it."""
    message = {"role": "assistant", "content": content}
    return dict(
        {
            "id": "2026071107001517f0ab19f8cb470c",
            "request_id": "2026071107001517f0ab19f8cb470c",
            "created": 1783724415,
            "model": "glm-4-flash",
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 6, "completion_tokens": 3, "total_tokens": 9},
        },
        **members,
    )


def chunk(content: Any = "", finish_reason: str | None = None, delta: Any = None, **members: Any) -> dict[str, Any]:
    """One chunk of a streamed chat completion."""
    choice: dict[str, Any] = {"index": 0, "delta": delta or {"role": "assistant", "content": content}}
    if finish_reason:
        choice["finish_reason"] = finish_reason
    return dict({"id": "20260711", "created": 1783724415, "model": "glm-4-flash", "choices": [choice]}, **members)


def error_body(code: Any, message: str = "服务错误") -> dict[str, Any]:
    """The platform's error envelope (API.md, E1)."""
    return {"error": {"code": code, "message": message}}


class Request:
    """A request as it arrived."""

    def __init__(self, connection: Connection, head: bytes, body: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        self.head = head
        self.method, self.target, self.version = lines[0].split(" ", 2)
        self.path, _, self.query_text = self.target.partition("?")
        #: Name → list of values, in the order of the query.
        self.query = urllib.parse.parse_qs(self.query_text, keep_blank_values=True)
        self.header_list = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        #: Names in lower case; of a repeated header all values, joined by a comma.
        self.headers: dict[str, str] = {}
        for name, value in self.header_list:
            name = name.lower()
            self.headers[name] = self.headers[name] + ", " + value if name in self.headers else value
        self.body = body
        #: The number of the connection that brought it, from 1.
        self.connection = connection.number

    @property
    def json(self) -> Any:
        return json.loads(self.body.decode("utf-8"))

    @property
    def token(self) -> str:
        scheme, _, token = self.headers["authorization"].partition(" ")
        assert scheme == "Bearer", scheme
        return token

    def __repr__(self) -> str:
        return f"<{self.method} {self.target} on connection {self.connection}>"


class Connection:
    """The server's side of one connection."""

    def __init__(self, server: Server, sock: socket.socket, number: int) -> None:
        self.server = server
        self.socket = sock
        self.number = number
        self.buffer = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> bytes:
        """What the client sent next; nothing when it hung up, or when the server is being closed."""
        data = self.buffer or self.socket.recv(65536)
        self.buffer = b""
        return data

    def start_tls(self, context: ssl.SSLContext) -> None:
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def read_until(self, mark: bytes) -> bytes:
        data = b""
        while mark not in data:
            more = self.receive()
            if not more:
                raise Hangup
            data += more
        found, _, self.buffer = data.partition(mark)
        return found

    def read_exactly(self, size: int) -> bytes:
        parts = []
        while size:
            data = self.receive()
            if not data:
                raise Hangup
            self.buffer = data[size:]
            parts.append(data[:size])
            size -= len(parts[-1])
        return b"".join(parts)

    def read_request(self) -> Request:
        request = Request(self, self.read_until(b"\r\n\r\n"), b"")
        if request.headers.get("transfer-encoding") == "chunked":
            size = int(self.read_until(b"\r\n"), 16)
            while size:
                request.body += self.read_exactly(size)
                self.read_until(b"\r\n")
                size = int(self.read_until(b"\r\n"), 16)
            self.read_until(b"\r\n")
        else:
            request.body = self.read_exactly(int(request.headers.get("content-length", "0")))
        return request

    def perform(self, steps: list[Step]) -> None:
        data: list[bytes] = []  # gathered, so that it goes in one packet as far as it fits
        for step in steps:
            if isinstance(step, bytes):
                data.append(step)
            else:
                self.send(b"".join(data))
                data.clear()
                step(self)
        self.send(b"".join(data))

    def run(self) -> None:
        try:
            if self.server.tls:
                self.start_tls(self.server.tls)
            self.perform(self.server.greeting)
            while True:
                request = self.read_request()
                steps = self.server.next_answer(request)
                self.perform(steps)
                if request.headers.get("connection", "").lower() == "close":
                    raise Hangup
        except Hangup:
            pass
        except (OSError, ValueError) as error:  # the client hung up, or the test ended: nothing to do here
            self.server.errors.append(error)
        finally:
            self.socket.close()
            self.server.forget(self)


class Server:
    """A scriptable HTTP/1.1 server on the loopback that can misbehave byte by byte.

    Each request takes the next of the scripted answers; when there is none left, `default(request)` makes one (a chat
    completion unless the test sets something else). An answer is a list of steps: bytes to send, or CLOSE, RESET,
    STALL, IGNORE, WAIT(event), SET(event), PAUSE(seconds), DRIP(bytes, seconds), or any function of the connection. The
    connection then stays open for the next request unless a step, or the request, ended it.

        server.answer({"id": "1"})                          a JSON answer (text: HTML; bytes: as they are)
        server.answer(error_body("1302"), status=429, headers={"Retry-After": "1"}, times=3)
        server.stream(chunk("你"), WAIT(event), chunk("好"), DONE)      server-sent events, one HTTP chunk each
        server.raw(head(200, {"Content-Length": "9"}) + b"{}", RESET)   whatever the test wants
        server.default = lambda request: answer({"path": request.path})
        server.greeting = [STALL]                           steps before the first request (after the TLS handshake)

        server.requests, server.request     what arrived: method, path, query, headers, body, json, token, connection
        server.connections                  how many connections were accepted so far
        server.until_idle(n=0)              waits until exactly n connections are open
        server.drop_connections()           ends all connections in order, as a server does with idle ones

    `Server(tls=server_context())` speaks TLS; `Server(host="::1")` listens on IPv6.
    """

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.requests: list[Request] = []
        self.errors: list[Exception] = []
        self.greeting: list[Step] = []
        self.default: Callable[[Request], list[Step]] = lambda request: answer(completion())
        self.connections = 0
        self.closing = threading.Event()
        self._script: list[list[Step]] = []
        self._open: dict[Connection, threading.Thread] = {}
        self._changed = threading.Condition()  # guards the four above and `requests`
        self._listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        self._listener.bind((host, 0))
        self._listener.listen(128)
        self.host, self.port = self._listener.getsockname()[:2]
        self._thread = threading.Thread(target=self._accept, name="test server", daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return self.origin + "/api/paas/v4/"

    def answer(
        self, body: Any = None, status: int = 200, headers: Mapping[str, str] | None = None, times: int = 1
    ) -> None:
        for _ in range(times):
            self.raw(*answer(body, status, headers))

    def stream(self, *events: Any, headers: Mapping[str, str] | None = None) -> None:
        self.raw(*stream(*events, headers=headers))

    def raw(self, *steps: Step) -> None:
        with self._changed:
            self._script.append(list(steps))

    def next_answer(self, request: Request) -> list[Step]:
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
            if self._script:
                return self._script.pop(0)
        return self.default(request)

    @property
    def request(self) -> Request:
        """The latest request."""
        return self.requests[-1]

    def until_requests(self, count: int) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, PATIENCE):
                raise AssertionError(f"only {len(self.requests)} requests came, not {count}")

    def until_idle(self, count: int = 0) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._open) == count, PATIENCE):
                raise AssertionError(f"{len(self._open)} connections are open, not {count}")

    def drop_connections(self) -> None:
        with self._changed:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)
        self.until_idle()

    def forget(self, connection: Connection) -> None:
        with self._changed:
            self._open.pop(connection, None)
            self._changed.notify_all()

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self.closing.is_set():
                sock.close()
                return
            sock.settimeout(2 * PATIENCE)  # later than whoever waits for it
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._changed:
                self.connections += 1
                connection = Connection(self, sock, self.connections)
                thread = threading.Thread(target=connection.run, name="test connection", daemon=True)
                self._open[connection] = thread
            thread.start()

    def close(self) -> None:
        self.closing.set()
        with socket.socket(self._listener.family) as last:  # wakes accept() on every platform
            last.settimeout(PATIENCE)
            last.connect(self._listener.getsockname())
        self._thread.join(PATIENCE)
        self._listener.close()
        with self._changed:
            threads = list(self._open.values())
        self.drop_connections()
        for thread in threads:
            thread.join(PATIENCE)


class Proxy(Server):
    """A small HTTP proxy that leads everything to one server, whatever host was asked for.

    `requests` holds what the proxy itself was asked: `CONNECT host:port`, or the absolute form `GET http://host/path`.
    With `credentials="user:password"` it answers 407 to a request without them.
    """

    def __init__(self, to: Server, credentials: str | None = None) -> None:
        super().__init__()
        self.to = to
        self.credentials = credentials
        self.default = self._lead

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def _lead(self, request: Request) -> list[Step]:
        if self.credentials is not None:
            expected = "Basic " + base64.b64encode(self.credentials.encode()).decode()
            if request.headers.get("proxy-authorization") != expected:
                return answer("credentials, please", 407, {"Proxy-Authenticate": 'Basic realm="test"'})
        if request.method == "CONNECT":
            return [head(200), self._tunnel]
        return self._forward(request)

    def _tunnel(self, connection: Connection) -> None:
        with socket.create_connection((self.to.host, self.to.port), PATIENCE) as upstream:
            back = threading.Thread(target=_copy, args=(upstream, connection.socket), daemon=True)
            back.start()
            _copy(connection.socket, upstream)
            back.join(PATIENCE)
        raise Hangup

    def _forward(self, request: Request) -> list[Step]:
        parts = urllib.parse.urlsplit(request.target)
        target = parts.path + ("?" + parts.query if parts.query else "")
        lines = [f"{request.method} {target} HTTP/1.1", "Connection: close"]
        lines += ["{}: {}".format(*item) for item in request.header_list if item[0].lower() != "connection"]
        with socket.create_connection((self.to.host, self.to.port), PATIENCE) as upstream:
            upstream.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + request.body)
            return [b"".join(iter(lambda: upstream.recv(65536), b""))]


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Copies until the source ends, and passes the end on."""
    with contextlib.suppress(OSError):
        for data in iter(lambda: source.recv(65536), b""):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


# Made once with openssl for these tests, valid until 2100: a certificate authority, and three certificates of one key:
# for localhost, platform.test, 127.0.0.1 and ::1; the same but expired in 2021; and for another host.
CA_PEM = """
-----BEGIN CERTIFICATE-----
MIIBczCCARigAwIBAgICEAAwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUemhpcHVh
aV9saXRlIHRlc3QgQ0EwIBcNMjAwMTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAwMDBa
MB8xHTAbBgNVBAMMFHpoaXB1YWlfbGl0ZSB0ZXN0IENBMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEu/isF7jxspTGwHObwCx8daCSlXdjYH9B3k3BZBpWxBScB7SW
oOqoc2gDv23tTPYNuxH/GmMdnrBVwiMzb5OEnKNCMEAwDwYDVR0TAQH/BAUwAwEB
/zAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0OBBYEFK7e3FPhh6j6Ss4YO348PT7n20so
MAoGCCqGSM49BAMCA0kAMEYCIQCwigA7h7pVXj9WyIFFtEIPQlyM4JaKlG3UaxzE
F1qT2wIhALfUPpeyn3LG53ArtwqzNAToxveBccPUc6VgMQxuNzsA
-----END CERTIFICATE-----
"""
SERVER_KEY_PEM = """
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBHBhHCSVw+pej6/n
8kBSyXiJkbf+JJkhGkDbXr17cyehRANCAATMbNv1qJWQ+xDAbG3s43Pn+TG1/Fci
bReJKsZh/ak/edgr6kFh5NMgzqcVsckcIJtpmDVNPXTG4FGSet/0lAfe
-----END PRIVATE KEY-----
"""
SERVER_PEM = """
-----BEGIN CERTIFICATE-----
MIIB5jCCAY6gAwIBAgICEAEwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUemhpcHVh
aV9saXRlIHRlc3QgQ0EwIBcNMjAwMTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAwMDBa
MCMxITAfBgNVBAMMGHpoaXB1YWlfbGl0ZSB0ZXN0IHNlcnZlcjBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABMxs2/WolZD7EMBsbezjc+f5MbX8VyJtF4kqxmH9qT95
2CvqQWHk0yDOpxWxyRwgm2mYNU09dMbgUZJ63/SUB96jgbMwgbAwDAYDVR0TAQH/
BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0O
BBYEFB0P1m073DJzr6lQh8QGRZBv59K9MB8GA1UdIwQYMBaAFK7e3FPhh6j6Ss4Y
O348PT7n20soMDsGA1UdEQQ0MDKCCWxvY2FsaG9zdIINcGxhdGZvcm0udGVzdIcE
fwAAAYcQAAAAAAAAAAAAAAAAAAAAATAKBggqhkjOPQQDAgNGADBDAiAXYnoXtCUr
WbIrP2ssTGvTq1o/kYfOIaxayHY0IdVP6QIfXJtzl0cQ4PQs3gmp+ZFWiRx7ohm/
NHV5ROKu2wQD1A==
-----END CERTIFICATE-----
"""
EXPIRED_PEM = """
-----BEGIN CERTIFICATE-----
MIIB5jCCAYygAwIBAgICEAMwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUemhpcHVh
aV9saXRlIHRlc3QgQ0EwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjAj
MSEwHwYDVQQDDBh6aGlwdWFpX2xpdGUgdGVzdCBzZXJ2ZXIwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAATMbNv1qJWQ+xDAbG3s43Pn+TG1/FcibReJKsZh/ak/edgr
6kFh5NMgzqcVsckcIJtpmDVNPXTG4FGSet/0lAfeo4GzMIGwMAwGA1UdEwEB/wQC
MAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMB0GA1UdDgQW
BBQdD9ZtO9wyc6+pUIfEBkWQb+fSvTAfBgNVHSMEGDAWgBSu3txT4Yeo+krOGDt+
PD0+59tLKDA7BgNVHREENDAygglsb2NhbGhvc3SCDXBsYXRmb3JtLnRlc3SHBH8A
AAGHEAAAAAAAAAAAAAAAAAAAAAEwCgYIKoZIzj0EAwIDSAAwRQIhAIdRfQrc9fhj
3PVQdy5k5tPLiUN+OIlnp22ib1Q6pOygAiAi3jbVYw75PD7LArXr2vRWUstrav3h
pugJYNToathLyA==
-----END CERTIFICATE-----
"""
OTHER_HOST_PEM = """
-----BEGIN CERTIFICATE-----
MIIBwjCCAWigAwIBAgICEAIwCgYIKoZIzj0EAwIwHzEdMBsGA1UEAwwUemhpcHVh
aV9saXRlIHRlc3QgQ0EwIBcNMjAwMTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAwMDBa
MCMxITAfBgNVBAMMGHpoaXB1YWlfbGl0ZSB0ZXN0IHNlcnZlcjBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABMxs2/WolZD7EMBsbezjc+f5MbX8VyJtF4kqxmH9qT95
2CvqQWHk0yDOpxWxyRwgm2mYNU09dMbgUZJ63/SUB96jgY0wgYowDAYDVR0TAQH/
BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0O
BBYEFB0P1m073DJzr6lQh8QGRZBv59K9MB8GA1UdIwQYMBaAFK7e3FPhh6j6Ss4Y
O348PT7n20soMBUGA1UdEQQOMAyCCm90aGVyLnRlc3QwCgYIKoZIzj0EAwIDSAAw
RQIgMcYQ5b7HHxR71g49TpniDtI6J7Kzm91e+Ulk4piDHBgCIQCmfPGaeeGi09nG
zn08n7ynwaaFmtiiuhKp4XeN3DKtpw==
-----END CERTIFICATE-----
"""


def server_context(certificate: str = SERVER_PEM) -> ssl.SSLContext:
    """A context for `Server(tls=...)`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "server.pem")
        with open(path, "w") as file:
            file.write(certificate + SERVER_KEY_PEM)
        context.load_cert_chain(path)
    return context


def until(condition: Callable[[], Any], what: str) -> None:
    """Waits for a condition that no event announces."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("in vain: " + what)
        time.sleep(0.002)


def python(*arguments: str) -> list[Any]:
    """The command that runs this interpreter with all warnings on; in UTF-8, whatever this process's locale is."""
    command = [sys.executable, "-X", "dev", "-W", "error", *arguments]
    return [part.encode("utf-8", "surrogateescape") for part in command] if os.name == "posix" else command


class TestCase(unittest.TestCase):
    """Every test: an environment of its own, all warnings are errors, retries do not wait, nothing stays open.

    `serve()` and `client()` make what is closed at the end. `slept` lists the seconds that the module wanted to wait.
    """

    def setUp(self) -> None:
        self.slept: list[float] = []
        self._unraisable: list[str] = []
        prefixes = ("ZHIPUAI_", "ZAI_", "SSL_CERT_", "REQUESTS_CA")
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(prefixes) and not name.upper().endswith("_PROXY")
        }
        self.enter(mock.patch.dict(os.environ, environment, clear=True))
        self.enter(mock.patch.object(zhipuai_lite, "_sleep", self.slept.append))
        self.enter(warnings.catch_warnings())
        warnings.simplefilter("error")
        if hasattr(sys, "unraisablehook"):  # 3.8+: warnings and errors of destructors and threads fail the test, too
            self.enter(mock.patch.object(sys, "unraisablehook", self._note))
            self.enter(mock.patch.object(threading, "excepthook", self._note))
        self.addCleanup(self._nothing_unraisable)
        self.addCleanup(zhipuai_lite._pool.close)
        zhipuai_lite._tokens.clear()

    def _note(self, args: Any) -> None:
        self._unraisable.append("".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)))

    def _nothing_unraisable(self) -> None:
        self.assertEqual(self._unraisable, [])

    def enter(self, manager: Any) -> Any:
        """`with manager:` until the test ends."""
        value = manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)
        return value

    def serve(self, **options: Any) -> Server:
        server = Server(**options)
        self.addCleanup(server.close)
        return server

    def proxy(self, to: Server, credentials: str | None = None) -> Proxy:
        proxy = Proxy(to, credentials)
        self.addCleanup(proxy.close)
        return proxy

    def client(self, server: Server | None = None, **options: Any) -> ZhipuAI:
        """A client of the server that fails rather than hangs, and that does not retry unless told to."""
        options.setdefault("api_key", KEY)
        options.setdefault("timeout", PATIENCE)
        options.setdefault("max_retries", 0)
        if server is not None:
            options.setdefault("base_url", server.url)
        client = ZhipuAI(**options)
        self.addCleanup(client.close)
        return client

    def file(self, name: str, content: str | bytes) -> str:
        """The path of a new file in a folder of the test's own."""
        path = os.path.join(self.enter(tempfile.TemporaryDirectory()), name)
        with open(path, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return path

    def execute(self, program: str, names: dict[str, Any]) -> dict[str, Any]:
        """Runs a program's lines as a file of its own, without what this one has from `__future__`."""
        exec(compile(program, "program.py", "exec", dont_inherit=True), names)
        return names

    def logs(self, level: str) -> Any:
        """`with self.logs("DEBUG") as logs:` what the module logs in the block; it must log something."""
        return self.assertLogs("zhipuai_lite", level)

    def at(self, seconds: float) -> Any:
        """The wall clock; set `return_value` to move it."""
        return self.enter(mock.patch("zhipuai_lite.time.time", return_value=seconds))

    def run_python(self, *arguments: str, input: bytes = b"", env: Mapping[str, str] | None = None) -> Any:
        """Runs this interpreter with all warnings on, in the test's environment plus `env`; gives the ended process."""
        return subprocess.run(
            python(*arguments),
            check=False,
            env=dict(os.environ, **(env or {})),
            input=input,
            capture_output=True,
            timeout=60,
        )


def ask(client: ZhipuAI, **arguments: Any) -> Any:
    """The chat call that most tests make."""
    arguments.setdefault("model", "glm-4-flash")
    arguments.setdefault("messages", MESSAGES)
    return client.chat.completions.create(**arguments)


def contents(chunks: Any) -> list[Any]:
    """The content of each chunk of a stream."""
    return [item.choices[0].delta.content for item in chunks]


# ======================================================================================================================
# Errors
# ======================================================================================================================

STATUS_ERRORS = [
    (300, "APIStatusError"),
    (304, "APIStatusError"),
    (400, "BadRequestError"),
    (401, "AuthenticationError"),
    (403, "PermissionDeniedError"),
    (404, "NotFoundError"),
    (408, "APIStatusError"),
    (409, "ConflictError"),
    (422, "UnprocessableEntityError"),
    (429, "RateLimitError"),
    (434, "APIStatusError"),
    (500, "InternalServerError"),
    (502, "InternalServerError"),
    (503, "APIServerFlowExceedError"),
    (504, "InternalServerError"),
    (529, "InternalServerError"),
]


class ErrorsTest(TestCase):
    def error(self, *scripted: Any, **arguments: Any) -> Any:
        """The error of a call that is answered so."""
        server = self.serve()
        server.answer(*scripted)
        with self.assertRaises(zhipuai_lite.ZhipuAIError) as caught:
            ask(self.client(server), **arguments)
        return caught.exception

    def test_charset_of_an_error_cannot_hold_up_or_warn(self) -> None:
        server = self.serve()
        text = "\\y" + "x" * 400000
        for charset in ("punycode", "unicode_escape", "idna", "nonsense", "base64"):
            server.raw(
                head(400, {"Content-Type": f"text/plain; charset={charset}", "Content-Length": str(len(text))})
                + text.encode()
            )
            begun = time.monotonic()
            with self.assertRaises(zhipuai_lite.BadRequestError) as caught:
                ask(self.client(server))
            self.assertLess(time.monotonic() - begun, 5)
            self.assertEqual(caught.exception.response.text, text)

    def test_errors_are_made_as_the_official_ones(self) -> None:
        self.assertEqual(str(zhipuai_lite.ZhipuAIError(message="x")), "x")
        self.assertEqual(zhipuai_lite.ZhipuAIError("x").args, ("x",))

        class Mine(zhipuai_lite.ZhipuAIError):
            def __init__(self, message: str) -> None:
                super().__init__(message=message)

        self.assertEqual(str(Mine("y")), "y")
        cause: Any = OSError("z")
        self.assertEqual(str(zhipuai_lite.APIConnectionError(message=cause, request=None)), "z")

    def test_tree_has_both_vocabularies(self) -> None:
        tree = {
            "ZhipuAIError": "Exception",
            "APIError": "ZhipuAIError",
            "APIStatusError": "APIError",
            "BadRequestError": "APIStatusError",
            "AuthenticationError": "APIStatusError",
            "PermissionDeniedError": "APIStatusError",
            "NotFoundError": "APIStatusError",
            "ConflictError": "APIStatusError",
            "UnprocessableEntityError": "APIStatusError",
            "RateLimitError": "APIStatusError",
            "InternalServerError": "APIStatusError",
            "APIServerFlowExceedError": "InternalServerError",
            "APIResponseError": "APIError",
            "APIResponseValidationError": "APIResponseError",
            "APIConnectionError": "APIResponseError",
            "APITimeoutError": "APIConnectionError",
        }
        for name, base in tree.items():
            self.assertIn(name, zhipuai_lite.__all__)
            self.assertEqual(getattr(zhipuai_lite, name).__bases__[0].__name__, base)
        aliases = {
            "APIRequestFailedError": "BadRequestError",
            "APIAuthenticationError": "AuthenticationError",
            "APIReachLimitError": "RateLimitError",
            "APIInternalError": "InternalServerError",
        }
        for alias, name in aliases.items():
            self.assertIn(alias, zhipuai_lite.__all__)
            self.assertIs(getattr(zhipuai_lite, alias), getattr(zhipuai_lite, name))

    def test_every_status_has_its_class(self) -> None:
        server = self.serve()
        client = self.client(server)
        for status, name in STATUS_ERRORS:
            with self.subTest(status=status):
                server.answer(error_body("1234") if status != 304 else None, status=status)
                with self.assertRaises(zhipuai_lite.APIStatusError) as caught:
                    ask(client)
                self.assertIs(type(caught.exception), getattr(zhipuai_lite, name))
                self.assertEqual(caught.exception.status_code, status)

    def test_text_begins_as_in_the_official_sdk(self) -> None:
        error = self.error('{"error":{"code":"1302","message":"您的账户已达到速率限制"}}', 429)
        text = 'Error code: 429, with error text {"error":{"code":"1302","message":"您的账户已达到速率限制"}}'
        self.assertEqual(str(error)[: len(text)], text)

    def test_escaped_chinese_is_readable(self) -> None:
        error = self.error(json.dumps(error_body("1113", "您的账户已欠费")).encode(), 429)
        self.assertTrue(str(error).startswith("Error code: 429, with error text "), error)
        self.assertIn("您的账户已欠费", str(error))
        self.assertIn("1113", str(error))

    def test_code_and_message_are_read_from_every_shape_of_body(self) -> None:
        shapes = [
            (error_body("1210", "参数有误"), "1210"),
            (dict(error_body("1301", "敏感"), contentFilter=[{"level": 1, "role": "user"}]), "1301"),
            ({"error": "参数有误", "code": 1210}, "1210"),
            ({"msg": "参数有误", "code": 1210}, "1210"),
            ({"message": "参数有误", "code": "1210"}, "1210"),
            ({"code": 1210, "message": "参数有误", "timestamp": 1783724415}, "1210"),
            ({"error": {"code": "model_not_found", "message": "参数有误"}}, "model_not_found"),
            ({"error": {"message": "参数有误", "type": "1000"}}, "1000"),
        ]
        for body, code in shapes:
            with self.subTest(body=body):
                error = self.error(body, 400)
                self.assertEqual(error.code, code)
                self.assertEqual(error.body, body)
                self.assertIn("敏感" if code == "1301" else "参数有误", str(error))

    def test_log_id_is_the_request_id(self) -> None:
        body = dict(error_body("1210"), request_id="from-the-body")
        error = self.error(body, 400, {"X-Log-Id": "2026071107001517f0ab19f8cb470c"})
        self.assertEqual(error.request_id, "2026071107001517f0ab19f8cb470c")

    def test_request_id_of_the_body_is_the_second_best(self) -> None:
        self.assertEqual(self.error(dict(error_body("1210"), request_id="abc-123"), 400).request_id, "abc-123")

    def test_response_can_be_examined(self) -> None:
        error = self.error(error_body("1211", "模型不存在"), 404, {"X-Log-Id": "1"})
        response = error.response
        self.assertEqual(response.status_code, 404)
        self.assertEqual(response.headers["x-log-id"], "1")
        self.assertEqual(response.headers.get("X-LOG-ID"), "1")
        self.assertTrue(response.url.endswith("/api/paas/v4/chat/completions"), response.url)
        self.assertEqual(response.json()["error"]["code"], "1211")
        self.assertEqual(json.loads(response.text), response.json())
        self.assertEqual(json.loads(response.content.decode()), response.json())
        for request in (response.request, error.request):
            self.assertEqual(request.method, "POST")
            self.assertEqual(str(request.url), str(response.url))

    def test_error_envelopes_with_status_200_raise(self) -> None:
        shapes = [
            (error_body("1211"), "1211"),
            ({"msg": "失败", "code": 500}, "500"),
            ({"status": "failed", "error": {"code": "1234", "message": "失败"}}, "1234"),
            ({"code": 10001, "message": "失败", "timestamp": 1783724415}, "10001"),
            ({"code": 1000, "msg": "身份验证失败。", "success": False}, "1000"),
        ]
        for body, code in shapes:
            with self.subTest(body=body):
                error = self.error(body)
                self.assertIsInstance(error, zhipuai_lite.APIResponseError)
                self.assertEqual(error.code, code)
                self.assertTrue(error.json_data)
                self.assertIn("失败" if code != "1211" else "服务错误", str(error))

    def test_error_envelope_in_answer_to_stream_request_raises(self) -> None:
        error = self.error({"code": 1000, "msg": "身份验证失败。", "success": False}, stream=True)
        self.assertIsInstance(error, zhipuai_lite.APIResponseError)
        self.assertEqual(error.code, "1000")

    def test_huge_error_body_is_not_read_to_its_end(self) -> None:
        server = self.serve()
        server.raw(head(400, {"Content-Length": "1000000000"}) + b"x" * (32 << 20), STALL)
        begun = time.monotonic()
        with self.assertRaises(zhipuai_lite.BadRequestError) as caught:
            ask(self.client(server))
        self.assertLess(time.monotonic() - begun, PATIENCE / 2)
        self.assertLess(len(str(caught.exception)), 20000)
        server.until_idle()

    def test_bodies_that_are_not_json_are_shown(self) -> None:
        error = self.error("<html><body>网关错误</body></html>", 502)
        self.assertIn("<html><body>网关错误</body></html>", str(error))
        self.assertIsNone(error.code)
        self.assertEqual(str(self.error(b"", 500)).strip(), "Error code: 500, with error text")
        self.assertIn("Error code: 400", str(self.error(b"\xff\xfe\x80abc", 400)))

    def test_charset_of_the_body_is_honoured(self) -> None:
        for charset, data in (("gbk", "网关".encode("gbk")), ("klingon", "网关".encode()), ("", "网关".encode())):
            error = self.error(data, 502, {"Content-Type": "text/html; charset=" + charset})
            self.assertIn("网关", str(error))
        for charset in ("undefined", "idna", "punycode", "zlib", "rot13", "unicode_escape"):  # codecs that Python knows
            error = self.error(b"gateway \\x \xff.", 502, {"Content-Type": "text/html; charset=" + charset})
            self.assertEqual(error.status_code, 502)

    def test_texts_are_bounded(self) -> None:
        error = self.error("很长" * 100000, 500)
        self.assertLess(len(str(error)), 20000)
        self.assertEqual(error.response.text, "很长" * 100000)

    def test_deeply_nested_body_is_an_ordinary_error(self) -> None:
        self.assertEqual(self.error(b"[" * 100000, 400, {"Content-Type": "application/json"}).status_code, 400)
        for text in (b"[" * 100000, b"[" * 100000 + b"]" * 100000, b'{"a":' * 100000 + b"1" + b"}" * 100000):
            error = self.error(text, 200, {"Content-Type": "application/json"})
            self.assertIsInstance(error, zhipuai_lite.APIResponseError)

    def test_errors_are_made_as_in_the_official_sdk(self) -> None:
        response = mock.MagicMock(status_code=429)
        for name in ("APIStatusError", "APIReachLimitError", "APIServerFlowExceedError", "NotFoundError"):
            error = getattr(zhipuai_lite, name)("api error", response=response)
            self.assertEqual(str(error), "api error")
            self.assertEqual(error.status_code, 429)
            self.assertIs(error.response, response)
        request = object()
        failed = zhipuai_lite.APIResponseError("text", request, {"code": "1302"})
        self.assertEqual((failed.message, failed.request, failed.json_data), ("text", request, {"code": "1302"}))
        lost = zhipuai_lite.APIConnectionError(request=request)
        self.assertEqual((str(lost), lost.request), ("Connection error.", request))
        self.assertEqual(str(zhipuai_lite.APIConnectionError(message="gone", request=request)), "gone")
        late = zhipuai_lite.APITimeoutError(request)
        self.assertEqual((str(late), late.request), ("Request timed out.", request))
        self.assertEqual(str(zhipuai_lite.APITimeoutError(request=request)), "Request timed out.")
        odd = zhipuai_lite.APIResponseValidationError(response, {"a": 1}, message="odd")
        self.assertEqual((odd.status_code, odd.response, odd.json_data), (429, response, {"a": 1}))
        self.assertEqual(str(odd), "odd")
        self.assertEqual(str(zhipuai_lite.ZhipuAIError("text")), "text")

    def raised(self) -> list[Any]:
        """One error of every kind, raised by a call."""
        server = self.serve()
        client = self.client(server)
        server.answer(error_body("1302"), 429, {"X-Log-Id": "7"})
        server.answer(error_body("1302"), 200)
        server.answer(b"no json", 200, {"Content-Type": "application/json"})
        server.raw(b"HTTP", CLOSE)
        server.raw(STALL)
        errors = []
        for timeout in (PATIENCE, PATIENCE, PATIENCE, PATIENCE, 0.05):
            with self.assertRaises(zhipuai_lite.APIError) as caught:
                ask(client, timeout=timeout)
            errors.append(caught.exception)
        names = ["RateLimitError", "APIResponseError", "APIResponseValidationError", "APIConnectionError"]
        self.assertEqual([type(error).__name__ for error in errors], [*names, "APITimeoutError"])
        return errors

    def test_errors_pickle_and_copy(self) -> None:
        for error in self.raised():
            copies = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
            for twin in [*copies, copy.copy(error), copy.deepcopy(error)]:
                self.assertIs(type(twin), type(error))
                self.assertEqual(str(twin), str(error))
                self.assertEqual((twin.message, twin.code), (error.message, error.code))
                self.assertEqual((twin.body, twin.request_id), (error.body, error.request_id))
                self.assertEqual(twin.request.url, error.request.url)
                if hasattr(error, "response"):
                    self.assertEqual(twin.status_code, error.status_code)
                    self.assertEqual(twin.response.text, error.response.text)
                    self.assertEqual(twin.response.headers["content-type"], error.response.headers["content-type"])

    def test_errors_do_not_carry_the_key(self) -> None:
        for error in self.raised():
            shown = [str(error), repr(error), repr(vars(error)), repr(vars(error.request)), repr(error.request)]
            if hasattr(error, "response"):
                shown.append(repr(vars(error.response)))
            shown.append("".join(traceback.format_exception(type(error), error, error.__traceback__)))
            shown.append(pickle.dumps(error, 0).decode("latin-1"))
            for text in shown:
                self.assertNotIn(SECRET, text)
                self.assertNotIn("Bearer ey", text)

    def test_messages_are_short_and_safe_for_a_terminal(self) -> None:
        server = self.serve()
        server.default = lambda request: answer(error_body("1210", "\x1b[2J" + "长" * 100000))
        with self.assertRaises(zhipuai_lite.APIResponseError) as caught:
            ask(self.client(server))
        self.assertLess(len(str(caught.exception)), 4000)
        self.assertIn("\\x1b[2J长", str(caught.exception))

    def test_status_counts_when_the_body_breaks_off(self) -> None:
        server = self.serve()
        server.raw(head(429, {"Content-Length": "9"}), CLOSE)
        server.raw(head(429, {"Content-Encoding": "br"}) + b"x", CLOSE)
        for _ in range(2):
            with self.assertRaises(zhipuai_lite.RateLimitError):
                ask(self.client(server))

    def test_body_with_a_byte_order_mark_is_read(self) -> None:
        server = self.serve()
        server.answer("\ufeff".encode() + _json(error_body("1210", "不对")), 400)
        with self.assertRaises(zhipuai_lite.BadRequestError) as caught:
            ask(self.client(server))
        self.assertEqual(caught.exception.code, "1210")

    def test_cause_of_connection_error_is_kept(self) -> None:
        server = self.serve()
        server.raw(RESET)
        with self.assertRaises(zhipuai_lite.APIConnectionError) as caught:
            ask(self.client(server))
        self.assertIsInstance(caught.exception.__cause__, OSError)
        self.assertTrue(str(caught.exception).startswith("Connection error"), caught.exception)

    def test_one_handler_for_all(self) -> None:
        for error in self.raised():
            self.assertIsInstance(error, zhipuai_lite.ZhipuAIError)
            self.assertNotIn("Traceback", str(error))


# ======================================================================================================================
# Authentication
# ======================================================================================================================

# HMAC-SHA256 by RFC 4231, sections 4.2 to 4.8: key, data, tag (the one of 4.6 is truncated to 128 bits).
RFC_4231 = [
    (
        b"\x0b" * 20,
        b"Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    (
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    (
        b"\xaa" * 20,
        b"\xdd" * 50,
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    ),
    (
        bytes(range(1, 26)),
        b"\xcd" * 50,
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ),
    (b"\x0c" * 20, b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
    (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        b"\xaa" * 131,
        (
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
            b"hashed before being used by the HMAC algorithm."
        ),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
]
# RFC 7515, appendix A.1: the key and the whole token.
RFC_7515_KEY = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
RFC_7515_TOKEN = (
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    "bS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)
# What PyJWT 2.8 makes of the same claims for KEY at 1,700,000,000.123.
PYJWT_TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInNpZ25fdHlwZSI6IlNJR04iLCJ0eXAiOiJKV1QifQ."
    "eyJhcGlfa2V5IjoiMDEyMzQ1Njc4OWFiY2RlZiIsImV4cCI6MTcwMDAwMzYwMDEyMywidGltZXN0YW1wIjoxNzAwMDAwMDAwMTIzfQ."
    "-cpVVgn-iwWtoy871IPEVLaHDraVQrkHwhxjXo1wKxE"
)


def base64url_decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signature_is_valid(token: str, secret: bytes) -> bool:
    """HS256 as RFC 7515 says it; itself checked with the vectors above."""
    signed, _, signature = token.rpartition(".")
    return hmac.compare_digest(base64url_decoded(signature), hmac.new(secret, signed.encode(), hashlib.sha256).digest())


def claims(token: str) -> Any:
    return json.loads(base64url_decoded(token.split(".")[1]).decode())


class AuthenticationTest(TestCase):
    def test_our_verifier_agrees_with_the_rfcs(self) -> None:
        for key, data, tag in RFC_4231:
            self.assertEqual(hmac.new(key, data, hashlib.sha256).hexdigest()[: len(tag)], tag)
        self.assertTrue(signature_is_valid(RFC_7515_TOKEN, base64url_decoded(RFC_7515_KEY)))
        self.assertFalse(signature_is_valid(RFC_7515_TOKEN, b"other"))

    def test_signature_agrees_with_rfc_7515(self) -> None:
        header, payload, _ = RFC_7515_TOKEN.split(".")
        with mock.patch("zhipuai_lite._TOKEN_HEADER", header.encode()):
            token = zhipuai_lite._sign(base64url_decoded(payload), base64url_decoded(RFC_7515_KEY))
        self.assertEqual(token.decode(), RFC_7515_TOKEN)

    def test_secrets_of_any_length_sign_rightly(self) -> None:
        for length in (1, 16, 63, 64, 65, 200):
            self.assertTrue(signature_is_valid(generate_token("id." + "x" * length), b"x" * length))

    def test_token_equals_that_of_pyjwt(self) -> None:
        self.at(1700000000.123)
        self.assertEqual(generate_token(KEY), PYJWT_TOKEN)

    def test_token_is_signed_with_the_secret(self) -> None:
        token = generate_token(KEY)
        self.assertTrue(signature_is_valid(token, SECRET.encode()))
        self.assertNotIn("=", token)

    def test_header_of_token_keeps_its_order(self) -> None:
        header = base64url_decoded(generate_token(KEY).split(".")[0])
        self.assertEqual(header, b'{"alg":"HS256","sign_type":"SIGN","typ":"JWT"}')

    def test_claims_are_in_milliseconds_and_last_an_hour(self) -> None:
        self.at(1700000000)
        expected = {"api_key": KEY.split(".")[0], "exp": 1700003600000, "timestamp": 1700000000000}
        self.assertEqual(list(claims(generate_token(KEY)).items()), list(expected.items()))

    def test_white_space_around_the_key_does_not_matter(self) -> None:
        self.at(1700000000.123)
        self.assertEqual(generate_token(f" {KEY}\r\n"), PYJWT_TOKEN)

    def test_token_needs_a_key_with_a_secret(self) -> None:
        for key in ("", "sk-123x", "12a.34b.56c", ".456def", "123abc.", "123abc.456\ndef"):
            with self.subTest(key=key), self.assertRaises(zhipuai_lite.ZhipuAIError) as caught:
                generate_token(key)
            for part in key.split("."):
                self.assertFalse(part and part in str(caught.exception))

    def test_requests_carry_a_token(self) -> None:
        server = self.serve()
        ask(self.client(server))
        self.assertTrue(signature_is_valid(server.request.token, SECRET.encode()))

    def test_token_is_kept_for_half_an_hour(self) -> None:
        clock = self.at(1700000000.0)
        server = self.serve()
        client = self.client(server)
        tokens = []
        for seconds in (0, 1, 1799, 1801, 3599):
            clock.return_value = 1700000000.0 + seconds
            ask(client)
            tokens.append(server.request.token)
            self.assertGreaterEqual(claims(tokens[-1])["exp"] / 1000 - clock.return_value, 1800)
        self.assertEqual(tokens[0], tokens[2])
        self.assertNotEqual(tokens[2], tokens[3])
        self.assertEqual(tokens[3], tokens[4])

    def test_token_is_shared_by_clients_of_one_key(self) -> None:
        server = self.serve()
        clock = self.at(1700000000.0)
        ask(self.client(server))
        clock.return_value += 10
        ask(self.client(server))
        self.assertEqual(server.requests[0].token, server.requests[1].token)
        ask(self.client(server, api_key="other.secret"))
        self.assertEqual(claims(server.request.token)["api_key"], "other")

    def test_clock_that_jumped_backwards_gives_a_new_token(self) -> None:
        server = self.serve()
        client = self.client(server)
        clock = self.at(1700000000.0)
        ask(client)
        for seconds in (600, 86400):
            clock.return_value -= seconds
            ask(client)
            self.assertEqual(claims(server.request.token)["timestamp"], clock.return_value * 1000)

    def test_clock_that_jumped_forwards_gives_a_new_token(self) -> None:
        server = self.serve()
        client = self.client(server)
        clock = self.at(1700000000.0)
        ask(client)
        clock.return_value += 86400
        ask(client)
        self.assertEqual(claims(server.request.token)["timestamp"], clock.return_value * 1000)

    def test_frozen_process_with_monotonic_clock_standing_still_gives_a_new_token(self) -> None:
        server = self.serve()
        client = self.client(server, timeout=None)
        clock = self.at(1700000000.0)
        ask(client)
        standing = time.monotonic()
        with mock.patch("zhipuai_lite.time.monotonic", lambda: standing):
            clock.return_value += 7200
            ask(client)
        self.assertEqual(claims(server.request.token)["timestamp"], clock.return_value * 1000)

    def test_threads_get_valid_tokens(self) -> None:
        clock = self.at(1700000000.0)
        keys = [f"id{index}.secret{index}" for index in range(8)]
        client_of = {key: ZhipuAI(api_key=key) for key in keys}

        def tokens_of(key: str) -> None:
            for _ in range(50):
                clock.return_value += 40.0
                token = client_of[key].auth_headers["Authorization"].split(" ")[1]
                self.assertTrue(signature_is_valid(token, key.split(".")[1].encode()))
                self.assertEqual(claims(token)["api_key"], key.split(".")[0])

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(tokens_of, keys))

    def test_other_keys_are_sent_as_they_are(self) -> None:
        server = self.serve()
        for key in ("sk-abcdef", "a.b.c", "sk-proj_x-y"):
            ask(self.client(server, api_key=key))
            self.assertEqual(server.request.headers["authorization"], "Bearer " + key)

    def test_disabled_token_cache_sends_the_key_as_it_is(self) -> None:
        server = self.serve()
        ask(self.client(server, disable_token_cache=True))
        self.assertEqual(server.request.headers["authorization"], "Bearer " + KEY)


# ======================================================================================================================
# Models
# ======================================================================================================================

# An answer with everything that the platform is known to send (API.md, 3.1).
FULL_COMPLETION: dict[str, Any] = {
    "id": "20260711",
    "request_id": "r-1",
    "created": 1783724415,
    "model": "glm-4.6",
    "object": "chat.completion",
    "choices": [
        {
            "index": 0,
            "finish_reason": "tool_calls",
            "message": {
                "role": "assistant",
                "content": None,
                "reasoning_content": "先想一想",
                "audio": {"id": "a1", "data": "UklGRg==", "expires_at": 1783724499},
                "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"北京"}'}},
                    {
                        "id": "c2",
                        "type": "mcp",
                        "mcp": {"id": "m1", "type": "mcp_call", "server_label": "s", "output": "1"},
                    },
                ],
            },
        }
    ],
    "usage": {
        "prompt_tokens": 6,
        "completion_tokens": 3,
        "total_tokens": 9,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 2},
    },
    "web_search": [{"title": "标题", "link": "", "media": "新华网", "refer": "ref_1"}],
    "video_result": [{"url": "https://v", "cover_image_url": "https://c"}],
    "content_filter": [{"role": "user", "level": 3}],
    "field_of_tomorrow": {"a": [1, {"b": 2}]},
}


class ModelsTest(TestCase):
    def answered(self, body: Any, **arguments: Any) -> Any:
        server = self.serve()
        server.answer(body)
        return ask(self.client(server), **arguments)

    def test_every_field_of_the_platform_is_typed(self) -> None:
        result = self.answered(FULL_COMPLETION)
        self.assertIsInstance(result, Completion)
        message = result.choices[0].message
        self.assertIsInstance(message, zhipuai_lite.Model)
        self.assertEqual((result.id, result.request_id, result.created), ("20260711", "r-1", 1783724415))
        self.assertEqual(result.object, "chat.completion")
        self.assertEqual((message.role, message.content, message.reasoning_content), ("assistant", None, "先想一想"))
        self.assertEqual((message.audio.id, message.audio.expires_at), ("a1", 1783724499))
        self.assertEqual(json.loads(message.tool_calls[0].function.arguments), {"city": "北京"})
        self.assertEqual(message.tool_calls[1].mcp.server_label, "s")
        self.assertEqual(result.usage.prompt_tokens_details.cached_tokens, 4)
        self.assertEqual(result.usage.completion_tokens_details.reasoning_tokens, 2)
        self.assertEqual((result.web_search[0].title, result.web_search[0].media), ("标题", "新华网"))
        self.assertEqual(result.video_result[0].cover_image_url, "https://c")
        self.assertEqual((result.content_filter[0].role, result.content_filter[0].level), ("user", 3))

    def test_declared_field_that_was_not_sent_is_none(self) -> None:
        result = self.answered(completion())
        message = result.choices[0].message
        for name in ("tool_calls", "reasoning_content", "audio"):
            self.assertTrue(hasattr(message, name))
            self.assertIsNone(getattr(message, name))
        self.assertIsNone(result.web_search)
        self.assertIsNone(result.usage.prompt_tokens_details)

    def test_unknown_field_that_was_sent_is_kept(self) -> None:
        result = self.answered(FULL_COMPLETION)
        self.assertEqual(result.field_of_tomorrow, {"a": [1, {"b": 2}]})
        self.assertEqual(result.model_dump()["field_of_tomorrow"], {"a": [1, {"b": 2}]})

    def test_unknown_field_that_was_not_sent_is_an_attribute_error(self) -> None:
        result = self.answered(completion())
        with self.assertRaisesRegex(AttributeError, "tokens_used"):
            _ = result.tokens_used
        self.assertFalse(hasattr(result.choices[0].message, "text"))
        self.assertEqual(getattr(result, "text", "missing"), "missing")

    def test_fields_can_be_set_and_deleted(self) -> None:
        result = self.answered(completion("first"))
        result.choices[0].message.content = "second"
        self.assertEqual(result["choices"][0]["message"]["content"], "second")
        self.assertEqual(result.model_dump()["choices"][0]["message"]["content"], "second")
        result["id"] = "changed"
        self.assertEqual(result.id, "changed")
        del result.id
        self.assertIsNone(result.id)
        with self.assertRaises(AttributeError):
            del result.id

    def test_result_reads_like_a_dict(self) -> None:
        result = self.answered(completion())
        self.assertEqual(result["choices"][0]["message"]["content"], "你好！")
        self.assertIn("choices", result)
        self.assertNotIn("web_search", result)
        self.assertEqual(result.get("model"), "glm-4-flash")
        self.assertEqual(result.get("nothing", 7), 7)
        self.assertEqual(list(result.keys()), list(completion()))
        self.assertEqual(dict(result), completion())
        self.assertEqual(dict(**result), completion())
        self.assertEqual(json.loads(json.dumps(result)), completion())

    def test_model_dump_gives_plain_containers_with_declared_fields(self) -> None:
        result = self.answered(FULL_COMPLETION)

        def check(value: Any) -> None:
            self.assertNotIsInstance(value, zhipuai_lite.Model)
            for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
                check(item)

        for dumped in (result.model_dump(), result.dict(), result.to_dict(), result.model_dump(exclude_none=True)):
            self.assertIs(type(dumped), dict)
            check(dumped)
            self.assertIs(type(dumped["choices"][0]["message"]), dict)
        self.assertEqual(result.to_dict(), FULL_COMPLETION)
        short = self.answered(completion())
        self.assertIsNone(short.web_search)
        self.assertNotIn("web_search", short.model_dump())  # which the official SDK's class does not have
        self.assertIsNone(short.dict()["choices"][0]["message"]["tool_calls"])
        self.assertEqual(short.to_dict(), completion())
        self.assertEqual(short.model_dump(exclude_unset=True), completion())
        self.assertEqual(short.model_dump(exclude_none=True), completion())
        self.assertEqual(list(short.model_dump(include={"id", "model"})), ["id", "model"])
        self.assertNotIn("id", short.model_dump(exclude={"id"}))
        self.assertNotIn("id", short.model_dump(exclude={"id": True}))
        for option in ("include", "exclude"):  # rather than too much or too little
            with self.assertRaisesRegex(TypeError, option):
                short.model_dump(**{option: {"choices": {"__all__": {"message"}}}})

    def test_results_become_json_text(self) -> None:
        result = self.answered(completion())
        self.assertEqual(json.loads(result.model_dump_json()), result.model_dump())
        self.assertEqual(json.loads(result.json()), result.model_dump())
        self.assertEqual(json.loads(result.to_json()), completion())
        self.assertIn("你好！", result.model_dump_json())
        self.assertIn("\n", result.model_dump_json(indent=2))

    def test_results_are_equal_when_their_fields_are(self) -> None:
        self.assertEqual(self.answered(completion()), self.answered(completion()))
        self.assertEqual(self.answered(completion()), completion())
        self.assertNotEqual(self.answered(completion("a")), self.answered(completion("b")))

    def test_fields_are_listed_by_dir(self) -> None:
        names = dir(self.answered(FULL_COMPLETION))
        for name in ("choices", "web_search", "field_of_tomorrow", "model_dump"):
            self.assertIn(name, names)

    def test_results_are_true(self) -> None:
        self.assertTrue(self.answered(completion()))
        self.assertTrue(Completion())

    def test_repr_is_readable(self) -> None:
        result = self.answered(completion("您好"))
        for text in (repr(result), str(result), f"{result}", f"{result}"):
            self.assertTrue(text.startswith("Completion("), text)
            self.assertIn("content='您好'", text)
        self.assertIn("您好", str(result.choices[0].message))

    def test_models_are_made_of_keywords(self) -> None:
        usage = zhipuai_lite.CompletionUsage(prompt_tokens=1, completion_tokens=2, total_tokens=3)
        self.assertEqual((usage.prompt_tokens, usage.total_tokens), (1, 3))
        result = Completion(
            id="1", choices=[{"index": 0, "message": {"role": "assistant", "content": "a"}}], usage=usage
        )
        self.assertEqual(result.choices[0].message.content, "a")
        self.assertIs(result.usage, usage)
        self.assertEqual(Completion.model_validate(completion()).choices[0].message.content, "你好！")
        self.assertEqual(Completion.model_construct(id="1").id, "1")
        self.assertIs(Completion.model_validate(result), result)

    def test_vars_of_a_model_are_its_fields(self) -> None:
        result = Completion(completion())
        self.assertEqual(vars(result.choices[0].message), {"role": "assistant", "content": "你好！"})
        self.assertIs(vars(result)["choices"][0], result.choices[0])
        twin = zhipuai_lite.CompletionUsage(**result.usage.__dict__)
        self.assertEqual((twin, twin.total_tokens), (result.usage, 9))
        self.assertIs(weakref.ref(result)(), result)

    def test_dump_leaves_out_what_the_official_classes_do_not_have(self) -> None:
        result = Completion(completion(usage={"prompt_tokens": 6, "completion_tokens": 3, "total_tokens": 9}))
        self.assertEqual(sum(result.usage.model_dump().values()), 18)
        official = ["id", "request_id", "created", "model", "choices", "usage"]
        self.assertEqual(sorted(result.model_dump()), sorted(official))
        message = zhipuai_lite.CompletionMessage(role="assistant", tool_calls=[{"id": "1", "type": "function"}])
        dumped = message.model_dump()
        self.assertEqual(sorted(dumped), ["content", "reasoning_content", "role", "tool_calls"])
        self.assertEqual(sorted(dumped["tool_calls"][0]), ["function", "id", "type"])
        self.assertIsNone(message.audio)
        sent = zhipuai_lite.CompletionUsage(total_tokens=1, prompt_tokens_details={"cached_tokens": 0})
        self.assertEqual(sent.model_dump()["prompt_tokens_details"], {"cached_tokens": 0})
        self.assertNotIn("completion_tokens_details", sent.model_dump())

    def test_defaults_of_the_users_own_models(self) -> None:
        class Costs(zhipuai_lite.CompletionUsage):
            cost: float = 0.5

        class More(Costs):
            pass

        for made in (Costs, More):
            self.assertEqual((made(total_tokens=1).cost, made(cost=2).cost), (0.5, 2))
            self.assertEqual((made().model_dump()["cost"], made(cost=2).model_dump()["cost"]), (0.5, 2))
            costs = made.model_validate({"total_tokens": 1, "cost": 3})
            self.assertEqual(costs.cost, 3)
            costs.cost = 4
            self.assertEqual(costs.to_dict(), {"total_tokens": 1, "cost": 4})

    def test_models_of_the_users_own(self) -> None:
        names: dict[str, Any] = {"__name__": "models_of_a_user", "zhipuai_lite": zhipuai_lite}
        with mock.patch.dict(sys.modules, models_of_a_user=types.SimpleNamespace(**names)):
            self.execute(
                "from typing import List, Optional\n"
                "class Source(zhipuai_lite.Model):\n"
                "    title: str\n"
                "class Answer(zhipuai_lite.Completion):\n"
                "    sources: Optional[List[Source]]\n"
                "    best: 'Source'\n"
                "    total: zhipuai_lite.CompletionUsage\n",
                vars(sys.modules["models_of_a_user"]),
            )
            make: Any = vars(sys.modules["models_of_a_user"])["Answer"]
            body = completion(sources=[{"title": "a"}], best={"title": "b"}, total={"total_tokens": 1})
            for result in (make(body), make.model_validate(body)):
                self.assertEqual((result.sources[0].title, result.best.title, result.total.total_tokens), ("a", "b", 1))
                self.assertEqual(result.choices[0].message.content, "你好！")

    def test_fields_of_pydantic_models_can_be_of_a_result_class(self) -> None:
        schema: Any = Completion.__get_pydantic_core_schema__(Completion, None)  # with pydantic itself: .ci/recipes.py
        self.assertEqual((schema["type"], schema["schema"]), ("function-after", {"type": "dict"}))
        made = schema["function"]["function"](completion())
        self.assertIs(type(made), Completion)
        self.assertEqual(made.choices[0].message.content, "你好！")

    def test_results_pickle_and_copy(self) -> None:
        result = self.answered(FULL_COMPLETION)
        twins = [pickle.loads(pickle.dumps(result, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
        for twin in [*twins, copy.deepcopy(result), copy.copy(result), result.model_copy(deep=True), result.copy()]:
            self.assertEqual(twin, result)
            self.assertIs(type(twin), Completion)
            self.assertIs(type(twin.choices[0].message), type(result.choices[0].message))
        deep = copy.deepcopy(result)
        deep.choices[0].message.content = "changed"
        self.assertIsNone(result.choices[0].message.content)
        self.assertEqual(result.model_copy(update={"id": "new"}).id, "new")

    def test_fields_of_unexpected_types_survive(self) -> None:
        for odd in (
            {"choices": None},
            {"choices": "text"},
            {"choices": [1, "a", None]},
            {"usage": 5},
            {"id": {"a": 1}},
        ):
            with self.subTest(odd=odd):
                body = dict(completion(), **odd)
                self.assertEqual(self.answered(body).to_dict(), body)

    def test_hostile_names_cannot_take_over_a_model(self) -> None:
        names = ["__class__", "__dict__", "__init__", "__reduce__", "__len__", "_declared", "_models", "_fields"]
        names += ["model_dump", "dict", "json", "get", "keys", "items", "update", "copy", "pop", "self", "cls"]
        hostile = dict.fromkeys(names, "pwned")
        body = completion(**hostile)
        body["choices"][0]["message"].update(hostile)
        body["usage"].update(hostile)
        result = self.answered(body)
        for model, plain in ((result, body), (result.choices[0].message, body["choices"][0]["message"])):
            self.assertIsInstance(model, zhipuai_lite.Model)
            self.assertEqual(model.model_dump()["model_dump"], "pwned")
            self.assertEqual(model.to_dict(), plain)
            self.assertEqual(model["__class__"], "pwned")
            self.assertEqual(model.get("get"), "pwned")
            self.assertEqual(sorted(model.keys()), sorted(plain))
            self.assertEqual(copy.deepcopy(model), plain)
            self.assertEqual(pickle.loads(pickle.dumps(model)), plain)
            self.assertIn("pwned", repr(model))
        self.assertEqual(self.answered(completion()).to_dict(), completion())

    def test_attribute_of_a_method_cannot_be_overwritten(self) -> None:
        result = self.answered(completion())
        with self.assertRaises(AttributeError):
            result.model_dump = None
        self.assertEqual(result.to_dict(), completion())

    def test_hostile_json_gives_a_model_or_our_error(self) -> None:
        server = self.serve()
        client = self.client(server)
        for text in (
            b'{"id": "a", "id": "b", "created": 1' + b"0" * 5000 + b"}",
            b'{"created": 1e99999, "id": "\\ud800", "model": "\\u0000"}',
            b'{"created": NaN, "id": Infinity}',
            b'{"": 1, " ": 2, "a b": 3}',
            b'{"choices": ' + b"[" * 400 + b"]" * 400 + b"}",
        ):
            with self.subTest(text=text[:40]):
                server.answer(text, headers={"Content-Type": "application/json"})
                with contextlib.suppress(zhipuai_lite.ZhipuAIError):
                    self.assertIsInstance(ask(client), Completion)

    def test_last_of_duplicate_names_wins(self) -> None:
        self.assertEqual(self.answered(b'{"id": "first", "id": "last"}', stream=False).id, "last")

    def test_answer_under_another_content_type_is_read_as_json(self) -> None:
        server = self.serve()
        server.answer(completion("a"), headers={"Content-Type": "text/plain"})
        self.assertEqual(ask(self.client(server)).choices[0].message.content, "a")


# ======================================================================================================================
# Server-sent events
# ======================================================================================================================


def events_by_the_book(data: bytes) -> list[tuple[str, str]]:
    """The event-stream format of the WHATWG HTML standard, section 9.2.6, said slowly: (event name, data) pairs."""
    text = data.decode("utf-8", "replace")
    if text.startswith("\ufeff"):
        text = text[1:]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]  # the last is not ended
    events = []
    name, values = "", ""
    for line in lines:
        if line == "":
            if values:
                events.append((name, values[:-1]))
            name, values = "", ""
        elif line.startswith(":"):
            continue
        else:
            field, value = line, ""
            if ":" in line:
                field, value = line.split(":", 1)
                if value.startswith(" "):
                    value = value[1:]
            if field == "event":
                name = value
            elif field == "data":
                values += value + "\n"
    return events


def decoded(*packets: bytes) -> list[tuple[str, str]]:
    """What the module makes of a stream that arrives in these packets."""
    decoder = zhipuai_lite.EventDecoder()
    return [(name or "", data) for packet in packets for name, data in decoder.feed(packet)]


def split_at_random(data: bytes, random_: random.Random) -> list[bytes]:
    cuts = sorted(random_.randrange(len(data) + 1) for _ in range(random_.randrange(8)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)])]


class EventDecoderTest(TestCase):
    def check(self, data: bytes, *events: tuple[str, str]) -> None:
        """The events of `data`, in one piece, in pieces of one byte, and cut in two anywhere."""
        self.assertEqual(events_by_the_book(data), list(events))
        self.assertEqual(decoded(data), list(events))
        self.assertEqual(decoded(*[data[index : index + 1] for index in range(len(data))]), list(events))
        for index in range(len(data)):
            self.assertEqual(decoded(data[:index], data[index:]), list(events))

    def test_lines_end_with_lf_cr_or_crlf(self) -> None:
        self.check(b"data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\n\r\ndata: e\r\n\n", *[("", x) for x in "abcde"])

    def test_no_other_character_ends_a_line(self) -> None:
        text = "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei\x00j"
        self.check(b"data: " + text.encode() + b"\n\n", ("", text))

    def test_byte_order_mark_is_dropped_at_the_start_only(self) -> None:
        self.check(b"\xef\xbb\xbfdata: a\n\ndata: \xef\xbb\xbfb\n\n", ("", "a"), ("", "\ufeffb"))

    def test_comments_are_ignored(self) -> None:
        self.check(b": keep-alive\n\n:\ndata: a\n:data: b\n\n: bye\n\n", ("", "a"))

    def test_data_lines_are_joined_with_lf(self) -> None:
        self.check(b"data: a\ndata\ndata:\ndata: b\n\n", ("", "a\n\n\nb"))

    def test_one_space_after_the_colon_is_dropped(self) -> None:
        self.check(b"data:a\n\ndata:  b\n\ndata:\tc\n\ndata: d \n\n", ("", "a"), ("", " b"), ("", "\tc"), ("", "d "))

    def test_event_names_the_next_event_only(self) -> None:
        self.check(
            b"event: error\ndata: a\n\ndata: b\n\nevent: x\nevent: y\ndata: c\n\n",
            ("error", "a"),
            ("", "b"),
            ("y", "c"),
        )

    def test_event_without_data_is_dropped_with_its_name(self) -> None:
        self.check(b"event: error\n\ndata: a\n\n", ("", "a"))

    def test_other_fields_are_ignored(self) -> None:
        self.check(b"id: 7\nretry: 10\nDATA: x\n data: y\ndatax: z\nevent : w\nwhatever\ndata: a\n\n", ("", "a"))

    def test_unfinished_event_is_not_dispatched(self) -> None:
        self.check(b"data: a\n\ndata: b\n", ("", "a"))
        self.check(b"data: a\n\ndata: b", ("", "a"))

    def test_event_with_empty_data_line_is_dispatched_by_the_book(self) -> None:
        self.check(b"data: a\n\n\n\n\ndata: b\n\n", ("", "a"), ("", "b"))

    def test_characters_split_across_packets_survive(self) -> None:
        self.check("data: 你好，世界 😀\n\n".encode(), ("", "你好，世界 😀"))

    def test_invalid_utf8_is_replaced(self) -> None:
        self.check(b"data: a\xffb\xe4\xbd\n\ndata: c\n\n", ("", "a\ufffdb\ufffd"), ("", "c"))

    def test_random_streams_agree_with_the_book(self) -> None:
        pieces = [
            b"\r",
            b"\n",
            b"\r\n",
            b"\n\n",
            b"data",
            b"data:",
            b"data: ",
            b"event",
            b"event: ",
            b":",
            b" ",
            b"id: 1",
        ]
        pieces += [
            "你".encode(),
            "\u2028".encode(),
            "\x85".encode(),
            b"\xff",
            b"\xe4\xbd",
            b"\x00",
            b"\xef\xbb\xbf",
            b"[DONE]",
            b"{}",
        ]
        for seed in range(400):
            random_ = random.Random(seed)
            data = b"".join(random_.choice(pieces) for _ in range(random_.randrange(60)))
            packets = split_at_random(data, random_)
            self.assertEqual(decoded(*packets), events_by_the_book(data), (seed, packets))

    def test_hundred_thousand_tiny_events(self) -> None:
        data = b"data: x\n\n" * 100000
        for size in (len(data), 65536, 1000):
            events = decoded(*[data[index : index + size] for index in range(0, len(data), size)])
            self.assertEqual(events, [("", "x")] * 100000)

    def test_one_huge_event(self) -> None:
        payload = b"y" * (16 << 20)
        data = b"data: " + payload + b"\n\n"
        packets = [data[index : index + 65536] for index in range(0, len(data), 65536)]
        self.assertEqual(decoded(*packets), [("", payload.decode())])


class StreamTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.was_read = threading.Event()
        self.server = self.serve()
        self.zhipu = self.client(self.server)

    def open(self, *events: Any, **options: Any) -> Any:
        """The stream of a call that is answered with these events."""
        self.server.stream(*events, **options)
        return ask(self.zhipu, stream=True)

    def test_chunks_are_typed(self) -> None:
        stream = self.open(chunk("你"), chunk("好", "stop", usage={"total_tokens": 9}), DONE)
        chunks = list(stream)
        self.assertIsInstance(stream, zhipuai_lite.Stream)
        self.assertEqual([type(item) for item in chunks], [ChatCompletionChunk] * 2)
        self.assertEqual(contents(chunks), ["你", "好"])
        self.assertEqual(chunks[0].choices[0].delta.role, "assistant")
        self.assertIsNone(chunks[0].choices[0].delta.tool_calls)
        self.assertIsNone(chunks[0].usage)
        self.assertEqual((chunks[1].choices[0].finish_reason, chunks[1].usage.total_tokens), ("stop", 9))

    def test_request_asks_for_a_stream(self) -> None:
        list(self.open(DONE))
        self.assertIs(self.server.request.json["stream"], True)

    def test_stream_can_be_iterated_once(self) -> None:
        stream = self.open(chunk("a"), DONE)
        self.assertIs(iter(stream), stream)
        self.assertEqual(len(list(stream)), 1)
        self.assertEqual(list(stream), [])
        with self.assertRaises(StopIteration):
            next(stream)

    def test_first_chunk_is_handed_out_while_the_server_is_silent(self) -> None:
        go_on = threading.Event()
        stream = self.open(chunk("a"), WAIT(go_on), chunk("b"), DONE)
        self.assertEqual(next(stream).choices[0].delta.content, "a")
        self.assertFalse(go_on.is_set())
        go_on.set()
        self.assertEqual(contents(stream), ["b"])

    def test_event_is_handed_out_when_its_last_byte_came(self) -> None:
        go_on = threading.Event()
        for ending in (b"\n\n", b"\r\n\r\n", b"\r\r"):
            go_on.clear()
            stream = self.open(b"data: " + json.dumps(chunk("a")).encode() + ending, WAIT(go_on), DONE)
            self.assertEqual(next(stream).choices[0].delta.content, "a")
            go_on.set()
            self.assertEqual(list(stream), [])

    def test_next_may_be_called_from_another_thread(self) -> None:
        stream = self.open(chunk("a"), chunk("b"), chunk("c"), DONE)
        found = [next(stream).choices[0].delta.content]
        for _ in range(2):
            with ThreadPoolExecutor(1) as pool:
                found.append(pool.submit(next, stream).result(PATIENCE).choices[0].delta.content)
        self.assertEqual(found, ["a", "b", "c"])

    def test_response_is_there_before_the_first_chunk(self) -> None:
        stream = self.open(chunk("a"), DONE, headers={"X-Log-Id": "7"})
        self.assertEqual((stream.response.status_code, stream.response.headers["x-log-id"]), (200, "7"))
        stream.close()

    def test_status_is_checked_before_the_stream_is_returned(self) -> None:
        self.server.answer(error_body("1302"), 429)
        with self.assertRaises(zhipuai_lite.RateLimitError):
            ask(self.zhipu, stream=True)

    def test_content_type_decides_how_the_answer_is_read(self) -> None:
        self.server.stream(chunk("a"), DONE)
        self.assertEqual(contents(ask(self.zhipu, extra_body={"stream": True})), ["a"])

    def test_json_answer_to_stream_request_is_not_lost(self) -> None:
        self.server.answer(completion("whole"))
        result = ask(self.zhipu, stream=True)
        self.assertIn("whole", str(result if isinstance(result, Completion) else list(result)))

    def test_empty_events_are_skipped(self) -> None:
        self.assertEqual(contents(self.open("data:\n\n", ": hello\n\n", chunk("a"), "data:  \t\n\n", DONE)), ["a"])

    def test_clean_end_without_done_ends_normally(self) -> None:
        self.assertEqual(contents(self.open(chunk("a"))), ["a"])

    def test_text_after_done_is_ignored_and_the_connection_reused(self) -> None:
        stream = self.open(chunk("a"), DONE, chunk("ghost"), "data: no json\n\n")
        self.assertEqual(contents(stream), ["a"])
        ask(self.zhipu)
        self.assertEqual(self.server.connections, 1)

    def test_connection_is_reused_after_streams(self) -> None:
        for _ in range(5):
            self.assertEqual(contents(self.open(chunk("a"), DONE)), ["a"])
        self.assertEqual(self.server.connections, 1)

    def test_server_that_stays_silent_after_done_does_not_hold_the_caller(self) -> None:
        self.assertEqual(contents(self.open(chunk("a"), DONE, STALL)), ["a"])
        self.server.until_idle()

    def test_stream_in_a_body_of_known_length(self) -> None:
        data = sse(chunk("a"), chunk("b"), DONE)
        self.server.raw(head(200, {"Content-Type": "text/event-stream", "Content-Length": str(len(data))}) + data)
        self.assertEqual(contents(ask(self.zhipu, stream=True)), ["a", "b"])
        ask(self.zhipu)
        self.assertEqual(self.server.connections, 1)

    def test_stream_that_ends_with_the_connection(self) -> None:
        self.server.raw(head(200, {"Content-Type": "text/event-stream"}) + sse(chunk("a"), chunk("b"), DONE), CLOSE)
        self.assertEqual(contents(ask(self.zhipu, stream=True)), ["a", "b"])

    def test_stream_in_one_byte_packets(self) -> None:
        data = sse(chunk("你好"), "\r\n: c\r\n", chunk("\u2028\u2029\x85\x0b\x0c\x00"), DONE).replace(
            b"\n\n", b"\r\n\r\n"
        )
        chunks = b"".join(http_chunk(data[index : index + 1]) for index in range(len(data))) + LAST_CHUNK
        self.server.raw(DRIP(head(200, EVENT_STREAM) + chunks, 0))
        self.assertEqual(contents(ask(self.zhipu, stream=True)), ["你好", "\u2028\u2029\x85\x0b\x0c\x00"])

    def test_random_chunking_gives_the_same_stream(self) -> None:
        texts = ["你好", "a\u2028b", "", "\x85\r\n", "长" * 2000]
        data = sse(*[chunk(text) for text in texts], DONE)
        for seed in range(30):
            random_ = random.Random(seed)
            chunks = b"".join(http_chunk(part) for part in split_at_random(data, random_) if part) + LAST_CHUNK
            steps: list[Any] = [head(200, EVENT_STREAM)]
            for packet in split_at_random(chunks, random_):
                steps += [packet, PAUSE(0)]
            self.server.raw(*steps)
            self.assertEqual(contents(ask(self.zhipu, stream=True)), texts, seed)

    def test_separators_of_other_standards_survive_in_data(self) -> None:
        text = "a\u2028b\u2029c\x85d\x0be\x0cf\x00g"
        self.assertEqual(contents(self.open(chunk(text), DONE)), [text])

    def test_compressed_stream_is_read(self) -> None:
        data = gzip.compress(sse(chunk("a"), chunk("b"), DONE))
        self.assertEqual(contents(self.open(data, headers={"Content-Encoding": "gzip"})), ["a", "b"])

    # --- errors inside a stream

    def failing(self, error: Any, *events: Any, **options: Any) -> tuple[Any, list[Any]]:
        """The error that a stream of these events ends with, and the content before it."""
        stream = self.open(*events, **options)
        found = []
        with self.assertRaises(error) as caught:
            for item in stream:
                found += contents([item])
        self.assertEqual(list(stream), [])  # it is over
        return caught.exception, found

    def test_error_event_without_a_name_raises(self) -> None:
        body = dict(error_body("1302", "速率限制"), request_id="r-7")
        error, found = self.failing(zhipuai_lite.APIResponseError, chunk("a"), body, DONE)
        self.assertEqual(found, ["a"])
        self.assertEqual((error.code, error.request_id), ("1302", "r-7"))
        self.assertIn("速率限制", str(error))
        self.assertIn("1302", str(error))
        self.assertTrue(error.json_data)

    def test_named_error_event_raises(self) -> None:
        event = "event: error\n" + sse(error_body("1305", "繁忙")).decode()
        error, found = self.failing(zhipuai_lite.APIResponseError, chunk("a"), event, DONE)
        self.assertEqual((error.code, found), ("1305", ["a"]))
        self.assertIn("繁忙", str(error))

    def test_named_error_event_that_is_text_raises(self) -> None:
        error, _ = self.failing(zhipuai_lite.APIResponseError, "event: error\ndata: 上游超时\n\n", DONE)
        self.assertIn("上游超时", str(error))

    def test_error_envelope_without_error_member_raises(self) -> None:
        error, _ = self.failing(
            zhipuai_lite.APIResponseError, {"code": 1234, "msg": "网络错误", "success": False}, DONE
        )
        self.assertEqual(error.code, "1234")

    def test_error_of_an_agent_is_part_of_its_chunk(self) -> None:
        event = dict(error_body("1302"), agent_id="a-1")
        self.assertEqual([item.to_dict() for item in self.open(event, DONE)], [event])

    def test_error_inside_a_stream_does_not_leave_its_connection_open(self) -> None:
        self.failing(zhipuai_lite.APIResponseError, error_body("1302"), STALL)
        self.server.until_idle()

    def test_answer_that_is_no_event_stream_raises(self) -> None:
        for body in (b"", b"gateway", _json(completion()), b": comment\n\nretry: 1\n\n"):
            for kind in ("text/plain", "text/event-stream"):
                with self.subTest(body=body, kind=kind), self.assertRaisesRegex(
                    zhipuai_lite.APIResponseValidationError, "no event stream"
                ):
                    self.server.answer(body, headers={"Content-Type": kind})
                    list(ask(self.zhipu, stream=True))
        self.server.answer(_json(error_body("1302")), headers={"Content-Type": "text/plain"})
        with self.assertRaises(zhipuai_lite.APIResponseError) as caught:
            list(ask(self.zhipu, stream=True))
        self.assertEqual(caught.exception.code, "1302")

    def test_stream_of_unknown_length_must_end_well(self) -> None:
        event_stream = head(200, {"Content-Type": "text/event-stream"})
        for end in (sse(chunk("b", "stop")), sse(chunk("b"), DONE), sse(chunk("b")) + b"data: [DONE]"):
            self.server.raw(event_stream + sse(chunk("a")) + end, CLOSE)
            self.assertEqual(contents(ask(self.zhipu, stream=True)), ["a", "b"])
        event_stream = head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "identity"})
        shapes: list[Any] = [{"0": {}}, 5, [None]]
        odd = [sse(chunk(choices=choices)) for choices in shapes]
        for end in (b"", sse(chunk("b"))[:-20], sse(chunk("b"))[:-1], *odd):
            self.server.raw(event_stream + sse(chunk("a")) + end, CLOSE)
            stream = ask(self.zhipu, stream=True)
            self.assertEqual(next(stream).choices[0].delta.content, "a")
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                list(stream)

    def test_chunk_that_is_nested_too_deeply_is_an_error_of_ours(self) -> None:
        for depth in (300, 500, 900, 3000, 100000):
            deep = '{"x":' * depth + "1" + "}" * depth
            for data in (
                f'{{"choices":[{{"index":0,"delta":{deep}}}]}}',
                f'{{"choices":{"[" * depth}{"]" * depth}}}',
                deep,
            ):
                stream = self.open(f"data: {data}\n\n", DONE)
                with contextlib.suppress(zhipuai_lite.APIResponseValidationError):
                    stream.get_final_completion()
            self.server.answer(
                f'{{"choices":[{{"message":{deep}}}]}}'.encode(), headers={"Content-Type": "application/json"}
            )
            with contextlib.suppress(zhipuai_lite.APIResponseValidationError):
                ask(self.zhipu, stream=True).get_final_completion()

    def test_final_completion_has_what_came_beside_a_plain_piece(self) -> None:
        stream = self.open(
            chunk("a"),
            chunk("b", web_search=[{"title": "t"}]),
            chunk("c", content_filter=[{"level": 3}], field_of_tomorrow=1),
            chunk("d", "stop"),
            DONE,
        )
        final = stream.get_final_completion()
        self.assertEqual(final.choices[0].message.content, "abcd")
        self.assertEqual((final.web_search[0].title, final.content_filter[0].level), ("t", 3))
        self.assertEqual(final["field_of_tomorrow"], 1)

    def test_comment_at_the_end_is_no_event(self) -> None:
        self.assertEqual(contents(self.open(chunk("a", "stop"), ": ping\n")), ["a"])

    def test_end_within_an_event_raises(self) -> None:
        self.failing(zhipuai_lite.APIConnectionError, chunk("a", "stop"), 'data: {"id":')

    def test_final_completion_needs_the_whole_stream(self) -> None:
        stream = self.open(chunk("a"), error_body("1302"), DONE)
        with self.assertRaises(zhipuai_lite.APIResponseError):
            stream.get_final_completion()
        dropped = self.open(chunk("a"), chunk("b"), STALL)
        next(dropped)
        dropped.close()
        for broken in (stream, dropped):
            with self.assertRaisesRegex(zhipuai_lite.APIConnectionError, "given up"):
                broken.get_final_completion()

    def test_content_that_is_no_text_is_no_crash(self) -> None:
        for content in ([{"type": "text", "text": "x"}], {"a": 1}, 5):
            stream = self.open(chunk(content), chunk("a"), chunk(content), chunk("b"), chunk("c"), DONE)
            self.assertEqual(len(list(stream)), 5)
            self.assertEqual(stream.get_final_completion().choices[0].message.content[-2:], "bc")

    def test_invalid_json_raises_with_the_beginning_of_the_payload(self) -> None:
        error, found = self.failing(
            zhipuai_lite.APIResponseError, chunk("a"), "data: <html>网关" + "x" * 100000 + "\n\n", DONE
        )
        self.assertEqual(found, ["a"])
        self.assertIn("<html>网关", str(error))
        self.assertLess(len(str(error)), 5000)

    def test_json_that_is_no_object_raises(self) -> None:
        for text in ("123", '"text"', "[1]", "true"):
            with self.subTest(text=text):
                self.failing(zhipuai_lite.APIResponseError, "data: " + text + "\n\n", DONE)

    def test_deeply_nested_event_raises_our_error(self) -> None:
        self.failing(zhipuai_lite.APIResponseError, "data: " + "[" * 100000 + "\n\n", DONE)

    # --- broken streams

    def cut_off(self, *steps: Any) -> tuple[Any, list[Any]]:
        """The error and the content before it of a stream of raw steps after its head."""
        self.server.raw(head(200, EVENT_STREAM), *steps)
        found = []
        with self.assertRaises(zhipuai_lite.APIConnectionError) as caught:
            for item in ask(self.zhipu, stream=True):
                found += contents([item])
                self.was_read.set()
        self.server.until_idle()
        return caught.exception, found

    def test_cut_off_stream_raises(self) -> None:
        whole = http_chunk(sse(chunk("a")))
        for cut in (b"", b"400\r\n", b"400\r\ndata: {", b"5", http_chunk(b"data: {"), http_chunk(sse(chunk("b")))[:-2]):
            for ending in (CLOSE, RESET):
                with self.subTest(cut=cut, ending=ending.__name__):
                    self.was_read.clear()  # a reset would destroy what the client has not read yet
                    error, found = self.cut_off(whole + cut, WAIT(self.was_read), ending)
                    self.assertEqual(found[0], "a")
                    self.assertTrue(str(error).startswith("Connection error"), error)

    def test_stream_short_of_its_length_raises(self) -> None:
        data = sse(chunk("a"))
        self.server.raw(head(200, {"Content-Type": "text/event-stream", "Content-Length": "1000"}) + data, CLOSE)
        stream = ask(self.zhipu, stream=True)
        self.assertEqual(next(stream).choices[0].delta.content, "a")
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            next(stream)

    def test_garbage_instead_of_a_chunk_size_raises(self) -> None:
        for garbage in (b"xyz\r\n", b"-5\r\n", b"\r\n", b"f" * 70000, b"5 5\r\n", b"0x5\r\nabcde\r\n"):
            with self.subTest(garbage=garbage[:9]):
                _, found = self.cut_off(http_chunk(sse(chunk("a"))) + garbage, CLOSE)
                self.assertEqual(found, ["a"])

    def test_silence_in_the_middle_raises_a_timeout(self) -> None:
        self.server.stream(chunk("a"), STALL)
        stream = ask(self.zhipu, stream=True, timeout=0.5)
        self.assertEqual(next(stream).choices[0].delta.content, "a")
        with self.assertRaises(zhipuai_lite.APITimeoutError) as caught:
            next(stream)
        self.assertTrue(str(caught.exception).startswith("Request timed out"), caught.exception)
        self.assertEqual(list(stream), [])
        self.server.until_idle()

    def test_stream_is_not_retried_after_its_first_byte(self) -> None:
        client = self.client(self.server, max_retries=3)
        self.server.stream(chunk("a"), CLOSE)
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            list(ask(client, stream=True))
        self.assertEqual(len(self.server.requests), 1)

    def test_slow_stream_may_last_longer_than_its_timeout(self) -> None:
        steps: list[Any] = [head(200, EVENT_STREAM)]
        for index in range(9):
            steps += [http_chunk(sse(chunk(str(index)))), PAUSE(0.15)]
        self.server.raw(*steps, LAST_CHUNK)
        begun = time.monotonic()
        self.assertEqual(len(list(ask(self.zhipu, stream=True, timeout=1))), 9)
        self.assertGreater(time.monotonic() - begun, 1)

    # --- ends before the end

    def test_interrupted_stream_does_not_look_finished(self) -> None:
        stream = self.open(chunk("a"), STALL)
        next(stream)
        interrupted = mock.patch.object(zhipuai_lite._Connection, "receive", side_effect=KeyboardInterrupt)
        with interrupted, self.assertRaises(KeyboardInterrupt):
            next(stream)
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            list(stream)
        self.server.until_idle()

    def test_close_ends_the_connection(self) -> None:
        stream = self.open(chunk("a"), STALL)
        next(stream)
        stream.close()
        self.server.until_idle()
        self.assertEqual(list(stream), [])
        stream.close()

    def test_with_block_ends_the_connection(self) -> None:
        with self.open(chunk("a"), STALL) as stream:
            next(stream)
        self.server.until_idle()

    def test_exception_in_the_consumer_ends_the_connection(self) -> None:
        with self.assertRaises(KeyError), self.open(chunk("a"), STALL) as stream:
            for _ in stream:
                raise KeyError("consumer")
        self.server.until_idle()

    def test_forgotten_stream_ends_its_connection(self) -> None:
        stream = self.open(chunk("a"), STALL)
        next(stream)
        del stream
        gc.collect()
        self.server.until_idle()

    def test_stream_that_was_never_read_ends_its_connection(self) -> None:
        stream = self.open(chunk("a"), STALL)
        del stream
        gc.collect()
        self.server.until_idle()

    def test_break_out_of_the_loop_ends_the_connection(self) -> None:
        def consume() -> None:
            for _ in self.open(chunk("a"), chunk("b"), STALL):
                break

        consume()
        gc.collect()
        self.server.until_idle()

    def test_early_closed_body_is_never_reused(self) -> None:
        stream = self.open(chunk("a"), chunk("b"), DONE)
        next(stream)
        stream.close()
        self.assertEqual(ask(self.zhipu).choices[0].message.content, "你好！")
        self.assertLessEqual(self.server.connections, 2)

    def test_close_from_another_thread_wakes_the_reader(self) -> None:
        stream = self.open(chunk("a"), STALL)
        next(stream)
        with ThreadPoolExecutor(1) as pool:
            rest = pool.submit(list, stream)
            time.sleep(0.05)  # the reader is most likely waiting by then; if not, the same holds
            stream.close()
            with contextlib.suppress(zhipuai_lite.ZhipuAIError):
                self.assertEqual(rest.result(PATIENCE / 2), [])
        self.server.until_idle()

    def test_open_stream_says_that_it_cannot_be_pickled(self) -> None:
        with self.open(chunk("a"), DONE) as stream, self.assertRaisesRegex(TypeError, "stream"):
            pickle.dumps(stream)

    # --- the merged answer

    def test_final_completion_is_merged(self) -> None:
        stream = self.open(
            chunk(delta={"role": "assistant", "reasoning_content": "想"}, object="chat.completion.chunk"),
            chunk(delta={"reasoning_content": "好"}),
            chunk(delta={"content": "你"}),
            chunk(delta={"content": "好"}),
            {"id": "20260711", "choices": []},
            chunk(delta={"content": ""}, finish_reason="stop", usage={"prompt_tokens": 1, "total_tokens": 3}),
            DONE,
        )
        result = stream.get_final_completion()
        self.assertIsInstance(result, Completion)
        self.assertEqual(result.object, "chat.completion")
        message = result.choices[0].message
        self.assertEqual((message.role, message.content, message.reasoning_content), ("assistant", "你好", "想好"))
        self.assertEqual((result.id, result.model, result.created), ("20260711", "glm-4-flash", 1783724415))
        self.assertEqual((result.choices[0].finish_reason, result.usage.total_tokens), ("stop", 3))
        self.assertIsNone(message.tool_calls)

    def test_final_completion_holds_what_was_iterated_before(self) -> None:
        stream = self.open(chunk("a"), chunk("b"), chunk("c", "stop"), DONE)
        next(stream)
        self.assertEqual(stream.get_final_completion().choices[0].message.content, "abc")
        self.assertEqual(stream.get_final_completion().choices[0].message.content, "abc")

    def test_tool_calls_are_merged_by_index(self) -> None:
        def call(index: int, arguments: str, **members: Any) -> dict[str, Any]:
            function = dict({"arguments": arguments}, **({"name": members.pop("name")} if "name" in members else {}))
            return chunk(delta={"tool_calls": [dict({"index": index, "function": function}, **members)]})

        stream = self.open(
            call(0, '{"city"', id="c0", type="function", name="weather"),
            call(1, "", id="c1", type="function", name="time"),
            call(0, ':"北京"}'),
            call(1, "{}"),
            chunk(delta={"content": None}, finish_reason="tool_calls"),
            DONE,
        )
        message = stream.get_final_completion().choices[0].message
        self.assertEqual([call.id for call in message.tool_calls], ["c0", "c1"])
        self.assertEqual([call.function.name for call in message.tool_calls], ["weather", "time"])
        self.assertEqual([call.function.arguments for call in message.tool_calls], ['{"city":"北京"}', "{}"])
        self.assertEqual([call.type for call in message.tool_calls], ["function", "function"])

    def test_whole_tool_calls_without_an_index_are_kept_apart(self) -> None:
        calls = [
            {"id": f"c{index}", "type": "function", "function": {"name": "f", "arguments": "{}"}} for index in (0, 1)
        ]
        stream = self.open(*[chunk(delta={"tool_calls": [call]}) for call in calls], DONE)
        self.assertEqual(stream.get_final_completion().choices[0].message.to_dict()["tool_calls"], calls)

    def test_choices_are_merged_by_index(self) -> None:
        def of(index: int, text: str) -> dict[str, Any]:
            return {"id": "1", "choices": [{"index": index, "delta": {"content": text}}]}

        result = self.open(of(1, "b"), of(0, "a"), of(1, "d"), of(0, "c"), DONE).get_final_completion()
        self.assertEqual([choice.message.content for choice in result.choices], ["ac", "bd"])

    def test_final_completion_of_a_broken_stream_raises(self) -> None:
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            self.open(chunk("a"), CLOSE).get_final_completion()

    def test_merging_leaves_the_chunks_alone(self) -> None:
        stream = self.open(chunk("a"), chunk("b"), DONE)
        first = next(stream)
        stream.get_final_completion()
        self.assertEqual(first.choices[0].delta.content, "a")

    def test_tool_calls_of_a_merged_answer_can_be_sent_back(self) -> None:
        delta = {
            "tool_calls": [{"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]
        }
        message = self.open(chunk(delta=delta), DONE).get_final_completion().choices[0].message
        ask(self.zhipu, messages=[message])
        self.assertEqual(self.server.request.json["messages"][0]["tool_calls"][0]["function"]["name"], "f")


# ======================================================================================================================
# Transport
# ======================================================================================================================


def refused_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def unanswering_port() -> Iterator[int]:
    """A port whose backlog is full, so that the kernel leaves a new connection unanswered."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(64):
            filler = stack.enter_context(socket.socket())
            filler.settimeout(0.2)
            try:
                filler.connect(listener.getsockname())
            except OSError:
                yield int(listener.getsockname()[1])
                return
        raise unittest.SkipTest("this system answers connections beyond the backlog")


def opened_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


class ConnectionsTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu = self.client(self.server)

    def fails(self, **arguments: Any) -> Any:
        """The connection error, not a timeout, of a call and of reading its answer."""
        arguments.setdefault("timeout", PATIENCE / 2)  # before the server's own patience ends
        with self.assertRaises(zhipuai_lite.APIConnectionError) as caught:
            list(ask(self.zhipu, **arguments))
        self.assertNotIsInstance(caught.exception, zhipuai_lite.APITimeoutError)
        return caught.exception

    def test_five_hundred_calls_use_one_connection(self) -> None:
        for _ in range(500):
            ask(self.zhipu)
        self.assertEqual((len(self.server.requests), self.server.connections), (500, 1))

    def test_client_built_for_each_call_reuses_connections(self) -> None:
        for _ in range(5):
            ask(self.client(self.server))
        self.assertEqual(self.server.connections, 1)

    def test_errors_do_not_cost_the_connection(self) -> None:
        for status in (400, 401, 429, 500):
            self.server.answer(error_body("1234"), status=status)
            with self.assertRaises(zhipuai_lite.APIStatusError):
                ask(self.zhipu)
        self.assertEqual(self.server.connections, 1)

    def test_idle_connection_that_the_server_closed_is_replaced(self) -> None:
        ask(self.zhipu)
        self.server.drop_connections()
        ask(self.zhipu)
        self.assertEqual((len(self.server.requests), self.server.connections), (2, 2))

    def test_idle_connection_that_the_server_wrote_to_is_replaced(self) -> None:
        go_on, sent = threading.Event(), threading.Event()
        self.server.raw(*answer(completion("a")), WAIT(go_on), head(408, {"Content-Length": "0"}), SET(sent))
        ask(self.zhipu)
        go_on.set()
        sent.wait(PATIENCE)
        self.assertEqual(ask(self.zhipu).choices[0].message.content, "你好！")
        self.assertEqual(self.server.connections, 2)

    def test_request_lost_on_a_reused_connection_is_sent_once_more(self) -> None:
        for ending in (CLOSE, RESET):
            ask(self.zhipu)
            self.server.raw(ending)
            self.server.answer(completion("second try"))
            self.assertEqual(ask(self.zhipu).choices[0].message.content, "second try")
            first, second = self.server.requests[-2:]
            self.assertEqual((first.body, first.headers), (second.body, second.headers))
        self.assertEqual(self.slept, [])

    def test_request_lost_twice_raises(self) -> None:
        ask(self.zhipu)
        self.server.raw(CLOSE)
        self.server.raw(CLOSE)
        self.fails()
        self.assertEqual(len(self.server.requests), 3)

    def test_request_lost_on_a_fresh_connection_raises(self) -> None:
        self.server.raw(CLOSE)
        self.fails()
        self.assertEqual(len(self.server.requests), 1)

    def test_request_is_not_sent_again_after_a_byte_of_the_answer(self) -> None:
        for beginning in (b"H", b"HTTP/1.1 200 OK\r\nContent-Le", head(100)):
            ask(self.zhipu)
            before = len(self.server.requests)
            self.server.raw(beginning, CLOSE)
            self.fails()
            self.assertEqual(len(self.server.requests), before + 1)

    def test_timeout_on_a_reused_connection_is_not_sent_again(self) -> None:
        ask(self.zhipu)
        self.server.raw(STALL)
        with self.assertRaises(zhipuai_lite.APITimeoutError):
            ask(self.zhipu, timeout=0.1)
        self.assertEqual(len(self.server.requests), 2)

    def test_connection_close_is_obeyed(self) -> None:
        for value in ("close", "Close", "foo, close"):
            self.server.answer(completion(), headers={"Connection": value})
            ask(self.zhipu)
        ask(self.zhipu)
        self.assertEqual(self.server.connections, 4)

    def test_http_1_0_is_understood(self) -> None:
        body = _json(completion("old"))
        self.server.raw(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + body, CLOSE)
        self.assertEqual(ask(self.zhipu).choices[0].message.content, "old")
        self.server.raw(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body, IGNORE)
        self.assertEqual(ask(self.zhipu).choices[0].message.content, "old")
        ask(self.zhipu)
        self.assertEqual(self.server.connections, 3)

    def test_chunked_body_with_extensions_and_trailers(self) -> None:
        body = _json(completion("chunked"))
        parts = b"%x;name=value\r\n%s\r\n" % (9, body[:9]) + b"%X \r\n%s\r\n" % (len(body) - 9, body[9:])
        self.server.raw(
            head(200, {"Content-Type": "application/json", "Transfer-Encoding": "Chunked"})
            + parts
            + b"000\r\nX-Checksum: 1\r\nX-Log-Id: 7\r\n\r\n"
        )
        self.assertEqual(ask(self.zhipu).choices[0].message.content, "chunked")
        ask(self.zhipu)
        self.assertEqual(self.server.connections, 1)

    def test_random_chunking_gives_the_same_body(self) -> None:
        for seed in range(30):
            random_ = random.Random(seed)
            body = completion("".join(random_.choice("你好ab\r\n\u2028") for _ in range(random_.randrange(3000))))
            chunks = b"".join(http_chunk(part) for part in split_at_random(_json(body), random_) if part) + LAST_CHUNK
            steps: list[Any] = []
            for packet in split_at_random(chunks, random_):
                steps += [packet, PAUSE(0)]
            self.server.raw(head(200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}), *steps)
            self.assertEqual(ask(self.zhipu), body, seed)
        self.assertEqual(self.server.connections, 1)

    def test_whole_answer_byte_by_byte(self) -> None:
        (whole,) = answer(completion("slow"), headers={"X-Log-Id": "1"})
        assert isinstance(whole, bytes)
        self.server.raw(DRIP(whole, 0))
        self.assertEqual(ask(self.zhipu).choices[0].message.content, "slow")

    def test_interim_answers_are_passed_over(self) -> None:
        hints = head(103, {"Link": "</a>; rel=preload"})
        self.server.raw(head(100), hints, head(102), *answer(completion("final")))
        self.assertEqual(ask(self.zhipu).choices[0].message.content, "final")
        ask(self.zhipu)
        self.assertEqual(self.server.connections, 1)

    def test_endless_interim_answers_raise(self) -> None:
        self.server.raw(head(100) * 50000, STALL)
        self.fails()

    def test_switch_to_another_protocol_raises(self) -> None:
        self.server.raw(head(101, {"Upgrade": "websocket"}), STALL)
        self.fails()

    def test_answer_without_content_ends_at_once(self) -> None:
        self.server.answer(None, 204)
        with contextlib.suppress(zhipuai_lite.ZhipuAIError):
            self.assertIsNone(ask(self.zhipu, timeout=5))
        ask(self.zhipu)
        self.assertEqual(self.server.connections, 1)

    def test_folded_many_and_long_headers(self) -> None:
        fields = b"".join(b"X-Field-%d: %s\r\n" % (index, b"v" * 500) for index in range(90))
        body = _json(completion("fields"))
        lines = b"HTTP/1.1 200 OK\r\nX-Folded: one\r\n  two\r\n\tthree\r\n" + fields
        self.server.raw(lines + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.assertEqual(ask(self.zhipu).choices[0].message.content, "fields")

    def test_endless_headers_raise(self) -> None:
        self.server.raw(b"HTTP/1.1 200 OK\r\n", b"X-Field: v\r\n" * 1000000, STALL)
        self.fails()
        self.server.raw(b"HTTP/1.1 200 " + b"O" * 10000000, STALL)
        self.fails()
        self.server.raw(head(200, EVENT_STREAM) + b"0\r\n" + b"X-Trailer: v\r\n" * 1000000, STALL)
        self.fails(stream=True)

    def test_what_is_not_http_raises(self) -> None:
        for garbage in (
            b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
            b"\x15\x03\x01\x00\x02\x02\x46",
            b"HTTP/9.9 200 OK\r\n\r\n",
            b"",
        ):
            with self.subTest(garbage=garbage):
                self.server.raw(garbage, CLOSE)
                self.fails()

    def test_contradicting_lengths_raise(self) -> None:
        for lengths in (b"Content-Length: 2\r\nContent-Length: 3", b"Content-Length: -1", b"Content-Length: 2x"):
            with self.subTest(lengths=lengths):
                self.server.raw(b"HTTP/1.1 200 OK\r\n" + lengths + b"\r\n\r\n{}", CLOSE)
                self.fails()

    def test_cut_off_answer_raises(self) -> None:
        fields = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
        for beginning in (
            head(200, {"Content-Type": "application/json", "Content-Length": "100"}) + b"{}",
            head(200, fields) + http_chunk(b"{}"),
            head(200, fields) + b"5\r\n{}",
            head(200, fields) + b"2\r\n{}",
            head(200, fields) + http_chunk(b"{}") + b"0\r\n",
            head(200, fields) + b"2\r\n{}xx0\r\n\r\n",
        ):
            with self.subTest(beginning=beginning):
                self.server.raw(beginning, CLOSE)
                self.fails()
        self.server.until_idle()

    def test_cut_off_error_body_is_still_a_status_error(self) -> None:
        self.server.raw(head(503, {"Content-Length": "1000"}) + b'{"error', CLOSE)
        with self.assertRaises(zhipuai_lite.APIServerFlowExceedError):
            ask(self.zhipu)

    def test_names_are_looked_up_within_the_time_limit(self) -> None:
        answered = threading.Event()
        self.addCleanup(answered.set)

        def look_up(*arguments: Any) -> Any:
            answered.wait(PATIENCE)
            return []

        with mock.patch("socket.getaddrinfo", look_up):
            with self.assertRaisesRegex(zhipuai_lite.APITimeoutError, "looking up platform.test"):
                ask(self.client(base_url="http://platform.test/", timeout=(0.05, PATIENCE)))
            answered.set()
            with self.assertRaisesRegex(zhipuai_lite.APIConnectionError, "no address"):
                ask(self.client(base_url="http://platform.test/"))

    def test_connection_of_a_closed_client_is_not_kept(self) -> None:
        self.server.stream(chunk("a"), chunk("b"), DONE)
        stream = ask(self.zhipu, stream=True)
        next(stream)
        self.zhipu.close()
        self.assertEqual(contents(stream), ["b"])
        self.server.until_idle()

    def test_compressed_answers_are_read_although_not_asked_for(self) -> None:
        body = _json(completion("packed"))
        bare = zlib.compressobj(wbits=-15)
        for coding, data in (
            ("gzip", gzip.compress(body)),
            ("GZIP", gzip.compress(body[:50]) + gzip.compress(body[50:])),
            ("x-gzip", gzip.compress(body)),
            ("deflate", zlib.compress(body)),
            ("deflate", bare.compress(body) + bare.flush()),
            ("identity", body),
        ):
            with self.subTest(coding=coding):
                fields = {"Content-Type": "application/json", "Content-Encoding": coding}
                self.server.answer(data, headers=fields)
                self.assertEqual(ask(self.zhipu).choices[0].message.content, "packed")
        self.assertEqual(self.server.connections, 1)

    def test_compressed_error_is_readable(self) -> None:
        self.server.answer(gzip.compress(_json(error_body("1302"))), 429, {"Content-Encoding": "gzip"})
        with self.assertRaises(zhipuai_lite.RateLimitError) as caught:
            ask(self.zhipu)
        self.assertEqual(caught.exception.code, "1302")

    def test_connection_of_an_answer_with_two_lengths_is_not_reused(self) -> None:
        fields = {"Content-Length": "2", "Transfer-Encoding": "chunked"}
        self.server.raw(head(200, fields) + http_chunk(_json(completion("two lengths"))) + LAST_CHUNK)
        with contextlib.suppress(zhipuai_lite.ZhipuAIError):  # refusing it would be right, too
            self.assertEqual(ask(self.zhipu).choices[0].message.content, "two lengths")
        ask(self.zhipu)
        self.assertEqual(self.server.connections, 2)

    def test_broken_or_unknown_coding_raises(self) -> None:
        packed = gzip.compress(_json(completion()))
        cases = [
            ("gzip", packed[:-9]),
            ("gzip", b"plain"),
            ("gzip", packed[:20] + b"\xff" * 20),
            ("br", b"\x0b\x02\x80{}\x03"),
        ]
        for coding, data in cases:
            with self.subTest(coding=coding):
                self.server.answer(data, headers={"Content-Encoding": coding})
                self.fails()

    def test_decompression_bomb_is_refused(self) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        block = packer.compress(b"\0" * (16 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
        bomb = block * 64 + packer.flush()  # a gigabyte
        self.server.answer(bomb, headers={"Content-Encoding": "deflate"})
        self.assertLess(len(str(self.fails())), 1000)
        self.server.answer(bomb, 500, {"Content-Encoding": "deflate"})
        with self.assertRaises(zhipuai_lite.InternalServerError) as caught:
            ask(self.zhipu)
        self.assertLess(len(str(caught.exception)), 10000)

    def test_body_after_an_answer_that_has_none_is_not_the_next_answer(self) -> None:
        late, real = answer(completion("another's")), answer(completion())

        def after(first: int, request: Request) -> list[Step]:
            return [*late, *real] if request.connection == first else real

        for status in (204, 304):
            for announced in ({"Content-Length": "5"}, {"Transfer-Encoding": "chunked"}):
                self.server.raw(head(status, announced))
                with contextlib.suppress(zhipuai_lite.APIStatusError):
                    ask(self.zhipu)
                first = self.server.connections
                self.server.default = functools.partial(after, first)
                self.assertEqual(ask(self.zhipu).choices[0].message.content, "你好！")
        self.server.raw(head(204))
        ask(self.zhipu)
        ask(self.zhipu)
        self.assertEqual(self.server.connections, first + 1)

    def test_transfer_codings_other_than_chunked_are_refused(self) -> None:
        body = _json(completion())
        for coding in ("gzip, chunked", "gzip", "chunked;q=1", "chunked, identity", "xchunked", "chunked, chunked"):
            fields = {"Content-Type": "application/json", "Transfer-Encoding": coding}
            for data in (http_chunk(body) + LAST_CHUNK, gzip.compress(body), body):
                self.server.raw(head(200, fields) + data, CLOSE)
                self.assertIn("transfer coding", str(self.fails()))
        for coding in ("Chunked", " chunked "):
            self.server.raw(head(200, {"Transfer-Encoding": coding}) + http_chunk(body) + LAST_CHUNK)
            ask(self.zhipu)

    def test_connection_that_was_aborted_is_tried_again(self) -> None:
        error = ConnectionAbortedError(10053, "aborted by the software in your host machine")
        with mock.patch.object(socket.socket, "connect", side_effect=error) as connect:
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                ask(self.client(self.server, max_retries=2))
            self.assertEqual(connect.call_count, 3)

    def test_without_another_thread_what_may_block_is_done_in_this_one(self) -> None:
        start = threading.Thread.start

        def start_no_more(thread: Any) -> None:
            if thread.name == "zhipuai_lite":
                raise RuntimeError("can't start new thread")
            start(thread)

        async def scenario() -> None:
            async with AsyncZhipuAI(api_key=KEY, base_url=url, timeout=PATIENCE, max_retries=0) as client:
                await client.files.create(file=b"x" * 1000000, purpose="batch")

        url = self.server.url.replace("127.0.0.1", "localhost")
        with mock.patch.object(threading.Thread, "start", start_no_more):
            ask(self.client(base_url=url))
            zhipuai_lite._pool.close()
            asyncio.run(scenario())

    def test_huge_answer_is_read(self) -> None:
        content = "长" * (4 << 20)
        self.server.answer(completion(content))
        self.assertEqual(ask(self.zhipu).choices[0].message.content, content)

    @unittest.skipUnless(sys.platform == "linux", "elsewhere the reset may overtake the answer")
    def test_refusal_of_a_body_that_was_not_read_is_heard(self) -> None:
        self.server.greeting = [*answer(error_body("1214", "太大"), 413), CLOSE]
        with self.assertRaises(zhipuai_lite.APIStatusError) as caught:
            ask(self.zhipu, messages=[{"role": "user", "content": "x" * (32 << 20)}])
        self.assertEqual(caught.exception.status_code, 413)

    def test_next_address_of_a_host_is_tried(self) -> None:
        addresses = [("127.0.0.1", refused_port()), ("127.0.0.1", self.server.port)]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in addresses]
        with mock.patch("socket.getaddrinfo", return_value=found):
            ask(self.zhipu)
        self.assertEqual(len(self.server.requests), 1)

    def test_family_that_is_not_there_is_passed_over(self) -> None:
        address = ("127.0.0.1", self.server.port)
        found = [(family, socket.SOCK_STREAM, 6, "", address) for family in (12345, socket.AF_INET)]
        with mock.patch("socket.getaddrinfo", return_value=found):
            ask(self.zhipu)
        self.assertEqual(len(self.server.requests), 1)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_lock_that_is_held_during_a_fork_is_free_in_the_child(self) -> None:
        program = """if True:
            import os, warnings, zhipuai_lite
            warnings.simplefilter("ignore")
            with zhipuai_lite._making:
                child = os.fork()
                if not child:
                    client = zhipuai_lite.ZhipuAI(timeout=5)
                    os._exit(client.get("/x") is None)
            os._exit(os.waitpid(child, 0)[1])
        """
        os.environ.update(ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=self.server.url)
        ended = self.run_python("-c", program)
        self.assertEqual((ended.returncode, ended.stderr), (0, b""))
        self.assertEqual(len(self.server.requests), 1)

    def test_bare_deflate_may_come_byte_by_byte(self) -> None:
        packer = zlib.compressobj(wbits=-15)
        data = packer.compress(_json(completion("packed"))) + packer.flush()
        steps: list[Any] = [head(200, {"Content-Encoding": "deflate", "Transfer-Encoding": "chunked"})]
        for index in range(3):
            steps += [http_chunk(data[index : index + 1]), PAUSE(0.05)]
        self.server.raw(*steps, http_chunk(data[3:]), LAST_CHUNK)
        self.assertEqual(ask(self.zhipu).choices[0].message.content, "packed")

    def test_threads_share_a_client_without_mixing_answers(self) -> None:
        self.server.default = lambda request: answer(completion(request.json["messages"][0]["content"]))

        def work(thread: int) -> None:
            for index in range(10):
                text = f"{thread}/{index}"
                if index % 3:
                    result = ask(self.zhipu, messages=[{"role": "user", "content": text}])
                    self.assertEqual(result.choices[0].message.content, text)
                else:
                    stream = ask(self.zhipu, messages=[{"role": "user", "content": text}], stream=True)
                    self.assertIn(text, str(list(stream)))

        with ThreadPoolExecutor(32) as pool:
            list(pool.map(work, range(32)))
        self.assertEqual(len(self.server.requests), 320)
        self.assertLessEqual(self.server.connections, 32)

    @unittest.skipUnless(os.path.isdir("/proc/self/fd"), "needs /proc")
    def test_descriptors_stay_few(self) -> None:
        def mixed() -> None:
            ask(self.zhipu)
            self.server.answer(error_body("1"), 500)
            with self.assertRaises(zhipuai_lite.InternalServerError):
                ask(self.zhipu)
            self.server.stream(chunk("a"), chunk("b"), DONE)
            next(ask(self.zhipu, stream=True))
            self.server.raw(head(200, {"Content-Length": "9"}), CLOSE)
            self.fails()

        mixed()
        self.server.until_idle()
        before = opened_descriptors()
        for _ in range(100):
            mixed()
        self.server.until_idle()
        self.assertLessEqual(opened_descriptors(), before)

    def test_thawed_process_works_on(self) -> None:
        clock = self.at(1700000000.0)
        ask(self.zhipu)
        self.server.drop_connections()
        clock.return_value += 86400
        ask(self.zhipu)
        self.assertEqual(claims(self.server.request.token)["timestamp"], clock.return_value * 1000)

    def test_connection_that_idled_for_long_is_not_trusted(self) -> None:
        clock = self.at(1700000000.0)
        ask(self.zhipu)
        clock.return_value += 86400
        ask(self.zhipu)
        self.assertEqual(self.server.connections, 2)
        self.server.until_idle(1)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_parent_and_child_never_share_a_socket(self) -> None:
        script = """if True:
            import os, sys, zhipuai_lite
            client = zhipuai_lite.ZhipuAI()
            def ask(name):
                client.chat.completions.create(model=name, messages=[])
            ask("parent")
            child = os.fork()
            if not child:
                ask("child")
                ask("child")
                os._exit(0)
            ask("parent")
            assert os.waitpid(child, 0)[1] == 0
            ask("parent")
        """
        self.run_quietly(script)
        connections = {"parent": set(), "child": set()}  # type: dict[str, set[int]]
        for request in self.server.requests:
            connections[request.json["model"]].add(request.connection)
        self.assertEqual(len(self.server.requests), 5)
        self.assertEqual([len(numbers) for numbers in connections.values()], [1, 1])
        self.assertFalse(connections["parent"] & connections["child"])

    def run_quietly(self, script: str) -> None:
        """Runs a script that talks to the server: it must succeed, and print nothing."""
        environment = {
            "ZHIPUAI_API_KEY": KEY,
            "ZHIPUAI_BASE_URL": self.server.url,
            "PYTHONPATH": os.path.dirname(MODULE),
        }
        ended = self.run_python("-c", script, env=environment)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr.decode()), (0, b"", ""))

    def test_interpreter_ends_quietly_with_all_things_open(self) -> None:
        self.server.answer(completion())
        self.server.stream(chunk("a"), STALL)
        self.run_quietly(
            """if True:
            import zhipuai_lite
            client = zhipuai_lite.ZhipuAI()
            client.chat.completions.create(model="m", messages=[])
            stream = client.chat.completions.create(model="m", messages=[], stream=True)
            next(stream)
            """
        )
        self.server.until_idle()

    def test_closed_client_leaves_nothing_open(self) -> None:
        with self.client(self.server) as client:
            ask(client)
        self.server.until_idle()


class TimeoutsTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()

    def times_out(self, *phases: str, base_url: str | None = None, **arguments: Any) -> None:
        """A call with a timeout of 0.1 s raises, and its text says what was waited for, and how long."""
        arguments.setdefault("timeout", 0.1)
        client = self.client(base_url=base_url or self.server.url)
        begun = time.monotonic()
        with self.assertRaises(zhipuai_lite.APITimeoutError) as caught:
            result = ask(client, **arguments)
            list(result)
        self.assertLess(time.monotonic() - begun, 5)
        text = str(caught.exception)
        self.assertTrue(text.startswith("Request timed out"), text)
        self.assertIn("0.1 s", text)
        for phase in phases:
            self.assertIn(phase, text)

    def test_silence_is_bounded(self) -> None:
        self.server.raw(STALL)
        self.times_out("answer")
        self.server.until_idle()

    def test_every_form_of_timeout(self) -> None:
        class HttpxTimeout:
            connect, read, write, pool = 8.0, 0.1, 5.0, 5.0

        class UrllibTimeout:
            connect, read = None, 0.1

        for timeout in (0.1, (8, 0.1), (None, 0.1), (8, 0.1, 5, 5), HttpxTimeout(), UrllibTimeout()):
            with self.subTest(timeout=timeout):
                self.server.raw(STALL)
                self.times_out(timeout=timeout)

    def test_client_has_a_timeout_of_its_own(self) -> None:
        for timeout in (0.1, (5, 0.1)):
            self.server.raw(STALL)
            with self.assertRaises(zhipuai_lite.APITimeoutError):
                ask(self.client(self.server, timeout=timeout))
        client = self.client(self.server)
        client.timeout = 0.1
        self.server.raw(STALL)
        with self.assertRaises(zhipuai_lite.APITimeoutError):
            ask(client)

    def test_timeout_of_the_call_wins(self) -> None:
        self.server.raw(STALL)
        with self.assertRaises(zhipuai_lite.APITimeoutError):
            ask(self.client(self.server, timeout=PATIENCE), timeout=0.1)
        go_on = threading.Event()
        self.server.raw(WAIT(go_on), *answer(completion("late")))
        with ThreadPoolExecutor(1) as pool:
            late = pool.submit(ask, self.client(self.server, timeout=0.05), timeout=None)
            time.sleep(0.2)
            go_on.set()
            self.assertEqual(late.result(PATIENCE).choices[0].message.content, "late")

    def test_none_and_not_given(self) -> None:
        ask(self.client(self.server, timeout=None))
        ask(self.client(self.server), timeout=None)
        ask(self.client(self.server), timeout=NOT_GIVEN)
        ask(ZhipuAI(api_key=KEY, base_url=self.server.url))

    def test_wrong_timeouts_are_refused(self) -> None:
        for timeout in (-1, 0, float("nan"), "5", (1,), (1, 2, 3), (1, "2"), [1, 2], True, b"1"):
            with self.subTest(timeout=timeout):
                with self.assertRaisesRegex((TypeError, ValueError), "timeout"):
                    self.client(self.server, timeout=timeout)
                with self.assertRaisesRegex((TypeError, ValueError), "timeout"):
                    ask(self.client(self.server), timeout=timeout)
        self.assertEqual(self.server.requests, [])

    def test_connecting_is_bounded(self) -> None:
        with unanswering_port() as port:
            self.times_out("connect", str(port), base_url=f"http://127.0.0.1:{port}/", timeout=(0.1, PATIENCE))

    def test_tls_handshake_is_bounded(self) -> None:
        self.server.greeting = [STALL]
        self.times_out("TLS", base_url=f"https://127.0.0.1:{self.server.port}/")

    def test_sending_is_bounded(self) -> None:
        self.server.greeting = [IGNORE]
        self.times_out("send", messages=[{"role": "user", "content": "x" * (32 << 20)}])

    def test_headers_that_drip_are_bounded(self) -> None:
        fields = {"X-Long": "x" * 1000, "Content-Length": "2"}
        self.server.raw(DRIP(head(200, fields) + b"{}", 0.02))
        self.times_out()

    def test_json_answer_that_drips_is_bounded_as_a_whole(self) -> None:
        for status in (200, 500):
            (whole,) = answer(completion("x" * 1000), status)
            assert isinstance(whole, bytes)
            fields, _, body = whole.partition(b"\r\n\r\n")
            self.server.raw(fields + b"\r\n\r\n", DRIP(body, 0.02))
            if status == 200:
                self.times_out()
            else:
                begun = time.monotonic()
                with self.assertRaises(zhipuai_lite.APIError):
                    ask(self.client(self.server), timeout=0.2)
                self.assertLess(time.monotonic() - begun, 5)

    def test_last_wait_for_an_answer_has_only_what_is_left_of_the_whole_limit(self) -> None:
        self.server.default = lambda request: [head(200, {"Content-Length": "9"}), PAUSE(1.2), b"{", STALL]

        async def call() -> None:
            options: Any = {"api_key": KEY, "base_url": self.server.url, "timeout": 1.5, "max_retries": 0}
            async with AsyncZhipuAI(**options) as client:
                await client.chat.completions.create(model="m", messages=MESSAGES)

        def times_out(call: Callable[[], Any]) -> float:
            begun = time.monotonic()
            with self.assertRaises(zhipuai_lite.APITimeoutError):
                call()
            return time.monotonic() - begun

        with ThreadPoolExecutor(2) as pool:
            calls: list[Any] = [lambda: asyncio.run(call()), lambda: ask(self.client(self.server), timeout=1.5)]
            self.assertLess(max(pool.map(times_out, calls)), 2.4)

    def test_silence_before_the_first_event_is_bounded(self) -> None:
        self.server.stream(STALL)
        self.times_out(stream=True)

    def test_keep_alive_comments_keep_a_stream_alive(self) -> None:
        steps: list[Any] = [head(200, EVENT_STREAM)]
        for _ in range(8):
            steps += [http_chunk(b": keep-alive\n\n"), PAUSE(0.15)]
        self.server.raw(*steps, http_chunk(sse(chunk("a"), DONE)) + LAST_CHUNK)
        self.assertEqual(contents(ask(self.client(self.server), stream=True, timeout=1)), ["a"])

    def test_limit_of_one_call_does_not_stay_with_the_connection(self) -> None:
        client = self.client(self.server)
        ask(client, timeout=0.5)
        self.server.stream(chunk("a"), DONE)
        list(ask(client, stream=True, timeout=0.5))
        self.server.raw(PAUSE(0.6), *answer(completion("late")))
        self.assertEqual(ask(client, timeout=None).choices[0].message.content, "late")
        self.assertEqual(self.server.connections, 1)


class TLSTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        os.environ["SSL_CERT_FILE"] = self.file("ca.pem", CA_PEM)

    def refused(self, server: Server, *hints: str, **options: Any) -> None:
        """The client does not talk to this server, and its error gives these hints."""
        with self.assertRaises(zhipuai_lite.APIConnectionError) as caught:
            ask(self.client(server, max_retries=2, **options))
        self.assertEqual(server.requests, [])
        self.assertEqual(self.slept, [])  # the certificate will be the same in a second
        self.assertIsInstance(caught.exception.__cause__, ssl.SSLError)
        for hint in hints:
            self.assertIn(hint, str(caught.exception))

    def test_verified_server_is_talked_to(self) -> None:
        server = self.serve(tls=server_context())
        client = self.client(server)
        for _ in range(3):
            ask(client)
        self.assertEqual(server.connections, 1)
        ask(self.client(base_url=f"https://localhost:{server.port}/api/paas/v4"))
        self.assertEqual(server.request.headers["host"], f"localhost:{server.port}")

    def test_answer_of_unknown_length_needs_the_goodbye_of_tls(self) -> None:
        server = self.serve(tls=server_context())
        path = self.file("answer", b"")

        def goodbye(connection: Any) -> None:
            connection.socket.unwrap()
            raise Hangup

        for end, whole in ((goodbye, True), (CLOSE, False)):
            server.raw(head(200, {"Content-Type": "application/octet-stream"}) + b"part", end)
            content = self.client(server).files.content("f")
            with contextlib.nullcontext() if whole else self.assertRaises(zhipuai_lite.APIConnectionError):
                content.stream_to_file(path)
            with open(path, "rb") as file:
                self.assertEqual(file.read(), b"part")  # of the first; the second has left it alone

    def test_streams_over_tls(self) -> None:
        server = self.serve(tls=server_context())
        go_on = threading.Event()
        server.stream(chunk("a"), WAIT(go_on), chunk("b"), DONE)
        stream = ask(self.client(server), stream=True)
        self.assertEqual(next(stream).choices[0].delta.content, "a")
        go_on.set()
        self.assertEqual(contents(stream), ["b"])

    def test_cut_off_stream_over_tls_raises(self) -> None:
        for ending in (CLOSE, RESET):
            server = self.serve(tls=server_context())
            server.stream(chunk("a"), ending)
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                list(ask(self.client(server), stream=True))

    @unittest.skipUnless(sys.platform == "linux", "elsewhere the reset may overtake the answer")
    def test_refusal_of_a_body_that_was_not_read_is_heard_over_tls(self) -> None:
        server = self.serve(tls=server_context())
        for goodbye in (False, True):

            def end(connection: Any, goodbye: bool = goodbye) -> None:
                if goodbye:
                    connection.socket.settimeout(0)
                    with contextlib.suppress(OSError):
                        connection.socket.unwrap()
                raise Hangup

            server.greeting = [*answer(error_body("1214", "太大"), 413), end]
            with self.assertRaisesRegex(zhipuai_lite.APIStatusError, "太大") as caught:
                ask(self.client(server, max_retries=2), messages=[{"role": "user", "content": "x" * (32 << 20)}])
            self.assertEqual(caught.exception.status_code, 413)

    def test_cut_off_answer_is_known_whatever_context_the_caller_made(self) -> None:
        server = self.serve(tls=server_context())
        context = ssl.create_default_context(cadata=CA_PEM)
        for options in (context.options, context.options | 0x80):  # SSL_OP_IGNORE_UNEXPECTED_EOF
            context.options = ssl.Options(options)
            server.raw(head(200, {"Content-Type": "application/octet-stream"}) + b"part", CLOSE)
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                self.client(server, ssl_context=context).files.content("f").read()
            self.assertEqual(context.options, options)  # the caller's object is as it was

    def test_unfinished_stream_over_tls_is_closed(self) -> None:
        server = self.serve(tls=server_context())
        server.stream(chunk("a"), STALL)
        with ask(self.client(server), stream=True) as stream:
            next(stream)
        server.until_idle()

    def test_idle_tls_connection_that_the_server_closed_is_replaced(self) -> None:
        server = self.serve(tls=server_context())
        client = self.client(server)
        ask(client)
        server.drop_connections()
        ask(client)
        self.assertEqual(server.connections, 2)

    def test_unknown_authority_is_refused(self) -> None:
        del os.environ["SSL_CERT_FILE"]
        self.refused(self.serve(tls=server_context()), "SSL_CERT_FILE")

    def test_expired_certificate_is_refused(self) -> None:
        self.refused(self.serve(tls=server_context(EXPIRED_PEM)), "clock")

    def test_certificate_of_another_host_is_refused(self) -> None:
        self.refused(self.serve(tls=server_context(OTHER_HOST_PEM)), "host")

    def test_old_tls_is_refused(self) -> None:
        context = server_context()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            ask(self.client(self.serve(tls=context)))

    def test_plain_server_under_https_is_an_error_with_a_hint(self) -> None:
        server = self.serve()
        server.greeting = [b"HTTP/1.1 400 Bad Request\r\n\r\n", CLOSE]
        with self.assertRaisesRegex(zhipuai_lite.APIConnectionError, "TLS"):
            ask(self.client(base_url=f"https://127.0.0.1:{server.port}/"))

    def test_ca_folder_of_the_environment_is_honoured(self) -> None:
        del os.environ["SSL_CERT_FILE"]
        os.environ["SSL_CERT_DIR"] = os.path.dirname(self.file("358275dd.0", CA_PEM))  # the subject's hash, for OpenSSL
        ask(self.client(self.serve(tls=server_context())))

    def test_ssl_context_argument_is_honoured(self) -> None:
        del os.environ["SSL_CERT_FILE"]
        server = self.serve(tls=server_context())
        ask(self.client(server, ssl_context=ssl.create_default_context(cadata=CA_PEM)))
        self.refused_without_context(server)

    def refused_without_context(self, server: Server) -> None:
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            ask(self.client(server))
        self.assertEqual(len(server.requests), 1)

    def test_connections_of_different_contexts_are_kept_apart(self) -> None:
        server = self.serve(tls=server_context())
        ask(self.client(server))
        os.environ["SSL_CERT_FILE"] = self.file("empty.pem", OTHER_HOST_PEM)
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            ask(self.client(server))

    def test_ca_file_that_could_not_be_read_is_read_later(self) -> None:
        server = self.serve(tls=server_context())
        bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # what Python gives when no descriptor is free
        with mock.patch("ssl.create_default_context", return_value=bare):
            self.refused(server)
        ask(self.client(server))

    def test_each_reason_to_refuse_a_certificate_has_its_advice(self) -> None:
        server = self.serve(tls=server_context())
        error = ssl.SSLCertVerificationError(1, "certificate verify failed")
        for code, hint in ((89, "VERIFY_X509_STRICT"), (20, "SSL_CERT_FILE"), (10, "clock"), (62, "another host")):
            error.verify_code = code
            with mock.patch.object(ssl.SSLSocket, "do_handshake", side_effect=error):
                self.refused(server, hint)

    def test_stream_closed_by_another_thread_keeps_its_descriptor_until_its_reader_ends(self) -> None:
        closing: list[threading.Thread] = []
        close = zhipuai_lite._Connection.close

        def closed(connection: Any) -> None:
            closing.append(threading.current_thread())
            close(connection)

        self.enter(mock.patch.object(zhipuai_lite._Connection, "close", closed))
        for tls in (None, server_context()):
            self.close_under_its_reader(self.serve(tls=tls), closing)

    def close_under_its_reader(self, server: Server, closing: list[threading.Thread]) -> None:
        server.stream(chunk("a"), STALL)
        stream = ask(self.client(server), stream=True)
        next(stream)
        closing.clear()
        with ThreadPoolExecutor(1) as pool:
            reader = pool.submit(lambda: (threading.current_thread(), list(stream)))
            until(lambda: stream.response._body.gi_running, "the reader waits")
            stream.close()
            thread, rest = reader.result(PATIENCE)
        self.assertEqual((set(closing), rest), ({thread}, []))
        server.until_idle()

    def test_missing_ca_file_is_an_error_of_ours(self) -> None:
        server = self.serve(tls=server_context())
        os.environ["SSL_CERT_FILE"] = "/nowhere/ca.pem"
        with self.assertRaises(zhipuai_lite.ZhipuAIError):
            ask(self.client(server))

    def test_wrong_ssl_context_is_refused(self) -> None:
        with self.assertRaisesRegex(TypeError, "ssl_context"):
            ZhipuAI(api_key=KEY, ssl_context="ca.pem")  # type: ignore[arg-type]


class ProxyTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()

    def test_http_proxy_gets_the_absolute_form(self) -> None:
        proxy = self.proxy(self.server)
        os.environ["HTTP_PROXY"] = "http://" + proxy.address
        if os.name != "nt":  # there, names are of one case
            del os.environ["HTTP_PROXY"]
            os.environ["http_proxy"] = "http://" + proxy.address
        ask(self.client(base_url="http://platform.test/api/paas/v4"))
        self.assertEqual(proxy.request.target, "http://platform.test/api/paas/v4/chat/completions")
        self.assertEqual(self.server.request.headers["host"], "platform.test")

    def test_upper_case_http_proxy_is_honoured(self) -> None:
        proxy = self.proxy(self.server)
        os.environ["HTTP_PROXY"] = proxy.address  # without a scheme, as curl takes it
        ask(self.client(base_url="http://platform.test/api/paas/v4"))
        self.assertEqual(len(proxy.requests), 1)

    def test_https_goes_through_a_tunnel(self) -> None:
        tls = self.serve(tls=server_context())
        proxy = self.proxy(tls)
        os.environ["SSL_CERT_FILE"] = self.file("ca.pem", CA_PEM)
        os.environ["HTTPS_PROXY"] = "http://" + proxy.address
        client = self.client(base_url="https://platform.test/api/paas/v4")
        ask(client)
        ask(client)
        self.assertEqual([(r.method, r.target) for r in proxy.requests], [("CONNECT", "platform.test:443")])
        self.assertNotIn("authorization", proxy.request.headers)
        self.assertEqual((len(tls.requests), tls.connections), (2, 1))

    def test_all_proxy_is_the_last_choice(self) -> None:
        proxy = self.proxy(self.server)
        os.environ["ALL_PROXY"] = "http://" + proxy.address
        ask(self.client(base_url="http://platform.test/api/paas/v4"))
        self.assertEqual(len(proxy.requests), 1)

    def test_no_proxy_is_honoured(self) -> None:
        os.environ["HTTP_PROXY"] = f"http://127.0.0.1:{refused_port()}"
        for value in ("127.0.0.1", "*", "example.com, 127.0.0.1", f"127.0.0.1:{self.server.port}"):
            with self.subTest(value=value), mock.patch.dict(os.environ, NO_PROXY=value):
                ask(self.client(self.server))

    def test_credentials_of_the_proxy_reach_only_the_proxy(self) -> None:
        tls = self.serve(tls=server_context())
        os.environ["SSL_CERT_FILE"] = self.file("ca.pem", CA_PEM)
        for scheme, server in (("http", self.server), ("https", tls)):
            proxy = self.proxy(server, "user@corp:p:ss w%rd")
            os.environ[scheme.upper() + "_PROXY"] = "http://user%40corp:p%3Ass%20w%25rd@" + proxy.address
            ask(self.client(base_url=scheme + "://platform.test/api/paas/v4"))
            self.assertIn("proxy-authorization", proxy.request.headers)
        self.assertNotIn("proxy-authorization", tls.request.headers)

    def test_refusing_proxy_is_named_without_its_password(self) -> None:
        tls = self.serve(tls=server_context())
        proxy = self.proxy(tls, "user:right")
        os.environ["HTTPS_PROXY"] = "http://user:wr0ng-secret@" + proxy.address
        with self.assertRaises(zhipuai_lite.APIConnectionError) as caught:
            ask(self.client(base_url="https://platform.test/"))
        self.assertIn("407", str(caught.exception))
        self.assertIn(proxy.address, str(caught.exception))
        self.assert_hidden("wr0ng-secret", caught.exception)

    def assert_hidden(self, secret: str, error: Any) -> None:
        shown = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        for text in (shown, repr(error), repr(vars(error)), pickle.dumps(error, 0).decode("latin-1")):
            self.assertNotIn(secret, text)
            self.assertNotIn(base64.b64encode(secret.encode()).decode()[:-4], text)

    def test_password_of_the_proxy_that_is_repeated_is_hidden(self) -> None:
        os.environ["HTTP_PROXY"] = self.server.origin.replace("//", "//user:s%2Fcret%20w0rd@")
        for shown in ("s%2Fcret%20w0rd", "s/cret w0rd", "dXNlcjpzL2NyZXQgdzByZA=="):
            self.server.answer(error_body("1210", f"for {shown}."), 400, {"X-Log-Id": shown})
            with self.assertRaisesRegex(zhipuai_lite.BadRequestError, "for ") as caught:
                ask(self.client(base_url="http://platform.test/"))
            self.assert_hidden(shown, caught.exception)

    def test_unreachable_proxy_is_named_without_its_password(self) -> None:
        for scheme in ("http", "https"):
            address = f"127.0.0.1:{refused_port()}"
            os.environ[scheme + "_proxy"] = "http://user:pr0xy-secret@" + address
            with self.assertRaises(zhipuai_lite.APIConnectionError) as caught:
                ask(self.client(base_url=scheme + "://platform.test/"))
            self.assertIn("proxy", str(caught.exception).lower())
            self.assertIn(address, str(caught.exception))
            self.assert_hidden("pr0xy-secret", caught.exception)

    def test_proxy_that_hangs_up_raises(self) -> None:
        proxy = self.serve()
        os.environ["HTTPS_PROXY"] = proxy.origin
        for steps in ([CLOSE], [b"HTTP/1.1 200", CLOSE], [b"SSH-2.0-x\r\n", CLOSE], [head(502), CLOSE]):
            proxy.raw(*steps)
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                ask(self.client(base_url="https://platform.test/"))

    def test_silent_proxy_is_bounded(self) -> None:
        proxy = self.serve()
        proxy.default = lambda request: [STALL]
        os.environ["HTTPS_PROXY"] = proxy.origin
        with self.assertRaises(zhipuai_lite.APITimeoutError):
            ask(self.client(base_url="https://platform.test/"), timeout=0.2)

    def test_unusable_proxy_setting_is_an_error_of_ours(self) -> None:
        for value in ("socks5://127.0.0.1:1080", "http://[::1", "http://127.0.0.1:99999", "ftp://x"):
            os.environ["HTTP_PROXY"] = value
            with self.subTest(value=value), self.assertRaises(zhipuai_lite.ZhipuAIError):
                ask(self.client(base_url="http://platform.test/"))

    def test_proxy_of_a_name_beyond_ascii_is_refused(self) -> None:
        proxies = mock.patch("urllib.request.getproxies", return_value={"http": "http://代理.test:8080"})
        os.environ["HTTP_PROXY"] = "set"
        with proxies, self.assertRaises(zhipuai_lite.ConfigurationError):
            ask(self.client(base_url="http://platform.test/"))

    def test_connections_of_different_proxies_are_kept_apart(self) -> None:
        first, second = self.proxy(self.server), self.proxy(self.server)
        for proxy in (first, second):
            with mock.patch.dict(os.environ, HTTP_PROXY="http://" + proxy.address):
                ask(self.client(base_url="http://platform.test/"))
        self.assertEqual((len(first.requests), len(second.requests)), (1, 1))

    def test_ipv6_is_spoken(self) -> None:
        try:
            server = self.serve(host="::1")
        except OSError:
            self.skipTest("no IPv6 loopback")
        ask(self.client(server))
        self.assertEqual(server.request.headers["host"], f"[::1]:{server.port}")

    def test_refused_connection_names_the_address(self) -> None:
        port = refused_port()
        with self.assertRaisesRegex(zhipuai_lite.APIConnectionError, f"^Connection error.*127.0.0.1:{port}"):
            ask(self.client(base_url=f"http://127.0.0.1:{port}/"))

    def test_unknown_host_names_the_host(self) -> None:
        self.enter(mock.patch("socket.getaddrinfo", side_effect=socket.gaierror(-2, "Name or service not known")))
        with self.assertRaisesRegex(zhipuai_lite.APIConnectionError, "nowhere.invalid"):
            ask(self.client(base_url="http://nowhere.invalid/"))


class HttpClientTest(TestCase):
    """`http_client`: an opener of the caller's own."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu = self.client(self.server, http_client=urllib.request.build_opener())

    def test_opener_carries_the_request(self) -> None:
        class Marker(urllib.request.BaseHandler):
            def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
                request.add_header("X-Marker", "yes")
                return request

        client = self.client(self.server, http_client=urllib.request.build_opener(Marker()))
        self.assertEqual(ask(client).choices[0].message.content, "你好！")
        self.assertEqual(self.server.request.headers["x-marker"], "yes")
        self.assertTrue(signature_is_valid(self.server.request.token, SECRET.encode()))
        self.assertEqual(self.server.request.headers["content-type"].partition(";")[0], "application/json")

    def test_errors_are_mapped(self) -> None:
        self.server.answer(error_body("1302"), 429)
        with self.assertRaises(zhipuai_lite.RateLimitError) as caught:
            ask(self.zhipu)
        self.assertEqual(caught.exception.code, "1302")
        self.server.raw(CLOSE)
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            ask(self.zhipu)
        self.server.raw(STALL)
        with self.assertRaises(zhipuai_lite.APITimeoutError):
            ask(self.zhipu, timeout=0.1)

    def test_streams_are_read(self) -> None:
        self.server.stream(chunk("a"), chunk("b"), DONE)
        self.assertEqual(contents(ask(self.zhipu, stream=True)), ["a", "b"])

    def test_first_chunk_is_handed_out_at_once(self) -> None:
        go_on = threading.Event()
        self.server.stream(chunk("a"), WAIT(go_on), chunk("b"), DONE)
        stream = ask(self.zhipu, stream=True)
        self.assertEqual(next(stream).choices[0].delta.content, "a")
        go_on.set()
        self.assertEqual(contents(stream), ["b"])

    def test_cut_off_answers_raise(self) -> None:
        self.server.stream(chunk("a"), CLOSE)
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            list(ask(self.zhipu, stream=True))
        fields = {"Content-Type": "text/event-stream", "Content-Length": "1000"}
        self.server.raw(head(200, fields) + sse(chunk("a")), CLOSE)
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            list(ask(self.zhipu, stream=True))
        self.server.raw(head(200, {"Content-Length": "1000"}) + _json(completion()), CLOSE)
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            ask(self.zhipu)

    def test_redirect_of_the_opener_does_not_carry_the_key(self) -> None:
        other = self.serve()
        self.server.answer(None, 302, {"Location": other.origin + "/elsewhere"})
        with contextlib.suppress(zhipuai_lite.ZhipuAIError):
            ask(self.zhipu)
        for request in other.requests:
            self.assertNotIn("authorization", request.headers)

    def test_redirect_of_the_opener_does_not_carry_the_callers_secrets(self) -> None:
        other = self.serve()
        other.default = lambda request: answer({})
        self.server.answer(None, 302, {"Location": other.origin + "/elsewhere"})
        secrets = {"Authorization": "Bearer mine", "Cookie": "mine", "X-Plain": "1"}
        with contextlib.suppress(zhipuai_lite.ZhipuAIError):
            self.zhipu.get("/x", extra_headers=secrets)
        self.assertEqual(self.server.request.headers["authorization"], "Bearer mine")
        self.assertEqual(other.request.headers["x-plain"], "1")
        self.assertEqual({"authorization", "cookie"} & set(other.request.headers), set())

    def test_opener_without_an_answer_is_a_connection_error(self) -> None:
        opener = urllib.request.OpenerDirector()
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            ask(self.client(self.server, http_client=opener))

    def test_anything_else_is_refused(self) -> None:
        for wrong in (object(), "http://proxy", 1):
            with self.assertRaisesRegex(TypeError, "http_client.*OpenerDirector"):
                ZhipuAI(api_key=KEY, http_client=wrong)  # type: ignore[arg-type]

    def test_cut_off_stream_of_an_opener_raises(self) -> None:
        server = self.serve()
        opener = urllib.request.build_opener()
        for fields, end in (({}, b""), (EVENT_STREAM, LAST_CHUNK)):
            body = sse(chunk("half"))
            server.raw(
                head(200, {**fields, "Content-Type": "text/event-stream", "Connection": "close"})
                + (http_chunk(body) + end if end else body),
                CLOSE,
            )
            stream = ask(self.client(server, http_client=opener), stream=True)
            with contextlib.nullcontext() if end else self.assertRaises(zhipuai_lite.APIConnectionError):
                self.assertEqual(stream.get_final_completion().choices[0].message.content, "half")

    def test_answer_that_drips_from_an_opener_is_bounded(self) -> None:
        server = self.serve()
        body = _json(completion("x" * 1000))
        for connection_client in (None, urllib.request.build_opener()):
            server.raw(
                head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))}), DRIP(body, 0.05)
            )
            begun = time.monotonic()
            with self.assertRaises(zhipuai_lite.APITimeoutError):
                ask(self.client(server, http_client=connection_client), timeout=0.3)
            self.assertLess(time.monotonic() - begun, 10)


class AttackSurfaceTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu = self.client(self.server)

    def test_redirects_are_never_followed(self) -> None:
        other = self.serve()
        for status in (301, 302, 303, 307, 308):
            self.server.answer(None, status, {"Location": other.origin + "/"})
            with self.assertRaises(zhipuai_lite.APIStatusError) as caught:
                ask(self.zhipu)
            self.assertEqual(caught.exception.status_code, status)
        self.assertEqual(other.connections, 0)

    def test_line_breaks_and_nul_in_headers_are_refused(self) -> None:
        for value in ("a\r\nX-Evil: 1", "a\nb", "a\rb", "a\x00b"):
            for place in ("custom_headers", "extra_headers"):
                for fields in ({"X-Test": value}, {value: "x"}):
                    with self.subTest(place=place, fields=fields), self.assertRaisesRegex(ValueError, place):
                        if place == "custom_headers":
                            self.client(self.server, custom_headers=fields)
                        else:
                            ask(self.zhipu, extra_headers=fields)
            with self.assertRaises(ValueError):
                self.client(self.server, source_channel=value)
        self.assertEqual(self.server.requests, [])

    def test_headers_that_frame_the_request_cannot_be_forged(self) -> None:
        for name in ("Content-Length", "Transfer-Encoding", "Host"):
            with contextlib.suppress(ValueError):
                ask(self.zhipu, extra_headers={name: "1"})
        for request in self.server.requests:
            self.assertEqual(request.json["model"], "glm-4-flash")
        ask(self.zhipu)

    def test_only_http_and_https_are_opened(self) -> None:
        for url in (
            "file:///etc/passwd",
            "ftp://x/",
            "data:,x",
            "gopher://x",
            "javascript:1",
            "x",
            "",
            "http://",
            "//x/",
        ):
            with self.subTest(url=url), self.assertRaises(zhipuai_lite.ZhipuAIError) as caught:
                self.client(base_url=url or " ")
            self.assertIn("base_url", str(caught.exception))

    def test_base_url_with_odd_parts_is_refused(self) -> None:
        for url in (
            "http://a b/",
            "http://h\r\nx/",
            "http://h\x00/",
            "http://h:99999/",
            "http://h:p/",
            "http://h/?q=1#f",
        ):
            with self.subTest(url=url), self.assertRaises(zhipuai_lite.ZhipuAIError):
                self.client(base_url=url)

    def test_base_url_with_a_password_is_refused_without_repeating_it(self) -> None:
        with self.assertRaises(zhipuai_lite.ZhipuAIError) as caught:
            self.client(base_url="http://user:pass-w0rd@host/")
        self.assertNotIn("pass-w0rd", str(caught.exception))

    def test_plain_http_to_a_distant_host_warns_once(self) -> None:
        proxy = self.proxy(self.server)
        os.environ["HTTP_PROXY"] = "http://" + proxy.address
        with self.logs("WARNING") as logs:
            for _ in range(2):
                client = self.client(base_url=f"http://distant-{id(self)}.test/api/paas/v4")
                ask(client)
                ask(client)
        self.assertEqual(len(logs.records), 1)
        self.assertIn("http://", logs.records[0].getMessage())

    def test_plain_http_to_the_loopback_does_not_warn(self) -> None:
        with self.logs("DEBUG") as logs:
            ask(self.zhipu)
            ask(self.client(base_url=f"http://localhost:{self.server.port}/api/paas/v4"))
        self.assertFalse([record for record in logs.records if record.levelno >= logging.WARNING])

    def test_answer_meant_for_nobody_is_not_taken_for_the_next(self) -> None:
        smuggled = answer(completion("smuggled"))[0]
        assert isinstance(smuggled, bytes)
        for beginning in (
            head(204) + smuggled,
            head(200, {"Content-Length": "2"}) + b"{}" + smuggled,
            head(200, {"Content-Length": "2", "Transfer-Encoding": "chunked"})
            + http_chunk(b"{}")
            + LAST_CHUNK
            + smuggled,
        ):
            self.server.raw(beginning)
            with contextlib.suppress(zhipuai_lite.ZhipuAIError):
                ask(self.zhipu)
            self.assertEqual(ask(self.zhipu).choices[0].message.content, "你好！")


# ======================================================================================================================
# The client core
# ======================================================================================================================


class RetriesTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu = self.client(self.server, max_retries=2)

    def tries(self, *scripted: Any) -> int:
        """How many requests a call that is answered so makes."""
        before = len(self.server.requests)
        self.slept.clear()
        self.server.default = lambda request: answer(*scripted)
        with self.assertRaises(zhipuai_lite.APIError):
            ask(self.zhipu)
        self.assertEqual(len(self.slept), len(self.server.requests) - before - 1)
        return len(self.server.requests) - before

    def test_statuses_that_may_pass_are_retried(self) -> None:
        for status in (408, 409, 429, 500, 502, 503, 504, 529):
            self.assertEqual(self.tries("busy", status), 3, status)

    def test_statuses_that_stay_are_not_retried(self) -> None:
        for status in (300, 302, 400, 401, 403, 404, 405, 413, 422, 434, 435):
            self.assertEqual(self.tries("no", status), 1, status)

    def test_business_codes_that_may_pass_are_retried(self) -> None:
        for status, code in (
            (429, "1302"),
            (429, "1303"),
            (429, "1305"),
            (429, "1312"),
            (500, "1200"),
            (500, "1230"),
            (500, "1234"),
        ):
            self.assertEqual(self.tries(error_body(code), status), 3, code)
            self.assertEqual(self.tries(error_body(int(code)), status), 3, code)

    def test_business_codes_that_stay_are_not_retried(self) -> None:
        codes = [
            "1113",
            "1304",
            "1308",
            "1309",
            "1310",
            "1311",
            "1313",
            "1314",
            "1315",
            "1316",
            "1317",
            "1318",
            "1319",
            "1320",
            "1321",
        ]
        for code in [*codes, "insufficient_quota"]:
            self.assertEqual(self.tries(error_body(code), 429), 1, code)
        for status, code in (
            (400, "1210"),
            (400, "1211"),
            (400, "1261"),
            (400, "1301"),
            (401, "1000"),
            (403, "1220"),
            (400, "1233"),
        ):
            self.assertEqual(self.tries(error_body(code), status), 1, code)

    def test_answer_after_retries_is_returned(self) -> None:
        self.server.answer(error_body("1302"), 429, times=2)
        self.server.answer(completion("third time"))
        self.assertEqual(ask(self.zhipu).choices[0].message.content, "third time")

    def test_same_bytes_on_each_try(self) -> None:
        self.server.answer(error_body("1302"), 429, times=2)
        ask(self.zhipu, temperature=0.5)
        self.assertEqual(len({request.body for request in self.server.requests}), 1)
        self.assertEqual(len({request.head for request in self.server.requests}), 1)

    def test_connection_errors_are_retried(self) -> None:
        for ending in (CLOSE, RESET):
            zhipuai_lite._pool.close()  # on a reused connection the first would be no error yet
            self.server.raw(ending)
            self.server.raw(head(200, {"Content-Length": "9"}) + b"{", ending)
            self.assertEqual(ask(self.zhipu).choices[0].message.content, "你好！")
        self.assertEqual(len(self.slept), 4)

    def test_refused_connections_are_retried(self) -> None:
        client = self.client(base_url=f"http://127.0.0.1:{refused_port()}/", max_retries=2)
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            ask(client)
        self.assertEqual(len(self.slept), 2)

    def test_dates_that_confuse_python_are_no_dates(self) -> None:
        odd = "Wed, 3 Apr 2002 12.34.56.78+0800"
        server = self.serve()
        for error in (None, UnboundLocalError("of parsedate_tz before Python 3.9")):
            with mock.patch("email.utils.parsedate_tz", side_effect=error, return_value=None):
                server.answer(error_body("1302"), 429, {"Retry-After": odd})
                ask(self.client(server, max_retries=1))
                server.answer(error_body("1003"), 401, {"Date": odd})
                with self.assertRaises(zhipuai_lite.AuthenticationError):
                    ask(self.client(server))

    def test_timeouts_are_retried(self) -> None:
        self.server.raw(STALL)
        self.assertEqual(ask(self.client(self.server, max_retries=9), timeout=0.2).choices[0].message.content, "你好！")
        self.assertGreaterEqual(len(self.slept), 1)

    def test_stream_is_retried_until_its_head_came(self) -> None:
        self.server.answer(error_body("1302"), 429)
        self.server.raw(CLOSE)
        self.server.stream(chunk("a"), DONE)
        self.assertEqual(contents(ask(self.zhipu, stream=True)), ["a"])

    def test_no_retries_when_told_so(self) -> None:
        self.server.answer(error_body("1302"), 429)
        with self.assertRaises(zhipuai_lite.RateLimitError):
            ask(self.client(self.server, max_retries=0))
        self.assertEqual(len(self.server.requests), 1)

    def test_three_retries_by_default(self) -> None:
        client = ZhipuAI(api_key=KEY, base_url=self.server.url)
        self.assertEqual(client.max_retries, 3)
        self.assertEqual(ZhipuAI(api_key=KEY, max_retries=None).max_retries, 3)

    def test_wrong_number_of_retries_is_refused(self) -> None:
        for wrong in (-1, 1.5, "3", True):
            with self.assertRaisesRegex((TypeError, ValueError), "max_retries"):
                ZhipuAI(api_key=KEY, max_retries=wrong)  # type: ignore[arg-type]

    def test_waits_grow_with_jitter_up_to_eight_seconds(self) -> None:
        self.zhipu = self.client(self.server, max_retries=8)
        self.tries(error_body("1302"), 429)
        for index, seconds in enumerate(self.slept):
            longest = min(2 ** (index + 1), 8)
            self.assertTrue(0 < seconds <= longest, self.slept)
        self.assertGreater(self.slept[-1], 4)
        self.assertGreater(len(set(self.slept[-4:])), 1)

    def test_retry_after_is_obeyed(self) -> None:
        self.tries("busy", 429, {"Retry-After": "7"})
        self.assertEqual(self.slept, [7.0, 7.0])
        self.tries("busy", 503, {"Retry-After": "0.5"})
        self.assertEqual(self.slept, [0.5, 0.5])

    def test_retry_after_may_be_a_date(self) -> None:
        self.at(1700000000.0)
        self.tries("busy", 429, {"Retry-After": email.utils.formatdate(1700000009, usegmt=True)})
        self.assertEqual(self.slept, [9.0, 9.0])

    def test_retry_after_is_bounded(self) -> None:
        past = email.utils.formatdate(0, usegmt=True)
        future = "Fri, 31 Dec 9999 23:59:59 GMT"
        for value in (
            "86400",
            "1e9",
            "inf",
            "nan",
            "-5",
            "soon",
            "",
            past,
            future,
            "9" * 400,
            "Fri, 01 Jan 99999 00:00:00 GMT",
            "Fri, 99 Foo 99999 99:99:99",
        ):
            with self.subTest(value=value):
                self.tries("busy", 429, {"Retry-After": value})
                for seconds in self.slept:
                    self.assertTrue(0 <= seconds <= 60, self.slept)

    def test_x_should_retry_decides(self) -> None:
        self.assertEqual(self.tries(error_body("1302"), 429, {"x-should-retry": "false"}), 1)
        self.assertEqual(self.tries(error_body("1210"), 400, {"x-should-retry": "true"}), 3)

    def test_each_try_leaves_a_log_line(self) -> None:
        self.server.answer(error_body("1302"), 429, times=2)
        with self.logs("DEBUG") as logs:
            ask(self.zhipu)
        text = "\n".join(logs.output)
        self.assertEqual(len([record for record in logs.records if record.levelno == logging.DEBUG]), 3)
        self.assertEqual(len([record for record in logs.records if record.levelno == logging.INFO]), 2)
        for word in ("POST", self.server.url + "chat/completions", "429", "200", "ms", "attempt 3"):
            self.assertIn(word, text)

    # --- the clock of the server

    def expired(self, seconds: float) -> None:
        """The next answer is 401/1003 from a server whose clock shows this."""
        self.server.answer(
            error_body("1003", "token expired"), 401, {"Date": email.utils.formatdate(seconds, usegmt=True)}
        )

    def test_wrong_clock_is_put_right_by_the_server(self) -> None:
        clock = self.at(1700000000.0)
        self.expired(1700090000)
        self.assertEqual(ask(self.client(self.server)).choices[0].message.content, "你好！")
        self.assertEqual(claims(self.server.request.token)["timestamp"], 1700090000000)
        self.assertEqual(self.slept, [])
        clock.return_value += 3600  # the offset is remembered
        ask(self.client(self.server))
        self.assertEqual(claims(self.server.request.token)["timestamp"], 1700093600000)
        self.assertEqual(len(self.server.requests), 3)

    def test_wrong_clock_is_put_right_once_a_call(self) -> None:
        self.at(1700000000.0)
        self.expired(1700090000)
        self.expired(1700990000)
        self.expired(1800000000)
        with self.assertRaises(zhipuai_lite.AuthenticationError):
            ask(self.zhipu)
        self.assertEqual(len(self.server.requests), 2)

    def test_right_clock_is_left_alone(self) -> None:
        self.at(1700000000.0)
        for seconds in (1699999950, 1700000050):
            self.expired(seconds)
            with self.assertRaises(zhipuai_lite.AuthenticationError):
                ask(self.zhipu)
        self.server.answer(error_body("1003"), 401)
        with self.assertRaises(zhipuai_lite.AuthenticationError):
            ask(self.zhipu)
        for date in ("yesterday", "Fri, 31 Dec 9999 23:59:59 GMT"):
            self.server.answer(error_body("1003"), 401, {"Date": date})
            with self.assertRaises(zhipuai_lite.AuthenticationError):
                ask(self.zhipu)
        self.assertEqual(len(self.server.requests), 5)

    def test_other_refusals_do_not_touch_the_clock(self) -> None:
        self.at(1700000000.0)
        self.server.answer(error_body("1000"), 401, {"Date": email.utils.formatdate(1800000000, usegmt=True)})
        with self.assertRaises(zhipuai_lite.AuthenticationError):
            ask(self.zhipu)
        self.assertEqual(len(self.server.requests), 1)

    def test_raw_keys_are_not_signed_again(self) -> None:
        self.expired(1800000000)
        with self.assertRaises(zhipuai_lite.AuthenticationError):
            ask(self.client(self.server, api_key="sk-raw"))
        self.assertEqual(len(self.server.requests), 1)

    def test_retried_request_has_a_fresh_token(self) -> None:
        clock = self.at(1700000000.0)

        def sleep(seconds: float) -> None:
            clock.return_value += 3600

        self.server.answer(error_body("1302"), 429)
        with mock.patch("zhipuai_lite._sleep", sleep):
            ask(self.zhipu)
        first, second = self.server.requests
        self.assertEqual(claims(second.token)["timestamp"] - claims(first.token)["timestamp"], 3600000)


class SecretsTest(TestCase):
    def test_client_does_not_show_its_key(self) -> None:
        server = self.serve()
        client = self.client(server)
        ask(client)
        shown = [
            repr(client),
            str(client),
            repr(vars(client)),
            repr(client.__dict__),
            repr(client.chat),
            repr(vars(client.chat)),
        ]
        shown += [repr(client._default_headers), repr(client.auth_headers), repr(zhipuai_lite._tokens.__dict__)]
        for text in shown:
            self.assertNotIn(SECRET, text)
            self.assertNotIn(server.request.token, text)

    def frames_of(self, error: Any) -> str:
        """What is shown of the variables in this module's frames of a traceback."""
        shown = []
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == zhipuai_lite.__file__:
                values = trace.tb_frame.f_locals.values()
                shown += [repr(vars(value) if isinstance(value, ZhipuAI) else value) for value in values]
            trace = trace.tb_next
        self.assertTrue(shown)
        return "\n".join(shown)

    def test_frames_of_a_traceback_do_not_show_secrets(self) -> None:
        server = self.serve()
        password = "pr0xy-secret"

        def fails(call: Callable[[], Any]) -> None:
            text = ""
            try:  # assertRaises would clear the frames
                call()
            except (zhipuai_lite.ZhipuAIError, ValueError) as error:
                text = self.frames_of(error)
            self.assertTrue(text, "no error")
            self.assertNotIn(SECRET, text)
            self.assertNotIn(password, text)

        os.environ["ZHIPUAI_API_KEY"] = KEY
        fails(lambda: ZhipuAI(base_url="ftp://x"))
        fails(lambda: ZhipuAI(max_retries=-1))
        fails(lambda: ZhipuAI(api_key=KEY, max_retries=-1))
        os.environ["ZHIPUAI_API_KEY"] = KEY + " x"
        fails(lambda: ZhipuAI())
        fails(lambda: zhipuai_lite.generate_token(KEY, -1))
        for address in (f"socks5://user:{password}@127.0.0.1:1", f"http://user:{password}@127.0.0.1:99999"):
            with mock.patch.dict(os.environ, http_proxy=address):
                fails(lambda: ask(self.client(base_url="http://platform.test/")))
        server.answer({"error": {"code": "1", "message": KEY}})
        fails(lambda: ask(self.client(server)))
        server.answer("<html>" + KEY)
        fails(lambda: ask(self.client(server)))
        server.stream(chunk("a"), {"error": {"message": KEY}})
        fails(lambda: list(ask(self.client(server), stream=True)))

    def test_failed_tasks_do_not_show_the_key(self) -> None:
        server = self.serve()
        task = zhipuai_lite.AsyncTaskStatus(id="1", task_status="PROCESSING")
        for body in (
            {"id": "1", "task_status": "FAIL", "message": "bad key " + KEY},
            {"id": "1", "status": "failed", "errors": {"data": [{"message": "bad key " + KEY}]}},
        ):
            server.answer(body)
            with self.assertRaisesRegex(zhipuai_lite.APIResponseError, "bad key") as caught:
                self.client(server).wait(task)
            self.assertNotIn(SECRET, str(caught.exception) + repr(caught.exception.body))
            self.assertNotIn(SECRET.encode(), pickle.dumps(caught.exception))
        page = {"data": [{"id": "a", "filename": KEY}], "has_more": True, "last_id": "a"}
        server.answer(page, times=2)
        with self.assertRaises(zhipuai_lite.APIResponseError) as turned:
            list(self.client(server).files.list())
        self.assertNotIn(SECRET.encode(), pickle.dumps(turned.exception))

    def test_logs_do_not_show_key_and_token(self) -> None:
        server = self.serve()
        server.answer(error_body("1302"), 429)
        server.raw(CLOSE)
        with self.logs("DEBUG") as logs:
            ask(self.client(server, max_retries=3))
        self.assertNotIn(SECRET, str([record.__dict__ for record in logs.records]))
        self.assertNotIn(server.request.token, str([record.__dict__ for record in logs.records]))

    def test_server_that_repeats_the_token_does_not_leak_it(self) -> None:
        server = self.serve()
        client = self.client(server)

        def echo(request: Request) -> list[Step]:
            body = error_body("1000", f"bad token {request.token} of {KEY}")
            return answer(body, status=401 if len(server.requests) == 1 else 200, headers={"X-Echo": request.token})

        server.default = echo
        for _ in range(2):
            with self.assertRaises(zhipuai_lite.APIError) as caught:
                ask(client)
            error = caught.exception
            self.assertIn("bad token", str(error))
            for text in (str(error), repr(error), pickle.dumps(error, 0).decode("latin-1")):
                self.assertNotIn(SECRET, text)
                self.assertNotIn(server.request.token, text)

    def test_token_repeated_in_odd_places_is_hidden(self) -> None:
        server = self.serve()
        client = self.client(server)
        event = {"Content-Type": "text/event-stream"}
        plain = error_body("1000", "bad")
        answers: dict[str, Callable[[str], list[Step]]] = {
            "escaped": lambda token: answer(_json(plain).replace(b"bad", token.replace(".", "\\u002e").encode()), 400),
            "surrogate": lambda token: answer(
                b'{"error": {"message": "\\ud800 ' + token.replace(".", "\\u002e").encode() + b'"}}', 400
            ),
            "charset": lambda token: answer(
                token.encode("utf-32"), 400, {"Content-Type": "text/plain; charset=utf-32"}
            ),
            "no head": lambda token: [token.encode() + b" HTTP\r\n\r\n", CLOSE],
            "length": lambda token: [head(200, {"Content-Length": token}), CLOSE],
            "coding": lambda token: answer(plain, headers={"Content-Encoding": token}),
            "stream's head": lambda token: answer(sse("data: oops\n\n"), headers=dict(event, Echo=token)),
            "at the cut": lambda token: answer(
                sse("data: " + "x" * (200 - len(token) // 2) + token + "\n\n"), headers=event
            ),
            "utf-16": lambda token: answer(json.dumps(error_body("1", token)).encode("utf-16"), 400),
            "log id": lambda token: answer(plain, headers={"X-Log-Id": token}),
            "body id": lambda token: answer(dict(plain, request_id=token)),
            "chunk id": lambda token: answer(sse(dict(plain, id=token)), headers=event),
            "chunk list": lambda token: answer(sse("data: " + json.dumps([token]) + "\n\n"), headers=event),
        }
        for name, make in answers.items():
            server.default = lambda request, make=make: make(request.token)  # type: ignore[misc]
            with self.subTest(name), self.assertRaises(zhipuai_lite.APIError) as caught:
                list(ask(client, stream=True))
            shown = f"{caught.exception.__cause__!r} {vars(getattr(caught.exception, 'response', caught.exception))}"
            shown += f"{caught.exception!r} {vars(caught.exception)} {pickle.dumps(caught.exception, 0)!r}"
            if isinstance(caught.exception, zhipuai_lite.APIStatusError):
                shown += caught.exception.response.text
            self.assertNotIn(server.request.token[:150], shown.replace("\\\\u002e", ".").replace("\0", ""))

    def test_header_of_the_caller_that_is_repeated_is_hidden(self) -> None:
        server = self.serve()
        server.default = lambda request: answer(error_body("1", request.headers["x-api-key"]), 400)
        with self.assertRaises(zhipuai_lite.BadRequestError) as caught:
            ask(self.client(server), extra_headers={"X-Api-Key": "hidden-key"})
        self.assertNotIn("hidden-key", str(caught.exception) + repr(vars(caught.exception.response)))

    def test_token_is_in_no_frame_of_a_failure(self) -> None:
        server = self.serve()
        server.greeting = [CLOSE]
        client = self.client(server, max_retries=0, custom_headers={"Cookie": "hidden-cookie"})
        with self.assertRaises(zhipuai_lite.APIConnectionError) as caught:
            ask(client, messages=[{"role": "user", "content": "x" * (8 << 20)}])
        shown, cause = repr(vars(client)), caught.exception
        while cause is not None:
            for frame, _ in traceback.walk_tb(cause.__traceback__):
                if os.path.basename(frame.f_code.co_filename) == "zhipuai_lite.py":
                    shown += repr(frame.f_locals)[-5000:]
            cause = cause.__context__  # type: ignore[assignment]
        self.assertNotIn("hidden-cookie", shown)
        self.assertNotIn(SECRET, shown)
        self.assertNotIn("Bearer ey", shown)

    def test_secret_headers_of_the_caller_are_hidden(self) -> None:
        server = self.serve()
        server.answer(error_body("1"), 400)
        with self.assertRaises(zhipuai_lite.BadRequestError) as caught:
            ask(self.client(server), extra_headers={"Authorization": "Bearer hidden-1", "Cookie": "hidden-2"})
        self.assertEqual(server.request.headers["authorization"], "Bearer hidden-1")
        request: Any = caught.exception.request
        for text in (
            repr(vars(request)),
            str(list(map(str, request.headers.values()))),
            pickle.dumps(request, 0).decode(),
        ):
            self.assertNotIn("hidden", text)


class AnswersTest(TestCase):
    """What a call makes of the bodies that gateways and broken servers answer."""

    def error(self, body: Any, **headers: str) -> Any:
        server = self.serve()
        server.answer(body, headers=headers or {"Content-Type": "application/json"})
        with self.assertRaises(zhipuai_lite.APIResponseValidationError) as caught:
            ask(self.client(server))
        return caught.exception

    def test_html_of_a_gateway_raises(self) -> None:
        error = self.error("<html>请登录" + "x" * 100000, **{"Content-Type": "text/html"})
        self.assertIn("<html>请登录", str(error))
        self.assertLess(len(str(error)), 5000)
        self.assertEqual((error.status_code, error.response.status_code), (200, 200))

    def test_empty_answer_raises(self) -> None:
        self.error(b"")

    def test_broken_json_raises_and_shows_its_beginning(self) -> None:
        self.assertIn('{"id": "20', str(self.error(b'{"id": "20260711", "choices": [')))

    def test_bytes_that_are_no_utf8_raise(self) -> None:
        self.error(b'{"id": "\xff\xfe"}')

    def test_json_that_is_no_object_raises(self) -> None:
        for text in (b"1", b'"text"', b"true", b"1.5e3"):
            self.error(text)

    def foreign_error(self, client: ZhipuAI, **arguments: Any) -> str | None:
        """What a call raises that is not ours, with its place. It may return, or raise a `ZhipuAIError`."""
        try:
            result = ask(client, **arguments)
            if isinstance(result, zhipuai_lite.Stream):
                list(result)
                result.get_final_completion()
            repr(result)
        except zhipuai_lite.ZhipuAIError as error:
            repr(error)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            return f"{error!r} in {place.name}, line {place.lineno}"
        return None

    def test_random_bytes_raise_errors_of_ours(self) -> None:
        server = self.serve()
        client = self.client(server, timeout=2)
        pieces = [
            b"HTTP/1.1 ",
            b"200 OK\r\n",
            b"429 X\r\n",
            b"Content-Length: 5\r\n",
            b"Transfer-Encoding: chunked\r\n",
        ]
        pieces += [
            b"\r\n",
            b"Content-Type: text/event-stream\r\n",
            b"data: {}\n\n",
            b"5\r\nabcde\r\n",
            b"0\r\n\r\n",
            b"{",
            b"}",
        ]
        pieces += [
            b"\xff",
            b"Content-Encoding: gzip\r\n",
            b":",
            b"Retry-After: x\r\n",
            b"\x00",
            b"HTTP/1.1 100 C\r\n\r\n",
        ]
        for seed in range(150):
            random_ = random.Random(seed)
            body = b"HTTP/1.1 200 OK\r\n" if seed % 2 else b""
            body += b"".join(random_.choice(pieces) for _ in range(random_.randrange(12)))
            server.raw(body, CLOSE)
            self.assertIsNone(self.foreign_error(client, stream=bool(seed % 3)), (seed, body))

    def test_random_json_raises_errors_of_ours(self) -> None:
        server = self.serve()
        client = self.client(server)
        found: dict[Any, Any] = {}  # one example of each
        for seed in range(400):
            random_ = random.Random(seed)
            values = [random_json(random_) for _ in range(3)]
            names = ("", "", "event: error\n", "event: response.failed\n")
            events = [random_.choice(names) + sse(value).decode() for value in values]
            for kind, status, is_stream in (("answer", 200, False), ("answer", 200, True), ("error", 400, False)):
                server.answer(_json(values[0]), status, {"Content-Type": "application/json"})
                found.setdefault((kind, is_stream, self.foreign_error(client, stream=is_stream)), values[0])
            server.stream(*events, DONE)
            found.setdefault(("stream", True, self.foreign_error(client, stream=True)), events)
        foreign = [f"{key}: {value}" for key, value in found.items() if key[2] is not None]
        self.assertFalse(foreign, "\n".join(foreign))


def random_json(random_: random.Random, depth: int = 0) -> Any:
    """Some JSON value that is made of the platform's words, and of the wrong types mostly."""
    names = "error code message msg type status success choices delta index tool_calls content usage id request_id "
    names += "agent_id last_error response data object function arguments name finish_reason role audio mcp"
    kind = random_.randrange(9 if depth < 5 else 6) if depth else 8
    if kind < 6:
        return random_.choice(
            [None, True, 0, 1.5, "text", "failed", "1302", "error", -1, 10**30, "", [], {}, 200, 500, False]
        )
    if kind == 6:
        return [random_json(random_, depth + 1) for _ in range(random_.randrange(3))]
    return {random_.choice(names.split()): random_json(random_, depth + 1) for _ in range(random_.randrange(6))}


# ======================================================================================================================
# Endpoints: chat
# ======================================================================================================================


class ChatTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu = self.client(self.server)

    def sent(self, **arguments: Any) -> Any:
        """The body that a call with these arguments sends."""
        ask(self.zhipu, **arguments)
        return self.server.request.json

    def test_request_is_that_of_the_official_sdk(self) -> None:
        self.assertEqual(self.sent(), {"model": "glm-4-flash", "messages": MESSAGES})
        request = self.server.request
        self.assertEqual(
            (request.method, request.path, request.query_text), ("POST", "/api/paas/v4/chat/completions", "")
        )
        self.assertEqual(request.headers["content-type"].partition(";")[0], "application/json")
        self.assertIn("application/json", request.headers["accept"])
        self.assertEqual(request.headers["x-source-channel"], "python-sdk")
        self.assertEqual(request.headers["host"], f"127.0.0.1:{self.server.port}")
        self.assertIn("zhipuai_lite", request.headers["user-agent"])

    def test_body_is_compact_readable_json(self) -> None:
        ask(self.zhipu)
        expected = '{"model":"glm-4-flash","messages":[{"role":"user","content":"你好"}]}'
        self.assertEqual(len(self.server.request.body), len(expected.encode()))
        self.assertIn("你好".encode(), self.server.request.body)

    def test_every_parameter_is_sent_under_its_name(self) -> None:
        arguments: dict[str, Any] = {
            "request_id": "r-12345",
            "user_id": "u-12345",
            "do_sample": True,
            "temperature": 0.5,
            "top_p": 0.7,
            "max_tokens": 9,
            "seed": 1,
            "stop": ["\n"],
            "sensitive_word_check": {"type": "ALL", "status": "DISABLE"},
            "tools": [{"type": "web_search", "web_search": {"enable": True}}],
            "tool_choice": "auto",
            "meta": {"user_info": "u", "bot_info": "b", "bot_name": "n", "user_name": "m"},
            "extra": {"target": {"language": "Python", "code_prefix": "a", "code_suffix": "b"}},
            "response_format": {"type": "json_object"},
            "thinking": {"type": "enabled"},
            "reasoning_effort": "high",
            "tool_stream": True,
            "watermark_enabled": False,
        }
        self.assertEqual(self.sent(**arguments), dict(arguments, model="glm-4-flash", messages=MESSAGES))

    def test_none_and_not_given_are_left_out(self) -> None:
        names = "request_id user_id do_sample stream temperature top_p max_tokens seed stop sensitive_word_check tools "
        names += "tool_choice meta extra response_format thinking reasoning_effort tool_stream watermark_enabled "
        names += "extra_headers extra_body timeout"
        for value in (None, NOT_GIVEN):
            body = self.sent(**dict.fromkeys(names.split(), value))
            self.assertEqual(body, {"model": "glm-4-flash", "messages": MESSAGES})

    def test_misspelt_parameter_is_a_type_error(self) -> None:
        with self.assertRaisesRegex(TypeError, r"^Completions\.create\(\).*temprature"):
            ask(self.zhipu, temprature=1)
        with self.assertRaisesRegex(TypeError, "model"):
            self.zhipu.chat.completions.create(messages=MESSAGES)  # type: ignore[call-overload]
        with self.assertRaises(TypeError):
            self.zhipu.chat.completions.create("glm-4", MESSAGES)  # type: ignore[call-overload]
        self.assertEqual(self.server.requests, [])

    def test_temperature_is_sent_as_the_official_sdk_does(self) -> None:
        for given, sent, do_sample in (
            (0, 0.01, False),
            (0.0, 0.01, False),
            (-0.5, 0.01, False),
            (0.0001, 0.0001, None),
            (0.5, 0.5, None),
            (0.99, 0.99, None),
            (0.995, 0.995, None),
            (1, 0.99, None),
            (1.0, 0.99, None),
            (2, 0.99, None),
            (True, 0.99, None),
            (False, 0.01, False),
        ):
            with self.subTest(given=given):
                body = self.sent(temperature=given)
                self.assertEqual((body["temperature"], body.get("do_sample")), (sent, do_sample))
        self.assertIs(self.sent(temperature=0, do_sample=True)["do_sample"], False)
        self.assertIs(self.sent(temperature=0.5, do_sample=True)["do_sample"], True)

    def test_top_p_is_sent_as_the_official_sdk_does(self) -> None:
        for given, sent in ((0, 0.01), (-1, 0.01), (0.001, 0.001), (0.7, 0.7), (1, 0.99), (1.5, 0.99)):
            with self.subTest(given=given):
                self.assertEqual(self.sent(top_p=given)["top_p"], sent)

    def test_extra_body_wins(self) -> None:
        body = self.sent(temperature=0.5, model="a", extra_body={"temperature": 0, "model": "b", "new": [1]})
        self.assertEqual((body["temperature"], body["model"], body["new"]), (0, "b", [1]))
        self.assertNotIn("do_sample", body)
        with self.assertRaisesRegex(TypeError, "extra_body"):
            ask(self.zhipu, extra_body=[1])

    def test_extra_headers_win_whatever_their_case(self) -> None:
        client = self.client(self.server, custom_headers={"X-One": "client", "X-Two": "client"})
        ask(
            client,
            extra_headers={"x-one": "call", "AUTHORIZATION": "Bearer other", "User-agent": "me", "Accept": "*/*"},
        )
        fields = self.server.request.headers
        self.assertEqual((fields["x-one"], fields["x-two"]), ("call", "client"))
        self.assertEqual(
            (fields["authorization"], fields["user-agent"], fields["accept"]), ("Bearer other", "me", "*/*")
        )
        names = [name.lower() for name, _ in self.server.request.header_list]
        self.assertEqual(len(names), len(set(names)))
        ask(client)
        self.assertEqual(self.server.request.headers["x-one"], "client")

    def test_header_can_be_taken_away(self) -> None:
        ask(self.zhipu, extra_headers={"X-Source-Channel": None})
        self.assertNotIn("x-source-channel", self.server.request.headers)

    # --- messages

    def image(self, url: Any) -> list[Any]:
        return [
            {
                "role": "user",
                "content": [{"type": "text", "text": "?"}, {"type": "image_url", "image_url": {"url": url}}],
            }
        ]

    def test_image_prefix_is_dropped_without_touching_the_caller(self) -> None:
        messages = self.image("data:image/png;base64,iVBORw0KGgo=")
        before = copy.deepcopy(messages)
        self.assertEqual(self.sent(messages=messages)["messages"], self.image("iVBORw0KGgo="))
        self.assertEqual(messages, before)

    def test_other_image_addresses_are_left_alone(self) -> None:
        for url in (
            "https://h/a.png",
            "DATA:image/png;base64,AA",
            "data:text/plain;base64,AA",
            "data:image/png,AA",
            "",
            None,
            5,
        ):
            with self.subTest(url=url):
                self.assertEqual(self.sent(messages=self.image(url))["messages"], self.image(url))

    def test_image_prefix_is_cut_after_its_last_mark(self) -> None:
        url = "data:image/png;name=base64,;base64,AA=="
        self.assertEqual(self.sent(messages=self.image(url))["messages"], self.image("AA=="))

    def test_messages_of_any_shape_are_sent_as_they_are(self) -> None:
        for messages in (
            ["a", "b"],
            [1, 2],
            "text",
            [{"role": "user", "content": ["a", "b"]}],
            [{"role": "user", "content": [{"type": "image_url"}]}],
            [{"role": "user", "content": [{"type": "image_url", "image_url": "data:image/png;base64,AA"}]}],
            [{"role": "user", "content": None}],
            [],
        ):
            with self.subTest(messages=messages):
                self.assertEqual(self.sent(messages=messages)["messages"], messages)

    def test_tuples_are_sent_whole(self) -> None:
        messages = tuple(self.image("data:image/png;base64,AA"))
        self.assertEqual(self.sent(messages=messages)["messages"], list(messages))

    def test_message_of_an_answer_can_be_sent_back(self) -> None:
        self.server.answer(FULL_COMPLETION)
        message = ask(self.zhipu).choices[0].message
        sent = self.sent(messages=[*MESSAGES, message])["messages"]
        self.assertEqual(sent[1], FULL_COMPLETION["choices"][0]["message"])
        sent = self.sent(messages=[message.model_dump()])["messages"][0]
        self.assertEqual(sent["tool_calls"][0]["id"], "c1")

    def test_pydantic_objects_and_dataclasses_can_be_sent(self) -> None:
        class Pydantic:  # what the module knows such objects by
            def model_dump(self, **options: Any) -> dict[str, Any]:
                return {"role": "user", "content": "pydantic"}

        @dataclasses.dataclass
        class Message:
            role: str
            content: Any

        message = Message("user", [Message("inner", "x")])
        body = self.sent(messages=[Pydantic(), message])
        self.assertEqual(body["messages"][0], {"role": "user", "content": "pydantic"})
        self.assertEqual(body["messages"][1], {"role": "user", "content": [{"role": "inner", "content": "x"}]})
        self.assertEqual(message.content[0].content, "x")

    def test_image_prefix_is_dropped_in_objects_too(self) -> None:
        content = self.image("data:image/png;base64,AA==")[0]["content"]
        model = zhipuai_lite.CompletionMessage(role="user", content=content)
        self.assertEqual(self.sent(messages=[model])["messages"], self.image("AA=="))
        self.assertIn("data:image", str(model))

    def test_mappings_that_are_no_dict_can_be_sent(self) -> None:
        self.assertEqual(self.sent(messages=[types.MappingProxyType(MESSAGES[0])])["messages"], MESSAGES)

    # --- arguments that cannot be sent

    def refused(self, error: Any, name: str, **arguments: Any) -> None:
        with self.assertRaisesRegex(error, name):
            ask(self.zhipu, **arguments)
        self.assertEqual(self.server.requests, [])

    def test_nan_and_infinity_are_refused(self) -> None:
        for value in (float("nan"), float("inf"), float("-inf")):
            self.refused(ValueError, "seed", seed=value)
            self.refused(ValueError, "meta", meta={"a": [value]})
        self.refused(ValueError, "temperature", temperature=float("nan"))

    def test_lone_surrogates_are_refused(self) -> None:
        self.refused(ValueError, "messages", messages=[{"role": "user", "content": "\ud800"}])

    def test_unserialisable_objects_are_refused(self) -> None:
        self.refused(TypeError, "tools", tools=[object()])
        self.refused(TypeError, "messages", messages=[{"role": "user", "content": {1, 2}}])
        self.refused(TypeError, "stop", stop=b"bytes")

    def test_circular_objects_are_refused(self) -> None:
        loop: list[Any] = []
        loop.append(loop)
        self.refused(ValueError, "meta", meta=loop)


# ======================================================================================================================
# Endpoints: all others
# ======================================================================================================================


#: Every interface, a line each, from the platform's OpenAPI file, its other documentation and the official SDKs:
#: dotted name | method and path below /api, `form` for a multipart body | what it answers | class of the result |
#: group in the documentation (- where there is none) | parameters. Those of the path stand in it. `name*` is required,
#: `name=1` is sent as 1 when not given, `name>wire` has another name on the wire, `@name` is a file.
INTERFACES = """
chat.completions.create | POST /paas/v4/chat/completions | json sse | Completion | 模型-api | model* messages* request_id user_id do_sample temperature top_p max_tokens seed stop sensitive_word_check tools tool_choice meta extra response_format thinking reasoning_effort tool_stream watermark_enabled
chat.asyncCompletions.create | POST /paas/v4/async/chat/completions | json | AsyncTaskStatus | 模型-api | model* messages* request_id user_id do_sample temperature top_p max_tokens seed stop sensitive_word_check tools tool_choice meta extra response_format thinking reasoning_effort watermark_enabled
chat.asyncCompletions.retrieve_completion_result | GET /paas/v4/async-result/{id} | json | AsyncCompletion | 模型-api |
embeddings.create | POST /paas/v4/embeddings | json | EmbeddingsResponded | 模型-api | input* model* dimensions encoding_format user request_id sensitive_word_check
rerank.create | POST /paas/v4/rerank | json | RerankResp | 模型-api | model* query* documents* top_n return_documents return_raw_scores request_id user_id
tokenizer.create | POST /paas/v4/tokenizer | json | TokenizerResp | 模型-api | model* messages* tools request_id user_id
models.list | GET /paas/v4/models | json | ModelList | - |
images.generations | POST /paas/v4/images/generations | json | ImagesResponded | 模型-api | prompt* model n quality response_format size style sensitive_word_check user request_id user_id watermark_enabled
images.async_generations | POST /paas/v4/async/images/generations | json | AsyncImagesResponded | 模型-api | prompt* model quality size request_id user_id watermark_enabled
images.retrieve_images_result | GET /paas/v4/async-result/{id} | json | AsyncImagesResponded | 模型-api |
videos.generations | POST /paas/v4/videos/generations | json | VideoObject | 模型-api | model* prompt image_url quality with_audio size duration fps style aspect_ratio movement_amplitude off_peak sensitive_word_check request_id user_id watermark_enabled
videos.retrieve_videos_result | GET /paas/v4/async-result/{id} | json | VideoObject | 模型-api |
audio.transcriptions.create | POST /paas/v4/audio/transcriptions form | json sse | Transcription | 模型-api | @file* model* prompt hotwords request_id user_id temperature sensitive_word_check file_base64
audio.speech | POST /paas/v4/audio/speech | wav sse | BinaryResponse | 模型-api | model* input voice response_format sensitive_word_check request_id user_id stream=false encode_format speed volume watermark_enabled
audio.customization | POST /paas/v4/audio/customization form | wav | BinaryResponse | - | model* input voice_text @voice_data* response_format sensitive_word_check request_id user_id watermark_enabled
voice.clone | POST /paas/v4/voice/clone | json | VoiceCloneResult | 模型-api | voice_name* input* file_id* model* text request_id
voice.list | GET /paas/v4/voice/list | json | VoiceListResult | 模型-api | voice_type>voiceType voice_name>voiceName request_id
voice.delete | POST /paas/v4/voice/delete | json | VoiceDeleteResult | 模型-api | voice* request_id
files.create | POST /paas/v4/files form | json | FileObject | 文件-api | @file* purpose* upload_detail knowledge_id sentence_size
files.list | GET /paas/v4/files | json | ListOfFileObject | 文件-api | purpose limit after order
files.delete | DELETE /paas/v4/files/{file_id} | json | FileDeleted | 文件-api |
files.content | GET /paas/v4/files/{file_id}/content | bytes | BinaryResponse | 文件-api |
file_parser.create | POST /paas/v4/files/parser/create form | json | FileParserTaskCreateResp | 工具-api | @file* tool_type* file_type
file_parser.content | GET /paas/v4/files/parser/result/{task_id}/{format_type} | json | BinaryResponse | 工具-api |
file_parser.result | GET /paas/v4/files/parser/result/{task_id}/{format_type} | json | FileParsingDownloadResp | 工具-api |
file_parser.create_sync | POST /paas/v4/files/parser/sync form | json | FileParsingDownloadResp | 工具-api | @file* tool_type* file_type
ocr.handwriting_ocr | POST /paas/v4/files/ocr form | json | HandwritingOCRResp | 工具-api | @file* tool_type* language_type probability
layout_parsing.create | POST /paas/v4/layout_parsing | json | LayoutParsingResp | 模型-api | model* file* return_crop_images need_layout_visualization start_page_id end_page_id request_id user_id
batches.create | POST /paas/v4/batches | json | Batch | 批处理-api | endpoint* input_file_id* completion_window metadata auto_delete_input_file=true
batches.retrieve | GET /paas/v4/batches/{batch_id} | json | Batch | 批处理-api |
batches.list | GET /paas/v4/batches | json | ListOfBatch | 批处理-api | after limit
batches.cancel | POST /paas/v4/batches/{batch_id}/cancel | json | Batch | 批处理-api |
fine_tuning.jobs.create | POST /paas/v4/fine_tuning/jobs | json | FineTuningJob | - | model* training_file* hyperparameters suffix request_id validation_file
fine_tuning.jobs.retrieve | GET /paas/v4/fine_tuning/jobs/{fine_tuning_job_id} | json | FineTuningJob | - |
fine_tuning.jobs.list | GET /paas/v4/fine_tuning/jobs | json | ListOfFineTuningJob | - | after limit
fine_tuning.jobs.list_events | GET /paas/v4/fine_tuning/jobs/{fine_tuning_job_id}/events | json | FineTuningJobEvent | - | after limit
fine_tuning.jobs.cancel | POST /paas/v4/fine_tuning/jobs/{fine_tuning_job_id}/cancel | json | FineTuningJob | - |
fine_tuning.jobs.delete | DELETE /paas/v4/fine_tuning/jobs/{fine_tuning_job_id} | json | FineTuningJob | - |
fine_tuning.models.delete | DELETE /paas/v4/fine_tuning/fine_tuned_models/{fine_tuned_model} | json | FineTunedModelsStatus | - |
knowledge.create | POST /paas/v4/knowledge | json | KnowledgeInfo | - | embedding_id* name* customer_identifier description background icon bucket_id
knowledge.modify | PUT /paas/v4/knowledge/{knowledge_id} | json | Response | - | embedding_id* name* description background icon knowledge_id>id
knowledge.query | GET /paas/v4/knowledge | json | KnowledgePage | - | page=1 size=10
knowledge.delete | DELETE /paas/v4/knowledge/{knowledge_id} | json | Response | - |
knowledge.used | GET /paas/v4/knowledge/capacity | json | KnowledgeUsed | - |
knowledge.document.create | POST /paas/v4/files form | json | DocumentObject | - | @file* purpose* custom_separator upload_detail knowledge_id sentence_size
knowledge.document.edit | PUT /paas/v4/document/{document_id} | json | Response | - | knowledge_type* custom_separator sentence_size callback_url callback_header document_id>id
knowledge.document.list | GET /paas/v4/files | json | DocumentPage | - | knowledge_id* purpose page limit order
knowledge.document.delete | DELETE /paas/v4/document/{document_id} | json | Response | - |
knowledge.document.retrieve | GET /paas/v4/document/{document_id} | json | DocumentData | - |
knowledge_base.create | POST /llm-application/open/knowledge | json | KnowledgeBaseResp | 知识库-api | embedding_id* name* embedding_model contextual description background icon
knowledge_base.list | GET /llm-application/open/knowledge | json | KnowledgeBaseListResp | 知识库-api | page size
knowledge_base.retrieve | GET /llm-application/open/knowledge/{id} | json | KnowledgeBaseResp | 知识库-api |
knowledge_base.update | PUT /llm-application/open/knowledge/{id} | json | Envelope | 知识库-api | embedding_id embedding_model contextual name description background icon callback_url callback_header
knowledge_base.delete | DELETE /llm-application/open/knowledge/{id} | json | Envelope | 知识库-api |
knowledge_base.capacity | GET /llm-application/open/knowledge/capacity | json | KnowledgeBaseCapacityResp | 知识库-api |
knowledge_base.search | POST /llm-application/open/knowledge/retrieve | json | KnowledgeBaseSearchResp | 知识库-api | query* knowledge_ids* document_ids top_k top_n recall_method recall_ratio rerank_status rerank_model fractional_threshold request_id
knowledge_base.documents.list | GET /llm-application/open/document | json | KnowledgeBaseDocumentListResp | 知识库-api | knowledge_id* page size word
knowledge_base.documents.upload | POST /llm-application/open/document/upload_document/{id} form | json | KnowledgeBaseUploadResp | 知识库-api | @files* knowledge_type custom_separator sentence_size parse_image callback_url callback_header word_num_limit req_id
knowledge_base.documents.upload_urls | POST /llm-application/open/document/upload_url | json | KnowledgeBaseUploadResp | 知识库-api | knowledge_id* upload_detail*
knowledge_base.documents.retrieve | GET /llm-application/open/document/{id} | json | KnowledgeBaseDocumentResp | 知识库-api |
knowledge_base.documents.delete | DELETE /llm-application/open/document/{id} | json | Envelope | 知识库-api |
knowledge_base.documents.reembed | POST /llm-application/open/document/embedding/{id} | json | Envelope | 知识库-api | callback_url callback_header
knowledge_base.documents.images | POST /llm-application/open/document/slice/image_list/{id} | json | KnowledgeBaseImagesResp | 知识库-api |
zrag.retrieve | POST /zrag/retrieval/retrieve | json | ZragRetrieveResp | 知识库-api | knows* query multimodal multimodal_parts top_k top_n recall_method recall_ratio enable_rerank enable_rewrite enable_expansion similarity_threshold messages search_filters qa_intervention
zrag.chat | POST /zrag/agent/chat | sse | Stream | agent-api | messages* retrieval* model temperature max_steps enable_thinking
tools.web_search | POST /paas/v4/tools | json sse | WebSearch | - | model* messages* request_id scope location recent_days
web_search.web_search | POST /paas/v4/web_search | json | WebSearchResp | 工具-api | search_query search_engine search_intent count search_domain_filter search_recency_filter content_size request_id user_id sensitive_word_check location include_image
web_reader.web_reader | POST /paas/v4/reader | json | WebReaderResult | 工具-api | url* request_id user_id timeout no_cache return_format retain_images no_gfm keep_img_data_url with_images_summary with_links_summary
moderations.create | POST /paas/v4/moderations | json | ModerationCompletion | 工具-api | model* input*
agents.invoke | POST /v1/agents | json sse | AgentsCompletion | agent-api | agent_id messages request_id user_id custom_variables sensitive_word_check
agents.async_result | POST /v1/agents/async-result | json | AgentsCompletion | agent-api | agent_id async_id conversation_id custom_variables
agents.conversation | POST /v1/agents/conversation | json | AgentsCompletion | agent-api | agent_id conversation_id custom_variables
assistant.conversation | POST /paas/v4/assistant | sse json | Stream | 助理-api | assistant_id* messages* model conversation_id attachments metadata request_id user_id do_sample extra_parameters
assistant.query_support | POST /paas/v4/assistant/list | json | AssistantSupportResp | 助理-api | assistant_id_list request_id user_id
assistant.query_conversation_usage | POST /paas/v4/assistant/conversation/list | json | ConversationUsageListResp | 助理-api | assistant_id* page=1 page_size=10 request_id user_id
responses.create | POST /v1/responses | json sse | ResponseObject | response | model* input* instructions tools tool_choice reasoning temperature top_p max_output_tokens text store previous_response_id prompt_cache_key parallel_tool_calls metadata
responses.retrieve | GET /v1/responses/{response_id} | json | ResponseObject | response |
responses.delete | DELETE /v1/responses/{response_id} | json | ResponseDeleted | response |
responses.input_items.list | GET /v1/responses/{response_id}/input_items | json | ListOfResponseItem | response | after limit order
"""  # noqa: E501

MEDIA_TYPES = {
    "json": "application/json",
    "sse": "text/event-stream",
    "wav": "audio/wav",
    "bytes": "application/octet-stream",
}
#: What an interface is called with: something that no encoding leaves as it is.
ODD = "标识/.. ?#%2F&=+\n"
CALLBACK_HEADER = {"X-Token": "值"}


class Interface:
    """A line of `INTERFACES`."""

    def __init__(self, line: str) -> None:
        self.name, request, answers, self.result, self.group, parameters = (part.strip() for part in line.split("|"))
        self.method, self.path, *form = request.split()
        self.is_form = bool(form)
        self.answers = answers.split()
        self.in_path = re.findall("{(.*?)}", self.path)
        self.required = list(self.in_path)
        self.wire: dict[str, str] = {}  # parameter → its name on the wire
        self.files: list[str] = []
        self.defaults: dict[str, Any] = {}
        for parameter in parameters.split():
            name, _, wire = parameter.strip("@*").partition(">")
            name, _, default = name.partition("=")
            if parameter.endswith("*"):
                self.required.append(name)
            if default:
                self.defaults[name] = json.loads(default)
            if parameter.startswith("@"):
                self.files.append(name)
            else:
                self.wire[name] = wire or name

    def of(self, client: Any) -> Any:
        """The method of a client."""
        for name in self.name.split("."):
            client = getattr(client, name)
        return client

    def arguments(self, names: Any) -> dict[str, Any]:
        return {name: self.value(name) for name in names}

    def value(self, name: str) -> Any:
        if name in self.files:
            return f"{name}.txt", b"content of " + name.encode()
        if name == "stream":
            return False
        return {"callback_header": CALLBACK_HEADER, "request_id": "r-12345"}.get(name, name + ODD)

    def answer(self) -> list[Step]:
        """The least that it can answer."""
        if self.answers[0] == "json":
            return answer({})
        return stream(DONE) if self.answers[0] == "sse" else answer(b"\x00\xff")


def interfaces() -> list[Interface]:
    return [Interface(line) for line in INTERFACES.strip().splitlines()]


class InterfacesTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu: Any = self.client(self.server)

    def call(self, interface: Interface, names: Any, *args: Any, **more: Any) -> Any:
        self.server.default = lambda request: interface.answer()
        result = interface.of(self.zhipu)(*args, **interface.arguments(names), **more)
        if isinstance(result, zhipuai_lite.Stream):
            list(result)
        elif isinstance(result, zhipuai_lite.Response):
            result.read()
        return result

    def sent(self, interface: Interface) -> dict[str, Any]:
        """The parameters that the latest request has in its query or its body, by their names on the wire."""
        request = self.server.request
        if interface.method in ("GET", "DELETE"):
            self.assertEqual(request.body, b"")
            self.assertNotIn("content-type", request.headers)
            return {name: values[0] for name, values in request.query.items() if len(values) == 1}
        self.assertEqual(request.query_text, "")
        kind = request.headers.get("content-type")
        if interface.is_form:
            parts = parse_form(request)
            self.assertEqual(
                [(part.name, part.filename, part.content) for part in parts if part.filename],
                [(name, *interface.value(name)) for name in interface.files],
            )
            fields = {part.name: part.text for part in parts if part.filename is None}
            self.assertEqual(len(fields) + len(interface.files), len(parts), "a name came twice")
            return fields
        if not interface.wire:
            self.assertEqual((request.body, kind), (b"", None))
            return {}
        self.assertEqual(kind, "application/json")
        return dict(request.json)

    def expected(self, interface: Interface, names: Any) -> dict[str, Any]:
        values = {name: interface.defaults.get(name) for name in interface.defaults}
        values.update(interface.arguments(names))
        wire = {interface.wire[name]: value for name, value in values.items() if name in interface.wire}
        if interface.is_form or interface.method in ("GET", "DELETE"):
            return {name: value if isinstance(value, str) else json.dumps(value) for name, value in wire.items()}
        return wire

    def check_request(self, interface: Interface, names: Any) -> None:
        request = self.server.request
        path = interface.path
        for name in interface.in_path:
            path = path.replace(f"{{{name}}}", urllib.parse.quote(name + ODD, safe=""))
        self.assertEqual((request.method, request.path), (interface.method, "/api" + path))
        sent, expected = self.sent(interface), self.expected(interface, names)
        if "callback_header" in sent and interface.is_form:
            sent["callback_header"] = json.dumps(json.loads(sent["callback_header"]))
        self.assertEqual(sent, expected)

    def test_least_call_of_each_interface_sends_what_is_required(self) -> None:
        for interface in interfaces():
            with self.subTest(interface.name):
                result = self.call(interface, interface.required)
                self.check_request(interface, interface.required)
                self.assertEqual(type(result).__name__, interface.result)

    def test_each_interface_sends_every_parameter_under_its_name(self) -> None:
        for interface in interfaces():
            with self.subTest(interface.name):
                names = [*interface.in_path, *interface.files, *interface.wire]
                self.call(interface, dict.fromkeys(names))
                self.check_request(interface, names)

    def test_parameters_that_are_none_or_not_given_are_left_out(self) -> None:
        for value in (None, NOT_GIVEN):
            for interface in interfaces():
                with self.subTest(interface.name):
                    required = [*interface.required, *(["stream"] if "stream" in interface.defaults else [])]
                    optional = {name: value for name in interface.wire if name not in required}
                    self.call(interface, required, **dict(optional, extra_headers=value, extra_body=value))
                    wanted = {interface.wire[name] for name in required if name in interface.wire}
                    self.assertEqual(set(self.sent(interface)), wanted)

    def test_identifiers_of_the_path_come_first_and_may_be_positional(self) -> None:
        for interface in interfaces():
            if interface.in_path:
                with self.subTest(interface.name):
                    first = interface.in_path[0]
                    self.call(interface, set(interface.required) - {first}, first + ODD)
                    self.check_request(interface, interface.required)

    def test_identifier_is_one_segment_that_names_nothing_else(self) -> None:
        for interface in interfaces():
            for name in interface.in_path:
                arguments = interface.arguments(interface.required)
                for value in ("", ".", "..", "\ud800"):
                    with self.subTest(interface.name, value=value), self.assertRaisesRegex(ValueError, name):
                        interface.of(self.zhipu)(**dict(arguments, **{name: value}))
                for wrong in (None, b"x", ["x"], True):
                    with self.subTest(interface.name, value=wrong), self.assertRaises((TypeError, ValueError)):
                        interface.of(self.zhipu)(**dict(arguments, **{name: wrong}))
        self.assertEqual(self.server.requests, [])
        for value in (
            "a/b",
            "../x",
            "a?b=c",
            "a#b",
            "a%2Fb",
            "a b",
            "a\nb",
            "百",
            "https://evil/",
            "...",
            "a;b",
            "%2e",
        ):
            with contextlib.suppress(zhipuai_lite.ZhipuAIError):  # the answer does not matter
                self.zhipu.files.delete(value)
            quoted = self.server.request.path[len("/api/paas/v4/files/") :]
            self.assertRegex(quoted, r"^[A-Za-z0-9%_.~-]+$")
            self.assertEqual(urllib.parse.unquote(quoted), value)

    def test_each_interface_accepts_what_it_answers(self) -> None:
        for interface in interfaces():
            with self.subTest(interface.name):
                self.call(interface, interface.required)
                accepted = [part.partition(";")[0].strip() for part in self.server.request.headers["accept"].split(",")]
                answered = [MEDIA_TYPES[kind] for kind in interface.answers]
                for kind in answered:
                    self.assertTrue({kind, kind.partition("/")[0] + "/*", "*/*"}.intersection(accepted), accepted)
                self.assertLessEqual(set(accepted), {*answered, "*/*"})

    def test_each_interface_takes_extra_headers_extra_body_and_a_timeout(self) -> None:
        for interface in interfaces():
            with self.subTest(interface.name):
                more = {
                    "extra_headers": {"X-Extra": "1", "accept": "x/y"},
                    "extra_body": {"extra": "2"},
                    "timeout_override" if "timeout" in interface.wire else "timeout": 5,
                }
                self.call(interface, interface.required, **more)
                request = self.server.request
                self.assertEqual((request.headers["x-extra"], request.headers["accept"]), ("1", "x/y"))
                if interface.is_form:
                    self.assertEqual([part.text for part in parse_form(request) if part.name == "extra"], ["2"])
                else:
                    self.assertEqual(request.json["extra"], "2")

    def test_misspelt_parameter_is_a_type_error(self) -> None:
        for interface in interfaces():
            with self.subTest(interface.name), self.assertRaisesRegex(TypeError, "misspelt_parameter"):
                interface.of(self.zhipu)(**interface.arguments(interface.required), misspelt_parameter=1)
            for name in set(interface.required).difference(interface.files):
                given = interface.arguments(other for other in interface.required if other != name)
                if interface.name != "file_parser.result" or name != "format_type":
                    with self.subTest(interface.name, missing=name), self.assertRaisesRegex(TypeError, name):
                        interface.of(self.zhipu)(**given)
        self.assertEqual(self.server.requests, [])

    def test_each_interface_names_its_documentation(self) -> None:
        for interface in interfaces():
            with self.subTest(interface.name):
                text = interface.of(self.zhipu).__doc__
                group = "" if interface.group == "-" else f"api-reference/{interface.group}/"
                self.assertRegex(text, f"https://docs.bigmodel.cn/{group}\\S")
                self.assertGreater(len(text.split("https:")[0].strip()), 10)

    def test_list_of_the_command_line_has_every_interface_and_no_other(self) -> None:
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertEqual(zhipuai_lite.main(["call", "--list"]), 0)
        listed = dict(re.findall(r"^([\w.]+)\((.*)\)$", output.getvalue(), re.MULTILINE))
        self.assertEqual(set(listed), {interface.name for interface in interfaces()})
        for interface in interfaces():
            names = set(re.findall(r"\w+", listed[interface.name]))
            self.assertLessEqual({*interface.required, *interface.wire, *interface.files}, names, interface.name)

    def test_paths_outside_of_paas_hang_on_the_root_of_the_base_url(self) -> None:
        for base, root in (
            ("/api/paas/v4/", "/api"),
            ("/api/paas/v4", "/api"),
            ("/api/coding/paas/v4", "/api"),
            ("/gateway/api/paas/v4/", "/gateway/api"),
            ("/api/zhipu/api/paas/v4", "/api/zhipu/api"),
            ("/", "/api"),
            ("/v4", "/api"),
        ):
            client: Any = self.client(base_url=self.server.origin + base)
            for call, path in (
                (client.agents.invoke, "/v1/agents"),
                (client.knowledge_base.list, "/llm-application/open/knowledge"),
                (lambda: client.responses.retrieve("r/1"), "/v1/responses/r%2F1"),  # noqa: B023
            ):
                self.server.answer({})
                call()
                self.assertEqual(self.server.request.path, root + path, base)
            self.server.answer({})
            client.batches.retrieve("b")
            self.assertEqual(self.server.request.path, base.rstrip("/") + "/batches/b")

    def test_parameters_that_the_official_sdk_takes_by_position(self) -> None:
        self.server.default = lambda request: answer({})
        zhipu = self.zhipu
        calls: list[tuple[Any, dict[str, Any]]] = [
            (lambda: zhipu.videos.generations("m"), {"model": "m"}),
            (lambda: zhipu.knowledge.create(3, "n"), {"embedding_id": 3, "name": "n"}),
            (lambda: zhipu.knowledge.modify("k", 3, name="n"), {"embedding_id": 3, "name": "n", "id": "k"}),
            (lambda: zhipu.knowledge.document.edit("d", "1"), {"knowledge_type": "1", "id": "d"}),
            (
                lambda: zhipu.agents.invoke("a", "r", False, []),
                {"agent_id": "a", "request_id": "r", "stream": False, "messages": []},
            ),
            (
                lambda: zhipu.agents.async_result("a", "i", "c"),
                {"agent_id": "a", "async_id": "i", "conversation_id": "c"},
            ),
            (
                lambda: zhipu.assistant.query_conversation_usage("a", 2, 3),
                {"assistant_id": "a", "page": 2, "page_size": 3},
            ),
        ]
        for call, body in calls:
            call()
            self.assertEqual(self.server.request.json, body)
        zhipu.knowledge.document.list("k")
        self.assertEqual(self.server.request.query, {"knowledge_id": ["k"]})
        self.server.stream(DONE)
        list(zhipu.assistant.conversation("a", [], "glm-4-assistant"))
        self.assertEqual(self.server.request.json, {"assistant_id": "a", "messages": [], "model": "glm-4-assistant"})

    def test_query_values_are_encoded_by_their_type(self) -> None:
        self.server.default = lambda request: answer({"data": []})
        self.zhipu.files.list(purpose="a&b=c 百", limit=5, extra_body=None)
        self.assertEqual(self.server.request.query_text, "purpose=a%26b%3Dc+%E7%99%BE&limit=5")
        for wrong in (float("nan"), {"a": 1}, b"x", "\ud800"):
            with self.assertRaises((TypeError, ValueError)):
                self.zhipu.files.list(limit=wrong)

    def test_identifiers_of_headers_are_sent_there(self) -> None:
        self.server.answer({"voice_list": []})
        self.zhipu.voice.list(request_id="r-12345")
        self.assertEqual(self.server.request.headers["request-id"], "r-12345")
        self.server.stream(DONE)
        with self.zhipu.zrag.chat(messages=MESSAGES, retrieval={"know_ids": ["1"]}, session_id="s-1"):
            self.assertEqual(self.server.request.headers["x-session-id"], "s-1")
            self.assertNotIn("session_id", self.server.request.json)
        self.server.answer({})
        self.zhipu.voice.list()
        self.assertNotIn("request-id", self.server.request.headers)
        with self.assertRaises(ValueError):
            self.zhipu.voice.list(request_id="a\r\nX-Forged: 1")

    def test_timeout_of_the_reader_is_the_platforms(self) -> None:
        self.server.answer({})
        self.zhipu.web_reader.web_reader(url="https://a", timeout=3)
        self.assertEqual(self.server.request.json, {"url": "https://a", "timeout": 3})
        self.server.raw(STALL)
        with self.assertRaises(zhipuai_lite.APITimeoutError):
            self.zhipu.web_reader.web_reader(url="https://a", timeout=30, timeout_override=0.05)

    def test_strict_validation_can_be_turned_off(self) -> None:
        for call in (self.zhipu.embeddings.create, self.zhipu.images.generations):
            self.server.answer({"data": [{"url": "https://i"}]})
            result = call(**{"prompt": "p"} if "images" in call.__qualname__.lower() else {"model": "m", "input": "i"},
                          disable_strict_validation=True)  # fmt: skip
            self.assertIs(type(result), dict)
            self.assertIs(type(result["data"][0]), dict)
            self.assertNotIn("disable_strict_validation", self.server.request.json)

    def test_sampling_of_transcriptions_stays_within_the_official_bounds(self) -> None:
        for given, sent in ((0, "0.01"), (1.5, "0.99"), (0.5, "0.5")):
            self.server.answer({"text": "你好"})
            self.zhipu.audio.transcriptions.create(model="glm-asr", file=b"RIFF", temperature=given)
            fields = {part.name: part.text for part in parse_form(self.server.request)}
            self.assertEqual(fields["temperature"], sent)
            self.assertNotIn("do_sample", fields)

    def test_extra_body_may_replace_a_field_of_a_form(self) -> None:
        self.server.answer({})
        self.zhipu.files.create(file=b"x", purpose="batch", extra_body={"purpose": "agent", "new": True})
        fields = [(part.name, part.text) for part in parse_form(self.server.request) if part.filename is None]
        self.assertEqual(fields, [("purpose", "agent"), ("new", "true")])

    def test_upload_without_a_file_is_json(self) -> None:
        details = [{"url": "https://a", "knowledge_type": 1}]
        for create in (self.zhipu.files.create, self.zhipu.knowledge.document.create):
            self.server.answer({})
            create(purpose="retrieval", upload_detail=details)
            self.assertEqual(self.server.request.json, {"purpose": "retrieval", "upload_detail": details})
            with self.assertRaises((TypeError, ValueError)):
                create(purpose="retrieval")

    def test_transcription_of_base64_is_a_form_without_a_file(self) -> None:
        self.server.answer({"text": "你好"})
        self.zhipu.audio.transcriptions.create(model="glm-asr-2512", file_base64="UklGRg==")
        parts = parse_form(self.server.request)
        self.assertEqual({part.name: part.text for part in parts}, {"model": "glm-asr-2512", "file_base64": "UklGRg=="})


#: The fields of answers, from the platform's OpenAPI file and recorded answers: `name[...]` is a list, `name<...>`
#: a list of lists, `name{...}` one object, `name(...)` an object that nobody promises the fields of.
ANSWERS = """
chat.asyncCompletions.retrieve_completion_result: id request_id created model task_status choices[index message{role content reasoning_content audio{id data expires_at} tool_calls[function{name arguments} mcp{id type server_label error arguments name output} id type]} finish_reason] usage{prompt_tokens completion_tokens prompt_tokens_details{cached_tokens} completion_tokens_details{reasoning_tokens} total_tokens} video_result[url cover_image_url] web_search[icon title link media publish_date content refer] content_filter[role level] image_result[url]
images.retrieve_images_result: id request_id model task_status image_result[url]
videos.retrieve_videos_result: id request_id model task_status video_result[url cover_image_url]
images.generations: created data[url b64_json revised_prompt] content_filter[role level]
audio.transcriptions.create: id created request_id model text
voice.clone: voice file_id file_purpose request_id
voice.list: voice_list[voice voice_name voice_type download_url create_time]
voice.delete: voice update_time
embeddings.create: model object data[index object embedding] usage{prompt_tokens completion_tokens total_tokens}
rerank.create: created id request_id results[document index relevance_score] usage{prompt_tokens total_tokens}
tokenizer.create: created id request_id usage{prompt_tokens video_tokens image_tokens total_tokens}
models.list: object data[id object created owned_by]
layout_parsing.create: id created model md_results layout_details<index label bbox_2d content height width> layout_visualization data_info{num_pages pages[width height]} usage{prompt_tokens completion_tokens prompt_tokens_details{cached_tokens} total_tokens} request_id
web_search.web_search: id created request_id search_intent[query intent keywords] search_result[title content link media icon refer publish_date]
web_reader.web_reader: id created request_id model reader_result{content description title url publishedTime external(stylesheet) metadata(keywords)}
moderations.create: id created request_id result_list[content_type risk_level risk_type] usage{moderation_text{call_count}}
tools.web_search: id created request_id choices[index finish_reason message{role tool_calls[id type search_intent[index query intent keywords] search_result[index title link content icon media refer] search_recommend[index query]]}]
agents.invoke: id agent_id conversation_id async_id status choices[index messages[role content(type text)] finish_reason] usage{prompt_tokens completion_tokens total_tokens}
agents.async_result: agent_id async_id status choices[messages[role content(type file_url)]] usage{total_tokens}
agents.conversation: conversation_id agent_id choices[message[role content(type tag_cn file_url)]]
files.create: id object bytes created_at filename purpose status status_details
files.list: object data[id object bytes created_at filename purpose] has_more
files.delete: id object deleted
file_parser.create: success message task_id
file_parser.result: status message content task_id parsing_result_url
ocr.handwriting_ocr: task_id message status words_result_num words_result[location{left top width height} words probability{average variance min}]
batches.retrieve: id object endpoint input_file_id completion_window status output_file_id error_file_id created_at in_progress_at expires_at finalizing_at completed_at failed_at expired_at cancelling_at cancelled_at request_counts{total completed failed} total completed failed metadata(key) errors{object data[code line message param]}
batches.list: object data[id object status request_counts{total completed failed}] first_id last_id has_more
fine_tuning.jobs.retrieve: id request_id created_at error{code message param} fine_tuned_model finished_at hyperparameters{batch_size learning_rate_multiplier n_epochs} model object result_files status trained_tokens training_file validation_file
fine_tuning.jobs.list_events: object has_more data[object id type created_at level message data{epoch current_steps total_steps elapsed_time remaining_time trained_tokens loss eval_loss acc eval_acc learning_rate}]
fine_tuning.models.delete: request_id model_name delete_status
knowledge.create: id embedding_id name customer_identifier description background icon bucket_id
knowledge.query: object list[id embedding_id name]
knowledge.used: used{word_num length} total{word_num length}
knowledge.document.create: successInfos[documentId filename] failedInfos[filename documentId failReason]
knowledge.document.list: object list[id custom_separator sentence_size length word_num name url embedding_stat failInfo{embedding_code embedding_msg}]
knowledge_base.search: data[text score metadata{_id knowledge_id doc_id doc_name doc_url contextual_text}] code message timestamp
knowledge_base.create: data{id} code message timestamp
knowledge_base.list: data{list[id embedding_id name description contextual background icon document_size length word_num] total} code message timestamp
knowledge_base.retrieve: data{id embedding_id name description contextual background icon document_size length word_num} code message timestamp
knowledge_base.delete: code message timestamp
knowledge_base.capacity: data{used{word_num length} total{word_num length}} code message timestamp
knowledge_base.documents.list: data{list[id knowledge_type custom_separator sentence_size length word_num name url embedding_stat failInfo{embedding_code embedding_msg}] total} code message timestamp
knowledge_base.documents.upload: data{successInfos[documentId fileName] failedInfos[fileName failReason]} code message timestamp
knowledge_base.documents.upload_urls: data{successInfos[documentId url] failedInfos[url failReason]} code message timestamp
knowledge_base.documents.images: data{images[text cos_url]} code message timestamp
knowledge_base.documents.retrieve: data{id knowledge_type custom_separator sentence_size length word_num name url embedding_stat failInfo{embedding_code embedding_msg}} code message timestamp
zrag.retrieve: data{contents[id know_id doc_id text image_url(url) video_url(url) index score rerank_index rerank_score metadata(doc_type)] rewritten_query(original_query) elapsed_ms total_tokens request_id} code message
assistant.query_support: success code msg data[assistant_id name avatar description tools status starter_prompts created_at updated_at]
assistant.query_conversation_usage: success code msg data{assistant_id conversation_list[id assistant_id create_time update_time usage{prompt_tokens completion_tokens total_tokens}] has_more}
responses.retrieve: id object created_at model status instructions max_output_tokens temperature top_p text(format) tools error{code message} incomplete_details(reason) output[id type status role content[type text]] usage{input_tokens input_tokens_details{cached_tokens} output_tokens output_tokens_details{reasoning_tokens} total_tokens} previous_response_id prompt_cache_key metadata parallel_tool_calls
responses.input_items.list: object data[id type status role content[type text]] first_id last_id has_more
"""  # noqa: E501


def sample(shape: str) -> dict[str, Any]:
    """An object with the fields of a line of `ANSWERS`; one that need not be typed is marked."""
    tokens = iter(re.findall(r"\w+|[\[\]<>(){}]", shape))

    def fields(last: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        name = ""
        for token in tokens:
            if token == last:
                break
            if token in "[<({":
                inner = fields({"[": "]", "<": ">", "(": ")", "{": "}"}[token])
                found[name] = {"[": [inner], "<": [[inner]], "(": dict(inner, untyped=1), "{": inner}[token]
            else:
                name = token
                found[name] = {"code": 200, "success": True}.get(name, "a " + name)
        return found

    return fields("")


def declared(result: Any) -> set[str]:
    """The fields that a model's class names."""
    return {name for cls in type(result).__mro__ for name in getattr(cls, "__annotations__", {})}


class ResultsTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu: Any = self.client(self.server)

    def answered(self, name: str, body: Any) -> Any:
        interface = next(interface for interface in interfaces() if interface.name == name)
        self.server.answer(body)
        return interface.of(self.zhipu)(**interface.arguments(interface.required))

    def check(self, result: Any, body: dict[str, Any], place: str) -> None:
        """Every field is a declared one, read as an attribute, and every object in it a model."""
        self.assertIsInstance(result, zhipuai_lite.Model, place)
        for name, value in body.items():
            self.assertIn(name, declared(result), place)
            read = getattr(result, name) if not name.startswith("_") else result[name]
            self.assertEqual(read, value, place)
            while isinstance(value, list):
                read, value = read[0], value[0]
            if isinstance(value, dict) and "untyped" not in value:
                self.check(read, value, f"{place}.{name}")

    def test_fields_of_every_answer_are_typed(self) -> None:
        for line in ANSWERS.strip().splitlines():
            name, _, shape = line.partition(": ")
            body = sample(shape)
            with self.subTest(name):
                result = self.answered(name, body)
                self.check(result, body, name)
                self.assertEqual(result.to_dict(), body)
                twin = pickle.loads(pickle.dumps(result))
                self.assertEqual((type(twin), twin.to_dict()), (type(result), body))
                tomorrow = self.answered(name, dict(body, field_of_tomorrow=[{"a": 1}]))
                self.assertEqual(tomorrow.field_of_tomorrow, [{"a": 1}])

    def test_declared_fields_that_were_not_sent_are_none(self) -> None:
        for line in ANSWERS.strip().splitlines():
            name, _, shape = line.partition(": ")
            result = self.answered(name, {})
            for field in sample(shape):
                self.assertIsNone(getattr(result, field), (name, field))

    def test_chat_task_is_a_completion_only_once_it_is_finished(self) -> None:
        for status, result_class in (
            ("PROCESSING", zhipuai_lite.AsyncTaskStatus),
            ("FAIL", zhipuai_lite.AsyncTaskStatus),
            ("SUCCESS", zhipuai_lite.AsyncCompletion),
        ):
            body = {"id": "1", "request_id": "2", "model": "m", "task_status": status}
            self.server.answer(body)
            result = self.zhipu.chat.asyncCompletions.retrieve_completion_result("1")
            self.assertEqual((type(result), result.task_status), (result_class, status))
            classes = [zhipuai_lite.AsyncTaskStatus, zhipuai_lite.AsyncCompletion]
            self.assertEqual([known for known in classes if isinstance(result, known)], [result_class])
            if status != "SUCCESS":
                self.assertEqual(result.model_dump(), body)
        self.server.answer({"id": "1", "task_status": "PROCESSING"})
        self.server.answer({"id": "1", "task_status": "SUCCESS", "choices": [{"message": {"content": "a"}}]})
        task = self.zhipu.chat.asyncCompletions.retrieve_completion_result("1")
        with mock.patch.object(zhipuai_lite, "_sleep"):
            self.assertEqual(self.zhipu.wait(task).choices[0].message.content, "a")

    def test_fields_under_other_names(self) -> None:
        result = self.answered("web_reader.web_reader", {"reader_result": {"publishedTime": "2026-07-11"}})
        self.assertEqual(result.reader_result.published_time, "2026-07-11")
        output = [
            {"type": "reasoning", "summary": []},
            {"type": "message", "content": [{"type": "output_text", "text": "你"}, {"type": "refusal", "text": "x"}]},
            {"type": "message", "content": [{"type": "output_text", "text": "好"}]},
        ]
        self.assertEqual(self.answered("responses.retrieve", {"output": output}).output_text, "你好")
        self.assertEqual(self.answered("responses.retrieve", {}).output_text, "")

    def test_class_names_of_the_official_sdk_are_kept(self) -> None:
        names = """AgentsChoice AgentsChoiceDelta AgentsCompletion AgentsCompletionChoice AgentsCompletionChunk
        AgentsCompletionMessage AgentsCompletionUsage AgentsError AssistantChoice AssistantCompletion AssistantSupport
        AssistantSupportResp AsyncCompletion AsyncImagesResponded AsyncTaskStatus AudioCompletionChunk AudioError
        AudioSpeechChoice AudioSpeechChunk AudioSpeechDelta Batch BatchError BatchRequestCounts ChatCompletionChunk
        Choice ChoiceDelta ChoiceDeltaToolCall ChoiceDeltaToolCallFunction CodeInterpreter CodeInterpreterToolBlock
        CodeInterpreterToolOutput Completion CompletionChoice CompletionMessage CompletionMessageToolCall
        CompletionTokensDetails CompletionUsage ConversationUsage ConversationUsageList ConversationUsageListResp
        DataInfo DocumentData DocumentDataFailInfo DocumentFailedInfo DocumentObject DocumentPage DocumentSuccessinfo
        DrawingTool DrawingToolBlock DrawingToolOutput Embedding EmbeddingsResponded Error ErrorInfo Errors FileDeleted
        FileObject FileParserTaskCreateResp FileParsingDownloadResp FineTunedModelsStatus FineTuningJob
        FineTuningJobEvent Function FunctionTool FunctionToolBlock FunctionToolOutput GeneratedImage HandwritingOCRResp
        HttpxBinaryResponseContent Hyperparameters ImagesResponded JobEvent KnowledgeInfo KnowledgePage
        KnowledgeStatistics KnowledgeUsed LayoutDetail LayoutParsingResp ListOfFileObject ListOfFineTuningJob Location
        Metric PageInfo Probability PromptTokensDetails ReaderData RetrievalTool RetrievalToolBlock RetrievalToolOutput
        SearchIntent SearchIntentResp SearchRecommend SearchResult SearchResultResp SyncCursorPage TextContentBlock
        ToolsDeltaBlock UploadDetail Usage VideoObject VideoResult VoiceCloneResult VoiceData VoiceDeleteResult
        VoiceListResult WebBrowser WebBrowserOutput WebBrowserToolBlock WebReaderResult WebSearch WebSearchChoice
        WebSearchChunk WebSearchMessage WebSearchMessageToolCall WebSearchResp WordsResult"""
        missing = [name for name in names.split() if not hasattr(zhipuai_lite, name)]
        self.assertEqual(missing, [])

    def test_raw_answers_are_returned_where_the_official_sdk_does(self) -> None:
        for status, body in ((200, {"code": 200, "message": "ok"}), (200, b""), (204, None)):
            self.server.answer(body, status)
            result = self.zhipu.knowledge.delete("k")
            self.assertEqual((result.status_code, bool(result.content)), (status, bool(body)))
        self.server.answer({"a": "值"})
        result = self.zhipu.knowledge.document.edit("d", "1")
        self.assertEqual((result.json(), result.text), ({"a": "值"}, '{"a":"值"}'))

    def test_blocks_of_the_assistant_are_typed_by_their_type(self) -> None:
        blocks = [
            {
                "type": "code_interpreter",
                "code_interpreter": {"input": "1", "outputs": [{"type": "logs", "logs": "2"}]},
            },
            {"type": "drawing_tool", "drawing_tool": {"input": "1", "outputs": [{"image": "https://i"}]}},
            {"type": "web_browser", "web_browser": {"input": "1", "outputs": [{"title": "t", "link": "l"}]}},
            {"type": "retrieval", "retrieval": {"outputs": [{"text": "t", "document": "d"}]}},
            {"type": "function", "function": {"name": "f", "arguments": {}, "outputs": [{"content": "c"}]}},
        ]
        calls = {"type": "tool_calls", "role": "tool", "tool_calls": [*blocks, {"type": "of_tomorrow", "x": {}}]}
        text = {"type": "content", "role": "assistant", "content": "你好"}
        body = {"status": "completed", "choices": [{"index": 0, "delta": calls}, {"index": 1, "delta": text}]}
        self.server.stream(body, DONE)
        (result,) = list(self.zhipu.assistant.conversation("a", MESSAGES))
        first, second = (choice.delta for choice in result.choices)
        self.assertIsInstance(first, zhipuai_lite.ToolsDeltaBlock)
        self.assertIsInstance(second, zhipuai_lite.TextContentBlock)
        self.assertEqual(second.content, "你好")
        for block, data in zip(first.tool_calls, blocks):
            name = str(data["type"])
            self.assertEqual(type(block).__name__.lower(), name.replace("_tool", "").replace("_", "") + "toolblock")
            self.assertIsInstance(getattr(block, name).outputs[0], zhipuai_lite.Model)
        self.assertEqual(result.to_dict(), body)


# --- uploads


class Part:
    """A part of a multipart form."""

    def __init__(self, head: bytes, content: bytes) -> None:
        self.headers: dict[str, bytes] = {}
        for line in head.split(b"\r\n"):
            name, colon, value = line.partition(b": ")
            assert colon and re.fullmatch(b"[A-Za-z-]+", name) and not re.search(b"[\x00-\x1f\x7f]", value), line
            self.headers[name.decode().lower()] = value
        kind, parameters = parse_parameters(self.headers["content-disposition"])
        assert kind == b"form-data" and set(parameters) <= {"name", "filename"}, head
        self.name = parameters["name"]
        self.filename = parameters.get("filename")
        self.content = content

    @property
    def text(self) -> str:
        return self.content.decode()


def parse_parameters(text: bytes) -> tuple[bytes, dict[str, str]]:
    """The value and the parameters of a header, byte by byte; in quotes, as browsers send them: %22, %0D, %0A."""
    kind, _, rest = text.partition(b";")
    parameters = {}
    at = 0
    while at < len(rest):
        found = re.compile(b' *([a-z]+)=(?=")|  *([a-z]+)=([A-Za-z0-9]+)').match(rest, at)
        assert found, text
        at = found.end()
        if found.group(1):
            value, at = b"", at + 1
            while rest[at : at + 1] != b'"':
                at += rest[at : at + 1] == b"\\"
                assert at < len(rest), text
                value += rest[at : at + 1]
                at += 1
            at += 1
            assert found.group(1).decode() not in parameters, text
            value = re.sub(b"%([0-9A-F]{2})", lambda code: bytes([int(code.group(1), 16)]), value)
            parameters[found.group(1).decode()] = value.decode("utf-8", "surrogateescape")
        else:
            parameters[found.group(2).decode()] = found.group(3).decode()
        assert rest[at : at + 1] in (b"", b";"), text
        at += 1
    return kind, parameters


def parse_form(request: Request) -> list[Part]:
    """The parts of a multipart form (RFC 2046, 5.1; RFC 7578): slow and strict."""
    kind, parameters = parse_parameters(request.headers["content-type"].encode())
    assert kind == b"multipart/form-data", kind
    boundary = b"\r\n--" + parameters["boundary"].encode()
    before, *pieces, after = (b"\r\n" + request.body).split(boundary)
    assert (before, after) == (b"", b"--\r\n"), (before[:100], after[:100])
    parts = []
    for piece in pieces:
        assert piece.startswith(b"\r\n"), piece[:100]
        head, blank, content = piece[2:].partition(b"\r\n\r\n")
        assert blank, piece[:100]
        parts.append(Part(head, content))
    return parts


class Pipe:
    """A source that can only be read, a little at a time."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.read_calls = 0

    def read(self, size: int = -1) -> bytes:
        self.read_calls += 1
        size = len(self.content) if size is None or size < 0 else min(size, 7000)
        data, self.content = self.content[:size], self.content[size:]
        return data


class SizedPipe(Pipe):
    """A source whose size is known, but that cannot be rewound."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.size = len(content)

    def __len__(self) -> int:
        return self.size


def native(name: str) -> str:
    """The name of a file that is UTF-8 on the disk, as text of this process's locale."""
    return os.fsdecode(name.encode())


class UploadsTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.server.default = lambda request: answer({"id": "file-1"})
        self.zhipu: Any = self.client(self.server)

    def opened(self, path: str | bytes, **options: Any) -> Any:
        return self.enter(open(path, "rb", **options))

    def upload(self, file: Any, **arguments: Any) -> Part:
        """The file's part as it arrived."""
        self.zhipu.files.create(file=file, purpose="batch", **arguments)
        *_, part = parse_form(self.server.request)
        self.assertEqual(part.name, "file")
        return part

    def test_random_names_and_contents_arrive_intact(self) -> None:
        alphabet = "ab.;=:\\\"'\r\n\t\x00\x7f 文件é\x85\u2028😀\udc80\udcff"
        words = [b"\r\n", b"--", b"\n", b"\x00", b"\xff", b"Content-Disposition: form-data", b'"', b"a"]
        for seed in range(300):
            random_ = random.Random(seed)
            files = {}
            for _ in range(random_.randrange(1, 4)):
                name, filename = ("".join(random_.choices(alphabet, k=random_.randrange(1, 9))) for _ in range(2))
                content = b"".join(random_.choices(words, k=random_.randrange(1, 30)))
                files[name] = filename, content
            self.zhipu.post("/files", files=files)
            parts = parse_form(self.server.request)
            sent = [(name, *file) for name, file in files.items()]
            self.assertEqual([(part.name, part.filename, part.content) for part in parts], sent, seed)

    def test_no_name_can_end_its_header(self) -> None:
        name = 'a"; filename="b\r\nX-Forged: 1\r\n\r\nc'
        self.upload((name, b"x"))
        (head,) = (line for line in self.server.request.body.split(b"\r\n") if b"filename" in line)
        self.assertEqual(head.count(b'"'), 4)
        self.assertIn(b'filename="a%22; filename=%22b%0D%0AX-Forged: 1%0D%0A%0D%0Ac"', head)
        self.upload(("50%.txt", b"x"))
        self.assertIn(b'filename="50%.txt"', self.server.request.body)
        for wrong in ("a\ud800", 5, ["a"]):
            with self.assertRaises((TypeError, ValueError)):
                self.upload((wrong, b"x"))
        for header in ({"X\r\nY": "1"}, {"X": "1\r\nY: 2"}, {"X": "\x00"}):
            with self.assertRaises(ValueError):
                self.upload(("a", b"x", None, header))
        with self.assertRaises(ValueError):
            self.upload(("a", b"x", "text/plain\r\nX: 1"))

    def test_every_kind_of_source_is_sent_whole(self) -> None:
        content = bytes(range(256)) * 3000
        path = self.file(native("数据.jsonl"), content)
        opened = self.opened(path)
        opened.read(1000)  # it is sent from its beginning, all the same
        unbuffered = self.opened(path, buffering=0)
        named = io.BytesIO(content)
        named.name = "/tmp/named.wav"
        packed = self.file("packed.gz", gzip.compress(content))
        spooled = self.enter(tempfile.SpooledTemporaryFile(10))  # noqa: SIM115
        spooled.write(content)
        sources: list[tuple[Any, str]] = [
            (content, "upload"),
            (bytearray(content), "upload"),
            (memoryview(content), "upload"),
            (pathlib.Path(path), "数据.jsonl"),
            (opened, "数据.jsonl"),
            (unbuffered, "数据.jsonl"),
            (io.BytesIO(content), "upload"),
            (named, "named.wav"),
            (spooled, "upload"),
            (Pipe(content), "upload"),
            (SizedPipe(content), "upload"),
            (("n.txt", content), "n.txt"),
            (("n.txt", pathlib.Path(path)), "n.txt"),
            (("n.txt", opened, "text/csv"), "n.txt"),
            (("n.txt", Pipe(content), None, {"X-One": "1"}), "n.txt"),
            ((pathlib.Path("n.txt"), content), "n.txt"),
            ((b"n.txt", content), "n.txt"),
            (self.enter(gzip.GzipFile(packed)), "packed.gz"),
            (mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ), "upload"),
        ]
        for source, name in sources:
            with self.subTest(repr(source)[:60]):
                part = self.upload(source)
                self.assertEqual((part.filename, part.content == content), (name, True))
                self.assertNotIn("transfer-encoding", self.server.request.headers)
        sources[-1][0].close()
        self.assertEqual(self.upload(("n.txt", "文字")).text, "文字")

    @unittest.skipUnless(hasattr(os, "mkfifo"), "needs named pipes")
    def test_path_of_a_pipe_is_sent_whole(self) -> None:
        path = os.path.join(self.enter(tempfile.TemporaryDirectory()), "pipe")
        os.mkfifo(path)
        content = b"x" * 100000

        def write() -> None:
            with open(path, "wb") as file:
                file.write(content)

        writer = threading.Thread(target=write)
        writer.start()
        self.assertEqual(self.upload(pathlib.Path(path)).content, content)
        writer.join(PATIENCE)
        self.assertEqual(self.upload(pathlib.Path(self.file("empty", b""))).content, b"")

    def test_file_whose_name_is_no_text_is_sent_by_its_bytes(self) -> None:
        folder = os.fsencode(self.enter(tempfile.TemporaryDirectory()))
        path = os.path.join(folder, b"caf\xe9.txt")
        try:
            with open(path, "wb") as file:
                file.write(b"x")
        except OSError:
            self.skipTest("the file system takes text only")
        for source in (pathlib.Path(os.fsdecode(path)), self.opened(path)):
            self.zhipu.files.create(file=source, purpose="batch")
            self.assertIn(b'filename="caf\xe9.txt"', self.server.request.body)

    def test_type_of_the_content_is_guessed_from_the_name(self) -> None:
        for file, kind in (
            (("a.mp3", b"x"), b"audio/mpeg"),
            (("a.PNG", b"x"), b"image/png"),
            (("a", b"x"), b"application/octet-stream"),
            (b"x", b"application/octet-stream"),
            (("a.mp3", b"x", "audio/x-mine"), b"audio/x-mine"),
            (("a.mp3", b"x", None, {"content-type": "audio/x-mine"}), b"audio/x-mine"),
        ):
            self.assertEqual(self.upload(file).headers["content-type"], kind)
        self.assertEqual(self.upload(("a.mp3", b"x", None, {"X-One": "1"})).headers["x-one"], b"1")

    def test_nameless_tuple_is_a_field(self) -> None:
        part = self.upload((None, b"x"))
        self.assertEqual((part.filename, "content-type" in part.headers), (None, False))

    def test_fields_come_before_files_and_have_no_type(self) -> None:
        self.upload(b"x")
        field, file = parse_form(self.server.request)
        self.assertEqual((field.name, field.text, set(field.headers)), ("purpose", "batch", {"content-disposition"}))
        self.assertEqual(file.filename, "upload")

    def test_errors_of_files_name_the_argument(self) -> None:
        closed = io.BytesIO(b"x")
        closed.close()
        for file, kind in ((closed, ValueError), ((5, b"x"), TypeError), (io.BytesIO, TypeError)):
            with self.subTest(file=file), self.assertRaisesRegex(kind, "^file: "):
                self.zhipu.files.create(file=file, purpose="batch")
        deep: Any = []
        for _ in range(100000):
            deep = [deep]
        with self.assertRaisesRegex(ValueError, "upload_detail"):
            self.zhipu.files.create(file=b"x", purpose="batch", upload_detail=deep)
        self.assertEqual(self.server.requests, [])

    def test_what_is_no_file_is_refused_before_anything_is_sent(self) -> None:
        text = self.enter(io.TextIOWrapper(self.opened(self.file("a", "x"))))
        for wrong in ("path.txt", 5, ["a"], {}, text, io.StringIO("x"), ("a",), ("a", b"x", "b", {}, 1), object(), ()):
            with self.subTest(repr(wrong)), self.assertRaisesRegex(TypeError, "file"):
                self.upload(wrong)
        for empty in (b"", bytearray(), ("a", b"")):
            with self.assertRaisesRegex(ValueError, "file"):
                self.upload(empty)
        folder = self.enter(tempfile.TemporaryDirectory())
        for path in (pathlib.Path(folder), pathlib.Path(folder, "missing")):
            with self.assertRaisesRegex((ValueError, OSError), "file|missing"):
                self.upload(path)
        self.assertEqual(self.server.requests, [])

    def fields(self) -> list[tuple[str, str]]:
        return [(part.name, part.text) for part in parse_form(self.server.request) if part.filename is None]

    def test_lists_are_one_field_a_value(self) -> None:
        self.zhipu.audio.transcriptions.create(model="m", file=b"x", hotwords=["智谱", "GLM"], stream=None)
        self.assertEqual(self.fields(), [("model", "m"), ("hotwords", "智谱"), ("hotwords", "GLM")])
        self.zhipu.knowledge_base.documents.upload("k", files=b"x", custom_separator=["\n", "。"], parse_image=True)
        separators = [("custom_separator", "\n"), ("custom_separator", "。")]
        self.assertEqual(self.fields(), [*separators, ("parse_image", "true")])
        create = self.zhipu.knowledge.document.create
        create(file=b"x", purpose="retrieval", custom_separator=["a", "a"])  # the older operations
        self.assertEqual(
            sorted(self.fields()), [("custom_separator[]", "a"), ("custom_separator[]", "a"), ("purpose", "retrieval")]
        )
        create(file=b"x", purpose="retrieval", custom_separator=["a"])
        self.assertIn(("custom_separator[]", "a"), self.fields())

    def test_objects_in_forms_have_a_field_for_each_member(self) -> None:
        check = {"type": "ALL", "status": "DISABLE"}
        self.zhipu.audio.customization(model="m", voice_data=b"x", sensitive_word_check=check)
        self.assertIn(("sensitive_word_check[type]", "ALL"), self.fields())
        self.assertIn(("sensitive_word_check[status]", "DISABLE"), self.fields())
        details = [{"url": "https://a", "knowledge_type": 1, "custom_separator": ["x", "y"]}, {"url": "https://b"}]
        self.zhipu.files.create(file=b"x", purpose="retrieval", upload_detail=details)
        self.assertEqual(
            [field for field in self.fields() if field[0] != "purpose"],
            [
                ("upload_detail[][url]", "https://a"),
                ("upload_detail[][knowledge_type]", "1"),
                ("upload_detail[][custom_separator][]", "x"),
                ("upload_detail[][custom_separator][]", "y"),
                ("upload_detail[][url]", "https://b"),
            ],
        )
        upload = self.zhipu.knowledge_base.documents.upload
        upload("k", files=b"x", callback_header={"X-Token": "值"})  # one of the OpenAPI file: an object is JSON
        self.assertEqual(self.fields(), [("callback_header", '{"X-Token":"值"}')])

    def test_values_of_fields(self) -> None:
        create = self.zhipu.ocr.handwriting_ocr
        given: list[Any] = [(True, "true"), (False, "false"), (3, "3"), (1.5, "1.5"), ("多\r\n行", "多\r\n行")]
        for value, text in given:
            create(file=b"x", tool_type="hand_write", probability=value)
            self.assertEqual(self.fields(), [("tool_type", "hand_write"), ("probability", text)])
        empty: list[Any] = [None, "", [], {}]
        for value in empty:
            create(file=b"x", tool_type="hand_write", probability=value)
            self.assertEqual(self.fields(), [("tool_type", "hand_write")])
        sent = len(self.server.requests)
        for wrong in (b"x", float("nan"), object(), "\ud800"):
            with self.assertRaisesRegex((TypeError, ValueError), "probability"):
                create(file=b"x", tool_type="hand_write", probability=wrong)
        self.assertEqual(len(self.server.requests), sent)

    # --- retries

    def test_file_is_read_anew_for_each_try(self) -> None:
        content = bytes(range(256)) * 2000
        path = self.file("a.bin", content)
        client: Any = self.client(self.server, max_retries=2)
        for source in (content, pathlib.Path(path), self.opened(path), io.BytesIO(content), Pipe(content)):
            with self.subTest(repr(source)[:60]):
                self.server.requests.clear()
                self.server.answer(error_body("500"), 500)
                self.server.raw(CLOSE)
                client.files.create(file=source, purpose="batch")
                forms = [parse_form(request) for request in self.server.requests]
                self.assertEqual([form[1].content == content for form in forms[-3:]], [True] * 3)
                self.assertEqual(len({request.body for request in self.server.requests}), 1)

    def test_source_that_cannot_be_rewound_is_sent_once(self) -> None:
        client: Any = self.client(self.server, max_retries=3)
        self.server.answer(error_body("500"), 500)
        with self.assertRaises(zhipuai_lite.InternalServerError):
            client.files.create(file=SizedPipe(b"x" * 20000), purpose="batch")
        self.assertEqual((len(self.server.requests), self.slept), (1, []))
        self.server.raw(CLOSE)  # lost on a connection that was used before
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            client.files.create(file=SizedPipe(b"x" * 20000), purpose="batch")
        self.assertEqual((len(self.server.requests), self.slept), (2, []))

    def test_source_that_was_not_read_yet_may_be_retried(self) -> None:
        client: Any = self.client(base_url=f"http://127.0.0.1:{refused_port()}/", max_retries=2)
        source = SizedPipe(b"x")
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            client.files.create(file=source, purpose="batch")
        self.assertEqual((source.read_calls, len(self.slept)), (0, 2))

    # --- files that misbehave

    def failing(self, source: Any) -> zhipuai_lite.ZhipuAIError:
        client: Any = self.client(self.server, max_retries=3)
        with self.assertRaisesRegex(zhipuai_lite.ZhipuAIError, "file") as caught:
            client.files.create(file=source, purpose="batch")
        self.server.until_idle()
        self.assertEqual((self.server.requests, self.slept), ([], []))
        client.files.create(file=b"x", purpose="batch")
        return caught.exception

    def test_file_that_shrinks_is_an_error(self) -> None:
        class Shrinking(io.FileIO):
            def read(self, size: int | None = -1) -> bytes:
                os.truncate(self.name, 300000)
                return super().read(size) or b""

        self.failing(self.enter(Shrinking(self.file("a.log", b"x" * 2000000))))

    def test_file_that_grows_is_sent_as_it_was(self) -> None:
        class Growing(io.FileIO):
            def read(self, size: int | None = -1) -> bytes:
                with open(self.name, "ab") as file:
                    file.write(b"y" * 100)
                return super().read(size) or b""

        part = self.upload(self.enter(Growing(self.file("a.log", b"x" * 600000))))
        self.assertEqual(part.content, b"x" * 600000)

    def test_file_that_cannot_be_read_is_an_error(self) -> None:
        class Failing(SizedPipe):
            def read(self, size: int = -1) -> bytes:
                raise OSError(5, "Input/output error")

        error = self.failing(Failing(b"x"))
        self.assertIsInstance(error.__cause__, OSError)
        self.assertIn("Input/output error", str(error))

    def test_source_that_reads_text_is_a_type_error(self) -> None:
        class Text(Pipe):
            def read(self, size: int = -1) -> Any:
                return super().read(size).decode()

        class NotYet(Pipe):
            def read(self, size: int = -1) -> Any:
                return super().read(size) or None

        with self.assertRaisesRegex(TypeError, "file"):
            self.upload(Text(b"x"))
        with self.assertRaisesRegex(TypeError, "file"):
            self.upload(NotYet(b"x"))
        self.assertEqual(self.server.requests, [])

    # --- large ones

    SIZE = 64 << 20

    def peak(self, work: Callable[[], Any]) -> int:
        """The most bytes of memory that something takes; tracemalloc does not see what was there before."""
        tracemalloc.start()
        try:
            work()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    def swallow(self, connection: Connection) -> None:
        """Step: read a request of any size without keeping it, and answer with its size and its last bytes."""
        request = Request(connection, connection.read_until(b"\r\n\r\n"), b"")
        left = size = int(request.headers["content-length"])
        last = b""
        while left:
            data = connection.receive()
            if not data:
                raise Hangup
            left -= len(data)
            last = (last + data)[-200:]
        connection.perform(answer({"id": str(size), "last": last.decode()}))

    def sparse_file(self) -> str:
        path = self.file("large.bin", b"")
        with open(path, "r+b") as file:
            file.truncate(self.SIZE - 4)
            file.seek(0, 2)
            file.write(b"tail")
        return path

    def test_memory_stays_flat_while_a_large_file_is_sent(self) -> None:
        path = self.sparse_file()
        with open(path, "rb") as opened, open(path, "rb") as raw:
            pipe = types.SimpleNamespace(read=raw.read)  # of unknown size: it goes over the disk
            for source in (pathlib.Path(path), opened, pipe, bytes(self.SIZE - 4) + b"tail"):
                self.server.greeting = [self.swallow, CLOSE]
                results: list[Any] = []
                self.assertLess(
                    self.peak(lambda: results.append(self.zhipu.files.create(file=source, purpose="batch"))),  # noqa: B023
                    8 << 20,
                )
                self.assertGreater(int(results[0].id), self.SIZE)
                self.assertRegex(results[0].last, "tail\r\n--[^\r]*--\r\n$")

    def test_memory_stays_flat_while_a_large_file_is_fetched(self) -> None:
        block = bytes(1 << 20)

        def send(connection: Connection) -> None:
            for _ in range(self.SIZE >> 20):
                connection.send(block)

        target = os.path.join(self.enter(tempfile.TemporaryDirectory()), "large.bin")
        for framing in ({"Content-Length": str(self.SIZE)}, {"Connection": "close"}):
            self.server.raw(head(200, dict(framing, **{"Content-Type": "application/octet-stream"})), send, CLOSE)
            self.assertLess(self.peak(lambda: self.zhipu.files.content("f").write_to_file(target)), 8 << 20)
            self.assertEqual(os.path.getsize(target), self.SIZE)

    def test_early_refusal_of_a_large_file_is_heard(self) -> None:
        path = pathlib.Path(self.sparse_file())

        def read_head(connection: Connection) -> None:
            connection.read_until(b"\r\n\r\n")

        client: Any = self.client(self.server, max_retries=3)
        for greeting in ([], [read_head], [read_head, lambda connection: connection.receive() and None]):
            self.server.greeting = [*greeting, *answer(error_body("1214", "文件过大"), 413), CLOSE]
            with self.assertRaisesRegex(zhipuai_lite.APIStatusError, "文件过大") as caught:
                client.files.create(file=path, purpose="batch")
            self.assertEqual((caught.exception.status_code, caught.exception.code), (413, "1214"))
        self.assertEqual(self.slept, [])

    def test_answer_that_comes_before_the_body_was_sent_is_heard(self) -> None:
        self.server.greeting = [*answer({"id": "early"}), self.swallow, CLOSE]
        self.assertEqual(self.zhipu.files.create(file=b"x" * 5000000, purpose="batch").id, "early")


# --- binary results


class BinaryTest(TestCase):
    CONTENT = bytes(range(256)) * 1000

    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu: Any = self.client(self.server)
        self.folder = self.enter(tempfile.TemporaryDirectory())
        self.path = os.path.join(self.folder, native("结果.bin"))

    def speech(self, *steps: Step) -> Any:
        self.server.raw(*(steps or answer(self.CONTENT, headers={"Content-Type": "audio/wav"})))
        return self.zhipu.audio.speech(model="glm-tts", input="你好", voice="tongtong")

    def content(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read()

    def test_content_can_be_read(self) -> None:
        result = self.speech()
        self.assertEqual(result.content, self.CONTENT)
        self.assertEqual(result.read(), self.CONTENT)
        self.assertEqual(b"".join(result.iter_bytes()), self.CONTENT)
        self.assertEqual((result.status_code, result.headers["Content-Type"]), (200, "audio/wav"))
        result.write_to_file(self.path)
        self.assertEqual(self.content(self.path), self.CONTENT)
        self.assertIs(result.response, result)

    def test_content_can_be_iterated_in_blocks(self) -> None:
        for size in (1, 100, 1000, 65536, 1 << 20, None):
            content = self.CONTENT[: 2000 if size == 1 else None]
            blocks = list(self.speech(*answer(content)).iter_bytes(size))
            self.assertEqual(b"".join(blocks), content)
            if size:
                self.assertEqual({len(block) for block in blocks[:-1]} - {size}, set())
        self.server.until_idle(1)

    def test_every_interface_of_files_returns_its_content(self) -> None:
        calls: list[Any] = [
            lambda: self.zhipu.files.content("f"),
            lambda: self.zhipu.audio.customization(model="m", voice_data=b"x"),
            lambda: self.zhipu.file_parser.content("t", format_type="text"),
        ]
        for call in calls:
            self.server.answer(self.CONTENT)
            self.assertEqual(call().content, self.CONTENT)

    def test_nothing_is_read_before_it_is_asked_for(self) -> None:
        sent, go_on = threading.Event(), threading.Event()
        self.addCleanup(go_on.set)
        result = self.speech(head(200, {"Content-Length": "4"}), b"ab", SET(sent), WAIT(go_on), b"cd")
        blocks = result.iter_bytes()
        self.assertEqual(next(blocks), b"ab")
        go_on.set()
        self.assertEqual(list(blocks), [b"cd"])

    def test_file_is_written(self) -> None:
        for write in ("write_to_file", "stream_to_file"):
            for path in (self.path, pathlib.Path(self.path)):
                getattr(self.speech(), write)(path)
                self.assertEqual(self.content(self.path), self.CONTENT)
                self.assertEqual(os.listdir(self.folder), [os.path.basename(self.path)])
        self.speech().stream_to_file(self.path, chunk_size=1000)
        self.assertEqual(self.content(self.path), self.CONTENT)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        self.speech().write_to_file("bare name")
        self.assertEqual(self.content("bare name"), self.CONTENT)

    @unittest.skipUnless(hasattr(os, "mkfifo"), "needs named pipes")
    def test_what_is_no_regular_file_is_written_to_and_not_replaced(self) -> None:
        os.mkfifo(self.path)
        with ThreadPoolExecutor(1) as pool:
            received = pool.submit(self.content, self.path)
            self.speech().write_to_file(self.path)
            self.assertEqual(received.result(PATIENCE), self.CONTENT)
        self.assertFalse(os.path.isfile(self.path))

    def test_broken_download_leaves_no_file(self) -> None:
        whole = dict(EVENT_STREAM, **{"Content-Type": "audio/wav"})
        for steps in (
            [head(200, {"Content-Length": "500000"}), self.CONTENT, CLOSE],
            [head(200, {"Content-Length": "500000"}), self.CONTENT, RESET],
            [head(200, whole), http_chunk(self.CONTENT), CLOSE],
            [head(200, whole), http_chunk(self.CONTENT), b"zz\r\n"],
            [head(200, {"Content-Encoding": "gzip", "Connection": "close"}), gzip.compress(self.CONTENT)[:-9], CLOSE],
        ):
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                self.speech(*steps).write_to_file(self.path)
            self.assertEqual(os.listdir(self.folder), [])
        with open(self.path, "wb") as file:
            file.write(b"old")
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            self.speech(head(200, {"Content-Length": "9"}), b"new", CLOSE).write_to_file(self.path)
        self.assertEqual((os.listdir(self.folder), self.content(self.path)), ([os.path.basename(self.path)], b"old"))

    def test_silence_in_the_middle_leaves_no_file(self) -> None:
        self.zhipu = self.client(self.server, timeout=0.1)
        with self.assertRaises(zhipuai_lite.APITimeoutError):
            self.speech(head(200, {"Content-Length": "9"}), b"new", STALL).write_to_file(self.path)
        self.assertEqual(os.listdir(self.folder), [])

    def test_slow_download_may_last_longer_than_its_timeout(self) -> None:
        self.zhipu = self.client(self.server, timeout=0.2)
        result = self.speech(head(200, {"Content-Length": "8"}), DRIP(b"12345678", 0.04))
        self.assertEqual(result.content, b"12345678")

    def test_download_that_is_closed_by_another_thread_leaves_no_file(self) -> None:
        result = self.speech(head(200, {"Content-Length": "400000"}), self.CONTENT, STALL)
        result._on_block = lambda size: threading.Timer(0.02, result.close).start()
        with self.assertRaises(zhipuai_lite.ZhipuAIError):
            result.write_to_file(self.path)
        self.assertEqual(os.listdir(self.folder), [])

    def test_name_may_be_as_long_as_the_system_allows(self) -> None:
        path = os.path.join(self.folder, "a" * 251 + ".wav")
        self.speech().write_to_file(path)
        self.assertEqual(self.content(path), self.CONTENT)

    def test_download_closed_by_another_thread_is_no_file(self) -> None:
        self.zhipu = self.client(self.server, timeout=None)
        result = self.speech(head(200, {"Content-Type": "audio/wav", "Connection": "close"}), b"x" * 1000, STALL)
        begun = threading.Event()
        result._on_block = lambda size: begun.set()

        def close() -> None:
            begun.wait(PATIENCE)
            result.close()

        closing = threading.Thread(target=close)
        closing.start()
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            result.write_to_file(self.path)
        closing.join()
        self.assertEqual(os.listdir(self.folder), [])

    def test_folder_that_is_missing_costs_nothing(self) -> None:
        result = self.speech()
        with self.assertRaises(OSError):
            result.write_to_file(os.path.join(self.folder, "missing", "a.wav"))
        result.write_to_file(self.path)
        self.assertEqual(self.content(self.path), self.CONTENT)

    @unittest.skipIf(os.name == "nt", "Windows has no such modes")
    def test_file_has_the_mode_of_any_new_file(self) -> None:
        for mask, mode in ((0o022, 0o644), (0o077, 0o600)):
            old = os.umask(mask)
            try:
                self.speech().write_to_file(self.path + str(mask))
            finally:
                os.umask(old)
            self.assertEqual(os.stat(self.path + str(mask)).st_mode & 0o777, mode)
        with open(self.path, "wb"):
            os.chmod(self.path, 0o640)
        link = os.path.join(self.folder, "link")
        os.symlink(self.path, link)
        self.speech().write_to_file(link)
        self.assertTrue(os.path.islink(link))
        self.assertEqual((self.content(self.path), os.stat(self.path).st_mode & 0o777), (self.CONTENT, 0o640))

    def test_body_that_was_taken_or_dropped_is_not_taken_for_an_empty_one(self) -> None:
        taken, dropped = self.speech(), self.speech()
        list(taken.iter_bytes())
        dropped.close()
        for result in (taken, dropped):
            for read in (result.read, lambda: list(result.iter_bytes()), lambda: result.write_to_file(self.path)):  # noqa: B023
                with self.assertRaises(zhipuai_lite.ZhipuAIError):
                    read()
        self.assertEqual(os.listdir(self.folder), [])

    def test_errors_that_come_as_json_are_raised(self) -> None:
        for body in (error_body("1214", "语音不存在"), {"code": 500, "msg": "语音不存在", "success": False}):
            for kind in ("application/json", "application/json; charset=UTF-8", "application/problem+json"):
                with self.assertRaisesRegex(zhipuai_lite.APIResponseError, "语音不存在"):
                    self.speech(*answer(body, headers={"Content-Type": kind}))
        with self.assertRaisesRegex(zhipuai_lite.BadRequestError, "语音不存在"):
            self.speech(*answer(error_body("1214", "语音不存在"), 400))

    def test_close_ends_the_connection(self) -> None:
        ends: list[Any] = [lambda result: result.close(), lambda result: result.__exit__(None, None, None)]
        for end in ends:
            result = self.speech(head(200, {"Content-Length": "900000"}), self.CONTENT, STALL)
            with result as entered:
                self.assertIs(entered, result)
                next(result.iter_bytes())
                end(result)
            self.server.until_idle()
        self.speech(head(200, {"Content-Length": "900000"}), self.CONTENT, STALL)
        gc.collect()
        self.server.until_idle()

    def test_connection_is_reused_after_a_download(self) -> None:
        for _ in range(3):
            self.speech().read()
        self.assertEqual(self.server.connections, 1)

    def test_result_of_the_parser_reads_as_json_and_text(self) -> None:
        for size in (10, 300000):  # what is long is not kept to look for an error in it
            body = {"status": "succeeded", "message": "ok", "task_id": "t", "content": "内容" * size}
            self.server.answer(body)
            result = self.zhipu.file_parser.content("t", format_type="text")
            self.assertEqual(result.json(), body)
            self.assertEqual(json.loads(result.text), body)
            self.assertEqual(result.content, _json(body))
        self.server.answer(b"\xff\xfe", headers={"Content-Type": "text/plain"})
        result = self.zhipu.file_parser.content("t", format_type="text")
        self.assertEqual(result.text, "\ufffd\ufffd")
        with self.assertRaises(ValueError):
            result.json()

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_full_disk_drops_the_download(self) -> None:
        self.server.raw(
            head(200, {"Content-Length": str(len(self.CONTENT)), "Content-Type": "audio/wav"}), self.CONTENT
        )
        kept: list[OSError] = []
        try:  # assertRaises would clear the frames, which hold the connection
            self.zhipu.files.content("f").write_to_file("/dev/full")
        except OSError as error:
            kept.append(error)
        self.server.until_idle()
        self.assertEqual(kept[0].errno, errno.ENOSPC)

        async def scenario() -> None:
            options: Any = {"api_key": KEY, "base_url": self.server.url, "max_connections": 1, "timeout": PATIENCE}
            async with AsyncZhipuAI(**options) as client:
                self.server.answer(self.CONTENT)
                content = await client.files.content("f")
                try:
                    await content.astream_to_file("/dev/full")
                except OSError as error:
                    kept.append(error)
                await asyncio.wait_for(client.files.delete("f"), PATIENCE)
                self.assertEqual(len(kept), 2)
                self.assertTrue(content.is_closed)

        self.server.default = lambda request: answer({"id": "f"})
        asyncio.run(scenario())

    def test_file_that_holds_json_is_its_bytes(self) -> None:
        lines = b"".join(_json({"custom_id": f"request-{n}", "response": {"status_code": 200}}) + b"\n" for n in (1, 2))
        for content in (lines, b"[1, 2]", b"null", b'{"broken', b'{"custom_id": "request-1", "code": 0}'):
            self.server.answer(content, headers={"Content-Type": "application/json"})
            self.assertEqual(self.zhipu.files.content("f").content, content)

    def test_unread_result_pickles_with_its_content(self) -> None:
        result = self.speech()
        twin = pickle.loads(pickle.dumps(result))
        for each in (twin, result, copy.deepcopy(result)):
            self.assertEqual(each.content, self.CONTENT)
            self.assertEqual((each.status_code, each.headers["content-type"]), (200, "audio/wav"))
        twin.write_to_file(self.path)
        self.assertEqual(self.content(self.path), self.CONTENT)
        self.assertNotIn(SECRET.encode(), pickle.dumps(self.speech()))
        taken = self.speech()
        list(taken.iter_bytes())
        with self.assertRaises(zhipuai_lite.ZhipuAIError):
            pickle.loads(pickle.dumps(taken)).read()

    def test_compressed_download_is_unpacked(self) -> None:
        packed = answer(gzip.compress(self.CONTENT), headers={"Content-Encoding": "gzip", "Content-Type": "audio/wav"})
        self.assertEqual(self.speech(*packed).content, self.CONTENT)


# --- pages


class PagesTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.items = [{"id": f"i{number}", "status": "completed"} for number in range(7)]
        self.says_more = True
        self.server.default = self.page
        self.zhipu: Any = self.client(self.server)

    def test_list_that_was_asked_for_by_its_path_goes_on(self) -> None:
        asked = self.zhipu.get("/batches", cast_type=zhipuai_lite.ListOfBatch, params={"limit": 2})
        for page in (asked, pickle.loads(pickle.dumps(asked))):
            self.assertEqual([item.id for item in page], [item["id"] for item in self.items])
        self.assertEqual({request.query["limit"][0] for request in self.server.requests}, {"2"})

    def test_cursor_that_is_none_is_the_servers_error(self) -> None:
        for cursor in ({"a": 1}, [["x"]], "\ud800", 1.5):
            body = json.dumps({"data": [{"id": "a"}], "has_more": True, "last_id": cursor}).encode()
            self.server.answer(body, headers={"Content-Type": "application/json"})
            page = self.zhipu.batches.list()
            with self.assertRaises(zhipuai_lite.APIResponseError):
                list(page)
            self.assertEqual(page.data[0].id, "a")

    def page(self, request: Request) -> list[Step]:
        """What a server answers that holds `items`."""
        limit = int(request.query.get("limit", ["3"])[0])
        after = request.query.get("after", [""])[0]
        start = next((index + 1 for index, item in enumerate(self.items) if item["id"] == after), 0)
        body: dict[str, Any] = {"object": "list", "data": self.items[start : start + limit]}
        if self.says_more:
            body["has_more"] = start + limit < len(self.items)
        return answer(body)

    def test_every_list_is_walked_over_all_its_pages(self) -> None:
        zhipu = self.zhipu
        for call, kind in (
            (zhipu.batches.list, zhipuai_lite.Batch),
            (zhipu.files.list, zhipuai_lite.FileObject),
            (zhipu.fine_tuning.jobs.list, zhipuai_lite.FineTuningJob),
            (lambda **more: zhipu.fine_tuning.jobs.list_events("j", **more), zhipuai_lite.JobEvent),
            (lambda **more: zhipu.responses.input_items.list("r", **more), zhipuai_lite.ResponseItem),
        ):
            self.server.requests.clear()
            page = call(limit=2)
            self.assertIsInstance(page, zhipuai_lite.SyncCursorPage)
            items = list(page)
            self.assertEqual([item.id for item in items], [item["id"] for item in self.items])
            self.assertEqual({type(item) for item in items}, {kind})
            self.assertEqual(len(self.server.requests), 4)

    def test_pages_can_be_taken_one_by_one(self) -> None:
        pages = list(self.zhipu.batches.list(limit=3).iter_pages())
        self.assertEqual([len(page.data) for page in pages], [3, 3, 1])
        self.assertEqual([page.has_next_page() for page in pages], [True, True, False])
        self.assertEqual({type(page) for page in pages}, {type(pages[0])})
        with self.assertRaises(RuntimeError):
            pages[-1].get_next_page()
        self.assertEqual([item.id for item in pages[1]], ["i3", "i4", "i5", "i6"])

    def test_no_page_is_asked_for_when_has_more_is_false(self) -> None:
        del self.items[3:]
        self.assertEqual(len(list(self.zhipu.batches.list(limit=3))), 3)
        self.assertEqual(len(self.server.requests), 1)

    def test_without_has_more_an_empty_page_is_the_last(self) -> None:
        self.says_more = False
        self.assertEqual(len(list(self.zhipu.batches.list(limit=3))), 7)
        self.assertEqual(len(self.server.requests), 4)

    def test_empty_list_has_no_next_page(self) -> None:
        self.items.clear()
        page = self.zhipu.batches.list()
        self.assertEqual((list(page), page.has_next_page()), ([], False))
        with self.assertRaises(RuntimeError):
            page.get_next_page()
        bodies: list[Any] = [{}, {"data": None}, {"data": [], "has_more": True}, {"data": [{}], "has_more": True}]
        for body in bodies:
            self.server.answer(body)
            self.assertEqual(len(list(self.zhipu.batches.list())), len(body.get("data") or ()))

    def test_next_page_is_asked_for_with_all_that_the_first_was(self) -> None:
        page = self.zhipu.files.list(
            purpose="批 &", limit=2, order="created_at", extra_headers={"X-One": "1"}, timeout=PATIENCE - 1
        )
        page.get_next_page()
        first, second = self.server.requests
        self.assertEqual(second.query, dict(first.query, after=["i1"]))
        self.assertEqual(second.path, first.path)
        for name in ("x-one", "accept", "user-agent", "x-source-channel"):
            self.assertEqual(second.headers[name], first.headers[name])

        def send(call: Any) -> Any:
            return call.timeouts
            yield

        with mock.patch.object(zhipuai_lite.ZhipuAI, "_send", side_effect=send) as sends:
            self.assertEqual(page.get_next_page(), (PATIENCE - 1, PATIENCE - 1))
            self.assertEqual(sends.call_count, 1)

    def test_list_that_goes_round_in_a_circle_raises(self) -> None:
        turns = {"": "a", "a": "b", "b": "a"}
        self.server.default = lambda request: answer(
            {"data": [{"id": turns[request.query.get("after", [""])[0]]}], "has_more": True}
        )
        with self.assertRaisesRegex(zhipuai_lite.APIResponseError, "does not go on"):
            list(self.zhipu.batches.list())
        self.assertEqual(len(self.server.requests), 3)

    def test_next_page_that_is_none_raises(self) -> None:
        for body in (b"null", b"[]"):
            self.server.answer({"data": [{"id": "a"}], "has_more": True})
            self.server.answer(body, headers={"Content-Type": "application/json"})
            with self.assertRaises(zhipuai_lite.APIResponseError):
                list(self.zhipu.batches.list())

    def test_page_made_by_hand_is_the_only_one(self) -> None:
        page = pickle.loads(pickle.dumps(zhipuai_lite.ListOfBatch(data=[{"id": "1"}], has_more=True)))
        self.assertEqual(([item.id for item in page], page.has_next_page()), (["1"], False))

    def test_cursor_of_the_answer_is_used(self) -> None:
        self.server.answer({"data": [{"id": "a"}, {"id": "b"}], "has_more": True, "first_id": "a", "last_id": "cursor"})
        page = self.zhipu.batches.list()
        self.assertEqual((page.first_id, page.last_id, page.has_more, page.object), ("a", "cursor", True, None))
        page.get_next_page()
        self.assertEqual(self.server.request.query["after"], ["cursor"])

    def test_page_pickles_and_goes_on(self) -> None:
        page = pickle.loads(pickle.dumps(self.zhipu.batches.list(limit=3, extra_headers={"X-One": "1"})))
        self.assertIsInstance(page.data[0], zhipuai_lite.Batch)
        self.assertEqual(len(list(page)), 7)
        self.assertEqual(self.server.request.headers["x-one"], "1")

    def test_error_on_a_later_page_is_raised_there(self) -> None:
        items = iter(self.zhipu.batches.list(limit=3))
        for _ in range(3):
            next(items)
        self.server.answer(error_body("1000"), 401)
        with self.assertRaises(zhipuai_lite.AuthenticationError):
            next(items)

    def test_page_is_a_result_as_any_other(self) -> None:
        page = self.zhipu.batches.list(limit=1)
        self.assertEqual(page.model_dump(exclude_unset=True)["data"], [self.items[0]])
        self.assertEqual(json.loads(json.dumps(page))["has_more"], True)
        self.assertIn("i0", repr(page))


# --- streams of every kind


class StreamKindsTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu: Any = self.client(self.server)
        zhipu = self.zhipu
        usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
        tool_call = {"id": "1", "search_result": [{"title": "标题"}], "search_intent": [{"intent": "SEARCH_ALL"}]}
        response: dict[str, Any] = {"id": "resp_1", "status": "in_progress", "error": None, "output": []}
        #: name → call, class of a chunk, some events
        self.kinds: dict[str, tuple[Any, Any, list[Any]]] = {
            "chat": (
                lambda **more: ask(zhipu, **dict({"stream": True}, **more)),
                ChatCompletionChunk,
                [chunk("你"), chunk("好", "stop", usage=usage), {"id": "1", "choices": []}],
            ),
            "agents": (
                lambda **more: zhipu.agents.invoke(agent_id="a", messages=MESSAGES, **dict({"stream": True}, **more)),
                zhipuai_lite.AgentsCompletionChunk,
                [
                    {
                        "agent_id": "a",
                        "choices": [{"index": 0, "delta": {"role": "assistant", "content": {"type": "text"}}}],
                    },
                    {"agent_id": "a", "choices": [{"index": 0, "messages": [{"role": "assistant"}]}], "usage": usage},
                    {"agent_id": "a", "choices": [], "error": {"code": "1302", "message": "忙"}},
                ],
            ),
            "assistant": (
                lambda **more: zhipu.assistant.conversation("a", MESSAGES, **more),
                zhipuai_lite.AssistantCompletion,
                [
                    {
                        "status": "in_progress",
                        "last_error": None,
                        "choices": [{"delta": {"type": "content", "content": "你"}}],
                    },
                    {"status": "completed", "choices": [], "usage": usage},
                ],
            ),
            "tools": (
                lambda **more: zhipu.tools.web_search(model="m", messages=[], **dict({"stream": True}, **more)),
                zhipuai_lite.WebSearchChunk,
                [{"id": "1", "choices": [{"index": 0, "delta": {"role": "tool", "tool_calls": [tool_call]}}]}],
            ),
            "transcriptions": (
                lambda **more: zhipu.audio.transcriptions.create(
                    model="m", file=b"x", **dict({"stream": True}, **more)
                ),
                zhipuai_lite.TranscriptionChunk,
                [{"type": "transcript.text.delta", "delta": "你"}, {"type": "transcript.text.done"}],
            ),
            "speech": (
                lambda **more: zhipu.audio.speech(model="m", input="i", **dict({"stream": True}, **more)),
                zhipuai_lite.AudioSpeechChunk,
                [
                    {
                        "created": 1,
                        "choices": [{"index": 0, "delta": {"content": "AAA=", "return_sample_rate": 24000}}],
                    },
                    {"created": 1, "choices": [{"index": 0, "delta": None, "finish_reason": "stop"}], "error": None},
                ],
            ),
            "zrag": (
                lambda **more: zhipu.zrag.chat(messages=MESSAGES, retrieval={"know_ids": ["1"]}, **more),
                zhipuai_lite.ZragChatEvent,
                [
                    {"type": "session_created", "sessionId": "s"},
                    {"type": "tool_result", "sessionId": "s", "data": {"callId": "1", "status": "failed"}},
                    {"type": "answer", "sessionId": "s", "messageId": "m", "data": {"text": "你"}},
                    {"type": "done", "sessionId": "s", "usage": dict(usage, total_calls=1)},
                ],
            ),
            "responses": (
                lambda **more: zhipu.responses.create(model="m", input="i", **dict({"stream": True}, **more)),
                zhipuai_lite.ResponseStreamEvent,
                [
                    {"type": "response.created", "sequence_number": 0, "response": response},
                    {"type": "response.output_item.added", "item": {"type": "message", "content": []}},
                    {"type": "response.output_text.delta", "delta": "你", "sequence_number": 2},
                    {"type": "response.function_call_arguments.done", "arguments": "{}", "name": "f"},
                    {"type": "response.incomplete", "response": dict(response, status="incomplete")},
                ],
            ),
        }

    def test_every_stream_has_chunks_of_its_class(self) -> None:
        for name, (call, kind, events) in self.kinds.items():
            for end in ((DONE,), ()):
                with self.subTest(name, end=end):
                    self.server.stream(*events, *end)
                    with call() as result:
                        self.assertIsInstance(result, zhipuai_lite.Stream)
                        chunks = list(result)
                    self.assertEqual({type(each) for each in chunks}, {kind})
                    self.assertEqual([each.to_dict() for each in chunks], events)
                    self.assertEqual(pickle.loads(pickle.dumps(chunks)), chunks)
                    for each in [*chunks, *(each.usage for each in chunks if each.get("usage"))]:
                        self.assertLessEqual(set(each), declared(each))
                    self.assertIn("text/event-stream", self.server.request.headers["accept"])

    def test_named_events_are_read_by_their_data(self) -> None:
        call, _, events = self.kinds["responses"]
        self.server.stream(*(f"event: {event['type']}\n{sse(event).decode()}" for event in events))
        self.assertEqual([event.type for event in call()], [event["type"] for event in events])

    def test_fields_of_chunks_are_typed(self) -> None:
        def taken(name: str) -> Any:
            call, _, events = self.kinds[name]
            self.server.stream(*events, DONE)
            return list(call())

        agents, speech, zrag, responses = map(taken, ("agents", "speech", "zrag", "responses"))
        self.assertEqual(agents[0].choices[0].delta.content, {"type": "text"})
        self.assertEqual(agents[1].choices[0].messages[0].role, "assistant")
        self.assertEqual((agents[1].usage.total_tokens, agents[2].error.code), (3, "1302"))
        self.assertEqual(speech[0].choices[0].delta.return_sample_rate, 24000)
        self.assertIsNone(speech[1].choices[0].delta)
        self.assertEqual((zrag[2].data["text"], zrag[3].usage.total_calls), ("你", 1))
        self.assertEqual((responses[0].response.status, responses[2].delta), ("in_progress", "你"))
        self.assertIsInstance(responses[1].item, zhipuai_lite.ResponseItem)
        result = taken("tools")[0].choices[0].delta.tool_calls[0]
        self.assertEqual((result.search_result[0].title, result.search_intent[0].intent), ("标题", "SEARCH_ALL"))

    def test_request_says_whether_a_stream_is_wanted(self) -> None:
        for name, (call, _, events) in self.kinds.items():
            with self.subTest(name):
                self.server.stream(*events, DONE)
                call().close()
                self.server.until_idle()
                if name == "transcriptions":
                    self.assertIn(
                        ("stream", "true"), [(part.name, part.text) for part in parse_form(self.server.request)]
                    )
                else:
                    expected = None if name in ("assistant", "zrag") else True
                    self.assertIs(self.server.request.json.get("stream"), expected)

    def test_without_a_stream_the_answer_is_whole(self) -> None:
        for name, kind in (
            ("chat", Completion),
            ("agents", zhipuai_lite.AgentsCompletion),
            ("assistant", zhipuai_lite.AssistantCompletion),
            ("tools", zhipuai_lite.WebSearch),
            ("transcriptions", zhipuai_lite.Transcription),
            ("responses", zhipuai_lite.ResponseObject),
            ("speech", zhipuai_lite.BinaryResponse),
        ):
            with self.subTest(name):
                self.server.answer({"id": "1", "text": "你好"} if name != "speech" else b"RIFF")
                self.assertIs(type(self.kinds[name][0](stream=False)), kind)

    def test_errors_inside_streams_are_raised_after_what_came_before(self) -> None:
        reason = {"code": "1302", "message": "并发过高"}
        for name, event in (
            ("chat", {"error": reason}),
            ("chat", "event: error\n" + sse({"error": reason, "request_id": "r-1"}).decode()),
            ("transcriptions", {"error": reason}),
            ("tools", {"error": reason}),
            ("agents", {"error": reason}),
            ("speech", {"created": 1, "choices": [], "error": reason}),
            ("speech", {"error": reason}),
            ("assistant", {"id": "1", "status": "failed", "last_error": reason, "choices": []}),
            ("assistant", {"id": "1", "status": "failed", "last_error": reason}),
            ("responses", {"type": "response.failed", "response": {"status": "failed", "error": reason}}),
            ("responses", dict(reason, type="error", sequence_number=3)),
            ("responses", "event: response.failed\n" + sse({"response": {"error": reason}}).decode()),
            ("zrag", {"type": "error", "sessionId": "s", "data": reason}),
            ("zrag", {"code": 1302, "message": "并发过高"}),
        ):
            with self.subTest(name, event=event):
                call, kind, events = self.kinds[name]
                self.server.stream(events[0], event, DONE)
                result = call()
                self.assertIs(type(next(result)), kind)
                with self.assertRaisesRegex(zhipuai_lite.APIResponseError, "并发过高") as caught:
                    next(result)
                self.assertEqual(caught.exception.code, "1302")
                self.server.until_idle()

    def test_errors_of_streams_pickle(self) -> None:
        for event in ({"error": {"code": "1302", "message": "忙"}}, "data: {broken\n\n", CLOSE):
            self.server.stream(chunk("你"), event)
            with self.assertRaises(zhipuai_lite.APIResponseError) as caught:
                list(self.kinds["chat"][0]())
            twin = pickle.loads(pickle.dumps(caught.exception))
            self.assertEqual((type(twin), str(twin)), (type(caught.exception), str(caught.exception)))

    def test_error_of_zrag_without_a_code_is_raised(self) -> None:
        self.server.stream({"type": "error", "data": {"message": "检索失败"}})
        with self.assertRaisesRegex(zhipuai_lite.APIResponseError, "检索失败"):
            list(self.kinds["zrag"][0]())

    def test_refused_streams_raise_before_they_begin(self) -> None:
        for name, (call, _, _) in self.kinds.items():
            for status in (200, 429):
                with self.subTest(name, status=status):
                    self.server.answer(error_body("1113", "余额不足"), status)
                    with self.assertRaisesRegex(zhipuai_lite.APIError, "余额不足") as caught:
                        call()
                    self.assertEqual(caught.exception.code, "1113")

    def test_cut_off_streams_raise(self) -> None:
        for name, (call, _, events) in self.kinds.items():
            with self.subTest(name):
                self.server.stream(events[0], CLOSE)
                result = call()
                next(result)
                with self.assertRaises(zhipuai_lite.APIConnectionError):
                    next(result)

    def test_final_completion_is_for_chat_only(self) -> None:
        for name, (call, _, events) in self.kinds.items():
            self.server.stream(events[0], DONE)
            if name == "chat":
                self.assertEqual(call().get_final_completion().choices[0].message.content, "你")
            else:
                with self.assertRaisesRegex(TypeError, "get_final_completion"):
                    call().get_final_completion()


# --- failures with a good status


class EnvelopesTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu: Any = self.client(self.server, max_retries=2)

    def raised(self, call: Any, body: Any, status: int = 200) -> Any:
        self.server.requests.clear()
        self.server.default = lambda request: answer(body, status)
        with self.assertRaises(zhipuai_lite.APIError) as caught:
            call()
        return caught.exception

    def test_failures_with_status_200_raise(self) -> None:
        zhipu = self.zhipu
        agent = {"agent_id": "a", "id": "1", "status": "failed", "choices": []}
        keyless = {"code": 1000, "msg": "失败了", "success": False}
        for call, body, code in (
            # API.md, E4, E5, E6 and E9
            (lambda: zhipu.file_parser.create_sync(file=b"x", tool_type="p"), {"msg": "失败了", "code": 500}, "500"),
            (lambda: zhipu.agents.invoke("a"), dict(agent, error={"code": "1113", "message": "失败了"}), "1113"),
            (lambda: zhipu.agents.async_result("a"), dict(agent, error={"code": 400, "message": "失败了"}), "400"),
            (lambda: zhipu.agents.conversation("a"), {"error": {"code": "400", "message": "失败了"}}, "400"),
            (lambda: zhipu.knowledge_base.list(), {"code": 10002, "message": "失败了", "timestamp": 1}, "10002"),
            (lambda: zhipu.knowledge_base.delete("k"), {"code": 500, "message": "失败了", "data": None}, "500"),
            (lambda: zhipu.zrag.retrieve(knows=[]), {"code": 1001, "message": "失败了", "data": {}}, "1001"),
            (lambda: zhipu.assistant.query_support(), {"success": False, "code": 500, "msg": "失败了"}, "500"),
            (lambda: zhipu.responses.create(model="m", input="i"), keyless, "1000"),
            (lambda: zhipu.responses.create(model="m", input="i", stream=True), keyless, "1000"),
            (lambda: zhipu.knowledge.modify("k", 3, name="n"), {"code": 500, "msg": "失败了"}, "500"),
        ):
            with self.subTest(body=body):
                error = self.raised(call, body)
                self.assertIsInstance(error, zhipuai_lite.APIResponseError)
                self.assertIn("失败了", str(error))
                self.assertEqual((error.code, error.json_data is not None), (code, True))

    def test_failures_with_their_own_status_have_code_and_message(self) -> None:
        for body, code in (
            ({"error": "失败了", "code": 1210}, "1210"),  # E3
            ({"msg": "失败了", "code": 500}, "500"),
            ({"message": "失败了", "code": "500"}, "500"),
            ({"code": 404, "message": "失败了", "timestamp": 1}, "404"),  # E6
            ({"error": {"code": "model_not_found", "message": "失败了"}}, "model_not_found"),  # E8
        ):
            error = self.raised(lambda: self.zhipu.responses.retrieve("r"), body, 404)
            self.assertEqual((type(error), error.code), (zhipuai_lite.NotFoundError, code))
            self.assertIn("失败了", str(error))
            self.assertEqual(len(self.server.requests), 1)

    def test_codes_of_the_responses_interface_say_whether_to_retry(self) -> None:
        for code, tries in (
            ("overloaded", 3),
            ("rate_limit_exceeded", 3),
            ("insufficient_quota", 1),
            ("not_implemented", 1),
        ):
            self.raised(lambda: self.zhipu.responses.retrieve("r"), {"error": {"code": code, "message": "x"}}, 503)
            self.assertEqual(len(self.server.requests), tries, code)

    def test_success_in_an_envelope_is_no_failure(self) -> None:
        zhipu = self.zhipu
        calls: list[Any] = [
            (lambda: zhipu.knowledge_base.delete("k"), {"code": 200, "message": "请求成功", "timestamp": 1}),
            (
                lambda: zhipu.knowledge_base.search(query="q", knowledge_ids=[]),
                {"code": 200, "message": "ok", "data": []},
            ),
            (lambda: zhipu.assistant.query_support(), {"success": True, "code": 200, "msg": "success", "data": []}),
            (
                lambda: zhipu.file_parser.create(file=b"x", tool_type="lite"),
                {"success": True, "message": "ok", "task_id": "t"},
            ),
            (lambda: zhipu.agents.conversation("a"), {"agent_id": "a", "choices": [], "error": None}),
        ]
        for call, body in calls:
            self.server.answer(body)
            self.assertEqual(call(), body)

    def test_task_that_failed_is_an_answer_with_its_reason(self) -> None:
        zhipu = self.zhipu
        reason = {"code": "1", "message": "数据有误"}
        calls: list[Any] = [
            (lambda: zhipu.chat.asyncCompletions.retrieve_completion_result("1"), {"id": "1", "task_status": "FAIL"}),
            (lambda: zhipu.videos.retrieve_videos_result("1"), {"id": "1", "task_status": "FAIL"}),
            (lambda: zhipu.file_parser.result("1"), {"task_id": "1", "status": "failed", "message": "解析失败"}),
            (lambda: zhipu.ocr.handwriting_ocr(file=b"x", tool_type="t"), {"status": "failed", "message": "看不清"}),
            (lambda: zhipu.fine_tuning.jobs.retrieve("1"), {"id": "1", "status": "failed", "error": reason}),
            (lambda: zhipu.batches.retrieve("1"), {"id": "1", "status": "failed", "errors": {"data": [reason]}}),
            (lambda: zhipu.responses.retrieve("1"), {"id": "1", "status": "failed", "error": reason}),
        ]
        for call, body in calls:
            self.server.answer(body)
            self.assertEqual(call(), body)


# --- any other interface


class GenericRequestsTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.server.default = lambda request: answer({"path": request.path, "id": "1"})
        self.zhipu: Any = self.client(self.server)

    def test_chunks_are_of_the_class_that_was_asked_for(self) -> None:
        for cast_type in (Completion, zhipuai_lite.ChatCompletionChunk):
            self.server.stream(chunk("a"), chunk("b", "stop"), DONE)
            body = {"model": "m", "messages": MESSAGES, "stream": True}
            stream = self.zhipu.post("/chat/completions", body=body, cast_type=cast_type, stream=True)
            self.assertIs(type(next(stream)), zhipuai_lite.ChatCompletionChunk)
            self.assertEqual(stream.get_final_completion().choices[0].message.content, "ab")

    def test_wrong_arguments_are_named(self) -> None:
        post = self.zhipu.post
        for name, call in (
            ("params", lambda: self.zhipu.get("/x", params="abc")),
            ("params", lambda: self.zhipu.get("/x", params=5)),
            ("files", lambda: post("/x", files=5)),
            ("options", lambda: post("/x", options=5)),
            ("headers", lambda: post("/x", headers=5)),
            ("body", lambda: post("/x", body=[1], files={"f": b"x"})),
            ("body", lambda: post("/x", body="abc", files={"f": b"x"})),
            ("body", lambda: post("/x", body=[1], extra_body={"a": 1})),
            ("extra_body", lambda: post("/x", extra_body=[1])),
            ("a", lambda: self.zhipu.get("/x", params={"a": 10**5000})),
            ("file_id", lambda: self.zhipu.files.delete(10**5000)),
            ("file", lambda: self.zhipu.files.create(file=pathlib.Path("a\0b"), purpose="x")),
            ("file", lambda: self.zhipu.files.create(file=("a", "\ud800"), purpose="x")),
            ("timeout", lambda: ask(self.zhipu, timeout=10**5000)),
            ("chunk_size", lambda: list(self.download().iter_bytes(1.5))),
            ("chunk_size", lambda: list(self.download().iter_bytes("x"))),
            ("exp_seconds", lambda: zhipuai_lite.generate_token(KEY, "9")),  # type: ignore[arg-type]
            ("exp_seconds", lambda: zhipuai_lite.generate_token(KEY, float("inf"))),
            ("timestamp", lambda: zhipuai_lite.generate_token(KEY, timestamp=float("nan"))),
        ):
            with self.subTest(name), self.assertRaisesRegex((TypeError, ValueError), rf"\b{name}\b"):
                call()
        self.assertEqual({request.method for request in self.server.requests}, {"GET"})
        with self.assertRaisesRegex(ValueError, "file_id"):
            self.zhipu.files.content(None)
        self.enter(mock.patch("tempfile.TemporaryFile", side_effect=FileNotFoundError("no folder")))
        with self.assertRaisesRegex(ValueError, "file: .*no folder"):
            self.zhipu.files.create(file=types.SimpleNamespace(read=lambda size: b""), purpose="x")

    def download(self) -> Any:
        self.server.answer(b"content")
        return self.zhipu.files.content("f")

    def test_part_of_a_form_may_have_any_name(self) -> None:
        self.zhipu.post("/x", files={1: b"x"})
        self.assertIn(b'name="1"', self.server.request.body)

    def test_one_content_type_and_one_host_are_sent(self) -> None:
        client: Any = self.client(self.server, custom_headers={"content-type": "text/plain", "host": "gateway.test"})
        client.post("/x", body={})
        client.post("/x", files={"f": b"x"})
        ask(client, extra_headers={"HOST": "other.test"})
        for request in self.server.requests:
            names = [name.lower() for name, _ in request.header_list]
            self.assertEqual((names.count("content-type"), names.count("host")), (1, 1))
            self.assertRegex(request.headers["content-type"], "^(application/json|multipart/form-data.*)$")
        hosts = [request.headers["host"] for request in self.server.requests]
        self.assertEqual(hosts, ["gateway.test", "gateway.test", "other.test"])

    def test_answer_has_what_programs_ask_of_one(self) -> None:
        self.server.answer({"a": 1.5})
        response = self.zhipu.get("/x", cast_type=zhipuai_lite.Response)
        self.assertIs(response.raise_for_status(), response)
        self.assertTrue(response.is_success)
        self.assertEqual(response.json(parse_float=str), {"a": "1.5"})
        self.server.answer(error_body("1210"), 400)
        with self.assertRaises(zhipuai_lite.BadRequestError) as caught:
            self.zhipu.get("/x")
        self.assertFalse(caught.exception.response.is_success)

    def test_every_method_is_sent(self) -> None:
        for method in ("get", "post", "put", "patch", "delete"):
            result = getattr(self.zhipu, method)("/new/interface", params={"a": "百 &", "b": [1, 2], "c": True})
            request = self.server.request
            self.assertEqual((request.method, request.path), (method.upper(), "/api/paas/v4/new/interface"))
            self.assertEqual(request.query, {"a": ["百 &"], "b": ["1", "2"], "c": ["true"]})
            self.assertEqual((request.body, request.headers["accept"]), (b"", "*/*"))
            self.assertTrue(signature_is_valid(request.token, SECRET.encode()))
            self.assertEqual((type(result), result.path), (zhipuai_lite.Model, "/api/paas/v4/new/interface"))
        self.zhipu.request("OPTIONS", "x")
        self.assertEqual(self.server.request.method, "OPTIONS")

    def test_body_is_json(self) -> None:
        for method in ("post", "put", "patch", "delete"):
            getattr(self.zhipu, method)("x", body={"a": "值"}, extra_body={"b": None}, extra_headers={"X-One": "1"})
            self.assertEqual(self.server.request.json, {"a": "值", "b": None})
            self.assertEqual(self.server.request.headers["x-one"], "1")
        self.zhipu.post("x", body=[1, 2])
        self.assertEqual(self.server.request.json, [1, 2])
        with self.assertRaises(TypeError):
            self.zhipu.post("x", body={"a": object()})

    def test_files_make_a_form(self) -> None:
        self.zhipu.post("x", body={"a": [1, 2]}, files={"f": ("n", b"c"), "g": b"d"})
        parts = [(part.name, part.filename, part.content) for part in parse_form(self.server.request)]
        self.assertEqual(parts, [("a[]", None, b"1"), ("a[]", None, b"2"), ("f", "n", b"c"), ("g", "upload", b"d")])

    def test_result_is_of_the_class_asked_for(self) -> None:
        for kind in (dict, Completion, zhipuai_lite.Model, zhipuai_lite.Response, zhipuai_lite.BinaryResponse):
            self.assertIs(type(self.zhipu.get("x", cast_type=kind)), kind)
        self.assertIs(type(self.zhipu.get("x", cast_type=object)), zhipuai_lite.Model)
        self.server.answer([{"id": "1"}])
        self.assertEqual(self.zhipu.get("x", cast_type=Completion)[0].id, "1")
        self.server.answer(None, 204)
        self.assertIsNone(self.zhipu.delete("x"))

    def test_stream_is_read(self) -> None:
        self.server.stream({"a": 1}, {"a": 2}, DONE)
        self.assertEqual([event.a for event in self.zhipu.post("x", body={}, stream=True)], [1, 2])

    def test_path_that_names_the_root_hangs_on_it(self) -> None:
        self.assertEqual(self.zhipu.get("/api/monitor/usage/quota/limit").path, "/api/monitor/usage/quota/limit")
        self.assertEqual(self.zhipu.get("apis/x").path, "/api/paas/v4/apis/x")
        self.zhipu.get("/api/x?a=1", params={"b": 2})
        self.assertEqual(self.server.request.query_text, "a=1&b=2")

    def test_path_that_leads_elsewhere_is_refused(self) -> None:
        for path in (
            "https://evil.example/x", "HTTP://evil", "//evil.example/x", "file:///etc/passwd", "/../x", "a/../b",
            "a/..", "./x", "a/%2e%2e/b", "/a/.%2E", "a#b", "..", 5, None, b"/x",
        ):  # fmt: skip
            with self.subTest(path), self.assertRaisesRegex(ValueError, "path"):
                self.zhipu.get(path)
        self.assertEqual(self.server.requests, [])
        for path, sent in (
            ("a b\r\nX-Forged: 1", "a%20b%0D%0AX-Forged:%201"),
            ("百", "%E7%99%BE"),
            ("a..b/c.", "a..b/c."),
        ):
            self.assertEqual(self.zhipu.get(path).path, "/api/paas/v4/" + sent)

    def test_unknown_option_is_a_type_error(self) -> None:
        for wrong in ("json", "data", "timout"):
            with self.subTest(wrong), self.assertRaisesRegex(TypeError, f"'{wrong}'.* body"):
                self.zhipu.post("x", **{wrong: {"a": 1}})
        self.assertEqual(self.server.requests, [])

    def test_what_is_no_method_is_refused(self) -> None:
        server = self.serve()
        for method in ("", "中", "GET /", "A\r\nB", None):
            with self.subTest(method=method), self.assertRaisesRegex(ValueError, "method"):
                self.client(server).request(method, "/x")  # type: ignore[arg-type]
        self.assertEqual(server.requests, [])

    def test_json_that_is_nested_too_deeply_is_a_value_error(self) -> None:
        server = self.serve()
        server.answer(b"[" * 100000)
        response = self.client(server).get("/x", cast_type=zhipuai_lite.Response)
        with self.assertRaises(ValueError):
            response.json()

    def test_errors_are_mapped_and_retried(self) -> None:
        client: Any = self.client(self.server, max_retries=1)
        self.server.answer(error_body("1302"), 429)
        self.assertEqual(client.put("x", body={}).id, "1")
        self.assertEqual(len(self.slept), 1)
        self.server.answer(error_body("1211", "模型不存在"), 400)
        with self.assertRaisesRegex(zhipuai_lite.BadRequestError, "模型不存在"):
            client.get("x")
        self.server.raw(STALL)
        with self.assertRaises(zhipuai_lite.APITimeoutError):
            self.zhipu.get("x", timeout=0.05)

    def test_options_of_the_official_sdk_are_taken(self) -> None:
        options = {"params": {"a": 1}, "headers": {"X-One": "1"}, "timeout": 5}
        self.zhipu.get("x", cast_type=zhipuai_lite.Model, options=options)
        self.assertEqual((self.server.request.query_text, self.server.request.headers["x-one"]), ("a=1", "1"))


# --- waiting


class WaitTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu: Any = self.client(self.server)

    def started(self, call: Any, body: Any) -> Any:
        self.server.answer(body)
        return call()

    def tasks(self) -> Iterator[tuple[str, Any, str, dict[str, Any], dict[str, Any], dict[str, Any]]]:
        """Name, started task, request that asks for it, answer while it runs, when it is done, when it failed."""
        zhipu = self.zhipu
        for name, call, path in (
            ("chat", lambda: zhipu.chat.asyncCompletions.create(model="m", messages=MESSAGES), "choices"),
            ("image", lambda: zhipu.images.async_generations(prompt="p"), "image_result"),
            ("video", lambda: zhipu.videos.generations("m", prompt="p"), "video_result"),
        ):
            task = {"id": "t/1", "request_id": "r", "model": "m", "task_status": "PROCESSING"}
            done = dict(task, task_status="SUCCESS", **{path: [{"url": "https://r"}]})
            yield name, self.started(call, task), "GET async-result/t%2F1", task, done, dict(task, task_status="FAIL")
        batch = {"id": "b1", "status": "validating"}
        errors = {"data": [{"code": "1210", "message": "失败了", "line": 3}]}
        yield (
            "batch",
            self.started(lambda: zhipu.batches.create(endpoint="e", input_file_id="f"), batch),
            "GET batches/b1",
            dict(batch, status="in_progress"),
            dict(batch, status="completed", output_file_id="o"),
            dict(batch, status="failed", errors=errors),
        )
        job = {"id": "j1", "status": "create"}
        yield (
            "job",
            self.started(lambda: zhipu.fine_tuning.jobs.create(model="m", training_file="f"), job),
            "GET fine_tuning/jobs/j1",
            dict(job, status="running"),
            dict(job, status="succeeded", fine_tuned_model="mine"),
            dict(job, status="failed", error={"code": "1210", "message": "失败了"}),
        )
        parsing = {"task_id": "p1", "status": "processing", "message": "解析中"}
        created = {"task_id": "p1", "success": True, "message": "任务创建成功"}
        yield (
            "parser",
            self.started(lambda: zhipu.file_parser.create(file=b"x", tool_type="lite"), created),
            "GET files/parser/result/p1/text",
            parsing,
            dict(parsing, status="succeeded", content="文字"),
            dict(parsing, status="failed", message="失败了"),
        )
        agent = {"agent_id": "a1", "async_id": "s1", "status": "pending"}
        yield (
            "agent",
            self.started(lambda: zhipu.agents.invoke("a1", messages=[]), dict(agent, conversation_id="c1")),
            "POST /api/v1/agents/async-result",
            agent,
            dict(agent, status="success", choices=[{"messages": [{"role": "assistant"}]}]),
            dict(agent, status="failed", error={"code": "1210", "message": "失败了"}),
        )

    def test_every_kind_of_task_is_waited_for(self) -> None:
        for name, task, request, running, done, _ in self.tasks():
            with self.subTest(name):
                self.server.requests.clear()
                del self.slept[:]
                for body in (running, running, done):
                    self.server.answer(body)
                result = self.zhipu.wait(task)
                self.assertEqual(result, done)
                self.assertIsInstance(result, zhipuai_lite.Model)
                self.assertEqual(self.slept, [1, 1.5, 2.25])
                self.assertIs(self.zhipu.wait(result), result)  # what has finished is returned at once
                method, _, path = request.partition(" ")
                path = path if path.startswith("/") else "/api/paas/v4/" + path
                self.assertEqual({(r.method, r.path) for r in self.server.requests}, {(method, path)})
                if name == "agent":
                    expected = {"agent_id": "a1", "async_id": "s1"}
                    self.assertEqual(self.server.requests[0].json, dict(expected, conversation_id="c1"))
                    self.assertLessEqual(expected.items(), self.server.request.json.items())

    def test_failure_is_raised_with_the_platforms_reason(self) -> None:
        for name, task, _, running, _, failed in self.tasks():
            with self.subTest(name):
                self.server.answer(running)
                self.server.answer(failed)
                with self.assertRaises(zhipuai_lite.APIResponseError) as caught:
                    self.zhipu.wait(task)
                self.assertRegex(str(caught.exception), "失败了|(?i:fail)")
                if "失败了" in str(failed):
                    self.assertIn("失败了", str(caught.exception))
                if "1210" in str(failed):
                    self.assertEqual(caught.exception.code, "1210")
                self.assertTrue(caught.exception.json_data)

    def test_time_of_a_wait_bounds_each_of_its_questions(self) -> None:
        self.server.raw(STALL)
        task = zhipuai_lite.AsyncTaskStatus(id="1", task_status="PROCESSING")
        begun = time.monotonic()
        with self.assertRaises(zhipuai_lite.APITimeoutError):
            self.zhipu.wait(task, timeout=0.2, interval=0.1)
        self.assertLess(time.monotonic() - begun, PATIENCE / 2)

    def test_interval_of_nothing_grows_too(self) -> None:
        task = zhipuai_lite.AsyncTaskStatus(id="1", task_status="PROCESSING")
        self.server.answer({"id": "1", "task_status": "PROCESSING"}, times=5)
        self.server.answer({"id": "1", "task_status": "SUCCESS"})
        self.zhipu.wait(task, interval=0)
        self.assertEqual(self.slept[0], 0)
        self.assertEqual(self.slept[1:], sorted(self.slept[1:]))
        self.assertGreater(self.slept[1], 0.1)

    def test_wrong_arguments_of_a_wait_are_refused(self) -> None:
        task = zhipuai_lite.AsyncTaskStatus(id="1", task_status="PROCESSING")
        intervals: list[Any] = ["x", None, -1, float("nan"), True]
        timeouts: list[Any] = ["x", [], -1, float("nan"), float("inf")]
        wrong = [("interval", value) for value in intervals] + [("timeout", value) for value in timeouts]
        for name, value in [*wrong, ("on_update", 5)]:
            with self.subTest(name=name, value=value), self.assertRaisesRegex((TypeError, ValueError), name):
                self.zhipu.wait(task, **{name: value})
        self.assertEqual(self.server.requests, [])

    def test_other_ends_are_failures(self) -> None:
        for status in ("expired", "cancelled", "failed"):
            self.server.answer({"id": "b1", "status": status})
            task = zhipuai_lite.Batch(id="b1", status="in_progress")
            with self.assertRaisesRegex(zhipuai_lite.APIResponseError, status):
                self.zhipu.wait(task)
        for status in ("finalizing", "cancelling"):
            self.server.answer({"id": "b1", "status": status})
            self.server.answer({"id": "b1", "status": "completed"})
            self.assertEqual(self.zhipu.wait(task).status, "completed")

    def test_finished_task_is_returned_without_a_request(self) -> None:
        task = zhipuai_lite.AsyncCompletion(id="1", task_status="SUCCESS")
        agent = zhipuai_lite.AgentsCompletion(agent_id="a", choices=[{"index": 0}])
        for each in (task, agent):
            self.assertIs(self.zhipu.wait(each), each)
        with self.assertRaises(zhipuai_lite.APIResponseError):
            self.zhipu.wait(zhipuai_lite.VideoObject(id="1", task_status="FAIL"))
        self.assertEqual((self.server.requests, self.slept), ([], []))

    def test_intervals_grow_to_half_a_minute(self) -> None:
        task = zhipuai_lite.VideoObject(id="1", task_status="PROCESSING")
        self.server.answer({"id": "1", "task_status": "PROCESSING"}, times=12)
        self.server.answer({"id": "1", "task_status": "SUCCESS"})
        self.zhipu.wait(task, timeout=None)
        self.assertEqual(self.slept, sorted(self.slept))
        self.assertEqual((self.slept[0], self.slept[-1], len(self.slept)), (1, 30, 13))
        del self.slept[:]
        self.server.answer({"id": "1", "task_status": "PROCESSING"}, times=2)
        self.server.answer({"id": "1", "task_status": "SUCCESS"})
        self.zhipu.wait(task, interval=60)
        self.assertEqual(self.slept, [60, 60, 60])

    def test_updates_are_reported(self) -> None:
        seen: list[Any] = []
        for completed in (10, 55):
            self.server.answer({"id": "b", "status": "in_progress", "request_counts": {"completed": completed}})
        self.server.answer({"id": "b", "status": "completed"})
        result = self.zhipu.wait(zhipuai_lite.Batch(id="b"), on_update=seen.append)
        self.assertEqual([task.request_counts and task.request_counts.completed for task in seen], [10, 55, None])
        self.assertIs(seen[-1], result)

    def test_waiting_is_bounded(self) -> None:
        self.server.default = lambda request: answer({"id": "1", "task_status": "PROCESSING"})
        task = zhipuai_lite.VideoObject(id="1", task_status="PROCESSING")
        with mock.patch.object(zhipuai_lite, "_sleep", time.sleep), self.assertRaises(zhipuai_lite.APITimeoutError):
            self.zhipu.wait(task, timeout=0.06, interval=0.05)
        self.assertIn(len(self.server.requests), (1, 2))
        with self.assertRaisesRegex(zhipuai_lite.APITimeoutError, "processing") as caught:
            self.zhipu.wait(task, timeout=0)
        self.assertIsInstance(caught.exception, zhipuai_lite.APIConnectionError)

    def test_last_wait_ends_with_the_time_limit(self) -> None:
        self.server.answer({"id": "1", "task_status": "SUCCESS"})
        self.zhipu.wait(zhipuai_lite.VideoObject(id="1", task_status="PROCESSING"), timeout=5, interval=60)
        self.assertTrue(4 < self.slept[0] <= 5, self.slept)

    def test_answers_that_are_no_state_raise(self) -> None:
        task = zhipuai_lite.Batch(id="b", status="validating")
        for body in (b"[]", b"null"):
            self.server.answer(body, headers={"Content-Type": "application/json"})
            with self.assertRaises(zhipuai_lite.APIResponseError):
                self.zhipu.wait(task)

    def test_reasons_of_any_shape_are_shown(self) -> None:
        for errors in ("kaputt", ["kaputt"], {"data": "kaputt"}, {"data": {"message": "kaputt"}}):
            with self.subTest(errors=errors), self.assertRaisesRegex(zhipuai_lite.APIResponseError, "kaputt"):
                self.zhipu.wait(zhipuai_lite.Batch(id="b", status="failed", errors=errors))

    def test_parameters_go_with_each_question(self) -> None:
        task = zhipuai_lite.AgentsCompletion(agent_id="a1", async_id="s1", status="pending")
        self.server.answer({"agent_id": "a1", "async_id": "s1", "status": "success"})
        self.assertEqual(self.zhipu.wait(task, custom_variables={"pages": 1}).status, "success")
        self.assertEqual(self.server.request.json["custom_variables"], {"pages": 1})

    def test_errors_while_asking_are_raised(self) -> None:
        self.server.answer(error_body("1233", "任务不存在"), 400)
        with self.assertRaisesRegex(zhipuai_lite.BadRequestError, "任务不存在"):
            self.zhipu.wait(zhipuai_lite.VideoObject(id="1", task_status="PROCESSING"))

    def test_what_is_no_task_is_refused(self) -> None:
        for wrong in (None, "id", {"id": "1"}, zhipuai_lite.Completion(id="1")):
            with self.assertRaisesRegex(TypeError, "task"):
                self.zhipu.wait(wrong)
        with self.assertRaisesRegex(ValueError, "id"):
            self.zhipu.wait(zhipuai_lite.VideoObject(task_status="PROCESSING"))
        self.assertEqual(self.server.requests, [])

    def test_clients_of_zai_wait_and_stream_as_well(self) -> None:
        os.environ.update(ZAI_API_KEY=KEY, ZAI_BASE_URL=self.server.url)
        for kind in (zhipuai_lite.ZaiClient, zhipuai_lite.ZhipuAiClient):
            with kind() as client:
                self.server.answer({"id": "1", "task_status": "SUCCESS"})
                self.assertEqual(client.wait(zhipuai_lite.VideoObject(id="1")).task_status, "SUCCESS")
                self.server.stream({"agent_id": "a"}, DONE)
                self.assertEqual(len(list(client.agents.invoke("a", stream=True))), 1)
                self.assertEqual(self.server.request.path, "/api/v1/agents")
                self.assertEqual("accept-language" in self.server.request.headers, kind is zhipuai_lite.ZaiClient)


# ======================================================================================================================
# Clients
# ======================================================================================================================


class ClientTest(TestCase):
    def test_key_and_address_come_from_the_environment(self) -> None:
        server = self.serve()
        os.environ.update(ZHIPUAI_API_KEY=f" {KEY}\n", ZHIPUAI_BASE_URL=server.origin + "/gateway")
        ask(ZhipuAI())
        self.assertEqual(server.request.path, "/gateway/chat/completions")
        self.assertTrue(signature_is_valid(server.request.token, SECRET.encode()))

    def test_arguments_win_over_the_environment(self) -> None:
        server = self.serve()
        os.environ.update(ZHIPUAI_API_KEY="sk-environment", ZHIPUAI_BASE_URL="http://127.0.0.1:1/")
        ask(ZhipuAI(api_key="sk-argument", base_url=server.url))
        self.assertEqual(server.request.token, "sk-argument")

    def test_none_means_the_default(self) -> None:
        os.environ["ZHIPUAI_API_KEY"] = KEY
        client = ZhipuAI(
            api_key=None,
            base_url=None,
            timeout=None,
            max_retries=None,
            http_client=None,
            custom_headers=None,
            disable_token_cache=None,
            source_channel=None,
        )
        self.assertEqual(str(client.base_url), "https://open.bigmodel.cn/api/paas/v4/")
        self.assertEqual(client.max_retries, 3)
        self.assertIsNone(client.timeout)

    def test_arguments_are_keywords(self) -> None:
        with self.assertRaises(TypeError):
            ZhipuAI(KEY)  # type: ignore[call-arg]

    def test_missing_key_says_what_to_set(self) -> None:
        for value in (None, "", "  \n"):
            with self.subTest(value=value), self.assertRaises(zhipuai_lite.ZhipuAIError) as caught:
                ZhipuAI(api_key=value)
            self.assertIn("ZHIPUAI_API_KEY", str(caught.exception))
            self.assertIn("api_key", str(caught.exception))
        os.environ["ZHIPUAI_API_KEY"] = ""
        with self.assertRaises(zhipuai_lite.ZhipuAIError):
            ZhipuAI()

    def test_unusable_key_is_refused_without_repeating_it(self) -> None:
        for key in (
            "id.sec\nret-xyz",
            "id.sec ret-xyz",
            "id.sec\x00ret-xyz",
            "id.密ret-xyz",
            "id.\tret-xyz",
            "ret-xyz\x7f",
            "ret-xyz\u2028a",
        ):
            with self.subTest(key=key), self.assertRaises(zhipuai_lite.ZhipuAIError) as caught:
                ZhipuAI(api_key=key)
            error = caught.exception
            self.assertIn("ZHIPUAI_API_KEY", str(error))
            self.assertNotIn("ret-xyz", str(error) + repr(error))
            self.assertIsInstance(error, ValueError)

    def test_key_of_a_wrong_type_is_refused(self) -> None:
        for key in (b"bytes-key", 5, ["secret-key"]):
            with self.assertRaisesRegex(TypeError, "api_key") as caught:
                ZhipuAI(api_key=key)  # type: ignore[arg-type]
            self.assertNotIn("-key", str(caught.exception).replace("api_key", ""))

    def test_base_url_in_all_spellings(self) -> None:
        server = self.serve()

        class URL:  # httpx.URL is such an object
            def __str__(self) -> str:
                return server.origin + "/api/paas/v4"

        for url in (server.url, server.url[:-1], URL(), f" {server.url} ", server.url.replace("http:", "HTTP:")):
            ask(self.client(base_url=url))
            self.assertEqual(server.request.path, "/api/paas/v4/chat/completions")
        ask(self.client(base_url=server.origin))
        self.assertEqual(server.request.path, "/chat/completions")

    def test_constructor_does_no_work(self) -> None:
        self.enter(mock.patch("ssl.create_default_context", side_effect=AssertionError))
        self.enter(mock.patch("socket.getaddrinfo", side_effect=AssertionError))
        for _ in range(100):
            ZhipuAI(api_key=KEY)

    def test_closing(self) -> None:
        server = self.serve()
        with self.client(server) as client:
            self.assertFalse(client.is_closed())
            ask(client)
        self.assertTrue(client.is_closed())
        client.close()
        with self.assertRaisesRegex(zhipuai_lite.ZhipuAIError, "closed"):
            ask(client)
        self.assertEqual(len(server.requests), 1)

    def test_closing_one_client_leaves_others_working(self) -> None:
        server = self.serve()
        first, second = self.client(server), self.client(server)
        server.stream(chunk("a"), chunk("b"), DONE)
        stream = ask(second, stream=True)
        next(stream)
        first.close()
        self.assertEqual(contents(stream), ["b"])
        ask(second)

    def test_client_can_be_subclassed(self) -> None:
        class Gateway(ZhipuAI):
            def __init__(self, tenant: str, **options: Any) -> None:
                super().__init__(custom_headers={"X-Tenant": tenant}, **options)

        server = self.serve()
        with Gateway("t1", api_key=KEY, base_url=server.url) as client:
            ask(client)
            self.assertEqual(client._default_headers["X-Tenant"], "t1")
        self.assertEqual(server.request.headers["x-tenant"], "t1")

    def test_client_pickles(self) -> None:
        server = self.serve()
        client = self.client(server, custom_headers={"X-One": "1"}, timeout=(5, 6), max_retries=1)
        ask(client)
        twin = pickle.loads(pickle.dumps(client))
        ask(twin)
        self.assertEqual(server.request.headers["x-one"], "1")
        self.assertEqual((twin.timeout, twin.max_retries), ((5, 6), 1))
        twin.close()
        self.assertFalse(client.is_closed())
        ask(copy.copy(client))

    def test_clients_of_zai_exist(self) -> None:
        os.environ.update(ZHIPUAI_API_KEY="sk-zhipu", ZAI_API_KEY="sk-zai")
        server = self.serve()
        for kind, address, variable in (
            (zhipuai_lite.ZhipuAiClient, "https://open.bigmodel.cn/api/paas/v4/", "ZAI_BASE_URL"),
            (zhipuai_lite.ZaiClient, "https://api.z.ai/api/paas/v4/", "ZAI_BASE_URL"),
        ):
            self.assertEqual(kind().base_url, address)
            with mock.patch.dict(os.environ, {variable: server.url}), kind() as client:
                ask(client)
            self.assertEqual(server.request.token, "sk-zai")
        self.assertEqual(server.request.headers["accept-language"], "en-US,en")

    def test_subclass_may_have_annotations(self) -> None:
        names: dict[str, Any] = {"ZhipuAI": ZhipuAI}
        self.execute("class Mine(ZhipuAI):\n    region: str = 'cn'\n    number: 'int' = 1\n", names)
        client = names["Mine"](api_key=KEY, base_url=self.serve().url)
        self.assertEqual((ask(client).choices[0].message.content, client.region), ("你好！", "cn"))

    def test_hints_of_a_method_can_be_asked_for(self) -> None:
        self.assertIsInstance(get_type_hints(ZhipuAI(api_key=KEY).chat.completions.create), dict)
        if sys.version_info >= (3, 10):  # where the text of the annotations can be evaluated
            self.assertIs(get_type_hints(Completion)["usage"], zhipuai_lite.CompletionUsage)

    def test_source_channel_is_sent(self) -> None:
        server = self.serve()
        ask(self.client(server, source_channel="my-app"))
        self.assertEqual(server.request.headers["x-source-channel"], "my-app")

    def test_custom_headers_are_sent(self) -> None:
        server = self.serve()
        ask(self.client(server, custom_headers={"X-One": "1", "user-agent": "mine/1"}))
        self.assertEqual((server.request.headers["x-one"], server.request.headers["user-agent"]), ("1", "mine/1"))

    def test_every_name_exported_is_there(self) -> None:
        for name in zhipuai_lite.__all__:
            self.assertTrue(hasattr(zhipuai_lite, name), name)
        self.assertEqual(len(zhipuai_lite.__all__), len(set(zhipuai_lite.__all__)))

    def test_not_given_is_falsy_and_one(self) -> None:
        self.assertFalse(NOT_GIVEN)
        self.assertEqual(repr(NOT_GIVEN), "NOT_GIVEN")
        self.assertIsInstance(NOT_GIVEN, zhipuai_lite.NotGiven)
        self.assertIs(pickle.loads(pickle.dumps(NOT_GIVEN)), NOT_GIVEN)
        self.assertIs(copy.deepcopy(NOT_GIVEN), NOT_GIVEN)
        self.assertIs(zhipuai_lite.NotGiven(), NOT_GIVEN)


# ======================================================================================================================
# The asynchronous client
# ======================================================================================================================


class AsyncClientTest(TestCase):
    def run_with_client(self, scenario: Callable[[AsyncZhipuAI], Any], **options: Any) -> Any:
        """Runs a scenario in an event loop, with a client of `self.server` that is closed afterwards."""
        options.setdefault("timeout", PATIENCE)

        async def main() -> Any:
            base_url = options.pop("base_url", self.server.url)
            async with AsyncZhipuAI(api_key=KEY, base_url=base_url, max_retries=0, **options) as client:
                return await asyncio.wait_for(scenario(client), PATIENCE)

        return asyncio.run(main())

    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()

    def test_call_is_awaited(self) -> None:
        async def scenario(client: AsyncZhipuAI) -> str | None:
            answered = await client.chat.completions.create(model="glm-4-flash", messages=MESSAGES)
            return answered.choices[0].message.content

        self.assertEqual(self.run_with_client(scenario), "你好！")
        self.assertEqual(self.server.request.json["messages"], MESSAGES)

    def test_errors_keep_their_class(self) -> None:
        self.server.answer(error_body("1113"), status=429)

        async def scenario(client: AsyncZhipuAI) -> Any:
            with self.assertRaises(zhipuai_lite.RateLimitError) as caught:
                await client.chat.completions.create(model="glm-4-flash", messages=MESSAGES)
            return caught.exception.code

        self.assertEqual(self.run_with_client(scenario), "1113")

    def test_misspelt_parameter_is_a_type_error(self) -> None:
        async def scenario(client: AsyncZhipuAI) -> None:
            create: Any = client.chat.completions.create
            with self.assertRaisesRegex(TypeError, "modle"):
                await create(modle="glm-4-flash", messages=MESSAGES)

        self.run_with_client(scenario)
        self.assertEqual(self.server.requests, [])

    def test_call_that_is_not_awaited_is_named_in_the_warning(self) -> None:
        async def scenario(client: AsyncZhipuAI) -> None:
            with self.assertWarnsRegex(RuntimeWarning, r"'Completions\.create' was never awaited"):
                client.chat.completions.create(model="glm-4-flash", messages=MESSAGES)
                gc.collect()

        self.run_with_client(scenario)
        self.assertEqual(self.server.requests, [])

    def test_chunks_come_by_async_for(self) -> None:
        self.server.stream(chunk("你"), chunk("好"), DONE)

        async def scenario(client: AsyncZhipuAI) -> Any:
            stream = await client.chat.completions.create(model="glm-4-flash", messages=MESSAGES, stream=True)
            texts = [item.choices[0].delta.content async for item in stream]
            return texts, (await stream.get_final_completion()).choices[0].message.content

        self.assertEqual(self.run_with_client(scenario), (["你", "好"], "你好"))

    def test_first_chunk_does_not_wait_for_the_second(self) -> None:
        taken = threading.Event()
        self.server.stream(chunk("你"), WAIT(taken), chunk("好"), DONE)

        async def scenario(client: AsyncZhipuAI) -> Any:
            async with await client.chat.completions.create(
                model="glm-4-flash", messages=MESSAGES, stream=True
            ) as stream:
                texts = []
                async for item in stream:
                    texts.append(item.choices[0].delta.content)
                    taken.set()
            return texts

        self.assertEqual(self.run_with_client(scenario), ["你", "好"])

    def test_cut_off_stream_raises_after_what_came(self) -> None:
        self.server.stream(chunk("你"), CLOSE)

        async def scenario(client: AsyncZhipuAI) -> Any:
            stream = await client.chat.completions.create(model="glm-4-flash", messages=MESSAGES, stream=True)
            texts = []
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                async for item in stream:
                    texts.append(item.choices[0].delta.content)  # noqa: PERF401
            return texts

        self.assertEqual(self.run_with_client(scenario), ["你"])

    def test_stream_left_early_is_closed(self) -> None:
        self.server.stream(chunk("你"), STALL)

        async def scenario(client: AsyncZhipuAI) -> None:
            stream = await client.chat.completions.create(model="glm-4-flash", messages=MESSAGES, stream=True)
            async for _ in stream:
                break
            await stream.aclose()
            self.server.until_idle()

        self.run_with_client(scenario)

    def test_stream_whose_reading_was_cancelled_does_not_look_ended(self) -> None:
        self.server.stream(chunk("a"), STALL)

        async def scenario(client: AsyncZhipuAI) -> None:
            stream = await client.chat.completions.create(model="glm-4-flash", messages=MESSAGES, stream=True)
            await stream.__anext__()
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(stream.__anext__(), 0.01)
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                await stream.__anext__()

        self.run_with_client(scenario)

    def test_cancelled_call_closes_its_connection(self) -> None:
        for stream in (False, True):
            self.server.raw(*([head(200, {"Content-Type": "text/event-stream"})] if stream else []), STALL)

            async def scenario(client: AsyncZhipuAI, stream: bool = stream) -> None:
                async def call() -> None:
                    got: Any = await client.chat.completions.create(
                        model="glm-4-flash", messages=MESSAGES, stream=stream
                    )
                    async for _ in got:
                        pass

                task = asyncio.ensure_future(call())
                while not self.server.requests:  # noqa: ASYNC110  # a thread sets it
                    await asyncio.sleep(0.001)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task
                self.server.until_idle()

            with self.subTest(stream=stream):
                self.server.requests.clear()
                self.run_with_client(scenario)

    def test_loop_goes_on_while_a_call_waits(self) -> None:
        allowed = threading.Event()
        self.server.raw(WAIT(allowed), *answer(completion()))

        async def scenario(client: AsyncZhipuAI) -> Any:
            task = asyncio.ensure_future(client.chat.completions.create(model="glm-4-flash", messages=MESSAGES))
            while not self.server.requests:  # noqa: ASYNC110  # a thread sets it
                await asyncio.sleep(0.001)
            self.assertFalse(task.done())
            allowed.set()
            return (await task).choices[0].message.content

        self.assertEqual(self.run_with_client(scenario), "你好！")

    def test_calls_beyond_the_bound_wait_their_turn(self) -> None:
        async def scenario(client: AsyncZhipuAI) -> None:
            calls = [client.chat.completions.create(model=str(number), messages=MESSAGES) for number in range(20)]
            await asyncio.gather(*calls)

        self.run_with_client(scenario, max_connections=1)
        self.assertEqual([request.json["model"] for request in self.server.requests], [str(n) for n in range(20)])
        self.assertEqual(self.server.connections, 1)

    def test_many_calls_at_a_time_are_not_mixed_up(self) -> None:
        self.server.default = lambda request: answer({"id": request.json["model"]})

        async def scenario(client: AsyncZhipuAI) -> Any:
            create = client.chat.completions.create
            return await asyncio.gather(*[create(model=str(number), messages=MESSAGES) for number in range(64)])

        self.assertEqual([result.id for result in self.run_with_client(scenario)], [str(n) for n in range(64)])

    def test_pages_go_on_by_async_for(self) -> None:
        self.server.answer({"data": [{"id": "a"}, {"id": "b"}], "has_more": True})
        self.server.answer({"data": [{"id": "c"}], "has_more": False})

        async def scenario(client: AsyncZhipuAI) -> Any:
            return [batch.id async for batch in await client.batches.list(limit=2)]

        self.assertEqual(self.run_with_client(scenario), ["a", "b", "c"])
        self.assertEqual(self.server.request.query, {"limit": ["2"], "after": ["b"]})

    def test_files_go_up_and_come_down(self) -> None:
        self.server.answer({"id": "f"})
        content = os.urandom(300_000)
        self.server.answer(content, headers={"Content-Type": "application/octet-stream"}, times=2)
        path = self.file("result.jsonl", b"")

        async def scenario(client: AsyncZhipuAI) -> Any:
            await client.files.create(file=("upload.jsonl", b"{}\n"), purpose="batch")
            await (await client.files.content("f")).astream_to_file(path)
            return await (await client.files.content("f")).aread()

        self.assertEqual(self.run_with_client(scenario), content)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), content)
        self.assertIn(b"{}\n", self.server.requests[0].body)

    def test_wait_asks_until_the_task_is_done(self) -> None:
        for status in ("PROCESSING", "SUCCESS"):
            self.server.answer({"id": "t", "task_status": status})

        async def scenario(client: AsyncZhipuAI) -> Any:
            task = zhipuai_lite.VideoObject(id="t", task_status="PROCESSING")
            return await client.wait(task, interval=0.001)

        self.assertEqual(self.run_with_client(scenario).task_status, "SUCCESS")
        self.assertEqual(len(self.server.requests), 2)

    def test_one_client_serves_several_loops(self) -> None:
        client = AsyncZhipuAI(api_key=KEY, base_url=self.server.url, timeout=PATIENCE, max_retries=0)

        async def call() -> Any:
            return (await client.chat.completions.create(model="glm-4-flash", messages=MESSAGES)).id

        self.assertEqual(asyncio.run(call()), asyncio.run(call()))
        asyncio.run(client.aclose())
        self.assertEqual(len(self.server.requests), 2)

    def test_closed_client_refuses_calls(self) -> None:
        async def scenario(client: AsyncZhipuAI) -> None:
            await client.aclose()
            with self.assertRaises(zhipuai_lite.ZhipuAIError):
                await client.chat.completions.create(model="glm-4-flash", messages=MESSAGES)

        self.run_with_client(scenario)

    def test_works_over_tls(self) -> None:
        server = self.server = self.serve(tls=server_context())
        server.stream(chunk("你"), DONE)

        async def scenario(client: AsyncZhipuAI) -> Any:
            create = client.chat.completions.create
            texts = [item async for item in await create(model="glm-4-flash", messages=MESSAGES, stream=True)]
            return contents(texts), (await create(model="glm-4-flash", messages=MESSAGES)).choices[0].message.content

        context = ssl.create_default_context(cadata=CA_PEM)
        self.assertEqual(self.run_with_client(scenario, ssl_context=context), (["你"], "你好！"))

    def test_client_that_was_never_closed_lets_the_interpreter_end(self) -> None:
        self.server.stream(chunk("你"), STALL)
        program = """if True:
            import asyncio, logging, zhipuai_lite
            logging.getLogger("asyncio").setLevel("ERROR")  # a busy machine is slow
            async def main():
                client = zhipuai_lite.AsyncZhipuAI()
                async for _ in await client.chat.completions.create(model="m", messages=[], stream=True):
                    break
            asyncio.run(main())
        """
        variables = {"ZHIPUAI_API_KEY": KEY, "ZHIPUAI_BASE_URL": self.server.url, "PYTHONPATH": os.path.dirname(MODULE)}
        command = [sys.executable, "-X", "dev", "-W", "error", "-c", program]
        ended = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, timeout=PATIENCE)
        self.assertEqual((ended.returncode, ended.stderr.decode()), (0, ""))


class AsyncioTest(TestCase):
    """`AsyncZhipuAI`: what goes on at the same time, what ends early, and that nothing of it stays behind."""

    #: Bytes that are more than the system's buffers of a connection hold.
    LARGE = 12 << 20

    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.server.default = lambda request: [STALL] if b'"silence"' in request.body else answer(completion())
        self.addCleanup(self.nobody_waited_in_vain)

    def nobody_waited_in_vain(self) -> None:
        """No connection was closed only because the server itself lost its patience."""
        self.assertEqual([error for error in self.server.errors if isinstance(error, socket.timeout)], [])

    def async_client(self, **options: Any) -> Any:
        """A client of the server that fails rather than hangs."""
        defaults = {"api_key": KEY, "base_url": self.server.url, "timeout": PATIENCE, "max_retries": 0}
        return AsyncZhipuAI(**{**defaults, **options})

    def run_in_loop(self, scenario: Any, run: Callable[[Any], Any] = asyncio.run) -> Any:
        """The result of a coroutine in a new loop, which nobody has left an error behind in."""
        unhandled: list[Any] = []

        async def main() -> Any:
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda loop, context: unhandled.append(context))
            loop.slow_callback_duration = PATIENCE  # of what it complains about in the development mode
            return await asyncio.wait_for(scenario, PATIENCE)

        result = run(main())
        self.assertEqual(unhandled, [])
        return result

    def run_with_client(self, scenario: Callable[[Any], Any], **options: Any) -> Any:
        """The same for a scenario with a client, which is closed afterwards."""

        async def main() -> Any:
            async with self.async_client(**options) as client:
                return await scenario(client)

        return self.run_in_loop(main())

    async def until(self, condition: Callable[[], Any]) -> None:
        """Waits, while the loop goes on, for a condition that no event announces."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, "in vain")
            await asyncio.sleep(0.001)

    async def turns(self, count: int) -> None:
        """Lets the loop go round."""
        for _ in range(count):
            await asyncio.sleep(0)

    async def cancel(self, call: Any, reached: Callable[[], Any]) -> None:
        """Cancels a call when it has got so far; it must end at once, and for no other reason."""
        task = asyncio.ensure_future(call)
        await self.until(lambda: task.done() or reached())
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task

    async def cancel_often(self, client: Any, reached: threading.Event, **arguments: Any) -> None:
        """Cancels calls that have got so far: their connections are closed at once, and they keep no thread busy."""
        before = set(threading.enumerate())
        for _ in range(3):
            await self.cancel(ask(client, **arguments), reached.is_set)
            reached.clear()
            self.server.until_idle()
        threads = [t for t in threading.enumerate() if t not in before and not t.name.startswith("test ")]
        self.assertLessEqual(len(threads), 1, threads)

    async def longest_pause(self, call: Any) -> float:
        """The longest time for which the loop stood still during a call, as a part of the call's time."""
        ticks = [time.perf_counter()]

        async def tick() -> None:
            while True:
                await asyncio.sleep(0.001)
                ticks.append(time.perf_counter())

        ticker = asyncio.ensure_future(tick())
        await call
        ticker.cancel()
        ticks.append(time.perf_counter())
        return max(after - before for before, after in zip(ticks, ticks[1:])) / (ticks[-1] - ticks[0])

    # --- calls at the same time

    def test_two_hundred_calls_share_ten_connections(self) -> None:
        self.server.default = lambda request: answer({"id": request.json["model"]})

        async def scenario(client: Any) -> Any:
            return await asyncio.gather(*[ask(client, model=str(number)) for number in range(200)])

        results = self.run_with_client(scenario, max_connections=10)
        self.assertEqual([result.id for result in results], [str(number) for number in range(200)])
        self.assertLessEqual(self.server.connections, 10)

    def test_slow_stream_leaves_the_other_places_to_short_calls(self) -> None:
        go_on = threading.Event()
        self.server.stream(chunk("a"), WAIT(go_on), chunk("b"), DONE)

        async def scenario(client: Any) -> Any:
            slow = await ask(client, stream=True)
            first = await slow.__anext__()
            for _ in range(20):
                await ask(client)
            go_on.set()
            return contents([first] + [item async for item in slow])

        self.assertEqual(self.run_with_client(scenario, max_connections=2), ["a", "b"])
        self.assertEqual(self.server.connections, 2)

    def test_stream_at_full_speed_lets_short_calls_through(self) -> None:
        enough = threading.Event()

        def flood(connection: Connection) -> None:
            while not enough.is_set():
                connection.send(http_chunk(sse(chunk("x")) * 20))

        self.server.stream(flood, DONE)

        async def scenario(client: Any) -> Any:
            flooded = await ask(client, stream=True)

            async def read() -> int:
                return len([item async for item in flooded])

            task = asyncio.ensure_future(read())
            await asyncio.gather(*[ask(client) for _ in range(5)])
            self.assertFalse(task.done())
            enough.set()
            return await task

        self.assertGreater(self.run_with_client(scenario), 0)

    def test_call_that_waits_for_its_place_takes_that_of_a_closed_stream(self) -> None:
        self.server.stream(chunk("a"), STALL)

        async def scenario(client: Any) -> None:
            first = await ask(client, stream=True)
            queued = [asyncio.ensure_future(ask(client, model=str(number))) for number in range(3)]
            await first.__anext__()
            async with self.async_client() as another:
                await ask(another, model="another")
            await first.aclose()
            await asyncio.gather(*queued)

        self.run_with_client(scenario, max_connections=1)
        self.assertEqual([r.json["model"] for r in self.server.requests[1:]], ["another", "0", "1", "2"])

    def test_two_tasks_that_read_one_stream_do_not_hang(self) -> None:
        go_on = threading.Event()
        self.server.stream(chunk("a"), WAIT(go_on), chunk("b"), DONE)

        async def scenario(client: Any) -> Any:
            shared = await ask(client, stream=True)
            await shared.__anext__()

            async def read() -> Any:
                return contents([item async for item in shared])

            tasks = [asyncio.ensure_future(read()) for _ in range(2)]
            await self.turns(10)
            go_on.set()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            await ask(client)
            return results

        for result in self.run_with_client(scenario, max_connections=1):
            self.assertIsInstance(result, (list, RuntimeError, zhipuai_lite.ZhipuAIError))

    # --- names

    def look_ups(self, released: threading.Event, slow: int = 1000) -> list[Any]:
        """The hosts that were looked up; the first `slow` look-ups of slow.test take until the event."""
        real: Any = socket.getaddrinfo
        hosts: list[Any] = []

        def look_up(host: Any, *arguments: Any) -> Any:
            if os.fsencode(host) == b"slow.test":
                hosts.append(host)
                if len(hosts) <= slow and not released.wait(PATIENCE):
                    raise AssertionError("the loop stood still")
                host = "127.0.0.1"
            return real(host, *arguments)

        self.enter(mock.patch("socket.getaddrinfo", look_up))
        return hosts

    def slow_host(self) -> str:
        return f"http://slow.test:{self.server.port}/"

    def test_slow_name_look_ups_hold_up_nothing_else(self) -> None:
        released = threading.Event()
        hosts = self.look_ups(released)

        async def scenario(client: Any) -> None:
            async with self.async_client(base_url=self.slow_host()) as slow:
                calls = [asyncio.ensure_future(ask(slow)) for _ in range(40)]  # more than an executor has threads
                await self.until(lambda: len(hosts) == 40)
                await ask(client)
                self.assertEqual(len(self.server.requests), 1)
                released.set()
                await asyncio.gather(*calls)

        self.run_with_client(scenario)

    def test_call_cancelled_during_its_name_look_up_frees_its_place(self) -> None:
        released = threading.Event()
        self.addCleanup(released.set)
        hosts = self.look_ups(released, slow=1)

        async def scenario(client: Any) -> None:
            await self.cancel(ask(client, model="cancelled"), lambda: hosts)
            await ask(client)

        self.run_with_client(scenario, base_url=self.slow_host(), max_connections=1)
        self.assertEqual([request.json["model"] for request in self.server.requests], ["glm-4-flash"])
        self.assertEqual(self.server.connections, 1)

    def test_blocked_name_look_up_lets_the_interpreter_end(self) -> None:
        program = """if True:
            import asyncio, socket, threading, zhipuai_lite
            begun = threading.Event()
            def look_up(*arguments):
                begun.set()
                threading.Event().wait()
            socket.getaddrinfo = look_up
            async def main():
                client = zhipuai_lite.AsyncZhipuAI()
                task = asyncio.ensure_future(client.chat.completions.create(model="m", messages=[]))
                while not begun.is_set():
                    await asyncio.sleep(0.001)
            asyncio.run(main())
        """
        self.run_quietly(program)

    def run_quietly(self, program: str) -> None:
        """Runs a program that talks to the server: it must succeed, and print nothing."""
        variables = {"ZHIPUAI_API_KEY": KEY, "ZHIPUAI_BASE_URL": self.server.url, "PYTHONPATH": os.path.dirname(MODULE)}
        quiet = "import logging; logging.getLogger('asyncio').setLevel('ERROR')  # a busy machine is slow\n"
        ended = self.run_python("-c", quiet + program, env=variables)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr.decode()), (0, b"", ""))

    # --- cancelling

    def test_closing_ends_calls_that_wait_behind_a_stream_of_a_loop_that_is_gone(self) -> None:
        client = self.async_client(max_connections=1)
        held: list[Any] = []
        self.server.stream(chunk("a"), STALL)

        async def begin() -> None:
            held.append(await ask(client, stream=True))

        async def close() -> None:
            queued = asyncio.ensure_future(ask(client))
            await asyncio.sleep(0)
            await client.aclose()
            with self.assertRaises(zhipuai_lite.ZhipuAIError):
                await asyncio.wait_for(queued, PATIENCE)

        asyncio.run(begin())
        self.run_in_loop(close())
        self.server.until_idle()

    def test_call_abandoned_with_its_loop_frees_its_place(self) -> None:
        client, loop = self.async_client(max_connections=1), asyncio.new_event_loop()
        loop.set_exception_handler(lambda loop, context: None)

        async def begin() -> None:
            task = asyncio.ensure_future(ask(client, model="silence"))
            await self.until(lambda: self.server.requests)
            del task

        loop.run_until_complete(begin())
        loop.close()
        gc.collect()
        self.run_in_loop(asyncio.wait_for(ask(client), PATIENCE))

    def test_place_given_to_a_loop_that_closes_goes_to_the_next_call(self) -> None:
        client, loop = self.async_client(max_connections=1), asyncio.new_event_loop()
        loop.set_exception_handler(lambda loop, context: None)
        self.server.stream(chunk("a"), STALL)

        async def begin() -> Any:
            stream = await ask(client, stream=True)
            queued = asyncio.ensure_future(ask(client))
            await self.until(lambda: client._slots._waiting)
            return stream, queued

        stream, queued = loop.run_until_complete(begin())
        self.run_in_loop(stream.aclose())  # the place is for `queued` now, whose loop never runs again
        loop.close()
        self.run_in_loop(asyncio.wait_for(ask(client), PATIENCE))
        del queued

    def test_calls_that_a_closed_loop_leaves_in_the_queue_give_nothing_back(self) -> None:
        client = self.async_client(max_connections=1)
        self.server.default = lambda request: [STALL]

        async def start() -> None:
            for _ in range(5):
                task: Any = asyncio.ensure_future(ask(client))
                task._log_destroy_pending = False
            await self.until(lambda: self.server.requests)

        loop = asyncio.new_event_loop()
        loop.run_until_complete(start())
        loop.close()
        del loop
        warnings.simplefilter("ignore", ResourceWarning)  # Python 3.13 finalizes the sockets first
        for _ in range(3):
            gc.collect()
        self.server.until_idle()
        self.assertEqual(client._slots._free, 1)
        self.run_in_loop(client.aclose())

    def test_loop_closed_in_the_middle_is_forgotten(self) -> None:
        client = self.async_client()

        async def start() -> None:
            for _ in range(20):
                task: Any = asyncio.ensure_future(ask(client))
                task._log_destroy_pending = False
            await self.turns(1)

        loops: Any = weakref.WeakSet()
        for _ in range(5):
            loop = asyncio.new_event_loop()
            loops.add(loop)
            loop.run_until_complete(start())
            loop.close()
            del loop
        warnings.simplefilter("ignore", ResourceWarning)  # Python 3.13 finalizes the sockets first
        gc.collect()
        self.assertEqual(len(loops), 0)
        self.assertEqual(client._slots._free, client.max_connections)
        self.run_in_loop(client.aclose())

    def test_request_of_many_small_values_does_not_hold_up_the_loop(self) -> None:
        async def scenario(client: Any) -> float:
            return await self.longest_pause(client.embeddings.create(model="m", input=[[1, 2, 3]] * 100_000))

        self.assertLess(min(self.run_with_client(scenario) for _ in range(3)), 0.5)

    def test_call_cancelled_while_it_connects_closes_its_socket(self) -> None:
        connect: Any = socket.socket.connect
        sockets: list[Any] = []

        def noted(sock: Any, address: Any) -> None:
            sockets.append(sock)
            connect(sock, address)

        async def scenario(_: Any) -> None:
            with unanswering_port() as port:
                client = self.async_client(base_url=f"http://127.0.0.1:{port}/", max_connections=1)
                with mock.patch.object(socket.socket, "connect", noted):
                    await self.cancel(ask(client), lambda: sockets)
                self.assertEqual([sock.fileno() for sock in sockets], [-1])
            with self.assertRaisesRegex(zhipuai_lite.APIConnectionError, str(port)):
                await ask(client)
            await client.aclose()

        self.run_with_client(scenario)

    def test_call_cancelled_in_the_tls_handshake_closes_its_connection(self) -> None:
        reached, tls = threading.Event(), STARTTLS(server_context())

        def hear(connection: Connection) -> None:
            select.select([connection.socket], [], [], PATIENCE)

        self.server.greeting = [hear, SET(reached), STALL]

        async def scenario(client: Any) -> None:
            await self.cancel_often(client, reached)
            self.server.greeting = [tls]
            await ask(client)

        url, context = f"https://127.0.0.1:{self.server.port}/", ssl.create_default_context(cadata=CA_PEM)
        self.run_with_client(scenario, base_url=url, ssl_context=context, max_connections=1)

    def test_call_cancelled_while_it_asks_for_a_tunnel_closes_its_connection(self) -> None:
        reached = threading.Event()
        self.server.default = lambda request: [SET(reached), STALL]
        os.environ["HTTPS_PROXY"] = self.server.origin

        async def scenario(client: Any) -> None:
            await self.cancel_often(client, reached)
            self.server.default = lambda request: [head(502), CLOSE]
            with self.assertRaisesRegex(zhipuai_lite.APIConnectionError, "502"):
                await ask(client)

        self.run_with_client(scenario, base_url="https://platform.test/", max_connections=1)

    def test_call_cancelled_while_it_sends_closes_its_connection(self) -> None:
        reached, cancelled = threading.Event(), threading.Event()

        def hear(connection: Connection) -> None:
            connection.receive()

        self.server.greeting = [hear, SET(reached), WAIT(cancelled), STALL]

        async def scenario(client: Any) -> None:
            large = [{"role": "user", "content": "x" * self.LARGE}]
            await self.cancel(ask(client, messages=large), reached.is_set)
            cancelled.set()
            self.server.until_idle()
            self.server.greeting = []
            await ask(client)

        self.run_with_client(scenario, max_connections=1)

    def test_call_cancelled_while_it_waits_for_the_answer_frees_its_place(self) -> None:
        reached = threading.Event()
        self.server.default = lambda request: [SET(reached), STALL]

        async def scenario(client: Any) -> None:
            await self.cancel_often(client, reached)
            self.server.default = lambda request: answer(completion())
            await ask(client)

        self.run_with_client(scenario, max_connections=1)

    def test_call_cancelled_while_it_reads_the_answer_closes_its_connection(self) -> None:
        reached, begun = threading.Event(), b" " * self.LARGE
        fields = {"Content-Type": "application/json", "Content-Length": str(len(begun) + 2)}
        self.server.default = lambda request: [head(200, fields) + begun, SET(reached), STALL]

        async def scenario(client: Any) -> None:
            await self.cancel_often(client, reached)
            self.server.default = lambda request: answer(completion())
            await ask(client)

        self.run_with_client(scenario, max_connections=1)

    def test_call_cancelled_before_its_retry_frees_its_place(self) -> None:
        self.server.answer(error_body("1302"), 429, {"Retry-After": "60"})

        async def scenario(client: Any) -> None:
            with self.logs("INFO") as logs:
                await self.cancel(ask(client), lambda: logs.output)
            await ask(client)

        self.run_with_client(scenario, max_retries=1, max_connections=1)
        self.assertEqual(len(self.server.requests), 2)

    def test_call_cancelled_in_the_queue_is_never_sent(self) -> None:
        go_on = threading.Event()
        self.server.raw(WAIT(go_on), *answer(completion()))

        async def scenario(client: Any) -> None:
            tasks = [asyncio.ensure_future(ask(client, model=str(number))) for number in range(4)]
            await self.until(lambda: self.server.requests)
            await self.cancel(tasks[1], lambda: True)
            go_on.set()
            await asyncio.gather(tasks[0], tasks[2], tasks[3])

        self.run_with_client(scenario, max_connections=1)
        self.assertEqual([request.json["model"] for request in self.server.requests], ["0", "2", "3"])

    def test_call_cancelled_as_its_turn_comes_passes_it_on(self) -> None:
        async def scenario(client: Any) -> None:
            for count in range(8):  # turns of the loop between the end of the first call and the cancellation
                first, second, third = (asyncio.ensure_future(ask(client)) for _ in range(3))
                await first
                await self.turns(count)
                second.cancel()
                await asyncio.wait([second])
                await third

        self.run_with_client(scenario, max_connections=1)

    def test_call_cancelled_before_it_began_sends_nothing(self) -> None:
        async def scenario(client: Any) -> None:
            await self.cancel(ask(client), lambda: True)
            await ask(client)

        self.run_with_client(scenario, max_connections=1)
        self.assertEqual(len(self.server.requests), 1)

    def test_call_that_wait_for_gives_up_closes_its_connection(self) -> None:
        self.server.default = lambda request: stream(STALL) if request.json.get("stream") else [STALL]

        async def scenario(client: Any) -> None:
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(ask(client), 0.05)
            self.server.until_idle()
            waiting = await ask(client, stream=True)
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(waiting.__anext__(), 0.05)
            self.server.until_idle()
            self.server.default = lambda request: answer(completion())
            await ask(client)

        self.run_with_client(scenario, max_connections=1)

    def test_call_cancelled_while_a_file_is_read_closes_its_connection(self) -> None:
        reading, released = threading.Event(), threading.Event()
        self.addCleanup(released.set)

        class SlowFile(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                reading.set()
                released.wait(PATIENCE)
                return super().read(size)

        async def scenario(client: Any) -> None:
            upload = client.files.create(file=SlowFile(b"{}\n"), purpose="batch")
            await self.cancel(upload, lambda: reading.is_set() and self.server.connections)
            self.server.until_idle()
            await ask(client)

        self.run_with_client(scenario, max_connections=1)

    def test_cancelled_call_of_an_opener_frees_its_place(self) -> None:
        async def scenario(client: Any) -> None:
            await self.cancel(ask(client, model="silence"), lambda: self.server.requests)
            await ask(client)
            self.server.drop_connections()

        self.run_with_client(scenario, http_client=urllib.request.build_opener(), max_connections=1)

    # --- what is left unfinished

    def frees_its_place(self, forget: Callable[[Any], Any], *steps: Any) -> None:
        """What is left unfinished, and forgotten, keeps neither its connection nor its place."""

        async def scenario(client: Any) -> None:
            await forget(client)
            gc.collect()
            await ask(client)
            self.server.until_idle(1)

        self.server.raw(*steps)
        self.run_with_client(scenario, max_connections=1)
        self.server.until_idle()

    def test_forgotten_stream_frees_its_place(self) -> None:
        async def unread(client: Any) -> None:
            await ask(client, stream=True)

        async def begun(client: Any) -> None:
            await (await ask(client, stream=True)).__anext__()

        async def left(client: Any) -> None:
            async for _ in await ask(client, stream=True):
                break

        for forget in (unread, begun, left):
            with self.subTest(forget.__name__):
                self.frees_its_place(forget, *stream(chunk("a"), STALL))

    def test_forgotten_file_frees_its_place(self) -> None:
        async def unread(client: Any) -> None:
            await client.files.content("f")

        async def begun(client: Any) -> None:
            blocks = (await client.files.content("f")).aiter_bytes(1)
            self.assertEqual(await blocks.__anext__(), b"a")

        for forget in (unread, begun):
            with self.subTest(forget.__name__):
                self.frees_its_place(forget, head(200, {"Content-Length": "9"}) + b"abc", STALL)

    def test_stream_forgotten_in_another_thread_lets_the_next_call_begin(self) -> None:
        self.server.stream(chunk("a"), STALL)

        async def scenario(client: Any) -> None:
            held = [await ask(client, stream=True)]
            queued = asyncio.ensure_future(ask(client))
            await held[0].__anext__()
            self.assertFalse(queued.done())
            thread = threading.Thread(target=held.clear)
            thread.start()
            thread.join(PATIENCE)
            await queued

        self.run_with_client(scenario, max_connections=1)

    def test_stream_left_by_an_exception_is_closed(self) -> None:
        self.server.stream(chunk("a"), STALL)

        async def scenario(client: Any) -> None:
            left = await ask(client, stream=True)
            with self.assertRaises(KeyError):
                async with left as entered:
                    async for _ in entered:
                        raise KeyError("consumer")
            self.server.until_idle()
            self.assertEqual([item async for item in left], [])
            await ask(client)

        self.run_with_client(scenario, max_connections=1)

    def test_stream_closed_under_its_reader_ends_it(self) -> None:
        self.server.stream(chunk("a"), STALL)

        async def scenario(client: Any) -> None:
            closed = await ask(client, stream=True)
            await closed.__anext__()
            reader = asyncio.ensure_future(closed.__anext__())
            await self.turns(10)
            await closed.aclose()
            with self.assertRaises((StopAsyncIteration, zhipuai_lite.ZhipuAIError)):
                await reader
            self.server.until_idle()

        self.run_with_client(scenario)

    # --- several loops, threads, processes

    def test_loops_one_after_the_other_share_a_connection_and_the_places(self) -> None:
        client = self.async_client(max_connections=1)

        async def scenario() -> None:
            self.server.stream(chunk("a"), DONE)
            self.assertEqual(contents([item async for item in await ask(client, stream=True)]), ["a"])
            await asyncio.gather(ask(client), ask(client))

        for _ in range(3):
            self.run_in_loop(scenario())
        self.run_in_loop(client.aclose())
        self.assertEqual((len(self.server.requests), self.server.connections), (9, 1))

    def test_loop_that_ends_in_the_middle_leaves_no_call_behind(self) -> None:
        client = self.async_client(max_connections=1)
        calls: list[Any] = []

        async def begin() -> None:
            calls.extend(asyncio.ensure_future(ask(client, model="silence")) for _ in range(3))
            await self.until(lambda: self.server.requests)

        self.run_in_loop(begin())
        self.assertEqual([call.cancelled() for call in calls], [True] * 3)
        self.server.until_idle()
        self.run_in_loop(ask(client))
        self.run_in_loop(client.aclose())

    def test_stream_that_outlives_its_loop_frees_its_place_quietly(self) -> None:
        client = self.async_client(max_connections=1)
        held: list[Any] = []
        self.server.stream(chunk("a"), STALL)

        async def begin() -> None:
            held.append(await ask(client, stream=True))
            await held[0].__anext__()

        self.run_in_loop(begin())
        held.clear()
        gc.collect()
        self.server.until_idle()
        self.run_in_loop(ask(client))
        self.run_in_loop(client.aclose())

    def test_loops_of_two_threads_share_the_places(self) -> None:
        self.server.default = lambda request: answer({"id": request.json["model"]})
        client = self.async_client(max_connections=4)
        results: dict[int, Any] = {}

        async def scenario(first: int) -> None:
            numbers = range(first, first + 40)
            results[first] = await asyncio.gather(*[ask(client, model=str(number)) for number in numbers])

        threads = [threading.Thread(target=self.run_in_loop, args=(scenario(first),)) for first in (0, 40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual([each.id for each in results[0] + results[40]], [str(number) for number in range(80)])
        self.assertLessEqual(self.server.connections, 4)
        self.run_in_loop(client.aclose())

    def test_place_that_one_loop_frees_goes_to_the_call_of_another(self) -> None:
        client, begun, queued = self.async_client(max_connections=1), threading.Event(), threading.Event()
        self.server.stream(chunk("a"), STALL)

        async def hold() -> None:
            async with await ask(client, stream=True):
                begun.set()
                await self.until(queued.is_set)

        async def wait() -> None:
            await self.until(begun.is_set)
            task = asyncio.ensure_future(ask(client))
            await asyncio.sleep(0)
            queued.set()
            await task

        thread = threading.Thread(target=self.run_in_loop, args=(hold(),))
        thread.start()
        self.run_in_loop(wait())
        thread.join(PATIENCE)
        self.run_in_loop(client.aclose())

    def test_loops_go_on_beside_threads_with_synchronous_clients(self) -> None:
        self.server.default = lambda request: answer({"id": request.json["model"]})
        results: list[str] = []

        def synchronous(number: int) -> None:
            results.append(ask(self.client(self.server), model=str(number)).id)

        async def asynchronous(number: int) -> None:
            async with self.async_client() as client:
                results.append((await ask(client, model=str(number))).id)

        def both(number: int) -> None:
            synchronous(2 * number)
            self.run_in_loop(asynchronous(2 * number + 1))

        threads = [threading.Thread(target=both, args=(number,)) for number in range(1, 8)]
        for thread in threads:
            thread.start()
        both(0)
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual(sorted(map(int, results)), list(range(16)))

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_forked_child_leaves_its_parents_calls_alone(self) -> None:
        child_is_done = threading.Event()
        self.server.stream(chunk("a"), WAIT(child_is_done), chunk("b"), DONE)

        def default(request: Request) -> list[Step]:
            if request.json["model"] == "child 4":
                child_is_done.set()
            return answer(completion())

        self.server.default = default
        program = """if True:
            import asyncio, os, warnings, zhipuai_lite
            warnings.simplefilter("ignore")  # of Python 3.12 about forks beside threads
            client, another = zhipuai_lite.AsyncZhipuAI(max_connections=1), zhipuai_lite.AsyncZhipuAI()
            def ask(client, name, **options):
                return client.chat.completions.create(model=name, messages=[], **options)
            async def in_child():
                await asyncio.gather(ask(client, "child 1"), ask(client, "child 2"), ask(another, "child 3"))
                await client.aclose()
                await ask(another, "child 4")
            async def main():
                stream = await ask(client, "stream", stream=True)
                contents = [(await stream.__anext__()).choices[0].delta.content]
                await ask(another, "parent")
                child = os.fork()
                if not child:
                    asyncio.run(in_child())
                    os._exit(0)
                assert os.waitpid(child, 0)[1] == 0
                contents += [item.choices[0].delta.content async for item in stream]
                assert contents == ["a", "b"], contents
                await asyncio.gather(ask(client, "parent"), ask(another, "parent"))
            asyncio.run(main())
        """
        self.run_quietly(program)
        connections: dict[str, set[int]] = {"stream": set(), "parent": set(), "child": set()}
        for request in self.server.requests:
            connections[request.json["model"].split()[0]].add(request.connection)
        self.assertEqual((len(self.server.requests), len(connections["parent"])), (8, 2))
        self.assertFalse(connections["child"] & (connections["stream"] | connections["parent"]))

    def test_other_loops_than_the_default_work(self) -> None:
        import selectors

        async def scenario() -> Any:
            async with self.async_client(max_connections=1) as client:
                count = len(self.server.requests)
                await self.cancel(ask(client, model="silence"), lambda: len(self.server.requests) > count)
                self.server.until_idle()
                self.server.stream(chunk("a"), chunk("b"), DONE)
                texts = contents([item async for item in await ask(client, stream=True)])
                with self.assertRaises(zhipuai_lite.APITimeoutError):
                    await ask(client, model="silence", timeout=(PATIENCE, 0.05))
                return [*texts, (await ask(client)).choices[0].message.content]

        # As the default loop of Windows, which tells nobody when a socket is ready.
        without = dict.fromkeys(("add_reader", "add_writer", "remove_reader", "remove_writer"), mock.DEFAULT)
        for name in ("PollSelector", "SelectSelector", ""):
            loop = asyncio.SelectorEventLoop(getattr(selectors, name, selectors.SelectSelector)())
            if not name:
                for method in self.enter(mock.patch.multiple(loop, **without)).values():
                    method.side_effect = NotImplementedError
            with self.subTest(name), contextlib.closing(loop):
                self.assertEqual(self.run_in_loop(scenario(), loop.run_until_complete), ["a", "b", "你好！"])

    @unittest.skipUnless(hasattr(asyncio, "eager_task_factory"), "Python 3.12+")
    def test_eager_tasks_work(self) -> None:
        async def scenario(client: Any) -> None:
            asyncio.get_running_loop().set_task_factory(getattr(asyncio, "eager_task_factory"))  # noqa: B009
            await asyncio.gather(*[ask(client) for _ in range(10)])
            await self.cancel(ask(client, model="silence"), lambda: len(self.server.requests) > 10)
            await ask(client)

        self.run_with_client(scenario, max_connections=2)

    # --- closing

    def test_close_ends_calls_under_way_and_queued(self) -> None:
        self.server.stream(chunk("a"), STALL)
        self.server.answer(error_body("1302"), 429, {"Retry-After": "60"})

        async def scenario(client: Any) -> None:
            read = await ask(client, stream=True)
            await read.__anext__()
            with self.logs("INFO") as logs:
                waiting = [asyncio.ensure_future(ask(client))]
                await self.until(lambda: logs.output)
            waiting.append(asyncio.ensure_future(read.__anext__()))
            waiting += [asyncio.ensure_future(ask(client, model="silence")) for _ in range(5)]
            await self.until(lambda: len(self.server.requests) == 3)
            await client.aclose()
            for task in waiting:
                with self.assertRaisesRegex(zhipuai_lite.ZhipuAIError, "closed"):
                    await task
            self.server.until_idle()
            self.assertTrue(client.is_closed())

        self.run_with_client(scenario, max_retries=1, max_connections=3)
        self.assertEqual(len(self.server.requests), 3)

    def test_close_during_a_name_look_up_ends_the_call(self) -> None:
        released = threading.Event()
        self.addCleanup(released.set)
        hosts = self.look_ups(released)

        async def scenario(client: Any) -> None:
            task = asyncio.ensure_future(ask(client))
            await self.until(lambda: hosts)
            await client.aclose()
            with self.assertRaisesRegex(zhipuai_lite.ZhipuAIError, "closed"):
                await task

        self.run_with_client(scenario, base_url=self.slow_host())

    def test_close_ends_what_is_half_read(self) -> None:
        self.server.stream(chunk("a"), STALL)
        self.server.raw(head(200, {"Content-Length": "9"}) + b"abc", STALL)

        async def scenario(client: Any) -> None:
            chunks, blocks = await ask(client, stream=True), (await client.files.content("f")).aiter_bytes()
            for half_read in (chunks, blocks):
                await half_read.__anext__()
            await client.aclose()
            self.server.until_idle()
            for half_read in (chunks, blocks):
                with self.assertRaisesRegex(zhipuai_lite.ZhipuAIError, "closed"):
                    await half_read.__anext__()

        self.run_with_client(scenario)

    def test_close_from_another_loop_ends_the_calls(self) -> None:
        client = self.async_client(max_connections=1)

        async def scenario() -> None:
            calls = [asyncio.ensure_future(ask(client, model="silence")) for _ in range(3)]
            for task in calls:
                with self.assertRaisesRegex(zhipuai_lite.ZhipuAIError, "closed"):
                    await task

        thread = threading.Thread(target=self.run_in_loop, args=(scenario(),))
        thread.start()
        self.server.until_requests(1)
        self.run_in_loop(client.aclose())
        thread.join(PATIENCE)
        self.assertFalse(thread.is_alive())
        self.server.until_idle()

    # --- pages, files, tasks

    def test_pages_are_fetched_one_by_one(self) -> None:
        for number in range(3):
            self.server.answer({"data": [{"id": str(number)}], "has_more": number < 2})

        async def scenario(client: Any) -> Any:
            first = await client.batches.list()
            second = await first.get_next_page()
            self.assertTrue(second.has_next_page())
            return [[batch.id for batch in page.data] async for page in second.iter_pages()]

        self.assertEqual(self.run_with_client(scenario), [["1"], ["2"]])

    def test_page_that_fails_raises_after_the_items_before(self) -> None:
        self.server.answer({"data": [{"id": "a"}], "has_more": True})
        self.server.answer(error_body("1234"), 500)

        async def scenario(client: Any) -> Any:
            found = []
            with self.assertRaises(zhipuai_lite.InternalServerError):
                async for batch in await client.batches.list():
                    found.append(batch.id)  # noqa: PERF401
            return found

        self.assertEqual(self.run_with_client(scenario), ["a"])

    def test_file_comes_in_blocks_of_the_asked_size(self) -> None:
        content = os.urandom(100_000)
        self.server.answer(content, times=3)

        async def scenario(client: Any) -> Any:
            sizes = []
            for size in (7_000, 1 << 20, None):
                blocks = [block async for block in (await client.files.content("f")).aiter_bytes(size)]
                self.assertEqual(b"".join(blocks), content)
                sizes.append(sorted({len(block) for block in blocks[:-1]}))
            return sizes[:2]

        self.assertEqual(self.run_with_client(scenario), [[7_000], []])
        self.assertEqual(self.server.connections, 1)

    def test_file_has_its_name_only_when_it_is_whole(self) -> None:
        path, go_on = pathlib.Path(self.file("f", b"old")), threading.Event()
        self.server.raw(head(200, {"Content-Length": "6"}) + b"new", WAIT(go_on), b"new")

        async def scenario(client: Any) -> None:
            task = asyncio.ensure_future((await client.files.content("f")).astream_to_file(path))
            await self.until(lambda: len(os.listdir(path.parent)) == 2)
            self.assertEqual(os.stat(path).st_size, 3)
            go_on.set()
            await task

        self.run_with_client(scenario)
        self.assertEqual((path.read_bytes(), os.listdir(path.parent)), (b"newnew", ["f"]))

    def test_download_that_breaks_off_leaves_no_file(self) -> None:
        path = pathlib.Path(self.file("f", b"old"))
        begun = head(200, {"Content-Length": "9"}) + b"abc"

        async def scenario(client: Any) -> None:
            self.server.raw(begun, CLOSE)
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                await (await client.files.content("f")).astream_to_file(path)
            self.server.raw(begun, STALL)
            download = (await client.files.content("f")).astream_to_file(path)
            await self.cancel(download, lambda: len(os.listdir(path.parent)) == 2)
            self.server.until_idle()
            await ask(client)

        self.run_with_client(scenario, max_connections=1)
        self.assertEqual((path.read_bytes(), os.listdir(path.parent)), (b"old", ["f"]))

    def test_wait_tells_of_failure_and_of_too_much_time(self) -> None:
        running = {"id": "t", "task_status": "PROCESSING"}
        task = zhipuai_lite.VideoObject(running)
        states: list[str] = []
        self.server.answer(running)
        self.server.answer(dict(running, task_status="FAIL", message="敏感"))
        self.server.default = lambda request: answer(running)

        async def scenario(client: Any) -> None:
            with self.assertRaisesRegex(zhipuai_lite.APIResponseError, "敏感"):
                await client.wait(task, interval=0.001, on_update=lambda state: states.append(state.task_status))
            self.assertEqual(states, ["PROCESSING", "FAIL"])
            with self.assertRaisesRegex(zhipuai_lite.APITimeoutError, "0.02 s"):
                await client.wait(task, interval=0.001, timeout=0.02)
            waiting = asyncio.ensure_future(client.wait(task, interval=60))
            await self.turns(2)
            await self.cancel(waiting, lambda: True)

        self.run_with_client(scenario)
        self.assertEqual(self.slept, [])

    def test_final_completion_holds_what_was_taken_and_what_was_not(self) -> None:
        self.server.stream(chunk("你"), chunk("好"), chunk("！", finish_reason="stop"), DONE)
        self.server.stream(chunk("你"), CLOSE)
        self.server.stream({"type": "response.created"}, DONE)

        async def scenario(client: Any) -> Any:
            taken = await ask(client, stream=True)
            await taken.__anext__()
            whole = await taken.get_final_completion()
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                await (await ask(client, stream=True)).get_final_completion()
            other = await client.responses.create(model="m", input="i", stream=True)
            with self.assertRaises(TypeError):
                await other.get_final_completion()
            return whole.choices[0].message.content, whole.choices[0].finish_reason

        self.assertEqual(self.run_with_client(scenario), ("你好！", "stop"))

    # --- what is large

    def test_large_json_answer_does_not_hold_up_the_loop(self) -> None:
        embedding = b'{"index":1,"embedding":[' + b",".join([b"0.123456789"] * 1000) + b"]}"
        body = b'{"data":[' + b",".join([embedding] * 1000) + b"]}"  # 12 MB
        self.server.answer(body, headers={"Content-Type": "application/json"}, times=3)

        async def scenario(client: Any) -> None:
            pauses: list[float] = []
            while not pauses or (min(pauses) > 0.4 and len(pauses) < 3):  # a busy machine stops all for a while
                pauses.append(await self.longest_pause(client.embeddings.create(model="m", input="i")))
            self.assertLess(min(pauses), 0.4)

        self.run_with_client(scenario)

    def test_upload_that_the_server_does_not_take_holds_up_nothing(self) -> None:
        path, taken = pathlib.Path(self.file("f", os.urandom(self.LARGE))), threading.Event()

        def take(connection: Connection) -> None:
            if connection.number == 1 and not taken.wait(PATIENCE):
                raise AssertionError("the loop stood still")

        self.server.greeting = [take]

        async def scenario(client: Any) -> None:
            upload = asyncio.ensure_future(client.files.create(file=path, purpose="batch"))
            await self.until(lambda: self.server.connections)
            for _ in range(40):  # in which the upload gets as far as it can
                await ask(client)
            taken.set()
            await upload

        self.run_with_client(scenario)
        self.assertEqual(len(self.server.requests), 41)
        content = self.server.request.body.partition(b'filename="f"')[2].partition(b"\r\n\r\n")[2]
        self.assertTrue(content.startswith(path.read_bytes()), "what came is not what was sent")

    def test_slow_file_holds_up_nothing(self) -> None:
        answered = threading.Event()

        class SlowFile(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                if not answered.wait(PATIENCE):
                    raise AssertionError("the loop stood still")
                return super().read(size)

        async def scenario(client: Any) -> None:
            upload = asyncio.ensure_future(client.files.create(file=SlowFile(b"{}\n"), purpose="batch"))
            await self.until(lambda: self.server.connections)
            await ask(client)
            answered.set()
            await upload

        self.run_with_client(scenario)
        self.assertIn(b"{}\n", self.server.request.body)

    def test_slow_opener_holds_up_nothing(self) -> None:
        answered = threading.Event()
        self.server.raw(WAIT(answered), *answer(completion()))

        async def scenario(client: Any) -> None:
            slow = asyncio.ensure_future(ask(client))
            await self.until(lambda: self.server.requests)
            await ask(client)
            self.assertFalse(slow.done())
            answered.set()
            await slow

        self.run_with_client(scenario, http_client=urllib.request.build_opener())

    # --- TLS, proxies, time limits, errors, retries

    def test_much_goes_both_ways_over_tls(self) -> None:
        self.server = self.serve(tls=server_context())
        content = os.urandom(1 << 20) * 4
        self.server.answer({"id": "f"})
        self.server.answer(content)
        self.server.stream(sse(chunk("a"), chunk("b")), *([chunk("x" * 5000)] * 20), DONE)

        async def scenario(client: Any) -> Any:
            await client.files.create(file=("f", content), purpose="batch")
            self.assertEqual(await (await client.files.content("f")).aread(), content)
            return len([item async for item in await ask(client, stream=True)])

        context = ssl.create_default_context(cadata=CA_PEM)
        self.assertEqual(self.run_with_client(scenario, ssl_context=context), 22)
        self.assertIn(content, self.server.requests[0].body)
        self.assertEqual(self.server.connections, 1)

    def test_certificate_of_another_host_is_refused(self) -> None:
        self.server = self.serve(tls=server_context(OTHER_HOST_PEM))

        async def scenario(client: Any) -> None:
            with self.assertRaisesRegex(zhipuai_lite.APIConnectionError, "host"):
                await ask(client)

        self.run_with_client(scenario, ssl_context=ssl.create_default_context(cadata=CA_PEM), max_retries=2)
        self.assertEqual(self.server.requests, [])

    def test_proxies_are_gone_through(self) -> None:
        tls = self.serve(tls=server_context())
        os.environ["SSL_CERT_FILE"] = self.file("ca.pem", CA_PEM)

        for scheme, server in (("http", self.server), ("https", tls)):
            proxy = self.proxy(server, "user:right")
            with self.subTest(scheme):
                os.environ[scheme + "_proxy"] = "http://user:right@" + proxy.address
                self.run_with_client(ask, base_url=scheme + "://platform.test/")
                self.assertEqual((len(server.requests), len(proxy.requests)), (1, 1))
                os.environ[scheme + "_proxy"] = "http://user:wrong@" + proxy.address
                with self.assertRaisesRegex(zhipuai_lite.ZhipuAIError, "407"):
                    self.run_with_client(ask, base_url=scheme + "://platform.test/", max_retries=2)
                self.assertEqual((len(server.requests), len(proxy.requests)), (1, 2))

    def test_every_phase_is_bounded(self) -> None:
        silent, deaf = self.serve(), self.serve()
        silent.greeting, deaf.greeting = [STALL], [IGNORE]
        begun = head(200, {"Content-Type": "application/json", "Content-Length": "9"}) + b"{"
        self.server.default = lambda request: stream(STALL) if request.json.get("stream") else [begun, STALL]
        large = [{"role": "user", "content": "x" * self.LARGE}]

        async def times_out(phase: str, url: str, connect: float, read: float, **arguments: Any) -> None:
            seconds = f"{min(connect, read)} s"
            async with self.async_client(base_url=url, timeout=(connect, read)) as client:
                with self.assertRaisesRegex(zhipuai_lite.APITimeoutError, f"^Request timed out: {phase}.*{seconds}"):
                    await (await ask(client, **arguments)).__anext__()

        async def scenario(port: int) -> None:
            await asyncio.gather(
                times_out("connecting", f"http://127.0.0.1:{port}/", 0.4, PATIENCE),
                times_out("TLS handshake", f"https://127.0.0.1:{silent.port}/", 0.4, PATIENCE),
                times_out("waiting", silent.url, PATIENCE, 0.4),
                times_out("reading", self.server.url, PATIENCE, 0.4),
                times_out("reading", self.server.url, PATIENCE, 0.4, stream=True),
            )
            await times_out("sending", deaf.url, PATIENCE, 0.05, messages=large)

        with unanswering_port() as port:
            self.run_in_loop(scenario(port))

    def test_time_limit_leaves_nothing_open(self) -> None:
        async def scenario(client: Any) -> None:
            with self.assertRaises(zhipuai_lite.APITimeoutError):
                await ask(client, model="silence", timeout=(PATIENCE, 0.05))
            await ask(client)
            self.server.until_idle(1)

        self.run_with_client(scenario, max_connections=1)

    def test_every_status_has_its_class(self) -> None:
        async def scenario(client: Any) -> None:
            for status, name in STATUS_ERRORS:
                self.server.answer(error_body("1234") if status != 304 else None, status)
                with self.assertRaises(zhipuai_lite.APIStatusError, msg=status) as caught:
                    await ask(client)
                self.assertEqual((type(caught.exception).__name__, caught.exception.status_code), (name, status))

        self.run_with_client(scenario, max_connections=1)

    def test_errors_with_a_good_status_are_raised(self) -> None:
        self.server.answer(error_body("1301", "敏感"))
        self.server.stream(chunk("a"), error_body("1301", "敏感"), DONE)
        self.server.answer("<html>", headers={"Content-Type": "text/html"})
        self.server.raw(head(200, {"Content-Length": "9"}), CLOSE)

        async def scenario(client: Any) -> None:
            with self.assertRaisesRegex(zhipuai_lite.APIResponseError, "敏感"):
                await ask(client)
            failing = await ask(client, stream=True)
            self.assertEqual(contents([await failing.__anext__()]), ["a"])
            with self.assertRaisesRegex(zhipuai_lite.APIResponseError, "敏感"):
                await failing.__anext__()
            with self.assertRaises(zhipuai_lite.APIResponseValidationError):
                await ask(client)
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                await ask(client)

        self.run_with_client(scenario, max_connections=1)

    def test_what_can_succeed_later_is_tried_again(self) -> None:
        soon = {"Retry-After": "0.01"}
        self.server.answer(error_body("1302"), 429, soon)
        self.server.answer(error_body("500"), 503, soon)

        async def scenario(client: Any) -> Any:
            return (await ask(client)).choices[0].message.content

        self.assertEqual(self.run_with_client(scenario, max_retries=2), "你好！")
        self.assertEqual((len(self.server.requests), self.slept), (3, []))

    def test_wait_for_the_next_try_holds_up_nothing(self) -> None:
        self.server.answer(error_body("1302"), 429, {"Retry-After": "60"})

        async def scenario(client: Any) -> None:
            with self.logs("INFO") as logs:
                delayed = asyncio.ensure_future(ask(client))
                await self.until(lambda: logs.output)
            await asyncio.gather(*[ask(client) for _ in range(5)])
            await self.cancel(delayed, lambda: True)

        self.run_with_client(scenario, max_retries=1)
        self.assertEqual(self.slept, [])


# ======================================================================================================================
# Command line
# ======================================================================================================================

try:
    import pty
except ImportError:
    pty = None  # type: ignore[assignment]


class CommandLineTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        os.environ.pop("PYTHONIOENCODING", None)
        os.environ["PYTHONUTF8"] = "1"

    def run_module(self, *arguments: str, **options: Any) -> Any:
        return self.run_python(MODULE, *arguments, **options)

    def answered(self, *arguments: str, **options: Any) -> str:
        """The standard output of a command that must succeed and say nothing else."""
        ended = self.run_module(*arguments, **options)
        self.assertEqual((ended.returncode, ended.stderr.decode()), (0, ""))
        return str(ended.stdout.decode())

    def serving(self) -> Server:
        server = self.serve()
        os.environ.update(ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=server.url)
        return server

    def refused(self, *arguments: str, **options: Any) -> str:
        """The one line that a command ends with that must fail."""
        ended = self.run_module(*arguments, **options)
        self.assertEqual((ended.returncode, ended.stdout), (1, b""), ended.stderr)
        text = ended.stderr.decode()
        self.assertNotIn("Traceback", text)
        self.assertEqual(text.count("\n"), 1, text)
        return str(text)

    def test_offline_chat_streams(self) -> None:
        text = self.answered("chat", "--offline", "你好")
        self.assertIn("你好", text)
        self.assertTrue(text.endswith("\n"))

    def test_offline_chat_answers_whole(self) -> None:
        self.assertIn("你好", self.answered("chat", "--offline", "--no-stream", "你好"))

    def test_offline_chat_prints_json(self) -> None:
        whole = json.loads(self.answered("chat", "--offline", "--no-stream", "--json", "你好"))
        merged = json.loads(self.answered("chat", "--offline", "--json", "你好"))
        self.assertIn("你好", whole["choices"][0]["message"]["content"])
        self.assertEqual(whole["choices"], merged["choices"])

    def test_offline_chat_needs_no_key_and_no_network(self) -> None:
        environment = {
            "HTTP_PROXY": "http://127.0.0.1:1",
            "http_proxy": "http://127.0.0.1:1",
            "ALL_PROXY": "http://127.0.0.1:1",
        }
        self.assertIn("hello", self.answered("chat", "--offline", "hello", env=environment))

    def test_prompt_of_several_words(self) -> None:
        server = self.serving()
        self.answered("chat", "-m", "glm-4.6", "-s", "你是诗人", "写", "一首 诗", "--no-stream")
        body = server.request.json
        self.assertEqual(body["model"], "glm-4.6")
        self.assertEqual(body["messages"][0], {"role": "system", "content": "你是诗人"})
        self.assertEqual(body["messages"][1]["content"], "写 一首 诗")

    def test_prompt_is_read_from_a_pipe(self) -> None:
        server = self.serving()
        self.answered("chat", "--no-stream", input="从管道来\n".encode())
        self.assertIn("从管道来", server.request.json["messages"][-1]["content"])

    def test_answer_is_printed_while_it_streams(self) -> None:
        server = self.serving()
        go_on = threading.Event()
        server.stream(chunk("第一"), WAIT(go_on), chunk("第二"), DONE)
        pipe = subprocess.PIPE
        with subprocess.Popen(python(MODULE, "chat", "hi"), stdin=pipe, stdout=pipe, stderr=pipe) as process:
            assert process.stdout is not None and process.stderr is not None
            first = os.read(process.stdout.fileno(), 100)
            self.assertEqual(first.decode(), "第一")
            go_on.set()
            self.assertEqual(process.stdout.read().decode(), "第二\n")
            self.assertEqual(process.stderr.read(), b"")
        self.assertEqual(process.returncode, 0)

    def test_missing_key_is_explained(self) -> None:
        text = self.refused("chat", "你好")
        self.assertIn("ZHIPUAI_API_KEY", text)
        self.assertIn("--offline", text)
        self.assertIn("http", text)  # where to get one

    def test_error_is_one_line(self) -> None:
        server = self.serving()
        server.default = lambda request: answer(error_body("1000", "身份验证失败"), 401)
        text = self.refused("chat", "你好")
        self.assertIn("身份验证失败", text)
        self.assertNotIn(SECRET, text)

    def test_broken_stream_is_an_error(self) -> None:
        server = self.serving()
        server.stream(chunk("开头"), CLOSE)
        ended = self.run_module("chat", "你好")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("开头", ended.stdout.decode())
        self.assertNotIn("Traceback", ended.stderr.decode())

    def test_output_that_cannot_show_chinese_does_not_crash(self) -> None:
        for environment in (
            {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
            {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        ):
            with self.subTest(environment=environment):
                self.assertTrue(self.answered("chat", "--offline", "你好", env=environment).strip())

    def test_errors_that_cannot_be_shown_do_not_crash(self) -> None:
        server = self.serving()
        server.default = lambda request: answer(error_body("1000", "身份验证失败"), 401)
        text = self.refused("chat", "你好", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
        self.assertIn("1000", text)

    def test_reader_that_leaves_early_is_no_crash(self) -> None:
        server = self.serving()
        server.stream(*[chunk("x" * 1000)] * 500, DONE)
        pipe = subprocess.PIPE
        with subprocess.Popen(python(MODULE, "chat", "hi"), stdin=pipe, stdout=pipe, stderr=pipe) as process:
            assert process.stdout is not None and process.stderr is not None
            os.read(process.stdout.fileno(), 10)
            process.stdout.close()
            self.assertNotIn(b"Traceback", process.stderr.read())

    def test_token_is_printed(self) -> None:
        os.environ["ZHIPUAI_API_KEY"] = KEY
        token = self.answered("token").strip()
        self.assertTrue(signature_is_valid(token, SECRET.encode()))
        self.assertEqual(claims(token)["api_key"], KEY.split(".")[0])

    def test_token_without_a_key_is_explained(self) -> None:
        self.assertIn("ZHIPUAI_API_KEY", self.refused("token"))

    def test_empty_pipe_is_explained(self) -> None:
        self.serving()
        self.assertIn("prompt", self.refused("chat"))

    def test_help_names_the_commands(self) -> None:
        text = self.answered("--help")
        self.assertIn("chat", text)
        self.assertIn("token", text)

    def test_no_command_shows_the_help(self) -> None:
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertNotEqual(zhipuai_lite.main([]), 0)
        self.assertIn("chat", output.getvalue())

    def test_main_can_be_called(self) -> None:
        os.environ["ZHIPUAI_API_KEY"] = KEY
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertEqual(zhipuai_lite.main(["token"]), 0)
        self.assertTrue(signature_is_valid(output.getvalue().strip(), SECRET.encode()))

    # --- call

    def call(self, *arguments: str) -> tuple[int, str, str]:
        return self.main("call", *arguments)

    def main(self, *arguments: str) -> tuple[int, str, str]:
        """Status, standard output and standard error of a command, in this process."""
        data, errors = io.BytesIO(), io.StringIO()
        output = io.TextIOWrapper(data, "utf-8")
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            status = zhipuai_lite.main(arguments)
            output.flush()
        return status, data.getvalue().decode("utf-8", "surrogateescape"), errors.getvalue()

    def called(self, *arguments: str) -> str:
        status, output, errors = self.call(*arguments)
        self.assertEqual((status, errors), (0, ""))
        return output

    def test_call_sends_json_where_a_value_is_json_and_text_elsewhere(self) -> None:
        server = self.serving()
        server.answer({"data": [{"embedding": [0.1], "文": "字"}]})
        arguments = ("model=embedding-3", 'input=["你好", "a=b"]', "dimensions=256", "user=null", "request_id={broken")
        printed = self.called("embeddings.create", *arguments)
        self.assertEqual(json.loads(printed), {"data": [{"embedding": [0.1], "文": "字"}]})
        self.assertIn("文", printed)
        self.assertEqual(
            server.request.json,
            {"model": "embedding-3", "input": ["你好", "a=b"], "dimensions": 256, "request_id": "{broken"},
        )
        server.answer({"data": []})
        self.called("embeddings.create", "model=m", "input=你好", 'extra_body={"a": 1}', 'extra_headers={"X-One": "1"}')
        self.assertEqual((server.request.json["a"], server.request.headers["x-one"]), (1, "1"))

    def test_call_writes_any_answer_to_a_file(self) -> None:
        server, path = self.serving(), self.file("out", "before")
        server.answer({"data": [{"embedding": [0.1]}], "文": "字"})
        self.assertEqual(self.called("embeddings.create", "model=m", "input=你好", "-o", path), "")
        with open(path, encoding="utf-8") as file:
            self.assertIn('"文": "字"', file.read())
        server.stream({"type": "transcript.text.delta", "delta": "一"}, DONE)
        arguments = ("model=m", f"file=@{path}", "stream=true", "-o", path + ".jsonl")
        self.assertEqual(self.called("audio.transcriptions.create", *arguments), "")
        with open(path + ".jsonl", encoding="utf-8") as file:
            self.assertEqual(json.loads(file.read())["delta"], "一")

    def test_answers_without_a_message_are_one_line(self) -> None:
        server = self.serving()
        bodies: list[Any] = [{"choices": []}, {}, {"choices": [{}]}, {"choices": [None]}, {"choices": {"a": 1}}, []]
        for body in bodies:
            server.answer(body)
            self.assertEqual(self.main("chat", "--no-stream", "hi")[:2], (1, ""))
            if isinstance(body, dict) and body != {"choices": [{}]}:  # of which a stream makes an empty message
                server.stream(body, DONE)
                self.assertEqual(self.main("chat", "hi")[0], 1)
        server.stream(DONE)
        status, _, errors = self.main("chat", "hi")
        self.assertEqual((status, errors), (1, "zhipuai-lite: The answer holds no message\n"))
        server.raw(head(204))
        self.assertEqual(self.main("chat", "--no-stream", "hi")[0], 1)

    def test_content_of_parts_is_shown(self) -> None:
        server = self.serving()
        parts = [{"type": "text", "text": "你好"}]
        server.answer(completion(parts))
        self.assertEqual(json.loads(self.main("chat", "--no-stream", "hi")[1]), parts)
        server.stream(chunk(parts), DONE)
        self.assertEqual(json.loads(self.main("chat", "hi")[1]), parts)

    def test_call_takes_its_output_anywhere(self) -> None:
        server = self.serving()
        for place in range(4):
            path = self.file("output.json", b"")
            arguments = ["embeddings.create", "model=m", "input=x"]
            arguments[place:place] = ["-o", path]
            status, output, errors = self.call(*arguments)
            self.assertEqual((status, output, errors), (0, "", ""))
            with open(path, encoding="utf-8") as file:
                self.assertEqual(json.load(file), completion())
            self.assertEqual(server.request.json, {"model": "m", "input": "x"})

    def test_call_reads_any_value_from_a_file(self) -> None:
        server = self.serving()
        for content, value in (("[1, 2]", [1, 2]), ("你好\n", "你好\n")):
            path = self.file("value", content)
            self.assertEqual(self.call("embeddings.create", "model=m", f"input=@{path}")[0], 0)
            self.assertEqual(server.request.json["input"], value)
        for path in (self.file("value", b"\xff\xfe"), "/nowhere/value"):
            status, _, errors = self.call("embeddings.create", "model=m", f"input=@{path}")
            self.assertEqual(status, 1)
            self.assertIn("input: ", errors)

    def test_call_with_odd_values_and_lengths(self) -> None:
        server = self.serving()
        self.assertEqual(self.call("embeddings.create", "model=m", "input=" + "[" * 100000)[0], 0)
        self.assertEqual(server.request.json["input"], "[" * 100000)
        server.raw(head(200, {"Content-Type": "audio/wav", "Content-Length": "3, 3"}) + b"abc")
        path = self.file("sound.wav", b"")
        self.assertEqual(self.call("files.content", "file_id=1", "-o", path)[0], 0)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), b"abc")

    @unittest.skipUnless(os.name == "posix", "needs a POSIX shell")
    def test_closed_output_is_one_line(self) -> None:
        self.serving()
        for arguments in (["token"], ["chat", "hi"], ["call", "--list"], ["doctor"]):
            command = ["sh", "-c", '"$@" >&-', "sh", *map(os.fsdecode, python(MODULE, *arguments))]
            ended = subprocess.run(command, check=False, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(ended.returncode, 1)
            self.assertEqual(ended.stderr, b"zhipuai-lite: standard output is closed\n")

    def test_call_says_how_to_write_a_parameter(self) -> None:
        self.serving()
        for interface, argument, expected in (
            ("embeddings.create", "input", "write input=VALUE"),
            ("files.create", "file=requests.jsonl", "write file=@PATH"),
        ):
            status, output, errors = self.call(interface, argument)
            self.assertEqual((status, output), (1, ""))
            self.assertIn(expected, errors)

    def test_call_in_another_process_and_the_c_locale(self) -> None:
        server = self.serving()
        for environment in ({}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
            server.answer({"text": "你好"})
            path = self.file(native("声音.wav"), b"RIFF")
            printed = self.answered(
                "call", "audio.transcriptions.create", "model=m", f"file=@{path}", 'hotwords=["智谱"]', env=environment
            )
            self.assertEqual(json.loads(printed), {"text": "你好"})
            parts = [(part.name, part.filename, part.content) for part in parse_form(server.request)]
            self.assertEqual(parts[1], ("hotwords", None, "智谱".encode()))
            self.assertEqual(parts[2], ("file", "声音.wav", b"RIFF"))

    def test_call_writes_binary_results_to_a_file(self) -> None:
        server = self.serving()
        content = bytes(range(256)) * 100
        path = self.file("out.bin", b"old")
        server.answer(content)
        self.assertEqual(self.called("files.content", "file_id=f/1", "-o", path), "")
        self.assertEqual(server.request.path, "/api/paas/v4/files/f%2F1/content")
        with open(path, "rb") as file:
            self.assertEqual(file.read(), content)
        server.raw(head(200, {"Content-Length": "9"}), b"new", CLOSE)
        status, output, errors = self.call("files.content", "file_id=f", "--output", path)
        self.assertEqual((status, output, errors.count("\n")), (1, "", 1))
        with open(path, "rb") as file:
            self.assertEqual(file.read(), content)
        server.answer(content)
        printed = self.called("files.content", "file_id=f")
        self.assertEqual(printed.encode("utf-8", "surrogateescape"), content)

    def test_call_prints_streams_as_one_object_a_line(self) -> None:
        server = self.serving()
        events = [chunk("第一\n行"), chunk("第二", "stop")]
        server.stream(*events, DONE)
        printed = self.called("chat.completions.create", "model=m", "messages=[]", "stream=true")
        self.assertEqual([json.loads(line) for line in printed.splitlines()], events)
        server.stream(*events, {"error": {"code": "1302", "message": "忙"}})
        status, printed, errors = self.call("chat.completions.create", "model=m", "messages=[]", "stream=true")
        self.assertEqual((status, len(printed.splitlines())), (1, 2))
        self.assertIn("忙", errors)

    def test_call_prints_raw_answers_and_pages(self) -> None:
        server = self.serving()
        server.answer({"code": 200, "message": "请求成功"})
        self.assertEqual(
            json.loads(self.called("knowledge.delete", "knowledge_id=k")), {"code": 200, "message": "请求成功"}
        )
        server.answer({"data": [{"id": "b"}], "has_more": True})
        self.assertEqual(json.loads(self.called("batches.list"))["data"], [{"id": "b"}])
        self.assertEqual(len(server.requests), 2)

    def test_call_suggests_the_nearest_name(self) -> None:
        server = self.serving()
        for arguments, suggestion in (
            (("embedings.create",), "embeddings.create"),
            (("chat.completion.create",), "chat.completions.create"),
            (("embeddings.create", "modle=x"), "model"),
            (("embeddings.create", "extra_boddy={}"), "extra_body"),
        ):
            status, output, errors = self.call(*arguments)
            self.assertEqual((status, output, errors.count("\n")), (1, "", 1))
            self.assertIn(f"'{suggestion}'", errors)
        for wrong in ("xyzzy", "", "embeddings.create model", "embeddings.create =x"):
            status, output, errors = self.call(*wrong.split())
            self.assertEqual((status, output, errors.count("\n")), (1, "", 1))
        self.assertIn("input", self.call("embeddings.create", "model=m")[2])
        self.assertEqual(server.requests, [])

    def test_call_explains_what_is_wrong_with_a_file(self) -> None:
        server = self.serving()
        status, _, errors = self.call("files.create", "purpose=batch", native("file=@/missing/文件.jsonl"))
        self.assertEqual((status, errors.count("\n")), (1, 1))
        self.assertIn("/missing/文件.jsonl", errors)
        self.assertEqual(server.requests, [])

    def test_call_without_a_key_is_explained(self) -> None:
        os.environ.pop("ZHIPUAI_API_KEY", None)
        status, _, errors = self.call("models.list")
        self.assertEqual(status, 1)
        self.assertIn("ZHIPUAI_API_KEY", errors)

    def test_list_needs_no_key(self) -> None:
        self.assertIn("embeddings.create(", self.called("--list"))

    def test_transfers_show_their_progress_on_a_terminal(self) -> None:
        server = self.serving()
        content = bytes(3000000)
        path = self.file("large.bin", content)
        server.answer({"id": "file-1"})
        process, terminal = self.terminal("call", "files.create", "purpose=batch", f"file=@{path}")
        text = self.read_terminal(terminal)
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertRegex(text, r"3\.0 MB, [\d.]+ MB/s, 0 s left")
        self.assertEqual(parse_form(server.request)[1].content, content)
        server.answer(content)
        process, terminal = self.terminal("call", "files.content", "file_id=f", "-o", path + ".copy")
        self.assertRegex(self.read_terminal(terminal), r"3\.0 MB, [\d.]+ MB/s")
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(os.path.getsize(path + ".copy"), 3000000)

    # --- on a terminal

    def terminal(self, *arguments: str) -> tuple[Any, int]:
        """The module started on a terminal of its own: its process, and our end of the terminal."""
        if pty is None:
            self.skipTest("needs a pseudo-terminal")
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        process = subprocess.Popen(
            python(MODULE, *arguments),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, ours

    def read_terminal(self, descriptor: int, mark: str | None = None) -> str:
        """What the terminal shows until the mark appears, or until its process ended."""
        data = b""
        deadline = time.monotonic() + PATIENCE
        while mark is None or mark.encode() not in data:
            ready, _, _ = select.select([descriptor], [], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise AssertionError(f"the terminal shows only {data!r}")
            try:
                more = os.read(descriptor, 65536)
            except OSError:  # Linux: the other end is closed
                more = b""
            if not more:
                break
            data += more
        return data.decode("utf-8", "replace")

    def test_control_c_ends_with_130(self) -> None:
        server = self.serving()
        server.stream(chunk("开始"), STALL)
        process, terminal = self.terminal("chat", "你好")
        self.read_terminal(terminal, "开始")
        for _ in range(10):  # Python does not notice a signal that comes just before it begins to wait
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE / 10)
                break
        self.assertEqual(process.returncode, 130)
        self.assertNotIn("Traceback", self.read_terminal(terminal))
        server.until_idle()

    def test_failed_question_does_not_end_the_conversation(self) -> None:
        server = self.serving()
        server.answer(error_body("1113", "欠费"), 429)
        server.stream(chunk("回答二"), DONE)
        process, terminal = self.terminal("chat")
        os.write(terminal, "问题一\n".encode())
        self.read_terminal(terminal, "欠费")
        os.write(terminal, "问题二\n".encode())
        self.read_terminal(terminal, "回答二")
        os.write(terminal, b"\x04")
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual([message["content"] for message in server.request.json["messages"]], ["问题二"])

    def test_terminal_holds_a_conversation(self) -> None:
        server = self.serving()
        server.stream(chunk("回答一"), DONE)
        server.stream(chunk("回答二"), DONE)
        process, terminal = self.terminal("chat")
        os.write(terminal, "问题一\n".encode())
        self.read_terminal(terminal, "回答一")
        os.write(terminal, "问题二\n".encode())
        self.read_terminal(terminal, "回答二")
        os.write(terminal, b"\x04")
        self.assertEqual(process.wait(PATIENCE), 0)
        roles = [(message["role"], message["content"]) for message in server.request.json["messages"]]
        self.assertEqual(roles, [("user", "问题一"), ("assistant", "回答一"), ("user", "问题二")])

    def test_thinking_is_dimmed_on_a_terminal(self) -> None:
        server = self.serving()
        server.stream(chunk(delta={"reasoning_content": "想一想"}), chunk("答案"), DONE)
        process, terminal = self.terminal("chat", "你好")
        text = self.read_terminal(terminal)
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertRegex(text, "\x1b\\[2m[^\x1b]*想一想")
        self.assertRegex(text, "\x1b\\[(0|22)?m[^\x1b]*答案")

    def test_thinking_in_a_pipe_has_no_escape_codes(self) -> None:
        server = self.serving()
        server.stream(chunk(delta={"reasoning_content": "想一想"}), chunk("答案"), DONE)
        text = self.answered("chat", "你好")
        self.assertNotIn("\x1b", text)
        self.assertIn("答案", text)


# ======================================================================================================================
# README.md
# ======================================================================================================================


class Platform:
    """A `default` for `Server`: a small imitation of the platform that answers whatever the README asks for.

    Files are kept, batches do what their file says, and what is to be waited for is done at the second look.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.looks: dict[str, int] = {}

    def __call__(self, request: Request) -> list[Step]:
        if "authorization" not in request.headers:
            return answer(error_body("1001", "Header中未收到Authentication参数，无法进行身份验证。"), status=401)
        assert signature_is_valid(request.token, SECRET.encode())
        assert claims(request.token)["exp"] > time.time() * 1000
        is_json = request.headers.get("content-type", "") == "application/json"
        body = request.json if is_json else {}
        path = request.path[len("/api/paas/v4") :]
        resource, _, identifier = path[1:].partition("/")
        if resource == "files":
            return self.file(request, identifier)
        if resource == "batches":
            return self.batch(body, identifier)
        if resource == "async-result":
            results = {"video_result": [{"url": "https://v", "cover_image_url": "https://c"}]}
            return answer(dict(results, id=identifier, task_status=self.state(identifier, "PROCESSING", "SUCCESS")))
        answers: dict[str, Callable[[], list[Step]]] = {
            "/chat/completions": lambda: self.chat(body),
            "/embeddings": lambda: self.embeddings(body),
            "/models": lambda: answer({"object": "list", "data": [{"id": "glm-4-flash", "object": "model"}]}),
            "/images/generations": lambda: answer({"created": 1783724415, "data": [{"url": "https://i"}]}),
            "/videos/generations": lambda: answer({"id": "task-1", "task_status": "PROCESSING"}),
            "/audio/speech": lambda: answer(b"RIFF", headers={"Content-Type": "audio/wav"}),
            "/audio/transcriptions": lambda: answer({"id": "1", "text": "你好" if b"RIFF" in request.body else ""}),
        }
        return answers.get(path, lambda: answer(error_body("1222", "API 不存在"), status=400))()

    def state(self, identifier: str, running: str, done: str) -> str:
        self.looks[identifier] = self.looks.get(identifier, 0) + 1
        return running if self.looks[identifier] < 2 else done

    def chat(self, body: Any) -> list[Step]:
        if body["model"] == "no-such-model":
            return answer(error_body("1211", "模型不存在，请检查模型代码。"), status=400)
        if body.get("stream"):
            usage = {"prompt_tokens": 6, "completion_tokens": 3, "total_tokens": 9}
            return stream(chunk("你"), chunk("好"), chunk("", "stop", usage=usage), DONE)
        result = self.completion(body["messages"][-1]["content"])
        if body.get("tools") and body["messages"][-1]["role"] == "user":
            function = {"name": "get_weather", "arguments": '{"city": "北京"}'}
            call = {"id": "call_1", "type": "function", "function": function}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
            result["choices"] = [{"index": 0, "finish_reason": "tool_calls", "message": message}]
        return answer(result)

    @staticmethod
    def completion(content: Any) -> dict[str, Any]:
        texts = [part.get("text", "") for part in content] if isinstance(content, list) else [content]
        return completion("关于「{}」的回答".format("".join(texts)))

    @staticmethod
    def embeddings(body: Any) -> list[Step]:
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        vector = [0.5] * body.get("dimensions", 2048)
        data = [{"object": "embedding", "index": index, "embedding": vector} for index in range(len(texts))]
        return answer({"object": "list", "model": body["model"], "data": data, "usage": {"total_tokens": 3}})

    def file(self, request: Request, identifier: str) -> list[Step]:
        if identifier.endswith("/content"):
            return answer(self.files[identifier[: -len("/content")]])
        if request.method == "POST":
            identifier = f"file-{len(self.files) + 1}"
            content = re.search(rb'filename="[^\r]*\r\n(?:[^\r]+\r\n)*\r\n(.*)\r\n--', request.body, re.DOTALL)
            assert content, request.body
            self.files[identifier] = content.group(1)
            return answer(self.file_object(identifier))
        names = sorted(self.files)
        first = names.index(request.query["after"][0]) + 1 if "after" in request.query else 0
        data = [self.file_object(name) for name in names[first : first + 1]]
        return answer({"object": "list", "data": data, "has_more": first + 1 < len(names)})

    @staticmethod
    def file_object(identifier: str) -> dict[str, Any]:
        return {"id": identifier, "object": "file", "filename": identifier + ".jsonl", "purpose": "batch"}

    def batch(self, body: Any, identifier: str) -> list[Step]:
        if not identifier:
            identifier = "batch-of-" + body["input_file_id"]
            return answer({"id": identifier, "object": "batch", "status": "validating", "output_file_id": ""})
        status = self.state(identifier, "in_progress", "completed")
        batch = {"id": identifier, "object": "batch", "status": status, "output_file_id": "", "error_file_id": ""}
        if status == "completed":
            batch.update(output_file_id=identifier + "-output", error_file_id=identifier + "-errors")
            self.files[batch["error_file_id"]] = b"{}\n"
            lines = map(json.loads, self.files[identifier[len("batch-of-") :]].splitlines())
            self.files[batch["output_file_id"]] = b"".join(map(self.batch_line, lines))
        return answer(batch)

    def batch_line(self, line: Any) -> bytes:
        assert (line["method"], line["url"]) == ("POST", "/v4/chat/completions"), line
        body = self.completion(line["body"]["messages"][-1]["content"])
        return _json({"custom_id": line["custom_id"], "response": {"status_code": 200, "body": body}}) + b"\n"


class ReadmeTest(TestCase):
    """What README.md says. Its Python blocks run one by one, each with the names of the first one that runs.

    `<!-- needs: NAME -->` before a block: it runs where that package is installed; `<!-- alone -->`: it runs in a
    process of its own.
    """

    def setUp(self) -> None:
        super().setUp()
        path = os.path.join(os.path.dirname(MODULE), "README.md")
        if not os.path.exists(path):
            self.skipTest("the module travels without its README here")
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.server = self.serve()
        self.server.default = self.platform = Platform()
        no_proxy = {"NO_PROXY": "*", "no_proxy": "*"}
        os.environ.update(no_proxy, ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=self.server.url)
        self.folder = self.enter(tempfile.TemporaryDirectory())
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        for name, content in (("photo.jpg", "JFIF"), ("company-ca.pem", CA_PEM), ("requests.jsonl", "{}\n")):
            with open(name, "w") as file:
                file.write(content)

    def blocks(self, mark: str = "") -> list[tuple[int, str]]:
        """The Python blocks that have this mark before them, each with the number of its first line."""
        pattern = r"^(?:<!-- ([\w: ]+) -->\n\n)?```python\n(.*?)^```$"
        found = re.finditer(pattern, self.text, re.MULTILINE | re.DOTALL)
        blocks = [(self.text.count("\n", 0, match.start(2)), match[2]) for match in found if (match[1] or "") == mark]
        self.assertTrue(blocks, mark)
        return blocks

    def run_block(self, line: int, block: str, names: dict[str, Any]) -> str:
        """What the block prints, and logs."""
        output = io.StringIO()
        logger = logging.getLogger("zhipuai_lite")
        level = logger.level
        try:
            with contextlib.ExitStack() as stack:
                stack.enter_context(mock.patch.object(logging.root, "handlers", []))
                stack.enter_context(contextlib.redirect_stdout(output))
                stack.enter_context(contextlib.redirect_stderr(output))
                exec(compile("\n" * line + block, "README.md", "exec"), names)
        finally:
            logger.setLevel(level)
        return output.getvalue()

    def run_alone(self, block: str) -> str:
        """What the block prints in a process of its own."""
        with open("block.py", "w", encoding="utf-8") as file:
            file.write(block)
        environment = dict(os.environ, PYTHONPATH=os.path.dirname(MODULE), PYTHONIOENCODING="utf-8")
        process = subprocess.run(
            [sys.executable, "block.py"], check=False, env=environment, capture_output=True, timeout=300
        )
        self.assertEqual(process.returncode, 0, process.stderr.decode("utf-8", "replace"))
        return process.stdout.decode("utf-8")

    def test_code_blocks_run(self) -> None:
        first, *others = self.blocks()
        names: dict[str, Any] = {"__name__": "readme"}
        output = self.run_block(*first, names)
        for line, block in others:
            with self.subTest(line=line):
                output += self.run_block(line, block, dict(names))
        for text in (
            "关于「你好」的回答 9",
            "stop CompletionUsage(",
            "['关于「你好」的回答', '关于「再见」的回答']",
            '关于「{"city": "北京", "weather": "晴", "temperature": 25}」的回答',
            "关于「图里有什么？」的回答",
            "in_progress\ncompleted\n一加一等于几？ 关于「一加一等于几？」的回答\n天空为什么是蓝的？ 关于",
            "file-1 file-1.jsonl",
            "https://i\nPROCESSING\nSUCCESS\nhttps://v\n你好",
            "['glm-4-flash']",
            "400 Error code: 400, with error text ",
            "400 1211 None {'error': {'code': '1211'",
        ):
            self.assertIn(text, output)
        shown = re.search("^DEBUG:.*$", self.text, re.MULTILINE)
        assert shown is not None
        line_of = shown[0].replace("https://open.bigmodel.cn", self.server.origin)
        self.assertRegex(output, re.escape(line_of).replace("87", "[0-9]+"))

    def test_blocks_that_stand_alone_run(self) -> None:
        for line, block in self.blocks("alone"):
            with self.subTest(line=line):
                self.assertIn("True 关于「你好」的回答", self.run_alone(block))

    def recipe(self, engine: str, package: str = "") -> str:
        if importlib.util.find_spec(package or engine) is None:
            self.skipTest((package or engine) + " is not installed")
        ((_, block),) = self.blocks("needs: " + engine)
        output = self.run_alone(block)
        self.assertIn("关于「你好」的回答", output)
        self.assertIn("关于「再见」的回答", output)
        return output

    def test_dask_recipe(self) -> None:
        self.assertIn("400 1211", self.recipe("dask", "distributed"))

    def test_spark_recipe(self) -> None:
        self.recipe("pyspark")

    def test_ray_recipe(self) -> None:
        self.recipe("ray")

    def test_serverless_handler_survives_a_freeze(self) -> None:
        names: dict[str, Any] = {}
        ((line, block),) = [item for item in self.blocks() if "def handler(event, context)" in item[1]]
        self.run_block(line, block, names)
        clock = self.at(time.time())
        result = {"statusCode": 200, "body": "关于「你好」的回答"}
        self.assertEqual(names["handler"]({"question": "你好"}, None), result)
        self.assertEqual(names["handler"](_json({"question": "你好"}), None), result)
        self.assertEqual(self.server.connections, 1)
        self.server.drop_connections()
        clock.return_value += 7200
        self.assertEqual(names["handler"]({"question": "你好"}, None), result)
        self.assertEqual(self.server.connections, 2)
        self.assertEqual(len(self.server.requests), 3)
        self.assertEqual(len({request.token for request in self.server.requests}), 2)

    @unittest.skipIf(os.name != "posix", "needs a POSIX shell")
    def test_commands_run(self) -> None:
        os.environ.update(PYTHON=sys.executable, MODULE=MODULE, PYTHONIOENCODING="utf-8")
        blocks = re.findall(r"^```sh\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL)
        lines = [line for block in blocks for line in block.splitlines() if "python3 zhipuai_lite.py" in line]
        self.assertGreater(len(lines), 5)
        for line in lines:
            if line.startswith("curl "):
                line = re.findall(r"\$\((.*)\)", line)[0]
            with self.subTest(line=line):
                command = line.replace("python3 zhipuai_lite.py", '"$PYTHON" "$MODULE"')
                process = subprocess.run(["sh", "-c", command.encode()], check=False, capture_output=True, timeout=60)
                self.assertEqual((process.returncode, process.stderr), (0, b""))
                self.assertTrue(process.stdout or os.path.getsize("hello.wav"))

    def test_every_interface_is_listed(self) -> None:
        rows = []
        for name, spec in zhipuai_lite._all_interfaces():
            notes = {
                "SSE": spec.chunk is not None,
                "pages": issubclass(spec.result, zhipuai_lite.SyncCursorPage),
                "upload": bool(spec.files),
                "download": spec.result is zhipuai_lite.BinaryResponse,
            }
            shown = " ".join(note for note, holds in notes.items() if holds)
            rows.append(f"| `{name}` | `{spec.method} {spec.path}` | {shown} |")
        listed = re.findall(r"^\| `[\w.]+` \| `[A-Z]+ .*$", self.text, re.MULTILINE)
        self.assertEqual("\n".join(listed), "\n".join(rows))
        self.assertIn(f"<summary>{len(rows)} 个接口 · {len(rows)} interfaces</summary>", self.text)

    def test_statuses_have_the_classes_that_are_listed(self) -> None:
        rows = re.findall(r"^\| (?:≥ )?(\d{3}) \| `(\w+)` \| ?`?(\w*)`? ?\|$", self.text, re.MULTILINE)
        self.assertEqual(len(rows), len(zhipuai_lite._STATUS_ERRORS) + 1)
        client = self.client(self.server)
        for status, name, official in rows:
            self.server.answer(error_body("x"), int(status))
            with self.assertRaises(zhipuai_lite.APIStatusError) as caught:
                ask(client)
            self.assertIs(type(caught.exception), getattr(zhipuai_lite, name))
            self.assertIs(type(caught.exception), getattr(zhipuai_lite, official or name))

    def test_codes_are_retried_as_listed(self) -> None:
        rows = re.findall(r"^\| (`\d{4}`[` \d]*) \|.*\| *(.*?) *\|$", self.text, re.MULTILINE)
        self.assertTrue(rows)
        client = self.client(self.server, max_retries=1)
        for codes, mark in rows:
            for code in re.findall(r"\d+", codes):
                with self.subTest(code=code):
                    self.server.requests.clear()
                    self.server.answer(error_body(code), 429)
                    with contextlib.suppress(zhipuai_lite.RateLimitError):
                        ask(client)
                    self.assertEqual(len(self.server.requests), 2 if mark == "✓" else 1)


# ======================================================================================================================
# The official SDK's name
# ======================================================================================================================

#: Below `zhipuai.types`: where the official SDK's classes are.
OFFICIAL_CLASSES = """
agents.agents_completion: AgentsCompletion AgentsCompletionChoice AgentsCompletionMessage AgentsCompletionUsage
agents.agents_completion_chunk: AgentsChoice AgentsChoiceDelta AgentsCompletionChunk AgentsCompletionUsage AgentsError
assistant.assistant_completion: AssistantChoice AssistantCompletion CompletionUsage ErrorInfo
assistant.assistant_conversation_resp: ConversationUsage ConversationUsageList ConversationUsageListResp Usage
assistant.assistant_support_resp: AssistantSupport AssistantSupportResp
assistant.message.text_content_block: TextContentBlock
assistant.message.tools.code_interpreter_delta_block: CodeInterpreter CodeInterpreterToolBlock CodeInterpreterToolOutput
assistant.message.tools.drawing_tool_delta_block: DrawingTool DrawingToolBlock DrawingToolOutput
assistant.message.tools.function_delta_block: FunctionTool FunctionToolBlock FunctionToolOutput
assistant.message.tools.retrieval_delta_black: RetrievalTool RetrievalToolBlock RetrievalToolOutput
assistant.message.tools.web_browser_delta_block: WebBrowser WebBrowserOutput WebBrowserToolBlock
assistant.message.tools_delta_block: ToolsDeltaBlock
audio.audio_speech_chunk: AudioError AudioSpeechChoice AudioSpeechChunk AudioSpeechDelta
batch: Batch Errors
batch_error: BatchError
batch_request_counts: BatchRequestCounts
chat.async_chat_completion: AsyncCompletion AsyncTaskStatus
chat.chat_completion: Completion CompletionChoice CompletionMessage CompletionMessageToolCall CompletionUsage Function
chat.chat_completion_chunk: AudioCompletionChunk ChatCompletionChunk Choice ChoiceDelta ChoiceDeltaToolCall
chat.chat_completion_chunk: ChoiceDeltaToolCallFunction CompletionTokensDetails CompletionUsage PromptTokensDetails
embeddings: Embedding EmbeddingsResponded
file_parser.file_parser_resp: FileParserTaskCreateResp
files.file_deleted: FileDeleted
files.file_object: FileObject ListOfFileObject
files.upload_detail: UploadDetail
fine_tuning.fine_tuning_job: Error FineTuningJob Hyperparameters ListOfFineTuningJob
fine_tuning.fine_tuning_job_event: FineTuningJobEvent JobEvent Metric
fine_tuning.models.fine_tuned_models: FineTunedModelsStatus
image: GeneratedImage ImagesResponded
knowledge.document.document: DocumentData DocumentDataFailInfo DocumentFailedInfo DocumentObject DocumentSuccessinfo
knowledge.document.document_list_resp: DocumentPage
knowledge.knowledge: KnowledgeInfo
knowledge.knowledge_list_resp: KnowledgePage
knowledge.knowledge_used: KnowledgeStatistics KnowledgeUsed
moderation.moderation_completion: Completion
tools.web_search: SearchIntent SearchRecommend SearchResult WebSearch WebSearchChoice WebSearchMessage
tools.web_search_chunk: Choice ChoiceDelta ChoiceDeltaToolCall WebSearchChunk
video: VideoObject VideoResult
web_search.web_search_resp: SearchIntentResp SearchResultResp WebSearchResp
"""


class OfficialNameTest(TestCase):
    """`execute("import zhipuai")` runs a program's lines, and gives the names that it has then; `copy()` executes the
    module's file once more, as another module. What a test imports, and how, is forgotten at its end."""

    def setUp(self) -> None:
        super().setUp()
        self.enter(mock.patch.dict(sys.modules))
        self.enter(mock.patch.object(sys, "meta_path", list(sys.meta_path)))
        for name in [name for name in sys.modules if name.partition(".")[0] == "zhipuai"]:
            del sys.modules[name]

    def install(self) -> Any:
        zhipuai_lite.install_as_zhipuai()
        return importlib.import_module("zhipuai")

    def execute(self, program: str, names: dict[str, Any] | None = None) -> dict[str, Any]:
        return super().execute(program, {} if names is None else names)

    def copy(self) -> Any:
        module = types.ModuleType("zhipuai_lite")
        exec(zhipuai_lite._code, module.__dict__)
        return module

    def test_import_gives_this_modules_classes(self) -> None:
        zhipuai = self.install()
        names = self.execute(
            "from zhipuai import ZhipuAI, APIStatusError, APITimeoutError\n"
            "from zhipuai.core import NOT_GIVEN, StreamResponse, BaseModel, HttpxBinaryResponseContent\n"
            "import zhipuai.core._errors as errors\n"
            "from zhipuai.core._sse_client import StreamResponse as Events\n"
            "from zhipuai._client import NotGiven\n"
            "from zhipuai.core._base_type import NOT_GIVEN as ABSENT\n"
            "from zhipuai.api_resource.chat.completions import Completions, Completion\n"
            "from zhipuai.core.pagination import SyncCursorPage\n"
        )
        self.assertIs(zhipuai.ZhipuAI, ZhipuAI)
        for name in "ZhipuAI APIStatusError APITimeoutError NOT_GIVEN NotGiven Completions Completion".split():
            self.assertIs(names[name], getattr(zhipuai_lite, name))
        self.assertIs(names["errors"].APIReachLimitError, zhipuai_lite.RateLimitError)
        self.assertIs(names["StreamResponse"], zhipuai_lite.Stream)
        self.assertIs(names["Events"], zhipuai_lite.Stream)
        self.assertIs(names["BaseModel"], zhipuai_lite.Model)
        self.assertIs(names["ABSENT"], NOT_GIVEN)

    def test_every_class_is_where_the_official_one_is(self) -> None:
        self.install()
        for line in OFFICIAL_CLASSES.split("\n")[1:-1]:
            path, _, names = line.partition(": ")
            module = importlib.import_module(f"zhipuai.types.{path}")
            for name in names.split():
                self.assertTrue(issubclass(getattr(module, name), zhipuai_lite.Model), name)

    def test_classes_that_share_a_name_are_told_apart(self) -> None:
        zhipuai = self.install()
        self.assertIs(zhipuai.types.chat.chat_completion.Completion, Completion)
        self.assertIs(zhipuai.types.moderation.moderation_completion.Completion, zhipuai_lite.ModerationCompletion)
        self.assertIs(zhipuai.types.chat.chat_completion_chunk.Choice, zhipuai_lite.Choice)
        self.assertIs(zhipuai.types.tools.web_search_chunk.Choice, zhipuai_lite.WebSearchChunkChoice)

    def test_submodules_are_attributes_of_the_package(self) -> None:
        zhipuai = self.install()  # as people write it who have imported nothing else
        self.assertIs(zhipuai.core._errors.APIStatusError, zhipuai_lite.APIStatusError)

    def test_star_imports_the_client_and_the_errors(self) -> None:
        self.install()
        names = self.execute("from zhipuai import *")
        del names["__builtins__"]
        errors = {name for name in names if issubclass(names[name], zhipuai_lite.ZhipuAIError)}
        self.assertEqual(set(names), {*errors, "ZhipuAI"})
        official = "ZhipuAI APIStatus APIRequestFailed APIAuthentication APIReachLimit APIInternal APITimeout"
        official += " APIServerFlowExceed APIResponse APIResponseValidation APIConnection"
        self.assertLessEqual({name + "Error" for name in official.split()}, errors)
        self.assertIn("Completion", self.execute("from zhipuai.types.chat.chat_completion import *"))

    def test_names_are_listed(self) -> None:
        zhipuai = self.install()
        errors = [name for name in dir(zhipuai) if name.endswith("Error")]
        self.assertIn("APIReachLimitError", errors)
        for name in errors:
            self.assertTrue(issubclass(getattr(zhipuai, name), zhipuai_lite.ZhipuAIError))
        names = self.execute("from zhipuai.core._errors import *")
        self.assertNotIn("Function", names)
        self.assertIn("APIStatusError", names)

    def test_names_that_langchain_glm_imports(self) -> None:
        self.install()
        names = self.execute(
            "from zhipuai.core import PYDANTIC_V2, BaseModel, ConfigDict\n"
            "class Message(BaseModel):\n"
            "    model_config = ConfigDict(extra='allow')\n"
            "    content: str = ''\n"
            "made = Message(role='user')\n"
        )
        self.assertTrue(names["PYDANTIC_V2"])
        self.assertEqual((names["made"].content, names["made"].role), ("", "user"))

    def test_parameter_dictionaries_are_dicts(self) -> None:
        self.install()
        parameters = importlib.import_module("zhipuai.types.sensitive_word_check")
        check = parameters.SensitiveWordCheckRequest(type="ALL", status="ENABLE")
        self.assertEqual(check, {"type": "ALL", "status": "ENABLE"})

    def test_names_that_do_not_exist_cannot_be_imported(self) -> None:
        zhipuai = self.install()
        for program in (
            "from zhipuai import ZhipuAIAPIError",
            "from zhipuai import model_api",
            "import zhipuai.model_api",
            "import zhipuaix",
            "from zhipuai.core import maybe_transform",
            "from zhipuai.types.chat.chat_completion import Nonsense",
        ):
            with self.subTest(program), self.assertRaises(ImportError):
                self.execute(program)
        self.assertFalse(hasattr(zhipuai, "__wrapped__"))
        self.assertFalse(hasattr(zhipuai.core, "_repr_html_"))

    def test_subclass_sends_the_headers_itself(self) -> None:
        zhipuai = self.install()  # as MetaGPT does

        class ZhiPuModelAPI(zhipuai.ZhipuAI):  # type: ignore[name-defined, misc]
            def acreate(self, url: str) -> Any:
                limit = zhipuai.core._http_client.ZHIPUAI_DEFAULT_TIMEOUT.read
                request = urllib.request.Request(url, b"{}", self._default_headers)
                with urllib.request.urlopen(request, timeout=limit) as response:
                    return json.load(response)

        server = self.serve()
        client = ZhiPuModelAPI(api_key=KEY, timeout=zhipuai.core.ZHIPUAI_DEFAULT_TIMEOUT)
        self.assertEqual(client.acreate(server.url)["choices"][0]["message"]["content"], "你好！")
        self.assertTrue(signature_is_valid(server.request.token, SECRET.encode()))
        self.assertEqual(server.request.headers["content-type"], "application/json")

    def test_version_and_distribution_are_there(self) -> None:
        zhipuai = self.install()
        self.assertEqual(zhipuai.__version__, "v2.1.5.20250725")  # not its distribution's
        try:
            from importlib import metadata
        except ImportError:
            self.skipTest("3.8+: importlib.metadata")
        self.assertEqual(metadata.version("zhipuai"), "2.1.5.20250825")
        self.assertEqual(metadata.version("ZhipuAI"), "2.1.5.20250825")
        self.assertIn("zhipuai", [distribution.metadata["Name"] for distribution in metadata.distributions()])
        with self.assertRaises(metadata.PackageNotFoundError):
            metadata.version("zhipuai-nonsense")

    def test_refuses_when_the_official_one_is_imported(self) -> None:
        sys.modules["zhipuai"] = official = types.ModuleType("zhipuai")
        finders = list(sys.meta_path)
        with self.assertRaisesRegex(ImportError, "before the official SDK"):
            zhipuai_lite.install_as_zhipuai()
        self.assertIs(sys.modules["zhipuai"], official)
        self.assertEqual(sys.meta_path, finders)

    def test_twice_is_once(self) -> None:
        first = self.install()
        finders = len(sys.meta_path)
        self.assertIs(self.install(), first)
        self.assertEqual(len(sys.meta_path), finders)

    def test_another_copy_of_the_file_takes_over(self) -> None:
        zhipuai = self.install()
        copy = self.copy()
        finders = len(sys.meta_path)
        copy.install_as_zhipuai()
        self.assertEqual(len(sys.meta_path), finders)
        self.assertIs(importlib.import_module("zhipuai"), zhipuai)
        self.assertIs(zhipuai.ZhipuAI, copy.ZhipuAI)
        self.assertIs(importlib.import_module("zhipuai.core").StreamResponse, copy.Stream)

    def test_pickles_name_this_module(self) -> None:
        zhipuai = self.install()
        self.assertIn(b"zhipuai_lite", pickle.dumps(zhipuai.ZhipuAI))
        self.assertIs(pickle.loads(pickle.dumps(zhipuai.ZhipuAI)), ZhipuAI)

    def test_reload_keeps_the_classes(self) -> None:
        # Dask reloads an uploaded file, in the driver's process too: else pickle would not know what was made before.
        copy = self.copy()
        before, pool = copy.ZhipuAI, copy._pool
        exec(zhipuai_lite._code, copy.__dict__)
        self.assertIs(copy.ZhipuAI, before)
        self.assertIs(copy._pool, pool)

    def test_reload_takes_over_a_changed_file(self) -> None:
        copy = self.copy()
        before = copy.ZhipuAI
        with open(MODULE, encoding="utf-8") as file:
            changed = file.read().replace('__version__ = "', '__version__ = "9')
        exec(compile(changed, MODULE, "exec"), copy.__dict__)
        self.assertIsNot(copy.ZhipuAI, before)
        self.assertEqual(copy.__version__[0], "9")


# ======================================================================================================================
# The doctor
# ======================================================================================================================


class DoctorTest(TestCase):
    """`doctor()` gives the exit status and what was found: check → (whether it is well, text).

    `platform()` is a server that knows the time and refuses everything else, as the platform does without a key; its
    address and a key are in the environment.
    """

    def platform(self, ahead: float = 0, **options: Any) -> Server:
        server = self.serve(**options)
        date = email.utils.formatdate(time.time() + ahead, usegmt=True)
        server.default = lambda request: answer(error_body("1001"), 401, {"Date": date})
        os.environ.update(ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=server.url)
        return server

    def printed(self, *arguments: str) -> tuple[int, str]:
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = zhipuai_lite.main(["doctor", *arguments])
        for secret in (SECRET, "sesame", "Basic"):
            self.assertNotIn(secret, output.getvalue())
        return status, output.getvalue()

    def doctor(self) -> tuple[int, dict[str, tuple[bool, str]]]:
        status, text = self.printed("--json")
        found = json.loads(text)
        self.assertEqual(found["ok"], status == 0)
        return status, {check["check"]: (check["ok"], check["text"]) for check in found["checks"]}

    def refused(self, check: str) -> str:
        """What the doctor says of the one thing that is not well."""
        status, found = self.doctor()
        self.assertEqual([name for name, (good, _) in found.items() if not good], [check])
        self.assertEqual(status, 1)
        self.assertTrue(found["round trip"][0])
        return found[check][1]

    def test_all_is_well(self) -> None:
        server = self.platform()
        status, text = self.printed()
        self.assertEqual(status, 0, text)
        self.assertEqual(re.findall("^(.) ([^:]+): ", text, re.MULTILINE), [("✓", name) for name in (
            "Python", "CA", "key", "proxy", "DNS", "TCP", "HTTP", "clock", "round trip"
        )])  # fmt: skip
        self.assertEqual(text.count("\n"), 9)
        self.assertRegex(text, r"TCP: connecting to 127\.0\.0\.1:\d+: \d+ ms\n")
        self.assertIn(ssl.OPENSSL_VERSION, text)
        self.assertNotIn("authorization", server.request.headers)
        self.assertNotIn("no_proxy", os.environ)
        server.until_idle()

    def test_key_is_missing(self) -> None:
        self.platform()
        del os.environ["ZHIPUAI_API_KEY"]
        self.assertIn("https://", self.refused("key"))

    def test_key_is_malformed_and_not_shown(self) -> None:
        self.platform()
        for key in ("sesame", "sesame.open please", os.fsdecode("sesame.开门".encode()), "se.sa.me"):
            with self.subTest(key=key):
                os.environ["ZHIPUAI_API_KEY"] = key
                self.assertNotIn(key, self.refused("key"))

    def test_key_in_the_wrong_variable_is_not_shown(self) -> None:
        self.platform()
        os.environ["ZHIPUAI_BASE_URL"] = KEY
        self.refused("address")

    def test_password_in_the_address_is_not_shown(self) -> None:
        self.platform()
        os.environ["ZHIPUAI_BASE_URL"] = "http://user:sesame@127.0.0.1:port/"
        self.refused("address")

    def test_host_that_is_not_known(self) -> None:
        self.platform()
        os.environ["ZHIPUAI_BASE_URL"] = "http://platform.test/"
        lookup = socket.getaddrinfo

        def fail(host: Any, *arguments: Any) -> Any:
            if host == b"platform.test":
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return lookup(host, *arguments)

        with mock.patch("socket.getaddrinfo", fail):
            self.assertIn("HTTPS_PROXY", self.refused("DNS"))

    def test_host_that_refuses(self) -> None:
        self.platform()
        os.environ["ZHIPUAI_BASE_URL"] = "http://127.0.0.1:1/"
        self.assertIn("HTTPS_PROXY", self.refused("TCP"))

    def test_server_that_hangs_up(self) -> None:
        self.platform().greeting = [CLOSE]
        self.assertIn("Connection error", self.refused("HTTP"))

    def test_tls_is_timed(self) -> None:
        self.platform(tls=server_context())
        os.environ["SSL_CERT_FILE"] = self.file("ca.pem", CA_PEM)
        status, found = self.doctor()
        self.assertEqual(status, 0, found)
        self.assertRegex(found["TLS"][1], r" \d+ ms$")
        self.assertIn("ca.pem", found["CA"][1])

    def test_certificate_that_is_not_known(self) -> None:
        self.platform(tls=server_context())
        self.assertIn("SSL_CERT_FILE", self.refused("TLS"))

    def test_certificates_that_are_not_there(self) -> None:
        self.platform()
        os.environ["SSL_CERT_FILE"] = "/no/such/file"
        self.assertIn("SSL_CERT_FILE", self.refused("CA"))

    def test_proxy_is_named_without_its_password(self) -> None:
        server = self.platform(tls=server_context())
        os.environ["SSL_CERT_FILE"] = self.file("ca.pem", CA_PEM)
        proxy = self.proxy(server, "user:sesame")
        os.environ["https_proxy"] = f"http://user:sesame@{proxy.address}"
        status, found = self.doctor()
        self.assertEqual(status, 0, found)
        self.assertIn(proxy.address, found["proxy"][1])
        self.assertTrue(found["tunnel"][0] and found["TLS"][0])
        os.environ["https_proxy"] = f"http://user:wrong@{proxy.address}"
        self.assertIn("407", self.refused("tunnel"))

    def test_plain_proxy_that_wants_a_password(self) -> None:
        proxy = self.proxy(self.platform(), "user:sesame")
        os.environ["http_proxy"] = f"http://{proxy.address}"
        self.assertIn("password", self.refused("HTTP"))

    def test_proxy_that_cannot_be_used(self) -> None:
        self.platform()
        os.environ["http_proxy"] = "socks5://user:sesame@127.0.0.1:1"
        self.assertIn("socks5", self.refused("address"))

    def test_clock_that_is_wrong_keeps_no_call_from_working(self) -> None:
        self.platform(ahead=3600)
        status, found = self.doctor()
        self.assertEqual((status, found["clock"][0]), (0, False))
        self.assertRegex(found["clock"][1], r"-(3600|3599) s")

    def test_works_without_key_and_network_in_c_locale(self) -> None:
        environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
        environment["ZHIPUAI_BASE_URL"] = "http://127.0.0.1:1/"
        ended = self.run_python(MODULE, "doctor", env=environment)
        self.assertEqual((ended.returncode, ended.stderr), (1, b""))
        self.assertEqual(re.findall("^(.) ([^:]+): ", ended.stdout.decode("ascii"), re.MULTILINE), [
            ("+", "Python"), ("+", "CA"), ("x", "key"), ("+", "proxy"), ("+", "DNS"), ("x", "TCP"), ("+", "round trip")
        ])  # fmt: skip


# ======================================================================================================================
# Serverless, and past one machine
# ======================================================================================================================


class ServerlessTest(TestCase):
    def test_a_call_imports_nothing_that_is_slow(self) -> None:
        program = """if True:
            import sys
            before = set(sys.modules)
            import zhipuai_lite
            client = zhipuai_lite.ZhipuAI(api_key="id.secret", base_url=sys.argv[1])
            client.chat.completions.create(model="glm-4", messages=[])
            slow = {"asyncio", "dataclasses", "email.message", "http.client", "inspect", "logging", "typing"}
            print(sorted(slow & (set(sys.modules) - before)))
            """
        ended = self.run_python("-S", "-c", program, self.serve().url)
        self.assertEqual((ended.stdout.decode().strip(), ended.stderr), ("[]", b""))

    def test_handler_survives_a_frozen_container(self) -> None:
        def handler(event: Any, context: Any) -> Any:
            client = ZhipuAI()
            result = client.chat.completions.create(model="glm-4-flash", messages=event["messages"])
            return {"statusCode": 200, "body": result.choices[0].message.content}

        server = self.serve()
        os.environ.update(ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=server.url)
        clock = self.at(1_700_000_000.0)
        for thawed in (0, 10, 86400):  # seconds later
            clock.return_value += thawed
            self.assertEqual(handler({"messages": MESSAGES}, None), {"statusCode": 200, "body": "你好！"})
            self.assertGreater(claims(server.request.token)["exp"], clock.return_value * 1000)
            server.drop_connections()
        self.assertEqual((len(server.requests), server.connections), (3, 3))
        self.assertEqual(server.requests[0].token, server.requests[1].token)
        self.assertEqual(self.slept, [])

    def test_works_from_a_zip_in_an_empty_read_only_environment(self) -> None:
        program = """if True:
            import sys
            def guard(event, arguments):
                if event == "open" and arguments[2] & 3 or event in ("os.mkdir", "os.rename", "os.remove"):
                    raise PermissionError(event, arguments)
            if hasattr(sys, "addaudithook"):  # 3.8+
                sys.addaudithook(guard)
            sys.path.insert(0, sys.argv[1])
            import zhipuai_lite
            assert zhipuai_lite.__file__.startswith(sys.argv[1])
            client = zhipuai_lite.ZhipuAI(api_key="id.secret", base_url=sys.argv[2], max_retries=0)
            create = client.chat.completions.create
            assert create(model="glm-4", messages=[]).choices[0].message.content
            assert [chunk.id for chunk in create(model="glm-4", messages=[], stream=True)]
            assert client.files.create(file=b"{}", purpose="batch").id
            sys.exit(zhipuai_lite.main(["chat", "--offline", "hello"]))
            """
        server = self.serve()
        server.answer(completion())
        server.stream(chunk("你好"), DONE)
        archive = os.path.join(self.enter(tempfile.TemporaryDirectory()), "layer.zip")
        with zipfile.ZipFile(archive, "w") as file:
            file.write(MODULE, "zhipuai_lite.py")
        kept = {name: value for name, value in os.environ.items() if name.upper() == "SYSTEMROOT"}  # Windows' sockets
        with mock.patch.dict(os.environ, kept, clear=True):
            ended = self.run_python("-I", "-S", "-B", "-c", program, archive, server.url)
        self.assertEqual((ended.returncode, ended.stderr), (0, b""))
        self.assertIn(b"hello", ended.stdout)

    def test_module_runs_by_its_name(self) -> None:
        os.environ["PYTHONPATH"] = os.path.dirname(MODULE)
        ended = self.run_python("-m", "zhipuai_lite", "--version")
        self.assertEqual((ended.returncode, ended.stdout.decode().strip()), (0, zhipuai_lite.__version__))

    def test_works_without_poll_and_fork(self) -> None:
        server = self.serve()  # as on Windows
        client = self.client(server)
        with mock.patch.object(zhipuai_lite, "select", types.SimpleNamespace(select=select.select)):
            ask(client)
            ask(client)
            self.assertEqual(server.connections, 1)
            server.drop_connections()
            ask(client)
        self.assertEqual((server.connections, len(server.requests)), (2, 3))


class PickleTest(TestCase):
    """`travel(value)` is what another process gets of it."""

    def travel(self, value: Any) -> Any:
        return pickle.loads(pickle.dumps(value))

    def test_resources_and_bound_methods_travel(self) -> None:
        client = self.client(self.serve())
        for create in (self.travel(client.chat.completions).create, self.travel(client.chat.completions.create)):
            self.assertEqual(create(model="glm-4", messages=MESSAGES).choices[0].message.content, "你好！")

    def test_subclasses_of_the_client_travel(self) -> None:
        client = zhipuai_lite.ZaiClient(api_key=KEY, timeout=7)
        twin = self.travel(client)
        self.assertEqual((type(twin), twin.timeout, twin.base_url), (type(client), 7, client.base_url))

    def test_asynchronous_client_travels(self) -> None:
        async def use() -> Any:
            async with self.travel(zhipuai_lite.AsyncZhipuAI(api_key=KEY, base_url=server.url)) as twin:
                return await twin.chat.completions.create(model="glm-4", messages=MESSAGES)

        server = self.serve()
        self.assertEqual(asyncio.run(use()).choices[0].message.content, "你好！")

    def test_pages_go_on_where_they_were(self) -> None:
        server = self.serve()
        server.answer({"data": [{"id": "file-1"}], "has_more": True})
        server.answer({"data": [{"id": "file-2"}], "has_more": False})
        page = self.travel(self.client(server).files.list(purpose="batch"))
        self.assertIsInstance(page, zhipuai_lite.ListOfFileObject)
        self.assertEqual([file.id for file in page], ["file-1", "file-2"])
        self.assertEqual(server.request.query, {"purpose": ["batch"], "after": ["file-1"]})

    def test_asynchronous_pages_go_on_where_they_were(self) -> None:
        async def use() -> Any:
            async with zhipuai_lite.AsyncZhipuAI(api_key=KEY, base_url=server.url) as client:
                page = self.travel(await client.files.list())
                return [file.id async for file in page]

        server = self.serve()
        server.answer({"data": [{"id": "file-1"}], "has_more": True})
        server.answer({"data": [{"id": "file-2"}], "has_more": False})
        self.assertEqual(asyncio.run(use()), ["file-1", "file-2"])

    def test_unread_binary_results_travel_whole(self) -> None:
        content = bytes(range(256)) * 1000
        server = self.serve()
        server.answer(content)
        result = self.client(server).files.content("file-1")
        twin = self.travel(result)
        path = self.file("copy", b"")
        twin.write_to_file(path)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), content)
        self.assertEqual((result.content, twin.headers, twin.status_code), (content, result.headers, 200))
        self.assertEqual(asyncio.run(twin.aread()), content)
        self.assertEqual(b"".join(self.travel(twin).iter_bytes(1000)), content)
        server.until_idle(1)

    def test_binary_result_that_breaks_off_does_not_travel(self) -> None:
        server = self.serve()
        server.raw(head(200, {"Content-Length": "100000", "Content-Type": "audio/wav"}) + b"RIFF", CLOSE)
        result = self.client(server).audio.speech(model="glm-tts", input="你好")
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            pickle.dumps(result)

    def test_errors_of_a_call_travel(self) -> None:
        server = self.serve()
        server.answer(error_body("1302", "并发过高"), 429)
        with self.assertRaises(zhipuai_lite.RateLimitError) as caught:
            ask(self.client(server))
        twin = self.travel(caught.exception)
        self.assertIs(type(twin), zhipuai_lite.RateLimitError)
        self.assertEqual((twin.code, twin.status_code, str(twin)), ("1302", 429, str(caught.exception)))
        self.assertEqual(twin.response.json(), error_body("1302", "并发过高"))

    def test_open_streams_say_why_they_do_not_travel(self) -> None:
        async def use() -> None:
            async with zhipuai_lite.AsyncZhipuAI(api_key=KEY, base_url=server.url) as client:
                messages: Any = MESSAGES
                stream = await client.chat.completions.create(model="glm-4", messages=messages, stream=True)
                async with stream:
                    with self.assertRaisesRegex(TypeError, "get_final_completion"):
                        pickle.dumps(stream)

        server = self.serve()
        server.stream(chunk("你好"), DONE)
        asyncio.run(use())
        server.stream(chunk("你好"), DONE)
        with ask(self.client(server), stream=True) as stream, self.assertRaisesRegex(TypeError, "get_final_completion"):
            pickle.dumps(stream)


# ======================================================================================================================
# The runner
# ======================================================================================================================


class Report(unittest.TestResult):
    """Shows failures when they happen, and counts."""

    def __init__(self, verbose: bool) -> None:
        super().__init__()
        self.verbose = verbose
        self.passed = 0
        self.failed: list[str] = []  # ids; a test whose sub-tests fail counts once

    def say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self.begun = time.perf_counter()

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        if self.verbose:
            self.say(f"{time.perf_counter() - self.begun:7.3f} s  {test.id()}")

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        self.passed += 1

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        if self.verbose:
            self.say(f"skipped: {test.id()}: {reason}")

    def fail(self, test: unittest.TestCase, subtest: Any, error: Any) -> None:
        if test.id() not in self.failed:
            self.failed.append(test.id())
        text = "".join(traceback.format_exception(*error))
        self.say(f"\nFAILED: {(subtest or test).id()}\n{text if len(text) < 20000 else text[-20000:]}")

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        self.fail(test, None, err)

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self.fail(test, None, err)

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.fail(test, subtest, err)


def tests_of(suite: Any, names: list[str]) -> Iterator[unittest.TestCase]:
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests_of(item, names)
        elif not names or any(name in item.id() for name in names):
            yield item


def main(arguments: list[str]) -> int:
    faulthandler.dump_traceback_later(600, exit=True)  # the last resort against a test that hangs
    names = [argument for argument in arguments if not argument.startswith("-")]
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    report = Report("-v" in arguments)
    unittest.TestSuite(tests_of(suite, names)).run(report)
    faulthandler.cancel_dump_traceback_later()
    print(f"{report.passed} passed, {len(report.failed)} failed, {len(report.skipped)} skipped", flush=True)
    return 1 if report.failed or not report.testsRun else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
