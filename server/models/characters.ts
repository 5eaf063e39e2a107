const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00

/** Pieces of a text in whole characters: half of one waits for the other half, and one that never gets it is U+FFFD. */
export function createCharacters() {
  let half = ''
  return {
    take(piece: string): string {
      const text = half + piece
      half = isHigh(text.charCodeAt(text.length - 1)) ? text.slice(-1) : ''
      return text.slice(0, text.length - half.length).toWellFormed()
    },
    end(): string {
      const rest = half.toWellFormed()
      half = ''
      return rest
    },
  }
}
