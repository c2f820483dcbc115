import type { Reading } from '../../reading.ts'
import type { Expression, Node, Tree } from '../../tree.ts'
import { readHandlebars } from './read.ts'
import type { Argument, Call } from './syntax.ts'

const ROLES: ReadonlyMap<unknown, 'system' | 'user' | 'assistant'> = new Map<
  unknown,
  'system' | 'user' | 'assistant'
>([
  ['system', 'system'],
  ['user', 'user'],
  ['model', 'assistant'],
  ['assistant', 'assistant'],
])

/** Reads dotprompt: Handlebars, and marks that split the text into messages. */
export function readDotprompt(reading: Reading): Tree {
  const tree = readHandlebars(reading, (call, name, read) => special(reading, call, name, read))
  for (const node of tree.nodes) if (node.is === 'if' || node.is === 'for') refuseInner(node, reading)
  return tree
}

function special(
  reading: Reading,
  call: Call,
  name: string,
  read: (argument: Argument) => Expression | undefined,
): Node[] | undefined {
  const [first] = call.args
  if (name === 'history' && call.args.length === 0) return [{ is: 'placeholder', name: 'history' }]
  if (name === 'role' && first) return role(reading, call, first)
  if (name === 'section' && first) {
    reading.note(
      call.at,
      'A section marks a place for programs; there is nothing like it here, and it is left out',
    )
    return []
  }
  if (name !== 'media') return undefined
  const url = call.hash.find(([key]) => key === 'url')?.[1]
  const value = url && read(url)
  reading.note(
    call.at,
    'A picture is a part of a message here; where it stood, its address is put into the text',
  )
  return value ? [{ is: 'output', value }] : []
}

function role(reading: Reading, call: Call, first: Argument): Node[] {
  const found = first.type === 'literal' ? ROLES.get(first.value) : undefined
  if (call.hash.length > 0)
    reading.note(call.at, 'Data beside a role is for programs; messages here have none, and it is left out')
  if (found) return [{ is: 'role', role: found }]
  reading.refuse(
    call.at,
    'The role of a message is system, user or model, and no value can say which: name it',
  )
  return []
}

/** A message within a condition or a loop may be there or not, which nothing can say here. */
function refuseInner(node: Node, reading: Reading): void {
  const bodies =
    node.is === 'if'
      ? [...node.branches.map(({ body }) => body), node.otherwise]
      : node.is === 'for'
        ? [node.body, node.otherwise]
        : []
  for (const inner of bodies.flat()) {
    if (inner.is === 'role' || inner.is === 'placeholder') {
      const at = Math.max(0, reading.text.indexOf(inner.is === 'role' ? 'role' : 'history'))
      reading.refuse(at, 'A message begins within a block: a chat here always has the same messages')
      return
    }
    refuseInner(inner, reading)
  }
}
