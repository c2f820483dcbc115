import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { onPrimary } from '../../db/read.ts'
import { appError, type ErrorDetail } from '../../errors.ts'
import { restoring } from '../errors.ts'

/** A name that somebody wants, and where in the input it stands. */
export interface WantedName {
  name: string
  path: (string | number)[]
}

interface Holder {
  name: string
  is_alias: boolean
  prompt: { id: string; name: string; archived_at: Date | null }
}

/**
 * Refuses names that another prompt holds, as its name or as an alias.
 * @throws conflict naming each holder
 */
export async function assertNamesFree(
  tx: Tx,
  actor: Actor,
  wanted: WantedName[],
  ownId?: string,
): Promise<void> {
  const holders = await tx.promptName.findMany({
    where: { workspace_id: actor.workspaceId, name: { in: wanted.map(({ name }) => name) } },
    select: { name: true, is_alias: true, prompt: { select: { id: true, name: true, archived_at: true } } },
  })
  const others = holders.filter((holder) => holder.prompt.id !== ownId)
  if (others.length > 0) throw namesTaken(others, wanted)
}

/**
 * Runs a change that takes names. Two changes can find a name free at the same moment; the unique key
 * lets one of them have it, and the other is told as if it had come later.
 */
export async function takingNames<T>(actor: Actor, wanted: WantedName[], run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    await onPrimary(({ prisma }) => assertNamesFree(prisma, actor, wanted))
    throw error
  }
}

function namesTaken(holders: Holder[], wanted: WantedName[]) {
  const details = wanted.flatMap(({ name, path }) => {
    const holder = holders.find((each) => each.name === name)
    if (holder === undefined) return []
    return [{ path, ...takenBy(holder) }]
  })
  const remedies = [...new Set(details.flatMap(({ hint = [] }) => hint))].map((hint) => ` ${hint}`)
  const said = `The name is taken: ${details.map((each) => each.message).join('; ')}.`
  return appError('conflict', `${said}${remedies.join('')}`, {
    details,
    extra: { holders: [...new Set(holders.map((holder) => holder.prompt.name))] },
  })
}

/** No list shows an archived prompt, so the error tells how to get the prompt, or its name, back. */
function takenBy({ name, is_alias, prompt }: Holder): Omit<ErrorDetail, 'path'> {
  const code = 'name_taken'
  if (prompt.archived_at === null) {
    const owner = is_alias ? `an alias of the prompt "${prompt.name}"` : 'the name of another prompt'
    return { code, message: `"${name}" is ${owner}` }
  }
  const owner = is_alias
    ? `an alias of the archived prompt "${prompt.name}"`
    : 'the name of an archived prompt'
  return { code, message: `"${name}" is ${owner}`, hint: `${restoring(prompt.name)} Or rename it there.` }
}
