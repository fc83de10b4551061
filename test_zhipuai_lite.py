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
import inspect
import io
import json
import logging
import mmap
import os
import pathlib
import pickle
import pty
import pydoc
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
        self.enter(mock.patch.object(zhipuai_lite, "_LINGER", 0.1))
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


lite: Any = zhipuai_lite  # for checkers: what tests do to it

# ======================================================================================================================
# Errors
# ======================================================================================================================

#: Name(base), the official SDK's name, statuses.
ERRORS = """
ZhipuAIError(Exception)
APIError(ZhipuAIError)
APIStatusError(APIError) 300 304 408 434
BadRequestError(APIStatusError) APIRequestFailedError 400
AuthenticationError(APIStatusError) APIAuthenticationError 401
PermissionDeniedError(APIStatusError) 403
NotFoundError(APIStatusError) 404
ConflictError(APIStatusError) 409
UnprocessableEntityError(APIStatusError) 422
RateLimitError(APIStatusError) APIReachLimitError 429
InternalServerError(APIStatusError) APIInternalError 500 502 504 529
APIServerFlowExceedError(InternalServerError) 503
APIResponseError(APIError)
APIResponseValidationError(APIResponseError)
APIConnectionError(APIResponseError)
APITimeoutError(APIConnectionError)
"""
#: What is answered, and the code in it; all messages begin with 失败.
REASONS: list[Any] = [
    (error_body("1210", "失败"), "1210"),
    (dict(error_body("1301", "失败"), contentFilter=[{"level": 1, "role": "user"}]), "1301"),
    ({"error": "失败", "code": 1210}, "1210"),
    ({"msg": "失败", "code": 500}, "500"),
    ({"message": "失败", "code": "1210"}, "1210"),
    ({"code": 10001, "message": "失败", "timestamp": 1783724415}, "10001"),
    ({"code": 1000, "msg": "失败。", "success": False}, "1000"),
    ({"error": {"code": "model_not_found", "message": "失败"}}, "model_not_found"),
    ({"error": {"message": "失败", "type": "1000"}}, "1000"),
    ({"status": "failed", "error": {"code": "1234", "message": "失败"}}, "1234"),
]
JSON = {"Content-Type": "application/json"}


class ErrorsTest(TestCase):
    def error(self, *scripted: Any, **arguments: Any) -> Any:
        """The error of a call that is answered so."""
        server = self.serve()
        server.answer(*scripted)
        with self.assertRaises(lite.ZhipuAIError) as caught:
            ask(self.client(server), **arguments)
        return caught.exception

    def test_tree_has_both_vocabularies_and_every_status_its_class(self) -> None:
        for name, base, rest in re.findall(r"(\w+)\((\w+)\)(.*)", ERRORS):
            self.assertEqual(getattr(lite, name).__bases__[0].__name__, base)
            for word in [name, *rest.split()]:
                if word.isdigit():
                    error = self.error(error_body("1234") if word != "304" else None, int(word))
                    self.assertEqual((type(error).__name__, error.status_code), (name, int(word)))
                else:
                    self.assertIn(word, lite.__all__)
                    self.assertIs(getattr(lite, word), getattr(lite, name))

    def test_code_and_message_are_read_from_every_shape_of_body(self) -> None:
        for body, code in REASONS:
            with self.subTest(body=body):
                error = self.error(body, 400)
                self.assertEqual((type(error), error.code, error.body), (lite.BadRequestError, code, body))
                self.assertIn("失败", str(error))
                for error in (self.error(body), self.error(body, stream=True)):
                    self.assertEqual((type(error), error.code, str(error)[:2]), (lite.APIResponseError, code, "失败"))
                    self.assertTrue(error.json_data)

    def test_message_begins_as_in_the_official_sdk_and_can_be_read(self) -> None:
        body = '{"error":{"code":"1302","message":"您的账户已达到速率限制"}}'
        escaped = json.dumps(json.loads(body))
        for data, text in (
            (body, body),
            ("\ufeff" + body, body),
            (escaped.encode(), json.dumps(json.loads(body), ensure_ascii=False)),
            ("<html><body>网关错误</body></html>", "<html><body>网关错误</body></html>"),
            (b"", ""),
            (b"\xff\xfe\x80abc", ""),
        ):
            error = self.error(data, 502)
            self.assertTrue(str(error).startswith(f"Error code: 502, with error text {text}".strip()), error)
            self.assertEqual((error.code, error.message), ("1302" if "1302" in text else None, str(error)))

    def test_charset_of_the_body_is_honoured_where_it_is_one(self) -> None:
        begun = time.monotonic()
        for charset in ("gbk", "klingon", "", "punycode", "unicode_escape", "idna", "base64", "undefined"):
            for text in ("网关", "\\y" + "x" * 400000):
                data = text.encode("gbk" if charset == "gbk" else "utf-8")
                error = self.error(data, 502, {"Content-Type": "text/html; charset=" + charset})
                self.assertEqual(error.response.text, text, charset)
        self.assertLess(time.monotonic() - begun, PATIENCE / 2)

    def test_request_id_is_the_log_id_or_the_next_best(self) -> None:
        body = dict(error_body("1210"), request_id="r-1")
        for answered, expected in (((body, 400, {"X-Log-Id": "7"}), "7"), ((body, 400), "r-1"), ((body,), "r-1")):
            self.assertEqual(self.error(*answered).request_id, expected)
        self.assertIsNone(self.error(b"", 500).request_id)

    def test_response_can_be_examined(self) -> None:
        error = self.error(error_body("1211", "不存在"), 404, {"X-Log-Id": "1"})
        response = error.response
        self.assertEqual((response.headers["x-log-id"], response.headers.get("X-LOG-ID")), ("1", "1"))
        self.assertEqual([response.json(), json.loads(response.text)], [error_body("1211", "不存在")] * 2)
        for request in (response.request, error.request):
            self.assertEqual((request.method, request.url), ("POST", response.url))
        self.assertTrue(response.url.endswith("/api/paas/v4/chat/completions"), response.url)

    def test_huge_error_body_is_not_read_to_its_end(self) -> None:
        server = self.serve()
        server.raw(head(400, {"Content-Length": "1000000000"}) + b"x" * (32 << 20), STALL)
        begun = time.monotonic()
        with self.assertRaises(lite.BadRequestError) as caught:
            ask(self.client(server))
        self.assertLess(time.monotonic() - begun, PATIENCE / 2)
        self.assertLess(len(str(caught.exception)), 20000)
        server.until_idle()

    def test_messages_are_short_and_safe_for_a_terminal(self) -> None:
        for status, escape in ((200, "\\x1b[2J长"), (500, "\\u001b[2J长")):
            error = self.error(error_body("1210", "\x1b[2J" + "长" * 100000), status)
            self.assertLess(len(str(error)), 4000)
            self.assertIn(escape, str(error))
        self.assertIn("长" * 100000, error.response.text)

    def test_text_that_cannot_be_encoded_is_replaced(self) -> None:
        text = '{"error": {"code": "?1", "message": "\\ud83d\\ude00 ?"}, "request_id": "r?", "?": ["?"]}'
        body = text.replace("?", "\\ud800").encode()

        async def call() -> None:
            async with AsyncZhipuAI(api_key=KEY, base_url=server.url, max_retries=0) as client:
                await client.chat.completions.create(model="glm-4", messages=[])

        server = self.serve()
        for status in (400, 200):
            server.answer(body, status, JSON)
            with self.assertRaises(lite.APIError) as caught:
                asyncio.run(call())
            for error in (
                self.error(body, status, JSON),
                self.error(body, status, JSON, stream=True),
                caught.exception,
            ):
                self.assertEqual((error.code, error.request_id), ("\ufffd1", "r\ufffd"))
                self.assertIn("\U0001f600 \ufffd", error.message)
                for shown in (str(error), repr(error), json.dumps(error.body, ensure_ascii=False)):
                    shown.encode()
        for body in (b'"\\ud800"', b'["\\ud800", 1]', b'{"message": "\\ud800"}', b'{"error": ["\\udc00"]}'):
            error = self.error(body, 500, JSON)
            for shown in (str(error), json.dumps(error.body, ensure_ascii=False)):
                self.assertIn("\ufffd".encode(), shown.encode())
        deep: list[Any] = []
        for _ in range(100000):
            deep = [deep]
        for kept in (deep, object()):
            self.assertIs(lite.APIError("text", body=kept).body, kept)

    def test_deeply_nested_body_is_an_ordinary_error(self) -> None:
        deep = b"[" * 100000
        for data in (deep, deep + b"]" * 100000, b'{"a":' * 100000 + b"1" + b"}" * 100000, b"[" * 900 + b"]" * 900):
            self.assertIsInstance(self.error(data, 400, JSON), lite.BadRequestError)
            if len(data) > 2000:
                self.assertIsInstance(self.error(data, 200, JSON), lite.APIResponseError)

    def test_status_counts_when_the_body_breaks_off(self) -> None:
        server = self.serve()
        server.raw(head(429, {"Content-Length": "9"}), CLOSE)
        server.raw(head(429, {"Content-Encoding": "br"}) + b"x", CLOSE)
        server.raw(RESET)
        for kind in (lite.RateLimitError, lite.RateLimitError, lite.APIConnectionError):
            with self.assertRaises(kind) as caught:
                ask(self.client(server))
        self.assertIsInstance(caught.exception.__cause__, OSError)
        self.assertRegex(str(caught.exception), "^Connection error")

    def test_errors_are_made_as_in_the_official_sdk(self) -> None:
        class Mine(zhipuai_lite.ZhipuAIError):
            def __init__(self, message: str) -> None:
                super().__init__(message=message)

        asked, answered = object(), mock.MagicMock(status_code=429)
        for error, text, names in (
            (lite.ZhipuAIError("x"), "x", {}),
            (Mine("x"), "x", {}),
            (lite.APIReachLimitError("x", response=answered), "x", {"response": answered, "status_code": 429}),
            (lite.APIResponseValidationError(answered, 1, message="x"), "x", {"response": answered, "json_data": 1}),
            (lite.APIResponseError("x", asked, 1), "x", {"request": asked, "json_data": 1}),
            (lite.APIConnectionError(request=asked), "Connection error.", {"request": asked}),
            (lite.APIConnectionError(message=OSError("x"), request=asked), "x", {"request": asked}),
            (lite.APITimeoutError(asked), "Request timed out.", {"request": asked}),
        ):
            self.assertEqual((str(error), error.args), (text, (text,)))
            self.assertEqual({name: getattr(error, name) for name in names}, names)

    def raised(self) -> list[Any]:
        """One error of every kind, raised by a call."""
        server = self.serve()
        server.answer(error_body("1302"), 429, {"X-Log-Id": "7"})
        server.answer(error_body("1302"), 200)
        server.answer(b"no json", 200, JSON)
        server.raw(b"HTTP", CLOSE)
        server.raw(STALL)
        errors = []
        for name in ("RateLimit", "APIResponse", "APIResponseValidation", "APIConnection", "APITimeout"):
            with self.assertRaises(lite.APIError) as caught:
                ask(self.client(server), timeout=0.05 if name == "APITimeout" else PATIENCE)
            errors.append(caught.exception)
            self.assertEqual(type(errors[-1]).__name__, name + "Error")
        return errors

    def test_errors_pickle_and_copy(self) -> None:
        for error in self.raised():
            twins = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
            for twin in [*twins, copy.copy(error), copy.deepcopy(error)]:
                for name in ("__class__", "args", "message", "code", "body", "request_id", "status_code"):
                    self.assertEqual(getattr(twin, name, None), getattr(error, name, None))
                self.assertEqual(twin.request.url, error.request.url)
                if hasattr(error, "response"):
                    self.assertEqual(twin.response.text, error.response.text)
                    self.assertEqual(twin.response.headers["content-type"], error.response.headers["content-type"])


# ======================================================================================================================
# Authentication
# ======================================================================================================================

#: What PyJWT 2.8 makes of the same claims for KEY at 1,700,000,000.123.
PYJWT_TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInNpZ25fdHlwZSI6IlNJR04iLCJ0eXAiOiJKV1QifQ."
    "eyJhcGlfa2V5IjoiMDEyMzQ1Njc4OWFiY2RlZiIsImV4cCI6MTcwMDAwMzYwMDEyMywidGltZXN0YW1wIjoxNzAwMDAwMDAwMTIzfQ."
    "-cpVVgn-iwWtoy871IPEVLaHDraVQrkHwhxjXo1wKxE"
)


def base64url_decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signature_is_valid(token: str, secret: bytes) -> bool:
    """HS256 as RFC 7515 says it."""
    signed, _, signature = token.rpartition(".")
    return hmac.compare_digest(base64url_decoded(signature), hmac.new(secret, signed.encode(), hashlib.sha256).digest())


def claims(token: str) -> Any:
    return json.loads(base64url_decoded(token.split(".")[1]).decode())


class AuthenticationTest(TestCase):
    def test_token_equals_that_of_pyjwt(self) -> None:
        self.at(1700000000.123)
        for key in (KEY, f" {KEY}\r\n"):
            self.assertEqual(generate_token(key), PYJWT_TOKEN)
        found = [signature_is_valid(PYJWT_TOKEN, secret) for secret in (SECRET.encode(), b"other")]
        self.assertEqual(found, [True, False])  # so other tests can use it

    def test_claims_are_in_milliseconds(self) -> None:
        self.at(1700000000)
        for arguments, begins, ends in (
            ({"exp_seconds": 210}, 1700000000000, 1700000210000),
            ({"exp_seconds": 0.5, "timestamp": 7.25}, 7250, 7750),
        ):
            found = claims(lite.generate_token(KEY, **arguments))
            self.assertEqual(found, {"api_key": KEY.split(".")[0], "exp": ends, "timestamp": begins})
        for name, value, kind in (
            ("exp_seconds", "1", TypeError),
            ("exp_seconds", -1, ValueError),
            ("timestamp", True, TypeError),
        ):
            with self.assertRaisesRegex(kind, name):
                lite.generate_token(KEY, **{name: value})

    def test_token_needs_a_key_with_a_secret(self) -> None:
        for key in ("", "sk-123x", "12a.34b.56c", ".456def", "123abc.", "123abc.456\ndef"):
            with self.subTest(key=key), self.assertRaises(lite.ConfigurationError) as caught:
                generate_token(key)
            self.assertFalse([part for part in key.split(".") if part and part in str(caught.exception)])

    def test_token_lasts_half_an_hour_by_the_wall_clock(self) -> None:
        server, clock, standing = self.serve(), self.at(1700000000.0), time.monotonic()
        client, made = self.client(server, timeout=None), []
        with mock.patch("zhipuai_lite.time.monotonic", lambda: standing):  # as in a frozen process
            for seconds in (0, 1, 1799, 1801, 3599, 90000, 89400, 3000):  # also backwards
                clock.return_value = 1700000000.0 + seconds
                ask(client)
                self.assertTrue(signature_is_valid(server.request.token, SECRET.encode()))
                found = claims(server.request.token)
                self.assertGreaterEqual(found["exp"] / 1000 - clock.return_value, 1800)
                made.append(found["timestamp"] / 1000 - 1700000000)
        self.assertEqual(made, [0, 0, 0, 1801, 1801, 90000, 89400, 3000])

    def test_token_is_shared_by_clients_of_one_key(self) -> None:
        server, clock = self.serve(), self.at(1700000000.0)
        for key in (KEY, KEY, "other.secret"):
            ask(self.client(server, api_key=key))
            clock.return_value += 10
        self.assertEqual(server.requests[0].token, server.requests[1].token)
        self.assertEqual(claims(server.request.token)["api_key"], "other")

    def test_other_keys_are_sent_as_they_are(self) -> None:
        server = self.serve()
        for key in ("sk-abcdef", "a.b.c", "sk-proj_x-y", KEY):
            ask(self.client(server, api_key=key, disable_token_cache=key == KEY))
            self.assertEqual(server.request.headers["authorization"], "Bearer " + key)


# ======================================================================================================================
# Models
# ======================================================================================================================

#: Fields of answers, from the platform's OpenAPI file and recorded answers, beyond `OFFICIAL_CLASSES`: `name[...]` is a
#: list, `name<...>` a list of lists, `name{...}` one object, `name(...)` an object that nobody promises the fields of.
ANSWERS = """
chat.completions.create: id request_id created model object choices[index finish_reason message{role content reasoning_content audio{id data expires_at} tool_calls[id type function{name arguments} mcp{id type server_label error tools arguments name output}]}] usage{prompt_tokens completion_tokens total_tokens prompt_tokens_details{cached_tokens} completion_tokens_details{reasoning_tokens}} web_search[icon title link media publish_date content refer] video_result[url cover_image_url] content_filter[role level]
chat.asyncCompletions.retrieve_completion_result: created choices[message{tool_calls[function{name} mcp{id}]}] usage{prompt_tokens_details{cached_tokens}} video_result[url] web_search[icon] content_filter[role] image_result[url]
images.retrieve_images_result: id request_id model task_status image_result[url]
videos.retrieve_videos_result: video_result[url cover_image_url]
images.generations: data[url] content_filter[role level]
audio.transcriptions.create: id created request_id model text
voice.clone: voice file_id file_purpose request_id
voice.list: voice_list[voice voice_name voice_type download_url create_time]
voice.delete: voice update_time
embeddings.create: data[index] usage{total_tokens}
rerank.create: created id request_id results[document index relevance_score] usage{prompt_tokens total_tokens}
tokenizer.create: created id request_id usage{prompt_tokens video_tokens image_tokens total_tokens}
models.list: object data[id object created owned_by]
layout_parsing.create: id created model md_results layout_details<index label bbox_2d content height width> layout_visualization data_info{num_pages pages[width height]} usage{prompt_tokens_details{cached_tokens} total_tokens} request_id
web_search.web_search: search_intent[query] search_result[title]
web_reader.web_reader: id created request_id model reader_result{content description title url publishedTime external(stylesheet) metadata(keywords)}
moderations.create: id created request_id result_list[content_type risk_level risk_type] usage{moderation_text{call_count}}
tools.web_search: choices[message{tool_calls[search_intent[index] search_result[index] search_recommend[index]]}]
agents.invoke: async_id choices[messages[role content(type text)]] usage{total_tokens}
agents.conversation: choices[message[role content(type tag_cn file_url)]]
file_parser.result: status message content task_id parsing_result_url
ocr.handwriting_ocr: task_id message status words_result_num words_result[location{left top width height} words probability{average variance min}]
batches.retrieve: request_counts{total} total completed failed metadata(key) errors{data[line]}
batches.list: object data[id request_counts{total}] first_id last_id has_more
fine_tuning.jobs.retrieve: id error{code} hyperparameters{batch_size learning_rate_multiplier n_epochs}
fine_tuning.jobs.list_events: data[data{epoch}]
knowledge.query: list[id]
knowledge.used: used{length} total{length}
knowledge.document.create: successInfos[documentId] failedInfos[failReason]
knowledge.document.list: list[failInfo{embedding_code}]
knowledge_base.search: data[text score metadata{_id knowledge_id doc_id doc_name doc_url contextual_text}] code message timestamp
knowledge_base.create: data{id} code message timestamp
knowledge_base.list: data{list[id embedding_id name description contextual background icon document_size length word_num] total} code message timestamp
knowledge_base.retrieve: data{id embedding_id} code
knowledge_base.delete: code message timestamp
knowledge_base.capacity: data{used{word_num} total{length}} code
knowledge_base.documents.list: data{list[id knowledge_type failInfo{embedding_code}] total} code message timestamp
knowledge_base.documents.upload: data{successInfos[documentId fileName] failedInfos[fileName failReason]} code
knowledge_base.documents.upload_urls: data{successInfos[documentId url] failedInfos[url failReason]} code
knowledge_base.documents.images: data{images[text cos_url]} code message timestamp
knowledge_base.documents.retrieve: data{id knowledge_type failInfo{embedding_msg}} code
zrag.retrieve: data{contents[id know_id doc_id text image_url(url) video_url(url) index score rerank_index rerank_score metadata(doc_type)] rewritten_query(original_query) elapsed_ms total_tokens request_id} code message
assistant.query_support: success data[tools]
assistant.query_conversation_usage: success data{conversation_list[usage{total_tokens}]}
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


class ModelsTest(TestCase):
    def answered(self, body: Any) -> Any:
        server = self.serve()
        server.answer(body)
        return ask(self.client(server))

    def both(self, body: dict[str, Any]) -> list[Any]:
        """What an answer becomes, and what is made of the same by hand."""
        return [self.answered(body), Completion(copy.deepcopy(body))]

    def full(self) -> dict[str, Any]:
        """Everything that the platform is known to send, and more."""
        return dict(sample(ANSWERS.split("\n")[1].partition(": ")[2]), field_of_tomorrow={"a": [1, {"b": 2}]})

    def test_fields_are_attributes_declared_or_not(self) -> None:
        for result in self.both(self.full()):
            message = result.choices[0].message
            self.assertEqual((type(result), type(message)), (Completion, lite.CompletionMessage))
            self.assertEqual(message.tool_calls[0].mcp.server_label, "a server_label")
            self.assertEqual(result.field_of_tomorrow, {"a": [1, {"b": 2}]})
            self.assertLessEqual({"choices", "web_search", "field_of_tomorrow", "model_dump"}, {*dir(result)})
        for result in self.both(completion()):
            message = result.choices[0].message
            self.assertEqual((message.tool_calls, message.audio, result.web_search), (None,) * 3)
            with self.assertRaisesRegex(AttributeError, "tokens_used"):
                result.tokens_used  # noqa: B018
            message.content, result["id"] = "second", "changed"
            self.assertEqual((result["choices"][0]["message"]["content"], result.id), ("second", "changed"))
            del result.id
            self.assertIsNone(result.id)
            for change in (functools.partial(delattr, result, "id"), functools.partial(setattr, result, "copy", 1)):
                self.assertRaises(AttributeError, change)

    def test_result_is_a_dict(self) -> None:
        body = completion()
        for result in self.both(body):
            self.assertEqual(("choices" in result, "web_search" in result, result.get("no", 7)), (True, False, 7))
            for plain in (dict(result), dict(**result), json.loads(json.dumps(result)), vars(result), result):
                self.assertEqual((plain, list(plain)), (body, list(body)))
            self.assertIs(vars(result)["choices"][0], result.choices[0])
            self.assertNotEqual(result, Completion(completion("b")))
            self.assertIs(weakref.ref(result)(), result)
            for text in (repr(result), str(result), f"{result}"):
                self.assertRegex(text, r"^Completion\(id='.*content='你好！'")
        self.assertTrue(Completion())

    def test_dumps_are_plain_and_take_what_pydantic_takes(self) -> None:
        def kinds(value: Any) -> set[type]:
            inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            return {type(value)}.union(*map(kinds, inner))

        for result in self.both(self.full()):
            for dumped in (result.model_dump(), result.dict(), result.to_dict(), result.model_dump(exclude_none=True)):
                self.assertEqual((dumped, kinds(dumped)), (self.full(), {dict, list, str, int}))
        short = completion()
        for result in self.both(short):
            dump, message = result.model_dump, short["choices"][0]["message"]
            self.assertEqual(dump().keys(), short.keys())  # no `web_search`: the official class has none
            self.assertEqual(dump()["choices"][0]["message"], dict(message, reasoning_content=None, tool_calls=None))
            for option in ("exclude_unset", "exclude_none", "exclude_defaults"):
                self.assertEqual(dump(**{option: True, "mode": "json"}), short)
            found = [
                dump(**option).keys()
                for option in ({"include": {"id"}}, {"exclude": {"id"}}, {"exclude": {"id": True}})
            ]
            self.assertEqual(found, [{"id"}, short.keys() - {"id"}, short.keys() - {"id"}])
            for name in ("include", "exclude"):  # rather than too much or too little
                with self.assertRaisesRegex(TypeError, name):
                    dump(**{name: {"choices": {"__all__": {"message"}}}})
            texts = [result.model_dump_json(), result.json(), result.model_dump_json(indent=2), result.to_json()]
            self.assertEqual([json.loads(text) for text in texts], [dump(), dump(), dump(), short])
            self.assertEqual(
                [("\n" in text, "你好！" in text) for text in texts], [(False, True)] * 2 + [(True, True)] * 2
            )

    def test_models_are_made_by_hand(self) -> None:
        usage = lite.CompletionUsage(prompt_tokens=1, prompt_tokens_details={"cached_tokens": 0})
        self.assertEqual((usage.prompt_tokens, usage.prompt_tokens_details.cached_tokens), (1, 0))
        self.assertEqual(usage.model_dump()["prompt_tokens_details"], {"cached_tokens": 0})
        result: Any = Completion(usage=usage)
        self.assertIs(result.usage, usage)
        self.assertIs(Completion.model_validate(result), result)
        self.assertIsNone(lite.ChatCompletionChunk(usage={}).model_dump()["usage"]["prompt_tokens_details"])
        schema: Any = Completion.__get_pydantic_core_schema__(Completion, None)  # with pydantic itself: .ci/recipes.py
        self.assertEqual((schema["type"], schema["schema"]), ("function-after", {"type": "dict"}))
        for make in (Completion.model_validate, Completion.parse_obj, schema["function"]["function"]):
            self.assertEqual((type(make(completion())), make(completion()).choices[0].index), (Completion, 0))
        self.assertEqual((Completion.model_construct(id="1").id, Completion.construct(id="1").id), ("1", "1"))

    def test_models_of_the_users_own(self) -> None:
        names: dict[str, Any] = {"__name__": "models_of_a_user", "zhipuai_lite": zhipuai_lite}
        with mock.patch.dict(sys.modules, models_of_a_user=types.SimpleNamespace(**names)):
            names = self.execute(
                "from typing import List, Optional\n"
                "class Source(zhipuai_lite.Model): title: str\n"
                "class Costs(zhipuai_lite.CompletionUsage): cost: float = 0.5\n"
                "class More(Costs): pass\n"
                "class Other(Costs):\n"
                "    cost: float = 0.7\n"
                "    @property\n"
                "    def total_tokens(self): return 99\n"
                "class Answer(zhipuai_lite.Completion):\n"
                "    sources: Optional[List[Source]]\n"
                "    best: 'Source'\n"
                "    usage: Costs\n",
                vars(sys.modules["models_of_a_user"]),
            )
            body = completion(sources=[{"title": "a"}], best={"title": "b"})
            for result in (names["Answer"](body), names["Answer"].model_validate(body), names["Answer"](**body)):
                self.assertEqual((result.sources[0].title, result.best.title, result.usage.cost), ("a", "b", 0.5))
                self.assertEqual(result.choices[0].message.content, "你好！")
        for name, cost, total in (("Costs", 0.5, None), ("More", 0.5, None), ("Other", 0.7, 99)):
            made = names[name]()
            self.assertEqual((made.cost, made.model_dump()["cost"], made.total_tokens), (cost, cost, total))
            made.cost = 4
            self.assertEqual((made.to_dict(), names[name](cost=3).cost), ({"cost": 4}, 3))

    def test_results_pickle_and_copy(self) -> None:
        for result in self.both(self.full()):
            twins = [pickle.loads(pickle.dumps(result, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
            for twin in [*twins, copy.deepcopy(result), copy.copy(result), result.model_copy(deep=True), result.copy()]:
                self.assertEqual((twin, type(twin)), (result, Completion))
                self.assertIs(type(twin.choices[0].message), type(result.choices[0].message))
            copy.deepcopy(result).choices[0].message.content = "changed"
            self.assertEqual(result.model_copy(update={"id": "new"}), dict(self.full(), id="new"))

    def test_fields_of_unexpected_types_survive(self) -> None:
        for odd in (
            {"choices": None},
            {"choices": "text"},
            {"choices": [1, "a", None, []]},
            {"usage": 5},
            {"id": {"a": 1}},
        ):
            for result in self.both(completion(**odd)):
                self.assertEqual(result.to_dict(), completion(**odd))

    def test_hostile_names_cannot_take_over_a_model(self) -> None:
        names = "__html__ __class__ __dict__ __init__ __reduce__ __len__ _declared _maker _origin model_dump dict json"
        hostile = dict.fromkeys(
            [*names.split(), "get", "keys", "items", "update", "copy", "pop", "self", "cls"], "pwned"
        )
        body = completion(**hostile)
        for plain in (body["choices"][0]["message"], body["usage"]):
            plain.update(hostile)
        result = self.answered(body)
        for model, plain in ((result, body), (result.choices[0].message, body["choices"][0]["message"])):
            self.assertIsInstance(model, lite.Model)
            self.assertEqual((model.model_dump()["model_dump"], model["__class__"], model.get("get")), ("pwned",) * 3)
            for same in (model.to_dict(), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
                self.assertEqual((same, sorted(same.keys())), (plain, sorted(plain)))
            self.assertEqual(("pwned" in repr(model), hasattr(model, "__html__")), (True, False))
        page = lite.ListOfBatch(dict(hostile, data=[{"id": "1"}]))
        self.assertEqual((len(list(page)), pickle.loads(pickle.dumps(page)).has_next_page()), (1, False))

    def test_hostile_json_gives_a_model_or_our_error(self) -> None:
        server = self.serve()
        for text in (
            b'{"id": "a", "id": "b", "created": 1' + b"0" * 5000 + b"}",
            b'{"created": NaN, "id": "\\ud800", "model": "\\u0000", "": 1e99999, "a b": 3}',
            b'{"choices": ' + b"[" * 400 + b"]" * 400 + b"}",
        ):
            server.answer(text, headers=JSON)
            with self.subTest(text=text[:40]), contextlib.suppress(lite.ZhipuAIError):
                self.assertIsInstance(ask(self.client(server)), Completion)
        server.answer(b'{"id": "first", "id": "last"}', headers={"Content-Type": "text/plain"})
        self.assertEqual(ask(self.client(server)).id, "last")


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
        self.assertIsInstance(result, lite.Model, place)
        declared = {name for cls in type(result).__mro__ for name in getattr(cls, "__annotations__", {})}
        for name, value in body.items():
            self.assertIn(name, declared, place)
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
                result = self.answered(name, dict(body, field_of_tomorrow=[{"a": 1}]))
                for each in (result, pickle.loads(pickle.dumps(result))):
                    self.check(each, body, name)
                    self.assertEqual((type(each), each), (type(result), {**body, "field_of_tomorrow": [{"a": 1}]}))
                    self.assertEqual(each.to_dict()["field_of_tomorrow"], each.field_of_tomorrow)
                nothing = self.answered(name, {})
                self.assertEqual([getattr(nothing, field) for field in body], [None] * len(body))

    def test_chat_task_is_a_completion_only_once_it_is_finished(self) -> None:
        retrieve = self.zhipu.chat.asyncCompletions.retrieve_completion_result
        kinds = lite.AsyncTaskStatus, lite.AsyncCompletion
        for status, kind in (("PROCESSING", kinds[0]), ("FAIL", kinds[0]), ("SUCCESS", kinds[1])):
            body = {"id": "1", "request_id": "2", "model": "m", "task_status": status}
            self.server.answer(body)
            result = retrieve("1")
            self.assertEqual([known for known in kinds if isinstance(result, known)], [kind])
            self.assertEqual((result.task_status, result.to_dict()), (status, body))
            self.assertEqual(
                result.model_dump().keys() - body.keys(), {"choices", "usage"} if kind is kinds[1] else set()
            )

    def test_fields_under_other_names(self) -> None:
        result = self.answered("web_reader.web_reader", {"reader_result": {"publishedTime": "2026-07-11"}})
        self.assertEqual(result.reader_result.published_time, "2026-07-11")
        parts = [{"type": "output_text", "text": "你"}, {"type": "refusal", "text": "x"}]
        output = [{"type": "reasoning", "summary": []}, {"content": parts}, {"content": [dict(parts[0], text="好")]}]
        self.assertEqual(self.answered("responses.retrieve", {"output": output}).output_text, "你好")
        self.assertEqual(self.answered("responses.retrieve", {}).output_text, "")

    def test_raw_answers_are_returned_where_the_official_sdk_does(self) -> None:
        for status, body in ((200, {"code": 200, "message": "值"}), (200, b""), (204, None)):
            for call in (self.zhipu.knowledge.delete, lambda name: self.zhipu.knowledge.document.edit(name, "1")):
                self.server.answer(body, status)
                result = call("k")
                self.assertEqual((result.status_code, result.content and result.json()), (status, body or b""))

    def test_blocks_of_the_assistant_are_typed_by_their_type(self) -> None:
        names = ["code_interpreter", "drawing_tool", "web_browser", "retrieval", "function"]
        blocks: list[Any] = [{"type": name, name: {"outputs": [{"a": 1}]}} for name in names]
        calls = {"type": "tool_calls", "tool_calls": [*blocks, {"type": "of_tomorrow", "x": {}}]}
        body = {"status": "completed", "choices": [{"delta": calls}, {"delta": {"type": "content", "content": "你好"}}]}
        self.server.stream(body, DONE)
        (result,) = list(self.zhipu.assistant.conversation("a", MESSAGES))
        first, second = (choice.delta for choice in result.choices)
        self.assertEqual((type(first), type(second)), (lite.ToolsDeltaBlock, lite.TextContentBlock))
        for block, name in zip(first.tool_calls, names):
            self.assertEqual(type(block).__name__.lower(), name.replace("_tool", "").replace("_", "") + "toolblock")
            self.assertIsInstance(getattr(block, name).outputs[0], lite.Model)
        self.assertEqual(result.to_dict(), body)


# ======================================================================================================================
# The official SDK's name
# ======================================================================================================================

#: The official SDK's classes, each with what its `model_dump()` has when nothing was sent; with the module where it is
#: not the only one of its name.
OFFICIAL_CLASSES = """
AgentsCompletionMessage(content role) AgentsCompletionUsage(prompt_tokens completion_tokens total_tokens)
AgentsCompletionChoice(index finish_reason message) AgentsError(code message) AgentsCompletion(agent_id conversation_id
status choices request_id id usage error) AgentsChoiceDelta(content role) AgentsChoice(delta finish_reason index)
AgentsCompletionChunk(agent_id conversation_id id choices usage error) ErrorInfo(code message) AssistantChoice(index
delta finish_reason metadata) assistant_completion.CompletionUsage(prompt_tokens completion_tokens total_tokens)
chat_completion_chunk.CompletionUsage(prompt_tokens prompt_tokens_details completion_tokens completion_tokens_details
total_tokens) AssistantCompletion(id conversation_id assistant_id created status last_error choices metadata usage)
Usage(prompt_tokens completion_tokens total_tokens) ConversationUsage(id assistant_id create_time update_time usage)
ConversationUsageList(assistant_id has_more conversation_list) ConversationUsageListResp(code msg data)
AssistantSupport(assistant_id created_at updated_at name avatar description status tools starter_prompts)
AssistantSupportResp(code msg data) TextContentBlock(content role=assistant type=content) ToolsDeltaBlock(tool_calls
role=tool type=tool_calls) AudioSpeechDelta(content role) AudioSpeechChoice(delta finish_reason index) AudioError(code
message) AudioSpeechChunk(choices request_id created error) Errors(data object) Batch(id completion_window created_at
endpoint input_file_id object status cancelled_at cancelling_at completed_at error_file_id errors expired_at expires_at
failed_at finalizing_at in_progress_at metadata output_file_id request_counts) BatchError(code line message param)
BatchRequestCounts(completed failed total) AsyncTaskStatus(id request_id model task_status) AsyncCompletion(id
request_id model task_status choices usage) Function(arguments name) CompletionMessageToolCall(id function type)
CompletionMessage(content role reasoning_content tool_calls) CompletionChoice(index finish_reason message)
chat_completion.Completion(model created choices request_id id usage) moderation_completion.Completion(model input)
ChoiceDeltaFunctionCall(arguments name) ChoiceDeltaToolCallFunction(arguments name)
chat_completion_chunk.ChoiceDeltaToolCall(index id function type) web_search_chunk.ChoiceDeltaToolCall(index id
search_intent search_result search_recommend type) AudioCompletionChunk(id data expires_at)
chat_completion_chunk.ChoiceDelta(content role reasoning_content tool_calls audio) web_search_chunk.ChoiceDelta(role
tool_calls) Choice(delta finish_reason index) PromptTokensDetails(cached_tokens)
CompletionTokensDetails(reasoning_tokens) ChatCompletionChunk(id choices created model usage extra_json)
Embedding(object index embedding) EmbeddingsResponded(object data model usage) FileParserTaskCreateResp(task_id message
success) FileDeleted(id deleted object) FileObject(id bytes created_at filename object purpose status status_details)
ListOfFileObject(object data has_more) UploadDetail(url knowledge_type file_name sentence_size custom_separator
callback_url callback_header) Error(code message param) Hyperparameters(n_epochs) FineTuningJob(id request_id created_at
error fine_tuned_model finished_at hyperparameters model object result_files status trained_tokens training_file
validation_file) ListOfFineTuningJob(object data has_more) Metric(epoch current_steps total_steps elapsed_time
remaining_time trained_tokens loss eval_loss acc eval_acc learning_rate) JobEvent(object id type created_at level
message data) FineTuningJobEvent(object data has_more) FineTunedModelsStatus(request_id model_name delete_status)
GeneratedImage(b64_json url revised_prompt) ImagesResponded(created data) DocumentSuccessinfo(documentId filename)
DocumentFailedInfo(failReason filename documentId) DocumentObject(successInfos failedInfos)
DocumentDataFailInfo(embedding_code embedding_msg) DocumentData(id custom_separator sentence_size length word_num name
url embedding_stat failInfo) DocumentPage(list object) KnowledgeInfo(id embedding_id name customer_identifier
description background icon bucket_id) KnowledgePage(list object) KnowledgeStatistics(word_num length)
KnowledgeUsed(used total) SearchIntent(index query intent keywords) SearchResult(index title link content icon media
refer) SearchRecommend(index query) WebSearchMessageToolCall(id search_intent search_result search_recommend type index)
WebSearchMessage(role tool_calls) WebSearchChoice(index finish_reason message) WebSearch(created choices request_id id)
WebSearchChunk(id choices created) VideoResult(url cover_image_url) VideoObject(id model video_result task_status
request_id) SearchIntentResp(query intent keywords) SearchResultResp(title link content icon media refer publish_date)
WebSearchResp(created request_id id search_intent search_result) CodeInterpreter(input outputs)
CodeInterpreterToolBlock(code_interpreter type) CodeInterpreterToolOutput(type logs error_msg) DrawingTool(input
outputs) DrawingToolBlock(drawing_tool type) DrawingToolOutput(image) FunctionTool(name arguments outputs)
FunctionToolBlock(function type) FunctionToolOutput(content) RetrievalTool(outputs) RetrievalToolBlock(retrieval type)
RetrievalToolOutput(text document) WebBrowser(input outputs) WebBrowserOutput(title link content error_msg)
WebBrowserToolBlock(web_browser type)
"""
ZAI_CLASSES = """AsyncImagesResponded DataInfo FileParsingDownloadResp HandwritingOCRResp LayoutDetail LayoutParsingResp
Location PageInfo Probability ReaderData VoiceCloneResult VoiceData VoiceDeleteResult VoiceListResult WebReaderResult
WordsResult"""


class OfficialNameTest(TestCase):
    """What a test imports, and how, is forgotten at its end."""

    def setUp(self) -> None:
        super().setUp()
        self.enter(mock.patch.dict(sys.modules))
        self.enter(mock.patch.object(sys, "meta_path", list(sys.meta_path)))
        for name in [name for name in sys.modules if name.partition(".")[0] == "zhipuai"]:
            del sys.modules[name]

    def install(self) -> Any:
        lite.install_as_zhipuai()
        return importlib.import_module("zhipuai")

    def names(self, program: str) -> dict[str, Any]:
        names = self.execute(program, {})
        del names["__builtins__"]
        return names

    def copy(self, into: Any = None, version: str = lite.__version__) -> Any:
        """The module's file executed once more, as another module or again in the same."""
        module = into or types.ModuleType("zhipuai_lite")
        text = pathlib.Path(MODULE).read_text(encoding="utf-8")
        text = text.replace(f'__version__ = "{lite.__version__}"', f'__version__ = "{version}"')
        exec(compile(text, MODULE, "exec"), module.__dict__)
        return module

    def test_imports_give_this_modules_classes(self) -> None:
        zhipuai = self.install()
        self.assertIs(zhipuai.core._errors.APIStatusError, lite.APIStatusError)  # submodules that nobody has imported
        for path, name, expected in (
            ("zhipuai", "ZhipuAI", ZhipuAI),
            ("zhipuai.core._errors", "APIReachLimitError", lite.RateLimitError),
            ("zhipuai.core", "StreamResponse", lite.Stream),
            ("zhipuai.core._sse_client", "StreamResponse", lite.Stream),
            ("zhipuai.core", "BaseModel", lite.Model),
            ("zhipuai.core", "HttpxBinaryResponseContent", lite.BinaryResponse),
            ("zhipuai.core._base_type", "NOT_GIVEN", NOT_GIVEN),
            ("zhipuai._client", "NotGiven", type(NOT_GIVEN)),
            ("zhipuai.core.pagination", "SyncCursorPage", lite.SyncCursorPage),
            ("zhipuai.api_resource.chat.completions", "Completion", Completion),
            ("zhipuai.api_resource.chat.completions", "Completions", type(self.client().chat.completions)),
            ("zhipuai.types.chat.chat_completion_chunk", "Choice", lite.Choice),
            ("zhipuai.types.tools.web_search_chunk", "Choice", lite.WebSearchChunkChoice),
            ("zhipuai.types.assistant.message.tools.retrieval_delta_black", "RetrievalTool", lite.RetrievalTool),
            ("zhipuai.types.image", "GeneratedImage", lite.GeneratedImage),
            ("zhipuai.types.knowledge.document", "DocumentData", lite.DocumentData),
        ):
            self.assertIs(self.names(f"from {path} import {name}")[name], expected)
        check = importlib.import_module("zhipuai.types.sensitive_word_check").SensitiveWordCheckRequest
        self.assertEqual(check(type="ALL"), {"type": "ALL"})
        names = self.names(  # as langchain-glm does
            "from zhipuai.core import PYDANTIC_V2, BaseModel, ConfigDict\n"
            "class Message(BaseModel):\n"
            "    model_config = ConfigDict(extra='allow')\n"
            "    content: str = ''\n"
            "made = Message(role='user')\n"
        )
        self.assertEqual((names["PYDANTIC_V2"], names["made"].content, names["made"].role), (True, "", "user"))

    def test_official_classes_are_found_and_dump_the_same(self) -> None:
        zhipuai = self.install()
        for module, name, text in re.findall(r"(?:(\w+)\.)?(\w+)\(([^)]*)\)", OFFICIAL_CLASSES):
            fields = {field: default or None for field, _, default in (word.partition("=") for word in text.split())}
            with self.subTest(name):
                made = getattr(getattr(zhipuai.types, module or "some"), name)()
                self.assertIsInstance(made, lite.Model)
                self.assertEqual(made.model_dump(), fields)
                self.assertEqual({field: getattr(made, field) for field in fields}, fields)
        self.assertEqual([name for name in ZAI_CLASSES.split() if not hasattr(lite, name)], [])

    def test_star_and_dir_give_the_client_and_the_errors(self) -> None:
        zhipuai = self.install()
        names = self.names("from zhipuai import *")
        errors = {name for name in names if issubclass(names[name], lite.ZhipuAIError)}
        self.assertEqual(names.keys(), {*errors, "ZhipuAI"})
        for listed in (errors, {*dir(zhipuai)}, self.names("from zhipuai.core._errors import *").keys()):
            self.assertLessEqual({*re.findall(r"\b(?:API|ZhipuAI)\w*Error", ERRORS)}, {*listed})
            self.assertNotIn("Function", listed)
        self.assertIn("Completion", self.names("from zhipuai.types.chat.chat_completion import *"))

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
                self.names(program)
        self.assertEqual((hasattr(zhipuai, "__wrapped__"), hasattr(zhipuai.core, "_repr_html_")), (False, False))

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
        self.assertEqual(client.acreate(server.url), completion())
        self.assertTrue(signature_is_valid(server.request.token, SECRET.encode()))
        self.assertEqual(server.request.headers["content-type"], "application/json")

    def test_version_and_distribution_are_there(self) -> None:
        self.assertEqual(self.install().__version__, "v2.1.5.20250725")  # not its distribution's
        try:
            from importlib import metadata
        except ImportError:
            self.skipTest("3.8+: importlib.metadata")
        self.assertEqual([metadata.version(name) for name in ("zhipuai", "ZhipuAI")], ["2.1.5.20250825"] * 2)
        self.assertIn("zhipuai", [distribution.metadata["Name"] for distribution in metadata.distributions()])
        with self.assertRaises(metadata.PackageNotFoundError):
            metadata.version("zhipuai-nonsense")

    def test_refuses_when_the_official_one_is_imported(self) -> None:
        sys.modules["zhipuai"] = official = types.ModuleType("zhipuai")
        finders = list(sys.meta_path)
        with self.assertRaisesRegex(ImportError, "before the official SDK"):
            lite.install_as_zhipuai()
        self.assertEqual((sys.modules["zhipuai"], sys.meta_path), (official, finders))

    def test_twice_is_once_and_another_copy_of_the_file_takes_over(self) -> None:
        first, finders = self.install(), len(sys.meta_path)
        self.assertIs(self.install(), first)
        pickled = pickle.dumps(first.ZhipuAI)
        self.assertEqual((b"zhipuai_lite" in pickled, pickle.loads(pickled)), (True, ZhipuAI))
        copy = self.copy()
        copy.install_as_zhipuai()
        self.assertEqual(len(sys.meta_path), finders)
        self.assertIs(importlib.import_module("zhipuai"), first)
        self.assertIs(first.ZhipuAI, copy.ZhipuAI)
        self.assertIs(importlib.import_module("zhipuai.core").StreamResponse, copy.Stream)

    def test_reload_keeps_the_classes_but_takes_over_a_changed_file(self) -> None:
        # Dask reloads an uploaded file, in the driver's process too: else pickle would not know what was made before.
        copy = self.copy()
        kept = copy.ZhipuAI, copy.RateLimitError, copy.Completion
        self.copy(into=copy)
        self.assertEqual((copy.ZhipuAI, copy.RateLimitError, copy.Completion), kept)
        self.copy(into=copy, version="9")
        self.assertEqual((copy.__version__, copy.ZhipuAI is kept[0]), ("9", False))


# ======================================================================================================================
# Serverless, and past one machine
# ======================================================================================================================


class ServerlessTest(TestCase):
    def test_a_call_imports_nothing_that_is_slow(self) -> None:
        program = """if True:
            import sys, hashlib, hmac, json, ssl, urllib.request
            before = set(sys.modules)
            import zhipuai_lite
            client = zhipuai_lite.ZhipuAI(api_key="id.secret", base_url=sys.argv[1])
            client.chat.completions.create(model="glm-4", messages=[])
            slow = {"asyncio", "dataclasses", "inspect", "logging", "typing"}
            print(sorted(slow & (set(sys.modules) - before)))
            """
        ended = self.run_python("-S", "-c", program, self.serve().url)
        self.assertEqual((ended.stdout.decode().strip(), ended.stderr), ("[]", b""))

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
        self.assertEqual((ended.returncode, ended.stderr, b"hello" in ended.stdout), (0, b"", True))

    def test_module_runs_by_its_name(self) -> None:
        ended = self.run_python("-m", "zhipuai_lite", "--version", env={"PYTHONPATH": os.path.dirname(MODULE)})
        self.assertEqual((ended.returncode, ended.stdout.decode().strip()), (0, lite.__version__))

    def test_works_without_poll(self) -> None:
        server = self.serve()  # as on Windows
        with mock.patch.object(zhipuai_lite, "select", types.SimpleNamespace(select=select.select)):
            for connections in (1, 1, 2):
                ask(self.client(server))
                self.assertEqual(server.connections, connections)
                if len(server.requests) == 2:
                    server.drop_connections()


class PickleTest(TestCase):
    """`travel(value)` is what another process gets of it. Pages and binary results: where they are tested."""

    def travel(self, value: Any) -> Any:
        return pickle.loads(pickle.dumps(value))

    def test_resources_methods_and_subclasses_of_the_client_travel(self) -> None:
        client = self.client(self.serve())
        for create in (self.travel(client.chat.completions).create, self.travel(client.chat.completions.create)):
            self.assertEqual(create(model="glm-4", messages=MESSAGES), completion())
        zai = lite.ZaiClient(api_key=KEY, timeout=7)
        twin = self.travel(zai)
        self.assertEqual((type(twin), twin.timeout, twin.base_url), (type(zai), 7, zai.base_url))

    def test_asynchronous_clients_pages_and_results_travel(self) -> None:
        async def use() -> None:
            async with self.travel(AsyncZhipuAI(api_key=KEY, base_url=server.url)) as client:
                page = self.travel(await client.files.list(purpose="batch"))
                self.assertEqual([file.id async for file in page], ["file-1", "file-2"])
                self.assertEqual(await self.travel(await client.files.content("file-1")).aread(), b"content")

        server = self.serve()
        server.answer({"data": [{"id": "file-1"}], "has_more": True})
        server.answer({"data": [{"id": "file-2"}], "has_more": False})
        server.answer(b"content")
        asyncio.run(use())
        self.assertEqual(server.requests[1].query, {"purpose": ["batch"], "after": ["file-1"]})

    def test_binary_result_that_breaks_off_does_not_travel(self) -> None:
        server = self.serve()
        server.raw(head(200, {"Content-Length": "100000", "Content-Type": "audio/wav"}) + b"RIFF", CLOSE)
        with self.assertRaises(lite.APIConnectionError):
            pickle.dumps(self.client(server).audio.speech(model="glm-tts", input="你好"))


# ======================================================================================================================
# Server-sent events
# ======================================================================================================================


def events_by_the_book(data: bytes) -> list[tuple[str, str]]:
    """The WHATWG HTML standard, section 9.2.6, said slowly: (event name, data) pairs."""
    text = re.sub("\r\n?", "\n", re.sub("^\ufeff", "", data.decode("utf-8", "replace")))
    events, name, values = [], "", ""
    for line in text.split("\n")[:-1]:  # the last is not ended
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if line == "":
            events += [(name, values[:-1])] if values else []
            name, values = "", ""
        elif field == "event":
            name = value
        elif field == "data":
            values += value + "\n"
    return events


def decoded(*packets: bytes) -> list[tuple[str, str]]:
    """What the module makes of a stream that arrives in these packets."""
    decoder = zhipuai_lite.EventDecoder()
    return [event for packet in packets for event in decoder.feed(packet)]


def in_packets(data: bytes, size: int) -> list[bytes]:
    return [data[index : index + size] for index in range(0, len(data), size)]


def split_at_random(data: bytes, random_: random.Random) -> list[bytes]:
    cuts = sorted(random_.randrange(len(data) + 1) for _ in range(random_.randrange(8)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)])]


#: Characters that end no line, whatever `str.splitlines` thinks.
SEPARATORS = "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei\x00j"


class EventDecoderTest(TestCase):
    def test_events_are_those_of_the_book_wherever_the_packets_are_cut(self) -> None:
        data = b"\xef\xbb\xbfdata: a\n\ndata:\xef\xbb\xbfb\r\n\r\ndata:  c\r\rdata: d \n\r\n: ping\n\n:data: x\r\n\n"
        data += b"data: e\r\ndata\r\ndata:\r:\ndata: f\r\n\n\nevent: error\n\n"
        data += b"event: x\nevent: y\ndata:\tg\n\ndata: \xff\xe4\xbdh\n\n"
        data += b"id: 7\nretry: 10\nDATA: x\n data: y\ndatax: z\nevent : w\nwhatever\ndata: i\n\n"
        data += f"data: 你好 😀 {SEPARATORS}\n\ndata: unfinished\n".encode()
        texts = ["a", "\ufeffb", " c", "d ", "e\n\n\nf", "\tg", "\ufffd\ufffdh", "i", "你好 😀 " + SEPARATORS]
        events = [("y" if "g" in text[:2] else "", text) for text in texts]
        self.assertEqual(events_by_the_book(data), events)
        self.assertEqual(decoded(*in_packets(data, 1)), events)
        for index in range(len(data)):
            self.assertEqual(decoded(data[:index], data[index:]), events)

    def test_random_streams_agree_with_the_book(self) -> None:
        pieces = b"\r|\n|\r\n|\n\n|data|data:|data: |event|event: |:| |id: 1|\xff|\xe4\xbd|\0|\xef\xbb\xbf|[DONE]|{}|"
        pieces += "你|\u2028|\x85".encode()
        for seed in range(400):
            random_ = random.Random(seed)
            data = b"".join(random_.choice(pieces.split(b"|")) for _ in range(random_.randrange(60)))
            packets = split_at_random(data, random_)
            self.assertEqual(decoded(*packets), events_by_the_book(data), (seed, packets))

    def test_many_tiny_events_and_a_huge_one_take_no_longer_than_their_bytes(self) -> None:
        for event, count in (("x", 100000), ("y" * (16 << 20), 1)):
            data = f"data: {event}\n\n".encode() * count
            for size in (len(data), 65536, 1000):
                self.assertTrue(decoded(*in_packets(data, size)) == [("", event)] * count)


class StreamTestCase(TestCase):
    """Tests of streams, which `InLoop` repeats with the asynchronous client."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu: Any = self.client(self.server, max_retries=3)

    def call(self, function: Any, **arguments: Any) -> Any:
        return function(self.zhipu, **arguments)

    def open(self, *events: Any) -> Any:
        """The stream of a chat that is answered with these events."""
        self.server.stream(*events)
        return self.call(ask, stream=True)


class InLoop(StreamTestCase):
    def setUp(self) -> None:
        super().setUp()
        loop = asyncio.new_event_loop()
        self.addCleanup(loop.close)
        self.wait = loop.run_until_complete
        self.zhipu = AsyncZhipuAI(api_key=KEY, base_url=self.server.url, timeout=PATIENCE, max_retries=3)
        self.addCleanup(lambda: self.wait(self.zhipu.aclose()))

    def call(self, function: Any, **arguments: Any) -> Any:
        result = self.wait(function(self.zhipu, **arguments))
        return StreamInLoop(result, self.wait) if isinstance(result, zhipuai_lite.AsyncStream) else result


class StreamInLoop:
    """An `AsyncStream` that is read as a `Stream` is."""

    def __init__(self, stream: Any, wait: Any) -> None:
        self.next: Any = lambda: wait(stream.__anext__())
        self.close = lambda: wait(stream.aclose())
        self.get_final_completion = lambda: wait(stream.get_final_completion())
        self.response = stream.response

    def __iter__(self) -> StreamInLoop:
        return self

    def __next__(self) -> Any:
        try:
            return self.next()
        except StopAsyncIteration:
            raise StopIteration from None


def calling(name: str, **more: Any) -> Any:
    """A function of the client that calls an interface with what it requires."""
    interface = next(each for each in interfaces() if each.name == name)
    return lambda client: interface.of(client)(**dict(interface.arguments(interface.required), **more))


A, B, LAST = chunk("a"), chunk("b"), chunk("b", "stop")
REASON = {"code": "1113", "message": "余额不足"}
ERROR = {"error": REASON, "request_id": "r-7"}
USED = {"usage": {"a": 1}}
BAD = {"msg": "坏", "success": False}
LABELS = ("text/event-stream", "application/json", "text/html")


def labelled(kind: str) -> dict[str, str]:
    return {"Content-Type": kind}


def whole(*events: Any, kind: str = LABELS[0]) -> list[Step]:
    return answer(sse(*events), headers=labelled(kind))


def until_closed(*events: Any) -> list[Step]:
    return [head(200, labelled(LABELS[0])) + sse(*events), CLOSE]


#: Name, what the server sends, the chunks.
GOOD_STREAMS: list[tuple[str, list[Any], list[Any]]] = [
    ("all is well", stream(A, B, DONE), [A, B]),
    ("no [DONE]", stream(A), [A]),
    ("comment at the end", stream(A, ": ping\n"), [A]),
    ("empty events", stream("data:\n\n", ": hello\n\n", A, "data:  \t\n\n", DONE), [A]),
    ("more after [DONE]", stream(A, DONE, B, "data: no json\n\n"), [A]),
    ("silence after [DONE]", stream(A, DONE, STALL), [A]),
    ("known length", whole(A, B, DONE), [A, B]),
    ("compressed", stream(gzip.compress(sse(A, B, DONE)), headers={"Content-Encoding": "gzip"}), [A, B]),
    # of unknown length: an event must say that it is the last
    ("[DONE]", until_closed(A, DONE), [A]),
    ("[DONE] without an end", until_closed(A, "data: [DONE]"), [A]),
    ("finish_reason", until_closed(A, LAST), [A, LAST]),
    ("usage, no choices", until_closed(A, USED), [A, USED]),
    ("usage, empty choices", until_closed(A, dict(USED, choices=[])), [A, dict(USED, choices=[])]),
    # the last event without its blank line, in a body that is complete
    *[(f"{end!r} at the end", whole(A, sse(B)[:-2] + end), [A, B]) for end in (b"", b"\n", b"\r", b"\n:")],
    *[(f"{end!r} in chunks", stream(A, sse(B)[:-2] + end), [A, B]) for end in (b"", b"\r\n")],
    # under other labels
    *[
        (f"{begin!r} as {kind}", whole(begin, B, DONE, kind=kind), [B])
        for begin in ("", "event: x\n", "id: 1\n", "retry: 9\n", ": hello\n\n", ":\n", "data:\n")
        for kind in (*LABELS, "text/plain")
    ],
]
FAILED = "^APIResponseError 1113 r-7: 余额不足 "
ODD_CHOICES: list[Any] = [{"0": {}}, 5, [None]]
INVALID = "^APIResponseValidationError None .*: "
CUT = "^APIConnectionError None None: Connection error"
#: Name, what the server sends, the chunks; class, code and text of the error.
BAD_STREAMS: list[Any] = [
    ("named error", stream(A, b"event: error\n" + sse(ERROR)), [A], FAILED + ".*1113"),
    ("error in text", stream("event: error\ndata: 上游超时\n\n"), [], "^APIResponse.*上游超时"),
    ("envelope", stream(BAD), [], "^APIResponseError None None: 坏"),
    ("no JSON", stream(A, f"data: <网关{'x' * 100000}\n\n", STALL), [A], INVALID + ".*<网关.{,5000}$"),
    *[
        (f"no object: {text[:9]}", stream(f"data: {text}\n\n"), [], INVALID)
        for text in ("123", '"text"', "[1]", "true", "[" * 100000)
    ],
    *[
        (f"{body!r} as {kind}", whole(body, kind=kind), [], INVALID + ".*no event stream")
        for body in (b"", b"gateway", _json(completion()), b": comment\n\nretry: 1\n\n")
        for kind in ("text/plain", LABELS[0])
    ],
    ("error as text", whole(_json(ERROR), kind="text/plain"), [], FAILED),
    # the last event without its blank line
    ("half an event", stream(LAST, 'data: {"id":'), [LAST], CUT),
    ("error at the end", stream(A, sse(ERROR)[:-2]), [A], FAILED),
    # of unknown length
    *[
        (f"{end!r} at the end", until_closed(A, end), [A], CUT)
        for end in (b"", sse(B)[:-20], sse(B)[:-1], sse(LAST)[:-2], sse(LAST)[:-1])
    ],
    *[(f"choices {odd}", until_closed(dict(A, choices=odd)), [dict(A, choices=odd)], CUT) for odd in ODD_CHOICES],
    ("usage with choices", until_closed(dict(A, **USED)), [dict(A, **USED)], CUT),
    # in chunks
    *[
        (f"{rest[:9]!r} in chunks", [*stream(A)[:2], rest, CLOSE], [A], CUT)
        for rest in (b"", b"400\r\ndata: {", b"5", http_chunk(b"data: {"), b"0x5\r\nabcde\r\n", b"f" * 70000)
    ],
    ("no CRLF behind a chunk", [*stream(A)[:2], http_chunk(sse(B))[:-2], CLOSE], [A, B], CUT),
]
#: Name, pieces (index, id, name, arguments; - is left out, '' is empty), the calls (id, name, arguments).
TOOL_CALLS = """
numbered | 0 c f {"a" ; 1 d g '' ; 0 - - :"北京"} ; 1 - - [] | c f {"a":"北京"} ; d g []
whole, no number | - c f {} ; - d f {} | c f {} ; d f {}
id for a number | - c f { ; - d g [ ; - c - } ; - d g ] | c f {} ; d g []
neither | - c f {} ; - d g [ ; - - - ] | c f {} ; d g []
number 0 for all | 0 c f {} ; 0 d g [ ; 0 - - ] | c f {} ; d g []
0 for all, with id | 0 c f { ; 0 d g [ ; 0 c - } ; 0 d '' ] | c f {} ; d g []
new id each time | 0 c f { ; 0 d - 1 ; 0 e '' } | c f {1}
new number | 0 c f { ; 1 c - } | c f {}
name again | 0 c f { ; 0 c f 1 ; 0 - f } | c f {1}
name empty | 0 c f { ; 0 c '' 1 ; 0 '' '' } | c f {1}
name later | 0 c '' '' ; 0 - f {} | c f {}
one id for all | 0 c f { ; 1 c g [ ; 0 c - } ; 1 c - ] | c f {} ; c g []
"""


def piece(member: str = "delta", index: int = 0, **message: Any) -> dict[str, Any]:
    return {"choices": [{"index": index, member: message}]}


def merged(**message: Any) -> dict[str, Any]:
    return piece("message", **{"role": "assistant", "content": None, **message})


PARTS = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
BESIDE = {"web_search": [{"title": "t"}], "content_filter": [{"level": 3}], "tomorrow": 1}
END = chunk(delta={"content": None}, usage={"a": 1}, object="chat.completion.chunk")
STOPPED = [dict(merged(content="abb")["choices"][0], finish_reason="stop")]
#: Chunks, and the completion that they come to.
MERGED: list[Any] = [
    ([piece(reasoning_content="想"), piece(reasoning_content="好")], merged(reasoning_content="想好")),
    ([piece(reasoning="想"), piece(reasoning="好", content=None)], merged(reasoning="想好")),
    ([piece(role="tool", content="a"), piece(role=None, content="b")], merged(role="tool", content="ab")),
    ([piece(content="a", x=1), piece(content="", x=2)], merged(content="a", x=2)),
    ([piece(content=[part]) for part in PARTS], merged(content=PARTS)),
    ([piece("message", content=text) for text in "ab"], merged(content="ab")),
    ([piece(content="a"), piece(content="b"), piece("message", content="ab")], merged(content="ab")),
    (
        [piece(content=text, index=index % 2) for index, text in enumerate("acbd", 1)],
        {"choices": [merged(content=text, index=index)["choices"][0] for index, text in enumerate(("cd", "ab"))]},
    ),
    (
        [A, dict(B, **BESIDE), LAST, {"id": "20260711", "choices": []}, END],
        dict(END, object="chat.completion", choices=STOPPED, **BESIDE),
    ),
]


def text_of(error: Any) -> str:
    return f"{type(error).__name__} {error.code} {error.request_id}: {error}"


class StreamTest(StreamTestCase):
    def check(self, name: str, steps: list[Step], expected: list[Any], error: str = "^$", **options: Any) -> None:
        with self.subTest(name):
            self.server.raw(*steps)
            count, found, said = len(self.server.requests), [], ""
            opened: Any = ()
            try:
                opened = self.call(ask, stream=True, **options)
                found.extend(opened)
            except zhipuai_lite.APIError as raised:
                said = text_of(raised)
                self.assertEqual(repr(pickle.loads(pickle.dumps(raised))), repr(raised))
            self.assertEqual((found, list(opened)), (expected, []), said)
            self.assertRegex(said, error)
            self.assertEqual(len(self.server.requests), count + 1)
            if STALL in steps:
                self.server.until_idle()
            if said and found:
                with self.assertRaisesRegex(zhipuai_lite.APIConnectionError, "given up"):
                    opened.get_final_completion()

    def test_good_and_bad_streams(self) -> None:
        for row in GOOD_STREAMS:
            self.check(*row)
        ended = sum(CLOSE in steps or STALL in steps for _, steps, _ in GOOD_STREAMS)
        self.assertEqual(self.server.connections, ended + 1)  # all others are reused
        for row in BAD_STREAMS:
            self.check(*row)
        self.check("silence", stream(A, STALL), [A], "^APITimeoutError None None: Request timed out", timeout=0.5)

    def test_stream_in_packets_of_any_size(self) -> None:
        events = [chunk(text) for text in ("你好", SEPARATORS, "", "\x85\r\n", "长" * 500)]
        data = sse(*events[:2], "\r\n: c\r\n", *events[2:], DONE)
        for seed in range(30):
            divide: Any = functools.partial(split_at_random, random_=random.Random(seed))
            if seed < 3:
                divide = functools.partial(in_packets, size=1)
            steps: list[Any] = [head(200, dict(EVENT_STREAM, **labelled(LABELS[seed % 3])))]
            for packet in divide(b"".join(map(http_chunk, filter(None, divide(data)))) + LAST_CHUNK):
                steps += [packet, PAUSE(0)]
            self.check(f"seed {seed}", steps, events)

    def test_chunk_is_handed_out_when_its_last_byte_came(self) -> None:
        for kind in LABELS:
            for end in (b"\n\n", b"\r\n\r\n", b"\r\r"):
                go_on, went_on = threading.Event(), threading.Event()
                first = sse(A)[:-2] + end
                self.server.stream(first, WAIT(go_on), SET(went_on), B, headers=labelled(kind))
                opened = self.call(ask, stream=True)
                self.assertEqual((opened.response.status_code, opened.response.headers["content-type"]), (200, kind))
                self.assertEqual((next(opened), went_on.is_set()), (A, False), (kind, end))
                go_on.set()
                self.assertEqual(list(opened), [B])

    def test_json_for_a_stream_is_its_only_chunk(self) -> None:
        self.server.answer(completion("whole"))
        opened = self.call(ask, stream=True)
        self.assertEqual(contents(opened), ["whole"])
        self.assertEqual(opened.get_final_completion().choices[0].message.content, "whole")

    def test_stream_in_the_body_is_asked_for_too(self) -> None:
        self.server.stream(A, DONE)
        self.assertEqual(list(self.call(ask, extra_body={"stream": True})), [A])

    def test_events_that_were_not_asked_for(self) -> None:
        embed, load = calling("embeddings.create"), calling("files.content")
        for kind in LABELS:
            for function, end, expected in (
                (ask, LAST, "ab"),
                (ask, ERROR, FAILED),
                (ask, CLOSE, CUT),
                (embed, DONE, INVALID + ".*event"),
            ):
                with self.subTest(kind, end=end, expected=expected):
                    steps = stream(A, end, headers=labelled(kind))
                    self.server.default = lambda request: steps  # noqa: B023
                    try:
                        found = self.call(function).choices[0].message.content
                    except zhipuai_lite.APIError as error:
                        found = text_of(error)
                    self.assertRegex(found, expected)
            self.server.raw(*whole(A, kind=kind))
            self.assertEqual(self.call(load).content, sse(A))

    # --- the merged answer

    def final(self, *events: Any) -> Any:
        return self.open(*events).get_final_completion()

    def test_final_completion_is_merged(self) -> None:
        for events, expected in MERGED:
            with self.subTest(expected=expected):
                final = self.final(*events, DONE)
                self.assertEqual((type(final), final.to_dict()), (Completion, expected))

    def test_pieces_of_tool_calls_come_to_the_calls_that_were_meant(self) -> None:
        def call(text: str, nulls: bool = False) -> dict[str, Any]:
            def given(**members: Any) -> dict[str, Any]:
                return {name: value for name, value in members.items() if nulls or value is not None}

            index, key, name, arguments = [None if each == "-" else each.strip("'") for each in text.split()]
            function = given(name=name, arguments=arguments)
            return given(index=index and int(index), id=key, type=key and "function", function=function)

        for line in TOOL_CALLS.strip().split("\n"):
            title, pieces, calls = line.split(" | ")
            expected = [call("- " + each) for each in calls.split(" ; ")]
            for nulls in (False, True):  # what is left out, or null
                with self.subTest(title, nulls=nulls):
                    events = [chunk(delta={"tool_calls": [call(each, nulls)]}) for each in pieces.split(" ; ")]
                    message = self.final(*events, chunk(delta={"content": None}), DONE).choices[0].message
                    self.assertEqual(message.tool_calls, expected)
                    self.call(ask, messages=[message])  # it can be sent back
                    self.assertEqual(self.server.request.json["messages"][0]["tool_calls"], expected)

    def test_content_that_is_no_text_is_no_crash(self) -> None:
        for content in ([{"type": "text", "text": "x"}], {"a": 1}, 5):
            final = self.final(chunk(content), A, chunk(content), B, chunk("c"), DONE)
            self.assertEqual(final.choices[0].message.content[-2:], "bc")

    def test_chunk_that_is_nested_too_deeply_is_an_error_of_ours(self) -> None:
        for depth in (300, 500, 900, 3000, 100000):
            deep, listed = '{"x":' * depth + "1" + "}" * depth, "[" * depth + "]" * depth
            message = f'{{"choices":[{{"message":{deep}}}]}}'
            events = (message, message.replace("message", "delta"), f'{{"choices":{listed}}}', deep)
            for body, kind in ((message, LABELS[1]), *[(f"data: {event}\n\n", LABELS[0]) for event in events]):
                self.server.raw(*whole(body, kind=kind))
                with contextlib.suppress(zhipuai_lite.APIResponseValidationError):
                    self.call(ask, stream=True).get_final_completion()

    def test_final_completion_holds_all_chunks_and_leaves_them_alone(self) -> None:
        opened = self.open(A, B, DONE)
        first = next(opened)
        for _ in range(2):
            self.assertEqual(opened.get_final_completion().choices[0].message.content, "ab")
        self.assertEqual(first.to_dict(), A)

    def test_final_completion_needs_the_whole_stream(self) -> None:
        for event in (ERROR, CLOSE):
            with self.assertRaises(zhipuai_lite.APIResponseError):
                self.final(A, event, DONE)
        opened = self.open(A, B, STALL)
        next(opened)
        for _ in range(2):
            opened.close()
            self.server.until_idle()
            self.assertEqual(list(opened), [])
        with self.assertRaisesRegex(zhipuai_lite.APIConnectionError, "given up"):
            opened.get_final_completion()


class AsyncStreamTest(InLoop, StreamTest):
    pass


class StreamIterationTest(StreamTestCase):
    """The iterator of the synchronous client, and how it is left."""

    def test_next_may_be_called_from_another_thread(self) -> None:
        opened = self.open(A, B, DONE)
        self.assertIs(iter(opened), opened)
        with self.assertRaisesRegex(TypeError, "stream"):
            pickle.dumps(opened)
        self.assertEqual(next(opened), A)
        with ThreadPoolExecutor(1) as pool:
            self.assertEqual(pool.submit(next, opened).result(PATIENCE), B)
        for _ in range(2):
            with self.assertRaises(StopIteration):
                next(opened)

    def test_stream_that_was_left_ends_its_connection(self) -> None:
        def raising(left: Any) -> None:
            with self.assertRaises(KeyError), left as entered:
                raise KeyError(next(entered))
            self.server.until_idle()  # while the stream is still known

        def broken_off(left: Any) -> None:
            for _ in left:
                break

        for leave in (raising, broken_off, id):
            for end in (STALL, DONE):
                leave(self.open(A, B, end))
                gc.collect()
                self.server.until_idle()

    def test_interrupted_stream_does_not_look_finished(self) -> None:
        opened = self.open(A, STALL)
        next(opened)
        interrupted = mock.patch.object(socket.socket, "recv_into", side_effect=KeyboardInterrupt, create=True)
        with interrupted, self.assertRaises(KeyboardInterrupt):
            next(opened)
        with self.assertRaises(zhipuai_lite.APIConnectionError):
            list(opened)
        self.server.until_idle()


# --- streams of every kind

USAGE = {"total_tokens": 3}
SEARCH = {"id": "1", "search_result": [{"title": "标题"}], "search_intent": [{"intent": "SEARCH_ALL"}]}
PLAIN = {"status": "failed"}  # is no model in a chunk
RESPONSE = {"id": "resp_1", "status": "in_progress", "output": []}
# fmt: off
#: Interface → class of a chunk, some events, and events that say why it failed.
KINDS: dict[str, tuple[str, list[Any], list[Any]]] = {
    "chat.completions.create": ("ChatCompletionChunk", [
        chunk("你"), chunk("好", "stop", usage=USAGE), {"id": "1", "choices": []},
    ], []),
    "agents.invoke": ("AgentsCompletionChunk", [
        {"agent_id": "a", "choices": [{"index": 0, "delta": {"role": "assistant", "content": PLAIN}}]},
        {"agent_id": "a", "choices": [{"index": 0, "messages": [{"role": "assistant"}]}], "usage": USAGE},
        {"agent_id": "a", "choices": [], "error": REASON},
    ], []),
    "assistant.conversation": ("AssistantCompletion", [
        {"status": "in_progress", "last_error": None, "choices": [{"delta": {"type": "content", "content": "你"}}]},
        {"status": "completed", "choices": [], "usage": USAGE},
    ], [
        {"id": "1", "status": "failed", "last_error": REASON, "choices": []},
        {"id": "1", "status": "failed", "last_error": REASON},
    ]),
    "tools.web_search": ("WebSearchChunk", [
        {"id": "1", "choices": [{"index": 0, "delta": {"role": "tool", "tool_calls": [SEARCH]}}]},
    ], []),
    "audio.transcriptions.create": ("TranscriptionChunk", [
        {"type": "transcript.text.delta", "delta": "你"}, {"type": "transcript.text.done"},
    ], []),
    "audio.speech": ("AudioSpeechChunk", [
        {"created": 1, "choices": [{"index": 0, "delta": {"content": "AAA=", "return_sample_rate": 24000}}]},
        {"created": 1, "choices": [{"index": 0, "delta": None, "finish_reason": "stop"}], "error": None},
    ], [{"created": 1, "choices": [], "error": REASON}]),
    "zrag.chat": ("ZragChatEvent", [
        {"type": "tool_result", "sessionId": "s", "data": PLAIN},
        {"type": "answer", "sessionId": "s", "messageId": "m", "data": PLAIN},
        {"type": "done", "sessionId": "s", "usage": {"total_calls": 1, **USAGE}},
    ], [
        {"type": "error", "sessionId": "s", "data": REASON},
        {"type": "error", "data": {"message": "余额不足"}},
        {"code": 1113, "message": "余额不足"},
    ]),
    "responses.create": ("ResponseStreamEvent", [
        {"type": "response.created", "sequence_number": 0, "response": RESPONSE},
        {"type": "response.output_item.added", "item": {"type": "message", "content": [{"type": "text"}]}},
        {"type": "response.function_call_arguments.done", "arguments": "{}", "name": "f", "delta": "你"},
        {"type": "response.incomplete", "response": {"error": None, **RESPONSE}},
    ], [
        {"type": "response.failed", "response": {"status": "failed", "error": REASON}},
        {"type": "error", "sequence_number": 3, **REASON},
        "event: response.failed\n" + sse({"response": {"error": REASON}}).decode(),
    ]),
}
# fmt: on
STREAMING = ("assistant.conversation", "zrag.chat")


def plain(value: Any) -> Iterator[Any]:
    """What is in a value that is no model, and the fields of models that are not declared."""
    if isinstance(value, zhipuai_lite.Model):
        yield from set(value).difference(*(vars(each).get("__annotations__", ()) for each in type(value).__mro__))
        value = [*value.values()]
    if isinstance(value, list):
        for item in value:
            yield from plain(item)
    elif isinstance(value, dict):
        yield value


class StreamKindsTest(StreamTestCase):
    def start(self, name: str) -> Any:
        return self.call(calling(name, **({} if name in STREAMING else {"stream": True})))

    def test_every_stream_has_chunks_of_its_class_and_is_asked_for(self) -> None:
        for name, (kind, events, _) in KINDS.items():
            named = [b"event: %s\n" % event.get("type", "x").encode() + sse(event) for event in events]
            for sent in ([*events, DONE], events, named):
                with self.subTest(name):
                    self.server.stream(*sent)
                    chunks = list(self.start(name))
                    self.assertEqual([type(each).__name__ for each in chunks], [kind] * len(events))
                    self.assertEqual((chunks, pickle.loads(pickle.dumps(chunks))), (events, events))
                    self.assertEqual([each for each in plain(chunks) if each != PLAIN], [])
            request = self.server.request
            self.assertIn("text/event-stream", request.headers["accept"])
            if b"boundary" in request.head:
                self.assertRegex(request.body, rb'; name="stream"[^-]*\r\n\r\ntrue\r\n')
            else:
                self.assertEqual("stream" in request.json, name not in STREAMING)

    def test_assistant_without_a_stream_answers_as_a_whole(self) -> None:
        self.server.answer({"id": "1"})
        result = self.call(calling("assistant.conversation", stream=False))
        self.assertIs(type(result), zhipuai_lite.AssistantCompletion)

    def test_errors_inside_streams_are_raised_after_what_came_before(self) -> None:
        for name, (kind, events, errors) in KINDS.items():
            for event in (ERROR, *errors, CLOSE):
                with self.subTest(name, event=event):
                    self.server.stream(events[0], event, STALL)
                    opened = self.start(name)
                    self.assertEqual(type(next(opened)).__name__, kind)
                    with self.assertRaises(zhipuai_lite.APIResponseError) as caught:
                        next(opened)
                    code = "1113" if "1113" in str(event) else None
                    expected = CUT if event is CLOSE else f"^APIResponseError {code} .*: 余额不足"
                    self.assertRegex(text_of(caught.exception), expected)
                    self.server.until_idle()
                    if name != "chat.completions.create":
                        with self.assertRaisesRegex(TypeError, "get_final_completion"):
                            opened.get_final_completion()

    def test_refused_streams_raise_before_they_begin(self) -> None:
        for name in KINDS:
            for status, error in ((200, "APIResponseError"), (429, "RateLimitError")):
                with self.subTest(name, status=status):
                    self.server.answer(ERROR, status)
                    with self.assertRaises(zhipuai_lite.APIError) as caught:
                        self.start(name)
                    self.assertRegex(text_of(caught.exception), f"^{error} 1113 r-7: .*余额不足")


class AsyncStreamKindsTest(InLoop, StreamKindsTest):
    pass


# --- failures with a good status

FAILURE = {"id": "1", "status": "failed", "error": {"code": "1113", "message": "失败了"}}
#: Interface, what it answers with a good status (API.md, E4 to E9); the code of the error, if it is one.
ENVELOPES: list[tuple[str, dict[str, Any], Any]] = [
    ("file_parser.create_sync", {"msg": "失败了", "code": 500}, "500"),
    ("file_parser.create", {"success": True, "message": "ok", "task_id": "t"}, None),
    ("agents.invoke", dict(FAILURE, agent_id="a", choices=[]), "1113"),
    ("agents.conversation", {"agent_id": "a", "choices": [], "error": None}, None),
    ("knowledge_base.delete", {"code": 500, "message": "失败了", "data": None}, "500"),
    ("knowledge_base.delete", {"code": 200, "message": "请求成功", "timestamp": 1}, None),
    ("knowledge_base.search", {"code": 200, "message": "ok", "data": []}, None),
    ("zrag.retrieve", {"code": 1001, "message": "失败了", "data": {}}, "1001"),
    ("assistant.query_support", {"success": False, "code": 500, "msg": "失败了"}, "500"),
    ("assistant.query_support", {"success": True, "code": 200, "msg": "success", "data": []}, None),
    ("knowledge.modify", {"code": 500, "msg": "失败了"}, "500"),
    ("ocr.handwriting_ocr", {"status": "failed", "message": "看不清"}, None),
    ("responses.retrieve", FAILURE, None),
]
TRIES = {"overloaded": 4, "rate_limit_exceeded": 4, "insufficient_quota": 1, "not_implemented": 1}


class EnvelopesTest(StreamTestCase):
    def test_body_says_whether_the_call_failed(self) -> None:
        for name, body, code in ENVELOPES:
            with self.subTest(name, body=body):
                self.server.answer(body)
                if code is None:
                    self.assertEqual(self.call(calling(name)), body)
                    continue
                with self.assertRaisesRegex(zhipuai_lite.APIResponseError, "失败了") as caught:
                    self.call(calling(name))
                self.assertEqual((caught.exception.code, bool(caught.exception.json_data)), (code, True))

    def test_codes_of_the_responses_interface_say_whether_to_retry(self) -> None:
        for code, tries in TRIES.items():
            count = len(self.server.requests)
            for _ in range(tries):
                self.server.answer(error_body(code), 503)
            with self.assertRaisesRegex(zhipuai_lite.APIError, code):
                self.call(calling("responses.retrieve"))
            self.assertEqual(len(self.server.requests) - count, tries, code)


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
    with contextlib.ExitStack() as stack, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(64):
            filler = stack.enter_context(socket.socket())
            filler.settimeout(0.2)
            if filler.connect_ex(listener.getsockname()):
                yield int(listener.getsockname()[1])
                return
        raise unittest.SkipTest("this system answers connections beyond the backlog")


def opened_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def ask_async(base_url: str, timeout: Any = PATIENCE, **arguments: Any) -> Any:
    """`ask` with an asynchronous client and a loop of its own; of a stream, the list of its chunks."""

    async def call() -> Any:
        async with AsyncZhipuAI(api_key=KEY, base_url=base_url, timeout=timeout, max_retries=0) as client:
            result = await ask(client, **arguments)  # type: ignore[arg-type]
            return [item async for item in result] if arguments.get("stream") else result

    return asyncio.run(call())


def ENDLESS(data: bytes) -> Step:
    """Step: send the same until the client hangs up."""

    def send(connection: Connection) -> None:
        while not connection.server.closing.is_set():
            connection.send(data)

    return send


def GOODBYE(connection: Connection) -> None:
    """Step: end TLS as it should be ended, and the connection."""
    connection.socket.settimeout(0)
    with contextlib.suppress(OSError):
        connection.socket.unwrap()  # type: ignore[attr-defined]
    raise Hangup


class CallTest(TestCase):
    """Tests of what comes of a call to `self.server`."""

    retries = 0

    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu = self.client(self.server, max_retries=self.retries)

    def serve_tls(self, certificate: str = SERVER_PEM) -> Server:
        """A server whose authority is known by the environment."""
        os.environ["SSL_CERT_FILE"] = self.file("ca.pem", CA_PEM)
        return self.serve(tls=server_context(certificate))

    def ways(self, **options: Any) -> dict[str, Any]:
        """What `gets` takes as `by`: with our own opener, with asyncio, and with an opener of the caller's."""
        options.setdefault("base_url", self.server.url)
        return {
            "own": self.client(**options),
            "asyncio": functools.partial(ask_async, **options),
            "http_client": self.client(http_client=urllib.request.build_opener(), **options),
        }

    def gets(
        self, expected: Any = "你好！", *answers: list[Step], by: Any = None, within: float = 10, **arguments: Any
    ) -> Any:
        """A call that is answered so gives this content, or those of chunks, or (the error's class, its text)."""
        for steps in answers:
            self.server.raw(*steps)
        call, begun = by or self.zhipu, time.monotonic()
        found: Any = None
        try:
            result = ask(call, **arguments) if isinstance(call, ZhipuAI) else call(**arguments)
            found = result.choices[0].message.content if isinstance(result, Completion) else contents(result)
        except zhipuai_lite.ZhipuAIError as error:
            found = error
        self.assertLess(time.monotonic() - begun, within)
        if isinstance(expected, tuple):
            self.assertEqual(type(found).__name__, expected[0], found)
            self.assertTrue(re.search(expected[-1], f"{expected[0]}: {found}", re.DOTALL), found)
        else:
            self.assertEqual(found, expected)
        return found

    def refuses(self, error: Any, pattern: str, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        with self.assertRaisesRegex(error, pattern) as caught:
            call(*arguments, **options)
        return caught.exception

    def assert_hidden(self, error: Any, *secrets: str) -> None:
        """Nothing that is shown of an error, or of what caused it, holds one of these."""
        shown, cause = [str(error), pickle.dumps(error, 0).decode("latin-1")], error
        while cause is not None:
            shown += [repr(cause), repr(vars(cause))]
            cause = cause.__context__
        for part in (getattr(error, "response", None), getattr(error, "request", None)):
            if part is not None:
                shown += [repr(vars(part)), *map(str, part.headers.values()), getattr(part, "text", "")]
        for secret in secrets:
            self.assertNotIn(secret, "\n".join(shown))


JSON_TYPE = {"Content-Type": "application/json"}
CHUNKED = head(200, {"Transfer-Encoding": "chunked", **JSON_TYPE})
BODY = _json(completion("a"))
IN_CHUNKS = http_chunk(BODY) + LAST_CHUNK
BARE = zlib.compress(BODY)[2:-4]  # deflate without the head and the checksum of zlib
BREAKS = ("APIConnectionError", "Connection error")
TIMEOUT = ("APITimeoutError", "timed out")


def sized(body: bytes, size: Any = None, **fields: str) -> bytes:
    """An answer with this Content-Length."""
    return head(200, {**JSON_TYPE, "Content-Length": str(len(body) if size is None else size), **fields}) + body


def packed(body: bytes, coding: str = "gzip") -> bytes:
    return sized(body, **{"Content-Encoding": coding})


#: Answers with the content "a".
WHOLE: dict[str, list[Step]] = {
    "length": [sized(BODY)],
    "length, byte by byte": [DRIP(sized(BODY), 0)],
    "chunks, byte by byte": [DRIP(CHUNKED + IN_CHUNKS, 0)],
    "chunks, extensions and trailers": [
        CHUNKED.replace(b"chunked", b"Chunked") + b"9;name=value\r\n%s\r\n" % BODY[:9],
        b"%X \r\n%s\r\n000\r\nX-Checksum: 1\r\nX-Log-Id: 7\r\n\r\n" % (len(BODY) - 9, BODY[9:]),
    ],
    "HTTP/1.0": [b"HTTP/1.0 200 OK\r\n\r\n" + BODY, CLOSE],
    "HTTP/1.0 with a length": [sized(BODY).replace(b"1.1", b"1.0"), IGNORE],
    "gzip": [packed(gzip.compress(BODY))],
    "gzip of two members": [packed(gzip.compress(BODY[:50]) + gzip.compress(BODY[50:]), "GZIP")],
    "x-gzip": [packed(gzip.compress(BODY), "x-gzip")],
    "deflate": [packed(zlib.compress(BODY), "deflate")],
    "bare deflate": [packed(BARE, "deflate")],
    "bare deflate byte by byte": [packed(BARE, "deflate")[: -len(BARE)], DRIP(BARE[:3], 0.003), BARE[3:]],
    "identity": [packed(BODY, "identity")],
}
#: Answers that must not pass for whole ones. Then the connection ends.
BROKEN: dict[str, list[Step]] = {
    "cut-off length": [sized(b"{}", 100)],
    "no last chunk": [CHUNKED + http_chunk(b"{}")],
    "cut-off chunk": [CHUNKED + b"5\r\n{}"],
    "reset": [CHUNKED + b"5\r\n{}", RESET],
    "chunk without its line end": [CHUNKED + b"2\r\n{}"],
    "no chunk size": [CHUNKED + b"2\r\n{}\r\n\r\n\r\n"],
    "chunk size that is no number": [CHUNKED + b"2\r\n{}\r\nxx\r\n\r\n"],
    "cut-off gzip": [packed(gzip.compress(BODY)[:-9])],
    "broken gzip": [packed(gzip.compress(BODY)[:20] + b"\xff" * 20)],
    "gzip that is none": [packed(b"plain")],
    "coding that was not asked for": [packed(b"\x0b\x02\x80{}\x03", "br")],
    "SSH": [b"SSH-2.0-OpenSSH_9.2\r\n\r\n"],
    "HTTP/9.9": [b"HTTP/9.9 200 OK\r\n\r\n"],
    "endless line": [b"HTTP/1.1 200 ", ENDLESS(b"O" * 10000)],
    "endless headers": [b"HTTP/1.1 200 OK\r\n", ENDLESS(b"X-Field: v\r\n" * 1000)],
}
#: Likewise; but here `http.client` guesses, and a caller's opener with it.
ODD: dict[str, list[Step]] = {
    "cut-off head": [b"HTTP/1.1 200 OK\r\nContent-Le"],
    "line that is no header": [sized(b"{}").replace(b"\r\n", b"\r\nno header\r\n", 1)],
    "interim answer alone": [head(100)],
    "another protocol": [head(101, {"Upgrade": "websocket"}) + b"\x81\x02hi"],
    "cut-off last chunk": [CHUNKED + IN_CHUNKS[:-2]],
    "negative chunk": [CHUNKED + b"-2\r\n{}\r\n" + LAST_CHUNK],
    "chunk with another line end": [CHUNKED + b"2\r\n{}xx" + LAST_CHUNK],
    "two lengths": [sized(b"{}", "2\r\nContent-Length: 3")],
    "negative length": [sized(b"{}", -1)],
    "length that is no number": [sized(b"{}", "2x")],
}
for _coding in ("gzip, chunked", "gzip", "chunked;q=1", "chunked, identity", "xchunked", "chunked, chunked"):
    ODD[f"in chunks as {_coding}"] = [CHUNKED.replace(b"chunked", _coding.encode()) + IN_CHUNKS]
    ODD[f"bare as {_coding}"] = [CHUNKED.replace(b"chunked", _coding.encode()) + BODY]
STREAMS: list[tuple[list[Step], Any]] = [
    (stream(chunk("a"), chunk("b"), DONE), ["a", "b"]),
    (stream(chunk("a")), ["a"]),
    (stream(chunk("a"), CLOSE), BREAKS),
    (stream(chunk("a"), RESET), BREAKS),
    ([sized(sse(chunk("a")), 1000, **{"Content-Type": "text/event-stream"}), CLOSE], BREAKS),
    ([head(200, {"Content-Type": "text/event-stream"}) + sse(chunk("a")), CLOSE], BREAKS),
]


class ConnectionsTest(CallTest):
    def check(self, answers: dict[str, list[Step]], expected: Any, ways: int) -> None:
        for way, call in [*self.ways().items()][:ways]:
            for name, steps in answers.items():
                with self.subTest(name, way=way):
                    self.gets(expected, steps if expected == "a" else [*steps, CLOSE], by=call)

    def test_whole_answers(self) -> None:
        self.check(WHOLE, "a", 3)
        spaces = CHUNKED.replace(b"chunked", b" chunked ") + IN_CHUNKS
        interim = head(100) + head(103, {"Link": "</a>; rel=preload"}) + head(102) + sized(BODY)
        self.check({"interim": [interim], "spaces": [spaces]}, "a", 2)
        self.gets("长" * (4 << 20), answer(completion("长" * (4 << 20))))

    def test_broken_answers(self) -> None:
        self.check(BROKEN, BREAKS, 3)
        self.check(ODD, BREAKS, 2)

    def test_errors_are_read_as_far_as_they_came(self) -> None:
        busy = answer(gzip.compress(_json(error_body("1302", "忙"))), 429, {"Content-Encoding": "gzip"})
        for call in self.ways().values():
            self.gets(("RateLimitError", "1302.*忙"), busy, by=call)
            self.gets(("APIServerFlowExceedError",), [head(503, {"Content-Length": "99"}) + b'{"e', CLOSE], by=call)

    def test_streams(self) -> None:
        for server in (self.server, self.serve_tls()):
            for way, call in self.ways(base_url=server.url).items():
                for steps, expected in STREAMS:
                    with self.subTest(steps, way=way, url=server.url):
                        server.raw(*steps)
                        self.gets(expected, by=call, stream=True)

    def test_endless_interim_answers_and_trailers_are_bounded(self) -> None:
        self.server.raw(ENDLESS(head(100) * 99))
        self.refuses(zhipuai_lite.APIConnectionError, "", ask, self.zhipu, timeout=0.3)
        self.server.raw(head(200, EVENT_STREAM) + b"0\r\n", ENDLESS(b"X-Trailer: v\r\n" * 99))
        self.refuses(zhipuai_lite.APIConnectionError, "", contents, ask(self.zhipu, stream=True))

    def test_decompression_bomb_is_refused(self) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        block = packer.compress(b"\0" * (16 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
        bomb = packed(block * 64 + packer.flush(), "deflate")  # a gigabyte
        for error, data in ((BREAKS, bomb), (("InternalServerError",), bomb.replace(b" 200 ", b" 500 ", 1))):
            self.assertLess(len(str(self.gets(error, [data]))), 10000)

    def test_all_clients_use_one_connection(self) -> None:
        for _ in range(200):
            ask(self.zhipu)
            ask(self.client(self.server))
        self.assertEqual((len(self.server.requests), self.server.connections), (400, 1))

    def test_connection_is_kept_when_the_answer_ends_where_its_head_says(self) -> None:
        chunks = {"Transfer-Encoding": "chunked"}
        kept: list[Any] = [answer(error_body("1"), status) for status in (400, 401, 429, 500)]
        kept += [WHOLE["chunks, extensions and trailers"], WHOLE["gzip of two members"]]
        kept += [[head(100) + head(103) + sized(BODY)], [head(204)]]
        dropped = [answer(completion(), 200, {"Connection": value}) for value in ("close", "Close", "a, close")]
        dropped += [WHOLE["HTTP/1.0 with a length"]]
        dropped += [[sized(IN_CHUNKS, 2, **chunks)]]  # somebody is trying something
        for status in (b"204", b"304"):  # these have no body; what is announced may come later
            dropped += [[sized(b"", 5).replace(b"200", status)], [CHUNKED.replace(b"200", status)]]
        smuggling = (head(204), sized(b"{}"), sized(http_chunk(b"{}") + LAST_CHUNK, 2, **chunks))
        either = [[beginning + sized(BODY)] for beginning in smuggling]
        for steps in (*kept, *dropped, *either):
            with self.subTest(steps):
                self.server.raw(*steps)
                with contextlib.suppress(zhipuai_lite.APIError):
                    ask(self.zhipu, timeout=5)
                self.gets()
                first, second = self.server.requests[-2:]
                self.assertIn(steps, (kept if first.connection == second.connection else dropped) + either)

    @unittest.skipUnless(sys.platform == "linux", "elsewhere a process may have 256 descriptors")
    def test_idle_connections_are_a_bounded_stack(self) -> None:
        go_on = threading.Event()
        self.server.default = lambda request: stream(chunk("a"), WAIT(go_on))
        streams = [ask(self.zhipu, stream=True) for _ in range(300)]
        go_on.set()
        self.assertEqual({str(contents(each)) for each in streams}, {"['a']"})
        self.server.until_idle(256)
        self.gets("a", [sized(BODY)])
        self.assertEqual(self.server.request.connection, 300)

    def test_idle_connection_that_is_of_no_use_is_replaced(self) -> None:
        for server in (self.server, self.serve_tls()):
            self.gets(by=self.client(server))
            server.drop_connections()
            self.gets(by=self.client(server))
            self.assertEqual((len(server.requests), server.connections), (2, 2))
        go_on, sent = threading.Event(), threading.Event()
        self.gets("a", [sized(BODY), WAIT(go_on), head(408, {"Content-Length": "0"}), SET(sent)])
        go_on.set()
        sent.wait(PATIENCE)
        self.gets()
        self.assertEqual(self.server.connections, 3)

    def test_request_lost_on_a_reused_connection_is_sent_once_more(self) -> None:
        for ending in (CLOSE, RESET):
            self.gets()
            self.gets("a", [ending], [sized(BODY)])
            first, second = self.server.requests[-2:]
            self.assertEqual((first.body, first.head), (second.body, second.head))
        for beginning in (b"H", b"HTTP/1.1 200 OK\r\nContent-Le", head(100)):  # not after a byte of the answer
            self.gets()
            self.gets(BREAKS, [beginning, CLOSE])
        self.gets()
        self.gets(TIMEOUT, [STALL], timeout=0.1)  # nor after a timeout
        self.gets()
        self.assertEqual(len(self.server.requests), 6 + 6 + 3)
        self.gets(BREAKS, [CLOSE], [CLOSE])  # nor twice
        self.gets(BREAKS, [CLOSE])  # nor on a fresh connection
        self.assertEqual(len(self.server.requests), 15 + 2 + 1)
        self.assertEqual(self.slept, [])

    @unittest.skipUnless(sys.platform == "linux", "elsewhere the reset may overtake the answer")
    def test_refusal_of_a_body_that_was_not_read_is_heard(self) -> None:
        big = [{"role": "user", "content": "x" * (32 << 20)}]
        for server, end in ((self.server, CLOSE), (self.serve_tls(), CLOSE), (self.serve_tls(), GOODBYE)):
            server.greeting = [*answer(error_body("1214", "太大"), 413), end]
            self.gets(("APIStatusError", "413.*太大"), by=self.client(server), messages=big)

    def test_connection_that_cannot_be_made_names_the_address(self) -> None:
        port = refused_port()
        for call in self.ways(base_url=f"http://127.0.0.1:{port}/").values():
            self.gets(("APIConnectionError", f"Connection error.*127.0.0.1:{port}"), by=call)
        with mock.patch("socket.getaddrinfo", side_effect=socket.gaierror(-2, "Name or service not known")):
            self.gets(("APIConnectionError", "localhost"), by=self.client(base_url="http://localhost:1/"))

    def test_ipv6_is_spoken(self) -> None:
        try:
            self.server = self.serve(host="::1")
        except OSError:
            self.skipTest("no IPv6 loopback")
        self.gets(by=self.client(self.server))
        self.assertEqual(self.server.request.headers["host"], f"[::1]:{self.server.port}")

    def test_threads_share_a_client_without_mixing_answers(self) -> None:
        self.server.default = lambda request: answer(completion(request.json["messages"][0]["content"]))

        def work(text: str) -> None:
            for is_stream in (True, False) * 5:
                messages = [{"role": "user", "content": text}]
                self.gets([text] if is_stream else text, messages=messages, stream=is_stream)

        with ThreadPoolExecutor(32) as pool:
            list(pool.map(work, map(str, range(32))))
        self.assertEqual(len(self.server.requests), 320)
        self.assertLessEqual(self.server.connections, 32)

    def test_stream_closed_by_another_thread_is_left_to_its_reader(self) -> None:
        closing: list[threading.Thread] = []
        close = socket.socket.close

        def closed(sock: socket.socket) -> None:  # a descriptor that is closed under its reader may be another's next
            closing.append(threading.current_thread())
            close(sock)

        modules = zhipuai_lite.__file__, socket.__file__, ssl.__file__
        for server in (self.server, self.serve_tls()):
            server.stream(chunk("a"), STALL)
            stream = ask(self.client(server), stream=True)
            rest: list[Any] = []
            next(stream)
            reader: Any = threading.Thread(target=rest.extend, args=(stream,))
            reader.start()
            until(lambda: sys._current_frames()[reader.ident].f_code.co_filename in modules, "it waits")  # noqa: B023
            with mock.patch.object(socket.socket, "close", closed):
                stream.close()
                reader.join(PATIENCE)
            self.assertEqual((reader.is_alive(), rest), (False, []))
            self.assertIn(reader, closing)
            self.assertNotIn(threading.current_thread(), closing)
            server.until_idle()

    def test_closed_client_leaves_nothing_open(self) -> None:
        ask(self.zhipu)
        self.server.stream(chunk("a"), chunk("b"))
        stream = ask(self.zhipu, stream=True)
        next(stream)
        ask(self.zhipu)
        self.zhipu.close()
        self.server.until_idle(1)
        self.assertEqual(contents(stream), ["b"])  # what is being read is read to its end
        self.server.until_idle()

    @unittest.skipUnless(os.path.isdir("/proc/self/fd"), "needs /proc")
    def test_descriptors_stay_few(self) -> None:
        def mixed() -> None:
            self.gets("a", [sized(BODY)])
            self.gets(("InternalServerError",), answer(error_body("1"), 500))
            self.gets(BREAKS, [sized(b"", 9), CLOSE])
            self.server.stream(chunk("a"), chunk("b"))
            next(ask(self.zhipu, stream=True))

        mixed()
        self.server.until_idle()
        before = opened_descriptors()
        for _ in range(100):
            mixed()
        self.server.until_idle()
        self.assertLessEqual(opened_descriptors(), before)

    def test_connection_that_idled_for_long_is_not_trusted(self) -> None:
        clock = self.at(1700000000.0)
        self.gets()
        clock.return_value += 86400
        self.gets()
        self.assertEqual(self.server.connections, 2)
        self.server.until_idle(1)

    def run_quietly(self, script: str) -> None:
        """Runs a script that talks to the server: it must succeed, and print nothing."""
        os.environ.update(ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=self.server.url, PYTHONPATH=os.path.dirname(MODULE))
        ended = self.run_python("-c", "if True:" + script)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr.decode()), (0, b"", ""))

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_parent_and_child_share_no_socket_and_no_lock(self) -> None:
        self.run_quietly("""
            import os, signal, sys, threading, warnings
            locks, make = [], threading.Lock
            def lock():
                made = make()
                if sys._getframe(1).f_globals["__name__"] == "zhipuai_lite":
                    locks.append(made)
                return made
            threading.Lock = lock
            import zhipuai_lite
            warnings.simplefilter("ignore")
            client = zhipuai_lite.ZhipuAI()
            client.get("/parent")
            assert [each.acquire() for each in locks]  # as another thread may hold them
            child = os.fork()
            if child:
                [each.release() for each in locks]
            else:
                signal.alarm(10)
            for _ in range(2):
                client.get("/parent" if child else "/child")
            if not child:
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
            client.get("/parent")
            """)
        found = [(request.path[-6:], request.connection) for request in self.server.requests]
        self.assertEqual((len(found), len(set(found)), self.server.connections), (6, 2, 2))

    def test_interpreter_ends_quietly_with_all_things_open(self) -> None:
        self.server.answer(completion())
        self.server.stream(chunk("a"), STALL)
        self.run_quietly("""
            import zhipuai_lite
            client = zhipuai_lite.ZhipuAI()
            client.get("/x")
            stream = client.chat.completions.create(model="m", messages=[], stream=True)
            next(stream)
            """)
        self.server.until_idle()


class TimeoutsTest(CallTest):
    def test_each_wait_is_bounded(self) -> None:
        body, port = _json(completion("x" * 1000)), self.server.port
        big = [{"role": "user", "content": "x" * (32 << 20)}]
        cases: list[tuple[str, list[Step], dict[str, Any], int]] = [
            ("answer", [STALL], {}, 3),
            ("", stream(STALL), {"stream": True}, 3),
            ("", stream(chunk("a"), STALL), {"stream": True}, 3),
            ("", [sized(b"", len(body)), DRIP(body, 0.02)], {}, 3),
            ("", [DRIP(sized(b"{}", **{"X-Long": "x" * 1000}), 0.02)], {}, 2),
            ("send", [IGNORE], {"messages": big}, 2),
        ]
        calls = self.ways(timeout=0.1)
        for word, steps, arguments, ways in cases:
            self.server.greeting = steps if word == "send" else []
            self.server.default = lambda request, steps=steps: steps  # type: ignore[misc]
            for way in [*calls][:ways]:
                with self.subTest(steps, way=way):
                    text = f"timed out.*{word}.*127.0.0.1:{port}.*0.1 s" if way != "http_client" else "timed out"
                    self.gets(("APITimeoutError", text), by=calls[way], **arguments)

    def test_connecting_and_tls_are_bounded(self) -> None:
        self.server.greeting = [STALL]
        with unanswering_port() as port:
            for word, scheme, address in (("connect", "http", port), ("TLS", "https", self.server.port)):
                calls = self.ways(base_url=f"{scheme}://127.0.0.1:{address}/", timeout=(0.1, 0.1))
                for way in ("own", "asyncio"):
                    self.gets(("APITimeoutError", f"timed out.*{word}.*127.0.0.1:{address}.*0.1 s"), by=calls[way])

    def test_every_form_of_timeout(self) -> None:
        httpx, other = types.SimpleNamespace(connect=8.0, read=0.1), types.SimpleNamespace(connect=None, read=0.1)
        self.server.default = lambda request: [STALL]
        client = self.client(self.server)
        for timeout in (0.1, (8, 0.1), (None, 0.1), (8, 0.1, 5, 5), httpx, other):
            with self.subTest(timeout=timeout):
                client.timeout = timeout
                self.gets(TIMEOUT, by=client)
                self.gets(TIMEOUT, by=self.client(self.server, timeout=timeout), timeout=NOT_GIVEN)
                self.gets(TIMEOUT, timeout=timeout)

    def test_wrong_timeouts_are_refused(self) -> None:
        for timeout in (-1, 0, float("nan"), "5", (1,), (1, 2, 3), (1, "2"), [1, 2], True, b"1"):
            with self.subTest(timeout=timeout):
                self.refuses((TypeError, ValueError), "timeout", self.client, self.server, timeout=timeout)
                self.refuses((TypeError, ValueError), "timeout", ask, self.zhipu, timeout=timeout)
        self.assertEqual(self.server.requests, [])

    def test_error_that_drips_is_given_up(self) -> None:
        steps: list[Step] = [head(500, {"Content-Length": "1000"}), DRIP(b"x" * 1000, 0.02)]
        self.gets(("InternalServerError",), steps, timeout=0.2)

    def test_last_wait_for_an_answer_has_only_what_is_left_of_the_whole_limit(self) -> None:
        self.server.default = lambda request: [sized(b"", 9), PAUSE(1.2), b"{", STALL]
        calls = self.ways(timeout=1.5)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda way: self.gets(TIMEOUT, by=calls[way], within=2.4), ("own", "asyncio")))

    def test_keep_alive_comments_keep_a_stream_alive(self) -> None:
        self.gets(["a"], stream(*[": keep-alive\n\n", PAUSE(0.1)] * 8, chunk("a")), stream=True, timeout=0.5)

    def test_limit_of_one_call_does_not_stay_with_the_connection(self) -> None:
        self.gets(timeout=0.3)
        self.gets(["a"], stream(chunk("a")), stream=True, timeout=0.3)
        self.gets("a", [PAUSE(0.4), sized(BODY)], timeout=None)
        self.gets(by=self.client(self.server, timeout=None))
        self.gets(by=ZhipuAI(api_key=KEY, base_url=self.server.url))
        self.assertEqual(self.server.connections, 1)


class TLSTest(CallTest):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve_tls()
        self.zhipu = self.client(self.server)

    def refused(self, server: Server, hint: str, **options: Any) -> None:
        """The client tries this server once, sends nothing, and its error gives this hint."""
        before = len(server.requests)
        error = self.gets(("APIConnectionError", hint), by=self.client(server, max_retries=2, **options))
        self.assertEqual((len(server.requests), self.slept), (before, []))  # the certificate will be the same
        self.assertIsInstance(error.__cause__, ssl.SSLError)

    def test_certificates_that_are_refused(self) -> None:
        self.refused(self.serve_tls(EXPIRED_PEM), "clock")
        self.refused(self.serve_tls(OTHER_HOST_PEM), "host")
        error = ssl.SSLCertVerificationError(1, "certificate verify failed")
        for code, hint in ((89, "VERIFY_X509_STRICT"), (20, "SSL_CERT_FILE"), (10, "clock"), (62, "another host")):
            error.verify_code = code
            with mock.patch.object(ssl.SSLSocket, "do_handshake", side_effect=error):
                self.refused(self.server, hint)

    def test_authorities_are_those_of_the_context_or_the_environment(self) -> None:
        bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # what Python gives when no descriptor is free
        with mock.patch("ssl.create_default_context", return_value=bare):
            self.refused(self.server, "")
        self.gets()  # that context was not kept
        other, file = self.file("other.pem", OTHER_HOST_PEM), os.environ.pop("SSL_CERT_FILE")
        folder = os.path.dirname(self.file("358275dd.0", CA_PEM))  # the subject's hash, for OpenSSL
        context = ssl.create_default_context(cadata=CA_PEM)
        for environment, options in (
            ({"SSL_CERT_DIR": folder}, {}),
            ({"SSL_CERT_FILE": file}, {}),
            ({}, {"ssl_context": context}),
        ):
            with mock.patch.dict(os.environ, environment):
                self.gets(by=self.client(self.server, **options))
            with mock.patch.dict(os.environ, SSL_CERT_FILE=other):
                self.refused(self.server, "SSL_CERT_FILE")  # and takes no connection of another context
        os.environ["SSL_CERT_FILE"] = "/nowhere/ca.pem"
        self.refuses(zhipuai_lite.ZhipuAIError, "", ask, self.client(self.server))
        self.refuses(TypeError, "ssl_context", ZhipuAI, api_key=KEY, ssl_context="ca.pem")

    def test_answer_of_unknown_length_needs_the_goodbye_of_tls(self) -> None:
        for end in (GOODBYE, CLOSE):
            self.server.raw(head(200, {"Content-Type": "application/octet-stream"}) + b"part", end)
            content = self.zhipu.files.content("f")
            with contextlib.nullcontext() if end is GOODBYE else self.assertRaises(zhipuai_lite.APIConnectionError):
                self.assertEqual(content.read(), b"part")

    def test_old_tls_and_no_tls_are_refused(self) -> None:
        context = server_context()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
        plain = self.serve()
        plain.greeting = [b"HTTP/1.1 400 Bad Request\r\n\r\n", CLOSE]
        for port in (self.serve(tls=context).port, plain.port):
            self.gets(("APIConnectionError", "speaks TLS"), by=self.client(base_url=f"https://127.0.0.1:{port}/"))


class ProxyTest(CallTest):
    def setUp(self) -> None:
        super().setUp()
        self.tls = self.serve_tls()

    def via(self, proxy: str, scheme: str = "https", base_url: str = "", **options: Any) -> ZhipuAI:
        """A client of a distant host that uses this proxy."""
        os.environ[f"{scheme}_PROXY".upper()] = proxy
        return self.client(base_url=base_url or scheme + "://platform.test/v4", **options)

    def test_http_proxy_gets_the_absolute_form(self) -> None:
        proxy = self.proxy(self.server)
        forms = ("http://{}", "{}", "http://{}/", "  {}\n")  # without a scheme, as curl takes it
        for name, form in [("http_proxy", "http://{}"), ("ALL_PROXY", "{}"), *(("HTTP_PROXY", form) for form in forms)]:
            with mock.patch.dict(os.environ, {name: form.format(proxy.address)}), self.subTest(name, form=form):
                self.gets(by=self.client(base_url="http://platform.test/v4"))
                self.assertEqual(proxy.requests.pop().target, "http://platform.test/v4/chat/completions")
                self.assertEqual(self.server.request.headers["host"], "platform.test")

    def test_https_goes_through_a_tunnel(self) -> None:
        proxy = self.proxy(self.tls)
        for base_url, target in (("https://platform.test/v4", "platform.test:443"), ("https://[::1]:1/", "[::1]:1")):
            client = self.via(proxy.address, base_url=base_url)
            self.gets(by=client)
            self.gets(by=client)
            request = proxy.request
            self.assertEqual((request.method, request.target, request.headers["host"]), ("CONNECT", target, target))
            self.assertNotIn("authorization", request.headers)
        self.assertEqual((len(self.tls.requests), self.tls.connections, len(proxy.requests)), (4, 2, 2))

    def test_no_proxy_is_honoured(self) -> None:
        os.environ["HTTP_PROXY"] = f"http://127.0.0.1:{refused_port()}"
        for value in ("127.0.0.1", "*", "example.com, 127.0.0.1", f"127.0.0.1:{self.server.port}"):
            with self.subTest(value), mock.patch.dict(os.environ, NO_PROXY=value):
                self.gets(by=self.client(self.server))

    def test_credentials_reach_only_their_proxy(self) -> None:
        pairs = {"user%40corp:p%3Ass%20w%25rd": "user@corp:p:ss w%rd", "user:": "user:", "user": "user:"}
        for user, credentials in pairs.items():
            for scheme, server in (("http", self.server), ("https", self.tls)):
                with self.subTest(user, scheme=scheme):
                    proxy = self.proxy(server, credentials)
                    self.gets(by=self.via(f"http://{user}@{proxy.address}", scheme))
                    self.assertIn("proxy-authorization", proxy.request.headers)
        self.assertNotIn("proxy-authorization", self.tls.request.headers)

    def test_proxy_that_fails_is_named_without_its_password(self) -> None:
        refusing, nowhere = self.proxy(self.tls, "user:right").address, f"127.0.0.1:{refused_port()}"
        for scheme, address, text in (
            ("https", refusing, f"{refusing}.*407.*password"),
            ("https", nowhere, f"proxy.*{nowhere}"),
            ("http", nowhere, f"proxy.*{nowhere}"),
        ):
            with self.subTest(text):
                client = self.via(f"http://user:wr0ng@{address}", scheme, max_retries=2)
                self.assert_hidden(self.gets(("APIConnectionError", text), by=client), "wr0ng", "dXNlcjp3cjBuZ")
        self.assertEqual(len(self.slept), 4)  # not after 407, which would come again

    def test_tunnel_that_is_not_made_raises(self) -> None:
        proxy = self.serve()
        client = self.via(proxy.origin)
        for steps in ([CLOSE], [b"HTTP/1.1 200", CLOSE], [b"SSH-2.0-x\r\n", CLOSE], [head(502), CLOSE], [head(302)]):
            with self.subTest(steps):
                proxy.raw(*steps)
                self.gets(BREAKS, by=client)
        for slow in (STALL, DRIP(head(200, {"X-Long": "x" * 1000}), 0.02)):
            proxy.raw(slow)
            self.gets(TIMEOUT, by=client, timeout=0.2)

    def test_unusable_addresses_are_refused_without_quoting_them(self) -> None:
        encode = [f"{prefix}u:pa{mark}ss@proxy.test:80" for mark in "#?/" for prefix in ("http://", "")]
        encode += [f"http://u:pa55@proxy.test:80{end}" for end in ("/path", "/?q", "#f", "//")]
        wrong = ["socks5://u:pa55@x:1", "ftp://u:pa55@x", "http://u:pa55@[::1", "http://u:pa55@x:99999"]
        for value in ("http://pa#ss@proxy.test", *encode, *wrong, os.fsdecode("http://pa55@代理.test".encode())):
            for scheme in ("http", "https"):
                with self.subTest(value, scheme=scheme):
                    text = "" if value in wrong else "percent-encode"
                    error = self.gets(("ConfigurationError", text), by=self.via(value, scheme))
                    self.assert_hidden(error, "pa#", "pa?", "pa/", "pa55", "ss@", "proxy.test")


class HttpClientTest(CallTest):
    """`http_client`: an opener of the caller's own. What it makes of answers is in the tables above."""

    def setUp(self) -> None:
        super().setUp()
        self.zhipu = self.client(self.server, http_client=urllib.request.build_opener(), max_retries=2)

    def test_opener_carries_the_request(self) -> None:
        marker: Any = urllib.request.BaseHandler()
        marker.http_request = lambda request: request.add_header("X-Marker", "yes") or request
        self.gets(by=self.client(self.server, http_client=urllib.request.build_opener(marker)))
        self.assertEqual(self.server.request.headers["x-marker"], "yes")
        self.assertEqual(self.server.request.headers["content-type"].partition(";")[0], "application/json")
        self.assertTrue(signature_is_valid(self.server.request.token, SECRET.encode()))

    def test_failures_are_retried(self) -> None:
        self.gets("a", answer(error_body("1302"), 429), [CLOSE], [sized(BODY)])
        self.assertEqual(len(self.slept), 2)

    def test_first_chunk_is_handed_out_at_once(self) -> None:
        go_on = threading.Event()
        self.server.stream(chunk("a"), WAIT(go_on), chunk("b"))
        stream = ask(self.zhipu, stream=True)
        next(stream)
        go_on.set()
        self.assertEqual(contents(stream), ["b"])

    def test_redirect_of_the_opener_does_not_carry_secrets(self) -> None:
        other = self.serve()
        other.default = lambda request: answer({})
        for own in ({}, {"Authorization": "Bearer mine", "Cookie": "mine"}):
            self.server.answer(None, 302, {"Location": other.origin + "/elsewhere"})
            self.zhipu.get("/x", extra_headers={**own, "X-Plain": "1"})
            self.assertIn(own.get("Authorization", "Bearer ey"), self.server.request.headers["authorization"])
            self.assertEqual({"authorization", "cookie", "x-plain"} & set(other.request.headers), {"x-plain"})

    def test_what_is_no_working_opener_is_an_error(self) -> None:
        self.gets(BREAKS, by=self.client(self.server, http_client=urllib.request.OpenerDirector()))
        for wrong in (object(), "http://proxy", 1):
            self.refuses(TypeError, "http_client.*OpenerDirector", ZhipuAI, api_key=KEY, http_client=wrong)


class AttackSurfaceTest(CallTest):
    def test_redirects_are_never_followed(self) -> None:
        other = self.serve()
        for status in (301, 302, 303, 307, 308):
            self.gets(("APIStatusError", str(status)), answer(None, status, {"Location": other.origin + "/"}))
        self.assertEqual(other.connections, 0)

    def test_line_breaks_and_nul_in_headers_are_refused(self) -> None:
        for value in ("a\r\nX-Evil: 1", "a\nb", "a\rb", "a\x00b"):
            for fields in ({"X-Test": value}, {value: "x"}):
                with self.subTest(fields=fields):
                    self.refuses(ValueError, "custom_headers", self.client, self.server, custom_headers=fields)
                    self.refuses(ValueError, "extra_headers", ask, self.zhipu, extra_headers=fields)
            self.refuses(ValueError, "", self.client, self.server, source_channel=value)
        self.assertEqual(self.server.requests, [])

    def test_headers_that_frame_the_request_cannot_be_forged(self) -> None:
        for name in ("Content-Length", "Transfer-Encoding", "Host"):
            with contextlib.suppress(ValueError):
                ask(self.zhipu, extra_headers={name: "1"})
        self.gets()
        for request in self.server.requests:
            self.assertEqual(request.json["model"], "glm-4-flash")

    def test_base_url_is_http_or_https_of_a_host(self) -> None:
        urls = "file:///etc/passwd ftp://x/ data:,x gopher://x javascript:1 x http:// //x/ http://h:99999/ http://h:p/"
        for url in [*urls.split(), " ", "http://a b/", "http://h\r\nx/", "http://h\x00/", "http://h/?q=1#f"]:
            with self.subTest(url):
                self.refuses(zhipuai_lite.ZhipuAIError, "base_url", self.client, base_url=url)
        error = self.refuses(zhipuai_lite.ZhipuAIError, "", self.client, base_url="http://user:pass-w0rd@host/")
        self.assertNotIn("pass-w0rd", str(error))

    def test_plain_http_warns_once_of_each_distant_host(self) -> None:
        os.environ.update(HTTP_PROXY=self.proxy(self.server).address, NO_PROXY="127.0.0.1,localhost")
        hosts = (f"distant-{id(self)}.test", f"localhost:{self.server.port}", f"127.0.0.1:{self.server.port}")
        with self.logs("WARNING") as logs:
            for host in hosts * 2:
                client = self.client(base_url=f"http://{host}/")
                ask(client)
                ask(client)
        self.assertEqual(len(logs.records), 1)
        self.assertIn("http://" + hosts[0], logs.records[0].getMessage())


# ======================================================================================================================
# The client core
# ======================================================================================================================


ODD_DATES = """yesterday
Wed, 3 Apr 2002 12.34.56.78+0800
Fri, 31 Dec 9999 23:59:59 GMT
Fri, 01 Jan 99999 00:00:00 GMT
Fri, 99 Foo 99999 99:99:99""".split("\n")


class RetriesTest(CallTest):
    retries = 2

    def tries(self, *scripted: Any) -> int:
        """How many requests a call that is answered so makes."""
        before = len(self.server.requests)
        self.slept.clear()
        self.server.default = lambda request: answer(*scripted)
        self.refuses(zhipuai_lite.APIError, "", ask, self.zhipu)
        self.assertEqual(len(self.slept), len(self.server.requests) - before - 1)
        return len(self.server.requests) - before

    def test_what_may_pass_is_retried_and_what_stays_is_not(self) -> None:
        stay = "1113 1304 1308 1309 1310 1311 1313 1314 1315 1316 1317 1318 1319 1320 1321"
        for statuses, codes, tries in (
            ("408 409 429 500 502 503 504 529", "", 3),
            ("300 302 400 401 403 404 405 413 422 434 435", "", 1),
            ("429", "1302 1303 1305 1312", 3),
            ("500", "1200 1230 1234", 3),
            ("429", stay, 1),
            ("400", "1210 1211 1233 1261 1301", 1),
            ("401", "1000", 1),
            ("403", "1220", 1),
        ):
            for status in map(int, statuses.split()):
                bodies: list[Any] = [
                    error_body(number(code)) for code in codes.split() for number in (str, int) if code.isdigit()
                ]
                for body in bodies or ["text"]:
                    self.assertEqual(self.tries(body, status), tries, (status, body))
        self.assertEqual(self.tries(error_body("insufficient_quota"), 429), 1)
        self.assertEqual(self.tries(error_body("1302"), 429, {"x-should-retry": "false"}), 1)
        self.assertEqual(self.tries(error_body("1210"), 400, {"x-should-retry": "true"}), 3)

    def test_same_bytes_are_sent_until_an_answer_comes(self) -> None:
        with self.logs("DEBUG") as logs:
            self.gets("a", *[answer(error_body("1302"), 429)] * 2, [sized(BODY)], temperature=0.5)
        self.assertEqual(len({request.head + request.body for request in self.server.requests}), 1)
        text, levels = "\n".join(logs.output), sorted(record.levelname for record in logs.records)
        self.assertEqual(levels, ["DEBUG"] * 3 + ["INFO"] * 2)
        for word in ("POST", self.server.url + "chat/completions", "429", "200", "ms", "attempt 3"):
            self.assertIn(word, text)

    def test_what_breaks_is_retried(self) -> None:
        for ending in (CLOSE, RESET):
            self.server = self.serve()  # on a reused connection the first would be no error yet
            client = self.client(self.server, max_retries=2)
            self.gets("a", [ending], [sized(b"{", 9), ending], [sized(BODY)], by=client)
        for number in (errno.ECONNREFUSED, errno.ECONNABORTED):
            with mock.patch.object(socket.socket, "connect", side_effect=OSError(number, "")) as connect:
                self.gets(BREAKS, by=self.client(self.serve(), max_retries=2))
            self.assertEqual(connect.call_count, 3)
        self.assertEqual(len(self.slept), 8)
        self.slept.clear()
        self.gets("a", [STALL], [sized(BODY)], by=self.client(self.server, max_retries=9), timeout=0.2)
        self.assertGreaterEqual(len(self.slept), 1)

    def test_stream_is_retried_until_its_head_came(self) -> None:
        self.gets(["a"], answer(error_body("1302"), 429), [CLOSE], stream(chunk("a")), stream=True)
        self.gets(BREAKS, stream(chunk("a"), CLOSE), stream=True)
        self.assertEqual(len(self.server.requests), 4)

    def test_number_of_retries_and_their_waits(self) -> None:
        self.zhipu = self.client(self.server, max_retries=0)
        self.assertEqual(self.tries(error_body("1302"), 429), 1)
        self.assertEqual(ZhipuAI(api_key=KEY).max_retries, 3)
        self.assertEqual(ZhipuAI(api_key=KEY, max_retries=None).max_retries, 3)
        for wrong in (-1, 1.5, "3", True):
            self.refuses((TypeError, ValueError), "max_retries", ZhipuAI, api_key=KEY, max_retries=wrong)
        self.zhipu = self.client(self.server, max_retries=8)
        self.assertEqual(self.tries(error_body("1302"), 429), 9)
        for index, seconds in enumerate(self.slept):
            self.assertTrue(0 < seconds <= min(2 ** (index + 1), 8), self.slept)
        self.assertGreater(self.slept[-1], 4)
        self.assertGreater(len(set(self.slept[-4:])), 1)

    def test_retry_after_is_obeyed_within_bounds(self) -> None:
        self.at(1700000000.0)
        date = email.utils.formatdate(1700000009, usegmt=True)
        for value, status, seconds in (("7", 429, 7.0), ("0.5", 503, 0.5), (date, 429, 9.0)):
            self.tries("busy", status, {"Retry-After": value})
            self.assertEqual(self.slept, [seconds] * 2)
        odd = ["86400", "1e9", "inf", "nan", "-5", "soon", "", "9" * 400, email.utils.formatdate(0, usegmt=True)]
        for value in [*odd, *ODD_DATES]:
            with self.subTest(value):
                self.assertEqual(self.tries("busy", 429, {"Retry-After": value}), 3)
                self.assertTrue(all(0 <= seconds <= 60 for seconds in self.slept), self.slept)

    # --- the clock of the server

    def expired(self, date: Any, code: str = "1003") -> list[Step]:
        """401, with the platform's code of an expired token, from a server whose clock shows this."""
        date = email.utils.formatdate(date, usegmt=True) if isinstance(date, int) else date
        return answer(error_body(code, "token expired"), 401, {"Date": date} if date else {})

    def test_wrong_clock_is_put_right_by_the_server(self) -> None:
        clock = self.at(1700000000.0)
        self.gets("a", self.expired(1700090000), [sized(BODY)], by=self.client(self.server))
        self.assertEqual(claims(self.server.request.token)["timestamp"], 1700090000000)
        self.assertEqual(self.slept, [])
        clock.return_value += 3600  # the offset is remembered
        self.gets(by=self.client(self.server))
        self.assertEqual(claims(self.server.request.token)["timestamp"], 1700093600000)
        again = [self.expired(seconds) for seconds in (1700190000, 1700990000)]
        self.gets(("AuthenticationError",), *again)  # once a call
        self.assertEqual(len(self.server.requests), 5)

    def test_other_refusals_are_left_alone(self) -> None:
        self.at(1700000000.0)
        cases: list[Any] = [(date, "1003", KEY) for date in (1699999950, 1700000050, None, *ODD_DATES)]
        for date, code, key in [*cases, (1800000000, "1000", KEY), (1800000000, "1003", "sk-raw")]:
            with self.subTest(date=date, code=code, key=key):
                client = self.client(self.server, api_key=key, max_retries=2)
                self.gets(("AuthenticationError",), self.expired(date, code), by=client)
        self.assertEqual(len(self.server.requests), 10)

    def test_retried_request_has_a_fresh_token(self) -> None:
        clock = self.at(1700000000.0)
        answers: list[list[Step]] = [answer(error_body("1302"), 429), [sized(BODY)]]
        with mock.patch("zhipuai_lite._sleep", lambda seconds: clock.configure_mock(return_value=1700003600.0)):
            self.gets("a", *answers)
        first, second = (claims(request.token)["timestamp"] for request in self.server.requests)
        self.assertEqual(second - first, 3600000)


class SecretsTest(CallTest):
    def test_client_and_log_do_not_show_the_key(self) -> None:
        client: Any = self.client(self.server, custom_headers={"Cookie": "hidden-cookie"}, max_retries=2)
        with self.logs("DEBUG") as logs:
            self.gets("a", answer(error_body("1302"), 429), [b"HTTP/1.1", CLOSE], [sized(BODY)], by=client)
        shown = [repr(client), str(client), repr(vars(client)), repr(client.chat), repr(vars(client.chat))]
        shown += [repr(client._default_headers), repr(client.auth_headers)]  # names of the official SDK
        shown += [str(vars(record)) for record in logs.records]
        for secret in (SECRET, self.server.request.token, "hidden-cookie"):
            self.assertNotIn(secret, "\n".join(shown))

    def test_errors_do_not_show_key_and_token(self) -> None:
        answers: dict[str, Callable[[str], list[Step]]] = {
            "status": lambda said: answer(error_body("1000", said), 401),
            "text": lambda said: answer(said, 400),
            "envelope": lambda said: answer(error_body("1000", said)),
            "HTML": lambda said: answer("<html>" + said),
            "stream": lambda said: stream(chunk("a"), error_body("1000", said)),
            "event": lambda said: stream(f"data: {said}\n\n"),
            "task": lambda said: answer({"id": "1", "task_status": "FAIL", "message": said}),
            "task with errors": lambda said: answer({"status": "failed", "errors": {"data": [{"message": said}]}}),
        }
        task = zhipuai_lite.AsyncTaskStatus(id="1", task_status="PROCESSING")
        for name, make in answers.items():
            self.server.default = lambda request, make=make: make(f"bad {request.token} of {KEY}")  # type: ignore[misc]
            with self.subTest(name), self.assertRaisesRegex(zhipuai_lite.APIError, "bad ") as caught:
                self.zhipu.wait(task) if "task" in name else list(ask(self.zhipu, stream=name in ("stream", "event")))
            self.assert_hidden(caught.exception, SECRET, self.server.request.token)
        self.assert_hidden(self.gets(BREAKS, [sized(b"{}", 99), CLOSE]), SECRET, self.server.request.token)

    def test_secret_headers_of_the_caller_are_hidden(self) -> None:
        self.server.default = lambda request: answer(error_body("1", request.headers["x-api-key"]), 400)
        secrets = {"Authorization": "Bearer hidden-1", "Cookie": "hidden-2", "X-Api-Key": "hidden-3"}
        self.assert_hidden(self.gets(("BadRequestError",), extra_headers=secrets), "hidden", SECRET)
        self.assertEqual(self.server.request.headers["authorization"], "Bearer hidden-1")


class AnswersTest(CallTest):
    """What a call makes of the bodies that gateways and broken servers answer."""

    def test_what_is_no_json_object_raises(self) -> None:
        texts = (b'{"id": "2026", "choices": [', b"", b'{"id": "\xff\xfe"}', b"1", b'"text"', b"true", b"1.5e3")
        answers = [answer("<html>请登录" + "x" * 100000), *(answer(text, 200, JSON_TYPE) for text in texts)]
        for steps, shown in zip(answers, ("<html>请登录", '{"id": "20', *[""] * 6)):
            with self.subTest(steps):
                error = self.gets(("APIResponseValidationError", re.escape(shown)), steps)
                self.assertLess(len(str(error)), 5000)
                self.assertEqual((error.status_code, error.response.status_code), (200, 200))

    def survives(self, steps: list[Step], client: ZhipuAI, is_stream: bool) -> None:
        """The call returns, or raises an error of ours."""
        self.server.raw(*steps)
        with self.subTest(steps), contextlib.suppress(zhipuai_lite.ZhipuAIError):
            result = ask(client, stream=is_stream)
            if isinstance(result, zhipuai_lite.Stream):
                list(result)
                result.get_final_completion()
            repr(result)

    def test_random_bytes(self) -> None:
        pieces = (
            b"HTTP/1.1 |200 OK\r\n|429 X\r\n|Content-Length: 5\r\n|Transfer-Encoding: chunked\r\n|\r\n|{|}|\xff|:|\0|"
            b"Content-Type: text/event-stream\r\n|data: {}\n\n|5\r\nabcde\r\n|0\r\n\r\n|Content-Encoding: gzip\r\n|"
            b"Retry-After: x\r\n|HTTP/1.1 100 C\r\n\r\n"
        ).split(b"|")
        for opener in (None, urllib.request.build_opener()):
            client = self.client(self.server, timeout=2, http_client=opener)
            for seed in range(150):
                random_ = random.Random(seed)
                body = b"".join(random_.choice(pieces) for _ in range(random_.randrange(12)))
                self.survives([b"HTTP/1.1 200 OK\r\n" * (seed % 2) + body, CLOSE], client, bool(seed % 3))

    def test_random_json(self) -> None:
        for seed in range(400):
            random_ = random.Random(seed)
            values = [random_json(random_) for _ in range(3)]
            names = ("", "", "event: error\n", "event: response.failed\n")
            for status, is_stream in ((200, False), (200, True), (400, False)):
                self.survives(answer(values[0], status), self.zhipu, is_stream)
            events = [random_.choice(names) + sse(value).decode() for value in values]
            self.survives(stream(*events, DONE), self.zhipu, True)


def random_json(random_: random.Random, depth: int = 0) -> Any:
    """Some JSON value that is made of the platform's words, and of the wrong types mostly."""
    names = "error code message msg type status success choices delta index tool_calls content usage id request_id "
    names += "agent_id last_error response data object function arguments name finish_reason role audio mcp"
    kind = random_.randrange(9 if depth < 5 else 6) if depth else 8
    if kind < 6:
        values: list[Any] = [
            None,
            True,
            0,
            1.5,
            "text",
            "failed",
            "1302",
            "error",
            -1,
            10**30,
            "",
            [],
            {},
            200,
            500,
            False,
        ]
        return random_.choice(values)
    if kind == 6:
        return [random_json(random_, depth + 1) for _ in range(random_.randrange(3))]
    return {random_.choice(names.split()): random_json(random_, depth + 1) for _ in range(random_.randrange(6))}


# ======================================================================================================================
# Endpoints: chat
# ======================================================================================================================


class EndpointsTest(TestCase):
    """What tests of endpoints have: `zhipu`, a client of `server`, and two ways to say what a call must not do."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.server.default = lambda request: answer({"id": "1"})
        self.reply, self.requests = self.server.answer, self.server.requests
        self.zhipu: Any = self.client(self.server)

    @property
    def last(self) -> Request:
        return self.server.request

    def fails(self, expected: str, function: Any, *args: Any, **more: Any) -> Any:
        """The error of a call; `expected` is a pattern: the name of a class that it is of, and its text."""
        with self.assertRaises(Exception) as caught:
            function(*args, **more)
        kinds = " ".join(kind.__name__ for kind in type(caught.exception).__mro__)
        self.assertRegex(f"{kinds}: {caught.exception}", r"(?s)\b" + expected)
        return caught.exception

    def refused(self, argument: str, function: Any, *args: Any, **more: Any) -> None:
        """The call is a TypeError or ValueError that names an argument, and nothing is sent."""
        sent = len(self.requests)
        error = self.fails(rf".*(?<!\w){argument}(?!\w)", function, *args, **more)
        self.assertIsInstance(error, (TypeError, ValueError))
        self.assertEqual(len(self.requests), sent)


def image(url: Any) -> list[Any]:
    """Messages with a picture."""
    return [{"role": "user", "content": [{"type": "text"}, {"type": "image_url", "image_url": {"url": url}}]}]


class ChatTest(EndpointsTest):
    def sent(self, **arguments: Any) -> Any:
        """The body that a call with these arguments sends."""
        ask(self.zhipu, **arguments)
        return self.last.json

    def test_request_is_the_official_sdks(self) -> None:
        create = self.zhipu.chat.completions.create
        create(model="a", messages=MESSAGES, stop=["\n"], stream=None, timeout=NOT_GIVEN)
        self.assertEqual((self.last.method, self.last.target), ("POST", "/api/paas/v4/chat/completions"))
        text = '{"model":"a","messages":[{"role":"user","content":"你好"}],"stop":["\\n"]}'
        self.assertEqual(self.last.body.decode(), text)
        shown = "\n".join("{}: {}".format(*item) for item in sorted(self.last.headers.items()))
        pattern = rf"accept: application/json.*content-type: application/json.*host: 127.0.0.1:{self.server.port}\n"
        self.assertRegex(shown, rf"(?s){pattern}.*user-agent: [^\n]*zhipuai_lite.*x-source-channel: python-sdk")
        self.fails(r"TypeError.*Completions\.create\(\).*temprature", ask, self.zhipu, temprature=1)
        self.fails(r"TypeError.*create\(\)", create, "glm-4", MESSAGES)

    def test_sampling_is_sent_as_the_official_sdk_does(self) -> None:
        for given, sent in ((0, 0.01), (-0.5, 0.01), (False, 0.01), (0.0001, 0.0001), (0.995, 0.995), (1, 0.99)):
            body = self.sent(temperature=given, top_p=given)
            do_sample = None if given > 0 else False
            self.assertEqual((body["temperature"], body["top_p"], body.get("do_sample")), (sent, sent, do_sample))
            self.assertIs(self.sent(temperature=given, do_sample=True)["do_sample"], given > 0)

    def test_what_is_extra_wins(self) -> None:
        body = self.sent(temperature=0.5, model="a", extra_body={"temperature": 0, "model": "b", "new": [1]})
        self.assertEqual(body, {"model": "b", "messages": MESSAGES, "temperature": 0, "new": [1]})
        self.refused("extra_body", self.sent, extra_body=[1])
        client = self.client(self.server, custom_headers={"X-One": "client", "X-Two": "client"})
        given = {"x-one": "call", "AUTHORIZATION": "Bearer other", "User-agent": "me", "Accept": "*/*"}
        ask(client, extra_headers={**given, "X-Source-Channel": None})
        expected = {**{name.lower(): value for name, value in given.items()}, "x-two": "client"}
        self.assertLessEqual(expected.items(), self.last.headers.items())
        self.assertEqual(len(self.last.headers), len(self.last.header_list))
        self.assertNotIn("x-source-channel", self.last.headers)
        ask(client)
        self.assertEqual(self.last.headers["x-one"], "client")

    def test_messages_lose_the_prefixes_of_images_only(self) -> None:
        class Pydantic:  # what the module knows such objects by
            def model_dump(self, **options: Any) -> dict[str, Any]:
                return {"role": "user"}

        @dataclasses.dataclass
        class Message:
            role: str
            content: Any

        picture = image("data:image/png;base64,AA==")
        cases: list[tuple[Any, Any]] = [
            (picture, image("AA==")),
            (image("data:image/png;name=base64,;base64,AA=="), image("AA==")),  # cut after its last mark
            ([zhipuai_lite.CompletionMessage(picture[0])], image("AA==")),
            (tuple(picture), picture),
            ([types.MappingProxyType(MESSAGES[0]), Pydantic()], [*MESSAGES, {"role": "user"}]),
            ([Message("a", [Message("b", "c")])], [{"role": "a", "content": [{"role": "b", "content": "c"}]}]),
        ]
        others = [image(url) for url in ("https://h/a.png", "data:text/plain;base64,AA", "data:image/png,A", 5)]
        for part in (None, ["a"], [{"type": "image_url"}], [{"type": "image_url", "image_url": "data:image/"}]):
            others += [[{"role": "user", "content": part}]]
        for given, sent in [*cases, *((other, other) for other in [*others, ["a"], "text"])]:
            before = repr(given)
            self.assertEqual(self.sent(messages=given)["messages"], sent)
            self.assertEqual(repr(given), before)  # the caller's stays as it was

    def test_what_json_cannot_hold_is_refused(self) -> None:
        circle: list[Any] = []
        circle.append(circle)
        for wrong in (float("nan"), [float("-inf")], circle, "\ud800", {1, 2}, [object()], b"bytes"):
            for name in ("messages", "temperature"):
                self.refused(name, self.sent, **{name: wrong})


# ======================================================================================================================
# Endpoints: all others
# ======================================================================================================================


#: Every interface, a line each, from the platform's OpenAPI file, its other documentation and the official SDKs:
#: dotted name (of the group in the line above, where it begins with a dot) | method and path below /api/paas/v4, /api
#: or (~) /api/llm-application/open | class of the result, what it answers (json) | parameters that need a word: `name*`
#: is required, `name=1` is sent as 1 when not given, `name>wire` has another name on the wire, `@name` is a file (and
#: the body a form). Those of the path stand in it; the others, which are optional, are those of the signature.
INTERFACES = """
chat.completions.create | POST chat/completions | Completion json sse | model* messages*
chat.asyncCompletions.create | POST async/chat/completions | AsyncTaskStatus | model* messages*
.retrieve_completion_result | GET async-result/{id} | AsyncCompletion
embeddings.create | POST embeddings | EmbeddingsResponded | input* model*
rerank.create | POST rerank | RerankResp | model* query* documents*
tokenizer.create | POST tokenizer | TokenizerResp | model* messages*
models.list | GET models | ModelList
images.generations | POST images/generations | ImagesResponded | prompt*
.async_generations | POST async/images/generations | AsyncImagesResponded | prompt*
.retrieve_images_result | GET async-result/{id} | AsyncImagesResponded
videos.generations | POST videos/generations | VideoObject | model*
.retrieve_videos_result | GET async-result/{id} | VideoObject
audio.transcriptions.create | POST audio/transcriptions | Transcription json sse | @file* model*
audio.speech | POST audio/speech | BinaryResponse */* sse | model* stream=false
.customization | POST audio/customization | BinaryResponse */* | model* @voice_data*
voice.clone | POST voice/clone | VoiceCloneResult | voice_name* input* file_id* model*
.list | GET voice/list | VoiceListResult | voice_type>voiceType voice_name>voiceName
.delete | POST voice/delete | VoiceDeleteResult | voice*
files.create | POST files | FileObject | @file* purpose*
.list | GET files | ListOfFileObject
.delete | DELETE files/{file_id} | FileDeleted
.content | GET files/{file_id}/content | BinaryResponse */*
file_parser.create | POST files/parser/create | FileParserTaskCreateResp | @file* tool_type*
.content | GET files/parser/result/{task_id}/{format_type} | BinaryResponse */*
.result | GET files/parser/result/{task_id}/{format_type} | FileParsingDownloadResp
.create_sync | POST files/parser/sync | FileParsingDownloadResp | @file* tool_type*
ocr.handwriting_ocr | POST files/ocr | HandwritingOCRResp | @file* tool_type*
layout_parsing.create | POST layout_parsing | LayoutParsingResp | model* file*
batches.create | POST batches | Batch | endpoint* input_file_id* auto_delete_input_file=true
.retrieve | GET batches/{batch_id} | Batch
.list | GET batches | ListOfBatch
.cancel | POST batches/{batch_id}/cancel | Batch
fine_tuning.jobs.create | POST fine_tuning/jobs | FineTuningJob | model* training_file*
.retrieve | GET fine_tuning/jobs/{fine_tuning_job_id} | FineTuningJob
.list | GET fine_tuning/jobs | ListOfFineTuningJob
.list_events | GET fine_tuning/jobs/{fine_tuning_job_id}/events | FineTuningJobEvent
.cancel | POST fine_tuning/jobs/{fine_tuning_job_id}/cancel | FineTuningJob
.delete | DELETE fine_tuning/jobs/{fine_tuning_job_id} | FineTuningJob
fine_tuning.models.delete | DELETE fine_tuning/fine_tuned_models/{fine_tuned_model} | FineTunedModelsStatus
knowledge.create | POST knowledge | KnowledgeInfo | embedding_id* name*
.modify | PUT knowledge/{knowledge_id} | Response | embedding_id* name* knowledge_id>id
.query | GET knowledge | KnowledgePage | page=1 size=10
.delete | DELETE knowledge/{knowledge_id} | Response
.used | GET knowledge/capacity | KnowledgeUsed
knowledge.document.create | POST files | DocumentObject | @file* purpose*
.edit | PUT document/{document_id} | Response | knowledge_type* document_id>id
.list | GET files | DocumentPage | knowledge_id*
.delete | DELETE document/{document_id} | Response
.retrieve | GET document/{document_id} | DocumentData
knowledge_base.create | POST ~knowledge | KnowledgeBaseResp | embedding_id* name*
.list | GET ~knowledge | KnowledgeBaseListResp
.retrieve | GET ~knowledge/{id} | KnowledgeBaseResp
.update | PUT ~knowledge/{id} | Envelope
.delete | DELETE ~knowledge/{id} | Envelope
.capacity | GET ~knowledge/capacity | KnowledgeBaseCapacityResp
.search | POST ~knowledge/retrieve | KnowledgeBaseSearchResp | query* knowledge_ids*
knowledge_base.documents.list | GET ~document | KnowledgeBaseDocumentListResp | knowledge_id*
.upload | POST ~document/upload_document/{id} | KnowledgeBaseUploadResp | @files*
.upload_urls | POST ~document/upload_url | KnowledgeBaseUploadResp | knowledge_id* upload_detail*
.retrieve | GET ~document/{id} | KnowledgeBaseDocumentResp
.delete | DELETE ~document/{id} | Envelope
.reembed | POST ~document/embedding/{id} | Envelope
.images | POST ~document/slice/image_list/{id} | KnowledgeBaseImagesResp
zrag.retrieve | POST /zrag/retrieval/retrieve | ZragRetrieveResp | knows*
.chat | POST /zrag/agent/chat | Stream sse | messages* retrieval*
tools.web_search | POST tools | WebSearch json sse | model* messages*
web_search.web_search | POST web_search | WebSearchResp
web_reader.web_reader | POST reader | WebReaderResult | url*
moderations.create | POST moderations | ModerationCompletion | model* input*
agents.invoke | POST /v1/agents | AgentsCompletion json sse
.async_result | POST /v1/agents/async-result | AgentsCompletion
.conversation | POST /v1/agents/conversation | AgentsCompletion
assistant.conversation | POST assistant | Stream sse json | assistant_id* messages*
.query_support | POST assistant/list | AssistantSupportResp
.query_conversation_usage | POST assistant/conversation/list | ConversationUsageListResp | assistant_id* page=1 page_size=10
responses.create | POST /v1/responses | ResponseObject json sse | model* input*
.retrieve | GET /v1/responses/{response_id} | ResponseObject
.delete | DELETE /v1/responses/{response_id} | ResponseDeleted
responses.input_items.list | GET /v1/responses/{response_id}/input_items | ListOfResponseItem
"""  # noqa: E501

MEDIA_TYPES = {"json": "application/json", "sse": "text/event-stream"}
#: What parameters say to the client, and not to the platform.
TO_CLIENT = ("extra_headers", "extra_body", "disable_strict_validation", "session_id", "stream")
#: What an interface is called with: something that no encoding leaves as it is.
ODD_TEXT = "标识/.. ?#%2F&=+\n"


class Interface:
    """A line of `INTERFACES`."""

    def __init__(self, line: str) -> None:
        self.name, request, result, *parameters = line.split(" | ")
        self.method, path = request.split()
        self.path = re.sub("^(?!/)", "/paas/v4/", path.replace("~", "/llm-application/open/"))
        self.result, *answers = result.split()
        self.answers = answers or ["json"]
        self.in_path = re.findall("{(.*?)}", path)
        self.in_query = self.method in ("GET", "DELETE")
        self.required: list[str] = list(self.in_path)
        self.files: list[str] = []
        names = set(inspect.signature(self.of(ZhipuAI(api_key=KEY, base_url="http://localhost"))).parameters)
        self.timeout = "timeout_override" if "timeout_override" in names else "timeout"
        names.difference_update(self.in_path, TO_CLIENT, [self.timeout])
        self.wire = {name: name for name in names}  # parameter → its name on the wire
        self.defaults: dict[str, Any] = {}
        for parameter in "".join(parameters).split():
            name, wire, default = re.findall(r"^@?(\w+)>?(\w*)=?([^*]*)", parameter)[0]
            self.wire[name] = wire or name
            if parameter.endswith("*"):
                self.required.append(name)
            if default:
                self.defaults[name] = json.loads(default)
            if parameter.startswith("@"):
                self.files.append(name)
                del self.wire[name]

    def of(self, client: Any) -> Any:
        """The method of a client."""
        return functools.reduce(getattr, self.name.split("."), client)

    def arguments(self, names: Any) -> dict[str, Any]:
        return {name: self.value(name) for name in names}

    def value(self, name: str) -> Any:
        if name in self.files:
            return f"{name}.txt", b"content of " + name.encode()
        return {"callback_header": {"值": "v"}, "request_id": "r-12345", "stream": False}.get(name, name + ODD_TEXT)

    def answer(self) -> list[Step]:
        """The least that it can answer."""
        if self.answers[0] == "json":
            return answer({})
        return stream(DONE) if self.answers[0] == "sse" else answer(b"\x00\xff")


@functools.lru_cache(None)
def interfaces() -> list[Interface]:
    found: list[Interface] = []
    for line in INTERFACES.strip().splitlines():
        found.append(Interface(found[-1].name.rpartition(".")[0] + line if line[0] == "." else line))
    return found


class InterfacesTest(EndpointsTest):
    def call(self, each: Interface, *args: Any, **arguments: Any) -> Any:
        self.server.default = lambda request: each.answer()
        result = each.of(self.zhipu)(*args, **arguments)
        if isinstance(result, zhipuai_lite.Stream):
            list(result)
        elif isinstance(result, zhipuai_lite.Response):
            result.read()
        return result

    def sent(self, each: Interface) -> dict[str, Any]:
        """The parameters in the query or the body of the latest request, by their names on the wire."""
        kind = self.last.headers.get("content-type")
        if each.files:
            files = [(part.name, part.filename, part.content) for part in parse_form(self.last) if part.filename]
            self.assertEqual(files, [(name, *each.value(name)) for name in each.files])
            self.assertEqual(len(fields(self.last)), len(dict(fields(self.last))))
            return dict(fields(self.last))
        if each.in_query or not each.wire:
            self.assertEqual((self.last.body, kind), (b"", None))
            return {name: values[0] for name, values in self.last.query.items() if len(values) == 1}
        self.assertEqual((self.last.query_text, kind), ("", "application/json"))
        return dict(self.last.json)

    def check_request(self, each: Interface, given: Mapping[str, Any]) -> None:
        path = re.sub("{(.*?)}", lambda name: urllib.parse.quote(name.group(1) + ODD_TEXT, safe=""), each.path)
        self.assertEqual((self.last.method, self.last.path), (each.method, "/api" + path))
        expected = {}
        for name, value in {**each.defaults, **given}.items():
            if name in each.wire and value not in (None, NOT_GIVEN):
                is_text = isinstance(value, str) or not (each.files or each.in_query)
                expected[each.wire[name]] = value if is_text else _json(value).decode()
        self.assertEqual(self.sent(each), expected)

    def test_each_interface_does_what_the_table_says(self) -> None:
        for each in interfaces():
            least = each.arguments(each.required)
            cases = [least, each.arguments([*each.in_path, *each.files, *each.wire])]
            optional = {*each.wire, "extra_headers", "extra_body"}.difference(least)
            cases += [dict(least, **dict.fromkeys(optional, value)) for value in (None, NOT_GIVEN)]
            for given in cases:
                with self.subTest(each.name, given=given):
                    result = self.call(each, **given)
                    self.check_request(each, given)
                    self.assertEqual(type(result).__name__, each.result)
            with self.subTest(each.name):
                kinds = {MEDIA_TYPES.get(kind, kind) for kind in each.answers}
                self.assertEqual(set(self.last.headers["accept"].split(", ")), kinds)
                if each.in_path:  # an identifier by its position
                    first, *others = each.required
                    self.call(each, first + ODD_TEXT, **each.arguments(others))
                    self.check_request(each, least)
                more = {"extra_headers": {"X-Extra": "1", "accept": "x/y"}, "extra_body": {"extra": "2"}}
                self.call(each, **least, **more, **{each.timeout: 5})
                self.assertEqual((self.last.headers["x-extra"], self.last.headers["accept"]), ("1", "x/y"))
                self.assertEqual((dict(fields(self.last)) if each.files else self.last.json)["extra"], "2")

    def test_misspelt_and_missing_parameters_are_named(self) -> None:
        for each in interfaces():
            method, least = each.of(self.zhipu), each.arguments(each.required)
            self.refused("misspelt_parameter", method, **least, misspelt_parameter=1)
            for name in each.required:
                with self.subTest(each.name, name=name):
                    others = {other: value for other, value in least.items() if other != name}
                    for missing in ({name: None}, {name: NOT_GIVEN}, {}):
                        if missing or name != "format_type":  # it has a default
                            self.refused(name, method, **others, **missing)
                    if name not in each.in_path + each.files and not each.in_query:
                        self.call(each, **others, **{name: None}, extra_body={name: "x"})
                        self.assertEqual(self.sent(each)[name], "x")

    def test_one_of_two_parameters_is_enough(self) -> None:
        zhipu, details = self.zhipu, [{"url": "https://a", "knowledge_type": 1}]
        for create, given in (
            (zhipu.files.create, {"purpose": "p", "upload_detail": details}),  # without a file it is JSON
            (zhipu.knowledge.document.create, {"purpose": "p", "upload_detail": details}),
            (zhipu.audio.transcriptions.create, {"model": "m", "file_base64": "UklGRg=="}),
        ):
            first, *rest = given.items()
            for arguments in (given, {**dict([first]), "extra_body": dict(rest)}):
                create(**arguments)
                is_form = b"form-data" in self.last.body
                self.assertEqual(dict(fields(self.last)) if is_form else self.last.json, given)
        self.assertTrue(is_form)

    def test_signatures_and_help_are_readable(self) -> None:
        declared = [name for name, _ in zhipuai_lite._all_interfaces()]
        self.assertEqual(sorted(declared), sorted(each.name for each in interfaces()))
        for each in interfaces():
            with self.subTest(each.name):
                method = each.of(self.zhipu)
                signature = str(inspect.signature(method))
                for name in (*each.required, "extra_headers", "extra_body", each.timeout):
                    self.assertRegex(signature, rf"\b{name}: ")
                self.assertRegex(signature, r"^\(.*\) -> [\w |]+$")
                self.assertNotRegex(signature.replace("= 'text'", ""), r"\b_|Unpack|[~'\"]")
                shown = pydoc.plain(pydoc.render_doc(method))
                self.assertIn("".join(signature.split()), "".join(shown.split()))
                self.assertRegex(shown, r"(?s)\n +\S.{9,}https://docs.bigmodel.cn/(api-reference/\w|cn/api/intro)")
        create = str(inspect.signature(self.zhipu.chat.completions.create))
        begin = r"^\(\*, model: str, messages: Sequence\[Any\], request_id: str \| None = None, "
        self.assertRegex(create, begin + r".* extra_headers: Mapping\[str, Any\].*\) -> Completion$")

    def test_identifier_is_one_segment_that_names_nothing_else(self) -> None:
        for each in interfaces():
            arguments = each.arguments(each.required)
            for name in each.in_path:
                for value in ("", ".", "..", "\ud800", b"x", ["x"], True):
                    with self.subTest(each.name, value=value):
                        self.refused(name, each.of(self.zhipu), **dict(arguments, **{name: value}))
        for value in ("../x", "a?b=c", "a#b", "a%2Fb", "a\nb", "https://evil/", "...", "a;b"):
            self.zhipu.files.delete(value)
            quoted = self.last.path[len("/api/paas/v4/files/") :]
            self.assertRegex(quoted, r"^[A-Za-z0-9%_.~-]+$")
            self.assertEqual(urllib.parse.unquote(quoted), value)

    def test_paths_outside_of_paas_hang_on_the_root_of_the_base_url(self) -> None:
        roots = {"/api/coding/paas/v4": "/api", "/": "/api", "/v4": "/api", "/api/zhipu/api/paas/v4/": "/api/zhipu/api"}
        for base, root in roots.items():
            client: Any = self.client(base_url=self.server.origin + base)
            client.agents.invoke()
            client.responses.retrieve("r/1")
            client.batches.retrieve("b")
            paths = [f"{root}/v1/agents", f"{root}/v1/responses/r%2F1", base.rstrip("/") + "/batches/b"]
            self.assertEqual([request.path for request in self.requests[-3:]], paths)

    def test_parameters_that_the_official_sdk_takes_by_position(self) -> None:
        zhipu = self.zhipu
        for call, args, names in (
            (zhipu.videos.generations, ("m",), "model"),
            (zhipu.knowledge.create, (3, "n"), "embedding_id name"),
            (functools.partial(zhipu.knowledge.modify, name="n"), ("k", 3), "id embedding_id"),
            (zhipu.knowledge.document.edit, ("d", "1"), "id knowledge_type"),
            (zhipu.agents.invoke, ("a", "r", False, []), "agent_id request_id stream messages"),
            (zhipu.agents.async_result, ("a", "i", "c"), "agent_id async_id conversation_id"),
            (zhipu.assistant.query_conversation_usage, ("a", 2, 3), "assistant_id page page_size"),
            (zhipu.assistant.conversation, ("a", [], "m"), "assistant_id messages model"),
        ):
            call(*args)
            sent = self.last.json
            self.assertEqual([sent.pop(name) for name in names.split()], list(args))
            self.assertIn(sent, ({}, {"name": "n"}))
        zhipu.knowledge.document.list("k")
        self.assertEqual(self.last.query, {"knowledge_id": ["k"]})

    def test_parameters_that_are_no_json(self) -> None:
        zhipu = self.zhipu
        zhipu.files.list(purpose="a&b=c 百", limit=5)
        self.assertEqual(self.last.query_text, "purpose=a%26b%3Dc+%E7%99%BE&limit=5")
        for wrong in (float("nan"), {"a": 1}, b"x", "\ud800", 10**5000):
            self.refused("limit", zhipu.files.list, limit=wrong)
        for given in ("r-12345", None):
            zhipu.voice.list(request_id=given)
            self.assertEqual(self.last.headers.get("request-id"), given)
        self.refused("Request-Id", zhipu.voice.list, request_id="a\r\nX-Forged: 1")
        zhipu.zrag.chat(messages=MESSAGES, retrieval={"know_ids": ["1"]}, session_id="s-1").close()
        self.assertEqual((self.last.headers["x-session-id"], "session_id" in self.last.json), ("s-1", False))
        self.reply({"data": [{"url": "https://i"}]}, times=2)
        for create, names in ((zhipu.embeddings.create, "model input"), (zhipu.images.generations, "prompt")):
            sent = dict.fromkeys(names.split(), "x")
            result = create(**sent, disable_strict_validation=True)
            self.assertEqual((type(result), type(result["data"][0]), self.last.json), (dict, dict, sent))
        self.server.raw(STALL)
        page: dict[str, Any] = {"url": "https://a", "timeout": 30}  # the platform's
        self.fails("APITimeoutError", zhipu.web_reader.web_reader, **page, timeout_override=0.05)
        self.assertEqual(self.last.json, page)


# --- uploads


def unquoted(text: bytes) -> str:
    """A name in quotes, as browsers write it: %22, %0D, %0A."""
    text = re.sub(b"%([0-9A-F]{2})", lambda code: bytes.fromhex(code[1].decode()), text.replace(rb"\\", b"\\"))
    return text.decode("utf-8", "surrogateescape")


def parse_form(request: Request) -> list[Any]:
    """The parts of a multipart form (RFC 7578): name, filename, headers, content, text; strict."""
    kind, boundary = request.headers["content-type"].split("; boundary=")
    before, *pieces, after = (b"\r\n" + request.body).split(b"\r\n--" + boundary.encode())
    assert (kind, before, after) == ("multipart/form-data", b"", b"--\r\n"), request.headers
    parts = []
    for lines, _, content in (piece.partition(b"\r\n\r\n") for piece in pieces):
        part: Any = types.SimpleNamespace(content=content, text=content.decode(errors="replace"), headers={})
        for line in lines.split(b"\r\n")[1:]:
            found: Any = re.fullmatch(b"([A-Za-z-]+): ([^\x00-\x1f\x7f]+)", line)
            part.headers[found[1].decode().lower()] = found[2]
        pattern = rb'form-data; name="([^"]*)"(?:; filename="([^"]*)")?'
        found = re.fullmatch(pattern, part.headers["content-disposition"])
        part.name, part.filename = (text if text is None else unquoted(text) for text in found.groups())
        parts.append(part)
    return parts


def fields(request: Request) -> list[tuple[Any, str]]:
    """The fields of a form that are no files."""
    return [(part.name, part.text) for part in parse_form(request) if part.filename is None]


def native(name: str) -> str:
    """The name of a file that is UTF-8 on the disk, as text of this process's locale."""
    return os.fsdecode(name.encode())


class UploadsTest(EndpointsTest):
    def opened(self, path: str | bytes, **options: Any) -> Any:
        return self.enter(open(path, "rb", **options))

    def upload(self, file: Any, client: Any = None) -> Any:
        """The file's part as it arrived."""
        (client or self.zhipu).files.create(file=file, purpose="batch")
        field, part = parse_form(self.last)  # fields come first
        self.assertEqual((field.name, field.text, set(field.headers)), ("purpose", "batch", {"content-disposition"}))
        self.assertEqual(part.name, "file")
        return part

    def test_random_names_and_contents_arrive_intact(self) -> None:
        alphabet = "a.;=:\\\"'\r\n\t\x00\x7f 文é\x85\u2028😀\udc80\udcff"
        words = [b"\r\n", b"--", b"\n", b"\x00", b"\xff", b"Content-Disposition: form-data", b'"', b"a"]
        for seed in range(200):
            pick = random.Random(seed).choices
            content = b"".join(pick(words, k=1 + seed % 30))
            files = {"".join(pick(alphabet, k=1 + seed % 8)): ("".join(pick(alphabet, k=5)), content), "b": ("b", b"b")}
            self.zhipu.post("/files", files=files)
            self.assertEqual({part.name: (part.filename, part.content) for part in parse_form(self.last)}, files, seed)
        for name, quoted in (
            ('a"; filename="b\r\nX: 1', b"a%22; filename=%22b%0D%0AX: 1"),
            ("50%.txt", b"50%.txt"),
            ("caf\udce9.txt", b"caf\xe9.txt"),  # as Python names a file whose name is no text
        ):
            self.upload((name, b"x"))
            self.assertIn(b'; filename="' + quoted + b'"\r\n', self.last.body)

    def test_every_kind_of_source_is_sent_whole(self) -> None:
        content = bytes(range(256)) * 3000
        path = self.file(native("数据.jsonl"), content)
        opened, named = self.opened(path), io.BytesIO(content)
        opened.read(1000)  # it is sent from its beginning, all the same
        named.name = "/tmp/named.wav"
        spooled = self.enter(tempfile.SpooledTemporaryFile(10))  # noqa: SIM115
        spooled.write(content)
        mapped = self.enter(contextlib.closing(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)))
        packed = self.enter(gzip.GzipFile(self.file("packed.gz", gzip.compress(content))))
        sources: dict[str, list[Any]] = {
            "upload": [content, bytearray(content), memoryview(content), io.BytesIO(content), spooled, mapped],
            "数据.jsonl": [pathlib.Path(path), opened, self.opened(path, buffering=0)],
            "n.txt": [("n.txt", content), (pathlib.Path("n.txt"), pathlib.Path(path)), (b"n.txt", opened)],
            "named.wav": [named],
            "packed.gz": [packed],
        }
        for name, source in ((key, source) for key in sources for source in sources[key]):
            with self.subTest(repr(source)[:60]):
                part = self.upload(source)
                self.assertEqual((part.filename, part.content == content), (name, True))
                self.assertNotIn("transfer-encoding", self.last.headers)
        self.assertEqual(self.upload(("n.txt", "文字")).text, "文字")

    def test_headers_of_parts(self) -> None:
        for file, kind in (
            (("a.PNG", b"x"), b"image/png"),
            (b"x", b"application/octet-stream"),
            (("a.mp3", b"x", "audio/x-mine"), b"audio/x-mine"),
            (("a.mp3", b"x", None, {"content-type": "audio/x-mine"}), b"audio/x-mine"),
        ):
            self.assertEqual(self.upload(file).headers["content-type"], kind)
        self.assertEqual(self.upload(("a", b"x", None, {"X-One": "1"})).headers["x-one"], b"1")
        self.assertEqual(self.upload((None, b"x")).headers, {"content-disposition": b'form-data; name="file"'})

    def test_what_cannot_be_sent_is_refused(self) -> None:
        class Pipe:
            read = io.BytesIO(b"x").read

        closed = io.BytesIO(b"x")
        closed.close()
        text = self.enter(io.TextIOWrapper(self.opened(self.file("a", "x"))))
        folder = pathlib.Path(self.enter(tempfile.TemporaryDirectory()))
        reading, writing = os.pipe()
        os.close(writing)
        wrong: list[Any] = ["path.txt", 5, ["a"], {}, text, object(), (), io.BytesIO, io.StringIO("x"), closed]
        wrong += [b"", folder, folder / "missing", pathlib.Path("a\0b"), ("a",), ("a", b""), ("a", "\ud800")]
        wrong += [("a", b"x", "b", {}, 1), (5, b"x"), ("a\ud800", b"x"), ("a", b"x", "a/b\r\nX: 1")]
        wrong += [("a", b"x", None, {name: value}) for name, value in (("X\r\nY", ""), ("", ""), ("X", "1\r\nY: 2"))]
        for file in wrong:
            with self.subTest(repr(file)):
                self.refused("file", self.upload, file)
        for file in (Pipe(), self.enter(os.fdopen(reading, "rb"))):  # they cannot seek
            self.refused("file: .*pass bytes,? or a file", self.upload, file)
        deep: Any = []
        for _ in range(100000):
            deep = [deep]
        self.refused("upload_detail", self.zhipu.files.create, file=b"x", purpose="batch", upload_detail=deep)

    def test_fields_of_forms(self) -> None:
        zhipu = self.zhipu
        ocr = functools.partial(zhipu.ocr.handwriting_ocr, file=b"x", tool_type="t")
        upload = functools.partial(zhipu.knowledge_base.documents.upload, "k", files=b"x")
        listen = functools.partial(zhipu.audio.transcriptions.create, model="m", file=b"x")
        create = functools.partial(zhipu.files.create, file=b"x", purpose="p")
        document = functools.partial(zhipu.knowledge.document.create, file=b"x", purpose="p")
        speak = functools.partial(zhipu.audio.customization, model="m", voice_data=b"x")
        cases: list[tuple[Any, str, Any, str]] = [
            (listen, "hotwords", ["智谱", "GLM"], "model=m *=智谱 *=GLM"),
            (listen, "temperature", 0, "model=m *=0.01"),
            (upload, "custom_separator", ["\n", "。"], "*=\n *=。"),
            (upload, "callback_header", {"X-Token": "值"}, '*={"X-Token":"值"}'),
            (document, "custom_separator", ["a", "a"], "purpose=p *[]=a *[]=a"),
            (create, "upload_detail", [{"a": 1, "b": ["x"]}, {"a": 3}], "purpose=p *[][a]=1 *[][b][]=x *[][a]=3"),
            (create, "extra_body", {"purpose": "agent", "new": True}, "purpose=agent new=true"),
            (speak, "sensitive_word_check", {"type": "ALL"}, "model=m *[type]=ALL"),
        ]
        for value, text in ((True, "true"), (False, "false"), (3, "3"), (1.5, "1.5"), ("多\r行", "多\r行")):
            cases.append((ocr, "probability", value, f"tool_type=t *={text}"))
        cases += [(ocr, "probability", json.loads(empty), "tool_type=t") for empty in ("null", '""', "[]", "{}")]
        for call, name, value, expected in cases:
            call(**{name: value})
            sent = [f"{name}={text}" for name, text in fields(self.last)]
            self.assertEqual(sorted(sent), sorted(expected.replace("*", name).split(" ")))
        for wrong in (b"x", float("nan"), object(), "\ud800"):
            self.refused("probability", ocr, probability=wrong)

    def test_file_is_read_anew_for_each_try(self) -> None:
        content = bytes(range(256)) * 2000
        path = self.file("a.bin", content)
        client = self.client(self.server, max_retries=2)
        for source in (content, pathlib.Path(path), self.opened(path), io.BytesIO(content)):
            self.requests.clear()
            self.reply(error_body("500"), 500)
            self.server.raw(CLOSE)
            self.assertTrue(self.upload(source, client).content == content)
            self.assertEqual(len({request.body for request in self.requests}), 1)
            self.assertGreaterEqual(len(self.requests), 3)

    def test_file_that_changes_or_fails_while_it_is_sent(self) -> None:
        class Moody(io.FileIO):
            mood: Any = None

            def read(self, size: int | None = -1) -> Any:
                return self.mood() or super().read(size)

        client = self.client(self.server, max_retries=3)
        path = ""
        for mood, reason in (
            (lambda: os.truncate(path, 300000), ""),  # noqa: B023  # the file of that turn
            (mock.Mock(side_effect=OSError("broken disk")), "broken disk"),
            (lambda: "text", "str"),
            (lambda: os.truncate(path, 700000), None),  # noqa: B023
        ):
            path = self.file("a.log", b"x" * 600000)
            file = self.enter(Moody(path))
            file.mood = mood
            if reason is None:
                self.assertEqual((self.requests, self.slept), ([], []))
                self.assertEqual(self.upload(file, client).content, b"x" * 600000)  # as it was at first
                continue
            error = self.fails(f"ZhipuAIError.*file: .*{reason}", self.upload, file, client)
            self.assertIs(isinstance(error.__cause__, OSError), reason == "broken disk")
            self.server.until_idle()

    # --- large ones

    SIZE = 32 << 20

    def frugal(self, work: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """What it returns, if it takes few bytes of memory; tracemalloc does not see what was there before."""
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        result = work(*args, **more)
        self.assertLess(tracemalloc.get_traced_memory()[1], 4 << 20)
        tracemalloc.stop()
        return result

    def swallow(self, connection: Connection) -> None:
        """Step: read a request of any size without keeping it, and answer with its size and its last bytes."""
        request = Request(connection, connection.read_until(b"\r\n\r\n"), b"")
        left, last = int(request.headers["content-length"]), b""
        while left:
            data = connection.receive()
            if not data:
                raise Hangup
            left -= len(data)
            last = (last + data)[-200:]
        connection.perform(answer({"id": request.headers["content-length"], "filename": last.decode()}))

    def test_memory_stays_flat_while_a_large_file_is_sent(self) -> None:
        path = self.file("large.bin", bytes(self.SIZE - 4) + b"tail")
        for source in (pathlib.Path(path), self.opened(path), bytes(self.SIZE - 4) + b"tail"):
            self.server.greeting = [self.swallow, CLOSE]
            result = self.frugal(self.zhipu.files.create, file=source, purpose="batch")
            self.assertGreater(int(result.id), self.SIZE)
            self.assertRegex(result.filename, "tail\r\n--[^\r]*--\r\n$")
        self.server.greeting = [*answer(error_body("1214", "文件过大"), 413), CLOSE]  # an early refusal is heard
        self.fails("APIStatusError.*413.*文件过大", self.upload, pathlib.Path(path))

    def test_memory_stays_flat_while_a_large_file_is_fetched(self) -> None:
        def send(connection: Connection) -> None:
            for _ in range(self.SIZE >> 16):
                connection.send(bytes(1 << 16))

        target = self.file("large.bin", b"")
        for framing in ({"Content-Length": str(self.SIZE)}, {"Connection": "close"}):
            self.server.raw(head(200, framing), send, CLOSE)
            self.frugal(self.zhipu.files.content("f").write_to_file, target)
            self.assertEqual(os.path.getsize(target), self.SIZE)


# --- binary results


class BinaryTest(EndpointsTest):
    CONTENT = bytes(range(256)) * 1000
    SPEECH = answer(CONTENT, headers={"Content-Type": "audio/wav"})
    HALF = [head(200, {"Content-Length": "900000"}), CONTENT]  # noqa: RUF012

    def setUp(self) -> None:
        super().setUp()
        self.folder = self.enter(tempfile.TemporaryDirectory())
        self.path = os.path.join(self.folder, native("结果.bin"))

    def speech(self, *steps: Step) -> Any:
        self.server.raw(*(steps or self.SPEECH))
        return self.zhipu.audio.speech(model="glm-tts", input="你好", voice="tongtong")

    def parsed(self, body: Any, kind: str) -> Any:
        self.reply(body, headers={"Content-Type": kind})
        return self.zhipu.file_parser.content("t", format_type="text")

    def check_file(self, path: Any) -> None:
        self.assertEqual(pathlib.Path(path).read_bytes(), self.CONTENT)

    def test_content_can_be_read(self) -> None:
        packed = answer(gzip.compress(self.CONTENT), headers={"Content-Encoding": "gzip", "Content-Type": "audio/wav"})
        self.server.default = lambda request: self.SPEECH
        for result in (
            self.speech(*packed),
            self.zhipu.files.content("f"),
            self.zhipu.audio.customization(model="m", voice_data=b"x"),
        ):
            self.assertEqual((result.status_code, result.headers["Content-Type"]), (200, "audio/wav"))
            for content in (result.content, result.read(), b"".join(result.iter_bytes())):
                self.assertEqual(content, self.CONTENT)
            result.write_to_file(self.path)
            self.check_file(self.path)
            self.assertIs(result.response, result)
        for size in (7, 1 << 20, None):
            blocks = list(self.speech().iter_bytes(size))
            self.assertEqual(b"".join(blocks), self.CONTENT)
            self.assertLessEqual({len(block) for block in blocks[: size and -1]}, {size} if size else {*range(1 << 20)})

    def test_blocks_come_as_they_arrive_and_each_wait_is_limited(self) -> None:
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        blocks = self.speech(head(200, {"Content-Length": "4"}), b"ab", WAIT(go_on), b"cd").iter_bytes()
        self.assertEqual(next(blocks), b"ab")
        go_on.set()
        self.assertEqual(list(blocks), [b"cd"])
        self.zhipu = self.client(self.server, timeout=0.2)
        slow = self.speech(head(200, {"Content-Length": "8"}), DRIP(b"12345678", 0.04))
        self.assertEqual(slow.content, b"12345678")

    def test_file_is_written(self) -> None:
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        for path in (pathlib.Path(self.path), "bare name", os.path.join(self.folder, "a" * 251 + ".wav")):
            for _ in range(2):
                self.speech().write_to_file(path)
                self.check_file(path)
                self.assertEqual(os.listdir(self.folder), [os.path.basename(path)])
            os.remove(path)
        result = self.speech()
        self.fails("OSError", result.write_to_file, os.path.join(self.folder, "missing", "a.wav"))
        result.stream_to_file(self.path, chunk_size=1000)  # a folder that is missing cost nothing
        self.check_file(self.path)

    @unittest.skipUnless(os.name == "posix", "needs named pipes, modes and links")
    def test_what_is_there_keeps_its_kind_and_its_mode(self) -> None:
        for mask, mode in ((0o022, 0o644), (0o077, 0o600)):
            self.addCleanup(os.umask, os.umask(mask))
            self.speech().write_to_file(self.path + str(mask))
            self.assertEqual(os.stat(self.path + str(mask)).st_mode & 0o777, mode)
        link = os.path.join(self.folder, "link")
        os.symlink(self.file("target", "old"), link)
        os.chmod(link, 0o640)
        self.speech().write_to_file(link)
        self.check_file(link)
        self.assertEqual((os.path.islink(link), os.stat(link).st_mode & 0o777), (True, 0o640))
        os.mkfifo(self.path)
        reading = self.enter(os.fdopen(os.open(self.path, os.O_RDONLY | os.O_NONBLOCK), "rb"))
        self.speech(*answer(b"content")).write_to_file(self.path)
        self.assertEqual((reading.read(7), os.path.isfile(self.path)), (b"content", False))

    def test_broken_download_leaves_no_file(self) -> None:
        packed = head(200, {"Content-Encoding": "gzip", "Connection": "close"})
        cases: list[list[Step]] = [
            [*self.HALF, CLOSE],
            [head(200, {"Transfer-Encoding": "chunked"}), http_chunk(self.CONTENT), CLOSE],
            [packed, gzip.compress(self.CONTENT)[:-9], CLOSE],
            [*self.HALF, STALL],
        ]
        for old in ([], [os.path.basename(self.path)]):
            for steps in cases:
                is_silent = steps[-1] is STALL
                self.zhipu = self.client(self.server, timeout=0.1 if is_silent else PATIENCE)
                error = "APITimeoutError" if is_silent else "APIConnectionError"
                self.fails(error, self.speech(*steps).write_to_file, self.path)
                self.assertEqual(os.listdir(self.folder), old)
            pathlib.Path(self.path).write_bytes(b"old")
        self.assertEqual(pathlib.Path(self.path).read_bytes(), b"old")

    def test_download_closed_elsewhere_leaves_no_file(self) -> None:
        def close() -> None:
            until(lambda: sum(entry.stat().st_size for entry in os.scandir(self.folder)), "a part is written")
            result.close()

        for framing in ({"Content-Length": "900000"}, {"Connection": "close"}):
            result = self.speech(head(200, framing), self.CONTENT, STALL)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(close)
                self.fails("APIConnectionError", result.write_to_file, self.path)
            self.assertEqual(os.listdir(self.folder), [])

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_full_disk_drops_the_download(self) -> None:
        async def scenario() -> None:
            async with AsyncZhipuAI(api_key=KEY, base_url=self.server.url, max_connections=1) as client:
                with self.assertRaises(OSError):
                    await (await client.files.content("f")).astream_to_file("/dev/full")
                await asyncio.wait_for(client.files.delete("f"), PATIENCE)

        for _ in range(2):
            self.server.raw(*self.HALF, STALL)
        error = self.fails("OSError", self.zhipu.files.content("f").write_to_file, "/dev/full")
        self.assertEqual(error.errno, errno.ENOSPC)
        self.server.until_idle()
        asyncio.run(scenario())

    def test_body_that_was_taken_or_dropped_is_not_empty(self) -> None:
        taken, dropped = self.speech(), self.speech()
        list(taken.iter_bytes())
        dropped.close()
        for result in (taken, dropped, pickle.loads(pickle.dumps(taken))):
            for read in (result.read, lambda: list(result.iter_bytes())):  # noqa: B023
                self.fails("ZhipuAIError", read)
            self.fails("ZhipuAIError", result.write_to_file, self.path)
        self.assertEqual(os.listdir(self.folder), [])
        result = self.speech()
        data = pickle.dumps(result)
        self.assertNotIn(SECRET.encode(), data)
        for each in (pickle.loads(data), result, copy.deepcopy(result)):  # what was not yet read goes with it
            self.assertEqual((each.content, each.headers["content-type"]), (self.CONTENT, "audio/wav"))

    def test_json_is_an_error_or_content(self) -> None:
        for error in (error_body("1214", "语音不存在"), {"code": 500, "msg": "语音不存在", "success": False}):
            for kind in ("application/json; charset=UTF-8", "application/problem+json"):
                self.fails("APIResponseError.*语音不存在", self.parsed, error, kind)
        for content in (b'{"id": 1}\n{"id": 2}\n', b"[1, 2]", b"null", b'{"broken', b'{"id": "1", "code": 0}'):
            self.assertEqual(self.parsed(content, "application/json").content, content)
        for size in (10, 300000):  # what is long is not kept to look for an error in it
            body = {"status": "succeeded", "message": "ok", "content": "内容" * size}
            result = self.parsed(body, "application/json")
            self.assertEqual((result.json(), json.loads(result.text), result.content), (body, body, _json(body)))
        result = self.parsed(b"\xff\xfe", "text/plain")
        self.assertEqual(result.text, "\ufffd\ufffd")
        self.fails("ValueError", result.json)

    def test_closing_and_dropping_end_the_connection(self) -> None:
        for end in ("close", "exit", "drop"):
            result = self.speech(*self.HALF, STALL)
            with contextlib.ExitStack() as stack:
                if end == "exit":
                    self.assertIs(stack.enter_context(result), result)
                next(result.iter_bytes())
                if end == "close":
                    result.close()
            if end == "drop":
                del result, stack
                gc.collect()
            self.server.until_idle()


# --- pages


class PagesTest(EndpointsTest):
    says_more = True

    def setUp(self) -> None:
        super().setUp()
        self.items = [{"id": f"i{number}", "status": "completed"} for number in range(7)]
        self.server.default = self.page
        self.list = self.zhipu.batches.list

    def page(self, request: Request) -> list[Step]:
        """What a server answers that holds `items`."""
        start, limit = int(request.query.get("after", ["i-1"])[0][1:]) + 1, int(request.query.get("limit", ["3"])[0])
        more = {"has_more": start + limit < len(self.items)} if self.says_more else {}
        return answer({"object": "list", "data": self.items[start : start + limit], **more})

    def test_every_list_is_walked_over_all_its_pages(self) -> None:
        zhipu = self.zhipu
        for call, kind in (
            (zhipu.batches.list, "Batch"),
            (zhipu.files.list, "FileObject"),
            (zhipu.fine_tuning.jobs.list, "FineTuningJob"),
            (functools.partial(zhipu.fine_tuning.jobs.list_events, "j"), "JobEvent"),
            (functools.partial(zhipu.responses.input_items.list, "r"), "ResponseItem"),
            (lambda limit: zhipu.get("/x", cast_type=zhipuai_lite.ListOfBatch, params={"limit": limit}), "Batch"),
        ):
            for page in (call(limit=2), pickle.loads(pickle.dumps(call(limit=2)))):
                self.requests.clear()
                self.assertIsInstance(page, zhipuai_lite.SyncCursorPage)
                found = [(item.id, type(item).__name__) for item in page]
                self.assertEqual(found, [(item["id"], kind) for item in self.items])
                self.assertEqual([request.query["limit"] for request in self.requests], [["2"]] * 3)

    def test_pages_can_be_taken_one_by_one(self) -> None:
        pages = list(self.list(limit=3).iter_pages())
        self.assertEqual([(len(page.data), page.has_next_page()) for page in pages], [(3, True), (3, True), (1, False)])
        self.assertEqual({type(page) for page in pages}, {zhipuai_lite.ListOfBatch})
        self.fails("RuntimeError", pages[-1].get_next_page)
        self.assertEqual([item.id for item in pages[1]], ["i3", "i4", "i5", "i6"])
        self.assertEqual(json.loads(json.dumps(pages[1]))["data"], self.items[3:6])
        items = iter(self.list(limit=1))
        next(items)
        self.reply(error_body("1000"), 401)  # is raised where it comes
        self.fails("AuthenticationError", next, items)

    def test_end_of_a_list(self) -> None:
        for self.says_more, requests in ((True, 3), (False, 4)):  # an empty page is the last
            self.requests.clear()
            self.assertEqual((len(list(self.list(limit=3))), len(self.requests)), (7, requests))
        bodies: list[Any] = [{"data": [{"id": "1"}], "has_more": False}, {}, {"data": None}]
        for body in [*bodies, {"data": [], "has_more": True}, {"data": [{}], "has_more": True}]:
            self.reply(body)
            page = self.list()
            self.assertEqual((len(list(page)), page.has_next_page()), (len(body.get("data") or ()), False))
            self.fails("RuntimeError", page.get_next_page)
        page = pickle.loads(pickle.dumps(zhipuai_lite.ListOfBatch(data=[{"id": "1"}], has_more=True)))  # made by hand
        self.assertEqual(([item.id for item in page], page.has_next_page()), (["1"], False))

    def test_next_page_is_asked_for_with_all_that_the_first_was(self) -> None:
        page = self.zhipu.files.list(purpose="批 &", limit=2, order="a", extra_headers={"X-One": "1"}, timeout=0.3)
        first = self.last
        for again in (page, pickle.loads(pickle.dumps(page))):
            again.get_next_page()
            self.assertEqual((self.last.path, self.last.query), (first.path, dict(first.query, after=["i1"])))
            self.assertEqual(self.last.headers, first.headers)
        self.server.raw(STALL)
        self.fails("APITimeoutError.*0.3", page.get_next_page)

    def test_next_page_that_does_not_go_on_raises(self) -> None:
        first = {"data": [{"id": "i0"}], "has_more": True, "last_id": "i2"}
        self.reply(first)
        self.list().get_next_page()
        self.assertEqual(self.last.query["after"], ["i2"])
        odd = [json.dumps(dict(first, last_id=cursor)).encode() for cursor in ({"a": 1}, [["x"]], "\ud800", 1.5)]
        for raw in [*odd, b"null", b"[]"]:
            if raw not in odd:
                self.reply(first)
            self.reply(raw, headers={"Content-Type": "a/json"})
            page = self.list()
            self.assertEqual(page.data[0].id, "i0")
            self.fails("APIResponseError", list, page)
        turns = {"": "a", "a": "b", "b": "a"}  # a circle
        self.server.default = lambda request: answer(dict(first, last_id=turns[request.query.get("after", [""])[0]]))
        self.requests.clear()
        self.fails("APIResponseError.*does not go on", list, self.list())
        self.assertEqual(len(self.requests), 3)


# --- any other interface


class GenericRequestsTest(EndpointsTest):
    def test_every_method_is_sent(self) -> None:
        zhipu, one = self.zhipu, {"X-One": "1"}
        for method in ("get", "post", "put", "patch", "delete"):
            call = getattr(zhipu, method)
            result = call("/new/interface", params={"a": "百 &", "b": [1, 2], "c": True})
            self.assertEqual((self.last.method, self.last.path), (method.upper(), "/api/paas/v4/new/interface"))
            self.assertEqual(self.last.query, {"a": ["百 &"], "b": ["1", "2"], "c": ["true"]})
            self.assertEqual((self.last.body, self.last.headers["accept"]), (b"", "*/*"))
            self.assertRegex(self.last.token, r"^[\w-]+\.[\w-]+\.[\w-]+$")
            self.assertEqual((type(result), result.id), (zhipuai_lite.Model, "1"))
            if method != "get":
                call("x", body={"a": "值"}, extra_body={"b": None}, extra_headers=one)
                self.assertEqual((self.last.json, self.last.headers["x-one"]), ({"a": "值", "b": None}, "1"))
        zhipu.request("OPTIONS", "x", body=[1, 2])
        self.assertEqual((self.last.method, self.last.json), ("OPTIONS", [1, 2]))
        zhipu.get("x", cast_type=zhipuai_lite.Model, options={"params": {"a": 1}, "headers": one, "timeout": 5})
        self.assertEqual((self.last.query_text, self.last.headers["x-one"]), ("a=1", "1"))
        zhipu.post("x", body={"a": [1, 2]}, files={"f": ("n", b"c"), 1: b"d"})
        parts = [(part.name, part.filename, part.text) for part in parse_form(self.last)]
        self.assertEqual(parts, [("a[]", None, "1"), ("a[]", None, "2"), ("f", "n", "c"), ("1", "upload", "d")])

    def test_result_is_of_the_class_asked_for(self) -> None:
        get, post = self.zhipu.get, self.zhipu.post
        for kind in (dict, Completion, zhipuai_lite.Model, zhipuai_lite.Response, zhipuai_lite.BinaryResponse):
            self.assertIs(type(get("x", cast_type=kind)), kind)
        self.assertIs(type(get("x", cast_type=object)), zhipuai_lite.Model)
        self.reply([{"id": "1"}])
        self.assertEqual(get("x", cast_type=Completion)[0].id, "1")
        self.reply(None, 204)
        self.assertIsNone(self.zhipu.delete("x"))
        self.server.stream({"a": 1}, {"a": 2}, DONE)
        self.assertEqual([event.a for event in post("x", body={}, stream=True)], [1, 2])
        for kind in (Completion, ChatCompletionChunk):
            self.server.stream(chunk("a"), chunk("b", "stop"), DONE)
            events = post("x", body={"stream": True}, cast_type=kind, stream=True)
            self.assertIs(type(next(events)), ChatCompletionChunk)
            self.assertEqual(events.get_final_completion().choices[0].message.content, "ab")
        self.reply({"a": 1.5})
        response = get("/x", cast_type=zhipuai_lite.Response)
        self.assertIs(response.raise_for_status(), response)
        self.assertEqual((response.is_success, response.json(parse_float=str)), (True, {"a": "1.5"}))
        self.reply(error_body("1211", "模型不存在"), 400)
        self.assertFalse(self.fails("BadRequestError.*模型不存在", get, "x").response.is_success)
        self.server.raw(STALL)
        self.fails("APITimeoutError", get, "x", timeout=0.05)
        self.reply(b"[" * 100000)  # nested too deeply
        self.fails("ValueError", get("/x", cast_type=zhipuai_lite.Response).json)

    def test_path_hangs_on_the_base_url_or_on_its_root(self) -> None:
        for path, target in {
            "/api/x?a=1": "/api/x?a=1&b=2",
            "百 b\r\nX-Forged: 1": "/api/paas/v4/%E7%99%BE%20b%0D%0AX-Forged:%201?b=2",
            "apis/a..b/c.": "/api/paas/v4/apis/a..b/c.?b=2",
        }.items():
            self.zhipu.get(path, params={"b": 2})
            self.assertEqual(self.last.target, target)
        paths = "https://evil.example/x HTTP://evil //evil.example/x file:///etc/passwd /../x a/.. ./x .. a#b"
        for wrong in [*paths.split(), "a/%2e%2e/b", "/a/.%2E", 5, None, b"/x"]:
            self.refused("path", self.zhipu.get, wrong)

    def test_wrong_arguments_are_named(self) -> None:
        self.reply(b"content")
        read = self.enter(self.zhipu.files.content("f")).iter_bytes
        post, huge = functools.partial(self.zhipu.post, "/x"), 10**5000
        token, request = functools.partial(generate_token, KEY), functools.partial(self.zhipu.request, path="/x")
        cases: list[tuple[str, Any, dict[str, Any]]] = [
            *((name, post, {name: 5}) for name in ("params", "files", "options", "headers", "extra_body")),
            ("a", post, {"body": {"a": object()}}),
            *(("body", post, {"body": wrong, "files": {"f": b"x"}}) for wrong in ([1], "abc")),
            ("body", post, {"body": [1], "extra_body": {"a": 1}}),
            *((f"'{name}'.* body", post, {name: 1}) for name in ("json", "timout")),
            *(("method", request, {"method": wrong}) for wrong in ("", "中", "A\r\nB", None)),
            *(("chunk_size", lambda wrong: list(read(wrong)), {"wrong": wrong}) for wrong in (1.5, "x")),
            *(("exp_seconds", token, {"exp_seconds": wrong}) for wrong in ("9", float("inf"))),
            ("timestamp", token, {"exp_seconds": 9, "timestamp": float("nan")}),
            ("a", post, {"params": {"a": huge}}),
            ("file_id", self.zhipu.files.delete, {"file_id": huge}),
            ("timeout", post, {"timeout": huge}),
        ]
        for name, call, given in cases:
            with self.subTest(name):
                self.refused(name, call, **given)

    def test_one_content_type_and_one_host_are_sent(self) -> None:
        client: Any = self.client(self.server, custom_headers={"content-type": "text/plain", "host": "gateway.test"})
        for options in ({"body": {}, "extra_headers": {"HOST": "other.test"}}, {"files": {"f": b"x"}}):
            client.post("/x", **options)
            self.assertRegex(self.last.headers["content-type"], "^(application/json|multipart/form-data[^,]*)$")
            self.assertEqual(self.last.headers["host"], "other.test" if "body" in options else "gateway.test")


# --- waiting

PROCESSING, SUCCESS = {"id": "t/1", "task_status": "PROCESSING"}, {"task_status": "SUCCESS"}
AGENT = {"agent_id": "a1", "async_id": "s1", "conversation_id": "c1", "status": "pending"}
WHY = {"code": "1210", "message": "失败了"}
LATER = "/paas/v4/async-result/t%2F1", PROCESSING, SUCCESS, {"task_status": "FAIL"}
#: What starts a task, what asks for it, the path of that, its answer, what changes when it is done, when it fails.
TASKS: list[tuple[str, str, str, Any, Any, Any]] = [
    ("chat.asyncCompletions.create", "chat.asyncCompletions.retrieve_completion_result", *LATER),
    ("images.async_generations", "images.retrieve_images_result", *LATER),
    ("videos.generations", "videos.retrieve_videos_result", *LATER),
    ("batches.create", "batches.retrieve", "/paas/v4/batches/b1", {"id": "b1", "status": "in_progress"},
     {"status": "completed"}, {"status": "failed", "errors": {"data": [WHY]}}),
    ("fine_tuning.jobs.create", "fine_tuning.jobs.retrieve", "/paas/v4/fine_tuning/jobs/j1",
     {"id": "j1", "status": "running"}, {"status": "succeeded"}, {"status": "failed", "error": WHY}),
    ("file_parser.create", "file_parser.result", "/paas/v4/files/parser/result/p1/text",
     {"task_id": "p1", "status": "processing"}, {"status": "succeeded"}, {"status": "failed", "message": "失败了"}),
    ("agents.invoke", "agents.async_result", "/v1/agents/async-result", AGENT,
     {"status": "success"}, {"status": "failed", "error": WHY}),
]  # fmt: skip


class WaitTest(EndpointsTest):
    def setUp(self) -> None:
        super().setUp()
        self.task = zhipuai_lite.VideoObject(PROCESSING)
        self.known = {each.name: each for each in interfaces()}

    def call(self, name: str, body: dict[str, Any]) -> Any:
        """What an interface makes of an answer."""
        self.reply(body)
        return self.known[name].of(self.zhipu)(**self.known[name].arguments(self.known[name].required))

    def test_every_kind_of_task_is_waited_for(self) -> None:
        for start, poll, path, running, done, failed in TASKS:
            done, failed = {**running, **done}, {**running, **failed}
            with self.subTest(start):
                task = self.call(start, {"task_id": "p1", "success": True} if "parser" in start else running)
                self.requests.clear()
                self.slept.clear()
                for body in (running, running, done):
                    self.reply(body)
                seen: list[Any] = []
                more = {"custom_variables": {"pages": 1}} if running == AGENT else {}
                result = self.zhipu.wait(task, on_update=seen.append, **more)
                self.assertEqual((result, self.slept), (done, [1, 1.5, 2.25]))
                self.assertEqual((seen, seen[-1] is result), ([running, running, done], True))
                self.assertIs(self.zhipu.wait(result), result)  # what has finished is returned at once
                asked = [(request.method, request.path) for request in self.requests]
                self.assertEqual(asked, [(self.known[poll].method, "/api" + path)] * 3)
                if running == AGENT:
                    self.assertEqual({**self.last.json, "status": "pending"}, {**AGENT, **more})
                for body in (running, done, failed):  # whoever asks himself gets what is answered
                    state = self.call(poll, body)
                    self.assertEqual({name: getattr(state, name) for name in body}, body)
                self.reply(failed)
                message = "失败了" if "失败了" in str(failed) else "(?i:fail)"
                error = self.fails(f"APIResponseError.*{message}", self.zhipu.wait, task)
                self.assertEqual(error.code, "1210" if "1210" in str(failed) else None)
                self.assertTrue(error.json_data)

    def test_states_that_end_a_wait(self) -> None:
        self.server.default = lambda request: answer(SUCCESS)
        for task in (zhipuai_lite.AsyncCompletion(SUCCESS), zhipuai_lite.AgentsCompletion(choices=[{"index": 0}])):
            self.assertIs(self.zhipu.wait(task), task)
        shapes: list[Any] = ["kaputt", ["kaputt"], {"data": "kaputt"}, {"data": {"message": "kaputt"}}]
        failures: list[Any] = [{"status": "failed", "errors": errors} for errors in shapes]
        for body in [*failures, {"status": "expired"}, {"status": "cancelled"}]:
            reason = "kaputt" if "errors" in body else body["status"]
            self.fails(f"APIResponseError.*{reason}", self.zhipu.wait, zhipuai_lite.Batch(body, id="b"))
        self.assertEqual((self.requests, self.slept), ([], []))
        for status in ("finalizing", "cancelling", "completed"):  # only the last
            self.reply({"id": "b1", "status": status})
        self.assertEqual(self.zhipu.wait(zhipuai_lite.Batch(id="b1", status="in_progress")).status, "completed")

    def test_intervals_grow_to_half_a_minute(self) -> None:
        for interval, count in ((1, 12), (60, 2), (0, 5)):
            self.reply(PROCESSING, times=count)
            self.reply(SUCCESS)
            self.slept.clear()
            self.zhipu.wait(self.task, timeout=None, interval=interval)
            self.assertEqual((self.slept, self.slept[0], len(self.slept)), (sorted(self.slept), interval, count + 1))
            self.assertTrue(self.slept[1] > 0.1 and (not interval or self.slept[-1] == max(30, interval)), self.slept)
        self.reply(SUCCESS)
        self.zhipu.wait(self.task, timeout=5, interval=60)
        self.assertTrue(4 < self.slept[-1] <= 5, self.slept)

    def test_waiting_is_bounded(self) -> None:
        self.server.default = lambda request: answer(PROCESSING)
        with mock.patch.object(zhipuai_lite, "_sleep", time.sleep):
            self.fails("APITimeoutError", self.zhipu.wait, self.task, timeout=0.06, interval=0.05)
        self.assertIn(len(self.requests), (1, 2))
        self.fails("APITimeoutError.*processing", self.zhipu.wait, self.task, timeout=0)
        self.server.raw(STALL)  # a question that is not answered ends with it, too
        self.fails("APITimeoutError", self.client(self.server, timeout=None).wait, self.task, timeout=0.2, interval=0.1)

    def test_what_is_wrong_raises(self) -> None:
        wait, nan = self.zhipu.wait, float("nan")
        for body in (b"[]", b"null"):
            self.reply(body, headers={"Content-Type": "a/json"})
            self.fails("APIResponseError", wait, self.task)
        self.reply(error_body("1233", "任务不存在"), 400)
        self.fails("BadRequestError.*任务不存在", wait, self.task)
        wrong: dict[str, Any] = {"interval": ("x", None, -1, nan, True), "timeout": ("x", -1, nan), "on_update": (5,)}
        for name, value in ((key, value) for key in wrong for value in wrong[key]):
            with self.subTest(name=name, value=value):
                self.refused(name, wait, self.task, **{name: value})
        for task in (None, "id", {"id": "1"}, Completion(id="1")):
            self.refused("task", wait, task)
        self.refused("id", wait, zhipuai_lite.VideoObject(task_status="PROCESSING"))


# ======================================================================================================================
# Clients
# ======================================================================================================================


class ClientTest(EndpointsTest):
    def test_arguments_win_over_the_environment(self) -> None:
        os.environ.update(ZHIPUAI_API_KEY=f" {KEY}\n", ZHIPUAI_BASE_URL=self.server.origin + "/gateway")
        ask(ZhipuAI())
        self.assertEqual((self.last.path, self.last.token.count(".")), ("/gateway/chat/completions", 2))
        ask(ZhipuAI(api_key="sk-argument", base_url=self.server.url))
        self.assertEqual((self.last.path, self.last.token), ("/api/paas/v4/chat/completions", "sk-argument"))
        del os.environ["ZHIPUAI_BASE_URL"]
        names = "api_key base_url timeout max_retries http_client custom_headers disable_token_cache source_channel"
        client = ZhipuAI(**dict.fromkeys(names.split()))  # None is the default
        found = str(client.base_url), client.max_retries, client.timeout
        self.assertEqual(found, ("https://open.bigmodel.cn/api/paas/v4/", 3, None))

    def test_unusable_key_is_refused_without_repeating_it(self) -> None:
        os.environ["ZHIPUAI_API_KEY"] = ""
        for key in (None, "", "  \n"):
            self.fails("(?=.*api_key).*ZHIPUAI_API_KEY", ZhipuAI, api_key=key)
        for end in ("\nx", " x", "\x00x", "密x", "\x7f", "\u2028x"):
            error = self.fails("ValueError.*ZHIPUAI_API_KEY", ZhipuAI, api_key="id.secret" + end)
            self.assertNotIn("secret", str(error) + repr(error))
            self.assertIsInstance(error, zhipuai_lite.ZhipuAIError)
        for wrong in (b"secret", 5, ["secret"]):
            self.assertNotIn("secret", str(self.fails("TypeError.*api_key", ZhipuAI, api_key=wrong)))
        self.fails("TypeError", ZhipuAI, KEY)

    def test_base_url_in_all_spellings(self) -> None:
        url, origin = self.server.url, self.server.origin
        httpx_url = mock.Mock(__str__=lambda self: url)
        for spelling in (url[:-1], httpx_url, f" {url} ", url.replace("http:", "HTTP:"), origin):
            ask(self.client(base_url=spelling))
            expected = "" if spelling is origin else "/api/paas/v4"
            self.assertEqual(self.last.path, expected + "/chat/completions")

    def test_constructor_does_no_work(self) -> None:
        for name in ("ssl.create_default_context", "socket.getaddrinfo"):
            self.enter(mock.patch(name, side_effect=AssertionError))
        ZhipuAI(api_key=KEY)

    def test_closing(self) -> None:
        with self.client(self.server) as client:
            self.assertFalse(client.is_closed())
            ask(client)
        self.assertTrue(client.is_closed())
        client.close()
        self.fails("ZhipuAIError.*closed", ask, client)
        self.assertEqual(len(self.requests), 1)
        ask(self.zhipu)  # the other client goes on

    def test_client_can_be_subclassed_copied_and_pickled(self) -> None:
        class Gateway(ZhipuAI):
            def __init__(self, tenant: str, **options: Any) -> None:
                headers = {"X-Tenant": tenant, "user-agent": "mine/1"}
                super().__init__(custom_headers=headers, source_channel="my-app", **options)

        with Gateway("t1", api_key=KEY, base_url=self.server.url) as client:
            ask(client)
            self.assertEqual(client._default_headers["X-Tenant"], "t1")
        for name, value in {"x-tenant": "t1", "user-agent": "mine/1", "x-source-channel": "my-app"}.items():
            self.assertEqual(self.last.headers[name], value)
        program = "class Mine(ZhipuAI):\n    region: str = 'cn'\n    number: 'int' = 1\n"
        mine = self.execute(program, {"ZhipuAI": ZhipuAI})["Mine"](api_key=KEY, base_url=self.server.url)
        self.assertEqual((ask(mine).id, mine.region), ("1", "cn"))
        other = self.client(self.server, custom_headers={"X-One": "1"}, timeout=(5, 6), max_retries=1)
        ask(other)
        twin = pickle.loads(pickle.dumps(other))
        ask(twin)
        self.assertEqual((self.last.headers["x-one"], twin.timeout, twin.max_retries), ("1", (5, 6), 1))
        twin.close()
        ask(copy.copy(other))

    def test_clients_of_zai(self) -> None:
        os.environ.update(ZHIPUAI_API_KEY="sk-zhipu", ZAI_API_KEY="sk-zai")
        for kind, address, language in (
            (zhipuai_lite.ZhipuAiClient, "https://open.bigmodel.cn/api/paas/v4/", None),
            (zhipuai_lite.ZaiClient, "https://api.z.ai/api/paas/v4/", "en-US,en"),
        ):
            self.assertEqual(kind().base_url, address)
            with mock.patch.dict(os.environ, ZAI_BASE_URL=self.server.url), kind() as client:
                client.agents.invoke("a")
            self.assertEqual((self.last.path, self.last.token), ("/api/v1/agents", "sk-zai"))
            self.assertEqual(self.last.headers.get("accept-language"), language)

    def test_exported_names_are_what_users_import(self) -> None:
        bases = "ZhipuAI AsyncZhipuAI Model Stream AsyncStream SyncCursorPage AsyncPage Response".split()
        kinds = (Exception, *(getattr(zhipuai_lite, base) for base in bases))
        own = {name: value for name, value in vars(zhipuai_lite).items() if name[0] != "_" and isinstance(value, type)}
        names = [name for name, value in own.items() if issubclass(value, kinds) and value.__module__ == "zhipuai_lite"]
        names += ["generate_token", "install_as_zhipuai", "offline", "NOT_GIVEN", "NotGiven"]
        self.assertEqual(sorted(zhipuai_lite.__all__), sorted(names))
        self.assertLessEqual({each.result for each in interfaces()}, set(names))
        self.assertIsInstance(get_type_hints(self.zhipu.chat.completions.create), dict)
        if sys.version_info >= (3, 10):  # where the text of the annotations can be evaluated
            self.assertIs(get_type_hints(Completion)["usage"], zhipuai_lite.CompletionUsage)

    def test_not_given_is_falsy_and_one(self) -> None:
        self.assertEqual((bool(NOT_GIVEN), repr(NOT_GIVEN)), (False, "NOT_GIVEN"))
        for twin in (pickle.loads(pickle.dumps(NOT_GIVEN)), copy.deepcopy(NOT_GIVEN), zhipuai_lite.NotGiven()):
            self.assertIs(twin, NOT_GIVEN)


# ======================================================================================================================
# The asynchronous client
# ======================================================================================================================

SOON = {"Retry-After": "0.01"}
HALF = [head(200, {"Content-Length": "9"}) + b"{"]
in_stream = functools.partial(ask, stream=True)
in_time = (PATIENCE, 0.05)


def page(*identifiers: str, more: bool = False) -> list[Step]:
    return answer({"data": [{"id": identifier} for identifier in identifiers], "has_more": more})


def batches(client: Any) -> Any:
    return client.batches.list(limit=2)


def content(client: Any) -> Any:
    return client.files.content("f")


#: What both clients make the same of: name, answers (the last one comes again), call, retries.
SCENARIOS: list[tuple[str, list[list[Step]], Callable[[Any], Any], int]] = [
    ("result", [answer(completion())], ask, 0),
    ("misspelt parameter", [], functools.partial(ask, modle="m"), 0),
    *[(str(status), [answer(status != 304 or None, status, SOON)], ask, 2) for status, _ in STATUS_ERRORS],
    ("cut-off answer", [[*HALF, CLOSE]], ask, 0),
    ("late answer", [answer(status=503, headers=SOON), answer(completion())], ask, 2),
    ("no answer in time", [[STALL]], functools.partial(ask, timeout=in_time), 0),
    ("chunks", [stream(sse(chunk("你"), chunk("好")), chunk("！", "stop"), DONE)], in_stream, 0),
    ("cut-off stream", [stream(chunk("a"), CLOSE)], in_stream, 2),
    ("failing stream", [stream(chunk("a"), error_body("1301", "敏感"), DONE)], in_stream, 2),
    ("no chunk in time", [stream(chunk("a"), STALL)], functools.partial(in_stream, timeout=in_time), 0),
    ("pages", [page("a", "b", more=True), page("c")], batches, 0),
    ("missing page", [page("a", more=True), answer(status=404)], batches, 0),
    ("cut-off file", [[*HALF, CLOSE]], content, 0),
]


class AsyncClientTest(TestCase):
    """Calls as of `ZhipuAI`, at the same time, ended early; and nothing stays behind."""

    def setUp(self) -> None:
        super().setUp()
        self.threads = set(threading.enumerate())
        self.server, self.other = self.serve(), self.serve()
        self.server.default = lambda request: [STALL] if b'"silence"' in request.body else answer(completion())
        self.addCleanup(self.nothing_is_left)

    def nothing_is_left(self) -> None:
        """No thread outlives its client; no connection ended only because the server lost its patience."""
        self.threads_end()
        self.assertEqual([error for error in self.server.errors if isinstance(error, socket.timeout)], [])

    def threads_end(self) -> None:
        until(lambda: all(t.name.startswith("test ") for t in {*threading.enumerate()} - self.threads), "threads end")

    def async_client(self, **options: Any) -> Any:
        defaults = {"api_key": KEY, "base_url": self.server.url, "timeout": 2 * PATIENCE, "max_retries": 0}
        client = AsyncZhipuAI(**{**defaults, **options})
        self.addCleanup(lambda: asyncio.run(client.aclose()))
        return client

    def run_in_loop(self, scenario: Any) -> Any:
        """The result of a coroutine in a new loop, in which no error is left behind."""
        unhandled: list[Any] = []

        async def main() -> Any:
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda loop, context: unhandled.append(context))
            loop.slow_callback_duration = PATIENCE  # before `-X dev` complains
            return await asyncio.wait_for(scenario, PATIENCE)

        result = asyncio.run(main())
        self.assertEqual(unhandled, [])
        return result

    def run_with_client(self, scenario: Callable[[Any], Any], **options: Any) -> Any:
        return self.run_in_loop(scenario(self.async_client(**options)))

    async def until(self, condition: Callable[[], Any]) -> None:
        """As `until()`, while the loop goes on."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, "in vain")
            await asyncio.sleep(0.001)

    async def begun(self, call: Any) -> Any:
        """The task of a call, after some turns of the loop."""
        task = asyncio.ensure_future(call)
        for _ in range(10):
            await asyncio.sleep(0)
        return task

    async def cancel(self, task: Any) -> None:
        """Cancels a task; it must end at once, and for no other reason."""
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task

    async def is_closed(self, *tasks: Any) -> None:
        for task in tasks:
            with self.assertRaisesRegex(zhipuai_lite.ZhipuAIError, r"The client is closed\."):
                await task

    # --- as the synchronous client

    async def outcome(self, client: Any, call: Callable[[Any], Any]) -> Any:
        """What a call comes to: what is received, errors (which pickle) included, and sent."""
        count, is_sync = len(self.server.requests), isinstance(client, ZhipuAI)
        received: list[Any] = []
        try:
            result = call(client) if is_sync else await call(client)
            if isinstance(result, zhipuai_lite.BinaryResponse):
                received.append(result.read() if is_sync else await result.aread())
            elif isinstance(result, zhipuai_lite.Response):
                received.append(result.status_code)
            elif is_sync and isinstance(result, (zhipuai_lite.Stream, zhipuai_lite.SyncCursorPage)):
                received.extend(iter(result))
            elif hasattr(type(result), "__aiter__"):
                async for item in result:
                    received.append(item)  # noqa: PERF401  # what came before an error counts
            else:
                received.append(result)
        except (zhipuai_lite.ZhipuAIError, TypeError) as error:
            for each in (error, pickle.loads(pickle.dumps(error))):
                received += [str(each), *(str(getattr(each, name, "")) for name in ("code", "status_code", "response"))]
                received.append(type(each))
        requests = self.server.requests[count:]
        sent = [(request.method, request.target, {*request.headers}, len(request.body)) for request in requests]
        return [(type(each), each) for each in received], sent

    def test_calls_come_to_the_same_as_those_of_the_synchronous_client(self) -> None:
        def least_call(interface: Interface) -> Any:
            arguments = interface.arguments(interface.required)
            return interface.name, [interface.answer()], lambda client: interface.of(client)(**arguments), 0

        for name, answers, call, retries in [*SCENARIOS, *map(least_call, interfaces())]:
            with self.subTest(name):
                outcomes = []
                for kind in (self.client, self.async_client):
                    script = [*answers]
                    self.server.default = lambda _, script=script: script.pop(0) if script[1:] else script[0]  # type: ignore[misc]
                    client: Any = kind(base_url=self.server.url, timeout=2 * PATIENCE, max_retries=retries)
                    outcomes.append(self.run_in_loop(self.outcome(client, call)))
                self.assertEqual(*outcomes)
                self.assertEqual(len(outcomes[0][1]) > 0, len(answers) > 0)

    def test_call_that_is_not_awaited_is_named_in_the_warning(self) -> None:
        async def scenario(client: Any) -> None:
            with self.assertWarnsRegex(RuntimeWarning, r"'Completions\.create' was never awaited"):
                ask(client)
                gc.collect()

        self.run_with_client(scenario)
        self.assertEqual(self.server.requests, [])

    def test_much_goes_both_ways_through_a_proxy_over_tls(self) -> None:
        server = self.serve(tls=server_context())
        data, path = os.urandom(1 << 20) * 4, self.file("f", b"old")
        server.answer({"id": "f"})
        server.answer(data, times=3)
        os.environ["https_proxy"] = f"http://user:right@{self.proxy(server, 'user:right').address}"

        async def scenario(client: Any) -> None:
            await client.files.create(file=("f", data), purpose="batch")
            await (await content(client)).astream_to_file(path)
            self.assertEqual(await (await content(client)).aread(), data)
            blocks = [block async for block in (await content(client)).aiter_bytes(700_000)]
            self.assertEqual((b"".join(blocks), {*map(len, blocks[:-1])}), (data, {700_000}))

        context = ssl.create_default_context(cadata=CA_PEM)
        self.run_with_client(scenario, base_url="https://platform.test/", ssl_context=context)
        self.assertIn(data, server.requests[0].body)
        self.assertEqual(pathlib.Path(path).read_bytes(), data)
        self.assertEqual(server.connections, 1)

    def test_pages_are_fetched_one_by_one(self) -> None:
        for number in range(3):
            self.server.raw(*page(str(number), more=number < 2))

        async def scenario(client: Any) -> Any:
            second = await (await batches(client)).get_next_page()
            return [[batch.id for batch in each.data] async for each in second.iter_pages()]

        self.assertEqual(self.run_with_client(scenario), [["1"], ["2"]])

    def test_wait_polls_until_the_task_is_done(self) -> None:
        running, updates = {"id": "t", "task_status": "PROCESSING"}, []
        for status in ("PROCESSING", "SUCCESS"):
            self.server.answer(dict(running, task_status=status))
        self.server.default = lambda request: answer(running)

        def update(task: Any) -> None:
            updates.append((task.task_status, threading.get_ident()))

        async def scenario(client: Any) -> None:
            wait = functools.partial(client.wait, zhipuai_lite.VideoObject(running), interval=0.001)
            self.assertEqual((await wait(on_update=update)).task_status, "SUCCESS")
            with self.assertRaises(zhipuai_lite.APITimeoutError):
                await wait(timeout=0.02)
            await self.cancel(await self.begun(wait(interval=60)))

        self.run_with_client(scenario)
        self.assertEqual(updates, [(status, threading.get_ident()) for status in ("PROCESSING", "SUCCESS")])

    # --- streams

    def test_stream_that_is_left_is_closed(self) -> None:
        async def raising(left: Any) -> None:
            with self.assertRaises(KeyError):
                async with left as entered:
                    async for _ in entered:
                        raise KeyError("consumer")

        async def closed_under_its_readers(left: Any) -> None:
            await left.__anext__()
            readers = [await self.begun(left.__anext__()) for _ in range(2)]
            await left.aclose()
            for reader in readers:
                with self.assertRaises((StopAsyncIteration, RuntimeError, zhipuai_lite.ZhipuAIError)):
                    await reader

        async def scenario(client: Any) -> None:
            for leave in (raising, closed_under_its_readers):
                with self.subTest(leave.__name__):
                    self.server.stream(chunk("a"), STALL)
                    left = await in_stream(client)
                    await leave(left)
                    self.server.until_idle()
                    self.assertEqual([item async for item in left], [])

        self.run_with_client(scenario, max_connections=1)

    def test_stream_whose_reading_was_given_up_does_not_look_ended(self) -> None:
        self.server.stream(chunk("a"), STALL)

        async def scenario(client: Any) -> None:
            chunks = await in_stream(client)
            await chunks.__anext__()
            for call in (chunks.__anext__, functools.partial(ask, client, model="silence")):
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(call(), 0.05)
                self.server.until_idle()
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                await chunks.__anext__()
            await ask(client)

        self.run_with_client(scenario, max_connections=1)

    async def count(self, chunks: Any) -> int:
        return len([None async for _ in chunks])

    def flood(self, connection: Connection) -> None:
        """Step: 1,000 chunks, 48 MB, more than all buffers hold; `self.sent` counts them."""
        for self.sent in range(1, 1001):
            connection.send(http_chunk(sse(chunk("x" * 48_000))))

    def test_slow_reader_holds_back_the_server_and_nobody_else(self) -> None:
        self.server.stream(self.flood, DONE)

        async def scenario(client: Any) -> Any:
            chunks, sent = await in_stream(client), -1
            await chunks.__anext__()
            while sent != self.sent:
                sent = self.sent
                await asyncio.sleep(0.3)
            self.assertLess(sent, 1000)
            rest = asyncio.ensure_future(chunks.get_final_completion())
            await asyncio.gather(*[ask(client) for _ in range(5)])
            return (await rest).choices[0].message.content  # of the chunk that was taken, too

        self.assertEqual(len(self.run_with_client(scenario)), 48_000_000)

    def test_silent_streams_hold_up_nobody(self) -> None:
        self.server.default = lambda request: stream(STALL) if request.json.get("stream") else answer(completion())

        async def scenario(client: Any) -> None:
            silent = await asyncio.gather(*[in_stream(client) for _ in range(64)])
            reading = [asyncio.ensure_future(each.__anext__()) for each in silent]
            await asyncio.gather(*[ask(client) for _ in range(8)])
            await client.aclose()
            await self.is_closed(*reading)

        self.run_with_client(scenario)

    def test_what_is_forgotten_frees_its_place(self) -> None:
        silent, flooded, file = stream(chunk("a"), STALL), stream(self.flood), [*HALF, STALL]
        for call, steps, is_read in (
            (in_stream, silent, False),
            (in_stream, silent, True),
            (in_stream, flooded, True),
            (content, file, False),
            (content, file, True),
        ):

            async def scenario(client: Any, call: Any = call, steps: Any = steps, is_read: bool = is_read) -> None:
                held = [await call(client)]
                if is_read:
                    held[0] = held[0].aiter_bytes(1) if call is content else held[0]
                    await held[0].__anext__()
                queued = await self.begun(ask(client))
                self.assertFalse(queued.done() and call is in_stream)
                thread = threading.Thread(target=held.clear)
                (thread.run if is_read else thread.start)()
                gc.collect()
                await queued
                if steps is not flooded:  # whose server notices only when it writes on
                    self.server.until_idle(1)

            with self.subTest(steps=steps, is_read=is_read):
                self.server.raw(*steps)
                self.run_with_client(scenario, max_connections=1)
                self.server.drop_connections()

    # --- calls at the same time

    def test_two_hundred_calls_of_eight_loops_share_ten_places(self) -> None:
        go_on, results = threading.Event(), []
        self.server.default = lambda request: [WAIT(go_on), *answer({"id": request.json["model"]})]
        client = self.async_client(max_connections=10)

        async def scenario(first: int) -> None:
            answers = await asyncio.gather(*[ask(client, model=str(first + each)) for each in range(25)])
            results.append([int(each.id) - first for each in answers])

        threads = [threading.Thread(target=self.run_in_loop, args=(scenario(n),)) for n in range(0, 200, 25)]
        for thread in threads:
            thread.start()
        self.server.until_requests(10)
        go_on.set()
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual(results, [[*range(25)]] * 8)
        self.assertEqual(self.server.connections, 10)

    def test_first_come_is_first_served(self) -> None:
        self.server.stream(chunk("a"), STALL)

        async def scenario(client: Any) -> None:
            first = await in_stream(client)
            queued = [asyncio.ensure_future(ask(client, model=str(number))) for number in range(20)]
            await first.__anext__()
            await self.cancel(queued.pop(1))
            await first.aclose()
            await asyncio.gather(*queued)

        self.run_with_client(scenario, max_connections=1)
        models = [request.json["model"] for request in self.server.requests[1:]]
        self.assertEqual(models, ["0", *map(str, range(2, 20))])

    def test_call_cancelled_as_its_turn_comes_passes_it_on(self) -> None:
        async def scenario(client: Any) -> None:
            for turns in range(8):  # between the end of the first call and the cancellation
                first, second, third = (asyncio.ensure_future(ask(client)) for _ in range(3))
                await first
                for _ in range(turns):
                    await asyncio.sleep(0)
                second.cancel()
                await asyncio.wait([second])
                await third

        self.run_with_client(scenario, max_connections=1)

    # --- calls that end early

    def phases(self) -> Iterator[tuple[str, Callable[[Any], Any], dict[str, Any]]]:
        """Where a call can be when it ends early, the call, its client's options; `reached` is set when it is there."""
        server, here, real = self.server, SET(self.reached), socket.getaddrinfo
        hear: Any = Connection.receive
        tls, context = STARTTLS(server_context()), ssl.create_default_context(cadata=CA_PEM)

        def hold_up() -> None:
            if not self.reached.is_set():
                released = threading.Event()
                self.held_up.callback(released.set)
                self.reached.set()
                released.wait(PATIENCE)

        def look_up(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
            if os.fsencode(host) == b"slow.test":
                host = "127.0.0.1"
                if ports:
                    self.reached.set()
                    port = ports.pop()
                else:
                    hold_up()
            return real(host, port, *arguments, **options)

        def then(*steps: Step) -> Step:  # the next connection begins with these
            return lambda connection: setattr(server, "greeting", [*steps])

        async def queued(client: Any) -> None:
            held = await in_stream(client)
            self.reached.set()
            await ask(client)
            del held

        server.stream(STALL)
        yield "queued", queued, {}

        slow, ports = {"base_url": f"http://slow.test:{server.port}/"}, []
        with mock.patch("socket.getaddrinfo", look_up):
            yield "looking up", ask, slow
            ports.append(self.held_up.enter_context(unanswering_port()))
            yield "connecting", ask, slow

        server.greeting = [hear, then(tls), here, STALL]
        yield "TLS handshake", ask, {"base_url": f"https://127.0.0.1:{server.port}/", "ssl_context": context}
        server.greeting = []

        server.default = lambda request: [head(200), tls] if request.method == "CONNECT" else answer(completion())
        server.raw(here, STALL)
        with mock.patch.dict(os.environ, https_proxy=server.origin):
            yield "tunnel", ask, {"base_url": "https://platform.test/", "ssl_context": context}

        server.greeting = [hear, then(), here, WAIT(self.ended), STALL]
        yield "sending", functools.partial(ask, user_id="x" * (12 << 20)), {}  # more than the system's buffers hold

        class SlowFile(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                hold_up()
                return super().read(size)

        yield "reading a file", lambda client: client.files.create(file=SlowFile(b"{}"), purpose="batch"), {}

        server.raw(here, WAIT(self.ended), CLOSE)  # only the opener knows it
        yield "http_client", ask, {"http_client": urllib.request.build_opener()}

        server.raw(*answer(status=429, headers={"Retry-After": "60"}), here, CLOSE)
        yield "between tries", ask, {"max_retries": 1}

        path = self.file("f", b"old")

        async def read(client: Any, begin: Any = in_stream) -> None:
            result = await begin(client)
            await self.count(result.aiter_bytes() if begin is content else result)

        async def save(client: Any) -> None:
            await (await content(client)).astream_to_file(path)

        opened, of_file = stream(chunk("a"))[:2], functools.partial(read, begin=content)
        for call, steps in ((ask, []), (ask, HALF), (read, opened), (of_file, HALF), (save, HALF)):
            server.raw(*steps, here, STALL)
            yield f"{call} after {steps}", call, {}
        until(lambda: os.listdir(os.path.dirname(path)) == ["f"], "half a file is removed")
        self.assertEqual(pathlib.Path(path).read_bytes(), b"old")

    def end_in_each_phase(self, end: Callable[[Any, Any], Any]) -> None:
        """Its connection is closed at once, its place is free, and nothing more is sent."""
        self.reached, self.ended, self.held_up = threading.Event(), threading.Event(), contextlib.ExitStack()
        self.addCleanup(self.held_up.close)

        async def scenario(client: Any, call: Any) -> None:
            task = asyncio.ensure_future(call(client))
            await self.until(lambda: task.done() or self.reached.is_set())
            await ask(self.async_client(base_url=self.other.url))  # other calls go on
            await end(client, task)

        for name, call, options in self.phases():
            with self.subTest(name):
                client = self.async_client(max_connections=1, **options)
                self.run_in_loop(scenario(client, call))
                self.ended.set()
                gc.collect()
                self.server.until_idle()
                count = len(self.server.requests)
                self.held_up.close()
                if not client.is_closed():
                    self.run_in_loop(ask(client, model="after"))
                self.run_in_loop(client.aclose())
                self.server.until_idle()
                self.threads_end()
                later = [request for request in self.server.requests[count:] if request.method != "CONNECT"]
                self.assertLessEqual({request.json["model"] for request in later}, {"after"})
            self.reached.clear()
            self.ended.clear()

    def test_cancelled_call_ends_at_once_in_each_phase(self) -> None:
        self.end_in_each_phase(lambda client, task: self.cancel(task))

    def test_closing_breaks_off_the_call_in_each_phase(self) -> None:
        async def close(client: Any, task: Any) -> None:
            await client.aclose()
            await self.is_closed(task)

        self.end_in_each_phase(close)

    def test_closing_ends_the_calls_of_all_loops_and_refuses_further_ones(self) -> None:
        client = self.async_client(max_connections=1)

        async def scenario() -> None:
            await self.is_closed(*[asyncio.ensure_future(ask(client, model="silence")) for _ in range(3)])

        async def close() -> None:
            async with client:
                await client.aclose()
            self.assertTrue(client.is_closed())
            await self.is_closed(ask(client))

        thread = threading.Thread(target=self.run_in_loop, args=(scenario(),))
        thread.start()
        self.server.until_requests(1)
        self.run_in_loop(close())
        thread.join(PATIENCE)
        self.assertEqual(len(self.server.requests), 1)

    # --- several loops, threads, processes

    def test_loops_one_after_the_other_share_a_connection_and_the_places(self) -> None:
        client = self.async_client(max_connections=1)

        async def scenario() -> None:
            self.server.stream(chunk("a"), DONE)
            self.assertEqual(await self.count(await in_stream(client)), 1)
            await asyncio.gather(ask(client), ask(client))

        for _ in range(3):
            self.run_in_loop(scenario())
        self.assertEqual((len(self.server.requests), self.server.connections), (9, 1))

    def test_what_a_loop_leaves_behind_keeps_no_place(self) -> None:
        async def calls(client: Any) -> Any:
            tasks = [asyncio.ensure_future(ask(client, model="silence")) for _ in range(3)]
            await self.until(lambda: self.server.requests)
            return tasks

        async def queued(client: Any) -> Any:
            self.server.stream(chunk("a"), STALL)
            return await in_stream(client), await self.begun(ask(client))

        loops: Any = weakref.WeakSet()
        for leave in (calls, queued):
            with self.subTest(leave.__name__):
                client, loop = self.async_client(max_connections=1), asyncio.new_event_loop()
                loop.set_exception_handler(lambda loop, context: None)  # that tasks were destroyed
                left = loop.run_until_complete(leave(client))
                if leave is queued:  # its turn comes, but its loop never runs again
                    self.run_in_loop(left[0].aclose())
                loop.close()
                loops.add(loop)
                del left, loop
                gc.collect()
                if leave is calls:  # one whose turn came is answered by its thread
                    self.server.until_idle()
                self.run_in_loop(ask(client))
                self.run_in_loop(client.aclose())
        until(lambda: gc.collect() < 0 or not loops, "closed loops are forgotten")

    def run_quietly(self, scenario: str) -> None:
        """Runs a program: it must succeed, and print nothing."""
        program = f"""if True:
            import asyncio, logging, os, socket, threading, warnings, zhipuai_lite
            logging.getLogger("asyncio").setLevel("ERROR")  # a busy machine is slow
            begun = threading.Event()
            def ask(client=zhipuai_lite.AsyncZhipuAI(max_connections=1), model="m", **options):
                return client.chat.completions.create(model=model, messages=[], **options)
            async def main():
                {scenario}
            asyncio.run(main())"""
        variables = {"ZHIPUAI_API_KEY": KEY, "ZHIPUAI_BASE_URL": self.server.url, "PYTHONPATH": os.path.dirname(MODULE)}
        ended = self.run_python("-c", program, env=variables)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr.decode()), (0, b"", ""))

    def test_client_that_was_never_closed_lets_the_interpreter_end(self) -> None:
        self.server.stream(chunk("a"), STALL)
        blocked = """
                socket.getaddrinfo = lambda *arguments, **options: begun.set() or threading.Event().wait()
                task = asyncio.ensure_future(ask())
                while not begun.is_set():
                    await asyncio.sleep(0.001)"""
        for scenario in ("async for _ in await ask(stream=True): break", "await ask()", blocked):
            with self.subTest(scenario):
                self.run_quietly(scenario)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_forked_child_leaves_its_parents_calls_alone(self) -> None:
        child_is_done = threading.Event()
        self.server.stream(chunk("a"), WAIT(child_is_done), chunk("b"), DONE)
        steps = {"last child": [SET(child_is_done)]}
        self.server.default = lambda request: [*steps.get(request.json["model"], []), *answer(completion())]
        self.run_quietly("""
                warnings.simplefilter("ignore")  # of Python 3.12 about forks beside threads
                client, another = zhipuai_lite.AsyncZhipuAI(max_connections=1), zhipuai_lite.AsyncZhipuAI()
                async def in_child():
                    await asyncio.gather(ask(client, "child"), ask(client, "child"), ask(another, "child"))
                    await client.aclose()
                    await ask(another, "last child")
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
                await asyncio.gather(ask(client, "parent"), ask(another, "parent"))""")
        used = [(r.connection, "child" in r.json["model"]) for r in self.server.requests]
        self.assertEqual(len(used), 8)
        self.assertEqual(len({connection for connection, _ in used}), len({*used}))
        self.assertEqual(len({connection for connection, in_child in used if not in_child}), 2)


# ======================================================================================================================
# Command line
# ======================================================================================================================

try:
    import pty
except ImportError:
    pty = None  # type: ignore[assignment]

C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
THOUGHT = chunk(delta={"reasoning_content": "想一想"})


class OfflineTest(TestCase):
    def test_it_answers_and_leaves_nothing_behind(self) -> None:
        os.environ.update(dict.fromkeys(("http_proxy", "HTTP_PROXY", "ALL_PROXY"), "http://127.0.0.1:1"))
        before, threads = dict(os.environ), threading.active_count()
        whole: Any = None
        pieces: Any = None
        answers: Any = None
        with mock.patch("socket.getfqdn", side_effect=AssertionError), self.assertRaises(
            KeyError
        ), zhipuai_lite.offline() as client, ThreadPoolExecutor(8) as executor:
            whole = ask(client).choices
            pieces = contents(ask(client, stream=True))
            answers = list(executor.map(lambda number: ask(client).choices, range(32)))
            raise KeyError
        self.assertIn("你好", whole[0].message.content)
        self.assertEqual(("".join(filter(None, pieces)), whole[0].finish_reason), (whole[0].message.content, "stop"))
        self.assertGreater(len(pieces), 5)
        self.assertEqual(answers, [whole] * 32)
        self.assertEqual(os.environ, before)
        until(lambda: threading.active_count() == threads, "its threads end")
        with self.assertRaisesRegex(zhipuai_lite.ZhipuAIError, "closed"):
            ask(client)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(client.base_url).port or 0))

    def test_it_answers_every_request(self) -> None:
        chat, messages = "chat/completions", {"messages": MESSAGES}
        bodies: list[Any] = [{"messages": [{}]}, {"messages": []}, {"messages": {}}, {"messages": [""]}, {}, [], None]
        cases: list[Any] = [("POST", chat, {"body": body}, 400, "1213") for body in bodies]
        cases += [("POST", chat, {"files": {"file": b"no JSON"}}, 400, "1213"), ("GET", chat, {}, 400, "1213")]
        cases += [("POST", "embeddings", {"body": {}}, 404, "404"), ("DELETE", "files/1", {}, 404, "404")]
        cases += [("GET", "", {}, 404, "404"), ("REPORT", chat, {}, 501, "Unsupported method ('REPORT')")]
        with zhipuai_lite.offline() as client:
            stale = generate_token(client.api_key, timestamp=time.time() - 7200)
            for token in ("", "x", "a.b.c", "a.e30.c", "a.W10.c", stale, generate_token(f"offline.{SECRET}")):
                options = {"body": messages, "extra_headers": {"Authorization": f"Bearer {token}"}}
                cases.append(("POST", chat, options, 401, "1002"))
            for method, path, options, status, code in cases:
                with self.subTest(method=method, path=path, options=options):
                    with self.assertRaises(zhipuai_lite.APIStatusError) as caught:
                        client.request(method, path, **options)
                    self.assertEqual((caught.exception.status_code, caught.exception.code), (status, code))
            good = {"Authorization": f"Bearer {generate_token(client.api_key)}"}
            self.assertIn("你好", str(client.post(chat, body=messages, extra_headers=good)))


class CommandTestCase(TestCase):
    def serving(self) -> Server:
        server = self.serve()
        os.environ.update(ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=server.url)
        return server

    def main(self, *arguments: str, stdin: bytes = b"", encoding: str = "utf-8") -> tuple[int, str, str]:
        """Status, standard output and standard error of a command, in this process."""
        data, errors = io.BytesIO(), io.StringIO()
        output = io.TextIOWrapper(data, "utf-8")
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            with mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding)):
                status = zhipuai_lite.main(arguments)
            output.flush()
        return status, data.getvalue().decode("utf-8", "surrogateescape"), errors.getvalue()

    def printed(self, *arguments: str, **options: Any) -> str:
        """The standard output of a command that must succeed and say nothing else."""
        status, output, errors = self.main(*arguments, **options)
        self.assertEqual((status, errors), (0, ""))
        return output

    def refused(self, *arguments: str, **options: Any) -> str:
        """The one line that a command ends with that must fail."""
        status, output, errors = self.main(*arguments, **options)
        self.assertEqual((status, output, errors.count("\n"), errors[:14]), (1, "", 1, "zhipuai-lite: "))
        return errors

    def process(self, *arguments: str, **options: Any) -> str:
        """What a command that must succeed prints in a process of its own."""
        options["env"] = {"PYTHONUTF8": "1", "PYTHONIOENCODING": "", **options.get("env", {})}
        ended = self.run_python(MODULE, *arguments, **options)
        self.assertEqual((ended.returncode, ended.stderr.decode()), (0, ""))
        return str(ended.stdout.decode())


class CommandLineTest(CommandTestCase):
    def test_offline_chat(self) -> None:
        text = self.process("chat", "--offline", "你好")
        self.assertRegex(text, "你好\n$")
        self.assertEqual(self.printed("chat", "--offline", "--no-stream", "你好"), text)
        ways = ["--json"], ["--json", "--no-stream"]
        merged, whole = (json.loads(self.printed("chat", "--offline", *way, "你好"))["choices"] for way in ways)
        self.assertEqual((merged, whole[0]["message"]["content"]), (whole, text[:-1]))
        for encoding in ("ascii", "cp1252"):
            environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
            self.assertIn("\\u4f60", self.process("chat", "--offline", "你好", env=environment))
            found = json.loads(self.process("chat", "--offline", "--json", "é😀", env=environment))
            self.assertRegex(found["choices"][0]["message"]["content"], "é😀$")

    def test_prompt(self) -> None:
        server, pipe = self.serving(), "从管道来"
        self.printed("chat", "-m", "glm-4.6", "-s", "你是诗人", "写", "一首 诗", "--no-stream")
        messages = [{"role": "system", "content": "你是诗人"}, {"role": "user", "content": "写 一首 诗"}]
        self.assertEqual(server.request.json, {"model": "glm-4.6", "messages": messages})
        for data, encoding in (
            (pipe.encode(), "ascii"),
            (f"\ufeff{pipe}\r\n".encode(), "gbk"),
            (pipe.encode("gbk"), "gbk"),
        ):
            self.printed("chat", "--no-stream", stdin=data, encoding=encoding)
            self.assertEqual(server.request.json["messages"][-1]["content"], pipe)
        for data, encoding in ((b"\xff\xfe", "utf-8"), (b"\x81\xff", "gbk")):
            self.assertIn(f": neither UTF-8 nor {encoding}\n", self.refused("chat", stdin=data, encoding=encoding))
        self.assertIn("give a prompt", self.refused("chat", stdin=b" \n"))
        self.assertEqual(len(server.requests), 4)
        self.process("chat", "--no-stream", input=pipe.encode())
        self.assertEqual(server.request.json["messages"][-1]["content"], pipe)

    def test_answers(self) -> None:
        server, pieces, parts = self.serving(), [chunk("第一\n行"), chunk("第二", "stop")], [{"text": "你好"}]
        lines, page = "".join(self.json(each) for each in pieces), {"data": [{"id": "b"}], "has_more": True}
        create = "call chat.completions.create model=m messages=[] stream=true"
        cases: list[Any] = [
            ("chat --no-stream hi", answer(completion(parts)), 0, self.json(parts)),
            ("chat hi", stream(chunk(parts), DONE), 0, self.json(parts)),
            ("chat hi", stream(THOUGHT, chunk("答案"), DONE), 0, "答案\n"),
            ("chat --no-stream --json hi", answer(completion()), 0, self.json(completion(), 2)),
            ("chat hi", stream(DONE), 1, "\n"),
            ("chat hi", stream(chunk("开头"), CLOSE), 1, "开头"),
            ("chat hi", answer(error_body("1000", KEY), 401), 1, ""),
            ("chat --no-stream hi", [head(204)], 1, ""),
            ("chat --no-stream hi", answer([]), 1, ""),
            (create, stream(*pieces, DONE), 0, lines),
            (create, stream(*pieces, error_body("1302")), 1, lines),
            ("call knowledge.delete knowledge_id=k", answer({"code": 200}), 0, '{"code":200}\n'),
            ("call batches.list", answer(page), 0, self.json(page, 2)),
        ]
        odd: list[Any] = [{"choices": []}, {}, {"choices": [None]}, {"choices": {"a": 1}}]
        for body in odd:
            cases += [("chat --no-stream hi", answer(body), 1, ""), ("chat --json hi", stream(body, DONE), 1, None)]
        for line, steps, status, expected in cases:
            with self.subTest(line, steps=steps):
                server.raw(*steps)
                found, output, errors = self.main(*line.split())
                self.assertEqual((found, errors.count("\n"), KEY in errors), (status, status, False))
                self.assertIn(expected, (output, None))
        self.assertEqual(len(server.requests), len(cases))

    def json(self, value: Any, indent: int | None = None) -> str:
        return json.dumps(value, indent=indent, ensure_ascii=False) + "\n"

    def test_answer_is_printed_while_it_streams(self) -> None:
        server, go_on, pipe = self.serving(), threading.Event(), subprocess.PIPE
        os.environ.pop("PYTHONUNBUFFERED", None)
        server.stream(chunk("first"), WAIT(go_on), chunk("second"), DONE)
        with subprocess.Popen(python(MODULE, "chat", "hi"), stdin=pipe, stdout=pipe, stderr=pipe) as process:
            assert process.stdout is not None and process.stderr is not None
            self.assertEqual(os.read(process.stdout.fileno(), 100), b"first")
            go_on.set()
            self.assertEqual(process.stdout.read().split(), [b"second"])
            self.assertEqual(process.stderr.read(), b"")
        self.assertEqual(process.returncode, 0)

    def test_reader_that_left_is_no_crash(self) -> None:
        os.environ["ZHIPUAI_API_KEY"] = KEY
        os.environ.pop("PYTHONUNBUFFERED", None)
        for arguments in (["token"], ["chat", "--offline", "hi"]):
            ours, theirs = os.pipe()
            os.close(ours)
            ended = subprocess.run(python(MODULE, *arguments), check=False, stdout=theirs, stderr=subprocess.PIPE)
            os.close(theirs)
            self.assertEqual((ended.returncode, ended.stderr), (141, b""))

    def test_token_and_help(self) -> None:
        for arguments in (["chat", "你好"], ["token"], ["call", "models.list"]):
            self.assertRegex(self.refused(*arguments), "ZHIPUAI_API_KEY.*https://.*")
        self.assertIn("--offline", self.refused("chat", "你好"))
        os.environ["ZHIPUAI_API_KEY"] = KEY
        token = self.printed("token").strip()
        self.assertTrue(signature_is_valid(token, SECRET.encode()))
        self.assertEqual(claims(token)["api_key"], KEY.split(".")[0])
        status, text, _ = self.main()
        self.assertEqual((status, text.partition("[")[2]), (2, self.process("--help").partition("[")[2]))
        self.assertEqual(re.findall("\n {4}([a-z]+) ", text), ["chat", "token", "doctor", "call"])

    @unittest.skipUnless(os.name == "posix", "needs a POSIX shell")
    def test_closed_output_is_one_line(self) -> None:
        for arguments in (["token"], ["chat", "hi"], ["call", "--list"], ["doctor"]):
            command = ["sh", "-c", '"$@" >&-', "sh", *map(os.fsdecode, python(MODULE, *arguments))]
            ended = subprocess.run(command, check=False, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual((ended.returncode, ended.stderr), (1, b"zhipuai-lite: standard output is closed\n"))

    def test_call_sends_json_where_a_value_is_json_and_text_elsewhere(self) -> None:
        server, deep = self.serving(), "[" * 100000
        values = 'model=智 input=["你好","a=b"] dimensions=256 user=null encoding_format={broken timeout=9'.split()
        self.printed("call", "embeddings.create", *values, f"request_id={deep}", 'extra_body={"a": 1}')
        expected = {"model": "智", "input": ["你好", "a=b"], "dimensions": 256, "encoding_format": "{broken"}
        self.assertEqual(server.request.json, {**expected, "request_id": deep, "a": 1})

    def test_call_takes_its_output_anywhere(self) -> None:
        server, path = self.serving(), pathlib.Path(self.file("out", b"before"))
        for place in range(4):
            arguments = ["embeddings.create", "model=m", "input=x"]
            arguments[place:place] = ["-o", str(path)]
            server.answer(completion(str(place)))
            self.assertEqual(self.printed("call", *arguments), "")
            self.assertEqual(path.read_text("utf-8"), self.json(completion(str(place)), 2))
            self.assertEqual(server.request.json, {"model": "m", "input": "x"})
        content = bytes(range(256)) * 100
        server.answer(content)
        self.assertEqual(self.printed("call", "files.content", "file_id=f/1", "-o", str(path)), "")
        self.assertEqual(server.request.path, "/api/paas/v4/files/f%2F1/content")
        server.raw(head(200, {"Content-Length": "9"}), b"new", CLOSE)
        self.refused("call", "files.content", "file_id=f", "--output", str(path))
        self.assertEqual(path.read_bytes(), content)
        server.answer(content)
        self.assertEqual(self.printed("call", "files.content", "file_id=f").encode("utf-8", "surrogateescape"), content)
        server.stream({"type": "transcript.text.delta", "delta": "一"}, DONE)
        self.printed("call", "audio.transcriptions.create", "model=m", f"file=@{path}", "stream=true", "-o", str(path))
        self.assertEqual(json.loads(path.read_text("utf-8"))["delta"], "一")

    def test_call_reads_any_value_from_a_file(self) -> None:
        server = self.serving()
        self.enter(mock.patch("locale.getpreferredencoding", return_value="gbk"))
        cases: list[Any] = [(b"[1, 2]", [1, 2]), ("你好\n".encode(), "你好\n"), ("\ufeff[3]".encode(), [3])]
        for content, value in [*cases, ("你好".encode("gbk"), "你好")]:
            self.printed("call", "embeddings.create", "model=m", f"input=@{self.file('value', content)}")
            self.assertEqual(server.request.json["input"], value)
        for path in (self.file("value", b"\xff\xfe"), native("/nowhere/值")):
            error = self.refused("call", "embeddings.create", "model=m", f"input=@{path}")
            self.assertRegex(error, f"input: .*{os.fsencode(path).decode()}")
        self.assertRegex(
            self.refused("call", "files.create", "purpose=batch", native("file=@/no/件")), "file: .*/no/件"
        )
        self.assertEqual(len(server.requests), 4)

    def test_c_locale(self) -> None:
        server = self.serving()
        for environment in ({}, C_LOCALE):
            server.answer({"text": "你好"})
            file = "file=@" + self.file(native("声音.wav"), b"RIFF")
            arguments = ("call", "audio.transcriptions.create", "model=m", file, 'hotwords=["智谱"]')
            self.assertEqual(json.loads(self.process(*arguments, env=environment)), {"text": "你好"})
            parts = [(part.name, part.filename, part.content) for part in parse_form(server.request)]
            self.assertEqual(parts[1:], [("hotwords", None, "智谱".encode()), ("file", "声音.wav", b"RIFF")])
        server.answer(error_body("1000", "身份验证失败"), 401)
        ended = self.run_python(MODULE, "chat", "你好", env=C_LOCALE)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr.count(b"\n")), (1, b"", 1))
        self.assertEqual(server.request.json["messages"], MESSAGES)

    def test_call_explains_what_is_wrong(self) -> None:
        server = self.serving()
        for line, expected in (
            ("embedings.create", "'embeddings.create'"),
            ("embeddings.create modle=x", "'model'"),
            ("embeddings.create extra_boddy={}", "'extra_body'"),
            ("embeddings.create model", "write model=VALUE"),
            ("embeddings.create =x", "it takes name=value: input, model"),
            ("embeddings.create model=m", "input"),
            ("files.create file=requests.jsonl", "write file=@PATH"),
            ("xyzzy --help", "'xyzzy'; call --list shows all"),
            ("", "call --list"),
        ):
            with self.subTest(line):
                self.assertIn(expected, self.refused("call", *line.split()))
        self.assertEqual(server.requests, [])

    def test_interfaces_are_described(self) -> None:
        *lines, last = self.printed("call", "--list").splitlines()
        self.assertEqual(lines, sorted(lines))
        self.assertIn("files.create(file=@, upload_detail, *purpose, knowledge_id, sentence_size)", lines)
        self.assertIn("models.list()", lines)
        self.assertRegex(last, r"^# \* is required, =@ a file: NAME=@PATH\..* timeout")
        for arguments in (["embeddings.create", "--help"], ["-h", "embeddings.create"]):
            text = self.printed("call", *arguments)
            self.assertRegex(text, r"^embeddings.create\(\*input, \*model, dimensions, .*\)\n\nEmbeddings\. .*\n")
            self.assertIn(last[2:], text)
        self.assertRegex(self.printed("call", "chat.completions.create", "-h"), "\n`thinking`: ")  # not indented
        self.assertRegex(self.printed("call", "--help"), "usage: .* call .*--list")

    # --- on a terminal

    def terminal(self, *arguments: str) -> tuple[Any, int]:
        """The module started on a terminal of its own: its process, and our end of the terminal."""
        if pty is None:
            self.skipTest("needs a pseudo-terminal")
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        command = python("-X", "utf8", MODULE, *arguments)
        process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, ours

    def shown(self, descriptor: int, mark: str | None = None) -> str:
        """What the terminal shows until the mark appears, or until its process ended."""
        data, deadline = b"", time.monotonic() + PATIENCE
        while mark is None or mark.encode() not in data:
            if not select.select([descriptor], [], [], max(deadline - time.monotonic(), 0))[0]:
                raise AssertionError(f"the terminal shows only {data!r}")
            try:
                more = os.read(descriptor, 65536)
            except OSError:  # Linux: the other end is closed
                more = b""
            if not more:
                break
            data += more
        return data.decode("utf-8", "replace")

    def test_transfers_show_their_progress(self) -> None:
        server, content = self.serving(), bytes(3000000)
        path = self.file("large.bin", content)
        for body, arguments in (
            ({"id": "file-1"}, ("files.create", "purpose=batch", f"file=@{path}")),
            (content, ("files.content", "file_id=f", "-o", path)),
        ):
            server.answer(body)
            process, terminal = self.terminal("call", *arguments)
            self.assertRegex(self.shown(terminal), r"\r3\.0 MB, [\d.]+ MB/s, 0 s left\x1b\[K\r\n")
            self.assertEqual(process.wait(PATIENCE), 0)
        self.assertEqual(parse_form(server.requests[0])[1].content, content)

    def test_control_c_ends_with_130(self) -> None:
        server = self.serving()
        server.stream(chunk("开始"), STALL)
        process, terminal = self.terminal("chat", "你好")
        self.shown(terminal, "开始")
        for _ in range(10):  # Python does not notice a signal that comes just before it begins to wait
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE / 10)
                break
        self.assertEqual(process.returncode, 130)
        self.assertNotIn("Traceback", self.shown(terminal))
        server.until_idle()

    def test_terminal_holds_a_conversation(self) -> None:
        server = self.serving()
        server.stream(chunk("回答一"), DONE)
        server.answer(error_body("1113", "欠费"), 429)
        server.stream(chunk("回答三"), DONE)
        process, terminal = self.terminal("chat")
        for question, shown in (("问题一", "回答一"), (" \n问题二", "欠费"), ("问题三", "回答三")):
            os.write(terminal, f"{question}\n".encode())
            self.shown(terminal, shown)
        os.write(terminal, b"\x04")
        self.assertEqual(process.wait(PATIENCE), 0)
        said = [(message["role"], message["content"]) for message in server.request.json["messages"]]
        self.assertEqual(said, [("user", "问题一"), ("assistant", "回答一"), ("user", "问题三")])

    def test_thinking_is_dimmed_and_escapes_are_dropped_on_a_terminal(self) -> None:
        self.serving().stream(THOUGHT, THOUGHT, chunk("答\x1b[2J案"), DONE)
        process, terminal = self.terminal("chat", "你好")
        text = self.shown(terminal).replace("\x1b[0m\x1b[2m", "")
        self.assertEqual((process.wait(PATIENCE), text), (0, "\x1b[2m想一想想一想\x1b[0m\r\n答[2J案\r\n"))


class DoctorTest(CommandTestCase):
    def platform(self, ahead: float = 0, status: int = 401, **options: Any) -> Server:
        """A server that knows the time and refuses everything else, as the platform does without a key."""
        server = self.serve(**options)
        date = email.utils.formatdate(time.time() + ahead, usegmt=True)
        server.default = lambda request: answer(error_body("1001"), status, {"Date": date})
        os.environ.update(ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=server.url)
        return server

    def doctor(self) -> tuple[int, dict[str, tuple[bool, str]]]:
        """The exit status and what was found: check → (whether it is well, text)."""
        status, text, _ = self.main("doctor", "--json")
        self.assertNotRegex(text, f"{SECRET}|sesame|Basic")
        found = json.loads(text)
        self.assertEqual(found["ok"], status == 0)
        return status, {check["check"]: (check["ok"], check["text"]) for check in found["checks"]}

    def ill(self, check: str) -> str:
        """What the doctor says of the one thing that is not well."""
        status, found = self.doctor()
        self.assertEqual(([name for name, (good, _) in found.items() if not good], status), ([check], 1))
        self.assertTrue(found["round trip"][0])
        return found[check][1]

    def test_all_is_well(self) -> None:
        names = ["Python", "CA", "key", "proxy", "network", "clock", "round trip"]
        for status, expected in ((401, names), (404, names), (200, names[:5] + names[6:])):
            server = self.platform(status=status)
            text = self.printed("doctor")
            self.assertEqual(re.findall("^(.) ([^:]+): .*\n", text, re.M), [("✓", name) for name in expected])
            self.assertEqual(text.count("\n"), len(expected))
            self.assertRegex(text, rf"network: {re.escape(server.url)}.* \d+ ms\n")
            self.assertIn(ssl.OPENSSL_VERSION, text)
            self.assertEqual((len(server.requests), server.request.method), (1, "GET"))
            self.assertNotIn("authorization", server.request.headers)

    def test_what_is_wrong_is_found_and_no_secret_shown(self) -> None:
        for variable, value, check, expected in (
            ("ZHIPUAI_API_KEY", "", "key", "https://"),
            ("ZHIPUAI_API_KEY", "sesame", "key", "id.secret"),
            ("ZHIPUAI_API_KEY", "sesame.open please", "key", "white space"),
            ("ZHIPUAI_API_KEY", os.fsdecode("sesame.开门".encode()), "key", "ASCII"),
            ("ZHIPUAI_API_KEY", "ses.am.e", "key", "id.secret"),
            ("ZHIPUAI_BASE_URL", KEY, "address", "ZHIPUAI_BASE_URL"),
            ("ZHIPUAI_BASE_URL", "http://user:sesame@127.0.0.1:port/", "address", "ZHIPUAI_BASE_URL"),
            ("ZHIPUAI_BASE_URL", "http://127.0.0.1:1/", "network", "HTTPS_PROXY"),
            ("ZHIPUAI_BASE_URL", "http://platform.test/", "network", "platform.test.*HTTPS_PROXY"),
            ("SSL_CERT_FILE", "/no/such/file", "CA", "SSL_CERT_FILE"),
            ("http_proxy", "socks5://user:sesame@127.0.0.1:1", "address", "socks5"),
        ):
            with self.subTest(variable=variable, value=value), mock.patch.dict(os.environ):
                self.platform()
                os.environ[variable] = value
                self.assertRegex(self.ill(check), f"^(?!.*ses.am.e).*{expected}")

    def test_network(self) -> None:
        self.platform().greeting = [CLOSE]
        self.assertIn("Connection error", self.ill("network"))
        self.platform(tls=server_context())
        self.assertIn("SSL_CERT_FILE", self.ill("network"))
        os.environ["SSL_CERT_FILE"] = self.file("ca.pem", CA_PEM)
        for tls in (server_context(), None):
            proxy = self.proxy(self.platform(tls=tls), "user:sesame")
            variable = "https_proxy" if tls else "http_proxy"
            os.environ[variable] = f"http://user:sesame@{proxy.address}"
            status, found = self.doctor()
            self.assertEqual(status, 0, found)
            self.assertIn(proxy.address, found["proxy"][1])
            self.assertIn("ca.pem, 1 certificates", found["CA"][1])
            os.environ[variable] = f"http://user:wrong@{proxy.address}"
            self.assertRegex(self.ill("network"), "407.*HTTPS_PROXY.*password")

    def test_clock_that_is_wrong_keeps_no_call_from_working(self) -> None:
        self.platform(ahead=3600)
        status, found = self.doctor()
        self.assertEqual((status, found["clock"][0]), (0, False))
        self.assertRegex(found["clock"][1], r"-(3600|3599) s")

    def test_works_without_key_and_network_in_c_locale(self) -> None:
        environment = {**C_LOCALE, "ZHIPUAI_BASE_URL": "http://127.0.0.1:1/"}
        ended = self.run_python(MODULE, "doctor", env=environment)
        self.assertEqual((ended.returncode, ended.stderr), (1, b""))
        found = re.findall("^(.) ([^:]+): ", ended.stdout.decode("ascii"), re.M)
        self.assertEqual(",".join(map(" ".join, found)), "+ Python,+ CA,x key,+ proxy,x network,+ round trip")


# ======================================================================================================================
# README.md
# ======================================================================================================================


class Platform:
    """A `default` for `Server` that answers what the README asks for: it keeps files, and does batches."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def __call__(self, request: Request) -> list[Step]:
        body = request.json if request.headers.get("content-type", "") == "application/json" else {}
        resource, _, identifier = request.path[len("/api/paas/v4/") :].partition("/")
        answers: dict[str, Callable[[], Any]] = {
            "chat": lambda: self.chat(body),
            "embeddings": lambda: {"data": [{"index": 0, "embedding": [0.5]}]},
            "models": lambda: {"data": [{"id": "glm-4-flash"}]},
            "audio": lambda: b"RIFF",
            "files": lambda: self.file(request, identifier),
            "batches": lambda: self.batch(body, identifier),
        }
        found = answers.get(resource, lambda: "")()
        return found if isinstance(found, list) else answer(found)

    def chat(self, body: Any) -> Any:
        question = body["messages"][-1]
        assert question["role"] == "user" or body["messages"][-2]["tool_calls"], body
        if body["model"] == "no-such-model":
            return answer(error_body("1211", "模型不存在"), status=400)
        if body.get("stream"):
            return stream(chunk("你"), chunk("好"), chunk("", "stop", usage={"total_tokens": 9}), DONE)
        result = completion("关于「{}」的回答".format(question["content"]))
        if "tools" in body and question["role"] == "user":
            function = {"name": "get_weather", "arguments": '{"city": "Beijing"}'}
            calls = [{"id": "call_1", "type": "function", "function": function}]
            result["choices"][0]["message"] = {"role": "assistant", "content": None, "tool_calls": calls}
        return result

    def file(self, request: Request, identifier: str) -> Any:
        if identifier:
            return self.files[identifier.partition("/")[0]]
        if request.method == "POST":
            content = re.search(rb'filename="[^\r]*\r\n(?:[^\r]+\r\n)*\r\n(.*)\r\n--', request.body, re.DOTALL)
            assert content, request.body
            self.files["uploaded"] = content.group(1)
        data = [{"id": name, "filename": name + ".jsonl"} for name in self.files]
        return {"data": data, "has_more": False} if request.method == "GET" else data[0]

    def batch(self, body: Any, identifier: str) -> Any:
        if not identifier:
            return {"id": body["input_file_id"], "object": "batch", "status": "validating"}
        lines = [json.loads(line) for line in self.files[identifier].splitlines()]
        assert {(line["method"], line["url"]) for line in lines} == {("POST", "/v4/chat/completions")}
        for line in lines:
            line["response"] = {"status_code": 200, "body": self.chat(line["body"])}
        self.files.update(output=b"\n".join(map(_json, lines)), errors=b"{}\n")
        files = {"output_file_id": "output", "error_file_id": "errors"}
        return dict(files, id=identifier, object="batch", status="completed")


class ReadmeTest(TestCase):
    """What README.md says. Its Python blocks run one by one, with the names of the first two; those that are marked
    `<!-- needs: PACKAGE -->` or `<!-- alone -->`, in a process of their own."""

    def setUp(self) -> None:
        super().setUp()
        path = pathlib.Path(MODULE).parent / "README.md"
        if not path.exists():
            self.skipTest("there is no README here")
        self.text = path.read_bytes().decode()
        self.chinese, self.english, self.appendix = re.split("(?m)^## (?:English|附录).*$", self.text)
        self.server = self.serve()
        self.server.default = Platform()
        os.environ.update(NO_PROXY="*", no_proxy="*", ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=self.server.url)
        os.environ.update(PYTHONPATH=str(path.parent), PYTHONIOENCODING="utf-8")
        folder = self.enter(tempfile.TemporaryDirectory())
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder)
        for name, content in (("company-ca.pem", CA_PEM), ("requests.jsonl", "{}\n")):
            pathlib.Path(name).write_text(content)

    def blocks(self, mark: str = "") -> list[str]:
        """The Python blocks that have this mark before them."""
        found = re.findall(r"(?ms)^(?:<!-- ([\w: ]+) -->\n\n)?```python\n(.*?)^```$", self.chinese)
        return [block for marked, block in found if marked == mark]

    def run_block(self, block: str, names: dict[str, Any]) -> str:
        """What the block prints."""
        with contextlib.redirect_stdout(io.StringIO()) as output:
            self.execute(block, names)
        return output.getvalue()

    def run_alone(self, block: str) -> str:
        """What the block prints in a process of its own."""
        pathlib.Path("block.py").write_bytes(block.encode())
        process = subprocess.run([sys.executable, "block.py"], check=False, capture_output=True, timeout=300)
        self.assertEqual(process.returncode, 0, process.stderr.decode("utf-8", "replace"))
        return process.stdout.decode()

    def test_size_and_figures(self) -> None:
        self.assertLessEqual(len(self.text.encode()), 26_000)
        self.assertIn(f"\npkgver={zhipuai_lite.__version__}\n", self.text)
        workers = AsyncZhipuAI(api_key=KEY).max_connections
        self.server.default = lambda request: answer({}, 500)
        with self.assertRaises(zhipuai_lite.InternalServerError):
            ask(ZhipuAI(timeout=PATIENCE))
        for half, retries in ((self.chinese, "默认最多 {} 次"), (self.english, "Retries: {} by default")):
            self.assertIn(f"`max_connections={workers}`", half)
            self.assertIn(retries.format(len(self.server.requests) - 1), half)

    def test_code_stands_in_both_halves_or_once(self) -> None:
        chinese, english = (re.findall("(?ms)^```.*?^```$", half) for half in (self.chinese, self.english))
        self.assertEqual([block for block in chinese if block in english], english)
        self.assertGreater(len(english), 4)

    def test_no_line_or_cell_changes_its_language(self) -> None:
        prose = "(?ms)^```.*?^```$|^- \\[.*?$|`[^`\n]*`|\\]\\([^)]*\\)"
        self.assertEqual(re.findall("[\u3000-\u9fff].*", re.sub(prose, "", self.english)), [])
        for piece in re.split(r"[|\n]", re.sub(prose, "", self.text)):
            if re.search("[\u3000-\u9fff]", piece):
                self.assertNotRegex(piece, r"\b(a|the|of|and|or|is|are|to|for|in)\b")

    def test_links_lead_to_headings(self) -> None:
        titles = re.findall("(?m)^##+ (.*)$", re.sub("(?ms)^```.*?^```$", "", self.text))
        anchors = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
        self.assertEqual(len(anchors), len(set(anchors)))
        links = re.findall(r"\]\(#(.*?)\)", self.text)
        self.assertEqual(links[:2], ["中文", "english"])
        self.assertEqual(set(links) - set(anchors), set())

    def test_code_blocks_run(self) -> None:
        offline, first, *others = self.blocks()
        names: dict[str, Any] = {"__name__": "readme"}
        self.assertIn("你说的是：你好\n", self.run_block(offline, names))
        self.assertEqual(self.server.requests, [])
        output = self.run_block(first, names)
        for block in others:
            with self.subTest(block=block):
                output += self.run_block(block, dict(names))
        for text in (
            "关于「你好」的回答 9\n你好stop 9\n['关于「你好」的回答', '关于「再见」的回答']\n你\n好\n",
            '关于「{"city": "Beijing", "weather": "\\u6674"}」的回答\n',
            "completed\nq-0 关于「一加一等于几？」的回答\nq-1 关于「天空为什么是蓝的？」的回答\n",
            "uploaded uploaded.jsonl\n",
            "'glm-4-flash'",
            "400 1211 None Error code: 400",
        ):
            self.assertIn(text, output)
        self.assertEqual(pathlib.Path("hello.wav").read_bytes(), b"RIFF")

    def test_blocks_that_stand_alone_run(self) -> None:
        self.assertEqual([self.run_alone(block).split() for block in self.blocks("alone")], [["True"]])

    def test_recipes_run_where_their_engine_is_installed(self) -> None:
        session = "import pyspark.sql\nspark = pyspark.sql.SparkSession.builder.getOrCreate()\n"
        (dask,) = self.blocks("needs: distributed")
        function = dask[dask.index("import zhipuai_lite") : dask.index("if __name__")]
        recipes = {"distributed": "", "pyspark": session + function, "ray": "import ray\n" + function}
        installed = [engine for engine in recipes if importlib.util.find_spec(engine)]
        if not installed:
            self.skipTest("neither Dask nor Spark nor Ray is installed")
        for engine in installed:
            with self.subTest(engine=engine):
                (block,) = self.blocks("needs: " + engine)
                self.assertIn("['关于「你好」的回答', '关于「再见」的回答']", self.run_alone(recipes[engine] + block))

    def test_serverless_handler_survives_a_freeze(self) -> None:
        names: dict[str, Any] = {}
        (block,) = (block for block in self.blocks() if "def handler(event, context)" in block)
        self.run_block(block, names)
        clock, event = self.at(time.time()), {"question": "你好"}
        result = {"statusCode": 200, "body": "关于「你好」的回答"}
        for each in (event, _json(event)):
            self.assertEqual(names["handler"](each, None), result)
        self.assertEqual(self.server.connections, 1)
        self.server.drop_connections()
        clock.return_value += 7200
        self.assertEqual(names["handler"](event, None), result)
        self.assertEqual(len({request.token for request in self.server.requests}), 2)
        self.server.answer({}, 500)
        self.assertEqual(names["handler"](event, None)["statusCode"], 502)

    @unittest.skipIf(os.name != "posix", "needs a POSIX shell")
    def test_commands_run(self) -> None:
        os.environ.update(PYTHON=sys.executable, MODULE=MODULE)
        lines = re.findall("(?m)^python3 zhipuai_lite.py .*$", self.chinese)
        self.assertGreater(len(lines), 5)
        for line in lines:
            with self.subTest(line=line):
                command = line.replace("python3 zhipuai_lite.py", '"$PYTHON" "$MODULE"')
                process = subprocess.run(["sh", "-c", command.encode()], check=False, capture_output=True, timeout=60)
                self.assertEqual((process.returncode, process.stderr), (0, b""))
                self.assertTrue(process.stdout)

    def test_interfaces_do_what_is_listed(self) -> None:
        listed = re.findall(
            r"(?m)^([\w.]+)\((.*)\)$", self.run_block('main(["call", "--list"])', dict(vars(zhipuai_lite)))
        )
        for half, words in ((self.chinese, "{} 个接口"), (self.english, "{}\ninterfaces")):
            self.assertIn(words.format(len(listed)), half)
        client = self.client(self.server)
        self.server.default = lambda request: answer({"data": [], "has_more": False})
        kinds = zhipuai_lite.Stream, zhipuai_lite.SyncCursorPage, zhipuai_lite.BinaryResponse
        found: list[set[str]] = [set() for _ in kinds]
        for name, parameters in listed:
            values: dict[str, Any] = dict.fromkeys(re.findall(r"\*(\w+)(?!\w|=@)", parameters), "x")
            values.update((each, b"x") for each in re.findall(r"(\w+)=@", parameters))
            method: Any = functools.reduce(getattr, name.split("."), client)
            for choice in [{}, {"stream": True}][: 1 + ("stream" in parameters)]:
                result = method(**values, **choice)
                for kind, names in zip(kinds, found):
                    names.update([name] * isinstance(result, kind))
                getattr(result, "close", bool)()
        rows = re.findall(r"(?m)^\|.*\| \*\w+\* \| (`.*`) \|$", self.appendix)
        self.assertEqual([set(re.findall("[^` ]+", row)) for row in rows], found)

    def test_statuses_have_the_classes_that_are_listed(self) -> None:
        rows = re.findall(r"(?m)^\| (?:≥ )?(\d{3}) \| `(\w+)` \| ?`?(\w*)`? ?\|$", self.appendix)
        classes = {int(status): getattr(zhipuai_lite, name) for status, name, _ in rows}
        self.assertEqual([getattr(zhipuai_lite, other or name) for _, name, other in rows], list(classes.values()))
        client = self.client(self.server)
        for status in range(400, 600):
            self.server.answer({}, status)
            with self.assertRaises(zhipuai_lite.APIStatusError) as caught:
                ask(client)
            other = classes[500] if status >= 500 else zhipuai_lite.APIStatusError
            self.assertIs(type(caught.exception), classes.get(status, other), status)

    def test_codes_are_retried_as_listed(self) -> None:
        rows = re.findall(r"(?m)^\| (`\d{4}`[` \d]*) \|.*\| *(✓?) *\|$", self.appendix)
        ticked = {code for codes, mark in rows if mark for code in re.findall(r"\d+", codes)}
        client = self.client(self.server, max_retries=1)
        for code in map(str, [*range(1000, 1400), *range(1700, 1800)]):
            self.server.requests.clear()
            self.server.answer(error_body(code), 429)
            with contextlib.suppress(zhipuai_lite.RateLimitError):
                ask(client)
            self.assertEqual(len(self.server.requests), 1 + (code in ticked), code)


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
