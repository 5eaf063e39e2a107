/** Bytes kept for whoever joins. */
export const scrollbackBytes = 1024 * 1024

const newline = 0x0a
const escape = String.fromCharCode(0x1b)
const modeSwitch = new RegExp(`${escape}\\[\\?(?:1049|1047|47)([hl])`, 'g')

/**
 * The last bytes that a terminal printed, from the beginning of a line on. What fell out is forgotten but for one thing:
 * whether a program had switched to the alternate screen, without which an editor's picture would land in the scrollback.
 */
export function createScrollback(limit = scrollbackBytes) {
  let parts: Buffer[] = []
  let size = 0
  let alternate = false

  function forget(part: Buffer): void {
    for (const [, set] of part.toString('latin1').matchAll(modeSwitch)) alternate = set === 'h'
  }

  return {
    add(bytes: Uint8Array): void {
      parts.push(Buffer.from(bytes))
      size += bytes.length
      // Made shorter now and then rather than with each chunk.
      if (size < limit * 2) return
      const all = Buffer.concat(parts)
      const cut = all.length - limit
      const line = all.indexOf(newline, cut)
      const from = line >= 0 && line - cut < 16 * 1024 ? line + 1 : cut
      forget(all.subarray(0, from))
      parts = [Buffer.from(all.subarray(from))]
      size = all.length - from
    },
    /** What to write into an empty terminal to see what everybody sees. */
    bytes(): Buffer {
      return Buffer.concat([...(alternate ? [Buffer.from('\u001B[?1049h')] : []), ...parts])
    },
  }
}
