import type { IncludedPrompt } from '../../liquid/types.ts'
import type { PreparedVersion } from '../plan/prepare-version.ts'
import { contentText, readContent } from '../render/compiled-version.ts'
import type { Pins } from '../store/includes.ts'
import type { StoredIncluded, StoredRead } from '../store/stored-prompt.ts'
import { readVariables } from '../variables/variables.ts'

/** A version that others can include: one that is there, or one that is about to be. */
export interface Node {
  id: string
  promptId: string
  kind: 'text' | 'chat'
  /** As it is stored. */
  content: string
  prompt: IncludedPrompt
  direct: { ref: string; node: Node }[]
}

/** Nodes of versions that were read, by id, and of all they include. */
export function readNodes({
  includes,
  included,
}: Pick<StoredRead, 'includes' | 'included'>): Map<string, Node> {
  const edges = Map.groupBy(includes, (edge) => edge.version_id)
  const rows = new Map(included.map((row) => [row.id, row]))
  const nodes = new Map<string, Node>()
  // Versions include older ones alone: this ends.
  const nodeOf = (row: StoredIncluded): Node => {
    const known = nodes.get(row.id)
    if (known !== undefined) return known
    const direct = (edges.get(row.id) ?? []).flatMap(({ ref, included_version_id }) => {
      const below = rows.get(included_version_id)
      return below === undefined ? [] : [{ ref, node: nodeOf(below) }]
    })
    const { id, prompt_id: promptId, kind, content } = row
    const body = readContent(kind, content)
    const prompt: IncludedPrompt = {
      name: row.name,
      version: row.version,
      text: body.kind === 'text' ? body.template_content : '',
      ...(body.format === 'text' && { format: 'text' as const }),
      variables: readVariables(row.variables),
      includes: treeOf(direct),
    }
    const node = { id, promptId, kind, content, prompt, direct }
    nodes.set(id, node)
    return node
  }
  for (const row of included) nodeOf(row)
  return nodes
}

function treeOf(direct: Node['direct']): IncludedPrompt['includes'] {
  return new Map(direct.map(({ ref, node }) => [ref, node.prompt]))
}

/** The node of a version that is about to be written. */
export function newNode(
  owner: { id: string; promptId: string; name: string; number: number },
  { content, variables }: Pick<PreparedVersion, 'content' | 'variables'>,
  direct: Node['direct'],
): Node {
  const { id, promptId, name, number } = owner
  return {
    id,
    promptId,
    kind: content.kind,
    content: contentText(content),
    prompt: {
      name,
      version: number,
      text: content.kind === 'text' ? content.template_content : '',
      ...(content.format === 'text' && { format: 'text' as const }),
      variables: [...variables],
      includes: treeOf(direct),
    },
    direct,
  }
}

/**
 * What a version's references are pinned to, with all that is included by it, level by level.
 * @param depth levels at most; one more is kept, so that what is too deep is found to be
 */
export function pinsOf(direct: Node['direct'], problems: Pins['problems'], depth: number): Pins {
  const closure = new Map<string, Pins['closure'][number]>()
  const included = new Map<string, Node>()
  let level = direct
  for (let at = 1; level.length > 0 && at <= depth + 1; at++) {
    const below = new Map<string, Node>()
    for (const { ref, node } of level) {
      closure.set(`${at} ${ref} ${node.id}`, {
        ref,
        version_id: node.id,
        prompt_id: node.promptId,
        depth: at,
      })
      included.set(node.id, node)
      below.set(node.id, node)
    }
    level = [...below.values()].flatMap((node) => node.direct)
  }
  return { tree: treeOf(direct), closure: [...closure.values()], included: [...included.values()], problems }
}
