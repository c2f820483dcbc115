import type { PublishedPage, PublishedPrompt } from '../prompts/list-schema.ts'
import { listPublishedPrompts } from '../prompts/operations/published/list-published-prompts.ts'
import { renderPrompt } from '../prompts/operations/render-prompt.ts'
import { readCursor, readObject } from './arguments.ts'
import { toPromptMessages } from './blocks.ts'
import type { Caller } from './caller.ts'
import { invalidParams } from './errors.ts'
import { withForm } from './form.ts'
import { keepBytes, oncePer } from './transport/kept-bytes.ts'
import type { JsonObject } from './transport/message.ts'
import { assertScopeExists, publishedPrompt, selectorOf } from './visibility.ts'

/** `prompts/list`: active prompts that have the caller's label and are published as prompts. */
export async function listMcpPrompts(caller: Caller, params: JsonObject): Promise<JsonObject> {
  const { actor, scope } = caller
  const page = await listPublishedPrompts(actor, { ...scope, cursor: readCursor(params) })
  if (page.items.length === 0) await assertScopeExists(caller)
  return pageResult(page)
}

const pageResult = oncePer(({ items, next_cursor }: PublishedPage<PublishedPrompt>) =>
  keepBytes({
    prompts: items.map(listed),
    ...(next_cursor === null ? {} : { nextCursor: next_cursor }),
  }),
)

function listed({ name, title, description, variables }: PublishedPrompt): JsonObject {
  return {
    name,
    ...(title === '' ? {} : { title }),
    ...(description === '' ? {} : { description }),
    ...(variables.length === 0
      ? {}
      : {
          arguments: variables.map((variable) => ({
            name: variable.name,
            ...(variable.description === undefined ? {} : { description: variable.description }),
            required: variable.required,
          })),
        }),
  }
}

const GET = { operation: 'get' } as const

/**
 * `prompts/get`: the rendered prompt. Values come as texts and are read as the variables' types by the
 * core. `_meta` says which version it is, and has the receipt.
 */
export async function getMcpPrompt(caller: Caller, params: JsonObject): Promise<JsonObject> {
  const { name } = params
  if (typeof name !== 'string') throw invalidParams('prompts/get needs the name of a prompt')
  const given = readObject(params.arguments ?? {})
  if (given === undefined) throw invalidParams('The arguments of a prompt are an object')
  const facts = await publishedPrompt(caller, name, GET)
  const { description } = facts
  const rendered = await withForm(
    caller,
    given,
    () => facts,
    (variables) => renderPrompt(caller.actor, { name, variables, ...selectorOf(caller) }, GET),
  )
  const { version, label, checksum, receipt } = rendered
  return {
    ...(description === '' ? {} : { description }),
    messages: toPromptMessages(rendered.messages, caller.revision),
    _meta: { version, label, checksum, receipt },
  }
}
