import { randomUUID } from 'node:crypto'
import { RpcError } from '../connect.ts'
import type { MemoryNews } from '../memory-news.ts'
import { home, resolveFolder } from '../paths.ts'
import { pythonHere, startInterpreter } from './interpreter.ts'
import type { Interpreter, Reader } from './interpreter.ts'

type Context = { id: string; cwd: string; interpreter: Interpreter | undefined; last: Promise<void>; mark: string }

const maxContexts = 20

/** The Python interpreters of the sandbox: one for each context, started with its first cell. */
export function createContexts(env: Record<string, string>, memory: MemoryNews) {
  const contexts = new Map<string, Context>()
  const instance = randomUUID()
  let usual: string | undefined

  function make(cwd: string): Context {
    if (contexts.size >= maxContexts) throw new RpcError('resource_exhausted', `there may be ${maxContexts} contexts`)
    const id = randomUUID()
    const made: Context = { id, cwd, interpreter: undefined, last: Promise.resolve(), mark: `${instance}.${id}` }
    contexts.set(id, made)
    return made
  }

  function usualContext(): Context {
    const known = usual === undefined ? undefined : contexts.get(usual)
    if (known) return known
    const made = make(home)
    usual = made.id
    return made
  }

  function find(id: string): Context {
    const found = contexts.get(id)
    if (!found) throw new RpcError('not_found', `There is no context ${id}.`)
    return found
  }

  /** The usual one is made when it is first asked for. */
  const contextOf = (id: string | undefined): Context => (id === undefined || id === 'default' ? usualContext() : find(id))

  function begin(context: Context): Interpreter {
    const { cwd, mark } = context
    const begun = startInterpreter({
      cwd,
      env,
      mark,
      memory,
      onExit() {
        if (context.interpreter === begun) context.interpreter = undefined
      },
    })
    return begun
  }

  async function runNow(context: Context, wanted: { code: string; env: Record<string, string> }, reader: Reader, gone: Promise<void>): Promise<void> {
    context.interpreter ??= begin(context)
    const { interpreter } = context
    await interpreter.ready.catch((thrown: unknown) => {
      context.interpreter = undefined
      throw new RpcError('resource_exhausted', `Python could not be started: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    })
    await interpreter.run(wanted, reader, gone)
  }

  return {
    /** @throws RpcError when a cell cannot be run there */
    check(contextId: string | undefined): void {
      pythonHere()
      if (contextId !== undefined && contextId !== 'default') find(contextId)
    },
    list: () => [...contexts.values()].map(describe),
    async create(cwd: unknown) {
      return describe(make(await resolveFolder(cwd)))
    },
    async remove(id: string) {
      const context = find(id)
      contexts.delete(id)
      await context.interpreter?.end()
    },
    /** Ends every interpreter; a cell that ran says why. */
    endAll: (why: string) => Promise.all([...contexts.values()].map(async ({ interpreter }) => interpreter?.end(why))),
    restart: async (id: string) => contextOf(id).interpreter?.end(),
    interrupt: (id: string) => contextOf(id).interpreter?.interrupt(),
    /**
     * One cell after the other in a context. Resolves when it is over, and never rejects for what the code does.
     * @param gone resolves when nobody reads any more: the cell is then interrupted
     */
    async run(
      { contextId, ...wanted }: { code: string; contextId: string | undefined; env: Record<string, string> },
      reader: Reader,
      gone: Promise<void>,
    ): Promise<void> {
      const context = contextOf(contextId)
      let left = false
      void gone.then(() => (left = true))
      const before = context.last
      const mine = before.then(() => (left ? undefined : runNow(context, wanted, reader, gone)))
      context.last = mine.catch(() => undefined)
      return mine
    },
  }
}

const describe = ({ id, cwd }: Context) => ({ id, language: 'python', cwd })
