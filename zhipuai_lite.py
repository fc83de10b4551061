# mypy: disable-error-code="empty-body, no-any-return", implicit-optional
# pyright: reportReturnType=false, strictParameterNoneValue=false
"""zhipuai_lite: the Zhipu BigModel (智谱) open platform in one file, with nothing but the standard library.

    from zhipuai_lite import ZhipuAI

    client = ZhipuAI()  # the key comes from the environment: ZHIPUAI_API_KEY
    answer = client.chat.completions.create(model="glm-4-flash", messages=[{"role": "user", "content": "你好"}])
    print(answer.choices[0].message.content)

The same calls as in the official SDK `zhipuai` 2.x; `python3 zhipuai_lite.py --help` shows the command line.

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

TYPE_CHECKING = False  # true for checkers; importing `typing` costs 10 ms
if TYPE_CHECKING:
    from typing import (  # isort: skip
        Any, AsyncIterator, Awaitable, Callable, Dict, Generic, Iterable, Iterator, List, Literal, Mapping, Protocol,
        Sequence, Tuple, Type, TypeVar, Union, overload,
    )  # fmt: skip
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
    _Later = Union[_T, None]  # not in the official SDK: dumped only when sent

    class _Options(TypedDict, total=False):
        """What every interface takes: `extra_body` wins over named parameters; `timeout` None means no limit."""

        extra_headers: _Mapping | None
        extra_body: _Mapping | None
        timeout: _Seconds

else:
    _Client = _T = _Bool = _Off = _On = None
    _Dict = dict

    class Generic:  # for that of `typing`
        def __class_getitem__(cls, item):
            return cls

    _Later = Generic


class NotGiven:
    """The class of `NOT_GIVEN`: a parameter that was not given."""

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
    """The base of all errors but `TypeError` and `ValueError` for arguments."""

    def __init__(self, message: Any = "") -> None:
        super().__init__(message)

    def __reduce__(self) -> Any:
        return Exception.__new__, (type(self), *self.args), self.__dict__  # past `__init__`, whose parameters differ


class ConfigurationError(ZhipuAIError, ValueError):
    """A key, a base URL or a proxy that no request can be sent with."""


class APIError(ZhipuAIError):
    """A call that failed. `code`: the platform's, like "1302"; `request_id`: for its support; `body`: the answer."""

    _text = ""  # where no message is given

    def __init__(
        self, message: Any = None, request: Any = None, json_data: Any = None, *, body: Any = None, response: Any = None
    ) -> None:
        self.message = _readable(str(message or self._text))
        super().__init__(self.message)
        self.request = getattr(response, "request", request)
        self.body = self.json_data = json_data if body is None else body
        self.code = _reason(self.body)[0]
        self.request_id = _request_id(getattr(response, "headers", None), self.body)
        if response is not None:
            vars(self).update(response=response, status_code=response.status_code)


class APIStatusError(APIError):
    """An answer whose status is not 2xx. `response` has been read."""

    response: Any
    status_code: int


class BadRequestError(APIStatusError):
    """400: a wrong parameter, an unknown model, refused content."""


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
    """An answer with a good status that holds an error, or cannot be used."""


class APIResponseValidationError(APIResponseError):
    """An answer that is not the interface's: HTML of a gateway, broken JSON, nothing."""

    response: Any
    status_code: int
    _text = "Data returned by API invalid for expected schema."

    def __init__(self, response: Any, json_data: Any = None, *, message: str = None) -> None:
        super().__init__(message, None, json_data, response=response)


class APIConnectionError(APIResponseError):
    """The request could not be sent, or the answer broke off: see `__cause__`."""

    _text = "Connection error."


class APITimeoutError(APIConnectionError):
    """Nothing came within the time limit."""

    _text = "Request timed out."

    def __init__(self, request: Any = None, *, message: str = None) -> None:
        super().__init__(message, request)


# The official SDK's names.
APIRequestFailedError = BadRequestError
APIAuthenticationError = AuthenticationError
APIReachLimitError = RateLimitError
APIInternalError = InternalServerError

_STATUS_ERRORS = {
    400: BadRequestError, 401: AuthenticationError, 403: PermissionDeniedError, 404: NotFoundError, 409: ConflictError,
    422: UnprocessableEntityError, 429: RateLimitError, 503: APIServerFlowExceedError,
}  # fmt: skip
# Codes that go away by waiting, and those that do not, whatever the status is.
_TRANSIENT = "1120 1200 1230 1234 1302 1303 1305 1312 1701 overloaded rate_limit_exceeded".split()
_PERMANENT = "1[0-37]..|1000[12]|invalid_request|insufficient_quota|.*_not_found|context_.*|not_implemented"


def _cleaned(value: Any, secrets: Iterable[str]) -> Any:
    """JSON without secrets that a server repeats."""
    try:
        text = json.dumps(value)
        for secret in secrets:
            text = text.replace(json.dumps(secret)[1:-1], "***")
        return json.loads(text)
    except RecursionError:  # nested too deeply
        return None


def _readable(text: str, length: int = 3000) -> str:
    """Short, and without what a terminal obeys or UTF-8 cannot hold."""
    text = text[:length] + "..." * (len(text) > length)
    return re.sub("[\0-\b\v\f\x0e-\x1f\x7f-\x9f\ud800-\udfff]|\r(?!\n)", lambda found: ascii(found.group())[1:-1], text)


def _reason(body: Any) -> Tuple[str | None, str | None]:
    """Code and message of an error's body, whatever its shape."""
    body = body if isinstance(body, dict) else {"error": body}
    inner = body.get("error")
    with contextlib.suppress(LookupError, TypeError):  # a batch has a list of them
        inner = inner or {**body["errors"]["data"][0]}
    told = {**body, **inner} if isinstance(inner, dict) else body
    code, message = told.get("code"), told.get("message") or told.get("msg") or inner
    return None if code is None else _readable(str(code), 100), message if isinstance(message, str) else None


def _request_id(headers: Any, body: Any) -> str | None:
    """`X-Log-Id` is on every answer of the platform."""
    found = (headers or {}).get("x-log-id") or (isinstance(body, dict) and body.get("request_id"))
    return found if isinstance(found, str) else None


def _checked_number(argument: str, value: Any, least: float, kind: Any = (int, float)) -> Any:
    if isinstance(value, kind) and not isinstance(value, bool) and least <= value < 1e12:
        return value
    raise ValueError(f"{argument}: expected a {'whole number' if kind is int else 'number'} from {least}")


# ----------------------------------------------------------------------------------------------------- Authentication


class _Secret(str):
    """Text that `repr`, and so debuggers and tracebacks, do not show."""

    def __repr__(self) -> str:
        return "'***'"


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _signed(message: bytes, secret: bytes) -> bytes:
    """With its signature (RFC 7515, HS256)."""
    return message + b"." + _base64url(hmac.new(secret, message, "sha256").digest())


def _can_sign(api_key: str) -> bool:
    return bool(re.fullmatch(r"[^.]+\.[^.]+", api_key))


def generate_token(api_key: str, exp_seconds: float = 3600, *, timestamp: float = None) -> str:
    """A signed token for a key of the form `id.secret`, to be sent as `Authorization: Bearer ...`.

    Valid from `timestamp` (Unix seconds, default now) for `exp_seconds`.
    """
    api_key = _checked_key(api_key, "api_key")
    if not _can_sign(api_key):
        raise ConfigurationError("api_key: expected a key of the form id.secret")
    identifier, _, secret = api_key.partition(".")
    issued = int(_checked_number("timestamp", time.time() if timestamp is None else timestamp, 0) * 1000)
    expires = issued + int(_checked_number("exp_seconds", exp_seconds, 0) * 1000)
    claims = json.dumps({"api_key": identifier, "exp": expires, "timestamp": issued}, separators=(",", ":"))
    header = b'{"alg":"HS256","sign_type":"SIGN","typ":"JWT"}'
    return _signed(_base64url(header) + b"." + _base64url(claims.encode()), secret.encode()).decode()


class _TokenCache:
    """Tokens by the wall clock: a monotonic one stands still in a frozen container."""

    def __init__(self) -> None:
        # By key: a token, the time of its making, and the server's clock less ours.
        self._tokens: Dict[str, Tuple[str, float, float]] = {}
        self.clear = self._tokens.clear

    def get(self, api_key: str) -> str:
        now = time.time()
        token, signed, offset = self._tokens.get(api_key, _NO_TOKEN)
        if not 0 <= now - signed < 1800:  # half of its time
            if len(self._tokens) > 1000:
                self.clear()
            token = _Secret(generate_token(api_key, timestamp=now + offset))
            self._tokens[api_key] = token, now, offset
        return token

    def synchronise(self, api_key: str, date: str | None) -> bool:
        """Take over a `Date` header's time; false when it is ours to a minute, or absurd."""
        server = _http_date(date)
        offset = server - time.time()
        if not 1e9 < server < 1e10 or abs(offset - self._tokens.get(api_key, _NO_TOKEN)[2]) <= 60:
            return False
        self._tokens[api_key] = *_NO_TOKEN[:2], offset
        return True


_NO_TOKEN = "", float("inf"), 0.0  # signed never
_tokens = _TokenCache()


def _http_date(text: str | None) -> float:
    from email.utils import parsedate_to_datetime

    with contextlib.suppress(Exception):  # which one depends on the Python
        return parsedate_to_datetime(text or "").timestamp()
    return 0.0


def _checked_key(api_key: Any, variable: str) -> str:
    """The key, stripped."""
    if not isinstance(api_key, str):
        raise TypeError("api_key: expected text")
    api_key = _Secret(api_key.strip())
    if not re.fullmatch("[!-~]+", api_key):
        text = "api_key: white space or non-ASCII characters" if api_key else "未提供api_key，请通过参数或环境变量提供"
        raise ConfigurationError(f"{text}: pass api_key=... or set {variable}")
    return api_key


# ------------------------------------------------------------------------------------------------------------- Models


class Model(_Dict):
    """A dict of what the server sent that reads like an object.

    Attributes are its items. A declared field that was not sent reads as None, an undeclared one is kept.
    `json.dumps`, pickle and `messages` take it as it is.
    """

    _fields = {}  # type: Any  # noqa: RUF012
    _defaults = {}  # type: Any  # noqa: RUF012

    def __init_subclass__(cls) -> None:
        fields, defaults = cls._fields, cls._defaults = {**cls._fields}, {**cls._defaults}
        for name, annotation in getattr(cls, "__annotations__", {}).items():
            fields[name] = cls.__module__, str(annotation)
            default = vars(cls).get(name, defaults.pop(name, None))
            if not str(annotation).startswith("_Later["):
                defaults[name] = default
            if not hasattr(Model, name) and not hasattr(default, "__get__"):  # methods and properties stay
                setattr(cls, name, property(operator.itemgetter(name)))  # five times as fast as `__getattr__`

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(self._maker()(dict(*args, **fields)))

    @classmethod
    @functools.lru_cache(None)
    def _maker(cls) -> Callable[[Any], Any]:
        """What makes models of JSON, without validation."""
        makers = [(name, _field_maker(*field)) for name, field in cls._fields.items()]
        models = [(name, make_field) for name, make_field in makers if make_field]

        def make(value: Any) -> Any:
            if type(value) is not dict:
                return [make(item) for item in value] if type(value) is list else value
            model = dict.__new__(cls)
            dict.update(model, value)
            for name, make_field in models:
                if name in value:
                    model[name] = make_field(value[name])
            return model

        return make

    def __missing__(self, name: str) -> Any:
        return self._fields[name] and self._defaults.get(name)  # KeyError, if it is no field

    if not TYPE_CHECKING:  # from checkers this would hide misspelt fields
        __setattr__, __delattr__ = dict.__setitem__, dict.__delitem__
        __dict__ = property(dict)  # for `vars` and `dir`

        def __getattr__(self, name):
            if name in self and name[:2] != "__":  # those are Python's protocols
                return self[name]
            raise AttributeError(f"{type(self).__name__!r} has no field {name!r}")

    def __getstate__(self) -> Any:
        return None  # there is nothing but the items

    def __bool__(self) -> bool:
        return True  # an empty answer is an answer

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.items())})"

    def model_dump(
        self, *, include: Any = None, exclude: Any = None, exclude_unset: bool = False, exclude_defaults: bool = False,
        exclude_none: bool = False, **ignored: Any,
    ) -> Dict[str, Any]:  # fmt: skip
        """Plain dicts and lists; declared fields not sent are None. `include` and `exclude` are names."""
        without_none = exclude_none or exclude_defaults

        def dump(value: Any) -> Any:
            if isinstance(value, Model):
                fields = value if exclude_unset else {**value._defaults, **value}
                value = {name: item for name, item in fields.items() if item is not None or not without_none}
            if isinstance(value, dict):
                return {name: dump(item) for name, item in value.items()}
            return [dump(item) for item in value] if isinstance(value, list) else value

        dumped = dump(self)
        names = dumped if include is None else include
        return {name: dumped[name] for name in dumped if name in names and name not in (exclude or ())}

    def model_dump_json(self, *, indent: int = None, ensure_ascii: bool = False, **options: Any) -> str:
        """`model_dump` as JSON text."""
        separators = (",", ":") if indent is None else None
        return json.dumps(self.model_dump(**options), indent=indent, ensure_ascii=ensure_ascii, separators=separators)

    to_dict = functools.partialmethod(model_dump, exclude_unset=True)
    to_json = functools.partialmethod(model_dump_json, indent=2, exclude_unset=True)

    def model_copy(self, *, update: _Mapping = None, deep: bool = False) -> Any:
        """A copy, with the items of `update`."""
        import copy

        twin = (copy.deepcopy if deep else copy.copy)(self)
        twin.update(update or {})
        return twin

    @classmethod
    def model_construct(cls, _fields_set: Any = None, **fields: Any) -> Any:
        """The same as calling the class."""
        return cls(**fields)

    @classmethod
    def model_validate(cls, data: Any, **ignored: Any) -> Any:
        """This model of a mapping."""
        return data if isinstance(data, cls) else cls(data)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """For fields of this type in models of pydantic."""
        make = {"type": "no-info", "function": cls.model_validate}
        return {"type": "function-after", "schema": {"type": "dict"}, "function": make}

    # Their old names.
    copy = model_copy
    construct = model_construct
    parse_obj = model_validate
    json = model_dump_json
    dict = model_dump


def _field_maker(module: str, annotation: str) -> Any:
    """What makes the models of an annotation; of several, the one whose `type` the object has."""
    names = vars(sys.modules.get(module, sys))
    found = [names.get(name, globals().get(name)) for name in re.findall(r"\w+", annotation)]
    models = [model for model in found if isinstance(model, type) and issubclass(model, Model)]
    if len(models) < 2:
        return models[0]._maker() if models else None

    def make(value: Any) -> Any:
        if type(value) is list:
            return [make(item) for item in value]
        kind = repr(type(value) is dict and value.get("type"))
        fitting = [model for model in models if kind in str(model._fields.get("type"))]
        return (fitting or models)[0]._maker()(value)

    return make


def _is_finished(task: Any) -> bool:
    return not isinstance(task, dict) or "choices" in task or task.get("task_status") in (None, "SUCCESS")


# As tables: a field a line would be a thousand lines.
# fmt: off
class _Identified(Model):
    id: str; request_id: str; model: str
class _Answer(_Identified):
    created: int
class _Object(Model):
    id: str; object: str; created_at: int
class _Choice(Model):
    index: int; finish_reason: str
class _Piece(Model):
    index: int; finish_reason: str | None
class PromptTokensDetails(Model):
    cached_tokens: int
class CompletionTokensDetails(Model):
    reasoning_tokens: int
class CompletionUsage(Model):
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
    id: str; type: str; function: Function; mcp: _Later[Mcp]
class AudioCompletionChunk(Model):
    id: str; data: str; expires_at: Any
class CompletionMessage(Model):
    """`content` is None with tool calls."""
    role: str; content: str | None; reasoning_content: str | None; tool_calls: list[CompletionMessageToolCall] | None
    audio: _Later[AudioCompletionChunk]
class CompletionChoice(_Choice):
    """`finish_reason`: stop, tool_calls, length, sensitive, network_error or model_context_window_exceeded."""
    message: CompletionMessage
class SearchResultResp(Model):
    title: str; content: str; link: str; media: str; icon: str; refer: str; publish_date: str | None
    images: _Later[list[str]]; index: _Later[int]
class SearchResult(SearchResultResp):
    index: int | None; publish_date: _Later[str]
class VideoResult(Model):
    url: str; cover_image_url: str
class GeneratedImage(Model):
    """`url`: for 30 days."""
    url: str; b64_json: str | None; revised_prompt: str | None
class ContentFilter(Model):
    """`level`: 0 (most severe) to 3; `role`: assistant, user or history."""
    role: str; level: int
class _Completion(_Identified):
    choices: list[CompletionChoice]; usage: CompletionUsage; web_search: _Later[list[SearchResultResp]]
    video_result: _Later[list[VideoResult]]; content_filter: _Later[list[ContentFilter]]
class Completion(_Completion):
    """`created`: Unix seconds."""
    created: int; object: _Later[str]
class ChoiceDeltaToolCall(CompletionMessageToolCall):
    index: int
class ChoiceDelta(Model):
    role: str | None; content: str | None; reasoning_content: str | None; tool_calls: list[ChoiceDeltaToolCall] | None
    audio: AudioCompletionChunk | None
class Choice(_Piece):
    delta: ChoiceDelta
class ChatCompletionChunk(Model):
    """The last has `usage`; some have no choices."""
    id: str; request_id: _Later[str]; created: int; model: str; object: _Later[str]; choices: list[Choice]
    usage: ChunkUsage | None; web_search: _Later[list[SearchResultResp]]
    content_filter: _Later[list[ContentFilter]]; extra_json: dict[str, Any] | None
class _Task(_Identified):
    """`task_status`: PROCESSING, SUCCESS or FAIL."""
    task_status: str
    _poll = "chat.asyncCompletions.retrieve_completion_result", ("id",)
class AsyncTaskStatus(_Task):
    """A task of chat that has not finished, or has failed."""
class AsyncCompletion(_Completion):
    """A task of chat that has finished."""
    task_status: str; created: _Later[int]; image_result: _Later[list[GeneratedImage]]
    _poll = _Task._poll

    @classmethod
    @functools.lru_cache(None)
    def _maker(cls) -> Callable[[Any], Any]:
        return lambda data: (
            super(AsyncCompletion, cls)._maker() if _is_finished(data) else AsyncTaskStatus._maker()
        )(data)
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
    """`content`: PCM (int16, 24 kHz or `return_sample_rate`), base64 or hex."""
    role: str; content: str; return_sample_rate: _Later[int]
class AudioSpeechChoice(_Piece):
    delta: AudioSpeechDelta
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
class _Created(Model):
    id: str; created: int; model: _Later[str]
class _Search(_Created):
    request_id: str
class WebSearchResp(_Search):
    search_intent: list[SearchIntentResp]; search_result: list[SearchResultResp]
class SearchRecommend(Model):
    index: int; query: str
class WebSearchMessageToolCall(Model):
    id: str; type: str; index: int; search_intent: list[SearchIntent]; search_result: list[SearchResult]
    search_recommend: list[SearchRecommend]
class WebSearchMessage(Model):
    role: str; tool_calls: list[WebSearchMessageToolCall]
class WebSearchChoice(_Choice):
    message: WebSearchMessage
class WebSearch(_Search):
    choices: list[WebSearchChoice]
class WebSearchChunkChoice(_Piece):
    delta: WebSearchMessage
class WebSearchChunk(_Created):
    request_id: _Later[str]; choices: list[WebSearchChunkChoice]
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
    """`label`: image, text, formula or table; `bbox_2d`: from 0 to 1; sizes in pixels."""
    index: int; label: str; bbox_2d: list[float]; content: str; height: int; width: int
class PageInfo(Model):
    width: int; height: int
class DataInfo(Model):
    num_pages: int; pages: list[PageInfo]
class LayoutParsingResp(_Answer):
    md_results: str; layout_details: list[list[LayoutDetail]]; layout_visualization: list[str]; data_info: DataInfo
    usage: CompletionUsage
class Location(Model):
    left: int; top: int; width: int; height: int
class Probability(Model):
    average: float; variance: float; min: float
class WordsResult(Model):
    location: Location; words: str; probability: Probability | None
class HandwritingOCRResp(Model):
    task_id: str; message: str; status: str; words_result_num: int; words_result: list[WordsResult]
class _FileParsing(Model):
    task_id: str; message: str
    _poll = "file_parser.result", ("task_id",)
class FileParserTaskCreateResp(_FileParsing):
    success: bool
class FileParsingDownloadResp(_FileParsing):
    """`status`: processing, succeeded or failed."""
    status: str; content: str | None; parsing_result_url: str | None
class AgentsCompletionMessage(Model):
    role: str; content: Any
class AgentsCompletionChoice(_Choice):
    """The platform sends `messages`, not `message`."""
    messages: _Later[list[AgentsCompletionMessage]]; message: AgentsCompletionMessage
class _AgentAnswer(Model):
    id: str; agent_id: str; conversation_id: str; usage: CompletionUsage | None; error: ErrorInfo | None
class AgentsCompletion(_AgentAnswer):
    """`status`: pending, success or failed; `async_id`: of tasks that finish later."""
    async_id: _Later[str]; request_id: str; status: str | None; choices: list[AgentsCompletionChoice]
    _poll = "agents.async_result", ("agent_id", "async_id", "conversation_id")
class AgentsChoice(_Piece):
    delta: AgentsCompletionMessage; messages: _Later[list[AgentsCompletionMessage]]
class AgentsCompletionChunk(_AgentAnswer):
    """`error` does not end the stream."""
    choices: list[AgentsChoice]
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
class AssistantChoice(_Choice):
    delta: TextContentBlock | ToolsDeltaBlock; message: _Later[CompletionMessage]; metadata: dict[str, Any]
class AssistantCompletion(_Created):
    """`status`: in_progress, completed or failed."""
    request_id: _Later[str]; conversation_id: str; assistant_id: str; status: str; last_error: ErrorInfo | None
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
    """A document for the platform to fetch."""
    url: str; knowledge_type: int; file_name: str; sentence_size: int; custom_separator: list[str]; callback_url: str
    callback_header: dict[str, str]
class FileObject(_Object):
    """`bytes`: the size; `created_at`: Unix seconds."""
    bytes: int; filename: str; purpose: str; status: str; status_details: str
class FileDeleted(Model):
    id: str; object: str; deleted: bool
class Errors(Model):
    data: list[BatchError]; object: str
class BatchRequestCounts(Model):
    completed: int; failed: int; total: int
class Batch(_Object):
    """Times in milliseconds; `status`: validating, in_progress, finalizing, completed, failed, expired, cancelled."""
    endpoint: str; input_file_id: str; completion_window: str; status: str; output_file_id: str | None
    error_file_id: str | None; in_progress_at: int | None; expires_at: int | None; finalizing_at: int | None
    completed_at: int | None; failed_at: int | None; expired_at: int | None; cancelling_at: int | None
    cancelled_at: int | None; metadata: Any; errors: Errors | None; request_counts: BatchRequestCounts
    total: _Later[int]; completed: _Later[int]; failed: _Later[int]
    _poll = "batches.retrieve", ("id",)
class Hyperparameters(Model):
    n_epochs: Any; batch_size: _Later[Any]; learning_rate_multiplier: _Later[Any]
class FineTuningJob(_Object):
    request_id: str; error: Error | None; fine_tuned_model: str | None; finished_at: int | None; model: str
    hyperparameters: Hyperparameters; result_files: list[str]; status: str; trained_tokens: int | None
    training_file: str; validation_file: str | None
    _poll = "fine_tuning.jobs.retrieve", ("id",)
class Metric(Model):
    epoch: Any; current_steps: int; total_steps: int; elapsed_time: str; remaining_time: str; trained_tokens: int
    loss: Any; eval_loss: Any; acc: Any; eval_acc: Any; learning_rate: Any
class JobEvent(_Object):
    type: str; level: str; message: str; data: Metric | None
class FineTunedModelsStatus(Model):
    request_id: str; model_name: str; delete_status: str
class _Knowledge(Model):
    id: str; name: str; description: str; background: str; icon: str
class KnowledgeInfo(_Knowledge):
    embedding_id: Any; customer_identifier: str; bucket_id: str
class KnowledgePage(Model):
    list: List[KnowledgeInfo]; object: str
class KnowledgeStatistics(Model):
    """Words, and bytes."""
    word_num: int; length: int
class KnowledgeUsed(Model):
    used: KnowledgeStatistics; total: KnowledgeStatistics
class DocumentDataFailInfo(Model):
    """`embedding_code`: 10001 (unusable) or 10002 (over the capacity)."""
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
    """Knowledge bases wrap their `data` in it; `timestamp`: milliseconds."""
    code: int; message: str; timestamp: int
class KnowledgeBaseInfo(_Knowledge):
    """`embedding_id`: 3 (Embedding-2), 11 (Embedding-3), 12 (Embedding-3-pro)."""
    embedding_id: int; contextual: int; document_size: int; length: int; word_num: int
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
    """`type`: session_created, reasoning, thought, tool_call, tool_result, answer, done."""
    type: str; sessionId: str; messageId: str; data: Any; usage: ZragUsage | None
class ResponseUsage(Model):
    input_tokens: int; input_tokens_details: PromptTokensDetails; output_tokens: int
    output_tokens_details: CompletionTokensDetails; total_tokens: int
class ResponseContent(Model):
    type: str; text: str; annotations: list[Any]
class ResponseItem(Model):
    id: str; type: str; status: str; role: str; content: list[ResponseContent]; summary: list[Any]; name: str
    call_id: str; arguments: str; output: Any
class ResponseObject(_Object):
    """`status`: in_progress, completed, incomplete or failed."""
    model: str; status: str; output: list[ResponseItem]; usage: ResponseUsage; error: ErrorInfo | None
    incomplete_details: Any; instructions: Any; max_output_tokens: int; temperature: float; top_p: float; text: Any
    tools: list[Any]; tool_choice: Any; reasoning: Any; previous_response_id: str | None; metadata: Any
    prompt_cache_key: str | None; parallel_tool_calls: bool; store: bool

    @property
    def output_text(self) -> str:
        """The text of all output messages."""
        return "".join(
            part.text or "" for item in self.output or () for part in item.content or () if part.type == "output_text"
        )
class ResponseStreamEvent(Model):
    """`type`: response.output_text.delta, ..."""
    type: str; sequence_number: int; response: ResponseObject; item: ResponseItem; part: ResponseContent
    item_id: str; output_index: int; content_index: int; delta: str; text: str; arguments: str; name: str
class ResponseDeleted(FileDeleted):
    pass


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
    object: str | None
    has_more: bool | None
    first_id: _Later[str]
    last_id: _Later[str]

    _origin = (None, None)  # type: Any

    def _attach(self, *origin: Any) -> Any:
        """Keep what fetches another page, and the cursor of this one."""
        object.__setattr__(self, "_origin", origin)  # as an attribute, no item
        return self

    def __getstate__(self) -> Any:
        return self._origin

    def __setstate__(self, origin: Any) -> None:
        self._attach(*origin)

    def _cursor(self, *seen: str) -> Any:
        """What the next page comes after, none of those `seen`; None when there is none."""
        fetch, after = self._origin
        last: Any = (self.data or [])[-1:]
        cursor = last and (self.last_id or (isinstance(last[0], dict) and last[0].get("id")))
        if not (fetch and cursor) or self.has_more is False:
            return None
        if not isinstance(cursor, (str, int)) or not str(cursor).isprintable() or str(cursor) in (str(after), *seen):
            raise APIResponseError(f"The list does not go on after {cursor!r:.100}")
        return cursor

    def has_next_page(self) -> bool:
        """Whether a page follows: what `has_more` says, else whether this one has items."""
        return self._cursor() is not None

    def get_next_page(self) -> SyncCursorPage[_T]:
        """The page after this one; `RuntimeError` when there is none."""
        if not self.has_next_page():
            raise RuntimeError("There is no next page.")
        return self._origin[0]({"after": self._cursor()})

    def iter_pages(self) -> Iterator[SyncCursorPage[_T]]:
        """This page and all that follow."""
        page: Any = self
        seen: List[str] = []
        while page:
            yield page
            seen.append(str(page._cursor(*seen)))
            page = page.has_next_page() and page.get_next_page()

    def __iter__(self) -> Iterator[_T]:  # type: ignore[override]
        for page in self.iter_pages():
            yield from page.data or ()


class AsyncPage(SyncCursorPage[_T]):
    """One page of a list; `async for` walks over the items of this page and of all that follow."""

    if TYPE_CHECKING:

        def get_next_page(self) -> Awaitable[AsyncPage[_T]]: ...  # type: ignore[override]

    async def iter_pages(self) -> AsyncIterator[AsyncPage[_T]]:  # type: ignore[override]
        """This page and all that follow."""
        page: Any = self
        seen: List[str] = []
        while page:
            yield page
            seen.append(str(page._cursor(*seen)))
            page = page.has_next_page() and await page.get_next_page()

    async def __aiter__(self) -> AsyncIterator[_T]:
        async for page in self.iter_pages():
            for item in page.data or ():
                yield item


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


def _read_events(packets: Iterable[bytes]) -> Iterator[Tuple[str, str]]:
    """Bytes to (name, data) of events: https://html.spec.whatwg.org/multipage/server-sent-events.html"""
    import codecs

    text = codecs.getincrementaldecoder("utf-8-sig")("replace")  # there may be a BOM
    decode = io.IncrementalNewlineDecoder(text, translate=True).decode
    begun: List[str] = []  # of a line; joined at its end
    name, data = "", []
    for packet in packets:
        *lines, rest = decode(packet).split("\n")  # splitlines() would split at U+2028, too
        if lines:
            lines[0] = "".join([*begun, lines[0]])
            begun = []
        begun.append(rest)
        for line in lines:
            field, _, value = line.partition(":")
            if field == "data":
                data.append(value[value[:1] == " " :])
            elif field == "event":
                name = value[value[:1] == " " :]
            elif not line:
                if data:
                    yield name, "\n".join(data)
                name, data = "", []


_begins_like_events = re.compile(rb"(\xef\xbb\xbf)?\s*(data|event|id|retry)?:").match
_parse = json.JSONDecoder().decode  # faster than `json.loads`
_SUSPICIOUS = frozenset("error last_error type success code".split())  # may say why it failed


def _read_chunks(response: Response, model: Type[Model], texts: Any, blocks: Iterator[bytes]) -> Iterator[Any]:
    """Events to chunks; `texts` gets the JSON of each."""
    make = model._maker()
    try:
        begun = next(blocks, b"")
        packets = itertools.chain([begun], blocks, [b"\n\n"])  # the last event may lack its blank line
        for event, text in _read_events(packets):
            if text[:6] == "[DONE]":
                response._finish()
                break
            if not text.strip():
                continue
            texts.append(text)
            try:
                chunk = make(_parse(text))
            except (ValueError, RecursionError):
                chunk = None
            if not isinstance(chunk, dict):
                raise _invalid(response, text)
            if event or not _SUSPICIOUS.isdisjoint(chunk):
                reason = "agent_id" not in chunk and _failure_of(chunk, event)  # else it is a part's
                if reason:
                    raise _answer_error(response, chunk, reason)
            yield chunk
        else:
            if not texts:
                raise _invalid(response, begun.decode("utf-8", "replace"))
            ends = r'"finish_reason": *"|"(type|status)": *"[^"]*(done|completed?)"|"choices": *\[]'
            if not (response._is_framed or re.search(ends, texts[-1])):  # quotes in a text are escaped
                raise _unfinished(response.request, "cut off")
        response._is_complete = True
    except APIConnectionError:
        if not response.is_closed:  # else it was closed under the reader, on purpose
            raise
    finally:
        response.close()


def _invalid(response: Response, text: str) -> APIError:
    if text[:1] == "{" and text[-1:] != "}":  # half an event
        return _unfinished(response.request, "cut off")
    message = f"The answer is no event stream of JSON: {_cleaned(text, response._secrets)!r:.200}"
    response._forget_secrets()
    return APIResponseValidationError(response, message=message)


def _unfinished(request: Any, how: str) -> APIConnectionError:
    return APIConnectionError(message=f"Connection error: the stream was {how} before its end.", request=request)


def _failure_of(chunk: _Dict, event: str) -> Any:
    """Why the call failed, if a chunk says so."""
    is_named = {event, str(chunk.get("type"))} & {"error", "response.failed"}
    told = chunk.get("error") or chunk.get("last_error") or (is_named and (chunk.get("data") or chunk.get("response")))
    return told or ((is_named or _is_failure(chunk)) and chunk)


def _choices(body: _Dict) -> List[_Dict]:
    found = body.get("choices")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _is_failure(body: _Dict) -> bool:
    """Whether an answer without `error` says that it failed."""
    has_text = str in (type(body.get("msg")), type(body.get("message")))
    has_code = body.get("code") not in (None, 0, 200, "0", "200") and ("timestamp" in body or not body.get("data"))
    return body.get("success") is False or (has_text and has_code)


def _answer_error(response: Response, data: _Dict, reason: Any) -> APIResponseError:
    reason = _cleaned(reason, response._secrets)
    code, message = _reason(reason)
    message = message or f"An error occurred: {reason!r:.300}"
    error = APIResponseError(f"{message} (code {code})" if code else message, response.request, reason)
    error.request_id = _request_id(response.headers, data)
    return error


def _combined(name: str, values: List[Any]) -> Any:
    """All values of a field as one: text grows, the rest is replaced."""
    values = [value for value in values if value is not None] or [None]
    parts = [value for value in values if isinstance(value, dict)]
    if parts and name in ("", "delta", "message", "function", "audio", "mcp"):
        names = dict.fromkeys(itertools.chain(*parts))
        return {key: _combined(key, [part.get(key) for part in parts]) for key in names}
    items = [item for value in values if isinstance(value, list) for item in value]
    if name in ("choices", "tool_calls"):
        return [_combined("", pieces) for pieces in _matched(items)]
    texts = [value for value in values if isinstance(value, str)]
    if name in ("content", "reasoning_content", "reasoning", "arguments", "data") and (texts or items):
        return "".join(texts) if texts else items
    said = [value for value in values if value] or values
    return said[0 if name in ("id", "name") else -1]


def _matched(items: List[Any]) -> List[List[_Dict]]:
    """The pieces of each choice or tool call, which servers tell apart by index, id, or a name beside."""
    groups: Dict[Tuple[int | None, str], List[_Dict]] = {}
    for piece in filter(lambda item: isinstance(item, dict), items):
        index, identifier, function = piece.get("index"), str(piece.get("id") or ""), piece.get("function")
        index = index if isinstance(index, int) else None
        found = index, identifier
        least = 3 if identifier and isinstance(function, dict) and function.get("name") else 1
        for known in groups:
            fit = (index in (None, known[0])) + 2 * (identifier == known[1] != "")
            if fit >= least:  # the last of those that fit best
                least, found = fit, known
        groups.setdefault(found, []).append(piece)
    return [groups[key] for key in sorted(groups, key=lambda key: key[0] or 0)]


class _Closing:
    """A context manager that closes."""

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: Any) -> None:
        self.close()


class _AsyncClosing:
    async def aclose(self) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *reason: Any) -> None:
        await self.aclose()


class Stream(_Closing, Generic[_T]):
    """The chunks of one answer, as they come. To stop early, close it or leave its `with` block.

    Raises `APIConnectionError` when the answer breaks off, `APIResponseError` for an error in it. `response` has the
    status and the headers.
    """

    def __init__(self, response: Response, model: Type[Model], blocks: Iterable[bytes] = ()) -> None:
        self.response = response
        self._texts: Any = collections.deque(maxlen=None if model is ChatCompletionChunk else 1)
        self._chunks = _read_chunks(response, model, self._texts, iter(blocks or iter(response._read_block, b"")))

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> _T:
        try:
            return next(self._chunks)
        except Exception:
            raise
        except BaseException:  # interrupted: what follows is no end
            self._chunks = iter(self._give_up, None)
            raise

    def _give_up(self) -> Any:
        raise _unfinished(self.response.request, "given up")

    def close(self) -> None:
        """Drop the rest of the answer, and its connection."""
        self._chunks = iter(())
        self.response.close()

    def get_final_completion(self) -> Completion:
        """Read the rest, and put all chunks together, those already taken too."""
        if self._texts.maxlen:
            raise TypeError("get_final_completion: only the streams of chats have one")
        for _ in self:
            pass
        if not self.response._is_complete:
            self._give_up()
        whole = _combined("", [{}, *map(_parse, self._texts)])
        for choice in whole.setdefault("choices", []):
            said = choice.pop("delta", None) or choice.get("message")
            choice["message"] = _combined("message", [{"role": "assistant", "content": None}, said])
            for call in choice["message"].get("tool_calls", ()):
                call.pop("index", None)  # a message that is sent has none
        if "object" in whole:
            whole["object"] = "chat.completion"
        return Completion(whole)

    def __reduce__(self) -> Any:
        raise TypeError("A stream cannot be pickled; its chunks can.")


class AsyncStream(_AsyncClosing, Generic[_T]):
    """A `Stream` for `async for`."""

    def __init__(self, stream: Stream[_T], job: Any) -> None:
        self.response = stream.response
        self._stream = stream
        self._job = job

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _T:
        return await self._job.next()

    async def aclose(self) -> None:
        """See `Stream.close`."""
        self._job.give_up(StopAsyncIteration())

    async def get_final_completion(self) -> Completion:
        """See `Stream.get_final_completion`."""
        async for _ in self:
            pass
        return self._stream.get_final_completion()

    def __del__(self) -> None:
        self._job.interrupt()

    __reduce__: Any = Stream.__reduce__


# ---------------------------------------------------------------------------------------------------------- Transport

_BLOCK = 64 * 1024
_MAX_IDLE = 256
_IDLE_SECONDS = 30
_SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key")


class _BrokenAnswer(OSError):
    """What came is not HTTP, or ended too early."""


class _Refused(OSError):
    """A proxy does not let us through."""


class Request:
    """What was asked, for errors and logs: without body and secrets."""

    def __init__(self, method: str, url: str, headers: _Mapping) -> None:
        self.method, self.url = method, url
        self.headers = {name: "***" if isinstance(value, _Secret) else value for name, value in headers.items()}

    def __repr__(self) -> str:
        return f"<Request({self.method!r}, {self.url!r})>"


class _Call:
    """A request that can be sent any number of times."""

    job: Any = None  # of the asynchronous client
    connection: Any = None  # the last one
    page: Any = None  # what gets another page, and this one's cursor

    def __init__(self, owner: Any, interface: Any, url: str, headers: Dict[str, str], body: Any, timeouts: Any) -> None:
        self.owner, self.interface, self.headers, self.body = owner, interface, headers, body
        self.request = Request(interface.method, url, headers)
        self.timeouts = timeouts  # to connect, and for each wait
        self.result: Any = interface.result

    def encoded(self, headers: Dict[str, str]) -> urllib.request.Request:
        """For an opener; secrets do not follow redirects."""
        request: Any = urllib.request.Request(self.request.url, self.body, method=self.request.method)
        for name, value in headers.items():
            (request.add_unredirected_header if isinstance(value, _Secret) else request.add_header)(name, value)
        request.call = self
        return request

    def check(self) -> None:
        if self.job and self.job.given_up:
            raise ZhipuAIError("The call was given up.")

    def abort(self) -> None:
        if self.connection and self.connection.call is self:
            self.connection.abort()


class _Reader(socket.SocketIO):
    """Reads within the deadline, and to no early end."""

    connection: Any
    may_end = False  # with the connection

    def readinto(self, b: Any) -> int | None:
        connection = self.connection
        if connection.deadline:
            left = connection.deadline - time.monotonic()
            if left <= 0:
                raise socket.timeout
            self._sock.settimeout(left)  # type: ignore[attr-defined]
        count = super().readinto(b)
        if not count and not self.may_end:
            raise _BrokenAnswer("cut off")
        connection.may_repeat = False
        return count


class _HTTPAnswer(http.client.HTTPResponse):
    """An answer that is refused where `http.client` would guess what it means."""

    def _read_status(self) -> Any:
        for _ in range(100):
            found = super()._read_status()  # type: ignore[misc]
            if found[1] >= 200:
                return found
            http.client.parse_headers(self.fp)  # http.client passes over 100 alone
        raise _BrokenAnswer("endless interim answers")

    def begin(self) -> None:
        super().begin()
        lengths = set(self.headers.get_all("content-length", ()))
        if (
            self.headers.get_payload()  # what is no header, and all behind it
            or ("transfer-encoding" in self.headers and not self.chunked)
            or not re.fullmatch(r"\s*\d{0,18}\s*", ",".join(lengths))
        ):
            raise _BrokenAnswer("malformed head")
        self.is_last = self.will_close or len(lengths) + self.chunked + (self.length == 0) > 1
        self.chunked = self.chunked and self.length is None  # 204 and 304 have none, whatever they announce
        self.will_close = False  # else http.client drops the socket, which `abort` needs
        reader: Any = self.fp.raw
        reader.may_end = self.length is None and not self.chunked

    def _read_next_chunk_size(self) -> int:  # http.client takes a negative one
        return _checked_number("chunk", super()._read_next_chunk_size(), 0)  # type: ignore[misc]

    def _safe_read(self, amt: int) -> bytes:  # of the end of a chunk: `read1` asks for nothing else
        if super()._safe_read(amt) != b"\r\n":  # type: ignore[misc]
            raise _BrokenAnswer("malformed chunks")
        return b""

    def _read_and_discard_trailer(self) -> None:
        http.client.parse_headers(self.fp)  # of which it limits the number


class _Connection(http.client.HTTPConnection):
    """A connection for many requests."""

    call: Any = None  # that it is used for
    idle_since = 0.0
    sock: Any
    _tunnel_host: Any

    def __init__(self, key: Any) -> None:
        self.key = key
        host, origin, proxy_headers, self._context, is_proxy = key
        self.peer = f"{origin} through proxy {host}" if origin else f"proxy {host}" if is_proxy else host
        self.default_port = 443 if self._context else 80
        super().__init__(host)
        self._process = os.getpid()
        if origin:
            address = origin if re.search(r":\d+$", origin) else f"{origin}:443"
            self.set_tunnel(address, headers={"Host": address, **dict(proxy_headers)})
            self._tunnel_host = address.rpartition(":")[0]  # Python 3.7 to 3.12 take off IPv6's brackets

    def response_class(self, sock: Any, *args: Any, **options: Any) -> Any:  # type: ignore[override]
        return _HTTPAnswer(self, *args, **options)  # type: ignore[arg-type]

    def makefile(self, mode: str) -> io.BufferedReader:
        reader = _Reader(self.sock, "r")
        reader.connection = self
        self.sock._io_refs += 1  # as `socket.makefile` does
        return io.BufferedReader(reader)

    def _enter(self, phase: str, limit: float | None) -> None:
        self.phase, self.limit = phase, limit
        self.deadline = limit and time.monotonic() + limit
        if self.sock:
            self.sock.settimeout(limit)

    def connect(self) -> None:
        self._enter("connecting to", self.timeout)
        try:
            super().connect()
        except Exception as error:
            error = error.with_traceback(None)  # until Python 3.11, its frames hold the proxy's answer
            if str(error).startswith("Tunnel"):
                error = _Refused(f"{error}; check its user and password")
            raise error from None
        if self._context:  # like HTTPSConnection, but `abort` reaches the handshake
            self._enter("TLS handshake with", self.timeout)
            name = (self._tunnel_host or self.host).strip("[]")
            self.sock = self._context.wrap_socket(
                self.sock, server_hostname=name, do_handshake_on_connect=False, suppress_ragged_eofs=False
            )
            self.sock.do_handshake()

    def ask(self, call: _Call, target: str, headers: Dict[str, str]) -> Any:
        """Send a request, and read the head of its answer."""
        call.connection, self.call, self.owner = self, call, call.owner
        self.may_repeat = self.sock is not None  # until the first byte of the answer
        self.timeout, limit = call.timeouts
        try:
            if not self.sock:
                self.connect()
            call.check()
            self._enter("sending the request to", limit)
            with contextlib.suppress(ConnectionError, ssl.SSLError):  # a refusal may come before all is sent
                self.request(call.request.method, target, call.body, headers)
            self._enter("waiting for the answer of", limit)
            return self.getresponse()
        except BaseException:
            self.call = None
            self.close()
            raise

    def is_usable(self) -> bool:
        """Still open, and nothing sent unasked."""
        if not 0 <= time.time() - self.idle_since < _IDLE_SECONDS:  # monotonic() may be frozen
            return False
        if not hasattr(select, "poll"):  # Windows
            return not select.select([self.sock], [], [], 0)[0]
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return not poll.poll(0)

    def abort(self) -> None:
        """Wake up who waits for the socket, but not in a fork's parent."""
        self.may_repeat = False
        if self._process == os.getpid():
            with contextlib.suppress(OSError, TypeError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # SSLSocket's is unsafe while another thread reads


class _Pool:
    """The process's idle connections, the last used at the end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: List[_Connection] = []

    def take(self, key: Any) -> _Connection | None:
        with self._lock:
            for connection in [idle for idle in reversed(self._idle) if idle.key == key]:
                self._idle.remove(connection)
                if connection.is_usable():
                    return connection
                connection.close()
        return None

    def give(self, connection: _Connection) -> None:
        connection.idle_since = now = time.time()
        with self._lock:
            self._idle.append(connection)
            while len(self._idle) > _MAX_IDLE or now - self._idle[0].idle_since > _IDLE_SECONDS:
                self._idle.pop(0).close()

    def close(self, owner: Any = None) -> None:
        """Close all, or those that `owner` used last."""
        with self._lock:
            for connection in [idle for idle in self._idle if owner in (None, idle.owner)]:
                self._idle.remove(connection)
                connection.close()

    def forget(self) -> None:
        """In a fork: close our copies."""
        self._lock = threading.Lock()  # another thread of the parent may have held it
        self.close()


_pool = _Pool()
atexit.register(_pool.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.forget)


@functools.lru_cache()
def _default_context(*environment: Any) -> ssl.SSLContext:
    """Kept, since it takes 20 ms to make."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509"] and ssl.get_default_verify_paths().cafile:
        raise OSError("the CA file could not be read")  # no free descriptor?
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options &= ~0x80  # SSL_OP_IGNORE_UNEXPECTED_EOF, set by Python 3.8 and 3.9
    return context


class _Handler(urllib.request.BaseHandler):
    """Sends requests on connections that live."""

    def __init__(self, context: ssl.SSLContext | None, proxy_headers: Dict[str, str]) -> None:
        self._context = context
        self._proxy_headers = proxy_headers

    def http_open(self, request: Any) -> Any:
        headers, context = dict(request.header_items()), None
        if request.type == "https":
            context = self._context or _default_context(*map(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR")))
        if request.has_proxy():
            headers.update(self._proxy_headers)
        key = request.host, request._tunnel_host, tuple(self._proxy_headers.items()), context, request.has_proxy()
        connection = _pool.take(key) or _Connection(key)
        try:
            return connection.ask(request.call, request.selector, headers)
        except OSError as error:
            if not connection.may_repeat or isinstance(error, socket.timeout):
                raise
        return connection.ask(request.call, request.selector, headers)  # connects anew

    https_open = http_open


def _proxy_for(url: urllib.parse.SplitResult) -> Tuple[str, Dict[str, str]]:
    """The address of a URL's proxy, or "", and the headers with its credentials."""
    proxies = urllib.request.getproxies()
    proxy = (proxies.get(url.scheme) or proxies.get("all") or "").strip()
    if not proxy or urllib.request.proxy_bypass(url.netloc):
        return "", {}
    found = re.fullmatch(r"(?ai)(?:http://)?(?:([^/?#:]*):?([^/?#]*)@)?(\[[\w:.%]+\]|[\w.-]+)(?::(\d*))?/?", proxy)
    if found is None or int(found[4] or 80) > 65535:
        expected = "expected http://host:port, no socks5://; percent-encode # / ? @"
        raise ConfigurationError(f"proxy for {url.scheme}: {expected}")
    address = f"http://{found[3]}:{found[4] or 80}"
    if found[1] is None:
        return address, {}
    credentials = base64.b64encode(urllib.parse.unquote(f"{found[1]}:{found[2]}").encode()).decode()
    return address, {"Proxy-Authorization": _Secret(f"Basic {credentials}")}


def _new_opener(context: ssl.SSLContext | None, proxy: str, headers: Dict[str, str]) -> urllib.request.OpenerDirector:
    """No redirects, no file:, no ftp:."""
    opener = urllib.request.OpenerDirector()
    opener.add_handler(urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else {}))
    opener.add_handler(_Handler(context, headers))
    return opener


def _unpacked(read: Callable[[], bytes]) -> Iterator[bytes]:
    """A body with a Content-Encoding, which nobody asked for."""
    import zlib

    unpacker, size = zlib.decompressobj(47), 0  # gzip, or deflate
    for block in iter(read, b""):
        data = unpacker.decompress(block)
        size += len(data)
        if unpacker.unused_data or size > 1024 * _BLOCK:
            raise _BrokenAnswer("unpacks to more than 64 MiB, or in several parts")
        if data:
            yield data
    if size and not unpacker.eof:
        raise _BrokenAnswer("cut off")


class Response(_Closing):
    """An HTTP answer: `status_code`, `headers`, `url`, `request`, and its body as `content`, `text` or `json()`."""

    is_closed = True  # until there is something to read
    _answer: Any = None  # until its end
    _begun = b""  # read, but not yet taken
    _content: bytes | None = None
    _is_reading = False
    _is_complete = False  # of a stream
    _on_block: Any = None
    _done = 0

    def __init__(self, call: _Call, answer: Any, secrets: Iterable[str]) -> None:
        self.status_code: int = answer.getcode()
        self.headers = answer.headers
        self.request = call.request
        self.url = call.request.url
        self._secrets = list(filter(None, secrets))
        self._answer = answer
        self._connection: Any = call.connection  # None if the caller's opener answered
        self._timeout = call.timeouts[1]
        self._deadline = self._timeout and time.monotonic() + self._timeout
        self._length = getattr(answer, "length", None)
        self._is_framed = getattr(answer, "chunked", True) or self._length is not None  # else cut off looks whole
        self._read = functools.partial(getattr(answer, "read1", answer.read), _BLOCK)
        if self.headers.get("content-encoding", "").strip().lower() not in ("", "identity"):
            self._read = functools.partial(next, _unpacked(self._read), b"")
        self.is_closed = False

    def _read_block(self) -> bytes:
        """More of the body; b"" at its end, where the connection goes to the pool."""
        if self._begun:
            begun, self._begun = self._begun, b""
            return begun
        answer, connection, block = self._answer, self._connection, None
        self._is_reading = True
        try:
            data: bytes = self._read() if answer else b""
            if self.is_closed:  # which must not look like its end
                raise _BrokenAnswer("read or closed before")
            if not data and getattr(answer, "length", None):  # http.client does not tell
                raise http.client.IncompleteRead(b"")
            if data and self._deadline and time.monotonic() > self._deadline:
                raise socket.timeout
            self._done += len(data)
            block = data
        except Exception as error:  # any, if another thread closes it
            raise _connection_error(error, self.request, connection, self._timeout) from error
        finally:
            self._is_reading = False
            if not block or self.is_closed:
                self._release(block == b"")
        if block and self._on_block:
            self._on_block(self._done, self._length or 0)
        return block

    def _peek(self, size: int) -> bytes:
        """The beginning of the body, which stays to be read."""
        begun = bytearray()
        try:
            for block in iter(self._read_block, b""):
                begun += block
                if len(begun) >= size:
                    break
        finally:  # an error's body may break off
            self._begun = bytes(begun)
        return self._begun

    def _release(self, whole: bool = False) -> None:
        connection = self._connection
        answer = self.__dict__.pop("_answer", None)  # at once: two threads may come
        if not answer:
            return
        self._connection = None
        answer.close()
        if connection:
            connection.call = None
            is_kept = whole and not (answer.is_last or connection.owner._closed)
            (_pool.give if is_kept else _Connection.close)(connection)

    def _limit_waits(self) -> None:
        """Limit each wait from now on, not the whole answer."""
        self._deadline, connection = None, self._connection
        if connection:
            connection.deadline = None
            connection.sock.settimeout(self._timeout)

    def _finish(self) -> None:
        """Read on behind the last event, to keep the connection."""
        connection = self._connection  # another thread may close it
        if connection:
            connection.deadline = time.monotonic() + 0.01
            with contextlib.suppress(APIConnectionError):
                self._peek(_BLOCK)

    def _load_error(self) -> None:
        with contextlib.suppress(APIConnectionError):  # the status says more
            self._peek(16 * _BLOCK)
        self._forget_secrets()

    def _forget_secrets(self) -> None:
        """Make it fit to be part of an error."""
        self.close()
        self._content = self._content or self._begun
        for secret in self._secrets:
            self._content = self._content.replace(secret.encode(), b"***")
        self._begun, self._secrets = b"", []

    def read(self) -> bytes:
        """The whole body."""
        if self._content is None:
            self._content = b"".join(self.iter_bytes())
        return self._content

    content = property(read)

    @property
    def text(self) -> str:
        is_gb = self.headers.get_content_charset("").startswith("gb")
        return self.content.decode("gb18030" if is_gb else "utf-8", "replace")

    def json(self, **options: Any) -> Any:
        """The body, parsed, with the options of `json.loads`; `ValueError` when it is no JSON."""
        return json.loads(self.content, **options)

    def iter_bytes(self, chunk_size: int = None) -> Iterator[bytes]:
        """The body in blocks of `chunk_size` bytes, or as they come."""
        rest = b""
        try:
            if self._done > len(self._begun):  # what is left must not look like all of it
                self.close()
            for block in iter(self._read_block, b"") if self._content is None else [self._content]:
                rest += block
                size = max(chunk_size or len(rest), 1)
                *blocks, rest = [rest[start : start + size] for start in range(0, len(rest) + 1, size)]
                yield from blocks
            if rest:
                yield rest
        finally:
            self.close()

    def close(self) -> None:
        """Drop what has not been read."""
        if not self.is_closed:
            self.is_closed = True
            connection = self._connection
            if connection:
                connection.abort()  # a thread that reads is woken up, and closes
            if not self._is_reading:
                self._release()

    __del__ = close

    def __getstate__(self) -> _Dict:
        if not self.is_closed:
            self.read()
        return {**vars(self), "_on_block": None, "_run": None, "_read": None, "_secrets": []}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self.status_code}]>"


class BinaryResponse(Response):
    """A file, which is read when it is asked for, and need not fit into memory."""

    _run: Any = None  # of an asynchronous client

    @property
    def response(self) -> BinaryResponse:
        return self

    def stream_to_file(self, file: str | os.PathLike[str], *, chunk_size: int = None) -> None:
        """Write the body to a path; the file gets its name only when it is complete."""
        path = partial = os.path.realpath(os.fsdecode(file))
        if os.path.isfile(path) or not os.path.exists(path):  # else /dev/null or the like
            partial = os.path.join(os.path.dirname(path), f".{os.urandom(4).hex()}.part")
        try:
            with open(partial, "wb") as target:
                target.writelines(self.iter_bytes(chunk_size))
            if os.path.isfile(path):
                os.chmod(partial, os.stat(path).st_mode & 0o777)
            if partial != path:
                os.replace(partial, path)
        finally:
            if os.path.isfile(partial):
                os.unlink(partial)

    write_to_file = stream_to_file

    async def _await(self, function: Callable[..., Any], *arguments: Any) -> Any:
        def work(job: Any) -> Any:
            job.stop = self.close
            return function(*arguments)

        return (await self._run(work))[0] if self._run else function(*arguments)

    async def aread(self) -> bytes:
        """`read`, with an asynchronous client; so are the others."""
        return await self._await(self.read)

    async def aiter_bytes(self, chunk_size: int = None) -> AsyncIterator[bytes]:
        blocks = self.iter_bytes(chunk_size)
        block = await self._await(next, blocks, b"")
        while block:
            yield block
            block = await self._await(next, blocks, b"")

    async def astream_to_file(self, file: str | os.PathLike[str], *, chunk_size: int = None) -> None:
        await self._await(functools.partial(self.stream_to_file, file, chunk_size=chunk_size))

    awrite_to_file = astream_to_file

    async def aclose(self) -> None:
        self.close()


HttpxBinaryResponseContent = BinaryResponse


def _connection_error(error: Any, request: Request, connection: Any, limit: Any) -> APIConnectionError:
    phase = repr(request)
    if connection:
        phase, limit = f"{connection.phase} {connection.peer}", connection.limit
    if isinstance(error, urllib.error.URLError):  # of the caller's opener
        error = error.reason
    if isinstance(error, socket.timeout):
        return APITimeoutError(request, message=f"Request timed out: {phase} (limit: {limit} s).")
    message = f"Connection error: {phase}: {error}."
    if isinstance(error, ssl.SSLError):
        message += " Check clock, base_url (it speaks TLS?), SSL_CERT_FILE (the CAs), VERIFY_X509_STRICT."
    return APIConnectionError(message=message, request=request)


_sleep = time.sleep


# ---------------------------------------------------- The client core: build a request, send it, retry, read the answer


def _log(level: str, message: str, *values: Any) -> None:
    if "logging" in sys.modules:  # importing it takes 4 ms
        import logging

        getattr(logging.getLogger("zhipuai_lite"), level)(message, *values)


@contextlib.contextmanager
def _naming(argument: str, advice: str = "") -> Iterator[None]:
    """Name the argument that an error is about."""
    try:
        yield
    except Exception as error:
        raise ValueError(f"{argument}{advice}: {error}") from error


def _checked(argument: str, value: Any, kind: Any) -> Any:
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"{argument}: expected {kind}, got {type(value)}")
    return value


def _checked_mapping(argument: str, value: Any) -> Any:
    return _checked(argument, value or {}, collections.abc.Mapping)


def _checked_timeout(timeout: Any) -> Tuple[float | None, float | None]:  # connect, read
    if hasattr(timeout, "connect"):  # of httpx
        timeout = timeout.connect, timeout.read
    limits = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(limits) not in (2, 4):  # httpx: write, pool
        raise ValueError("timeout: expected seconds, None or (connect, read)")
    connect, read = (each if each is None else _checked_number("timeout", each, 0.001) for each in limits[:2])
    return connect, read


def _checked_base_url(base_url: Any, argument: str) -> urllib.parse.SplitResult:
    text = str(base_url).strip().rstrip("/") + "/"
    pattern = r"(?ai)https?://([\w.~:-]+|\[[\w:.%]+\][:\d]*)/[!$-;=@-~]*"
    with contextlib.suppress(ValueError):  # an impossible port or IPv6 address
        url = urllib.parse.urlsplit(text)
        if re.fullmatch(pattern, text) and url.hostname and url.port != 0:
            return url
    raise ConfigurationError(f"{argument}: expected http[s]://host[:port][/path]")  # it may hold a password


def _path_segment(value: Any, argument: str) -> str:
    text = _encoded(value, argument)
    if isinstance(value, bool) or text in (b"", b".", b".."):
        raise ValueError(f"{argument}: expected an identifier, got {value!r}")
    return urllib.parse.quote(text, safe="")


def _with_headers(headers: Dict[str, str], more: Any, argument: str) -> Dict[str, str]:
    """`headers` and `more`, which win, in any case; None takes one away."""
    good = r"(?ai)(?!(content-length|transfer-encoding)\n)[!-9;-~]+\n[\t -~\xa0-\xff]*"
    for name, value in _checked_mapping(argument, more).items():
        lower = str(name).lower()
        headers = {other: kept for other, kept in headers.items() if other.lower() != lower}
        if value in (None, NOT_GIVEN):
            continue
        if not re.fullmatch(good, f"{name}\n{value}"):
            raise ValueError(f"{argument}: {name!r}: expected a header in Latin-1")
        headers[name] = _Secret(value) if lower in _SECRET_HEADERS else str(value)
    return headers


def _plain(value: Any) -> Any:
    """For JSON: of pydantic, a dataclass or a mapping."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if hasattr(value, "__fields__"):  # pydantic 1
        return value.dict(by_alias=True, exclude_none=True)
    return dict(vars(value) if hasattr(value, "__dataclass_fields__") else value.items())


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain).encode


def _json_bytes(body: Any, argument: str = "body") -> bytes:
    try:
        return _encode(body).encode()
    except Exception:
        with _naming(argument, " is no JSON"):
            for name, value in body.items() if isinstance(body, dict) and argument == "body" else ():
                _json_bytes(value, str(name))
            raise


def _encoded(value: Any, argument: str) -> bytes:
    """Text as UTF-8, or the bytes that Python could not decode."""
    if isinstance(value, (int, float)):
        return _json_bytes(value, argument)
    with _naming(argument):
        return str.encode("" if value is None else value, "utf-8", "surrogateescape")


def _fields(name: str, value: Any, list_suffix: str) -> Iterator[Tuple[str, bytes]]:
    """A value as fields of a form: `name[key]` of a mapping, `name` and the suffix of a list."""
    if hasattr(value, "items"):
        for key, item in value.items():
            yield from _fields(f"{name}[{key}]" if name else str(key), item, list_suffix)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _fields(name + list_suffix, item, list_suffix)
    else:
        text = _encoded(value, name)
        if text:
            yield name, text


def _query(values: _Mapping) -> str:
    return urllib.parse.urlencode([*_fields("", values, "")])


def _opened(content: Any) -> Any:
    """As a file at its start; the caller's stays open."""
    if isinstance(content, os.PathLike):
        return open(content, "rb")
    if isinstance(content, io.TextIOBase):
        raise TypeError("it is opened in text mode")
    if not hasattr(content, "seek"):
        return io.BytesIO(content)
    content.seek(0)
    return contextlib.nullcontext(content)


def _quoted(text: str) -> str:
    return re.sub(r'["\\\x00-\x1f\x7f]', lambda found: f"%{ord(found[0]):02X}", text)


def _file_part(name: Any, content: Any, kind: str = "") -> Tuple[Any, str]:
    """Content, and what a part's head says of it."""
    import mimetypes

    if name is None:
        name = getattr(content, "name", None)
        name = os.path.basename(name) if isinstance(name, str) else "upload"  # it may be a number
    elif isinstance(content, str):
        content = content.encode()
    name = os.fsdecode(name)
    kind = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return content, f'; filename="{_quoted(name)}"\r\nContent-Type: {_quoted(kind)}'


class _Multipart:
    """A form, whose files are read anew for each try."""

    def __init__(self, body: _Mapping, files: _Mapping, plain_lists: bool, on_block: Any) -> None:
        self._boundary = os.urandom(16).hex()
        self.content_type = f"multipart/form-data; boundary={self._boundary}"
        self._on_block = on_block  # is told (bytes done, bytes in all)
        self._parts: List[Tuple[Any, int]] = []  # content, size
        for name, text in _fields("", body, "" if plain_lists else "[]"):
            self._add(name, text)
        for name, file in files.items():
            given: Any = file if isinstance(file, tuple) else (None, file)
            with _naming(name, ": pass bytes, or a file as Path or open in binary mode"):
                self._add(str(name), *_file_part(*given))
        end = f"--{self._boundary}--\r\n".encode()
        self._parts.append((end, len(end)))
        self.size = sum(size for _, size in self._parts)

    def _add(self, name: str, content: Any, more: str = "") -> None:
        head = f'--{self._boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"{more}\r\n\r\n'
        for each in (_encoded(head, name), content, b"\r\n"):
            with _opened(each) as file:
                self._parts.append((each, file.seek(0, 2) or file.tell()))

    def __iter__(self) -> Iterator[bytes]:
        left = self.size
        try:
            for content, size in self._parts:
                end = left - size
                with _opened(content) as file:
                    while left > end:
                        block = file.read(min(left - end, _BLOCK))
                        left -= memoryview(block).nbytes  # which text has not
                        if not block or left < end:
                            raise ValueError("its size has changed")
                        yield block
                        if self._on_block:
                            self._on_block(self.size - left, self.size)
        except Exception as error:
            raise ZhipuAIError(f"Reading a file: {error}") from error


_NOTHING: Dict[str, str] = {}


class _Interface:
    """Its declaration's signature says what is sent, the decorator's options the rest."""

    chunk: Any = None  # the class of a stream's chunks
    streams = False  # unless told not to
    files: Tuple[str, ...] = ()  # parameters that are files
    one_of: Tuple[str, ...] = ()  # parameters of which one is needed
    form_only = False  # even without a file
    plain_lists = False  # in a form, without []
    renamed = _NOTHING  # parameters with another name on the wire, or none
    headers = _NOTHING  # parameters sent as a header
    prepare: Any = None  # changes the values
    timeout = "timeout"  # the parameter that is the time limit

    def __init__(self, function: Any, request: str, options: _Dict) -> None:
        code, defaults = function.__code__, function.__defaults__ or ()
        self.function = function
        self.method, self.path = request.split()
        self.name = function.__name__
        self.names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        self.defaults: _Dict = dict.fromkeys(self.names, ...)
        self.defaults.update(extra_headers=None, extra_body=None, timeout=NOT_GIVEN)
        self.defaults.update(zip(code.co_varnames[code.co_argcount - len(defaults) :], defaults))
        self.defaults.update(function.__kwdefaults__ or {})
        self.required = [name for name, default in self.defaults.items() if default is ...]
        self.result = globals()[function.__annotations__["return"].partition(" ")[0]]
        self.polls = self.name in getattr(self.result, "_poll", ("",))[0]  # asks for a task's state
        self.accept = "*/*" if self.result is BinaryResponse else "application/json"
        self.accept += ", text/event-stream" * ("chunk" in options)
        self.__dict__.update(options)

    def bound(self, resource: Any, args: Tuple[Any, ...], kwargs: _Dict) -> _Dict:
        """What is given, by name: None is not, but for the timeout."""
        name = f"{self.function.__qualname__}()"
        for unknown in kwargs.keys() - self.defaults:
            raise TypeError(f"{name} got {unknown!r}; it takes {', '.join(self.defaults)}")
        self.function(resource, *args, **kwargs)  # raises what Python raises for wrong arguments
        values = {**self.defaults, **dict(zip(self.names, args)), **kwargs}
        values = {n: v for n, v in values.items() if v is not NOT_GIVEN and (v is not None or n == self.timeout)}
        for names in filter(None, (*zip(self.required), self.one_of)):
            if values.keys().isdisjoint(names):
                raise TypeError(f"{name} needs {' or '.join(names)}; got None")
        return values

    def parts(self, given: _Dict) -> _Parts:
        """Path, query, headers, body, files."""
        left_out = ("extra_headers", "extra_body", "disable_strict_validation", self.timeout)
        values = {name: value for name, value in given.items() if name not in left_out}
        if self.prepare:
            self.prepare(values)
        path = re.sub("{(.*?)}", lambda found: _path_segment(values.pop(found[1], None), found[1]), self.path)
        headers = {header: values[name] for name, header in self.headers.items() if name in values}
        files = {name: values.pop(name) for name in self.files if name in values}
        sent = {self.renamed.get(name, name): value for name, value in values.items()}
        sent.pop("", None)
        in_query = self.method in ("GET", "DELETE") or len(self.names) == self.path.count("{")
        return (path, sent, headers, None, files) if in_query else (path, {}, headers, sent, files)

    @property
    def __signature__(self) -> Any:
        """For `inspect` and `help`: as a person would write it."""
        import inspect

        def readable(text: str, default: Any = NOT_GIVEN) -> Any:
            text = re.sub(r"\b_\w+", lambda found: _SHOWN[found[0]], text)
            text += " | None" * (default is None and not re.search("Any$|None", text))
            return type("Annotation", (str,), {"__repr__": str.__str__})(text)

        signature = inspect.signature(self.function)
        this, *own = signature.parameters.values()
        if own[-1].name == "options":
            own[-1:] = [*inspect.signature(_Core.request).parameters.values()][-3:]
        own = [each.replace(annotation=readable(each.annotation, each.default)) for each in own]
        return signature.replace(parameters=[this, *own], return_annotation=readable(signature.return_annotation))


_SHOWN = {"_List": "Sequence[Any]", "_Mapping": "Mapping[str, Any]", "_Bool": "bool", "_Seconds": "float | Any | None"}


class Resource(Generic[_Client]):
    """A group of interfaces. The groups in it are its annotations, made on first use."""

    def __init__(self, client: _Client) -> None:
        self._client = client

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            group = _groups(type(self)).get(name)
            if not group:
                return self.__getattribute__(name)  # which raises
            return self.__dict__.setdefault(name, group(self._client))

        def __dir__(self):
            return [*super().__dir__(), *_groups(type(self))]


def _groups(cls: type) -> Dict[str, Any]:
    hints: _Dict = {}
    for base in reversed(cls.__mro__):
        hints.update(getattr(base, "__annotations__", {}))
    return {name: globals()[hint[:-9]] for name, hint in hints.items() if str(hint).endswith("[_Client]")}


if TYPE_CHECKING:
    _Function = Callable[Concatenate[Any, _P], _R_co]

    class _Endpoint(Protocol[_R_co, _A_co]):
        @overload
        def __get__(self, resource: Resource[ZhipuAI], owner: Any = None) -> _R_co: ...
        @overload
        def __get__(self, resource: Resource[AsyncZhipuAI], owner: Any = None) -> _A_co: ...

    _Method = _Endpoint[Callable[_P, _R_co], Callable[_P, Awaitable[_A_co]]]
    _Parts = Tuple[str, _Mapping, _Mapping, Any, _Mapping]

    class _StreamCall(Protocol[_P, _Streamed, _Either, _R_co, _A_co]):
        @overload
        def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R_co: ...
        @overload
        def __call__(self, *args: _Streamed.args, **kwargs: _Streamed.kwargs) -> _A_co: ...
        @overload
        def __call__(self, *args: _Either.args, **kwargs: _Either.kwargs) -> Union[_R_co, _A_co]: ...

    _Streaming = _Endpoint[
        _StreamCall[_P, _Streamed, _Either, _R_co, _A_co],
        _StreamCall[_P, _Streamed, _Either, Awaitable[_T], Awaitable[_C]],
    ]


def _interface(
    request: str, docs: str = "", **options: Any
) -> Callable[[_Function[_P, _R_co]], _Method[_P, _R_co, _R_co]]:
    """Declare an interface: method and path with {parameters}; /api/... hangs on the base URL's root."""

    def decorate(function: Any) -> Any:
        function.__qualname__ = function.__qualname__.lstrip("_")  # in Python's errors, too
        interface = _Interface(function, request, options)

        @functools.wraps(function)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            return self._client._call(self, interface, interface.bound(self, args, kwargs))

        call.__dict__["__wrapped__"] = interface
        call.__annotations__ = {}  # for checkers only
        page = f"api-reference/{docs}" if docs else "cn/api/introduction"
        call.__doc__ = f"{function.__doc__}\n\n{request}\nhttps://docs.bigmodel.cn/{page}"
        return call

    return decorate


def _streaming(
    off: _Function[_P, _R_co], on: _Function[_Streamed, _R_co], either: _Function[_Either, _R_co],
    request: str, chunk: Type[_C], docs: str = "", **options: Any,
) -> _Streaming[_P, _Streamed, _Either, _R_co, Stream[_C], _R_co, AsyncStream[_C]]:  # fmt: skip
    """An interface that streams for `stream=True`: its function for each type of `stream`."""
    return _interface(request, docs, **options, chunk=chunk)(off)  # type: ignore[return-value]


def _streaming_unless(
    off: _Function[_P, _R_co], on: _Function[_Streamed, _R_co], either: _Function[_Either, _R_co],
    request: str, chunk: Type[_C], docs: str = "",
) -> _Streaming[_Streamed, _P, _Either, Stream[_C], _R_co, AsyncStream[_C], _R_co]:  # fmt: skip
    """An interface that streams unless told not to."""
    return _interface(request, docs, chunk=chunk, streams=True)(off)  # type: ignore[arg-type, return-value]


def _events(
    request: str, chunk: Type[_C], docs: str = "", **options: Any
) -> Callable[[_Function[_P, Any]], _Method[_P, Stream[_C], AsyncStream[_C]]]:
    """An interface that always streams."""
    return _interface(request, docs, **options, chunk=chunk, streams=True, accept="text/event-stream")


def _paged(
    request: str, item: Type[_C], docs: str = ""
) -> Callable[[_Function[_P, _R_co]], _Method[_P, _R_co, AsyncPage[_C]]]:
    """An interface that answers with pages."""
    return _interface(request, docs)  # type: ignore[return-value]


class _AnyInterface(_Interface):
    """What `request` asks for: its arguments are the parts."""

    name, accept, polls = "request", "*/*", False

    def __init__(self, function: Any, method: Any, result: Any, stream: Any) -> None:
        if not re.fullmatch("[A-Za-z]+", method or ""):
            raise ValueError(f"method: expected the like of GET, got {method!r}")
        self.function, self.method, self.streams = function, method, bool(stream)
        self.result = result if issubclass(result, (dict, Response)) else Model
        self.chunk = ChatCompletionChunk if result is Completion else result if issubclass(result, Model) else Model

    def parts(self, given: _Dict) -> _Parts:
        path, elsewhere = given["path"], r"^[\w+.-]*:?//|#|(^|/)\.\.?(/|\?|$)"
        if not isinstance(path, str) or re.search(elsewhere, urllib.parse.unquote(path)):
            raise ValueError(f"path: expected a path below the base URL, got {path!r}")
        path = urllib.parse.quote(path, safe="/%?=&:@!$'()*+,;~")
        query, files = (_checked_mapping(name, given.get(name)) for name in ("params", "files"))
        return path, query, given.get("headers", {}), given["body"], files


class _Core(Resource[_Client]):
    """What both clients are made of."""

    _key_variable = "ZHIPUAI_API_KEY"
    _url_variable = "ZHIPUAI_BASE_URL"
    _default_url = "https://open.bigmodel.cn/api/paas/v4/"
    _own_headers: Dict[str, str] = _NOTHING
    _call: Any  # each client's own, like the next
    _follow: Any
    _client: Any = property(lambda self: self)
    _progress: Any = None  # is told (bytes done, in all)
    _closed = False

    def __init__(
        self, *, api_key: str = None, base_url: Any = None, timeout: _Seconds = NOT_GIVEN, max_retries: int | None = 3,
        http_client: urllib.request.OpenerDirector = None, custom_headers: _Mapping = None,
        disable_token_cache: bool | None = False, source_channel: str = None, ssl_context: ssl.SSLContext = None,
        max_connections: int | None = 256,
    ) -> None:  # fmt: skip
        self._workers: Dict[int, _Workers] = {}  # of each process
        if api_key is None:
            api_key = _Secret(os.environ.get(self._key_variable, ""))
        self.api_key = api_key = _checked_key(api_key, self._key_variable)
        url = base_url or os.environ.get(self._url_variable) or self._default_url
        self._base = _checked_base_url(url, f"base_url or {self._url_variable}")
        self.base_url = self._base.geturl()
        self.timeout = (8.0, 300.0) if timeout is NOT_GIVEN else timeout
        _checked_timeout(self.timeout)
        self.max_retries = _checked_number("max_retries", 3 if max_retries is None else max_retries, 0, int)
        self.max_connections = _checked_number("max_connections", max_connections or 256, 1, int)
        self._opener = self.http_client = _checked("http_client", http_client, urllib.request.OpenerDirector)
        self.ssl_context = _checked("ssl_context", ssl_context, ssl.SSLContext)
        self.disable_token_cache = disable_token_cache
        self.source_channel = channel = source_channel or "python-sdk"
        own = {"User-Agent": f"zhipuai_lite/{__version__}", "x-source-channel": channel, "Authorization": ""}
        headers = _with_headers(self._own_headers, own, "source_channel")
        self._headers = _with_headers(headers, custom_headers, "custom_headers")

    def __getstate__(self) -> _Dict:
        state = {name: value for name, value in vars(self).items() if not isinstance(value, Resource)}
        return {**state, "_opener": self.http_client, "_workers": {}}

    @property
    def auth_headers(self) -> Dict[str, str]:
        key, is_plain = self.api_key, self.disable_token_cache or not _can_sign(self.api_key)
        return {"Authorization": _Secret(f"Bearer {key if is_plain else _tokens.get(key)}")}

    @property
    def _default_headers(self) -> Dict[str, str]:
        """For programs that send JSON by other means."""
        own = {name: value for name, value in self._headers.items() if value}
        return {"Accept": "application/json", "Content-Type": "application/json", **self.auth_headers, **own}

    def is_closed(self) -> bool:
        return self._closed

    def _build(self, resource: Any, interface: _Interface, values: _Dict) -> _Call:
        path, query, headers, body, files = interface.parts(values)
        root = self._base.path.rpartition("/api/" if path.startswith("/api/") else "/")[0]
        url = f"{self._base.scheme}://{self._base.netloc}{root}/{path.lstrip('/')}"
        if query:
            url += ("&" if "?" in url else "?") + _query(query)
        extra = _checked_mapping("extra_body", values.get("extra_body"))
        if extra:
            body = {**_checked_mapping("body", body), **extra}
        headers = _with_headers({**self._headers, "Accept": interface.accept}, headers, "headers")
        content: Any = None
        if files or interface.form_only:
            content = _Multipart(_checked_mapping("body", body), files, interface.plain_lists, self._progress)
            headers.update({"Content-Type": content.content_type, "Content-Length": str(content.size)})
        elif body is not None:
            content = _json_bytes(body)
            headers["Content-Type"] = "application/json"
        headers = _with_headers(headers, values.get("extra_headers"), "extra_headers")
        limits = _checked_timeout(values.get(interface.timeout, self.timeout))
        call = _Call(self, interface, url, headers, content, limits)
        if interface.chunk and (body if isinstance(body, dict) else {}).get("stream", interface.streams):
            call.result = Stream
        elif values.get("disable_strict_validation"):
            call.result = dict
        elif issubclass(call.result, SyncCursorPage):
            call.page = functools.partial(_fetch_page, getattr(resource, interface.name), values), query.get("after")
        return call

    def _send(self, call: _Call) -> Any:
        attempt, is_synchronised = 1, not _can_sign(self.api_key)
        while True:
            try:
                return self._attempt(call)
            except APIError as error:
                if error.code == "1003" and isinstance(error, AuthenticationError) and not is_synchronised:
                    is_synchronised = _tokens.synchronise(self.api_key, error.response.headers.get("date"))
                    if is_synchronised:  # our clock was wrong
                        continue
                delay = _retry_delay(error, attempt)
                if delay is None or attempt > self.max_retries:
                    raise
                attempt += 1
                _log("info", "%r: %s, attempt %d in %.1f s", call.request, type(error).__name__, attempt, delay)
            (_sleep if call.job is None else call.job.sleep)(delay)

    def _attempt(self, call: _Call) -> Any:
        if self._closed:
            raise ZhipuAIError("The client is closed.")
        call.check()
        self._opener = self._opener or _new_opener(self.ssl_context, *_proxy_for(self._base))
        headers = call.headers
        if headers.get("Authorization") == "":  # ours
            headers = {**headers, **self.auth_headers}
        try:
            answer = self._opener.open(call.encoded(headers), timeout=call.timeouts[1])
            if answer is None:
                raise _BrokenAnswer("no answer")
        except urllib.error.HTTPError as error:  # an answer, too
            answer = error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise _connection_error(error, call.request, call.connection, call.timeouts[1]) from error
        secrets = [_Secret(value.rpartition(" ")[2]) for value in headers.values() if isinstance(value, _Secret)]
        kind = call.result if issubclass(call.result, Response) else Response
        response = kind(call, answer, [self.api_key, *secrets])
        _log("debug", "%r: %d", call.request, response.status_code)
        return self._read(call, response)

    def _read(self, call: _Call, response: Response) -> Any:
        if response.status_code // 100 != 2:
            response._load_error()
            raise _status_error(response)
        kind, streams = response.headers.get_content_type(), call.result is Stream
        if isinstance(response, BinaryResponse):
            response._limit_waits()
            response._on_block = self._progress
            content = response._peek(_BLOCK) if kind.endswith("json") else b""  # an error, perhaps
        elif streams and (not kind.endswith(("json", "/html")) or _begins_like_events(response._peek(8))):
            response._limit_waits()
            return Stream(response, call.interface.chunk)
        else:
            content = b"" if kind == "text/event-stream" else response.read()  # which may have no end
        result: Any = None if response.status_code == 204 else ""  # what is no JSON
        with contextlib.suppress(ValueError, RecursionError):
            result = json.loads(content)
            if hasattr(call.result, "_poll"):  # an error of `wait`, perhaps
                result = _cleaned(result, response._secrets)
            if isinstance(result, dict) and not (call.interface.polls and _task_state(result)):
                error = result.get("error")
                is_task = "id" in result and issubclass(call.result, (FineTuningJob, ResponseObject))
                if not is_task and (error or _is_failure(result)):
                    response.close()
                    raise _answer_error(response, result, error if isinstance(error, dict) else result)
            if issubclass(call.result, Model):
                result = call.result._maker()(result)
        if isinstance(response, call.result):
            return response
        expected: Any = dict if streams or call.page or call.interface.polls else (dict, list, type(None))
        if not isinstance(result, expected) or (call.page and not isinstance(result.get("data") or [], list)):
            response._forget_secrets()
            text = f"Expected a JSON object, got {kind}: {_readable(response.text, 300)}"
            raise APIResponseValidationError(response, message=text)
        if streams:  # but the server does not
            for choice in _choices(result) if call.interface.chunk is ChatCompletionChunk else ():
                choice.setdefault("delta", choice.get("message"))
            event = f"data: {json.dumps(result)}\n\ndata: [DONE]\n\n"
            return Stream(response, call.interface.chunk, [event.encode()])
        return result._attach(*call.page) if isinstance(result, SyncCursorPage) else result

    def request(
        self, method: str, path: str, *, body: Any = None, params: _Mapping = None, files: _Mapping = None,
        cast_type: Any = Model, stream: bool = False, stream_cls: Any = None, options: _Mapping = None,
        extra_headers: _Mapping = None, extra_body: _Mapping = None, timeout: _Seconds = NOT_GIVEN,
    ) -> Any:  # fmt: skip
        """An interface without a method here. `path`: below the base URL, or /api/... below its root.

        `cast_type`: a model class, `dict`, `BinaryResponse` or `Response`. `options` win.
        """
        given = {**locals(), **_checked_mapping("options", options)}
        values = {name: given[name] for name in given.keys() - {"self", "options"} if given[name] is not NOT_GIVEN}
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
        """The finished task, asked for every `interval` seconds, growing to 30. `parameters` go with each question.

        `APIResponseError` when it fails, `APITimeoutError` after `timeout` seconds (None: never).
        """
        return self._follow(_Polling(self, task, timeout, interval, on_update, parameters))


class _Polling:
    """What `wait` does, but for sleeping and asking."""

    def __init__(self, client: Any, task: Any, timeout: Any, interval: Any, on_update: Any, parameters: _Dict) -> None:
        if not hasattr(type(task), "_poll"):
            raise TypeError(f"task: expected a task, got {type(task)}")
        name, keys = task._poll
        self.task = task
        self.ask = functools.partial(operator.attrgetter(name)(client), *map(task.get, keys), **parameters)
        self._limits = _checked_timeout(client.timeout)
        self._deadline = time.monotonic() + _checked_number("timeout", 1e11 if timeout is None else timeout, 0)
        self._interval = _checked_number("interval", interval, 0)
        self._on_update = _checked("on_update", on_update, collections.abc.Callable)

    def has_ended(self) -> bool:
        state = _task_state(self.task)
        if not re.match("fail|error|expired|cancelled", state):
            return bool(re.match("succe|completed", state) or (not state and self.task.get("choices")))
        reason = _reason(self.task)[1] or self.task.get("errors") or "no reason given"
        raise APIResponseError(f"The task ended with status {state}: {reason}", None, self.task)

    def pause(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise APITimeoutError(message=f"Request timed out: the task is still {_task_state(self.task)}.")
        self.ask.keywords["timeout"] = tuple(min(max(left, 1), limit or 600) for limit in self._limits)
        interval = self._interval
        self._interval = min(max(interval, 0.1) * 1.5, max(interval, 30))
        return min(interval, left)

    def take(self, task: Any) -> None:
        self.task = task
        if self._on_update:
            self._on_update(task)


def _task_state(task: _Dict) -> str:
    return str(task.get("task_status") or task.get("status") or "").lower()


def _fetch_page(method: Any, values: _Dict, more: _Dict) -> Any:
    if "params" in values:  # of `request`
        more = {"params": {**(values["params"] or {}), **more}}
    return method(**{**values, **more})


def _status_error(response: Response) -> APIStatusError:
    text = body = response.text.lstrip("\ufeff").strip()
    with contextlib.suppress(ValueError, RecursionError):
        body = json.loads(text)
        if "\\u" in text:
            text = json.dumps(body, ensure_ascii=False)  # readable Chinese
    status = response.status_code
    error_class = _STATUS_ERRORS.get(status, InternalServerError if status >= 500 else APIStatusError)
    return error_class(f"Error code: {status}, with error text {text}", response=response, body=body or None)


def _retry_delay(error: APIError, attempt: int) -> float | None:
    """Seconds until the next try; None where that cannot succeed."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    status = getattr(error, "status_code", 0)
    code, asked = error.code or "", headers.get("retry-after", "")
    may_pass = status >= 500 or status in (408, 409, 429) or isinstance(error, APIConnectionError)
    may_pass = code in _TRANSIENT or (may_pass and not re.fullmatch(_PERMANENT, code))
    advice = headers.get("x-should-retry", str(may_pass).lower())
    if advice != "true" or isinstance(error.__cause__, (ssl.CertificateError, _Refused)):
        return None
    try:
        seconds = float(asked)
    except ValueError:
        seconds = (_http_date(asked) or 0) - time.time()
    return seconds if 0 < seconds <= 60 else min(2**attempt, 32) / 4 * (1 - os.urandom(1)[0] / 1024)


# --------------------------- Endpoints: one class a resource, one method an interface; the signature is what is sent
# A parameter a line would be a thousand lines.
# fmt: off


def _clamp(values: _Dict) -> None:
    """As in the official SDK, sampling parameters stay within 0.01 and 0.99."""
    for name in values.keys() & {"temperature", "top_p"}:
        value = values[name]
        if isinstance(value, (int, float)) and (value <= 0 or value >= 1):
            values[name] = 0.01 if value <= 0 else 0.99


def _prepare_chat(values: _Dict) -> None:
    temperature, messages = values.get("temperature"), values["messages"]
    if isinstance(temperature, (int, float)) and temperature <= 0:
        values["do_sample"] = False
    _clamp(values)
    if isinstance(messages, list):
        values["messages"] = [*map(_with_bare_base64, messages)]


def _with_bare_base64(part: Any) -> Any:
    """A message, or its part; images lose the prefix of data: URLs, as the official SDK has it."""
    with contextlib.suppress(LookupError, TypeError, AttributeError):  # it is neither
        if isinstance(part.get("content"), list):
            return {**part, "content": [*map(_with_bare_base64, part["content"])]}
        head, _, data = part["image_url"]["url"].rpartition("base64,")
        if part["type"] == "image_url" and head.startswith("data:image/"):
            return {**part, "image_url": {**part["image_url"], "url": data}}
    return part


class _Completions(Generic[_Bool]):
    def create(
        self, *, model: str, messages: _List, request_id: str = None, user_id: str = None, do_sample: bool = None,
        stream: _Bool = None, temperature: float = None, top_p: float = None, max_tokens: int = None, seed: int = None,
        stop: str | Sequence[str] | None = None, sensitive_word_check: Any = None, tools: Any = None,
        tool_choice: Any = None, meta: _Mapping = None, extra: Any = None, response_format: Any = None,
        thinking: Any = None, reasoning_effort: str = None, tool_stream: bool = None, watermark_enabled: bool = None,
        **options: Unpack[_Options]
    ) -> Completion:
        """Chat. `temperature` and `top_p`: 0.01 to 0.99; a temperature of 0: no sampling.

        `thinking`: {"type": "enabled" | "disabled"}. `reasoning_effort`: none ... max. At most 4 `stop`, 128 `tools`.
        `max_tokens`: to 131072, by model. `request_id`: 6 to 64 characters.
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
        """Queue a chat; `client.wait` fetches its answer. (For asyncio: `AsyncZhipuAI`.)"""

    @_interface("GET /async-result/{id}", "模型-api/查询异步结果")
    def retrieve_completion_result(self, id: str, **options: Unpack[_Options]) -> AsyncCompletion | AsyncTaskStatus:
        """Has the answer once `task_status` is SUCCESS."""


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
        """Embeddings. embedding-3: at most 64 texts of 3072 tokens; `dimensions`: 256, 512, 1024, 2048 (default)."""


class Rerank(Resource[_Client]):
    @_interface("POST /rerank", "模型-api/文本重排序")
    def create(
        self, *, model: str, query: str, documents: Sequence[str], top_n: int = None, return_documents: bool = None,
        return_raw_scores: bool = None, request_id: str = None, user_id: str = None, **options: Unpack[_Options]
    ) -> RerankResp:
        """`documents`: at most 128; each, and `query`, at most 4096 characters."""


class Tokenizer(Resource[_Client]):
    @_interface("POST /tokenizer", "模型-api/文本分词器")
    def create(
        self, *, model: str, messages: _List, tools: Any = None, request_id: str = None, user_id: str = None,
        **options: Unpack[_Options]
    ) -> TokenizerResp:
        """Count tokens."""


class Models(Resource[_Client]):
    @_interface("GET /models")
    def list(self, **options: Unpack[_Options]) -> ModelList:
        """The flagship models; others work, too."""


class Images(Resource[_Client]):
    @_interface("POST /images/generations", "模型-api/图像生成")
    def generations(
        self, *, prompt: str, model: str = None, n: int = None, quality: str = None, response_format: str = None,
        size: str = None, style: str = None, sensitive_word_check: Any = None, user: str = None, request_id: str = None,
        user_id: str = None, watermark_enabled: bool = None, disable_strict_validation: bool = None,
        **options: Unpack[_Options]
    ) -> ImagesResponded:
        """`size`: "1024x1024"; sides of 512 to 2048 px, by model."""

    @_interface("POST /async/images/generations", "模型-api/图像生成异步")
    def async_generations(
        self, *, prompt: str, model: str = None, quality: str = None, size: str = None, request_id: str = None,
        user_id: str = None, watermark_enabled: bool = None, **options: Unpack[_Options]
    ) -> AsyncImagesResponded:
        """Queue a picture (glm-image); `client.wait` fetches it."""

    @_interface("GET /async-result/{id}", "模型-api/查询异步结果")
    def retrieve_images_result(self, id: str, **options: Unpack[_Options]) -> AsyncImagesResponded:
        """Has `image_result` once `task_status` is SUCCESS."""


class Videos(Resource[_Client]):
    @_interface("POST /videos/generations", "模型-api/视频生成异步")
    def generations(
        self, model: str, *, prompt: str = None, image_url: Any = None, quality: str = None, with_audio: bool = None,
        size: str = None, duration: int = None, fps: int = None, style: str = None, aspect_ratio: str = None,
        movement_amplitude: str = None, off_peak: bool = None, sensitive_word_check: Any = None, request_id: str = None,
        user_id: str = None, watermark_enabled: bool = None, **options: Unpack[_Options]
    ) -> VideoObject:
        """Queue a video; `client.wait` fetches it. `prompt`: at most 512 characters. `duration`: seconds."""

    @_interface("GET /async-result/{id}", "模型-api/查询异步结果")
    def retrieve_videos_result(self, id: str, **options: Unpack[_Options]) -> VideoObject:
        """Has `video_result` once `task_status` is SUCCESS."""


class _Transcriptions(Generic[_Bool]):
    def create(
        self, *, model: str, file: Any = None, file_base64: str = None, prompt: str = None,
        hotwords: Sequence[str] = None, request_id: str = None, user_id: str = None, stream: _Bool = None,
        temperature: float = None, sensitive_word_check: Any = None, **options: Unpack[_Options]
    ) -> Transcription:
        """Speech (wav, mp3; at most 25 MB, 30 s) to text; at most 100 `hotwords`."""


class Transcriptions(Resource[_Client]):
    create = _streaming(
        _Transcriptions[_Off].create, _Transcriptions[_On].create, _Transcriptions[bool].create,
        "POST /audio/transcriptions", TranscriptionChunk, "模型-api/语音转文本", prepare=_clamp, files=("file",),
        one_of=("file", "file_base64"), form_only=True, plain_lists=True
    )


class _Audio(Generic[_Bool]):
    def speech(
        self, *, model: str, input: str = None, voice: str = None, response_format: str = None,
        sensitive_word_check: Any = None, request_id: str = None, user_id: str = None,
        stream: _Bool | None = False,  # type: ignore[assignment]
        encode_format: str = None, speed: float = None, volume: float = None, watermark_enabled: bool = None,
        **options: Unpack[_Options]
    ) -> BinaryResponse:
        """Text (at most 1024 characters) to speech. `speed`: 0.5 to 2, `volume`: 0 to 10 (both: default 1).

        `response_format`: wav or pcm (default; 24 kHz); `encode_format` of streams, which are pcm: base64 or hex.
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
        """Superseded by `voice.clone`."""


class Voice(Resource[_Client]):
    @_interface("POST /voice/clone", "模型-api/音色复刻")
    def clone(
        self, *, voice_name: str, input: str, file_id: str, model: str, text: str = None, request_id: str = None,
        **options: Unpack[_Options]
    ) -> VoiceCloneResult:
        """Clone a voice from a file (purpose voice-clone-input; at most 10 MB, 3 to 30 s)."""

    @_interface(
        "GET /voice/list", "模型-api/音色列表", renamed={"voice_type": "voiceType", "voice_name": "voiceName"},
        headers={"request_id": "Request-Id"}
    )
    def list(
        self, *, voice_type: str = None, voice_name: str = None, request_id: str = None, **options: Unpack[_Options]
    ) -> VoiceListResult:
        """`voice_type`: PRIVATE or OFFICIAL."""

    @_interface("POST /voice/delete", "模型-api/删除音色")
    def delete(self, *, voice: str, request_id: str = None, **options: Unpack[_Options]) -> VoiceDeleteResult:
        """Delete it."""


class Files(Resource[_Client]):
    @_interface("POST /files", "文件-api/上传文件", files=("file",), one_of=("file", "upload_detail"))
    def create(
        self, *, file: Any = None, upload_detail: _List = None, purpose: str, knowledge_id: str = None,
        sentence_size: int = None, **options: Unpack[_Options]
    ) -> FileObject:
        """`purpose`: batch (.jsonl, at most 100 MB), agent, voice-clone-input, ..."""

    @_paged("GET /files", FileObject, "文件-api/文件列表")
    def list(
        self, *, purpose: str = None, limit: int = None, after: str = None, order: str = None,
        **options: Unpack[_Options]
    ) -> ListOfFileObject:
        """`limit`: files a page, 1 to 100 (default 20)."""

    @_interface("DELETE /files/{file_id}", "文件-api/删除文件")
    def delete(self, file_id: str, **options: Unpack[_Options]) -> FileDeleted:
        """Delete it."""

    @_interface("GET /files/{file_id}/content", "文件-api/文件内容")
    def content(self, file_id: str, **options: Unpack[_Options]) -> BinaryResponse:
        """What it holds, like the results of a batch."""


class FileParser(Resource[_Client]):
    @_interface("POST /files/parser/create", "工具-api/文件解析", files=("file",), one_of=("file",))
    def create(
        self, *, file: Any = None, file_type: str = None, tool_type: str, **options: Unpack[_Options]
    ) -> FileParserTaskCreateResp:
        """Queue a document; `client.wait` fetches its text. `tool_type`: lite, expert or prime."""

    @_interface("GET /files/parser/result/{task_id}/{format_type}", "工具-api/解析结果")
    def content(self, task_id: str, *, format_type: str, **options: Unpack[_Options]) -> BinaryResponse:
        """`format_type`: text or download_link."""

    @_interface("GET /files/parser/result/{task_id}/{format_type}", "工具-api/解析结果")
    def result(
        self, task_id: str, *, format_type: str = "text", **options: Unpack[_Options]
    ) -> FileParsingDownloadResp:
        """The same, typed."""

    @_interface("POST /files/parser/sync", "工具-api/文件解析同步", files=("file",), one_of=("file",))
    def create_sync(
        self, *, file: Any = None, file_type: str = None, tool_type: str, **options: Unpack[_Options]
    ) -> FileParsingDownloadResp:
        """Parse at once. `tool_type`: prime-sync, which may need `file_type`."""


class Ocr(Resource[_Client]):
    @_interface("POST /files/ocr", "工具-api/ocr-服务", files=("file",))
    def handwriting_ocr(
        self, *, file: Any, tool_type: str, language_type: str = None, probability: bool = None,
        **options: Unpack[_Options]
    ) -> HandwritingOCRResp:
        """`tool_type`: hand_write."""


class LayoutParsing(Resource[_Client]):
    @_interface("POST /layout_parsing", "模型-api/文档解析")
    def create(
        self, *, model: str, file: str, return_crop_images: bool = None, need_layout_visualization: bool = None,
        start_page_id: int = None, end_page_id: int = None, request_id: str = None, user_id: str = None,
        **options: Unpack[_Options]
    ) -> LayoutParsingResp:
        """glm-ocr. `file`: address or base64; images of at most 10 MB, PDFs of 50 MB and 100 pages."""


class Batches(Resource[_Client]):
    @_interface("POST /batches", "批处理-api/创建批处理任务")
    def create(
        self, *, completion_window: str = None, endpoint: str, input_file_id: str, metadata: _Mapping = None,
        auto_delete_input_file: bool = True, **options: Unpack[_Options]
    ) -> Batch:
        """At most 50,000 lines. `endpoint`: "/v4/chat/completions", `completion_window`: "24h"."""

    @_interface("GET /batches/{batch_id}", "批处理-api/检索批处理任务")
    def retrieve(self, batch_id: str, **options: Unpack[_Options]) -> Batch:
        """Its state."""

    @_paged("GET /batches", Batch, "批处理-api/列出批处理任务")
    def list(self, *, after: str = None, limit: int = None, **options: Unpack[_Options]) -> ListOfBatch:
        """`limit`: batches a page (default 20)."""

    @_interface("POST /batches/{batch_id}/cancel", "批处理-api/取消批处理任务")
    def cancel(self, batch_id: str, **options: Unpack[_Options]) -> Batch:
        """Cancel it."""


class Jobs(Resource[_Client]):
    @_interface("POST /fine_tuning/jobs")
    def create(
        self, *, model: str, training_file: str, hyperparameters: Any = None, suffix: str = None,
        request_id: str = None, validation_file: str = None, **options: Unpack[_Options]
    ) -> FineTuningJob:
        """Start one."""

    @_interface("GET /fine_tuning/jobs/{fine_tuning_job_id}")
    def retrieve(self, fine_tuning_job_id: str, **options: Unpack[_Options]) -> FineTuningJob:
        """Its state."""

    @_paged("GET /fine_tuning/jobs", FineTuningJob)
    def list(self, *, after: str = None, limit: int = None, **options: Unpack[_Options]) -> ListOfFineTuningJob:
        """The jobs."""

    @_paged("GET /fine_tuning/jobs/{fine_tuning_job_id}/events", JobEvent)
    def list_events(
        self, fine_tuning_job_id: str, *, after: str = None, limit: int = None, **options: Unpack[_Options]
    ) -> FineTuningJobEvent:
        """What happened in it."""

    @_interface("POST /fine_tuning/jobs/{fine_tuning_job_id}/cancel")
    def cancel(self, fine_tuning_job_id: str, **options: Unpack[_Options]) -> FineTuningJob:
        """Cancel it."""

    @_interface("DELETE /fine_tuning/jobs/{fine_tuning_job_id}")
    def delete(self, fine_tuning_job_id: str, **options: Unpack[_Options]) -> FineTuningJob:
        """Delete it."""


class FineTunedModels(Resource[_Client]):
    @_interface("DELETE /fine_tuning/fine_tuned_models/{fine_tuned_model}")
    def delete(self, fine_tuned_model: str, **options: Unpack[_Options]) -> FineTunedModelsStatus:
        """Delete one."""


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
        """`purpose`: retrieval."""

    @_interface("PUT /document/{document_id}", prepare=_repeat_id)
    def edit(
        self, document_id: str, knowledge_type: str, *, custom_separator: Sequence[str] = None,
        sentence_size: int = None, callback_url: str = None, callback_header: _Mapping = None,
        **options: Unpack[_Options]
    ) -> Response:
        """Change how it is cut up."""

    @_interface("GET /files")
    def list(
        self, knowledge_id: str, *, purpose: str = None, page: str | int | None = None, limit: str | int | None = None,
        order: str = None, **options: Unpack[_Options]
    ) -> DocumentPage:
        """Of a knowledge base."""

    @_interface("DELETE /document/{document_id}")
    def delete(self, document_id: str, **options: Unpack[_Options]) -> Response:
        """Delete it."""

    @_interface("GET /document/{document_id}")
    def retrieve(self, document_id: str, **options: Unpack[_Options]) -> DocumentData:
        """A document."""


class Knowledge(Resource[_Client]):
    """Superseded by `knowledge_base`."""

    document: Document[_Client]

    @_interface("POST /knowledge")
    def create(
        self, embedding_id: int, name: str, *, customer_identifier: str = None, description: str = None,
        background: str = None, icon: str = None, bucket_id: str = None, **options: Unpack[_Options]
    ) -> KnowledgeInfo:
        """`name`: at most 100, `description`: at most 500 characters."""

    @_interface("PUT /knowledge/{knowledge_id}", prepare=_repeat_id)
    def modify(
        self, knowledge_id: str, embedding_id: int, *, name: str, description: str = None, background: str = None,
        icon: str = None, **options: Unpack[_Options]
    ) -> Response:
        """Change one."""

    @_interface("GET /knowledge")
    def query(self, *, page: int | None = 1, size: int | None = 10, **options: Unpack[_Options]) -> KnowledgePage:
        """All."""

    @_interface("DELETE /knowledge/{knowledge_id}")
    def delete(self, knowledge_id: str, **options: Unpack[_Options]) -> Response:
        """Delete one."""

    @_interface("GET /knowledge/capacity")
    def used(self, **options: Unpack[_Options]) -> KnowledgeUsed:
        """How much is used."""


def _form_json(values: _Dict) -> None:
    if "callback_header" in values:  # an object in a form is JSON (OpenAPI's default)
        values["callback_header"] = _json_bytes(values["callback_header"], "callback_header").decode()


class KnowledgeBaseDocuments(Resource[_Client]):
    @_interface("GET /api/llm-application/open/document", "知识库-api/文档列表")
    def list(
        self, knowledge_id: str, *, page: int = None, size: int = None, word: str = None, **options: Unpack[_Options]
    ) -> KnowledgeBaseDocumentListResp:
        """`size`: documents a page (default 10); `word`: in their names."""

    @_interface(
        "POST /api/llm-application/open/document/upload_document/{id}", "知识库-api/上传文件文档", prepare=_form_json,
        files=("files",), plain_lists=True
    )
    def upload(
        self, id: str, *, files: Any, knowledge_type: int = None, custom_separator: Sequence[str] = None,
        sentence_size: int = None, parse_image: bool = None, callback_url: str = None, callback_header: _Mapping = None,
        word_num_limit: str = None, req_id: str = None, **options: Unpack[_Options]
    ) -> KnowledgeBaseUploadResp:
        """`knowledge_type`: 1 headings, 2 Q&A, 3 rows, 5 custom, 6 pages, 7 single. `sentence_size`: 20 to 2000 (5)."""

    @_interface("POST /api/llm-application/open/document/upload_url", "知识库-api/上传url文档")
    def upload_urls(
        self, *, knowledge_id: str, upload_detail: _List, **options: Unpack[_Options]
    ) -> KnowledgeBaseUploadResp:
        """`upload_detail`: [{"url", "knowledge_type", ...}]."""

    @_interface("GET /api/llm-application/open/document/{id}", "知识库-api/文档详情")
    def retrieve(self, id: str, **options: Unpack[_Options]) -> KnowledgeBaseDocumentResp:
        """Says whether it was vectorised: searches do not."""

    @_interface("DELETE /api/llm-application/open/document/{id}", "知识库-api/删除文档")
    def delete(self, id: str, **options: Unpack[_Options]) -> Envelope:
        """Delete it."""

    @_interface("POST /api/llm-application/open/document/embedding/{id}", "知识库-api/重新向量化")
    def reembed(
        self, id: str, *, callback_url: str = None, callback_header: _Mapping = None, **options: Unpack[_Options]
    ) -> Envelope:
        """Vectorise it again."""

    @_interface("POST /api/llm-application/open/document/slice/image_list/{id}", "知识库-api/解析文档图片")
    def images(self, id: str, **options: Unpack[_Options]) -> KnowledgeBaseImagesResp:
        """The pictures in it."""


class KnowledgeBase(Resource[_Client]):
    documents: KnowledgeBaseDocuments[_Client]

    @_interface("POST /api/llm-application/open/knowledge", "知识库-api/创建知识库")
    def create(
        self, *, embedding_id: int, name: str, embedding_model: str = None, contextual: int = None,
        description: str = None, background: str = None, icon: str = None, **options: Unpack[_Options]
    ) -> KnowledgeBaseResp:
        """`embedding_id`: 3 (Embedding-2), 11 (Embedding-3), 12 (Embedding-3-pro)."""

    @_interface("GET /api/llm-application/open/knowledge", "知识库-api/知识库列表")
    def list(self, *, page: int = None, size: int = None, **options: Unpack[_Options]) -> KnowledgeBaseListResp:
        """`size`: knowledge bases a page (default 10)."""

    @_interface("GET /api/llm-application/open/knowledge/{id}", "知识库-api/知识库详情")
    def retrieve(self, id: str, **options: Unpack[_Options]) -> KnowledgeBaseResp:
        """One of them."""

    @_interface("PUT /api/llm-application/open/knowledge/{id}", "知识库-api/编辑知识库")
    def update(
        self, id: str, *, embedding_id: int = None, embedding_model: str = None, contextual: int = None,
        name: str = None, description: str = None, background: str = None, icon: str = None, callback_url: str = None,
        callback_header: _Mapping = None, **options: Unpack[_Options]
    ) -> Envelope:
        """Another embedding vectorises it anew."""

    @_interface("DELETE /api/llm-application/open/knowledge/{id}", "知识库-api/删除知识库")
    def delete(self, id: str, **options: Unpack[_Options]) -> Envelope:
        """Delete one."""

    @_interface("GET /api/llm-application/open/knowledge/capacity", "知识库-api/知识库使用量")
    def capacity(self, **options: Unpack[_Options]) -> KnowledgeBaseCapacityResp:
        """How much is used."""

    @_interface("POST /api/llm-application/open/knowledge/retrieve", "知识库-api/知识库检索")
    def search(
        self, *, query: str, knowledge_ids: Sequence[str], document_ids: Sequence[str] = None, top_k: int = None,
        top_n: int = None, recall_method: str = None, recall_ratio: int = None, rerank_status: int = None,
        rerank_model: str = None, fractional_threshold: float = None, request_id: str = None,
        **options: Unpack[_Options]
    ) -> KnowledgeBaseSearchResp:
        """`query`: at most 1000 characters, `top_k`: 1 to 20, `top_n`: 1 to 100, `recall_ratio`: 0 to 100."""


class Zrag(Resource[_Client]):
    @_interface("POST /api/zrag/retrieval/retrieve", "知识库-api/全模态知识库检索")
    def retrieve(
        self, *, knows: _List, query: str = None, multimodal: bool = None, multimodal_parts: _List = None,
        top_k: int = None, top_n: int = None, recall_method: str = None, recall_ratio: float = None,
        enable_rerank: bool = None, enable_rewrite: bool = None, enable_expansion: bool = None,
        similarity_threshold: float = None, messages: _List = None, search_filters: Any = None,
        qa_intervention: Any = None, **options: Unpack[_Options]
    ) -> ZragRetrieveResp:
        """`knows`: [{"id", "doc_ids"}], `recall_ratio`: 0 to 1."""

    @_events(
        "POST /api/zrag/agent/chat", ZragChatEvent, "agent-api/问答-agent-对话（流式）",
        headers={"session_id": "X-Session-Id"}, renamed={"session_id": ""}
    )
    def chat(
        self, *, messages: _List, retrieval: _Mapping, model: str = None, temperature: float = None,
        max_steps: int = None, enable_thinking: bool = None, session_id: str = None, **options: Unpack[_Options]
    ) -> ZragChatEvent:
        """A stream; `session_id` goes on with a conversation."""


class _Tools(Generic[_Bool]):
    def web_search(
        self, *, model: str, request_id: str = None, stream: _Bool = None, messages: _List, scope: str = None,
        location: str = None, recent_days: int = None, **options: Unpack[_Options]
    ) -> WebSearch:
        """The old search (web-search-pro). `recent_days`: 1 to 30."""


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
        """`search_query`: at most 70 characters, `count`: 1 to 50 (default 10)."""


class WebReader(Resource[_Client]):
    @_interface("POST /reader", "工具-api/网页阅读", timeout="timeout_override")
    def web_reader(
        self, *, url: str, request_id: str = None, user_id: str = None, timeout: int | str | None = None,
        no_cache: bool = None, return_format: str = None, retain_images: bool = None, no_gfm: bool = None,
        keep_img_data_url: bool = None, with_images_summary: bool = None, with_links_summary: bool = None,
        extra_headers: _Mapping = None, extra_body: _Mapping = None, timeout_override: _Seconds = NOT_GIVEN
    ) -> WebReaderResult:
        """`timeout`: the platform's, in seconds (default 20); `timeout_override`: the call's."""


class Moderations(Resource[_Client]):
    @_interface("POST /moderations", "工具-api/内容安全")
    def create(self, *, model: str, input: Any, **options: Unpack[_Options]) -> ModerationCompletion:
        """`input`: text (at most 2000 characters), images (10 MB), video or audio."""


class _Agents(Generic[_Bool]):
    def invoke(
        self, agent_id: str = None, request_id: str = None, stream: _Bool = None, messages: Any = None,
        user_id: str = None, custom_variables: Any = None, sensitive_word_check: Any = None, **options: Unpack[_Options]
    ) -> AgentsCompletion:
        """`agent_id`: general_translation, ...; some answer an `async_id`, for `client.wait`."""


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
        """`status`: pending, success or failed."""

    @_interface("POST /api/v1/agents/conversation", "agent-api/对话历史")
    def conversation(
        self, agent_id: str = None, conversation_id: str = None, custom_variables: Any = None,
        **options: Unpack[_Options]
    ) -> AgentsCompletion:
        """Of slides_glm_agent, with its slides (`include_pdf`, `pages` in cm)."""


class _Assistant(Generic[_Bool]):
    def conversation(
        self, assistant_id: str, messages: _List, model: str = None, *, stream: _Bool = None,
        conversation_id: str = None, attachments: _List = None, metadata: _Mapping = None, request_id: str = None,
        user_id: str = None, do_sample: bool = None, extra_parameters: Any = None, **options: Unpack[_Options]
    ) -> AssistantCompletion:
        """A stream, unless `stream=False`. `model`: glm-4-assistant, required."""


class Assistant(Resource[_Client]):
    """Deprecated."""

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
        """`page_size`: 1 to 100."""


class InputItems(Resource[_Client]):
    @_paged("GET /api/v1/responses/{response_id}/input_items", ResponseItem, "response/查询输入项列表")
    def list(
        self, response_id: str, *, after: str = None, limit: int = None, order: str = None, **options: Unpack[_Options]
    ) -> ListOfResponseItem:
        """`order`: desc (default) or asc."""


class _Responses(Generic[_Bool]):
    def create(
        self, *, model: str, input: Any, instructions: str = None, stream: _Bool = None, tools: _List = None,
        tool_choice: Any = None, reasoning: Any = None, temperature: float = None, top_p: float = None,
        max_output_tokens: int = None, text: Any = None, store: bool = None, previous_response_id: str = None,
        prompt_cache_key: str = None, parallel_tool_calls: bool = None, metadata: Any = None,
        **options: Unpack[_Options]
    ) -> ResponseObject:
        """`max_output_tokens`: to 131072, with reasoning. `previous_response_id`: for 7 days, if `store=True`."""


class Responses(Resource[_Client]):
    input_items: InputItems[_Client]

    create = _streaming(
        _Responses[_Off].create, _Responses[_On].create, _Responses[bool].create,
        "POST /api/v1/responses", ResponseStreamEvent, "response/创建-response"
    )

    @_interface("GET /api/v1/responses/{response_id}", "response/查询-response")
    def retrieve(self, response_id: str, **options: Unpack[_Options]) -> ResponseObject:
        """It, if stored."""

    @_interface("DELETE /api/v1/responses/{response_id}", "response/查询-response")
    def delete(self, response_id: str, **options: Unpack[_Options]) -> ResponseDeleted:
        """Delete it."""

# fmt: on


# ------------------------------------------------------------------------------------------------- Asyncio by threads

_AHEAD = 64  # items that a thread reads before its task takes them


class _Job:
    """A function that a thread runs for a task of an event loop. Its result is an item; so are a stream's chunks.

    What they share is atomic in each step. The thread keeps neither loop nor task alive.
    """

    def __init__(self, workers: _Workers, function: Callable[[_Job], Any]) -> None:
        self.given_up = False
        self.stop: Any = None  # what ends the function's waiting for a socket
        self._workers = workers
        self._function = function
        self._items: Any = collections.deque()  # not yet taken by the task
        self._end: Any = None  # what comes after the last item
        self._waiting: List[Any] = []  # references to the events that tasks wait for
        self._pause = threading.Lock()  # no Event, which a destructor may not set
        self._pause.acquire()

    def run(self) -> None:
        end: Any = StopAsyncIteration()
        try:
            if not self.given_up:
                result = self._function(self)
                if isinstance(result, Stream):
                    self.stop = result.close
                    if self.given_up:
                        self.stop()
                self._put(result)
                for item in result if isinstance(result, Stream) else ():
                    self._put(item)
        except BaseException as error:
            end = error
        self.stop = None
        self._end = self._end or end
        self._wake()
        self._workers.release(self)

    def _put(self, item: Any) -> None:
        self._items.append(item)
        self._wake()
        while len(self._items) >= _AHEAD and not self.given_up:
            self.sleep(-1)

    def sleep(self, seconds: float) -> None:
        self._pause.acquire(timeout=seconds)

    def _go_on(self) -> None:
        with contextlib.suppress(RuntimeError):  # nobody pauses
            self._pause.release()

    def _wake(self) -> None:
        """Let the tasks that wait look again."""
        with contextlib.suppress(IndexError):  # none waits any more
            while True:
                event = self._waiting.pop()()
                try:
                    event.loop.call_soon_threadsafe(event.set)
                except (RuntimeError, AttributeError):  # the loop is closed, or gone: nobody will ask
                    self.give_up()

    async def next(self) -> Any:
        import asyncio

        while True:
            items = self._items
            if items:
                item = items.popleft()
                if not items:
                    self._go_on()
                return item
            event: Any = asyncio.Event()
            event.loop = asyncio.get_running_loop()
            self._waiting.append(weakref.ref(event))
            if self._items or self._end:
                self._wake()
            try:
                await event.wait()  # in any case: between two batches, others have their turn
            except BaseException:  # cancelled: what follows must not look like the end
                self.give_up(_unfinished(None, "given up"))
                raise
            if self._end and not self._items:
                end, self._end = self._end, StopAsyncIteration()
                raise end

    def interrupt(self) -> None:
        """Let its thread end it: all that a destructor may do, which runs in any state."""
        self.given_up = True
        self._go_on()
        stop = self.stop
        if stop is not None:
            stop()

    def give_up(self, end: Any = None) -> None:
        """End it, from any thread; whoever waits gets `end`. Its place is free at once, even if its thread is stuck."""
        self._items = collections.deque(maxlen=0)  # what has come, and may still come, is forgotten
        self._end = self._end or end
        self.interrupt()
        self._workers.release(self)
        self._wake()


class _Workers:
    """Daemon threads for jobs: at most `limit` at a time, first come, first served."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: Any = collections.deque()
        self._active: set[_Job] = set()
        self._lock = threading.RLock()  # tasks give up their jobs when they are collected, too

    def submit(self, job: _Job) -> None:
        self._waiting.append(job)
        self.release(None)

    def release(self, job: Any) -> None:
        """Give the place of a job to the next one."""
        with self._lock:
            self._active.discard(job)
            if len(self._active) >= self._limit or not self._waiting:
                return
            job = self._waiting.popleft()
            self._active.add(job)
        try:
            threading.Thread(target=job.run, name="zhipuai_lite", daemon=True).start()
        except RuntimeError:
            job.give_up(ZhipuAIError("No thread could be started."))

    def close(self) -> None:
        with self._lock:
            jobs = [*self._active, *self._waiting]
            self._waiting.clear()
        for job in jobs:
            job.give_up(ZhipuAIError("The client is closed."))


# ------------------------------------------------------------------------------------------------------------ Clients


class _Interfaces(_Core[_Client]):
    """Every interface of the platform."""

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


class ZhipuAI(_Interfaces["ZhipuAI"], _Closing):
    """The client. Safe to share between threads, and cheap to build.

    `api_key` (else `ZHIPUAI_API_KEY`), `base_url` (else `ZHIPUAI_BASE_URL`); `timeout`: seconds, None for no limit, or
    (to connect, for each wait), by default (8, 300); `max_retries` of what can succeed later; `http_client`: an opener
    of `urllib.request.build_opener`; `disable_token_cache=True` sends the key as it is;
    `ssl_context` replaces the default TLS settings.
    """

    def _call(self, *asked: Any) -> Any:
        return self._send(self._build(*asked))

    def _follow(self, polling: _Polling) -> Any:
        while not polling.has_ended():
            _sleep(polling.pause())
            polling.take(polling.ask())
        return polling.task

    def close(self) -> None:
        """Refuse further calls, and close idle connections."""
        self._closed = True
        _pool.close(self)


class ZhipuAiClient(ZhipuAI):
    """zai-sdk's client for bigmodel.cn: `ZAI_API_KEY`, `ZAI_BASE_URL`."""

    _key_variable, _url_variable = "ZAI_API_KEY", "ZAI_BASE_URL"


class ZaiClient(ZhipuAiClient):
    """zai-sdk's client for z.ai."""

    _default_url = "https://api.z.ai/api/paas/v4/"
    _own_headers = {"Accept-Language": "en-US,en"}  # noqa: RUF012


class AsyncZhipuAI(_Interfaces["AsyncZhipuAI"], _AsyncClosing):
    """The client for asyncio: the same arguments and interfaces, awaited.

    At most `max_connections` calls and streams run at a time, each in a thread; others wait. Cancelling a task closes
    its connection at once.
    """

    async def _run(self, function: Callable[[_Job], Any]) -> Tuple[Any, _Job]:
        # A fork has none of its parent's threads.
        process = os.getpid()
        workers = self._workers.get(process) or self._workers.setdefault(process, _Workers(self.max_connections))
        job = _Job(workers, function)
        workers.submit(job)
        return await job.next(), job

    async def _perform(self, *asked: Any) -> Any:
        def send(job: _Job) -> Any:
            call = self._build(*asked)
            call.job, job.stop = job, call.abort
            return self._send(call)

        result, job = await self._run(send)
        if isinstance(result, Stream):
            return AsyncStream(result, job)
        if isinstance(result, SyncCursorPage):
            return AsyncPage(result)._attach(*result._origin)
        if isinstance(result, BinaryResponse):
            result._run = self._run
        return result

    def _call(self, resource: Any, interface: _Interface, values: _Dict) -> Any:
        coroutine: Any = self._perform(resource, interface, values)
        coroutine.__qualname__ = interface.function.__qualname__  # for Python's warnings
        return coroutine

    async def _follow(self, polling: _Polling) -> Any:
        import asyncio

        while not polling.has_ended():
            await asyncio.sleep(polling.pause())
            polling.take(await polling.ask())
        return polling.task

    async def aclose(self) -> None:
        """Refuse further calls, and end those under way."""
        self._closed = True
        workers = self._workers.get(os.getpid())
        if workers:
            workers.close()
        _pool.close(self)

    close = aclose


# --------------------------------------------------------------------------------------------- The official SDK's name

_OFFICIAL_MODULES = r"zhipuai(\._client|\.core(\.(_[a-z_]*[a-z]|pagination))*|\.(types|api_resource)(\.[a-z][a-z_]*)*)?"
_OFFICIAL_NAMES = {  # called otherwise here, some by their module
    "__version__": "v2.1.5.20250725", "BaseAPI": Resource, "BaseModel": Model, "StreamResponse": Stream,
    "ZHIPUAI_DEFAULT_TIMEOUT": Model(connect=8.0, read=300.0, write=300.0, pool=300.0),
    "ZHIPUAI_DEFAULT_MAX_RETRIES": 3, "PYDANTIC_V2": True, "ConfigDict": dict, "NOT_GIVEN": NOT_GIVEN,
    "chat_completion_chunk.CompletionUsage": ChunkUsage,
    "moderation_completion.Completion": ModerationCompletion, "moderations.Completion": ModerationCompletion,
    "web_search_chunk.Choice": WebSearchChunkChoice, "web_search_chunk.ChoiceDelta": WebSearchMessage,
    "web_search_chunk.ChoiceDeltaToolCall": WebSearchMessageToolCall,
}  # fmt: skip


def _official(module: str, name: str) -> Any:
    """What the official module has by that name."""
    known = {**globals(), **_OFFICIAL_NAMES}
    value = known.get(f"{module.split('.')[-1]}.{name}", known.get(name))
    if callable(value) or name in _OFFICIAL_NAMES:
        return value
    if re.search("(Params?|Parameters|Request|Reference|Attachments|Content|ConversationMessage)$", name):
        return dict
    if re.fullmatch(_OFFICIAL_MODULES, module + "." + name):
        return importlib.import_module(module + "." + name)
    raise AttributeError(f"{module} has no {name!r}")


class _OfficialFinder:
    """The package `zhipuai` and its distribution."""

    def find_spec(self: Any, name: str, *where: Any) -> Any:
        return re.fullmatch(_OFFICIAL_MODULES, name) and importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: Any) -> None: ...

    def exec_module(self, module: Any) -> None:
        for name in filter(re.compile("ZhipuAI(Error)?|API.*Error").fullmatch, __all__):  # for *
            setattr(module, name, globals()[name])
        module.__getattr__ = functools.partial(_official, module.__name__)

    def find_distributions(self, context: Any) -> Iterator[Any]:
        if (context.name or "zhipuai").lower() == "zhipuai":
            texts = {"METADATA": "Name: zhipuai\nVersion: 2.1.5.20250825\n"}
            base = sys.modules[type(context).__module__].Distribution  # importlib.metadata or its backport
            yield type("_Distribution", (base,), {"read_text": texts.get, "locate_file": None})()


def install_as_zhipuai() -> None:
    """Make `import zhipuai`, and what libraries import from it, give this module's classes, or the first copy's.

    `ImportError` when the official SDK has been imported already.
    """
    if "_OfficialFinder" not in [type(finder).__name__ for finder in sys.meta_path]:
        if "zhipuai" in sys.modules:
            raise ImportError("install_as_zhipuai: call it before the official SDK is imported")
        sys.meta_path.insert(0, _OfficialFinder())


# ------------------------------------------------------------------------------------------------------- Command line

_GET_A_KEY = ". Get a key at https://open.bigmodel.cn/usercenter/apikeys, or try: chat --offline 你好"


@contextlib.contextmanager
def offline() -> Iterator[ZhipuAI]:
    """`with offline() as client:` without key and network; a server in this process answers chats, and nothing else."""
    from http.server import BaseHTTPRequestHandler
    from socketserver import ThreadingTCPServer

    class Handler(BaseHTTPRequestHandler):
        error_message_format = '{"error": {"code": "%(message)s", "message": "%(explain)s"}}'
        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer_offline

        def log_message(self, format: str, *args: Any) -> None: ...

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:  # HTTPServer looks up the host's name
        server.daemon_threads = True
        server.socket.listen(128)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        url, opener = f"http://127.0.0.1:{server.server_address[1]}", _new_opener(None, "", {})  # no proxy
        try:
            with ZhipuAI(api_key="offline.demonstration", base_url=url, http_client=opener) as client:
                yield client
        finally:
            server.shutdown()


def _answer_offline(request: Any) -> None:
    body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
    token = request.headers.get("Authorization", "").partition(" ")[2].encode()
    if token != _signed(token.rpartition(b".")[0], b"demonstration"):
        return request.send_error(401, "1002", "Authorization Token非法")
    if request.path != "/chat/completions":
        return request.send_error(404, "404", "离线演示只回答对话")
    try:
        asked = json.loads(body)
        text = f"你好！这是离线演示。你说的是：{asked['messages'][-1]['content']}"
    except (ValueError, LookupError, TypeError):
        return request.send_error(400, "1213", "未正常接收到messages参数")
    streams = asked.get("stream")
    name, pieces = ("delta", list(text)) if streams else ("message", [text])
    choices: List[Any] = [{"index": 0, name: {"role": "assistant", "content": piece}} for piece in pieces]
    choices[-1]["finish_reason"] = "stop"
    answers = [json.dumps({"choices": [choice], "usage": {"total_tokens": len(text)}}) for choice in choices]
    request.send_response(200)
    request.end_headers()
    return request.wfile.write("".join(f"data: {each}\n\n" if streams else each for each in answers).encode())


def _typed(text: str) -> str:
    """Text as it was typed: in the C locale, Python makes half surrogates of UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _main_chat(options: Any) -> int:
    status, messages = None, [{"role": "system", "content": options.system}] if options.system else []
    with offline() if options.offline else ZhipuAI() as client:
        for question in filter(None, map(str.strip, _questions(" ".join(options.prompt)))):
            asked = [*messages, {"role": "user", "content": question}]
            try:
                messages = [*asked, _answer(client, options, asked)]
                status = 0
            except (APIError, LookupError, TypeError, AttributeError) as error:  # one may go on
                status = _fail(f"no answer: {error}")
            except KeyboardInterrupt:
                status = 130
    return _fail("give a prompt") if status is None else status


def _questions(prompt: str) -> Iterator[str]:
    """The prompt, or what is typed until Ctrl-D, or what is piped in."""
    if prompt:
        yield prompt
    elif sys.stdin and sys.stdin.isatty():
        with contextlib.suppress(EOFError):
            while True:
                yield _typed(input("> "))
        print()
    elif sys.stdin:
        data = sys.stdin.buffer.read()
        try:
            yield data.decode("utf-8-sig")
        except UnicodeError:
            yield data.decode(sys.stdin.encoding)


def _answer(client: ZhipuAI, options: Any, messages: List[Any]) -> Any:
    """Show the answer; returns its message."""
    streams, separator = options.stream and not options.json, ""
    answer: Any = client.chat.completions.create(model=options.model, messages=messages, stream=streams or None)
    if streams:
        for delta in (choice.delta for chunk in answer for choice in chunk.choices or () if choice.delta):
            if delta.reasoning_content and sys.stdout.isatty():
                print(f"\x1b[2m{_printable(delta.reasoning_content)}\x1b[0m", end="", flush=True)
                separator = "\n"
            if delta.content:
                print(separator + _printable(delta.content), end="", flush=True)
                separator = ""
        answer = answer.get_final_completion()
    message = answer.choices[0].message
    print("" if streams else _as_json(answer) if options.json else _printable(message.content))
    return message


def _printable(content: Any) -> str:
    return _readable(content if isinstance(content, str) else _as_json(content, None), sys.maxsize)


def _as_json(value: Any, indent: int | None = 2) -> str:
    return json.dumps(value, ensure_ascii="utf" not in str(sys.stdout.encoding).lower(), indent=indent)


def _main_token(options: Any) -> None:
    print(generate_token(ZhipuAI().api_key))


def _main_doctor(options: Any) -> int:
    checks = []
    for what, good, text in _examine():
        checks.append({"check": what, "ok": good, "text": text})
        if not options.json:
            print("x+"[good], f"{what}: {text}")
    works = all(check["ok"] or check["check"] == "clock" for check in checks)
    if options.json:
        print(_as_json({"ok": works, "checks": checks}))
    return int(not works)


def _examine() -> Iterator[Tuple[str, bool, str]]:
    """(what, whether it is well, how it is or what to do)."""
    yield "Python", True, f"{sys.version.split()[0]}, {ssl.OPENSSL_VERSION}, zhipuai_lite {__version__}"
    paths, count = ssl.get_default_verify_paths(), ssl.create_default_context().cert_store_stats()["x509_ca"]
    found = bool(count or (paths.capath and not os.environ.get("SSL_CERT_FILE")))
    yield "CA", found, f"{paths.cafile or paths.capath}, {count} certificates; SSL_CERT_FILE names others"
    try:
        yield "key", bool(generate_token(ZhipuAI(base_url="http://localhost").api_key)), "of the form id.secret"
    except ConfigurationError as error:
        yield "key", False, f"{error}{_GET_A_KEY}"
    started = time.time()
    try:
        client = ZhipuAI(api_key="no.key", timeout=8, max_retries=0)
        yield "proxy", True, f"{_proxy_for(client._base)[0] or 'none'}, for {client.base_url}"
        answer: Any = client.get("", extra_headers={"Authorization": None}, cast_type=Response)
    except ZhipuAIError as error:  # any answer of the platform will do
        answer = vars(error).get("response", error)
    now = time.time()
    if getattr(answer, "status_code", 407) == 407 and APIResponseError is not type(answer):
        yield "network", False, f"{answer} Check the network, and HTTPS_PROXY with password."
    else:
        yield "network", True, f"{answer.request.url} answered in {(now - started) * 1000:.0f} ms"
        date = _http_date(getattr(answer, "headers", {}).get("date"))
        if date:
            yield "clock", abs(now - date) < 60, f"{now - date:+.0f} s off, which calls make up for"
    with offline() as client:
        client.chat.completions.create(model="", messages=[{"content": "你好"}])
        yield "round trip", True, "the demonstration answered"


def _all_interfaces(group: Any = _Interfaces, prefix: str = "") -> Iterator[Tuple[str, _Interface]]:
    """Every interface by its dotted name."""
    for name, member in {**vars(group), **_groups(group)}.items():
        if isinstance(member, type):
            yield from _all_interfaces(member, f"{prefix}{name}.")
        elif isinstance(getattr(member, "__wrapped__", None), _Interface):
            yield prefix + name, member.__wrapped__


def _outline(name: str, interface: _Interface) -> str:
    shown = ("*" * (each in interface.required) + each + "=@" * (each in interface.files) for each in interface.names)
    return f"{name}({', '.join(shown)})"


def _main_call(options: Any) -> None:
    interfaces, (name, *arguments) = dict(_all_interfaces()), options.rest or [""]
    about = "# * is required, =@ a file: NAME=@PATH. All take extra_headers, extra_body, timeout."
    if not name:
        return print(*sorted(map(_outline, interfaces, interfaces.values())), about, sep="\n")
    if name not in interfaces:
        raise ZhipuAIError(f"no interface {name!r}; call --list shows all")
    interface = interfaces[name]
    if options.help:
        import inspect

        return print(_outline(name, interface), inspect.getdoc(interface.function), about, sep="\n\n")
    values, client = dict(_value(interface, argument) for argument in arguments), ZhipuAI()
    if sys.stderr and sys.stderr.isatty():
        client._progress = _show_progress
    return _show(operator.attrgetter(name)(client)(**values), options.output)


def _value(interface: _Interface, argument: str) -> Tuple[str, Any]:
    """NAME=VALUE as a parameter."""
    name, equals, value = argument.partition("=")
    if not equals:
        raise ZhipuAIError(f"{argument}: expected NAME=VALUE or NAME=@PATH")
    if value[:1] == "@":
        import pathlib

        path = pathlib.Path(value[1:])
        if name in interface.files:
            return name, path
        value = path.read_text("utf-8-sig")
    value = _typed(value)
    with contextlib.suppress(ValueError, RecursionError):
        return name, json.loads(value)
    return name, value


def _show_progress(done: int, total: int) -> None:
    print(f"\r{done / 1e6:.1f} of {total / 1e6:.1f} MB", end="\n" * (done == total), file=sys.stderr, flush=True)


def _show(result: Any, path: str | None) -> None:
    if isinstance(result, BinaryResponse):
        result.write_to_file(path) if path else sys.stdout.buffer.writelines(result.iter_bytes())
        return
    with open(path, "w", encoding="utf-8") if path else contextlib.nullcontext() as file:
        for each in result if isinstance(result, Stream) else [result]:
            text = each.text if isinstance(each, Response) else _as_json(each, 2 if each is result else None)
            print(text, file=file, flush=True)


def main(argv: Sequence[str] = None) -> int:
    """The command line; returns the exit status."""
    import argparse

    if sys.stdout is None:
        return _fail("standard output is closed")
    if isinstance(sys.stdout, io.TextIOWrapper):  # which may not have Chinese
        sys.stdout.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("chat", help="ask a model").add_argument
    add("-m", "--model", default="glm-4-flash")
    add("-s", "--system", type=_typed)
    add("--no-stream", dest="stream", action="store_false")
    add("--json", action="store_true", help="the whole answer")
    add("--offline", action="store_true", help="no key, no network")
    add("prompt", nargs="*", type=_typed, help="else piped in, or typed until Ctrl-D")
    commands.add_parser("token", help="a token for curl")
    commands.add_parser("doctor", help="why calls do not work here").add_argument("--json", action="store_true")
    about = "[-o FILE] embeddings.create model=embedding-3 input=你好; NAME --help; --list"
    add = commands.add_parser("call", help=about, add_help=False).add_argument
    add("-h", "--help", "--list", action="store_true")
    add("-o", "--output")
    options, rest = parser.parse_known_args(argv)  # argparse itself takes none after an option
    options.rest = rest
    if options.command != "call":
        parser.parse_args(argv)  # which refuses them
    try:
        status = globals()[f"_main_{options.command}"](options)
        sys.stdout.flush()
        return status or 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stdout = None  # which the interpreter would flush
        return 141
    except (ZhipuAIError, TypeError, ValueError, OSError) as error:
        return _fail(str(error) + (_GET_A_KEY if "ZHIPUAI_API_KEY" in str(error) else ""))


def _fail(text: str) -> int:
    if sys.stderr:
        print("zhipuai-lite:", " ".join(_readable(text, 1000).split()), file=sys.stderr)
    return 1


_PUBLIC = (Exception, ZhipuAI, AsyncZhipuAI, Model, Stream, AsyncStream, Response)
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
