import type { Approval } from '#shared/approvals/schema.ts'
import { tOf } from '../i18n/translate.ts'

const t = tOf('approvals')

const known = ['run_command', 'run_python', 'open_terminal', 'computer'] as const
const isKnown = (tool: string): tool is (typeof known)[number] => (known as readonly string[]).includes(tool)

/** What a request is for, in the reader's language; its arguments say the rest. The agent's own line where the tool is not known here. */
export const titleOf = ({ tool, title }: Pick<Approval, 'tool' | 'title'>): string => (isKnown(tool) ? t(`tool.${tool}`) : title)
