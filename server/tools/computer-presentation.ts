import { cutAfter } from '#shared/base/cut.ts'
import type { ArtifactId } from '#shared/base/ids.ts'
import { presentationLimits } from '#shared/sessions/presentation.ts'
import type { Saying, Words } from '#shared/sessions/presentation.ts'
import { picturesIn } from './pictures.ts'
import { fieldsOf, plain, short, textOf } from './presentation-parts.ts'
import type { Fields, CallPresentation, PresentedCall } from './presentation-parts.ts'

type Filled = Extract<Words, { say: unknown }>['with']

/** Steps at the desktop, told one after the other. */
const most = 8

/** A step at the desktop: what was done, and the picture of what came of it. */
export function presentDesktop({ args, status, result, fields, artifactId }: PresentedCall): CallPresentation {
  const about = wordsOf(args)
  const target = textOf(args.reason) || textOf(args.target)
  const said = typeof result === 'string' ? result : textOf(fields.text) || textOf(fields.message) || textOf(fields.result)
  return {
    kind: 'image',
    about,
    facts: [
      { name: 'action', words: about },
      ...(target === '' ? [] : [{ name: 'target' as const, words: plain(target) }]),
      ...(said === '' ? [] : [{ name: 'result' as const, words: plain(said) }]),
    ],
    ...(artifactId && { pictures: withScreen(result, artifactId) }),
    stays: 'last',
    place: { tab: 'desktop' },
    opens: status === 'running' || status === 'ok',
  }
}

/** Every picture of it, that of the screen afterwards as the one that it is. */
function withScreen(result: unknown, screen: ArtifactId) {
  const found = picturesIn(result).map((picture) => (picture.id === screen ? { id: screen, name: '' } : picture))
  return found.some(({ id }) => id === screen) ? found : [...found.slice(1 - presentationLimits.pictures), { id: screen, name: '' }]
}

const clicks: Readonly<Record<string, 'click' | 'doubleClick' | 'rightClick'>> = {
  click: 'click',
  left_click: 'click',
  leftClick: 'click',
  double_click: 'doubleClick',
  doubleClick: 'doubleClick',
  right_click: 'rightClick',
  rightClick: 'rightClick',
}

/** What is done, in words: "Click at 598, 258". An action that is not known is named as it is. */
function wordsOf(fields: Fields): Words[] {
  // Several in one step, in their order.
  if (Array.isArray(fields.actions)) return fields.actions.map(fieldsOf).slice(0, most).flatMap(wordsOf).slice(0, most)
  const action = textOf(fields.action)
  const at = placeOf(fields)
  const text = textOf(fields.text) || textOf(fields.keys) || listed(fields.keys)
  const click = Object.hasOwn(clicks, action) ? clicks[action] : undefined
  if (click) return at ? say(`desktop.${click}At`, { at }) : say(`desktop.${click}`)
  switch (action) {
    case 'type':
    case 'write':
      return say('desktop.type', { text: cutAfter(text, 80) })
    case 'key':
    case 'press':
    case 'keypress':
      return say('desktop.press', { keys: short(text || listed(fields.key)) })
    case 'move':
    case 'mouse_move':
      return say('desktop.move', { at })
    case 'scroll':
    case 'drag':
    case 'wait':
    case 'screenshot':
      return say(`desktop.${action}`)
    case 'open':
      return opening(textOf(fields.target))
    default:
      return plain(action.replaceAll('_', ' '))
  }
}

function opening(target: string): Words[] {
  if (target === 'terminal') return say('desktop.openTerminal')
  if (target === 'browser') return say('desktop.openBrowser')
  return say('desktop.open', { target: cutAfter(target, 120) })
}

const say = (saying: Saying, filled?: Filled): Words[] => [{ say: saying, ...(filled && { with: filled }) }]

const listed = (value: unknown): string => (Array.isArray(value) ? value.map(String).join('+') : textOf(value))

function placeOf(fields: Fields): string {
  const pair = Array.isArray(fields.coordinate) ? fields.coordinate : [fields.x, fields.y]
  return pair.every((value) => typeof value === 'number') ? pair.join(', ') : ''
}
