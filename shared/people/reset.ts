import { z } from 'zod'
import { Password } from '../auth/schema.ts'
import { defineCall, open } from '../wire/call.ts'

/** By the link that an admin handed over. Apart from the calls of admins: the page that it leads to needs nothing else of them. */
export const resetCalls = {
  choosePassword: defineCall({
    name: 'choosePassword',
    method: 'POST',
    path: '/api/auth/reset-password',
    summary: 'Choose a new password by a link that an admin made. It works once, within a day; every sign-in of yours ends, keys stay.',
    access: open,
    body: z.object({ token: z.string().max(100), password: Password }),
    answer: 'empty',
  }),
}
