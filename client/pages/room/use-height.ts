import { useEffect, useState, type RefCallback } from 'react'

/** The height of an element as it is now, in pixels; 0 before it is there. */
export function useHeight(): [RefCallback<HTMLElement>, number] {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [height, setHeight] = useState(0)
  useEffect(() => {
    if (!element) return
    const observer = new ResizeObserver(() => setHeight(element.offsetHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return [setElement, height]
}
