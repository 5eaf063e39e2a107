import { approvalCalls } from '../approvals/api.ts'
import { authCalls } from '../auth/api.ts'
import { desktopCalls } from '../desktop/api.ts'
import { fileCalls } from '../files/api.ts'
import { modelCalls } from '../models/api.ts'
import { noticeCalls } from '../notices/api.ts'
import { profileCalls } from '../profiles/api.ts'
import { peopleCalls } from '../people/api.ts'
import { resetCalls } from '../people/reset.ts'
import { previewCalls } from '../previews/api.ts'
import { projectCalls } from '../projects/api.ts'
import { pythonCalls } from '../python/api.ts'
import { retentionCalls } from '../retention/api.ts'
import { runCalls } from '../runs/api.ts'
import { sandboxCalls } from '../sandboxes/api.ts'
import { sessionCalls } from '../sessions/api.ts'
import { terminalCalls } from '../terminals/api.ts'
import type { Call } from './call.ts'

/** Every call of the HTTP API. The authorisation matrix and the API's description are generated from this list. */
export const apiCalls: readonly Call[] = [
  authCalls,
  peopleCalls,
  resetCalls,
  projectCalls,
  profileCalls,
  modelCalls,
  sessionCalls,
  runCalls,
  approvalCalls,
  noticeCalls,
  sandboxCalls,
  desktopCalls,
  fileCalls,
  pythonCalls,
  previewCalls,
  terminalCalls,
  retentionCalls,
].flatMap((calls) => Object.values(calls) as Call[])
