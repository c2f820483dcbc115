/** Where in a template a cursor stands, and the kind of word that fits there. */
export type TemplatePlace =
  | { kind: 'variable'; typed: string; closing: '}}' | '%}'; locals: string[] }
  | { kind: 'filter' | 'tag' | 'prompt'; typed: string }

/** As far back as a tag is looked for. */
const REACH = 4_000
const LOCALS = /\{%-?\s*(?:assign\s+(\w+)\s*=|for\s+(\w+)\s+in\b)/g

/**
 * Finds the kind of word that is being written at the end of a text; undefined outside of braces. It reads
 * the text before the cursor alone, as the text is not finished there.
 */
export function placeInTemplate(before: string): TemplatePlace | undefined {
  const near = before.slice(-REACH)
  const output = near.lastIndexOf('{{')
  const tag = near.lastIndexOf('{%')
  const at = Math.max(output, tag)
  if (at < 0) return undefined
  const closing = output > tag ? '}}' : '%}'
  const inside = near.slice(at + 2)
  if (inside.includes(closing)) return undefined
  const typed = /\w*$/.exec(inside)?.[0] ?? ''
  const lead = inside.slice(0, inside.length - typed.length)

  if (closing === '%}') {
    if (/^-?\s*$/.test(lead)) return { kind: 'tag', typed }
    const name = /^-?\s*render\s*(["'])([^"']*)$/.exec(inside)
    if (name) return { kind: 'prompt', typed: name[2] ?? '' }
    if (/^-?\s*(?:assign|for|render|raw|comment|#)\s*$/.test(lead)) return undefined
  }
  if (isInString(lead)) return undefined
  if (/\|\s*$/.test(lead)) return { kind: 'filter', typed }
  // A name begins here, and is neither a member of something nor written after another name.
  if (!/(?:^-?\s*|[\s(,:[=<>])$/.test(lead) || /^\d/.test(typed)) return undefined
  if (closing === '}}' && /[\w\])"']\s+$/.test(lead)) return undefined
  const locals = [...before.matchAll(LOCALS)].map(([, assigned, loop]) => assigned ?? loop ?? '')
  return { kind: 'variable', typed, closing, locals: [...new Set(locals)] }
}

function isInString(text: string): boolean {
  const without = text.replace(/"[^"]*"|'[^']*'/g, '')
  return /["']/.test(without)
}
