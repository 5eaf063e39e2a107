import { cutAfter } from '#shared/base/cut.ts'
import { t } from '../i18n/translate.ts'

const clicks: Record<string, 'click' | 'doubleClick' | 'rightClick'> = {
  click: 'click',
  left_click: 'click',
  leftClick: 'click',
  double_click: 'doubleClick',
  doubleClick: 'doubleClick',
  right_click: 'rightClick',
  rightClick: 'rightClick',
}

/** What is done at the desktop, in words: "Click at 598, 258". An action that is not known is named as it is. */
export function computerAction(fields: Record<string, unknown>): string {
  // Several in one step, in their order.
  if (Array.isArray(fields.actions))
    return fields.actions
      .filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
      .slice(0, 8)
      .map(computerAction)
      .join(t('trajectory:desktop.then'))
  const action = typeof fields.action === 'string' ? fields.action : ''
  const at = placeOf(fields)
  const text = typeof fields.text === 'string' ? fields.text : typeof fields.keys === 'string' ? fields.keys : listed(fields.keys)
  const click = Object.hasOwn(clicks, action) ? clicks[action] : undefined
  if (click) return at ? t(`trajectory:desktop.${click}At`, { at }) : t(`trajectory:desktop.${click}`)
  switch (action) {
    case 'type':
    case 'write':
      return t('trajectory:desktop.type', { text: cutAfter(text, 80) })
    case 'key':
    case 'press':
    case 'keypress':
      return t('trajectory:desktop.press', { keys: text || listed(fields.key) })
    case 'scroll':
      return t('trajectory:desktop.scroll')
    case 'move':
    case 'mouse_move':
      return t('trajectory:desktop.move', { at })
    case 'drag':
      return t('trajectory:desktop.drag')
    case 'wait':
      return t('trajectory:desktop.wait')
    case 'open':
      return opening(typeof fields.target === 'string' ? fields.target : '')
    case 'screenshot':
      return t('trajectory:desktop.screenshot')
    default:
      return action.replaceAll('_', ' ')
  }
}

function opening(target: string): string {
  if (target === 'terminal') return t('trajectory:desktop.openTerminal')
  if (target === 'browser') return t('trajectory:desktop.openBrowser')
  return t('trajectory:desktop.open', { target: cutAfter(target, 120) })
}

const listed = (value: unknown) => (Array.isArray(value) ? value.map(String).join('+') : typeof value === 'string' ? value : '')

function placeOf(fields: Record<string, unknown>): string {
  const pair = Array.isArray(fields.coordinate) ? fields.coordinate : [fields.x, fields.y]
  return pair.every((value) => typeof value === 'number') ? pair.join(', ') : ''
}
