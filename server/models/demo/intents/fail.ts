import type { Intent, PlannedFailure } from '../intent.ts'

const wish = /^(?:please\s+)?fail\b\s*(.*)$/i

const kinds: [RegExp, PlannedFailure][] = [
  [
    /rate.?limit|429/i,
    { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded', message: 'Too many requests (as you asked).', retryAfterS: 1, times: 2 },
  ],
  [/server|500|503/i, { status: 503, type: 'server_error', code: null, message: 'The demo model is overloaded (as you asked).' }],
  [/key|401/i, { status: 401, type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key (as you asked).' }],
  [
    /unknown model|404/i,
    { status: 404, type: 'invalid_request_error', code: 'model_not_found', message: 'That model does not exist (as you asked).' },
  ],
  [
    /context|too long/i,
    { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded', message: 'The context length is exceeded (as you asked).' },
  ],
]
const plain: PlannedFailure = { status: 400, type: 'invalid_request_error', code: null, message: 'The demo model fails, as you asked.' }

export const fail: Intent = {
  id: 'fail',
  example: 'Fail with rate limit',
  does: 'Fails on request: with rate limit (then recovers), with server error, with bad key, with context too long, mid-stream, or just “Fail”.',
  matches: (text) => wish.test(text),
  reply({ task }) {
    const how = wish.exec(task.text)?.[1] ?? ''
    if (/mid|halfway|stream/i.test(how)) return { text: 'I begin to answer, and in the middle of this very sentence the connection', breaks: true }
    const failure = kinds.find(([pattern]) => pattern.test(how))?.[1] ?? plain
    return { fail: failure, text: 'The service refused twice and then let me through: this answer came after two retries.' }
  },
}
