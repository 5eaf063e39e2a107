import { FileNotFoundError, InvalidArgumentError, NotEnoughSpaceError, NotFoundError, RateLimitError, SandboxNotFoundError, TimeoutError } from 'e2b'
import { AppError } from '#shared/base/errors.ts'

/** The sandbox itself is gone or unreachable, as against one call to it that failed. */
export const meansGone = (thrown: unknown): boolean => {
  if (thrown instanceof SandboxNotFoundError) return true
  if (thrown instanceof TimeoutError) return /sandbox timeout|killed or reached/.test(thrown.message)
  return thrown instanceof TypeError && /fetch failed|terminated/.test(thrown.message)
}

/** What the SDK throws, as the port promises it. The SDK's advice on its own options is left out of the message. */
export function asSandboxError(thrown: unknown, what: string): AppError {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof Error && thrown.name === 'AbortError') return new AppError('sandbox_failed', `${what} was stopped`, { cause: thrown })
  if (thrown instanceof SandboxNotFoundError) return new AppError('sandbox_failed', 'The sandbox is gone.', { cause: thrown })
  if (thrown instanceof FileNotFoundError || thrown instanceof NotFoundError)
    return new AppError('not_found', `${what}: not found`, { cause: thrown })
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (thrown instanceof InvalidArgumentError || /^3: |\[permission_denied\]|^403: |^7: /.test(message)) {
    return new AppError('invalid_input', `${what}: ${plain(message)}`, { cause: thrown })
  }
  if (thrown instanceof NotEnoughSpaceError || /\[resource_exhausted\]/.test(message)) {
    return new AppError('sandbox_failed', `${what}: ${plain(message)}`, { cause: thrown })
  }
  if (thrown instanceof RateLimitError) return new AppError('rate_limited', 'The sandbox service is busy. Try again in a moment.', { cause: thrown })
  if (thrown instanceof Error && thrown.name === 'TimeoutError' && !(thrown instanceof TimeoutError)) {
    return new AppError('sandbox_failed', `${what} took too long`, { cause: thrown })
  }
  if (thrown instanceof TimeoutError) {
    return new AppError('sandbox_failed', meansGone(thrown) ? 'The sandbox is not running.' : `${what} took too long`, { cause: thrown })
  }
  return new AppError('sandbox_failed', `${what}: ${plain(message)}`, { cause: thrown })
}

const plain = (message: string) =>
  message
    .replace(/^\d+: /, '')
    .replace(/^\[\w+\] /, '')
    .replace(/: (This error is likely|Rate limit exceeded)[\s\S]*$/, '')
    .slice(0, 300)
