// Runs before the first paint, so that no page flashes in the wrong theme: the one chosen here before, else the system's.
{
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  let chosen = null;
  try {
    chosen = localStorage.getItem("gruscope theme");
  } catch {
    // No permission to remember: the system's it is.
  }
  document.documentElement.dataset.theme = chosen === "light" || chosen === "dark" ? chosen : system;
}
