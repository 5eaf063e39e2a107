const tones = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
type Tone = (typeof tones)[number]

const decorations: Readonly<Record<number, string>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'reverse', 9: 'strikethrough' }
/** What a code ends: 22 ends bold and dim. */
const endings: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['reverse'],
  29: ['strikethrough'],
}

/** How text looks after the codes that came before it, as classes. */
export function createAnsiStyle() {
  let text: Tone | undefined
  let ground: Tone | undefined
  let worn = new Set<string>()
  let className = ''

  function apply(codes: readonly number[]): void {
    for (let at = 0; at < codes.length; at += 1) {
      const code = codes[at] ?? 0
      const decoration = decorations[code]
      if (code === 0) {
        text = ground = undefined
        worn = new Set()
      } else if (decoration) worn.add(decoration)
      else if (endings[code]) for (const one of endings[code]) worn.delete(one)
      else if (code === 39) text = undefined
      else if (code === 49) ground = undefined
      else if (code === 38 || code === 48) {
        const [tone, taken] = longColour(codes.slice(at + 1))
        if (code === 38) text = tone
        else ground = tone
        at += taken
      } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) text = tones[code % 10]
      else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) ground = tones[code % 10]
    }
    const [front, behind] = worn.has('reverse') ? [ground ?? 'black', text ?? 'white'] : [text, ground]
    className = [front && `ansi-${front}`, behind && `ansi-on-${behind}`, ...[...worn].filter((one) => one !== 'reverse').map((one) => `ansi-${one}`)]
      .filter(Boolean)
      .join(' ')
  }

  return {
    className: () => className,
    /** What stands between `[` and `m`: numbers with `;` or `:` between them; none is 0. */
    set: (codes: string) => apply(codes.split(/[;:]/).map(Number)),
  }
}

/** What follows a 38 or 48: `5;n` of the 256 colours, or `2;r;g;b`. How many numbers it took stands beside it. */
function longColour([kind, ...rest]: readonly number[]): [Tone | undefined, number] {
  if (kind === 5) return [rest[0] === undefined ? undefined : ofPalette(rest[0]), 2]
  if (kind === 2) return [nearest(rest.slice(0, 3)), 4]
  return [undefined, 1]
}

/** Any colour as one of the eight that are legible in both themes. */
function ofPalette(index: number): Tone | undefined {
  if (index < 16) return tones[index % 8]
  if (index >= 232) return nearest(Array.from({ length: 3 }, () => 8 + (index - 232) * 10))
  const levels = [0, 95, 135, 175, 215, 255]
  const at = index - 16
  return nearest([Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((level) => levels[level] ?? 0))
}

function nearest([r = 0, g = 0, b = 0]: readonly number[]): Tone {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)]
  if (most - least < 40) return most < 90 ? 'black' : 'white'
  const half = (most + least) / 2
  return tones[(r > half ? 1 : 0) + (g > half ? 2 : 0) + (b > half ? 4 : 0)] ?? 'white'
}
