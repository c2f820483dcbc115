import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { newId } from '../../id.ts'
import { operation } from '../../telemetry/operation.ts'
import { PRODUCTION } from '../name.ts'
import { listChanges } from '../plan/listing.ts'
import { assertTagsAndAliases, uniqueSorted } from '../plan/patch-plan.ts'
import { prepareVersion } from '../plan/prepare-version.ts'
import { assertMay, assertMayWriteIn } from '../policy.ts'
import type { CreatePromptInput, Prompt } from '../schema.ts'
import { findCategory } from '../store/category.ts'
import { readListing } from '../store/listed-state.ts'
import { assertNamesFree, takingNames, type WantedName } from '../store/names.ts'
import { firstLabels } from '../store/release-guard.ts'
import { transactionQuery } from '../store/stored-prompt.ts'
import { readAnswer, versionFacts, writeVersion } from '../store/write-version.ts'

/**
 * Makes a prompt with its first version, which gets the labels that were named; left out, `production` when
 * the actor may release; else `notes` says how it gets there.
 * @throws invalid_input, unprocessable (template, variables, includes, category), conflict for a name or
 *   alias that is taken, too_large, forbidden, unavailable
 */
export const createPrompt = operation('createPrompt', run)

async function run(actor: Actor, input: CreatePromptInput): Promise<Prompt> {
  assertMay(actor, 'write')
  const aliases = uniqueSorted(input.aliases ?? []).filter((alias) => alias !== input.name)
  assertTagsAndAliases({ tags: input.tags, aliases })
  const names: WantedName[] = [
    { name: input.name, path: ['name'] },
    ...aliases.map((name) => ({ name, path: ['aliases', (input.aliases ?? []).indexOf(name)] })),
  ]
  return takingNames(actor, names, () =>
    change(actor, async ({ tx, record }) => {
      await assertNamesFree(tx, actor, names)
      const category = await findCategory(tx, actor, input.category ?? null)
      const guarded = { name: input.name, category_id: category?.id ?? null }
      assertMayWriteIn(actor, guarded.category_id)
      const { labels, notes } = await firstLabels(tx, actor, guarded, input.labels)
      const version = await prepareVersion(transactionQuery(tx), actor, input.name, input, undefined)
      const prompt = { id: newId(), name: input.name }
      const tags = uniqueSorted(input.tags ?? [])
      await writePrompt(tx, actor, { ...prompt, categoryId: category?.id ?? null, tags, aliases })
      await writeVersion(tx, actor, { prompt, number: 1, version, labels })
      const listing = await readListing(tx, actor.workspaceId, prompt.id)
      record({
        action: 'prompt.create',
        target: { kind: 'prompt', ...prompt },
        after: { category: category?.slug ?? null, tags, aliases, labels, ...versionFacts(1, version) },
        lists: listing === undefined ? [] : listChanges(undefined, listing),
      })
      const selectors = { first: { label: PRODUCTION }, else: { label: 'latest' } }
      const answer = await readAnswer(tx, actor, prompt.name, selectors, version.warnings)
      return notes.length === 0 ? answer : { ...answer, notes }
    }),
  )
}

interface NewPrompt {
  id: string
  name: string
  categoryId: string | null
  tags: string[]
  aliases: string[]
}

async function writePrompt(tx: Tx, actor: Actor, prompt: NewPrompt): Promise<void> {
  const { id, name, categoryId, tags, aliases } = prompt
  const workspace = { workspace_id: actor.workspaceId }
  await tx.promptTemplate.create({
    data: {
      id,
      ...workspace,
      name,
      category_id: categoryId,
      tags,
      next_version: 2,
      created_by: actor.id,
      updated_by: actor.id,
    },
    select: { id: true },
  })
  await tx.promptName.createMany({
    data: [
      { ...workspace, name, prompt_id: id, is_alias: false },
      ...aliases.map((alias) => ({ ...workspace, name: alias, prompt_id: id, is_alias: true })),
    ],
  })
}
