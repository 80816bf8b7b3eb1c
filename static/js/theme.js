// Runs before the first paint, so that the page does not flash in the wrong theme. Uses the stored theme, else the system's.
{
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  let chosen = null;
  try {
    chosen = localStorage.getItem("gruscope theme");
  } catch {
    // Storage is denied: use the system's theme.
  }
  document.documentElement.dataset.theme = chosen === "light" || chosen === "dark" ? chosen : system;
}
