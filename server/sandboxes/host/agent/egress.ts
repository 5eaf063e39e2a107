import { connect, createServer } from 'node:net'

/**
 * The only way out: a port on the sandbox's own loopback whose connections go to the host's filtering proxy, through
 * the socket that the host put here.
 */
export function listenForEgress(socketPath: string, port: number): void {
  const server = createServer((inside) => {
    const outside = connect(socketPath)
    const end = () => {
      inside.destroy()
      outside.destroy()
    }
    inside.on('error', end)
    outside.on('error', end)
    inside.on('close', end)
    outside.on('close', end)
    inside.pipe(outside).pipe(inside)
  })
  server.on('error', (error) => process.stderr.write(`no way out of the sandbox: ${error.message}\n`))
  server.listen(port, '127.0.0.1')
}
