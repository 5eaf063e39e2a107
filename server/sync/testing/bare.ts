import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hocuspocus } from '@hocuspocus/server'
import { WebSocket, WebSocketServer } from 'ws'
import { joinRaw } from './frames.ts'

/** Hocuspocus as it comes, on sockets as they come: what ours is measured against. */
export async function startBare(server: Hocuspocus) {
  const accepted: WebSocket[] = []
  const opened: WebSocket[] = []
  const sockets = new WebSocketServer({ noServer: true })
  const http = createServer()
  http.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (ws) => {
      accepted.push(ws)
      const connection = server.handleConnection(ws as never, new Request('http://bare'))
      ws.on('message', (data: Buffer) => connection.handleMessage(data))
      ws.on('close', (code, reason) => connection.handleClose({ code, reason: reason.toString() }))
    }),
  )
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    /** The server's ends of the sockets, in the order they came. */
    accepted,
    async join(name: string) {
      const ws = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
      opened.push(ws)
      return { ws, received: await joinRaw(ws, name, '') }
    },
    stop() {
      for (const ws of opened) ws.terminate()
      http.closeAllConnections()
      http.close()
    },
  }
}
