import type { ReactNode } from 'react'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { useStored } from '../base/stored.ts'
import { useMedia } from '../base/use-media.ts'
import { Rail } from '../projects/rail.tsx'
import { Splitter } from '../ui/splitter.tsx'

const railWidth = { normal: 224, min: 200, max: 320, folded: 48 }

/** A width kept by this person in this browser. */
export function useWidth(key: string, { normal, min, max }: { normal: number; min: number; max: number }): [number, (width: number) => void] {
  const [stored, store] = useStored(`width:${key}`)
  const width = Math.min(max, Math.max(min, Number(stored) || normal))
  return [width, (next) => store(String(next))]
}

type Props = { projectId?: ProjectId; sessionId?: SessionId | undefined; children: ReactNode }

/** The rail, and the page beside it. On a phone there is no rail; pages have their own way back. */
export function AppFrame({ projectId, sessionId, children }: Props) {
  const [width, setWidth] = useWidth('rail', railWidth)
  const [folded, setFolded] = useStored('rail:folded')
  const wide = useMedia('(min-width: 1120px)')
  const phone = useMedia('(max-width: 639.98px)')
  const narrow = !wide || folded === 'yes'
  return (
    <div className="flex h-full">
      {!phone && (
        <>
          <div className="shrink-0" style={{ width: narrow ? railWidth.folded : width }}>
            <Rail
              folded={narrow}
              canUnfold={wide}
              onFold={(next) => setFolded(next ? 'yes' : null)}
              {...(projectId && { projectId })}
              sessionId={sessionId}
            />
          </div>
          {narrow ? (
            <div className="w-px shrink-0 bg-line" />
          ) : (
            <Splitter label="Width of the sidebar" width={width} min={railWidth.min} max={railWidth.max} onChange={setWidth} />
          )}
        </>
      )}
      <div className="flex min-w-0 flex-1 flex-col bg-surface">{children}</div>
    </div>
  )
}
