import type { IncludedPrompt, IncludeTree } from '#lib/liquid/types.ts'
import { type FileVersion, fileVersion } from '../files/file-version.ts'
import type { LocalFile } from '../files/folder.ts'
import { isIncipitError } from '../http/problem.ts'
import { readIncludes } from '../prompts/include-tree.ts'
import { contentOf } from '../prompts/wire.ts'
import type { Registry } from '../registry/registry.ts'

/** Circles among files end here; the server would refuse them. */
const DEPTH_MAX = 10

/**
 * What a file includes: the files beside it, else the prompts of the instance, by what the server would pin them to.
 * @param connect undefined: only files are looked at
 */
export async function includedTree(
  version: FileVersion,
  files: readonly LocalFile[],
  connect: (() => Promise<Registry>) | undefined,
): Promise<IncludeTree> {
  const locals = new Map(
    files.flatMap(({ prompt }) => (prompt === undefined ? [] : [[prompt.name, prompt] as const])),
  )
  const treeOf = async (of: FileVersion, depth: number): Promise<IncludeTree> => {
    const tree = new Map<string, IncludedPrompt>()
    if (depth > DEPTH_MAX) return tree
    for (const { ref, name, version: number } of of.analysis.includes) {
      const local = number === undefined ? locals.get(name) : undefined
      const found = local === undefined ? await remote(name, number) : await own(local, depth)
      if (found !== undefined) tree.set(ref, found)
    }
    return tree
  }
  const own = async (prompt: NonNullable<LocalFile['prompt']>, depth: number): Promise<IncludedPrompt> => {
    const made = fileVersion(prompt)
    return included(prompt.name, 0, made, await treeOf(made, depth + 1))
  }
  const remote = async (name: string, number: number | undefined): Promise<IncludedPrompt | undefined> => {
    if (connect === undefined) return undefined
    const registry = await connect()
    const wire = await includedNow(registry, name, number)
    if (wire === undefined) return undefined
    const includes = await readIncludes(wire.includes, (inner, at) => registry.version(inner, at))
    return included(
      wire.name,
      wire.version,
      { content: contentOf(wire), variables: wire.variables },
      includes,
    )
  }
  return treeOf(version, 1)
}

function included(
  name: string,
  version: number,
  { content, variables }: Pick<FileVersion, 'content' | 'variables'>,
  includes: IncludeTree,
): IncludedPrompt {
  return {
    name,
    version,
    text: content.kind === 'text' ? content.template_content : '',
    ...(content.format === 'text' && { format: 'text' as const }),
    variables,
    includes,
  }
}

/** As the server pins: production, else the newest. @returns undefined: it is not there */
export async function includedNow(registry: Registry, name: string, number?: number) {
  const choices =
    number === undefined ? [{ label: 'production' }, { label: 'latest' }] : [{ version: number }]
  for (const choice of choices)
    try {
      return await registry.prompt(name, choice)
    } catch (error) {
      if (!isIncipitError(error) || error.code !== 'not_found') throw error
    }
  return undefined
}
