function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at)
  return end === -1 ? source.length : end
}

/** Where what begins at a place ends: a text in quotes with what it is made of, or an argument in brackets. */
export function endOf(source: string, start: number): number {
  const opened = source.charAt(start)
  const closing = opened === '(' ? ')' : opened === '{' ? '}' : opened
  const isText = closing === opened
  for (let at = start + 1; at < source.length; at++) {
    const char = source.charAt(at)
    if (char === closing) return at + 1
    if (isText && char === '\\') at += 1
    else if (opened === '`' && source.startsWith('${', at)) at = endOf(source, at + 1) - 1
    else if (!isText && /[({`'"]/.test(char)) at = endOf(source, at) - 1
    else if (!isText && source.startsWith('//', at)) at = lineEnd(source, at)
  }
  return source.length
}

/** Where the texts in quotes of a source begin and end, those within others left out. */
export function textsIn(source: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (let at = 0; at < source.length; at++) {
    if (source.startsWith('/*', at)) at = Math.max(at, source.indexOf('*/', at)) + 1
    else if (source.startsWith('//', at)) at = lineEnd(source, at)
    else if (/[`'"]/.test(source.charAt(at)) && !isOfPattern(source, at)) {
      const end = endOf(source, at)
      found.push({ start: at, end })
      at = end - 1
    }
  }
  return found
}

/** Whether a quote stands in a regular expression, and begins no text. */
function isOfPattern(source: string, at: number): boolean {
  return /[/[^\\]/.test(source.charAt(at - 1)) && !/^(['"])[\w .:-]*\1/.test(source.slice(at, at + 100))
}
