import type { Approval } from '#shared/approvals/schema.ts'
import type { CallVerb } from '#shared/sessions/presentation.ts'
import { tOf } from '../i18n/translate.ts'

const t = tOf('approvals')

const known = ['shell', 'python', 'terminal', 'desktop'] as const
const isKnown = (verb: CallVerb | undefined): verb is (typeof known)[number] => (known as readonly unknown[]).includes(verb)

/** What a request is for, in the reader's language; its arguments say the rest. The tool's own line where there are no words for it here. */
export const titleOf = ({ verb, title }: Pick<Approval, 'verb' | 'title'>): string => (isKnown(verb) ? t(`tool.${verb}`) : title)
