import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome']
const places = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

export type Browser = { executablePath: string; args: string[] }

/**
 * The browser for tests: `ATRIUM_CHROMIUM`, else an installed Chrome or Chromium, else the one inside an npm package
 * (Linux on x64). Undefined when there is none.
 */
export async function findBrowser(): Promise<Browser | undefined> {
  const args = ['--disable-background-networking', '--no-first-run', '--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
  const given = process.env.ATRIUM_CHROMIUM
  if (given) {
    if (!runs(given)) throw new Error(`ATRIUM_CHROMIUM must be the path of a Chrome or Chromium; ${given} cannot be run.`)
    return { executablePath: given, args }
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const installed = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places].find(runs)
  if (installed) return { executablePath: installed, args }
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  // Without this variable the package does not unpack the libraries that a bare system lacks.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x'
  const { default: packed } = await import('@sparticuz/chromium')
  return { executablePath: await packed.executablePath(), args: [...new Set([...packed.args, ...args])] }
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
