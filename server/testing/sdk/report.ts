/** `npm run sdk-surface`: how much of E2B's SDKs is accounted for, and what is not. */
import { judge } from './judge.ts'
import { accounts } from './accounts.ts'

const { counts, unaccounted, gone, unfounded } = judge(accounts)
for (const [sdk, count] of Object.entries(counts)) process.stdout.write(`${sdk}: ${count} methods, options and fields\n`)
for (const [what, names] of Object.entries({ 'unaccounted for': unaccounted, 'no longer there': gone, unfounded })) {
  process.stdout.write([`${names.length} ${what}`, ...names.map((name) => `  ${name}`), ''].join('\n'))
}
process.exit(unaccounted.length + gone.length + unfounded.length > 0 ? 1 : 0)
