import { allowedName } from '../../../liquid/analyse.ts'
import { roleOf } from './chat.ts'
import type { Role, SourceMessage, SourceText } from './content.ts'

const OPEN = /<message\s{1,20}role\s{0,20}=\s{0,20}["'](\w{1,30})["'][^<>]{0,500}>/gi
const CLOSE = '</message>'
/** A loop over messages that writes each as one: Handlebars, then Liquid and Jinja. */
const LOOPS = [
  /\{\{~?#each\s+([\w.]+)(?:\s+as\s+\|[^|]*\|)?\s*~?\}\}\s*<message\s+role\s*=\s*["']\{\{[^}]*\brole\s*\}\}["'][^>]*>\s*\{\{\{?[^}]*\bcontent\s*~?\}?\}\}\s*<\/message>\s*\{\{~?\/each~?\}\}/gi,
  /\{%-?\s*for\s+\w+\s+in\s+([\w.]+)\s*-?%\}\s*<message\s+role\s*=\s*["']\{\{[^}]*\brole\s*\}\}["'][^>]*>\s*\{\{[^}]*\bcontent\s*\}\}\s*<\/message>\s*\{%-?\s*endfor\s*-?%\}/gi,
]

/** A message as a block of Handlebars. */
const BLOCK =
  /\{\{~?#message\s{1,20}role\s{0,20}=\s{0,20}(?:"(\w{1,30})"|'(\w{1,30})'|([\w.@]{1,60}))[^{}]{0,200}\}\}/g

/** The text with its messages in the marks of Semantic Kernel, line for line. */
export function withTags(source: SourceText): SourceText {
  if (source.language !== 'handlebars' || !source.text.includes('#message')) return source
  const text = source.text
    .replaceAll(BLOCK, (_, double?: string, single?: string, name?: string) => {
      const role = double ?? single ?? `{{${name}}}`
      return `<message role="${role}">`
    })
    .replaceAll(/\{\{~?\/message~?\}\}/g, CLOSE)
  return { ...source, text, original: source.text }
}

/** Whether a text is a talk in the marks of Semantic Kernel. */
export function hasMessages(text: string): boolean {
  return /<message\s+role\s*=/i.test(text)
}

/** Splits a text at its `<message role="…">`; what stands between them is the user's. */
export function splitTags({ text, language, line }: SourceText): SourceMessage[] {
  const marks = [...placeholders(text), ...messages(text)].sort((a, b) => a.start - b.start)
  const made: SourceMessage[] = []
  const add = (role: Role, from: number, to: number) => {
    const raw = text.slice(from, to)
    const content = raw.trim()
    if (content === '') return
    const before = text.slice(0, from + raw.indexOf(content)).split('\n').length - 1
    made.push({ role, content: { text: content, language, line: (at) => line?.(at + before) } })
  }
  let at = 0
  for (const mark of marks) {
    if (mark.start < at) continue
    add('user', at, mark.start)
    at = mark.end
    if ('placeholder' in mark) made.push({ placeholder: mark.placeholder, required: false })
    else add(mark.role, mark.from, mark.to)
  }
  add('user', at, text.length)
  return made
}

function messages(text: string) {
  const found: { start: number; end: number; role: Role; from: number; to: number }[] = []
  for (const { index, 0: all, 1: word } of text.matchAll(OPEN)) {
    if (index < (found.at(-1)?.end ?? 0)) continue
    const to = text.indexOf(CLOSE, index)
    if (to < 0) break
    const role = roleOf(word)
    if (role !== undefined)
      found.push({ start: index, end: to + CLOSE.length, role, from: index + all.length, to })
  }
  return found
}

function placeholders(text: string) {
  return LOOPS.flatMap((loop) =>
    [...text.matchAll(loop)].flatMap(({ index, 0: all, 1: list = '' }) => {
      const placeholder = allowedName(list)
      return placeholder === undefined ? [] : [{ start: index, end: index + all.length, placeholder }]
    }),
  )
}
