import { fault } from './fault.ts'
import { stringContent } from './lexer.ts'
import { isPromptName, isVariableName, PROMPT_NAME_RULE, VARIABLE_NAME_RULE } from './name-rules.ts'
import { readName, readOperand } from './operand.ts'
import type { Reader } from './reader.ts'
import type { TagMark } from './scan.ts'
import type { IncludeNode } from './syntax.ts'

const VERSIONED = /^(.*)@([1-9]\d{0,8})$/

/** Splits `other` or `other@3`; undefined when it is neither. */
function parseReference(ref: string): { name: string; version: number | undefined } | undefined {
  const match = VERSIONED.exec(ref)
  const name = match?.[1] ?? ref
  if (!isPromptName(name)) return undefined
  return { name, version: match ? Number(match[2]) : undefined }
}

/** `{% render "name@3" with value as name, key: value %}` */
export function include(tag: TagMark): IncludeNode {
  const { reader } = tag
  const start = reader.position
  const token = reader.next?.kind === 'string' ? reader.next : undefined
  const ref = token ? stringContent(reader.text, token) : ''
  const found = parseReference(ref)
  if (!found) {
    const message = `The name of a prompt is expected in quotes ("name" or "name@3"): ${PROMPT_NAME_RULE}`
    throw fault('invalid_include', message, start, token?.end ?? Math.max(start + 1, reader.limit))
  }
  reader.take()
  const node: IncludeNode = {
    node: 'include',
    ref,
    name: found.name,
    version: found.version,
    args: [],
    each: undefined,
    start: tag.begin,
    end: tag.end,
  }
  readBinding(reader, node)
  readArguments(reader, node)
  return node
}

/** `with value as name` or `for list as name`; the name may be left out when the prompt's name is one. */
function readBinding(reader: Reader, node: IncludeNode): void {
  const start = reader.position
  const isWith = reader.isWord('with')
  if ((!isWith && !reader.isWord('for')) || reader.is(':', reader.second)) return
  reader.take()
  const value = readOperand(reader)
  let name = node.name.replaceAll('-', '_')
  if (reader.isWord('as')) {
    reader.take()
    name = readName(reader, 'The name after as')
  }
  if (!isVariableName(name)) {
    throw fault('invalid_name', `Say "as …" with a name that is ${VARIABLE_NAME_RULE}`, start, reader.end)
  }
  if (isWith) node.args.push({ name, value })
  else node.each = { name, items: value }
}

function readArguments(reader: Reader, node: IncludeNode): void {
  for (;;) {
    reader.accept(',')
    if (!reader.next) return
    const name = readName(reader, 'The name of an argument')
    const { position } = reader
    if (!reader.accept(':')) throw fault('syntax', '":" is expected here', position, position + 1)
    node.args.push({ name, value: readOperand(reader) })
  }
}
