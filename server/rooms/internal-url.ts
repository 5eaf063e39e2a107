import { networkInterfaces } from 'node:os'

/** Where other processes reach a server that listens there: by an address of this machine's network when it listens on all of them. */
export function internalUrl(host: string, port: number): string {
  const isEverywhere = host === '0.0.0.0' || host === '::'
  const address = isEverywhere ? (networkAddress() ?? '127.0.0.1') : host
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
}

const networkAddress = () =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
