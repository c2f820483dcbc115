import { createHash } from 'node:crypto'
import type { IncludedPrompt, IncludeTree } from '../../liquid/types.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { Message, PromptContent, PromptMessage } from '../content/content.ts'
import { skillName } from '../rules.ts'
import type { PromptSource } from '../template/types.ts'
import { argumentDescription } from '../variables/allowed-values.ts'
import { frontMatterText, type SkillFrontMatter } from './front-matter.ts'
import { type ReaderText, readerText } from './reader-text.ts'

/** A file of a skill. */
export interface SkillFile {
  /** Within the skill's folder: `SKILL.md`, `references/tone.md`. */
  readonly path: string
  readonly text: string
  /** Bytes of the text in UTF-8. */
  readonly size: number
  /** SHA-256 of these bytes, in lower-case hex. */
  readonly sha256: string
}

/** A version as a skill. */
export interface SkillFiles {
  readonly frontMatter: SkillFrontMatter
  /** SKILL.md first, then the references in order of their paths. */
  readonly files: readonly SkillFile[]
}

/** What a skill is made of. */
export interface SkillSource extends PromptSource {
  /** The prompt's current name. */
  name: string
  title: string
  description: string
}

/**
 * Writes a version as a skill: its text as instructions, its variables as a list of inputs, and every text that it
 * includes as a file of its own. The same version of a prompt of the same name has the same bytes, whoever makes
 * them and when; a version whose texts, variables, title and description are those of another has them as well, so
 * that nobody has to approve it again.
 */
export function buildSkill(source: SkillSource): SkillFiles {
  const { name, title, description, content, variables, includes } = source
  const frontMatter = {
    name: skillName(name),
    description,
    ...(title === '' ? {} : { metadata: { title } }),
  }
  const paths = new ReferencePaths(includes)
  const body = withInputs(variables, contentText(content, paths.linksOf(includes)), INPUTS)
  const manifest = file('SKILL.md', `${frontMatterText(frontMatter)}\n${body}`)
  const references = paths.files.map(({ path, prompt }) =>
    file(path, referenceText(prompt, paths.linksOf(prompt.includes))),
  )
  const inOrder = references.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  return { frontMatter, files: [manifest, ...inOrder] }
}

function file(path: string, body: string): SkillFile {
  const text = body.endsWith('\n') ? body : `${body}\n`
  const bytes = Buffer.from(text, 'utf8')
  return { path, text, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

type Links = (ref: string) => string | undefined

/** A text that is included, under the name that references to it have. */
interface Reference {
  readonly name: string
  readonly prompt: IncludedPrompt
}

/**
 * Where each included text lies. A name of which one version alone is included is that of its file, else its number
 * is in it. It is the name that the reference has, which does not change when the other prompt is renamed.
 */
class ReferencePaths {
  readonly files: readonly (Reference & { path: string })[]

  constructor(includes: IncludeTree) {
    const found = [...referencesIn(includes, [])]
    const versions = Map.groupBy(found, ({ name }) => name)
    this.files = found.map((reference) => {
      const { name, prompt } = reference
      const others = versions.get(name) ?? []
      const same = others.filter((other) => other.prompt.version === prompt.version).indexOf(reference)
      const number = others.length === 1 ? '' : `.v${prompt.version}${same === 0 ? '' : `.${same + 1}`}`
      return { ...reference, path: `references/${name}${number}.md` }
    })
  }

  /** The files of the references in one text, which may be pinned to other versions in another. */
  linksOf(tree: IncludeTree): Links {
    return (ref) => {
      const prompt = tree.get(ref)
      return this.files.find((file) => file.prompt === prompt && file.name === nameIn(ref))?.path
    }
  }
}

/** Every text that is included, directly or not, each once. */
function referencesIn(tree: IncludeTree, found: Reference[]): Reference[] {
  for (const [ref, prompt] of tree) {
    const name = nameIn(ref)
    if (found.some((each) => each.prompt === prompt && each.name === name)) continue
    found.push({ name, prompt })
    referencesIn(prompt.includes, found)
  }
  return found
}

/** The name in `other` or `other@3`. */
function nameIn(ref: string): string {
  return ref.split('@')[0] ?? ref
}

function referenceText({ text, format, variables }: IncludedPrompt, links: Links): string {
  return withInputs(variables, format === 'text' ? literal(text) : readerText(text, links), PASSED)
}

function literal(text: string): ReaderText {
  return { text, hasOutputs: false, hasTags: false }
}

/** All texts of a version as one: a chat's under the headings of its roles. */
function contentText(content: PromptContent, links: Links): ReaderText {
  const read = (text: string) => (content.format === 'text' ? literal(text) : readerText(text, links))
  if (content.kind === 'text') return read(content.template_content)
  const { messages } = content
  const parts = messages.map((message) => messageText(message, read))
  const [only] = parts
  if (only !== undefined && parts.length === 1 && isOf(messages[0], 'user')) return only
  const texts = parts.map(({ text }, index) => `## ${headingOf(messages[index])}\n\n${text.trimEnd()}\n`)
  return {
    text: texts.join('\n'),
    hasOutputs: parts.some((part) => part.hasOutputs),
    hasTags: parts.some((part) => part.hasTags),
  }
}

function isOf(message: PromptMessage | undefined, role: Message['role']): boolean {
  return message !== undefined && 'role' in message && message.role === role
}

const HEADINGS: Record<Message['role'], string> = {
  system: 'System',
  user: 'User',
  assistant: 'Assistant',
}

function headingOf(message: PromptMessage | undefined): string {
  return message !== undefined && 'role' in message ? HEADINGS[message.role] : 'Conversation'
}

function messageText(message: PromptMessage, read: (text: string) => ReaderText): ReaderText {
  if ('type' in message) return literal('The conversation so far belongs here.')
  const { content } = message
  if (typeof content === 'string') return read(content)
  const parts = content.flatMap((part): ReaderText[] => {
    if (part.type === 'text') return [read(part.text)]
    if (part.type === 'resource_link') return [read(`[${part.name}](${part.uri})`)]
    if (part.type === 'resource' && part.resource.text !== undefined) return [read(part.resource.text)]
    // Refused when the version is saved.
    return []
  })
  return {
    text: parts.map(({ text }) => text).join('\n\n'),
    hasOutputs: parts.some((part) => part.hasOutputs),
    hasTags: parts.some((part) => part.hasTags),
  }
}

const INPUTS = [
  'Take these from the conversation before you begin. Ask for a required one that is missing, and leave out what',
  'depends on an optional one that you were not given.',
].join(' ')
const PASSED = 'Where this file is referred to, it says what they are; the rest is as told here.'

/** The instructions behind the list of what they need, when they need something. */
function withInputs(variables: readonly Variable[], body: ReaderText, explained: string): string {
  const inputs = variables.filter(({ type }) => type !== 'messages')
  const how = howToRead(inputs, body)
  if (inputs.length === 0) return how === '' ? body.text : `${how}\n\n${body.text}`
  return ['## Inputs', explained, inputs.map(inputLine).join('\n'), how, '## Instructions', body.text]
    .filter((part) => part !== '')
    .join('\n\n')
}

function inputLine(variable: Variable): string {
  const { name, type, required } = variable
  const about = argumentDescription(variable)
  const need = required ? 'required' : 'optional'
  const told = about === undefined ? '' : `: ${about.replaceAll(/\s*\n\s*/g, ' ')}`
  return `- \`${name}\` (${type}, ${need})${told}`
}

/** How marks of the language are to be read; '' where the text has none. */
function howToRead([input]: readonly Variable[], { hasOutputs, hasTags }: ReaderText): string {
  const outputs = `\`{{ ${input?.name ?? 'name'} }}\` stands for the value of that name`
  const tags = '`{% … %}` marks, in Liquid, what holds only under a condition or once for each item'
  const told = [...(hasOutputs ? [outputs] : []), ...(hasTags ? [tags] : [])]
  return told.length === 0 ? '' : `Below, ${told.join('; ')}.`
}
