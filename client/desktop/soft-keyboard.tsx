import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { Button } from '../ui/button.tsx'
import { useTranslation } from '../i18n/use-translation.ts'
import { keysBetween, modifiers, namedKey, characterKey, type Modifier } from './typed-keys.ts'

/** As noVNC has it: without `down` a key is pressed and let go. */
type Keys = { sendKey(keysym: number, code: string | null, down?: boolean): void }

/** Something for the keyboard to take back: a field that is empty tells nothing of a Backspace. */
const filler = '_'.repeat(64)

/** Keys that touch screens leave out, as they are called everywhere. */
const extra = [
  ['Esc', 'Escape', 'keyEscape'],
  ['Tab', 'Tab', 'keyTab'],
  ['←', 'ArrowLeft', 'keyArrowLeft'],
  ['↓', 'ArrowDown', 'keyArrowDown'],
  ['↑', 'ArrowUp', 'keyArrowUp'],
  ['→', 'ArrowRight', 'keyArrowRight'],
] as const
const sticky = [
  ['Ctrl', 'Control'],
  ['Alt', 'Alt'],
] as const

const press = (keys: Keys, keysym: number, held: readonly Modifier[]) => {
  for (const one of held) keys.sendKey(modifiers[one], null, true)
  keys.sendKey(keysym, null)
  for (const one of held) keys.sendKey(modifiers[one], null, false)
}

/**
 * The field that brings up the keyboard of a touch screen, with the keys such keyboards lack beside it. What is typed goes
 * to the desktop, key by key.
 */
export function SoftKeyboard({
  keys,
  open,
  field,
  onOpen,
  onLeave,
}: {
  keys: Keys
  open: boolean
  field: RefObject<HTMLTextAreaElement | null>
  onOpen(open: boolean): void
  /** The keys go back to the page. */
  onLeave(): void
}) {
  const { t } = useTranslation('desktop')
  const known = useRef(filler)
  const [held, setHeld] = useState<readonly Modifier[]>([])

  // When control is gone, so is the keyboard.
  useEffect(() => () => onOpen(false), [onOpen])

  const renew = (area: HTMLTextAreaElement) => {
    if (area.value.length <= 4 * filler.length && area.value.length >= filler.length / 2) return
    area.value = filler
    known.current = filler
  }
  const take = (area: HTMLTextAreaElement, composing: boolean) => {
    const typed = keysBetween(known.current, area.value)
    known.current = area.value
    typed.forEach((keysym, at) => press(keys, keysym, at === typed.length - 1 ? held : []))
    if (typed.length > 0) setHeld([])
    if (!composing) renew(area)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const special = namedKey(event.key)
    const withKeys = (['Control', 'Alt', 'Meta'] as const).filter((one) => event.getModifierState(one))
    const character = withKeys.length > 0 && Array.from(event.key).length === 1 ? characterKey(event.key) : undefined
    const keysym = special ?? character
    if (keysym === undefined) return
    event.preventDefault()
    if (event.key === 'Escape' && event.ctrlKey && event.altKey) return onLeave()
    press(keys, keysym, [...new Set([...held, ...withKeys, ...(special !== undefined && event.shiftKey ? (['Shift'] as const) : [])])])
    setHeld([])
  }
  const stay = (event: { preventDefault(): void }) => event.preventDefault()

  return (
    <div
      role="toolbar"
      aria-label={t('keyboardKeys')}
      data-keys="own"
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return
        setHeld([])
        onOpen(false)
      }}
      className={open ? 'relative flex shrink-0 flex-wrap items-center gap-1 border-b border-line px-2 py-1' : 'relative h-0 overflow-hidden'}
    >
      <textarea
        ref={field}
        aria-label={t('typeThere')}
        tabIndex={open ? 0 : -1}
        defaultValue={filler}
        autoCapitalize="none"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        rows={1}
        // Large enough that no browser zooms to it.
        className="pointer-events-none absolute top-0 left-0 h-px w-px resize-none border-0 p-0 text-[16px] opacity-0"
        onFocus={(event) => {
          event.currentTarget.setSelectionRange(event.currentTarget.value.length, event.currentTarget.value.length)
          onOpen(true)
        }}
        onKeyDown={onKeyDown}
        onInput={(event) => take(event.currentTarget, (event.nativeEvent as InputEvent).isComposing)}
        onCompositionEnd={(event) => take(event.currentTarget, false)}
      />
      {open &&
        sticky.map(([label, one]) => (
          <Button
            key={one}
            aria-pressed={held.includes(one)}
            className={held.includes(one) ? 'bg-selected' : undefined}
            onPointerDown={stay}
            onClick={() => setHeld(held.includes(one) ? held.filter((other) => other !== one) : [...held, one])}
          >
            {label}
          </Button>
        ))}
      {open &&
        extra.map(([label, name, said]) => (
          <Button
            key={name}
            aria-label={t(said)}
            onPointerDown={stay}
            onClick={() => {
              press(keys, namedKey(name) ?? 0, held)
              setHeld([])
            }}
          >
            {label}
          </Button>
        ))}
    </div>
  )
}
