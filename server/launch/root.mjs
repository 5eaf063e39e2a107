import { fileURLToPath } from 'node:url'

/** The top folder of the checkout, absolute, without a trailing slash. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')
