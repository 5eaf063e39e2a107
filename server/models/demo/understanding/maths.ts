const names = new Set(['x', 'pi', 'e', 'sin', 'cos', 'tan', 'exp', 'log', 'sqrt', 'abs'])

/** A function of x that a text names, as Python writes it: "y = x^2" is `x**2`. Only numbers, signs and known functions pass. */
export function expressionIn(text: string): string | undefined {
  const found =
    /(?:y|f\(x\))\s*=\s*([^,;?!，。？的]+)/i.exec(text)?.[1] ??
    /(?<![a-z])((?:(?:sin|cos|tan|exp|log|sqrt|abs)\s*\(|x\s*(?:\^|\*\*|²|³))[^,;?!，。？的]*)/i.exec(text)?.[1]
  if (found === undefined) return undefined
  const whole = found
    .toLowerCase()
    .replace(/\s+(?:for|from|in|please|between|as|on|to|with|and)\b.*$/, '')
    .replaceAll('²', '**2')
    .replaceAll('³', '**3')
    .replaceAll('^', '**')
    .replace(/(\d)\s*(?=x|sin|cos|tan|exp|log|sqrt|abs|\()/g, '$1*')
    .trim()
  return isSafe(whole) && whole.includes('x') ? whole : undefined
}

/** "2 to the power of 64" as `2 ^ 64`. */
export const powersAsSigns = (text: string): string =>
  text.replace(/(\d)\s+(?:raised\s+)?to the power(?:\s+of)?\s+(\d{1,4})(?!\d)/gi, '$1 ^ $2').replace(/(\d)\s*的\s*(\d{1,4})\s*次[方幂]/gu, '$1 ^ $2')

/** Arithmetic that a text names, as Python writes it. */
export function sumIn(text: string): string | undefined {
  const found = /[\d(][\d\s.,+\-*/×÷^()%]*[\d)]/.exec(powersAsSigns(text))?.[0]
  if (found === undefined) return undefined
  const whole = found
    .replace(/(?<=\d),(?=\d{3})/g, '')
    .replaceAll('×', '*')
    .replaceAll('÷', '/')
    .replaceAll('^', '**')
    .trim()
  // A power of powers would never end.
  return /\d\s*[-+*/%]/.test(whole) && isSafe(whole) && (whole.match(/\*\*/g) ?? []).length <= 1 && whole.length <= 80 ? whole : undefined
}

function isSafe(text: string): boolean {
  if (text.length > 120 || !/^[\w\s.+\-*/()%]+$/.test(text) || /__|\d[a-z]/.test(text)) return false
  if (!(text.match(/[a-z_]+\d*/g) ?? []).every((name) => names.has(name))) return false
  let depth = 0
  for (const sign of text) {
    if (sign === '(') depth++
    if (sign === ')') depth--
    if (depth < 0) return false
  }
  return depth === 0
}
