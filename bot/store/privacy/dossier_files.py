"""What a person attached: into a folder of its own, or into the dossier."""

import base64
import re
from pathlib import Path
from typing import Any

from sqlalchemy import Row

UNSAFE = re.compile(r"[^\w. -]+")
"""In a file's name."""


def render_file(row: Row[Any], folder: Path | None) -> dict[str, Any]:
    """A row of attachments."""
    shown = {"name": row.name, "type": row.type, "bytes": row.size, "state": row.state, "reason": row.reason}
    if row.content is None:
        return shown
    if folder is None:
        return shown | {"content_base64": base64.b64encode(row.content).decode("ascii")}
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{row.id}-{UNSAFE.sub('_', row.name).lstrip('.')}"
    file.write_bytes(row.content)
    return shown | {"file": str(file)}
