import { Suspense, useState, type ReactNode } from 'react'
import { lazy } from './lazy.ts'

export type DialogProps = {
  open: boolean
  onOpenChange(open: boolean): void
  title: string
  description?: string
  wide?: boolean
  children: ReactNode
}

const Frame = lazy(() => import('./dialog-frame.tsx'))

/**
 * A dialog over the page; Esc and a click beside it close it, and the focus goes back to where it was. Its frame is
 * fetched when one is first opened.
 */
export function Dialog(props: DialogProps) {
  const [wanted, setWanted] = useState(props.open)
  if (props.open && !wanted) setWanted(true)
  if (!wanted) return null
  return (
    <Suspense>
      <Frame {...props} />
    </Suspense>
  )
}
