"""The command gruscope with the gallery in a folder: ``python -m tests.browser.gallery_server``."""

from __future__ import annotations

import sys
from pathlib import Path

import gruscope.content.tour.pages  # noqa: F401  (made of the packaged gallery, so before main)
from gru_core.gallery.trained import read_gallery
from gruscope import cli
from gruscope.documents import library
from gruscope.documents.library import gallery_entries
from gruscope.settings import Settings


def main(folder: str, *arguments: str) -> int:
    """Run the command."""
    entries = gallery_entries(read_gallery(Path(folder)), Settings())
    library.packaged = lambda: entries
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
