import { allowedName } from '../../../liquid/analyse.ts'
import type { SourceLanguage } from '../../convert/convert.ts'
import { roleOf } from './chat.ts'
import type { Role, SourceMessage } from './content.ts'

/** `system:`, `# User:`, `user[name="x"]:` alone on a line. */
const ROLE =
  /^[ \t]{0,20}#?[ \t]{0,20}(system|developer|user|assistant)(?:\[[^\]\n]{0,200}\])?[ \t]{0,20}:[ \t]{0,20}$/gim
/** A loop over messages that writes each one's role and content, as Jinja and Mustache have it. */
const LOOPS = [
  /^[ \t]{0,20}\{%-?[ \t]{0,20}for[ \t]{1,20}(\w+)[ \t]{1,20}in[ \t]{1,20}([\w.]+)[ \t]{0,20}-?%\}\s{0,100}#?[ \t]{0,20}\{\{-?[ \t]{0,20}\1(?:\.role|\[["']role["']\])[ \t]{0,20}-?\}\}[ \t]{0,20}:\s{0,100}\{\{-?[ \t]{0,20}\1(?:\.content|\[["']content["']\])[ \t]{0,20}-?\}\}\s{0,100}\{%-?[ \t]{0,20}endfor[ \t]{0,20}-?%\}[ \t]{0,20}$/gim,
  /^[ \t]{0,20}\{\{#[ \t]{0,20}()([\w.]+)[ \t]{0,20}\}\}\s{0,100}#?[ \t]{0,20}\{\{[ \t]{0,20}role[ \t]{0,20}\}\}[ \t]{0,20}:\s{0,100}\{\{\{?[ \t]{0,20}content[ \t]{0,20}\}?\}\}\s{0,100}\{\{\/[ \t]{0,20}\2[ \t]{0,20}\}\}[ \t]{0,20}$/gim,
]
/** A thread of messages that is put in. */
const THREAD = /^[ \t]{0,20}!\[thread\](?:\([^)\n]*\))?[ \t]{0,20}$/gim

interface Mark {
  start: number
  end: number
  role?: Role
  placeholder?: string
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
): SourceMessage[] {
  const marks = [...roleMarks(text), ...loopMarks(text), ...threadMarks(text, threads)].sort(
    (a, b) => a.start - b.start,
  )
  const made: SourceMessage[] = []
  let role: Role = 'system'
  let at = 0
  const add = (end: number) => {
    const raw = text.slice(at, end)
    const content = raw.trim()
    if (content === '') return
    const before = text.slice(0, at + raw.indexOf(content)).split('\n').length - 1
    made.push({ role, content: { text: content, language, line: (line) => line + before + offset } })
  }
  for (const mark of marks) {
    if (mark.start < at) continue
    add(mark.start)
    at = mark.end
    if (mark.role !== undefined) role = mark.role
    else if (mark.placeholder !== undefined) {
      made.push({ placeholder: mark.placeholder, required: false })
      role = 'user'
    }
  }
  add(text.length)
  return made
}

/** Whether lines of a text say who speaks. */
export function hasRoles(text: string): boolean {
  return roleMarks(text).length > 0 || threadMarks(text, []).length > 0
}

function roleMarks(text: string): Mark[] {
  return [...text.matchAll(ROLE)].flatMap(({ index, 0: all, 1: word }) => {
    const role = roleOf(word)
    return role === undefined ? [] : [{ start: index, end: index + all.length, role }]
  })
}

function loopMarks(text: string): Mark[] {
  return LOOPS.flatMap((loop) =>
    [...text.matchAll(loop)].flatMap(({ index, 0: all, 2: list = '' }) => {
      const placeholder = allowedName(list)
      return placeholder === undefined ? [] : [{ start: index, end: index + all.length, placeholder }]
    }),
  )
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
