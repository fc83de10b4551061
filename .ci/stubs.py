"""Build hook of pyproject.toml: the wheel carries the module's text once more, as its own stub package.

PEP 561 has no `py.typed` for a single-file module, so type checkers ignore the annotations of an installed one; they
do read a stub package beside it, and the text of a module is a valid stub.
"""

import os
import shutil
import tempfile

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODULE = "zhipuai_lite.py"
STUB = "zhipuai_lite-stubs/__init__.pyi"


class StubsHook(BuildHookInterface):
    """Adds the stub package to a wheel."""

    def initialize(self, version, build_data):
        # `force-include` of the module itself would do, if hatchling (since 1.19) did not drop its first name then.
        self.temporary = tempfile.TemporaryDirectory()
        copy = os.path.join(self.temporary.name, "__init__.pyi")
        shutil.copyfile(os.path.join(self.root, MODULE), copy)
        build_data["force_include"][copy] = STUB

    def finalize(self, version, build_data, artifact_path):
        self.temporary.cleanup()
