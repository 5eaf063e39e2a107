import { accessSync, constants } from 'node:fs'

const places = ['/usr/bin/python3', '/usr/local/bin/python3', '/bin/python3']

/** The interpreter that a sandbox of this machine has, or undefined. */
export const findPython = (): string | undefined => places.find(canBeRun)

export function canBeRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Module → the Debian package that has it. A cell that misses one of them is told so. */
export const modulePackages: Record<string, string> = {
  matplotlib: 'python3-matplotlib',
  pandas: 'python3-pandas',
  numpy: 'python3-numpy',
  scipy: 'python3-scipy',
  sklearn: 'python3-sklearn',
  sympy: 'python3-sympy',
  PIL: 'python3-pil',
  requests: 'python3-requests',
  bs4: 'python3-bs4',
  lxml: 'python3-lxml',
  openpyxl: 'python3-openpyxl',
  yaml: 'python3-yaml',
}
