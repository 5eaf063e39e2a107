/** How deep a chain of causes is told. */
const maxDepth = 5

/**
 * An error as it may stand in a log: what it and its causes say, their codes, and where they were thrown. The message of a
 * failed query repeats its parameters, and fields of database errors repeat rows; both may be anything a person or an
 * agent wrote, so neither is kept.
 */
export function loggedError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown
  const chain: Error[] = []
  for (let error: unknown = thrown; error instanceof Error && chain.length < maxDepth; error = error.cause) chain.push(error)
  const messages = chain.map(messageOf).filter((message) => message !== '')
  const code = chain.map((error) => textField(error, 'code')).findLast((found) => found !== undefined)
  const constraint = chain
    .map((error) => textField(error, 'constraint') ?? textField(error, 'constraint_name'))
    .findLast((found) => found !== undefined)
  return {
    type: chain[0]?.name,
    message: messages.join(': '),
    ...(code !== undefined && { code }),
    ...(constraint !== undefined && { constraint }),
    stack: chain.map((error) => [error.name, ...framesOf(error)].join('\n')).join('\ncaused by: '),
  }
}

const messageOf = ({ message }: Error) => (message.startsWith('Failed query:') ? 'a query failed' : message)

function textField(error: Error, name: string): string | undefined {
  const value = (error as unknown as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : undefined
}

/** Without the first lines of a stack, which repeat the message. */
const framesOf = ({ stack = '' }: Error) => stack.split('\n').filter((line) => line.startsWith('    at '))
