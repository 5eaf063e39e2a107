/** How far apart the end of a program and the host's word for it may be. */
const apartMs = 1000

/** What the host said last of memory that ran out: inside, a program that the kernel ended looks like any that was killed. */
export type MemoryNews = {
  tell(why: string, kills: number): void
  /** Why a program was killed that nobody here has ended; undefined when the host says nothing of memory. As often as it said. */
  reason(): Promise<string | undefined>
}

export function createMemoryNews(): MemoryNews {
  let last: { why: string; kills: number; at: number } | undefined
  let told = Promise.withResolvers<void>()
  const take = () => {
    if (!last || last.kills < 1 || performance.now() - last.at > apartMs) return undefined
    last.kills -= 1
    return last.why
  }
  return {
    tell(why, kills) {
      last = { why, kills, at: performance.now() }
      told.resolve()
      told = Promise.withResolvers()
    },
    async reason() {
      const known = take()
      if (known !== undefined) return known
      const late = Promise.withResolvers<void>()
      const timer = setTimeout(late.resolve, apartMs)
      await Promise.race([told.promise, late.promise])
      clearTimeout(timer)
      return take()
    },
  }
}
