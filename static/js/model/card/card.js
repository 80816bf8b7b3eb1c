/** What a network's card says of its inputs and outputs: names, and the reader's own units. */

/** @import {Card, Channel, Config, GruDocument, Network} from "../../types.d.ts" */

/** @type {Card} */
export const NO_CARD = {};

/**
 * The card of a document's network: one that was dropped on the page, or that of the file.
 * @param {Pick<Config, "examples">} config
 * @param {GruDocument} document
 * @param {Readonly<Record<string, Card>>} cards by the digest of their file
 * @returns {Card}
 */
export function cardOf({ examples }, { network }, cards) {
  if (network.kind === "random" || !network.digest) return NO_CARD;
  const known = examples.find(({ document: { network: other } }) => other.kind === network.kind && other.digest === network.digest);
  return cards[network.digest ?? ""] ?? known?.card ?? NO_CARD;
}

/**
 * A network's number in the reader's units.
 * @param {Channel | undefined} channel
 * @param {number} value
 */
export function toOwn(channel, value) {
  return value * (channel?.scale ?? 1) + (channel?.mean ?? 0);
}

/**
 * A number in the reader's units, for the network.
 * @param {Channel | undefined} channel
 * @param {number} own
 */
export function fromOwn(channel, own) {
  return (own - (channel?.mean ?? 0)) / (channel?.scale ?? 1);
}

/** @param {Channel | undefined} channel */
export function isScaled(channel) {
  return toOwn(channel, 0) !== 0 || toOwn(channel, 1) !== 1;
}

/**
 * The unit after a number, with a space before it.
 * @param {Channel | undefined} channel
 */
export function unitAfter(channel) {
  return channel?.unit ? `\u00a0${channel.unit}` : "";
}

/**
 * What an output is called: its class or name; the token or character of its row if the network answers with those; else its number.
 * @param {Pick<Network, "tokens" | "parts" | "alphabet" | "card">} network
 * @param {number} unit
 */
export function outputName({ tokens, parts, alphabet, card }, unit) {
  const outputs = parts.readout?.output_size;
  const named = card.classes?.length === outputs ? card.classes?.[unit] : card.outputs?.[unit]?.name;
  if (named) return named;
  if (tokens?.length === outputs) return tokens?.[unit] ?? String(unit);
  return alphabet?.length === outputs ? alphabet?.[unit] ?? String(unit) : String(unit);
}
