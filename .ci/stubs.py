"""Build hook of pyproject.toml: the wheel carries the module's declarations once more, as its own stub package.

PEP 561 has no `py.typed` for a single-file module, so type checkers ignore the annotations of an installed one; they
do read a stub package beside it.
"""

import io
import os
import shutil
import tempfile
import tokenize

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODULE = "zhipuai_lite.py"
STUB = "zhipuai_lite-stubs/__init__.pyi"


class StubsHook(BuildHookInterface):
    """Adds the stub package to a wheel."""

    def initialize(self, version, build_data):
        # `force-include` of the module itself would do, if hatchling (since 1.19) did not drop its first name then.
        self.temporary = tempfile.mkdtemp()
        path = os.path.join(self.temporary, "__init__.pyi")
        with open(os.path.join(self.root, MODULE), encoding="utf-8") as module:
            text = stub(module.read())
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        build_data["force_include"][path] = STUB

    def finalize(self, version, build_data, artifact_path):
        shutil.rmtree(self.temporary)


def stub(text):
    """A module's text without its functions' bodies, but for docstrings, and `__init__`, which declares attributes."""
    lines = text.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    tokens = [token for token in tokens if token.type not in (tokenize.COMMENT, tokenize.NL)]
    dropped = set()
    for at, token in enumerate(tokens):
        if token.string != "def" or token.start[0] in dropped or tokens[at + 1].string == "__init__":
            continue
        end = next(i for i in range(at, len(tokens)) if tokens[i].type == tokenize.NEWLINE)
        if tokens[end + 1].type != tokenize.INDENT:
            continue
        last, depth = end + 2, 1
        while depth:
            depth += {tokenize.INDENT: 1, tokenize.DEDENT: -1}.get(tokens[last].type, 0)
            last += 1
        body = tokens[end + 1 : last]
        has_docstring = body[1].type == tokenize.STRING
        row, column = (body[1] if has_docstring else tokens[end - 1]).end
        if not has_docstring:
            lines[row - 1] = lines[row - 1][:column] + " ..." + lines[row - 1][column:]
        dropped.update(range(row + 1, max(part.start[0] for part in body if part.type == tokenize.NEWLINE) + 1))
        if any(part.string == "yield" for part in body):  # else a stub's `async def` is no generator
            lines[token.start[0] - 1] = lines[token.start[0] - 1].replace("async def", "def")
    return "".join(line for number, line in enumerate(lines, 1) if number not in dropped)
