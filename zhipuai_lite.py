# mypy: disable-error-code="empty-body, no-any-return", implicit-optional
# pyright: reportReturnType=false, strictParameterNoneValue=false
"""zhipuai_lite: the Zhipu BigModel (智谱) open platform in one file, with nothing but the standard library.

    from zhipuai_lite import ZhipuAI

    client = ZhipuAI()  # the key comes from the environment: ZHIPUAI_API_KEY
    answer = client.chat.completions.create(model="glm-4-flash", messages=[{"role": "user", "content": "你好"}])
    print(answer.choices[0].message.content)

The same calls as in the official SDK `zhipuai` 2.x; `python3 zhipuai_lite.py --help` shows the command line.

Sections, each readable without those below it: errors, authentication, models, server-sent events, transport, the
client core, endpoints, asyncio by threads, clients, the official SDK's name, command line.

Copyright (c) 2026 the zhipuai_lite authors. SPDX-License-Identifier: MIT. Permission is granted, free of charge, to
deal in this file without restriction, provided that this notice stays in it. There is no warranty of any kind.
"""

from __future__ import annotations

import atexit
import base64
import collections.abc
import contextlib
import functools
import hmac
import http.client
import importlib.machinery
import io
import itertools
import json
import operator
import os
import re
import select
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import weakref

__version__ = "1.0.0"

_code, _before = sys._getframe().f_code, dict(globals())  # for the last lines of this file

TYPE_CHECKING = False  # true for checkers; importing `typing` at run time would cost 10 ms
if TYPE_CHECKING:
    from typing import (
        Any,
        AsyncIterator,
        Awaitable,
        Callable,
        Dict,
        Generic,
        Iterable,
        Iterator,
        List,
        Literal,
        Mapping,
        Protocol,
        Sequence,
        Tuple,
        Type,
        TypeVar,
        Union,
        overload,
    )

    from typing_extensions import Concatenate, ParamSpec, Self, TypedDict, Unpack

    _P = ParamSpec("_P")
    _Streamed = ParamSpec("_Streamed")
    _Either = ParamSpec("_Either")
    _Bool = TypeVar("_Bool")
    _T = TypeVar("_T")
    _Off = Literal[False]
    _On = Literal[True]
    _R_co = TypeVar("_R_co", covariant=True)
    _A_co = TypeVar("_A_co", covariant=True)
    _C = TypeVar("_C")
    _Client = TypeVar("_Client")
    _Dict = Dict[str, Any]
    _Mapping = Mapping[str, Any]
    _Seconds = Union[float, Tuple[Any, Any], Any, None]
    _List = Sequence[Any]
    _Later = Union[_T, None]  # not in the official SDK's class: dumped only when it was sent

    class _Options(TypedDict, total=False):
        """What every interface takes: `extra_body` wins over named parameters; `timeout` None means no limit."""

        extra_headers: _Mapping | None
        extra_body: _Mapping | None
        timeout: _Seconds

else:
    _Client = _T = _Bool = _Off = _On = None
    _Dict = dict

    class Generic:  # stands in for that of `typing`
        def __class_getitem__(cls, item):
            return cls

    _Later = Generic


class NotGiven:
    """The class of `NOT_GIVEN` alone, which stands for a parameter that was not given."""

    def __new__(cls) -> Any:
        return globals().setdefault("NOT_GIVEN", super().__new__(cls))

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "NOT_GIVEN"

    __reduce__ = __repr__


NOT_GIVEN: Any = NotGiven()


# ------------------------------------------------------------------------------------------------------------- Errors


class ZhipuAIError(Exception):
    """The base of all that is raised here, but for `TypeError` and `ValueError` on wrong arguments."""

    def __init__(self, message: Any = "") -> None:
        super().__init__(message)

    def __reduce__(self) -> Any:
        return Exception.__new__, (type(self), *self.args), self.__dict__  # past `__init__`, whose parameters differ


class ConfigurationError(ZhipuAIError, ValueError):
    """A key, a base URL or a proxy setting that no request can be sent with."""


class APIError(ZhipuAIError):
    """A call that failed.

    `code`: the platform's business code as a string, like "1302"; `request_id`: what its support asks for; `body`: the
    parsed answer. Each may be None.
    """

    def __init__(self, message: Any = "", request: Any = None, *, body: Any = None, response: Any = None) -> None:
        self.message = _readable(str(message))
        super().__init__(self.message)
        self.request = getattr(response, "request", request)
        self.body = _cleaned(body)
        self.code = _reason(self.body)[0]
        self.request_id = _request_id(getattr(response, "headers", None), self.body)


class APIStatusError(APIError):
    """An answer whose status is not 2xx. `response` has been read."""

    def __init__(self, message: str, *, response: Any, body: Any = None) -> None:
        super().__init__(message, body=body, response=response)
        self.response = response
        self.status_code: int = response.status_code


class BadRequestError(APIStatusError):
    """400: a wrong parameter, a model that does not exist, content that is refused."""


class AuthenticationError(APIStatusError):
    """401: a wrong key, or an expired token."""


class PermissionDeniedError(APIStatusError):
    """403: the account may not use this interface."""


class NotFoundError(APIStatusError):
    """404."""


class ConflictError(APIStatusError):
    """409."""


class UnprocessableEntityError(APIStatusError):
    """422."""


class RateLimitError(APIStatusError):
    """429: too fast (1302, 1305: retried), or arrears and used-up quotas (not retried)."""


class InternalServerError(APIStatusError):
    """500 and above."""


class APIServerFlowExceedError(InternalServerError):
    """503."""


class APIResponseError(APIError):
    """An answer with a good status that holds an error or cannot be used: `json_data` is what it held."""

    def __init__(self, message: str = "", request: Any = None, json_data: Any = None, *, response: Any = None) -> None:
        super().__init__(message, request, body=json_data, response=response)
        self.json_data = self.body


class APIResponseValidationError(APIResponseError):
    """An answer that is not what the interface answers: HTML of a gateway, broken JSON, nothing at all."""

    def __init__(self, response: Any, json_data: Any = None, *, message: str = None) -> None:
        message = message or "Data returned by API invalid for expected schema."
        super().__init__(message, None, json_data, response=response)
        self.response = response
        self.status_code: int = response.status_code


class APIConnectionError(APIResponseError):
    """The request could not be sent, or the answer broke off; `__cause__` is the reason."""

    def __init__(self, *, message: str = "Connection error.", request: Any = None) -> None:
        super().__init__(message, request)


class APITimeoutError(APIConnectionError):
    """Nothing came within the time limit."""

    def __init__(self, request: Any = None, *, message: str = "Request timed out.") -> None:
        super().__init__(message=message, request=request)


# The official SDK's names.
APIRequestFailedError = BadRequestError
APIAuthenticationError = AuthenticationError
APIReachLimitError = RateLimitError
APIInternalError = InternalServerError

_STATUS_ERRORS = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
    503: APIServerFlowExceedError,
}
# Business codes that go away by waiting; all others with four digits do not, whatever their status is (429 is both).
_TRANSIENT = frozenset("1120 1200 1230 1234 1302 1303 1305 1312 1701 overloaded rate_limit_exceeded".split())
_PERMANENT = "1[0-37]..|1000[12]|invalid_request|insufficient_quota|.*_not_found|context_.*|not_implemented"


def _cleaned(value: Any, secrets: Iterable[str] = ()) -> Any:
    """Text or JSON without secrets that a server repeats, and as UTF-8 can hold it: half surrogates become U+FFFD."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        clean = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        for secret in secrets:
            clean = clean.replace(secret, "***")
        return value if clean == text else json.loads(clean)
    except (TypeError, ValueError, RecursionError):  # no JSON, or nested too deeply
        return value


def _readable(text: str, length: int = 3000) -> str:
    """Text for a message: it can be printed, is not too long, and holds nothing that a terminal would obey."""
    text = _cleaned(text)
    text = text if len(text) <= length else f"{text[:length]}... ({len(text)} characters)"
    return re.sub("[\0-\b\v\f\x0e-\x1f\x7f-\x9f]|\r(?!\n)", lambda found: f"\\x{ord(found.group()):02x}", text)


def _reason(body: Any) -> Tuple[str | None, str | None]:
    """The business code and the message in an error's body, in any of the shapes that the platform uses."""
    if not isinstance(body, dict):
        return None, body if isinstance(body, str) else None
    inner = body.get("error")
    source = inner if isinstance(inner, dict) else body
    code = source.get("code", body.get("code"))
    if code is None and str(source.get("type")).isdigit():  # the Anthropic endpoint
        code = source["type"]
    message = source.get("message") or source.get("msg") or inner
    code = _readable(str(code), 100) if isinstance(code, (str, int)) else None
    return code, message if isinstance(message, str) else None


def _request_id(headers: Any, body: Any) -> str | None:
    """`X-Log-Id` is on every answer and what support asks for; the body's own identifiers are next best."""
    head, inner = (value if hasattr(value, "get") else {} for value in (headers, body))
    found = head.get("x-log-id"), inner.get("request_id"), inner.get("id"), head.get("x-request-id")
    return next((_cleaned(value) for value in found if value and isinstance(value, str)), None)


def _checked_number(argument: str, value: Any, least: float, kind: Any = (int, float)) -> Any:
    """`value`, if it is a number from `least` on, and not absurd."""
    expected = f"{argument}: expected a {'whole number' if kind is int else 'number'} from {least}"
    if isinstance(value, bool) or not isinstance(value, kind):
        raise TypeError(f"{expected}, got {type(value).__name__}")
    if not least <= value < 1e12:
        raise ValueError(expected)
    return value


# ----------------------------------------------------------------------------------------------------- Authentication


class _Secret(str):
    """Text that `repr`, and so debuggers and tracebacks, do not show."""

    def __repr__(self) -> str:
        return "'***'"


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


_TOKEN_HEADER = _base64url(b'{"alg":"HS256","sign_type":"SIGN","typ":"JWT"}')
_TOKEN_SECONDS = 3600


def _signed(message: bytes, secret: bytes) -> bytes:
    """With a JSON Web Signature (RFC 7515), HS256."""
    return message + b"." + _base64url(hmac.new(secret, message, "sha256").digest())


def _can_sign(api_key: str) -> bool:
    identifier, _, secret = api_key.partition(".")
    return bool(identifier and secret) and "." not in secret


def generate_token(api_key: str, exp_seconds: float = _TOKEN_SECONDS, *, timestamp: float = None) -> str:
    """A signed token for a key of the form `id.secret`, to be sent as `Authorization: Bearer ...`.

    Valid from `timestamp` (Unix seconds, default now) for `exp_seconds`; the platform has been seen to refuse tokens
    with about two minutes left. Raises `ConfigurationError` for a key of another form.
    """
    api_key = _checked_key(api_key, "api_key")
    if not _can_sign(api_key):
        raise ConfigurationError("api_key: a token needs a key of the form id.secret")
    issued = int((time.time() if timestamp is None else _checked_number("timestamp", timestamp, 0)) * 1000)
    _checked_number("exp_seconds", exp_seconds, 0)
    identifier, _, secret = api_key.partition(".")
    claims = {"api_key": identifier, "exp": issued + int(exp_seconds * 1000), "timestamp": issued}
    message = _TOKEN_HEADER + b"." + _base64url(json.dumps(claims, separators=(",", ":")).encode())
    return _signed(message, secret.encode()).decode()


class _TokenCache:
    """The process's tokens, by the wall clock: a monotonic one stands still in a frozen container.

    There is no lock: each step is one atomic operation of a dict, and two threads that sign at once do no harm.
    """

    def __init__(self) -> None:
        self._tokens: Dict[str, Tuple[str, float]] = {}
        self._offsets: Dict[str, float] = {}  # the server's clock less ours, in seconds

    def get(self, api_key: str) -> str:
        now = time.time()
        token, signed = self._tokens.get(api_key, ("", 0.0))
        if not token or not 0 <= now - signed < _TOKEN_SECONDS / 2:
            if len(self._tokens) > 1000:
                self._tokens.clear()
            token = _Secret(generate_token(api_key, timestamp=now + self._offsets.get(api_key, 0.0)))
            self._tokens[api_key] = token, now
        return token

    def synchronise(self, api_key: str, date: str | None) -> bool:
        """Take over the time of a `Date` header; false when it agrees with ours to a minute, or is absurd."""
        server = _http_date(date) or 0.0
        offset = server - time.time()
        if not 1e9 < server < 1e10 or abs(offset - self._offsets.get(api_key, 0.0)) <= 60:
            return False
        self._offsets[api_key] = offset
        self._tokens.pop(api_key, None)
        return True

    def clear(self) -> None:
        self._tokens.clear()
        self._offsets.clear()


_tokens = _TokenCache()


def _http_date(text: str | None) -> float | None:
    from email.utils import parsedate_to_datetime

    with contextlib.suppress(Exception):  # which one, for what is no date, depends on the Python
        return parsedate_to_datetime(text or "").timestamp()
    return None


def _checked_key(api_key: Any, variable: str) -> str:
    """The key without the white space around it. No error repeats it."""
    if not isinstance(api_key, str):
        raise TypeError(f"api_key: expected str, got {type(api_key).__name__}")
    api_key = _Secret(api_key.strip())
    if not api_key:
        raise ConfigurationError(f"未提供api_key，请通过参数或环境变量提供: pass api_key=... or set {variable}")
    if not re.fullmatch("[!-~]+", api_key):
        text = "no white space, control or non-ASCII characters"
        raise ConfigurationError(f"api_key: set {variable} to the key alone: {text}")
    return api_key


# ------------------------------------------------------------------------------------------------------------- Models


class Model(_Dict):
    """A result: a dict of what the server sent that reads like an object.

    Attributes read and write its items; a declared field that was not sent reads as None, one that was sent without
    being declared is kept. `json.dumps`, pickle and `messages` take it as it is.
    """

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        for name, make in self._declared()[0].items():
            if make and name in self:
                self[name] = make(self[name])

    @classmethod
    @functools.lru_cache(None)
    def _declared(cls) -> Tuple[_Dict, _Dict]:
        """The declared fields, each with what makes the models in it; those that are always dumped, with defaults."""
        fields: _Dict = {}
        defaults: _Dict = {}
        for base in cls.__mro__[:0:-1]:
            if issubclass(base, Model):
                fields.update(base._declared()[0])
                defaults.update(base._declared()[1])
        module = vars(sys.modules.get(cls.__module__, sys))
        for name, annotation in getattr(cls, "__annotations__", {}).items():
            fields[name] = _field_maker(str(annotation), module)
            default = vars(cls).get(name, defaults.pop(name, None))
            if not str(annotation).startswith("_Later["):
                defaults[name] = default
        # Properties and methods stay. Asked first, set then: in turns, CPython 3.13 would cache no look-up of it.
        for name in [name for name in fields if not hasattr(type(getattr(cls, name, None)), "__get__")]:
            setattr(cls, name, property(operator.itemgetter(name)))  # five times as fast as `__getattr__`
        return fields, defaults

    @classmethod
    @functools.lru_cache(None)
    def _maker(cls) -> Callable[[Any], Any]:
        """What makes this model, with those in it, of JSON, and of each object in a list; nothing is validated."""
        models = [(name, make) for name, make in cls._declared()[0].items() if make]
        new, update = functools.partial(dict.__new__, cls), dict.update

        def make_model(value: Any) -> Any:
            if type(value) is dict:
                model = new()
                update(model, value)
                for name, make in models:
                    if name in value:
                        model[name] = make(value[name])
                return model
            return [make_model(item) for item in value] if type(value) is list else value

        return make_model

    def __missing__(self, name: str) -> Any:
        fields, defaults = self._declared()
        if name not in fields:
            raise KeyError(name)
        return defaults.get(name)

    if not TYPE_CHECKING:  # from checkers this would hide misspelt fields

        def __getattr__(self, name):
            if name[:2] != "__":  # those are Python's protocols, whatever a server sends
                with contextlib.suppress(KeyError):
                    return self[name]
            raise AttributeError(f"{type(self).__name__!r} has no field {name!r}")

        def __setattr__(self, name, value):
            if name not in self._declared()[0] and hasattr(type(self), name):
                raise AttributeError(f"{type(self).__name__}.{name} is no field; use [{name!r}]")
            self[name] = value

        def __delattr__(self, name):
            if self.pop(name, self) is self:
                raise AttributeError(name)

        @property
        def __dict__(self):  # for `vars` and `dir`
            return {**self}

    def __getstate__(self) -> Any:
        """Nothing but the items."""

    def __bool__(self) -> bool:
        return True  # as any object: an empty answer is an answer

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.items())})"

    def model_dump(
        self, *, include: Any = None, exclude: Any = None, exclude_unset: bool = False, exclude_defaults: bool = False,
        exclude_none: bool = False, **ignored: Any,
    ) -> Dict[str, Any]:  # fmt: skip
        """Plain dicts and lists; declared fields that were not sent are None. `include` and `exclude` are names."""
        dropped = None if exclude_none or exclude_defaults else NOT_GIVEN
        unsent = {} if exclude_unset else self._declared()[1]
        return {
            name: _dump(value, exclude_unset=exclude_unset, exclude_none=dropped is None)
            for name, value in {**unsent, **self}.items()
            if (include is None or name in include) and name not in (exclude or ()) and value is not dropped
        }

    def model_dump_json(self, *, indent: int = None, ensure_ascii: bool = False, **options: Any) -> str:
        """`model_dump` as JSON text."""
        separators = (",", ":") if indent is None else (",", ": ")
        return json.dumps(self.model_dump(**options), indent=indent, ensure_ascii=ensure_ascii, separators=separators)

    def to_dict(self, *, exclude_unset: bool = True, **options: Any) -> Dict[str, Any]:
        """Plain dicts and lists of what was sent."""
        return self.model_dump(exclude_unset=exclude_unset, **options)

    def to_json(self, *, indent: int | None = 2, exclude_unset: bool = True, **options: Any) -> str:
        """`to_dict` as JSON text."""
        return self.model_dump_json(indent=indent, exclude_unset=exclude_unset, **options)

    def model_copy(self, *, update: _Mapping = None, deep: bool = False) -> Any:
        """A copy, with the items of `update` put in."""
        import copy

        duplicate = (copy.deepcopy if deep else copy.copy)(self)
        duplicate.update(update or {})
        return duplicate

    @classmethod
    def model_construct(cls, _fields_set: Any = None, **fields: Any) -> Any:
        """This model, made of keyword arguments."""
        return cls(**fields)

    @classmethod
    def model_validate(cls, data: Any, **ignored: Any) -> Any:
        """This model, made of a mapping."""
        return data if isinstance(data, cls) else cls(data)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """For fields of this type in models of pydantic."""
        make = {"type": "no-info", "function": cls.model_validate}
        return {"type": "function-after", "schema": {"type": "dict"}, "function": make}

    # Their old names; dict's own `copy` would lose the class.
    copy = model_copy
    construct = model_construct
    parse_obj = model_validate
    json = model_dump_json
    dict = model_dump


def _dump(value: Any, **options: bool) -> Any:
    if isinstance(value, Model):
        return value.model_dump(**options)
    if isinstance(value, dict):
        return {name: _dump(item, **options) for name, item in value.items()}
    return [_dump(item, **options) for item in value] if isinstance(value, list) else value


def _field_maker(annotation: str, module: _Dict) -> Any:
    """What makes the models that an annotation names; of several, the one whose `type` the object has."""
    found = (module.get(name, globals().get(name)) for name in re.findall(r"\w+", annotation))
    models = [model for model in found if isinstance(model, type) and issubclass(model, Model)]
    if len(models) < 2:
        return models[0]._maker() if models else None
    types = [re.findall(r"\w+", str(model.__annotations__.get("type")))[-1] for model in models]
    makers = [model._maker() for model in models]
    return _either(lambda data: types.index(data["type"]) if data.get("type") in types else 0, *makers)


def _either(choose: Callable[[_Dict], int], *makers: Any) -> Callable[[Any], Any]:
    """What makes a model of an object by the maker whose number `choose` tells."""

    def make_model(value: Any) -> Any:
        if type(value) is list:
            return [make_model(item) for item in value]
        return makers[choose(value) if type(value) is dict else 0](value)

    return make_model


# As tables: a field a line would be a thousand lines.
# fmt: off
class _Answer(Model):
    id: str; request_id: str; created: int; model: str
class PromptTokensDetails(Model):
    cached_tokens: int
class CompletionTokensDetails(Model):
    reasoning_tokens: int
class CompletionUsage(Model):
    """Tokens; some answers have details."""
    prompt_tokens: int; completion_tokens: int; total_tokens: int
    prompt_tokens_details: _Later[PromptTokensDetails]; completion_tokens_details: _Later[CompletionTokensDetails]
class ChunkUsage(CompletionUsage):
    prompt_tokens_details: PromptTokensDetails | None; completion_tokens_details: CompletionTokensDetails | None
class Function(Model):
    """`arguments` is JSON text."""
    name: str; arguments: str
class Mcp(Model):
    """`type`: mcp_list_tools or mcp_call."""
    id: str; type: str; server_label: str; error: str | None; tools: list[Any]; arguments: str; name: str; output: Any
class CompletionMessageToolCall(Model):
    """`type`: function or mcp."""
    id: str; type: str; function: Function; mcp: _Later[Mcp]
class AudioCompletionChunk(Model):
    """`data` is base64."""
    id: str; data: str; expires_at: Any
class CompletionMessage(Model):
    """`content` is None with tool calls, and a list of parts with some models."""
    role: str; content: str | None; reasoning_content: str | None; tool_calls: list[CompletionMessageToolCall] | None
    audio: _Later[AudioCompletionChunk]
class CompletionChoice(Model):
    """`finish_reason`: stop, tool_calls, length, sensitive, network_error, model_context_window_exceeded."""
    index: int; finish_reason: str; message: CompletionMessage
class SearchResultResp(Model):
    title: str; content: str; link: str; media: str; icon: str; refer: str; publish_date: str | None
    images: _Later[list[str]]; index: _Later[int]
class SearchResult(SearchResultResp):
    index: int | None; publish_date: _Later[str]
class VideoResult(Model):
    url: str; cover_image_url: str
class GeneratedImage(Model):
    """`url` is good for 30 days."""
    url: str; b64_json: str | None; revised_prompt: str | None
class ContentFilter(Model):
    """`level`: 0 (most severe) to 3; `role`: assistant, user or history."""
    role: str; level: int
class Completion(_Answer):
    """`created`: Unix seconds."""
    object: _Later[str]; choices: list[CompletionChoice]; usage: CompletionUsage
    web_search: _Later[list[SearchResultResp]]; video_result: _Later[list[VideoResult]]
    content_filter: _Later[list[ContentFilter]]
class ChoiceDeltaToolCall(CompletionMessageToolCall):
    index: int
class ChoiceDelta(Model):
    role: str | None; content: str | None; reasoning_content: str | None; tool_calls: list[ChoiceDeltaToolCall] | None
    audio: AudioCompletionChunk | None
class Choice(Model):
    index: int; delta: ChoiceDelta; finish_reason: str | None
class ChatCompletionChunk(Model):
    """`usage` is on the last chunk; a chunk may have no choices."""
    id: str; request_id: _Later[str]; created: int; model: str; object: _Later[str]; choices: list[Choice]
    usage: ChunkUsage | None; web_search: _Later[list[SearchResultResp]]
    content_filter: _Later[list[ContentFilter]]; extra_json: dict[str, Any] | None
class _Task(Model):
    """`task_status`: PROCESSING, SUCCESS or FAIL; a task that failed answers 200."""
    id: str; request_id: str; model: str; task_status: str
    _poll = "chat.asyncCompletions.retrieve_completion_result", ("id",)
class AsyncTaskStatus(_Task):
    """A task of chat that has not finished, or has failed."""
class AsyncCompletion(_Task):
    """A task of chat that has finished."""
    created: _Later[int]; choices: list[CompletionChoice]; usage: CompletionUsage
    web_search: _Later[list[SearchResultResp]]; video_result: _Later[list[VideoResult]]
    image_result: _Later[list[GeneratedImage]]; content_filter: _Later[list[ContentFilter]]

    @classmethod
    @functools.lru_cache(None)
    def _maker(cls) -> Callable[[Any], Any]:
        return _either(
            lambda data: "choices" in data or data.get("task_status") in (None, "SUCCESS"),
            AsyncTaskStatus._maker(),
            super()._maker(),
        )
class VideoObject(_Task):
    video_result: list[VideoResult]
    _poll = "videos.retrieve_videos_result", ("id",)
class AsyncImagesResponded(_Task):
    image_result: list[GeneratedImage]
    _poll = "images.retrieve_images_result", ("id",)
class ImagesResponded(Model):
    created: int; data: list[GeneratedImage]; content_filter: _Later[list[ContentFilter]]
class Embedding(Model):
    object: str; index: int; embedding: list[float]
class EmbeddingsResponded(Model):
    object: str; model: str; data: list[Embedding]; usage: CompletionUsage
class RerankResult(Model):
    """`document` comes with `return_documents=True`."""
    index: int; relevance_score: float; document: str | None
class RerankResp(_Answer):
    results: list[RerankResult]; usage: CompletionUsage
class TokenizerUsage(Model):
    prompt_tokens: int; image_tokens: int | None; video_tokens: int | None; total_tokens: int
class TokenizerResp(_Answer):
    usage: TokenizerUsage
class ModelInfo(Model):
    id: str; object: str; created: int; owned_by: str
class ModelList(Model):
    object: str; data: list[ModelInfo]
class Transcription(_Answer):
    text: str
class TranscriptionChunk(_Answer):
    """`type`: transcript.text.delta or transcript.text.done."""
    type: str; delta: str | None
class ErrorInfo(Model):
    code: str; message: str; param: _Later[str]; line: _Later[int]
class Error(ErrorInfo):
    param: str | None
class BatchError(Error):
    line: int | None
class AudioSpeechDelta(Model):
    """`content`: PCM (int16, 24 kHz unless `return_sample_rate` says otherwise), base64 or hex."""
    role: str; content: str; return_sample_rate: _Later[int]
class AudioSpeechChoice(Model):
    index: int; delta: AudioSpeechDelta; finish_reason: str | None
class AudioSpeechChunk(Model):
    id: _Later[str]; request_id: str; created: int; model: _Later[str]
    choices: list[AudioSpeechChoice]; error: ErrorInfo | None
class VoiceCloneResult(Model):
    voice: str; file_id: str; file_purpose: str; request_id: _Later[str]
class VoiceData(Model):
    """`voice_type`: PRIVATE or OFFICIAL."""
    voice: str; voice_name: str; voice_type: str; download_url: str | None; create_time: str
class VoiceListResult(Model):
    voice_list: list[VoiceData]
class VoiceDeleteResult(Model):
    voice: str; update_time: str
class ModerationText(Model):
    call_count: int
class ModerationUsage(Model):
    moderation_text: ModerationText
class ModerationResult(Model):
    """`risk_level`: PASS, REVIEW or REJECT."""
    content_type: str; risk_level: str; risk_type: list[str]
class ModerationCompletion(Model):
    id: _Later[str]; request_id: _Later[str]; created: _Later[int]; model: str; input: Any
    result_list: _Later[list[ModerationResult]]; usage: _Later[ModerationUsage]
class SearchIntentResp(Model):
    query: str; intent: str; keywords: str; index: _Later[int]
class SearchIntent(SearchIntentResp):
    index: int | None
class WebSearchResp(Model):
    id: str; request_id: str; created: int; model: _Later[str]
    search_intent: list[SearchIntentResp]; search_result: list[SearchResultResp]
class SearchRecommend(Model):
    index: int; query: str
class WebSearchMessageToolCall(Model):
    id: str; type: str; index: int; search_intent: list[SearchIntent]; search_result: list[SearchResult]
    search_recommend: list[SearchRecommend]
class WebSearchMessage(Model):
    role: str; tool_calls: list[WebSearchMessageToolCall]
class WebSearchChoice(Model):
    index: int; finish_reason: str; message: WebSearchMessage
class WebSearch(Model):
    id: str; request_id: str; created: int; model: _Later[str]; choices: list[WebSearchChoice]
class WebSearchChunkChoice(Model):
    index: int; delta: WebSearchMessage; finish_reason: str | None
class WebSearchChunk(Model):
    id: str; request_id: _Later[str]; created: int; model: _Later[str]; choices: list[WebSearchChunkChoice]
class ReaderData(Model):
    title: str; description: str; url: str; content: str; publishedTime: str | None; images: dict[str, str] | None
    links: dict[str, str] | None; metadata: dict[str, Any]; external: dict[str, Any]

    @property
    def published_time(self) -> str | None:
        """zai-sdk's name of `publishedTime`."""
        return self.get("publishedTime")
class WebReaderResult(Model):
    id: _Later[str]; request_id: _Later[str]; created: _Later[int]; model: _Later[str]; reader_result: ReaderData
class LayoutDetail(Model):
    """`label`: image, text, formula or table; `bbox_2d`: four numbers from 0 to 1; sizes in pixels."""
    index: int; label: str; bbox_2d: list[float]; content: str; height: int; width: int
class PageInfo(Model):
    width: int; height: int
class DataInfo(Model):
    num_pages: int; pages: list[PageInfo]
class LayoutParsingResp(_Answer):
    """`layout_details`: a list for each page."""
    md_results: str; layout_details: list[list[LayoutDetail]]; layout_visualization: list[str]; data_info: DataInfo
    usage: CompletionUsage
class Location(Model):
    left: int; top: int; width: int; height: int
class Probability(Model):
    average: float; variance: float; min: float
class WordsResult(Model):
    location: Location; words: str; probability: Probability | None
class HandwritingOCRResp(Model):
    """`status`: succeeded or failed."""
    task_id: str; message: str; status: str; words_result_num: int; words_result: list[WordsResult]
class FileParserTaskCreateResp(Model):
    task_id: str; message: str; success: bool
    _poll = "file_parser.result", ("task_id",)
class FileParsingDownloadResp(Model):
    """`status`: processing, succeeded or failed."""
    task_id: str; message: str; status: str; content: str | None; parsing_result_url: str | None
    _poll = "file_parser.result", ("task_id",)
class AgentsCompletionMessage(Model):
    role: str; content: Any
class AgentsCompletionChoice(Model):
    """The platform answers `messages`; `message` is the official SDK's."""
    index: int; finish_reason: str; messages: _Later[list[AgentsCompletionMessage]]; message: AgentsCompletionMessage
class AgentsCompletion(Model):
    """`status`: pending, success or failed; `async_id` is on tasks that finish later."""
    id: str; agent_id: str; conversation_id: str; async_id: _Later[str]; request_id: str; status: str | None
    choices: list[AgentsCompletionChoice]; usage: CompletionUsage | None; error: ErrorInfo | None
    _poll = "agents.async_result", ("agent_id", "async_id", "conversation_id")
class AgentsChoice(Model):
    index: int; delta: AgentsCompletionMessage; finish_reason: str | None
    messages: _Later[list[AgentsCompletionMessage]]
class AgentsCompletionChunk(Model):
    """An agent's error is in `error`; it does not end the stream."""
    id: str; agent_id: str; conversation_id: str; choices: list[AgentsChoice]; usage: CompletionUsage | None
    error: ErrorInfo | None
class CodeInterpreterToolOutput(Model):
    type: str; logs: str; error_msg: str
class CodeInterpreter(Model):
    input: str; outputs: list[CodeInterpreterToolOutput]
class CodeInterpreterToolBlock(Model):
    type: Literal["code_interpreter"]; code_interpreter: CodeInterpreter
class DrawingToolOutput(Model):
    image: str
class DrawingTool(Model):
    input: str; outputs: list[DrawingToolOutput]
class DrawingToolBlock(Model):
    type: Literal["drawing_tool"]; drawing_tool: DrawingTool
class WebBrowserOutput(Model):
    title: str; link: str; content: str; error_msg: str
class WebBrowser(Model):
    input: str; outputs: list[WebBrowserOutput]
class WebBrowserToolBlock(Model):
    type: Literal["web_browser"]; web_browser: WebBrowser
class RetrievalToolOutput(Model):
    text: str; document: str
class RetrievalTool(Model):
    outputs: list[RetrievalToolOutput]
class RetrievalToolBlock(Model):
    type: Literal["retrieval"]; retrieval: RetrievalTool
class FunctionToolOutput(Model):
    content: str
class FunctionTool(Model):
    name: str; arguments: Any; outputs: list[FunctionToolOutput]
class FunctionToolBlock(Model):
    type: Literal["function"]; function: FunctionTool
class TextContentBlock(Model):
    type: Literal["content"] = "content"; role: str = "assistant"; content: str
class ToolsDeltaBlock(Model):
    type: Literal["tool_calls"] = "tool_calls"; role: str = "tool"
    tool_calls: list[
        FunctionToolBlock | CodeInterpreterToolBlock | DrawingToolBlock | WebBrowserToolBlock | RetrievalToolBlock
    ]
class AssistantChoice(Model):
    index: int; delta: TextContentBlock | ToolsDeltaBlock; message: _Later[CompletionMessage]; finish_reason: str
    metadata: dict[str, Any]
class AssistantCompletion(Model):
    """`status`: in_progress, completed or failed."""
    id: str; request_id: _Later[str]; created: int; model: _Later[str]
    conversation_id: str; assistant_id: str; status: str; last_error: ErrorInfo | None
    choices: list[AssistantChoice]; metadata: dict[str, Any] | None; usage: CompletionUsage | None
class AssistantSupport(Model):
    assistant_id: str; created_at: Any; updated_at: Any; name: str; avatar: str; description: str; status: str
    tools: list[str]; tags: _Later[list[Any]]; starter_prompts: list[Any]
class AssistantSupportResp(Model):
    success: _Later[bool]; code: int; msg: str; data: list[AssistantSupport]
class ConversationUsage(Model):
    id: str; assistant_id: str; create_time: Any; update_time: Any; usage: CompletionUsage
class ConversationUsageList(Model):
    assistant_id: str; has_more: bool; conversation_list: list[ConversationUsage]
class ConversationUsageListResp(Model):
    success: _Later[bool]; code: int; msg: str; data: ConversationUsageList
class UploadDetail(Model):
    """A document that the platform fetches itself, for `upload_detail`."""
    url: str; knowledge_type: int; file_name: str; sentence_size: int; custom_separator: list[str]; callback_url: str
    callback_header: dict[str, str]
class FileObject(Model):
    """`bytes`: the size; `created_at`: Unix seconds."""
    id: str; bytes: int; created_at: int; filename: str; object: str; purpose: str; status: str; status_details: str
class FileDeleted(Model):
    id: str; deleted: bool; object: str
class Errors(Model):
    data: list[BatchError]; object: str
class BatchRequestCounts(Model):
    completed: int; failed: int; total: int
class Batch(Model):
    """Times in milliseconds; `status`: validating, in_progress, finalizing, completed, failed, expired, cancelled."""
    id: str; object: str; endpoint: str; input_file_id: str; completion_window: str; status: str
    output_file_id: str | None; error_file_id: str | None; created_at: int; in_progress_at: int | None
    expires_at: int | None; finalizing_at: int | None; completed_at: int | None; failed_at: int | None
    expired_at: int | None; cancelling_at: int | None; cancelled_at: int | None; metadata: Any; errors: Errors | None
    request_counts: BatchRequestCounts; total: _Later[int]; completed: _Later[int]; failed: _Later[int]
    _poll = "batches.retrieve", ("id",)
class Hyperparameters(Model):
    n_epochs: Any; batch_size: _Later[Any]; learning_rate_multiplier: _Later[Any]
class FineTuningJob(Model):
    id: str; request_id: str; created_at: int; error: Error | None; fine_tuned_model: str | None
    finished_at: int | None; hyperparameters: Hyperparameters; model: str; object: str; result_files: list[str]
    status: str; trained_tokens: int | None; training_file: str; validation_file: str | None
    _poll = "fine_tuning.jobs.retrieve", ("id",)
class Metric(Model):
    epoch: Any; current_steps: int; total_steps: int; elapsed_time: str; remaining_time: str; trained_tokens: int
    loss: Any; eval_loss: Any; acc: Any; eval_acc: Any; learning_rate: Any
class JobEvent(Model):
    object: str; id: str; type: str; created_at: int; level: str; message: str; data: Metric | None
class FineTunedModelsStatus(Model):
    """`delete_status`: deleting or deleted."""
    request_id: str; model_name: str; delete_status: str
class KnowledgeInfo(Model):
    id: str; embedding_id: Any; name: str; customer_identifier: str; description: str; background: str; icon: str
    bucket_id: str
class KnowledgePage(Model):
    list: List[KnowledgeInfo]; object: str
class KnowledgeStatistics(Model):
    """Words, and bytes."""
    word_num: int; length: int
class KnowledgeUsed(Model):
    used: KnowledgeStatistics; total: KnowledgeStatistics
class DocumentDataFailInfo(Model):
    """`embedding_code`: 10001 (not usable) or 10002 (over the capacity)."""
    embedding_code: int; embedding_msg: str
class DocumentData(Model):
    """`embedding_stat`: 0 running, 1 done, 2 failed."""
    id: str; knowledge_type: _Later[int]; custom_separator: list[str]; sentence_size: Any; length: int; word_num: int
    name: str; url: str; embedding_stat: int; failInfo: DocumentDataFailInfo | None
class DocumentPage(Model):
    list: List[DocumentData]; object: str
class DocumentSuccessinfo(Model):
    documentId: str; fileName: _Later[str]; filename: str; url: _Later[str]
class DocumentFailedInfo(DocumentSuccessinfo):
    failReason: str
class DocumentObject(Model):
    successInfos: list[DocumentSuccessinfo]; failedInfos: list[DocumentFailedInfo]
class Envelope(Model):
    """What the knowledge-base interfaces wrap their `data` in; `timestamp` in milliseconds."""
    code: int; message: str; timestamp: int
class KnowledgeBaseInfo(Model):
    """`embedding_id`: 3 (Embedding-2), 11 (Embedding-3), 12 (Embedding-3-pro)."""
    id: str; embedding_id: int; name: str; description: str; contextual: int; background: str; icon: str
    document_size: int; length: int; word_num: int
class KnowledgeBaseResp(Envelope):
    data: KnowledgeBaseInfo
class KnowledgeBaseList(Model):
    list: List[KnowledgeBaseInfo]; total: int
class KnowledgeBaseListResp(Envelope):
    data: KnowledgeBaseList
class KnowledgeBaseCapacityResp(Envelope):
    data: KnowledgeUsed
class SliceMetadata(Model):
    _id: str; knowledge_id: str; doc_id: str; doc_name: str; doc_url: str; contextual_text: str
class RetrievedSlice(Model):
    text: str; score: float; metadata: SliceMetadata
class KnowledgeBaseSearchResp(Envelope):
    data: list[RetrievedSlice]
class KnowledgeBaseDocumentResp(Envelope):
    data: DocumentData
class KnowledgeBaseDocumentList(Model):
    list: List[DocumentData]; total: int
class KnowledgeBaseDocumentListResp(Envelope):
    data: KnowledgeBaseDocumentList
class KnowledgeBaseUploadResp(Envelope):
    data: DocumentObject
class DocumentImage(Model):
    text: str; cos_url: str
class DocumentImages(Model):
    images: list[DocumentImage]
class KnowledgeBaseImagesResp(Envelope):
    data: DocumentImages
class ZragContent(Model):
    id: str; know_id: str; doc_id: str; text: str; medias: list[Any]; image_url: Any; video_url: Any; index: int
    score: float; rerank_index: int; rerank_score: float; metadata: dict[str, Any]
class ZragRetrieval(Model):
    contents: list[ZragContent]; rewritten_query: dict[str, Any]; elapsed_ms: int; total_tokens: int; request_id: str
class ZragRetrieveResp(Envelope):
    data: ZragRetrieval
class ZragUsage(CompletionUsage):
    total_calls: int
class ZragChatEvent(Model):
    """`type`: session_created, reasoning, thought, tool_call, tool_result, answer, done; `data` differs by type."""
    type: str; sessionId: str; messageId: str; data: Any; usage: ZragUsage | None
class ResponseUsage(Model):
    input_tokens: int; input_tokens_details: PromptTokensDetails; output_tokens: int
    output_tokens_details: CompletionTokensDetails; total_tokens: int
class ResponseContent(Model):
    type: str; text: str; annotations: list[Any]
class ResponseItem(Model):
    """`type`: message, reasoning, function_call, ...; the fields differ by type."""
    id: str; type: str; status: str; role: str; content: list[ResponseContent]; summary: list[Any]; name: str
    call_id: str; arguments: str; output: Any
class ResponseObject(Model):
    """`status`: in_progress, completed, incomplete or failed."""
    id: str; object: str; created_at: int; model: str; status: str; output: list[ResponseItem]; usage: ResponseUsage
    error: ErrorInfo | None; incomplete_details: Any; instructions: Any; max_output_tokens: int; temperature: float
    top_p: float; text: Any; tools: list[Any]; tool_choice: Any; reasoning: Any; previous_response_id: str | None
    prompt_cache_key: str | None; parallel_tool_calls: bool; store: bool; metadata: Any

    @property
    def output_text(self) -> str:
        """The text of all output messages."""
        return "".join(
            content.get("text") or ""
            for item in self.get("output") or ()
            for content in item.get("content") or ()
            if content.get("type") == "output_text"
        )
class ResponseStreamEvent(Model):
    """`type` (response.output_text.delta, ...) says which fields there are."""
    type: str; sequence_number: int; response: ResponseObject; item: ResponseItem; part: ResponseContent
    item_id: str; output_index: int; content_index: int; delta: str; text: str; arguments: str; name: str
class ResponseDeleted(Model):
    id: str; object: str; deleted: bool


# The official SDK's other names of the same shapes.
Usage = CompletionUsage
AgentsCompletionUsage = CompletionUsage
AudioError = ErrorInfo
AgentsError = ErrorInfo
AgentsChoiceDelta = AgentsCompletionMessage
ChoiceDeltaFunctionCall = Function
ChoiceDeltaToolCallFunction = Function
# fmt: on


class SyncCursorPage(Model, Generic[_T]):
    """One page of a list. Iterating it walks over the items of this page and of all that follow."""

    data: List[_T]
    has_more: _Later[bool]
    first_id: _Later[str]
    last_id: _Later[str]
    object: _Later[str]

    _origin = (None, None)  # type: Any

    def _attach(self, fetch: Any, after: Any = None) -> Any:
        """Keep the function that fetches another page, and the cursor that this one was fetched with."""
        object.__setattr__(self, "_origin", (fetch, after))  # as an attribute, no item
        return self

    def __getstate__(self) -> Any:
        return self._origin

    def __setstate__(self, origin: Any) -> None:
        self._attach(*origin)

    def _items(self) -> List[_T]:
        return self.data if isinstance(self.data, list) else []

    def _next_parameters(self, seen: Any = ()) -> _Dict | None:
        """What the next page is fetched with; None when there is none. `seen` are the cursors of earlier pages."""
        fetch, after = self._origin
        last: Any = self._items()[-1] if self._items() else None
        cursor = self.last_id or (last.get("id") if isinstance(last, dict) else None)
        if not (last and cursor and self.has_more is not False and fetch):
            return None
        if not isinstance(cursor, (str, int)) or not str(cursor).isprintable():
            raise APIResponseError("The list cannot go on: its last_id, or the last item's id, is no identifier")
        if str(cursor) == str(after) or str(cursor) in seen:
            raise APIResponseError("The list does not go on: the same page came again")
        return {"after": cursor}

    def _following(self, seen: set[str]) -> Any:
        parameters = self._next_parameters(seen)
        if parameters is None:
            return None
        seen.add(str(parameters["after"]))
        return self._origin[0](parameters)

    def has_next_page(self) -> bool:
        """Whether a page follows: what `has_more` says, else whether this one has items."""
        return self._next_parameters() is not None

    def get_next_page(self) -> SyncCursorPage[_T]:
        """The page after this one; `RuntimeError` when there is none."""
        if not self.has_next_page():
            raise RuntimeError("There is no next page; ask has_next_page() first.")
        return self._following(set())

    def iter_pages(self) -> Iterator[SyncCursorPage[_T]]:
        """This page and all that follow."""
        page: Any = self
        seen: set[str] = set()
        while page is not None:
            yield page
            page = page._following(seen)

    def __iter__(self) -> Iterator[_T]:  # type: ignore[override]
        for page in self.iter_pages():
            yield from page._items()


class AsyncPage(SyncCursorPage[_T]):
    """One page of a list; `async for` walks over the items of this page and of all that follow."""

    if TYPE_CHECKING:

        def get_next_page(self) -> Awaitable[AsyncPage[_T]]: ...  # type: ignore[override]

    async def iter_pages(self) -> AsyncIterator[AsyncPage[_T]]:  # type: ignore[override]
        """This page and all that follow."""
        page: Any = self
        seen: set[str] = set()
        while page is not None:
            yield page
            following = page._following(seen)
            page = following and await following

    async def __aiter__(self) -> AsyncIterator[_T]:
        async for page in self.iter_pages():
            for item in page._items():
                yield item


# fmt: off
class ListOfBatch(SyncCursorPage["Batch"]):
    data: List[Batch]
class ListOfFileObject(SyncCursorPage["FileObject"]):
    data: List[FileObject]; has_more: bool | None; object: str | None
class ListOfFineTuningJob(SyncCursorPage["FineTuningJob"]):
    data: List[FineTuningJob]; has_more: bool | None; object: str | None
class FineTuningJobEvent(SyncCursorPage["JobEvent"]):
    data: List[JobEvent]; has_more: bool | None; object: str | None
class ListOfResponseItem(SyncCursorPage["ResponseItem"]):
    data: List[ResponseItem]
# fmt: on


# ------------------------------------------------------------------------------------------------- Server-sent events


class EventDecoder:
    """Bytes to events: https://html.spec.whatwg.org/multipage/server-sent-events.html"""

    def __init__(self) -> None:
        self._parts: List[bytes] = []  # of a line that has not ended; joined once, however long it is
        self._after_cr = False
        self._coding = "utf-8-sig"  # a BOM may stand before the first line
        self._name = ""
        self._data: List[str] = []

    def feed(self, block: bytes) -> List[Tuple[str, str]]:
        """The events, (name, data), that `block` completes."""
        if self._after_cr and block:  # the CR ended its line; an LF right behind it belongs to it
            self._after_cr = False
            block = block[1:] if block.startswith(b"\n") else block
        if b"\r" in block:
            self._after_cr = block.endswith(b"\r")
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines, newline, rest = block.rpartition(b"\n")
        if not newline:
            self._parts.append(rest)
            return []
        text = b"".join([*self._parts, lines]).decode(self._coding, "replace")
        self._parts, self._coding = [rest], "utf-8"
        events = []
        for line in text.split("\n"):  # splitlines() would also split at U+2028, U+0085, VT, FF
            if line:
                field, _, value = line.partition(":")
                value = value[1:] if value.startswith(" ") else value
                if field == "data":
                    self._data.append(value)
                elif field == "event":
                    self._name = value
            else:
                if self._data:
                    events.append((self._name, "\n".join(self._data)))
                    self._data = []
                self._name = ""
        return events


_begins_like_events = re.compile(rb"(\xef\xbb\xbf)?\s*(data:|event:|id:|retry:|:)").match
_SUSPICIOUS = frozenset("error last_error type success code".split())  # fields that say, perhaps, why it failed
_parse = json.JSONDecoder().decode  # what `json.loads` calls when it has looked at its arguments
_TOO_DEEP = "The stream holds what is nested too deeply"


def _read_chunks(
    response: Response, model: Type[Model], texts: List[str] | None, blocks: Iterable[bytes]
) -> Iterator[Any]:
    """Events to chunks; `texts` gets the JSON of each."""
    decoder, make, begun, last = EventDecoder(), model._maker(), b"", None
    try:
        for block in itertools.chain(blocks, [b""]):
            if last is None:
                begun = (begun + block)[:_BLOCK]
            for event, text in decoder.feed(block) if block else _last_event(response, decoder, last, begun):
                data = _read_event(response, event, text)
                if data is not None:
                    if texts is not None:
                        texts.append(text)
                    last = data
                    yield make(data)
                elif text.strip():  # [DONE]
                    response._finish()
                    response._is_complete = True
                    return
        response._is_complete = True
    except RecursionError:
        raise APIResponseValidationError(response, message=_TOO_DEEP) from None
    except APIResponseValidationError:
        response._forget_secrets()
        raise
    except APIConnectionError:
        if not response.is_closed:  # else it was closed under the reader, on purpose
            raise
    finally:
        response.close()


def _read_event(response: Response, event: str, text: str) -> Any:
    """The JSON object of an event; None for what is empty, and for [DONE]."""
    try:
        data = _parse(text)
    except ValueError:
        data = None
        if text.strip()[:6] in ("", "[DONE]"):
            return None
    if type(data) is not dict:
        found = _readable(_cleaned(text, response._secrets), 200)
        message = f"The stream holds something that is no JSON object: {found}"
        raise APIResponseValidationError(response, data, message=message)
    if event or not _SUSPICIOUS.isdisjoint(data):
        reason = _failure_of(data, event)
        if reason:
            raise _answer_error(response, data, reason)
    return data


def _failure_of(data: _Dict, event: str) -> Any:
    """Why the call failed, if a chunk says so."""
    if "error" in (event, data.get("type")) or "response.failed" in (event, data.get("type")):
        inner = data.get("data") or data.get("response") or data
        return (inner.get("error") if isinstance(inner, dict) else None) or inner
    if "agent_id" in data:  # an agent's error is part of its chunk
        return None
    return data.get("error") or data.get("last_error") or (data if _is_failure(data) else None)


def _last_event(response: Response, decoder: EventDecoder, last: Any, begun: bytes) -> List[Tuple[str, str]]:
    """At the end of the body: the event of which only the blank line is missing; raises where more is missing."""
    events = decoder.feed(b"\n\n")
    text = events[0][1].strip() if events else ""
    if last is None and not text:
        found = _cleaned(begun.decode("utf-8", "replace").strip(), response._secrets)
        with contextlib.suppress(APIResponseValidationError):
            _read_event(response, "", found)  # it may be an error, as JSON
        message = f"The answer is no event stream: {_readable(repr(found), 200)}"
        raise APIResponseValidationError(response, message=message)
    if response._is_framed:
        with contextlib.suppress(ValueError):  # half an event is no JSON
            json.loads(text or "{}")
            return events
    elif not text and _is_last(last or {}):
        return []
    if text.startswith("[DONE]"):
        return events
    message = "Connection error: the stream was cut off before its last event ended."
    raise APIConnectionError(message=message, request=response.request)


def _is_last(chunk: _Dict) -> bool:
    """Whether a chunk says that it is the last: by a reason, its kind, or by `usage` without choices."""
    if any(choice.get("finish_reason") for choice in _choices(chunk)):
        return True
    said = f"{chunk.get('type')} {chunk.get('status')}"
    return bool((chunk.get("usage") and not chunk.get("choices")) or re.search(r"(done|completed|incomplete)\b", said))


def _choices(body: _Dict) -> List[_Dict]:
    choices = body.get("choices")
    return [choice for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []


def _is_failure(body: _Dict) -> bool:
    """Whether an answer with a good status says, without an `error`, that the call failed."""
    if body.get("success") is False:
        return True
    has_text = isinstance(body.get("msg"), str) or isinstance(body.get("message"), str)
    has_code = body.get("code") not in (None, 0, 200, "0", "200")
    return has_text and has_code and ("timestamp" in body or not body.get("data"))


def _answer_error(response: Response, data: _Dict, reason: Any) -> APIResponseError:
    """The error that an answer with a good status holds."""
    reason = _cleaned(reason, response._secrets)
    code, message = _reason(reason)
    message = message or f"An error occurred: {_readable(json.dumps(reason, ensure_ascii=False), 300)}"
    error = APIResponseError(f"{message} (code {code})" if code else message, response.request, reason)
    error.request_id = _request_id(response.headers, data)
    return error


_GROWING = frozenset("content reasoning_content reasoning arguments data".split())


def _combined(name: str, values: List[Any]) -> Any:
    """All values of a field as one: text grows, items are matched, the rest is replaced."""
    values = [value for value in values if value is not None]
    if not values:
        return None
    if all(isinstance(value, dict) for value in values):
        names = dict.fromkeys(key for value in values for key in value)
        return {key: _combined(key, [value.get(key) for value in values]) for key in names}
    items = [item for value in values if isinstance(value, list) for item in value]
    if name in ("choices", "tool_calls"):
        return [_combined("", pieces) for pieces in _matched([item for item in items if isinstance(item, dict)])]
    if name in _GROWING:
        texts = [value for value in values if isinstance(value, str)]
        if texts or items:
            return "".join(texts) if texts else items
    said = [value for value in values if value] or values
    return said[0 if name in ("id", "name") else -1]


def _matched(pieces: List[_Dict]) -> List[List[_Dict]]:
    """The pieces of each choice or tool call. Servers differ in what tells calls apart: index, id, or a name beside."""
    groups: List[Tuple[Any, set[str], List[_Dict]]] = []
    for piece in pieces:
        index, identifier, function = piece.get("index"), str(piece.get("id") or ""), piece.get("function")
        index = index if isinstance(index, int) else None
        opens = identifier and isinstance(function, dict) and function.get("name")
        known = [group for group in groups if identifier and identifier in group[1]]
        placed = [group for group in groups if index in (None, group[0])]
        found = [group for group in known if index in (None, group[0])] or ([] if opens else known or placed)
        if not found:
            found = [(index, set(), [])]
            groups += found
        found[-1][1].add(identifier)
        found[-1][2].append(piece)
    groups.sort(key=lambda group: group[0] or 0)
    return [group[2] for group in groups]


def _completion(texts: List[str]) -> Completion:
    """All chunks of a chat in one."""
    whole = _combined("", [json.loads(text) for text in texts]) or {}
    whole["choices"] = _choices(whole)
    for choice in whole["choices"]:
        delta, message = choice.pop("delta", None), choice.get("message")
        said = delta if delta and isinstance(delta, dict) else message if isinstance(message, dict) else {}
        choice["message"] = message = {"role": "assistant", "content": None, **said}
        for call in filter(lambda call: isinstance(call, dict), message.get("tool_calls") or ()):
            call.pop("index", None)  # a message that is sent has none
    if "object" in whole:
        whole["object"] = "chat.completion"
    return Completion(whole)


class Stream(Generic[_T]):
    """The chunks of one answer, as they come: an iterator and a context manager.

    Raises `APIConnectionError` when the answer breaks off and `APIResponseError` for an error in it. To stop early,
    close it or leave its `with` block. `response` has the status and the headers.
    """

    def __init__(self, response: Response, model: Type[Model], blocks: Iterable[bytes] | None = None) -> None:
        self.response = response
        self._texts: List[str] | None = [] if model is ChatCompletionChunk else None
        self._chunks = _read_chunks(response, model, self._texts, blocks or iter(response._read_block, b""))
        self._is_interrupted = False

    def __iter__(self) -> Stream[_T]:
        return self

    def __next__(self) -> _T:
        try:
            return next(self._chunks)
        except StopIteration:
            if self._is_interrupted:
                raise self._given_up() from None
            raise
        except BaseException as error:
            self._is_interrupted = not isinstance(error, (APIError, ValueError))  # ValueError: another thread reads it
            raise

    def _given_up(self) -> APIConnectionError:
        return APIConnectionError(message="The stream was given up before its end.", request=self.response.request)

    def __enter__(self) -> Stream[_T]:
        return self

    def __exit__(self, *reason: Any) -> None:
        self.close()

    def close(self) -> None:
        """Drop the rest of the answer, and the connection with it."""
        self._chunks = iter(())
        self.response.close()

    def get_final_completion(self) -> Completion:
        """Read the rest, and put all chunks together, those already taken too; for chat only."""
        for _ in self:
            pass
        return self._final_completion()

    def _final_completion(self) -> Completion:
        if self._texts is None:
            raise TypeError("get_final_completion: only the streams of chat.completions.create have one")
        if not self.response._is_complete:
            raise self._given_up()
        try:
            return _completion(self._texts)
        except RecursionError:
            raise APIResponseValidationError(self.response, message=_TOO_DEEP) from None

    def __reduce__(self) -> Any:
        raise TypeError("An open stream cannot be pickled; pickle its chunks, or get_final_completion().")


class AsyncStream(Generic[_T]):
    """The chunks of one answer for `async for`, as they come; see `Stream`."""

    def __init__(self, stream: Stream[_T], job: Any) -> None:
        self.response = stream.response
        self._stream = stream
        self._job = job  # reads the stream in a thread

    def __aiter__(self) -> AsyncStream[_T]:
        return self

    async def __anext__(self) -> _T:
        try:
            return await self._job.next()
        except (StopAsyncIteration, APIError):
            raise
        except BaseException:  # cancelled: what follows must not look like the end
            self._job.give_up(self._stream._given_up())
            raise

    async def __aenter__(self) -> AsyncStream[_T]:
        return self

    async def __aexit__(self, *reason: Any) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Drop the rest of the answer, and the connection with it."""
        self._job.drop()

    async def get_final_completion(self) -> Completion:
        """See `Stream.get_final_completion`."""
        async for _ in self:
            pass
        return self._stream._final_completion()

    def __del__(self) -> None:
        if not self.response.is_closed:
            self._job.interrupt()

    __reduce__: Any = Stream.__reduce__


# ---------------------------------------------------------------------------------------------------------- Transport

_BLOCK = 64 * 1024  # bytes that are read or sent at a time
_MAX_ERROR = 1024 * 1024  # bytes of an error's body
_MAX_IDLE = 256  # connections
_IDLE_SECONDS = 30
_SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key")


class _BrokenAnswer(OSError):
    """What came is not HTTP, or ended too early."""


class _Refused(OSError):
    """A proxy does not let us through."""


class Request:
    """What was asked, for errors and logs: without the body, the key and the token."""

    def __init__(self, method: str, url: str, headers: _Mapping) -> None:
        self.method = method
        self.url = url
        self.headers = {name: "***" if isinstance(value, _Secret) else value for name, value in headers.items()}

    def __repr__(self) -> str:
        return f"<Request({self.method!r}, {self.url!r})>"


class _Call:
    """A request, checked and encoded, that can be sent any number of times."""

    job: Any = None  # of the asynchronous client, which may give it up
    connection: Any = None  # that it was sent on last
    page: Any = None  # what gets another page of the same list, and the cursor of this one
    signs = True  # unless the caller sets the Authorization header, or takes it away
    stream = False

    def __init__(self, owner: Any, interface: Any, url: str, headers: Dict[str, str], body: Any, timeouts: Any) -> None:
        self.owner = owner
        self.interface = interface
        self.request = Request(interface.method, url, headers)
        self.headers = headers
        self.body = body
        self.timeouts = timeouts  # to connect, and for each wait
        self.result: Any = interface.result

    def encoded(self, authorization: Dict[str, str]) -> urllib.request.Request:
        """The request for an opener; one that follows redirects must not carry what is secret to another host."""
        request: Any = urllib.request.Request(self.request.url, self.body, method=self.request.method)
        for name, value in {**self.headers, **authorization}.items():
            fields = request.unredirected_hdrs if isinstance(value, _Secret) else request.headers
            fields[name.capitalize()] = value  # urllib's way of writing names
        request.call = self
        return request

    def check(self) -> None:
        if self.job is not None and self.job.given_up:
            raise ZhipuAIError("The call was given up.")

    def abort(self) -> None:
        """Break off what is under way, from any thread."""
        connection = self.connection
        if connection is not None and connection.call is self:
            connection.abort()


class _Reader(socket.SocketIO):
    """What `http.client` reads an answer from: no wait goes beyond the deadline, and no early end goes unnoticed."""

    def __init__(self, connection: _Connection) -> None:
        super().__init__(connection.socket, "r")
        connection.socket._io_refs += 1  # as `socket.makefile` does: the socket stays open until this is closed
        self._connection = connection

    def readinto(self, b: Any) -> int | None:
        connection = self._connection
        if connection.deadline is not None:
            left = connection.deadline - time.monotonic()
            if left <= 0:
                raise socket.timeout("timed out")
            connection.socket.settimeout(left)
        count = super().readinto(b)
        if not count and (connection.aborted or not connection.may_end):
            raise _BrokenAnswer("the connection was closed before the end of the answer")
        connection.answered = True
        return count


class _HTTPAnswer(http.client.HTTPResponse):
    """An answer that is refused where `http.client` would guess what it means."""

    def __init__(self, connection: _Connection, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(connection, *args, **kwargs)  # type: ignore[arg-type]  # of which it needs `makefile` only
        self.connection = connection

    def _read_status(self) -> Any:
        for _ in range(100):
            found = super()._read_status()  # type: ignore[misc]
            if not 100 <= found[1] < 200:
                return found
            if found[1] == 101:
                break
            http.client.parse_headers(self.fp)  # of an interim answer; http.client passes over 100 alone
        raise _BrokenAnswer("the server goes on to another protocol, or never to the answer")

    def begin(self) -> None:
        super().begin()
        coding = self.headers.get("transfer-encoding", "identity").strip().lower()
        lengths = set(self.headers.get_all("content-length", ()))
        if self.headers.get_payload():  # a line that is no header, and all behind it
            raise _BrokenAnswer("the answer's head holds a line that is no header")
        if coding not in ("identity", "chunked"):
            raise _BrokenAnswer(f"the answer has the transfer coding {coding[:20]!r}, which was not asked for")
        if coding == "identity" and not re.fullmatch(r"\s*[0-9]{0,18}\s*", ",".join(lengths)):
            raise _BrokenAnswer("the answer's Content-Length is no number")
        is_empty = self.status in (204, 304)  # whatever is announced; which may come late
        if bool(lengths - {"0"}) + (coding == "chunked") + is_empty > 1:
            self.will_close = True
        if coding == "chunked":  # with white space around it, too
            self.chunked, self.chunk_left, self.length = not is_empty, None, 0 if is_empty else None
        self.connection.may_end = coding != "chunked" and self.length is None  # the body, with the connection

    def _read_next_chunk_size(self) -> int:
        size: int = super()._read_next_chunk_size()  # type: ignore[misc]
        if size < 0:
            raise ValueError("negative")  # as for a size that is no number
        return size

    def _safe_read(self, amt: int) -> bytes:
        data: bytes = super()._safe_read(amt)  # type: ignore[misc]
        if data != b"\r\n":  # with `read1`, it is only asked for the end of a chunk
            raise _BrokenAnswer("the answer's chunks do not fit together")
        return data

    def _read_and_discard_trailer(self) -> None:
        http.client.parse_headers(self.fp)  # no more of them than of headers


class _Connection(http.client.HTTPConnection):
    """A connection that lives for many requests with one key: (host, origin behind a tunnel, proxy's header, TLS)."""

    call: Any = None  # that it is used for
    owner: Any = None  # the client that used it last
    socket: Any = None  # `sock` as it was last: http.client drops that while an answer is being read
    phase = ""  # what it is doing, for the text of errors
    limit: float | None = None  # the seconds that this may take
    deadline: float | None = None  # of all that is read
    answered = False  # whether a byte of the answer has come
    may_end = False  # whether the answer may end with the connection
    aborted = False
    idle_since = 0.0

    def __init__(self, key: Any, is_proxy: bool, **options: Any) -> None:
        super().__init__(key[0], **options)
        self.key = key
        self.peer = f"proxy {key[0]}" if is_proxy else f"{self.host}:{self.port}"
        self._process = os.getpid()

    @property
    def response_class(self) -> Any:  # type: ignore[override]  # pyright: ignore[reportIncompatibleVariableOverride]
        return functools.partial(_HTTPAnswer, self)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self))

    def _enter(self, phase: str, limit: float | None) -> None:
        self.phase, self.limit = phase, limit
        self.deadline = None if limit is None else time.monotonic() + limit

    def connect(self) -> None:
        self._enter(f"connecting to {self.peer}", self.timeout)
        http.client.HTTPConnection.connect(self)
        self.socket = self.sock

    def _tunnel(self) -> None:
        self.socket = self.sock
        self._enter(f"asking {self.peer} for a tunnel", self.timeout)
        try:
            super()._tunnel()  # type: ignore[misc]
        except Exception as error:
            error = error.with_traceback(None)  # whose frames hold the answer; Python 3.7 to 3.10 leave it open
            if type(error) is not OSError:
                raise error
            hint = "; check the user and password in its address" if " 407" in str(error) else ""
            raise _Refused(f"{error}{hint}") from None

    def ask(self, call: _Call, target: str, headers: Dict[str, str]) -> Any:
        """Send a request, and read the head of its answer."""
        call.connection, self.call, self.owner = self, call, call.owner
        self.answered = self.may_end = False
        limit = call.timeouts[1]
        try:
            if self.sock is None:
                self.connect()
            call.check()
            self.socket.settimeout(limit)
            self._enter(f"sending the request to {self.peer}", limit)
            try:
                self.request(call.request.method, target, call.body, headers)
            except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
                self.deadline = time.monotonic() + 1  # a server may refuse a body before it has read it all
                with contextlib.suppress(OSError, http.client.HTTPException):
                    answer = self.getresponse()
                    answer.will_close = True
                    return answer
                raise
            self._enter(f"waiting for the answer of {self.peer}", limit)
            return self.getresponse()
        except BaseException:
            self.close()
            raise

    def is_usable(self) -> bool:
        """Whether the server kept this idle connection open, and sent nothing unasked."""
        if not 0 <= time.time() - self.idle_since < _IDLE_SECONDS:  # monotonic clocks stand still in frozen containers
            return False
        if not hasattr(select, "poll"):  # Windows
            return not select.select([self.socket], [], [], 0)[0]
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return not poll.poll(0)

    def abort(self) -> None:
        """Wake up whoever waits for the socket, from any thread. A fork leaves its parent's sockets alone."""
        self.aborted = True
        if self._process == os.getpid():
            with contextlib.suppress(OSError, TypeError):  # not SSLSocket's own: unsafe while another thread reads
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


class _TLSConnection(_Connection, http.client.HTTPSConnection):  # pyright: ignore[reportIncompatibleVariableOverride]
    """The same over TLS."""

    def connect(self) -> None:
        """As `HTTPSConnection` has it; but the socket is known before the handshake, and must be closed in order."""
        _Connection.connect(self)
        self._enter(f"TLS handshake with {self.key[1] or self.peer}", self.timeout)
        name = (self._tunnel_host or self.host).strip("[]")  # type: ignore[attr-defined]
        self.sock = self.socket = self._context.wrap_socket(  # type: ignore[attr-defined]
            self.sock, server_hostname=name, do_handshake_on_connect=False, suppress_ragged_eofs=False
        )
        self.sock.do_handshake()


class _Pool:
    """The process's idle connections, the last used at the end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: List[_Connection] = []

    def take(self, key: Any) -> _Connection | None:
        """An idle connection that can be used; None where there is none."""
        while True:
            with self._lock:
                connection = next((idle for idle in reversed(self._idle) if idle.key == key), None)
                if connection is None:
                    return None
                self._idle.remove(connection)
            if connection.is_usable():
                return connection
            connection.close()

    def give(self, connection: _Connection) -> None:
        connection.idle_since = now = time.time()
        stale = []
        with self._lock:
            self._idle.append(connection)
            while len(self._idle) > _MAX_IDLE or now - self._idle[0].idle_since > _IDLE_SECONDS:
                stale.append(self._idle.pop(0))
        for old in stale:
            old.close()

    def close(self, owner: Any = None) -> None:
        """Close all idle connections, or those that `owner` used last."""
        with self._lock:
            closing = [connection for connection in self._idle if owner in (None, connection.owner)]
            self._idle = [connection for connection in self._idle if connection not in closing]
        for connection in closing:
            connection.close()

    def forget(self) -> None:
        """In a fork: close this process's copies, which the parent does not feel."""
        self._lock = threading.Lock()  # another thread of the parent may have held it
        self.close()


_pool = _Pool()
atexit.register(_pool.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.forget)

_contexts: Dict[Any, ssl.SSLContext] = {}


def _default_context() -> ssl.SSLContext:
    """The process's TLS context, since making one takes up to 20 ms; a new one when the environment names other CAs."""
    key = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    context = _contexts.get(key)
    if context is None:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options &= ~0x80  # SSL_OP_IGNORE_UNEXPECTED_EOF of Python 3.8 and 3.9: cut off would look whole
        if context.cert_store_stats()["x509"] or not ssl.get_default_verify_paths().cafile:
            _contexts[key] = context  # else the CA file could not be opened this time
    return context


class _Handler(urllib.request.BaseHandler):
    """Opens http:// and https:// on connections of the pool."""

    def __init__(self, context: ssl.SSLContext | None, proxy_headers: Dict[str, str]) -> None:
        self._context = context
        self._proxy_headers = proxy_headers

    def http_open(self, request: Any) -> Any:
        """The answer to a request: on an idle connection if there is one; if the server has closed it, on a new one."""
        call, headers = request.call, {**request.headers, **request.unredirected_hdrs}
        if request.has_proxy():
            headers.update(self._proxy_headers)
        context = (self._context or _default_context()) if request.type == "https" else None
        key = request.host, request._tunnel_host, tuple(self._proxy_headers.values()), context
        connection = _pool.take(key)
        if connection is not None:
            try:
                return connection.ask(call, request.selector, headers)
            except OSError as error:
                if connection.answered or connection.aborted or isinstance(error, socket.timeout):
                    raise
        return self._new_connection(key, request, call.timeouts[0]).ask(call, request.selector, headers)

    https_open = http_open

    def _new_connection(self, key: Any, request: Any, timeout: float | None) -> _Connection:
        origin, context = request._tunnel_host, key[-1]
        if context is None:
            return _Connection(key, request.has_proxy(), timeout=timeout)
        connection = _TLSConnection(key, bool(origin), timeout=timeout, context=context)
        if origin:
            address = origin if re.search(r":\d+$", origin) else f"{origin}:443"
            connection.set_tunnel(address, headers={"Host": address, **self._proxy_headers})
            # In brackets, which Python 3.7 to 3.12 take off an IPv6 address and do not put on again.
            connection._tunnel_host = address.rpartition(":")[0]  # type: ignore[attr-defined]
        return connection


def _proxy_for(url: urllib.parse.SplitResult) -> Tuple[str, Dict[str, str]]:
    """The address of the proxy for a URL, without user and password, and the headers for it; "" if there is none."""
    proxies = urllib.request.getproxies()
    proxy = (proxies.get(url.scheme) or proxies.get("all") or "").strip()
    if not proxy or urllib.request.proxy_bypass(url.hostname or "") or urllib.request.proxy_bypass(url.netloc):
        return "", {}
    found = re.fullmatch(r"(?ai)(?:http://)?(?:([^/?#]*)@)?(\[[\w:.%]+\]|[\w.-]+)(?::(\d*))?/?", proxy)
    if found is None or int(found[3] or 80) > 65535:
        hint = "percent-encode what is special in its user and password (# is %23, / is %2F, ? is %3F, @ is %40)"
        kind = re.match(r"\w+(?=://)|", proxy)[0]  # type: ignore[index]
        raise ConfigurationError(f"The {kind} proxy set for {url.scheme} is no good http:// address: {hint}")
    headers: Dict[str, str] = {}
    if found[1] is not None:  # by us, because ProxyHandler wants a password that is not empty
        credentials = urllib.parse.unquote(found[1] if ":" in found[1] else f"{found[1]}:").encode()
        headers["Proxy-Authorization"] = _Secret(f"Basic {base64.b64encode(credentials).decode()}")
    return f"http://{found[2]}:{found[3] or 80}", headers


def _new_opener(context: ssl.SSLContext | None, proxy: str, headers: Dict[str, str]) -> urllib.request.OpenerDirector:
    """An opener of urllib's, with these handlers alone: no redirects, no file:, no ftp:."""
    opener = urllib.request.OpenerDirector()
    opener.add_handler(urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else {}))
    opener.add_handler(_Handler(context, headers))
    return opener


def _unpacked(blocks: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """A compressed body, which nobody asked for, unpacked; one that grows beyond all measure is refused."""
    import zlib

    if coding not in ("gzip", "x-gzip", "deflate"):
        raise _BrokenAnswer(f"the answer is encoded as {coding[:8]!r}, which was not asked for")
    unpacker, packed, size = zlib.decompressobj(47), 0, 0
    for block in blocks:
        if not packed and coding == "deflate" and block[0] & 15 != 8:  # without zlib's head
            unpacker = zlib.decompressobj(-15)
        packed += len(block)
        while block:
            if unpacker.eof:  # another member follows
                unpacker = zlib.decompressobj(47)
            try:
                data = unpacker.decompress(block, _BLOCK)
            except zlib.error as error:
                raise _BrokenAnswer(f"the answer cannot be unpacked: {error}") from None
            size += len(data)
            if size > 256 * _BLOCK and size > 200 * packed:
                raise _BrokenAnswer("the answer unpacks to more than 200 times its size")
            if data:
                yield data
            block = unpacker.unconsumed_tail or unpacker.unused_data
    if packed and not unpacker.eof:
        raise _BrokenAnswer("the answer's compressed body is cut off")


class Response:
    """An HTTP answer: `status_code`, `headers`, `url`, `request`, and its body as `content`, `text` or `json()`."""

    _answer: Any = None  # while there is more to read
    _connection: Any = None  # of it; none of ours if the caller's opener answered
    _begun = b""  # what has been read of it, and not been taken
    _content: bytes | None = None  # all of it
    _is_reading = False
    _is_complete = False  # whether a stream has come to its end

    def __init__(self, call: _Call, answer: Any, secrets: Iterable[str] = ()) -> None:
        self.status_code: int = answer.getcode()
        self.headers = answer.headers
        self.request = call.request
        self.url = call.request.url
        self.is_closed = False
        self._secrets = [secret for secret in secrets if secret]
        self._answer = answer
        self._connection = getattr(answer, "connection", None)
        self._timeout = call.timeouts[1]
        self._deadline = None if self._timeout is None else time.monotonic() + self._timeout
        # Without a length and without chunks, the body ends with the connection, whether all has come or not.
        self._is_framed = bool(getattr(answer, "chunked", False)) or getattr(answer, "length", 0) is not None
        coding = self.headers.get("content-encoding", "").strip().lower()
        if coding not in ("", "identity"):
            self._read = functools.partial(next, _unpacked(iter(self._read, b""), coding), b"")  # type: ignore[method-assign]

    def _read(self) -> bytes:
        """More of the body, as it came."""
        block: bytes = getattr(self._answer, "read1", self._answer.read)(_BLOCK)
        if not block and getattr(self._answer, "length", None):  # http.client does not tell
            raise _BrokenAnswer("the connection was closed before the end of the answer")
        if block and self._deadline is not None and time.monotonic() > self._deadline:
            raise socket.timeout("timed out")
        return block

    def _read_block(self) -> bytes:
        """More of the body, unpacked; b"" at its end, where the connection goes back to the pool."""
        block: Any = self._begun
        if block:
            self._begun = b""
            return block
        block, connection, self._is_reading = None, self._connection, True
        try:
            if self.is_closed:  # what was read, or dropped, must not look like an empty body
                raise APIConnectionError(message="The answer was read or closed before.", request=self.request)
            block = b"" if self._answer is None else self._read()
            return block
        except (OSError, ValueError, AttributeError, http.client.HTTPException) as error:
            raise _connection_error(error, self.request, connection, self._timeout) from error
        finally:
            self._is_reading = False
            if not block or self.is_closed:
                self._release(block == b"")

    def _release(self, whole: bool = False) -> None:
        """Give the connection back to the pool, or close it where it cannot be used again."""
        answer: Any = self._answer
        connection: Any = self._connection
        self._answer = self._connection = None
        if answer is not None:
            answer.close()
        if connection is not None:
            connection.call = None
            unusable = answer is None or answer.will_close or connection.aborted or connection.owner._closed
            if whole and not unusable:
                _pool.give(connection)
            else:
                connection.close()

    def _limit_waits(self, seconds: float = None) -> None:
        """From here on the time limit is for each wait, not for the whole answer; or so many seconds for the rest."""
        self._deadline = None
        if self._connection is not None:
            self._connection.deadline = seconds and time.monotonic() + seconds
            self._connection.socket.settimeout(self._timeout)

    def _finish(self) -> None:
        """Take what little may follow the end of a stream, so that its connection can be used again."""
        if self._connection is not None:
            with contextlib.suppress(APIConnectionError, OSError):  # closed already, it may be
                self._limit_waits(0.01)
                for _ in itertools.islice(iter(self._read_block, b""), 16):
                    pass

    def _peek(self, size: int) -> bytes:
        """So many bytes of the body, or as many as there are; they will be read again."""
        begun = b""
        for block in iter(self._read_block, b""):
            begun += block
            if len(begun) >= size:
                break
        self._begun = begun
        return begun

    def _load_error(self) -> None:
        """Read an error's body, or what there is of it."""
        content = bytearray()
        with contextlib.suppress(APIConnectionError):  # the status says more
            for block in iter(self._read_block, b""):
                content += block
                if len(content) > _MAX_ERROR:
                    break
        self._content = bytes(content)
        self._forget_secrets()

    def _forget_secrets(self) -> None:
        """Make a response that is part of an error fit to be shown."""
        self.close()
        for secret in self._secrets:
            self._content = (self._content or b"").replace(secret.encode(), b"***")
        self._secrets = []

    def read(self) -> bytes:
        """The whole body."""
        if self._content is None:
            try:
                self._content = b"".join(iter(self._read_block, b""))
            finally:
                self.close()
        return self._content

    @property
    def content(self) -> bytes:
        return self.read()

    @property
    def text(self) -> str:
        charset = self.headers.get_content_charset("utf-8")
        if not re.search("puny|idna|escape", charset):  # no charsets, and without a limit in time
            with contextlib.suppress(LookupError, ValueError):
                return self.content.decode(charset, "replace")
        return self.content.decode("utf-8", "replace")

    def json(self, **options: Any) -> Any:
        """The body, parsed, with the options of `json.loads`; `ValueError` when it is no JSON."""
        try:
            return json.loads(self.content, **options)
        except RecursionError:
            raise ValueError("nested too deeply") from None

    def iter_bytes(self, chunk_size: int = None) -> Iterator[bytes]:
        """The body in blocks of `chunk_size` bytes, or as they come."""
        if chunk_size is not None:
            _checked_number("chunk_size", chunk_size, 1, int)
        rest = b""
        try:
            for block in [self._content] if self._content is not None else iter(self._read_block, b""):
                rest += block
                size = chunk_size or len(rest) or 1
                yield from (rest[start : start + size] for start in range(0, len(rest) - size + 1, size))
                rest = rest[len(rest) - len(rest) % size :]
            if rest:
                yield rest
        finally:
            self.close()

    def close(self) -> None:
        """Drop what has not been read."""
        if not self.is_closed:
            self.is_closed = True
            connection = self._connection
            if connection is not None:
                connection.abort()  # a thread that reads is woken up, and closes
            if not self._is_reading:
                self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if not getattr(self, "is_closed", True):
            self.close()

    def __getstate__(self) -> _Dict:
        if not self.is_closed:
            self.read()
        kept = self.__dict__.keys() - {"_answer", "_connection", "_read", "_on_block", "_run", "_secrets"}
        return {**{name: self.__dict__[name] for name in kept}, "_secrets": []}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self.status_code}]>"


class BinaryResponse(Response):
    """A file that the platform answers: it is not read before it is asked for, and need not fit into memory."""

    _on_block: Any = None  # is told (bytes done, bytes in all or 0)
    _done = 0
    _run: Any = None  # of an asynchronous client: runs a function in a thread

    def _read_block(self) -> bytes:
        block = super()._read_block()
        self._done += len(block)
        if block and self._on_block is not None:
            length = self.headers.get("content-length", "")
            self._on_block(self._done, int(length) if length.isdecimal() else 0)
        return block

    @property
    def response(self) -> BinaryResponse:
        return self

    def stream_to_file(self, file: Union[str, os.PathLike[str]], *, chunk_size: int = None) -> None:
        """Write the body to a path; the file gets its name only when it is complete."""
        path = os.path.realpath(os.fsdecode(file))
        special = os.path.exists(path) and not os.path.isfile(path)  # /dev/null and its like are written to
        partial = path if special else os.path.join(os.path.dirname(path), f".{os.urandom(4).hex()}.part")
        try:
            with open(partial, "wb") as target:
                target.writelines(self.iter_bytes(chunk_size))
            if not special:
                if os.path.exists(path):
                    os.chmod(partial, os.stat(path).st_mode & 0o777)
                os.replace(partial, path)
        except BaseException:
            if not special and os.path.exists(partial):
                os.unlink(partial)
            raise

    write_to_file = stream_to_file

    async def _await(self, function: Callable[..., Any], *arguments: Any) -> Any:
        def work(job: Any) -> Any:
            job.stop = self.close
            return function(*arguments)

        return function(*arguments) if self._run is None else (await self._run(work))[0]

    async def aread(self) -> bytes:
        """`read`, with an asynchronous client; likewise the other methods with an `a`."""
        return await self._await(self.read)

    async def aiter_bytes(self, chunk_size: int = None) -> AsyncIterator[bytes]:
        blocks = self.iter_bytes(chunk_size)
        try:
            block = await self._await(next, blocks, b"")
            while block:
                yield block
                block = await self._await(next, blocks, b"")
        finally:
            self.close()

    async def astream_to_file(self, file: Union[str, os.PathLike[str]], *, chunk_size: int = None) -> None:
        await self._await(lambda: self.stream_to_file(file, chunk_size=chunk_size))

    awrite_to_file = astream_to_file

    async def aclose(self) -> None:
        self.close()


HttpxBinaryResponseContent = BinaryResponse


def _connection_error(error: Any, request: Request, connection: Any, limit: Any) -> APIConnectionError:
    """What went wrong on the wire, where, and what to do about it."""
    phase = f"the exchange with {urllib.parse.urlsplit(request.url).netloc}"
    if connection is not None:
        phase, limit = connection.phase, connection.limit
    if isinstance(getattr(error, "reason", None), OSError):  # what an opener wraps it in
        error = error.reason
    if isinstance(error, socket.timeout):
        seconds = f" ({limit:g} s)" if limit is not None else ""
        return APITimeoutError(request, message=f"Request timed out: {phase}{seconds}.")
    advice = ""
    if isinstance(error, (ssl.SSLEOFError, http.client.IncompleteRead, AttributeError)):
        error = "the connection broke off before the end of the answer"
    elif isinstance(error, ssl.SSLCertVerificationError):
        advice = "Check clock and base_url, and set SSL_CERT_FILE to the CA file (of the proxy, if one intercepts TLS)"
        if error.verify_code > 75:
            advice = "Renew it, or pass an ssl_context without ssl.VERIFY_X509_STRICT, the default since Python 3.13"
    elif isinstance(error, ssl.SSLError):
        advice = "Check that the address speaks TLS 1.2 or later, and whether a proxy interferes"
    message = f"Connection error: {phase}: {error or type(error).__name__}{advice and '. '}{advice}."
    return APIConnectionError(message=message, request=request)


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


# ---------------------------------------------------- The client core: build a request, send it, retry, read the answer


def _log(level: str, message: str, *values: Any) -> None:
    """To the logger `zhipuai_lite`. Only a warning imports `logging` (4 ms): without it, nobody listens."""
    if level == "warning":
        import logging  # noqa: F401
    if "logging" in sys.modules:
        getattr(sys.modules["logging"].getLogger("zhipuai_lite"), level)(message, *values)


def _checked(argument: str, value: Any, kind: Any) -> Any:
    """`value`, if None or of a class."""
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"{argument}: expected {kind}, got {type(value)}")
    return value


def _checked_mapping(argument: str, value: Any) -> Any:
    """`value`, if it is a mapping; an empty one for what is empty."""
    return _checked(argument, value or None, collections.abc.Mapping) or {}


def _checked_timeout(timeout: Any) -> Tuple[float | None, float | None]:
    """(connect, read) in seconds, None for no limit, of any form that a timeout has."""
    if hasattr(timeout, "connect") and hasattr(timeout, "read"):
        timeout = timeout.connect, timeout.read
    values = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(values) not in (2, 4):  # httpx has (connect, read, write, pool)
        raise ValueError("timeout: expected seconds, None or (connect, read)")
    connect, read = (value if value is None else _checked_number("timeout", value, 0.001) for value in values[:2])
    return connect, read


def _checked_base_url(base_url: Any, argument: str) -> urllib.parse.SplitResult:
    text = str(base_url).strip()
    pattern = r"(?ai)https?://([a-z0-9._~-]+|\[[0-9a-f:.]+(%\w+)?\])(:\d+)?(/[!$-;=@-~]*)?"
    with contextlib.suppress(ValueError):  # a port or an IPv6 address that cannot be
        url = urllib.parse.urlsplit(text)
        if re.fullmatch(pattern, text) and url.port != 0:
            return url._replace(path=url.path.rstrip("/") + "/")
    raise ConfigurationError(f"{argument}: expected http[s]://host[:port][/path]")  # it may hold a password


def _encoded(text: str, argument: str) -> bytes:
    """UTF-8; names that the file system could not decode go out as the bytes that they are."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise ValueError(f"{_readable(argument)}: {error}") from None


def _path_segment(value: Any, argument: str) -> str:
    """An identifier as one segment of a path, so that it can name nothing else."""
    text = _form_text(value, argument)
    if isinstance(value, bool) or text in ("", ".", ".."):
        raise ValueError(f"{argument}: expected an identifier, got {value!r}")
    return urllib.parse.quote(_encoded(text, argument), safe="")


def _checked_path(path: Any) -> str:
    up = r"#|(^|/)\.\.?(/|\?|$)"
    if not isinstance(path, str) or re.match(r"[\w+.-]*:?//", path) or re.search(up, urllib.parse.unquote(path)):
        raise ValueError(f"path: expected a path below the base URL, got {path!r:.100}")
    return urllib.parse.quote(_encoded(path, "path"), safe="/%?=&:@!$'()*+,;~")


def _with_headers(headers: Dict[str, str], more: Any, argument: str) -> Dict[str, str]:
    """`headers` with `more` put over them, whatever case their names have; None takes one away."""
    for name, value in _checked_mapping(argument, more).items():
        if not isinstance(name, str) or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            raise ValueError(f"{argument}: {name!r:.50} is no name of a header")
        if name.lower() in ("content-length", "transfer-encoding"):
            raise ValueError(f"{argument}: {name} is not for the caller to set")
        headers = {other: kept for other, kept in headers.items() if other.lower() != name.lower()}
        if value is None or value is NOT_GIVEN:
            continue
        text = _form_text(value, f"{argument}: {name}")
        if not re.fullmatch(r"[\t\x20-\x7e\xa0-\xff]*", text):
            raise ValueError(f"{argument}: {name}: expected Latin-1 without control characters")
        headers[name] = _Secret(text) if name.lower() in _SECRET_HEADERS else text
    return headers


def _plain(value: Any) -> Any:
    """What JSON can hold of an object."""
    kind = type(value)
    if hasattr(kind, "model_dump"):  # pydantic 2
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if hasattr(kind, "__fields__"):  # pydantic 1
        return value.dict(by_alias=True, exclude_none=True)
    if hasattr(kind, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in kind.__dataclass_fields__}
    if hasattr(kind, "keys"):
        return dict(value)
    raise TypeError(f"{kind.__name__} cannot be sent as JSON")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain).encode


def _json_bytes(body: Any, argument: str = "body") -> bytes:
    """JSON; an error names the argument that cannot be encoded."""
    try:
        return _encode(body).encode()
    except (TypeError, ValueError, RecursionError) as error:
        if argument == "body" and isinstance(body, dict):
            for name, value in body.items():
                _json_bytes(value, str(name))
        raise (TypeError if isinstance(error, TypeError) else ValueError)(f"{argument}: {error}") from None


def _form_text(value: Any, argument: str) -> str:
    """Text as it is; numbers and bools as JSON has them."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        return _json_bytes(value, argument).decode()
    raise TypeError(f"{argument}: expected text or a number, got {type(value).__name__}")


def _query(values: _Mapping) -> str:
    pairs = []
    for name, value in values.items():
        for item in value if isinstance(value, (list, tuple)) else [value]:
            text = "" if item is None else _form_text(item, name)
            pairs.append((_encoded(str(name), name), _encoded(text, name)))
    return urllib.parse.urlencode(pairs)


def _form_fields(name: str, value: Any, plain: bool) -> Iterator[Tuple[str, str]]:
    """A parameter as form fields: `name[]` for the items of a list (`name` where `plain`), `name[key]` of a mapping."""
    if name.count("[") > 99:
        raise ValueError(f"{name:.50}: nested too deeply for a form")
    if hasattr(value, "items"):
        for key, item in value.items():
            yield from _form_fields(f"{name}[{key}]", item, plain)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _form_fields(name if plain else f"{name}[]", item, plain)
    elif value is not None:
        text = _form_text(value, name)
        if text:
            yield name, text


class _Source:
    """The content of one file of a form, read anew for each try."""

    def __init__(self, value: Any, argument: str) -> None:
        given = value if isinstance(value, tuple) else (NOT_GIVEN, value)
        if not 2 <= len(given) <= 4:
            raise TypeError(f"{argument}: expected (name, content[, content_type[, headers]])")
        name, content, kind, headers = (*given, None, None)[:4]
        self._argument = argument
        self._content: Any = _encoded(content, argument) if given is value and isinstance(content, str) else content
        self._size = self._found_size()
        if name is NOT_GIVEN:
            known = getattr(content, "name", None)  # of some files, a number
            name = os.path.basename(known if isinstance(known, (str, bytes)) else "upload")
        name = name and os.fsdecode(_checked(argument, name, (str, bytes, os.PathLike)))
        if name and not kind:
            import mimetypes

            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = _with_headers(_with_headers({}, {"Content-Type": kind}, argument), headers, argument)
        self.head = f'; filename="{_quoted(str(name))}"' if name is not None else ""
        self.head += "".join(f"\r\n{header}: {value}" for header, value in headers.items())

    def _opened(self) -> Any:
        """The content as a file, at its start; one that is the caller's stays open."""
        if isinstance(self._content, os.PathLike):
            return open(self._content, "rb")
        if isinstance(self._content, (bytes, bytearray, memoryview)):
            return io.BytesIO(self._content)
        self._content.seek(0)
        return contextlib.nullcontext(self._content)

    def _found_size(self) -> int:
        try:
            with self._opened() as file:
                if isinstance(file, io.TextIOBase):
                    raise TypeError("it is opened in text mode")
                size: int = file.seek(0, 2) or file.tell()
        except (AttributeError, TypeError, ValueError, OSError) as error:
            advice = "pass bytes, or a file as pathlib.Path or open in binary mode"
            raise ValueError(f"{self._argument}: {error}: {advice}") from error
        if not size:
            raise ValueError(f"{self._argument}: the file is empty")
        return size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        """The content, exactly so many bytes of it."""
        left = self._size
        try:
            with self._opened() as file:
                while left:
                    block = file.read(min(left, _BLOCK))
                    if not isinstance(block, bytes) or not 0 < len(block) <= left:
                        raise ValueError(f"read() gave {type(block).__name__} of another size or kind than before")
                    left -= len(block)
                    yield block
        except Exception as error:
            raise ZhipuAIError(f"{self._argument}: reading the file failed: {error}") from error


class _Multipart:
    """A multipart form, fields before files."""

    def __init__(self, body: _Mapping, files: _Mapping, plain_lists: bool, on_block: Any) -> None:
        self._boundary = os.urandom(16).hex()
        self.content_type = f"multipart/form-data; boundary={self._boundary}"
        self._on_block = on_block  # is told (bytes done, bytes in all)
        self._parts: List[Any] = []  # bytes and files
        for name, value in body.items():
            for field, text in _form_fields(str(name), value, plain_lists):
                self._add(field, "", _encoded(text, field))
        for name, file in files.items():
            source = _Source(file, str(name))
            self._add(str(name), source.head, source)
        self._parts.append(f"--{self._boundary}--\r\n".encode())
        self.size = sum(map(len, self._parts))

    def _add(self, name: str, head: str, content: Any) -> None:
        head = f'--{self._boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"{head}\r\n\r\n'
        self._parts += [_encoded(head, name), content, b"\r\n"]

    def __iter__(self) -> Iterator[bytes]:
        done = 0
        for part in self._parts:
            for block in part if isinstance(part, _Source) else [part]:
                yield block
                done += len(block)
                if self._on_block:
                    self._on_block(done, self.size)


def _quoted(text: str) -> str:
    """A name for quotes: no quote or line break in it ends it."""
    text = text.replace("\\", "\\\\")
    return re.sub('["\x00-\x1f\x7f]', lambda found: f"%{ord(found.group()):02X}", text)


_NOTHING: Dict[str, str] = {}


class _Interface:
    """An interface, as its declaration has it: the signature says what is sent, the decorator the rest."""

    # The options of the decorators.
    chunk: Any = None  # the class of a stream's chunks
    streams: bool = False  # unless told not to
    files: Tuple[str, ...] = ()  # the parameters that are files
    one_of: Tuple[str, ...] = ()  # the parameters of which one is needed
    form_only: bool = False  # a form even without a file
    plain_lists: bool = False  # in a form, the items of a list have its name as it is
    renamed: _Mapping = _NOTHING  # parameters that have another name on the wire, or none
    headers: _Mapping = _NOTHING  # parameters that are sent as a header
    prepare: Any = None  # changes the values before they are sent
    timeout: str = "timeout"  # the parameter that is the time limit
    polls = False

    def __init__(self, function: Any, request: str, options: _Dict) -> None:
        self.__dict__.update(options)
        code, defaults = function.__code__, function.__defaults__ or ()
        self.function = function
        self.method, _, self.path = request.partition(" ")
        self.name = function.__name__
        self.names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        self.positional = self.names[: code.co_argcount - 1]
        self.known = dict.fromkeys((*self.names, "extra_headers", "extra_body", "timeout"))
        self.in_path = re.findall("{(.*?)}", self.path)
        self.sends_body = self.method not in ("GET", "DELETE") and bool(set(self.names).difference(self.in_path))
        given = {**dict(zip(self.positional[::-1], defaults[::-1])), **(function.__kwdefaults__ or {})}
        self.required = [name for name in self.names if name not in given]
        self.defaults = {name: value for name, value in given.items() if value is not None}
        self.result = globals()[function.__annotations__["return"].partition(" ")[0]]
        self.polls = hasattr(self.result, "_poll") and self.name in self.result._poll[0]  # for the state of a task
        kinds = ["*/*" if self.result is BinaryResponse else "application/json", "text/event-stream"]
        always = self.streams and "stream" not in self.names
        self.accept = ", ".join(kinds[always : 1 + bool(self.chunk)])

    def bound(self, resource: Any, args: Tuple[Any, ...], kwargs: _Dict) -> _Dict:
        """The parameters that were given, by name: None is not given, but for the timeout."""
        for name in kwargs.keys() - self.known:
            takes = f"got an unexpected keyword argument {name!r}; it takes {', '.join(self.known)}"
            raise TypeError(f"{self.function.__qualname__}() {takes}")
        self.function(resource, *args, **kwargs)  # raises what any Python function raises for wrong arguments
        values = {**self.defaults, **dict(zip(self.positional, args)), **kwargs}
        values = {n: v for n, v in values.items() if v is not NOT_GIVEN and (v is not None or n == self.timeout)}
        given = {**_checked_mapping("extra_body", values.get("extra_body")), **values}
        for name in self.required:
            if name not in given:
                raise TypeError(f"{name}: {self.function.__qualname__}() needs it, and got None")
        if self.one_of and not any(name in given for name in self.one_of):
            raise TypeError(f"{' or '.join(self.one_of)}: {self.function.__qualname__}() needs one of them")
        return values

    def parts(self, given: _Dict) -> Tuple[str, _Mapping, _Mapping, Any, _Mapping]:
        """What goes into the path, the query, the headers, the body and the files of a form."""
        left_out = ("extra_headers", "extra_body", "disable_strict_validation", self.timeout)
        values = {name: value for name, value in given.items() if name not in left_out}
        if self.prepare is not None:
            self.prepare(values)
        path = self.path
        for name in self.in_path:
            path = path.replace(f"{{{name}}}", _path_segment(values.pop(name, None), name))
        headers = {header: values[name] for name, header in self.headers.items() if name in values}
        for name, new in self.renamed.items():
            if name in values:
                values[new] = values.pop(name)
        values.pop("", None)
        files = {name: values.pop(name) for name in self.files if name in values}
        if self.method in ("GET", "DELETE"):
            return path, values, headers, None, files
        return path, {}, headers, values if self.sends_body else None, files

    @property
    def __signature__(self) -> Any:
        """For `inspect` and `help`: as a person would write it."""
        import inspect

        def readable(text: str, default: Any = NOT_GIVEN) -> Any:
            text = re.sub(r"\b_\w+", lambda found: _MEANINGS[found[0]], text)
            text += " | None" if default is None and not re.search("Any$|None", text) else ""
            return type("Annotation", (str,), {"__repr__": str.__str__})(text)

        signature, common = inspect.signature(self.function), inspect.signature(_take_options)
        this, *own = signature.parameters.values()
        if own and own[-1].name == "options":
            own[-1:] = common.parameters.values()
        own = [each.replace(annotation=readable(each.annotation, each.default)) for each in own]
        return signature.replace(parameters=[this, *own], return_annotation=readable(signature.return_annotation))


_MEANINGS = {
    "_List": "Sequence[Any]", "_Mapping": "Mapping[str, Any]", "_Bool": "bool", "_Seconds": "float | tuple | None"
}  # fmt: skip


def _take_options(*, extra_headers: _Mapping = None, extra_body: _Mapping = None, timeout: _Seconds = NOT_GIVEN) -> Any:
    """What every interface takes."""


class Resource(Generic[_Client]):
    """A group of interfaces. The groups in it are its annotations, made on first use."""

    _client: _Client

    def __init__(self, client: _Client) -> None:
        self._client = client

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            group = _groups(type(self)).get(name)
            if group is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            resource = self.__dict__[name] = group(self._client)
            return resource

        def __dir__(self):
            return [*super().__dir__(), *_groups(type(self))]


def _groups(cls: type) -> Dict[str, Any]:
    """The annotations `name: Group[_Client]` of a class and its bases."""
    found = {}
    for base in reversed(cls.__mro__):
        for name, annotation in getattr(base, "__annotations__", {}).items():
            if str(annotation).endswith("[_Client]"):
                found[name] = globals()[annotation[:-9]]
    return found


if TYPE_CHECKING:
    _Function = Callable[Concatenate[Any, _P], _R_co]

    class _Endpoint(Protocol[_R_co, _A_co]):
        """What a method of a resource is, with a client and with an asynchronous one."""

        @overload
        def __get__(self, resource: Resource[ZhipuAI], owner: Any = None) -> _R_co: ...
        @overload
        def __get__(self, resource: Resource[AsyncZhipuAI], owner: Any = None) -> _A_co: ...

    class _StreamCall(Protocol[_P, _Streamed, _Either, _R_co, _A_co]):
        """A method whose result depends on the type of `stream`."""

        @overload
        def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R_co: ...
        @overload
        def __call__(self, *args: _Streamed.args, **kwargs: _Streamed.kwargs) -> _A_co: ...
        @overload
        def __call__(self, *args: _Either.args, **kwargs: _Either.kwargs) -> Union[_R_co, _A_co]: ...


def _interface(
    request: str, docs: str = "", **options: Any
) -> Callable[[_Function[_P, _R_co]], _Endpoint[Callable[_P, _R_co], Callable[_P, Awaitable[_R_co]]]]:
    """Declare an interface: method and path, in which {name} is a parameter; /api/... hangs on the base URL's root."""

    def decorate(function: Any) -> Any:
        function.__qualname__ = function.__qualname__.lstrip("_")  # the group's, in Python's own errors too
        interface = _Interface(function, request, options)

        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            return self._client._call(self, interface, interface.bound(self, args, kwargs))

        functools.update_wrapper(call, function)
        call.__wrapped__ = interface  # type: ignore[attr-defined]  # whose signature is shown
        call.__annotations__ = {}  # whose names are there for checkers only
        page = f"api-reference/{docs}" if docs else "cn/api/introduction"
        call.__doc__ = interface.__doc__ = f"{function.__doc__}\n\n{request}\nhttps://docs.bigmodel.cn/{page}"
        return call

    return decorate


def _streaming(
    off: _Function[_P, _R_co], on: _Function[_Streamed, _R_co], either: _Function[_Either, _R_co],
    request: str, chunk: Type[_C], docs: str = "", **options: Any,
) -> _Endpoint[
    _StreamCall[_P, _Streamed, _Either, _R_co, Stream[_C]],
    _StreamCall[_P, _Streamed, _Either, Awaitable[_R_co], Awaitable[AsyncStream[_C]]],
]:  # fmt: skip
    """Declare an interface that answers with a stream of `chunk` for `stream=True`.

    The first three are one function of a class that is generic in the type of `stream`: so checkers get to know its
    signature with False, with True and with either, and what it returns for each.
    """
    return _interface(request, docs, **options, chunk=chunk)(off)  # type: ignore[return-value]


def _streaming_unless(
    off: _Function[_P, _R_co], on: _Function[_Streamed, _R_co], either: _Function[_Either, _R_co],
    request: str, chunk: Type[_C], docs: str = "",
) -> _Endpoint[
    _StreamCall[_Streamed, _P, _Either, Stream[_C], _R_co],
    _StreamCall[_Streamed, _P, _Either, Awaitable[AsyncStream[_C]], Awaitable[_R_co]],
]:  # fmt: skip
    """The same for an interface that answers with a stream unless told not to."""
    return _interface(request, docs, chunk=chunk, streams=True)(off)  # type: ignore[arg-type, return-value]


def _events(
    request: str, chunk: Type[_C], docs: str = "", **options: Any
) -> Callable[[_Function[_P, Any]], _Endpoint[Callable[_P, Stream[_C]], Callable[_P, Awaitable[AsyncStream[_C]]]]]:
    """Declare an interface that answers with a stream of `chunk`, and nothing else."""
    return _interface(request, docs, **options, chunk=chunk, streams=True)


def _paged(
    request: str, item: Type[_C], docs: str = ""
) -> Callable[[_Function[_P, _R_co]], _Endpoint[Callable[_P, _R_co], Callable[_P, Awaitable[AsyncPage[_C]]]]]:
    """Declare an interface that answers with pages of `item`."""
    return _interface(request, docs)  # type: ignore[return-value]


class _AnyInterface(_Interface):
    """What `request` asks for: its arguments are the parts."""

    name, accept = "request", "*/*"

    def __init__(self, function: Any, method: Any, result: Any, stream: Any) -> None:
        if not isinstance(method, str) or not re.fullmatch("[A-Za-z]+", method):
            raise ValueError(f"method: expected GET, POST or the like, got {_readable(repr(method), 50)}")
        self.function, self.method, self.streams = function, method, bool(stream)
        is_class = isinstance(result, type) and (result is dict or issubclass(result, (Model, Response)))
        self.result = result if is_class else Model
        chunk = self.result if issubclass(self.result, Model) else Model
        self.chunk = ChatCompletionChunk if chunk is Completion else chunk

    def parts(self, given: _Dict) -> Tuple[str, _Mapping, _Mapping, Any, _Mapping]:
        query, headers, files = (_checked_mapping(name, given.get(name)) for name in ("params", "headers", "files"))
        return _checked_path(given["path"]), query, headers, given["body"], files


class _Core(Resource[_Client]):
    """What both clients are made of. `_send` is the one way that every call goes."""

    _key_variable = "ZHIPUAI_API_KEY"
    _url_variable = "ZHIPUAI_BASE_URL"
    _default_url = "https://open.bigmodel.cn/api/paas/v4/"
    _own_headers: Dict[str, str] = _NOTHING
    base_url = ""  # until it is known to be good
    _call: Any  # what an interface returns, or what it is awaited by
    _follow: Any  # likewise for `wait`
    _opener: Any = None
    _progress: Any = None  # is told (bytes done, bytes in all or 0) of uploads and downloads
    _closed = False

    def __init__(
        self, *, api_key: str = None, base_url: Any = None, timeout: _Seconds = NOT_GIVEN, max_retries: int | None = 3,
        http_client: urllib.request.OpenerDirector = None, custom_headers: _Mapping = None,
        disable_token_cache: bool | None = False, source_channel: str = None, ssl_context: ssl.SSLContext = None,
        max_connections: int | None = 256,
    ) -> None:  # fmt: skip
        self._client: Any = self
        self._workers: Dict[int, _Workers] = {}  # of the asynchronous client, for each process
        key = _Secret(os.environ.get(self._key_variable, "")) if api_key is None else api_key
        self.api_key = key = api_key = _checked_key(key, self._key_variable)  # tracebacks show this frame, too
        url = base_url if base_url is not None else os.environ.get(self._url_variable) or self._default_url
        self._base = _checked_base_url(url, "base_url" if base_url is not None else self._url_variable)
        self.base_url = self._base.geturl()
        self.timeout = (8.0, 300.0) if timeout is NOT_GIVEN else timeout
        _checked_timeout(self.timeout)
        self.max_retries = _checked_number("max_retries", 3 if max_retries is None else max_retries, 0, int)
        limit = 256 if max_connections is None else max_connections
        self.max_connections = _checked_number("max_connections", limit, 1, int)
        self._opener = self.http_client = _checked("http_client", http_client, urllib.request.OpenerDirector)
        self.ssl_context = _checked("ssl_context", ssl_context, ssl.SSLContext)
        self.disable_token_cache = bool(disable_token_cache)
        self.source_channel = source_channel or "python-sdk"
        headers = {"User-Agent": f"zhipuai_lite/{__version__}", "Accept-Encoding": "identity", **self._own_headers}
        headers = _with_headers(headers, {"x-source-channel": self.source_channel}, "source_channel")
        self._headers = _with_headers(headers, custom_headers, "custom_headers")
        self.custom_headers = custom_headers and {name: self._headers.get(name) for name in custom_headers}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r})"

    def __getstate__(self) -> _Dict:
        if self.http_client is not None or self.ssl_context is not None:
            raise TypeError("A client with its own http_client or ssl_context cannot be pickled.")
        state = {name: value for name, value in self.__dict__.items() if not isinstance(value, Resource)}
        return {**state, "_opener": None, "_workers": {}, "_progress": None}

    def __setstate__(self, state: _Dict) -> None:
        self.__dict__.update(state, _client=self)

    @property
    def _signs(self) -> bool:
        return not self.disable_token_cache and _can_sign(self.api_key)

    @property
    def auth_headers(self) -> Dict[str, str]:
        """The Authorization header of a request that is sent now."""
        return {"Authorization": _Secret("Bearer " + (_tokens.get(self.api_key) if self._signs else self.api_key))}

    @property
    def _default_headers(self) -> Dict[str, str]:
        """The headers of a JSON request, for programs that send it by other means."""
        return {"Accept": "application/json", "Content-Type": "application/json", **self.auth_headers, **self._headers}

    def is_closed(self) -> bool:
        return self._closed

    def _build(self, resource: Any, interface: _Interface, values: _Dict) -> _Call:
        """A request; whatever is wrong with its arguments is found here."""
        path, query, headers, body, files = interface.parts(values)
        if values.get("extra_body") is not None:
            body = {**_checked_mapping("body", body), **_checked_mapping("extra_body", values["extra_body"])}
        headers = _with_headers({**self._headers, "Accept": interface.accept}, headers, "headers")
        content: Any = None
        if files or interface.form_only:
            content = _Multipart(_checked_mapping("body", body), files, interface.plain_lists, self._progress)
            headers.update({"Content-Type": content.content_type, "Content-Length": str(content.size)})
        elif body is not None:
            content = _json_bytes(body)
            headers["Content-Type"] = "application/json"
        own, timeout = values.get("extra_headers"), values.get(interface.timeout, NOT_GIVEN)
        headers = _with_headers(headers, own, "extra_headers")
        timeouts = _checked_timeout(self.timeout if timeout is NOT_GIVEN else timeout)
        call = _Call(self, interface, self._url(path, query), headers, content, timeouts)
        call.signs = all(name.lower() != "authorization" for name in [*(self.custom_headers or ()), *(own or ())])
        if values.get("disable_strict_validation"):
            call.result = dict
        asked = body.get("stream", interface.streams) if isinstance(body, dict) else interface.streams
        call.stream = bool(asked and interface.chunk)
        if issubclass(call.result, SyncCursorPage):
            call.page = functools.partial(_fetch_page, resource, interface.name, values), query.get("after")
        return call

    def _url(self, path: str, query: _Mapping) -> str:
        url = self.base_url + path.lstrip("/")
        if path.startswith("/api/"):  # hangs on the base URL's root
            url = self._base._replace(path=self._base.path.rpartition("/api/")[0] + path).geturl()
        return url + ("&" if "?" in url else "?") + _query(query) if query else url

    def _send(self, call: _Call) -> Any:
        """Send a request until an answer can be read, waiting will not help, or no tries are left."""
        attempt, resigned = 1, False
        while True:
            try:
                return self._attempt(call, attempt)
            except APIError as error:
                if not resigned and self._clock_was_wrong(error):
                    resigned = True
                    continue
                if attempt > self.max_retries or not _can_succeed(error):
                    raise
                delay = _retry_delay(error, attempt)
                reason = getattr(error, "status_code", type(error).__name__)
            _log("info", "%r: %s, try %d of %d in %.1f s", call.request, reason, attempt, self.max_retries, delay)
            (_sleep if call.job is None else call.job.sleep)(delay)
            attempt += 1

    def _attempt(self, call: _Call, attempt: int) -> Any:
        """Send a request once, and read the answer as what the interface returns."""
        if self._closed:
            raise ZhipuAIError("The client is closed.")
        call.check()
        started = time.monotonic()
        opener = self._opener = self._opener or self._new_opener()
        authorization = self.auth_headers if call.signs else {}
        try:
            answer = opener.open(call.encoded(authorization), timeout=call.timeouts[1])
            if answer is None:
                raise _BrokenAnswer("the http_client gave no answer")
        except urllib.error.HTTPError as error:  # how the standard opener hands out answers that are not 2xx
            answer = error
        except ConfigurationError:
            raise
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise _connection_error(error, call.request, call.connection, call.timeouts[1]) from error
        kind = call.result if issubclass(call.result, Response) and not call.stream else Response
        sent = {**call.headers, **authorization}.values()
        secrets = [_Secret(value.rpartition(" ")[2]) for value in sent if isinstance(value, _Secret)]
        response = kind(call, answer, [self.api_key, *secrets])
        took = (time.monotonic() - started) * 1000
        _log("debug", "%r: %d in %.0f ms (attempt %d)", call.request, response.status_code, took, attempt)
        try:
            return self._read(call, response)
        except BaseException:
            response.close()
            raise

    def _new_opener(self) -> urllib.request.OpenerDirector:
        if self._base.scheme == "http":
            _warn_of_clear_text(self._base.hostname or "")
        return _new_opener(self.ssl_context, *_proxy_for(self._base))

    def _clock_was_wrong(self, error: APIError) -> bool:
        """Whether the token was refused as expired because our clock is wrong; from then on it is right."""
        if not isinstance(error, AuthenticationError) or error.code != "1003" or not self._signs:
            return False
        return _tokens.synchronise(self.api_key, error.response.headers.get("date"))

    def _read(self, call: _Call, response: Response) -> Any:
        """The answer as what the interface returns; its Content-Type decides how it is read."""
        if not 200 <= response.status_code < 300:
            response._load_error()
            raise _status_error(response)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if isinstance(response, BinaryResponse):
            response._limit_waits()
            response._on_block = self._progress
            content = response._peek(_BLOCK) if kind.endswith("json") else b""  # an error, perhaps
            return self._understand(call, response, kind, content)
        if call.stream:
            response._limit_waits()
            if not kind.endswith(("json", "/html")) or _begins_like_events(response._peek(8)):
                return Stream(response, call.interface.chunk)
        content = response.read()
        if kind == "text/event-stream" or _begins_like_events(content):
            if call.interface.chunk is ChatCompletionChunk:  # the answer that its chunks are pieces of
                return Stream(response, ChatCompletionChunk, [content]).get_final_completion()
            message = "The answer is a stream of events, which was not asked for"
            raise APIResponseValidationError(response, message=message)
        return self._understand(call, response, kind, content)

    def _understand(self, call: _Call, response: Response, kind: str, content: bytes) -> Any:
        result: Any = ""  # what is no JSON
        with contextlib.suppress(ValueError, RecursionError):
            result = json.loads(content)
            _check(call, response, result)
            if issubclass(call.result, Model) and not call.stream:
                result = call.result._maker()(result)
        if isinstance(response, call.result):
            return response
        if response.status_code == 204:
            return None
        expected: Any = dict if call.stream else (type(None), dict, list)
        if not isinstance(result, SyncCursorPage if issubclass(call.result, SyncCursorPage) else expected):
            found = f"{kind or 'an answer without Content-Type'} ({len(content)} bytes)"
            response._forget_secrets()
            text = f"Expected a JSON object, got {found}: {_readable(response.text, 300)}"
            raise APIResponseValidationError(response, message=text)
        if call.stream:  # a server that does not stream: its answer becomes one chunk
            for choice in _choices(result):
                choice.setdefault("delta", choice.get("message"))
            return Stream(response, call.interface.chunk, [b"data: %s\n\n" % json.dumps(result).encode()])
        return result._attach(*call.page) if isinstance(result, SyncCursorPage) else result

    def request(
        self, method: str, path: str, *, body: Any = None, params: _Mapping = None, files: _Mapping = None,
        cast_type: Any = Model, stream: bool = False, options: _Mapping = None, **more: Any,
    ) -> Any:  # fmt: skip
        """An interface that has no method here, with the same authentication, retries and errors.

        `path` is below the base URL; one that begins with /api/ is below its root. `cast_type` is what to return: a
        model class, `dict`, `BinaryResponse` or `Response`. Also takes `extra_headers`, `extra_body` and `timeout`.
        """
        names = ("extra_headers", "extra_body", "timeout", "headers", "params", "stream_cls")
        for name in {*more}.difference(names):
            raise TypeError(f"request() got an unexpected keyword argument {name!r}; what is sent as JSON is the body")
        given = {**_checked_mapping("options", options), **more}
        values = {name: given[name] for name in names if name in given}
        values["params"] = {**_checked_mapping("params", values.get("params")), **_checked_mapping("params", params)}
        values.update(method=method, path=path, body=body, files=files, cast_type=cast_type, stream=stream)
        return self._call(self, _AnyInterface(self.request, method, cast_type, stream), values)

    get = functools.partialmethod(request, "GET")
    post = functools.partialmethod(request, "POST")
    put = functools.partialmethod(request, "PUT")
    patch = functools.partialmethod(request, "PATCH")
    delete = functools.partialmethod(request, "DELETE")

    def wait(
        self, task: Any, *, timeout: float | None = 3600, interval: float = 1, on_update: Callable[[Any], Any] = None,
        **parameters: Any,
    ) -> Any:  # fmt: skip
        """Wait for a task that finishes later, asking every `interval` seconds, growing to 30; the finished task.

        Takes what asynchronous chat, images, videos, batches, fine-tuning jobs, file parsing and agents return. Raises
        `APIResponseError` when the task fails, `APITimeoutError` after `timeout` seconds (None: never). `parameters` go
        with each question, like the `custom_variables` of some agents. To be awaited with an asynchronous client.
        """
        return self._follow(_Polling(self, task, timeout, interval, on_update, parameters))


class _Polling:
    """What `wait` does, but for sleeping and asking."""

    def __init__(
        self, client: Any, task: Any, timeout: float | None, interval: float, on_update: Any, parameters: _Dict
    ) -> None:  # fmt: skip
        name, keys = getattr(type(task), "_poll", ("", ()))
        if not name:
            raise TypeError(f"task: expected what a method that starts a task returns, got {type(task).__name__}")
        if on_update is not None and not callable(on_update):
            raise TypeError(f"on_update: expected a function, got {type(on_update).__name__}")
        self.task = task
        self._client = client
        method: Any = functools.reduce(getattr, name.split("."), client)
        self.ask = functools.partial(method, *[task.get(key) for key in keys], **parameters)
        self._timeout = float("inf") if timeout is None else _checked_number("timeout", timeout, 0)
        self._deadline = time.monotonic() + self._timeout
        self._interval = _checked_number("interval", interval, 0)
        self._on_update = on_update

    def has_ended(self) -> bool:
        """Whether the task has succeeded; `APIResponseError` when it has failed."""
        state = _task_state(self.task)
        if state in ("fail", "failed", "error", "expired", "cancelled"):
            raise self._failure(state)
        return state in ("success", "succeeded", "completed") or (not state and bool(self.task.get("choices")))

    def _failure(self, state: str) -> APIResponseError:
        secrets = [self._client.api_key, self._client.auth_headers["Authorization"].partition(" ")[2]]
        body = _cleaned(dict(self.task), secrets)
        errors = body.get("errors")
        errors = errors.get("data") if isinstance(errors, dict) else errors
        first = errors[0] if isinstance(errors, list) and errors else errors
        code, message = _reason(body.get("error") or first or body.get("message"))
        text = f"The task ended with status {state}" + (f": {message}" if message else "")
        error = APIResponseError(f"{text} (code {code})" if code else text, None, body)
        error.code = code
        return error

    def pause(self) -> float:
        """Seconds to sleep before the next question."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            text = f"the task is still {_task_state(self.task) or 'running'} after {self._timeout:g} s"
            raise APITimeoutError(message=f"Request timed out: {text}.")
        if left < float("inf"):  # a question must not wait much longer either
            limits = (min(max(left, 1), limit or left) for limit in _checked_timeout(self._client.timeout))
            self.ask.keywords["timeout"] = tuple(limits)
        interval = self._interval
        self._interval = min(max(interval, 0.1) * 1.5, max(interval, 30))
        return min(interval, left)

    def take(self, task: Any) -> None:
        if not isinstance(task, Model):
            raise APIResponseError("Expected the state of the task")
        self.task = task
        if self._on_update is not None:
            self._on_update(task)


def _task_state(task: _Dict) -> str:
    return str(task.get("task_status") or task.get("status") or "").lower()


def _fetch_page(resource: Any, name: str, values: _Dict, more: _Dict) -> Any:
    """Another page of a list, with all the parameters of the first."""
    if name == "request":
        more = {"params": {**values["params"], **more}}
    return getattr(resource, name)(**{**values, **more})


def _check(call: _Call, response: Response, data: Any) -> None:
    """Raise when an answer with a good status is an error; why a task failed is part of the task."""
    if isinstance(data, dict):
        is_task = "id" in data and issubclass(call.result, (FineTuningJob, ResponseObject))
        if not is_task and not (call.interface.polls and _task_state(data)):
            error = data.get("error")
            if error or _is_failure(data):
                raise _answer_error(response, data, error if isinstance(error, dict) else data)


def _status_error(response: Response) -> APIStatusError:
    text, body = response.text.lstrip("\ufeff").strip(), None
    with contextlib.suppress(ValueError, RecursionError):
        body = json.loads(text)
        if "\\u" in text:
            text = json.dumps(body, ensure_ascii=False)  # Chinese that a person can read
    status = response.status_code
    error_class = _STATUS_ERRORS.get(status, InternalServerError if status >= 500 else APIStatusError)
    message = f"Error code: {status}, with error text {_readable(text, 2000)}"
    return error_class(message, response=response, body=body if body is not None else text or None)


@functools.lru_cache(maxsize=None)  # once for each host
def _warn_of_clear_text(host: str) -> None:
    if not re.fullmatch(r"localhost|127\.[\d.]+|::1", host):
        _log("warning", "http://%s: the key travels in clear text; use https://", host)


def _can_succeed(error: APIError) -> bool:
    """Whether the same request may succeed later."""
    if isinstance(error, APIConnectionError):
        return not isinstance(error.__cause__, (ssl.SSLCertVerificationError, _Refused))
    if not isinstance(error, APIStatusError):
        return error.code in _TRANSIENT
    asked = error.response.headers.get("x-should-retry")
    if asked in ("true", "false"):
        return bool(asked == "true")
    if error.code in _TRANSIENT or re.fullmatch(_PERMANENT, error.code or ""):
        return error.code in _TRANSIENT
    return error.status_code in (408, 409, 429) or error.status_code >= 500


def _retry_delay(error: APIError, attempt: int) -> float:
    """Seconds to wait before the next try: what the server asks for, if that is no longer than a minute."""
    asked = error.response.headers.get("retry-after", "") if isinstance(error, APIStatusError) else ""
    try:
        seconds = float(asked)
    except ValueError:
        seconds = (_http_date(asked) or 0) - time.time()
    backoff = 0.5 * 2 ** min(attempt - 1, 4) * (1 - os.urandom(1)[0] / 1024)
    return seconds if 0 < seconds <= 60 else backoff


# --------------------------- Endpoints: one class a resource, one method an interface; the signature is what is sent
# As tables: a parameter a line would be a thousand lines.
# fmt: off


def _clamp(values: _Dict) -> None:
    """The official SDK's ways with the sampling parameters: they stay within 0.01 and 0.99."""
    for name in ("temperature", "top_p"):
        value = values.get(name)
        if isinstance(value, (int, float)) and not 0 < value < 1 and value == value:
            values[name] = 0.01 if value <= 0 else 0.99


def _prepare_chat(values: _Dict) -> None:
    temperature = values.get("temperature")
    if isinstance(temperature, (int, float)) and temperature <= 0:
        values["do_sample"] = False
    _clamp(values)
    messages = values.get("messages")
    if isinstance(messages, list):
        values["messages"] = [_without_image_prefix(message) for message in messages]


def _without_image_prefix(message: Any) -> Any:
    """A message whose images are bare base64, as the official SDK sends them; the caller's object stays as it is."""
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, list):
        return message
    parts = []
    for part in content:
        image = part.get("image_url") if isinstance(part, dict) and part.get("type") == "image_url" else None
        image = image if isinstance(image, dict) else {}
        url = image.get("url")
        if isinstance(url, str) and url.startswith("data:image/") and "base64," in url:
            part = {**part, "image_url": {**image, "url": url.rpartition("base64,")[2]}}
        parts.append(part)
    return {**message, "content": parts}


class _Completions(Generic[_Bool]):
    def create(
        self, *, model: str, messages: _List, request_id: str = None, user_id: str = None, do_sample: bool = None,
        stream: _Bool = None, temperature: float = None, top_p: float = None, max_tokens: int = None,
        seed: int = None, stop: str | Sequence[str] | None = None, sensitive_word_check: Any = None, tools: Any = None,
        tool_choice: Any = None, meta: _Mapping = None, extra: Any = None, response_format: Any = None,
        thinking: Any = None, reasoning_effort: str = None, tool_stream: bool = None, watermark_enabled: bool = None,
        **options: Unpack[_Options]
    ) -> Completion:
        """Chat. `temperature` and `top_p` are sent within 0.01 and 0.99; a temperature of 0 turns sampling off.

        `thinking`: {"type": "enabled" | "disabled"}. `reasoning_effort`: none ... max (GLM-5.2 and later). `stop`: at
        most 4. `tools`: at most 128 functions. `max_tokens`: up to 131072, by model. `request_id`: 6 to 64 characters.
        """


class Completions(Resource[_Client]):
    create = _streaming(
        _Completions[_Off].create, _Completions[_On].create, _Completions[bool].create,
        "POST /chat/completions", ChatCompletionChunk, "模型-api/对话补全", prepare=_prepare_chat
    )


class AsyncCompletions(Resource[_Client]):
    @_interface("POST /async/chat/completions", "模型-api/对话补全异步", prepare=_prepare_chat)
    def create(
        self, *, model: str, messages: _List, request_id: str = None, user_id: str = None, do_sample: bool = None,
        temperature: float = None, top_p: float = None, max_tokens: int = None, seed: int = None,
        stop: str | Sequence[str] | None = None, sensitive_word_check: Any = None, tools: Any = None,
        tool_choice: Any = None, meta: _Mapping = None, extra: Any = None, response_format: Any = None,
        thinking: Any = None, reasoning_effort: str = None, watermark_enabled: bool = None, **options: Unpack[_Options]
    ) -> AsyncTaskStatus:
        """Queue a chat on the platform (not asyncio: that is `AsyncZhipuAI`); fetch its answer with `client.wait`."""

    @_interface("GET /async-result/{id}", "模型-api/查询异步结果")
    def retrieve_completion_result(self, id: str, **options: Unpack[_Options]) -> AsyncCompletion | AsyncTaskStatus:
        """The state of a queued chat, with the answer once `task_status` is SUCCESS."""


class Chat(Resource[_Client]):
    completions: Completions[_Client]
    asyncCompletions: AsyncCompletions[_Client]


class Embeddings(Resource[_Client]):
    @_interface("POST /embeddings", "模型-api/文本嵌入")
    def create(
        self, *, input: str | _List, model: str, dimensions: int = None, encoding_format: str = None, user: str = None,
        request_id: str = None, sensitive_word_check: Any = None, disable_strict_validation: bool = None,
        **options: Unpack[_Options]
    ) -> EmbeddingsResponded:
        """Embeddings. embedding-3: at most 64 texts of 3072 tokens; `dimensions`: 256, 512, 1024 or 2048 (default)."""


class Rerank(Resource[_Client]):
    @_interface("POST /rerank", "模型-api/文本重排序")
    def create(
        self, *, model: str, query: str, documents: Sequence[str], top_n: int = None, return_documents: bool = None,
        return_raw_scores: bool = None, request_id: str = None, user_id: str = None, **options: Unpack[_Options]
    ) -> RerankResp:
        """Order documents by relevance: at most 128, each and the query of at most 4096 characters."""


class Tokenizer(Resource[_Client]):
    @_interface("POST /tokenizer", "模型-api/文本分词器")
    def create(
        self, *, model: str, messages: _List, tools: Any = None, request_id: str = None, user_id: str = None,
        **options: Unpack[_Options]
    ) -> TokenizerResp:
        """Count the tokens of messages."""


class Models(Resource[_Client]):
    @_interface("GET /models")
    def list(self, **options: Unpack[_Options]) -> ModelList:
        """The flagship models; others work without being listed. Not documented by the platform."""


class Images(Resource[_Client]):
    @_interface("POST /images/generations", "模型-api/图像生成")
    def generations(
        self, *, prompt: str, model: str = None, n: int = None, quality: str = None, response_format: str = None,
        size: str = None, style: str = None, sensitive_word_check: Any = None, user: str = None, request_id: str = None,
        user_id: str = None, watermark_enabled: bool = None, disable_strict_validation: bool = None,
        **options: Unpack[_Options]
    ) -> ImagesResponded:
        """Draw a picture. `size`: "1024x1024", sides of 512 to 2048 px by model; the address is good for 30 days."""

    @_interface("POST /async/images/generations", "模型-api/图像生成异步")
    def async_generations(
        self, *, prompt: str, model: str = None, quality: str = None, size: str = None, request_id: str = None,
        user_id: str = None, watermark_enabled: bool = None, **options: Unpack[_Options]
    ) -> AsyncImagesResponded:
        """Draw a picture later (glm-image): `client.wait` fetches it."""

    @_interface("GET /async-result/{id}", "模型-api/查询异步结果")
    def retrieve_images_result(self, id: str, **options: Unpack[_Options]) -> AsyncImagesResponded:
        """The state of a picture, with `image_result` once `task_status` is SUCCESS."""


class Videos(Resource[_Client]):
    @_interface("POST /videos/generations", "模型-api/视频生成异步")
    def generations(
        self, model: str, *, prompt: str = None, image_url: Any = None, quality: str = None, with_audio: bool = None,
        size: str = None, duration: int = None, fps: int = None, style: str = None, aspect_ratio: str = None,
        movement_amplitude: str = None, off_peak: bool = None, sensitive_word_check: Any = None, request_id: str = None,
        user_id: str = None, watermark_enabled: bool = None, **options: Unpack[_Options]
    ) -> VideoObject:
        """Make a video later: `client.wait` fetches it. `prompt`: at most 512 characters; `duration` in seconds."""

    @_interface("GET /async-result/{id}", "模型-api/查询异步结果")
    def retrieve_videos_result(self, id: str, **options: Unpack[_Options]) -> VideoObject:
        """The state of a video, with `video_result` once `task_status` is SUCCESS."""


class _Transcriptions(Generic[_Bool]):
    def create(
        self, *, model: str, file: Any = None, file_base64: str = None, prompt: str = None,
        hotwords: Sequence[str] = None, request_id: str = None, user_id: str = None, stream: _Bool = None,
        temperature: float = None, sensitive_word_check: Any = None, **options: Unpack[_Options]
    ) -> Transcription:
        """Speech to text: .wav or .mp3, at most 25 MB and 30 seconds; at most 100 `hotwords`."""


class Transcriptions(Resource[_Client]):
    create = _streaming(
        _Transcriptions[_Off].create, _Transcriptions[_On].create, _Transcriptions[bool].create,
        "POST /audio/transcriptions", TranscriptionChunk, "模型-api/语音转文本", prepare=_clamp, files=("file",),
        one_of=("file", "file_base64"),
        form_only=True, plain_lists=True
    )


class _Audio(Generic[_Bool]):
    def speech(
        self, *, model: str, input: str = None, voice: str = None, response_format: str = None,
        sensitive_word_check: Any = None, request_id: str = None, user_id: str = None,
        stream: _Bool | None = False,  # type: ignore[assignment]
        encode_format: str = None, speed: float = None, volume: float = None, watermark_enabled: bool = None,
        **options: Unpack[_Options]
    ) -> BinaryResponse:
        """Text (at most 1024 characters) to speech. `speed` 0.5 to 2, `volume` above 0 to 10, both 1 by default.

        `response_format`: wav or pcm (default; 24 kHz); streams are pcm, in base64 or hex by `encode_format`.
        """


class Audio(Resource[_Client]):
    transcriptions: Transcriptions[_Client]

    speech = _streaming(
        _Audio[_Off].speech, _Audio[_On].speech, _Audio[bool].speech,
        "POST /audio/speech", AudioSpeechChunk, "模型-api/文本转语音"
    )

    @_interface("POST /audio/customization", files=("voice_data",), one_of=("voice_data",))
    def customization(
        self, *, model: str, input: str = None, voice_text: str = None, voice_data: Any = None,
        response_format: str = None, sensitive_word_check: Any = None, request_id: str = None, user_id: str = None,
        watermark_enabled: bool = None, **options: Unpack[_Options]
    ) -> BinaryResponse:
        """Text to speech with the voice of a sample; `voice.clone` has superseded it."""


class Voice(Resource[_Client]):
    @_interface("POST /voice/clone", "模型-api/音色复刻")
    def clone(
        self, *, voice_name: str, input: str, file_id: str, model: str, text: str = None, request_id: str = None,
        **options: Unpack[_Options]
    ) -> VoiceCloneResult:
        """Clone a voice from an uploaded sample (purpose voice-clone-input, at most 10 MB, 3 to 30 seconds)."""

    @_interface(
        "GET /voice/list", "模型-api/音色列表", renamed={"voice_type": "voiceType", "voice_name": "voiceName"},
        headers={"request_id": "Request-Id"}
    )
    def list(
        self, *, voice_type: str = None, voice_name: str = None, request_id: str = None, **options: Unpack[_Options]
    ) -> VoiceListResult:
        """The voices; `voice_type`: PRIVATE or OFFICIAL."""

    @_interface("POST /voice/delete", "模型-api/删除音色")
    def delete(self, *, voice: str, request_id: str = None, **options: Unpack[_Options]) -> VoiceDeleteResult:
        """Delete a cloned voice."""


class Files(Resource[_Client]):
    @_interface("POST /files", "文件-api/上传文件", files=("file",), one_of=("file", "upload_detail"))
    def create(
        self, *, file: Any = None, upload_detail: _List = None, purpose: str, knowledge_id: str = None,
        sentence_size: int = None, **options: Unpack[_Options]
    ) -> FileObject:
        """Upload a file. `purpose`: batch (.jsonl, at most 100 MB), code-interpreter, agent, voice-clone-input, ..."""

    @_paged("GET /files", FileObject, "文件-api/文件列表")
    def list(
        self, *, purpose: str = None, limit: int = None, after: str = None, order: str = None,
        **options: Unpack[_Options]
    ) -> ListOfFileObject:
        """The files of a purpose, `limit` (1 to 100, default 20) a page."""

    @_interface("DELETE /files/{file_id}", "文件-api/删除文件")
    def delete(self, file_id: str, **options: Unpack[_Options]) -> FileDeleted:
        """Delete a file."""

    @_interface("GET /files/{file_id}/content", "文件-api/文件内容")
    def content(self, file_id: str, **options: Unpack[_Options]) -> BinaryResponse:
        """The content of a file, of the results of batches above all."""


class FileParser(Resource[_Client]):
    @_interface("POST /files/parser/create", "工具-api/文件解析", files=("file",), one_of=("file",))
    def create(
        self, *, file: Any = None, file_type: str = None, tool_type: str, **options: Unpack[_Options]
    ) -> FileParserTaskCreateResp:
        """Parse a document later: `client.wait` fetches the text. `tool_type`: lite, expert or prime."""

    @_interface("GET /files/parser/result/{task_id}/{format_type}", "工具-api/解析结果")
    def content(self, task_id: str, *, format_type: str, **options: Unpack[_Options]) -> BinaryResponse:
        """The result of a task as it comes; `format_type`: text or download_link."""

    @_interface("GET /files/parser/result/{task_id}/{format_type}", "工具-api/解析结果")
    def result(
        self, task_id: str, *, format_type: str = "text", **options: Unpack[_Options]
    ) -> FileParsingDownloadResp:
        """The result of a task, typed; `format_type`: text or download_link."""

    @_interface("POST /files/parser/sync", "工具-api/文件解析同步", files=("file",), one_of=("file",))
    def create_sync(
        self, *, file: Any = None, file_type: str = None, tool_type: str, **options: Unpack[_Options]
    ) -> FileParsingDownloadResp:
        """Parse a document now (`tool_type` prime-sync); without `file_type` the platform has been seen to refuse."""


class Ocr(Resource[_Client]):
    @_interface("POST /files/ocr", "工具-api/ocr-服务", files=("file",))
    def handwriting_ocr(
        self, *, file: Any, tool_type: str, language_type: str = None, probability: bool = None,
        **options: Unpack[_Options]
    ) -> HandwritingOCRResp:
        """Read handwriting (`tool_type` hand_write)."""


class LayoutParsing(Resource[_Client]):
    @_interface("POST /layout_parsing", "模型-api/文档解析")
    def create(
        self, *, model: str, file: str, return_crop_images: bool = None, need_layout_visualization: bool = None,
        start_page_id: int = None, end_page_id: int = None, request_id: str = None, user_id: str = None,
        **options: Unpack[_Options]
    ) -> LayoutParsingResp:
        """Read a document (glm-ocr); `file` is an address or base64: image at most 10 MB, PDF 50 MB and 100 pages."""


class Batches(Resource[_Client]):
    @_interface("POST /batches", "批处理-api/创建批处理任务")
    def create(
        self, *, completion_window: str = None, endpoint: str, input_file_id: str, metadata: _Mapping = None,
        auto_delete_input_file: bool = True, **options: Unpack[_Options]
    ) -> Batch:
        """Start a batch: `endpoint` "/v4/chat/completions", `completion_window` "24h"; at most 50,000 lines."""

    @_interface("GET /batches/{batch_id}", "批处理-api/检索批处理任务")
    def retrieve(self, batch_id: str, **options: Unpack[_Options]) -> Batch:
        """The state of a batch."""

    @_paged("GET /batches", Batch, "批处理-api/列出批处理任务")
    def list(self, *, after: str = None, limit: int = None, **options: Unpack[_Options]) -> ListOfBatch:
        """The batches, `limit` (default 20) a page."""

    @_interface("POST /batches/{batch_id}/cancel", "批处理-api/取消批处理任务")
    def cancel(self, batch_id: str, **options: Unpack[_Options]) -> Batch:
        """Cancel a batch."""


class Jobs(Resource[_Client]):
    @_interface("POST /fine_tuning/jobs")
    def create(
        self, *, model: str, training_file: str, hyperparameters: Any = None, suffix: str = None,
        request_id: str = None, validation_file: str = None, **options: Unpack[_Options]
    ) -> FineTuningJob:
        """Start to fine-tune a model."""

    @_interface("GET /fine_tuning/jobs/{fine_tuning_job_id}")
    def retrieve(self, fine_tuning_job_id: str, **options: Unpack[_Options]) -> FineTuningJob:
        """The state of a job."""

    @_paged("GET /fine_tuning/jobs", FineTuningJob)
    def list(self, *, after: str = None, limit: int = None, **options: Unpack[_Options]) -> ListOfFineTuningJob:
        """The jobs."""

    @_paged("GET /fine_tuning/jobs/{fine_tuning_job_id}/events", JobEvent)
    def list_events(
        self, fine_tuning_job_id: str, *, after: str = None, limit: int = None, **options: Unpack[_Options]
    ) -> FineTuningJobEvent:
        """What happened in a job."""

    @_interface("POST /fine_tuning/jobs/{fine_tuning_job_id}/cancel")
    def cancel(self, fine_tuning_job_id: str, **options: Unpack[_Options]) -> FineTuningJob:
        """Cancel a job."""

    @_interface("DELETE /fine_tuning/jobs/{fine_tuning_job_id}")
    def delete(self, fine_tuning_job_id: str, **options: Unpack[_Options]) -> FineTuningJob:
        """Delete a job."""


class FineTunedModels(Resource[_Client]):
    @_interface("DELETE /fine_tuning/fine_tuned_models/{fine_tuned_model}")
    def delete(self, fine_tuned_model: str, **options: Unpack[_Options]) -> FineTunedModelsStatus:
        """Delete a fine-tuned model."""


class FineTuning(Resource[_Client]):
    jobs: Jobs[_Client]
    models: FineTunedModels[_Client]


def _repeat_id(values: _Dict) -> None:
    values["id"] = values.get("knowledge_id") or values.get("document_id")


class Document(Resource[_Client]):
    @_interface("POST /files", files=("file",), one_of=("file", "upload_detail"))
    def create(
        self, *, file: Any = None, custom_separator: Sequence[str] = None, upload_detail: _List = None, purpose: str,
        knowledge_id: str = None, sentence_size: int = None, **options: Unpack[_Options]
    ) -> DocumentObject:
        """Add a document (`purpose` retrieval). This is the old interface; see `knowledge_base.documents`."""

    @_interface("PUT /document/{document_id}", prepare=_repeat_id)
    def edit(
        self, document_id: str, knowledge_type: str, *, custom_separator: Sequence[str] = None,
        sentence_size: int = None, callback_url: str = None, callback_header: _Mapping = None,
        **options: Unpack[_Options]
    ) -> Response:
        """Change how a document is cut up."""

    @_interface("GET /files")
    def list(
        self, knowledge_id: str, *, purpose: str = None, page: str | int | None = None, limit: str | int | None = None,
        order: str = None, **options: Unpack[_Options]
    ) -> DocumentPage:
        """The documents of a knowledge base."""

    @_interface("DELETE /document/{document_id}")
    def delete(self, document_id: str, **options: Unpack[_Options]) -> Response:
        """Delete a document."""

    @_interface("GET /document/{document_id}")
    def retrieve(self, document_id: str, **options: Unpack[_Options]) -> DocumentData:
        """A document."""


class Knowledge(Resource[_Client]):
    """The old knowledge-base interface; `knowledge_base` is the documented one."""

    document: Document[_Client]

    @_interface("POST /knowledge")
    def create(
        self, embedding_id: int, name: str, *, customer_identifier: str = None, description: str = None,
        background: str = None, icon: str = None, bucket_id: str = None, **options: Unpack[_Options]
    ) -> KnowledgeInfo:
        """Create a knowledge base: `name` at most 100, `description` at most 500 characters."""

    @_interface("PUT /knowledge/{knowledge_id}", prepare=_repeat_id)
    def modify(
        self, knowledge_id: str, embedding_id: int, *, name: str, description: str = None, background: str = None,
        icon: str = None, **options: Unpack[_Options]
    ) -> Response:
        """Change a knowledge base."""

    @_interface("GET /knowledge")
    def query(self, *, page: int | None = 1, size: int | None = 10, **options: Unpack[_Options]) -> KnowledgePage:
        """The knowledge bases."""

    @_interface("DELETE /knowledge/{knowledge_id}")
    def delete(self, knowledge_id: str, **options: Unpack[_Options]) -> Response:
        """Delete a knowledge base."""

    @_interface("GET /knowledge/capacity")
    def used(self, **options: Unpack[_Options]) -> KnowledgeUsed:
        """How much of the capacity is used."""


def _form_json(values: _Dict) -> None:
    if "callback_header" in values:  # an object in a form: its part holds JSON (OpenAPI's default)
        values["callback_header"] = _json_bytes(values["callback_header"], "callback_header").decode()


class KnowledgeBaseDocuments(Resource[_Client]):
    @_interface("GET /api/llm-application/open/document", "知识库-api/文档列表")
    def list(
        self, knowledge_id: str, *, page: int = None, size: int = None, word: str = None, **options: Unpack[_Options]
    ) -> KnowledgeBaseDocumentListResp:
        """The documents of a knowledge base, `size` (default 10) a page, those whose name holds `word`."""

    @_interface(
        "POST /api/llm-application/open/document/upload_document/{id}", "知识库-api/上传文件文档", prepare=_form_json,
        files=("files",), plain_lists=True
    )
    def upload(
        self, id: str, *, files: Any, knowledge_type: int = None, custom_separator: Sequence[str] = None,
        sentence_size: int = None, parse_image: bool = None, callback_url: str = None, callback_header: _Mapping = None,
        word_num_limit: str = None, req_id: str = None, **options: Unpack[_Options]
    ) -> KnowledgeBaseUploadResp:
        """Upload a document. `knowledge_type`: 1 headings, 2 Q&A, 3 rows, 5 custom, 6 pages, 7 single.

        `custom_separator` and `sentence_size` (20 to 2000, default 300) go with type 5.
        """

    @_interface("POST /api/llm-application/open/document/upload_url", "知识库-api/上传url文档")
    def upload_urls(
        self, *, knowledge_id: str, upload_detail: _List, **options: Unpack[_Options]
    ) -> KnowledgeBaseUploadResp:
        """Add pages of the web: `upload_detail` [{"url", "knowledge_type", ...}]."""

    @_interface("GET /api/llm-application/open/document/{id}", "知识库-api/文档详情")
    def retrieve(self, id: str, **options: Unpack[_Options]) -> KnowledgeBaseDocumentResp:
        """A document; look here whether it was vectorised: searches do not tell."""

    @_interface("DELETE /api/llm-application/open/document/{id}", "知识库-api/删除文档")
    def delete(self, id: str, **options: Unpack[_Options]) -> Envelope:
        """Delete a document."""

    @_interface("POST /api/llm-application/open/document/embedding/{id}", "知识库-api/重新向量化")
    def reembed(
        self, id: str, *, callback_url: str = None, callback_header: _Mapping = None, **options: Unpack[_Options]
    ) -> Envelope:
        """Vectorise a document again."""

    @_interface("POST /api/llm-application/open/document/slice/image_list/{id}", "知识库-api/解析文档图片")
    def images(self, id: str, **options: Unpack[_Options]) -> KnowledgeBaseImagesResp:
        """The pictures found in a document."""


class KnowledgeBase(Resource[_Client]):
    documents: KnowledgeBaseDocuments[_Client]

    @_interface("POST /api/llm-application/open/knowledge", "知识库-api/创建知识库")
    def create(
        self, *, embedding_id: int, name: str, embedding_model: str = None, contextual: int = None,
        description: str = None, background: str = None, icon: str = None, **options: Unpack[_Options]
    ) -> KnowledgeBaseResp:
        """Create a knowledge base. `embedding_id`: 3 (Embedding-2), 11 (Embedding-3) or 12 (Embedding-3-pro)."""

    @_interface("GET /api/llm-application/open/knowledge", "知识库-api/知识库列表")
    def list(self, *, page: int = None, size: int = None, **options: Unpack[_Options]) -> KnowledgeBaseListResp:
        """The knowledge bases, `size` (default 10) a page."""

    @_interface("GET /api/llm-application/open/knowledge/{id}", "知识库-api/知识库详情")
    def retrieve(self, id: str, **options: Unpack[_Options]) -> KnowledgeBaseResp:
        """A knowledge base."""

    @_interface("PUT /api/llm-application/open/knowledge/{id}", "知识库-api/编辑知识库")
    def update(
        self, id: str, *, embedding_id: int = None, embedding_model: str = None, contextual: int = None,
        name: str = None, description: str = None, background: str = None, icon: str = None, callback_url: str = None,
        callback_header: _Mapping = None, **options: Unpack[_Options]
    ) -> Envelope:
        """Change a knowledge base; another embedding vectorises it anew."""

    @_interface("DELETE /api/llm-application/open/knowledge/{id}", "知识库-api/删除知识库")
    def delete(self, id: str, **options: Unpack[_Options]) -> Envelope:
        """Delete a knowledge base."""

    @_interface("GET /api/llm-application/open/knowledge/capacity", "知识库-api/知识库使用量")
    def capacity(self, **options: Unpack[_Options]) -> KnowledgeBaseCapacityResp:
        """How much of the capacity is used."""

    @_interface("POST /api/llm-application/open/knowledge/retrieve", "知识库-api/知识库检索")
    def search(
        self, *, query: str, knowledge_ids: Sequence[str], document_ids: Sequence[str] = None, top_k: int = None,
        top_n: int = None, recall_method: str = None, recall_ratio: int = None, rerank_status: int = None,
        rerank_model: str = None, fractional_threshold: float = None, request_id: str = None,
        **options: Unpack[_Options]
    ) -> KnowledgeBaseSearchResp:
        """Search: `query` at most 1000 characters, `top_k` 1 to 20, `top_n` 1 to 100, `recall_ratio` 0 to 100."""


class Zrag(Resource[_Client]):
    @_interface("POST /api/zrag/retrieval/retrieve", "知识库-api/全模态知识库检索")
    def retrieve(
        self, *, knows: _List, query: str = None, multimodal: bool = None, multimodal_parts: _List = None,
        top_k: int = None, top_n: int = None, recall_method: str = None, recall_ratio: float = None,
        enable_rerank: bool = None, enable_rewrite: bool = None, enable_expansion: bool = None,
        similarity_threshold: float = None, messages: _List = None, search_filters: Any = None,
        qa_intervention: Any = None, **options: Unpack[_Options]
    ) -> ZragRetrieveResp:
        """Search by text or pictures: `knows` [{"id", "doc_ids"}], `recall_ratio` 0 to 1."""

    @_events(
        "POST /api/zrag/agent/chat", ZragChatEvent, "agent-api/问答-agent-对话（流式）",
        headers={"session_id": "X-Session-Id"}, renamed={"session_id": ""}
    )
    def chat(
        self, *, messages: _List, retrieval: _Mapping, model: str = None, temperature: float = None,
        max_steps: int = None, enable_thinking: bool = None, session_id: str = None, **options: Unpack[_Options]
    ) -> ZragChatEvent:
        """Ask an agent about knowledge bases; answers as a stream. `session_id` goes on with a conversation."""


class _Tools(Generic[_Bool]):
    def web_search(
        self, *, model: str, request_id: str = None, stream: _Bool = None, messages: _List, scope: str = None,
        location: str = None, recent_days: int = None, **options: Unpack[_Options]
    ) -> WebSearch:
        """The old search tool (web-search-pro); `recent_days`: 1 to 30. See `web_search.web_search`."""


class Tools(Resource[_Client]):
    web_search = _streaming(
        _Tools[_Off].web_search, _Tools[_On].web_search, _Tools[bool].web_search, "POST /tools", WebSearchChunk
    )


class WebSearchApi(Resource[_Client]):
    @_interface("POST /web_search", "工具-api/网络搜索")
    def web_search(
        self, *, request_id: str = None, search_engine: str = None, search_query: str = None, user_id: str = None,
        sensitive_word_check: Any = None, count: int = None, search_domain_filter: str = None,
        search_recency_filter: str = None, content_size: str = None, search_intent: bool = None, location: str = None,
        include_image: bool = None, **options: Unpack[_Options]
    ) -> WebSearchResp:
        """Search the web: `search_query` at most 70 characters, `count` 1 to 50 (default 10)."""


class WebReader(Resource[_Client]):
    @_interface("POST /reader", "工具-api/网页阅读", timeout="timeout_override")
    def web_reader(
        self, *, url: str, request_id: str = None, user_id: str = None, timeout: int | str | None = None,
        no_cache: bool = None, return_format: str = None, retain_images: bool = None, no_gfm: bool = None,
        keep_img_data_url: bool = None, with_images_summary: bool = None, with_links_summary: bool = None,
        extra_headers: _Mapping = None, extra_body: _Mapping = None, timeout_override: _Seconds = NOT_GIVEN
    ) -> WebReaderResult:
        """Read a page of the web. `timeout` (seconds, default 20) is the platform's; `timeout_override` the call's."""


class Moderations(Resource[_Client]):
    @_interface("POST /moderations", "工具-api/内容安全")
    def create(self, *, model: str, input: Any, **options: Unpack[_Options]) -> ModerationCompletion:
        """Check text (at most 2000 characters), pictures (10 MB), video or audio."""


class _Agents(Generic[_Bool]):
    def invoke(
        self, agent_id: str = None, request_id: str = None, stream: _Bool = None, messages: Any = None,
        user_id: str = None, custom_variables: Any = None, sensitive_word_check: Any = None, **options: Unpack[_Options]
    ) -> AgentsCompletion:
        """Ask an agent (general_translation, slides_glm_agent, ...); one that takes longer answers an `async_id`."""


class Agents(Resource[_Client]):
    invoke = _streaming(
        _Agents[_Off].invoke, _Agents[_On].invoke, _Agents[bool].invoke,
        "POST /api/v1/agents", AgentsCompletionChunk, "agent-api/智能体对话"
    )

    @_interface("POST /api/v1/agents/async-result", "agent-api/异步结果")
    def async_result(
        self, agent_id: str = None, async_id: str = None, conversation_id: str = None, custom_variables: Any = None,
        **options: Unpack[_Options]
    ) -> AgentsCompletion:
        """The result of an agent's task; `status`: pending, success or failed."""

    @_interface("POST /api/v1/agents/conversation", "agent-api/对话历史")
    def conversation(
        self, agent_id: str = None, conversation_id: str = None, custom_variables: Any = None,
        **options: Unpack[_Options]
    ) -> AgentsCompletion:
        """The history of a conversation with slides_glm_agent, and its slides (`include_pdf`, `pages` in cm)."""


class _Assistant(Generic[_Bool]):
    def conversation(
        self, assistant_id: str, messages: _List, model: str = None, *, stream: _Bool = None,
        conversation_id: str = None, attachments: _List = None, metadata: _Mapping = None, request_id: str = None,
        user_id: str = None, do_sample: bool = None, extra_parameters: Any = None, **options: Unpack[_Options]
    ) -> AssistantCompletion:
        """Talk to an assistant: a stream, unless `stream=False`. The platform requires `model` (glm-4-assistant)."""


class Assistant(Resource[_Client]):
    """Deprecated by the platform."""

    conversation = _streaming_unless(
        _Assistant[_Off].conversation, _Assistant[_On].conversation, _Assistant[bool].conversation,
        "POST /assistant", AssistantCompletion, "助理-api/助手对话"
    )

    @_interface("POST /assistant/list", "助理-api/助手列表")
    def query_support(
        self, *, assistant_id_list: Sequence[str] = None, request_id: str = None, user_id: str = None,
        **options: Unpack[_Options]
    ) -> AssistantSupportResp:
        """The assistants."""

    @_interface("POST /assistant/conversation/list", "助理-api/助手会话列表")
    def query_conversation_usage(
        self, assistant_id: str, page: int = 1, page_size: int = 10, *, request_id: str = None, user_id: str = None,
        **options: Unpack[_Options]
    ) -> ConversationUsageListResp:
        """The conversations with an assistant and their tokens; `page_size`: 1 to 100."""


class InputItems(Resource[_Client]):
    @_paged("GET /api/v1/responses/{response_id}/input_items", ResponseItem, "response/查询输入项列表")
    def list(
        self, response_id: str, *, after: str = None, limit: int = None, order: str = None, **options: Unpack[_Options]
    ) -> ListOfResponseItem:
        """What a response was the answer to; `order`: desc (default) or asc."""


class _Responses(Generic[_Bool]):
    def create(
        self, *, model: str, input: Any, instructions: str = None, stream: _Bool = None, tools: _List = None,
        tool_choice: Any = None, reasoning: Any = None, temperature: float = None, top_p: float = None,
        max_output_tokens: int = None, text: Any = None, store: bool = None, previous_response_id: str = None,
        prompt_cache_key: str = None, parallel_tool_calls: bool = None, metadata: Any = None,
        **options: Unpack[_Options]
    ) -> ResponseObject:
        """The Responses interface. `max_output_tokens` (at most 131072) includes the reasoning.

        `previous_response_id` needs `store=True` (default false) there, and works for 7 days.
        """


class Responses(Resource[_Client]):
    input_items: InputItems[_Client]

    create = _streaming(
        _Responses[_Off].create, _Responses[_On].create, _Responses[bool].create,
        "POST /api/v1/responses", ResponseStreamEvent, "response/创建-response"
    )

    @_interface("GET /api/v1/responses/{response_id}", "response/查询-response")
    def retrieve(self, response_id: str, **options: Unpack[_Options]) -> ResponseObject:
        """A stored response."""

    @_interface("DELETE /api/v1/responses/{response_id}", "response/查询-response")
    def delete(self, response_id: str, **options: Unpack[_Options]) -> ResponseDeleted:
        """Delete a stored response."""

# fmt: on


# ------------------------------------------------------------------------------------------------- Asyncio by threads

_AHEAD = 64  # items that a thread reads before its task takes them
_LINGER = 5  # seconds that an idle thread waits for a job


class _Job:
    """A function that a thread runs for a task of an event loop; if it returns an iterator, the thread reads that too.

    What thread and task share is atomic in each step. The thread keeps neither loop nor task alive, so that those that
    nobody needs any more are collected, and end their calls.
    """

    def __init__(self, workers: _Workers, function: Callable[[_Job], Any], future: Any) -> None:
        self.given_up = False
        self.stop: Any = None  # what ends the function's waiting for a socket
        self._workers = workers
        self._function: Any = function
        self._future = weakref.ref(future)
        self._loop = weakref.ref(future.get_loop())
        self._items: Any = collections.deque()  # read, and not yet taken by the task
        self._end: Any = None  # what comes after the last item
        self._waiters: List[Any] = []  # references to the futures of tasks that wait for an item
        self._pause = threading.Lock()  # a thread that pauses waits for it; no Event, which a destructor may not set
        self._pause.acquire()

    def run(self) -> None:
        """The thread's part."""
        result: Any = None
        end: Any = None
        try:
            result = None if self.given_up else self._function(self)
            if self.given_up:  # nobody takes the result
                self.give_up()
            if hasattr(type(result), "__next__"):
                self._tell(self._settle, result, None)
                for item in result:
                    self._put(item)
                    if self.given_up:
                        result.close()
                end = StopAsyncIteration()
        except BaseException as error:
            end = error
        self._end = self._end or end
        self._function = self.stop = None
        self._tell(self._settle, result, self._end)

    def _put(self, item: Any) -> None:
        self._items.append(item)
        waiters, self._waiters = self._waiters, []
        if waiters:
            self._tell(self._wake, waiters)
        while len(self._items) >= _AHEAD and not self.given_up:
            self.sleep(-1)

    def sleep(self, seconds: float) -> None:
        self._pause.acquire(timeout=seconds)

    def _go_on(self) -> None:
        with contextlib.suppress(RuntimeError):  # nobody pauses
            self._pause.release()

    def _tell(self, function: Callable[..., Any], *arguments: Any) -> None:
        try:
            self._loop().call_soon_threadsafe(function, *arguments)  # type: ignore[union-attr]
        except (RuntimeError, AttributeError):  # the loop is closed, or gone: nobody will ask
            self.give_up()

    def _settle(self, result: Any, error: Any) -> None:
        """In the loop: the function has returned, or all has been read."""
        future = self._future()
        if future is not None and not future.done():
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
        self._wake(self._waiters)

    @staticmethod
    def _wake(waiters: List[Any]) -> None:
        for waiter in filter(None, [reference() for reference in waiters]):
            if not waiter.done():
                waiter.set_result(None)

    async def next(self) -> Any:
        """The next item, for the task."""
        import asyncio

        while not self._items:
            self._go_on()
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(weakref.ref(waiter))
            # between two batches, others have their turn
            await (asyncio.sleep(0) if self._items or self._end else waiter)
            end = self._end
            if end is not None and not self._items:
                self._end = StopAsyncIteration()
                raise end
        return self._items.popleft()

    def drop(self) -> None:
        """End it, from the task; what has come, and what may still come, is forgotten."""
        self._items = collections.deque(maxlen=0)
        self.give_up(StopAsyncIteration())

    def interrupt(self) -> None:
        """Let its thread end it, and then free its place: all that a destructor may do, which runs in any state."""
        self.given_up = True
        self._go_on()
        stop = self.stop
        if stop is not None:
            stop()

    def give_up(self, end: Any = None) -> None:
        """End it, from any thread; whoever waits gets `end`. Its place is free at once, even if its thread is stuck."""
        self._end = self._end or end
        self.interrupt()
        self._workers.release(self)
        if end is not None:
            self._tell(self._settle, None, end)


class _Workers:
    """Daemon threads for jobs: at most so many jobs at a time, in the order of their coming."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: Any = collections.deque()
        self._active: set[_Job] = set()
        self._idle = 0  # threads that look for a job
        self._is_closed = False
        self._changed = threading.Condition()

    def submit(self, job: _Job) -> None:
        with self._changed:
            self._waiting.append(job)
            self._find_thread()

    def release(self, job: _Job) -> None:
        """The place of a job is free for another one."""
        with self._changed:
            self._active.discard(job)
            self._find_thread()

    def _ready(self) -> int:
        """How many jobs can begin."""
        return min(len(self._waiting), self._limit - len(self._active))

    def _find_thread(self) -> None:
        """For the first job in the queue, if there is a place for it."""
        if self._idle >= self._ready():
            if self._waiting:
                self._changed.notify()
            return
        try:
            threading.Thread(target=self._work, name="zhipuai_lite", daemon=True).start()
            self._idle += 1
        except RuntimeError:
            if not self._active:  # else one of their threads will take it
                self._waiting.popleft().give_up(ZhipuAIError("No thread could be started."))

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_closed or self._ready() > 0, _LINGER)
                self._idle -= 1
                if self._ready() <= 0:
                    return
                job = self._waiting.popleft()
                self._active.add(job)
            job.run()
            with self._changed:
                self._idle += 1
                self.release(job)
            del job

    def close(self, failure: Exception) -> None:
        """End all threads, and break off what they do, and what waits for them."""
        with self._changed:
            self._is_closed = True
            jobs = [*self._active, *self._waiting]
            self._waiting.clear()
            self._changed.notify_all()
        for job in jobs:
            job.give_up(failure)


# ------------------------------------------------------------------------------------------------------------ Clients


class _Interfaces(_Core[_Client]):
    """Every interface of the platform; the annotations are the resources."""

    chat: Chat[_Client]
    responses: Responses[_Client]
    embeddings: Embeddings[_Client]
    rerank: Rerank[_Client]
    tokenizer: Tokenizer[_Client]
    models: Models[_Client]
    images: Images[_Client]
    videos: Videos[_Client]
    audio: Audio[_Client]
    voice: Voice[_Client]
    files: Files[_Client]
    file_parser: FileParser[_Client]
    ocr: Ocr[_Client]
    layout_parsing: LayoutParsing[_Client]
    batches: Batches[_Client]
    fine_tuning: FineTuning[_Client]
    knowledge: Knowledge[_Client]
    knowledge_base: KnowledgeBase[_Client]
    zrag: Zrag[_Client]
    tools: Tools[_Client]
    web_search: WebSearchApi[_Client]
    web_reader: WebReader[_Client]
    moderations: Moderations[_Client]
    agents: Agents[_Client]
    assistant: Assistant[_Client]


class ZhipuAI(_Interfaces["ZhipuAI"]):
    """The client. Safe to share between threads; building one costs next to nothing, connections outlive it.

    `api_key` (else `ZHIPUAI_API_KEY`), `base_url` (else `ZHIPUAI_BASE_URL`); `timeout`: seconds, (connect, read) or
    None for no limit, default 8 to connect and 300 for each wait; `max_retries` of what can succeed later;
    `http_client`: an opener of `urllib.request.build_opener` to use instead of our own; `custom_headers`;
    `disable_token_cache=True` sends the key as it is; `ssl_context` replaces the default TLS settings.
    """

    def _call(self, resource: Any, interface: _Interface, values: _Dict) -> Any:
        return self._send(self._build(resource, interface, values))

    def _follow(self, polling: _Polling) -> Any:
        while not polling.has_ended():
            _sleep(polling.pause())
            polling.take(polling.ask())
        return polling.task

    def close(self) -> None:
        """Refuse further calls, and close the idle connections that this client used last."""
        self._closed = True
        _pool.close(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: Any) -> None:
        self.close()


class ZhipuAiClient(ZhipuAI):
    """zai-sdk's name of the client for bigmodel.cn: `ZAI_API_KEY`, `ZAI_BASE_URL`."""

    _key_variable, _url_variable = "ZAI_API_KEY", "ZAI_BASE_URL"


class ZaiClient(ZhipuAiClient):
    """zai-sdk's client for z.ai."""

    _default_url = "https://api.z.ai/api/paas/v4/"
    _own_headers = {"Accept-Language": "en-US,en"}  # noqa: RUF012


class AsyncZhipuAI(_Interfaces["AsyncZhipuAI"]):
    """The client for asyncio: the same arguments and interfaces, awaited.

    Its calls run in threads of its own, at most `max_connections` at a time, streams that are being read included; the
    rest wait their turn. Cancelling a task closes its connection at once.
    """

    async def _run(self, function: Callable[[_Job], Any]) -> Tuple[Any, _Job]:
        """What a function returns that a thread runs."""
        import asyncio

        if self._closed:
            raise ZhipuAIError("The client is closed.")
        process = os.getpid()  # a fork has none of its parent's threads
        workers = self._workers.get(process) or self._workers.setdefault(process, _Workers(self.max_connections))
        future = asyncio.get_running_loop().create_future()
        job = _Job(workers, function, future)
        try:
            workers.submit(job)
            return await future, job
        except BaseException:
            job.give_up()
            raise

    async def _perform(self, build: Callable[[], _Call]) -> Any:
        def send(job: _Job) -> Any:
            call = build()
            call.job, job.stop = job, call.abort
            result = self._send(call)
            if isinstance(result, (Stream, Response)):
                job.stop = result.close
            return result

        result, job = await self._run(send)
        if isinstance(result, Stream):
            return AsyncStream(result, job)
        if isinstance(result, SyncCursorPage):
            return AsyncPage(result)._attach(*result._origin)
        if isinstance(result, BinaryResponse):
            result._run = self._run
        return result

    def _call(self, resource: Any, interface: _Interface, values: _Dict) -> Any:
        coroutine: Any = self._perform(functools.partial(self._build, resource, interface, values))
        coroutine.__qualname__ = interface.function.__qualname__  # for Python's warning when it is not awaited
        return coroutine

    async def _follow(self, polling: _Polling) -> Any:
        import asyncio

        while not polling.has_ended():
            await asyncio.sleep(polling.pause())
            polling.take(await polling.ask())
        return polling.task

    async def aclose(self) -> None:
        """Refuse further calls, break off those under way, close this client's idle connections."""
        self._closed = True
        if os.getpid() in self._workers:
            self._workers[os.getpid()].close(ZhipuAIError("The client is closed."))
        _pool.close(self)

    close = aclose

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *reason: Any) -> None:
        await self.aclose()


# --------------------------------------------------------------------------------------------- The official SDK's name

_OFFICIAL_MODULES = r"zhipuai(\._client|\.core(\.(_[a-z_]*[a-z]|pagination))*|\.(types|api_resource)(\.[a-z][a-z_]*)*)?"
_OFFICIAL_DICTS = ".*(Params?|Parameters|Request|Reference|Attachments|Content|ConversationMessage)"
_OFFICIAL_NAMES = {  # what is called otherwise here; some are told apart by their module
    "__version__": "v2.1.5.20250725", "BaseAPI": Resource, "BaseModel": Model, "StreamResponse": Stream,
    "ZHIPUAI_DEFAULT_TIMEOUT": Model(connect=8.0, read=300.0, write=300.0, pool=300.0),
    "ZHIPUAI_DEFAULT_MAX_RETRIES": 3, "PYDANTIC_V2": True, "ConfigDict": dict,
    "chat_completion_chunk.CompletionUsage": ChunkUsage,
    "moderation_completion.Completion": ModerationCompletion, "moderations.Completion": ModerationCompletion,
    "web_search_chunk.Choice": WebSearchChunkChoice, "web_search_chunk.ChoiceDelta": WebSearchMessage,
    "web_search_chunk.ChoiceDeltaToolCall": WebSearchMessageToolCall,
}  # fmt: skip


def _official(module: str, name: str) -> Any:
    """What the official SDK's module has by that name."""
    for known in (f"{module.rpartition('.')[2]}.{name}", name):
        if known in _OFFICIAL_NAMES:
            return _OFFICIAL_NAMES[known]
    value = globals().get(name)
    if name in __all__ or (isinstance(value, type) and issubclass(value, Resource)):
        return value
    if re.fullmatch(_OFFICIAL_DICTS, name):
        return dict
    if re.fullmatch(_OFFICIAL_MODULES, f"{module}.{name}"):
        return importlib.import_module(f"{module}.{name}")
    raise AttributeError(f"module {module!r}, as zhipuai_lite imitates it, has no attribute {name!r}")


class _OfficialFinder:
    """Finds the package `zhipuai`, its modules and its distribution here."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        is_known = re.fullmatch(_OFFICIAL_MODULES, name)
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if is_known else None  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        few = re.fullmatch(r"zhipuai(\.core\._errors)?", module.__name__)
        module.__all__ = [name for name in __all__ if not few or re.fullmatch("ZhipuAI(Error)?|API.*Error", name)]
        module.__dir__ = lambda: module.__all__
        module.__getattr__ = functools.partial(_official, module.__name__)

    def find_distributions(self, context: Any) -> Iterator[Any]:
        if (context.name or "zhipuai").lower() == "zhipuai":
            texts = {"METADATA": "Metadata-Version: 2.1\nName: zhipuai\nVersion: 2.1.5.20250825\n"}
            members = {"read_text": lambda self, name: texts.get(name), "locate_file": None}
            metadata = sys.modules[type(context).__module__]  # or its backport for old Pythons: whoever asks
            yield type("_Distribution", (metadata.Distribution,), members)()


def install_as_zhipuai() -> None:
    """Make `import zhipuai`, and what libraries import from it, give this module's classes.

    `ImportError` when the official SDK has been imported already.
    """
    finder = _OfficialFinder()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "zhipuai":
            if type(getattr(module, "__loader__", None)).__name__ != "_OfficialFinder":
                raise ImportError(f"install_as_zhipuai: call it before the official SDK is imported: {module!r}")
            finder.exec_module(module)  # which another copy of this file may have made
    sys.meta_path[:] = [finder, *(f for f in sys.meta_path if type(f).__name__ != "_OfficialFinder")]


# ------------------------------------------------------------------------------------------------------- Command line

_DEMONSTRATION_KEY = "offline.demonstration"
_GET_A_KEY = "Get a key at https://open.bigmodel.cn/usercenter/apikeys"


@contextlib.contextmanager
def offline() -> Iterator[ZhipuAI]:
    """`with offline() as client:` a client that talks to an imitation of the platform here: no key, no network.

    It answers chats, streamed or not, with what was said, and everything else with an error.
    """
    from http.server import BaseHTTPRequestHandler
    from socketserver import ThreadingTCPServer

    class Handler(BaseHTTPRequestHandler):
        error_content_type = "application/json"
        error_message_format = '{"error": {"code": "%(message)s", "message": "%(explain)s"}}'
        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer_offline

        def log_message(self, format: str, *args: Any) -> None: ...

    class Server(ThreadingTCPServer):  # HTTPServer looks up the host's name
        daemon_threads, request_queue_size = True, 128

        def handle_error(self, request: Any, client_address: Any) -> None: ...  # the client hung up

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            with ZhipuAI(api_key=_DEMONSTRATION_KEY, base_url=f"http://127.0.0.1:{server.server_address[1]}") as client:
                client._opener = _new_opener(None, "", {})  # whatever proxies are set
                yield client
        finally:
            server.shutdown()
            thread.join()


def _answer_offline(request: Any) -> None:
    """What the demonstration does with a request, a `BaseHTTPRequestHandler`."""
    body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
    token = request.headers.get("Authorization", "").partition(" ")[2].encode()
    if token != _signed(token.rpartition(b".")[0], b"demonstration"):
        return request.send_error(401, "1002", "Authorization Token非法")
    if request.path != "/chat/completions":
        return request.send_error(404, "404", "离线演示只有 POST /chat/completions")
    try:
        asked = json.loads(body)
        said, model, streams = asked["messages"][-1]["content"], asked.get("model"), asked.get("stream")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return request.send_error(400, "1213", "未正常接收到messages参数")
    text = f"你好！这是离线演示：没有网络，也没有密钥，请求仍然经过真实的套接字。你说的是：{said}"
    name, pieces = ("delta", list(text)) if streams else ("message", [text])
    choices: List[Any] = [{"index": 0, name: {"role": "assistant", "content": piece}} for piece in pieces]
    choices[-1]["finish_reason"] = "stop"
    answer = {"id": "offline", "model": model, "usage": {"completion_tokens": len(text)}}
    answers = [json.dumps({**answer, "choices": [choice]}) for choice in choices]
    data = "".join(f"data: {each}\n\n" for each in [*answers, "[DONE]"]) if streams else answers[0]
    request.send_response(200)
    request.send_header("Content-Type", "text/event-stream" if streams else "application/json")
    request.send_header("Content-Length", str(len(data)))
    request.end_headers()
    request.wfile.write(data.encode())
    return None


def _argument(text: str) -> str:
    """Text as it was typed: in the C locale, Python hands out the bytes of UTF-8 as half surrogates."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _main_chat(options: Any) -> None:
    is_conversation = not options.prompt and sys.stdin is not None and sys.stdin.isatty()
    messages: List[Any] = [{"role": "system", "content": _argument(options.system)}] if options.system else []
    connected: Any = offline() if options.offline else ZhipuAI()
    with connected as client:
        for question in _typed() if is_conversation else [_prompt(options)]:
            messages.append({"role": "user", "content": question})
            try:
                messages.append(_answer(client, options, messages))
            except (APIError, KeyboardInterrupt) as error:
                if not is_conversation:
                    raise
                _fail(str(error) or "interrupted")
                messages.pop()


def _prompt(options: Any) -> str:
    text = " ".join(map(_argument, options.prompt))
    if not text and sys.stdin is not None:
        data = sys.stdin.buffer.read()
        try:
            text = data.decode("utf-8-sig").strip()
        except UnicodeError:
            text = data.decode(sys.stdin.encoding).strip()
    if not text:
        raise ZhipuAIError("nothing to ask: give a prompt, or pipe one in")
    return text


def _typed() -> Iterator[str]:
    """What is typed, until Ctrl-D."""
    with contextlib.suppress(EOFError):
        while True:
            line = _argument(input("> "))
            if line.strip():
                yield line
    print()


def _answer(client: ZhipuAI, options: Any, messages: List[Any]) -> Any:
    """Show the answer to messages."""
    answer: Any = client.chat.completions.create(model=options.model, messages=messages, stream=options.stream or None)
    if options.stream:
        with answer as stream:
            if not options.json:
                _show_stream(stream)
            answer = stream.get_final_completion()
    message = None
    with contextlib.suppress(LookupError, TypeError, AttributeError):
        message = answer.choices[0].message
    if options.json:
        print(_as_json(answer))
    if not isinstance(message, CompletionMessage):
        raise APIResponseError("The answer holds no message")
    if not (options.json or options.stream):
        print(_printable(message.content))
    return message


def _show_stream(stream: Any) -> None:
    show, thinking = functools.partial(print, end="", flush=True), False
    for chunk in stream:
        for delta in [getattr(choice, "delta", None) for choice in chunk.choices or ()]:
            thought, text = (getattr(delta, name, None) for name in ("reasoning_content", "content"))
            if thought and sys.stdout.isatty():
                show(f"\x1b[2m{_printable(thought)}\x1b[0m")
                thinking = True
            if text:
                show("\n" * thinking + _printable(text))
                thinking = False
    print()


def _printable(content: Any) -> str:
    """A message's content as text for a terminal, which would obey control characters."""
    text = content if isinstance(content, str) else _as_json(content, None) if content else ""
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text) if sys.stdout.isatty() else text


def _shows_unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "utf").lower().startswith("utf")


def _as_json(value: Any, indent: int | None = 2) -> str:
    return json.dumps(value, ensure_ascii=not _shows_unicode(), indent=indent, default=str)


def _main_token(options: Any) -> None:
    print(generate_token(_checked_key(os.environ.get("ZHIPUAI_API_KEY", ""), "ZHIPUAI_API_KEY")))


def _main_doctor(options: Any) -> int:
    key, checks = os.environ.get("ZHIPUAI_API_KEY", "").strip(), []
    for what, good, text in _examine(key):
        text = re.sub(r"//\S*@", "//***@", text.replace(key, "***") if len(key) > 8 else text)
        checks.append({"check": what, "ok": good, "text": text})
        if not options.json:
            print(f"{('✗✓' if _shows_unicode() else 'x+')[good]} {what}: {text}", flush=True)
    works = all(check["ok"] for check in checks if check["check"] != "clock")  # whose error the client makes up for
    if options.json:
        print(_as_json({"ok": works, "checks": checks}))
    return 0 if works else 1


def _examine(key: str) -> Iterator[Tuple[str, bool, str]]:
    """(what, whether it is well, how it is and what to do) of all that `doctor` looks at."""
    yield "Python", True, f"{sys.version.split()[0]}, {ssl.OPENSSL_VERSION}, zhipuai_lite {__version__}"
    paths, file = ssl.get_default_verify_paths(), os.environ.get("SSL_CERT_FILE")
    count = ssl.create_default_context().cert_store_stats()["x509_ca"]
    if (count or (paths.capath and os.listdir(paths.capath))) and (not file or os.path.isfile(file)):
        yield "CA", True, f"{paths.cafile or paths.capath or 'the system'}, {count} certificates read"
    else:
        yield "CA", False, "None: install ca-certificates, or set SSL_CERT_FILE to a file of them."
    try:
        yield "key", bool(generate_token(_checked_key(key, "ZHIPUAI_API_KEY"))), "of the form id.secret"
    except ConfigurationError as error:
        yield "key", False, f"{error}. {_GET_A_KEY}"
    try:
        with ZhipuAI(api_key=_DEMONSTRATION_KEY, timeout=8, max_retries=0) as client:
            yield "proxy", True, f"{_proxy_for(client._base)[0] or 'none'}, for {client.base_url}"
            yield from _examine_network(client)
    except ConfigurationError as error:
        yield "address", False, str(error)
    try:
        with offline() as client:
            client.chat.completions.create(model="", messages=[{"role": "user", "content": "你好"}])
        yield "round trip", True, "the offline demonstration answered"
    except (ZhipuAIError, OSError) as error:
        yield "round trip", False, str(error)


def _examine_network(client: ZhipuAI) -> Iterator[Tuple[str, bool, str]]:
    """One request, without a key: any answer of the platform will do."""
    started, problem = time.monotonic(), ""
    try:
        response = client.get("", extra_headers={"Authorization": None}, cast_type=Response)
    except APIError as error:
        response = getattr(error, "response", None)
        if isinstance(error, APIConnectionError) or getattr(error, "status_code", 0) == 407:
            problem = f"{error} Check the network, and HTTPS_PROXY with its password."
    took = (time.monotonic() - started) * 1000
    yield "network", not problem, problem or f"{client.base_url} answered in {took:.0f} ms"
    date = _http_date(getattr(response, "headers", {}).get("date"))
    if date:
        ahead = time.time() - date
        advice = "" if abs(ahead) < 60 else ". Set the clock; until then, the server's is used"
        yield "clock", not advice, f"{ahead:+.0f} s{advice}"


def _all_interfaces(group: Any = _Interfaces, prefix: str = "") -> Iterator[Tuple[str, _Interface]]:
    """Every interface by its dotted name."""
    for name, member in vars(group).items():
        if isinstance(getattr(member, "__wrapped__", None), _Interface):
            yield prefix + name, member.__wrapped__
    for name, inner in _groups(group).items():
        yield from _all_interfaces(inner, f"{prefix}{name}.")


_MARKS = "* is required, =@ a file: NAME=@PATH. All take extra_headers, extra_body and timeout, too."


def _outline(name: str, interface: _Interface) -> str:
    shown = ("*" * (each in interface.required) + each + "=@" * (each in interface.files) for each in interface.names)
    return f"{name}({', '.join(shown)})"


def _main_call(options: Any) -> None:
    interfaces, name = dict(_all_interfaces()), options.interface
    if options.list:
        return print(*sorted(map(_outline, interfaces, interfaces.values())), f"# {_MARKS}", sep="\n")
    if options.help and not name:
        return options.print_help()
    if name not in interfaces:
        raise ZhipuAIError(f"no interface {name!r}; call --list shows all")
    interface = interfaces[name]
    if options.help:
        import inspect

        return print(_outline(name, interface), inspect.getdoc(interface.function), _MARKS, sep="\n\n")
    values = dict(_value(interface, argument) for argument in options.arguments)
    with ZhipuAI() as client:
        if sys.stderr is not None and sys.stderr.isatty():
            client._progress = _show_progress
        method: Any = functools.reduce(getattr, name.split("."), client)
        return _show_result(method(**values), options.output)


def _value(interface: _Interface, argument: str) -> Tuple[str, Any]:
    """The parameter and its value that NAME=VALUE means."""
    name, equals, text = _argument(argument).partition("=")
    if name not in interface.known:
        raise ZhipuAIError(f"no parameter {name!r}; it takes name=value: {', '.join(interface.known)}")
    is_file = name in interface.files
    if not equals or (is_file and text[:1] != "@"):
        raise ZhipuAIError(f"write {name}={'@PATH' if is_file else 'VALUE'}")
    if text[:1] == "@":
        import pathlib

        path = pathlib.Path(argument.partition("=@")[2])
        if is_file:
            return name, path
        text = path.read_text("utf-8-sig")
    with contextlib.suppress(ValueError, RecursionError):
        return name, json.loads(text)
    return name, text


def _show_progress(done: int, total: int) -> None:
    print(f"\r{done / 1e6:.1f} of {total / 1e6:.1f} MB", end="\n" * (done == total), file=sys.stderr, flush=True)


def _show_result(result: Any, output: str | None) -> None:
    if isinstance(result, BinaryResponse):
        result.write_to_file(output) if output else sys.stdout.buffer.writelines(result.iter_bytes())
    elif output:
        with open(output, "w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
            _show_result(result, None)
    elif isinstance(result, Stream):
        with result:
            for chunk in result:
                print(_as_json(chunk, None), flush=True)
    else:
        print(result.text if isinstance(result, Response) else _as_json(result))


def _parser() -> Any:
    import argparse

    parser = argparse.ArgumentParser(description="The Zhipu BigModel platform from the command line.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    add = commands.add_parser("chat", help="ask a model").add_argument
    add("-m", "--model", default="glm-4-flash", help="default: %(default)s")
    add("-s", "--system", help="the system message")
    add("--no-stream", dest="stream", action="store_false", help="print the answer when it is complete")
    add("--json", action="store_true", help="print the whole answer as JSON")
    add("--offline", action="store_true", help="no key, no network: a demonstration answers")
    add("prompt", nargs="*", help="else what is piped in, or, on a terminal, a conversation that Ctrl-D ends")
    commands.add_parser("token", help="print a token for curl")
    add = commands.add_parser("doctor", help="find out why calls do not work here").add_argument
    add("--json", action="store_true", help="print what was found as JSON")
    about = "call any interface, as in: embeddings.create model=embedding-3 input=你好"
    call = commands.add_parser("call", help=about, add_help=False)
    call.set_defaults(print_help=call.print_help)
    add = call.add_argument
    add("-h", "--help", action="store_true", help="of an interface, if one is named")
    add("--list", action="store_true", help="list the interfaces and their parameters")
    add("-o", "--output", metavar="FILE", help="where the answer goes")
    add("interface", nargs="?")
    add("arguments", nargs="*", metavar="NAME=VALUE", help="JSON, or text; @PATH for a file")
    return parser


def main(argv: Sequence[str] = None) -> int:
    """The command line; returns the exit status."""
    if sys.stdout is None:
        return _fail("standard output is closed")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # one that cannot show Chinese is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    options, rest = parser.parse_known_args(argv)
    if options.command == "call" and not any(text.startswith("-") for text in rest):
        options.arguments += rest  # argparse takes none after an option
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if options.command is None:
        parser.print_help()
        return 2
    try:
        status = globals()[f"_main_{options.command}"](options)
        sys.stdout.flush()
        return status or 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stdout = None  # nobody reads on: not even the interpreter's last flush
        return 141
    except (ZhipuAIError, TypeError, ValueError, OSError) as error:
        advice = f". {_GET_A_KEY}, or try: chat --offline 你好" if "ZHIPUAI_API_KEY" in str(error) else ""
        return _fail(f"{error}{advice}")


def _fail(text: str) -> int:
    if sys.stderr is not None:
        print("zhipuai-lite:", re.sub("[^ -\uffff]+", " ", text)[:1000], file=sys.stderr)
    return 1


_PUBLIC = (Exception, ZhipuAI, AsyncZhipuAI, Model, Stream, AsyncStream, SyncCursorPage, AsyncPage, Response)
__all__ = ["NOT_GIVEN", "NotGiven", "generate_token", "install_as_zhipuai", "offline"]
__all__ += [
    name
    for name, value in globals().items()
    if name[0] != "_" and isinstance(value, type) and issubclass(value, _PUBLIC)
]

if _before.get("_code") == _code:  # reloaded, as Dask does with every file: what was made before goes on to be known
    globals().update(_before)
del _before

if __name__ == "__main__":
    sys.exit(main())
