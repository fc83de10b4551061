# mypy: disable-error-code="empty-body, no-any-return", implicit-optional
# pyright: reportReturnType=false, strictParameterNoneValue=false
"""zhipuai_lite: the Zhipu BigModel (智谱) open platform in one file, with nothing but the standard library.

    from zhipuai_lite import ZhipuAI

    client = ZhipuAI()  # the key comes from the environment: ZHIPUAI_API_KEY
    answer = client.chat.completions.create(model="glm-4-flash", messages=[{"role": "user", "content": "你好"}])
    print(answer.choices[0].message.content)

The same calls as in the official SDK `zhipuai` 2.x; `python3 zhipuai_lite.py --help` shows the command line.

Sections, each readable without those below it: errors, authentication, models, server-sent events, transport, the
client core, endpoints, clients, the official SDK's name, command line.

Copyright (c) 2026 the zhipuai_lite authors. SPDX-License-Identifier: MIT. Permission is granted, free of charge, to
deal in this file without restriction, provided that this notice stays in it. There is no warranty of any kind.
"""

from __future__ import annotations

import atexit
import base64
import collections
import contextlib
import functools
import hmac
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
import urllib.parse
import weakref

__version__ = "1.0.0"

# Reloaded, as Dask does with every file, the same code keeps what it made: else pickle and `except` would not know it.
_before = dict(globals()) if globals().get("_code") == sys._getframe().f_code else {}
_code = sys._getframe().f_code

TYPE_CHECKING = False  # checkers take it for true; importing `typing` at run time would cost 10 ms
if TYPE_CHECKING:
    import urllib.request
    from typing import (
        Any,
        AsyncIterator,
        Awaitable,
        Callable,
        Dict,
        Generator,
        Generic,
        Iterable,
        Iterator,
        List,
        Literal,
        Mapping,
        Optional,
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
    _Seconds = Union[float, Tuple[Optional[float], Optional[float]], Any, None]
    _List = Sequence[Any]
    _Later = Optional[_T]  # a field that the official SDK's class does not have: dumped only when it was sent
    _Steps = Generator[Any, Any, Any]

    class _Options(TypedDict, total=False):
        """What every interface takes: `extra_body` wins over named parameters; `timeout` None means no limit."""

        extra_headers: Optional[_Mapping]
        extra_body: Optional[_Mapping]
        timeout: _Seconds

else:
    _Client = _T = _Bool = _Off = _On = None
    _Dict = dict

    class Generic:
        """Stands in for `typing.Generic`."""

        __slots__ = ()
        __module__ = "typing"

        def __class_getitem__(cls, item):
            return cls

    _Later = Generic


class NotGiven:
    """The type of `NOT_GIVEN`, which stands for a parameter that was not given: there is only that one."""

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
        return _restore_error, (type(self), self.args, self.__dict__)


def _restore_error(cls: Type[ZhipuAIError], args: Tuple[Any, ...], state: _Dict) -> ZhipuAIError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class ConfigurationError(ZhipuAIError, ValueError):
    """A key, a base URL or a proxy setting that no request can be sent with."""


class APIError(ZhipuAIError):
    """A call that failed.

    `code`: the platform's business code as a string, like "1302"; `request_id`: what its support asks for; `body`: the
    parsed answer. Each may be None.
    """

    def __init__(self, message: Any = "", request: Any = None, *, body: Any = None, headers: Any = None) -> None:
        message = _readable(str(message))
        super().__init__(message)
        self.message = message
        self.request = request
        self.body = body
        self.code = _reason(body)[0]
        self.request_id = _request_id(headers, body)


class APIStatusError(APIError):
    """An answer whose status is not 2xx. `response` has been read."""

    def __init__(self, message: str, *, response: Any, body: Any = None) -> None:
        headers = getattr(response, "headers", None)
        super().__init__(message, getattr(response, "request", None), body=body, headers=headers)
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

    def __init__(self, message: str = "", request: Any = None, json_data: Any = None, *, headers: Any = None) -> None:
        super().__init__(message, request, body=json_data, headers=headers)
        self.json_data = json_data


class APIResponseValidationError(APIResponseError):
    """An answer that is not what the interface answers: HTML of a gateway, broken JSON, nothing at all."""

    def __init__(self, response: Any, json_data: Any = None, *, message: str = None) -> None:
        message = message or "Data returned by API invalid for expected schema."
        headers = getattr(response, "headers", None)
        super().__init__(message, getattr(response, "request", None), json_data, headers=headers)
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


def _readable(text: str, length: int = 3000) -> str:
    """Text for a message: not too long, and without what a terminal would obey."""
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
    return next((value for value in found if value and isinstance(value, str)), None)


def _checked_number(argument: str, value: Any, least: float, kind: Any = (int, float)) -> Any:
    """`value`, if it is a number from `least` on, and not absurd."""
    expected = f"{argument}: expected a {'whole ' * (kind is int)}number from {least}"
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


def _sign(claims: bytes, secret: bytes) -> bytes:
    """A JSON Web Signature (RFC 7515) over `claims`, HS256."""
    message = _TOKEN_HEADER + b"." + _base64url(claims)
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
    identifier, secret = api_key.partition(".")[0], _Secret(api_key.partition(".")[2])
    claims = {"api_key": identifier, "exp": issued + int(exp_seconds * 1000), "timestamp": issued}
    return _sign(json.dumps(claims, separators=(",", ":")).encode(), secret.encode()).decode()


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
        server = _http_date(date)
        offset = (server or 0.0) - time.time()
        if server is None or abs(offset - self._offsets.get(api_key, 0.0)) <= 60 or abs(offset) > 1e10:
            return False
        self._offsets[api_key] = offset
        self._tokens.pop(api_key, None)
        return True

    def clear(self) -> None:
        self._tokens.clear()
        self._offsets.clear()


_tokens = _TokenCache()


def _http_date(text: str | None) -> float | None:
    from email.utils import mktime_tz, parsedate_tz

    try:
        parsed = parsedate_tz(text or "")
        return float(mktime_tz(parsed)) if parsed else None
    except (TypeError, ValueError, OverflowError, IndexError, NameError):  # the last of parsedate_tz before Python 3.9
        return None


def _checked_key(api_key: Any, variable: str) -> str:
    """The key without the white space around it. No error repeats it."""
    if not isinstance(api_key, str):
        raise TypeError(f"api_key: expected str, got {type(api_key).__name__}")
    key, api_key = _Secret(api_key.strip()), None  # errors below have this frame in their traceback
    if not key:
        raise ConfigurationError(f"未提供api_key，请通过参数或环境变量提供: pass api_key=... or set {variable}")
    if not re.fullmatch("[!-~]+", key):
        text = "no white space, control or non-ASCII characters"
        raise ConfigurationError(f"api_key: set {variable} to the key alone: {text}")
    return key


# ------------------------------------------------------------------------------------------------------------- Models

_unread: Any = None
_no_fields: Any = {}
_new: Any = dict.__new__
_fill: Any = dict.update


class _ModelType(type):
    """Makes models without a `__dict__` each, which would only cost time and space."""

    def __new__(cls, name: str, bases: Any, namespace: _Dict) -> Any:
        return super().__new__(cls, name, bases, {"__slots__": (), "_fields": None, "_make": None, **namespace})


class Model(_Dict, metaclass=_ModelType):
    """A result: a dict of what the server sent that reads like an object.

    Attributes read and write its items; a declared field that was not sent reads as None, one that was sent without
    being declared is kept. `json.dumps`, pickle and `messages` take it as it is.
    """

    if not TYPE_CHECKING:
        __slots__ = ("__weakref__",)

    _fields = _make = _unread
    _unsent = _no_fields  # what is dumped of fields that were not sent
    _defaults = _no_fields  # those of subclasses that a user writes

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        for name, make in self._declared().items():
            if make and name in self:
                self[name] = _wrap(make, self[name])

    @classmethod
    def _declared(cls) -> Dict[str, Any]:
        """The declared fields, each with what makes the models in it: the annotations, read once, when needed."""
        if cls._fields is None:
            fields, cls._unsent = {}, {}
            for base in reversed(cls.__mro__):
                for name, annotation in getattr(base, "__annotations__", {}).items():
                    fields[name] = _named_maker(str(annotation), vars(sys.modules.get(base.__module__, sys)))
                    default = vars(base).get(name, NOT_GIVEN)
                    if default is not NOT_GIVEN and not hasattr(type(default), "__get__"):  # no property of ours
                        base._defaults = {**base._defaults, name: default}  # type: ignore[attr-defined]
                        delattr(base, name)
                    if not hasattr(cls, name):  # read in C: five times as fast as __getattr__
                        setattr(cls, name, property(operator.itemgetter(name)))
                    if not str(annotation).startswith("_Later["):
                        cls._unsent[name] = cls._defaults.get(name)
            cls._fields = fields
        return cls._fields

    @classmethod
    def _maker(cls) -> Callable[[_Dict], Any]:
        """What makes this model, nested ones included, of a dict fresh from the parser; nothing is validated."""
        if cls._make is None:
            models = [(name, make) for name, make in cls._declared().items() if make]

            def build(data: _Dict) -> Any:
                self = _new(cls)
                _fill(self, data)
                for name, make in models:
                    if name in data:
                        value = data[name]
                        if type(value) is dict:
                            self[name] = make(value)
                        elif type(value) is list:
                            if len(value) == 1 and type(value[0]) is dict:  # as in nearly every chunk
                                self[name] = [make(value[0])]
                            else:
                                self[name] = [make(item) if type(item) is dict else _wrap(make, item) for item in value]
                return self

            cls._make = staticmethod(build)
        return cls._make

    def __missing__(self, name: str) -> Any:
        if name not in self._declared():
            raise KeyError(name)
        return self._defaults.get(name)

    if not TYPE_CHECKING:  # from checkers this would hide misspelt fields

        def __getattr__(self, name):
            if name[:2] != "__":  # those are Python's protocols, whatever a server sends
                try:
                    return self[name]
                except KeyError:
                    pass
            raise AttributeError(f"{type(self).__name__!r} has no field {name!r}")

        def __setattr__(self, name, value):
            if name not in self._declared() and hasattr(type(self), name):
                raise AttributeError(f"{type(self).__name__}.{name} is no field; use [{name!r}]")
            self[name] = value

        def __delattr__(self, name):
            if self.pop(name, self) is self:
                raise AttributeError(name)

        @property
        def __dict__(self):  # for `vars`
            return {**self}

    def __getstate__(self) -> None:
        """Nothing but the items."""

    def __bool__(self) -> bool:
        return True  # as any object: an empty answer is an answer

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.items())})"

    def __dir__(self) -> Iterable[str]:
        return {*super().__dir__(), *self._declared(), *map(str, self.keys())}

    def model_dump(
        self, *, include: Any = None, exclude: Any = None, exclude_unset: bool = False, exclude_defaults: bool = False,
        exclude_none: bool = False, **ignored: Any,
    ) -> Dict[str, Any]:  # fmt: skip
        """Plain dicts and lists; declared fields that were not sent are None. Takes what pydantic's method takes."""
        for part in (include, exclude):
            if isinstance(part, dict) and not all(part[name] in (True, ...) for name in part):
                raise TypeError("include and exclude: expected names of this model's fields; nested ones are not known")
        dropped = None if exclude_none or exclude_defaults else NOT_GIVEN
        dumped = {}
        for name in self.keys() if exclude_unset or not self._declared() else {**self._unsent, **self}:
            value = self[name]
            if (include is None or name in include) and name not in (exclude or ()) and value is not dropped:
                dumped[name] = _dump(value, exclude_unset=exclude_unset, exclude_none=dropped is None)
        return dumped

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


def _named_maker(annotation: str, module: _Dict) -> Any:
    """What makes the model that an annotation names of a dict; of several, the one whose `type` the dict has."""
    found = (module.get(name, globals().get(name)) for name in re.findall(r"\w+", annotation))
    models = [model for model in found if isinstance(model, type) and issubclass(model, Model)]
    if len(models) < 2:
        return models[0]._maker() if models else None
    tags = [re.findall("\\w+", model.__annotations__["type"])[-1] for model in models]
    return lambda data: models[tags.index(data["type"]) if data.get("type") in tags else 0]._maker()(data)


def _wrap(make: Any, value: Any) -> Any:
    if type(value) is dict:
        return make(value)
    return [_wrap(make, item) for item in value] if type(value) is list else value


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
    title: str; content: str; link: str; media: str; icon: str; refer: str; publish_date: str; images: _Later[list[str]]
    index: int
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
    usage: CompletionUsage | None; web_search: _Later[list[SearchResultResp]]
    content_filter: _Later[list[ContentFilter]]
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
    def _maker(cls) -> Callable[[_Dict], Any]:
        done, running = super()._maker(), AsyncTaskStatus._maker()
        finished = None, "SUCCESS"
        return lambda data: (done if "choices" in data or data.get("task_status") in finished else running)(data)
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
class AudioSpeechDelta(Model):
    """`content`: PCM (int16, 24 kHz unless `return_sample_rate` says otherwise), base64 or hex."""
    role: str; content: str; return_sample_rate: _Later[int]
class AudioSpeechChoice(Model):
    index: int; delta: AudioSpeechDelta; finish_reason: str | None
class AudioSpeechChunk(_Answer):
    choices: list[AudioSpeechChoice]; error: ErrorInfo | None
class VoiceCloneResult(Model):
    voice: str; file_id: str; file_purpose: str; request_id: str
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
class ModerationCompletion(_Answer):
    result_list: list[ModerationResult]; usage: ModerationUsage
class SearchIntentResp(Model):
    query: str; intent: str; keywords: str; index: _Later[int]
class WebSearchResp(_Answer):
    search_intent: list[SearchIntentResp]; search_result: list[SearchResultResp]
class SearchRecommend(Model):
    index: int; query: str
class WebSearchMessageToolCall(Model):
    id: str; type: str; index: int; search_intent: list[SearchIntentResp]; search_result: list[SearchResultResp]
    search_recommend: list[SearchRecommend]
class WebSearchMessage(Model):
    role: str; tool_calls: list[WebSearchMessageToolCall]
class WebSearchChoice(Model):
    index: int; finish_reason: str; message: WebSearchMessage
class WebSearch(_Answer):
    choices: list[WebSearchChoice]
class WebSearchChunkChoice(Model):
    index: int; delta: WebSearchMessage; finish_reason: str | None
class WebSearchChunk(_Answer):
    choices: list[WebSearchChunkChoice]
class ReaderData(Model):
    title: str; description: str; url: str; content: str; publishedTime: str | None; images: dict[str, str] | None
    links: dict[str, str] | None; metadata: dict[str, Any]; external: dict[str, Any]

    @property
    def published_time(self) -> str | None:
        """zai-sdk's name of `publishedTime`."""
        return self.get("publishedTime")
class WebReaderResult(_Answer):
    reader_result: ReaderData
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
    type: Literal["content"]; role: str; content: str
class ToolsDeltaBlock(Model):
    type: Literal["tool_calls"]; role: str
    tool_calls: list[
        FunctionToolBlock | CodeInterpreterToolBlock | DrawingToolBlock | WebBrowserToolBlock | RetrievalToolBlock
    ]
class AssistantChoice(Model):
    index: int; delta: TextContentBlock | ToolsDeltaBlock; message: _Later[CompletionMessage]; finish_reason: str
    metadata: dict[str, Any]
class AssistantCompletion(_Answer):
    """`status`: in_progress, completed or failed."""
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
    data: list[ErrorInfo]; object: str
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
    id: str; request_id: str; created_at: int; error: ErrorInfo | None; fine_tuned_model: str | None
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
        contents = (content for item in self.get("output") or () for content in item.get("content") or ())
        return "".join(content.get("text") or "" for content in contents if content.get("type") == "output_text")
class ResponseStreamEvent(Model):
    """`type` (response.output_text.delta, ...) says which fields there are."""
    type: str; sequence_number: int; response: ResponseObject; item: ResponseItem; part: ResponseContent
    item_id: str; output_index: int; content_index: int; delta: str; text: str; arguments: str; name: str
class ResponseDeleted(Model):
    id: str; object: str; deleted: bool


# The official SDK's other names of the same shapes.
Usage = CompletionUsage
AgentsCompletionUsage = CompletionUsage
Error = ErrorInfo
AudioError = ErrorInfo
AgentsError = ErrorInfo
BatchError = ErrorInfo
AgentsChoiceDelta = AgentsCompletionMessage
ChoiceDeltaToolCallFunction = Function
SearchIntent = SearchIntentResp
SearchResult = SearchResultResp
# fmt: on


class SyncCursorPage(Model, Generic[_T]):
    """One page of a list. Iterating it walks over the items of this page and of all that follow."""

    if not TYPE_CHECKING:
        __slots__ = ("_fetch",)

    data: List[_T]
    has_more: bool | None
    first_id: _Later[str]
    last_id: _Later[str]
    object: str | None

    def _attach(self, fetch: Callable[[_Dict], Any]) -> Any:
        object.__setattr__(self, "_fetch", fetch)
        return self

    def _fetcher(self) -> Any:
        try:
            return object.__getattribute__(self, "_fetch")  # not an item of that name
        except AttributeError:  # a page made by hand
            return None

    def __reduce__(self) -> Any:
        return _restore_page, (type(self), {name: self[name] for name in self.keys()}, self._fetcher())

    def _items(self) -> List[_T]:
        return self.data if isinstance(self.data, list) else []

    def _next_parameters(self) -> _Dict | None:
        last: Any = self._items()[-1] if self._items() else None
        cursor = self.last_id or (last.get("id") if isinstance(last, dict) else None)
        if not (last and cursor and self.has_more is not False and self._fetcher()):
            return None
        if not isinstance(cursor, (str, int)) or not str(cursor).isprintable():
            raise APIResponseError("The list cannot go on: its last_id, or the last item's id, is no identifier")
        return {"after": cursor}

    def _following(self, seen: set[str]) -> Any:
        """The next page, if there is one, and a server does not lead round in a circle."""
        cursor = str((self._next_parameters() or {}).get("after", ""))
        if cursor in seen:
            raise APIResponseError("The list does not go on: the same page came again")
        seen.add(cursor)
        return self.get_next_page() if cursor else None

    def has_next_page(self) -> bool:
        """Whether a page follows: what `has_more` says, else whether this one has items."""
        return self._next_parameters() is not None

    def get_next_page(self) -> SyncCursorPage[_T]:
        """The page after this one; `RuntimeError` when there is none."""
        parameters = self._next_parameters()
        if parameters is None:
            raise RuntimeError("There is no next page; ask has_next_page() first.")
        return self._fetcher()(parameters)

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


def _restore_page(cls: Any, items: _Dict, fetch: Any) -> Any:
    return cls(items)._attach(fetch)


# fmt: off
class ListOfBatch(SyncCursorPage["Batch"]):
    data: List[Batch]
class ListOfFileObject(SyncCursorPage["FileObject"]):
    data: List[FileObject]
class ListOfFineTuningJob(SyncCursorPage["FineTuningJob"]):
    data: List[FineTuningJob]
class FineTuningJobEvent(SyncCursorPage["JobEvent"]):
    data: List[JobEvent]
class ListOfResponseItem(SyncCursorPage["ResponseItem"]):
    data: List[ResponseItem]
# fmt: on


# ------------------------------------------------------------------------------------------------- Server-sent events


class EventDecoder:
    """Bytes to events: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream"""

    def __init__(self) -> None:
        self._parts: List[bytes] = []  # of an event that has not ended; joined once, so that a long one costs no more
        self._after_cr = False
        self._first = True

    def feed(self, block: bytes) -> List[Tuple[str, str]]:
        """The events, (name, data), that `block` completes."""
        if self._after_cr:  # the CR ended its line; an LF right behind it belongs to it
            self._after_cr = not block
            block = block[1:] if block.startswith(b"\n") else block
        if b"\r" in block:
            self._after_cr = block.endswith(b"\r")
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        parts = self._parts
        # One event a packet, the usual way: 15 % of what reading it takes.
        if not parts and block[:6] == b"data: " and block[-2:] == b"\n\n" and block.count(b"\n") == 2:
            self._first = False
            return [("", block[6:-2].decode("utf-8", "replace"))]
        if parts and block.startswith(b"\n") and parts[-1].endswith(b"\n"):
            block = parts.pop() + block
        whole, blank_line, rest = block.rpartition(b"\n\n")
        if blank_line and parts:
            whole = b"".join([*parts, whole])
            parts.clear()
        if rest:
            parts.append(rest)
        if not blank_line:
            return []
        text = whole.decode("utf-8", "replace")
        if self._first:
            self._first = False
            text = text[1:] if text.startswith("\ufeff") else text
        if text[:6] == "data: ":
            events = text[6:].split("\n\ndata: ")
            if text.count("\n") == 2 * len(events) - 2:  # one line of data each, as nearly always
                return [("", event) for event in events]
        return [fields for event in text.split("\n\n") for fields in self._fields(event)]

    @staticmethod
    def _fields(text: str) -> Iterator[Tuple[str, str]]:
        name, data = "", []
        for line in text.split("\n"):  # splitlines() would also split at U+2028, U+0085, VT, FF
            field, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if field == "data":
                data.append(value)
            elif field == "event":
                name = value
        if data:
            yield name, "\n".join(data)


_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # half of what `loads` takes


class _Items(_Dict):
    """A list that is still growing: its items by their index."""


def _merge(whole: _Dict, piece: _Dict) -> None:
    """Add a chunk to the sum of those before it: text grows, lists are matched by `index`, the rest is replaced."""
    for name, value in piece.items():
        before = whole.get(name)
        if isinstance(value, str) and name in ("content", "reasoning_content", "arguments", "data"):
            if not isinstance(before, io.StringIO):
                whole[name] = before = io.StringIO()
            before.write(value)
        elif isinstance(value, dict):
            if type(before) is not dict:
                whole[name] = before = {}
            _merge(before, value)
        elif isinstance(value, list) and name in ("choices", "tool_calls"):
            items: Any = before if isinstance(before, _Items) else _Items()
            whole[name] = items
            for item in value:
                if isinstance(item, dict):
                    index = item.get("index")
                    if not isinstance(index, int):  # whole calls come without one, their further pieces without `id`
                        index = len(items) if item.get("id") or not items else max(items)
                    keep = {key: part for key, part in item.items() if key != "index" or name == "choices"}
                    _merge(items.setdefault(index, {}), keep)
        elif value is not None and (value or before is None):
            whole[name] = value


_SAME_IN_ALL_CHUNKS = frozenset("id request_id created model object choices".split())


def _append(whole: _Dict, writers: Dict[Any, Any], chunks: List[Any]) -> None:
    """`_merge`, in short for nearly every chunk: nothing but a piece of text for its only choice."""
    for chunk in chunks:
        try:
            (choice,) = chunk["choices"]
            delta = choice["delta"]
            last = "finish_reason" in choice and choice["finish_reason"]
            if len(delta) == 1 + ("role" in delta) and not last and writers["known"].issuperset(chunk):
                writers[choice["index"]](delta["content"])
                continue
        except (KeyError, TypeError, ValueError):
            pass
        _merge(whole, chunk)
        writers.clear()  # what they write to may have been replaced
        writers["known"] = _SAME_IN_ALL_CHUNKS.intersection(whole)
        with contextlib.suppress(KeyError, TypeError, AttributeError):
            for index, choice in whole["choices"].items():
                writers[index] = choice["delta"]["content"].write


def _merged(value: Any) -> Any:
    """What `_merge` has summed up, in its final form."""
    if isinstance(value, io.StringIO):
        return value.getvalue()
    if isinstance(value, _Items):
        return [_merged(value[index]) for index in sorted(value)]
    return {name: _merged(item) for name, item in value.items()} if type(value) is dict else value


def _read_chunks(response: Response, model: Type[Model], whole: _Dict | None) -> Iterator[List[Any]]:
    """The chunks of an event stream, in lists: those that came in one read."""
    decoder, make = EventDecoder(), model._maker()
    writers: Dict[Any, Any] = {}  # by the index of a choice, what takes its next piece of text
    data: Any = None
    last: Any = None
    failure, done = None, False
    try:
        for block in response._blocks():
            chunks = []
            try:
                for event, text in decoder.feed(block):
                    try:
                        data, end = _scan(text, 0)
                        plain = end == len(text) and "choices" in data and not event
                        plain = plain and not ("error" in data or "last_error" in data or "type" in data)
                    except (ValueError, RecursionError, StopIteration, TypeError):
                        plain = False
                    if plain and type(data) is dict:
                        chunks.append(make(data))
                        continue
                    text = text.strip()
                    done = text[:6] == "[DONE]"
                    if done:
                        break
                    if text:
                        chunks.append(_read_chunk(response, model, event, text))
            except APIError as error:  # nothing that came before it is lost
                failure = error
            if whole is not None:
                _append(whole, writers, chunks)
            if chunks or not block:
                last = chunks[-1] if chunks else last
                yield chunks
            if failure is not None:
                raise failure
            if done:
                yield from response._finish()
                break
        if not done:
            _check_end(response, last, b"".join(decoder._parts))
        response._is_complete = True
    except RecursionError:
        response._forget_secrets()
        raise APIResponseValidationError(response, message="The stream holds what is nested too deeply") from None
    except APIConnectionError:
        if not response.is_closed:  # else it was closed under the reader, on purpose
            raise
    finally:
        failure = None  # which knows this frame
        response.close()


def _check_end(response: Response, last: Any, rest: bytes) -> None:
    """Raise when a stream without [DONE] ended within an event, or in an answer of unknown length too early."""
    text = re.sub("(?m)^:.*", "", rest.decode("utf-8", "replace")).strip()  # a comment is no event
    if re.fullmatch(r"data: ?\[DONE\]", text):
        return
    if last is None and text[:5] != "data:":
        with contextlib.suppress(ValueError, RecursionError):
            data = json.loads(text)
            if isinstance(data, dict) and (data.get("error") or _is_failure(data)):
                raise _answer_error(response, data, data.get("error") or data)
        text = _readable(repr(response._scrub(text)), 200)
        response._forget_secrets()
        raise APIResponseValidationError(response, message=f"The answer is no event stream: {text}")
    choices = last and last.get("choices")
    listed = choices if isinstance(choices, list) else ()
    ends = (isinstance(choice, dict) and choice.get("finish_reason") for choice in listed)
    kind = f"{last and last.get('type')} {last and last.get('status')}"
    finished = any(ends) or (last and last.get("usage")) or re.search(r"(done|completed|incomplete)\b", kind)
    if text or not (finished or response._connection.framed):
        text = "Connection error: the stream was cut off before its last event ended."
        raise APIConnectionError(message=text, request=response.request)


def _read_chunk(response: Response, model: Type[Model], event: str, text: str) -> Any:
    data: Any = None
    with contextlib.suppress(ValueError, RecursionError):
        data = json.loads(text)
    if not isinstance(data, dict):
        shown = _scrubbed_json(data, response._secrets)
        message = f"The stream holds something that is no JSON object: {_readable(response._scrub(text), 200)}"
        response._forget_secrets()
        raise APIResponseValidationError(response, shown, message=message)
    reason = data.get("error") if "agent_id" not in data else None  # an agent's error is part of its chunk
    kind = event or data.get("type")
    if kind == "error":
        reason = reason or data.get("data") or data
    elif kind == "response.failed":
        inner = data.get("response")
        reason = (inner.get("error") if isinstance(inner, dict) else None) or data
    elif data.get("status") == "failed":  # the assistant's way
        reason = reason or data.get("last_error")
    elif "agent_id" not in data and _is_failure(data):
        reason = reason or data
    if reason:
        raise _answer_error(response, data, reason)
    return model._maker()(data)


def _is_failure(body: _Dict) -> bool:
    """Whether an answer with a good status says, without an `error`, that the call failed."""
    if body.get("success") is False:
        return True
    has_text = isinstance(body.get("msg"), str) or isinstance(body.get("message"), str)
    has_code = body.get("code") not in (None, 0, 200, "0", "200")
    return has_text and has_code and ("timestamp" in body or not body.get("data"))


def _answer_error(response: Response, data: _Dict, reason: Any) -> APIResponseError:
    """The error that an answer with a good status holds."""
    reason = _scrubbed_json(reason, response._secrets)
    code, message = _reason(reason)
    message = message or f"An error occurred: {_readable(json.dumps(reason, ensure_ascii=False), 300)}"
    error = APIResponseError(f"{message} (code {code})" if code else message, response.request, reason)
    found = _request_id(response.headers, data)
    error.code, error.request_id = code, found and response._scrub(found)
    return error


class Stream(Generic[_T]):
    """The chunks of one answer, as they come: an iterator and a context manager.

    Raises `APIConnectionError` when the answer breaks off and `APIResponseError` for an error in it. To stop early,
    close it or leave its `with` block. `response` has the status and the headers.
    """

    def __init__(self, response: Response, model: Type[Model], whole_answer: Any = None) -> None:
        self.response = response
        self._whole: _Dict | None = {} if model is ChatCompletionChunk else None
        self._batches = _read_chunks(response, model, self._whole)
        self._is_broken = False
        self._ready: List[_T] = []  # those that have come, the next last: none is kept that was handed out
        if whole_answer is not None:  # a server that does not stream: its answer becomes one chunk
            chunk = dict(whole_answer)
            if self._whole is not None and isinstance(chunk.get("choices"), list):
                choices = [choice for choice in chunk["choices"] if isinstance(choice, dict)]
                chunk["choices"] = [{"delta": choice.get("message"), **choice} for choice in choices]
                _merge(self._whole, chunk)
            self._ready, self._batches, response._is_complete = [model._maker()(chunk)], iter(()), True

    def __iter__(self) -> Stream[_T]:
        return self

    def __next__(self) -> _T:
        while not self._ready:
            try:
                batch = next(self._batches, None)
            except BaseException as error:
                self._is_broken = not isinstance(error, (APIError, ValueError))  # ValueError: another thread reads it
                _forget_locals(error)
                raise
            if not self._take_over(batch):
                raise StopIteration
        return self._ready.pop()

    def _take_over(self, batch: List[_T] | None) -> bool:
        if batch is not None:
            batch.reverse()
            self._ready = batch
        elif self._is_broken:
            raise self._given_up()
        return batch is not None

    def _given_up(self) -> APIConnectionError:
        return APIConnectionError(message="The stream was given up before its end.", request=self.response.request)

    def _read_on(self) -> _Steps:
        self._take_over((yield from self.response._take(self._batches)))

    def __enter__(self) -> Stream[_T]:
        return self

    def __exit__(self, *reason: Any) -> None:
        self.close()

    def close(self) -> None:
        """Drop the rest of the answer, and the connection with it."""
        self._ready, self._batches = [], iter(())
        self.response.close()

    def get_final_completion(self) -> Completion:
        """Read the rest, and put all chunks together, those already taken too; for chat only."""
        collections.deque(self, 0)
        return self._final_completion()

    def _final_completion(self) -> Completion:
        if self._whole is None:
            raise TypeError("get_final_completion: only the streams of chat.completions.create have one")
        if not self.response._is_complete:
            raise self._given_up()
        try:
            whole = _merged(self._whole)
        except RecursionError:
            message = "The stream holds what is nested too deeply"
            raise APIResponseValidationError(self.response, message=message) from None
        choices = whole.get("choices")
        whole["choices"] = choices = choices if isinstance(choices, list) else []
        for choice in choices:
            delta = choice.pop("delta", None)
            choice["message"] = {"role": "assistant", "content": None, **(delta if isinstance(delta, dict) else {})}
        if "object" in whole:
            whole["object"] = "chat.completion"
        return Completion(whole)

    def __reduce__(self) -> Any:
        raise TypeError("An open stream cannot be pickled; pickle its chunks, or get_final_completion().")


class AsyncStream(Generic[_T]):
    """The chunks of one answer for `async for`, as they come; see `Stream`."""

    def __init__(self, stream: Stream[_T], run: Callable[[_Steps], Awaitable[Any]]) -> None:
        self.response = stream.response
        self._stream = stream
        self._run = run

    def __aiter__(self) -> AsyncStream[_T]:
        return self

    async def __anext__(self) -> _T:
        stream = self._stream
        if not stream._ready:
            try:
                await self._run(stream._read_on())
            except BaseException as error:
                stream.close()
                stream._is_broken = not isinstance(error, APIError)
                raise
            if not stream._ready:
                raise StopAsyncIteration
        return stream._ready.pop()

    async def __aenter__(self) -> AsyncStream[_T]:
        return self

    async def __aexit__(self, *reason: Any) -> None:
        self._stream.close()

    async def aclose(self) -> None:
        """Drop the rest of the answer, and the connection with it."""
        self._stream.close()

    async def get_final_completion(self) -> Completion:
        """See `Stream.get_final_completion`."""
        async for _ in self:
            pass
        return self._stream._final_completion()

    def __reduce__(self) -> Any:
        return self._stream.__reduce__()


# ---------------------------------------------------------------------------------------------------------- Transport
# What takes time is written once, for both clients, as generators (`_Steps`) that yield whenever it must be waited:
# None (others may have a turn), seconds, a function that may block, or a connection that is not ready; that one only
# in an event loop, otherwise the socket itself waits. `_run` does this on the spot, `_Flight` in an event loop.

_BLOCK = 256 * 1024  # bytes: half the CPU of http.client's 16 KiB
_READ = 32 * 1024  # bytes of a stream: of more, the chunks would not stay in the processor's cache
_STEP = 16 * 1024  # bytes that an event loop takes at a time: chunks for a millisecond
_MAX_HEAD = 256 * 1024  # bytes of an answer's head, or of its trailers
_MAX_ERROR = 1024 * 1024  # bytes of an error's body
_MAX_IDLE = 256  # connections to one origin
_IDLE_SECONDS = 30
_SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key")


class _BrokenAnswer(OSError):
    """What came is not HTTP, or ended too early."""


class _Closed(_BrokenAnswer):
    """The server has closed the connection, in order."""


class _Refused(OSError):
    """A proxy does not let us through."""


class Headers(_Dict):
    """Header fields, by name in any case."""

    def __init__(self, fields: Iterable[Tuple[str, str]] = ()) -> None:
        super().__init__()
        for name, value in fields:
            self[name.lower()] = f"{self[name]}, {value}" if name in self else value

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(name.lower())

    def __contains__(self, name: Any) -> bool:
        return super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)


class Request:
    """What was asked, for errors and logs: without the body, the key and the token."""

    def __init__(self, method: str, url: str, headers: _Mapping) -> None:
        self.method = method
        self.url = url
        shown = {name.lower(): value for name, value in headers.items()}
        shown.update({name: "***" for name in _SECRET_HEADERS if name in shown})
        self.headers = Headers()
        self.headers.update(shown)

    def __repr__(self) -> str:
        return f"<Request({self.method!r}, {self.url!r})>"


class _Call:
    """A request, checked and encoded, that can be sent any number of times; and how its answer is to be read."""

    def __init__(self, method: str, url: str, headers: Dict[str, str], body: Any, timeouts: Any) -> None:
        self.request = Request(method, url, headers)
        self.headers = headers
        self.body = body
        self.timeouts = timeouts  # to connect, and for each wait
        self.signs = True  # else the caller has set the Authorization header, or taken it away
        self.result: Any = Model
        self.chunk: Any = Model
        self.stream = False
        self.fetch: Any = None  # gets another page of the same list
        self.connection: Any = None  # that it was sent on last

    @property
    def is_spent(self) -> bool:
        """Whether it cannot be sent again: a file that cannot be rewound has been read."""
        return isinstance(self.body, _Multipart) and self.body.is_spent


class _Route:
    """Where a client's requests go, and how. Connections of routes with the same `key` are interchangeable."""

    def __init__(self, url: urllib.parse.SplitResult, context: ssl.SSLContext | None) -> None:
        self.scheme = url.scheme
        self.host = url.hostname or ""
        self.port = url.port or (443 if url.scheme == "https" else 80)
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.address = f"{host}:{self.port}"
        self.host_header = self.address if url.port not in (None, 443 if url.scheme == "https" else 80) else host
        self.context = (context or _default_context()) if self.scheme == "https" else None
        self.proxy: Tuple[str, int] | None = None
        self.proxy_header = ""
        self.secrets: List[str] = []
        # The system may name a proxy, too. Importing urllib.request takes 20 ms, half of them for e-mail.
        if sys.platform in ("darwin", "win32") or any(name[-6:].lower() == "_proxy" for name in os.environ):
            from urllib.request import getproxies, proxy_bypass

            proxies = getproxies()
            proxy = proxies.get(self.scheme) or proxies.get("all")
            if proxy and not proxy_bypass(self.host) and not proxy_bypass(self.address):
                self._set_proxy(proxy if "://" in proxy else f"http://{proxy}")
        self.key = self.scheme, self.address, self.proxy, str(self.proxy_header), self.context

    def _set_proxy(self, address: str) -> None:
        try:
            url = urllib.parse.urlsplit(address)
            self.proxy = url.hostname or "", url.port or 80
            if not re.fullmatch(r"[\w.:%-]+", self.proxy[0], re.ASCII):
                raise ValueError
        except ValueError:
            raise ConfigurationError(f"The proxy set for {self.scheme} is no valid address") from None
        if url.scheme != "http":
            raise ConfigurationError(f"Proxies by {url.scheme}:// are not supported; set one by http://, or NO_PROXY")
        if url.username is not None:
            credentials = urllib.parse.unquote(f"{url.username}:{url.password or ''}").encode()
            encoded = base64.b64encode(credentials).decode()
            self.proxy_header = _Secret(f"Proxy-Authorization: Basic {encoded}\r\n")
            password = url.password or ""
            self.secrets = [_Secret(encoded), _Secret(urllib.parse.unquote(password)), _Secret(password)]


_contexts: Dict[Any, ssl.SSLContext] = {}


def _default_context() -> ssl.SSLContext:
    """The process's TLS context, since making one takes up to 20 ms; a new one when the environment names other CAs."""
    key = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    context = _contexts.get(key)
    if context is None:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if context.cert_store_stats()["x509"] or not ssl.get_default_verify_paths().cafile:
            _contexts[key] = context  # else the CA file could not be opened this time
    return context


def _scrubbed(text: str, secrets: Iterable[str]) -> str:
    """`text` without the key and the token, should a server repeat them, as they are or as JSON writes them."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "***").replace(json.dumps(secret)[1:-1], "***")
    return text


def _scrubbed_json(value: Any, secrets: Iterable[str]) -> Any:
    """The same for what JSON can hold; None for what is nested too deeply."""
    try:
        return json.loads(_scrubbed(json.dumps(value, ensure_ascii=False), secrets))
    except RecursionError:
        return None


_getaddrinfo = socket.getaddrinfo  # others may put one of their own in its place, which is asked then


def _look_up(host: str, port: int, timeout: float | None) -> Any:
    """The addresses of a name; in a thread, because the system's resolver knows no time limit."""
    found: List[Any] = []

    def look() -> None:
        try:  # as bytes: for text, Python would load its IDNA tables (5 ms), even for an ASCII name
            found.append(socket.getaddrinfo(host.encode("ascii"), port, 0, socket.SOCK_STREAM))
        except BaseException as error:
            found.append(error)

    if timeout is None:
        look()
    else:
        thread = threading.Thread(target=look, name="zhipuai_lite", daemon=True)
        try:
            thread.start()
            thread.join(timeout)
        except RuntimeError:  # no more threads can be started
            look()
    answer = found.pop() if found else socket.timeout("timed out")
    if isinstance(answer, BaseException):
        raise answer
    if not answer:
        raise OSError("the name has no address")
    return answer


class _Connection:
    """A socket to one origin, and the bytes read from it that nobody has taken yet."""

    def __init__(self, route: Any) -> None:
        self.route = route
        self.sock: Any = None
        self.buffer = b""
        self.phase = ""  # what it is doing, for the text of errors
        self.timeout: float | None = None  # of each wait
        self.deadline: float | None = None  # of all that follow
        self.in_loop = False  # whether an event loop waits for it; so does it, if at all:
        self.until: float | None = None
        self.writing = False
        self.wake: Any = None  # ends that wait
        self.answered = False  # whether a byte of the answer has come
        self.reused = False
        self.aborted = False
        self.framed = True  # else its answer ends with the connection, whether all has come or not
        self.idle_since = 0.0
        self.owner: Any = None  # the client that used it last
        self.user: Any = None  # the body that is being read from it
        _connections.add(self)

    def open(self, timeout: float | None) -> _Steps:
        """Connect, through the proxy if there is one, and shake hands; each within `timeout` seconds."""
        route = self.route
        host, port = route.proxy or (route.host, route.port)
        where = f"proxy {host}:{port}" if route.proxy else route.address
        self.phase = f"looking up {where}"
        if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", host) and socket.getaddrinfo is _getaddrinfo:
            addresses = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, port))]
        else:
            addresses = yield functools.partial(_look_up, host, port, timeout)
        self.phase = f"connecting to {where}"
        deadline = None if timeout is None else time.monotonic() + timeout
        for left, (family, kind, protocol, _, address) in zip(range(len(addresses), 0, -1), addresses):
            try:
                self.sock = socket.socket(family, kind, protocol)
                # An address that does not answer leaves time for the others.
                self.limit(None if deadline is None else max((deadline - time.monotonic()) / left, 0.001))
                yield from self.connect(address)
                break
            except OSError:
                with contextlib.suppress(AttributeError):  # there is none yet
                    self.sock.close()
                if left == 1:
                    raise
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.limit(timeout)
        if route.context is None:
            return
        if route.proxy:
            self.phase = f"asking {where} for a tunnel to {route.address}"
            self.deadline = None if timeout is None else time.monotonic() + timeout
            request = _Secret(f"CONNECT {route.address} HTTP/1.1\r\nHost: {route.address}\r\n{route.proxy_header}\r\n")
            yield from self.send(memoryview(request.encode("latin-1")))
            _, status, reason, _ = yield from _read_head(self)
            if not 200 <= status < 300:
                hint = "; check the user and password in its address" if status == 407 else ""
                raise _Refused(f"the proxy answered {status} {_readable(_scrubbed(reason, route.secrets), 100)}{hint}")
            if self.buffer:
                raise _Refused("the proxy sent something of its own through the tunnel")
            self.answered, self.deadline = False, None
            self.limit(timeout)
        self.phase = f"TLS handshake with {route.address}"
        name, context = route.host.encode("ascii"), route.context
        with _making:  # SSL_OP_IGNORE_UNEXPECTED_EOF, which Python 3.8 and 3.9 set, would make cut off look whole
            options, context.options = context.options, context.options & ~0x80
            try:
                self.sock = context.wrap_socket(
                    self.sock, server_hostname=name, do_handshake_on_connect=False, suppress_ragged_eofs=False
                )
            finally:
                context.options = options
        yield from self.ready(self.sock.do_handshake)  # Python bounds the whole of it by the socket's timeout

    def limit(self, timeout: float | None) -> None:
        """Set the seconds of each wait from here on."""
        self.timeout, self.until = timeout, None
        self.sock.settimeout(0 if self.in_loop else timeout)

    def connect(self, address: Any) -> _Steps:
        try:
            self.sock.connect(address)
        except BlockingIOError:
            self.block(writing=True)
            yield self
            self.block(writing=True)
            self.until = None
            error = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error:
                raise OSError(error, os.strerror(error)) from None

    def ready(self, operation: Callable[..., Any], *arguments: Any) -> _Steps:
        """Do what the socket may not be ready for yet."""
        while True:
            try:
                result = operation(*arguments)
                self.until = None
                return result
            except (BlockingIOError, ssl.SSLWantWriteError):
                self.block(writing=True)
            except ssl.SSLWantReadError:
                self.block()
            yield self

    def block(self, writing: bool = False) -> None:
        """Say what the event loop is to wait for; `socket.timeout` when it has waited for it long enough."""
        now = time.monotonic()
        if self.until is None:
            self.until = self.deadline if self.deadline is not None else self.timeout and now + self.timeout
        elif now >= self.until:
            raise socket.timeout("timed out")
        self.writing = writing

    def send(self, data: Any) -> _Steps:
        """Send bytes; what is secret comes in a memoryview, which tracebacks do not show."""
        if not self.in_loop:
            self.sock.sendall(data)
            return
        while data:
            sent = yield from self.ready(self.sock.send, data)
            data = memoryview(data)[sent:]

    def receive(self, size: int = _READ) -> bytes:
        """The next bytes, none if the event loop is to wait for them; `_BrokenAnswer` at the end of the connection."""
        if self.deadline is not None:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise socket.timeout("timed out")
            if not self.in_loop:
                self.sock.settimeout(left)
        try:
            data: bytes = self.sock.recv(min(size, _STEP) if self.in_loop else size)
        except (BlockingIOError, ssl.SSLWantReadError):
            self.block()
            return b""
        except ssl.SSLEOFError:  # without TLS's goodbye anybody can have cut it off
            raise _BrokenAnswer("the connection broke off before the end of the answer") from None
        self.until = None
        if not data:
            raise _Closed("the connection was closed before the end of the answer")
        self.answered = True
        return data

    def is_usable(self) -> bool:
        """Whether the server kept this idle connection open, and sent nothing unasked."""
        if not 0 <= time.time() - self.idle_since < _IDLE_SECONDS:  # monotonic clocks stand still in frozen containers
            return False
        try:
            if self.route.context and self.sock.pending():
                return False
            if not hasattr(select, "poll"):
                return not select.select([self.sock], [], [], 0)[0]
            poll = select.poll()
            poll.register(self.sock, select.POLLIN)
            return not poll.poll(0)
        except (OSError, ValueError):
            return False

    def abort(self) -> None:
        """Wake up whoever waits for the socket, from any thread."""
        self.aborted = True
        try:  # not SSLSocket's own shutdown, which is not safe while another thread reads
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except (OSError, TypeError):
            pass

    def close(self) -> None:
        if self.wake is not None:  # before another socket gets the same number
            self.wake()
        self.abort()
        if self.sock is not None:
            self.sock.close()


class _Pool:
    """The process's idle connections, the last used first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: Dict[Any, List[_Connection]] = {}

    def take(self, route: _Route) -> _Connection:
        while True:
            with self._lock:
                idle = self._idle.get(route.key)
                connection = idle.pop() if idle else None
            if connection is None:
                return _Connection(route)
            if connection.is_usable():
                connection.reused, connection.answered = True, False
                return connection
            connection.close()

    def give(self, connection: _Connection) -> None:
        connection.user = None
        connection.idle_since = now = time.time()
        stale = []
        with self._lock:
            idle = self._idle.setdefault(connection.route.key, [])
            idle.append(connection)
            while len(idle) > _MAX_IDLE or now - idle[0].idle_since > _IDLE_SECONDS:
                stale.append(idle.pop(0))
        for old in stale:
            old.close()

    def close(self, owner: Any = None) -> None:
        """Close all idle connections, or those that `owner` used last."""
        closing = []
        with self._lock:
            for key, idle in self._idle.items():
                closing += [connection for connection in idle if owner in (None, connection.owner)]
                self._idle[key] = [connection for connection in idle if owner not in (None, connection.owner)]
        for connection in closing:
            connection.close()


_connections: weakref.WeakSet[_Connection] = weakref.WeakSet()
_pool = _Pool()
_making = threading.Lock()  # of routes and of TLS sockets
atexit.register(_pool.close)


def _after_fork() -> None:
    """A child leaves its parent's sockets alone: closed without a shutdown, which the parent would feel."""
    global _making
    connections = list(_connections)
    _making = threading.Lock()  # another thread of the parent may have held it
    _pool.__init__()  # type: ignore[misc]
    for connection in connections:
        if connection.sock is not None:
            connection.sock.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _read_head(connection: _Connection) -> _Steps:
    """(minor version, status, reason, headers) of the next answer; interim answers (1xx) are passed over."""
    size = 0
    while True:
        while True:
            head, end, rest = connection.buffer.partition(b"\r\n\r\n")
            if b"\n\n" in head:  # a server that is careless with its line ends
                head, end, rest = connection.buffer.partition(b"\n\n")
            if end:
                break
            if size + len(connection.buffer) > _MAX_HEAD:
                raise _BrokenAnswer(f"the answer's head is longer than {_MAX_HEAD} bytes")
            block = connection.receive()
            if not block:
                yield connection
            connection.buffer += block
        size += len(head)
        connection.buffer = rest
        status_line, *lines = head.lstrip(b"\r\n").decode("latin-1").split("\n")
        match = re.match(r"HTTP/1\.([01]) ((?!000|101)[0-9]{3})(?: |\r|$)(.*)", status_line)
        if match is None:
            raise _BrokenAnswer(f"not an HTTP/1.1 answer: {status_line[:8]!r}")  # no more, it may be the key
        minor, status, reason = match.groups()
        if status >= "2":
            break
    fields: List[Tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.rstrip("\r").partition(":")
        if line[:1] in (" ", "\t") and fields:  # a folded line goes on with the one before
            fields[-1] = fields[-1][0], f"{fields[-1][1]} {line.strip()}"
        elif colon:
            fields.append((name.strip(), value.strip(" \t")))
    return minor, int(status), reason.strip("\r"), Headers(fields)


def _read_answer(connection: _Connection, method: str) -> _Steps:
    """(status, headers, body) of the next answer; the body comes in blocks, and the connection is busy with it."""
    minor, status, _, headers = yield from _read_head(connection)
    coding = headers.get("transfer-encoding", "identity").strip().lower()
    length = headers.get("content-length")
    tokens = headers.get("connection", "").lower()
    reusable = "keep-alive" in tokens if minor == "0" else "close" not in tokens
    if length is not None and coding == "identity":
        lengths = {part.strip() for part in length.split(",")}
        if len(lengths) != 1 or not re.fullmatch("[0-9]{1,18}", min(lengths)):
            raise _BrokenAnswer("the answer's Content-Length is no number")
        length = int(min(lengths))
    if coding not in ("identity", "chunked"):
        raise _BrokenAnswer(f"the answer has the transfer coding {coding[:20]!r}, which was not asked for")
    if method == "HEAD" or status in (204, 304):
        framed: Iterator[bytes] = iter(())
        reusable = reusable and (method == "HEAD" or not (length or coding == "chunked"))  # what is announced may come
    elif coding == "chunked":
        reusable = reusable and length is None  # two lengths: somebody is trying something
        framed = _chunked(connection)
    elif length is not None:
        framed = _sized(connection, length)
    else:
        framed, reusable = _until_closed(connection), False
    connection.phase = f"reading the answer of {connection.route.address}"
    connection.framed = True
    connection.user = body = _released(connection, framed, reusable)
    return status, headers, body


def _released(connection: _Connection, framed: Iterator[bytes], reusable: bool) -> Iterator[bytes]:
    """`framed`; then the connection goes back to the pool, or is closed where it cannot be used again."""
    whole = False
    try:
        yield from framed
        whole = reusable and not (
            connection.buffer or connection.aborted or getattr(connection.owner, "_closed", False)
        )
    finally:
        if whole:
            _pool.give(connection)
        else:
            connection.close()


def _sized(connection: _Connection, length: int) -> Iterator[bytes]:
    while length:
        block, connection.buffer = connection.buffer[:length], connection.buffer[length:]
        block = block or connection.receive(min(length, _BLOCK))
        length -= len(block)
        yield block


def _until_closed(connection: _Connection) -> Iterator[bytes]:
    connection.framed = False
    if connection.buffer:
        yield connection.buffer
        connection.buffer = b""
    with contextlib.suppress(_Closed):
        while True:
            yield connection.receive()
    if connection.aborted:
        raise _BrokenAnswer("the answer was closed before its end")


# A chunk's head with the end of the chunk before, and what may become one.
_chunk_head = re.compile(rb"\r\n[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n").match
_chunk_head_begun = re.compile(rb"\r?|\r\n[ \t]*([0-9A-Fa-f]{1,15}[ \t]*(;[^\r\n]{0,4096})?\r?)?").fullmatch


def _chunked(connection: _Connection) -> Iterator[bytes]:
    """The chunked coding (RFC 9112, 7.1): all chunks of one read in one block."""
    buffer, connection.buffer = b"\r\n" + connection.buffer, b""
    at = 0
    while True:
        blocks, size = [], -1
        match = _chunk_head(buffer)
        while match is not None:
            size, at = int(match.group(1), 16), match.end()
            if not size:
                break
            blocks.append(buffer[at : at + size])
            at += size
            match = _chunk_head(buffer, at)
        if blocks:
            yield b"".join(blocks)
        if not size:
            break
        missing = at - len(buffer)
        buffer, at = buffer[at:], 0
        while missing > 0:
            block = connection.receive(min(max(missing, _READ), _BLOCK))
            yield block[:missing]
            buffer = block[missing:]
            missing -= len(block)
        if _chunk_head(buffer) is None:
            if _chunk_head_begun(buffer) is None:
                raise _BrokenAnswer("the answer's chunks do not fit together")
            block = connection.receive()
            if not block:
                yield block
            buffer += block
    buffer = buffer[at:]
    while not buffer.startswith(b"\r\n") and b"\r\n\r\n" not in buffer:  # trailers
        if len(buffer) > _MAX_HEAD:
            raise _BrokenAnswer("the answer's trailers are too long")
        block = connection.receive()
        if not block:
            yield block
        buffer += block
    connection.buffer = buffer[2:] if buffer.startswith(b"\r\n") else buffer.partition(b"\r\n\r\n")[2]


def _exchange(call: _Call, route: Any, owner: Any, authorization: Dict[str, str]) -> _Steps:
    """Send a call's request and begin to read its answer, on a connection of the pool, or on a new one."""
    connection = _pool.take(route)
    while True:
        connection.owner, connection.in_loop, call.connection = owner, owner._in_loop, connection
        try:
            if connection.sock is None:
                yield from connection.open(call.timeouts[0])
            return (yield from _ask(call, connection, authorization))
        except BaseException as error:
            dropped = connection.reused and not (connection.answered or connection.aborted or call.is_spent)
            connection.close()
            if not dropped or not isinstance(error, OSError) or isinstance(error, socket.timeout):
                raise
            # The server closed an idle connection while the request was on its way: once more, on a fresh one.
            connection = _Connection(route)


def _head(request: Request, fields: Dict[str, str], route: _Route) -> bytes:
    """A request's head; in a function of its own, so that the token is in no frame of a traceback."""
    through_proxy = route.proxy and route.context is None
    target = request.url if through_proxy else "/" + request.url.split("/", 3)[3]
    lines = [f"{request.method} {target} HTTP/1.1"]
    if "Host" not in fields:
        lines.append(f"Host: {route.host_header}")
    lines += [f"{name}: {value}" for name, value in fields.items()]
    end = "\r\n" + (route.proxy_header if through_proxy else "") + "\r\n"
    return ("\r\n".join(lines) + end).encode("latin-1")


def _ask(call: _Call, connection: _Connection, authorization: Dict[str, str]) -> _Steps:
    route, method = connection.route, call.request.method
    fields = {**call.headers, **authorization}
    connection.phase = f"sending the request to {route.address}"
    connection.deadline = None
    timeout = call.timeouts[1]
    connection.limit(timeout)
    try:
        if not isinstance(call.body, _Multipart):  # head and body in one segment: 20 % of a call's time
            yield from connection.send(memoryview(_head(call.request, fields, route) + (call.body or b"")))
        else:
            yield from connection.send(memoryview(_head(call.request, fields, route)))
            blocks = iter(call.body)
            block = yield functools.partial(next, blocks, None)
            while block is not None:
                yield from connection.send(block)
                block = yield functools.partial(next, blocks, None)
    except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
        connection.deadline = time.monotonic() + 1  # a server may refuse a body before it has read it all
        answer = None
        with contextlib.suppress(OSError):
            answer = yield from _read_answer(connection, method)
        if answer is None:
            raise
        connection.aborted = True  # it is not used again
        return answer
    connection.phase = f"waiting for the answer of {route.address}"
    connection.deadline = None if timeout is None else time.monotonic() + timeout
    return (yield from _read_answer(connection, method))


def _ask_opener(call: _Call, opener: Any, authorization: Dict[str, str]) -> Any:
    """The same by somebody else's opener, whose answer then stands for the socket."""
    import http.client
    import urllib.error
    import urllib.request

    request = urllib.request.Request(call.request.url, call.body, method=call.request.method)
    for name, value in {**call.headers, **authorization}.items():  # an opener that follows redirects must not
        secret = name.lower() in _SECRET_HEADERS  # carry the secret ones to another host
        (request.unredirected_hdrs if secret else request.headers)[name.capitalize()] = value
    call.connection = connection = _Connection(None)
    timeout = call.timeouts[1]
    connection.deadline = None if timeout is None else time.monotonic() + timeout

    def read() -> Iterator[bytes]:
        left = getattr(answer, "length", None)
        try:
            for block in iter(lambda: getattr(answer, "read1", answer.read)(65536), b""):
                yield block
                left = left and left - len(block)
                if connection.deadline is not None and time.monotonic() > connection.deadline:
                    raise socket.timeout("timed out")
        except (http.client.HTTPException, ValueError, AttributeError) as error:
            raise _BrokenAnswer(str(error)) from error
        if left:
            raise _BrokenAnswer("the connection was closed before the end of the answer")
        connection.close()

    try:
        connection.sock = answer = opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:  # how the standard opener hands out answers that are not 2xx
        connection.sock = answer = error
    except (http.client.HTTPException, ValueError) as error:
        raise _BrokenAnswer(str(error)) from error
    if answer is None:
        raise _BrokenAnswer("the http_client gave no answer")
    connection.user = body = read()
    connection.framed = getattr(answer, "chunked", False) or getattr(answer, "length", 0) is not None
    return answer.getcode(), Headers(answer.headers.items()), body


def _unpacked(blocks: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """A compressed body, unpacked; one that grows beyond all measure is refused."""
    import zlib

    if coding not in ("gzip", "x-gzip", "deflate"):
        raise _BrokenAnswer(f"the answer is encoded as {coding[:8]!r}, which was not asked for")
    unpacker, begun, packed, size = zlib.decompressobj(47), b"", 0, 0
    for block in blocks:
        if not block:
            yield block
        begun = begun + block if packed < 2 else b""  # zlib judges its head by two bytes
        packed += len(block)
        while block:
            try:
                data = unpacker.decompress(block, _BLOCK)
            except zlib.error as error:
                if not begun or coding != "deflate":
                    raise _BrokenAnswer(f"the answer cannot be unpacked: {error}") from None
                unpacker, block, begun = zlib.decompressobj(-15), begun, b""  # deflate without zlib's head
                continue
            size += len(data)
            if size > 64 * _BLOCK and size > 200 * packed:
                raise _BrokenAnswer("the answer unpacks to more than 200 times its size")
            if data:
                yield data
            block = unpacker.unconsumed_tail
            if unpacker.eof and unpacker.unused_data:
                block, unpacker = unpacker.unused_data, zlib.decompressobj(47)
    if packed and not unpacker.eof:
        raise _BrokenAnswer("the answer's compressed body is cut off")


class Response:
    """An HTTP answer: `status_code`, `headers`, `url`, `request`, and its body as `content`, `text` or `json()`."""

    def __init__(self, call: _Call, answer: Tuple[int, Headers, Iterator[bytes]], secrets: Iterable[str]) -> None:
        self.status_code, self.headers, self._body = answer
        self.request = call.request
        self.url = call.request.url
        self.is_closed = False
        self._connection: Any = call.connection
        self._timeout = call.timeouts[1]
        self._secrets = list(secrets)
        self._begun = False  # whether the body is being read
        self._is_complete = False  # whether a stream has come to its end
        self._content: bytes | None = None
        self._on_close: Any = None
        self._busy = False
        coding = self.headers.get("content-encoding", "").strip().lower()
        self._source: Any = self._body if coding in ("", "identity") else _unpacked(self._body, coding)

    def _blocks(self) -> Iterator[bytes]:
        if self.is_closed or self._begun:  # what was read, or dropped, must not look like an empty body
            raise APIConnectionError(message="The answer was read or closed before.", request=self.request)
        self._begun = True
        try:
            yield from self._source
        except (OSError, ValueError, AttributeError) as error:
            raise _connection_error(error, self.request, self._connection, self._timeout) from error

    def _unbounded(self) -> None:
        """From here on the time limit is for each wait, not for the whole answer."""
        connection = self._connection
        if connection.user is self._body:
            connection.deadline = None
            if connection.route is not None:
                connection.limit(self._timeout)

    def _finish(self) -> Iterator[List[Any]]:
        """Take what little may follow the end of a stream, so that its connection can be used again."""
        if self._connection.user is self._body:
            self._connection.deadline = time.monotonic() + 0.01
            with contextlib.suppress(OSError):
                for block in itertools.islice(self._source, 16):
                    if not block:
                        yield []

    def _take(self, blocks: Iterator[Any]) -> _Steps:
        """The next of `blocks`, of bytes or of chunks; None after the last."""
        connection = self._connection
        while True:
            if connection is None or connection.route is None:  # somebody else's opener may block
                block = yield functools.partial(self._next, blocks)
            else:
                block = next(blocks, None)
            if block is None or block:
                return block
            yield connection

    def _next(self, blocks: Iterator[Any]) -> Any:
        """`next`, in a thread perhaps: closed meanwhile, the answer is closed only afterwards."""
        self._busy = True
        try:
            return next(blocks, None)
        finally:
            self._busy = False
            if self.is_closed:
                self._drop()

    def _gather(self, blocks: Iterator[bytes], gathered: List[bytes], limit: float = 1e999) -> _Steps:
        """Add to `gathered` what comes, until it is more than `limit` bytes."""
        while limit >= 0:
            block = yield from self._take(blocks)
            if block is None:
                return
            gathered.append(block)
            limit -= len(block)
            if len(block) >= _STEP:
                yield None

    def _scrub(self, text: str) -> str:
        return _scrubbed(text, self._secrets)

    def _load_error(self) -> _Steps:
        """Read an error's body, or what there is of it."""
        blocks: List[bytes] = []
        try:
            yield from self._gather(self._blocks(), blocks, _MAX_ERROR)
        except APIConnectionError:  # the status says more
            pass
        finally:
            self.close()
        self._content = b"".join(blocks)

    def _forget_secrets(self) -> None:
        """Make a response that is part of an error fit to be shown, should the server have repeated the key."""
        content = self._content or b""
        for secret in filter(None, self._secrets):
            for coding in ("utf-8", "utf-16-le", "utf-16-be"):
                content = content.replace(secret.encode(coding), "***".encode(coding))
        if b"\\" in content:  # in JSON, a secret can be written in many ways
            with contextlib.suppress(ValueError, RecursionError):
                text = json.dumps(json.loads(content), ensure_ascii=False)
                content = content if self._scrub(text) == text else self._scrub(text).encode("utf-8", "replace")
        self._content = content
        text = self._scrub(self.text)
        if text != self.text:  # in the charset of the headers
            self._content = text.encode("utf-8", "replace")
            self.headers["content-type"] = "text/plain"
        self.headers = Headers((name, self._scrub(value)) for name, value in self.headers.items())
        self._secrets = []

    def _load(self) -> _Steps:
        if self._content is None:
            blocks: List[bytes] = []
            try:
                yield from self._gather(self._blocks(), blocks)
            finally:
                self.close()
            self._content = (yield functools.partial(b"".join, blocks)) if len(blocks) > 16 else b"".join(blocks)
        return self._content

    def read(self) -> bytes:
        """The whole body."""
        return _run(self._load())

    @property
    def content(self) -> bytes:
        return self.read()

    @property
    def is_success(self) -> bool:
        return 200 <= self.status_code < 300

    def raise_for_status(self) -> Self:
        """Itself: an answer that is not 2xx has been raised already, as the error that it is part of."""
        return self

    @property
    def text(self) -> str:
        charset = re.search(r"charset=[\"']?([\w.:-]+)", self.headers.get("content-type", ""), re.IGNORECASE)
        coding = charset.group(1) if charset else "utf-8"
        with contextlib.suppress(LookupError, UnicodeError):
            if not re.search("puny|idna|escape", coding, re.IGNORECASE):  # no charsets, and without a limit in time
                return self.content.decode(coding, "replace")
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
        rest = bytearray()
        try:
            for block in [self._content] if self._content is not None else self._blocks():
                if chunk_size is None or not block:
                    yield block
                    continue
                rest += block
                whole = len(rest) - len(rest) % chunk_size
                yield from (bytes(rest[start : start + chunk_size]) for start in range(0, whole, chunk_size))
                del rest[:whole]
            if rest:
                yield bytes(rest)
        finally:
            self.close()

    def close(self) -> None:
        """Drop what has not been read."""
        if not self.is_closed:
            self.is_closed = True
            if not self._busy:
                self._drop()
            if self._on_close is not None:
                self._on_close()

    def _drop(self) -> None:
        connection = self._connection
        if connection is not None and connection.user is self._body:  # a reader in another thread closes it itself
            (connection.abort if getattr(self._body, "gi_running", False) else connection.close)()

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
        dropped = dict.fromkeys(("_body", "_source", "_connection", "_on_close", "_runner"))
        return {**self.__dict__, **dropped, "_secrets": []}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self.status_code}]>"


class BinaryResponse(Response):
    """A file that the platform answers: nothing is read before it is asked for.

    Writing it to a file keeps memory flat, and leaves no file behind when the answer breaks off.
    """

    _on_block: Any = None  # is told the size of each block
    _runner: Any = None  # runs the steps in the asynchronous client's event loop

    def _blocks(self) -> Iterator[bytes]:
        for block in super()._blocks():
            if self._on_block is not None:
                self._on_block(len(block))
            yield block

    def _peek(self, size: int) -> _Steps:
        """The whole body if it is no longer than `size` bytes; what was read of a longer one is kept for its reader."""
        blocks: List[bytes] = []
        source = super()._blocks()
        yield from self._gather(source, blocks, size)
        if sum(map(len, blocks)) > size:
            self._source, self._begun = itertools.chain(blocks, source), False
            return None
        self._content = b"".join(blocks)
        self.close()
        return self._content

    @property
    def response(self) -> BinaryResponse:
        return self

    def stream_to_file(self, file: Union[str, os.PathLike[str]], *, chunk_size: int = None) -> None:
        """Write the body to a path; the file gets its name only when it is complete."""
        _run(self._save(file, chunk_size))

    write_to_file = stream_to_file

    def _save(self, file: Union[str, os.PathLike[str]], chunk_size: int | None) -> _Steps:
        path = os.path.realpath(os.fsdecode(file))
        special = os.path.exists(path) and not os.path.isfile(path)  # /dev/null and its like are written to
        partial = path if special else os.path.join(os.path.dirname(path), f".{os.urandom(4).hex()}.part")
        try:
            with open(partial, "wb") as target:
                blocks = self.iter_bytes(chunk_size)
                block = yield from self._take(blocks)
                while block is not None:
                    yield functools.partial(target.write, block)
                    block = yield from self._take(blocks)
            if not special:
                if os.path.exists(path):
                    os.chmod(partial, os.stat(path).st_mode & 0o777)
                os.replace(partial, path)
        except BaseException:
            if self._begun:  # else, a path that is wrong, another may be tried
                self.close()
            if not special and os.path.exists(partial):
                os.unlink(partial)
            raise

    async def _await(self, steps: _Steps) -> Any:
        try:
            return await self._runner(steps) if self._runner else _run(steps)
        except OSError:  # of the file: another may be tried
            raise
        except BaseException:
            self.close()
            raise

    async def aread(self) -> bytes:
        """`read`, with an asynchronous client; likewise the other methods with an `a`."""
        return await self._await(self._load())

    async def aiter_bytes(self, chunk_size: int = None) -> AsyncIterator[bytes]:
        blocks = self.iter_bytes(chunk_size)
        try:
            block = await self._await(self._take(blocks))
            while block is not None:
                yield block
                block = await self._await(self._take(blocks))
        finally:
            self.close()

    async def astream_to_file(self, file: Union[str, os.PathLike[str]], *, chunk_size: int = None) -> None:
        await self._await(self._save(file, chunk_size))

    awrite_to_file = astream_to_file

    async def aclose(self) -> None:
        self.close()


HttpxBinaryResponseContent = BinaryResponse


def _connection_error(error: Any, request: Request, connection: Any, timeout: Any) -> APIConnectionError:
    """What went wrong on the wire, where, and what to do about it."""
    phase = (connection and connection.phase) or f"the exchange with {urllib.parse.urlsplit(request.url).netloc}"
    if isinstance(getattr(error, "reason", None), OSError):  # what an opener wraps it in
        error = error.reason
    if isinstance(error, socket.timeout):
        limit = f" ({timeout:g} s)" if timeout is not None else ""
        return APITimeoutError(request, message=f"Request timed out: {phase}{limit}.")
    advice = ""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in (9, 10):
            advice = "Check this machine's clock; if it is right, the certificate has expired"
        elif error.verify_code in (62, 64):
            advice = "The certificate is for another host: check base_url, or a proxy that intercepts TLS"
        elif error.verify_code > 75:
            advice = "Renew it, or pass an ssl_context without ssl.VERIFY_X509_STRICT, the default since Python 3.13"
        else:
            advice = (
                "Its issuer is not known here: set SSL_CERT_FILE to the CA file (of the proxy, if one intercepts TLS)"
            )
    elif isinstance(error, ssl.SSLError):
        advice = "Check that the address speaks TLS 1.2 or later, and whether a proxy interferes"
    message = f"Connection error: {phase}: {error}{advice and '. '}{advice}."
    return APIConnectionError(message=message, request=request)


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def _forget_locals(error: Any) -> None:
    """Clear this module's frames in the tracebacks of an error: they hold what was sent, and what was answered."""
    active, frame = set(), sys._getframe(1)
    while frame is not None:
        active.add(frame)
        frame = frame.f_back  # type: ignore[assignment]
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            frame, trace = trace.tb_frame, trace.tb_next
            if frame not in active and frame.f_code.co_filename == _code.co_filename:
                with contextlib.suppress(RuntimeError):  # it is executed by another thread
                    frame.clear()
        error = error.__cause__ or error.__context__


def _run(steps: _Steps) -> Any:
    """The result of steps, waiting here."""
    step: Any = steps.send
    value: Any = None
    try:
        while True:
            wait = step(value)
            step, value = steps.send, None
            if isinstance(wait, _Connection):  # an event loop's, read in another way
                wait.in_loop = False
                wait.limit(wait.timeout)
            elif callable(wait):
                try:
                    value = wait()
                except BaseException as error:
                    step, value = steps.throw, error
            elif wait is not None:
                _sleep(wait)
    except StopIteration as end:
        return end.value
    except BaseException as error:
        _forget_locals(error)
        raise
    finally:
        value = None  # which may be an error that knows this frame


class _Turns:
    """Lets calls do a few steps each time their event loop goes round, so that all else has its turn in between."""

    def __init__(self) -> None:
        self._waiting: Any = collections.deque()
        self._left = 4
        self._going_round = False

    def settle(self, future: Any, outcome: Any = (None, None)) -> None:
        """Let the step go on that waits for `future`, when its turn comes."""
        self._waiting.append((weakref.ref(future), outcome))
        self._grant(future.get_loop())

    def _grant(self, loop: Any) -> None:
        while self._waiting and self._left:
            reference, outcome = self._waiting.popleft()
            future = reference()
            if future is not None and not future.done():
                future.set_result(outcome)
                self._left -= 1
                if not self._going_round:
                    self._going_round = True
                    loop.call_soon(self._next, loop)

    def _next(self, loop: Any) -> None:
        self._left, self._going_round = 4, False
        self._grant(loop)


_turns: Any = weakref.WeakKeyDictionary()  # by event loop


def _watch(connection: _Connection, turns: _Turns, future: Any) -> Callable[[], Any]:
    """Settle `future` when a connection is ready, or has not been for too long; what it returns ends this."""
    if connection.wake is not None:
        raise RuntimeError("Another task is waiting for this answer.")
    loop, number, writing = future.get_loop(), connection.sock.fileno(), connection.writing
    remove: Any = loop.remove_writer if writing else loop.remove_reader

    def end() -> None:
        if connection.wake is end:
            connection.wake = None
            if timer is not None:
                timer.cancel()
            if not loop.is_closed():
                remove(number)
                if not future.done():
                    turns.settle(future)

    left = None if connection.until is None else max(connection.until - time.monotonic(), 0)
    timer = None if left is None else loop.call_later(left, end)
    connection.wake = end
    try:
        (loop.add_writer if writing else loop.add_reader)(number, end)
    except NotImplementedError:  # the default loop of Windows
        remove = bool
        wait = functools.partial(select.select, [number] * (not writing), [number] * writing, [number], left)
        _in_thread(wait, turns, future)
    return end


def _in_thread(function: Callable[[], Any], turns: _Turns, future: Any) -> None:
    """Settle `future` with the result of `function`, or its error; a daemon, so that it keeps no process alive."""

    def work() -> None:
        value = failure = None
        try:
            value = None if future.done() else function()
        except BaseException as error:
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody will ask
            future.get_loop().call_soon_threadsafe(turns.settle, future, (value, failure))
        del failure  # which knows this frame

    try:
        threading.Thread(target=work, name="zhipuai_lite", daemon=True).start()
    except RuntimeError:  # no more can be started
        work()


class _Slots:
    """So many calls at a time, the rest in the order of their coming; for any number of event loops."""

    def __init__(self, limit: int) -> None:
        self.process = os.getpid()
        self.active: Any = weakref.WeakValueDictionary()  # by `id`: of a WeakSet no copy can be made among threads
        self._free = limit
        self._waiting: Any = collections.deque()
        self._lock = threading.RLock()  # a garbage collection inside may end a call of the same thread

    async def acquire(self, loop: Any) -> None:
        future = loop.create_future()
        with self._lock:
            if self._free:
                self._free -= 1
                return
            self._waiting.append(future)
        try:
            await future
        except BaseException:
            if future.done() and not future.cancelled():
                self.release()
            raise

    def release(self) -> None:
        with self._lock:
            while self._waiting:
                grant = _Grant(self, self._waiting.popleft())
                with contextlib.suppress(RuntimeError):  # that loop is closed
                    grant.future.get_loop().call_soon_threadsafe(grant)
                    return
                grant.slots = None
            self._free += 1


class _Grant:
    """A place for a call that waited; it goes to the next one when that call, or its loop, is gone meanwhile."""

    def __init__(self, slots: _Slots, future: Any) -> None:
        self.slots: _Slots | None = slots
        self.future = future

    def __call__(self) -> None:
        if not self.future.done():
            self.slots = None
            self.future.set_result(None)

    def __del__(self) -> None:
        if self.slots is not None:
            self.slots.release()


class _Flight:
    """A call in an event loop, from its start until its answer is read or dropped."""

    def __init__(self, slots: _Slots, loop: Any) -> None:
        self.loop = loop
        self._wake: Any = None  # ends what it waits for
        self._response: Any = None
        self._broken_off = self._ended = False
        self._slots = slots
        slots.active[id(self)] = self

    async def run(self, steps: _Steps) -> Any:
        """The result of steps, waiting in the event loop."""
        import asyncio

        self.loop = loop = asyncio.get_running_loop()
        turns = _turns.get(loop) or _turns.setdefault(loop, _Turns())
        wait = None
        try:
            while True:
                future = loop.create_future()
                self._wake = functools.partial(turns.settle, future)
                end: Any = future.cancel
                if wait is None:
                    self._wake()
                elif isinstance(wait, _Connection):
                    end = _watch(wait, turns, future)
                elif callable(wait):
                    _in_thread(wait, turns, future)
                else:
                    end = loop.call_later(wait, self._wake).cancel
                try:
                    value, error = await future
                finally:
                    if not loop.is_closed():  # else this is collected as garbage, and so may be what would be told
                        end()
                if self._broken_off:
                    raise ZhipuAIError("The client is closed.")
                wait = steps.send(value) if error is None else steps.throw(error)
        except StopIteration as ended:
            return ended.value
        except BaseException as raised:
            _forget_locals(raised)
            raise
        finally:
            value = error = None  # which knows this frame
            steps.close()

    def hold(self, response: Response) -> None:
        """Last until this response is closed."""
        self._response = weakref.ref(response)
        response._on_close = self.end

    def end(self) -> None:
        if not self._ended:
            self._ended = True
            self._slots.active.pop(id(self), None)
            self._slots.release()

    def break_off(self) -> None:
        self._broken_off = True
        if self._wake is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self._wake()
        response = self._response and self._response()
        if response is not None:
            response.close()


# ---------------------------------------------------- The client core: build a request, send it, retry, read the answer


def _log(level: str, message: str, *values: Any) -> None:
    """To the logger `zhipuai_lite`. `logging` (4 ms) is imported for warnings only: without it, nobody listens."""
    if level == "warning":
        import logging  # noqa: F401
    if "logging" in sys.modules:
        getattr(sys.modules["logging"].getLogger("zhipuai_lite"), level)(message, *values)


def _checked(argument: str, value: Any, kind: str) -> Any:
    """`value`, if it is None or of the class that `kind` names with its module."""
    module, _, name = kind.rpartition(".")
    if value is not None and not isinstance(value, getattr(sys.modules.get(module), name, ())):
        raise TypeError(f"{argument}: expected {kind}, got {type(value).__module__}.{type(value).__name__}")
    return value


def _checked_mapping(argument: str, value: Any) -> Any:
    """`value`, if it is a mapping; an empty one for None."""
    if value is not None and not hasattr(value, "keys"):
        raise TypeError(f"{argument}: expected a mapping, got {type(value).__name__}")
    return value or {}


def _checked_timeout(timeout: Any) -> Tuple[float | None, float | None]:
    """(connect, read) in seconds, None for no limit, of any of the forms that a timeout comes in."""
    if hasattr(timeout, "connect") and hasattr(timeout, "read"):
        timeout = timeout.connect, timeout.read
    pair = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    for value in pair:
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise TypeError(f"timeout: expected seconds, None or (connect, read), got {type(value).__name__}")
        if value is not None and not 0 < value < 1e9:
            raise ValueError("timeout: expected more than 0 seconds (None for no limit)")
    if len(pair) not in (2, 4):  # httpx has (connect, read, write, pool)
        raise ValueError(f"timeout: expected seconds, None or (connect, read), got {len(pair)} values")
    return pair[0], pair[1]


def _checked_base_url(base_url: Any, argument: str) -> urllib.parse.SplitResult:
    text = str(base_url).strip()
    try:
        url = urllib.parse.urlsplit(text)
        port = "" if url.port is None else f":{url.port}"
        host = url.hostname or ""
        host = host if re.fullmatch("[ -~]*", host) else host.encode("idna").decode()
    except ValueError:
        raise ConfigurationError(f"{argument}: {_readable(repr(text), 100)} is no valid address") from None
    if re.search("[\\x00-\\x20\\x7f]", text):
        raise ConfigurationError(f"{argument}: white space and control characters are no part of an address")
    if url.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9._~-]+|[0-9a-f:.]+(%\w+)?", host):
        raise ConfigurationError(f"{argument}: expected http://... or https://..., got {_readable(repr(text), 100)}")
    if "@" in url.netloc or url.query or url.fragment:
        raise ConfigurationError(f"{argument}: expected an address without user, query and fragment")
    path = _quoted(url.path, "/%:@!$&'()*+,;=~", argument).rstrip("/") + "/"
    return urllib.parse.SplitResult(url.scheme, (f"[{host}]" if ":" in host else host) + port, path, "", "")


def _quoted(text: str, safe: str, argument: str) -> str:
    try:
        return urllib.parse.quote(text, safe=safe)
    except UnicodeEncodeError:
        raise ValueError(f"{argument}: half of a surrogate pair cannot be sent") from None


def _path_segment(value: Any, argument: str) -> str:
    """An identifier as one segment of a path, so that it can name nothing else."""
    if value is None:
        raise ValueError(f"{argument}: expected an identifier, got None")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise TypeError(f"{argument}: expected str, got {type(value).__name__}")
    if value in ("", ".", ".."):
        raise ValueError(f"{argument}: expected an identifier, got {value!r}")
    return _quoted(_form_text(value, argument), "", argument)


def _checked_path(path: Any) -> str:
    up = r"#|(^|/)\.\.?(/|\?|$)"
    if not isinstance(path, str) or re.match(r"[\w+.-]*:?//", path) or re.search(up, urllib.parse.unquote(path)):
        raise ValueError(f"path: expected a path below the base URL, got {_readable(repr(path), 100)}")
    return _quoted(path, "/%?=&:@!$'()*+,;~", "path")


def _with_headers(headers: Dict[str, str], more: Any, argument: str) -> Dict[str, str]:
    """`headers` with `more` put over them, whatever case their names have; None takes one away."""
    if not more:
        return headers
    if not hasattr(more, "items"):
        raise TypeError(f"{argument}: expected a mapping, got {type(more).__name__}")
    result = dict(headers)
    for name, value in more.items():
        if not isinstance(name, str) or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            raise ValueError(f"{argument}: {_readable(repr(name), 50)} is no name of a header")
        if name.lower() in ("content-length", "transfer-encoding"):
            raise ValueError(f"{argument}: {name} is not for the caller to set")
        for old in [old for old in result if old.lower() == name.lower()]:
            del result[old]
        if value is None or type(value).__name__ in ("NotGiven", "Omit"):
            continue
        value = value.decode("latin-1") if isinstance(value, bytes) else value
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise TypeError(f"{argument}: {name}: expected str, got {type(value).__name__}")
        if not re.fullmatch(r"[\t\x20-\x7e\xa0-\xff]*", str(value)):
            what = "control characters, line breaks and text beyond Latin-1"
            raise ValueError(f"{argument}: {name}: {what} cannot be sent")
        if name.lower() in ("accept", "content-type", "host"):  # which are looked for
            name = name.title()
        result[name] = _Secret(value) if name.lower() in _SECRET_HEADERS else str(value)
    return result


def _plain(value: Any) -> Any:
    """What JSON can hold of an object: a pydantic model, a dataclass, a mapping."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if hasattr(type(value), "__dataclass_fields__"):
        return {name: getattr(value, name) for name in type(value).__dataclass_fields__}
    if hasattr(type(value), "__fields__") and hasattr(value, "dict"):
        return value.dict(by_alias=True, exclude_none=True)  # pydantic 1
    if hasattr(value, "keys"):
        return {key: value[key] for key in list(value.keys())}
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)


def _json_bytes(body: Any, argument: str = "body", gently: bool = False) -> bytes:
    """JSON; what cannot be encoded raises an error that names the argument it is in.

    `gently` lets other threads run meanwhile, which the encoder in C does not; it takes ten times as long.
    """
    try:
        return ("".join(_encoder.iterencode(body)) if gently else _encoder.encode(body)).encode()
    except (TypeError, ValueError, RecursionError) as error:
        if argument == "body" and isinstance(body, dict):
            for name, value in body.items():
                _json_bytes(value, str(name))
        if isinstance(error, TypeError):
            raise TypeError(f"{argument}: {error}") from None
        reason = "half of a surrogate pair cannot be sent" if isinstance(error, UnicodeError) else str(error)
        reason = "nested too deeply" if isinstance(error, RecursionError) else reason
        raise ValueError(f"{argument}: {reason}") from None


def _form_text(value: Any, argument: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int)) or (isinstance(value, float) and value - value == 0):
        with contextlib.suppress(ValueError):  # whole numbers of more than 4,300 digits
            return str(value)
    raise TypeError(f"{argument}: expected text or a finite number, got {type(value).__name__}")


def _query(values: _Mapping) -> str:
    pairs = []
    for name, value in values.items():
        for item in value if isinstance(value, (list, tuple)) else [value]:
            pairs.append((str(name), "" if item is None else _form_text(item, name)))
            _quoted("".join(pairs[-1]), "", name if pairs[-1][0].isprintable() else ascii(name))
    return urllib.parse.urlencode(pairs)


def _form_fields(name: str, value: Any, plain: bool) -> Iterator[Tuple[str, str]]:
    """A parameter as form fields: `name[]` for the items of a list (`name` where `plain`), `name[key]` of a mapping."""
    if hasattr(value, "items"):
        for key, item in value.items():
            yield from _form_fields(f"{name}[{key}]", item, plain)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _form_fields(name if plain else f"{name}[]", item, plain)
    elif value is not None and not (isinstance(value, str) and not value):
        yield name, _form_text(value, name)


class _Source:
    """The content of one file of a form: where it comes from, its size, and whether it can be read again."""

    def __init__(self, value: Any, argument: str) -> None:
        self.argument = argument
        self.rewindable = True
        self._spool: Any = None
        given = value if isinstance(value, tuple) else (NOT_GIVEN, value)
        if not 2 <= len(given) <= 4:
            raise TypeError(f"{argument}: expected (name, content[, content_type[, headers]])")
        self._content: Any
        found, self._content, self.size = self._opened(given[1], isinstance(value, tuple))
        try:
            self.name = found if given[0] is NOT_GIVEN else None if given[0] is None else os.fsdecode(given[0])
        except TypeError:
            raise TypeError(f"{argument}: expected a name in (name, content), got {given[0]!r}") from None
        kind = given[2] if len(given) > 2 else None
        if self.name and not kind:
            import mimetypes

            kind = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        headers = _with_headers({}, kind and {"Content-Type": kind}, argument)
        self.headers = _with_headers(headers, given[3] if len(given) > 3 else None, argument)

    def _opened(self, content: Any, named: bool) -> Tuple[str, Any, int]:
        """(name, content, size)"""
        if isinstance(content, str) and named:
            return self._opened(_form_bytes(content, self.argument), False)
        if isinstance(content, (bytes, bytearray, memoryview)):
            if not content:
                raise ValueError(f"{self.argument}: the file is empty")
            return "upload", bytes(content), len(bytes(content))
        if isinstance(content, os.PathLike):
            try:  # better found out now than in the middle of the request
                opened: Any = open(content, "rb")  # noqa: SIM115
            except (OSError, ValueError) as error:
                raise ValueError(f"{self.argument}: {error}") from error
            with opened:
                size = os.fstat(opened.fileno()).st_size  # pipes and their like say 0
                kept, size = (content, size) if size else self._spooled(opened)
                return os.path.basename(os.fsdecode(content)), kept, size
        if not hasattr(content, "read") or isinstance(content, io.TextIOBase):
            kinds = "a file opened in binary mode, bytes, a path object (pathlib.Path) or (name, content)"
            raise TypeError(f"{self.argument}: expected {kinds}, got {type(content).__name__}")
        file: Any = content
        name = getattr(content, "name", None)
        name = os.path.basename(os.fsdecode(name)) if isinstance(name, (str, bytes)) else ""
        try:
            size = file.seek(0, 2)
            size = operator.index(file.tell() if size is None else size)
            file.seek(0)
            return name or "upload", content, size
        except (AttributeError, OSError, ValueError, TypeError):
            pass
        if hasattr(content, "__len__"):
            self.rewindable = False  # it is sent once, as it comes
            return name or "upload", content, len(content)
        return (name or "upload", *self._spooled(file))

    def _spooled(self, file: Any) -> Tuple[Any, int]:
        """What is of unknown size goes to the disk, not into the memory."""
        import tempfile

        try:
            self._spool = tempfile.TemporaryFile()  # noqa: SIM115
            while self._spool.write(file.read(_BLOCK)):  # which refuses text, and the None of "nothing yet"
                pass
        except Exception as error:
            if self._spool is not None:
                self._spool.close()
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(f"{self.argument}: reading the file failed: {error}") from error
        return self._spool, self._spool.tell()

    def blocks(self) -> Iterator[bytes]:
        """The content, exactly `size` bytes of it."""
        content: Any = io.BytesIO(self._content) if isinstance(self._content, bytes) else self._content
        with contextlib.ExitStack() as opened:
            try:
                if isinstance(content, os.PathLike):
                    content = opened.enter_context(open(content, "rb"))
                elif self.rewindable:
                    content.seek(0)
                left = self.size
                while left:
                    block = content.read(min(left, _BLOCK))
                    if not isinstance(block, (bytes, bytearray)):
                        raise TypeError(f"read() must return bytes, got {type(block).__name__}")
                    if not 0 < len(block) <= left:
                        raise ValueError("the file changed its size while it was sent")
                    left -= len(block)
                    yield bytes(block)
            except Exception as error:
                raise ZhipuAIError(f"{self.argument}: reading the file failed: {error}") from error

    def __del__(self) -> None:
        if self._spool is not None:
            self._spool.close()


def _form_bytes(text: str, argument: str) -> bytes:
    try:  # names that the file system could not decode go out as the bytes that they are
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise ValueError(f"{argument}: half of a surrogate pair cannot be sent") from None


class _Multipart:
    """A multipart form, fields before files; its files are read anew for each try."""

    def __init__(self, fields: Iterable[Tuple[str, str]], files: Iterable[Tuple[str, _Source]]) -> None:
        boundary = os.urandom(16).hex()
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self.is_spent = False  # whether a source that cannot be read again has been read
        self._parts: List[Tuple[bytes, Any]] = []
        content: Any
        for name, content in [*fields, *files]:
            lines = [f"--{boundary}", f'Content-Disposition: form-data; name="{self._escaped(name)}"']
            if isinstance(content, _Source):
                lines[1] += f'; filename="{self._escaped(content.name)}"' if content.name is not None else ""
                lines += [f"{header}: {value}" for header, value in content.headers.items()]
            head = _form_bytes("\r\n".join(lines) + "\r\n\r\n", name)
            self._parts.append((head, content if isinstance(content, _Source) else _form_bytes(content, name)))
        self._end = f"--{boundary}--\r\n".encode()
        sizes = (content.size if isinstance(content, _Source) else len(content) for _, content in self._parts)
        self.size = sum(sizes) + sum(len(head) + 2 for head, _ in self._parts) + len(self._end)

    @staticmethod
    def _escaped(text: str) -> str:
        """A name in quotes: no quote or line break in it ends it."""
        text = text.replace("\\", "\\\\").replace('"', "%22")
        return re.sub("[\x00-\x1f\x7f]", lambda found: f"%{ord(found.group()):02X}", text)

    def __iter__(self) -> Iterator[bytes]:
        pending = b""
        for head, content in self._parts:
            pending += head
            if isinstance(content, _Source):
                self.is_spent |= not content.rewindable
                for block in content.blocks():
                    yield pending + block
                    pending = b""
            else:
                pending += content
            pending += b"\r\n"
        yield pending + self._end


_NOTHING: Dict[str, str] = {}


class _Spec:
    """An interface, as its declaration has it: the signature says what is sent, the decorator the rest."""

    # The options of the decorators.
    chunk: Any = None  # the class of a stream's chunks
    streams: bool = False  # unless told not to
    files: Tuple[str, ...] = ()  # the parameters that are files
    form_only: bool = False  # a form even without a file
    plain_lists: bool = False  # in a form, the items of a list have its name as it is
    renamed: _Mapping = _NOTHING  # parameters that have another name on the wire, or none
    headers: _Mapping = _NOTHING  # parameters that are sent as a header
    prepare: Any = None  # changes the values before they are sent
    timeout: str = "timeout"  # the parameter that is the time limit

    def __init__(self, function: Any, request: str, options: _Dict) -> None:
        self.__dict__.update(options)
        code = function.__code__
        self.method, _, self.path = request.partition(" ")
        self.name = function.__name__
        self.names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        self.positional = self.names[: code.co_argcount - 1]
        self.known = frozenset(self.names).union(("extra_headers", "extra_body", "timeout"))
        self.in_path = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        self.sends_body = self.method not in ("GET", "DELETE") and bool(set(self.names).difference(self.in_path))
        defaults = function.__defaults__ or ()
        given = dict(zip(self.positional[len(self.positional) - len(defaults) :], defaults))
        given.update(function.__kwdefaults__ or {})
        self.defaults = {name: value for name, value in given.items() if value is not None}
        self._result = function.__annotations__["return"].partition(" ")[0]

    def bind(self, args: Tuple[Any, ...], kwargs: _Dict) -> _Dict:
        """The parameters that were given, by name: None is not given, but for the timeout."""
        values = {**self.defaults, **dict(zip(self.positional, args)), **kwargs}
        return {n: v for n, v in values.items() if v is not NOT_GIVEN and (v is not None or n == self.timeout)}

    @property
    def result(self) -> Any:
        """The class that the declaration says it returns."""
        return globals()[self._result]

    @property
    def accept(self) -> str:
        if self.result is ZragChatEvent:
            return "text/event-stream"
        kind = "*/*" if self.result is BinaryResponse else "application/json"
        return f"{kind}, text/event-stream" if self.chunk else kind


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
    # What a method of a resource is: one declaration for both clients; with an asynchronous one its result is awaited.

    class _Endpoint(Protocol[_P, _R_co, _A_co]):
        @overload
        def __get__(self, resource: Resource[ZhipuAI], owner: Any = None) -> Callable[_P, _R_co]: ...
        @overload
        def __get__(self, resource: Resource[AsyncZhipuAI], owner: Any = None) -> Callable[_P, Awaitable[_A_co]]: ...

    class _StreamCall(Protocol[_P, _Streamed, _Either, _R_co, _A_co]):
        @overload
        def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R_co: ...
        @overload
        def __call__(self, *args: _Streamed.args, **kwargs: _Streamed.kwargs) -> _A_co: ...
        @overload
        def __call__(self, *args: _Either.args, **kwargs: _Either.kwargs) -> Union[_R_co, _A_co]: ...

    class _StreamEndpoint(Protocol[_P, _Streamed, _Either, _R_co, _C]):
        @overload
        def __get__(
            self, resource: Resource[ZhipuAI], owner: Any = None
        ) -> _StreamCall[_P, _Streamed, _Either, _R_co, Stream[_C]]: ...
        @overload
        def __get__(
            self, resource: Resource[AsyncZhipuAI], owner: Any = None
        ) -> _StreamCall[_P, _Streamed, _Either, Awaitable[_R_co], Awaitable[AsyncStream[_C]]]: ...

    class _EventEndpoint(Protocol[_P, _Streamed, _Either, _R_co, _C]):
        @overload
        def __get__(
            self, resource: Resource[ZhipuAI], owner: Any = None
        ) -> _StreamCall[_Streamed, _P, _Either, Stream[_C], _R_co]: ...
        @overload
        def __get__(
            self, resource: Resource[AsyncZhipuAI], owner: Any = None
        ) -> _StreamCall[_Streamed, _P, _Either, Awaitable[AsyncStream[_C]], Awaitable[_R_co]]: ...

    _Function = Callable[Concatenate[Any, _P], _R_co]


def _interface(
    request: str, docs: str = "", **options: Any
) -> Callable[[_Function[_P, _R_co]], _Endpoint[_P, _R_co, _R_co]]:
    """Declare an interface: method and path, in which {name} is a parameter; /api/... hangs on the base URL's root."""

    def decorate(function: Any) -> Any:
        function.__qualname__ = function.__qualname__.lstrip("_")  # the group's, in Python's own errors too
        spec = _Spec(function, request, options)

        @functools.wraps(function)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            if not spec.known.issuperset(kwargs):
                unknown = min(set(kwargs) - spec.known)
                raise TypeError(f"{function.__qualname__}() got an unexpected keyword argument {unknown!r}")
            function(self, *args, **kwargs)  # raises what any Python function raises for wrong arguments
            return self._client._call(self, spec, spec.bind(args, kwargs))

        call.__annotations__ = {}  # whose names are there for checkers only; `inspect.signature` has them as text
        call.spec = spec  # type: ignore[attr-defined]
        page = f"api-reference/{docs}" if docs else "cn/api/introduction"
        call.__doc__ = f"{function.__doc__}\n\n{request}\nhttps://docs.bigmodel.cn/{page}"
        return call

    return decorate


def _streaming(
    off: _Function[_P, _R_co], on: _Function[_Streamed, _R_co], either: _Function[_Either, _R_co],
    request: str, chunk: Type[_C], docs: str = "", **options: Any,
) -> _StreamEndpoint[_P, _Streamed, _Either, _R_co, _C]:  # fmt: skip
    """Declare an interface that answers with a stream of `chunk` for `stream=True`.

    The first three are one function of a class that is generic in the type of `stream`: so checkers get to know its
    signature with False, with True and with either, and what it returns for each.
    """
    return _interface(request, docs, **options, chunk=chunk)(off)  # type: ignore[return-value]


def _streaming_unless(
    off: _Function[_P, _R_co], on: _Function[_Streamed, _R_co], either: _Function[_Either, _R_co],
    request: str, chunk: Type[_C], docs: str = "",
) -> _EventEndpoint[_P, _Streamed, _Either, _R_co, _C]:  # fmt: skip
    """The same for an interface that answers with a stream unless told not to."""
    return _interface(request, docs, chunk=chunk, streams=True)(off)  # type: ignore[arg-type, return-value]


def _events(
    request: str, chunk: Type[_C], docs: str = "", **options: Any
) -> Callable[[_Function[_P, Any]], _Endpoint[_P, Stream[_C], AsyncStream[_C]]]:
    """Declare an interface that answers with a stream of `chunk`, and nothing else."""
    return _interface(request, docs, **options, chunk=chunk, streams=True)


def _paged(
    request: str, item: Type[_C], docs: str = ""
) -> Callable[[_Function[_P, _R_co]], _Endpoint[_P, _R_co, AsyncPage[_C]]]:
    """Declare an interface that answers with pages of `item`."""
    return _interface(request, docs)  # type: ignore[return-value]


_warned: set[str] = set()


class _Core(Resource[_Client]):
    """What both clients are made of. `_send` is the one way that every call goes."""

    _key_variable = "ZHIPUAI_API_KEY"
    _url_variable = "ZHIPUAI_BASE_URL"
    _default_url = "https://open.bigmodel.cn/api/paas/v4/"
    _own_headers: Dict[str, str] = _NOTHING
    _in_loop = False  # whether an event loop waits
    base_url = ""  # until it is known to be good

    def __init__(
        self, *, api_key: str = None, base_url: Any = None, timeout: _Seconds = NOT_GIVEN, max_retries: int | None = 3,
        http_client: urllib.request.OpenerDirector = None, custom_headers: _Mapping = None,
        disable_token_cache: bool | None = False, source_channel: str = None, ssl_context: ssl.SSLContext = None,
        max_connections: int | None = 256,
    ) -> None:  # fmt: skip
        self._client: Any = self
        key = _Secret(os.environ.get(self._key_variable, "")) if api_key is None else api_key
        self.api_key = key = api_key = _checked_key(key, self._key_variable)  # tracebacks show this frame, too
        url = base_url if base_url is not None else os.environ.get(self._url_variable) or self._default_url
        self._base = _checked_base_url(url, "base_url" if base_url is not None else self._url_variable)
        self.base_url = self._base.geturl()
        self.timeout = (8.0, 300.0) if timeout is NOT_GIVEN else timeout
        _checked_timeout(self.timeout)
        self.max_retries = 3 if max_retries is None else max_retries
        self.max_connections = 256 if max_connections is None else max_connections
        _checked_number("max_retries", self.max_retries, 0, int)
        _checked_number("max_connections", self.max_connections, 1, int)
        self._slots = _Slots(self.max_connections)
        self.http_client = _checked("http_client", http_client, "urllib.request.OpenerDirector")
        self.ssl_context = _checked("ssl_context", ssl_context, "ssl.SSLContext")
        self.disable_token_cache = bool(disable_token_cache)
        self.source_channel = source_channel or "python-sdk"
        headers = {"User-Agent": f"zhipuai_lite/{__version__}", "Accept-Encoding": "identity", **self._own_headers}
        headers["x-source-channel"] = "python-sdk"
        headers = _with_headers(headers, source_channel and {"x-source-channel": source_channel}, "source_channel")
        self._headers = _with_headers(headers, custom_headers, "custom_headers")
        self.custom_headers = custom_headers and {name: self._headers.get(name) for name in custom_headers}
        self._route: Any = None
        self._closed = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r})"

    def __getstate__(self) -> _Dict:
        if self.http_client is not None or self.ssl_context is not None:
            text = "A client with its own http_client or ssl_context cannot be pickled; build it where it is used."
            raise TypeError(text)
        return {n: v for n, v in self.__dict__.items() if not isinstance(v, (Resource, _Slots, _Route))}

    def __setstate__(self, state: _Dict) -> None:
        self.__dict__.update(state, _client=self, _route=None, _slots=_Slots(state["max_connections"]))

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

    def _build(self, resource: Any, spec: _Spec, values: _Dict) -> _Call:
        """An interface's request."""
        all_values, values = values, dict(values)
        given = {name: values.pop(name, None) for name in ("extra_headers", "extra_body")}
        given["timeout"] = values.pop(spec.timeout, NOT_GIVEN)
        stream = spec.chunk is not None and bool(values.get("stream", spec.streams))
        result = dict if values.pop("disable_strict_validation", None) else spec.result
        if spec.prepare is not None:
            spec.prepare(values)
        path = spec.path
        for name in spec.in_path:
            path = path.replace(f"{{{name}}}", _path_segment(values.pop(name, None), name))
        headers = {spec.headers[name]: values[name] for name in spec.headers if name in values}
        for name, new in spec.renamed.items():
            if name in values:
                values[new] = values.pop(name)
        values.pop("", None)
        files = {name: values.pop(name) for name in spec.files if name in values}
        query = values if spec.method in ("GET", "DELETE") else {}
        body = values if spec.sends_body else None
        call = self._request(spec.method, path, query, body, files, spec.accept, headers, given, spec)
        call.result, call.chunk, call.stream = result, spec.chunk or Model, stream
        if issubclass(result, SyncCursorPage):
            call.fetch = functools.partial(_fetch_page, resource, spec.name, all_values)
        return call

    def _request(
        self, method: str, path: str, query: _Mapping, body: Any, files: _Dict, accept: str, headers: _Mapping,
        given: _Mapping, spec: Any = _Spec,
    ) -> _Call:  # fmt: skip
        """Put a request together; whatever is wrong with its arguments is found here."""
        extra = given.get("extra_body")
        if extra is not None:
            body = {**_checked_mapping("body", body), **_checked_mapping("extra_body", extra)}
        timeout = given.get("timeout", NOT_GIVEN)
        timeouts = _checked_timeout(self.timeout if timeout is NOT_GIVEN else timeout)
        url = self.base_url + path.lstrip("/")
        if path.startswith("/api/"):  # hangs on the base URL's root
            url = f"{self._base.scheme}://{self._base.netloc}{self._base.path.rpartition('/api/')[0]}{path}"
        if query:
            url += ("&" if "?" in url else "?") + _query(query)
        merged = _with_headers({**self._headers, "Accept": accept}, headers, "headers")
        encoded: Any = b""
        if files or spec.form_only:
            body = _checked_mapping("body", body)
            try:
                fields = [field for name in body for field in _form_fields(str(name), body[name], spec.plain_lists)]
            except RecursionError:
                raise ValueError(f"{', '.join(body)}: nested too deeply for a form") from None
            encoded = _Multipart(fields, [(str(name), _Source(files[name], str(name))) for name in files])
            merged["Content-Type"] = encoded.content_type
            merged["Content-Length"] = str(encoded.size)
        elif body is not None:
            encoded = _json_bytes(body, gently=self._in_loop and _is_heavy(body))
            merged["Content-Type"] = "application/json"
        if isinstance(encoded, bytes) and (encoded or method in ("POST", "PUT", "PATCH")):
            merged["Content-Length"] = str(len(encoded))
        own = given.get("extra_headers")
        call = _Call(method, url, _with_headers(merged, own, "extra_headers"), encoded or None, timeouts)
        call.signs = all(name.lower() != "authorization" for name in [*(self.custom_headers or ()), *(own or ())])
        return call

    def _execute(self, resource: Any, spec: _Spec, values: _Dict) -> _Steps:
        return self._begin(functools.partial(self._build, resource, spec, values), values)

    def _begin(self, build: Callable[[], _Call], values: Any) -> _Steps:
        call = (yield build) if self._in_loop and _is_heavy(values) else build()
        return (yield from self._send(call))

    def _send(self, call: _Call) -> _Steps:
        """Send a request until an answer can be read, waiting will not help, or no tries are left."""
        attempt, resigned, request = 0, False, call.request
        while True:
            try:
                return (yield from self._attempt(call, attempt))
            except APIError as error:
                if not resigned and not call.is_spent and self._clock_was_wrong(error):
                    resigned = True
                    continue
                delay = self._retry_delay(call, error, attempt)
                if delay is None:
                    raise
                reason = getattr(error, "status_code", type(error).__name__)
            attempt += 1
            text = "%s %s: %s, try %d of %d in %.1f s"
            _log("info", text, request.method, request.url, reason, attempt, self.max_retries, delay)
            yield delay

    def _attempt(self, call: _Call, attempt: int) -> _Steps:
        if self._closed:
            raise ZhipuAIError("The client is closed.")
        authorization = self.auth_headers if call.signs else {}
        call.connection, request, started = None, call.request, time.monotonic()
        try:
            if self.http_client is not None:
                answer = yield functools.partial(_ask_opener, call, self.http_client, authorization)
            else:
                if self._route is None:
                    yield self._find_route
                answer = yield from _exchange(call, self._route, self, authorization)
        except (OSError, ValueError) as error:
            if isinstance(error, ZhipuAIError):
                raise
            phase = call.connection.phase if call.connection is not None else ""
            limit = call.timeouts[not phase.startswith(("looking", "connecting", "asking", "TLS"))]
            failure = _connection_error(error, request, call.connection, limit)
            name = type(failure).__name__
            _log("debug", "%s %s: %s (attempt %d)", request.method, request.url, name, attempt + 1)
            raise failure from error
        kind = call.result if issubclass(call.result, Response) and not call.stream else Response
        response = kind(call, answer, self._secrets({**call.headers, **authorization}))
        del answer  # its headers may repeat the token, and this frame is part of tracebacks
        took = (time.monotonic() - started) * 1000
        text = "%s %s: %d in %.0f ms (attempt %d)"
        _log("debug", text, request.method, request.url, response.status_code, took, attempt + 1)
        try:
            return (yield from self._read(call, response))
        except BaseException:
            response.close()
            raise

    def _secrets(self, headers: Dict[str, str]) -> List[str]:
        """What no error may show, should a server repeat it."""
        found = [self.api_key, _Secret(self.api_key.partition(".")[2]), *(self._route.secrets if self._route else ())]
        for name in headers:
            if name.lower() in _SECRET_HEADERS:
                found += [headers[name], _Secret(headers[name].partition(" ")[2])]
        return found

    def _find_route(self) -> None:
        with _making:
            if self._route is not None:
                return
            self._route = route = _Route(self._base, self.ssl_context)
        local = re.fullmatch(r"localhost|127\.[\d.]+|::1", route.host)
        if route.scheme == "http" and not local and route.host not in _warned:
            _warned.add(route.host)
            _log("warning", "http://%s: the key travels in clear text; use https://", route.host)

    def _clock_was_wrong(self, error: APIError) -> bool:
        """Whether the token was refused as expired because our clock is wrong; from then on it is right."""
        if not isinstance(error, AuthenticationError) or error.code != "1003" or not self._signs:
            return False
        return _tokens.synchronise(self.api_key, error.response.headers.get("date"))

    def _retry_delay(self, call: _Call, error: APIError, attempt: int) -> float | None:
        """Seconds to wait before the next try; None when there is to be none."""
        if attempt >= self.max_retries or call.is_spent or not _can_succeed(error):
            return None
        asked = _retry_after(error.response.headers.get("retry-after")) if isinstance(error, APIStatusError) else None
        jitter = int.from_bytes(os.urandom(2), "big") / 65536
        return asked if asked is not None else min(0.5 * 2**attempt, 8) * (1 - jitter / 4)

    def _read(self, call: _Call, response: Response) -> _Steps:
        """The answer as what the interface returns; its Content-Type decides how it is read."""
        if not 200 <= response.status_code < 300:
            yield from response._load_error()
            raise _status_error(response)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "text/event-stream" or (call.stream and not kind.endswith("json") and kind != "text/html"):
            response._unbounded()
            return Stream(response, call.chunk)
        content = None
        if not isinstance(response, BinaryResponse):
            content = yield from response._load()
        else:
            response._unbounded()
            if kind.endswith("json"):  # an error, perhaps
                content = yield from response._peek(65536)
        understand = functools.partial(self._understand, call, response, kind, content or b"")
        return (yield understand) if len(content or b"") > _BLOCK else understand()

    def _understand(self, call: _Call, response: Response, kind: str, content: bytes) -> Any:
        if isinstance(response, call.result):  # as it is, unless it is an error
            with contextlib.suppress(ValueError, RecursionError):
                self._check(call, response, _parse(content or b"{}"))
            return response
        if response.status_code == 204:
            return None
        try:
            data = _parse(content)
            self._check(call, response, data)
            if call.stream:
                return Stream(response, call.chunk, dict(data))
            result = data if call.result is dict else _wrap(call.result._maker(), data)
        except (ValueError, TypeError, RecursionError):
            result = ""
        if result is not None and not isinstance(result, (dict, list)):
            response._forget_secrets()
            found = f"{kind or 'an answer without Content-Type'} ({len(content)} bytes)"
            text = f"Expected a JSON object, got {found}: {_readable(response.text, 300)}"
            raise APIResponseValidationError(response, message=text)
        return result._attach(call.fetch) if isinstance(result, SyncCursorPage) else result

    @staticmethod
    def _check(call: _Call, response: Response, data: Any) -> None:
        """Raise when an answer with a good status is an error; why a task failed is part of what some answer."""
        if isinstance(data, dict):
            is_task = "id" in data and issubclass(call.result, (FineTuningJob, ResponseObject))
            error = None if is_task else data.get("error")
            if error or _is_failure(data):
                raise _answer_error(response, data, error or data)


def _is_heavy(value: Any) -> bool:
    """Whether encoding this may take long: more than a block of bytes, or what cannot be told beforehand."""
    left, pending = _BLOCK, [value]
    while pending and left > 0:
        value = pending.pop()
        if isinstance(value, (dict, list, tuple, str, bytes)):
            left -= len(value) if isinstance(value, (str, bytes)) else 8 * len(value)
            if left > 0 and not isinstance(value, (str, bytes)):
                pending.extend(value.values() if isinstance(value, dict) else value)
        elif value is not None and not isinstance(value, (int, float)):
            return True
    return left <= 0


def _fetch_page(resource: Any, name: str, values: _Dict, more: _Dict) -> Any:
    """Another page of a list, with all the parameters of the first."""

    def steps() -> _Steps:
        page = yield from resource._client._execute(resource, getattr(type(resource), name).spec, {**values, **more})
        if page is None or type(page) is list:
            raise APIResponseError("Expected a page of a list")
        if isinstance(page, SyncCursorPage) and page._next_parameters() == more:
            raise APIResponseError("The list does not go on: the same page came again")
        return page

    return resource._client._perform(steps())


def _fetch_more(client: Any, method: str, path: str, query: _Dict, rest: _Dict, more: _Dict) -> Any:
    """Another page of a list that `request` asked for."""
    return client.request(method, path, params={**query, **more}, **rest)


def _parse(content: bytes) -> Any:
    """JSON. The hook for large ones lets other threads run between objects: the parser itself would stop them all."""
    return json.loads(content) if len(content) < 1 << 20 else json.loads(content, object_hook=lambda data: data)


def _status_error(response: Response) -> APIStatusError:
    response._forget_secrets()
    text = response.text.lstrip("\ufeff").strip()
    body = None
    with contextlib.suppress(ValueError, RecursionError):
        body = json.loads(text)
        if "\\u" in text:
            text = json.dumps(body, ensure_ascii=False)  # Chinese that a person can read
    status = response.status_code
    error_class = _STATUS_ERRORS.get(status, InternalServerError if status >= 500 else APIStatusError)
    message = f"Error code: {status}, with error text {_readable(text, 2000)}"
    return error_class(message, response=response, body=body if body is not None else text or None)


def _can_succeed(error: APIError) -> bool:
    """Whether the same request may succeed later."""
    if isinstance(error, APIConnectionError):
        return not isinstance(error.__cause__, (ssl.SSLCertVerificationError, _Refused))
    if isinstance(error, APIStatusError) and error.response.headers.get("x-should-retry") in ("true", "false"):
        return bool(error.response.headers["x-should-retry"] == "true")
    if error.code in _TRANSIENT or re.fullmatch(_PERMANENT, error.code or ""):
        return error.code in _TRANSIENT
    status = getattr(error, "status_code", 200)
    return status in (408, 409, 429) or status >= 500


def _retry_after(text: str | None) -> float | None:
    """Seconds that the server asks to wait; None when it does not, or for longer than a minute."""
    try:
        seconds = float(text or "")
    except ValueError:
        seconds = (_http_date(text) or 0) - time.time()
    return seconds if 0 < seconds <= 60 else None


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


def _prepare_upload(values: _Dict) -> None:
    if "file" not in values and "upload_detail" not in values:
        raise ValueError("file: expected a file (or upload_detail, where there is one)")


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

    @_interface("POST /audio/customization", files=("voice_data",))
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
    @_interface("POST /files", "文件-api/上传文件", files=("file",), prepare=_prepare_upload)
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
    @_interface("POST /files/parser/create", "工具-api/文件解析", files=("file",), prepare=_prepare_upload)
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

    @_interface("POST /files/parser/sync", "工具-api/文件解析同步", files=("file",), prepare=_prepare_upload)
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
    @_interface("POST /files", files=("file",), prepare=_prepare_upload)
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

    def _perform(self, steps: _Steps) -> Any:
        """The result of steps, or what it is awaited by."""
        raise NotImplementedError

    def _follow(self, polling: _Steps) -> Any:
        """The result of `_polling`, or what it is awaited by."""
        raise NotImplementedError

    def _call(self, resource: Any, spec: _Spec, values: _Dict) -> Any:
        return self._perform(self._execute(resource, spec, values))

    def request(
        self, method: str, path: str, *, body: Any = None, params: _Mapping = None, files: _Mapping = None,
        cast_type: Any = Model, stream: bool = False, options: _Mapping = None, **more: Any,
    ) -> Any:  # fmt: skip
        """An interface that has no method here, with the same authentication, retries and errors.

        `path` is below the base URL; one that begins with /api/ is below its root. `cast_type` is what to return: a
        model class, `dict`, `BinaryResponse` or `Response`. Also takes `extra_headers`, `extra_body` and `timeout`.
        """
        given: _Dict = {**_checked_mapping("options", options), **more}

        def build() -> _Call:
            unknown = sorted({*more}.difference(("extra_headers", "extra_body", "timeout", "headers", "stream_cls")))
            if unknown:
                takes = "body (sent as JSON), params, files, cast_type, stream, extra_headers, extra_body and timeout"
                raise TypeError(f"request() got an unexpected keyword argument {unknown[0]!r}; it takes {takes}")
            if not isinstance(method, str) or not re.fullmatch("[A-Za-z]+", method):
                raise ValueError(f"method: expected GET, POST or the like, got {_readable(repr(method), 50)}")
            query = {**_checked_mapping("params", params), **_checked_mapping("params", given.get("params"))}
            headers = _checked_mapping("headers", given.get("headers"))
            parts = dict(_checked_mapping("files", files))
            call = self._request(method, _checked_path(path), query, body, parts, "*/*", headers, given)
            known = cast_type is dict or (isinstance(cast_type, type) and issubclass(cast_type, (Model, Response)))
            call.result, call.stream = cast_type if known else Model, stream
            rest = {"body": body, "files": files, "cast_type": cast_type, "options": {**given, "params": None}}
            call.fetch = functools.partial(_fetch_more, self, method, path, query, rest)
            if issubclass(call.result, Model):
                call.chunk = ChatCompletionChunk if call.result is Completion else call.result
            return call

        return self._perform(self._begin(build, (body, params, files, given)))

    def get(self, path: str, **options: Any) -> Any:
        """`request` with GET; so `post`, `put`, `patch` and `delete`."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Any:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> Any:
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Any:
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.request("DELETE", path, **options)

    def wait(
        self, task: Any, *, timeout: float | None = 3600, interval: float = 1, on_update: Callable[[Any], Any] = None,
        **parameters: Any,
    ) -> Any:  # fmt: skip
        """Wait for a task that finishes later, asking every `interval` seconds, growing to 30; the finished task.

        Takes what asynchronous chat, images, videos, batches, fine-tuning jobs, file parsing and agents return. Raises
        `APIResponseError` when the task fails, `APITimeoutError` after `timeout` seconds (None: never). `parameters` go
        with each question, like the `custom_variables` of some agents. To be awaited with an asynchronous client.
        """
        return self._follow(_polling(self, task, timeout, interval, on_update, parameters))


def _polling(
    client: Any, task: Any, timeout: float | None, interval: float, on_update: Any, parameters: _Dict
) -> _Steps:
    """What `wait` does, but for sleeping and asking: yields (seconds, method, its arguments), is sent the new state."""
    poll = getattr(type(task), "_poll", None)
    if poll is None:
        raise TypeError(f"task: expected what a method that starts a task returns, got {type(task).__name__}")
    _checked_number("interval", interval, 0)
    if on_update is not None and not callable(on_update):
        raise TypeError(f"on_update: expected a function, got {type(on_update).__name__}")
    if timeout is not None:
        _checked_number("timeout", timeout, 0)
    interface, names = poll
    arguments = [task.get(name) for name in names]
    deadline = None if timeout is None else time.monotonic() + timeout
    while True:
        status = str(task.get("task_status") or task.get("status") or "").lower()
        if status in ("success", "succeeded", "completed") or (not status and task.get("choices")):
            return task
        if status in ("fail", "failed", "error", "expired", "cancelled"):
            errors = task.get("errors")
            listed = errors.get("data") if isinstance(errors, dict) else errors
            first = listed[0] if isinstance(listed, list) and listed else listed
            reason = task.get("error") or first or task.get("message")
            reason, shown = _scrubbed_json([reason, dict(task)], client._secrets(client.auth_headers)) or (None, None)
            code, message = _reason(reason)
            text = f"The task ended with status {status}" + (f": {message}" if message else "")
            error = APIResponseError(f"{text} (code {code})" if code else text, None, shown)
            error.code = code
            raise error
        if not all(arguments[:2]):
            raise ValueError(f"task: this {type(task).__name__} has no {' and '.join(names[:2])} to ask for")
        left = interval if deadline is None else deadline - time.monotonic()
        if left <= 0:
            text = f"the task is still {status or 'running'} after {timeout:g} s"
            raise APITimeoutError(message=f"Request timed out: {text}.")
        if deadline is not None:
            most = max(left, 1.0)
            limits = (min(most, limit or most) for limit in _checked_timeout(client.timeout))
            parameters = {**parameters, "timeout": tuple(limits)}
        method: Any = functools.reduce(getattr, interface.split("."), client)
        task = yield min(interval, left), functools.partial(method, **parameters), arguments
        if not isinstance(task, Model):
            if hasattr(task, "response"):
                task.response.close()
            raise APIResponseError("Expected the state of the task", None, None)
        if on_update is not None:
            on_update(task)
        interval = min(max(interval, 0.1) * 1.5, max(interval, 30))


class ZhipuAI(_Interfaces["ZhipuAI"]):
    """The client. Safe to share between threads; building one costs next to nothing, connections outlive it.

    `api_key` (else `ZHIPUAI_API_KEY`), `base_url` (else `ZHIPUAI_BASE_URL`); `timeout`: seconds, (connect, read) or
    None for no limit, default 8 to connect and 300 for each wait; `max_retries` of what can succeed later;
    `http_client`: an opener of `urllib.request.build_opener` to use instead of our own; `custom_headers`;
    `disable_token_cache=True` sends the key as it is; `ssl_context` replaces the default TLS settings.
    """

    def _perform(self, steps: _Steps) -> Any:
        return _run(steps)

    def _follow(self, polling: _Steps) -> Any:
        task = None
        try:
            while True:
                seconds, method, arguments = polling.send(task)
                _sleep(seconds)
                task = method(*arguments)
        except StopIteration as end:
            return end.value

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

    At most `max_connections` calls are under way at a time, streams that are being read included; the rest wait their
    turn. What would hold up the loop (looking up names, files, large answers, an `http_client`) is done by threads.
    """

    _in_loop = True

    async def _perform(self, steps: _Steps) -> Any:
        import asyncio

        if self._slots.process != os.getpid():  # the calls of the parent are not ours
            self._slots = _Slots(self.max_connections)
        slots, loop = self._slots, asyncio.get_running_loop()
        await slots.acquire(loop)
        flight, result = _Flight(slots, loop), None
        try:
            result = await flight.run(steps)
        finally:
            response = result.response if isinstance(result, Stream) else result
            if isinstance(response, Response) and not response.is_closed:
                flight.hold(response)
            else:
                flight.end()
        if isinstance(result, Stream):
            return AsyncStream(result, flight.run)
        if isinstance(result, SyncCursorPage):
            return AsyncPage(result)._attach(result._fetcher())
        if isinstance(result, BinaryResponse):
            result._runner = flight.run
        return result

    def _call(self, resource: Any, spec: _Spec, values: _Dict) -> Any:
        coroutine = super()._call(resource, spec, values)
        coroutine.__qualname__ = f"{type(resource).__name__}.{spec.name}"  # for Python's warning when it is not awaited
        return coroutine

    async def _follow(self, polling: _Steps) -> Any:
        import asyncio

        task = None
        try:
            while True:
                seconds, method, arguments = polling.send(task)
                await asyncio.sleep(seconds)
                task = await method(*arguments)
        except StopIteration as end:
            return end.value

    async def aclose(self) -> None:
        """Refuse further calls, break off those under way, close this client's idle connections."""
        import asyncio

        self._closed = True
        for flight in filter(None, [reference() for reference in self._slots.active.valuerefs()]):
            try:
                if flight.loop is not asyncio.get_running_loop():
                    flight.loop.call_soon_threadsafe(flight.break_off)
                    continue
            except RuntimeError:  # that loop is closed
                flight.end()
            flight.break_off()
        _pool.close(self)

    close = aclose

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *reason: Any) -> None:
        await self.aclose()


# --------------------------------------------------------------------------------------------- The official SDK's name

_OFFICIAL_VERSION = "2.1.5.20250825"
_OFFICIAL_MODULES = r"zhipuai(\._client|\.core(\.(_[a-z_]*[a-z]|pagination))*|\.(types|api_resource)(\.[a-z][a-z_]*)*)?"
_OFFICIAL_DICTS = ".*(Params?|Parameters|Request|Reference|Attachments|Content|ConversationMessage)"
_OFFICIAL_NAMES = {  # what is called otherwise here; some are told apart by their module
    "__version__": "v2.1.5.20250725", "BaseAPI": Resource, "BaseModel": Model, "StreamResponse": Stream,
    "ZHIPUAI_DEFAULT_TIMEOUT": Model(connect=8.0, read=300.0, write=300.0, pool=300.0),
    "ZHIPUAI_DEFAULT_MAX_RETRIES": 3, "PYDANTIC_V2": True, "ConfigDict": dict,
    "moderation_completion.Completion": ModerationCompletion, "moderations.Completion": ModerationCompletion,
    "web_search_chunk.Choice": WebSearchChunkChoice, "web_search_chunk.ChoiceDelta": WebSearchMessage,
    "web_search_chunk.ChoiceDeltaToolCall": WebSearchMessageToolCall,
}  # fmt: skip


def _official(module: str, name: str) -> Any:
    """What the official SDK's module has by that name."""
    for known in (f"{module.rpartition('.')[2]}.{name}", name):
        if known in _OFFICIAL_NAMES:
            return _OFFICIAL_NAMES[known]
    if name == "__all__":  # of the package itself, and of the errors' module, nothing else
        few = re.fullmatch(r"zhipuai(\.core\._errors)?", module)
        return [known for known in __all__ if not few or re.fullmatch("ZhipuAI(Error)?|API.*Error", known)]
    if name in __all__:
        return globals()[name]
    if re.fullmatch(_OFFICIAL_DICTS, name):
        return dict
    if re.fullmatch(_OFFICIAL_MODULES, f"{module}.{name}"):
        import importlib

        return importlib.import_module(f"{module}.{name}")
    raise AttributeError(f"module {module!r}, as zhipuai_lite imitates it, has no attribute {name!r}")


class _OfficialFinder:
    """Finds the package `zhipuai`, its modules and its distribution here."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if re.fullmatch(_OFFICIAL_MODULES, name):
            from importlib.machinery import ModuleSpec

            return ModuleSpec(name, self, origin=__name__, is_package=True)  # type: ignore[arg-type]
        return None

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        module.__getattr__ = functools.partial(_official, module.__name__)
        module.__dir__ = lambda: [*vars(module), *_official(module.__name__, "__all__")]

    def find_distributions(self, context: Any) -> Iterator[Any]:
        if (context.name or "zhipuai").lower() == "zhipuai":
            text = f"Metadata-Version: 2.1\nName: zhipuai\nVersion: {_OFFICIAL_VERSION}\n"
            members = {"read_text": lambda self, name: text if name == "METADATA" else None, "locate_file": None}
            # Of importlib.metadata, or of its backport for old Pythons: whoever asks.
            yield type("_Distribution", (sys.modules[type(context).__module__].Distribution,), members)()


def install_as_zhipuai() -> None:
    """Make `import zhipuai`, and what libraries import from it, give this module's classes.

    `ImportError` when the official SDK has been imported already.
    """
    finder = _OfficialFinder()
    for name, module in [item for item in sys.modules.items() if item[0].partition(".")[0] == "zhipuai"]:
        if type(getattr(module, "__loader__", None)).__name__ != "_OfficialFinder":
            raise ImportError(f"install_as_zhipuai: call it before the official SDK is imported: {module!r}", name=name)
        finder.exec_module(module)  # which another copy of this file may have made
    sys.meta_path[:] = [finder, *(f for f in sys.meta_path if type(f).__name__ != "_OfficialFinder")]


# ------------------------------------------------------------------------------------------------------- Command line

_DEMONSTRATION_KEY = "offline.demonstration"
_GET_A_KEY = "Get a key at https://open.bigmodel.cn/usercenter/apikeys"


class _Offline:
    """A small imitation of the platform on loopback, for people without a key: it checks tokens, and answers chats."""

    def __enter__(self) -> str:
        self._no_proxy = os.environ.get("no_proxy")
        os.environ["no_proxy"] = "127.0.0.1"
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(8)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/api/paas/v4"

    def _serve(self) -> None:
        while True:
            with contextlib.suppress(OSError), self._listener.accept()[0] as sock, sock.makefile("rwb") as file:
                lines = list(iter(lambda: file.readline().decode().strip(), ""))
                if not lines:
                    return  # `__exit__` connects, and says nothing
                fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                body = json.loads(file.read(int(fields["content-length"])))
                for part in _offline_answer(fields.get("authorization", ""), body):
                    file.write(part.encode())
                    file.flush()

    def __exit__(self, *reason: Any) -> None:
        del os.environ["no_proxy"]
        if self._no_proxy is not None:
            os.environ["no_proxy"] = self._no_proxy
        with socket.socket() as sock:
            sock.connect(self._listener.getsockname())
        self._thread.join()
        self._listener.close()


def _offline_answer(authorization: str, body: Any) -> Iterator[str]:
    head = "HTTP/1.1 {}\r\nContent-Type: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n"
    if not _is_signed(authorization, _DEMONSTRATION_KEY):
        error = {"code": "1002", "message": "Authorization Token非法，请确认Authorization Token正确传递。"}
        text = json.dumps({"error": error})
        yield head.format("401 Unauthorized", "application/json", len(text)) + text
        return
    content = body["messages"][-1]["content"]
    text = f"你好！这是离线演示：没有网络，也没有密钥，请求仍然经过真实的套接字。你说的是：{content}"
    prompt, total = len(text) // 2, len(text) * 3 // 2
    usage = {"prompt_tokens": prompt, "completion_tokens": len(text), "total_tokens": total}
    answer = {"id": "offline", "created": int(time.time()), "model": body["model"]}
    if not body.get("stream"):
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        text = json.dumps({**answer, "choices": [choice], "usage": usage})
        yield head.format("200 OK", "application/json", len(text)) + text
        return
    deltas = [{"role": "assistant", "content": text[start : start + 4]} for start in range(0, len(text), 4)]
    chunks = [{**answer, "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    last = {"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}
    chunks.append({**answer, "choices": [last], "usage": usage})
    events = [f"data: {data}\n\n" for data in [*map(json.dumps, chunks), "[DONE]"]]
    yield head.format("200 OK", "text/event-stream", sum(map(len, events)))
    yield from events


def _is_signed(authorization: str, api_key: str) -> bool:
    """Whether a header holds a token that `api_key` signed and that is still good."""
    secret = api_key.partition(".")[2]
    token = authorization.partition(" ")[2].encode()
    try:
        encoded = token.split(b".")[1]
        claims = base64.urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4))
        good = json.loads(claims)["exp"] > time.time() * 1000
    except (ValueError, IndexError):
        return False
    return good and hmac.compare_digest(_sign(claims, secret.encode()), token)


def _argument(text: str) -> str:
    """An argument as it was typed: in the C locale, Python hands out the bytes of UTF-8 as half surrogates."""
    return os.fsencode(text).decode("utf-8", "replace") if any("\udc80" <= c <= "\udcff" for c in text) else text


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _main_chat(options: Any) -> None:
    prompt = " ".join(map(_argument, options.prompt))
    interactive = not prompt and sys.stdin is not None and sys.stdin.isatty()
    if not prompt and not interactive:
        prompt = sys.stdin.buffer.read().decode("utf-8", "replace").strip() if sys.stdin is not None else ""
        if not prompt:
            raise ZhipuAIError("nothing to ask: give a prompt, or pipe one in")
    with contextlib.ExitStack() as stack:
        offline: _Dict = {}
        if options.offline:
            offline = {"api_key": _DEMONSTRATION_KEY, "base_url": stack.enter_context(_Offline())}
        _converse(stack.enter_context(ZhipuAI(**offline)), options, prompt, interactive)


def _converse(client: ZhipuAI, options: Any, prompt: str, interactive: bool) -> None:
    messages: List[Any] = [{"role": "system", "content": _argument(options.system)}] if options.system else []
    while True:
        if interactive:
            try:
                prompt = _argument(input("> "))
            except EOFError:
                return _write("\n")
            if not prompt.strip():
                continue
        messages.append({"role": "user", "content": prompt})
        try:
            messages.append(_answer(client, options, messages))
        except (APIError, KeyboardInterrupt) as error:
            if not interactive:
                raise
            _fail(str(error) or "interrupted")
            messages.pop()
        if not interactive:
            return None


def _answer(client: ZhipuAI, options: Any, messages: List[Any]) -> Any:
    """Show the answer to messages."""
    create = client.chat.completions.create
    if options.stream:
        with create(model=options.model, messages=messages, stream=True) as stream:
            if not options.json:
                _show_stream(stream)
            answer = stream.get_final_completion()
    else:
        answer = create(model=options.model, messages=messages)
    if options.json:
        _write(_as_json(answer) + "\n")
    message = None
    with contextlib.suppress(LookupError, TypeError, AttributeError):
        message = answer.choices[0].message
    if not isinstance(message, CompletionMessage):
        raise APIResponseError("The answer holds no message")
    if not (options.json or options.stream):
        _write(_printable(message.content) + "\n")
    return message


def _show_stream(stream: Stream[ChatCompletionChunk]) -> None:
    thinking = False
    for chunk in stream:
        deltas = (getattr(choice, "delta", None) for choice in chunk.choices or ())
        for delta in (delta for delta in deltas if isinstance(delta, ChoiceDelta)):
            if delta.reasoning_content and sys.stdout.isatty():
                _write(("" if thinking else "\x1b[2m") + _printable(delta.reasoning_content))
                thinking = True
            if delta.content:
                _write(("\x1b[0m\n" if thinking else "") + _printable(delta.content))
                thinking = False
    _write("\x1b[0m\n" if thinking else "\n")


def _printable(content: Any) -> str:
    """A message's content as text for a terminal, which would obey control characters."""
    text = content if isinstance(content, str) else _as_json(content, None) if content else ""
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text) if sys.stdout.isatty() else text


def _as_json(value: Any, indent: int | None = 2) -> str:
    plain = value.to_dict() if isinstance(value, Model) else value
    is_unicode = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "").startswith("utf")
    return json.dumps(plain, ensure_ascii=not is_unicode, indent=indent, default=str)


def _main_token(options: Any) -> None:
    _write(generate_token(_checked_key(os.environ.get("ZHIPUAI_API_KEY", ""), "ZHIPUAI_API_KEY")) + "\n")


class _TimedConnection(_Connection):
    """Notes when each of its phases begins."""

    phases: Tuple[Tuple[str, float], ...] = ()

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "phase" and value:
            self.phases += ((value, time.monotonic()),)
        object.__setattr__(self, name, value)


def _examine() -> Iterator[Tuple[str, bool, str]]:
    """What `doctor` looks at: (what, whether it is well, how it is and what to do)."""
    yield "Python", True, f"{sys.version.split()[0]}, {ssl.OPENSSL_VERSION}, zhipuai_lite {__version__}"
    paths, file = ssl.get_default_verify_paths(), os.environ.get("SSL_CERT_FILE")
    count = _default_context().cert_store_stats()["x509_ca"]
    if file and not os.path.isfile(file):
        yield "CA", False, "SSL_CERT_FILE names no file."
    elif count or (paths.capath and os.listdir(paths.capath)):
        yield "CA", True, f"{paths.cafile or paths.capath or 'the system'}, {count} certificates read"
    else:
        yield "CA", False, "No CA certificates: install ca-certificates, or set SSL_CERT_FILE to a file of them."
    try:
        good = _can_sign(_checked_key(os.environ.get("ZHIPUAI_API_KEY", ""), "ZHIPUAI_API_KEY"))
        form = "of the form id.secret; whether the platform takes it, a call shows"
        yield "key", good, form if good else "ZHIPUAI_API_KEY is not of the form id.secret."
    except ConfigurationError as error:
        yield "key", False, f"{error}. {_GET_A_KEY}"
    try:
        client = ZhipuAI(api_key=_DEMONSTRATION_KEY)
        route = _Route(client._base, None)
        proxy = "{}:{}".format(*route.proxy) if route.proxy else "none"
        yield "proxy", True, f"{proxy}{', with a password' * bool(route.proxy_header)}, for {client.base_url}"
        yield from _examine_network(route, client.base_url)
    except ConfigurationError as error:
        yield "address", False, str(error)
    try:
        with _Offline() as address, ZhipuAI(api_key=_DEMONSTRATION_KEY, base_url=address) as client:
            client.chat.completions.create(model="", messages=[{"content": ""}])
        yield "round trip", True, "a demonstration inside this process answered"
    except (ZhipuAIError, OSError) as error:
        yield "round trip", False, str(error)


def _examine_network(route: _Route, url: str) -> Iterator[Tuple[str, bool, str]]:
    call, connection, date, problem = _Call("GET", url, {}, None, (8.0, 8.0)), _TimedConnection(route), None, ""
    try:
        _run(connection.open(8.0))
        status, headers, _ = _run(_ask(call, connection, {}))
        date = _http_date(headers.get("date"))
        if status == 407:
            problem = "The proxy wants a user and a password: put them into its address."
    except (OSError, ValueError) as error:
        problem = str(_connection_error(error, call.request, connection, 8.0))
    connection.close()
    ends = [*(begun for _, begun in connection.phases[1:]), time.monotonic()]
    names = {"looking": "DNS", "connecting": "TCP", "asking": "tunnel", "TLS": "TLS", "waiting": "HTTP"}
    for (phase, begun), end in zip(connection.phases, ends):
        what = names.get(phase.split()[0])
        if problem and end == ends[-1]:
            advice = " Check the network, and HTTPS_PROXY." if what in ("DNS", "TCP") else ""
            yield what or "HTTP", False, problem + advice
        elif what:
            yield what, True, f"{phase}: {(end - begun) * 1000:.0f} ms"
    if date:
        ahead = time.time() - date
        advice = "" if abs(ahead) < 60 else ". Set the clock; until then, tokens go by the server's"
        yield "clock", not advice, f"{ahead:+.0f} s{advice}"


def _main_doctor(options: Any) -> int:
    """Whether a call can work here, and what to do if it cannot."""
    key, found, marks = os.environ.get("ZHIPUAI_API_KEY", "").strip(), [], "✗✓"
    try:
        marks.encode(sys.stdout.encoding or "utf-8")
    except UnicodeError:
        marks = "x+"
    for what, good, text in _examine():
        text = re.sub(r"//\S*@", "//***@", text.replace(key, "***") if len(key) > 8 else text)
        found.append({"check": what, "ok": good, "text": text})
        if not options.json:
            _write(f"{marks[good]} {what}: {text}\n")
    works = all(check["ok"] for check in found if check["check"] != "clock")  # whose error the client makes up for
    if options.json:
        _write(_as_json({"ok": works, "checks": found}) + "\n")
    return 0 if works else 1


def _all_interfaces(group: Any = _Interfaces, prefix: str = "") -> Iterator[Tuple[str, _Spec]]:
    """Every interface by its dotted name."""
    for name, member in vars(group).items():
        if hasattr(member, "spec"):
            yield prefix + name, member.spec
    for name, inner in _groups(group).items():
        yield from _all_interfaces(inner, f"{prefix}{name}.")


class _Progress:
    """A file that reports how far it has been read, or written, on a terminal."""

    def __init__(self, file: Any, total: int) -> None:
        self._file = file
        self._total = total
        self._done = 0
        self._started = time.monotonic()
        self._shown = 0.0
        self.name = getattr(file, "name", "")

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(size)
        self.advance(len(data))
        return data

    def seek(self, *where: int) -> int:
        self._done = self._file.seek(*where)
        return self._done

    def advance(self, count: int) -> None:
        self._done += count
        now = time.monotonic()
        if sys.stderr.isatty() and (now - self._shown > 0.2 or self._done == self._total):
            self._shown = now
            rate = self._done / max(now - self._started, 1e-6)
            left = f", {max(self._total - self._done, 0) / rate:.0f} s left" if self._total and rate else ""
            end = "\n" if self._done == self._total else ""
            sys.stderr.write(f"\r{self._done / 1e6:.1f} MB, {rate / 1e6:.1f} MB/s{left}\x1b[K{end}")
            sys.stderr.flush()


def _main_call(options: Any) -> None:
    interfaces = dict(_all_interfaces())
    if options.list:
        return _write("".join(f"{name}({', '.join(spec.names)})\n" for name, spec in sorted(interfaces.items())))
    name = _argument(options.interface or "")
    if name not in interfaces:
        raise ZhipuAIError(f"no interface {name!r}{_nearest(name, interfaces)}; call --list shows all")
    known = [*interfaces[name].names, "extra_headers", "extra_body", "timeout"]
    values: _Dict = {}
    with contextlib.ExitStack() as stack:
        for argument in options.arguments:
            key, equals, text = _argument(argument).partition("=")
            is_file = key in interfaces[name].files
            if key in known and (not equals or (is_file and not text.startswith("@"))):
                raise ZhipuAIError(f"{name}: write {key}={'@PATH' if is_file else 'VALUE'}")
            if key not in known:
                takes = f"it takes name=value: {', '.join(known)}"
                raise ZhipuAIError(f"{name} takes no {key!r}{_nearest(key, known)}; {takes}")
            if text.startswith("@"):
                try:
                    file = stack.enter_context(open(argument.partition("=@")[2], "rb"))
                    if is_file:
                        size = os.fstat(file.fileno()).st_size
                        values[key] = (os.path.basename(text[1:]), _Progress(file, size))
                        continue
                    text = file.read().decode()
                except (OSError, UnicodeDecodeError) as error:
                    raise ZhipuAIError(f"{key}: {getattr(error, 'strerror', error)}: {text[1:]}") from None
            values[key] = text
            with contextlib.suppress(ValueError, RecursionError):
                values[key] = json.loads(text)
        client = stack.enter_context(ZhipuAI())
        interface: Any = functools.reduce(getattr, name.split("."), client)
        _show_result(interface(**values), options.output)
    return None


def _nearest(name: str, names: Iterable[str]) -> str:
    import difflib

    found = difflib.get_close_matches(name, list(names), 1, 0.5)
    return f" (did you mean {found[0]!r}?)" if found else ""


def _show_result(result: Any, output: str | None) -> None:
    if output and not isinstance(result, BinaryResponse):
        with open(output, "w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
            _show_result(result, None)
    elif isinstance(result, Stream):
        with result:
            for chunk in result:
                _write(_as_json(chunk, None) + "\n")
    elif isinstance(result, BinaryResponse):
        length = result.headers.get("content-length", "")
        progress = _Progress(None, int(length) if re.fullmatch("[0-9]{1,18}", length) else 0)
        result._on_block = progress.advance
        if output:
            result.write_to_file(output)
        else:
            for block in result.iter_bytes():
                sys.stdout.buffer.write(block)
            sys.stdout.buffer.flush()
    elif isinstance(result, Response):
        _write(result.text + "\n")
    else:
        _write(_as_json(result) + "\n")


def main(argv: Sequence[str] = None) -> int:
    """The command line; returns the exit status."""
    import argparse

    if sys.stdout is None:
        return _fail("standard output is closed")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # one that cannot show Chinese is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    about = "The Zhipu BigModel platform from the command line."
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    chat = commands.add_parser("chat", help="ask a model")
    chat.add_argument("-m", "--model", default="glm-4-flash", help="default: %(default)s")
    chat.add_argument("-s", "--system", help="the system message")
    chat.add_argument("--no-stream", dest="stream", action="store_false", help="print the answer when it is complete")
    chat.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    about = "talk to a demonstration inside this process: no key, no network"
    chat.add_argument("--offline", action="store_true", help=about)
    about = "without one: what is piped in, or, on a terminal, a conversation that Ctrl-D ends"
    chat.add_argument("prompt", nargs="*", help=about)
    chat.set_defaults(run=_main_chat)
    commands.add_parser("token", help="print a token for curl").set_defaults(run=_main_token)
    doctor = commands.add_parser("doctor", help="find out why calls do not work here")
    doctor.add_argument("--json", action="store_true", help="print what was found as JSON")
    doctor.set_defaults(run=_main_doctor)
    call = commands.add_parser("call", help="call any interface: call embeddings.create model=embedding-3 input=你好")
    call.add_argument("--list", action="store_true", help="list the interfaces and their parameters")
    call.add_argument("-o", "--output", metavar="FILE", help="where the answer goes")
    call.add_argument("interface", nargs="?")
    call.add_argument("arguments", nargs="*", metavar="NAME=VALUE", help="JSON, or text; @PATH for a file")
    call.set_defaults(run=_main_call)
    options, rest = parser.parse_known_args(argv)
    if options.command == "call" and not any(text.startswith("-") for text in rest):
        options.arguments += rest  # argparse takes none after an option
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if options.command is None:
        parser.print_help()
        return 2
    try:
        return options.run(options) or 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stdout = None  # nobody reads on: not even the interpreter's last flush
        return 141
    except ConfigurationError as error:
        offline = ", or try: chat --offline 你好" if options.command == "chat" else ""
        return _fail(f"{error}. {_GET_A_KEY}{offline}" if "ZHIPUAI_API_KEY" in str(error) else str(error))
    except (ZhipuAIError, TypeError, ValueError, OSError) as error:
        return _fail(str(error))


def _fail(text: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(f"zhipuai-lite: {re.sub(r'[^!-~ -￿]+', ' ', text)[:1000]}\n")
    return 1


__all__ = [name for name, value in globals().items() if name[0] != "_" and getattr(value, "__module__", "") == __name__]
globals().update(_before)

if __name__ == "__main__":
    sys.exit(main())
