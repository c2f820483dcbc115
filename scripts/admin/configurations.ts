import { text as readText } from 'node:stream/consumers'
import type { Actor } from '#lib/access/actor.ts'
import { listConfigurations } from '#lib/ai/operations/list-configurations.ts'
import { patchConfiguration } from '#lib/ai/operations/patch-configuration.ts'
import { type AIConfiguration, PatchConfigurationInput } from '#lib/ai/schema.ts'
import { type Answer, type Commands, UsageError } from './command.ts'
import { columns } from './print.ts'

export const configurationCommands = {
  'configurations list': {
    as: 'operator',
    does: 'lists the AI configurations, and where their keys come from',
    example: 'npm run admin -- configurations list',
    run: list,
  },
  'configurations set-key': {
    as: 'operator',
    args: ['NAME'],
    does: 'sets the key of an AI configuration anew, from stdin',
    more: 'The key is sealed and never shown again. It is read from stdin, so that it is neither in the history of the shell nor in the list of processes.',
    example: 'read -rs KEY; printf %s "$KEY" | npm run admin -- configurations set-key writer',
    run: (actor, { values: [name = ''] }) => setKey(actor, name),
  },
} satisfies Commands

async function list(actor: Actor): Promise<Answer> {
  const items: AIConfiguration[] = []
  let cursor: string | undefined
  do {
    const page = await listConfigurations(actor, { limit: 200, ...(cursor && { cursor }) })
    items.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  const rows = items.map(({ name, provider, model, key, active }) => [
    name,
    provider,
    model,
    `key: ${key}`,
    active ? 'on' : 'off',
  ])
  return { text: rows.length === 0 ? 'There are no AI configurations.' : columns(rows), data: { items } }
}

async function setKey(actor: Actor, name: string): Promise<Answer> {
  if (process.stdin.isTTY)
    throw new UsageError(
      'The key is read from stdin. Use: read -rs KEY; printf %s "$KEY" | npm run admin -- configurations set-key NAME',
    )
  const key = (await readText(process.stdin)).replace(/\r?\n$/, '')
  const input = PatchConfigurationInput.safeParse({ api_key: key })
  if (key === '' || !input.success)
    throw new UsageError('What came from stdin is no key: printable ASCII without spaces.')
  const { key: from } = await patchConfiguration(actor, { ...input.data, current_name: name, if_match: '*' })
  return { text: `The key of "${name}" is set anew.`, data: { name, key: from } }
}
