/** Work passes while it is open. Whoever closes it waits for what is inside, and what comes meanwhile waits outside. */
export type Gate = {
  pass<T>(work: () => Promise<T>): Promise<T>
  /** Resolves, when nothing is inside any more, with what opens it again. @throws Error when it is closed already */
  close(): Promise<() => void>
}

export function createGate(): Gate {
  let inside = 0
  let closed: PromiseWithResolvers<void> | undefined
  let empty: (() => void) | undefined

  return {
    async pass(work) {
      while (closed) await closed.promise
      inside++
      try {
        return await work()
      } finally {
        inside--
        if (inside === 0) empty?.()
      }
    },
    async close() {
      if (closed) throw new Error('this gate is closed already')
      const mine = Promise.withResolvers<void>()
      closed = mine
      if (inside > 0) await new Promise<void>((resolve) => (empty = resolve))
      empty = undefined
      return () => {
        if (closed !== mine) return
        closed = undefined
        mine.resolve()
      }
    },
  }
}
