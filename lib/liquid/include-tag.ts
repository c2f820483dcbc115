import type { Tokenizer } from 'liquidjs'
import { fault } from './fault.ts'
import { isPromptName, isVariableName, PROMPT_NAME_RULE, VARIABLE_NAME_RULE } from './name-rules.ts'
import type { TagMark } from './scan.ts'
import type { IncludeNode } from './syntax.ts'
import { readName, readOperand } from './tag-reading.ts'

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
  const { tokenizer } = tag
  tokenizer.skipBlank()
  const token = tokenizer.readQuoted()
  const found = token && parseReference(token.content)
  if (!token || !found) {
    const start = token?.begin ?? tokenizer.p
    const message = `The name of a prompt is expected in quotes ("name" or "name@3"): ${PROMPT_NAME_RULE}`
    throw fault('invalid_include', message, start, token?.end ?? Math.max(start + 1, tokenizer.N))
  }
  const node: IncludeNode = {
    node: 'include',
    ref: token.content,
    name: found.name,
    version: found.version,
    args: [],
    each: undefined,
    start: tag.begin,
    end: tag.end,
  }
  readBinding(tokenizer, node)
  readArguments(tokenizer, node)
  return node
}

/** `with value as name` or `for list as name`; the name may be left out when the prompt's name is one. */
function readBinding(tokenizer: Tokenizer, node: IncludeNode): void {
  tokenizer.skipBlank()
  const start = tokenizer.p
  const word = tokenizer.readIdentifier().content
  if (word !== 'with' && word !== 'for') {
    tokenizer.p = start
    return
  }
  tokenizer.skipBlank()
  if (tokenizer.peek() === ':') {
    tokenizer.p = start
    return
  }
  const value = readOperand(tokenizer)
  const before = tokenizer.p
  let name = node.name.replaceAll('-', '_')
  if (tokenizer.readIdentifier().content === 'as') name = readName(tokenizer, 'The name after as')
  else tokenizer.p = before
  if (!isVariableName(name)) {
    throw fault('invalid_name', `Say "as …" with a name that is ${VARIABLE_NAME_RULE}`, start, tokenizer.p)
  }
  if (word === 'with') node.args.push({ name, value })
  else node.each = { name, items: value }
}

function readArguments(tokenizer: Tokenizer, node: IncludeNode): void {
  for (;;) {
    tokenizer.skipBlank()
    if (tokenizer.peek() === ',') tokenizer.advance()
    tokenizer.skipBlank()
    if (tokenizer.end()) return
    const name = readName(tokenizer, 'The name of an argument')
    tokenizer.skipBlank()
    if (tokenizer.peek() !== ':') throw fault('syntax', '":" is expected here', tokenizer.p, tokenizer.p + 1)
    tokenizer.advance()
    node.args.push({ name, value: readOperand(tokenizer) })
  }
}
