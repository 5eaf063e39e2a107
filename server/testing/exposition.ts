/** One line of the text that Prometheus reads. */
type Sample = { name: string; labels: Record<string, string>; value: number }
type Family = { type: string; samples: Sample[] }

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const sampleLine = new RegExp(`^(${metricName})(?:\\{(.*)\\})? (\\S+)$`)
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y
const suffixes: Record<string, readonly string[]> = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] }

/**
 * Reads metrics by the rules of the text format, version 0.0.4.
 * @throws when a line or a family breaks one: HELP and TYPE once and first, names and labels well-formed, no sample twice, buckets that grow up to `+Inf`
 */
export function readExposition(text: string) {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families = new Map<string, Family>()
  const helped = new Set<string>()
  const seen = new Set<string>()
  let current = ''
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (keyword === 'HELP') {
      if (helped.has(name)) throw new Error(`HELP twice: ${line}`)
      helped.add(name)
    } else if (keyword === 'TYPE') {
      if (!helped.has(name)) throw new Error(`TYPE without HELP: ${line}`)
      if (families.has(name)) throw new Error(`TYPE twice: ${line}`)
      if (!/^(counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(`no such type: ${line}`)
      families.set((current = name), { type: rest, samples: [] })
    } else {
      const sample = readSample(line)
      const family = families.get(current)
      const names = (suffixes[family?.type ?? ''] ?? ['']).map((suffix) => current + suffix)
      if (!family || !names.includes(sample.name)) throw new Error(`outside of its family: ${line}`)
      const series = keyOf(sample.name, sample.labels)
      if (seen.has(series)) throw new Error(`twice: ${line}`)
      seen.add(series)
      family.samples.push(sample)
    }
  }
  for (const [name, family] of families) checkFamily(name, family)
  const samples = [...families.values()].flatMap((family) => family.samples)
  const values = new Map(samples.map((sample) => [keyOf(sample.name, sample.labels), sample.value]))
  return {
    families: families as ReadonlyMap<string, Family>,
    samples,
    /** Undefined where there is no such series. */
    value: (name: string, labels: Record<string, string> = {}) => values.get(keyOf(name, labels)),
  }
}

function readSample(line: string): Sample {
  const [, name, inside = '', number = ''] = sampleLine.exec(line) ?? []
  if (name === undefined) throw new Error(`not a sample: ${line}`)
  const labels: Record<string, string> = {}
  label.lastIndex = 0
  while (label.lastIndex < inside.length) {
    const [, key, value] = label.exec(inside) ?? []
    if (key === undefined || value === undefined) throw new Error(`labels are not well-formed: ${line}`)
    if (key in labels || key.startsWith('__')) throw new Error(`a label is twice or reserved: ${line}`)
    labels[key] = value
  }
  const value = number === '+Inf' ? Infinity : Number(number)
  // As Go reads it, in whatever case: an average of nothing.
  if (Number.isNaN(value) && !/^nan$/i.test(number)) throw new Error(`not a number: ${line}`)
  return { name, labels, value }
}

function checkFamily(name: string, { type, samples }: Family): void {
  if (type === 'counter' && samples.some(({ value }) => value < 0)) throw new Error(`a counter below zero: ${name}`)
  if (type !== 'histogram') return
  const series = new Map<string, Sample[]>()
  for (const sample of samples) {
    const { le: _, ...labels } = sample.labels
    const key = keyOf('', labels)
    series.set(key, [...(series.get(key) ?? []), sample])
  }
  for (const of of series.values()) {
    const buckets = of.filter((sample) => sample.name.endsWith('_bucket'))
    const bounds = buckets.map(({ labels }) => (labels.le === '+Inf' ? Infinity : Number(labels.le)))
    const grows = (numbers: number[]) => numbers.every((number, at) => at === 0 || number >= (numbers[at - 1] ?? 0))
    const count = of.find((sample) => sample.name.endsWith('_count'))?.value
    if (!grows(bounds) || !grows(buckets.map(({ value }) => value))) throw new Error(`buckets do not grow: ${name}`)
    if (bounds.at(-1) !== Infinity || buckets.at(-1)?.value !== count) throw new Error(`the last bucket is not all: ${name}`)
  }
}

const keyOf = (name: string, labels: Record<string, string>) => name + JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
