"""Does code that is not ours run on zhipuai_lite? `python3 .ci/recipes.py [NAME ...]`

Libraries that are written for the official SDK, and the README's recipe for Dask, each in a process of its own against
a scripted platform on the loopback. They are installed into a virtual environment below the temporary directory, which
the next run uses again; what cannot be installed is skipped by name. The last line is `N passed, M failed`; the exit
status is 1 when something failed. Needs pip 22.3.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import re
import subprocess
import sys
import tempfile
import time
import types
import urllib.request

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MODULE = os.path.join(PROJECT, "zhipuai_lite.py")
QUESTION = [{"role": "user", "content": "你好"}]
ANSWER = "你好！"
POOR = "glm-arrears"  # the model that is answered with an error

#: Recipe → what pip is called with. What would bring the official SDK is installed without its dependencies.
RECIPES = {
    "subclass": [],
    "pydantic": ["pydantic"],
    "llama_index": [
        "llama-index-core sniffio",
        "--no-deps llama-index-llms-zhipuai llama-index-embeddings-zhipuai",
    ],
    "vanna": ["vanna"],
    "dask": ["distributed"],
}


# --- the recipes: each runs in the virtual environment, in a process of its own


def install_as_zhipuai():
    """What a program does that wants libraries for the official SDK to use this module."""
    sys.path.insert(0, PROJECT)
    import zhipuai_lite

    zhipuai_lite.install_as_zhipuai()
    return zhipuai_lite


def raised(expected, function, *arguments, **named):
    """The error that the call must end with."""
    try:
        function(*arguments, **named)
    except expected as error:
        return error
    raise AssertionError("no error")


def recipe_subclass():
    """As MetaGPT does: a subclass that sends `_default_headers` by other means, and the official SDK's inner names."""
    module = install_as_zhipuai()
    import json
    from importlib.metadata import version

    import zhipuai
    from zhipuai import ZhipuAI
    from zhipuai.core._http_client import ZHIPUAI_DEFAULT_TIMEOUT
    from zhipuai.types.chat.chat_completion import Completion

    class ZhiPuModelAPI(ZhipuAI):
        def acreate(self, **body):
            url, data = os.environ["ZHIPUAI_BASE_URL"] + "chat/completions", json.dumps(body).encode()
            request = urllib.request.Request(url, data, self._default_headers)
            with urllib.request.urlopen(request, timeout=ZHIPUAI_DEFAULT_TIMEOUT.read) as response:
                return json.load(response)

    client = ZhiPuModelAPI(timeout=ZHIPUAI_DEFAULT_TIMEOUT)
    assert client.acreate(model="glm-4", messages=QUESTION)["choices"][0]["message"]["content"] == ANSWER
    assert isinstance(client.chat.completions.create(model="glm-4", messages=QUESTION), Completion)
    assert zhipuai.ZhipuAI is module.ZhipuAI
    assert version("zhipuai") == "2.1.5.20250825"
    error = raised(zhipuai.core._errors.APIReachLimitError, client.chat.completions.create, model=POOR, messages=[])
    assert error.response.json()["error"]["code"] == "1113"


def recipe_pydantic():
    module = install_as_zhipuai()
    from pydantic import BaseModel, ValidationError

    class Record(BaseModel):
        answer: module.Completion
        messages: list[module.CompletionMessage] = []

    answer = module.ZhipuAI().chat.completions.create(model="glm-4", messages=QUESTION)
    record = Record(answer=answer, messages=[answer.choices[0].message])
    assert record.answer == answer and record.messages[0].content == ANSWER
    assert record.model_dump()["answer"]["choices"][0]["message"]["content"] == ANSWER
    twin = Record.model_validate_json(record.model_dump_json())
    assert twin == record and type(twin.answer.choices[0].message) is module.CompletionMessage
    assert Record.model_json_schema()["properties"]["answer"]["type"] == "object"
    raised(ValidationError, Record, answer="text")


def recipe_llama_index():
    install_as_zhipuai()
    import zhipuai
    from llama_index.core.llms import ChatMessage
    from llama_index.core.tools import FunctionTool
    from llama_index.embeddings.zhipuai import ZhipuAIEmbedding
    from llama_index.llms.zhipuai import ZhipuAI

    def get_weather(city: str) -> str:
        """The weather in a city."""
        return f"{city}: 晴"

    async def astream():
        return "".join([response.delta async for response in await llm.astream_chat(messages)])

    llm = ZhipuAI(model="glm-4", api_key=os.environ["ZHIPUAI_API_KEY"])
    messages = [ChatMessage(role="user", content="你好")]
    assert llm.complete("你好").text == ANSWER
    chat = llm.chat(messages)
    assert (chat.message.content, chat.raw.usage.total_tokens) == (ANSWER, 9)
    assert chat.model_dump()["raw"]["choices"][0]["message"]["content"] == ANSWER
    assert "".join(response.delta for response in llm.stream_chat(messages)) == "你好"
    assert [response.text for response in llm.stream_complete("你好")][-1] == "你好"
    assert asyncio.run(llm.acomplete("你好")).text == ANSWER
    assert asyncio.run(astream()) == "你好"
    called = llm.predict_and_call([FunctionTool.from_defaults(get_weather)], "北京的天气？")
    assert called.response == "北京: 晴", called
    error = raised(zhipuai.APIAuthenticationError, ZhipuAI(model="glm-4", api_key="wrong.key").complete, "你好")
    assert error.status_code == 401
    embedding = ZhipuAIEmbedding(model="embedding-3", api_key=os.environ["ZHIPUAI_API_KEY"])
    assert embedding.get_text_embedding("你好") == [0.1, 0.2]
    assert embedding.get_text_embedding_batch(["你", "好"]) == [[0.1, 0.2]] * 2
    assert asyncio.run(embedding.aget_text_embedding_batch(["你", "好"])) == [[0.1, 0.2]] * 2


def recipe_vanna():
    install_as_zhipuai()
    # chromadb (300 MB) only lends vanna's embedding class its types.
    sys.modules["chromadb"] = chromadb = types.ModuleType("chromadb")
    chromadb.Documents = chromadb.Embeddings = chromadb.EmbeddingFunction = list
    from vanna.legacy.ZhipuAI import ZhipuAI_Chat, ZhipuAI_Embeddings, ZhipuAIEmbeddingFunction

    class Vanna(ZhipuAI_Embeddings, ZhipuAI_Chat):
        def __init__(self, config):
            ZhipuAI_Chat.__init__(self, config=config)
            ZhipuAI_Embeddings.__init__(self, config=config)

    for name in Vanna.__abstractmethods__:
        setattr(Vanna, name, lambda self, *args, **kwargs: [])
    Vanna.__abstractmethods__ = frozenset()
    config = {"api_key": os.environ["ZHIPUAI_API_KEY"], "model": "glm-4"}
    vanna = Vanna(config)
    assert vanna.generate_sql("有多少用户？") == ANSWER
    assert vanna.generate_question("SELECT 1") == ANSWER
    assert vanna.generate_embedding("用户") == [0.1, 0.2]
    assert ZhipuAIEmbeddingFunction(config)(["用户", "订单"]) == [[0.1, 0.2]] * 2


def recipe_dask():
    """The file is sent to the workers; they have no other copy of it."""
    sys.path.insert(0, PROJECT)
    from distributed import Client, LocalCluster

    import zhipuai_lite
    from zhipuai_lite import APIConnectionError, Completion, RateLimitError, ZhipuAI

    own = ZhipuAI(max_retries=0)
    assert own.chat.completions.create(model="glm-4", messages=QUESTION).choices[0].message.content == ANSWER
    sys.path.remove(PROJECT)  # which the workers' processes would inherit
    with LocalCluster(n_workers=2, threads_per_worker=2, dashboard_address=None) as cluster, Client(cluster) as client:
        client.upload_file(MODULE)
        assert zhipuai_lite.ZhipuAI is ZhipuAI, "executed again in this process by the scheduler, it has other classes"
        for path in client.run(lambda: __import__("zhipuai_lite").__file__).values():
            assert not path.startswith(PROJECT), path
        by_workers = client.map(ask_as_worker, ["glm-4"] * 20, pure=False)
        for answer in client.gather(by_workers + client.map(ask, ["glm-4"] * 20, client=own, pure=False)):
            assert isinstance(answer, Completion)
            assert answer.choices[0].message.content == ANSWER
        for future in client.submit(ask_as_worker, POOR), client.submit(ask, POOR, own):
            error = future.exception()
            assert type(error) is RateLimitError, error
            assert (error.status_code, error.code) == (429, "1113")
        unreachable = ZhipuAI(base_url="http://127.0.0.1:9/", max_retries=0)
        assert type(client.submit(ask, "glm-4", unreachable).exception()) is APIConnectionError
        client.run(alias)
        client.upload_file(MODULE)  # again, as people do in a notebook
        assert all(client.run(alias).values())


def ask(model, client):
    return client.chat.completions.create(model=model, messages=QUESTION)


def ask_as_worker(model):
    from distributed import get_worker

    import zhipuai_lite

    worker = get_worker()
    if not hasattr(worker, "zhipuai"):
        worker.zhipuai = zhipuai_lite.ZhipuAI(max_retries=0)
    return ask(model, worker.zhipuai)


def alias():
    import zhipuai_lite

    zhipuai_lite.install_as_zhipuai()
    import zhipuai

    return zhipuai.ZhipuAI is zhipuai_lite.ZhipuAI


# --- the runner


def environment(name: str) -> str:
    """The interpreter of a virtual environment below the temporary directory, which the next run uses again."""
    key = hashlib.sha256(repr((sys.base_prefix, sys.version, RECIPES)).encode()).hexdigest()[:16]
    path = os.path.join(tempfile.gettempdir(), f"zhipuai_lite-{name}-{os.getuid()}-{key}")
    os.makedirs(path, mode=0o700, exist_ok=True)
    if os.stat(path).st_uid != os.getuid():
        raise PermissionError(f"{path} belongs to somebody else")
    python = os.path.join(path, "bin", "python")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", path], check=True)
    return python


def install(python: str, packages: str, seconds: float = 300) -> str:
    """Installs packages, or finds them installed; why it cannot be done, or nothing."""
    mark = os.path.join(os.path.dirname(python), f".installed {packages}")
    if os.path.exists(mark):
        return ""
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", *packages.split()]
    try:
        ended = subprocess.run(pip, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return f"not installed within {seconds:.0f} s"
    if ended.returncode:
        return (ended.stderr.strip() or "pip failed").splitlines()[-1]
    with open(mark, "w"):
        return ""


def run(python: str, name: str, url: str, key: str) -> str:
    """Runs a recipe; what went wrong, or nothing."""
    elsewhere = re.compile(r"(?i).*_proxy$|^(PYTHON|ZHIPUAI_|ZAI_)")
    variables = {name: value for name, value in os.environ.items() if not elsewhere.match(name)}
    variables.update(ZHIPUAI_API_KEY=key, ZHIPUAI_BASE_URL=url, PYTHONUTF8="1", NO_PROXY="*")
    command = [python, os.path.abspath(__file__), "--run", name]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    try:
        with tempfile.TemporaryDirectory() as folder:
            ended = subprocess.run(command, cwd=folder, env=variables, timeout=60, check=False, **pipes)
    except subprocess.TimeoutExpired:
        return "it took longer than 60 s"
    return ended.stdout[-5000:] if ended.returncode else ""


def main(names: list[str]) -> int:
    sys.path.insert(0, PROJECT)
    import test_zhipuai_lite as tests

    def respond(request):
        signed, _, signature = request.token.rpartition(".")
        expected = hmac.new(tests.KEY.partition(".")[2].encode(), signed.encode(), "sha256").digest()
        if base64.urlsafe_b64decode(signature + "==") != expected:
            return tests.answer(tests.error_body("1002", "Authorization Token非法"), 401)
        body = request.json if request.body else {}
        if body.get("model") == POOR:
            return tests.answer(tests.error_body("1113", "您的账户已欠费"), 429)
        if body.get("stream"):
            return tests.stream(tests.chunk("你"), tests.chunk("好", "stop"), tests.DONE)
        if body.get("tools"):
            function = {"name": "get_weather", "arguments": '{"city": "北京"}'}
            message = {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
            return tests.answer(tests.completion(choices=[{"finish_reason": "tool_calls", "message": message}]))
        if "/async/" in request.path:
            return tests.answer({"id": "task", "task_status": "PROCESSING"})
        if request.path.endswith("/embeddings"):
            data = [{"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}]
            return tests.answer({"object": "list", "model": body["model"], "data": data})
        return tests.answer(tests.completion(ANSWER, task_status="SUCCESS"))

    server, python = tests.Server(), environment("recipes")
    server.default = respond
    results = []
    deadline = time.monotonic() + 150  # for installing, so that all ends within three minutes
    for name in names or RECIPES:
        missing = [install(python, packages, max(deadline - time.monotonic(), 1)) for packages in RECIPES[name]]
        if any(missing):
            print(f"skipped {name}: {' '.join(missing)}", flush=True)
            continue
        problem = run(python, name, server.url, tests.KEY)
        results.append(not problem)
        print(f"FAIL {name}\n{problem}" if problem else f"ok {name}", flush=True)
    server.close()
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return int(not all(results))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        globals()[f"recipe_{sys.argv[2]}"]()
    else:
        sys.exit(main(sys.argv[1:]))
