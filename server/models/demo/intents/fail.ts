import type { Intent, PlannedFailure } from '../intent.ts'

const kinds: [RegExp, PlannedFailure][] = [
  [
    /rate.?limit|429|限流|限制/i,
    { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded', message: 'Too many requests (as you asked).', retryAfterS: 1, times: 2 },
  ],
  [/server|500|503|服务器/i, { status: 503, type: 'server_error', code: null, message: 'The demo model is overloaded (as you asked).' }],
  [/key|401|密钥/i, { status: 401, type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key (as you asked).' }],
  [
    /unknown model|404|未知模型/i,
    { status: 404, type: 'invalid_request_error', code: 'model_not_found', message: 'That model does not exist (as you asked).' },
  ],
  [
    /context|too long|上下文/i,
    { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded', message: 'The context length is exceeded (as you asked).' },
  ],
]
const plain: PlannedFailure = { status: 400, type: 'invalid_request_error', code: null, message: 'The demo model fails, as you asked.' }

export const fail: Intent = {
  id: 'fail',
  example: 'Fail with rate limit',
  exampleInChinese: '模拟限流失败',
  cues: ['fail failure +1', '^fail !page !files short'],
  claims: ({ plain }) => (/^fail\b/i.test(plain) ? 4 : 0),
  reply({ request, say }) {
    const how = request.plain
    if (/mid|halfway|stream|中途/i.test(how)) return { text: say.fail.breaks, breaks: true }
    const failure = kinds.find(([pattern]) => pattern.test(how))?.[1] ?? plain
    return { fail: failure, text: say.fail.recovered }
  },
}
