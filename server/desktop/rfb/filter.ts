import { clientMessages, isInput } from './client-messages.ts'
import type { ClientMessage } from './client-messages.ts'
import { isOffered } from './encodings.ts'
import { createHeldInput } from './held-input.ts'
import { pixelSize } from './pixel-format.ts'
import { isScreenSize } from './screen-size.ts'
import { serverMessages } from './server-messages.ts'
import type { Ability } from './server-messages.ts'
import { BadRfb, createStreamParser } from './stream-parser.ts'

type Deps = {
  /** 16 bytes, of ServerInit. */
  format: Buffer
  /** Whether this viewer has control now. Asked for every message that acts. */
  mayAct(): boolean
  /** It did something with it. */
  acted(): void
  toDesktop(bytes: Buffer): void
  toViewer(bytes: Buffer): void
}

/** Kept back for whoever gets control next; a longer clipboard is left out. */
const keptClipboard = 256 * 1024
const longestFence = 64
const leastSide = 200

/**
 * Between one viewer and its own connection to the desktop, after both handshakes. Whoever has no control looks on: what
 * acts is dropped, and the desktop's clipboard kept back. Both feeds throw BadRfb when the other side cannot be understood
 * any more.
 */
export function createFilter({ format, mayAct, acted, toDesktop, toViewer }: Deps) {
  const able = new Set<Ability>()
  const held = createHeldInput()
  let size = pixelSize(format)
  let asked = false
  /** Kept back, and due to be shown as soon as one message has ended. */
  let clipboard: Buffer | undefined
  let due = false
  let between = true

  function setFormat(bytes: Buffer): void {
    let next: typeof size
    try {
      next = pixelSize(bytes.subarray(4))
    } catch (error) {
      if (error instanceof BadRfb) return
      throw error
    }
    // Updates may be on their way in the old one, and lengths follow from it.
    if (asked && (next.pixel !== size.pixel || next.tight !== size.tight)) return
    size = next
    toDesktop(bytes)
  }

  function act(message: ClientMessage): void {
    if (!mayAct()) return
    let { kind, bytes } = message
    // The seventh byte holds buttons that this desktop does not know.
    if (kind === 'pointer' && bytes.length > 6 && !able.has('extendedButtons'))
      bytes = Buffer.from([5, (bytes[1] ?? 0) & 0x7f, ...bytes.subarray(2, 6)])
    if (kind === 'qemuKey' && !able.has('qemuKey')) {
      // The same key, without its place on the keyboard.
      bytes = Buffer.from([4, bytes.readUInt16BE(2) === 0 ? 0 : 1, 0, 0, ...bytes.subarray(4, 8)])
      kind = 'key'
    }
    if (kind === 'desktopSize' && !isSize(bytes)) return
    held.sent({ kind, bytes })
    toDesktop(bytes)
    acted()
  }

  const fromViewer = createStreamParser(
    () =>
      clientMessages(
        (message) => {
          const { kind, bytes } = message
          if (kind === 'pixelFormat') setFormat(bytes)
          else if (kind === 'encodings') toDesktop(offeredOnly(bytes))
          else if (kind === 'updateRequest' || (kind === 'continuous' && able.has('continuous'))) {
            asked = true
            toDesktop(bytes)
          } else if (kind === 'fence' && able.has('fence') && bytes.length <= 9 + longestFence) toDesktop(bytes)
          else if (isInput(kind) && !unsupported.has(kind)) act(message)
        },
        (kind) => kind === 'encodings' || kind === 'fence' || (mayAct() && !unsupported.has(kind)),
      ),
    () => undefined,
  )

  const fromDesktop = createStreamParser(
    (emit) =>
      serverMessages(emit, {
        size: () => size,
        clipboard: (length) => (mayAct() ? 'pass' : length <= keptClipboard ? 'hold' : 'drop'),
        held: (message) => void (clipboard = message),
        supports: (what) => void able.add(what),
        between(now) {
          between = now
          const shown = now && due ? clipboard : undefined
          if (shown) clipboard = undefined
          if (now) due = false
          return shown
        },
      }),
    toViewer,
  )

  return {
    fromViewer: fromViewer.feed,
    fromDesktop: fromDesktop.feed,
    /** Control has gone to somebody else: nothing stays pressed. */
    lost(): void {
      due = false
      for (const bytes of held.release()) toDesktop(bytes)
    },
    /** Control has come: what the clipboard holds is shown. */
    gained(): void {
      if (!clipboard) return
      if (!between) {
        due = true
        return
      }
      toViewer(clipboard)
      clipboard = undefined
    },
  }
}

/** What no desktop here understands. */
const unsupported = new Set<ClientMessage['kind']>(['xvp', 'gii', 'qemuAudio'])

function offeredOnly(bytes: Buffer): Buffer {
  const wanted: number[] = []
  for (let at = 4; at < bytes.length; at += 4) {
    const value = bytes.readInt32BE(at)
    if (isOffered(value) && !wanted.includes(value)) wanted.push(value)
  }
  const kept = Buffer.alloc(4 + 4 * wanted.length)
  kept[0] = 2
  kept.writeUInt16BE(wanted.length, 2)
  for (const [at, value] of wanted.entries()) kept.writeInt32BE(value, 4 + 4 * at)
  return kept
}

function isSize(bytes: Buffer): boolean {
  const [width, height] = [bytes.readUInt16BE(2), bytes.readUInt16BE(4)]
  return Math.min(width, height) >= leastSide && isScreenSize(width, height)
}
