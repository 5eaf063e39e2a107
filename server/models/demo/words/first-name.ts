/** What somebody is called by in a conversation: “Ada” of Ada Okafor, all of a name that is one word or begins with a title. */
export function firstName(name: string): string {
  const first = name.trim().split(/\s+/)[0] ?? ''
  return first === '' || first.endsWith('.') ? name.trim() : first
}
