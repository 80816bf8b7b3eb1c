"""Find a Chromium for the tests and the screenshots, or install one.

An installed Chromium or Chrome is taken as it is; else Debian's package is installed, given root
and apt-get; else Playwright downloads its own. ``GRUSCOPE_CHROMIUM`` names another.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def installed() -> str | None:
    """Return the path of a browser that is there already, else None."""
    named = os.environ.get("GRUSCOPE_CHROMIUM")
    if named:
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or (MAC if Path(MAC).exists() else None)


def install() -> None:
    """Install one where none is: Debian's package as root, else Playwright's own download."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        packages = ["chromium", "fonts-dejavu-core"]
        subprocess.run(["apt-get", "install", "-y", "-qq", *packages], check=True)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    if installed() is None:
        install()
    print(f"browser: {installed() or 'the one Playwright brings'}")
