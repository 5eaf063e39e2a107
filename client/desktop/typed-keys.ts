/*
 * Keys as X11 names them, for a field that takes the keys of a touch screen: such keyboards often tell no keys at all, only
 * what the field holds now.
 */

const named: Record<string, number> = {
  Backspace: 0xff08,
  Tab: 0xff09,
  Enter: 0xff0d,
  Escape: 0xff1b,
  Home: 0xff50,
  ArrowLeft: 0xff51,
  ArrowUp: 0xff52,
  ArrowRight: 0xff53,
  ArrowDown: 0xff54,
  PageUp: 0xff55,
  PageDown: 0xff56,
  End: 0xff57,
  Insert: 0xff63,
  Delete: 0xffff,
  ...Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`F${at + 1}`, 0xffbe + at])),
}

export const modifiers = { Control: 0xffe3, Alt: 0xffe9, Meta: 0xffeb, Shift: 0xffe1 } as const
export type Modifier = keyof typeof modifiers

/** Of a key that does something, by its name in the browser; undefined for all others. */
export const namedKey = (key: string): number | undefined => (Object.hasOwn(named, key) ? named[key] : undefined)

/** Of one character. */
export function characterKey(character: string): number {
  const point = character.codePointAt(0) ?? 0
  if (character === '\n') return named.Enter ?? 0
  if (character === '\t') return named.Tab ?? 0
  return (point >= 0x20 && point < 0x7f) || (point >= 0xa0 && point <= 0xff) ? point : 0x1000000 + point
}

/** The keys that make of a text another one, typed at its end. */
export function keysBetween(before: string, after: string): number[] {
  const [was, is] = [Array.from(before), Array.from(after)]
  let same = 0
  while (same < was.length && same < is.length && was[same] === is[same]) same++
  return [...was.slice(same).map(() => named.Backspace ?? 0), ...is.slice(same).map(characterKey)]
}
