import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { readPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'

/** A name that somebody wants, and where in the input it stands. */
export interface WantedName {
  name: string
  path: (string | number)[]
}

interface Holder {
  name: string
  is_alias: boolean
  prompt: { id: string; name: string }
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
    select: { name: true, is_alias: true, prompt: { select: { id: true, name: true } } },
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
    await readPrimary(({ prisma }) => assertNamesFree(prisma, actor, wanted))
    throw error
  }
}

function namesTaken(holders: Holder[], wanted: WantedName[]) {
  const details = wanted.flatMap(({ name, path }) => {
    const holder = holders.find((each) => each.name === name)
    if (holder === undefined) return []
    const message = holder.is_alias
      ? `"${name}" is an alias of the prompt "${holder.prompt.name}"`
      : `"${name}" is the name of another prompt`
    return [{ path, code: 'name_taken', message }]
  })
  return appError('conflict', `The name is taken: ${details.map((each) => each.message).join('; ')}.`, {
    details,
    extra: { holders: [...new Set(holders.map((holder) => holder.prompt.name))] },
  })
}
