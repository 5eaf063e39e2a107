import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { hostNameOf, isAddress, isLoopbackName } from '../base/host-names.ts'
import { errorBody } from './error-body.ts'

type Rule = {
  /** Configured names. */
  hosts: readonly string[]
  /** The address or name the server listens on. */
  listensOn: string
  /** Whether a `Host` header is the one of a preview, which answers for itself. */
  isPreview: (header: string | undefined) => boolean
}

/**
 * Decides by which names the server is reached, for requests and sockets alike. A page from elsewhere may have its own name
 * lead to this server, and would then count as ours (DNS rebinding): a name that is not known is refused. An address cannot
 * be led anywhere; it is served where the server listens to more than its own machine.
 */
export function createHostRule({ hosts, listensOn, isPreview }: Rule) {
  const byAddress = !isLoopbackName(listensOn.includes(':') ? `[${listensOn}]` : listensOn)
  const isServed = (name: string) => hosts.includes(name) || isLoopbackName(name) || (byAddress && isAddress(name))

  /** Why a request cannot be answered, or undefined when it can. */
  function refusal(header: string | undefined): { status: '400 Bad Request' | '421 Misdirected Request'; body: string } | undefined {
    if (isPreview(header)) return undefined
    const name = hostNameOf(header)
    if (name === undefined) {
      return { status: '400 Bad Request', body: errorBody('invalid_input', 'The Host of this request is missing or not well-formed.') }
    }
    if (isServed(name)) return undefined
    const why = `This server does not answer to the name ${name}. If people reach it by that name, add it to ATRIUM_HOSTS and start the server again.`
    return { status: '421 Misdirected Request', body: errorBody('misdirected', why) }
  }

  return {
    /** True when the request was refused. */
    refuseRequest({ headers }: IncomingMessage, outgoing: ServerResponse): boolean {
      const refused = refusal(headers.host)
      if (!refused) return false
      outgoing.writeHead(Number.parseInt(refused.status, 10), headersOf(refused.body))
      outgoing.end(refused.body)
      return true
    },
    /** True when the socket was refused. */
    refuseUpgrade({ headers }: IncomingMessage, socket: Duplex): boolean {
      const refused = refusal(headers.host)
      if (!refused) return false
      const lines = Object.entries(headersOf(refused.body)).map(([name, value]) => `${name}: ${value}\r\n`)
      socket.end(`HTTP/1.1 ${refused.status}\r\n${lines.join('')}\r\n${refused.body}`)
      return true
    },
  }
}

const headersOf = (body: string) => ({
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(body),
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  connection: 'close',
})
