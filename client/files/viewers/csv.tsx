import { ArrowDown, ArrowUp, Table2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type CSSProperties } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import { Virtualizer } from 'virtua'
import type { FilePath } from '#shared/files/path.ts'
import { formatNumber } from '../../i18n/format.ts'
import { cx } from '../../ui/class-names.ts'
import { Empty, Skeleton } from '../../ui/empty.tsx'
import { nameOf } from '../tree-model.ts'
import { numericColumns, parseCsv, sortedRows, type CsvTable, type Sort } from './csv-model.ts'

const rowHeight = 28

/** A CSV as a table: the header stays, long tables draw only what is in sight, a column's name sorts by it. */
export default function Csv({ blob, path }: { blob: Blob; path: FilePath }) {
  const { t, language } = useTranslation('files')
  const [table, done] = useCsvTable(blob)
  const [sort, setSort] = useState<Sort>()
  const scroller = useRef<HTMLDivElement>(null)
  const numeric = useMemo(() => (table ? numericColumns(table) : []), [table])
  const order = useMemo(() => (table ? sortedRows(table.rows, sort, language) : []), [table, sort, language])
  const widths = useMemo(() => (table ? widthsOf(table) : []), [table])

  if (!table)
    return done ? (
      <Empty className="h-full" icon={<Table2 />} title={t('emptyTable')} text={t('emptyTableText')} />
    ) : (
      <Skeleton label={t('loadingFile')} lines={4} />
    )
  const gridTemplateColumns = `56px ${widths.map((width) => `${width}px`).join(' ')}`
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div
        ref={scroller}
        role="table"
        aria-label={nameOf(path)}
        aria-rowcount={table.rows.length + 1}
        aria-colcount={table.columns.length}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto text-ui -outline-offset-2"
      >
        <div role="rowgroup" className="sticky top-0 z-10 w-max min-w-full bg-surface">
          <HeaderRow columns={table.columns} numeric={numeric} sort={sort} onSort={setSort} style={{ gridTemplateColumns }} />
        </div>
        <div role="rowgroup" className="w-max min-w-full">
          <Virtualizer scrollRef={scroller} startMargin={33} itemSize={rowHeight} data={order}>
            {(index, position) => (
              <div
                key={index}
                role="row"
                aria-rowindex={position + 2}
                className="grid h-7 items-center border-b border-line hover:bg-hover"
                style={{ gridTemplateColumns }}
              >
                <span role="rowheader" className="sticky left-0 bg-surface pr-3 text-right text-small text-fg-3 tabular-nums">
                  {index + 1}
                </span>
                {table.columns.map((_, column) => {
                  const cell = table.rows[index]?.[column] ?? ''
                  return (
                    <span
                      key={column}
                      role="cell"
                      title={cell.length > 24 ? cell : undefined}
                      className={cx('truncate px-3', numeric[column] && 'text-right tabular-nums')}
                    >
                      {cell}
                    </span>
                  )
                })}
              </div>
            )}
          </Virtualizer>
        </div>
      </div>
      <div role="status" className="flex min-h-7 shrink-0 items-center gap-3 border-t border-line px-3 py-1 text-small text-fg-3">
        <span>
          {done
            ? t('rowsAndColumns', { count: table.rows.length, rows: formatNumber(table.rows.length), columns: formatNumber(table.columns.length) })
            : t('readingRows', { rows: formatNumber(table.rows.length) })}
        </span>
        {table.omitted > 0 && <span>{t('rowsOmitted', { count: table.omitted, rows: formatNumber(table.omitted) })}</span>}
        {table.problems > 0 && <span className="text-warn">{t('rowProblems', { count: table.problems })}</span>}
      </div>
    </div>
  )
}

/** What was read of the file so far, and whether that is all of it. */
function useCsvTable(blob: Blob): [CsvTable | undefined, done: boolean] {
  const [table, setTable] = useState<CsvTable>()
  const [done, setDone] = useState(false)
  useEffect(() => {
    const ending = new AbortController()
    setDone(false)
    parseCsv(blob, ending.signal, (next, finished) => {
      setTable(next)
      setDone(finished)
    })
    return () => ending.abort()
  }, [blob])
  return [table, done]
}

type HeaderRowProps = {
  columns: readonly string[]
  numeric: readonly boolean[]
  sort: Sort | undefined
  onSort(sort: Sort | undefined): void
  style: CSSProperties
}

/** The columns' names. Each sorts upwards, then downwards, then not at all. */
function HeaderRow({ columns, numeric, sort, onSort, style }: HeaderRowProps) {
  const { t } = useTranslation('files')
  const toggle = (column: number) =>
    onSort(sort?.column !== column ? { column, descending: false } : sort.descending ? undefined : { column, descending: true })
  return (
    <div role="row" aria-rowindex={1} className="grid border-b border-line-strong" style={style}>
      <span role="columnheader" className="sr-only">
        {t('rowNumber')}
      </span>
      <span aria-hidden className="sticky left-0 bg-surface" />
      {columns.map((name, column) => {
        const sorted = sort?.column === column
        return (
          <span
            key={column}
            role="columnheader"
            aria-colindex={column + 1}
            aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
            className="flex min-w-0"
          >
            <button
              type="button"
              onClick={() => toggle(column)}
              title={t('sortBy', { name })}
              className={cx(
                'flex h-8 min-w-0 flex-1 items-center gap-1 px-3 font-label -outline-offset-2 hover:bg-hover pointer-coarse:h-11',
                numeric[column] && 'flex-row-reverse',
              )}
            >
              <span className="truncate">{name || t('unnamedColumn')}</span>
              {sorted &&
                (sort.descending ? <ArrowDown size={12} aria-hidden className="shrink-0" /> : <ArrowUp size={12} aria-hidden className="shrink-0" />)}
            </button>
          </span>
        )
      })}
    </div>
  )
}

/** As wide as the first rows need, within bounds. */
function widthsOf({ columns, rows }: CsvTable): number[] {
  const sample = rows.slice(0, 200)
  return columns.map((name, column) => {
    const longest = Math.max(name.length + 3, ...sample.map((row) => (row[column] ?? '').length))
    return Math.round(Math.min(320, Math.max(72, longest * 8 + 26)))
  })
}
