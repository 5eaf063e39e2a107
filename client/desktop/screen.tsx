import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type RFB from '@novnc/novnc'
import type { Size } from './connection.ts'
import { useScale } from './use-scale.ts'

type Props = {
  rfb: RFB | null
  size: Size
  fit: boolean
  /** This person has control: what they do goes to the desktop. */
  mine: boolean
  /** A CSS colour, of whoever has control. */
  frame: string | undefined
  /** Half of the screen is a keyboard. */
  typing: boolean
  label: string
  onHost(host: HTMLElement | null): void
  onPoint(at: { x: number; y: number } | null): void
  /** Clicked by somebody without control. */
  onPress(): void
  /** The keys go back to the page. */
  onLeave(): void
  overlay(scale: number): ReactNode
}

const paste = { keysym: 0x76, code: 'KeyV' }

/** The picture of the desktop, as large as there is room or pixel by pixel, with what lies over it. */
export function Screen({ rfb, size, fit, mine, frame, typing, label, onHost, onPoint, onPress, onLeave, overlay }: Props) {
  const { t } = useTranslation('desktop')
  const stage = useRef<HTMLDivElement>(null)
  const picture = useRef<HTMLDivElement>(null)
  const { scale, touch } = useScale(stage, size, fit)
  const [keys, setKeys] = useState(false)

  useEffect(() => {
    if (!rfb) return
    rfb.viewOnly = !mine
    if (!mine) setKeys(false)
  }, [rfb, mine])

  const pointAt = (event: { clientX: number; clientY: number }) => {
    const box = picture.current?.getBoundingClientRect()
    if (!box) return
    const at = { x: Math.floor((event.clientX - box.left) / scale), y: Math.floor((event.clientY - box.top) / scale) }
    onPoint(at.x >= 0 && at.y >= 0 && at.x < size.width && at.y < size.height ? at : null)
  }

  return (
    <div
      ref={stage}
      {...touch}
      className="flex min-h-0 flex-1 overflow-auto bg-sunken p-3"
      onKeyDownCapture={(event) => {
        if (!mine) return
        if (event.key === 'Escape' && event.ctrlKey && event.altKey) {
          event.preventDefault()
          event.stopPropagation()
          if (rfb) {
            // What is held is let go.
            rfb.viewOnly = true
            rfb.viewOnly = false
            rfb.blur()
          }
          onLeave()
        } else if (rfb && event.key.toLowerCase() === 'v' && (event.ctrlKey || event.metaKey) && !event.altKey) {
          event.preventDefault()
          event.stopPropagation()
          void (navigator.clipboard?.readText() ?? Promise.resolve(''))
            .then((text) => text !== '' && rfb.clipboardPasteFrom(text))
            .catch(() => undefined)
            .finally(() => {
              rfb.sendKey(paste.keysym, paste.code, true)
              rfb.sendKey(paste.keysym, paste.code, false)
            })
        }
      }}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application has its own ways: the canvas inside takes keys and pointer */}
      <div
        ref={picture}
        data-keys={mine ? 'own' : undefined}
        role="application"
        aria-label={label}
        aria-roledescription={t('screenRole')}
        className={`relative mx-auto shrink-0 rounded-md outline-offset-2 ${typing ? 'mb-auto' : 'my-auto'}`}
        style={{ width: size.width * scale, height: size.height * scale, ...(frame && { outline: `2px solid ${frame}` }) }}
        onPointerMove={pointAt}
        onPointerLeave={() => onPoint(null)}
        onFocus={() => setKeys(mine)}
        onBlur={() => setKeys(false)}
      >
        <div ref={onHost} className="size-full overflow-hidden rounded-md" />
        {!mine && (
          // Over the picture: what happens here is not for the desktop.
          <div className="absolute inset-0 cursor-default" onClick={onPress} aria-hidden />
        )}
        {overlay(scale)}
        {mine && keys && (
          <p className="pointer-events-none absolute top-2 left-1/2 -translate-x-1/2 rounded-full bg-raised/90 px-2.5 py-0.5 text-small text-fg-2 shadow-pop opacity-80 max-md:hidden">
            {t('keysGo')}
          </p>
        )}
      </div>
    </div>
  )
}
