"""axe-core's verdict on a page in its present state."""

from __future__ import annotations

from importlib.resources import files

from tests.browser.page import Page

AXE = files("axe_playwright_python") / "axe.min.js"

# Panels that stay in sight stand before others only as far as the page is scrolled.
RUN = """async (only) => {
  const stuck = [...document.querySelectorAll("main *")]
    .filter((element) => getComputedStyle(element).position === "sticky");
  for (const element of stuck) element.style.position = "static";
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: only,
    rules: {"target-size": {enabled: true}},
  });
  for (const element of stuck) element.style.position = "";
  return found.violations;
}"""


ALL_RULES: dict[str, object] = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# The others read the markup and the layout, which the theme does not change.
RULES_OF_COLOUR: dict[str, object] = {
    "type": "rule",
    "values": ["color-contrast", "link-in-text-block"],
}


def violations(page: Page, only: dict[str, object] = ALL_RULES) -> list[str]:
    """Return violations of rules, and their places.

    By default WCAG 2.2 AA and axe's best practices.
    """
    if not page.browser_page.evaluate("'axe' in window"):
        page.browser_page.evaluate(AXE.read_text("utf-8"))
    return [
        f"{found['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for found in page.browser_page.evaluate(RUN, only)
        for node in found["nodes"]
    ]
