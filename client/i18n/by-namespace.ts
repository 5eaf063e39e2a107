/** `./en/plan.json` → `plan`. */
export const byNamespace = <T>(files: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(files).map(([path, strings]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), strings]))
