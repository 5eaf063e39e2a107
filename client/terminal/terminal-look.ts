import type { ITheme } from '@xterm/xterm'
import { shownTheme } from '../theme/shown-theme.ts'

/** The terminal's colours from the tokens, as the page shows them now. Its sixteen colours hold AA on the well. */
export function terminalLook(element: HTMLElement): ITheme {
  const dark = shownTheme() === 'dark'
  const resolve = colourOf(element)
  return {
    background: resolve('var(--sunken)'),
    foreground: resolve('var(--fg)'),
    cursor: resolve('var(--fg)'),
    cursorAccent: resolve('var(--sunken)'),
    selectionBackground: dark ? '#3d5a86' : '#b9d2f2',
    ...(dark ? onDark : onLight),
  }
}

/** A CSS colour as `#rrggbb`, which is what a canvas understands everywhere. */
const colourOf = (element: HTMLElement) => (value: string) => {
  const probe = document.createElement('span')
  probe.style.color = value
  element.append(probe)
  const found = getComputedStyle(probe).color
  probe.remove()
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (!pen) return '#808080'
  pen.fillStyle = found
  pen.fillRect(0, 0, 1, 1)
  const [r = 0, g = 0, b = 0] = pen.getImageData(0, 0, 1, 1).data
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

const onLight: ITheme = {
  black: '#23211d',
  red: '#b3261e',
  green: '#1d6b35',
  yellow: '#7a5200',
  blue: '#1d5aa8',
  magenta: '#8a2f86',
  cyan: '#0b6470',
  white: '#5c5953',
  brightBlack: '#68655e',
  brightRed: '#a01c16',
  brightGreen: '#165c2b',
  brightYellow: '#6b4700',
  brightBlue: '#164d94',
  brightMagenta: '#772673',
  brightCyan: '#085661',
  brightWhite: '#23211d',
}

const onDark: ITheme = {
  black: '#8f8c85',
  red: '#f2857c',
  green: '#7cc793',
  yellow: '#dbb05c',
  blue: '#8ab6f2',
  magenta: '#dd97da',
  cyan: '#75c5d1',
  white: '#dad7d0',
  brightBlack: '#a5a29b',
  brightRed: '#f8a29b',
  brightGreen: '#98d8aa',
  brightYellow: '#e8c47e',
  brightBlue: '#a8caf7',
  brightMagenta: '#e8b3e6',
  brightCyan: '#95d6e0',
  brightWhite: '#f4f2ed',
}
