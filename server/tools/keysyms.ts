/** X11's names and numbers of keys that have no character, as models write them; case and `_` do not matter. */
const named: Record<string, number> = {
  enter: 0xff0d,
  return: 0xff0d,
  tab: 0xff09,
  escape: 0xff1b,
  esc: 0xff1b,
  backspace: 0xff08,
  delete: 0xffff,
  del: 0xffff,
  insert: 0xff63,
  home: 0xff50,
  left: 0xff51,
  up: 0xff52,
  right: 0xff53,
  down: 0xff54,
  pageup: 0xff55,
  prior: 0xff55,
  pagedown: 0xff56,
  next: 0xff56,
  end: 0xff57,
  arrowleft: 0xff51,
  arrowup: 0xff52,
  arrowright: 0xff53,
  arrowdown: 0xff54,
  menu: 0xff67,
  print: 0xff61,
  pause: 0xff13,
  space: 0x20,
  plus: 0x2b,
  minus: 0x2d,
  shift: 0xffe1,
  control: 0xffe3,
  ctrl: 0xffe3,
  alt: 0xffe9,
  option: 0xffe9,
  meta: 0xffeb,
  super: 0xffeb,
  cmd: 0xffeb,
  command: 0xffeb,
  win: 0xffeb,
  capslock: 0xffe5,
}

/** The keysym of a character: Latin-1 has its own numbers, the rest those of Unicode. */
export function keysymOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code === 0x0a || code === 0x0d) return 0xff0d
  if (code === 0x09) return 0xff09
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) ? code : 0x01000000 + code
}

/** `ctrl+shift+t`, `Return`, `F5`, `+` as keysyms, to be pressed in order. Undefined for a name that no key has. */
export function parseKeys(text: string): number[] | undefined {
  const parts = text === '+' ? ['+'] : text.endsWith('++') ? [...text.slice(0, -2).split('+'), '+'] : text.split('+')
  const keys: number[] = []
  for (const part of parts) {
    const name = part.trim()
    const plain = name
      .toLowerCase()
      .replaceAll(/[_ -]/g, '')
      .replace(/^(shift|control|ctrl|alt|super|meta)[lr]$/, '$1')
    const f = /^f([1-9]|1[0-2])$/.exec(plain)?.[1]
    // With modifiers a letter is the key, whose sign is small.
    const letter = Array.from(name).length === 1 ? keysymOf(parts.length > 1 ? name.toLowerCase() : name) : undefined
    const keysym = f ? 0xffbd + Number(f) : (letter ?? (Object.hasOwn(named, plain) ? named[plain] : undefined))
    if (keysym === undefined) return undefined
    keys.push(keysym)
  }
  return keys
}
