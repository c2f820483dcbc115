import { labelFault } from '../../prompts/rules.ts'
import type { ReadItem, SourceFormat } from '../source.ts'
import { isChat, readChat } from './reading/chat.ts'
import type { SourceContent } from './reading/content.ts'
import { type Data, readJson } from './reading/document.ts'
import { eachText, type TextFile } from './reading/each-file.ts'
import { peek } from './reading/file-text.ts'
import { Composition } from './reading/langfuse-references.ts'
import { nameFromPath } from './reading/paths.ts'
import { promptItem, refused, type VersionDraft } from './reading/prompt-item.ts'
import { said } from './reading/said.ts'
import { asJson, type Fields, fieldsOf, isFields, wordOf, wordsOf } from './reading/values.ts'

/** Prompts as Langfuse's API answers them: one, a list, or what an import by address brought. */
export const langfuse: SourceFormat = {
  id: 'langfuse',
  title: 'Langfuse',
  claim: (files) =>
    files.filter((file) => {
      if (!/\.json$/i.test(file.path)) return false
      const text = peek(file)
      if (
        !/"(?:labels|commitMessage|lastUpdatedAt|projectId)"/.test(text) ||
        !/"(?:prompt|versions)"/.test(text)
      )
        return false
      const data = readJson(text)
      return 'fault' in data ? /"commitMessage"|"projectId"/.test(text) : entriesOf(data).length > 0
    }),
  read(files) {
    const bodies = files.flatMap((file): [string, unknown][] => {
      const data = readJson(peek(file))
      return 'fault' in data
        ? []
        : [...byName(data)].map(([name, entries]) => [name, newest(entries).fields.prompt])
    })
    const composition = new Composition(bodies)
    return eachText(files, (file) => readFile(file, composition))
  },
}

interface Entry {
  fields: Fields
  path: (string | number)[]
}

/** The prompts in a file, wherever its list begins. */
function entriesOf({ value }: Data): Entry[] {
  const top = fieldsOf(value)
  const key = ['data', 'prompts'].find((each) => Array.isArray(top[each]))
  const list = Array.isArray(value) ? value : key === undefined ? [value] : (top[key] as unknown[])
  return list.flatMap((entry, index): Entry[] => {
    if (!isFields(entry) || !isPrompt(entry)) return []
    return [{ fields: entry, path: Array.isArray(value) ? [index] : key === undefined ? [] : [key, index] }]
  })
}

function isPrompt({ name, version, prompt, labels, versions, type, config }: Fields): boolean {
  if (typeof name !== 'string') return false
  if (prompt === undefined) return Array.isArray(versions) && Array.isArray(labels)
  const isBody = typeof prompt === 'string' || Array.isArray(prompt)
  return (
    isBody &&
    (typeof version === 'number' || type === 'text' || type === 'chat') &&
    (Array.isArray(labels) || isFields(config) || typeof version === 'number')
  )
}

function readFile({ path, text }: TextFile, composition: Composition): ReadItem[] {
  const data = readJson(text)
  if ('fault' in data) return [refused({ path }, nameFromPath(path), [data.fault])]
  return [...byName(data)].map(([name, entries]) => readVersions(name, entries, { path, data, composition }))
}

function byName(data: Data): Map<string, Entry[]> {
  return Map.groupBy(entriesOf(data), ({ fields }) => String(fields.name))
}

function newest(entries: readonly Entry[]): Entry {
  const [first, ...others] = entries as [Entry, ...Entry[]]
  return others.reduce(
    (best, each) => (Number(each.fields.version) > Number(best.fields.version) ? each : best),
    first,
  )
}

interface Source {
  path: string
  data: Data
  composition: Composition
}

function readVersions(
  name: string,
  entries: readonly Entry[],
  { path, data, composition }: Source,
): ReadItem {
  const last = newest(entries)
  const line = data.line(last.path)
  const origin = { path, entry: name, ...(line === undefined ? {} : { line }) }
  const bodies = entries
    .filter(({ fields }) => fields.prompt !== undefined)
    .toSorted((a, b) => Number(a.fields.version ?? 0) - Number(b.fields.version ?? 0))
  if (bodies.length === 0)
    return refused(origin, name, [
      {
        ...(line === undefined ? {} : { line }),
        message: 'This list of Langfuse has no texts: bring the prompts themselves, or import by address',
      },
    ])
  const folder = name.includes('/') ? name.split('/')[0] : undefined
  return promptItem({
    origin,
    name,
    category: folder,
    tags: wordsOf(last.fields.tags),
    versions: bodies.map((entry) => versionOf(entry, data, composition)),
  })
}

function versionOf({ fields, path }: Entry, data: Data, composition: Composition): VersionDraft {
  const { prompt, config, labels, commitMessage } = fields
  const after = composition.render
  const read = contentOf(prompt, data, [...path, 'prompt'])
  const content: SourceContent =
    'text' in read.content
      ? { text: { ...read.content.text, after } }
      : {
          messages: read.content.messages.map((message) =>
            'content' in message && 'text' in message.content
              ? { ...message, content: { ...message.content, after } }
              : message,
          ),
        }
  const known = isFields(config)
    ? fieldsOf(asJson(config))
    : config === undefined || config === null
      ? {}
      : { langfuse: asJson(config) }
  const usable = wordsOf(labels).filter((label) => labelFault(label) === undefined)
  const lost = wordsOf(labels).filter((label) => label !== 'latest' && labelFault(label) !== undefined)
  return {
    content,
    config: asJson(known) as VersionDraft['config'] & object,
    labels: usable,
    notes: [
      ...read.notes,
      ...lost.map((label) => ({ message: `The label "${label}" is not allowed here and is left out` })),
    ],
    ...said('message', wordOf(commitMessage)),
  }
}

function contentOf(
  prompt: unknown,
  data: Data,
  path: (string | number)[],
): { content: SourceContent; notes: VersionDraft['notes'] & object } {
  if (isChat(prompt)) {
    const { messages, notes } = readChat(prompt as unknown[], { data, path, language: 'double-braces' })
    return { content: { messages }, notes }
  }
  const text = typeof prompt === 'string' ? prompt : JSON.stringify(prompt, null, 2)
  return { content: { text: { text, language: 'double-braces', line: data.lines(path) } }, notes: [] }
}
