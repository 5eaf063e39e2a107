import type { Translate } from '../i18n/keys.ts'

/** What the server says of the work at hand, part by part; what is none of these is shown as it came. */
const forms = [
  [/^Thinking$/, 'thinking'],
  [/^Writing$/, 'writing'],
  [/^Retrying in (\d+) s$/, 'retrying'],
  [/^Run Python: (.+)$/, 'python'],
  [/^Run (.+)$/, 'run'],
  [/^Read (.+)$/, 'read'],
  [/^Write (.+)$/, 'write'],
  [/^Edit (.+)$/, 'edit'],
  [/^List (.+)$/, 'list'],
  [/^Search .+ for (.+)$/, 'search'],
  [/^Update the plan\b.*$/, 'plan'],
  [/^Ask: (.+)$/, 'ask'],
  [/^Preview port (\d+)$/, 'preview'],
] as const

/** The work at hand in the reader's language. English is what the server writes. */
export function activityText(activity: string, t: Translate<'composer'>): string {
  for (const [form, key] of forms) {
    const found = form.exec(activity)
    if (found) return t(`doing.${key}`, { what: found[1] ?? '' })
  }
  return activity
}
