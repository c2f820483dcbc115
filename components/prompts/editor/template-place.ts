import { isClosed, outputEnd, type Token, tokensOf } from '#lib/liquid/lexer.ts'

/** Where in a template a cursor stands, and what could be written there. */
export type TemplatePlace =
  | { kind: 'variable'; typed: string; closing: '}}' | '%}'; locals: string[] }
  | { kind: 'filter' | 'tag' | 'prompt'; typed: string }

/** As far back as a tag is looked for. */
const REACH = 4_000
const LOCALS = /\{%-?\s*(?:assign\s+(\w+)\s*=|for\s+(\w+)\s+in\b)/g

/** Tags behind whose name no variable stands. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(['assign', 'for', 'render', 'raw', 'comment', '#'])

/**
 * Tells what is being written at the end of a text; undefined outside of braces. It guesses from what is
 * before the cursor alone, as the text is not finished there.
 */
export function placeInTemplate(before: string): TemplatePlace | undefined {
  const near = before.slice(-REACH)
  const output = near.lastIndexOf('{{')
  const tag = near.lastIndexOf('{%')
  const at = Math.max(output, tag)
  if (at < 0) return undefined
  const closing = output > tag ? '}}' : '%}'
  const isOver = closing === '}}' ? outputEnd(near, at + 2) >= 0 : near.includes('%}', at + 2)
  if (isOver) return undefined
  const place = placeOf(near, tokensOf(near, at + (near[at + 2] === '-' ? 3 : 2), near.length), closing)
  if (place?.kind !== 'variable') return place
  const locals = [...before.matchAll(LOCALS)].map(([, assigned, loop]) => assigned ?? loop ?? '')
  return { ...place, locals: [...new Set(locals)] }
}

/** The place behind the tokens of a tag or output, as yet without the names that the text itself makes. */
function placeOf(text: string, tokens: readonly Token[], closing: '}}' | '%}'): TemplatePlace | undefined {
  const textOf = (token: Token | undefined) => (token ? text.slice(token.start, token.end) : '')
  const last = tokens.at(-1)
  if (last?.kind === 'string' && !isClosed(text, last)) {
    const isPrompt = closing === '%}' && tokens.length === 2 && textOf(tokens[0]) === 'render'
    return isPrompt ? { kind: 'prompt', typed: textOf(last).slice(1) } : undefined
  }
  const isTyping = last?.end === text.length && /^\w*$/.test(textOf(last))
  const typed = isTyping ? textOf(last) : ''
  const lead = isTyping ? tokens.slice(0, -1) : tokens
  const previous = lead.at(-1)
  if (previous === undefined && closing === '%}') return { kind: 'tag', typed }
  if (lead.length === 1 && closing === '%}' && WITHOUT_VALUE.has(textOf(previous))) return undefined
  if (textOf(previous) === '|') return { kind: 'filter', typed }
  const isName = previous === undefined || canPrecedeName(text, previous, text.length - typed.length, closing)
  return isName && !/^\d/.test(typed) ? { kind: 'variable', typed, closing, locals: [] } : undefined
}

/** Whether a name can begin at an offset: it is neither a member of something nor written after another name. */
function canPrecedeName(text: string, { kind, start, end }: Token, from: number, closing: string): boolean {
  const sign = text[start] ?? ''
  if (kind === 'operator' || (kind === 'punctuation' && '(,:[='.includes(sign))) return true
  if (end === from || sign === '.') return false
  return closing === '%}' || (kind === 'punctuation' && sign !== ']' && sign !== ')')
}
