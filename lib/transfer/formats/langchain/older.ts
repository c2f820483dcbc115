import { type Fields, fieldsOf, isFields, listOf, wordOf } from '../reading/values.ts'
import { type At, languageOf, type Manifest, none, partials, readManifest, readText } from './manifest.ts'

/**
 * Reads a prompt as LangChain saved them in its first years: `_type: prompt`, `few_shot` or `chat`.
 * @param fileAt the text of a file that it names, where that came along
 */
export function readOlder(value: Fields, at: At, fileAt: (named: string) => string | undefined): Manifest {
  const kind = wordOf(value._type) ?? 'prompt'
  if (kind === 'few_shot') return readFewShot(value, at, fileAt)
  if (kind === 'chat')
    return readManifest({ lc: 1, id: ['ChatPromptTemplate'], kwargs: value }, { ...at, path: at.path })
  if (kind !== 'prompt') return none(`A prompt of the type ${kind} cannot be read`, at)
  const named = wordOf(value.template_path)
  if (named === undefined) return readText(value, at)
  const text = fileAt(named)
  if (text === undefined) return none(`Its template is in ${named}, which is not among the files`, at)
  return readText({ ...value, template: text }, at)
}

/** Examples that stand in the file are written into the text; so it is what the model gets. */
function readFewShot(value: Fields, at: At, fileAt: (named: string) => string | undefined): Manifest {
  if (languageOf(value.template_format) !== 'f-string')
    return none('Examples are written into f-strings alone; write them into the text', at)
  const { examples } = value
  if (typeof examples === 'string')
    return none(`Its examples are in ${examples}; write them into the file`, at)
  const shape = isFields(value.example_prompt) ? value.example_prompt : undefined
  const named = wordOf(shape?.template_path)
  const template = named === undefined ? shape?.template : fileAt(named)
  if (!Array.isArray(examples) || typeof template !== 'string')
    return none('It has no examples in the file, or no template for them', at)
  const written = listOf(examples).map((example) => asLiteral(fillIn(template, fieldsOf(example))))
  const separator = typeof value.example_separator === 'string' ? value.example_separator : '\n\n'
  const pieces = [value.prefix, ...written, value.suffix].filter(
    (piece) => typeof piece === 'string' && piece !== '',
  )
  const line = at.data.line([...at.path, 'suffix'])
  return {
    content: { text: { text: pieces.join(separator), language: 'f-string', line: () => line } },
    declared: partials(value),
    config: {},
    notes: [{ message: `Its ${written.length} examples are written into the text` }],
  }
}

/** A text of Python's format with values in its places; what has no value stays. */
function fillIn(template: string, values: Fields): string {
  return template.replaceAll(/\{\{|\}\}|\{(\w+)\}/g, (found, name: string | undefined) => {
    if (found === '{{') return '{'
    if (found === '}}') return '}'
    const value = name === undefined ? undefined : values[name]
    return value === '' ? '' : (wordOf(value) ?? found)
  })
}

/** A literal text within Python's format. */
function asLiteral(text: string): string {
  return text.replaceAll(/[{}]/g, '$&$&')
}
