export type ConnectionTurns = {
  /** Starts at once, unless a transaction is open or somebody waits: then behind them. */
  inTurn<T>(start: () => Promise<T>): Promise<T>
  /** In its turn, as `inTurn`; nothing else starts until it has ended. */
  alone<T>(work: () => Promise<T>): Promise<T>
  isTaken(): boolean
  waiting(): number
}

/** Who uses a single connection: in the order they came, and while a transaction is open nobody but it. */
export function createConnectionTurns(): ConnectionTurns {
  const turns: (() => void)[] = []
  let taken = false

  function inTurn<T>(start: () => Promise<T>): Promise<T> {
    if (!taken && turns.length === 0) return start()
    return new Promise<T>((resolve, reject) => turns.push(() => void start().then(resolve, reject)))
  }

  /** Lets go everything up to the next transaction, which takes the connection as soon as it starts. */
  function nextTurns(): void {
    while (turns.length > 0) {
      turns.shift()?.()
      if (taken) return
    }
  }

  async function take<T>(work: () => Promise<T>): Promise<T> {
    taken = true
    try {
      return await work()
    } finally {
      taken = false
      nextTurns()
    }
  }

  return {
    inTurn,
    alone: (work) => inTurn(() => take(work)),
    isTaken: () => taken,
    waiting: () => turns.length,
  }
}
