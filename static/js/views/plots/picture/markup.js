/** Escapes text for Plotly, which would otherwise interpret tags in names and characters from users. */

/**
 * Text that Plotly shows literally.
 * @param {string} text
 */
export function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
