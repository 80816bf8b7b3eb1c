/** Has the server read a CSV file: its columns, and rows made of some of them. docs/protocol.md describes the options and the answer. */

/**
 * @typedef {{name: string, kind: "number" | "index" | "date" | "text", missing: number, fault: string}} Column
 * @typedef {{delimiter: string, decimal: string, header: boolean, rows: number, columns: Column[], preview: string[][], doubts: string[]}} Table
 * @typedef {{rows: number[][], start: number, total: number, notes: string[]}} Taken
 *
 * What came of it; `error` says why there are no rows or no table.
 * @typedef {{table: Table | null, taken: Taken | null, error: string | null}} TableAnswer
 *
 * @typedef {{delimiter?: string, decimal?: string, header?: boolean}} Format how to read a file; what is left out is found out
 * @typedef {Format & {columns?: readonly number[], missing?: string, scale?: string, by?: number, means?: readonly number[], scales?: readonly number[], start?: number, count?: number}} TableOptions
 *
 * @typedef {(file: Blob, options: TableOptions, signal: AbortSignal) => Promise<TableAnswer>} ReadTable
 */

/**
 * @param {string} url
 * @returns {ReadTable} it throws only if the signal is aborted
 */
export function createReadTable(url) {
  return async (file, options, signal) => {
    const query = new URLSearchParams(Object.entries(options).map(([name, value]) => [name, String(value)]));
    try {
      const response = await fetch(`${url}?${query}`, { method: "POST", body: file, signal });
      const { table = null, taken = null, error = null, message } = await response.json();
      return { table, taken, error: response.ok ? error : String(message) };
    } catch (error) {
      if (signal.aborted) throw error;
      return { table: null, taken: null, error: "The server did not answer. Is it still running? Try again." };
    }
  };
}
