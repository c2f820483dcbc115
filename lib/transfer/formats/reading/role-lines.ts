import { allowedName } from '../../../liquid/analyse.ts'
import type { SourceLanguage } from '../../convert/convert.ts'
import type { SourceNote } from '../../source.ts'
import { roleOf } from './chat.ts'
import type { Role, SourceMessage } from './content.ts'
import { outerLoops } from './loops.ts'

/** `system:`, `# User:`, `user[name="x"]:` alone on a line. */
const ROLE =
  /^[ \t]{0,20}(?:#[ \t]{0,20}){0,3}(system|developer|user|assistant)(?:\[[^\]\n]{0,200}\])?[ \t]{0,20}:[ \t]{0,20}$/gim
/** A line in a loop that says who speaks. */
const ROLE_IN_LOOP =
  /^[ \t]{0,20}(?:#[ \t]{0,20}){0,3}(?:system|user|assistant|\{\{[^{}\n]{0,60}\b(?:role|type)\b[^{}\n]{0,20}\}\})[ \t]{0,20}:/im
/** What writes a message as it is. */
const PLAIN_LOOP =
  /^\s{0,100}#?[ \t]{0,20}\{\{[^{}\n]{0,60}role[^{}\n]{0,20}\}\}[ \t]{0,20}:\s{0,100}\{\{[^{}\n]{0,60}content[^{}\n]{0,20}\}\}\s{0,100}$/i
/** A section of Mustache that writes messages. */
const SECTION =
  /^[ \t]{0,20}\{\{#[ \t]{0,20}([\w.]+)[ \t]{0,20}\}\}\s{0,100}#?[ \t]{0,20}\{\{[ \t]{0,20}(role|type)[ \t]{0,20}\}\}[ \t]{0,20}:\s{0,100}\{\{\{?[ \t]{0,20}content[ \t]{0,20}\}?\}\}\s{0,100}\{\{\/[ \t]{0,20}\1[ \t]{0,20}\}\}[ \t]{0,20}$/gim
/** A thread of messages that is put in. */
const THREAD = /^[ \t]{0,20}!\[thread\](?:\([^)\n]*\))?[ \t]{0,20}$/gim

/** What is said where no messages can be made of a talk. */
export const ROLES_AS_LINES =
  'What its tags decide spans several messages: it comes in as one text, the roles as lines of it'

interface Mark {
  start: number
  end: number
  role?: Role
  placeholder?: string
  note?: string
}

/** What a text is split into, and what changes. */
export interface SplitText {
  messages: SourceMessage[]
  notes: SourceNote[]
}

/**
 * Splits a text into messages at lines that say who speaks. What stands before the first is the system's.
 * @param threads names whose value is a list of messages, put in by `{{name}}` alone on a line
 * @param offset lines of the file before the text
 */
export function splitRoles(
  text: string,
  language: SourceLanguage,
  { threads = [], offset = 0 }: { threads?: readonly string[]; offset?: number },
): SplitText {
  const marks = [...roleMarks(text), ...loopMarks(text), ...threadMarks(text, threads)].sort(
    (a, b) => a.start - b.start,
  )
  const made: SourceMessage[] = []
  const notes: SourceNote[] = []
  let role: Role = 'system'
  let at = 0
  const add = (end: number) => {
    const raw = text.slice(at, end)
    const content = raw.trim()
    if (content === '') return
    const before = lineAt(text, at + raw.indexOf(content)) - 1
    made.push({ role, content: { text: content, language, line: (line) => line + before + offset } })
  }
  for (const mark of marks) {
    if (mark.start < at) continue
    add(mark.start)
    at = mark.end
    if (mark.role !== undefined) role = mark.role
    else if (mark.placeholder !== undefined) {
      made.push({ placeholder: mark.placeholder, required: false })
      if (mark.note !== undefined) notes.push({ line: lineAt(text, mark.start) + offset, message: mark.note })
      role = 'user'
    }
  }
  add(text.length)
  return { messages: made, notes }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Whether lines of a text say who speaks. */
export function hasRoles(text: string): boolean {
  return roleMarks(text).length > 0 || threadMarks(text, []).length > 0
}

/** Whether a text is a talk from its first line on, in which more than one speaks. */
export function isTalk(text: string): boolean {
  const marks = roleMarks(text)
  const [first] = marks
  return (
    first !== undefined &&
    text.slice(0, first.start).trim() === '' &&
    new Set(marks.map(({ role }) => role)).size > 1
  )
}

function roleMarks(text: string): Mark[] {
  return [...text.matchAll(ROLE)].flatMap(({ index, 0: all, 1: word }) => {
    const role = roleOf(word)
    return role === undefined ? [] : [{ start: index, end: index + all.length, role }]
  })
}

function loopMarks(text: string): Mark[] {
  const loops = outerLoops(text).flatMap(({ start, end, list, body }) => {
    const placeholder = allowedName(list)
    if (placeholder === undefined || !ROLE_IN_LOOP.test(body)) return []
    return [{ start, end, placeholder, ...(PLAIN_LOOP.test(body) ? {} : { note: otherItems(list) }) }]
  })
  const sections = [...text.matchAll(SECTION)].flatMap(({ index, 0: all, 1: list = '', 2: key }) => {
    const placeholder = allowedName(list)
    if (placeholder === undefined) return []
    const note = key?.toLowerCase() === 'role' ? {} : { note: otherItems(list) }
    return [{ start: index, end: index + all.length, placeholder, ...note }]
  })
  return [...loops, ...sections]
}

/** What is to be said of a place for messages whose items look otherwise at their source. */
export function otherItems(list: string): string {
  return `The loop over ${list} writes messages: it becomes a place for them, whose items are {"role": …, "content": …} here`
}

function threadMarks(text: string, threads: readonly string[]): Mark[] {
  const named = threads.flatMap((name) => {
    const placeholder = allowedName(name)
    if (placeholder === undefined) return []
    const pattern = new RegExp(
      String.raw`^[ \t]*\{\{\{?[ \t]*${name.replaceAll(/\W/g, '\\$&')}[ \t]*\}?\}\}[ \t]*$`,
      'gm',
    )
    return [...text.matchAll(pattern)].map(({ index, 0: all }) => ({
      start: index,
      end: index + all.length,
      placeholder,
    }))
  })
  const bare = [...text.matchAll(THREAD)].map(({ index, 0: all }) => ({
    start: index,
    end: index + all.length,
    placeholder: 'thread',
  }))
  return [...named, ...bare]
}
