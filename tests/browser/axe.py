"""axe-core's verdict on a page in its present state."""

from __future__ import annotations

from importlib.resources import files

from tests.browser.page import Page

AXE = files("axe_playwright_python") / "axe.min.js"

# Panels that stay in sight stand before others only as far as the page is scrolled.
RUN = """async () => {
  const stuck = [...document.querySelectorAll("main *")]
    .filter((element) => getComputedStyle(element).position === "sticky");
  for (const element of stuck) element.style.position = "static";
  const found = await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: {"target-size": {enabled: true}},
  });
  for (const element of stuck) element.style.position = "";
  return found.violations;
}"""


def violations(page: Page) -> list[str]:
    """Return violations of WCAG 2.2 AA or axe's best practices, and their places."""
    if not page.browser_page.evaluate("'axe' in window"):
        page.browser_page.evaluate(AXE.read_text("utf-8"))
    return [
        f"{found['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for found in page.browser_page.evaluate(RUN)
        for node in found["nodes"]
    ]
