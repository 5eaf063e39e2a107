import { useEffect, useRef, useState } from 'react'
import { Globe } from 'lucide-react'

/** The page is laid out as on a screen of this width, and drawn as small as there is room. */
const width = 960
const ratio = 9 / 16
const rights = 'allow-scripts allow-same-origin'

/**
 * A page as a small picture of itself, alive and out of reach. Drawn only where it is in view: `url` is asked for then.
 * @param onSeen called when it comes into view
 */
export function PageThumbnail({ url, title, onSeen }: { url: string | undefined; title: string; onSeen(): void }) {
  const box = useRef<HTMLDivElement>(null)
  const [scale, setScale] = useState(0)
  const [visible, setVisible] = useState(false)
  const seen = useRef(onSeen)
  seen.current = onSeen
  useEffect(() => {
    const element = box.current
    if (!element) return
    const sizes = new ResizeObserver(([entry]) => setScale((entry?.contentRect.width ?? 0) / width))
    sizes.observe(element)
    const views = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) seen.current()
      setVisible(entry?.isIntersecting ?? false)
    })
    views.observe(element)
    return () => {
      sizes.disconnect()
      views.disconnect()
    }
  }, [])
  return (
    <div ref={box} aria-hidden className="relative w-full overflow-hidden bg-[Canvas]" style={{ aspectRatio: 1 / ratio }}>
      {url && visible && scale > 0 ? (
        <iframe
          title={title}
          src={url}
          inert
          tabIndex={-1}
          // Its origin is its own.
          sandbox={rights}
          referrerPolicy="no-referrer"
          className="pointer-events-none absolute top-0 left-0 origin-top-left border-0"
          style={{ width, height: width * ratio, transform: `scale(${scale})` }}
        />
      ) : (
        <Globe size={20} className="absolute inset-0 m-auto text-fg-3" />
      )}
    </div>
  )
}
