import { useEffect, useState } from 'react'
import { cx } from './class-names.ts'
import { Skeleton } from './empty.tsx'

/** After this a page that was just loaded has put the focus where it wanted it: only then it may have it. */
const settleMs = 1500

const rights = 'allow-scripts allow-same-origin allow-forms allow-modals allow-downloads'

type Props = {
  url: string
  title: string
  /** Another value loads the page again; the old one stays until the new one is there. */
  round: string
  /** It may open windows: an app that somebody started, not a page of which nothing is to leave. */
  popups?: boolean
  /** What is said until there is something to see. */
  loading: string
  className?: string
}

/**
 * A page on an origin of its own. While it loads anew the one before stays in view, and it cannot take the focus by itself:
 * only a hand or a key that goes to it gives it.
 */
export function PageFrame({ url, title, round, popups = false, loading, className }: Props) {
  const key = `${url} ${round}`
  const [shown, setShown] = useState<{ key: string; url: string }>()
  /** The one that may have the focus. */
  const [free, setFree] = useState<string>()
  useEffect(() => {
    if (shown === undefined) return
    const timer = setTimeout(() => setFree(shown.key), settleMs)
    return () => clearTimeout(timer)
  }, [shown])
  const frames = shown && shown.key !== key ? [shown, { key, url }] : [{ key, url }]
  return (
    // The press that lets the page have the focus is the person's own: what it falls on is inert only until then.
    <div className={cx('relative h-full', className)} onPointerEnter={() => shown && setFree(shown.key)}>
      {!shown && <Skeleton label={loading} className="absolute inset-0 z-10 bg-surface" />}
      {frames.map((frame) => (
        <iframe
          key={frame.key}
          title={title}
          src={frame.url}
          inert={free !== frame.key}
          aria-hidden={frame.key !== key || undefined}
          onLoad={() => {
            if (frame.key === key) setShown(frame)
          }}
          // Its origin is its own: what runs in it can reach nothing of ours, and cannot take the sandbox off.
          sandbox={popups ? `${rights} allow-popups allow-popups-to-escape-sandbox` : rights}
          referrerPolicy="no-referrer"
          className={cx('absolute inset-0 size-full border-0 bg-[Canvas]', shown && frame.key !== shown.key && 'opacity-0')}
        />
      ))}
    </div>
  )
}
