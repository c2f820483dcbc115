/** Plain text as it stands in a template: what would open an output or a tag is put into `raw`. */
export function literalText(text: string, isBeforeMark: boolean): string {
  let out = ''
  let from = 0
  for (;;) {
    const at = nextOpening(text, from, isBeforeMark)
    if (at < 0) return out + text.slice(from)
    const end = pairEnd(text, at)
    out += `${text.slice(from, at)}{% raw %}${text.slice(at, end)}{% endraw %}`
    from = end
  }
}

/** Whether a text means something else in a template than as it stands. */
export function needsRaw(text: string): boolean {
  return text.includes('{{') || text.includes('{%')
}

function nextOpening(text: string, from: number, isBeforeMark: boolean): number {
  for (let at = text.indexOf('{', from); at >= 0; at = text.indexOf('{', at + 1)) {
    const next = text[at + 1]
    if (next === '{' || next === '%') return at
    // Behind a brace the next mark would not begin where it does.
    if (next === undefined && isBeforeMark) return at
  }
  return -1
}

/** Where the pair that opens at an offset is over: it is kept in one piece where it closes within its line. */
function pairEnd(text: string, at: number): number {
  const least = Math.min(text.length, at + 2)
  const lineEnd = text.indexOf('\n', at)
  const line = text.slice(
    at,
    lineEnd < 0 ? Math.min(text.length, at + LONGEST_PAIR) : Math.min(lineEnd, at + LONGEST_PAIR),
  )
  const close = line.indexOf(line.startsWith('{{') ? '}}' : '%}', 2)
  if (close < 0) return least
  let end = close + 2
  while (line[end] === '}') end++
  // What looks like the end of raw would be one.
  return /\{%-?\s*endraw/.test(line.slice(0, end)) ? least : at + end
}

const LONGEST_PAIR = 500

/** A text in quotes, as it stands in an output or a tag. */
export function quoted(text: string): string {
  return JSON.stringify(text)
    .replaceAll('%}', '%\\u007d')
    .replaceAll('}}', '}\\u007d')
    .replace(/[\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
}
