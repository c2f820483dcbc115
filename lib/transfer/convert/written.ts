import { Analyser } from '#lib/liquid/analyse.ts'
import { WIDEST_TEXT_LIMITS } from '#lib/liquid/budget.ts'
import type { Json } from '#lib/liquid/json.ts'
import { parse } from '#lib/liquid/parse.ts'
import type { Analysis } from '#lib/liquid/types.ts'
import type { VariableInput } from '../../prompts/variables/variables.ts'
import type { ConvertedMessages, ConvertedText } from './convert.ts'
import type { Reading } from './reading.ts'
import type { Node, Tree } from './tree.ts'
import { Inference, type Use } from './write/infer.ts'
import { needsRaw } from './write/literal.ts'
import { Names } from './write/names.ts'
import { Writer } from './write/writer.ts'

/** What a text of Liquid uses, and what is wrong with it. */
export function analysisOf(text: string): Analysis {
  const analyser = new Analyser()
  analyser.add(parse(text, WIDEST_TEXT_LIMITS), [], text)
  return analyser.result()
}

/**
 * Writes what was read as Liquid; what the language does not take is kept literal.
 * @param beside other texts of the same prompt, which tell of its variables, too
 */
export function written(
  reading: Reading,
  { nodes, truth }: Tree,
  beside: readonly Tree[] = [],
): ConvertedText | ConvertedMessages {
  const inference = new Inference(reading.options.types ?? new Map())
  inference.nodes(nodes)
  for (const other of beside) inference.nodes(other.nodes)
  inference.settle()
  const { uses } = inference
  const names = new Names([...uses.keys()])
  const defaults = defaultsOf(reading, uses)
  const messages = messagesOf(nodes).map((message): WrittenMessage => {
    if ('placeholder' in message) return message
    const text = new Writer({ truth, names, uses, defaults }).write(message.nodes)
    return { ...message, text, analysis: analysisOf(text) }
  })
  for (const [from, to] of names.renamed) {
    reading.note(uses.get(from)?.at ?? 0, `"${from}" cannot be the name of a variable here: it is ${to}`)
  }
  const analyses = messages.flatMap((message) => ('analysis' in message ? [message.analysis] : []))
  const problem = analyses.flatMap(({ problems }) => problems)[0]
  if (problem) {
    const message = `This text could not be turned into Liquid (${problem.message}) and is kept as it is`
    return { text: reading.text, format: 'text', variables: [], notes: [{ message }] }
  }
  const variables = variablesOf(uses, names, analyses, defaults)
  const { notes } = reading
  const isLiteral =
    nodes.every(({ is }) => is === 'text' || is === 'role') &&
    nodes.some((node) => node.is === 'text' && needsRaw(node.text))
  const format = isLiteral ? 'text' : 'liquid'
  const plain = messages.map((message): ConvertedMessages['messages'][number] => {
    if ('placeholder' in message) return { placeholder: names.of(message.placeholder) }
    return { role: message.role, text: isLiteral ? joined(message.nodes) : message.text }
  })
  const [only] = plain
  if (only && plain.length === 1 && 'text' in only && !nodes.some(({ is }) => is === 'role'))
    return { text: only.text, format, variables, notes }
  return { messages: plain, format, variables, notes }
}

/** Values that a variable has wherever it is used and not given: they are declared, and the text needs not say them. */
function defaultsOf({ defaults }: Reading, uses: ReadonlyMap<string, Use>): Map<string, Json> {
  const everywhere = [...defaults].filter(([name, { count }]) => {
    const use = uses.get(name)
    return use !== undefined && use.count === 2 * count && use.assigned.size === 0
  })
  return new Map(everywhere.map(([name, { value }]) => [name, value]))
}

function joined(nodes: readonly Node[]): string {
  return nodes.map((node) => (node.is === 'text' ? node.text : '')).join('')
}

type Message = { role: 'system' | 'user' | 'assistant'; nodes: Node[] } | { placeholder: string }

type WrittenMessage =
  | (Extract<Message, { nodes: Node[] }> & { text: string; analysis: Analysis })
  | { placeholder: string }

/** Splits a tree at its roles; what is white space alone is no message. */
function messagesOf(nodes: readonly Node[]): Message[] {
  if (!nodes.some(({ is }) => is === 'role' || is === 'placeholder'))
    return [{ role: 'user', nodes: [...nodes] }]
  const messages: Message[] = []
  let current: Extract<Message, { nodes: Node[] }> = { role: 'user', nodes: [] }
  messages.push(current)
  for (const node of nodes) {
    if (node.is === 'role') {
      current = { role: node.role, nodes: [] }
      messages.push(current)
    } else if (node.is === 'placeholder') {
      messages.push({ placeholder: node.name })
      // As dotprompt has it: what follows the talk so far without a role is the model's.
      current = { role: 'assistant', nodes: [] }
      messages.push(current)
    } else current.nodes.push(node)
  }
  return messages.filter(
    (message) =>
      'placeholder' in message || message.nodes.some((node) => node.is !== 'text' || node.text.trim() !== ''),
  )
}

function variablesOf(
  uses: ReadonlyMap<string, Use>,
  names: Names,
  analyses: readonly Analysis[],
  defaults: ReadonlyMap<string, Json>,
): VariableInput[] {
  const needed = new Map<string, boolean>()
  for (const { variables } of analyses) {
    for (const { name, optional } of variables) needed.set(name, needed.get(name) === true || !optional)
  }
  return [...uses.values()].flatMap((use): VariableInput[] => {
    const name = names.of(use.name)
    if (!needed.has(name)) return []
    const type = use.type === 'unknown' ? 'string' : use.type
    const given = defaults.get(use.name)
    const required = given === undefined && !use.isTested && needed.get(name) === true
    return [{ name, type, ...(given === undefined ? {} : { default: given }), required }]
  })
}
