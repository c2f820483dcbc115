import { allowedName } from '../../../liquid/analyse.ts'
import { roleOf } from './chat.ts'
import type { SourceMessage, SourceText } from './content.ts'

const MESSAGE = /<message\s+role\s*=\s*["'](\w+)["'][^>]*>([^]*?)<\/message>/gi
/** A loop over messages that writes each as one: Handlebars, then Liquid and Jinja. */
const LOOPS = [
  /\{\{~?#each\s+([\w.]+)(?:\s+as\s+\|[^|]*\|)?\s*~?\}\}\s*<message\s+role\s*=\s*["']\{\{[^}]*\brole\s*\}\}["'][^>]*>\s*\{\{\{?[^}]*\bcontent\s*\}?\}\}\s*<\/message>\s*\{\{~?\/each~?\}\}/gi,
  /\{%-?\s*for\s+\w+\s+in\s+([\w.]+)\s*-?%\}\s*<message\s+role\s*=\s*["']\{\{[^}]*\brole\s*\}\}["'][^>]*>\s*\{\{[^}]*\bcontent\s*\}\}\s*<\/message>\s*\{%-?\s*endfor\s*-?%\}/gi,
]

/** Whether a text is a talk in the marks of Semantic Kernel. */
export function hasMessages(text: string): boolean {
  return /<message\s+role\s*=/i.test(text)
}

/** Splits a text at its `<message role="…">`; what stands between them is the user's. */
export function splitTags({ text, language, line }: SourceText): SourceMessage[] {
  const marks = [...placeholders(text), ...messages(text)].sort((a, b) => a.start - b.start)
  const made: SourceMessage[] = []
  const add = (role: 'system' | 'user' | 'assistant', from: number, to: number) => {
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
  return [...text.matchAll(MESSAGE)].flatMap(({ index, 0: all, 1: word, 2: inner = '' }) => {
    const role = roleOf(word)
    const to = index + all.length - '</message>'.length
    return role === undefined
      ? []
      : [{ start: index, end: index + all.length, role, from: to - inner.length, to }]
  })
}

function placeholders(text: string) {
  return LOOPS.flatMap((loop) =>
    [...text.matchAll(loop)].flatMap(({ index, 0: all, 1: list = '' }) => {
      const placeholder = allowedName(list)
      return placeholder === undefined ? [] : [{ start: index, end: index + all.length, placeholder }]
    }),
  )
}
