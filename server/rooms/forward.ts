import { type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { hopHeaders, passAnswer } from '../base/foreign-answer.ts'

/** A process that lives answers its port at once; in ms. */
const connectMs = 1_000

/** A connection to another process. Nothing of the request is used up when there is none. @throws Error */
export function reach(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80), noDelay: true })
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    const late = setTimeout(() => fail(new Error(`${url} does not answer`)), connectMs)
    socket.once('error', fail)
    socket.once('connect', () => {
      clearTimeout(late)
      socket.off('error', fail)
      resolve(socket)
    })
  })
}

type Extra = Record<string, string>

/**
 * Passes a request on by a connection to the process that serves it, and its answer back, both as they come.
 * @param refuse answers when there is no answer that can be passed on
 */
export function forwardRequest(socket: Socket, incoming: IncomingMessage, outgoing: ServerResponse, extra: Extra, refuse: () => void): void {
  const upstream = request({
    createConnection: () => socket,
    method: incoming.method,
    path: incoming.url,
    headers: { ...withoutHops(incoming.headers), ...extra },
    setHost: false,
  })
  passAnswer(upstream, outgoing, { refuse: () => refuse() })
  incoming.pipe(upstream)
}

/** Passes a socket on by its bytes, beginning with its request. */
export function forwardSocket(socket: Socket, incoming: IncomingMessage, stream: Duplex, head: Buffer, extra: Extra): void {
  const headers = { ...withoutHops(incoming.headers), ...extra, connection: 'Upgrade', upgrade: incoming.headers.upgrade ?? 'websocket' }
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`)))
  socket.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  if (head.length > 0) socket.write(head)
  const end = () => {
    socket.destroy()
    stream.destroy()
  }
  for (const one of [socket, stream]) one.on('error', end).on('close', end)
  socket.pipe(stream)
  stream.pipe(socket)
}

const withoutHops = (headers: OutgoingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)))
