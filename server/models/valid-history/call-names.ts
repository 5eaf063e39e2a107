/** What every service takes as the name of a tool: a letter, then letters, digits, underscores and dashes, 64 in all. */
const valid = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/

/** The name of a tool that a call may have; a model may have made up anything, and the history must not fail for it. */
export function callName(name: string): string {
  if (valid.test(name)) return name
  const plain = name.replace(/[^a-zA-Z0-9_-]+/g, '_').replace(/^_+|_+$/g, '')
  const named = /^[a-zA-Z]/.test(plain) ? plain : `tool_${plain}`
  return named.slice(0, 64)
}
