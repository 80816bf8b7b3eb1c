// Documents as the page has them.

/** The latch with a text and edits. */
export function latch(text, edits = []) {
  return { network: { kind: "example", name: "latch" }, edits, input: { kind: "text", text } };
}
