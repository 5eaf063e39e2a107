/**
 * Folders that programs fill with thousands of files. A recursive watch tells that they come and go and does not look
 * inside; whoever wants to know more watches such a folder by itself.
 */
export const heavyFolders: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.venv',
  'venv',
  '__pycache__',
  '.cache',
  '.npm',
  '.pnpm-store',
  '.next',
  'target',
])
