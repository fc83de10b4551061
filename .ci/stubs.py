"""Build hook of pyproject.toml: the wheel carries the module's text once more, as its own stub package.

PEP 561 has no `py.typed` for a single-file module: of an installed one, mypy ignores the annotations, and pyright's
strict mode reports the import. Both read a stub package beside it.
"""

import os
import shutil
import tempfile

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StubsHook(BuildHookInterface):
    """Adds the stub package to a wheel."""

    def initialize(self, version, build_data):
        # A copy: of a file that `force-include` names again, hatchling (since 1.19) drops the first name.
        self.temporary = tempfile.mkdtemp()
        path = shutil.copy(os.path.join(self.root, "zhipuai_lite.py"), self.temporary)
        build_data["force_include"][path] = "zhipuai_lite-stubs/__init__.pyi"

    def finalize(self, version, build_data, artifact_path):
        shutil.rmtree(self.temporary)
