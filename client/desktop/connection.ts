import { useEffect, useRef, useState } from 'react'
import type RFB from '@novnc/novnc'
import type { ProjectId } from '#shared/base/ids.ts'
import { createQuality } from '#shared/desktop/quality.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { createChannel } from './channel.ts'

export type CloseCode = { code: number; reason: string }
export type Size = { width: number; height: number }

/** `connecting` also between two attempts; `ended` for good. */
export type ConnectionState = {
  status: 'connecting' | 'connected' | 'ended'
  again: boolean
  rfb: RFB | null
  size: Size | null
  lagMs: number | null
}

const final: readonly number[] = [closeCodes.forbidden.code, closeCodes.unauthenticated.code, closeCodes.asleep.code]
const waits = { first: 500, longest: 8_000 }
const nothing: ConnectionState = { status: 'connecting', again: false, rfb: null, size: null, lagMs: null }

/** The picture in `host`, as long as `wanted`: connects, and connects again when the connection breaks. */
export function useConnection(projectId: ProjectId, host: HTMLElement | null, onClipboard: (text: string) => void): ConnectionState {
  const [state, setState] = useState(nothing)
  const clipboard = useRef(onClipboard)
  useEffect(() => {
    clipboard.current = onClipboard
  })

  useEffect(() => {
    if (!host) return
    let over = false
    let rfb: RFB | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let wait = waits.first
    const watch = new MutationObserver(() => {
      const canvas = host.querySelector('canvas')
      if (canvas && canvas.width > 0) setState((now) => ({ ...now, size: { width: canvas.width, height: canvas.height } }))
    })

    async function open(): Promise<void> {
      const { default: Client } = await import('@novnc/novnc')
      if (over || !host) return
      const follow = createQuality()
      const onLag = (lagMs: number) => {
        const quality = follow(lagMs)
        if (quality !== undefined && rfb) rfb.qualityLevel = quality
        setState((now) => ({ ...now, lagMs: Math.round(lagMs) }))
      }
      const onClosed = ({ code }: CloseCode) => {
        if (over) return
        if (final.includes(code)) return setState({ ...nothing, status: 'ended' })
        setState((now) => ({ ...nothing, again: true, size: now.size }))
        timer = setTimeout(() => void open(), wait)
        wait = Math.min(waits.longest, wait * 2)
      }
      host.replaceChildren()
      const address = new URL(`/api/projects/${projectId}/desktop`, location.href)
      address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
      const made = new Client(host, createChannel(address.href, onLag, onClosed), { shared: true })
      rfb = made
      made.viewOnly = true
      made.scaleViewport = true
      made.focusOnClick = true
      made.background = 'transparent'
      made.addEventListener('connect', () => {
        wait = waits.first
        setState((now) => ({ ...now, status: 'connected', again: false, rfb: made }))
      })
      made.addEventListener('clipboard', (event) => clipboard.current((event as CustomEvent<{ text: string }>).detail.text))
      watch.observe(host, { subtree: true, childList: true, attributes: true, attributeFilter: ['width', 'height'] })
    }
    void open().catch(() => setState({ ...nothing, status: 'ended' }))
    return () => {
      over = true
      clearTimeout(timer)
      watch.disconnect()
      rfb?.disconnect()
      setState(nothing)
    }
  }, [projectId, host])
  return state
}
