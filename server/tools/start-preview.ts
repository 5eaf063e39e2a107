import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { PreviewPort } from '#shared/previews/schema.ts'
import { defineTool } from './define.ts'
import type { PreviewServices } from './services.ts'
import { failed, orFailed } from './failed.ts'
import { firstLine, plain } from './presentation-parts.ts'

const limits = { byDefault: 15_000, longest: 120_000, lookAgain: 150 }

/** Gives `{port}` once something listens. People are offered the app in the tab Preview; nobody's view changes by itself. */
export const startPreview = defineTool({
  name: 'start_preview',
  description:
    'Offer people a web app that runs in the sandbox: waits until something listens on the port, then shows it as an offer in the tab Preview. Start the server first, in a terminal (open_terminal) or in the background. It must listen on 0.0.0.0 or 127.0.0.1.',
  input: z.object({
    port: PreviewPort.describe('The port that the server listens on'),
    timeoutMs: z.number().int().min(0).max(limits.longest).optional().describe(`Milliseconds to wait for it; ${limits.byDefault} unless given`),
  }),
  risk: 'low',
  idempotent: true,
  title: ({ port }) => `Preview port ${port}`,
  verb: 'preview',
  saidBy: { args: ['port'] },
  present({ args, status, fields }) {
    const about = typeof args.port === 'number' || typeof args.port === 'string' ? plain(firstLine(String(args.port))) : []
    // Before something listens there is nothing to see.
    if (status !== 'ok') return { kind: 'json', about }
    const asked = PreviewPort.safeParse(args.port).data
    const port = PreviewPort.safeParse(fields.port).data
    return {
      kind: 'json',
      about,
      place: { tab: 'preview', ...(asked !== undefined && { port: asked }) },
      opens: true,
      made: { files: [], app: { ...(port !== undefined && { port }) } },
    }
  },
  execute: ({ port, timeoutMs = limits.byDefault }, { projectId, signal }, { ports }: PreviewServices) =>
    orFailed(async () => {
      const until = performance.now() + timeoutMs
      for (;;) {
        signal.throwIfAborted()
        const listening = await ports.list(projectId)
        if (listening.includes(port)) return { status: 'ok', value: { port } }
        if (performance.now() >= until) {
          const others = listening.length > 0 ? ` Ports that something listens on: ${listening.join(', ')}.` : ' Nothing listens on any port.'
          return failed('not_listening', `Nothing listens on port ${port} after ${timeoutMs / 1000} s.${others}`)
        }
        await wait(limits.lookAgain, undefined, { signal })
      }
    }),
})
