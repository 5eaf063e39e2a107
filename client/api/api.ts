import type { z } from 'zod'
import { AppError, errorStatus, type ErrorCode } from '#shared/base/errors.ts'
import type { Answer, Call, In } from '#shared/wire/call.ts'
import { protocolVersion, versionHeader } from '#shared/wire/protocol.ts'
import { outdated } from '../sync/outdated.ts'

/** What a call is made with. */
export type Given<C extends Call> = (C['params'] extends z.ZodType ? { params: In<C['params']> } : { params?: undefined }) &
  (C['query'] extends z.ZodType ? { query?: In<C['query']> } : { query?: undefined }) &
  (C['body'] extends z.ZodType ? { body: In<C['body']> } : { body?: undefined }) & { signal?: AbortSignal }

type Input = { params?: unknown; query?: unknown; body?: unknown; signal?: AbortSignal | undefined }

/** An AppError that came over HTTP; `requestId` names it in the server's log. */
export class ApiError extends AppError {
  readonly requestId: string | undefined
  constructor(code: ErrorCode, message: string, requestId?: string) {
    super(code, message)
    this.name = 'ApiError'
    this.requestId = requestId
  }
}

/** What each call of this page says. */
export const ownHeaders = { accept: 'application/json', [versionHeader]: String(protocolVersion) }

/** Whether it says that the server does not serve this page any more: then the page knows. */
export function noteOutdated({ code }: AppError): void {
  if (code === 'outdated') outdated.set(true)
}

const signedOut = new Set<() => void>()

/** Called whenever an answer says that nobody is signed in any more. Returns what ends the listening. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.add(listener)
  return () => signedOut.delete(listener)
}

/** Makes one call of the HTTP API; the answer is checked against the call's schema. @throws ApiError */
export async function call<C extends Call>(what: C, given: Given<C>): Promise<Answer<C>> {
  const response = await callRaw(what, given)
  if (what.answer === 'empty' || what.answer === 'raw') return undefined as Answer<C>
  const parsed = what.answer.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success)
    throw new ApiError('internal', 'The server gave an answer this page does not understand. Reload the page.', requestIdOf(response))
  return parsed.data as Answer<C>
}

/** As `call`, with the answer's body left to the caller and, where the call takes raw bytes, a body of one's own. @throws ApiError when the status is no success. */
export async function callRaw<C extends Call>(
  what: C,
  given: Given<C>,
  init: { headers?: Record<string, string>; body?: Blob } = {},
): Promise<Response> {
  const { params, query, body, signal } = given as Input
  let response: Response
  try {
    response = await fetch(urlOf(what, params, query), {
      method: what.method,
      credentials: 'same-origin',
      headers: { ...ownHeaders, ...(body !== undefined && { 'content-type': 'application/json' }), ...init.headers },
      ...(init.body ? { body: init.body } : body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError('unavailable', 'The server cannot be reached. Check the connection, then try again.')
  }
  if (response.ok) return response
  const error = await readError(response)
  noteOutdated(error)
  if (error.code === 'unauthenticated') for (const listener of signedOut) listener()
  throw error
}

/** The address of a call: parameters encoded, a final `*` filled from `path`, absent query values left out. */
export function urlOf(what: Call, params: unknown, query: unknown): string {
  const values = (params ?? {}) as Record<string, string | number | undefined>
  const path = what.path
    .split('/')
    .map((part) =>
      part === '*' ? encodePath(String(values.path ?? '')) : part.startsWith(':') ? encodeURIComponent(String(values[part.slice(1)])) : part,
    )
    .join('/')
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, string | number | boolean | null | undefined>)) {
    if (value !== undefined && value !== null) search.set(name, String(value))
  }
  return search.size > 0 ? `${path}?${search}` : path
}

const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')

const requestIdOf = (response: Response) => response.headers.get('x-request-id') ?? undefined

async function readError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => undefined)) as { error?: { code?: string; message?: string; requestId?: string } } | undefined
  const code = body?.error?.code
  const known = code !== undefined && Object.hasOwn(errorStatus, code) ? (code as ErrorCode) : codeOfStatus(response.status)
  return new ApiError(
    known,
    body?.error?.message ?? 'Something went wrong on the server. Try again.',
    body?.error?.requestId ?? requestIdOf(response),
  )
}

function codeOfStatus(status: number): ErrorCode {
  const found = (Object.entries(errorStatus) as [ErrorCode, number][]).find(([, known]) => known === status)
  return found ? found[0] : status >= 500 ? 'unavailable' : 'invalid_input'
}
