import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { contentFrom } from '../../prompts/content/content.ts'
import { CreateVersionInput } from '../../prompts/schema.ts'
import { checkWithFixes } from '../../prompts/template.ts'
import { declareVariables } from '../../prompts/variables/variables.ts'
import type { RefusedItem, SourceFile, SourceItem, SourceVersion } from '../source.ts'
import { type FoundItem, readSources } from './index.ts'

const FIXTURES = path.join(import.meta.dirname, 'fixtures')

/** Files of a folder of fixtures, by their paths within it. */
export function fixtures(folder: string): SourceFile[] {
  const root = path.join(FIXTURES, folder)
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: path.relative(root, file).replaceAll(path.sep, '/'), bytes: readFileSync(file) }))
}

/** One file made of a text. */
export function file(name: string, text: string): SourceFile {
  return { path: name, bytes: new TextEncoder().encode(text) }
}

/** What is read of files, by its names. */
export function readAll(files: readonly SourceFile[], options: Parameters<typeof readSources>[1] = {}) {
  const { items, unread } = readSources(files, options)
  for (const item of items)
    if (item.kind === 'prompt') for (const version of item.versions) expectUsable(item.name, version)
  const named = (name: string): FoundItem => {
    const found = items.find((item) => item.name === name)
    if (found === undefined)
      throw new Error(`${name} is not among ${items.map((item) => item.name).join(', ')}`)
    return found
  }
  return {
    items,
    unread: unread.map((each) => each.path),
    prompt: (name: string): SourceItem & { version: SourceVersion } => {
      const item = named(name)
      if (item.kind !== 'prompt') throw new Error(`${name} is refused: ${JSON.stringify(item.notes)}`)
      return { ...item, version: item.versions.at(-1) ?? {} }
    },
    refused: (name: string): RefusedItem => {
      const item = named(name)
      if (item.kind !== 'refused') throw new Error(`${name} is no refused item`)
      return item
    },
  }
}

/** What is read can be saved as it is. */
function expectUsable(name: string, said: SourceVersion): void {
  const version = without(said, 'labels')
  const { error } = CreateVersionInput.safeParse(version)
  const { problems } = checkWithFixes({
    content: contentFrom(said),
    variables: declareVariables(said.variables ?? []),
  })
  const isInferred = said.variables === undefined
  const found = problems.filter(({ code }) => !isInferred || code !== 'undeclared_variable')
  expect({ name, issues: error?.issues ?? [], problems: found }).toEqual({ name, issues: [], problems: [] })
}

function without(version: SourceVersion, field: keyof SourceVersion): SourceVersion {
  const { [field]: _left, ...rest } = version
  return rest
}
