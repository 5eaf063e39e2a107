/** The floor: a plain websocket server that sends every delta to every reader as it comes, and keeps nothing. */
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { serveParent } from './child.ts'
import { machineNow } from './clock.ts'
import { drive } from './drive.ts'
import type { RoomRequest } from './room-request.ts'

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
const listening = new Promise<void>((resolve) => server.once('listening', resolve))

serveParent(async (request: RoomRequest) => {
  await listening
  switch (request.type) {
    case 'address':
      return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }
    case 'stream': {
      const sentAt = await drive(request, (text) => {
        const message = JSON.stringify({ type: 'delta', at: machineNow(), text })
        for (const socket of server.clients) socket.send(message)
      })
      return { sentAt }
    }
    case 'clear':
      return undefined
  }
})
