import type { Finding, SplitMessage } from './finding.ts'
import type { Cut } from './pieces.ts'

const LINE =
  /^[ \t]{0,3}#{0,4}[ \t]{0,3}(?:\*\*)?(system|user|assistant|developer|human|ai|model)(?:\[[^\]\n]{0,200}\])?[ \t]{0,3}(?:\*\*:|:(?:\*\*)?)[ \t]*$/gim
/** The first words of lines, as in a transcript. */
const INLINE = /^(?:\*\*)?(system|user|human|assistant|ai)[ \t]{0,3}(?:\*\*:|:(?:\*\*)?)[ \t]*/gim
const CHAT_ML = /<\|(?:im_start\|>(?=system|user|assistant))?(system|user|assistant)(?:\|>)?[ \t]*\n?/g
const DOTPROMPT = /\{\{-?\s{0,9}role\s{1,9}["'](system|user|model|assistant)["']\s{0,9}-?\}\}[ \t]*\n?/g
const FRONT_MATTER = /^---[ \t]*\n/
/** Keys that stand at the head of prompts of other tools. */
const KNOWN_KEYS =
  /^(?:model|name|title|description|inputs?|outputs?|config|template|sample|authors?|parameters|variables|temperature|tools|version|tags|modelParameters|api|metadata|allowed-tools|ext)[ \t]*:/m
const YAML_LINE = /^(?:[\w.-]{1,64}[ \t]*:.*|[ \t]+\S.*|-[ \t].*|#.*|[ \t]*)$/

const SPLIT = 'Split into messages'

/** Lines that say who speaks: in a text prompt all of it is one message. */
export function roleMarks(cut: Cut): Finding[] {
  const { text } = cut
  const body = endOfFrontMatter(text)
  return [
    ...split(cut, body, LINE, {
      code: 'role_lines',
      begins: true,
      message: (role) => `The line "${role}" is a part of the text here, which is one message`,
    }),
    ...transcript(cut, body),
    ...split(cut, body, CHAT_ML, {
      code: 'chat_ml',
      begins: true,
      message: (role) => `${role} is a part of the text here, which is one message`,
    }),
    ...split(cut, body, DOTPROMPT, {
      code: 'dotprompt_role',
      begins: false,
      message: (role) => `${role} begins a message in dotprompt`,
    }),
  ]
}

/**
 * Roles at the beginnings of lines, the words behind them. Examples of a talk look the same, so only where the
 * text begins with the system's or, as older models wanted it, the human's words, and somebody answers.
 */
function transcript(cut: Cut, body: number): Finding[] {
  const rest = cut.read.slice(body)
  if (!/^\s*(?:\*\*)?(?:system|human)[ \t]{0,3}(?:\*\*)?:(?:\*\*)?[ \t]*\S/i.test(rest)) return []
  // Facts about a machine have a system and a user as well: a talk is answered, or its system is spoken to.
  if (
    !/^(?:\*\*)?(?:assistant|ai)[ \t]{0,3}(?:\*\*)?:/im.test(rest) &&
    !/^\W*\w+\W+(?:you|act|answer|write|be|do|your)\b/i.test(rest)
  )
    return []
  return split(cut, body, INLINE, {
    code: 'role_lines',
    begins: true,
    message: (role) => `"${role}" is a part of the text here, which is one message`,
  })
}

interface Marks {
  code: string
  /** Only where the text begins with one: further down it may be an example. */
  begins: boolean
  message: (seen: string) => string
}

function split(
  { text, read }: Cut,
  body: number,
  pattern: RegExp,
  { code, begins, message }: Marks,
): Finding[] {
  const marks = [...read.matchAll(pattern)].filter(({ index }) => index >= body)
  const [first] = marks
  if (first === undefined || (begins && text.slice(body, first.index).trim() !== '')) return []
  if (begins && !isTalk(marks.map((mark) => roleOf(mark[1] ?? '')))) return []
  const messages = marks.map((mark, index): SplitMessage => {
    const end = marks[index + 1]?.index ?? text.length
    const before = index === 0 ? text.slice(body, mark.index).trim() : ''
    const content = text
      .slice(mark.index + mark[0].length, end)
      .replace(/<\|im_end\|>\s*$/, '')
      .trim()
    return { role: roleOf(mark[1] ?? ''), content: before === '' ? content : `${before}\n\n${content}` }
  })
  const last = messages.at(-1)
  // Where the model was to go on there is nothing to say.
  if (last?.role === 'assistant' && last.content === '' && messages.length > 1) messages.pop()
  return [
    {
      code,
      places: marks.map(({ index, 0: all }) => ({ start: index, end: index + all.trimEnd().length })),
      message: message(first[0].trim()),
      hint: 'Roles are the messages of a chat prompt: give messages instead of one text',
      warns: true,
      // What the head of a prompt file says would be gone with it: it is seen to first.
      ...(body === 0 && { fix: { label: SPLIT, messages } }),
    },
  ]
}

/** One word before a colon may be a heading of anything: a talk has two who speak, and the model answers last. */
function isTalk(roles: readonly SplitMessage['role'][]): boolean {
  return new Set(roles).size > 1 && roles[0] !== 'assistant'
}

function roleOf(word: string): SplitMessage['role'] {
  switch (word.toLowerCase()) {
    case 'system':
    case 'developer':
      return 'system'
    case 'assistant':
    case 'ai':
    case 'model':
      return 'assistant'
    default:
      return 'user'
  }
}

/** YAML between two lines of dashes at the head, as prompt files of other tools have it. */
export function frontMatter({ text }: Cut): Finding[] {
  const end = endOfFrontMatter(text)
  if (end === 0) return []
  return [
    {
      code: 'front_matter',
      places: [{ start: 0, end: text.slice(0, end).trimEnd().length }],
      message: 'The lines between --- are a part of the text here, which the model reads',
      hint: 'Title, description, variables and configuration have fields of their own',
      warns: true,
      fix: { label: 'Remove the front matter', edits: [{ from: 0, to: end, insert: '' }] },
    },
  ]
}

/** Where the text behind its front matter begins; 0 when it has none. */
function endOfFrontMatter(text: string): number {
  const open = FRONT_MATTER.exec(text)
  if (open === null) return 0
  const close = text.indexOf('\n---', open[0].length - 1)
  if (close < 0) return 0
  const head = text.slice(open[0].length, close)
  const lineEnd = text.indexOf('\n', close + 1)
  const end = lineEnd < 0 ? text.length : lineEnd + 1
  const isYaml = KNOWN_KEYS.test(head) && head.split('\n').every((line) => YAML_LINE.test(line))
  return isYaml && text.slice(close + 4, end).trim() === '' ? end : 0
}
