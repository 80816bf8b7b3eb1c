"""Find a Chromium for the tests and the screenshots, or install one.

A Chromium or Chrome on the path is used. Otherwise a package of Debian's is installed as root, and
Playwright's own build without root. ``GRUSCOPE_CHROMIUM`` names another.

The tests prefer the headless shell: Chromium's own engine without the browser's windows, which
saves a sixth of the processor's time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

ARGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    # Each window's address bar draws two pages, for an eighth of the time of loading gruscope's.
    # The switch replaces Playwright's own, so the features that one turns off are repeated.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,OptimizationHints,PaintHolding,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,ThirdPartyStoragePartitioning",
    # Playwright asks for stack traces. Without this, V8 parses all of Plotly again for the first.
    "--js-flags=--no-enable-lazy-source-positions",
]
SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", SHELL)
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
MISSING = (
    "no Chromium found: install one (apt-get install chromium), "
    "or set GRUSCOPE_CHROMIUM to the path of one"
)


class NoBrowser(Exception):
    """No Chromium can be started; the message says what to do."""


def installed(prefer: str | None = None) -> str | None:
    """Return the path of a browser outside Playwright's own store, else None.

    Parameters
    ----------
    prefer
        the name of the program to look for first

    Raises
    ------
    NoBrowser
        If GRUSCOPE_CHROMIUM names no program.
    """
    named = os.environ.get("GRUSCOPE_CHROMIUM")
    if named:
        if shutil.which(named) is None:
            raise NoBrowser(f"GRUSCOPE_CHROMIUM must be the path of a Chromium, got {named!r}")
        return named
    names = (prefer, *NAMES) if prefer else NAMES
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or (MAC if Path(MAC).exists() else None)


def launch(playwright: Playwright, prefer: str | None = None) -> Browser:
    """Start the browser that there is.

    Parameters
    ----------
    playwright
        what starts it
    prefer
        the name of the program to look for first

    Raises
    ------
    NoBrowser
        If there is none, or it does not start.
    """
    path = installed(prefer)
    try:
        return playwright.chromium.launch(executable_path=path, args=ARGS)
    except Error as error:
        if path is None:
            raise NoBrowser(MISSING) from None
        first = error.message.strip().splitlines()[0]
        raise NoBrowser(f"{path} does not start ({first}); {MISSING}") from None


def may_skip() -> bool:
    """Return whether tests may go without a browser: not in CI, nor where one is named."""
    return not (os.environ.get("CI") or os.environ.get("GRUSCOPE_CHROMIUM"))


def install() -> bool:
    """Install a browser; return whether an installer succeeded."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt = ["apt-get", "install", "-y", "-qq", "fonts-dejavu-core"]
        # Not every distribution has the headless shell.
        return succeeds("apt-get", "update", "-qq") and (
            succeeds(*apt, SHELL) or succeeds(*apt, "chromium")
        )
    return succeeds(sys.executable, "-m", "playwright", "install", "chromium")


def succeeds(*command: str) -> bool:
    """Run a command in silence; return whether it succeeded."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main(arguments: list[str]) -> int:
    """Say which browser there is; with ``--optional`` the tests may go without one."""
    try:
        if installed() is None:
            with sync_playwright() as playwright:
                own = Path(playwright.chromium.executable_path).exists()
            if not own and not install():
                raise NoBrowser(MISSING)
        with sync_playwright() as playwright:
            version = launch(playwright, SHELL).version
    except NoBrowser as missing:
        skipped = "--optional" in arguments and may_skip()
        print(f"{missing}{'; browser tests are skipped' if skipped else ''}", file=sys.stderr)
        return 0 if skipped else 1
    print(f"browser: {installed(SHELL) or 'from Playwright'}, Chromium {version}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
