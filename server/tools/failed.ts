import { AppError } from '#shared/base/errors.ts'
import type { ToolResult } from './define.ts'

export const failed = (code: string, message: string, value?: unknown): ToolResult => ({
  status: 'failed',
  code,
  message,
  ...(value !== undefined && { value }),
})

/** Runs a tool's work; what the sandbox refuses becomes a failure the model can read. Anything unknown is thrown on. */
export async function orFailed(work: () => Promise<ToolResult>): Promise<ToolResult> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError) return failed(error.code, error.message)
    throw error
  }
}
