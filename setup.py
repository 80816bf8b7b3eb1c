"""Lists the packages and makes the description from the README; the rest is in pyproject.toml.

An index page such as PyPI's resolves no relative address. With a ``Repository`` among the
project's URLs, pictures and links lead there, at the tag of the version. Without one, pictures are
left out and links become plain text.
"""

import re
import tomllib
from pathlib import Path

from setuptools import find_namespace_packages, setup

PICTURE = re.compile(r"!\[([^\]]*)\]\((?!https?:)([^)]+)\)\n*")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#)([^)]+)\)")


def description(readme: str, version: str, repository: str | None = None) -> str:
    """Return the README with absolute addresses only."""
    if repository is None:
        return LINK.sub(r"\1", PICTURE.sub("", readme))
    readme = LINK.sub(rf"[\1]({repository}/blob/v{version}/\2)", readme)
    return PICTURE.sub(
        lambda found: found[0].replace(found[2], f"{repository}/raw/v{version}/{found[2]}"), readme
    )


def packages(here: Path, folders: dict[str, str]) -> list[str]:
    """Return every folder that is installed, as a package: also those that hold no Python."""
    return [
        name
        for package, folder in folders.items()
        for name in (
            package,
            *(
                f"{package}.{inner}"
                for inner in find_namespace_packages(here / folder, exclude=["*__pycache__*"])
            ),
        )
    ]


if __name__ == "__main__":
    here = Path(__file__).parent
    configuration = tomllib.loads((here / "pyproject.toml").read_text(encoding="utf-8"))
    project = configuration["project"]
    folders = {"gru_core": "gru_core", **configuration["tool"]["setuptools"]["package-dir"]}
    version = re.search(r'__version__ = "(.+)"', (here / "app/__init__.py").read_text("utf-8"))
    assert version
    setup(
        packages=packages(here, folders),
        long_description=description(
            (here / "README.md").read_text(encoding="utf-8"),
            version[1],
            project["urls"].get("Repository"),
        ),
        long_description_content_type="text/markdown",
    )
