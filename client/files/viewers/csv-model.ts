import Papa from 'papaparse'

/** Rows are kept up to here; what is beyond is counted and can be downloaded. */
export const maxRows = 200_000

export type CsvTable = { columns: string[]; rows: string[][]; omitted: number; problems: number }

/** Parses a table in chunks, so that a long one never holds up the page. The first line names the columns. @param signal ends it early */
export function parseCsv(file: Blob, signal: AbortSignal, onProgress: (table: CsvTable, done: boolean) => void): void {
  const table: CsvTable = { columns: [], rows: [], omitted: 0, problems: 0 }
  let first = true
  Papa.parse<string[]>(file as File, {
    skipEmptyLines: 'greedy',
    chunkSize: 256 * 1024,
    chunk: ({ data, errors }, parser) => {
      if (signal.aborted) return parser.abort()
      const rows = first ? data.slice(1) : data
      if (first && data[0]) {
        table.columns = data[0]
        first = false
      }
      // One column alone has no delimiter to be found, which is no fault of it.
      table.problems += errors.filter(({ code }) => code !== 'UndetectableDelimiter').length
      const room = maxRows - table.rows.length
      for (const row of rows.slice(0, room)) table.rows.push(row)
      table.omitted += Math.max(0, rows.length - room)
      onProgress({ ...table }, false)
    },
    complete: () => {
      if (!signal.aborted) onProgress({ ...table }, true)
    },
  })
}

/** The number a cell says, or undefined. Thousands may be set apart as in `1,234.5`. */
export function numberOf(cell: string): number | undefined {
  const text = cell.trim()
  if (!/^[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][-+]?\d+)?%?$/.test(text) || !/\d/.test(text)) return undefined
  return Number(text.replaceAll(',', '').replace('%', ''))
}

/** Columns that hold numbers, as far as the first rows tell. */
export function numericColumns(table: Pick<CsvTable, 'columns' | 'rows'>): boolean[] {
  const sample = table.rows.slice(0, 100)
  return table.columns.map((_, column) => {
    const cells = sample.map((row) => row[column] ?? '').filter((cell) => cell.trim() !== '')
    return cells.length > 0 && cells.every((cell) => numberOf(cell) !== undefined)
  })
}

export type Sort = { column: number; descending: boolean }

/** The order of rows by one column: numbers by value, the rest as people of this language sort; empty cells last. */
export function sortedRows(rows: readonly string[][], sort: Sort | undefined, language: string): number[] {
  const order = rows.map((_, i) => i)
  if (!sort) return order
  const { column, descending } = sort
  const text = new Intl.Collator(language, { numeric: true, sensitivity: 'base' })
  const keys = rows.map((row) => {
    const cell = (row[column] ?? '').trim()
    return { cell, number: numberOf(cell) }
  })
  const compare = (a: number, b: number) => {
    const [one, other] = [keys[a], keys[b]]
    if (!one || !other) return 0
    if ((one.cell === '') !== (other.cell === '')) return one.cell === '' ? 1 : -1
    const difference = one.number !== undefined && other.number !== undefined ? one.number - other.number : text.compare(one.cell, other.cell)
    return descending ? -difference : difference
  }
  return order.sort((a, b) => compare(a, b) || a - b)
}
