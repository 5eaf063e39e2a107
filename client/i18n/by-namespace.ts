/** `./en/plan.json` → `plan`. */
export const byNamespace = (files: Record<string, object>): Record<string, object> =>
  Object.fromEntries(Object.entries(files).map(([path, strings]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), strings]))
