import { unifiedDiff } from '../../files/merge-texts.ts'
import { isIncipitError } from '../../http/problem.ts'
import { inTurns } from '../../registry/in-turns.ts'
import type { Registry } from '../../registry/registry.ts'
import { remoteText, shelfOf, versionText } from '../../sync/state.ts'
import { type Command, EXIT, FOLDER, type Given, type Result, usage } from '../command.ts'
import { assertSameInstance, connect } from '../connection.ts'
import { shown, workplace } from '../workplace.ts'

export const diffCommand: Command = {
  name: 'diff',
  words: '[NAME…]',
  summary: 'compare files with the instance, or two versions',
  details: `Without --from and --to: what a push would change, the instance's side with "-", yours with "+". With them: two
versions of one prompt, by number or label. Ends with 1 where something differs, as diff does.`,
  options: {
    ...FOLDER,
    label: { type: 'string', value: 'LABEL', help: 'Compare files with this label. Default: latest' },
    from: { type: 'string', value: 'VERSION', help: 'Older version, by number or label' },
    to: { type: 'string', value: 'VERSION', help: 'Newer version. Default: latest' },
  },
  run,
}

const AT_ONCE = 8

interface Difference {
  name: string
  diff: string[]
}

async function run(given: Given): Promise<Result> {
  const from = given.text('from')
  const differences =
    from === undefined ? await localDifferences(given) : await versionDifferences(given, from)
  const different = differences.filter(({ diff }) => diff.length > 0)
  return {
    code: different.length > 0 ? EXIT.no : EXIT.well,
    lines: different.flatMap(({ diff }) => diff),
    data: { items: different },
  }
}

async function versionDifferences(given: Given, from: string): Promise<Difference[]> {
  const [name, ...more] = given.words
  if (name === undefined || more.length > 0)
    throw usage('Name one prompt: incipit diff NAME --from 3 --to production')
  const to = given.text('to') ?? 'latest'
  const registry = await connect(given)
  const [before, after] = await Promise.all([textOf(registry, name, from), textOf(registry, name, to)])
  return [{ name, diff: unifiedDiff(before, after, { before: `${name}@${from}`, after: `${name}@${to}` }) }]
}

/** Category, tags and aliases are no part of a version. */
async function textOf(registry: Registry, name: string, side: string): Promise<string> {
  const choice = /^\d+$/.test(side) ? { version: Number(side) } : { label: side }
  return versionText(await registry.prompt(name, choice), shelfOf({}))
}

async function localDifferences(given: Given): Promise<Difference[]> {
  const place = await workplace(given)
  const registry = await connect(given, place.lock)
  if (place.lock !== undefined) assertSameInstance(place.lock, registry)
  const label = given.text('label') ?? 'latest'
  const files = await place.folder.read(place.lock)
  for (const name of given.words)
    if (!files.some(({ prompt }) => prompt?.name === name))
      throw usage(`There is no file of a prompt "${name}" in ${place.name} that can be read.`)
  const wanted = files.flatMap(({ file, text, prompt }) =>
    prompt !== undefined && (given.words.length === 0 || given.words.includes(prompt.name))
      ? [{ file, text, name: prompt.name }]
      : [],
  )
  return inTurns(wanted, AT_ONCE, async ({ file, text, name }) => {
    const theirs = await remote(registry, name, label)
    const names = { before: `${name} (${label})`, after: shown(place, file) }
    return { name, diff: unifiedDiff(theirs, text, names) }
  })
}

async function remote(registry: Registry, name: string, label: string): Promise<string> {
  try {
    return remoteText(await registry.prompt(name, { label }))
  } catch (error) {
    if (isIncipitError(error) && error.code === 'not_found') return ''
    throw error
  }
}
