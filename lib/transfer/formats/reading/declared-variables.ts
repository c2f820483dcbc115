import { isAppError } from '../../../errors.ts'
import { Analyser, allowedName } from '../../../liquid/analyse.ts'
import { WIDEST_TEXT_LIMITS } from '../../../liquid/budget.ts'
import { isVariableName } from '../../../liquid/name-rules.ts'
import { literal, parse } from '../../../liquid/parse.ts'
import type { UsedVariable } from '../../../liquid/types.ts'
import type { PromptMessage } from '../../../prompts/content/content.ts'
import { declareVariables, type VariableInput } from '../../../prompts/variables/variables.ts'
import { cutText } from '../../../text.ts'
import type { SourceNote } from '../../source.ts'
import type { BuiltContent } from './content.ts'

/** A variable as its source declares it, under the name that it has there. */
export type DeclaredVariable = VariableInput

const DESCRIPTION_LENGTH = 1000

/**
 * Puts together what a source says of its variables, what the texts tell, and which are used. Nothing is said when
 * the source says nothing: then they are read from the text when the version is saved.
 */
export function mergeVariables(
  built: BuiltContent,
  declared: readonly DeclaredVariable[],
): { variables: VariableInput[]; notes: SourceNote[] } {
  if (declared.length === 0 && built.variables.length === 0) return { variables: [], notes: [] }
  const notes: SourceNote[] = []
  const used = usedIn(built)
  const said = new Map<string, VariableInput>()
  for (const variable of declared) {
    const name = isVariableName(variable.name) ? variable.name : allowedName(variable.name)
    if (name === undefined)
      notes.push({ message: `"${variable.name}" cannot be the name of a variable; it is left out` })
    else if (!said.has(name)) said.set(name, { ...variable, name })
  }
  const told = new Map(built.variables.map((variable) => [variable.name, variable]))
  const names = [...new Set([...said.keys(), ...used.keys()])]
  const variables = names.map((name): VariableInput => {
    const fromText = told.get(name) ?? (used.has(name) ? inferred(used.get(name)) : undefined)
    const variable = named(name, said.get(name), fromText)
    // Loops over what is declared as an object, as many do, read the items of a list.
    if (variable.type === 'object' && used.get(name)?.type === 'array') variable.type = 'array'
    // Nobody can be asked for what no text uses, unless the source says so itself.
    const isIdle = !used.has(name) && variable.required === undefined
    return fitting(isIdle ? { ...variable, required: false } : variable, notes)
  })
  return { variables: variables.filter(({ name }) => used.get(name)?.type !== 'messages'), notes }
}

/** What the source declares goes before what the text tells, but a list stays a list. */
function named(
  name: string,
  said: VariableInput | undefined,
  told: VariableInput | undefined,
): VariableInput {
  const merged: VariableInput = { ...told, ...said, name }
  if (said?.type === undefined && told?.type !== undefined && said?.enum === undefined)
    merged.type = told.type
  if (said?.required === undefined && said?.default !== undefined) delete merged.required
  if (merged.description !== undefined) merged.description = cutText(merged.description, DESCRIPTION_LENGTH)
  if (merged.description === '') delete merged.description
  return merged
}

function inferred(used: UsedVariable | undefined): VariableInput | undefined {
  return used && { name: used.name, type: used.type, required: !used.optional }
}

/** Leaves out what contradicts the type, so that the rest can come in. */
function fitting(variable: VariableInput, notes: SourceNote[]): VariableInput {
  const { name } = variable
  const tries: [VariableInput, string][] = [[variable, '']]
  const { example: _, ...withoutExample } = variable
  const { default: __, ...withoutDefault } = withoutExample
  tries.push([withoutExample, 'its example does not fit its type and is left out'])
  tries.push([
    { ...withoutDefault, ...(variable.default === undefined ? {} : { required: false }) },
    'its default does not fit its type and is left out',
  ])
  const plain: VariableInput = {
    name,
    ...(variable.description === undefined ? {} : { description: variable.description }),
  }
  tries.push([plain, 'its type contradicts itself; it becomes a text'])
  const found = tries.find(([attempt]) => canDeclare(attempt)) ?? [plain, '']
  if (found[1] !== '') notes.push({ message: `${name}: ${found[1]}` })
  return found[0]
}

function canDeclare(variable: VariableInput): boolean {
  try {
    declareVariables([variable])
    return true
  } catch (error) {
    if (isAppError(error)) return false
    throw error
  }
}

/** The variables that the texts of a content use, in their order. */
function usedIn({ content, format }: BuiltContent): Map<string, UsedVariable> {
  const analyser = new Analyser()
  const add = (text: string, path: (string | number)[]) =>
    analyser.add(format === 'text' ? literal(text) : parse(text, WIDEST_TEXT_LIMITS), path, text)
  if ('template_content' in content && content.template_content !== undefined)
    add(content.template_content, [])
  const messages = ('messages' in content ? content.messages : undefined) ?? []
  for (const [index, message] of messages.entries()) for (const text of textsOf(message)) add(text, [index])
  for (const [index, message] of messages.entries()) {
    if ('type' in message) analyser.placeholder({ ...message, path: [index] })
  }
  return new Map(analyser.result().variables.map((variable) => [variable.name, variable]))
}

function textsOf(message: PromptMessage): string[] {
  if ('type' in message) return []
  if (typeof message.content === 'string') return [message.content]
  return message.content.flatMap((part) => {
    if (part.type === 'text') return [part.text]
    if (part.type === 'resource_link') return [part.uri]
    return part.type === 'resource' ? [part.resource.uri, part.resource.text ?? ''] : []
  })
}
