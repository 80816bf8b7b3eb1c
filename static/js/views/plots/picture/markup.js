/** Plotly reads tags in its texts; names and characters from users must not become such. */

/**
 * Text that Plotly writes as it is.
 * @param {string} text
 */
export function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
