import { expect, test } from 'vitest'
import { importViolation } from './import-rules.ts'

test.each([
  ['shared/runs/doc.ts', 'server/runs/loop.ts'],
  ['shared/runs/doc.ts', 'react'],
  ['shared/runs/doc.ts', 'node:fs'],
  ['server/runs/loop.ts', 'client/room/room.tsx'],
  ['server/files/routes.ts', 'server/sandboxes/host/control.ts'],
  ['server/approvals/store.ts', 'server/auth/table.ts'],
  ['server/runs/store.ts', 'server/sessions/table.ts'],
  ['server/approvals/routes.ts', 'server/runs/service.ts'],
  ['server/files/routes.ts', 'server/testing/people.ts'],
  ['server/launch/build.mjs', 'server/testing/people.ts'],
  ['client/room/room.tsx', 'server/sync/port.ts'],
  ['client/room/room.tsx', 'server/testing/presented.ts'],
  ['client/room/room.tsx', 'client/home/home.tsx'],
  ['client/ui/button.tsx', 'client/api/api.ts'],
  ['client/sync/use-document.ts', 'client/api/api.ts'],
  ['client/offline/stored.ts', 'client/room/room.tsx'],
  ['client/room/room.tsx', 'client/ui/index.ts'],
  ['e2e/room.spec.ts', 'server/runs/loop.ts'],
  ['server/main.ts', 'e2e/fixtures.ts'],
  ['server/approvals/service.ts', 'unbash'],
  ['client/approvals/approval-card.tsx', 'unbash'],
  ['shared/runs/doc.ts', 'unbash'],
])('%s may not import %s', (file, target) => {
  expect(importViolation(file, target)).toBeDefined()
})

test.each([
  ['shared/runs/doc.ts', 'yjs'],
  ['shared/base/ids.ts', 'zod'],
  ['shared/policy/shell.ts', 'unbash'],
  ['shared/base/base.test.ts', 'vitest'],
  ['server/start-server.ts', 'server/runs/loop.ts'],
  ['server/runs/loop.ts', 'server/tools/registry.ts'],
  ['server/files/routes.ts', 'server/sandboxes/port.ts'],
  ['server/files/routes.ts', 'server/http/serve.ts'],
  ['server/approvals/store.ts', 'server/runs/queries.ts'],
  ['server/approvals/table.ts', 'server/runs/table.ts'],
  ['client/pages/room.tsx', 'client/room/room.tsx'],
  ['client/room/room.test.tsx', 'server/testing/presented.ts'],
  ['client/room/room.tsx', 'client/ui/button.tsx'],
  ['client/room/room.tsx', 'client/api/api.ts'],
  ['client/api/sign-out.ts', 'client/sync/use-document.ts'],
  ['client/ui/button.tsx', 'client/i18n/use-translation.ts'],
  ['e2e/room.spec.ts', 'server/testing/require.ts'],
  ['server/launch/run-tests.ts', 'server/testing/require.ts'],
])('%s may import %s', (file, target) => {
  expect(importViolation(file, target)).toBeUndefined()
})
