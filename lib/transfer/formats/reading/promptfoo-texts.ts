import type { SourceNote } from '../../source.ts'
import { isChat, readChat } from './chat.ts'
import type { SourceContent, SourceText } from './content.ts'
import { readCsv } from './csv.ts'
import { readJson, readYaml } from './document.ts'
import { outerLoops } from './loops.ts'
import { otherItems } from './role-lines.ts'
import { fieldsOf, wordOf } from './values.ts'

export interface ReadText {
  content: SourceContent
  notes: SourceNote[]
  label?: string
}

type Source = { text: string; line: SourceText['line'] } | { list: unknown[]; line: SourceText['line'] }

/** A text of promptfoo: messages where it is JSON or YAML of them, else what it is. */
export function chatInText(source: Source): ReadText {
  const found = 'list' in source ? { list: source.list, notes: [] } : messagesIn(source.text)
  if (found === undefined) {
    const { text = '', line } = source as { text?: string; line: SourceText['line'] }
    return { content: { text: { text, language: 'nunjucks', line } }, notes: [] }
  }
  const { messages, notes } = readChat(found.list, { path: [], language: 'nunjucks', data: undefined })
  const first = source.line?.(1)
  return {
    content: {
      messages: messages.map((message) =>
        'content' in message && 'text' in message.content
          ? { ...message, content: { ...message.content, line: () => first } }
          : message,
      ),
    },
    notes: [...found.notes, ...notes],
  }
}

/** The messages that a text is once it is rendered, and what is to be said of them. */
function messagesIn(text: string): { list: unknown[]; notes: SourceNote[] } | undefined {
  const trimmed = text.trim()
  if (!/^[[{]/.test(trimmed)) {
    const list = /^-\s*role\s*:/m.test(trimmed) ? chatOf(yamlOf(trimmed)) : undefined
    return list && { list, notes: [] }
  }
  const plain = valueOf(trimmed)
  if (plain !== undefined) return { list: plain, notes: [] }
  const { text: made, others } = mended(trimmed)
  const list = valueOf(made)
  return list && { list, notes: others.map((name) => ({ message: otherItems(name) })) }
}

function valueOf(text: string): unknown[] | undefined {
  const data = readJson(text)
  return 'fault' in data ? undefined : chatOf(data.value)
}

function yamlOf(text: string): unknown {
  const data = readYaml(text)
  return 'fault' in data ? undefined : data.value
}

function chatOf(value: unknown): unknown[] | undefined {
  const list = Array.isArray(value) ? value : fieldsOf(value).messages
  return isChat(list) ? (list as unknown[]) : undefined
}

/** Puts places for messages where loops write them; also the names of those whose items are no messages here. */
function withPlaceholders(text: string): { text: string; others: string[] } {
  const others: string[] = []
  let made = ''
  let at = 0
  for (const { start, end, list, body } of outerLoops(text)) {
    if (!/"role"\s*:/.test(body)) continue
    const name = list.replace(/^_+/, '')
    if (!isPlain(body)) others.push(list)
    made += `${text.slice(at, start)}{"type": "placeholder", "name": ${JSON.stringify(name)}},`
    at = end + (/^\s{0,100},/.exec(text.slice(end, end + 101))?.[0].length ?? 0)
  }
  return { text: made + text.slice(at), others }
}

/** A body that writes the role and the content of its item. */
function isPlain(body: string): boolean {
  return (
    /"role"\s*:\s*"?\{\{[^{}]*\.role\b[^{}]*\}\}/.test(body) && /\{\{[^{}]*\.content\b[^{}]*\}\}/.test(body)
  )
}

/**
 * JSON with tags of Nunjucks between its values, made JSON: a loop over earlier messages becomes a place for them,
 * and a value that is written as JSON a text.
 */
function mended(text: string): { text: string; others: string[] } {
  const { text: placed, others } = withPlaceholders(text)
  const made = placed
    .replaceAll(
      /(:\s{0,100})\{\{-?\s{0,20}([\w.[\]]+)\s{0,20}\|\s{0,20}(?:dump|tojson)(?:\s{0,20}\|\s{0,20}safe)?\s{0,20}-?\}\}/g,
      '$1"{{ $2 }}"',
    )
    .replaceAll(/,(\s{0,1000}[\]}])/g, '$1')
  return { text: made, others }
}

/** Whether a file is messages of promptfoo that are JSON only once they are rendered, or JSON in a template. */
export function isBrokenChat(path: string, text: string): boolean {
  if (!/^\s*[[{]/.test(text) || !/"role"/.test(text) || !/\{%|\{\{/.test(text)) return false
  if (/\.(?:j2|jinja2?|njk|nunjucks)$/i.test(path)) return messagesIn(text) !== undefined
  return /\.json$/i.test(path) && valueOf(text) === undefined && 'fault' in readJson(text)
}

/** The prompts of a file that a configuration names: lines of dashes separate several of a text. */
export function readFileText(path: string, text: string): ReadText[] {
  if (/\.csv$/i.test(path)) return readTable(text)
  if (/\.jsonl$/i.test(path))
    return text
      .split('\n')
      .flatMap((line, index) =>
        line.trim() === '' ? [] : [chatInText({ text: line, line: () => index + 1 })],
      )
  if (!/\.txt$/i.test(path)) return [chatInText({ text: trimmedEnd(text), line: (line) => line })]
  let offset = 0
  return text.split(/^---[ \t]*$/m).flatMap((piece) => {
    const before = offset + (/^\s*/.exec(piece)?.[0].split('\n').length ?? 1) - 1
    offset += piece.split('\n').length - 1
    return piece.trim() === '' ? [] : [chatInText({ text: piece.trim(), line: (line) => line + before })]
  })
}

function trimmedEnd(text: string): string {
  return text.replace(/\n+$/, '')
}

function readTable(text: string): ReadText[] {
  const { rows } = readCsv(text, ',', 10_001)
  const [head, ...others] = rows
  const at = head?.cells.findIndex((cell) => cell.trim().toLowerCase() === 'prompt') ?? -1
  const labelAt = head?.cells.findIndex((cell) => cell.trim().toLowerCase() === 'label') ?? -1
  const list = at < 0 ? rows : others
  return list.flatMap(({ cells, line }) => {
    const prompt = cells[Math.max(at, 0)] ?? ''
    const label = labelAt < 0 ? undefined : wordOf(cells[labelAt])
    return prompt.trim() === ''
      ? []
      : [{ ...chatInText({ text: prompt, line: () => line }), ...(label === undefined ? {} : { label }) }]
  })
}
