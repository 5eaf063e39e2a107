import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome']
const places = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

export type Browser = { executablePath: string; args: string[] }

/**
 * What the npm package adds for a machine that shows one page and is thrown away. In one process, closing one context closes
 * the browser; without site isolation and web security a page may do what no user's page may.
 */
const notForTests = [
  '--single-process',
  '--no-zygote',
  '--in-process-gpu',
  '--disable-web-security',
  '--disable-site-isolation-trials',
  '--allow-running-insecure-content',
]

/**
 * The browser for tests: `ATRIUM_CHROMIUM`, else an installed Chrome or Chromium, else the one inside an npm package
 * (Linux on x64), which `ATRIUM_CHROMIUM=npm` asks for. Undefined when there is none.
 */
export async function findBrowser(): Promise<Browser | undefined> {
  const args = ['--disable-background-networking', '--no-first-run', '--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
  const given = process.env.ATRIUM_CHROMIUM
  if (given && given !== 'npm') {
    if (!runs(given)) throw new Error(`ATRIUM_CHROMIUM must be the path of a Chrome or Chromium, or npm; ${given} cannot be run.`)
    return { executablePath: given, args }
  }
  const installed = given === 'npm' ? undefined : findInstalled()
  return installed ? { executablePath: installed, args } : fromPackage(args)
}

function findInstalled(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places].find(runs)
}

async function fromPackage(args: string[]): Promise<Browser | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  // Without this variable the package does not unpack the libraries that a bare system lacks.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x'
  const { default: packed } = await import('@sparticuz/chromium')
  const theirs = packed.args.filter((arg) => !notForTests.includes(arg) && !arg.startsWith('--disable-features='))
  return { executablePath: await packed.executablePath(), args: [...new Set([...theirs, ...args])] }
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
