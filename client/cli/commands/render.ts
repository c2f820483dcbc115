import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { IncludedPrompt, IncludeTree } from '#lib/liquid/types.ts'
import { compilePrompt, renderPrompt } from '#lib/prompts/template.ts'
import { fileVersion } from '../../files/file-version.ts'
import { readLocal } from '../../files/folder.ts'
import { asIncipitError, incipitError } from '../../http/problem.ts'
import { promptPath } from '../../prompts/wire.ts'
import type { Rendered } from '../../public.ts'
import type { Registry } from '../../registry/registry.ts'
import { includedTree } from '../../sync/included.ts'
import { type Command, EXIT, type Given, type Result, usage, versionIn } from '../command.ts'
import { connect } from '../connection.ts'
import { workplace } from '../workplace.ts'

export const renderCommand: Command = {
  name: 'render',
  words: 'NAME',
  summary: 'render a prompt with values',
  details: `Renders what a label names on the instance; with --file a file of yours, here, by the same rules. Values are
texts; numbers, lists and objects are written as JSON.

  incipit render zero_shot --var task_description="Sort mails" --var-file context=notes.txt`,
  options: {
    var: { type: 'string', multiple: true, value: 'NAME=TEXT', help: 'Value of a variable' },
    'var-file': {
      type: 'string',
      multiple: true,
      value: 'NAME=FILE',
      help: 'Value of a variable, from a file',
    },
    values: { type: 'string', value: 'FILE', help: 'Values as a JSON object; "-" reads the input' },
    label: { type: 'string', value: 'LABEL', help: 'Which version. Default: production' },
    version: { type: 'string', value: 'NUMBER', help: 'Which version, by its number' },
    file: { type: 'string', value: 'FILE', help: 'Render this file in place of a prompt of the instance' },
    dir: {
      type: 'string',
      short: 'd',
      value: 'FOLDER',
      help: 'Where a file’s includes are. Default: prompts',
    },
  },
  run,
}

type Answer = Omit<Rendered, 'source' | 'config'>

async function run(given: Given): Promise<Result> {
  const values = await readValues(given)
  const file = given.text('file')
  const rendered =
    file === undefined ? await renderThere(given, values) : await renderFile(given, file, values)
  return { code: EXIT.well, lines: [rendered.content], data: rendered }
}

async function renderThere(given: Given, variables: Record<string, unknown>): Promise<Answer> {
  const [name, ...more] = given.words
  if (name === undefined || more.length > 0)
    throw usage('Name one prompt: incipit render NAME --var name=text')
  const registry = await connect(given)
  const [label, version] = [given.text('label'), given.text('version')]
  const { body } = await registry.transport.call<Answer>(promptPath(name, '/render'), {
    method: 'POST',
    body: {
      variables,
      ...(label !== undefined && { label }),
      ...(version !== undefined && { version: versionIn(version) }),
    },
    isRepeatable: true,
  })
  return body
}

async function renderFile(given: Given, file: string, values: Record<string, unknown>) {
  const { prompt, problem } = readLocal(
    path.basename(file),
    (await readFile(file, 'utf8')).replaceAll('\r\n', '\n'),
  )
  if (prompt === undefined)
    throw incipitError('invalid_input', `${file}, line ${problem?.line}: ${problem?.message}`)
  const place = await workplace(given)
  let registry: Promise<Registry> | undefined
  const tree = async (version: ReturnType<typeof fileVersion>): Promise<IncludeTree> =>
    includedTree(version, await place.folder.read(place.lock), async () => {
      registry ??= connect(given, place.lock)
      return registry
    })
  try {
    const version = fileVersion(prompt)
    const includes: ReadonlyMap<string, IncludedPrompt> =
      version.analysis.includes.length === 0 ? new Map() : await tree(version)
    const { content, messages, warnings } = renderPrompt(compilePrompt({ ...version, includes }), values)
    return { name: prompt.name, content, messages, warnings }
  } catch (error) {
    throw asIncipitError(error)
  }
}

async function readValues(given: Given): Promise<Record<string, unknown>> {
  const file = given.text('values')
  const values = file === undefined ? {} : readObject(await textOf(file), file)
  const said = given.list('var').map(pairIn)
  const files = await Promise.all(
    given.list('var-file').map(async (text) => {
      const [name, place] = pairIn(text)
      return [name, await readFile(place, 'utf8')] as const
    }),
  )
  return { ...values, ...Object.fromEntries([...said, ...files]) }
}

function pairIn(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw usage(`"${text}" is no value of a variable: it looks like name=text.`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function readObject(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw usage(`${file} holds no JSON object of values.`)
}

async function textOf(file: string): Promise<string> {
  if (file !== '-') return readFile(file, 'utf8')
  let text = ''
  for await (const piece of process.stdin) text += String(piece)
  return text
}
