import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { createChunkOf } from './server/launch/chunks.ts'
import { leanCalls } from './server/launch/lean-calls.ts'
import { leanPackages } from './server/launch/lean-packages.ts'
import { offlineBuild, serviceWorkerSource } from './server/launch/offline-build.ts'
import { precompress } from './server/launch/precompress.ts'

const server = process.env.ATRIUM_URL ?? 'http://127.0.0.1:3000'
const everywhere = ['./server/testing/no-errors.ts', './server/testing/patience.ts']

export default defineConfig({
  root: 'client',
  plugins: [react(), tailwindcss(), leanCalls(), leanPackages(), offlineBuild(serviceWorkerSource), precompress()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    sourcemap: false,
    manifest: true,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: createChunkOf(), debugName: 'first visit', includeDependenciesRecursively: false }] } },
    },
  },
  server: { proxy: { '/api': server, '/sync': { target: server, ws: true } } },
  test: {
    root: '.',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{shared,server}/**/*.test.ts', 'client/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts'],
          testTimeout: 60_000,
          setupFiles: everywhere,
        },
      },
      {
        extends: true,
        test: {
          name: 'client',
          environment: 'jsdom',
          include: ['client/**/*.test.tsx'],
          testTimeout: 60_000,
          setupFiles: [...everywhere, './client/ui/testing/layout.ts', './client/ui/testing/patience.ts', './client/i18n/test-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          environment: 'node',
          include: ['server/**/*.integration.test.ts'],
          setupFiles: [...everywhere, './server/testing/patched-driver.ts'],
          globalSetup: './server/testing/run-setup.ts',
          testTimeout: 300_000,
          hookTimeout: 300_000,
          pool: 'forks',
          maxWorkers: 2,
        },
      },
    ],
  },
})
