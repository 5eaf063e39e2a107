import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { useStored } from '../offline/stored.ts'
import { Splitter } from '../ui/splitter.tsx'

const treeWidth = { normal: 176, min: 140, max: 420 }

type Props = {
  /** One pane at a time: the tree, or the file. */
  narrow: boolean
  /** There is room for the tree and the file side by side. */
  beside: boolean
  /** Whether a file is open. */
  open: boolean
  /** The tree is drawn over the file. */
  drawer: boolean
  onDrawerClosed(): void
  column: ReactNode
  /** The open file, or what stands in its place. */
  children: ReactNode
}

/** Where the tree and the file are: side by side, the one over the other, or one at a time. */
export function FilesLayout({ narrow, beside, open, drawer, onDrawerClosed, column, children }: Props) {
  const { t } = useTranslation('files')
  const [stored, storeWidth] = useStored('tree:width')
  const { min, max, normal } = treeWidth
  const width = Math.max(min, Math.min(max, Number(stored) || normal))
  const columnRef = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (drawer) columnRef.current?.querySelector<HTMLElement>('[role="tree"]')?.focus()
  }, [drawer])
  return (
    <div className="relative flex min-h-0 flex-1">
      {/* The column stays mounted where it is out of sight: what was asked of it in a menu goes on there. */}
      <div
        ref={columnRef}
        hidden={open && (narrow || (!beside && !drawer))}
        className={
          narrow || (!beside && !open)
            ? 'min-w-0 flex-1'
            : beside
              ? 'shrink-0'
              : 'absolute inset-y-0 left-0 z-20 w-[264px] border-r border-line bg-surface shadow-pop'
        }
        style={beside ? { width } : undefined}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !drawer || event.defaultPrevented) return
          event.preventDefault()
          onDrawerClosed()
        }}
        role="presentation"
      >
        {column}
      </div>
      {beside && <Splitter label={t('treeWidth')} width={width} min={min} max={max} onChange={(next) => storeWidth(String(next))} />}
      {drawer && !beside && !narrow && open && (
        <button type="button" aria-label={t('closeTree')} tabIndex={-1} className="fade absolute inset-0 z-10 bg-scrim" onClick={onDrawerClosed} />
      )}
      {children}
    </div>
  )
}
