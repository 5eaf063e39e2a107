import { z } from 'zod'
import { account, defineCall } from '../wire/call.ts'
import { Notice } from './schema.ts'

export const noticeCalls = {
  listNotices: defineCall({
    name: 'listNotices',
    method: 'GET',
    path: '/api/notices',
    summary:
      'What concerns you in your projects since yesterday, newest first: messages that name you, runs of yours that ended or ask you something.',
    access: account,
    answer: z.object({ notices: z.array(Notice) }),
  }),
}
