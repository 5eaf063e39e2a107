/** Text is read no faster than this, in ms; every frame that is drawn costs its layout and its painting. */
const gapMs = 40

/** Calls back before the next frame, once for all that asked since the last time, and no more often than every `gapMs`. */
export function createPaced(callback: () => void, now: () => number = () => performance.now()) {
  let last = -gapMs
  let timer: ReturnType<typeof setTimeout> | undefined
  let frame: number | undefined
  const draw = () => {
    frame = undefined
    last = now()
    callback()
  }
  const ask = () => {
    timer = undefined
    frame = requestAnimationFrame(draw)
  }
  return {
    soon() {
      if (timer !== undefined || frame !== undefined) return
      const wait = last + gapMs - now()
      // A frame is 16 ms away at most: what is that near waits for it.
      if (wait <= 16) ask()
      else timer = setTimeout(ask, wait - 16)
    },
    stop() {
      clearTimeout(timer)
      if (frame !== undefined) cancelAnimationFrame(frame)
      timer = frame = undefined
    },
  }
}
