import type { Intent } from '../intent.ts'
import { oneRound, unquote } from '../intent.ts'
import { sayCommand } from './run-command.ts'

const wish = /(?:approval|permission|sign.?off|go.?ahead)\s+(?:to|for)\s+(.+)$|(?:批准|审批|同意|许可)(.+)$/iu

export const approval: Intent = {
  id: 'approval',
  example: 'Ask for approval to deploy',
  exampleInChinese: '请求批准部署',
  cues: ['ask approve +1', '^approve'],
  claims: ({ plain }) =>
    /^(?:request|get|seek|ask)\b.*\b(?:approval|permission)\b|(?:请求|申请|征求|要).*(?:批准|审批|同意|许可)/iu.test(plain) ? 4 : 0,
  reply(task) {
    const { plain } = task.request
    const found = wish.exec(plain)
    const what = unquote(found?.[1] ?? found?.[2] ?? task.say.approval.defaultTopic)
      .replace(/[^\p{L}\p{N} .,_-]/gu, '')
      .replace(/\.$/, '')
    const command = `echo "${task.say.approval.approved(what)}"`
    return oneRound(task, task.say.approval.intro, [{ name: 'run_command', args: { command } }], sayCommand(task.say))
  },
}
