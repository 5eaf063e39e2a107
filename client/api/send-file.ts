import { ApiError, noteOutdated, ownHeaders, urlOf } from './api.ts'
import { type ErrorCode, errorStatus } from '#shared/base/errors.ts'
import type { Call } from '#shared/wire/call.ts'

/**
 * Sends a file as the body of a call, telling how many of its bytes are on their way: `fetch` does not say.
 * @throws ApiError; DOMException `AbortError` when `signal` ends it
 */
export function sendFile(what: Call, params: unknown, file: Blob, options: { onBytes(bytes: number): void; signal: AbortSignal }): Promise<void> {
  const { onBytes, signal } = options
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    if (signal.aborted) return reject(new DOMException('', 'AbortError'))
    request.open(what.method, urlOf(what, params, undefined))
    request.setRequestHeader('content-type', 'application/octet-stream')
    for (const [name, value] of Object.entries(ownHeaders)) request.setRequestHeader(name, value)
    request.upload.addEventListener('progress', ({ loaded }) => onBytes(loaded))
    request.addEventListener('load', () => (request.status < 300 ? resolve() : reject(errorIn(request.responseText))))
    request.addEventListener('error', () =>
      reject(new ApiError('unavailable', 'The server cannot be reached. Check the connection, then try again.')),
    )
    request.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
    request.addEventListener('loadend', () => signal.removeEventListener('abort', stop))
    signal.addEventListener('abort', stop)
    request.send(file)
  })
}

function errorIn(body: string): ApiError {
  let error: { code?: string; message?: string; requestId?: string } | undefined
  try {
    error = (JSON.parse(body) as { error?: typeof error }).error
  } catch {
    // What a proxy says is not ours.
  }
  const code = error?.code !== undefined && Object.hasOwn(errorStatus, error.code) ? (error.code as ErrorCode) : 'unavailable'
  const said = new ApiError(code, error?.message ?? 'Something went wrong on the server. Try again.', error?.requestId)
  noteOutdated(said)
  return said
}
