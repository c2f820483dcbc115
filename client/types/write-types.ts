import type { Variable } from '../public.ts'

export interface TypedPrompt {
  name: string
  description: string
  variables: readonly Variable[]
}

const HEAD = 'Written by `incipit types`: changes made here are lost.'

/** A table of all prompts with their variables, for `createClient<Prompts>()`. */
export function typeScriptTypes(prompts: readonly TypedPrompt[]): string {
  const entries = sorted(prompts).map(({ name, description, variables }) => {
    const members = variables.map(
      (variable) =>
        `${comment(variable.description ?? '', '    ')}    ${variable.name}${variable.required ? '' : '?'}: ${typeScriptType(variable)}\n`,
    )
    const body = members.length === 0 ? 'Record<string, never>' : `{\n${members.join('')}  }`
    return `${comment(description, '  ')}  ${JSON.stringify(name)}: ${body}\n`
  })
  return `// ${HEAD}\n\nexport interface Prompts {\n${entries.join('')}}\n`
}

function typeScriptType({ type, enum: choices }: Variable): string {
  if (choices !== undefined) return choices.map((choice) => JSON.stringify(choice)).join(' | ')
  switch (type) {
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'array':
      return 'unknown[]'
    case 'object':
      return 'Record<string, unknown>'
    case 'messages':
      return `string | { role: 'system' | 'user' | 'assistant'; content: string }[]`
    default:
      return 'string'
  }
}

function comment(text: string, indent: string): string {
  const line = oneLine(text).replaceAll('*/', '* /')
  return line === '' ? '' : `${indent}/** ${line} */\n`
}

/** A TypedDict of the variables of each prompt, and one table of them all. */
export function pythonTypes(prompts: readonly TypedPrompt[]): string {
  const all = sorted(prompts)
  const names = classNames(all)
  const classes = all.map((prompt) => {
    const fields = prompt.variables.map(
      (variable) => `    ${JSON.stringify(variable.name)}: ${pythonField(variable)},\n`,
    )
    // Written as a call: names such as "from" are no fields of a class.
    const said = oneLine(prompt.description)
    return `${said === '' ? '' : `# ${said}\n`}${names.get(prompt.name)} = TypedDict(${JSON.stringify(names.get(prompt.name))}, {\n${fields.join('')}})\n`
  })
  const rows = all.map(({ name }) => `    ${JSON.stringify(name)}: ${names.get(name)},\n`)
  return `# ${HEAD}\n\nfrom typing import Any, Literal, NotRequired, TypedDict\n\n${classes.join('\n')}\nPROMPTS = {\n${rows.join('')}}\n`
}

function pythonField(variable: Variable): string {
  const type = pythonType(variable)
  return variable.required ? type : `NotRequired[${type}]`
}

function pythonType({ type, enum: choices }: Variable): string {
  if (choices !== undefined) return `Literal[${choices.map((choice) => JSON.stringify(choice)).join(', ')}]`
  switch (type) {
    case 'number':
      return 'float'
    case 'integer':
      return 'int'
    case 'boolean':
      return 'bool'
    case 'array':
      return 'list[Any]'
    case 'object':
      return 'dict[str, Any]'
    case 'messages':
      return 'str | list[dict[str, str]]'
    default:
      return 'str'
  }
}

/** What the file itself says, and words of the language. */
const TAKEN_IN_PYTHON = ['Any', 'Literal', 'NotRequired', 'TypedDict', 'PROMPTS', 'None', 'True', 'False']

/** `api_design` becomes `ApiDesign`; two that would be one get a number. */
function classNames(prompts: readonly TypedPrompt[]): Map<string, string> {
  const taken = new Set(TAKEN_IN_PYTHON)
  return new Map(
    prompts.map(({ name }) => {
      const words = name.split(/[-_]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      const plain = words.join('').replace(/^(?=\d)/, 'Prompt')
      let free = plain
      for (let n = 2; taken.has(free); n++) free = `${plain}${n}`
      taken.add(free)
      return [name, free] as const
    }),
  )
}

function sorted(prompts: readonly TypedPrompt[]): TypedPrompt[] {
  return prompts.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
