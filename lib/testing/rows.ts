import { createHash } from 'node:crypto'
import type { Actor } from '../access/actor.ts'
import { change } from '../db/change.ts'
import { newId } from '../id.ts'
import type { CreatePromptInput } from '../prompts/schema.ts'

/** What a test says about the prompt it needs; the rest is made up. */
export type PromptInput = Partial<CreatePromptInput> & { labels?: string[] }

export interface PromptRow {
  id: string
  name: string
  version: number
  etag: string
}

let counter = 0

/** A name that no other call in this process got. */
export function uniqueName(prefix = 'prompt'): string {
  counter += 1
  return `${prefix}_${counter}`
}

/** A prompt with one version, written as rows: for tests of what lies below the operations. */
export function makePromptRow(actor: Actor, input: PromptInput = {}): Promise<PromptRow> {
  const id = newId()
  const name = input.name ?? uniqueName()
  const where = { workspace_id: actor.workspaceId }
  const by = { created_by: actor.id }
  const text = input.template_content ?? 'Hello {{ who }}.'
  const content = JSON.stringify(
    input.messages === undefined ? { template_content: text } : { messages: input.messages },
  )
  return change(actor, async ({ tx, record }) => {
    const category =
      typeof input.category === 'string'
        ? await tx.category.findFirstOrThrow({ where: { ...where, slug: input.category } })
        : null
    await tx.promptTemplate.create({
      data: {
        id,
        ...where,
        name,
        category_id: category?.id ?? null,
        tags: input.tags ?? [],
        next_version: 2,
        ...by,
        updated_by: actor.id,
      },
    })
    await tx.promptName.createMany({
      data: [name, ...(input.aliases ?? [])].map((each, index) => ({
        ...where,
        name: each,
        prompt_id: id,
        is_alias: index > 0,
      })),
    })
    await tx.promptVersion.create({
      data: {
        id: newId(),
        ...where,
        prompt_id: id,
        number: 1,
        kind: input.messages === undefined ? 'text' : 'chat',
        content,
        variables: [{ name: 'who', type: 'string', required: true }],
        title: input.title ?? '',
        description: input.description ?? '',
        publish_prompt: input.publish?.prompt ?? true,
        publish_tool: input.publish?.tool ?? false,
        publish_skill: input.publish?.skill ?? false,
        checksum: createHash('sha256').update(content).digest('hex'),
        checksum_v: 1,
        renderer_version: 'test',
        ...by,
      },
    })
    await tx.promptLabel.createMany({
      data: (input.labels ?? ['production']).map((label) => ({
        ...where,
        prompt_id: id,
        label,
        version_number: 1,
        updated_by: actor.id,
      })),
    })
    await tx.promptSearch.create({
      data: {
        ...where,
        prompt_id: id,
        name,
        title: input.title ?? '',
        description: input.description ?? '',
        body: text,
      },
    })
    record({
      action: 'prompt.create',
      target: { kind: 'prompt', id, name },
      lists: (['prompts', 'tools', 'resources'] as const).map((list) => ({
        list,
        label: null,
        category: category?.slug ?? null,
      })),
    })
    return { id, name, version: 1, etag: `"${id.slice(-8)}-1"` }
  })
}
