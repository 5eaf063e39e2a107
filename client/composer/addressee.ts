/** Whether a text calls an agent: `@agent`, or its name or id after an @. */
export function mentionsAgent(text: string, agents: readonly { id: string; name: string }[]): boolean {
  const names = ['agent', ...agents.flatMap((agent) => [agent.id, agent.name])].map((name) => name.toLowerCase())
  return names.some((name) => new RegExp(`(?<![\\p{L}\\p{N}_.-])@${escape(name)}(?![\\p{L}\\p{N}_]|[.-][\\p{L}\\p{N}])`, 'iu').test(text))
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
