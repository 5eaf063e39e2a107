import { offeredCommands } from './commands.ts'

const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent)

/** `mod+shift+k` of a pressed key, modifiers in the order mod, alt, shift; shift is left out where it only makes the sign, as in `?`. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase()
  const sign = key.length === 1 && key.toLowerCase() === key.toUpperCase()
  const mod = isMac ? event.metaKey : event.ctrlKey
  return [
    mod && 'mod',
    !isMac && event.metaKey && 'meta',
    isMac && event.ctrlKey && 'ctrl',
    event.altKey && 'alt',
    event.shiftKey && !sign && 'shift',
    key,
  ]
    .filter(Boolean)
    .join('+')
}

/** For people: `mod+k` → `⌘K` or `Ctrl K`, one part a key. */
export function keyParts(keys: string): string[] {
  return keys.split('+').map((part) => {
    if (part === 'mod') return isMac ? '⌘' : 'Ctrl'
    if (part === 'shift') return isMac ? '⇧' : 'Shift'
    if (part === 'alt') return isMac ? '⌥' : 'Alt'
    return names[part] ?? (part.length === 1 ? part.toUpperCase() : part)
  })
}

const names: Record<string, string> = { enter: '↵', escape: 'Esc', space: 'Space', arrowup: '↑', arrowdown: '↓', arrowleft: '←', arrowright: '→' }

/** Whether what is typed at this element is text of its own. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  if (target.closest('[data-keys="own"]')) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)
}

/** Runs the newest offered command of a pressed key. Returns what ends the listening. */
export function listenForKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const name = keyName(event)
    const plain = !/^(mod|alt|ctrl|meta)\+/.test(name) && name !== 'escape'
    if (plain && takesText(event.target)) return
    // An open menu or dialog has keys of its own.
    if (name !== 'mod+k' && document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]')) return
    for (const offer of offeredCommands.get().toReversed()) {
      const command = offer.find(({ keys }) => keys?.includes(name))
      if (command && command.run() !== false) {
        event.preventDefault()
        return
      }
    }
  }
  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}
