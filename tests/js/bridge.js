// Calls functions of static/js for Python: one request and one answer a line.
import { createInterface } from "node:readline";

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

/** JSON has no NaN and no infinity. */
const written = (key, value) =>
  typeof value === "number" && !Number.isFinite(value) ? { $number: String(value) } : value;

async function answer({ url, name, body, argument }) {
  const module = await import(url);
  if (name) return module[name](...argument);
  return new AsyncFunction("m", "argument", body)(module, argument);
}

for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    said = { value: (await answer(JSON.parse(line))) ?? null };
  } catch (error) {
    said = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(said, written)}\n`);
}
