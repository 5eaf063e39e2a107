import { z } from 'zod'
import { UserId } from '../base/ids.ts'
import { defineCall } from '../wire/call.ts'
import { AccountPage, AccountQuery, Erasure, ResetLink, RevokedKeys } from './schema.ts'

/** An admin in person: what ends accounts must not be had with a key that leaked. */
const byAdmin = { access: { kind: 'admin' }, keys: 'person' } as const
const params = z.object({ userId: UserId })

/** What whoever runs the server does with people. `npm run admin` does the same. */
export const peopleCalls = {
  listPeople: defineCall({
    name: 'listPeople',
    method: 'GET',
    path: '/api/people',
    summary: 'Every account, in pages, in the order of their addresses.',
    ...byAdmin,
    query: AccountQuery,
    answer: AccountPage,
  }),
  disablePerson: defineCall({
    name: 'disablePerson',
    method: 'POST',
    path: '/api/people/:userId/disable',
    summary: 'Keep somebody out: sign-ins end, keys do not work, what is open closes. Memberships stay.',
    ...byAdmin,
    params,
    answer: 'empty',
  }),
  enablePerson: defineCall({
    name: 'enablePerson',
    method: 'POST',
    path: '/api/people/:userId/enable',
    summary: 'Let somebody in again who was disabled. Their keys work again.',
    ...byAdmin,
    params,
    answer: 'empty',
  }),
  resetPassword: defineCall({
    name: 'resetPassword',
    method: 'POST',
    path: '/api/people/:userId/reset-password',
    summary: 'Make a link with which the person chooses a new password. It is shown once, works once and for a day.',
    ...byAdmin,
    params,
    answer: ResetLink,
    status: 201,
  }),
  revokeKeys: defineCall({
    name: 'revokeKeys',
    method: 'DELETE',
    path: '/api/people/:userId/keys',
    summary: 'Revoke every API key of a person.',
    ...byAdmin,
    params,
    answer: RevokedKeys,
  }),
  erasePerson: defineCall({
    name: 'erasePerson',
    method: 'POST',
    path: '/api/people/:userId/erase',
    summary:
      'Erase the data of a person: name, email, password, sign-ins, keys, memberships. What they wrote stays, without their name. Projects that nobody else owns need a decision.',
    ...byAdmin,
    params,
    body: Erasure,
    answer: 'empty',
  }),
}
