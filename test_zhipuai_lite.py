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
import os
import pathlib
import pickle
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
#: Seconds after which what must happen is given up. Never slept through when all is well.
PATIENCE = 20.0


# ======================================================================================================================
# The scriptable server
# ======================================================================================================================


class Hangup(Exception):
    """Raised by a step to end the connection."""


if TYPE_CHECKING:
    #: What a scripted connection does: send these bytes, or do this with the connection.
    Step = Union[bytes, Callable[["Connection"], object]]


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
    return lambda connection: event.wait(PATIENCE)


def SET(event: threading.Event) -> Step:
    """Step: tell the test that this point was reached."""
    return lambda connection: event.set()


def PAUSE(seconds: float) -> Step:
    """Step: be slow. For what is about time itself; WAIT is for everything else."""
    return lambda connection: connection.server.closing.wait(seconds)


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
    return lambda connection: connection.start_tls(context)


#: The event that ends the platform's streams.
DONE = "data: [DONE]\n\n"


def sse(*events: Any) -> bytes:
    """Events as bytes: a dict is sent as JSON data, text and bytes as they are."""
    return b"".join(_event(event) for event in events)


def _event(event: Any) -> bytes:
    if isinstance(event, (bytes, str)):
        return event if isinstance(event, bytes) else event.encode()
    return b"data: " + _json(event) + b"\n\n"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def http_chunk(data: bytes) -> bytes:
    """One chunk of a body in `Transfer-Encoding: chunked`."""
    return b"%x\r\n%s\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"


def head(status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
    """The status line and the headers of an answer."""
    lines = [f"HTTP/1.1 {status} Scripted", *map(": ".join, (headers or {}).items()), "\r\n"]
    return "\r\n".join(lines).encode()


def answer(body: Any = None, status: int = 200, headers: Mapping[str, str] | None = None) -> list[Step]:
    """The steps of a whole answer: a dict or list is sent as JSON, text as HTML, bytes as they are."""
    kind, data = "application/json; charset=UTF-8", b""
    if isinstance(body, bytes):
        kind, data = "application/octet-stream", body
    elif isinstance(body, str):
        kind, data = "text/html; charset=UTF-8", body.encode()
    elif body is not None:
        data = _json(body)
    fields = {"Content-Type": kind} if body is not None else {}
    if status != 204:
        fields["Content-Length"] = str(len(data))
    fields.update(headers or {})
    return [head(status, fields) + data]


EVENT_STREAM = {"Content-Type": "text/event-stream;charset=UTF-8", "Transfer-Encoding": "chunked"}


def stream(*events: Any, headers: Mapping[str, str] | None = None) -> list[Step]:
    """The steps of an event stream, one HTTP chunk an event; steps between the events are executed in their place."""
    steps = [http_chunk(_event(event)) if isinstance(event, (dict, str, bytes)) else event for event in events]
    return [head(200, {**EVENT_STREAM, **(headers or {})}), *steps, LAST_CHUNK]


def completion(content: Any = "你好！", **members: Any) -> dict[str, Any]:
    """A chat completion as the platform answers it."""
    return {
        "id": "2026071107001517f0ab19f8cb470c",
        "request_id": "2026071107001517f0ab19f8cb470c",
        "created": 1783724415,
        "model": "glm-4-flash",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
        "usage": {"prompt_tokens": 6, "completion_tokens": 3, "total_tokens": 9},
        **members,
    }


def chunk(content: Any = "", finish_reason: str | None = None, delta: Any = None, **members: Any) -> dict[str, Any]:
    """One chunk of a streamed chat completion."""
    choice: dict[str, Any] = {"index": 0, "delta": delta or {"role": "assistant", "content": content}}
    if finish_reason:
        choice["finish_reason"] = finish_reason
    return {"id": "20260711", "created": 1783724415, "model": "glm-4-flash", "choices": [choice], **members}


def error_body(code: Any, message: str = "服务错误") -> dict[str, Any]:
    """The platform's error envelope (API.md, E1)."""
    return {"error": {"code": code, "message": message}}


class Request:
    """A request as it arrived."""

    def __init__(self, connection: Connection, head: bytes, body: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        self.head = head
        self.method, self.target, _ = lines[0].split(" ", 2)
        self.path, _, self.query_text = self.target.partition("?")
        self.query = urllib.parse.parse_qs(self.query_text, keep_blank_values=True)
        self.header_list = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        #: Names in lower case; of a repeated header all values, joined by a comma.
        self.headers: dict[str, str] = {}
        for name, value in self.header_list:
            name = name.lower()
            self.headers[name] = self.headers[name] + ", " + value if name in self.headers else value
        self.body = body
        self.connection = connection.number

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def token(self) -> str:
        return self.headers["authorization"].split("Bearer ")[1]


class Connection:
    """The server's side of one connection."""

    def __init__(self, server: Server, sock: socket.socket, number: int) -> None:
        self.server = server
        self.socket = sock
        self.file = sock.makefile("rb")
        self.number = number

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> bytes:
        """What the client sent next; nothing when it hung up."""
        return self.file.read1(65536)

    def start_tls(self, context: ssl.SSLContext) -> None:
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.file = self.socket.makefile("rb")

    def read_until(self, mark: bytes) -> bytes:
        data = line = self.file.readline()
        while line and not data.endswith(mark):
            line = self.file.readline()
            data += line
        if not line:
            raise Hangup
        return data[: -len(mark)]

    def read_exactly(self, size: int) -> bytes:
        data = self.file.read(size)
        if len(data) < size:
            raise Hangup
        return data

    def read_request(self) -> Request:
        request = Request(self, self.read_until(b"\r\n\r\n"), b"")
        if request.headers.get("transfer-encoding") != "chunked":
            request.body = self.read_exactly(int(request.headers.get("content-length", "0")))
            return request
        while True:
            data = self.read_exactly(int(self.read_until(b"\r\n"), 16))
            self.read_until(b"\r\n")
            if not data:
                return request
            request.body += data

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

    def greet(self) -> None:
        if self.server.tls:
            self.start_tls(self.server.tls)
        self.perform(self.server.greeting)

    def run(self) -> None:
        try:
            self.greet()
            connection = ""
            while connection.lower() != "close":
                request = self.read_request()
                self.perform(self.server.next_answer(request))
                connection = request.headers.get("connection", "")
        except Hangup:
            pass
        except (OSError, ValueError) as error:  # the client hung up, or the test ended: nothing to do here
            self.server.errors.append(error)
        finally:
            self.file.close()
            self.socket.close()
            self.server.forget(self)


class Server:
    """A scriptable HTTP/1.1 server on the loopback that can misbehave byte by byte.

    Each request takes the next of the scripted answers, or else what `default(request)` makes. An answer is a list of
    steps: bytes to send, CLOSE, RESET, STALL and the like, or any function of the connection. The connection then stays
    open unless a step, or the request, ended it. `greeting`: steps before the first request.

        server.answer(error_body("1302"), status=429, headers={"Retry-After": "1"}, times=3)
        server.stream(chunk("你"), WAIT(event), chunk("好"), DONE)
        server.raw(head(200, {"Content-Length": "9"}) + b"{}", RESET)
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
        self._lock = threading.Lock()  # guards `requests` and `_script`
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
        return self.origin + "/api/paas/v4/"

    def answer(
        self, body: Any = None, status: int = 200, headers: Mapping[str, str] | None = None, times: int = 1
    ) -> None:
        for _ in range(times):
            self.raw(*answer(body, status, headers))

    def stream(self, *events: Any, headers: Mapping[str, str] | None = None) -> None:
        self.raw(*stream(*events, headers=headers))

    def raw(self, *steps: Step) -> None:
        self._script.append(list(steps))

    def next_answer(self, request: Request) -> list[Step]:
        with self._lock:
            self.requests.append(request)
            if self._script:
                return self._script.pop(0)
        return self.default(request)

    @property
    def request(self) -> Request:
        return self.requests[-1]

    def until_requests(self, count: int) -> None:
        until(lambda: len(self.requests) >= count, f"{count} requests")

    def until_idle(self, count: int = 0) -> None:
        """Waits until exactly so many connections are open."""
        until(lambda: len(self._open) == count, f"{count} open connections")

    def drop_connections(self) -> None:
        """Ends all connections in order, as a server does with idle ones."""
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)
        self.until_idle()

    def forget(self, connection: Connection) -> None:
        self._open.pop(connection, None)

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self.closing.is_set():
                sock.close()
                return
            sock.settimeout(2 * PATIENCE)  # later than whoever waits for it
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            connection = Connection(self, sock, self.connections)
            thread = self._open[connection] = threading.Thread(
                target=connection.run, name="test connection", daemon=True
            )
            thread.start()

    def close(self) -> None:
        self.closing.set()
        with socket.socket(self._listener.family) as last:  # wakes accept() on every platform
            last.settimeout(PATIENCE)
            last.connect(self._listener.getsockname())
        self._thread.join(PATIENCE)
        self._listener.close()
        threads = list(self._open.values())
        self.drop_connections()
        for thread in threads:
            thread.join(PATIENCE)


class Proxy(Server):
    """Leads everything to one server, whatever host was asked for; 407 to requests without its `user:password`."""

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
        passed = copy.copy(request)
        passed.target = re.sub("^http://[^/]+", "", request.target)
        passed.path = passed.target.partition("?")[0]
        return self.to.next_answer(passed)

    def _tunnel(self, connection: Connection) -> None:
        """Makes it a connection of the other server."""
        connection.server = self.to
        self.to.connections += 1
        self.to._open[connection] = self._open.pop(connection)
        connection.greet()


# Made once with openssl, valid until 2100: an authority, and three certificates of one key: for localhost,
# platform.test, 127.0.0.1 and ::1; the same, but expired in 2021; and for another host.
CA_PEM = """
-----BEGIN CERTIFICATE-----
MIIBYDCCAQagAwIBAgIBATAKBggqhkjOPQQDAjAfMR0wGwYDVQQDDBR6aGlwdWFp
X2xpdGUgdGVzdCBDQTAgFw0yMDAxMDEwMDAwMDBaGA8yMTAwMDEwMTAwMDAwMFow
HzEdMBsGA1UEAwwUemhpcHVhaV9saXRlIHRlc3QgQ0EwWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAAT95XguyejIrEdW+mTQR0py/u666wH8uHOAZmGE2HUesIEhBIfp
H5HhOTYU9zdvgJ0ZVW4HBgrtFrx4ay3XusZGozEwLzAPBgNVHRMBAf8EBTADAQH/
MA4GA1UdDwEB/wQEAwICBDAMBgNVHQ4EBQQDAQIDMAoGCCqGSM49BAMCA0gAMEUC
IAJKfTC6E0Hbrz9N/CwT9mn6HLqDKonIx8W7TIwOWfjLAiEA63msMAp0iD4dTAVp
/YxU0H6uRVSyAtZTzhCJsMmzGpQ=
-----END CERTIFICATE-----
"""
SERVER_KEY_PEM = """
-----BEGIN PRIVATE KEY-----
MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCBaAGKLEjWpk4rjlUv6
Fu2GhC540KVYbj7HWn3cROx/WA==
-----END PRIVATE KEY-----
"""
SERVER_PEM = """
-----BEGIN CERTIFICATE-----
MIIBazCCARGgAwIBAgIBAjAKBggqhkjOPQQDAjAfMR0wGwYDVQQDDBR6aGlwdWFp
X2xpdGUgdGVzdCBDQTAgFw0yMDAxMDEwMDAwMDBaGA8yMTAwMDEwMTAwMDAwMFow
DDEKMAgGA1UEAwwBUzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABH7W54aeZ8Cw
g7Q+qM+cLcO2uzb7T7nRCKGmeL/H/xPwNmwHb4V/slaQQ8UwG1Ie8BqTyEhjpsXA
yXfUp/q2bFCjTzBNMA4GA1UdIwQHMAWAAwECAzA7BgNVHREENDAygglsb2NhbGhv
c3SCDXBsYXRmb3JtLnRlc3SHBH8AAAGHEAAAAAAAAAAAAAAAAAAAAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAK/0kbHB5+1RnDEEBBrU77BRzc3tdc/1dKBU/rru2ZSPAiAS
c+KJKgqlKgynoYSiC9KUU93bUH/zlhPW50c4rHenvQ==
-----END CERTIFICATE-----
"""
EXPIRED_PEM = """
-----BEGIN CERTIFICATE-----
MIIBaTCCAQ+gAwIBAgIBAzAKBggqhkjOPQQDAjAfMR0wGwYDVQQDDBR6aGlwdWFp
X2xpdGUgdGVzdCBDQTAeFw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMAwx
CjAIBgNVBAMMAVMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR+1ueGnmfAsIO0
PqjPnC3Dtrs2+0+50Qihpni/x/8T8DZsB2+Ff7JWkEPFMBtSHvAak8hIY6bFwMl3
1Kf6tmxQo08wTTAOBgNVHSMEBzAFgAMBAgMwOwYDVR0RBDQwMoIJbG9jYWxob3N0
gg1wbGF0Zm9ybS50ZXN0hwR/AAABhxAAAAAAAAAAAAAAAAAAAAABMAoGCCqGSM49
BAMCA0gAMEUCIQCV9ueaQRJHNPf5MHV5wGtvjcEP+CU7mqdWuTps1aoMBwIgaorZ
oPwf8T7VnznvgehbRCQw5jLFmkRSmpn8nV9cEPc=
-----END CERTIFICATE-----
"""
OTHER_HOST_PEM = """
-----BEGIN CERTIFICATE-----
MIIBQzCB66ADAgECAgEEMAoGCCqGSM49BAMCMB8xHTAbBgNVBAMMFHpoaXB1YWlf
bGl0ZSB0ZXN0IENBMCAXDTIwMDEwMTAwMDAwMFoYDzIxMDAwMTAxMDAwMDAwWjAM
MQowCAYDVQQDDAFTMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEftbnhp5nwLCD
tD6oz5wtw7a7NvtPudEIoaZ4v8f/E/A2bAdvhX+yVpBDxTAbUh7wGpPISGOmxcDJ
d9Sn+rZsUKMpMCcwDgYDVR0jBAcwBYADAQIDMBUGA1UdEQQOMAyCCm90aGVyLnRl
c3QwCgYIKoZIzj0EAwIDRwAwRAIgRTaZTAq89BXss32eb1n06BOtWAteEibXmf0A
W1MRWLgCIBByBu0CwMST2tvkRHzgKokF1lre32tVUzIPKNsG/3Do
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
    """The command that runs this interpreter with all warnings on; in UTF-8, whatever the locale is."""
    command = [sys.executable, "-X", "dev", "-W", "error", *arguments]
    return [part.encode("utf-8", "surrogateescape") for part in command] if os.name == "posix" else command


class TestCase(unittest.TestCase):
    """Every test: an environment of its own, all warnings are errors, retries do not wait, nothing stays open.

    `slept` lists the seconds that the module wanted to wait.
    """

    def setUp(self) -> None:
        self.slept: list[float] = []
        self._unraisable: list[str] = []
        elsewhere = re.compile("(ZHIPUAI|ZAI|SSL_CERT|REQUESTS_CA)_|.*_(PROXY|proxy)$")
        environment = {name: value for name, value in os.environ.items() if not elsewhere.match(name)}
        self.enter(mock.patch.dict(os.environ, environment, clear=True))
        self.enter(mock.patch.object(zhipuai_lite, "_sleep", self.slept.append))
        self.enter(warnings.catch_warnings())
        warnings.simplefilter("error")
        if hasattr(sys, "unraisablehook"):  # 3.8+: what destructors and threads raise fails the test, too
            self.enter(mock.patch.object(sys, "unraisablehook", self._note))
            self.enter(mock.patch.object(threading, "excepthook", self._note))
        self.addCleanup(lambda: self.assertEqual(self._unraisable, []))
        self.addCleanup(zhipuai_lite._pool.close)
        zhipuai_lite._tokens.clear()

    def _note(self, args: Any) -> None:
        self._unraisable.append("".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)))

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
        if server is not None:
            options.setdefault("base_url", server.url)
        client = ZhipuAI(**{"api_key": KEY, "timeout": PATIENCE, "max_retries": 0, **options})
        self.addCleanup(client.close)
        return client

    def file(self, name: str, content: str | bytes) -> str:
        """The path of a new file in a folder of the test's own."""
        path = os.path.join(self.enter(tempfile.TemporaryDirectory()), name)
        with open(path, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return path

    def execute(self, program: str, names: dict[str, Any]) -> dict[str, Any]:
        """Runs a program without what this file has from `__future__`."""
        exec(compile(program, "program.py", "exec", dont_inherit=True), names)
        return names

    def logs(self, level: str) -> Any:
        """`with self.logs("DEBUG") as logs:` what the module logs; it must log something."""
        return self.assertLogs("zhipuai_lite", level)

    def at(self, seconds: float) -> Any:
        """The wall clock; set `return_value` to move it."""
        return self.enter(mock.patch("zhipuai_lite.time.time", return_value=seconds))

    def run_python(self, *arguments: str, input: bytes = b"", env: Mapping[str, str] | None = None) -> Any:
        """Runs this interpreter in the test's environment plus `env`; gives the ended process."""
        options: dict[str, Any] = {"input": input, "capture_output": True, "timeout": 60, "check": False}
        return subprocess.run(python(*arguments), env=dict(os.environ, **(env or {})), **options)


def ask(client: ZhipuAI, **arguments: Any) -> Any:
    """The chat call that most tests make."""
    given: dict[str, Any] = {"model": "glm-4-flash", "messages": MESSAGES, **arguments}
    return client.chat.completions.create(**given)


def contents(chunks: Any) -> list[Any]:
    """The content of each chunk of a stream."""
    return [item.choices[0].delta.content for item in chunks]


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
STATUS_ERRORS = [
    (int(status), name) for name, rest in re.findall(r"(\w+)\(.*\)(.*)", ERRORS) for status in re.findall(r"\d+", rest)
]
#: What is answered, and the code in it; all messages begin with 失败.
REASONS: list[Any] = [
    (error_body("1210", "失败"), "1210"),
    ({"error": "失败", "code": 1210}, "1210"),
    ({"msg": "失败", "code": 500}, "500"),
    ({"code": 10001, "message": "失败", "data": {}, "timestamp": 1783724415}, "10001"),
    ({"code": 200, "msg": "失败。", "success": False}, "200"),
    ({"status": "failed", "error": {"code": "model_not_found", "message": "失败"}}, "model_not_found"),
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
        for name, base, other in re.findall(r"(\w+)\((\w+)\) ?([A-Z]\w+)?", ERRORS):
            self.assertEqual(getattr(lite, name).__bases__[0].__name__, base)
            self.assertIn(other or name, lite.__all__)
            self.assertIs(getattr(lite, other or name), getattr(lite, name))
        for status, name in STATUS_ERRORS:
            error = self.error(error_body("1234") if status != 304 else None, status)
            self.assertEqual((type(error).__name__, error.status_code), (name, status))

    def test_code_and_message_are_read_from_every_shape_of_body(self) -> None:
        for body, code in REASONS:
            with self.subTest(body=body):
                error = self.error(body, 400)
                self.assertEqual((type(error), error.code, error.body), (lite.BadRequestError, code, body))
                for error in (self.error(body), self.error(body, stream=True)):
                    self.assertEqual((type(error), error.code, str(error)[:2]), (lite.APIResponseError, code, "失败"))
                    self.assertTrue(error.json_data)

    def test_message_begins_as_in_the_official_sdk_and_can_be_read(self) -> None:
        body = '{"error":{"code":"1302","message":"您的账户已达到速率限制"}}'
        page = "<html>网关错误</html>"
        for data, text, code in (
            (body, body, "1302"),
            ("\ufeff" + body, body, "1302"),
            (json.dumps(json.loads(body)).encode(), json.dumps(json.loads(body), ensure_ascii=False), "1302"),
            (page, page, None),
            (b"\xff", "", None),
        ):
            error = self.error(data, 502)
            self.assertTrue(str(error).startswith("Error code: 502, with error text " + text), error)
            self.assertEqual((error.code, error.message, error.body is None), (code, str(error), False))

    def test_charset_of_the_body_is_honoured_where_it_is_one(self) -> None:
        begun = time.monotonic()
        for charset in ("gbk", "klingon", "", "punycode", "unicode_escape", "idna", "base64", "undefined"):
            for text in ("网关", "\\y" + "x" * 400000):
                data = text.encode("gbk" if charset == "gbk" else "utf-8")
                error = self.error(data, 502, {"Content-Type": "text/html; charset=" + charset})
                self.assertEqual(error.response.text, text, charset)
        self.assertLess(time.monotonic() - begun, PATIENCE / 2)

    def test_request_id_and_response_can_be_examined(self) -> None:
        body = dict(error_body("1210"), request_id="r-1")
        self.assertEqual([self.error(*answered).request_id for answered in ((body, 400), (body,))], ["r-1", "r-1"])
        error = self.error(body, 404, {"X-Log-Id": "7"})
        response = error.response
        self.assertEqual((error.request_id, response.headers["x-log-id"], response.headers.get("X-LOG-ID")), ("7",) * 3)
        self.assertEqual((response.json(), json.loads(response.text)), (body, body))
        self.assertEqual((error.request.method, error.request.url), ("POST", response.url))

    def test_huge_error_body_is_not_read_to_its_end(self) -> None:
        server = self.serve()
        server.raw(head(400, {"Content-Length": "1000000000"}) + b"x" * (32 << 20), STALL)
        with self.assertRaises(lite.BadRequestError) as caught:  # and no timeout
            ask(self.client(server))
        self.assertLess(len(caught.exception.response.content), 32 << 20)
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
        for status, streamed in ((400, False), (200, False), (200, True)):
            error = self.error(body, status, JSON, stream=streamed)
            self.assertEqual(error.code, "\\ud8001")
            self.assertIn("\U0001f600 \\ud800", error.message)
            for shown in (str(error), repr(error)):
                shown.encode()

    def test_deeply_nested_body_is_an_ordinary_error(self) -> None:
        for data in (b"[" * 100000, b'{"a":' * 100000 + b"1" + b"}" * 100000):
            self.assertIsInstance(self.error(data, 400, JSON), lite.BadRequestError)
            self.assertIsInstance(self.error(data, 200, JSON), lite.APIResponseError)
        nested: Any = []
        for _ in range(100000):
            nested = [nested]
        self.assertIs(lite.APIError("text", body=nested).body, nested)

    def test_status_counts_when_the_body_breaks_off(self) -> None:
        server = self.serve()
        server.raw(head(429, {"Content-Length": "9"}), CLOSE)
        server.raw(head(429, {"Content-Encoding": "br"}) + b"x", CLOSE)
        for _ in range(2):
            with self.assertRaises(lite.RateLimitError):
                ask(self.client(server))

    def test_errors_are_made_as_in_the_official_sdk(self) -> None:
        asked, answered = object(), mock.MagicMock(status_code=429)
        for error, text, fields in (
            (lite.ZhipuAIError(message="x"), "x", {}),
            (lite.APIReachLimitError("x", response=answered), "x", {"response": answered, "status_code": 429}),
            (lite.APIResponseValidationError(answered, 1, message="x"), "x", {"response": answered, "json_data": 1}),
            (lite.APIResponseError("x", asked, 1), "x", {"request": asked, "json_data": 1}),
            (lite.APIConnectionError(request=asked), "Connection error.", {"request": asked}),
            (lite.APIConnectionError(message=OSError("x")), "x", {"request": None}),
            (lite.APITimeoutError(asked), "Request timed out.", {"request": asked}),
        ):
            self.assertEqual((str(error), error.args), (text, (text,)))
            self.assertEqual({**vars(error), **fields}, vars(error))

    def test_errors_pickle_and_copy(self) -> None:
        server = self.serve()
        cases: dict[str, list[Step]] = {
            "RateLimitError": answer(error_body("1302"), 429, {"X-Log-Id": "7"}),
            "APIResponseError": answer(error_body("1302")),
            "APIResponseValidationError": answer(b"no json"),
            "APIConnectionError": [b"HTTP", CLOSE],
            "APITimeoutError": [STALL],
        }
        for kind, steps in cases.items():
            server.raw(*steps)
            with self.assertRaises(getattr(lite, kind)) as caught:
                ask(self.client(server), timeout=0.05 if steps == [STALL] else PATIENCE)
            error: Any = caught.exception
            twins = [pickle.loads(pickle.dumps(error, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
            for twin in [*twins, copy.copy(error), copy.deepcopy(error)]:
                for name in ("__class__", "args", "message", "code", "body", "request_id", "status_code"):
                    self.assertEqual(getattr(twin, name, None), getattr(error, name, None))
                self.assertEqual(twin.request.url, error.request.url)
                self.assertTrue(not hasattr(error, "response") or twin.response.text == error.response.text)


# ======================================================================================================================
# Authentication
# ======================================================================================================================

#: What PyJWT 2.8 makes of the same claims for KEY at 1,700,000,000.123.
PYJWT_TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInNpZ25fdHlwZSI6IlNJR04iLCJ0eXAiOiJKV1QifQ."
    "eyJhcGlfa2V5IjoiMDEyMzQ1Njc4OWFiY2RlZiIsImV4cCI6MTcwMDAwMzYwMDEyMywidGltZXN0YW1wIjoxNzAwMDAwMDAwMTIzfQ."
    "-cpVVgn-iwWtoy871IPEVLaHDraVQrkHwhxjXo1wKxE"
)


def signature_is_valid(token: str, secret: bytes) -> bool:
    """HS256 as RFC 7515 says it."""
    signed, _, signature = token.rpartition(".")
    expected = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64decode(signature + "==") == expected


def claims(token: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


class AuthenticationTest(TestCase):
    def test_token_equals_that_of_pyjwt(self) -> None:
        self.at(1700000000.123)
        for key in (KEY, f" {KEY}\r\n"):
            self.assertEqual(generate_token(key), PYJWT_TOKEN)
        self.assertTrue(signature_is_valid(PYJWT_TOKEN, SECRET.encode()))  # so other tests can use it

    def test_claims_are_in_milliseconds(self) -> None:
        found = claims(generate_token("id.secret", exp_seconds=0.5, timestamp=7.25))
        self.assertEqual(found, {"api_key": "id", "exp": 7750, "timestamp": 7250})
        for name, value in (("exp_seconds", "1"), ("exp_seconds", -1), ("timestamp", True)):
            with self.assertRaisesRegex((TypeError, ValueError), name + ": expected"):
                lite.generate_token(KEY, **{name: value})

    def test_token_needs_a_key_with_a_secret(self) -> None:
        for key in ("", "sk-123x", "12a.34b.56c", ".456def", "123abc.", "123abc.456\ndef"):
            with self.subTest(key=key), self.assertRaises(lite.ConfigurationError) as caught:
                generate_token(key)
            self.assertFalse([part for part in key.split(".") if part and part in str(caught.exception)])

    def test_token_lasts_half_an_hour_by_the_wall_clock(self) -> None:
        server, clock, made = self.serve(), self.at(1700000000.0), []
        with mock.patch("zhipuai_lite.time.monotonic", return_value=time.monotonic()):  # as in a frozen process
            for seconds in (0, 1, 1799, 1801, 3599, 90000, 89400, 3000):  # also backwards
                clock.return_value = 1700000000.0 + seconds
                ask(self.client(server, timeout=None))
                found = claims(server.request.token)
                self.assertGreaterEqual(found["exp"] / 1000 - clock.return_value, 1800)
                made.append(found["timestamp"] / 1000 - 1700000000)
        self.assertEqual(made, [0, 0, 0, 1801, 1801, 90000, 89400, 3000])
        ask(self.client(server, api_key="other.secret"))
        self.assertEqual(claims(server.request.token)["api_key"], "other")

    def test_other_keys_are_sent_as_they_are(self) -> None:
        server = self.serve()
        for key in ("sk-proj_x-y", "a.b.c", KEY):
            ask(self.client(server, api_key=key, disable_token_cache=key == KEY))
            self.assertEqual(server.request.headers["authorization"], "Bearer " + key)


# ======================================================================================================================
# Models
# ======================================================================================================================

#: The objects in answers, from the platform's OpenAPI file and recorded answers, with some of their fields:
#: `name[...]` is a list, `name<...>` a list of lists, `name{...}` one object, `name(...)` one that need not be typed.
ANSWERS = """
chat.completions.create: id request_id created model object choices[index finish_reason message{role content
 reasoning_content audio{id data expires_at} tool_calls[id type function{name arguments} mcp{id type server_label error
 tools arguments name output}]}] usage{prompt_tokens completion_tokens total_tokens prompt_tokens_details{cached_tokens}
 completion_tokens_details{reasoning_tokens}} web_search[icon title link media publish_date content refer]
 video_result[url cover_image_url] content_filter[role level]
chat.asyncCompletions.retrieve_completion_result: created choices[message{tool_calls[function{name}]}]
 usage{total_tokens} video_result[url] web_search[icon] content_filter[role] image_result[url]
images.retrieve_images_result: image_result[url]
videos.retrieve_videos_result: video_result[url cover_image_url]
images.generations: data[url] content_filter[role]
voice.list: voice_list[voice voice_name voice_type download_url create_time]
embeddings.create: data[index] usage{total_tokens}
rerank.create: results[document index relevance_score] usage{total_tokens}
tokenizer.create: usage{video_tokens image_tokens}
models.list: object data[owned_by]
layout_parsing.create: md_results layout_details<index label bbox_2d content> data_info{num_pages pages[width height]}
 usage{total_tokens}
web_search.web_search: search_intent[query] search_result[title publish_date]
web_reader.web_reader: reader_result{content title url publishedTime external(css) metadata(keywords)}
moderations.create: result_list[risk_level] usage{moderation_text{call_count}}
tools.web_search: choices[message{tool_calls[search_intent[index] search_result[index] search_recommend[index]]}]
agents.invoke: async_id choices[messages[role content(type)]] usage{total_tokens}
ocr.handwriting_ocr: task_id words_result[location{left} words probability{average}]
batches.retrieve: request_counts{total} total completed failed metadata(key) errors{data[line]}
batches.list: data[id request_counts{total}] first_id last_id has_more
fine_tuning.jobs.retrieve: id error{code} hyperparameters{batch_size learning_rate_multiplier}
fine_tuning.jobs.list_events: data[data{epoch}]
knowledge.query: list[id]
knowledge.used: used{length} total{length}
knowledge.document.create: successInfos[documentId] failedInfos[failReason]
knowledge.document.list: list[failInfo{embedding_code}]
knowledge_base.search: data[text score metadata{_id doc_name}] code message timestamp
knowledge_base.create: data{id embedding_id contextual}
knowledge_base.list: data{list[id document_size word_num] total}
knowledge_base.capacity: data{used{word_num} total{length}}
knowledge_base.documents.list: data{list[knowledge_type failInfo{embedding_code}] total}
knowledge_base.documents.upload: data{successInfos[documentId fileName url] failedInfos[fileName failReason]}
knowledge_base.documents.images: data{images[cos_url]}
knowledge_base.documents.retrieve: data{failInfo{embedding_msg}}
zrag.retrieve: data{contents[text image_url(url) metadata(doc_type)] rewritten_query(original_query) elapsed_ms}
assistant.query_support: success data[tools]
assistant.query_conversation_usage: success data{conversation_list[usage{total_tokens}]}
responses.retrieve: id status text(format) error{code} incomplete_details(reason) output[id status content[type text]]
 usage{input_tokens_details{cached_tokens} output_tokens_details{reasoning_tokens}} metadata
responses.input_items.list: data[content[text]] first_id last_id has_more
"""


def sample(shape: str) -> Any:
    """An object with the fields of a line; one that need not be typed is marked."""
    marks = {"[": "[{", "]": "}],", "<": "[[{", ">": "}]],", "(": "{'untyped': 1,", ")": "},", "{": "{", "}": "},"}
    text = re.sub(r"\w+(?![\w\[<({])", r"'\g<0>': 'a \g<0>',", shape)
    text = re.sub(r"(\w+)([\[<({])", r"'\1': \2", text)
    text = re.sub(r"[\[\]<>(){}]", lambda mark: marks[mark.group()], text)
    return eval("{" + text.replace("'a code'", "200") + "}")


def answers() -> dict[str, Any]:
    """A sample of each answer in `ANSWERS`."""
    return {name: sample(shape) for name, shape in re.findall(r"(?m)^([\w.]+): (.*(?:\n .*)*)", ANSWERS)}


class ModelsTest(TestCase):
    def both(self, body: dict[str, Any]) -> list[Any]:
        """What an answer becomes, and what is made of the same by hand."""
        server = self.serve()
        server.answer(body)
        return [ask(self.client(server)), Completion(copy.deepcopy(body))]

    def full(self) -> dict[str, Any]:
        """All that the platform is known to send, and more."""
        return dict(answers()["chat.completions.create"], field_of_tomorrow={"a": [1, {"b": 2}]})

    def test_fields_are_attributes_declared_or_not(self) -> None:
        for result in self.both(self.full()):
            message = result.choices[0].message
            self.assertEqual((type(result), type(message)), (Completion, lite.CompletionMessage))
            self.assertEqual(message.tool_calls[0].mcp.server_label, "a server_label")
            self.assertEqual(result.field_of_tomorrow, {"a": [1, {"b": 2}]})
            self.assertLessEqual({"choices", "field_of_tomorrow", "model_dump"}, {*dir(result)})
        for result in self.both(completion()):
            message = result.choices[0].message
            self.assertEqual((message.tool_calls, message.audio, result.web_search), (None,) * 3)
            with self.assertRaisesRegex(AttributeError, "tokens_used"):
                result.tokens_used  # noqa: B018
            message.content, result["id"] = "second", "changed"
            self.assertEqual((result["choices"][0]["message"]["content"], result.id), ("second", "changed"))
            del result.id
            self.assertIsNone(result.id)
            self.assertRaises(KeyError, delattr, result, "id")

    def test_result_is_a_dict(self) -> None:
        body = completion()
        for result in self.both(body):
            self.assertEqual(("choices" in result, "web_search" in result, result.get("no", 7)), (True, False, 7))
            for plain in (dict(**result), json.loads(json.dumps(result)), vars(result), result):
                self.assertEqual((plain, list(plain)), (body, list(body)))
            self.assertIs(weakref.ref(result)(), result)
            for text in (repr(result), f"{result}"):
                self.assertRegex(text, r"^Completion\(id='.*content='你好！'")
        self.assertTrue(Completion())

    def test_dumps_are_plain_and_take_what_pydantic_takes(self) -> None:
        full, short = self.full(), completion()
        for result in self.both(full):
            for dumped in (result.model_dump(), result.dict(), result.to_dict(), result.model_dump(exclude_none=True)):
                self.assertEqual((dumped, type(dumped["choices"][0]["message"])), (full, dict))
        for result in self.both(short):
            dump, message = result.model_dump, short["choices"][0]["message"]
            self.assertEqual(dump()["choices"][0]["message"], dict(message, reasoning_content=None, tool_calls=None))
            for option in ("exclude_unset", "exclude_none", "exclude_defaults"):
                self.assertEqual(dump(**{option: True, "mode": "json"}), short)
            self.assertEqual(dump(include={"id"}), {"id": result.id})
            for names in ({"id"}, {"id": True}):
                self.assertEqual(dump(exclude=names).keys(), short.keys() - {"id"})
            texts = [result.json(), result.model_dump_json(indent=2), result.to_json()]
            self.assertEqual([json.loads(text) for text in texts], [dump(), dump(), short])
            self.assertEqual(["\n" in text for text in texts if "你好！" in text], [False, True, True])

    def test_models_are_made_by_hand(self) -> None:
        usage = lite.CompletionUsage(prompt_tokens=1, prompt_tokens_details={"cached_tokens": 0})
        self.assertEqual((usage.prompt_tokens, usage.prompt_tokens_details.cached_tokens), (1, 0))
        self.assertEqual(usage.model_dump()["prompt_tokens_details"], {"cached_tokens": 0})
        result: Any = Completion(usage=usage)
        self.assertIs(result.usage, usage)
        self.assertIs(Completion.model_validate(result), result)
        schema: Any = Completion.__get_pydantic_core_schema__(Completion, None)
        self.assertEqual((schema["type"], schema["schema"]), ("function-after", {"type": "dict"}))
        for make in (Completion.parse_obj, schema["function"]["function"], lambda body: Completion.construct(**body)):
            self.assertEqual((type(make(completion())), make(completion()).choices[0].index), (Completion, 0))

    def test_models_of_the_users_own(self) -> None:
        module = types.ModuleType("models_of_a_user")
        with mock.patch.dict(sys.modules, models_of_a_user=module):
            self.execute(
                "import zhipuai_lite\n"
                "class Source(zhipuai_lite.Model): title: str\n"
                "class Costs(zhipuai_lite.CompletionUsage): cost: float = 0.5\n"
                "class Other(Costs):\n"
                "    cost: float = 0.7\n"
                "    @property\n"
                "    def total_tokens(self): return 99\n"
                "class Answer(zhipuai_lite.Completion):\n"
                "    best: 'Source'\n"
                "    usage: Costs\n",
                vars(module),
            )
            own: Any = module
            body = completion(best=[{"title": "b"}])
            for result in (own.Answer(body), own.Answer.model_validate(body), own.Answer(**body)):
                self.assertEqual((result.best[0].title, result.usage.cost), ("b", 0.5))
                self.assertEqual(result.choices[0].message.content, "你好！")
        for kind, cost, total in ((own.Costs, 0.5, None), (own.Other, 0.7, 99)):
            made = kind()
            self.assertEqual((made.cost, made.model_dump()["cost"], made.total_tokens), (cost, cost, total))
            made.cost = 4
            self.assertEqual((made.to_dict(), kind(cost=3).cost), ({"cost": 4}, 3))

    def test_results_pickle_and_copy(self) -> None:
        for result in self.both(self.full()):
            twins = [pickle.loads(pickle.dumps(result, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
            for twin in [*twins, copy.deepcopy(result), copy.copy(result), result.model_copy(deep=True), result.copy()]:
                self.assertEqual((twin, type(twin)), (result, Completion))
                self.assertIs(type(twin.choices[0].message), type(result.choices[0].message))
            copy.deepcopy(result).choices[0].message.content = "changed"
            self.assertEqual(result.model_copy(update={"id": "new"}), dict(self.full(), id="new"))

    def test_fields_of_unexpected_types_survive(self) -> None:
        for odd in ({"choices": None}, {"choices": [1, "a", None, []]}, {"usage": 5, "id": {"a": 1}, "": 1e300}):
            for result in self.both(completion(**odd)):
                self.assertEqual(result.to_dict(), completion(**odd))

    def test_hostile_names_cannot_take_over_a_model(self) -> None:
        names = "__html__ __class__ __dict__ __init__ __reduce__ __len__ _declared _maker _origin model_dump dict json"
        hostile = dict.fromkeys(f"{names} get keys items update copy pop self cls".split(), "pwned")
        body = completion(**hostile)
        for plain in (body["choices"][0]["message"], body["usage"]):
            plain.update(hostile)
        for result in self.both(body):
            for model, plain in ((result, body), (result.choices[0].message, body["choices"][0]["message"])):
                self.assertEqual((model.get("get"), hasattr(model, "__html__")), ("pwned", False))
                for same in (model.to_dict(), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
                    self.assertEqual((same, sorted(same.keys())), (plain, sorted(plain)))


class ResultsTest(TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu: Any = self.client(self.server)

    def answered(self, name: str, body: Any) -> Any:
        interface = next(interface for interface in interfaces() if interface.name == name)
        self.server.answer(body)
        return interface.of(self.zhipu)(**interface.arguments(interface.required))

    def check(self, result: Any, body: dict[str, Any]) -> None:
        """Every field is a declared one, every object a model."""
        self.assertIsInstance(result, lite.Model)
        nothing = type(result)()
        for name, value in body.items():
            self.assertEqual((getattr(result, name), getattr(nothing, name)), (value, None))
            read = result[name]
            while isinstance(value, list):
                read, value = read[0], value[0]
            if isinstance(value, dict) and "untyped" not in value:
                self.check(read, value)

    def test_fields_of_every_answer_are_typed(self) -> None:
        for name, body in answers().items():
            with self.subTest(name):
                result = self.answered(name, body)
                for each in (result, pickle.loads(pickle.dumps(result))):
                    self.check(each, body)
                    self.assertEqual((type(each), each.to_dict()), (type(result), body))

    def test_chat_task_is_a_completion_only_once_it_is_finished(self) -> None:
        retrieve = self.zhipu.chat.asyncCompletions.retrieve_completion_result
        for status, kind, more in (
            ("PROCESSING", lite.AsyncTaskStatus, set()),
            ("FAIL", lite.AsyncTaskStatus, set()),
            ("SUCCESS", lite.AsyncCompletion, {"choices", "usage"}),
        ):
            body = {"id": "1", "request_id": "2", "model": "m", "task_status": status}
            self.server.answer(body)
            result = retrieve("1")
            self.assertEqual((type(result), result.task_status, result.to_dict()), (kind, status, body))
            self.assertEqual(result.model_dump().keys() - body.keys(), more)

    def test_fields_under_other_names(self) -> None:
        result = self.answered("web_reader.web_reader", {"reader_result": {"publishedTime": "2026-07-11"}})
        self.assertEqual(result.reader_result.published_time, "2026-07-11")
        parts = [{"type": "output_text", "text": "你"}, {"type": "refusal", "text": "x"}]
        for output, text in (
            ([{"type": "reasoning", "summary": []}, {"content": parts}, {"content": parts}], "你你"),
            (None, ""),
        ):
            self.assertEqual(self.answered("responses.retrieve", {"output": output}).output_text, text)

    def test_blocks_of_the_assistant_are_typed_by_their_type(self) -> None:
        names = ["code_interpreter", "drawing_tool", "web_browser", "retrieval", "function"]
        blocks: list[Any] = [{"type": name, name: {"outputs": [{"a": 1}]}} for name in names]
        calls = {"type": "tool_calls", "tool_calls": [*blocks, {"type": "of_tomorrow", "x": {}}]}
        body = {"status": "completed", "choices": [{"delta": calls}, {"delta": {"type": "content", "content": "你好"}}]}
        self.server.stream(body, DONE)
        (result,) = self.zhipu.assistant.conversation("a", MESSAGES)
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
Function ChoiceDeltaFunctionCall ChoiceDeltaToolCallFunction(arguments name) CompletionMessageToolCall(id function type)
CompletionMessage(content role reasoning_content tool_calls) CompletionChoice(index finish_reason message)
chat_completion.Completion(model created choices request_id id usage) moderation_completion.Completion(model input)
assistant_completion.CompletionUsage Usage AgentsCompletionUsage(prompt_tokens completion_tokens total_tokens)
chat_completion_chunk.CompletionUsage(prompt_tokens prompt_tokens_details completion_tokens completion_tokens_details
total_tokens) PromptTokensDetails(cached_tokens) CompletionTokensDetails(reasoning_tokens)
ChatCompletionChunk(id choices created model usage extra_json) Choice AgentsChoice AudioSpeechChoice(delta finish_reason
index) chat_completion_chunk.ChoiceDelta(content role reasoning_content tool_calls audio)
chat_completion_chunk.ChoiceDeltaToolCall(index id function type)
web_search_chunk.ChoiceDelta WebSearchMessage(role tool_calls) web_search_chunk.ChoiceDeltaToolCall
WebSearchMessageToolCall(id search_intent search_result search_recommend type index)
AsyncTaskStatus(id request_id model task_status) AsyncCompletion(id request_id model task_status choices usage)
VideoObject(id model video_result task_status request_id) VideoResult(url cover_image_url)
ImagesResponded(created data) GeneratedImage(b64_json url revised_prompt) Embedding(object index embedding)
EmbeddingsResponded(object data model usage) FileObject(id bytes created_at filename object purpose status
status_details) ListOfFileObject ListOfFineTuningJob FineTuningJobEvent(object data has_more)
Errors(data object) Batch(id completion_window created_at endpoint input_file_id object status cancelled_at
cancelling_at completed_at error_file_id errors expired_at expires_at failed_at finalizing_at in_progress_at metadata
output_file_id request_counts) BatchError(code line message param) BatchRequestCounts(completed failed total)
Error(code message param) Hyperparameters(n_epochs) FineTuningJob(id request_id created_at error fine_tuned_model
finished_at hyperparameters model object result_files status trained_tokens training_file validation_file)
SearchResultResp(title link content icon media refer publish_date) SearchResult(index title link content icon media
refer) DocumentData(id custom_separator sentence_size length word_num name url embedding_stat failInfo)
TextContentBlock(content role=assistant type=content) ToolsDeltaBlock(tool_calls role=tool type=tool_calls)
"""
#: Others, and those of zai-sdk; but not the results of interfaces.
OTHER_CLASSES = """
AgentsChoiceDelta AgentsCompletionChoice AgentsCompletionChunk AgentsCompletionMessage AgentsError AssistantChoice
AssistantCompletion AssistantSupport AudioCompletionChunk AudioError AudioSpeechChunk AudioSpeechDelta CodeInterpreter
CodeInterpreterToolOutput ConversationUsage ConversationUsageList DataInfo DocumentDataFailInfo DocumentFailedInfo
DocumentSuccessinfo DrawingTool DrawingToolOutput ErrorInfo FunctionTool FunctionToolOutput JobEvent KnowledgeStatistics
LayoutDetail Location Metric PageInfo Probability ReaderData RetrievalTool RetrievalToolOutput SearchIntent
SearchIntentResp SearchRecommend UploadDetail VoiceData WebBrowser WebBrowserOutput WebSearchChoice WebSearchChunk
WordsResult
"""
#: What can be imported, and its name here where that is another.
OFFICIAL_IMPORTS = """
zhipuai.ZhipuAI
zhipuai.core._errors.APIReachLimitError RateLimitError
zhipuai.core.StreamResponse Stream
zhipuai.core._sse_client.StreamResponse Stream
zhipuai.core.BaseModel Model
zhipuai.core.HttpxBinaryResponseContent BinaryResponse
zhipuai.core._base_type.NOT_GIVEN
zhipuai._client.NotGiven
zhipuai.core.pagination.SyncCursorPage
zhipuai.api_resource.chat.completions.Completions
zhipuai.types.tools.web_search_chunk.Choice WebSearchChunkChoice
zhipuai.types.assistant.message.tools.retrieval_delta_black.RetrievalTool
"""


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
        """The module's file, executed as another module or again in one."""
        module = into or types.ModuleType("zhipuai_lite")
        text = pathlib.Path(MODULE).read_text(encoding="utf-8")
        text = text.replace(f'__version__ = "{lite.__version__}"', f'__version__ = "{version}"')
        exec(compile(text, MODULE, "exec"), module.__dict__)
        return module

    def test_imports_give_this_modules_classes(self) -> None:
        zhipuai = self.install()
        self.assertIs(zhipuai.core._errors.APIStatusError, lite.APIStatusError)  # submodules that nobody has imported
        for path, name, other in re.findall(r"(\S+)\.(\w+) ?(\w*)", OFFICIAL_IMPORTS):
            self.assertIs(self.names(f"from {path} import {name}")[name], getattr(lite, other or name))
        names = self.names(  # as langchain-glm does
            "from zhipuai.core import PYDANTIC_V2, BaseModel, ConfigDict\n"
            "from zhipuai.types.sensitive_word_check import SensitiveWordCheckRequest\n"
            "class Message(BaseModel):\n"
            "    model_config = ConfigDict(extra='allow')\n"
            "    content: str = ''\n"
        )
        self.assertEqual((names["PYDANTIC_V2"], names["Message"](role="user").content), (True, ""))
        self.assertEqual(names["SensitiveWordCheckRequest"](type="ALL"), {"type": "ALL"})

    def test_official_classes_are_found_and_dump_the_same(self) -> None:
        types = self.install().types
        for names, text in re.findall(r"([\w. \n]+)\(([^)]*)\)", OFFICIAL_CLASSES):
            fields = {field: default or None for field, _, default in (word.partition("=") for word in text.split())}
            for module, _, name in (path.rpartition(".") for path in names.split()):
                with self.subTest(name):
                    made = getattr(getattr(types, module or "some"), name)()
                    self.assertEqual(made.model_dump(), fields)
                    self.assertEqual({field: getattr(made, field) for field in fields}, fields)
        for name in OTHER_CLASSES.split():
            self.assertIsInstance(getattr(types, name)(), lite.Model)

    def test_star_and_dir_give_the_client_and_the_errors(self) -> None:
        zhipuai = self.install()
        names = self.names("from zhipuai import *")
        self.assertEqual([name for name in names if not issubclass(names[name], lite.ZhipuAIError)], ["ZhipuAI"])
        for listed in (names, dir(zhipuai), self.names("from zhipuai.core._errors import *")):
            self.assertLessEqual({*re.findall(r"\b(?:API|ZhipuAI)\w*Error", ERRORS)}, {*listed})
            self.assertNotIn("Function", listed)

    def test_names_that_do_not_exist_cannot_be_imported(self) -> None:
        zhipuai = self.install()
        for program in (
            "from zhipuai import model_api",
            "import zhipuai.model_api",
            "import zhipuaix",
            "from zhipuai.core import maybe_transform",
            "from zhipuai.types.chat.chat_completion import Nonsense",
        ):
            with self.subTest(program), self.assertRaises(ImportError):
                self.names(program)
        self.assertFalse(hasattr(zhipuai, "__wrapped__") or hasattr(zhipuai.core, "_repr_html_"))

    def test_subclass_sends_the_headers_itself(self) -> None:
        zhipuai = self.install()  # as MetaGPT does
        timeout = zhipuai.core._http_client.ZHIPUAI_DEFAULT_TIMEOUT
        client = type("ZhiPuModelAPI", (zhipuai.ZhipuAI,), {})(api_key=KEY, timeout=timeout)
        headers = client._default_headers
        self.assertTrue(signature_is_valid(headers["Authorization"][len("Bearer ") :], SECRET.encode()))
        self.assertEqual((headers["Content-Type"], timeout.read), ("application/json", 300))

    def test_version_and_distribution_are_there(self) -> None:
        self.assertEqual(self.install().__version__, "v2.1.5.20250725")  # not its distribution's
        try:
            from importlib import metadata
        except ImportError:
            self.skipTest("3.8+")
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
        copy = self.copy()
        copy.install_as_zhipuai()
        self.assertEqual(len(sys.meta_path), finders)
        self.assertIs(importlib.import_module("zhipuai"), first)
        self.assertIs(first.ZhipuAI, lite.ZhipuAI)
        self.assertIs(importlib.import_module("zhipuai.core").StreamResponse, lite.Stream)

    def test_reload_keeps_the_classes_but_takes_over_a_changed_file(self) -> None:
        # Dask reloads an uploaded file: else pickle would not know what was made before.
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
            print({"asyncio", "dataclasses", "inspect", "logging", "typing"} & (set(sys.modules) - before))
            """
        ended = self.run_python("-S", "-c", program, self.serve().url)
        self.assertEqual((ended.stdout.split(), ended.stderr), ([b"set()"], b""))

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
            client = zhipuai_lite.ZhipuAI(api_key="id.secret", base_url=sys.argv[2])
            assert list(client.chat.completions.create(model="glm-4", messages=[], stream=True))
            assert client.files.create(file=b"{}", purpose="batch").id
            sys.exit(zhipuai_lite.main(["chat", "--offline", "hello"]))
            """
        server = self.serve()
        server.stream(chunk("你好"), DONE)
        archive = self.file("layer.zip", b"")
        with zipfile.ZipFile(archive, "w") as file:
            file.write(MODULE, "zhipuai_lite.py")
        kept = {name: value for name, value in os.environ.items() if name.upper() == "SYSTEMROOT"}  # Windows' sockets
        with mock.patch.dict(os.environ, kept, clear=True):
            ended = self.run_python("-I", "-S", "-B", "-c", program, archive, server.url)
        self.assertEqual((ended.returncode, ended.stderr, b"hello" in ended.stdout), (0, b"", True))

    def test_works_without_poll(self) -> None:
        server = self.serve()  # as on Windows
        with mock.patch.object(zhipuai_lite, "select", types.SimpleNamespace(select=select.select)):
            for connections in (1, 1, 2):
                ask(self.client(server))
                self.assertEqual(server.connections, connections)
                if len(server.requests) == 2:
                    server.drop_connections()


class PickleTest(TestCase):
    def travel(self, value: Any) -> Any:
        return pickle.loads(pickle.dumps(value))

    def test_resources_methods_and_subclasses_of_the_client_travel(self) -> None:
        client = self.client(self.serve())
        for create in (self.travel(client.chat.completions).create, self.travel(client.chat.completions.create)):
            self.assertEqual(create(model="glm-4", messages=MESSAGES), completion())
        zai = lite.ZaiClient(api_key=KEY, timeout=7)
        self.assertEqual((type(self.travel(zai)), self.travel(zai).timeout), (lite.ZaiClient, 7))

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


# ======================================================================================================================
# Server-sent events
# ======================================================================================================================


def in_packets(data: bytes, size: int) -> list[bytes]:
    return [data[index : index + size] for index in range(0, len(data), size)]


def decoded(*packets: bytes) -> list[tuple[str, str]]:
    return list(zhipuai_lite._read_events(packets))


#: Characters that end no line, whatever `str.splitlines` thinks.
SEPARATORS = "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei\x00j"


class EventDecoderTest(TestCase):
    def test_events_are_those_of_the_standard_wherever_the_packets_are_cut(self) -> None:
        data = b"\xef\xbb\xbfdata: a\n\ndata:\xef\xbb\xbfb\r\n\r\ndata:  c\r\rdata: d \n\r\n: ping\n\n:data: x\r\n\n"
        data += b"data: e\r\ndata\r\ndata:\r:\ndata: f\r\n\n\n"
        data += b"event: x\nevent: y\ndata:\tg\n\nevent: error\n\ndata: \xff\xe4\xbdh\n\n"
        data += b"id: 7\nretry: 10\nDATA: x\n data: y\ndatax: z\nevent : w\nwhatever\n\xef\xbb\xbfdata: v\ndata: i\n\n"
        data += f"data: 你好 😀 {SEPARATORS}\n\ndata: unfinished\n".encode()
        texts = ["a", "\ufeffb", " c", "d ", "e\n\n\nf", "\tg", "\ufffd\ufffdh", "i", "你好 😀 " + SEPARATORS]
        events = [("y" if text == "\tg" else "", text) for text in texts]
        self.assertEqual(decoded(*in_packets(data, 1)), events)
        for index in range(len(data)):
            self.assertEqual(decoded(data[:index], data[index:]), events)

    def test_many_tiny_events_and_a_huge_one_take_no_longer_than_their_bytes(self) -> None:
        for event, count in (("x", 100000), ("y" * (16 << 20), 1)):
            data = f"data: {event}\n\n".encode() * count
            for size in (len(data), 1000):
                self.assertTrue(decoded(*in_packets(data, size)) == [("", event)] * count)


class StreamTestCase(TestCase):
    """Tests that `InLoop` repeats with the asynchronous client."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.serve()
        self.zhipu: Any = self.client(self.server, max_retries=3)

    def call(self, function: Any, **arguments: Any) -> Any:
        return function(self.zhipu, **arguments)

    def open(self, *events: Any) -> Any:
        """A chat's stream of these events."""
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
    (interface,) = (each for each in interfaces() if each.name == name)
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
    ("comment at the end", stream(A, ": ping\n"), [A]),
    ("empty events", stream("data:\n\n", ": hello\n\n", A, "data:  \t\n\n", B, DONE), [A, B]),
    ("more after [DONE]", stream(A, DONE, B, "data: no json\n\n"), [A]),
    ("silence after [DONE]", stream(A, DONE, STALL), [A]),
    ("compressed", stream(gzip.compress(sse(A, B, DONE)), headers={"Content-Encoding": "gzip"}), [A, B]),
    # of unknown length: an event must say that it is the last
    *[(end, until_closed(A, end), [A]) for end in (DONE, "data: [DONE]")],
    *[(f"{end} ends", until_closed(A, end), [A, end]) for end in (LAST, dict(USED, choices=[]))],
    *[(f"ends {size} bytes early", until_closed(A, sse(LAST)[:-size]), [A, LAST]) for size in (1, 2)],
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
NO_END: list[Any] = [USED, {"choices": {"0": {}}}, {"choices": 5}, {"choices": [None]}]
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
        for text in ("123", '"text"', "[1]", "[" * 100000)
    ],
    *[
        (f"{body!r} as {kind}", whole(body, kind=kind), [], INVALID + ".*no event stream")
        for body in (b"", b"gateway", _json(completion()), b": comment\n\nretry: 1\n\n")
        for kind in ("text/plain", LABELS[0])
    ],
    ("error as text", whole(_json(ERROR), kind="text/plain"), [], INVALID + ".*余额不足"),
    # the last event without its blank line
    ("half an event", stream(LAST, 'data: {"id":'), [LAST], CUT),
    ("error at the end", stream(A, sse(ERROR)[:-2]), [A], FAILED),
    # of unknown length
    *[(f"{end!r} at the end", until_closed(A, end), [A], CUT) for end in (b"", sse(B)[:-20])],
    ("no reason at the end", until_closed(A, sse(B)[:-1]), [A, B], CUT),
    *[(f"{more} is no end", until_closed(dict(A, **more)), [dict(A, **more)], CUT) for more in NO_END],
    # in chunks
    *[
        (f"{rest[:9]!r} in chunks", [*stream(A)[:2], rest, CLOSE], [A], CUT)
        for rest in (b"", b"400\r\ndata: {", b"5", http_chunk(b"data: {"), b"0x5\r\nabcde\r\n", b"f" * 70000)
    ],
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
    (
        [piece(role="tool", content="a", reasoning="a"), piece(role=None, content="b", reasoning="b")],
        merged(role="tool", content="ab", reasoning="ab"),
    ),
    ([piece(reasoning_content="想", x=1), piece(reasoning_content="好", x=2)], merged(reasoning_content="想好", x=2)),
    ([piece(content=[part]) for part in PARTS], merged(content=PARTS)),
    ([piece(content=content) for content in ("a", PARTS, {"a": 1}, 5, "b")], merged(content="ab")),
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
        events = [chunk(text) for text in ("你好", SEPARATORS, "长" * 500)]
        data = sse(events[0], "\r\n: c\r\n", *events[1:], DONE)
        for kind, size, packet_size in zip(LABELS * 2, (1, 1, 2, 7, 300, 1000), (1, 1000, 5, 11, 13, 1)):
            body = b"".join(map(http_chunk, in_packets(data, size))) + LAST_CHUNK
            steps: list[Step] = [head(200, dict(EVENT_STREAM, **labelled(kind)))]
            for packet in in_packets(body, packet_size):
                steps += [packet, PAUSE(0)]
            self.check(f"{size} {packet_size}", steps, events)

    def test_chunk_is_handed_out_when_its_last_byte_came(self) -> None:
        for kind in LABELS:
            for end in (b"\n\n", b"\r\n\r\n"):
                self.server.stream(sse(A)[:-2] + end, STALL, headers=labelled(kind))
                opened = self.call(ask, stream=True)
                self.assertEqual((next(opened), opened.response.headers["content-type"]), (A, kind), end)
                opened.close()

    def test_json_for_a_stream_is_its_only_chunk(self) -> None:
        for asked in ({"stream": True}, {"extra_body": {"stream": True}}):
            self.server.answer(completion("whole"))
            opened = self.call(ask, **asked)
            self.assertEqual(contents(opened), ["whole"])
            self.assertEqual(opened.get_final_completion().choices[0].message.content, "whole")

    def test_events_that_were_not_asked_for(self) -> None:
        self.zhipu.max_retries = 0
        for kind in LABELS:
            for function in (ask, calling("embeddings.create")):
                self.server.stream(A, DONE, headers=labelled(kind))
                with self.assertRaisesRegex(zhipuai_lite.APIResponseValidationError, "Expected a JSON object"):
                    self.call(function)
            self.server.raw(*whole(A, kind=kind))
            self.assertEqual(self.call(calling("files.content")).content, sse(A))

    def test_final_completion_holds_all_chunks_and_leaves_them_alone(self) -> None:
        for events, expected in MERGED:
            with self.subTest(expected=expected):
                opened = self.open(*events, DONE)
                first = next(opened)
                for _ in range(2):
                    final = opened.get_final_completion()
                    self.assertEqual((type(final), final.to_dict()), (Completion, expected))
                self.assertEqual(first.to_dict(), events[0])

    def test_pieces_of_tool_calls_come_to_the_calls_that_were_meant(self) -> None:
        for line in TOOL_CALLS.strip().split("\n"):
            title, pieces, meant = line.split(" | ")
            nulls = ""
            for each in pieces.split(" ; "):
                index, key, name, arguments = [None if word == "-" else word.strip("'") for word in each.split()]
                function = {"name": name, "arguments": arguments}
                call = {"index": index and int(index), "id": key, "type": key and "function", "function": function}
                nulls += f"data: {json.dumps(chunk(delta={'tool_calls': [call]}))}\n\n"
            for events in (nulls, re.sub('"[a-z]+": null, ', "", nulls)):
                with self.subTest(title):
                    opened = self.open(events, chunk(delta={"content": None}), DONE)
                    message = opened.get_final_completion().choices[0].message
                    self.call(ask, messages=[message])  # it can be sent back
                    calls = self.server.request.json["messages"][0]["tool_calls"]
                    texts = ["{id} {function[name]} {function[arguments]}".format(**call) for call in calls]
                    self.assertEqual(" ; ".join(texts), meant)
                    self.assertEqual({call["type"] for call in calls if "index" not in call}, {"function"})

    def test_chunk_that_is_nested_too_deeply_is_an_error_of_ours(self) -> None:
        for depth in (300, 500, 900, 3000, 100000):
            deep, listed = '{"x":' * depth + "1" + "}" * depth, "[" * depth + "]" * depth
            message = f'{{"choices":[{{"message":{deep}}}]}}'
            for body in (message, *[f"data: {event}\n\n" for event in (message, f'{{"choices":{listed}}}', deep)]):
                self.server.raw(*whole(body, kind=LABELS[1]))
                with contextlib.suppress(zhipuai_lite.APIResponseValidationError):
                    self.call(ask, stream=True).get_final_completion()

    def test_closed_stream_is_empty_and_has_no_final_completion(self) -> None:
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
    def test_next_may_be_called_from_another_thread(self) -> None:
        opened = self.open(A, B, DONE)
        with self.assertRaisesRegex(TypeError, "stream"):
            pickle.dumps(opened)
        self.assertEqual(next(opened), A)
        with ThreadPoolExecutor(1) as pool:
            self.assertEqual(pool.submit(next, opened).result(PATIENCE), B)
        self.assertEqual([*opened, *opened], [])

    def test_stream_that_was_left_ends_its_connection(self) -> None:
        def raising(left: Any) -> None:
            with self.assertRaises(KeyError), left as entered:
                raise KeyError(next(entered))
            self.server.until_idle()  # while the stream is still known

        for leave in (raising, next, id):
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
    "chat.completions.create": ("ChatCompletionChunk", [A, chunk("b", "stop", usage=USAGE), {"choices": []}], []),
    "agents.invoke": ("AgentsCompletionChunk", [
        {"agent_id": "a", **piece(role="assistant", content=PLAIN)},
        {"agent_id": "a", "choices": [{"messages": [{"role": "assistant"}]}], "usage": USAGE},
        {"agent_id": "a", "choices": [], "error": REASON},
    ], []),
    "assistant.conversation": ("AssistantCompletion", [
        {"status": "in_progress", "last_error": None, **piece(type="content", content="你")},
        {"status": "completed", "choices": [], "usage": USAGE},
    ], [{"status": "failed", "last_error": REASON, "choices": []}, {"status": "failed", "last_error": REASON}]),
    "tools.web_search": ("WebSearchChunk", [piece(role="tool", tool_calls=[SEARCH])], []),
    "audio.transcriptions.create": ("TranscriptionChunk", [
        {"type": "transcript.text.delta", "delta": "你"}, {"type": "transcript.text.done"},
    ], []),
    "audio.speech": ("AudioSpeechChunk", [
        piece(content="AAA=", return_sample_rate=24000),
        {"choices": [{"index": 0, "delta": None, "finish_reason": "stop"}], "error": None},
    ], [{"choices": [], "error": REASON}]),
    "zrag.chat": ("ZragChatEvent", [
        {"type": "tool_result", "sessionId": "s", "data": PLAIN},
        {"type": "answer", "sessionId": "s", "messageId": "m", "data": PLAIN},
        {"type": "done", "sessionId": "s", "usage": {"total_calls": 1, **USAGE}},
    ], [
        {"type": "error", "sessionId": "s", "data": REASON},
        {"code": 1113, "message": "余额不足"},
    ]),
    "responses.create": ("ResponseStreamEvent", [
        {"type": "response.created", "sequence_number": 0, "response": RESPONSE},
        {"type": "response.output_item.added", "item": {"type": "message", "content": [{"type": "text"}]}},
        {"type": "response.incomplete", "response": {"error": None, **RESPONSE}},
    ], [
        {"type": "response.failed", "response": {"status": "failed", "error": REASON}},
        {"type": "error", "sequence_number": 3, **REASON},
        "event: response.failed\n" + sse({"response": {"error": REASON}}).decode(),
    ]),
}
# fmt: on
STREAMING = ("assistant.conversation", "zrag.chat")


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
                    self.assertEqual(chunks, events)
                    self.assertNotIn("{", repr(chunks).replace(repr(PLAIN), ""))  # every object is a model
            request = self.server.request
            self.assertIn("text/event-stream", request.headers["accept"])
            if b"boundary" in request.head:
                self.assertRegex(request.body, rb'; name="stream"[^-]*\r\n\r\ntrue\r\n')
            else:
                self.assertEqual("stream" in request.json, name not in STREAMING)

    def test_assistant_without_a_stream_answers_as_a_whole(self) -> None:
        result = self.call(calling("assistant.conversation", stream=False))
        self.assertEqual((type(result), result), (zhipuai_lite.AssistantCompletion, completion()))

    def test_errors_are_raised_after_what_came_before(self) -> None:
        for name, (_, events, errors) in KINDS.items():
            first = events[0]
            cases: Any = [
                (answer(ERROR), [], FAILED),
                (answer(ERROR, 429), [], "^RateLimitError 1113 r-7"),
                (stream(first, CLOSE), [first], CUT),
                *[(stream(first, event, STALL), [first], "Error 1113 .*: 余额不足") for event in (ERROR, *errors)],
            ]
            for steps, before, expected in cases:
                with self.subTest(name, steps=steps):
                    self.server.raw(*steps)
                    found: list[Any] = []
                    opened: Any = None
                    with self.assertRaises(zhipuai_lite.APIError) as caught:
                        opened = self.start(name)
                        found.extend(opened)
                    self.assertEqual(found, before)
                    self.assertRegex(text_of(caught.exception), expected)
                if before and name != "chat.completions.create":
                    with self.assertRaisesRegex(TypeError, "get_final_completion"):
                        opened.get_final_completion()


class AsyncStreamKindsTest(InLoop, StreamKindsTest):
    pass


# --- failures with a good status

FAILURE = {"id": "1", "status": "failed", "error": {"code": "1113", "message": "失败了"}}
#: Interface, what it answers with a good status (API.md, E4 to E9); the code of the error, if it is one.
ENVELOPES: list[tuple[str, dict[str, Any], Any]] = [
    ("file_parser.create_sync", {"code": 500, "msg": "失败了"}, "500"),
    ("agents.invoke", dict(FAILURE, agent_id="a", choices=[]), "1113"),
    ("agents.conversation", {"agent_id": "a", "choices": [], "error": None}, None),
    ("knowledge_base.delete", {"code": 200, "message": "请求成功", "timestamp": 1}, None),
    ("zrag.retrieve", {"code": 1001, "message": "失败了", "data": {}}, "1001"),
    ("assistant.query_support", {"success": False, "code": 500, "msg": "失败了"}, "500"),
    ("assistant.query_support", {"success": True, "code": 200, "msg": "success", "data": []}, None),
    ("ocr.handwriting_ocr", {"status": "failed", "message": "看不清"}, None),
    ("responses.retrieve", FAILURE, None),
]


class EnvelopesTest(StreamTestCase):
    def test_body_says_whether_the_call_failed(self) -> None:
        for name, body, code in ENVELOPES:
            with self.subTest(name, body=body):
                self.server.answer(body)
                if code:
                    with self.assertRaisesRegex(zhipuai_lite.APIResponseError, f"失败了.*{code}"):
                        self.call(calling(name))
                else:
                    self.assertEqual(self.call(calling(name)), body)

    def test_codes_of_the_responses_interface_say_whether_to_retry(self) -> None:
        for code, tries in (("overloaded", 4), ("rate_limit_exceeded", 4), ("not_implemented", 1)):
            self.server.answer(error_body(code), 503, times=tries)
            count = len(self.server.requests)
            with self.assertRaises(zhipuai_lite.APIError):
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


def ask_async(base_url: str, timeout: Any = PATIENCE, **arguments: Any) -> Any:
    """`ask` with an asynchronous client and a loop of its own; of a stream, the list of its chunks."""

    async def call() -> Any:
        async with lite.AsyncZhipuAI(api_key=KEY, base_url=base_url, timeout=timeout, max_retries=0) as client:
            result = await ask(client, **arguments)
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
        """What `gets` takes as `by`: our own opener, asyncio, and an opener of the caller's."""
        options.setdefault("base_url", self.server.url)
        return {
            "own": self.client(**options),
            "asyncio": functools.partial(ask_async, **options),
            "http_client": self.client(http_client=urllib.request.build_opener(), **options),
        }

    def gets(self, expected: Any = "你好！", *answers: list[Step], by: Any = None, **arguments: Any) -> Any:
        """A call that is answered so gives this content, or those of chunks, or (the error's class, its text)."""
        for steps in answers:
            self.server.raw(*steps)
        call = by or self.zhipu
        try:
            result = ask(call, **arguments) if isinstance(call, ZhipuAI) else call(**arguments)
            found = result.choices[0].message.content if isinstance(result, Completion) else contents(result)
        except lite.ZhipuAIError as error:
            result, found = error, f"{type(error).__name__}: {error}"
        if isinstance(expected, tuple):
            self.assertRegex(str(found), "(?s)^" + ".*".join(expected), (answers, arguments))
        else:
            self.assertEqual(found, expected, (answers, arguments))
        return result

    def assert_hidden(self, error: Any, *secrets: str) -> None:
        """Nothing that is shown of an error, or of what caused it, holds one of these."""
        response = getattr(error, "response", None)
        shown = [] if response is None else [repr(vars(response)), str(response.headers), response.text]
        while error is not None:
            shown += [str(error), repr(error), repr(vars(error)), pickle.dumps(error, 0).decode("latin-1")]
            error = error.__context__
        for secret in secrets:
            self.assertNotIn(secret, "\n".join(shown))


CHUNKED = head(200, {"Transfer-Encoding": "chunked"})
BODY = _json(completion("a"))
IN_CHUNKS = http_chunk(BODY) + LAST_CHUNK
BREAKS = ("APIConnectionError", "Connection error")
TIMEOUT = ("APITimeoutError", "timed out")


def sized(body: bytes, size: Any = None, **fields: str) -> bytes:
    """An answer with this Content-Length."""
    return head(200, {"Content-Length": str(len(body) if size is None else size), **fields}) + body


def packed(body: bytes, coding: str = "gzip") -> bytes:
    return sized(body, **{"Content-Encoding": coding})


#: Answers with the content "a".
WHOLE: Any = {
    "length, byte by byte": [DRIP(sized(BODY), 0)],
    "chunks, byte by byte": [DRIP(CHUNKED + IN_CHUNKS, 0)],
    "chunks, extensions and trailers": [
        CHUNKED.replace(b"chunked", b"Chunked") + b"9;name=value\r\n%s\r\n" % BODY[:9],
        b"%X \r\n%s\r\n000\r\nX-Checksum: 1\r\nX-Log-Id: 7\r\n\r\n" % (len(BODY) - 9, BODY[9:]),
    ],
    "HTTP/1.0": [b"HTTP/1.0 200 OK\r\n\r\n" + BODY, CLOSE],
    "HTTP/1.0 with a length": [sized(BODY).replace(b"1.1", b"1.0"), IGNORE],
    "gzip": [packed(gzip.compress(BODY), "GZIP")],
    "deflate": [packed(zlib.compress(BODY), "deflate")],
    "x-gzip": [packed(gzip.compress(BODY), "x-gzip")],
    "identity": [packed(BODY, "identity")],
}
#: Answers that must not pass for whole ones. Then the connection ends.
BROKEN: Any = {
    "cut-off length": [sized(b"{}", 100)],
    "no last chunk": [CHUNKED + http_chunk(b"{}")],
    "reset in a chunk": [CHUNKED + b"5\r\n{}", RESET],
    "chunk without its line end": [CHUNKED + b"2\r\n{}"],
    "no chunk size": [CHUNKED + b"2\r\n{}\r\nxx\r\n\r\n"],
    "cut-off gzip": [packed(gzip.compress(BODY)[:-9])],
    "broken gzip": [packed(gzip.compress(BODY)[:20] + b"\xff" * 20)],
    "coding that was not asked for": [packed(b"\x0b\x02\x80{}\x03", "br")],
    "SSH": [b"SSH-2.0-OpenSSH_9.2\r\n\r\n"],
    "endless headers": [b"HTTP/1.1 200 OK\r\n", ENDLESS(b"X-Field: v\r\n" * 1000)],
}
#: Likewise; but here `http.client` guesses, and a caller's opener with it.
ODD: Any = {
    "cut-off head": [b"HTTP/1.1 200 OK\r\nContent-Le"],
    "line that is no header": [sized(b"{}").replace(b"\r\n", b"\r\nno header\r\n", 1)],
    "endless interim answers": [ENDLESS(head(100) * 99)],
    "endless trailers": [CHUNKED + http_chunk(BODY) + b"0\r\n", ENDLESS(b"X-Trailer: v\r\n" * 99)],
    "another protocol": [head(101, {"Upgrade": "websocket"}) + b"\x81\x02hi"],
    "cut-off last chunk": [CHUNKED + IN_CHUNKS[:-2]],
    "negative chunk": [CHUNKED + b"-2\r\n{}\r\n" + LAST_CHUNK],
    "chunk with another line end": [CHUNKED + b"2\r\n{}xx" + LAST_CHUNK],
    "two lengths": [sized(b"{}", "2\r\nContent-Length: 3")],
    "negative length": [sized(b"{}", -1)],
    "length that is no number": [sized(b"{}", "2x")],
}
for _coding in (b"gzip, chunked", b"gzip", b"chunked;q=1", b"xchunked"):
    for _name, _body in (("chunks", IN_CHUNKS), ("bare", BODY)):
        ODD[f"{_name} as {_coding!r}"] = [CHUNKED.replace(b"chunked", _coding) + _body]
STREAMS: Any = [
    (stream(chunk("a"), chunk("b"), DONE), ["a", "b"]),
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
        interim = head(100) + head(103, {"Link": "</a>; rel=preload"}) + head(102) + sized(BODY)
        self.check({"interim": [interim]}, "a", 2)
        self.gets("长" * (4 << 20), answer(completion("长" * (4 << 20))))

    def test_broken_answers(self) -> None:
        self.check(BROKEN, BREAKS, 3)
        self.check(ODD, BREAKS, 2)

    def test_errors_are_read_as_far_as_they_came(self) -> None:
        busy = gzip.compress(_json(error_body("1302", "忙")))
        self.check({"gzip": answer(busy, 429, {"Content-Encoding": "gzip"})}, ("RateLimitError", "1302.*忙"), 3)
        self.check(
            {"cut off": [head(503, {"Content-Length": "99"}) + b'{"e']}, ("APIServerFlowExceedError", 'text {"e'), 3
        )

    def test_streams(self) -> None:
        for server in (self.server, self.serve_tls()):
            for way, call in self.ways(base_url=server.url).items():
                for steps, expected in STREAMS:
                    with self.subTest(steps, way=way, url=server.url):
                        server.raw(*steps)
                        self.gets(expected, by=call, stream=True)

    def test_decompression_bomb_is_refused(self) -> None:
        member = gzip.compress(b"\0" * (16 << 20))
        self.gets((*BREAKS, "64 MiB"), [packed(member * 64)])  # a gigabyte

    def test_connection_is_kept_when_the_answer_ends_as_its_head_says(self) -> None:
        kept = [answer(error_body("1"), 401), answer(error_body("1"), 500), [head(103) + sized(BODY)], [head(204)]]
        kept += [WHOLE["chunks, extensions and trailers"], WHOLE["gzip"]]
        dropped = [WHOLE["HTTP/1.0 with a length"], [sized(BODY, Connection="a, Close")]]
        dropped += [[sized(IN_CHUNKS, 2, **{"Transfer-Encoding": "chunked"})]]  # somebody is trying something
        for status in (b"204", b"304"):  # these have no body; what is announced may come later
            dropped += [[sized(b"", 5).replace(b"200", status)], [CHUNKED.replace(b"200", status)]]
        either: list[list[Step]] = [[beginning + sized(BODY)] for beginning in (head(204), sized(b"{}"))]  # smuggled
        for steps in (*kept, *dropped, *either):
            self.server.raw(*steps)
            with contextlib.suppress(lite.APIError):
                ask(self.zhipu)
            self.gets()
            first, second = self.server.requests[-2:]
            self.assertIn(steps, (kept if first.connection == second.connection else dropped) + either)

    @unittest.skipUnless(sys.platform == "linux", "elsewhere a process may have 256 descriptors")
    def test_idle_connections_are_a_bounded_stack(self) -> None:
        go_on = threading.Event()
        self.server.default = lambda request: stream(chunk("a"), WAIT(go_on))
        streams = [ask(self.zhipu, stream=True) for _ in range(300)]
        go_on.set()
        self.assertEqual([*map(contents, streams)], [["a"]] * 300)
        self.server.until_idle(256)
        self.gets("a", [sized(BODY)])
        self.assertEqual(self.server.request.connection, 300)

    def test_idle_connection_that_is_of_no_use_is_replaced(self) -> None:
        clock = self.at(1700000000.0)
        for server in (self.server, self.serve_tls()):
            client = self.client(server)
            self.gets(by=client)
            server.drop_connections()
            self.gets(by=client)
            clock.return_value += 86400
            self.gets(by=client)
            self.assertEqual(server.connections, 3)
            server.until_idle(1)
        go_on, sent = threading.Event(), threading.Event()
        self.gets("a", [sized(BODY), WAIT(go_on), sized(b"unasked"), SET(sent)])
        go_on.set()
        sent.wait(PATIENCE)
        self.gets()

    def test_request_lost_on_a_reused_connection_is_sent_once_more(self) -> None:
        self.gets(BREAKS, [CLOSE])  # not on a fresh connection
        for ending in (CLOSE, RESET):
            self.gets()
            self.gets("a", [ending], [sized(BODY)])
            self.assertEqual(*(request.head + request.body for request in self.server.requests[-2:]))
        for beginning in (b"H", head(100)):  # nor after a byte of the answer
            self.gets()
            self.gets(BREAKS, [beginning, CLOSE])
        self.gets()
        self.gets(TIMEOUT, [STALL], timeout=0.1)  # nor after a timeout
        self.gets()
        self.gets(BREAKS, [CLOSE], [CLOSE])  # nor twice

    @unittest.skipUnless(sys.platform == "linux", "elsewhere the reset may overtake the answer")
    def test_refusal_of_a_body_that_was_not_read_is_heard(self) -> None:
        big = [{"role": "user", "content": "x" * (32 << 20)}]
        for server, end in ((self.server, CLOSE), (self.serve_tls(), CLOSE), (self.serve_tls(), GOODBYE)):
            server.greeting = [*answer(error_body("1214", "太大"), 413), end]
            self.gets(("APIStatusError", "413.*太大"), by=self.client(server), messages=big)

    def test_connection_that_cannot_be_made_names_the_address(self) -> None:
        address = f"127.0.0.1:{refused_port()}"
        for call in self.ways(base_url=f"http://{address}/").values():
            self.gets((*BREAKS, address), by=call)

    def test_ipv6_is_spoken(self) -> None:
        try:
            server = self.serve(host="::1")
        except OSError:
            self.skipTest("no IPv6 loopback")
        self.gets(by=self.client(server))
        self.assertEqual(server.request.headers["host"], f"[::1]:{server.port}")

    def test_threads_share_a_client_without_mixing_answers(self) -> None:
        self.server.default = lambda request: answer(completion(request.json["messages"][0]["content"]))

        def work(number: int) -> None:
            self.gets(str(number), messages=[{"role": "user", "content": str(number)}])

        with ThreadPoolExecutor(32) as pool:
            list(pool.map(work, range(320)))
        self.assertLessEqual(self.server.connections, 32)

    def test_stream_closed_by_another_thread_is_left_to_its_reader(self) -> None:
        closing: list[threading.Thread] = []  # a descriptor that is closed under its reader may be another's next
        close, reading = socket.socket.close, ("readinto", "read")

        def closed(sock: socket.socket) -> None:
            closing.append(threading.current_thread())
            close(sock)

        for server in (self.server, self.serve_tls()):
            server.stream(chunk("a"), STALL)
            stream = ask(self.client(server), stream=True)
            next(stream)
            reader: Any = threading.Thread(target=list, args=(stream,))
            reader.start()
            until(lambda: sys._current_frames()[reader.ident].f_code.co_name in reading, "it reads")  # noqa: B023
            with mock.patch.object(socket.socket, "close", closed):
                stream.close()
                reader.join(PATIENCE)
            self.assertIn(reader, closing)
            self.assertNotIn(threading.current_thread(), closing)
            server.until_idle()

    def test_closed_client_leaves_nothing_open(self) -> None:
        self.server.stream(chunk("a"), chunk("b"))
        stream = ask(self.zhipu, stream=True)
        next(stream)
        ask(self.zhipu)
        self.zhipu.close()
        self.server.until_idle(1)
        self.assertEqual(contents(stream), ["b"])  # what is being read is read to its end
        self.server.until_idle()

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_fork_shares_no_socket_and_no_lock_and_ends_quietly(self) -> None:
        self.server.stream(chunk("a"), STALL)
        os.environ.update(ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=self.server.url, PYTHONPATH=os.path.dirname(MODULE))
        script = """if True:
            import os, signal, zhipuai_lite
            client = zhipuai_lite.ZhipuAI()
            stream = client.chat.completions.create(model="m", messages=[], stream=True)
            next(stream)  # it stays open
            client.get("/parent")
            lock = zhipuai_lite._pool._lock
            lock.acquire()  # as another thread may hold it
            child = os.fork()
            signal.alarm(20)
            if child:
                lock.release()
            for _ in range(2):
                client.get("/parent" if child else "/child")
            if not child:
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
            client.get("/parent")"""
        ended = self.run_python("-c", script)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr.decode()), (0, b"", ""))
        found = [(request.path[-6:], request.connection) for request in self.server.requests]
        self.assertEqual((len(found), len(set(found)), self.server.connections), (7, 3, 3))
        self.server.until_idle()


class TimeoutsTest(CallTest):
    def test_each_wait_is_bounded(self) -> None:
        cases: Any = [
            (3, "answer", False, [STALL]),
            (3, "", True, stream(STALL)),
            (3, "", True, stream(chunk("a"), STALL)),
            (3, "", False, [sized(b"", 1000), DRIP(b" " * 1000, 0.02)]),
            (2, "", False, [DRIP(sized(b"{}", **{"X-Long": "x" * 1000}), 0.02)]),
        ]
        calls, port = self.ways(timeout=0.1), self.server.port
        for ways, word, is_stream, steps in cases:
            self.server.default = lambda request, steps=steps: steps  # type: ignore[misc]
            for way in [*calls][:ways]:
                with self.subTest(steps, way=way):
                    where = (word, f"127.0.0.1:{port}.*0.1 s") if way != "http_client" else ()
                    self.gets((*TIMEOUT, *where), by=calls[way], stream=is_stream)
        self.server.greeting = [IGNORE]
        for way in ("own", "asyncio"):
            big = [{"role": "user", "content": "x" * (32 << 20)}]
            self.gets((*TIMEOUT, "send"), by=calls[way], messages=big)

    def test_error_that_drips_is_given_up(self) -> None:
        error = self.gets(("InternalServerError",), [head(500) + b"x", DRIP(b"x" * 1000, 0.02)], timeout=0.2)
        self.assertLess(len(error.response.text), 1000)

    def test_connecting_and_tls_are_bounded(self) -> None:
        self.server.greeting = [STALL]
        with unanswering_port() as port:
            for word, scheme, address in (("connect", "http", port), ("TLS", "https", self.server.port)):
                client = self.client(base_url=f"{scheme}://127.0.0.1:{address}/", timeout=(0.1, PATIENCE))
                self.gets((*TIMEOUT, word, f"127.0.0.1:{address}.*0.1 s"), by=client)

    def test_every_form_of_timeout(self) -> None:
        self.server.default = lambda request: [STALL]
        httpx = types.SimpleNamespace(connect=None, read=0.1)
        for timeout in (0.1, (8, 0.1), (None, 0.1), (8, 0.1, 5, 5), httpx):
            client = self.client(self.server, timeout=timeout)
            self.gets(TIMEOUT, by=client, timeout=NOT_GIVEN)
            self.gets(TIMEOUT, timeout=timeout)
            client = self.client(self.server)
            client.timeout = timeout
            self.gets(TIMEOUT, by=client)

    def test_wrong_timeouts_are_refused(self) -> None:
        for timeout in (-1, 0, float("nan"), "5", (1,), (1, 2, 3), (1, "2"), True):
            for call in (self.client, functools.partial(ask, self.zhipu)):
                self.assertRaisesRegex((TypeError, ValueError), "timeout", call, timeout=timeout)
        self.assertEqual(self.server.requests, [])

    def test_last_wait_for_an_answer_has_only_what_is_left_of_the_whole_limit(self) -> None:
        self.server.default = lambda request: [sized(b"", 9), PAUSE(1.8), b"{", STALL]
        begun = time.monotonic()
        self.gets(TIMEOUT, timeout=2)
        self.assertLess(time.monotonic() - begun, 3.7)

    def test_keep_alive_comments_keep_a_stream_alive(self) -> None:
        self.gets(["a"], stream(*[": keep-alive\n\n", PAUSE(0.1)] * 8, chunk("a")), stream=True, timeout=0.5)

    def test_limit_of_one_call_does_not_stay_with_the_shared_connection(self) -> None:
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

    def refused(self, server: Server, hint: str) -> None:
        """The client tries this server once, and its error gives this hint."""
        error = self.gets(("APIConnectionError", hint), by=self.client(server, max_retries=2))
        self.assertIsInstance(error.__cause__, OSError)
        self.assertEqual(self.slept, [])  # the certificate will be the same

    def test_certificates_that_are_refused(self) -> None:
        self.refused(self.serve_tls(EXPIRED_PEM), "expired.*clock")
        self.refused(self.serve_tls(OTHER_HOST_PEM), "not valid for.*base_url")
        error = ssl.SSLCertVerificationError(1, "certificate verify failed")
        error.verify_code = 89
        with mock.patch.object(ssl.SSLSocket, "do_handshake", side_effect=error):
            self.refused(self.server, "VERIFY_X509_STRICT")

    def test_authorities_are_those_of_the_context_or_the_environment(self) -> None:
        bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # what Python gives when no descriptor is free
        with mock.patch("ssl.create_default_context", return_value=bare):
            self.gets((*BREAKS, "CA file"))
        self.gets()  # that context was not kept
        file = os.environ.pop("SSL_CERT_FILE")
        folder = os.path.dirname(self.file("358275dd.0", CA_PEM))  # the subject's hash, for OpenSSL
        own = ssl.create_default_context(cadata=CA_PEM)
        for environment, context in (({"SSL_CERT_DIR": folder}, None), ({"SSL_CERT_FILE": file}, None), ({}, own)):
            with mock.patch.dict(os.environ, environment):
                self.gets(by=self.client(self.server, ssl_context=context))
            for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
                with mock.patch.dict(os.environ, {variable: "/nowhere"}):
                    self.refused(self.server, "SSL_CERT_FILE")  # on no connection of another context either
        self.assertRaisesRegex(TypeError, "ssl_context", self.client, ssl_context="ca.pem")

    def test_answer_of_unknown_length_needs_the_goodbye_of_tls(self) -> None:
        for expected, end in (("a", GOODBYE), (BREAKS, CLOSE)):
            self.gets(expected, [head() + BODY, end])

    def test_server_without_tls_is_named_as_such(self) -> None:
        plain = self.serve()
        plain.greeting = [b"HTTP/1.1 400 Bad Request\r\n\r\n", CLOSE]
        self.gets(("APIConnectionError", "speaks TLS"), by=self.client(base_url=f"https://127.0.0.1:{plain.port}/"))


class ProxyTest(CallTest):
    def setUp(self) -> None:
        super().setUp()
        self.tls = self.serve_tls()

    def via(self, proxy: str, scheme: str = "https", **options: Any) -> ZhipuAI:
        """A client of a distant host that uses this proxy."""
        os.environ[f"{scheme}_PROXY".upper()] = proxy
        return self.client(base_url=scheme + "://platform.test/v4", **options)

    def test_http_proxy_gets_the_absolute_form(self) -> None:
        proxy = self.proxy(self.server)
        for name, form in (("http_proxy", "http://{}"), ("ALL_PROXY", "{}"), ("HTTP_PROXY", "  http://{}/\n")):
            with mock.patch.dict(os.environ, {name: form.format(proxy.address)}):
                self.gets(by=self.client(base_url="http://platform.test/v4"))
            self.assertEqual(proxy.requests.pop().target, "http://platform.test/v4/chat/completions")
            self.assertEqual(self.server.request.headers["host"], "platform.test")

    def test_https_goes_through_a_tunnel(self) -> None:
        proxy = self.proxy(self.tls)
        os.environ["HTTPS_PROXY"] = proxy.address
        for base_url, target in (("https://platform.test/v4", "platform.test:443"), ("https://[::1]:1/", "[::1]:1")):
            client = self.client(base_url=base_url)
            self.gets(by=client)
            self.gets(by=client)
            request = proxy.request
            self.assertEqual((request.method, request.target, request.headers["host"]), ("CONNECT", target, target))
            self.assertNotIn("authorization", request.headers)
        self.assertEqual((len(self.tls.requests), self.tls.connections, len(proxy.requests)), (4, 2, 2))

    def test_no_proxy_is_honoured(self) -> None:
        os.environ["HTTP_PROXY"] = f"http://127.0.0.1:{refused_port()}"
        for value in ("*", "example.com, 127.0.0.1", f"127.0.0.1:{self.server.port}"):
            with mock.patch.dict(os.environ, NO_PROXY=value):
                self.gets(by=self.client(self.server))

    def test_credentials_reach_only_their_proxy(self) -> None:
        pairs = {"user%40corp:p%3Ass%20w%25rd": "user@corp:p:ss w%rd", "user": "user:"}
        for user, credentials in pairs.items():
            for scheme, server in (("http", self.server), ("https", self.tls)):
                proxy = self.proxy(server, credentials)  # which answers 407 to all others
                self.gets(by=self.via(f"http://{user}@{proxy.address}", scheme))
        self.assertNotIn("proxy-authorization", self.tls.request.headers)

    def test_proxy_that_fails_is_named_without_its_password(self) -> None:
        refusing, dead = self.proxy(self.tls, "user:right").address, f"127.0.0.1:{refused_port()}"
        for scheme, address, hint in (("https", refusing, "407.*password"), ("http", dead, ""), ("https", dead, "")):
            client = self.via(f"http://user:wr0ng@{address}", scheme, max_retries=2)
            error = self.gets(("APIConnectionError", f"proxy.*{address}", hint), by=client)
            self.assert_hidden(error, "wr0ng", "dXNlcjp3cjBuZ")
        self.assertEqual(len(self.slept), 4)  # not after 407, which would come again

    def test_tunnel_that_is_not_made_raises(self) -> None:
        proxy = self.serve()
        client = self.via(proxy.origin)
        for steps in ([CLOSE], [b"HTTP/1.1 200", CLOSE], [b"SSH-2.0-x\r\n", CLOSE], [head(502), CLOSE], [head(302)]):
            proxy.raw(*steps)
            self.gets(BREAKS, by=client)
        for slow in (STALL, DRIP(head(200, {"X-Long": "x" * 1000}), 0.02)):
            proxy.raw(slow)
            self.gets(TIMEOUT, by=client, timeout=0.2)

    def test_unusable_addresses_are_refused_without_quoting_them(self) -> None:
        encode = [f"{prefix}u:pa{mark}ss@proxy.test:80" for mark in "#?/" for prefix in ("http://", "")]
        encode += [f"http://u:pa55@proxy.test{end}" for end in ("/path", "/?q", "#f")]
        encode += [os.fsdecode("http://pa55@代理.test".encode())]
        for value in (*encode, "socks5://u:pa55@x:1", "ftp://u:pa55@x", "http://u:pa55@[::1", "http://u:pa55@x:99999"):
            error = self.gets(("ConfigurationError", "percent-encode" if value in encode else ""), by=self.via(value))
            self.assert_hidden(error, "pa55", "ss@", "proxy.test")


class HttpClientTest(CallTest):
    """An opener of the caller's own; what it makes of answers is in the tables above."""

    def setUp(self) -> None:
        super().setUp()
        marker: Any = urllib.request.BaseHandler()
        marker.http_request = lambda request: request.add_header("X-Marker", "yes") or request
        self.zhipu = self.client(self.server, http_client=urllib.request.build_opener(marker), max_retries=2)

    def test_opener_carries_the_request_and_its_retries(self) -> None:
        self.gets("a", answer(error_body("1302"), 429), [CLOSE], [sized(BODY)])
        self.assertEqual(self.server.request.headers["x-marker"], "yes")
        self.assertEqual(self.server.request.headers["content-type"], "application/json")
        self.assertTrue(signature_is_valid(self.server.request.token, SECRET.encode()))

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
        self.server.answer(None, 302, {"Location": other.origin + "/elsewhere"})
        self.zhipu.get("/x", extra_headers={"Cookie": "mine", "X-Plain": "1"})
        names = {"authorization", "cookie", "x-plain"}
        found = [names & {*request.headers} for request in (self.server.request, other.request)]
        self.assertEqual(found, [names, {"x-plain"}])

    def test_what_is_no_working_opener_is_an_error(self) -> None:
        self.gets(BREAKS, by=self.client(self.server, http_client=urllib.request.OpenerDirector()))
        self.assertRaisesRegex(TypeError, "http_client.*OpenerDirector", self.client, http_client="http://proxy")


class AttackSurfaceTest(CallTest):
    def test_redirects_are_never_followed(self) -> None:
        other = self.serve()
        for status in (301, 302, 303, 307, 308):
            self.gets(("APIStatusError", str(status)), answer(None, status, {"Location": other.origin + "/"}))

    def test_headers_cannot_be_forged(self) -> None:
        for value in ("a\r\nX-Evil: 1", "a\nb", "a\rb", "a\x00b", "a\n"):
            for fields in ({"X-Test": value}, {value: "x"}):
                self.assertRaisesRegex(ValueError, "custom_headers", self.client, custom_headers=fields)
                self.assertRaisesRegex(ValueError, "extra_headers", ask, self.zhipu, extra_headers=fields)
            self.assertRaises(ValueError, self.client, source_channel=value)
        for name in ("Content-Length", "Transfer-Encoding", "Host"):
            with contextlib.suppress(ValueError):
                ask(self.zhipu, extra_headers={name: "1"})
        self.gets()
        for request in self.server.requests:
            self.assertEqual(request.json["model"], "glm-4-flash")

    def test_base_url_is_http_or_https_of_a_host(self) -> None:
        urls = "file:///etc/passwd ftp://x/ x http:// //x/ http://h:99999/ http://h:p/ http://u:pass-w0rd@h/"
        for url in [*urls.split(), " ", "http://h/a b", "http://h\r\nx/", "http://h\x00/", "http://h/?q=1#f"]:
            self.assertRaisesRegex(lite.ZhipuAIError, "base_url(?!.*pass-w0rd)", self.client, base_url=url)


# ======================================================================================================================
# The client core
# ======================================================================================================================


http_date = functools.partial(email.utils.formatdate, usegmt=True)
ODD_DATES = ["yesterday", "Wed, 3 Apr 2002 12.34.56.78+0800", "Fri, 31 Dec 9999 23:59:59 GMT"]


class RetriesTest(CallTest):
    retries = 2

    def tries(self, *scripted: Any) -> int:
        """How many requests a call that is answered so makes."""
        before = len(self.server.requests)
        self.slept.clear()
        self.server.default = lambda request: answer(*scripted)
        self.assertRaises(lite.APIError, ask, self.zhipu)
        self.assertEqual(len(self.slept), len(self.server.requests) - before - 1)
        return len(self.slept) + 1

    def test_what_may_pass_is_retried_and_what_stays_is_not(self) -> None:
        for statuses, codes, tries in (
            ("408 409 429 500 502 503 504 529", "text", 3),
            ("300 302 400 401 403 404 405 413 422 434 435", "text", 1),
            ("429", "1302 1303 1305 1312", 3),
            ("500", "1200 1230 1234", 3),
            ("429", "1113 1304 1308 1309 1310 1311 1313 1314 1321 insufficient_quota", 1),
            ("400 401", "1000 1210 1211 1220 1233 1261 1301", 1),
        ):
            for status in map(int, statuses.split()):
                for code in codes.split():
                    for kind in (str, int) if code.isdigit() else (str,):
                        self.assertEqual(self.tries(error_body(kind(code)), status), tries, (status, code))
        self.assertEqual(self.tries(error_body("1302"), 429, {"x-should-retry": "false"}), 1)
        self.assertEqual(self.tries(error_body("1210"), 400, {"x-should-retry": "true"}), 3)

    def test_same_bytes_are_sent_until_an_answer_comes(self) -> None:
        with self.logs("DEBUG") as logs:
            self.gets("a", *[answer(error_body("1302"), 429)] * 2, [sized(BODY)], temperature=0.5)
        self.assertEqual(len({request.head + request.body for request in self.server.requests}), 1)
        self.assertEqual([record.levelname for record in logs.records], ["DEBUG", "INFO"] * 2 + ["DEBUG"])
        for word in ("POST", self.server.url + "chat/completions", "429", "200", "attempt 3"):
            self.assertIn(word, "\n".join(logs.output))

    def test_what_breaks_is_retried(self) -> None:
        for ending in (CLOSE, RESET):
            self.gets("a", [ending], [sized(b"{", 9), ending], [sized(BODY), CLOSE])
            self.server.until_idle()  # on a reused connection the first would be no error yet
        self.gets(BREAKS, by=self.client(base_url=f"http://127.0.0.1:{refused_port()}/", max_retries=2))
        self.assertEqual(len(self.slept), 6)
        self.gets("a", [STALL], [sized(BODY)], by=self.client(self.server, max_retries=9), timeout=0.2)

    def test_stream_is_retried_until_its_head_came(self) -> None:
        self.gets(["a"], answer(error_body("1302"), 429), [CLOSE], stream(chunk("a")), stream=True)
        self.gets(BREAKS, stream(chunk("a"), CLOSE), stream=True)

    def test_number_of_retries_and_their_waits(self) -> None:
        for retries in (0, 8):
            self.zhipu = self.client(self.server, max_retries=retries)
            self.assertEqual(self.tries(error_body("1302"), 429), retries + 1)
        for index, seconds in enumerate(self.slept):
            self.assertTrue(0 < seconds <= min(2 ** (index + 1), 8), self.slept)
        self.assertGreater(self.slept[-1], 4)
        self.assertGreater(len(set(self.slept[-4:])), 1)
        self.assertEqual([ZhipuAI(api_key=KEY).max_retries, self.client(max_retries=None).max_retries], [3, 3])
        for wrong in (-1, 1.5, "3", True):
            self.assertRaisesRegex((TypeError, ValueError), "max_retries", self.client, max_retries=wrong)

    def test_retry_after_is_obeyed_within_bounds(self) -> None:
        self.at(1700000000.0)
        for value, status, seconds in (("7", 429, 7.0), ("0.5", 503, 0.5), (http_date(1700000009), 429, 9.0)):
            self.tries("busy", status, {"Retry-After": value})
            self.assertEqual(self.slept, [seconds] * 2)
        odd = ["86400", "inf", "nan", "-5", "soon", "", "9" * 400, http_date(0)]
        for value in [*odd, *ODD_DATES]:
            self.assertEqual(self.tries("busy", 429, {"Retry-After": value}), 3)
            self.assertTrue(all(0 < seconds <= 1 for seconds in self.slept), (value, self.slept))

    # --- the clock of the server

    def expired(self, date: str, code: str = "1003") -> list[Step]:
        """401, with the platform's code of an expired token, from a server whose clock shows this."""
        return answer(error_body(code), 401, {"Date": date})

    def test_wrong_clock_is_put_right_by_the_server(self) -> None:
        clock, self.zhipu = self.at(1700000000.0), self.client(self.server)
        first, *again = [self.expired(http_date(seconds)) for seconds in (1700090000, 1700190000, 1700990000)]
        self.gets("a", first, [sized(BODY)])
        clock.return_value += 3600  # the offset is remembered
        self.gets()
        found = [claims(request.token)["timestamp"] for request in self.server.requests]
        self.assertEqual(found, [1700000000000, 1700090000000, 1700093600000])
        self.gets(("AuthenticationError",), *again)  # once a call

    def test_other_refusals_are_left_alone(self) -> None:
        self.at(1700000000.0)
        dates, far = [http_date(1699999950), http_date(1700000050), "", *ODD_DATES], http_date(1800000000)
        cases = [(date, "1003", KEY) for date in dates] + [(far, "1000", KEY), (far, "1003", "sk-raw")]
        for date, code, key in cases:
            client = self.client(self.server, api_key=key, max_retries=2)
            self.gets(("AuthenticationError",), self.expired(date, code), by=client)

    def test_retried_request_has_a_fresh_token(self) -> None:
        clock = self.at(1700000000.0)
        refused = answer(error_body("1302"), 429)
        self.gets("a", [lambda _: clock.configure_mock(return_value=1700003600.0), *refused], [sized(BODY)])
        first, second = (claims(request.token)["timestamp"] for request in self.server.requests)
        self.assertEqual(second - first, 3600000)


class SecretsTest(CallTest):
    def test_client_and_log_do_not_show_the_key(self) -> None:
        client: Any = self.client(self.server, custom_headers={"Cookie": "hidden-cookie"}, max_retries=2)
        with self.logs("DEBUG") as logs:
            self.gets("a", answer(error_body("1302"), 429), [b"HTTP/1.1", CLOSE], [sized(BODY)], by=client)
        shown = [client, vars(client), client.chat, vars(client.chat), *map(vars, logs.records)]
        shown += [client._default_headers, client.auth_headers]  # names of the official SDK
        for secret in (SECRET, self.server.request.token, "hidden-cookie"):
            self.assertNotIn(secret, f"{shown} {client}")

    def test_errors_do_not_show_key_and_token(self) -> None:
        answers: Any = [
            ("call", lambda said: answer(error_body("1000", said), 401)),
            ("call", lambda said: answer(error_body("1000", said))),
            ("call", lambda said: answer("<html>" + said)),
            ("stream", lambda said: stream(chunk("a"), error_body("1000", said))),
            ("stream", lambda said: stream(f"data: {said}\n\n")),
            ("wait", lambda said: answer({"id": "1", "task_status": "FAIL", "message": said})),
        ]
        task = lite.AsyncTaskStatus(id="1", task_status="PROCESSING")
        for kind, make in answers:
            self.server.default = lambda request, make=make: make(f"bad {request.token} of {KEY}")  # type: ignore[misc]
            with self.assertRaisesRegex(lite.APIError, "bad ") as caught:
                self.zhipu.wait(task) if kind == "wait" else list(ask(self.zhipu, stream=kind == "stream"))
            self.assert_hidden(caught.exception, SECRET, self.server.request.token)
        self.assert_hidden(self.gets(BREAKS, [sized(b"{}", 99), CLOSE]), SECRET, self.server.request.token)

    def test_secret_headers_of_the_caller_are_hidden(self) -> None:
        self.server.default = lambda request: answer(error_body("1", request.headers["x-api-key"]), 400)
        secrets = {"Authorization": "Bearer hidden-1", "Cookie": "hidden-2", "X-Api-Key": "hidden-3"}
        self.assert_hidden(self.gets(("BadRequestError",), extra_headers=secrets), "hidden", SECRET)
        self.assertEqual(self.server.request.headers["authorization"], "Bearer hidden-1")


class AnswersTest(CallTest):
    """What a call makes of what gateways and broken servers answer."""

    def test_what_is_no_json_object_raises(self) -> None:
        bodies = (b'{"id": "2026", "choices": [', b"", b'{"id": "\xff\xfe"}', b"1", b'"text"', b"true", b"1.5e3")
        for body in (b"<html><body>" + b"x" * 100000, *bodies):
            error = self.gets(("APIResponseValidationError", re.escape(body[:8].decode())), [sized(body)])
            self.assertLess(len(str(error)), 5000)
            self.assertEqual(error.status_code, 200)

    def test_random_answers_end_in_a_result_or_an_error_of_ours(self) -> None:
        pieces = (
            b"HTTP/1.1 |200 OK\r\n|429 X\r\n|Content-Length: 5\r\n|Transfer-Encoding: chunked\r\n|\r\n|{|}|\xff|:|\0|"
            b"Content-Type: text/event-stream\r\n|data: {}\n\n|5\r\nabcde\r\n|0\r\n\r\n|Content-Encoding: gzip\r\n"
        ).split(b"|")
        for seed in range(400):
            random_ = random.Random(seed)
            noise = b"".join(random_.choices(pieces, k=random_.randrange(12)))
            values = [random_json(random_) for _ in range(4)]
            events = [random_.choice(("", "event: error\n")) + sse(value).decode() for value in values]
            for steps in (
                [b"HTTP/1.1 200 OK\r\n" * (seed % 2) + noise, CLOSE],
                answer(values[0], 200 + seed % 3 * 100),
                stream(*events, DONE),
            ):
                self.server.raw(*steps)
                with self.subTest(steps), contextlib.suppress(lite.ZhipuAIError):
                    result = ask(self.zhipu, stream=seed % 5 < 3)
                    repr(result if seed % 5 > 2 else [*result, result.get_final_completion()])


def random_json(random_: random.Random, depth: int = 0) -> Any:
    """Some JSON value that is made of the platform's words, and of the wrong types mostly."""
    names = "error code message msg type status success choices delta index tool_calls content usage id request_id "
    names += "last_error response data function arguments finish_reason role"
    kind = random_.randrange(9 if depth < 5 else 6) if depth else 8
    if kind < 6:
        return random_.choice([None, True, 0, 1.5, "text", "failed", "1302", "error", -1, 10**30, "", [], {}, 200])
    values = [random_json(random_, depth + 1) for _ in range(random_.randrange(6))]
    return values if kind == 6 else {random_.choice(names.split()): value for value in values}


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
        with self.assertRaises(Exception, msg=expected) as caught:
            function(*args, **more)
        kinds = " ".join(kind.__name__ for kind in type(caught.exception).__mro__)
        self.assertRegex(f"{kinds}: {caught.exception}", r"(?s)\b" + expected)
        return caught.exception

    def refused(self, argument: str, function: Any, *args: Any, **more: Any) -> None:
        """The call is a TypeError or ValueError that names an argument, and nothing is sent."""
        sent = len(self.requests)
        self.fails(rf"(Type|Value)Error\b.*(?<!\w){argument}(?!\w)", function, *args, **more)
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
        ask(self.zhipu, model="a", stop=["\n"], stream=None, timeout=NOT_GIVEN)
        text = '{"model":"a","messages":[{"role":"user","content":"你好"}],"stop":["\\n"]}'
        self.assertEqual(self.last.body.decode(), text)
        self.assertEqual(self.last.headers["x-source-channel"], "python-sdk")
        self.assertIn("zhipuai_lite", self.last.headers["user-agent"])
        self.fails(r"TypeError.*Completions\.create\(\).*temprature", ask, self.zhipu, temprature=1)
        self.fails("TypeError", self.zhipu.chat.completions.create, "glm-4", MESSAGES)

    def test_sampling_is_sent_as_the_official_sdk_does(self) -> None:
        for given, sent in ((0, 0.01), (-0.5, 0.01), (False, 0.01), (0.0001, 0.0001), (1, 0.99)):
            body = self.sent(temperature=given, top_p=given)
            do_sample = None if given > 0 else False
            self.assertEqual((body["temperature"], body["top_p"], body.get("do_sample")), (sent, sent, do_sample))
            self.assertIs(self.sent(temperature=given, do_sample=True)["do_sample"], given > 0)

    def test_what_is_extra_wins(self) -> None:
        body = self.sent(temperature=0.5, model="a", extra_body={"temperature": 0, "model": "b", "new": [1]})
        self.assertEqual(body, {"model": "b", "messages": MESSAGES, "temperature": 0, "new": [1]})
        self.refused("extra_body", self.sent, extra_body=[1])
        own = {"X-One": "client", "host": "gateway.test", "content-type": "text/plain"}
        client: Any = self.client(self.server, custom_headers=own)
        given = {"x-one": "call", "AUTHORIZATION": "Bearer me", "User-agent": "me", "X-Source-Channel": None}
        ask(client, extra_headers=given)
        found = [self.last.headers.get(name.lower()) for name in (*given, *own)]
        self.assertEqual(found, [*given.values(), "call", "gateway.test", "application/json"])  # each came once
        client.post("x", files={"a": b"x"}, extra_headers={"HOST": "other.test"})
        self.assertEqual([self.last.headers["host"], *fields(self.last)], ["other.test"])  # it is a form
        self.assertEqual(self.last.headers["x-one"], "client")

    def test_messages_lose_the_prefixes_of_images_only(self) -> None:
        Pydantic = type("Pydantic", (), {"model_dump": lambda self, **options: {"role": "user"}})
        Message = dataclasses.make_dataclass("Message", ["role", "content"])
        picture, parts = image("data:image/png;base64,AA=="), [{"type": "image_url", "image_url": "data:image/"}, "a"]
        same = [*map(image, ("https://h/a.png", "data:text/plain;base64,AA", "data:image/png,A", 5)), ["a"], "text"]
        same += [[{"role": "user", "content": content}] for content in (None, parts, [{"type": "image_url"}])]
        for given, sent in (
            (picture, image("AA==")),
            (image("data:image/png;name=base64,;base64,AA=="), image("AA==")),  # cut after its last mark
            ([lite.CompletionMessage(picture[0])], image("AA==")),
            (tuple(picture), picture),
            ([types.MappingProxyType(MESSAGES[0]), Pydantic()], [*MESSAGES, {"role": "user"}]),
            ([Message("a", [Message("b", "c")])], [{"role": "a", "content": [{"role": "b", "content": "c"}]}]),
            *zip(same, same),
        ):
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


#: Every interface in the platform's documentation and the official SDKs: name (in the group of the line above, where it
#: begins with a dot), method, path below /api/paas/v4, /api or (~) /api/llm-application/open, class of the result, what
#: it answers (json) | parameters: `name*` is required, like those in the path; `name=1` has a default, `name>wire`
#: another name on the wire; `^name` may be given by its position; `@name` is a file (and the body a form).
INTERFACES = """
chat.completions.create POST chat/completions Completion json sse | model* messages*
chat.asyncCompletions.create POST async/chat/completions AsyncTaskStatus | model* messages*
.retrieve_completion_result GET async-result/{id} AsyncCompletion
embeddings.create POST embeddings EmbeddingsResponded | input* model*
rerank.create POST rerank RerankResp | model* query* documents*
tokenizer.create POST tokenizer TokenizerResp | model* messages*
models.list GET models ModelList
images.generations POST images/generations ImagesResponded | prompt*
.async_generations POST async/images/generations AsyncImagesResponded | prompt*
.retrieve_images_result GET async-result/{id} AsyncImagesResponded
videos.generations POST videos/generations VideoObject | ^model*
.retrieve_videos_result GET async-result/{id} VideoObject
audio.transcriptions.create POST audio/transcriptions Transcription json sse | @file* model*
audio.speech POST audio/speech BinaryResponse */* sse | model* stream=false
.customization POST audio/customization BinaryResponse */* | model* @voice_data*
voice.clone POST voice/clone VoiceCloneResult | voice_name* input* file_id* model*
.list GET voice/list VoiceListResult | voice_type>voiceType voice_name>voiceName
.delete POST voice/delete VoiceDeleteResult | voice*
files.create POST files FileObject | @file* purpose*
.list GET files ListOfFileObject
.delete DELETE files/{file_id} FileDeleted
.content GET files/{file_id}/content BinaryResponse */*
file_parser.create POST files/parser/create FileParserTaskCreateResp | @file* tool_type*
.content GET files/parser/result/{task_id}/{format_type} BinaryResponse */*
.result GET files/parser/result/{task_id}/{format_type} FileParsingDownloadResp
.create_sync POST files/parser/sync FileParsingDownloadResp | @file* tool_type*
ocr.handwriting_ocr POST files/ocr HandwritingOCRResp | @file* tool_type*
layout_parsing.create POST layout_parsing LayoutParsingResp | model* file*
batches.create POST batches Batch | endpoint* input_file_id* auto_delete_input_file=true
.retrieve GET batches/{batch_id} Batch
.list GET batches ListOfBatch
.cancel POST batches/{batch_id}/cancel Batch
fine_tuning.jobs.create POST fine_tuning/jobs FineTuningJob | model* training_file*
.retrieve GET fine_tuning/jobs/{fine_tuning_job_id} FineTuningJob
.list GET fine_tuning/jobs ListOfFineTuningJob
.list_events GET fine_tuning/jobs/{fine_tuning_job_id}/events FineTuningJobEvent
.cancel POST fine_tuning/jobs/{fine_tuning_job_id}/cancel FineTuningJob
.delete DELETE fine_tuning/jobs/{fine_tuning_job_id} FineTuningJob
fine_tuning.models.delete DELETE fine_tuning/fine_tuned_models/{fine_tuned_model} FineTunedModelsStatus
knowledge.create POST knowledge KnowledgeInfo | ^embedding_id* ^name*
.modify PUT knowledge/{knowledge_id} Response | ^embedding_id* name* knowledge_id>id
.query GET knowledge KnowledgePage | page=1 size=10
.delete DELETE knowledge/{knowledge_id} Response
.used GET knowledge/capacity KnowledgeUsed
knowledge.document.create POST files DocumentObject | @file* purpose*
.edit PUT document/{document_id} Response | ^knowledge_type* document_id>id
.list GET files DocumentPage | ^knowledge_id*
.delete DELETE document/{document_id} Response
.retrieve GET document/{document_id} DocumentData
knowledge_base.create POST ~knowledge KnowledgeBaseResp | embedding_id* name*
.list GET ~knowledge KnowledgeBaseListResp
.retrieve GET ~knowledge/{id} KnowledgeBaseResp
.update PUT ~knowledge/{id} Envelope
.delete DELETE ~knowledge/{id} Envelope
.capacity GET ~knowledge/capacity KnowledgeBaseCapacityResp
.search POST ~knowledge/retrieve KnowledgeBaseSearchResp | query* knowledge_ids*
knowledge_base.documents.list GET ~document KnowledgeBaseDocumentListResp | ^knowledge_id*
.upload POST ~document/upload_document/{id} KnowledgeBaseUploadResp | @files*
.upload_urls POST ~document/upload_url KnowledgeBaseUploadResp | knowledge_id* upload_detail*
.retrieve GET ~document/{id} KnowledgeBaseDocumentResp
.delete DELETE ~document/{id} Envelope
.reembed POST ~document/embedding/{id} Envelope
.images POST ~document/slice/image_list/{id} KnowledgeBaseImagesResp
zrag.retrieve POST /zrag/retrieval/retrieve ZragRetrieveResp | knows*
.chat POST /zrag/agent/chat Stream sse | messages* retrieval*
tools.web_search POST tools WebSearch json sse | model* messages*
web_search.web_search POST web_search WebSearchResp
web_reader.web_reader POST reader WebReaderResult | url*
moderations.create POST moderations ModerationCompletion | model* input*
agents.invoke POST /v1/agents AgentsCompletion json sse | ^agent_id ^request_id ^stream ^messages
.async_result POST /v1/agents/async-result AgentsCompletion | ^agent_id ^async_id ^conversation_id
.conversation POST /v1/agents/conversation AgentsCompletion | ^agent_id ^conversation_id
assistant.conversation POST assistant Stream sse json | ^assistant_id* ^messages* ^model
.query_support POST assistant/list AssistantSupportResp
.query_conversation_usage POST assistant/conversation/list ConversationUsageListResp | ^assistant_id* ^page=1 ^page_size=10
responses.create POST /v1/responses ResponseObject json sse | model* input*
.retrieve GET /v1/responses/{response_id} ResponseObject
.delete DELETE /v1/responses/{response_id} ResponseDeleted
responses.input_items.list GET /v1/responses/{response_id}/input_items ListOfResponseItem
"""  # noqa: E501

#: What no encoding leaves as it is.
ODD_TEXT = "标识/.. ?#%2F&=+\n"


class Interface:
    """A line of `INTERFACES`."""

    def __init__(self, line: str) -> None:
        request, _, parameters = line.partition(" | ")
        self.name, self.method, path, self.result, *answers = request.split()
        self.answers = answers or ["json"]
        self.path = re.sub("^(?!/)", "/paas/v4/", path.replace("~", "/llm-application/open/"))
        self.in_path = re.findall("{(.*?)}", path)
        self.in_query = self.method in ("GET", "DELETE")
        self.required, self.positional = [*self.in_path], self.in_path[:1]
        self.files: list[str] = []
        names = set(inspect.signature(self.of(ZhipuAI(api_key=KEY))).parameters)
        self.timeout = "timeout_override" if "timeout_override" in names else "timeout"
        to_client = {"extra_headers", "extra_body", "disable_strict_validation", "session_id", "stream", self.timeout}
        names.difference_update(self.in_path, to_client)
        self.wire = {name: name for name in names}  # parameter → its name on the wire
        self.defaults: dict[str, Any] = {}
        for mark, name, wire, default, star in re.findall(r"([@^]?)(\w+)>?(\w*)=?(\w*)(\*?)", parameters):
            self.wire[name] = wire or name
            if star:
                self.required.append(name)
            if default:
                self.defaults[name] = json.loads(default)
            if mark == "^":
                self.positional.append(name)
            if mark == "@":
                self.files.append(name)
                del self.wire[name]

    def of(self, client: Any) -> Any:
        return functools.reduce(getattr, self.name.split("."), client)

    def arguments(self, names: Any) -> dict[str, Any]:
        return {name: self.value(name) for name in names}

    def value(self, name: str) -> Any:
        if name in self.files:
            return f"{name}.txt", b"content of " + name.encode()
        return {"callback_header": {"值": "v"}, "request_id": "r-12345", "stream": False}.get(name, name + ODD_TEXT)

    def answer(self) -> list[Step]:
        """The least that it can answer."""
        return {"json": answer({}), "sse": stream(DONE), "*/*": answer(b"\x00\xff")}[self.answers[0]]


@functools.lru_cache(None)
def interfaces() -> list[Interface]:
    found: list[Interface] = []
    for line in INTERFACES.strip().splitlines():
        found.append(Interface(found[-1].name.rpartition(".")[0] + line if line[0] == "." else line))
    return found


class InterfacesTest(EndpointsTest):
    def call(self, each: Interface, *args: Any, **arguments: Any) -> Any:
        self.server.default = lambda request: each.answer()
        return each.of(self.zhipu)(*args, **arguments)

    def check_request(self, each: Interface, given: Mapping[str, Any]) -> None:
        """The latest request is one of the interface with these parameters, and no others."""
        path = re.sub("{(.*?)}", lambda name: urllib.parse.quote(name.group(1) + ODD_TEXT, safe=""), each.path)
        self.assertEqual((self.last.method, self.last.path), (each.method, "/api" + path))
        given = {name: value for name, value in {**each.defaults, **given}.items() if value not in (None, NOT_GIVEN)}
        sent = {each.wire[name]: value for name, value in given.items() if name in each.wire}
        texts = {name: value if isinstance(value, str) else _json(value).decode() for name, value in sent.items()}
        kind = self.last.headers.get("content-type")
        if each.files:
            files = [(part.name, part.filename, part.content) for part in parse_form(self.last) if part.filename]
            self.assertEqual(files, [(name, *each.value(name)) for name in each.files])
            self.assertEqual(dict(fields(self.last)), texts)
        elif each.in_query or not each.wire:
            query = {name: [text] for name, text in texts.items()}
            self.assertEqual((self.last.query, self.last.body, kind), (query, b"", None))
        else:
            self.assertEqual((self.last.query, self.last.json, kind), ({}, sent, "application/json"))

    def test_each_interface_does_what_the_table_says(self) -> None:
        for each in interfaces():
            least, full = each.arguments(each.required), each.arguments([*each.in_path, *each.files, *each.wire])
            optional = {*each.wire, "extra_headers", "extra_body"}.difference(least)
            with self.subTest(each.name):
                for given in (least, full, *({**least, **dict.fromkeys(optional, no)} for no in (None, NOT_GIVEN))):
                    result = self.call(each, **given)
                    self.check_request(each, given)
                    self.assertEqual(type(result).__name__, each.result)
                accept = self.last.headers["accept"].replace("application/", "").replace("text/event-stream", "sse")
                self.assertEqual(set(accept.split(", ")), set(each.answers))
                by_name = each.arguments(set(each.required).difference(each.positional))
                self.call(each, *map(each.value, each.positional), **by_name)
                self.check_request(each, {**each.arguments(each.positional), **by_name})
                more = {"extra_headers": {"X-Extra": "1", "accept": "x/y"}, "extra_body": {"extra": "2"}}
                self.call(each, **least, **more, **{each.timeout: 5})
                self.assertEqual((self.last.headers["x-extra"], self.last.headers["accept"]), ("1", "x/y"))
                self.assertEqual((dict(fields(self.last)) if each.files else self.last.json)["extra"], "2")

    def test_misspelt_and_missing_parameters_are_named(self) -> None:
        for each in interfaces():
            method, least = each.of(self.zhipu), each.arguments(each.required)
            self.refused("misspelt_parameter", method, **least, misspelt_parameter=1)
            for name in each.required:
                others = {other: value for other, value in least.items() if other != name}
                for missing in ({name: None}, {}):
                    if missing or name != "format_type":  # it has a default
                        self.refused(name, method, **others, **missing)

    def test_one_of_two_parameters_is_enough(self) -> None:
        details, sound = {"purpose": "p", "upload_detail": [{"url": "u"}]}, {"model": "m", "file_base64": "UklGRg=="}
        for create in (self.zhipu.files.create, self.zhipu.knowledge.document.create):
            create(**details)
            self.assertEqual(self.last.json, details)  # without a file it is JSON
        self.zhipu.audio.transcriptions.create(**sound)
        self.assertEqual(dict(fields(self.last)), sound)

    def test_signatures_and_help_are_readable(self) -> None:
        declared = [name for name, _ in lite._all_interfaces()]
        self.assertEqual(sorted(declared), sorted(each.name for each in interfaces()))
        for each in interfaces():
            with self.subTest(each.name):
                method = each.of(self.zhipu)
                signature = str(inspect.signature(method))
                pattern = rf"^\(.*extra_headers: Mapping\[str, Any\] .*extra_body: .* {each.timeout}: .*\) -> [\w |]+$"
                self.assertRegex(signature, pattern)
                self.assertNotRegex(signature.replace("= 'text'", ""), r"\b_|Unpack|[~'\"]|(?<!Any)(?<!None) = None")
                shown = pydoc.plain(pydoc.render_doc(method))
                self.assertRegex(shown, r"(?s)\n +\S.{9,}https://docs.bigmodel.cn/(api-reference/\w|cn/api/intro)")

    def test_identifier_is_one_segment_that_names_nothing_else(self) -> None:
        for each in interfaces():
            for name in each.in_path:
                for value in ("", ".", "..", "\ud800", b"x", ["x"], True):
                    self.refused(name, each.of(self.zhipu), **{**each.arguments(each.required), name: value})
        self.zhipu.files.delete("...")

    def test_paths_outside_of_paas_hang_on_the_root_of_the_base_url(self) -> None:
        for base, root in {"/api/coding/paas/v4": "/api", "/v4": "/api", "/api/a/api/paas/v4/": "/api/a/api"}.items():
            self.client(base_url=self.server.origin + base).responses.retrieve("r")
            self.assertEqual(self.last.path, root + "/v1/responses/r")

    def test_parameters_that_are_no_json(self) -> None:
        zhipu = self.zhipu
        for wrong in (float("nan"), b"x", "\ud800"):
            self.refused("limit", zhipu.files.list, limit=wrong)
        zhipu.voice.list(request_id="r-12345")
        self.assertEqual(self.last.headers["request-id"], "r-12345")
        self.refused("Request-Id", zhipu.voice.list, request_id="a\r\nX-Forged: 1")
        zhipu.zrag.chat(messages=MESSAGES, retrieval={}, session_id="s-1").close()
        self.assertEqual((self.last.headers["x-session-id"], "session_id" in self.last.json), ("s-1", False))
        for create, names in ((zhipu.embeddings.create, ["model", "input"]), (zhipu.images.generations, ["prompt"])):
            result = create(**dict.fromkeys(names, "x"), disable_strict_validation=True)
            self.assertEqual((type(result), self.last.json.keys()), (dict, set(names)))
        self.server.raw(STALL)
        page: dict[str, Any] = {"url": "https://a", "timeout": 30}  # the platform's
        self.fails("APITimeoutError", zhipu.web_reader.web_reader, **page, timeout_override=0.05)
        self.assertEqual(self.last.json, page)


# --- uploads


def parse_form(request: Request) -> list[Any]:
    """The parts of a multipart form (RFC 7578): name, filename, headers, content, text; strict."""
    kind, boundary = request.headers["content-type"].split("; boundary=")
    before, *pieces, after = (b"\r\n" + request.body).split(b"\r\n--" + boundary.encode())
    assert (kind, before, after) == ("multipart/form-data", b"", b"--\r\n"), request.headers
    parts = []
    for head, _, content in (piece.partition(b"\r\n\r\n") for piece in pieces):
        part: Any = types.SimpleNamespace(content=content, text=content.decode(errors="replace"), headers={})
        for line in head.decode("utf-8", "surrogateescape").split("\r\n")[1:]:
            name, value = line.split(": ", 1)
            part.headers[name.lower()] = part.headers.get(name.lower(), "") + value
        pattern = r'form-data; name="([^"\0-\x1f\x7f]*)"(?:; filename="([^"\0-\x1f\x7f]*)")?'
        found: Any = re.fullmatch(pattern, part.headers["content-disposition"])
        names = (text and text.replace(r"\\", "\\") for text in found.groups())
        part.name, part.filename = (text and urllib.parse.unquote(text) for text in names)  # as browsers quote: %22
        parts.append(part)
    return parts


def fields(request: Request) -> list[tuple[Any, str]]:
    """The fields of a form that are no files."""
    return [(part.name, part.text) for part in parse_form(request) if part.filename is None]


def native(name: str) -> str:
    """The name of a file that is UTF-8 on the disk, as text of this process's locale."""
    return os.fsdecode(name.encode())


class UploadsTest(EndpointsTest):
    def opened(self, path: str) -> Any:
        return self.enter(open(path, "rb"))

    def upload(self, file: Any, client: Any = None) -> Any:
        """The file's part as it arrived."""
        (client or self.zhipu).files.create(file=file, purpose="batch")
        field, part = parse_form(self.last)  # fields come first
        self.assertEqual((field.name, field.text, len(field.headers), part.name), ("purpose", "batch", 1, "file"))
        return part

    def test_random_names_and_contents_arrive_intact(self) -> None:
        alphabet = "a.;=:\\\"'\r\n\t\x00\x7f 文é\x85\u2028😀\udc80\udcff"
        words = [b"\r\n", b"--", b"\x00", b"\xff", b"Content-Disposition: form-data", b'"']
        for seed in range(200):
            pick = random.Random(seed).choices
            content = b"".join(pick(words, k=1 + seed % 30))
            files = {"".join(pick(alphabet, k=1 + seed % 8)): ("".join(pick(alphabet, k=5)), content), "b": ("b", b"b")}
            self.zhipu.post("/files", files=files)
            self.assertEqual({part.name: (part.filename, part.content) for part in parse_form(self.last)}, files, seed)
        self.upload(('50%"; a="\r\ncaf\udce9', b"x"))  # \udce9: as Python names a file whose name is no text
        self.assertIn(b'; filename="50%%22; a=%22%0D%0Acaf\xe9"\r\n', self.last.body)

    def test_every_kind_of_source_is_sent_whole_with_each_try(self) -> None:
        client, content = self.client(self.server, max_retries=2), bytes(range(256)) * 3000
        path = self.file(native("数据.jsonl"), content)
        opened = self.opened(path)
        opened.read(1000)  # it is sent from its beginning, all the same
        spooled = self.enter(tempfile.SpooledTemporaryFile(10))  # noqa: SIM115
        spooled.write(content)
        packed = self.enter(gzip.GzipFile(self.file("packed.gz", gzip.compress(content))))
        for name, sources in {
            "upload": [content, bytearray(content), memoryview(content), io.BytesIO(content), spooled],
            "数据.jsonl": [pathlib.Path(path), opened, self.enter(io.FileIO(path))],
            "n.txt": [("n.txt", content), (pathlib.Path("n.txt"), pathlib.Path(path)), (b"n.txt", opened)],
            "packed.gz": [packed],
        }.items():
            for source in sources:
                self.reply(error_body("500"), 500)
                self.server.raw(CLOSE)
                part = self.upload(source, client)
                self.assertEqual((part.filename, part.content == content), (name, True))
                self.assertEqual(len({request.body for request in self.requests[-3:]}), 1)
        self.assertEqual(self.upload(("n.txt", "文字")).text, "文字")

    def test_headers_of_parts(self) -> None:
        for file, *expected in (
            (("a.PNG", b"x"), "image/png"),
            (b"x", "application/octet-stream"),
            (("a.mp3", b"x", "audio/x-mine"), "audio/x-mine"),
        ):
            _, *others = self.upload(file).headers.values()
            self.assertEqual(others, expected)

    def test_what_cannot_be_sent_is_refused(self) -> None:
        text = self.enter(io.TextIOWrapper(self.opened(self.file("a", "x"))))
        wrong: list[Any] = ["path.txt", 5, text, (), io.BytesIO, ("a",)]
        wrong += map(pathlib.Path, ("/", "/missing", "a\0b"))
        wrong += [("a", b"x", "b", {}, 1), (5, b"x"), ("a", "\ud800"), ("a\ud800", b"x")]
        for file in wrong:
            self.refused("file", self.upload, file)
        cannot_seek = types.SimpleNamespace(read=text.read)
        self.refused("file: .*pass bytes,? or a file", self.upload, cannot_seek)

    def test_fields_of_forms(self) -> None:
        post = functools.partial(self.zhipu.post, "/x", files={"f": b"x"})
        upload = functools.partial(self.zhipu.knowledge_base.documents.upload, "k", files=b"x")
        listen = functools.partial(self.zhipu.audio.transcriptions.create, model="m", file=b"x")
        for call, given, sent in (
            (post, {"body": {"a": ["x", "x"], "b": {"type": "ALL"}}}, "a[]=x a[]=x b[type]=ALL"),
            (post, {"body": {"a": [{"b": 1, "c": ["x"]}, {"b": 3}]}}, "a[][b]=1 a[][c][]=x a[][b]=3"),
            (post, {"body": {"a": True, "b": 3, "c": 1.5, "d": "多\r行"}}, "a=true b=3 c=1.5 d=多\r行"),
            (post, {"body": {"a": None, "b": "", "c": [], "d": {}}}, ""),
            (listen, {"temperature": 0, "extra_body": {"model": "n", "new": 1}}, "model=n temperature=0.01 new=1"),
            (listen, {"hotwords": ["a", "b"]}, "model=m hotwords=a hotwords=b"),
            (upload, {"custom_separator": ["\n", ""]}, "custom_separator=\n"),
            (upload, {"callback_header": {"X-Token": "值"}}, 'callback_header={"X-Token":"值"}'),
        ):
            call(**given)
            self.assertEqual(" ".join(f"{name}={text}" for name, text in fields(self.last)), sent)
        for wrong in (b"x", float("nan"), object(), "\ud800"):
            self.refused("a", post, body={"a": wrong})

    def test_file_that_changes_or_fails_while_it_is_sent(self) -> None:
        client = self.client(self.server, max_retries=3)
        for read, reason in (([b"x", b""], "size"), (OSError("broken disk"), "broken disk"), (["text"], "str")):
            file: Any = io.BytesIO(bytes(600000))
            file.read = mock.Mock(side_effect=read)
            error = self.fails(f"ZhipuAIError.*file: .*{reason}", self.upload, file, client)
            self.assertIs(isinstance(error.__cause__, OSError), reason == "broken disk")
            self.server.until_idle()
        self.assertEqual((self.requests, self.slept), ([], []))
        file.read = bytes  # there is more by now
        self.assertEqual(self.upload(file).content, bytes(600000))  # as it was at first

    SIZE = 32 << 20

    def frugal(self, work: Callable[..., Any], *args: Any, **more: Any) -> None:
        """It takes few bytes of memory; tracemalloc does not see what was there before."""
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        work(*args, **more)
        self.assertLess(tracemalloc.get_traced_memory()[1], 4 << 20)

    def test_memory_stays_flat_while_a_large_file_is_sent(self) -> None:
        def swallow(connection: Connection) -> None:
            left = int(Request(connection, connection.read_until(b"\r\n\r\n"), b"").headers["content-length"])
            self.assertGreater(left, self.SIZE)
            while left:
                left -= len(connection.read_exactly(min(left, 65536)))

        content = bytes(self.SIZE)
        path = self.file("large.bin", content)
        self.server.greeting = [swallow, *answer({}), CLOSE]
        for source in (pathlib.Path(path), self.opened(path), content):
            self.frugal(self.zhipu.files.create, file=source, purpose="batch")

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
        return self.zhipu.audio.speech(model="glm-tts")

    def parsed(self, body: Any, kind: str = "application/json") -> Any:
        self.reply(body, headers={"Content-Type": kind})
        return self.zhipu.file_parser.content("t", format_type="text")

    def check_file(self, path: Any) -> None:
        self.assertEqual(pathlib.Path(path).read_bytes(), self.CONTENT)

    def test_content_can_be_read(self) -> None:
        packed = answer(gzip.compress(self.CONTENT), headers={"Content-Encoding": "gzip", "Content-Type": "audio/wav"})
        for result in (self.speech(*packed), self.speech()):
            self.assertEqual((result.status_code, result.headers["Content-Type"]), (200, "audio/wav"))
            self.assertEqual({result.content, result.read(), b"".join(result.iter_bytes())}, {self.CONTENT})
            result.write_to_file(self.path)
            self.check_file(self.path)
            self.assertIs(result.response, result)
        *blocks, last = self.speech().iter_bytes(70000)
        self.assertEqual(b"".join(blocks) + last, self.CONTENT)
        self.assertEqual([len(block) for block in blocks], [70000] * 3)

    def test_blocks_come_as_they_arrive_and_each_wait_is_limited(self) -> None:
        go_on = threading.Event()
        blocks = self.speech(head(200, {"Content-Length": "4"}), b"ab", WAIT(go_on), b"cd").iter_bytes()
        self.assertEqual(next(blocks), b"ab")
        go_on.set()
        self.assertEqual(list(blocks), [b"cd"])
        self.zhipu = self.client(self.server, timeout=0.4)
        slow = self.speech(head(200, {"Content-Length": "9"}), DRIP(b"123456789", 0.06))
        self.assertEqual(slow.content, b"123456789")

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
        self.addCleanup(os.umask, os.umask(0o027))
        self.speech().write_to_file(self.path)
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o640)
        link, pipe = os.path.join(self.folder, "link"), os.path.join(self.folder, "pipe")
        os.symlink(self.path, link)
        os.chmod(link, 0o604)
        self.speech().write_to_file(link)
        self.check_file(link)
        self.assertEqual((os.path.islink(link), os.stat(link).st_mode & 0o777), (True, 0o604))
        os.mkfifo(pipe)
        reading = self.enter(os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb"))
        self.speech(*answer(b"content")).write_to_file(pipe)
        self.assertEqual((reading.read(7), os.path.isfile(pipe)), (b"content", False))

    def test_broken_download_leaves_no_file(self) -> None:
        def download(*steps: Step) -> None:
            self.speech(*steps).write_to_file(self.path)

        packed = head(200, {"Content-Encoding": "gzip", "Connection": "close"}), gzip.compress(self.CONTENT)[:-9]
        self.zhipu = self.client(self.server, timeout=0.3)
        for old in ([], [os.path.basename(self.path)]):
            self.fails("APIConnectionError", download, *self.HALF, CLOSE)
            self.fails("APIConnectionError", download, *packed, CLOSE)
            self.fails("APITimeoutError", download, *self.HALF, STALL)
            self.assertEqual(os.listdir(self.folder), old)
            pathlib.Path(self.path).write_bytes(b"old")
        self.assertEqual(pathlib.Path(self.path).read_bytes(), b"old")

    def test_download_closed_elsewhere_leaves_no_file(self) -> None:
        def close() -> None:
            until(lambda: sum(entry.stat().st_size for entry in os.scandir(self.folder)), "a part is written")
            result.close()

        result = self.speech(head(200, {"Connection": "close"}), self.CONTENT, STALL)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(close)
            self.fails("APIConnectionError", result.write_to_file, self.path)
        self.assertEqual(os.listdir(self.folder), [])

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_full_disk_drops_the_download(self) -> None:
        self.fails("OSError.*Errno 28", self.speech(*self.HALF, STALL).write_to_file, "/dev/full")
        self.server.until_idle()

    def test_body_that_was_taken_or_dropped_is_not_empty(self) -> None:
        taken, dropped = self.speech(), self.speech()
        list(taken.iter_bytes())
        dropped.close()
        for result in (taken, dropped, pickle.loads(pickle.dumps(taken))):
            self.fails("ZhipuAIError", result.read)
            self.fails("ZhipuAIError", result.write_to_file, self.path)
        self.assertEqual(os.listdir(self.folder), [])
        data = pickle.dumps(self.speech())
        self.assertNotIn(SECRET.encode(), data)
        for each in (pickle.loads(data), copy.deepcopy(self.speech())):  # what was not yet read goes with it
            self.assertEqual((each.content, each.headers["content-type"]), (self.CONTENT, "audio/wav"))

    def test_json_is_an_error_or_content(self) -> None:
        for error in (error_body("1214", "不存在"), {"code": 500, "msg": "不存在", "success": False}):
            for kind in ("application/json; charset=UTF-8", "application/problem+json"):
                self.fails("APIResponseError.*不存在", self.parsed, error, kind)
        for content in (b'{"id": 1}\n{"id": 2}\n', b"null", b'{"broken', b'{"id": "1", "code": 0}'):
            self.assertEqual(self.parsed(content).content, content)
        body = {"status": "succeeded", "message": "ok", "content": "内容" * 300000}
        result = self.parsed(body)
        self.assertEqual((result.json(), result.text), (body, _json(body).decode()))
        self.assertEqual(self.parsed(b"\xff\xfe", "text/plain").text, "\ufffd\ufffd")
        self.fails("ValueError", self.parsed(b"\xff\xfe").json)

    def test_closing_and_dropping_end_the_connection(self) -> None:
        closed, left, dropped = (self.speech(*self.HALF, STALL) for _ in range(3))
        next(dropped.iter_bytes())
        closed.close()
        with left as entered:
            self.assertIs(entered, left)
        del dropped
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
        start, limit = int(request.query.get("after", ["i-1"])[0][1:]) + 1, int(request.query["limit"][0])
        more = {"has_more": start + limit < len(self.items)} if self.says_more else {}
        return answer({"object": "list", "data": self.items[start : start + limit], **more})

    def test_every_list_is_walked_over_all_its_pages(self) -> None:
        zhipu = self.zhipu
        for page, kind in (
            (zhipu.batches.list(limit=2), "Batch"),
            (zhipu.files.list(limit=2), "FileObject"),
            (zhipu.fine_tuning.jobs.list(limit=2), "FineTuningJob"),
            (zhipu.fine_tuning.jobs.list_events("j", limit=2), "JobEvent"),
            (zhipu.responses.input_items.list("r", limit=2), "ResponseItem"),
            (zhipu.get("/x", cast_type=lite.ListOfBatch, params={"limit": 2}), "Batch"),
        ):
            page = pickle.loads(pickle.dumps(page))
            found = [(item.id, type(item).__name__) for item in page]
            self.assertEqual(found, [(item["id"], kind) for item in self.items])
            self.assertEqual([request.query["limit"] for request in self.requests[-3:]], [["2"]] * 3)

    def test_pages_can_be_taken_one_by_one(self) -> None:
        pages = list(self.list(limit=3).iter_pages())
        self.assertEqual([(len(page.data), page.has_next_page()) for page in pages], [(3, True), (3, True), (1, False)])
        self.assertEqual([item.id for item in pages[1]], ["i3", "i4", "i5", "i6"])

    def test_end_of_a_list(self) -> None:
        for self.says_more, requests in ((True, 3), (False, 4)):  # an empty page is the last
            self.requests.clear()
            self.assertEqual((len(list(self.list(limit=3))), len(self.requests)), (7, requests))
        for data, more in (([{"id": "1"}], False), ([{}], True), (None, None)):
            self.reply({"data": data, "has_more": more})
            page = self.list()
            self.assertEqual((len(list(page)), page.has_next_page()), (len(data or ()), False))
            self.fails("RuntimeError", page.get_next_page)
        self.assertEqual(len(list(lite.ListOfBatch(data=[{"id": "1"}], has_more=True))), 1)  # made by hand

    def test_next_page_is_asked_for_with_all_that_the_first_was(self) -> None:
        page = self.zhipu.files.list(purpose="批 &", limit=2, order="a", extra_headers={"X-One": "1"}, timeout=0.5)
        first = self.last
        page.get_next_page()
        self.assertEqual((self.last.path, self.last.query), (first.path, dict(first.query, after=["i1"])))
        self.assertEqual(self.last.headers, first.headers)
        self.server.raw(STALL)
        self.fails("APITimeoutError.*0.5", page.get_next_page)

    def test_next_page_that_does_not_go_on_raises(self) -> None:
        first = {"data": [{"id": "i0"}], "has_more": True, "last_id": "i2"}
        for cursor in ({"a": 1}, [["x"]], "\ud800", 1.5):
            self.reply(json.dumps(dict(first, last_id=cursor)).encode(), headers={"Content-Type": "a/json"})
            self.fails("APIResponseError", list, self.list())
        for raw in (b"null", b"[]"):
            self.reply(first)
            self.reply(raw, headers={"Content-Type": "a/json"})
            self.fails("APIResponseError", list, self.list())
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
            result = getattr(zhipu, method)("/new/x", params={"a": "百 &", "b": [1, 2], "c": True, "d": None})
            self.assertEqual((self.last.method, self.last.path), (method.upper(), "/api/paas/v4/new/x"))
            self.assertEqual(self.last.query, {"a": ["百 &"], "b": ["1", "2"], "c": ["true"]})
            self.assertEqual((self.last.body, self.last.headers["accept"]), (b"", "*/*"))
            self.assertEqual((type(result), result.id), (lite.Model, "1"))
        zhipu.delete("x", body={"a": "值"}, extra_body={"b": None}, extra_headers=one)
        self.assertEqual((self.last.json, self.last.headers["x-one"]), ({"a": "值", "b": None}, "1"))
        zhipu.request("OPTIONS", "x", body=[1, 2])
        self.assertEqual((self.last.method, self.last.json), ("OPTIONS", [1, 2]))
        zhipu.get("x", options={"params": {"a": 1}, "headers": one, "timeout": 5})
        self.assertEqual((self.last.query_text, self.last.headers["x-one"]), ("a=1", "1"))

    def test_result_is_of_the_class_asked_for(self) -> None:
        get, post = self.zhipu.get, self.zhipu.post
        for kind in (dict, Completion, lite.Model, lite.Response, lite.BinaryResponse):
            self.assertIs(type(get("x", cast_type=kind)), kind)
        self.assertIs(type(get("x", cast_type=object)), lite.Model)
        self.reply([{"id": "1"}])
        self.assertEqual(get("x", cast_type=Completion)[0].id, "1")
        self.reply(None, 204)
        self.assertIsNone(self.zhipu.delete("x"))
        self.server.stream({"a": 1}, {"a": 2}, DONE)
        self.assertEqual([event.a for event in post("x", body={}, stream=True)], [1, 2])
        self.server.stream(chunk("a"), chunk("b", "stop"), DONE)
        events = post("x", body={"stream": True}, cast_type=Completion, stream=True)
        self.assertIs(type(next(events)), ChatCompletionChunk)
        self.assertEqual(events.get_final_completion().choices[0].message.content, "ab")
        self.reply({"a": 1.5})
        response = get("/x", cast_type=lite.Response)
        self.assertEqual(response.json(parse_float=str), {"a": "1.5"})

    def test_path_hangs_on_the_base_url_or_on_its_root(self) -> None:
        for path, target in {
            "/api/x?a=1": "/api/x?a=1&b=2",
            "百 b\r\nX-Forged: 1": "/api/paas/v4/%E7%99%BE%20b%0D%0AX-Forged:%201?b=2",
            "apis/a..b/c.": "/api/paas/v4/apis/a..b/c.?b=2",
        }.items():
            self.zhipu.get(path, params={"b": 2})
            self.assertEqual(self.last.target, target)
        for wrong in [*"HTTP://a/x //a/x file:///etc /../x a/.. ./x .. a#b a/%2e%2e/b /a/.%2E".split(), 5, None, b"/x"]:
            self.refused("path", self.zhipu.get, wrong)

    def test_wrong_arguments_are_named(self) -> None:
        self.reply(b"content")
        self.enter(self.zhipu.files.content("f"))
        post, huge = functools.partial(self.zhipu.post, "/x"), 10**5000
        for name in ("params", "files", "options", "headers", "extra_body"):
            self.refused(name, post, **{name: 5})
        self.refused("body", post, body=[1], files={"f": b"x"})
        self.refused("body", post, body=[1], extra_body={"a": 1})
        self.refused("'json'", post, json=1)
        self.refused("a", post, params={"a": huge})
        self.refused("timeout", post, timeout=huge)
        for method in ("", "中", "A\r\nB", None):
            self.refused("method", self.zhipu.request, method, "/x")
        self.refused("exp_seconds", generate_token, KEY, "9")
        self.refused("timestamp", generate_token, KEY, timestamp=float("nan"))


# --- waiting

PROCESSING, SUCCESS = {"id": "t/1", "task_status": "PROCESSING"}, {"task_status": "SUCCESS"}
AGENT, PARSED = {"agent_id": "a1", "async_id": "s1", "conversation_id": "c1"}, {"task_id": "p1"}
SAID: dict[str, Any] = {"message": "失败了"}
WHY = {"error": {"code": "1210", **SAID}}
LATER = "t%2F1", {"id": "t/1"}, "task_status PROCESSING SUCCESS FAIL", SAID
#: What starts a task, what asks for it, what the path of that ends in, what names the task, its states, why it failed.
TASKS: list[tuple[str, str, str, Any, str, Any]] = [
    ("chat.asyncCompletions.create", "retrieve_completion_result", *LATER),
    ("images.async_generations", "retrieve_images_result", *LATER),
    ("videos.generations", "retrieve_videos_result", *LATER),
    ("batches.create", "retrieve", "b", {"id": "b"}, "status in_progress completed failed",
     {"errors": {"data": [WHY["error"]]}}),
    ("fine_tuning.jobs.create", "retrieve", "j", {"id": "j"}, "status running succeeded failed", WHY),
    ("file_parser.create", "result", "p1/text", PARSED, "status processing succeeded failed", SAID),
    ("agents.invoke", "async_result", "", AGENT, "status pending success failed", WHY),
]  # fmt: skip


class WaitTest(EndpointsTest):
    def setUp(self) -> None:
        super().setUp()
        self.task = lite.VideoObject(PROCESSING)
        self.known = {each.name: each for each in interfaces()}

    def call(self, name: str, body: dict[str, Any]) -> Any:
        """What an interface makes of an answer."""
        self.reply(body)
        return self.known[name].of(self.zhipu)(**self.known[name].arguments(self.known[name].required))

    def test_every_kind_of_task_is_waited_for(self) -> None:
        for start, poll, end, names, states, reason in TASKS:
            asking = self.known[start.rpartition(".")[0] + "." + poll]
            key, *words = states.split()
            running, done, failed = ({**names, key: word} for word in words)
            failed.update(reason)
            with self.subTest(start):
                task = self.call(start, {**names, "success": True} if names is PARSED else running)
                for body in (running, running, done):
                    self.reply(body)
                seen: list[Any] = []
                more = {"custom_variables": {"pages": 1}} if names is AGENT else {}
                result = self.zhipu.wait(task, on_update=seen.append, **more)
                self.assertEqual((result, self.slept[-3:]), (done, [1, 1.5, 2.25]))
                self.assertEqual((seen, seen[-1] is result), ([running, running, done], True))
                self.assertIs(self.zhipu.wait(result), result)  # what has finished is returned at once
                asked = [(request.method, request.path) for request in self.requests[-3:]]
                self.assertEqual(asked, [(asking.method, "/api" + re.sub("{.*}", end, asking.path))] * 3)
                if more:
                    self.assertEqual(self.last.json, {**AGENT, **more})
                for body in (running, done, failed):  # whoever asks himself gets what is answered
                    self.assertEqual(self.call(asking.name, body), body)
                self.reply(failed)
                error = self.fails("APIResponseError.*失败了", self.zhipu.wait, task)
                expected = None if reason is SAID else "1210", failed
                self.assertEqual((error.code, error.json_data), expected)

    def test_states_that_end_a_wait(self) -> None:
        for task in (lite.AsyncCompletion(SUCCESS), lite.AgentsCompletion(choices=[{"index": 0}])):
            self.assertIs(self.zhipu.wait(task, timeout=0), task)
        for errors in ("kaputt", ["kaputt"], {"data": "kaputt"}, {"data": {"message": "kaputt"}}):
            self.fails("APIResponseError.*kaputt", self.zhipu.wait, lite.Batch(status="failed", errors=errors))
        for status in ("expired", "cancelled"):
            self.fails(f"APIResponseError.*{status}", self.zhipu.wait, lite.Batch(status=status))
        self.assertEqual((self.requests, self.slept), ([], []))
        for status in ("finalizing", "cancelling", "completed"):  # only the last
            self.reply({"id": "b1", "status": status})
        self.assertEqual(self.zhipu.wait(lite.Batch(id="b1", status="in_progress")).status, "completed")

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
        self.server.raw(STALL)  # a question that is not answered ends with it, too
        self.fails("APITimeoutError", self.client(self.server, timeout=None).wait, self.task, timeout=0.2, interval=0.1)
        with mock.patch.object(lite, "_sleep", time.sleep):
            self.fails("APITimeoutError.*processing", self.zhipu.wait, self.task, timeout=0.06, interval=0.05)
        self.assertIn(len(self.requests), (2, 3))
        self.fails("APITimeoutError", self.zhipu.wait, self.task, timeout=0)

    def test_what_is_wrong_raises(self) -> None:
        wait, nan = self.zhipu.wait, float("nan")
        self.reply([])
        self.fails("APIResponseError", wait, self.task)
        self.reply(error_body("1233", "任务不存在"), 400)
        self.fails("BadRequestError.*任务不存在", wait, self.task)
        for value in ("x", -1, nan):
            self.refused("timeout", wait, self.task, timeout=value)
            self.refused("interval", wait, self.task, interval=value)
        self.refused("on_update", wait, self.task, on_update=5)
        for task in (None, "id", {"id": "1"}, Completion(id="1")):
            self.refused("task", wait, task)
        self.refused("id", wait, lite.VideoObject(task_status="PROCESSING"))


# ======================================================================================================================
# Clients
# ======================================================================================================================


class ClientTest(EndpointsTest):
    def test_arguments_win_over_the_environment(self) -> None:
        os.environ.update(ZHIPUAI_API_KEY=f" {KEY}\n", ZHIPUAI_BASE_URL=self.server.origin + "/gateway")
        ask(ZhipuAI())
        self.assertRegex(self.last.path + self.last.token, r"^/gateway/chat/completions.*\..*\.")
        ask(ZhipuAI(api_key="sk-argument", base_url=self.server.url))
        self.assertEqual((self.last.path, self.last.token), ("/api/paas/v4/chat/completions", "sk-argument"))
        del os.environ["ZHIPUAI_BASE_URL"]
        client = ZhipuAI(**dict.fromkeys(inspect.signature(ZhipuAI).parameters))  # None: the default, but of `timeout`
        self.assertEqual((client.base_url[-20:], client.max_retries, client.timeout), ("odel.cn/api/paas/v4/", 3, None))

    def test_unusable_key_is_refused_without_repeating_it(self) -> None:
        for key in (None, "", "  \n"):
            self.fails("(?=.*api_key).*ZHIPUAI_API_KEY", ZhipuAI, api_key=key)
        for end in ("\nx", "\x00x", "密x", "\u2028x"):
            error = self.fails("ZhipuAIError.* ValueError.*ZHIPUAI_API_KEY", ZhipuAI, api_key="id.secret" + end)
            self.assertNotIn("secret", str(error) + repr(error))
        for wrong in (b"secret", ["secret"]):
            self.assertNotIn("secret", str(self.fails("TypeError.*api_key", ZhipuAI, api_key=wrong)))
        self.fails("TypeError", ZhipuAI, KEY)

    def test_base_url_in_all_spellings(self) -> None:
        url = self.server.url
        for spelling in (url[:-1], mock.Mock(__str__=lambda self: url), f" {url} ", url.replace("http:", "HTTP:")):
            ask(self.client(base_url=spelling))
            self.assertEqual(self.last.path, "/api/paas/v4/chat/completions")
        ask(self.client(base_url=self.server.origin))
        self.assertEqual(self.last.path, "/chat/completions")

    def test_constructor_does_no_work(self) -> None:
        for name in ("ssl.create_default_context", "socket.getaddrinfo"):
            self.enter(mock.patch(name, side_effect=AssertionError))
        ZhipuAI(api_key=KEY)

    def test_closing(self) -> None:
        with self.client(self.server) as client:
            self.assertFalse(client.is_closed())
        self.assertTrue(client.is_closed())
        client.close()
        self.fails("ZhipuAIError.*closed", ask, client)
        self.assertEqual(self.requests, [])
        ask(self.zhipu)  # the other client goes on

    def test_client_can_be_subclassed_copied_and_pickled(self) -> None:
        program = "class Mine(ZhipuAI):\n    region: str = 'cn'\n"
        mine = self.execute(program, {"ZhipuAI": ZhipuAI})["Mine"]
        self.assertEqual(ask(mine(api_key=KEY, base_url=self.server.url)).id, "1")
        headers = {"x-one": "1", "user-agent": "mine/1"}
        client = self.client(self.server, custom_headers=headers, source_channel="s", timeout=(5, 6), max_retries=1)
        self.assertEqual(client._default_headers["x-one"], "1")
        twin = pickle.loads(pickle.dumps(client))
        for each in (client, twin):
            ask(each)
            self.assertLessEqual({**headers, "x-source-channel": "s"}.items(), self.last.headers.items())
        self.assertEqual((twin.timeout, twin.max_retries), ((5, 6), 1))
        twin.close()
        ask(copy.copy(client))

    def test_clients_of_zai(self) -> None:
        os.environ.update(ZHIPUAI_API_KEY="sk-zhipu", ZAI_API_KEY="sk-zai")
        for kind, address, language in (
            (lite.ZhipuAiClient, "https://open.bigmodel.cn/api/paas/v4/", None),
            (lite.ZaiClient, "https://api.z.ai/api/paas/v4/", "en-US,en"),
        ):
            self.assertEqual(kind().base_url, address)
            with mock.patch.dict(os.environ, ZAI_BASE_URL=self.server.url):
                ask(kind())
            self.assertEqual((self.last.token, self.last.headers.get("accept-language")), ("sk-zai", language))

    def test_exported_names_are_what_users_import(self) -> None:
        kinds = Exception, ZhipuAI, AsyncZhipuAI, lite.Model, lite.Stream, lite.AsyncStream, lite.Response
        classes = {name for name, value in vars(lite).items() if isinstance(value, type) and issubclass(value, kinds)}
        names = {"generate_token", "install_as_zhipuai", "offline", "NOT_GIVEN", "NotGiven", *classes}
        self.assertEqual(set(lite.__all__), {name for name in names if name[0] != "_"})
        self.assertLessEqual({each.result for each in interfaces()}, names)
        self.assertIsInstance(get_type_hints(self.zhipu.chat.completions.create), dict)

    def test_not_given_is_falsy_and_one(self) -> None:
        for value in (NOT_GIVEN, pickle.loads(pickle.dumps(NOT_GIVEN)), copy.deepcopy(NOT_GIVEN), lite.NotGiven()):
            self.assertEqual((value is NOT_GIVEN, bool(value), repr(value)), (True, False, "NOT_GIVEN"))


# ======================================================================================================================
# The asynchronous client
# ======================================================================================================================

SOON = {"Retry-After": "0.01"}
HALF = [head(200, {"Content-Length": "9"}) + b"{"]
in_stream = functools.partial(ask, stream=True)
in_time = (PATIENCE, 0.5)


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
    def setUp(self) -> None:
        super().setUp()
        self.threads = set(threading.enumerate())
        self.server = self.serve()
        self.server.default = lambda request: [STALL] if b'"silence"' in request.body else answer(completion())
        self.addCleanup(self.nothing_is_left)

    def nothing_is_left(self) -> None:
        """No thread outlives its client, no connection its call."""
        until(lambda: all(t.name.startswith("test ") for t in {*threading.enumerate()} - self.threads), "threads end")
        self.assertEqual([error for error in self.server.errors if isinstance(error, socket.timeout)], [])

    def async_client(self, **options: Any) -> Any:
        defaults = {"api_key": KEY, "base_url": self.server.url, "timeout": 2 * PATIENCE, "max_retries": 0}
        client = AsyncZhipuAI(**{**defaults, **options})
        self.addCleanup(lambda: asyncio.run(client.aclose()))
        return client

    def run_in_loop(self, scenario: Any) -> Any:
        """The result of a coroutine in a new loop, in which no error is left."""
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

    async def received(self, client: Any, call: Callable[[Any], Any]) -> Any:
        """What a call comes to, errors included."""
        received: list[Any] = []
        is_sync = isinstance(client, ZhipuAI)
        try:
            result = call(client) if is_sync else await call(client)
            if isinstance(result, zhipuai_lite.BinaryResponse):
                received.append(result.read() if is_sync else await result.aread())
            elif isinstance(result, zhipuai_lite.Response):
                received.append(result.status_code)
            elif hasattr(type(result), "__aiter__"):
                async for item in result:
                    received.append(item)  # noqa: PERF401  # what came before an error counts
            elif isinstance(result, (zhipuai_lite.Stream, zhipuai_lite.SyncCursorPage)):
                received.extend(iter(result))
            else:
                received.append(result)
        except (zhipuai_lite.ZhipuAIError, TypeError) as error:
            received += [type(error), str(error), *(str(getattr(error, name, "")) for name in ("code", "response"))]
        return [(type(each), each) for each in received]

    def test_calls_come_to_the_same_as_those_of_the_synchronous_client(self) -> None:
        def least_call(interface: Interface) -> Any:
            arguments = interface.arguments(interface.required)
            return interface.name, [interface.answer()], lambda client: interface.of(client)(**arguments), 0

        for name, answers, call, retries in [*SCENARIOS, *map(least_call, interfaces())]:
            with self.subTest(name):
                outcomes = []
                for kind in (self.client, self.async_client):
                    for steps in answers[:-1]:
                        self.server.raw(*steps)
                    self.server.default = lambda request: answers[-1]  # noqa: B023
                    client: Any = kind(base_url=self.server.url, max_retries=retries)
                    count = len(self.server.requests)
                    received = self.run_in_loop(self.received(client, call))
                    self.server.until_requests(count + bool(answers))  # even if given up
                    sent = [(r.method, r.target, {*r.headers}, len(r.body)) for r in self.server.requests[count:]]
                    outcomes.append((received, sent))
                self.assertEqual(*outcomes)

    def test_call_that_is_not_awaited_is_named_in_the_warning(self) -> None:
        async def scenario(client: Any) -> None:
            with self.assertWarnsRegex(RuntimeWarning, r"'Completions\.create' was never awaited"):
                ask(client)
                gc.collect()

        self.run_with_client(scenario)
        self.assertEqual(self.server.requests, [])

    def test_files_are_read_in_blocks_and_saved(self) -> None:
        path = self.file("f", b"old")
        self.server.default = lambda request: answer(b"12345")

        async def scenario(client: Any) -> Any:
            await (await content(client)).astream_to_file(path)
            return [block async for block in (await content(client)).aiter_bytes(2)]

        self.assertEqual(self.run_with_client(scenario), [b"12", b"34", b"5"])
        self.assertEqual(pathlib.Path(path).read_bytes(), b"12345")

    def test_pages_are_fetched_one_by_one(self) -> None:
        for number in range(3):
            self.server.raw(*page(str(number), more=number < 2))

        async def scenario(client: Any) -> Any:
            second = await (await batches(client)).get_next_page()
            return [[batch.id for batch in each.data] async for each in second.iter_pages()]

        self.assertEqual(self.run_with_client(scenario), [["1"], ["2"]])

    def test_wait_polls_until_the_task_is_done(self) -> None:
        running, updates = {"id": "t", "task_status": "PROCESSING"}, []
        self.server.answer(running)
        self.server.answer(dict(running, task_status="SUCCESS"))
        self.server.default = lambda request: answer(running)

        def update(task: Any) -> None:
            updates.append(task.task_status)
            asyncio.get_running_loop()  # raises in another thread

        async def scenario(client: Any) -> None:
            wait = functools.partial(client.wait, zhipuai_lite.VideoObject(running), interval=0.001)
            self.assertEqual((await wait(on_update=update)).task_status, "SUCCESS")
            with self.assertRaises(zhipuai_lite.APITimeoutError):
                await wait(timeout=0.02)
            await self.cancel(await self.begun(wait(interval=60)))

        self.run_with_client(scenario)
        self.assertEqual(updates, ["PROCESSING", "SUCCESS"])

    # --- streams

    def test_stream_that_is_left_is_closed_under_its_readers(self) -> None:
        self.server.stream(chunk("a"), STALL)

        async def scenario(client: Any) -> None:
            left, readers = await in_stream(client), []
            with self.assertRaises(KeyError):
                async with left as entered:
                    await entered.__anext__()
                    readers += [await self.begun(left.__anext__()) for _ in range(2)]
                    raise KeyError
            self.server.until_idle()
            for reader in readers:
                with self.assertRaises((StopAsyncIteration, RuntimeError)):
                    await reader
            self.assertEqual([item async for item in left], [])

        self.run_with_client(scenario)

    def test_stream_whose_reading_was_given_up_does_not_look_ended(self) -> None:
        self.server.stream(chunk("a"), STALL)

        async def scenario(client: Any) -> None:
            chunks = await in_stream(client)
            await chunks.__anext__()
            await self.cancel(await self.begun(chunks.__anext__()))
            self.server.until_idle()
            with self.assertRaises(zhipuai_lite.APIConnectionError):
                await chunks.__anext__()
            await ask(client)

        self.run_with_client(scenario, max_connections=1)

    def test_slow_reader_holds_back_the_server_and_nobody_else(self) -> None:
        def flood(connection: Connection) -> None:  # 48 MB, more than all buffers hold
            for number in range(1000):
                sent.append(number)
                connection.send(http_chunk(sse(chunk("x" * 48_000))))

        sent: list[int] = []
        self.server.stream(flood, DONE)

        async def scenario(client: Any) -> Any:
            chunks, before = await in_stream(client), -1
            await chunks.__anext__()
            while before != len(sent):
                before = len(sent)
                await asyncio.sleep(0.3)
            self.assertLess(before, 1000)
            rest = asyncio.ensure_future(chunks.get_final_completion())
            await asyncio.gather(*[ask(client) for _ in range(5)])
            return (await rest).choices[0].message.content

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
        async def scenario(client: Any, call: Any, is_read: bool) -> None:
            held = [await call(client)]
            if is_read:
                held[0] = held[0].aiter_bytes(1) if call is content else held[0]
                await held[0].__anext__()
            queued = await self.begun(ask(client))
            thread = threading.Thread(target=held.clear)
            (thread.run if is_read else thread.start)()
            gc.collect()
            await queued
            await asyncio.get_running_loop().run_in_executor(None, self.server.until_idle, 1)

        for call, steps in ((in_stream, stream(chunk("a"), STALL)), (content, [*HALF, STALL])):
            for is_read in (False, True):
                with self.subTest(steps=steps, is_read=is_read):
                    self.server.raw(*steps)
                    self.run_in_loop(scenario(self.async_client(max_connections=1), call, is_read))
                    self.server.drop_connections()

    # --- calls at the same time

    def test_two_hundred_calls_of_eight_loops_share_ten_places(self) -> None:
        go_on, client = threading.Event(), self.async_client(max_connections=10)
        self.server.default = lambda request: [WAIT(go_on), *answer({"id": request.json["model"]})]

        async def scenario(first: int) -> Any:
            answers = await asyncio.gather(*[ask(client, model=str(first + each)) for each in range(25)])
            return [int(each.id) - first for each in answers]

        with ThreadPoolExecutor(8) as pool:
            results = [pool.submit(self.run_in_loop, scenario(first)) for first in range(0, 200, 25)]
            self.server.until_requests(10)
            go_on.set()
        self.assertEqual([result.result() for result in results], [[*range(25)]] * 8)
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
        models = [int(request.json["model"]) for request in self.server.requests[1:]]
        self.assertEqual(models, [0, *range(2, 20)])

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
                    port = ports.pop()
                else:
                    hold_up()
                self.reached.set()
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

        server.greeting = [hear, then(STARTTLS(server_context())), here, STALL]
        context = ssl.create_default_context(cadata=CA_PEM)
        yield "TLS handshake", ask, {"base_url": f"https://127.0.0.1:{server.port}/", "ssl_context": context}

        server.greeting = [hear, then(), here, WAIT(self.ended), STALL]
        yield "sending", functools.partial(ask, user_id="x" * (12 << 20)), {}  # more than the system's buffers hold

        class SlowFile(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                hold_up()
                return b""

        yield "reading a file", lambda client: client.files.create(file=SlowFile(b"{}"), purpose="batch"), {}

        server.raw(here, WAIT(self.ended), CLOSE)  # only the opener knows it
        yield "http_client", ask, {"http_client": urllib.request.build_opener()}

        server.raw(*answer(status=429, headers={"Retry-After": "60"}), here, CLOSE)
        yield "between tries", ask, {"max_retries": 1}

        path = self.file("f", b"old")

        async def read(client: Any) -> None:
            async for _ in await in_stream(client):
                pass

        async def load(client: Any) -> None:
            await (await content(client)).aread()

        async def save(client: Any) -> None:
            await (await content(client)).astream_to_file(path)

        opened = stream(chunk("a"))[:2]
        for call, steps in ((ask, []), (ask, HALF), (read, opened), (load, HALF), (save, HALF)):
            server.raw(*steps, here, STALL)
            yield f"{call} after {steps}", call, {}
        until(lambda: os.listdir(os.path.dirname(path)) == ["f"], "half a file is removed")

    def end_in_each_phase(self, end: Callable[[Any, Any], Any]) -> None:
        """Its connection is closed at once, its place is free, and nothing more is sent."""
        self.reached, self.ended, self.held_up = threading.Event(), threading.Event(), contextlib.ExitStack()
        self.addCleanup(self.held_up.close)
        other = self.serve()

        async def scenario(client: Any, call: Any) -> None:
            task = asyncio.ensure_future(call(client))
            while not (task.done() or self.reached.is_set()):  # noqa: ASYNC110
                await asyncio.sleep(0.001)
            await ask(self.async_client(base_url=other.url))  # other calls go on
            await end(client, task)

        for name, call, options in self.phases():
            with self.subTest(name):
                client = self.async_client(max_connections=1, **options)
                self.run_in_loop(scenario(client, call))
                self.ended.set()
                gc.collect()
                self.server.until_idle()
                count = len(self.server.requests)
                if not client.is_closed():
                    self.run_in_loop(ask(client, model="after"))
                self.held_up.close()
                self.run_in_loop(client.aclose())
                self.server.until_idle()
                self.nothing_is_left()
                self.assertLessEqual({request.json["model"] for request in self.server.requests[count:]}, {"after"})
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
            await self.is_closed(ask(client))

        with ThreadPoolExecutor(1) as pool:
            ended = pool.submit(self.run_in_loop, scenario())
            self.server.until_requests(1)
            self.run_in_loop(close())
            ended.result(PATIENCE)
        self.assertEqual(len(self.server.requests), 1)

    # --- several loops, threads, processes

    def test_what_a_loop_leaves_behind_keeps_no_place(self) -> None:
        async def leave(client: Any) -> Any:
            self.server.stream(chunk("a"), STALL)
            left = [await in_stream(client)]
            left += [await self.begun(ask(client, model="silence")) for _ in range(3)]
            self.server.until_requests(2)
            return left

        client, loop = self.async_client(max_connections=2), asyncio.new_event_loop()
        loop.set_exception_handler(lambda loop, context: None)  # that tasks were destroyed
        left = loop.run_until_complete(leave(client))
        loop.close()
        closed_loop = weakref.ref(loop)
        del left, loop
        gc.collect()
        self.server.until_idle()
        self.run_in_loop(ask(client))
        until(lambda: gc.collect() < 0 or closed_loop() is None, "the closed loop is forgotten")

    def run_quietly(self, scenario: str) -> None:
        program = f"""if True:
            import asyncio, logging, os, socket, threading, warnings, zhipuai_lite
            logging.getLogger("asyncio").setLevel("ERROR")  # a busy machine is slow
            client = zhipuai_lite.AsyncZhipuAI(max_connections=2)
            def ask(model="m", **options):
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
                begun = []
                socket.getaddrinfo = lambda *arguments, **options: begun.append(1) or threading.Event().wait()
                task = asyncio.ensure_future(ask())
                while not begun:
                    await asyncio.sleep(0.001)"""
        for scenario in ("async for _ in await ask(stream=True): break", "await ask()", blocked):
            with self.subTest(scenario):
                self.run_quietly(scenario)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_forked_child_leaves_its_parents_calls_alone(self) -> None:
        go_on = threading.Event()
        self.server.stream(chunk("a"), WAIT(go_on), chunk("b"), DONE)
        self.server.default = lambda request: [*[SET(go_on)] * (request.json["model"] == "last"), *answer(completion())]
        self.run_quietly("""
                warnings.simplefilter("ignore")  # of Python 3.12 about forks beside threads
                async def in_child():
                    await asyncio.gather(*[ask("child") for _ in range(3)])
                    await client.aclose()
                stream = await ask("stream", stream=True)
                await stream.__anext__()
                await ask("parent")
                while threading.active_count() > 2:  # Python 3.7 may hang in a child of busy threads
                    await asyncio.sleep(0.01)
                child = os.fork()
                if not child:
                    asyncio.run(in_child())
                    os._exit(0)
                assert os.waitpid(child, 0)[1] == 0
                await ask("last")
                assert [item.choices[0].delta.content async for item in stream] == ["b"]""")
        used = {(request.connection, request.json["model"] == "child") for request in self.server.requests}
        self.assertEqual(len({connection for connection, _ in used}), len(used))
        self.assertEqual([in_child for _, in_child in used].count(False), 2)


# ======================================================================================================================
# Command line
# ======================================================================================================================

C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
THOUGHT = chunk(delta={"reasoning_content": "想一想"})


class OfflineTest(TestCase):
    def test_it_answers_and_leaves_nothing_behind(self) -> None:
        os.environ.update(dict.fromkeys(("http_proxy", "HTTP_PROXY", "ALL_PROXY"), "http://127.0.0.1:1"))
        before, threads = dict(os.environ), threading.active_count()
        self.enter(mock.patch("socket.getfqdn", side_effect=AssertionError))
        manager = zhipuai_lite.offline()
        client = manager.__enter__()
        whole, pieces = ask(client).choices, contents(ask(client, stream=True))
        self.assertIn("你好", whole[0].message.content)
        self.assertEqual(("".join(filter(None, pieces)), whole[0].finish_reason), (whole[0].message.content, "stop"))
        self.assertGreater(len(pieces), 5)
        with ThreadPoolExecutor(8) as executor:
            self.assertEqual(list(executor.map(lambda _: ask(client).choices, range(32))), [whole] * 32)
        self.assertFalse(manager.__exit__(KeyError, KeyError(), None))
        self.assertEqual(os.environ, before)
        until(lambda: threading.active_count() == threads, "its threads end")
        with self.assertRaisesRegex(zhipuai_lite.ZhipuAIError, "closed"):
            ask(client)

    def test_it_answers_every_request(self) -> None:
        chat = "chat/completions"
        bodies: list[Any] = [[], {}, {"messages": []}, {"messages": [{}]}, {"messages": [""]}, {"messages": None}]
        cases: list[Any] = [("POST", chat, {"body": body}, 400, "1213") for body in bodies]
        cases += [("POST", chat, {"files": {"file": b"no JSON"}}, 400, "1213"), ("GET", chat, {}, 400, "1213")]
        cases += [("POST", "embeddings", {"body": {}}, 404, "404"), ("DELETE", "files/1", {}, 404, "404")]
        with zhipuai_lite.offline() as client:
            for token in ("", "x", "a.b.c", "a.e30.c", "a.W10.c", generate_token(f"offline.{SECRET}")):
                cases.append(("GET", chat, {"extra_headers": {"Authorization": f"Bearer {token}"}}, 401, "1002"))
            for method, path, options, status, code in cases:
                with self.subTest((method, path, options)):
                    with self.assertRaises(zhipuai_lite.APIStatusError) as caught:
                        client.request(method, path, **options)
                    self.assertEqual((caught.exception.status_code, caught.exception.code), (status, code))


class CommandTestCase(TestCase):
    def serving(self, **options: Any) -> Server:
        server = self.serve(**options)
        os.environ.update(ZHIPUAI_API_KEY=KEY, ZHIPUAI_BASE_URL=server.url)
        os.environ.pop("PYTHONUNBUFFERED", None)
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

    def process(self, *arguments: str, env: Mapping[str, str] | None = None) -> str:
        """What a command that must succeed prints in a process of its own."""
        ended = self.run_python(MODULE, *arguments, env={"PYTHONUTF8": "1", "PYTHONIOENCODING": "", **(env or {})})
        self.assertEqual((ended.returncode, ended.stderr.decode()), (0, ""))
        return str(ended.stdout.decode())


class CommandLineTest(CommandTestCase):
    def test_offline_chat(self) -> None:
        text = self.process("chat", "--offline", "你好é😀")
        self.assertRegex(text, "你好é😀\n$")
        self.assertEqual(self.printed("chat", "--offline", "--no-stream", "你好é😀"), text)
        cp1252 = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
        self.assertIn("\\u4f60", self.process("chat", "--offline", "你好", env=cp1252))
        for options in [], ["--no-stream"]:
            found = json.loads(self.process("chat", "--offline", "--json", *options, "你好é😀", env=cp1252))
            message = {"role": "assistant", "content": text[:-1]}
            self.assertEqual(found["choices"], [{"index": 0, "message": message, "finish_reason": "stop"}])

    def test_prompt(self) -> None:
        server, pipe = self.serving(), "从管道来"
        self.printed("chat", "-m", "glm-4.6", "-s", "你是诗人", "写", "一首 诗", "--no-stream")
        messages = [{"role": "system", "content": "你是诗人"}, {"role": "user", "content": "写 一首 诗"}]
        self.assertEqual(server.request.json, {"model": "glm-4.6", "messages": messages})
        for data, encoding in (f"\ufeff{pipe}\r\n".encode(), "ascii"), (pipe.encode("gbk"), "gbk"):
            self.printed("chat", "--no-stream", stdin=data, encoding=encoding)
            self.assertEqual(server.request.json["messages"][-1]["content"], pipe)
        self.assertIn("'gbk' codec", self.refused("chat", stdin=b"\x81\xff", encoding="gbk"))
        self.assertIn("give a prompt", self.refused("chat", stdin=b" \n"))
        self.assertEqual(len(server.requests), 3)

    def test_answers(self) -> None:
        server, pieces, parts = self.serving(), [chunk("第一\n行"), chunk("第二", "stop")], [{"text": "你好"}]
        lines, page = "".join(self.json(each) for each in pieces), {"data": [{"id": "b"}], "has_more": True}
        create = "call chat.completions.create model=m messages=[] stream=true"
        cases: list[Any] = [
            ("chat --no-stream hi", answer(completion(parts)), 0, self.json(parts)),
            ("chat hi", stream(chunk(parts), DONE), 0, self.json(parts)),
            ("chat hi", stream(THOUGHT, chunk("答案"), DONE), 0, "答案\n"),
            ("chat --no-stream --json hi", answer(completion()), 0, self.json(completion(), 2)),
            ("chat hi", stream(chunk("开头"), CLOSE), 1, "开头"),
            ("chat hi", answer(error_body("1000", KEY), 401), 1, ""),
            (create, stream(*pieces, DONE), 0, lines),
            (create, stream(*pieces, error_body("1302")), 1, lines),
            ("call knowledge.delete knowledge_id=k", answer({"code": 200}), 0, '{"code":200}\n'),
            ("call batches.list", answer(page), 0, self.json(page, 2)),
        ]
        for body in json.loads('[{}, {"choices": []}, {"choices": [null]}, {"choices": {"a": 1}}]'):
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

    def test_output_that_nobody_reads_is_no_crash(self) -> None:
        self.serving()
        for arguments in (["token"], ["chat", "--offline", "hi"]):
            ours, theirs = os.pipe()
            os.close(ours)
            ended = subprocess.run(python(MODULE, *arguments), check=False, stdout=theirs, stderr=subprocess.PIPE)
            os.close(theirs)
            self.assertEqual((ended.returncode, ended.stderr), (141, b""))
        with mock.patch("sys.stdout", None), contextlib.redirect_stderr(io.StringIO()) as errors:
            self.assertEqual(zhipuai_lite.main(["token"]), 1)
        self.assertEqual(errors.getvalue(), "zhipuai-lite: standard output is closed\n")

    def test_token_and_help(self) -> None:
        for arguments in (["chat", "你好"], ["token"], ["call", "models.list"]):
            self.assertRegex(self.refused(*arguments), "ZHIPUAI_API_KEY.*https://.*--offline")
        os.environ["ZHIPUAI_API_KEY"] = KEY
        self.assertTrue(signature_is_valid(self.printed("token").strip(), SECRET.encode()))
        ended = self.run_python(MODULE)
        self.assertEqual((ended.returncode, b"{chat,token,doctor,call}" in ended.stderr), (2, True))

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
            server.answer({"place": place})
            self.assertEqual(self.printed("call", *arguments), "")
            self.assertEqual(json.loads(path.read_text("utf-8")), {"place": place})
            self.assertEqual(server.request.json, {"model": "m", "input": "x"})
        content = bytes(range(256)) * 100
        server.answer(content, times=2)
        download = "call", "files.content", "file_id=f/1"
        self.assertEqual(self.printed(*download).encode("utf-8", "surrogateescape"), content)
        self.assertEqual(self.printed(*download, "-o", str(path)), "")
        self.assertEqual(server.request.path, "/api/paas/v4/files/f%2F1/content")
        server.raw(head(200, {"Content-Length": "9"}), b"new", CLOSE)
        self.refused(*download, "--output", str(path))
        self.assertEqual(path.read_bytes(), content)
        server.stream({"type": "transcript.text.delta", "delta": "一"}, DONE)
        self.printed("call", "audio.transcriptions.create", "model=m", f"file=@{path}", "stream=true", "-o", str(path))
        self.assertEqual(json.loads(path.read_text("utf-8"))["delta"], "一")

    def test_call_reads_any_value_from_a_file(self) -> None:
        server = self.serving()
        for content, value in ("\ufeff[1, 2]".encode(), [1, 2]), ("你好\n".encode(), "你好\n"):
            self.printed("call", "embeddings.create", "model=m", f"input=@{self.file('value', content)}")
            self.assertEqual(server.request.json["input"], value)
        bad = self.file("value", b"\xff\xfe")
        self.assertIn("'utf-8' codec", self.refused("call", "embeddings.create", f"input=@{bad}"))
        self.assertRegex(self.refused("call", "files.create", "purpose=p", native("file=@/no/件")), "file: .*/no/")
        self.assertEqual(len(server.requests), 2)

    def test_c_locale(self) -> None:
        server = self.serving()
        server.answer({"text": "你好"})
        file = "file=@" + self.file(native("声音.wav"), b"RIFF")
        arguments = "call", "audio.transcriptions.create", "model=m", file, 'hotwords=["智谱"]'
        self.assertEqual(json.loads(self.process(*arguments, env=C_LOCALE)), {"text": "你好"})
        parts = [(part.name, part.filename, part.content) for part in parse_form(server.request)]
        self.assertEqual(parts[1:], [("hotwords", None, "智谱".encode()), ("file", "声音.wav", b"RIFF")])
        server.answer(error_body("1000", "身份验证失败"), 401)
        ended = self.run_python(MODULE, "chat", "你好", env=C_LOCALE)
        self.assertEqual((ended.returncode, ended.stderr.count(b"\n")), (1, 1))
        self.assertEqual(server.request.json["messages"], MESSAGES)

    def test_call_explains_what_is_wrong(self) -> None:
        self.serving()
        for line, expected in (
            ("embeddings.create model", "model: expected NAME=VALUE"),
            ("embeddings.create =x", "it takes input, model"),
            ("embeddings.create model=m", "input"),
            ("files.create purpose=p file=requests.jsonl", "file: "),
            ("xyzzy --help", "'xyzzy'; call --list shows all"),
        ):
            with self.subTest(line):
                self.assertIn(expected, self.refused("call", *line.split()))

    def test_interfaces_are_described(self) -> None:
        *lines, last = self.printed("call", "--list").splitlines()
        self.assertEqual(lines, sorted(lines))
        self.assertIn("files.create(file=@, upload_detail, *purpose, knowledge_id, sentence_size)", lines)
        self.assertRegex(last, r"^# \* is required, =@ a file: NAME=@PATH\..* timeout")
        text = self.printed("call", "-h", "embeddings.create")
        self.assertRegex(text, r"^embeddings.create\(\*input, \*model, dimensions, .*\)\n\nEmbeddings\. .*\n")
        self.assertIn(last[2:], text)
        self.assertRegex(self.printed("call", "chat.completions.create", "-h"), "\n`thinking`: ")  # not indented
        self.assertEqual(self.printed("call", "--help"), self.printed("call", "--list"))

    # --- on a terminal

    def terminal(self, *arguments: str) -> tuple[Any, int]:
        """The module started on a terminal of its own: its process, and our end of the terminal."""
        if not hasattr(os, "openpty"):
            self.skipTest("needs a pseudo-terminal")
        ours, theirs = os.openpty()
        self.addCleanup(os.close, ours)
        command = python("-X", "utf8", MODULE, *arguments)
        process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, ours

    def shown(self, descriptor: int, mark: str | None = None) -> str:
        """What the terminal shows until the mark appears, or until its process ended."""
        data, more = b"", b"more"
        with contextlib.suppress(OSError):  # Linux: the other end is closed
            while more and (mark is None or mark.encode() not in data):
                if not select.select([descriptor], [], [], PATIENCE)[0]:
                    raise AssertionError(f"the terminal shows only {data!r}")
                more = os.read(descriptor, 65536)
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
            self.assertRegex(self.shown(terminal), r"\r1\.0 of .*\r3\.0 of 3\.0 MB\r\n")
            self.assertEqual(process.wait(PATIENCE), 0)

    def test_pieces_are_shown_as_they_come_and_control_c_ends_with_130(self) -> None:
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

    def test_conversation_dims_thinking_and_drops_escapes(self) -> None:
        server = self.serving()
        server.stream(THOUGHT, THOUGHT, chunk("答\x1b[2J案"), DONE)
        server.answer(error_body("1113", "欠费"), 429)
        server.stream(chunk("回答三"), DONE)
        process, terminal = self.terminal("chat")
        for question, shown in (
            ("问题一", "\x1b[2m想一想\x1b[0m\x1b[2m想一想\x1b[0m\r\n答\\x1b[2J案\r\n"),
            (" \n问题二", "欠费"),
            ("问题三", "回答三"),
        ):
            os.write(terminal, f"{question}\n".encode())
            self.shown(terminal, shown)
        os.write(terminal, b"\x04")
        self.assertEqual(process.wait(PATIENCE), 0)
        said = [message["content"] for message in server.request.json["messages"]]
        self.assertEqual(said, ["问题一", "答\x1b[2J案", "问题三"])


class DoctorTest(CommandTestCase):
    def platform(self, ahead: float = 0, status: int = 401, **options: Any) -> Server:
        """A server that knows the time and refuses everything else, as the platform does without a key."""
        server = self.serving(**options)
        date = email.utils.formatdate(time.time() + ahead, usegmt=True)
        server.default = lambda request: answer(error_body("1001"), status, {"Date": date})
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
            self.assertEqual(re.findall("^(.) ([^:]+): .*\n", text, re.M), [("+", name) for name in expected])
            self.assertRegex(text, rf"network: {re.escape(server.url)}.* \d+ ms\n")
            self.assertIn(ssl.OPENSSL_VERSION, text)
            self.assertEqual((len(server.requests), server.request.method), (1, "GET"))
            self.assertNotIn("authorization", server.request.headers)

    def test_what_is_wrong_is_found_and_no_secret_shown(self) -> None:
        for variable, value, check, expected in (
            ("ZHIPUAI_API_KEY", "", "key", "https://"),
            ("ZHIPUAI_API_KEY", "sesame.open please", "key", "white space"),
            ("ZHIPUAI_BASE_URL", KEY, "network", "ZHIPUAI_BASE_URL"),
            ("ZHIPUAI_BASE_URL", "http://user:sesame@127.0.0.1:port/", "network", "ZHIPUAI_BASE_URL"),
            ("ZHIPUAI_BASE_URL", "http://platform.test/", "network", "platform.test.*HTTPS_PROXY"),
            ("SSL_CERT_FILE", "/no/such/file", "CA", "SSL_CERT_FILE"),
            ("http_proxy", "socks5://user:sesame@127.0.0.1:1", "network", "socks5"),
        ):
            with self.subTest(variable, value=value), mock.patch.dict(os.environ):
                self.platform()
                os.environ[variable] = value
                self.assertRegex(self.ill(check), expected)

    def test_network_and_clock(self) -> None:
        self.platform().greeting = [CLOSE]
        self.assertIn("Connection error", self.ill("network"))
        self.platform(tls=server_context())
        self.assertIn("SSL_CERT_FILE", self.ill("network"))
        os.environ["SSL_CERT_FILE"] = self.file("ca.pem", CA_PEM)
        for tls, variable in (server_context(), "https_proxy"), (None, "http_proxy"):
            proxy = self.proxy(self.platform(3600, tls=tls), "user:sesame")
            os.environ[variable] = f"http://user:sesame@{proxy.address}"
            status, found = self.doctor()
            self.assertEqual((status, found["clock"][0]), (0, False), found)  # whose error the client makes up for
            self.assertRegex(found["clock"][1], r"-3[56]\d\d s")
            self.assertIn(proxy.address, found["proxy"][1])
            self.assertIn("ca.pem, 1 certificates", found["CA"][1])
            os.environ[variable] = f"http://user:wrong@{proxy.address}"
            self.assertRegex(self.ill("network"), "407.*HTTPS_PROXY.*password")

    def test_works_without_key_and_network_in_c_locale(self) -> None:
        ended = self.run_python(MODULE, "doctor", env={**C_LOCALE, "ZHIPUAI_BASE_URL": "http://127.0.0.1:1/"})
        self.assertEqual((ended.returncode, ended.stderr), (1, b""))
        found = re.findall("^(.) ([^:]+): ", ended.stdout.decode("ascii"), re.M)
        self.assertEqual(",".join(map(" ".join, found)), "+ Python,+ CA,x key,+ proxy,x network,+ round trip")


# ======================================================================================================================
# README.md
# ======================================================================================================================


class ReadmeTest(CommandTestCase):
    """What README.md says. Its Python blocks run with the names of the first two."""

    def setUp(self) -> None:
        super().setUp()
        path = pathlib.Path(MODULE).parent / "README.md"
        if not path.exists():
            self.skipTest("there is no README here")
        self.text = path.read_bytes().decode()
        self.chinese, self.english, self.appendix = re.split("(?m)^## (?:English|附录).*$", self.text)
        self.server, self.uploaded, self.results = self.serving(), b"", b""
        self.server.default = self.platform
        os.environ["PYTHONPATH"] = str(path.parent)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.enter(tempfile.TemporaryDirectory()))
        pathlib.Path("company-ca.pem").write_text(CA_PEM)
        pathlib.Path("requests.jsonl").write_text("{}\n")

    def platform(self, request: Request) -> list[Step]:
        """Answers what the README asks for; a batch does what the uploaded file says."""
        what = f"{request.method} {request.path[len('/api/paas/v4/') :]}"
        if what == "POST files":
            self.uploaded = parse_form(request)[-1].content
        if what == "POST batches":
            for line in map(json.loads, self.uploaded.splitlines()):
                assert (line["method"], line["url"]) == ("POST", "/v4/chat/completions"), line
                line["response"] = {"body": self.chat(line["body"])}
                self.results += _json(line) + b"\n"
        file, batch = {"id": "uploaded", "filename": "uploaded.jsonl"}, {"id": "b", "object": "batch"}
        completed = {**batch, "status": "completed", "output_file_id": "output", "error_file_id": "errors"}
        answers: dict[str, Any] = {
            "POST files": file,
            "GET files": {"data": [file], "has_more": False},
            "GET files/output/content": self.results,
            "POST batches": {**batch, "status": "validating"},
            "GET batches/b": completed,
            "POST embeddings": {"data": [{"index": 0, "embedding": [0.5]}]},
            "GET models": {"data": [{"id": "glm-4-flash"}]},
        }
        found = self.chat(request.json) if what == "POST chat/completions" else answers.get(what, b"RIFF")
        return found if isinstance(found, list) else answer(found)

    def chat(self, body: Any) -> Any:
        if body["model"] == "no-such-model":
            return answer(error_body("1211", "模型不存在"), status=400)
        if body.get("stream"):
            return stream(chunk("你"), chunk("好"), chunk("", "stop", usage={"total_tokens": 9}), DONE)
        question = body["messages"][-1]
        if "tools" in body and question["role"] == "user":
            function = {"name": "get_weather", "arguments": '{"city": "Beijing"}'}
            message = {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": function}]}
            return completion(choices=[{"index": 0, "message": message}])
        return completion("关于「{}」的回答".format(question["content"]))

    def blocks(self, mark: str = "") -> list[str]:
        """The Python blocks that have this mark before them."""
        found = re.findall(r"(?ms)^(?:<!-- ([\w: ]+) -->\n\n)?```python\n(.*?)^```$", self.chinese)
        return [block for marked, block in found if marked == mark]

    def run_block(self, block: str, names: dict[str, Any]) -> str:
        """What the block prints."""
        with contextlib.redirect_stdout(io.StringIO()) as output:
            self.execute(block, names)
        return output.getvalue()

    def test_size_and_figures(self) -> None:
        self.assertLessEqual(len(self.text.encode()), 26_000)
        self.assertIn(f"\npkgver={zhipuai_lite.__version__}\n", self.text)
        client = AsyncZhipuAI()
        for half, retries in ((self.chinese, "默认最多 {} 次"), (self.english, "Retries: {} by default")):
            self.assertIn(f"`max_connections={client.max_connections}`", half)
            self.assertIn(retries.format(client.max_retries), half)

    def test_code_stands_in_both_halves_or_once(self) -> None:
        chinese, english = (re.findall("(?ms)^```.*?^```$", half) for half in (self.chinese, self.english))
        self.assertEqual([block for block in chinese if block in english], english)
        self.assertGreater(len(english), 4)

    def test_english_half_holds_no_chinese_but_code_and_links(self) -> None:
        prose = re.sub("(?ms)^```.*?^```$|`[^`\n]*`|\\]\\([^)]*\\)", "", self.english)
        self.assertEqual(re.findall("[\u3000-\u9fff].*", prose), [])

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
            with self.subTest(block):
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
        self.assertEqual([self.run_python("-c", block).stdout.split() for block in self.blocks("alone")], [[b"True"]])

    def test_serverless_handler_survives_a_freeze(self) -> None:
        names: dict[str, Any] = {}
        (block,) = (block for block in self.blocks() if "def handler(event, context)" in block)
        self.run_block(block, names)
        clock, event = self.at(time.time()), {"question": "你好"}
        for each in (event, _json(event)):
            self.assertEqual(names["handler"](each, None), {"statusCode": 200, "body": "关于「你好」的回答"})
            self.server.drop_connections()
            clock.return_value += 7200
        self.assertEqual(len({request.token for request in self.server.requests}), 2)
        self.server.answer({}, 500)
        self.assertEqual(names["handler"](event, None)["statusCode"], 502)

    def test_commands_run(self) -> None:
        lines = re.findall("(?m)^python3 zhipuai_lite.py (.*)$", self.chinese)
        self.assertGreater(len(lines), 5)
        for line in lines:
            with self.subTest(line):
                self.assertTrue(self.process(*line.split()))

    def test_interfaces_do_what_is_listed(self) -> None:
        listed = re.findall(r"(?m)^([\w.]+)\((.*)\)$", self.printed("call", "--list"))
        self.assertIn(f"{len(listed)} 个接口", self.chinese)
        self.assertRegex(self.english, rf"{len(listed)}\s+interfaces")
        client = self.client(self.server)
        self.server.default = lambda request: answer({"data": [], "has_more": False})
        kinds = zhipuai_lite.Stream, zhipuai_lite.SyncCursorPage, zhipuai_lite.BinaryResponse
        found: list[set[str]] = [set() for _ in kinds]
        for name, parameters in listed:
            needed = re.findall(r"\*\w+=?|\w+=", parameters)
            values: dict[str, Any] = {each.strip("*="): b"x" if "=" in each else "x" for each in needed}
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
        self.assertEqual(len(rows), 9)
        client = self.client(self.server)
        for status, name, official in rows:
            self.server.answer({}, int(status))
            with self.assertRaises(getattr(zhipuai_lite, official or name)) as caught:
                ask(client)
            self.assertIs(type(caught.exception), getattr(zhipuai_lite, name))

    def test_codes_are_retried_as_listed(self) -> None:
        rows = re.findall(r"(?m)^\| (`\d{4}`[` \d]*) \|.*\| *(✓?) *\|$", self.appendix)
        ticked = {code for codes, mark in rows if mark for code in re.findall(r"\d+", codes)}
        client = self.client(self.server, max_retries=1)
        for code in map(str, [*range(1000, 1400), 1701]):
            self.server.requests.clear()
            self.server.answer(error_body(code), 429)
            with contextlib.suppress(zhipuai_lite.RateLimitError):
                ask(client)
            self.assertEqual(len(self.server.requests), 1 + (code in ticked), code)


# ======================================================================================================================
# The runner
# ======================================================================================================================


class Report(unittest.TestResult):
    """Shows a test's failures when it ends, and counts the tests that failed."""

    def __init__(self, verbose: bool) -> None:
        super().__init__()
        self.verbose = verbose
        self.failed = 0

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self.begun = time.perf_counter()

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        found = self.errors + self.failures
        lines = [f"\nFAILED: {case.id()}\n{text[-20000:]}" for case, text in found]
        if self.verbose:
            lines += [f"skipped: {reason}" for case, reason in self.skipped[-1:] if case is test]
            lines.append(f"{time.perf_counter() - self.begun:7.3f} s  {test.id()}")
        for line in lines:
            print(line, file=sys.stderr, flush=True)
        self.failed += bool(found)
        self.errors.clear()
        self.failures.clear()


def main(arguments: list[str]) -> int:
    faulthandler.dump_traceback_later(600, exit=True)  # the last resort against a test that hangs
    loader, report = unittest.TestLoader(), Report("-v" in arguments)
    loader.testNamePatterns = [f"*{name}*" for name in arguments if name[:1] != "-"] or None
    loader.loadTestsFromModule(sys.modules["__main__"]).run(report)
    faulthandler.cancel_dump_traceback_later()
    passed = report.testsRun - report.failed - len(report.skipped)
    print(f"{passed} passed, {report.failed} failed, {len(report.skipped)} skipped", flush=True)
    return 1 if report.failed or not report.testsRun else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
