"""Build hook of hatchling that prepares an editable install; it changes nothing in the wheel.

An editable install puts folders on `sys.path`. `client/` and `contracts/` hold only our packages, so they can
be put there as they are. `fakeserver` lies in the root of the repository, beside folders named `client`,
`contracts` and `tests`. These would hide packages of the same names that another project has installed in the
same environment. A folder that holds only a link to `fakeserver` therefore takes the place of the root.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LinkForEditableInstall(BuildHookInterface[BuilderConfig]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        if version == "editable":
            link = Path(self.root, ".editable", "fakeserver")
            link.parent.mkdir(exist_ok=True)
            with suppress(FileExistsError):
                link.symlink_to(Path("..", "fakeserver"), target_is_directory=True)
