#!/usr/bin/env python3
"""How fast `zhipuai_lite` is: against plain `http.client`, and against the official SDK.

    python3 .ci/bench.py                    everything; the first run also installs the official SDK
    python3 .ci/bench.py --quick            about a minute: fewer rounds
    python3 .ci/bench.py --only warm,cold   scenarios whose names contain one of these
    python3 .ci/bench.py --list             the names
    python3 .ci/bench.py --json FILE        every sample and verdict, too

The table for README.md goes to standard output, the verdict on each budget to standard error.

Everything happens on loopback, against a server process that sends bytes built beforehand. Each subject does its rounds
in a process of its own, so that processor time and memory are its own. Rounds interleave (A B C, C B A, A B C ...), and
a ratio is the median of the ratios within one round: a machine that is slow for a second is slow for all.
Needs CPython 3.8; for the rows over TLS, the `openssl` command; for memory, Linux; for the official SDK, pip 22.3.
"""

import argparse
import asyncio
import compileall
import contextlib
import functools
import http.client
import inspect
import itertools
import json
import os
import re
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import namedtuple
from pathlib import Path

# The subjects. FLOOR is the best plain code on http.client and json, THREADS what the asynchronous client has to match.
LITE, FLOOR, PEER = COLUMNS = "zhipuai_lite", "http.client", "zhipuai"
THREADS = "zhipuai_lite in threads"

MODULE = Path(__file__).resolve().parent.parent / "zhipuai_lite.py"
API_KEY = "0123456789abcdef0123456789abcdef.0123456789abcdef"
TEXT = "你好"
BODY = {"model": "glm-4-flash", "messages": [{"role": "user", "content": TEXT}]}
HEADERS = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}
MIB = 1024 * 1024
FILE_SIZE = 256 * MIB


# --- the server: raw sockets, a thread a connection. The path /PAGE/NUMBER/... is answered by the function PAGE below.

NETWORK_BLOCK = 16 * 1024  # bytes: what a proxy in between makes of many small events
HEAD = (
    "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Mon, 23 Nov 2026 04:52:00 GMT\r\nConnection: keep-alive\r\n"
    "Vary: Accept-Encoding\r\nX-LOG-ID: 20261123045200abcdef0123456789\r\nContent-Type: "
)
STREAM_HEAD = f"{HEAD}text/event-stream;charset=UTF-8\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
accepted = [0]  # connections so far


def to_json(value):
    return json.dumps(value, ensure_ascii=False).encode()


def plain(value):
    body = to_json(value)
    return [f"{HEAD}application/json; charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body]


def completion(choice, **fields):
    start = {"id": "20261123045200abcdef0123456789", "created": 1795409520, "model": "glm-4-flash"}
    return {**start, "choices": [{"index": 0, **choice}], **fields}


def event(content, **choice):
    return b"data: " + to_json(completion({"delta": {"role": "assistant", "content": content}, **choice})) + b"\n\n"


def http_chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


MESSAGE = {"role": "assistant", "content": TEXT}
USAGE = {"prompt_tokens": 6, "completion_tokens": 2, "total_tokens": 8}
ANSWER = plain(completion({"finish_reason": "stop", "message": MESSAGE}, usage=USAGE))
LAST_EVENTS = event("", finish_reason="stop") + b"data: [DONE]\n\n"


def answer(milliseconds):
    if milliseconds:
        time.sleep(milliseconds / 1000)
    return ANSWER


def packets(events, pause=0.0003):  # the reader has taken one before the next is sent
    """Each event's content is the time it was sent at: perf_counter() is one clock for all processes."""
    yield STREAM_HEAD
    for _ in range(events):
        yield http_chunk(event(repr(time.perf_counter())))
        time.sleep(pause)
    yield http_chunk(LAST_EVENTS) + http_chunk(b"")


def paced(events):
    return packets(events, pause=0.05)  # what a model does


@functools.lru_cache(maxsize=None)
def coalesced(events):
    """A whole stream at once, in blocks that end in the middle of lines and characters."""
    body = event(TEXT) * events + LAST_EVENTS
    blocks = (body[start : start + NETWORK_BLOCK] for start in range(0, len(body), NETWORK_BLOCK))
    return [STREAM_HEAD + b"".join(map(http_chunk, blocks)) + http_chunk(b"")]


def upload(size):
    return plain({"id": "file-1", "object": "file", "bytes": size, "filename": "upload", "purpose": "batch"})


def download(size):
    yield f"{HEAD}application/octet-stream\r\nContent-Length: {size}\r\n\r\n".encode()
    yield from itertools.repeat(bytes(MIB), size // MIB)


def read_request(connection):
    """The path that is asked for, once the request is read to its end; empty when the client has left."""
    data = b""
    while b"\r\n\r\n" not in data:
        received = connection.recv(64 * 1024)
        if not received:
            return ""
        data += received
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    remaining = int(length[1]) - len(body) if length else 0
    while remaining > 0:
        remaining -= len(connection.recv(min(remaining, MIB))) or remaining
    return head.split(b" ", 2)[1].decode()


def serve_connection(connection, context):
    with contextlib.suppress(OSError):  # the client may leave whenever it likes
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        for path in iter(functools.partial(read_request, connection), ""):
            _, page, number, _ = path.split("/", 3)
            for data in globals()[page](int(number)):
                connection.sendall(data)
    connection.close()


def accept_forever(listener, context):
    while True:
        connection, _ = listener.accept()
        accepted[0] += 1
        threading.Thread(target=serve_connection, args=(connection, context), daemon=True).start()


def serve(certificate):
    """The server's process: says its ports in one line, and then for each line how many connections there were."""
    contexts = {"http": None}
    if certificate:
        contexts["https"] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts["https"].load_cert_chain(certificate)
    ports = {}
    for scheme, context in contexts.items():
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        ports[scheme] = listener.getsockname()[1]
        threading.Thread(target=accept_forever, args=(listener, context), daemon=True).start()
    print(json.dumps(ports), flush=True)
    for _ in sys.stdin:
        print(accepted[0], flush=True)


# --- the clients that are compared, with the same verbs


class Floor:
    """What any client on http.client and json has to do, and nothing else; for one thread."""

    def __init__(self, base):
        scheme, _, rest = base.partition("://")
        host, _, path = rest.partition("/")
        connection = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
        self.connection = connection(host, timeout=300, blocksize=256 * 1024)
        self.path = "/" + path

    def request(self, method, path, body=None, **headers):
        self.connection.request(method, self.path + path, body, {**HEADERS, **headers})
        response = self.connection.getresponse()
        if response.status != 200:
            raise OSError(f"status {response.status}")
        return response

    def call(self):
        response = self.request("POST", "/chat/completions", json.dumps(BODY).encode())
        return json.loads(response.read())["choices"][0]["message"]["content"]

    def stream(self):
        response = self.request("POST", "/chat/completions", json.dumps({**BODY, "stream": True}).encode())
        rest = b""
        for data in iter(response.read1, b""):
            lines, _, rest = (rest + data).rpartition(b"\n")
            for line in lines.decode().split("\n"):
                if line.startswith("data: ") and line != "data: [DONE]":
                    yield json.loads(line[6:])["choices"][0]["delta"]["content"]

    def upload(self, path):  # without the few lines of a multipart form around it
        with open(path, "rb") as file:
            self.request("POST", "/files", file, **{"Content-Length": str(os.path.getsize(path))}).read()

    def download(self, path):
        with open(path, "wb", buffering=0) as file:
            shutil.copyfileobj(self.request("GET", "/files/file-1/content"), file, 256 * 1024)


class Sdk:
    """A client with the official SDK's call shape; threads share it."""

    def __init__(self, base, module, name="ZhipuAI"):
        self.client = getattr(__import__(module), name)(api_key=API_KEY, base_url=base)
        self.create = self.client.chat.completions.create

    def call(self):
        return self.create(**BODY).choices[0].message.content

    def stream(self):
        for chunk in self.create(**BODY, stream=True):
            yield chunk.choices[0].delta.content

    def upload(self, path):
        with open(path, "rb") as file:
            self.client.files.create(file=file, purpose="batch")

    def download(self, path):
        self.client.files.content("file-1").write_to_file(path)

    async def texts(self, calls):
        """Of an asynchronous client: what so many calls answer; none: the stream's texts."""
        for _ in range(calls):
            yield (await self.create(**BODY)).choices[0].message.content
        if not calls:
            async for chunk in await self.create(**BODY, stream=True):
                yield chunk.choices[0].delta.content


# --- the rounds: what a subject's process can be asked for. Every one checks what it was given.


def peak_memory():
    """The most bytes that this process has had in memory."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024


def repeated(work, count):
    """Median seconds, and mean processor seconds, of doing `work` so many times."""
    seconds = []
    processor = time.process_time()
    for _ in range(count):
        start = time.perf_counter()
        text = work()
        seconds.append(time.perf_counter() - start)
        assert text == TEXT, text
    return {"latency": statistics.median(seconds), "cpu": (time.process_time() - processor) / count}


def of_all(received, wall, count):
    """Of texts and when they came: those that are not TEXT say when they were sent."""
    delays = [moment - float(text) for moment, text in received if text not in (TEXT, "")]
    assert sum(text != "" for _, text in received) == count, "chunks are missing"
    return {"wall": wall, "rate": count / wall, "prompt": sum(delay <= 0.05 for delay in delays) / count * 100}


class Rounds:
    def __init__(self, subject):
        self.module = subject.split()[0]
        self.clients = {}

    def make(self, base):
        return Floor(base) if self.module == FLOOR else Sdk(base, self.module)

    def share(self, base, count=1):
        """The clients for so many threads, the same ones every time."""
        clients = self.clients.setdefault(base, [])
        while len(clients) < count:
            clients.append(clients[0] if clients and self.module != FLOOR else self.make(base))
        return clients[:count]

    def fresh(self, base, count):
        return repeated(lambda: self.make(base).call(), count)

    def calls(self, base, count):
        return repeated(self.share(base)[0].call, count)

    def chunks(self, base, chunks):
        """One stream. Its rate is that of the reader alone: waiting for the server does not count."""
        client = self.share(base)[0]
        processor = time.process_time()
        received = sum(text != "" for text in client.stream())
        processor = time.process_time() - processor
        assert received == chunks, received
        return {"rate": chunks / processor, "cpu": processor / chunks}

    def transfer(self, base, verb, path):
        """A file up or down."""
        client = self.share(base)[0]
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew at what is in use now
        memory, start = peak_memory(), time.perf_counter()
        getattr(client, verb)(path)
        seconds = time.perf_counter() - start
        assert os.path.getsize(path) == FILE_SIZE
        return {"rate": FILE_SIZE / seconds, "memory": peak_memory() - memory}

    def threads(self, base, workers, calls=0, chunks=0):
        """So many calls, or one stream of so many chunks, in each of the threads."""
        received = []

        def work(client):
            texts = (client.call() for _ in range(calls)) if calls else client.stream()
            received.extend([(time.perf_counter(), text) for text in texts])

        threads = [threading.Thread(target=work, args=(client,)) for client in self.share(base, workers)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return of_all(received, time.perf_counter() - start, workers * (calls or chunks))

    def tasks(self, base, workers, calls=0, chunks=0):
        """The same in tasks of one loop, and the longest time that the loop did not come round."""
        received = []
        pauses = []

        async def work(sdk):
            received.extend([(time.perf_counter(), text) async for text in sdk.texts(calls)])

        async def watch():
            while True:
                start = time.perf_counter()
                await asyncio.sleep(0.002)
                pauses.append(time.perf_counter() - start)

        async def main():
            sdk = Sdk(base, self.module, "AsyncZhipuAI")
            async with sdk.client:
                watcher = asyncio.ensure_future(watch())
                start = time.perf_counter()
                await asyncio.gather(*(work(sdk) for _ in range(workers)))
                watcher.cancel()
                return time.perf_counter() - start

        wall = asyncio.run(main())
        return {**of_all(received, wall, workers * (calls or chunks)), "pause": max(pauses, default=wall)}


def work_as(subject):
    """A subject's process: does the rounds that it is told to, one line of JSON in, one out."""
    rounds = Rounds(subject)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            result = getattr(rounds, request.pop("measure"))(**request)
        except Exception as failure:
            result = {"failure": repr(failure)}
        print(json.dumps(result), flush=True)


# --- what is on disk, and the processes


class Stage:
    """A temporary directory with what the subjects need, and the server."""

    def __init__(self):
        import recipes  # beside this file: has virtual environments below the temporary directory

        self.directory = Path(tempfile.mkdtemp(prefix="zhipuai_lite-bench-"))
        self.python = recipes.environment("bench")
        missing = recipes.install(self.python, "zhipuai sniffio")  # which it imports and does not declare
        self.notes = [f"{PEER} is left out: {missing}"] if missing else []
        self.has_peer = not missing
        self.write_modules()
        self.server = self.start(f"bench.serve({self.make_certificate()!r})")
        self.ports = json.loads(self.server.stdout.readline())

    def write_modules(self):
        sources, compiled = self.directory / "sources", self.directory / "compiled"
        sources.mkdir()
        shutil.copy(str(MODULE), str(sources))
        shutil.copytree(sources, compiled)
        shutil.copy(__file__, str(compiled))
        head = f"import http.client, json, os, shutil\nBODY, HEADERS = {BODY!r}, {HEADERS!r}\n\n"
        (compiled / "bench_floor.py").write_text(head + inspect.getsource(Floor), encoding="utf-8")
        compileall.compile_dir(compiled, quiet=1)

    def make_certificate(self):
        """The server's, with its key. The subjects trust it, and those that this system trusts, as in real life."""
        path = str(self.directory / "server.pem")
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path, "-out", path]
        with open(ssl.get_default_verify_paths().cafile or os.devnull, encoding="utf-8", errors="replace") as file:
            trusted = file.read()
        if shutil.which("openssl"):
            names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
            subprocess.run([*command, *names], stderr=subprocess.DEVNULL, check=True)
            trusted += Path(path).read_text()
        else:
            self.notes.append("no rows over TLS: there is no openssl")
            path = ""
        (self.directory / "bundle.pem").write_text(trusted, encoding="utf-8")
        return path

    def options(self):
        elsewhere = re.compile(r"(?i).*_proxy$|^(SSL_CERT_|PYTHON|ZHIPUAI_|ZAI_)")
        variables = {name: value for name, value in os.environ.items() if not elsewhere.match(name)}
        variables.update(PYTHONPATH=str(self.directory / "compiled"), PYTHONDONTWRITEBYTECODE="1")
        variables.update(SSL_CERT_FILE=str(self.directory / "bundle.pem"))
        return {"env": variables, "cwd": str(self.directory), "stdout": subprocess.PIPE, "encoding": "utf-8"}

    def start(self, code):
        """A process that does something of this file, until its standard input ends."""
        command = [self.python, "-c", "import bench; " + code]
        return subprocess.Popen(command, stdin=subprocess.PIPE, **self.options())

    def base(self, page, number=0, scheme="http"):
        return f"{scheme}://127.0.0.1:{self.ports[scheme]}/{page}/{number}"

    def connections(self):
        print(file=self.server.stdin, flush=True)
        return int(self.server.stdout.readline())

    def close(self):
        self.server.communicate()
        shutil.rmtree(self.directory, ignore_errors=True)


class Subject:
    """Runs one subject: rounds in a process that stays, or short programs."""

    def __init__(self, name, stage):
        self.name, self.stage = name, stage
        self.process = stage.start(f"bench.work_as({name!r})")

    def ask(self, measure, base, **arguments):
        """One round, in the subject's process."""
        print(json.dumps({"measure": measure, "base": base, **arguments}), file=self.process.stdin, flush=True)
        watchdog = threading.Timer(60, self.process.kill)
        watchdog.start()
        result = json.loads(self.process.stdout.readline() or '{"failure": "it ended, or took longer than 60 s"}')
        watchdog.cancel()
        if "failure" in result:
            raise RuntimeError(result["failure"])
        return result

    def program(self, code):
        """What a short program prints."""
        command, options = [self.stage.python, "-c", code], self.stage.options()
        return subprocess.run(command, timeout=60, check=True, **options).stdout


# --- the scenarios


# Its budgets are limits of the ratios to subjects; that of LITE: of the value itself.
Row = namedtuple("Row", "title metric unit budgets")


def ask(measure, page, scheme="http", **arguments):
    """A round in the subject's process."""
    number = arguments.get("chunks", 0)
    return lambda subject: subject.ask(measure, subject.stage.base(page, number, scheme), **arguments)


def compared(round_of):
    return dict.fromkeys(COLUMNS, round_of)


def concurrent(page, workers, others=(THREADS, PEER), **each):
    in_threads = ask("threads", page, workers=workers, **each)
    return {LITE: ask("tasks", page, workers=workers, **each), **dict.fromkeys(others, in_threads)}


def import_time(subject, modules="compiled"):
    imports = "import urllib.request, json, hmac, hashlib, ssl"
    if subject.name != FLOOR:
        imports = f"from {subject.name} import ZhipuAI"
    code = f"import sys, time\nsys.path.insert(0, {str(subject.stage.directory / modules)!r})\n"
    code += f"start = time.process_time()\n{imports}\nprint(time.process_time() - start)\n"
    return {"seconds": float(subject.program(code))}


def cold_start(subject):
    """What a user would write, from the start of the process to the text of the answer."""
    base = subject.stage.base("answer")
    code = f"from bench_floor import Floor\ntext = Floor({base!r}).call()\n"
    if subject.name != FLOOR:
        code = f"from {subject.name} import ZhipuAI\nclient = ZhipuAI(api_key={API_KEY!r}, base_url={base!r})\n"
        code += f"text = client.chat.completions.create(**{BODY!r}).choices[0].message.content\n"
    start = time.perf_counter()
    moment, text = subject.program(code + "import time\nprint(time.perf_counter(), ascii(text))\n").split()
    assert text == ascii(TEXT), text
    return {"seconds": float(moment) - start}


def transfer(subject, verb):
    subject.ask("calls", subject.stage.base("answer"), count=3)  # what is made late is no part of a transfer
    path = subject.stage.directory / verb
    with open(path, "wb") as file:
        file.truncate(FILE_SIZE)
    found = subject.ask("transfer", subject.stage.base(verb, FILE_SIZE), verb=verb, path=str(path))
    path.unlink()  # before the disk is busy with it
    return found


def connections_opened(subject):
    """Bursts of calls, between which every connection is idle."""
    before = subject.stage.connections()
    for _ in range(30):
        subject.ask("threads", subject.stage.base("answer", 20), workers=32, calls=1)
    return {"connections": subject.stage.connections() - before}


def bytes_installed(subject):
    files = [MODULE]
    if subject.name == PEER:
        files = Path(subject.stage.python).parents[1].glob("**/site-packages/**/*")
    return {"bytes": sum(path.stat().st_size for path in files if path.is_file() and path.suffix != ".pyc")}


# By name: how each subject does a round, and the rows that come of it. Those of ONCE do one round, the others seven
# (--quick: two) and one before them that does not count.
ONCE = ("connections", "bytes")
# fmt: off
SCENARIOS = {
    "import": (compared(import_time),
        Row("import, bytecode cached", "seconds", "s", {FLOOR: 1.3})),
    "import-uncached": (dict.fromkeys([LITE, FLOOR], functools.partial(import_time, modules="sources")),
        Row("import, without bytecode", "seconds", "s", {FLOOR: 2.2})),
    "cold": (compared(cold_start),
        Row("process start to first answer, HTTP", "seconds", "s", {FLOOR: 1.25, PEER: 0.22})),
    "fresh-https": (compared(ask("fresh", "answer", "https", count=5)),
        Row("new client and one call, HTTPS, running process", "latency", "s", {})),
    "warm-http": (compared(ask("calls", "answer", count=300)),
        Row("warm call, HTTP: latency", "latency", "s", {FLOOR: 1.5, PEER: 0.20}),
        Row("warm call, HTTP: CPU", "cpu", "s", {FLOOR: 1.5, PEER: 0.20})),
    "warm-https": (compared(ask("calls", "answer", "https", count=300)),
        Row("warm call, HTTPS: latency", "latency", "s", {FLOOR: 1.5, PEER: 0.20})),
    "stream-packets": (compared(ask("chunks", "packets", chunks=400)),
        Row("stream, one event a packet: CPU per chunk", "cpu", "s", {FLOOR: 1.5, PEER: 0.05})),
    "stream-coalesced": (compared(ask("chunks", "coalesced", chunks=10000)),
        Row("stream, events coalesced: by CPU time", "rate", "/s", {FLOOR: 0.6})),
    "upload": (compared(functools.partial(transfer, verb="upload")),
        Row("upload of 256 MiB: extra memory", "memory", "B", {LITE: 4 * MIB}),
        Row("upload of 256 MiB: throughput", "rate", "B/s", {})),
    "download": (compared(functools.partial(transfer, verb="download")),
        Row("download of 256 MiB: extra memory", "memory", "B", {LITE: 4 * MIB}),
        Row("download of 256 MiB: throughput", "rate", "B/s", {})),
    "connections": (compared(connections_opened),
        Row("32 threads, bursts of 32 calls: connections", "connections", "", {LITE: 32})),
    "async-paced": (concurrent("paced", 200, [THREADS], chunks=40),
        Row("asyncio, 200 streams, 20 events/s, 2 s: wall time", "wall", "s", {THREADS: 1.05}),
        Row("asyncio, 200 streams, 20 events/s: events within 50 ms", "prompt", " %", {LITE: 99}),
        Row("asyncio, 200 streams, 20 events/s: longest pause of the loop", "pause", "s", {LITE: 0.1})),
    "async-streams": (concurrent("coalesced", 200, chunks=100),
        Row("asyncio, 200 streams at full speed: chunks", "rate", "/s", {THREADS: 0.45})),
    "async-calls": (concurrent("answer", 32, calls=20),
        Row("asyncio, 32 concurrent callers: calls", "rate", "/s", {PEER: 2.0})),
    "bytes": (dict.fromkeys([LITE, PEER], bytes_installed),
        Row("bytes, all dependencies", "bytes", "", {LITE: 165000})),
}
# fmt: on


# --- the run and the report


def run_scenario(name, stage, rounds):
    """By subject, the metrics of each round."""
    print("#", name, file=sys.stderr, flush=True)
    round_of = SCENARIOS[name][0]
    subjects = [Subject(subject, stage) for subject in round_of if subject != PEER or stage.has_peer]
    samples = {subject: [] for subject in (*COLUMNS, THREADS)}
    for _ in range(1 if name in ONCE else 1 + rounds):
        for subject in list(subjects):
            try:
                samples[subject.name].append(round_of[subject.name](subject))
            except Exception as failure:  # noqa: PERF203
                stage.notes.append(f"{subject.name} failed in {name}: {failure}")
                subjects.remove(subject)
        subjects.reverse()
    for subject in subjects:
        subject.process.communicate()
    return samples


def value_of(row, rounds):
    values = [metrics[row.metric] for metrics in rounds if row.metric in metrics]
    if row.unit == "B":
        return max(values, default=None)  # the worst counts
    return statistics.median(values[1:] or values) if values else None


def ratio_of(row, rounds, others):
    """The median of the ratios within one round."""
    ratios = [one[row.metric] / other[row.metric] for one, other in zip(rounds[1:], others[1:])]
    return statistics.median(ratios) if ratios else None


def verdicts_on(row, samples):
    """Each budget that could be measured: whether it is met, and its text. As good as the floor is always enough."""
    for name, limit in row.budgets.items():
        value, unit, times = value_of(row, samples[LITE]), row.unit, ""
        if name != LITE:
            value, unit, times = ratio_of(row, samples[LITE], samples[name]), "", f" × {name}"
            limit = max(limit, (name == PEER and ratio_of(row, samples[FLOOR], samples[name])) or 0)
        if value is not None:
            more_is_better = row.unit in ("/s", " %")
            met, sign = (value >= limit, "≥") if more_is_better else (value <= limit, "≤")
            yield met, f"{row.title}: {shown(value, unit)}{times} ({sign} {shown(limit, unit)})"


UNITS = {"s": {"s": 1, "ms": 1e-3, "µs": 1e-6}, "B": {"GiB": 1024 * MIB, "MiB": MIB, "KiB": 1024}}


def shown(value, unit):
    if value is None:
        return ""
    for name, size in UNITS.get(unit[:1], {}).items():
        if value >= 0.97 * size:
            return f"{value / size:.3g} {name}{unit[1:]}"
    return f"{value:,.0f}{unit}" if value >= 100 else f"{value:.3g}{unit}"


def table(found):
    yield "<!-- bench -->"
    yield f"| CPython 3.{sys.version_info[1]}, {os.cpu_count()} cores | " + " | ".join(f"`{n}`" for n in COLUMNS) + " |"
    yield "| --- | ---: | ---: | ---: |"
    for name, samples in found.items():
        for row in SCENARIOS[name][1:]:
            lite, floor, peer = (shown(value_of(row, samples[subject]), row.unit) for subject in COLUMNS)
            if peer and name.startswith("async"):
                peer += " (threads)"
            yield f"| {row.title} | {lite} | {floor} | {peer} |"
    yield "<!-- /bench -->"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", metavar="NAME[,NAME]", default="")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    names = [name for name in SCENARIOS if any(part in name for part in options.only.split(","))]
    if options.list:
        print(*names, sep="\n")
        return
    stage = Stage()
    try:
        names = [name for name in names if "https" in stage.ports or "https" not in name]
        found = {name: run_scenario(name, stage, 2 if options.quick else 7) for name in names}
    finally:
        stage.close()
    print("\n".join(table(found)), flush=True)
    verdicts = [verdict for name in found for row in SCENARIOS[name][1:] for verdict in verdicts_on(row, found[name])]
    lines = [("ok    " if met else "SHORT ") + text for met, text in verdicts] + ["# " + note for note in stage.notes]
    print(*lines, f"{sum(met for met, _ in verdicts)} of {len(verdicts)} budgets are met", sep="\n", file=sys.stderr)
    if options.json:
        everything = {"verdicts": verdicts, "samples": found}
        Path(options.json).write_text(json.dumps(everything, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
