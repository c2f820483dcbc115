import type { IncludedPrompt, IncludeTree } from '#lib/liquid/types.ts'
import { contentOf, type WireInclude, type WireVersion } from './wire.ts'

/** Includes are this deep at most (limits.include_depth); deeper ones are not followed. */
const DEPTH_MAX = 10

export type ReadVersion = (name: string, version: number) => Promise<WireVersion>

/**
 * What a version includes, each by the version that was pinned, and what those include.
 * @param read gives one version; it is asked once for each
 */
export async function readIncludes(
  includes: readonly WireInclude[],
  read: ReadVersion,
): Promise<IncludeTree> {
  const known = new Map<string, Promise<IncludedPrompt>>()
  const treeOf = async (list: readonly WireInclude[], depth: number): Promise<IncludeTree> => {
    if (depth > DEPTH_MAX) return new Map()
    return new Map(
      await Promise.all(
        list.map(async ({ ref, name, version }) => [ref, await promptOf(name, version, depth)] as const),
      ),
    )
  }
  const promptOf = (name: string, version: number, depth: number): Promise<IncludedPrompt> => {
    const label = `${name}@${version}`
    const found = known.get(label) ?? made(name, version, depth)
    known.set(label, found)
    return found
  }
  const made = async (name: string, version: number, depth: number): Promise<IncludedPrompt> => {
    const wire = await read(name, version)
    const content = contentOf(wire)
    return {
      name: wire.name,
      version,
      text: content.kind === 'text' ? content.template_content : '',
      ...(content.format === 'text' && { format: 'text' as const }),
      variables: wire.variables,
      includes: await treeOf(wire.includes, depth + 1),
    }
  }
  return treeOf(includes, 1)
}
