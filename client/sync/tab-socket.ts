import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { parseDocumentName } from '#shared/wire/document-names.ts'
import { protocolVersion, versionParameter } from '#shared/wire/protocol.ts'
import type { Connection } from './saved.ts'
import { createSilence, type Waiting } from './silence.ts'

type Options = {
  url: string
  /** The connection is another one. */
  onChange(): void
  /** The socket went away, with every document on it. */
  onLost(): void
  /** The server knows nobody here any more. */
  onSignedOut(): void
  /** The server does not serve this page's version any more: it is not asked again. */
  onOutdated(): void
  /** What is expected of the server now. */
  waitsFor(): Waiting
}

const listenMs = 500

/** The tab's one socket. It opens with the first document, comes back by itself, and gives up on a server that says nothing. */
export function createTabSocket({ url, onChange, onLost, onSignedOut, onOutdated, waitsFor }: Options) {
  let connection: Connection = 'connecting'
  let socket: HocuspocusProviderWebsocket | undefined
  const silence = createSilence(() => performance.now())

  /** The address names the room, so that what stands before several servers finds the one that holds it. */
  const urlFor = (name: string): string => {
    const document = parseDocumentName(name)
    return `${url}?${versionParameter}=${protocolVersion}${'projectId' in document ? `&project=${document.projectId}` : ''}`
  }
  const connect = (to: string) =>
    new HocuspocusProviderWebsocket({
      url: to,
      delay: 400,
      factor: 1.6,
      minDelay: 250,
      maxDelay: 5000,
      onConnect: () => {
        connection = 'connected'
        silence.heard()
        onChange()
      },
      onMessage: silence.heard,
      onClose: ({ event }) => {
        connection = 'offline'
        onLost()
        if (event?.code === closeCodes.unauthenticated.code) return onSignedOut()
        if (event?.code === closeCodes.outdated.code) {
          end('outdated')
          onOutdated()
        } else onChange()
      },
    })
  const listening = setInterval(() => {
    if (!socket || !silence.isTooLong(connection === 'connected' ? waitsFor() : undefined, socket.webSocket?.bufferedAmount ?? 0)) return
    // Closing it in the usual way would wait for the other side.
    socket.onClose({ event: { code: 4408, reason: 'silent' } as CloseEvent })
  }, listenMs)
  const end = (as: 'ended' | 'outdated') => {
    connection = as
    socket?.disconnect()
    onChange()
  }
  const close = () => {
    socket?.destroy()
    socket = undefined
    connection = 'connecting'
  }

  return {
    connection: () => connection,
    /** The socket that a document is joined over. */
    forDocument(name: string): HocuspocusProviderWebsocket {
      if (!socket) socket = connect(urlFor(name))
      else if (name.startsWith('project/')) socket.setConfiguration({ url: urlFor(name) })
      return socket
    },
    /** The browser is online: the next try need not wait. */
    tryNow(): void {
      if (socket && connection === 'offline') void socket.connect()
    },
    /** Nobody is signed in: there is no coming back. */
    end: () => end('ended'),
    close,
    stop(): void {
      clearInterval(listening)
      close()
    },
  }
}
