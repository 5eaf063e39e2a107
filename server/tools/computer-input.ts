import { cutAfter } from '#shared/base/cut.ts'
import { z } from 'zod'
import { parseKeys } from './keysyms.ts'

export const actionNames = ['screenshot', 'click', 'double_click', 'move', 'drag', 'scroll', 'type', 'key', 'wait', 'open'] as const

const Coordinate = z.number().int().min(0).max(8192)

const fields = {
  x: Coordinate.optional().describe('For click, double_click, move, scroll: pixels from the left. For drag: where it begins'),
  y: Coordinate.optional().describe('Pixels from the top'),
  toX: Coordinate.optional().describe('For drag: where it ends'),
  toY: Coordinate.optional(),
  button: z.enum(['left', 'middle', 'right']).optional().describe('For click, double_click and drag; left unless given'),
  direction: z.enum(['up', 'down', 'left', 'right']).optional().describe('For scroll; down unless given'),
  amount: z.number().int().min(1).max(50).optional().describe('For scroll: notches of the wheel; 3 unless given'),
  text: z.string().min(1).max(5000).optional().describe('For type'),
  key: z.string().min(1).max(100).optional().describe('For key: "Return", "ctrl+c", "alt+Tab"'),
  seconds: z.number().min(0.1).max(30).optional().describe('For wait; 1 unless given'),
  target: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe('For open: an http(s) address, a program such as "terminal" or "browser", or a file of the workspace'),
}

const Fields = z.object({ action: z.enum(actionNames), ...fields })
export type Action = z.output<typeof Fields>

const needed: Partial<Record<Action['action'], (keyof Action)[]>> = {
  click: ['x', 'y'],
  double_click: ['x', 'y'],
  move: ['x', 'y'],
  drag: ['x', 'y', 'toX', 'toY'],
  type: ['text'],
  key: ['key'],
  open: ['target'],
}

const check = (action: Action, issues: z.core.$RefinementCtx, path: (string | number)[]) => {
  for (const name of needed[action.action] ?? [])
    if (action[name] === undefined) issues.addIssue({ code: 'custom', path: [...path, name], message: `${action.action} needs ${name}` })
  if (action.action === 'key' && action.key !== undefined && !parseKeys(action.key))
    issues.addIssue({ code: 'custom', path: [...path, 'key'], message: `no key is called ${action.key}` })
}

/** One action, or several in a row. */
export const ComputerInput = z
  .object({
    action: z.enum(actionNames).optional().describe('What to do'),
    ...fields,
    actions: z.array(Fields).min(1).max(20).optional().describe('Instead of action: several, done one after the other'),
    maxSteps: z.number().int().min(1).max(20).optional().describe('Do at most so many of the actions'),
  })
  .transform(({ action, actions, maxSteps, ...rest }, issues): { actions: Action[] } => {
    if ((action === undefined) === (actions === undefined)) {
      issues.addIssue('either action or actions is needed')
      return z.NEVER
    }
    const all = actions ?? (action ? [{ action, ...rest }] : [])
    for (const [at, one] of all.entries()) check(one, issues, actions ? ['actions', at] : [])
    return { actions: all.slice(0, maxSteps) }
  })

/** For people: "Click at 598, 258". */
export function actionTitle(action: Action): string {
  const at = `${action.x}, ${action.y}`
  switch (action.action) {
    case 'screenshot':
      return 'Look at the screen'
    case 'click':
      return `${action.button && action.button !== 'left' ? `Click (${action.button})` : 'Click'} at ${at}`
    case 'double_click':
      return `Double-click at ${at}`
    case 'move':
      return `Move to ${at}`
    case 'drag':
      return `Drag from ${at} to ${action.toX}, ${action.toY}`
    case 'scroll':
      return `Scroll ${action.direction ?? 'down'}`
    case 'type':
      return `Type “${cutAfter(action.text ?? '', 80)}”`
    case 'key':
      return `Press ${action.key}`
    case 'wait':
      return `Wait ${action.seconds ?? 1} s`
    case 'open':
      return `Open ${cutAfter(action.target ?? '', 120)}`
  }
}
