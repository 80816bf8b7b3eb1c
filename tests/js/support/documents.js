/** A small configuration and documents that fit it. */

export const config = {
  limits: { steps: 500, hidden_size: 8, input_size: 6, weight: 100, input_value: 50, edits: 4, message_bytes: 100_000, file_bytes: 1000 },
  examples: [{ name: "latch" }, { name: "reader" }],
};

/** @param {string} text */
export function document(text) {
  return { network: { kind: "example", name: "latch" }, edits: [], input: { kind: "text", text } };
}
