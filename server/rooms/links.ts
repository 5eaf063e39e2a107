import type { Socket } from 'node:net'

/** Connections to other processes: they end when their process does not say any more that it lives, though nothing ends them by itself. */
export type Links = {
  /** @returns to be called when the connection has ended by itself */
  add(url: string, end: () => void): () => void
  addSocket(url: string, socket: Socket): Socket
  /** @param alive the addresses of all other processes that live */
  keepOnly(alive: readonly string[]): void
}

export function createLinks(): Links {
  const links = new Map<string, Set<() => void>>()

  function add(url: string, end: () => void): () => void {
    const there = links.get(url) ?? new Set()
    links.set(url, there.add(end))
    return () => {
      there.delete(end)
      if (there.size === 0 && links.get(url) === there) links.delete(url)
    }
  }

  return {
    add,
    addSocket(url, socket) {
      const remove = add(url, () => socket.destroy())
      return socket.once('close', remove)
    },
    keepOnly(alive) {
      for (const [url, there] of links) {
        if (alive.includes(url)) continue
        links.delete(url)
        for (const end of there) end()
      }
    },
  }
}
