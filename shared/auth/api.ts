import { z } from 'zod'
import { ApiKeyId } from '../base/ids.ts'
import { account, defineCall, open } from '../wire/call.ts'
import { ApiKey, MadeApiKey, Me, NewApiKey, SignIn, SignUp } from './schema.ts'

export const authCalls = {
  signUp: defineCall({
    name: 'signUp',
    method: 'POST',
    path: '/api/auth/sign-up',
    summary: 'Create an account and sign in. The first account is the admin; later ones need an invite unless sign-up is open.',
    access: open,
    body: SignUp,
    answer: z.object({ user: Me }),
    status: 201,
  }),
  signIn: defineCall({
    name: 'signIn',
    method: 'POST',
    path: '/api/auth/sign-in',
    summary: 'Sign in with email and password.',
    access: open,
    body: SignIn,
    answer: z.object({ user: Me }),
  }),
  signOut: defineCall({
    name: 'signOut',
    method: 'POST',
    path: '/api/auth/sign-out',
    summary: 'End this cookie session.',
    access: open,
    answer: 'empty',
  }),
  me: defineCall({
    name: 'me',
    method: 'GET',
    path: '/api/auth/me',
    summary: 'Who is signed in.',
    access: account,
    answer: z.object({ user: Me }),
  }),
  /** What the sign-in page must know before anybody is signed in. */
  setup: defineCall({
    name: 'setup',
    method: 'GET',
    path: '/api/auth/setup',
    summary: 'Whether an account exists yet, and whether signing up needs an invite.',
    access: open,
    answer: z.object({ firstAccount: z.boolean(), signUp: z.enum(['open', 'invite']) }),
  }),
  listKeys: defineCall({
    name: 'listKeys',
    method: 'GET',
    path: '/api/keys',
    summary: 'API keys of the signed-in person, without their secrets.',
    access: account,
    answer: z.object({ keys: z.array(ApiKey) }),
  }),
  createKey: defineCall({
    name: 'createKey',
    method: 'POST',
    path: '/api/keys',
    summary: 'Make an API key. Its secret is shown once.',
    access: account,
    body: NewApiKey,
    answer: MadeApiKey,
    status: 201,
  }),
  deleteKey: defineCall({
    name: 'deleteKey',
    method: 'DELETE',
    path: '/api/keys/:keyId',
    summary: 'Revoke an API key.',
    access: account,
    params: z.object({ keyId: ApiKeyId }),
    answer: 'empty',
  }),
}
