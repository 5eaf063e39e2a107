import type { RunId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Files } from './port.ts'

/** UTF-16 units of all texts together. */
const mostUnits = 32 * 1024 * 1024

/**
 * What runs have read. In memory: a run that goes on in another process reads again where it matters, because an edit that is
 * anchored to nothing must find its passage exactly once.
 */
export function createVersions(): Files['versions'] {
  const texts = new Map<string, string>()
  let units = 0
  const keyOf = (runId: RunId, path: FilePath) => `${runId} ${path}`
  const drop = (key: string) => {
    units -= texts.get(key)?.length ?? 0
    texts.delete(key)
  }
  return {
    note(runId, path, text) {
      const key = keyOf(runId, path)
      drop(key)
      texts.set(key, text)
      units += text.length
      for (const oldest of texts.keys()) {
        if (units <= mostUnits) break
        drop(oldest)
      }
    },
    of: (runId, path) => texts.get(keyOf(runId, path)),
  }
}
