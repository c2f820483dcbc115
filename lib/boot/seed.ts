import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { Actor } from '../access/actor.ts'
import { loadLocalIdentity, systemActor } from '../access/identify.ts'
import { addEchoConfiguration } from '../ai/configurations/add-echo-configuration.ts'
import { createCategory } from '../categories/operations/create-category.ts'
import { change } from '../db/change.ts'
import { isAppError } from '../errors.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { CreatePromptInput } from '../prompts/schema.ts'
import { getRuntime } from '../runtime.ts'
import { loadSeed } from './load-seed.ts'

/** Held while seeding, so that of several instances that start at once one works. */
const ADVISORY_LOCK = 727_073_701

const LOCK_RETRY_MS = 100

const SEEDED = 'workspace.seed'
const EXPIRED = 'audit.expire'

/**
 * Gives a new workspace its first categories and prompts, through the ordinary operations. It runs once: the audit
 * log remembers it. A start that was killed in the middle resumes where it stopped.
 * @returns how many categories and prompts were added
 */
export function seedOnce(): Promise<number> {
  return underLock(async (actor) => {
    const { prisma } = getRuntime().database.primary
    const done = await prisma.auditEvent.findFirst({
      // A workspace whose log begins to expire is no new one.
      where: { workspace_id: actor.workspaceId, action: { in: [SEEDED, EXPIRED] } },
      select: { id: true },
    })
    if (done !== null) return 0
    const added = await addMissing(actor)
    await change(actor, async ({ record }) => {
      const target = { kind: 'workspace', id: actor.workspaceId, name: 'default' }
      record({ action: SEEDED, target, after: { added } })
    })
    return added
  })
}

/** Adds the missing parts of the seed; existing ones stay as they are. */
export function seedMissing(): Promise<number> {
  return underLock(addMissing)
}

/**
 * Gives a workspace that never had an AI configuration one that works without a key, where the echo
 * provider is on.
 * @returns whether it was made
 */
export function seedConfiguration(): Promise<boolean> {
  return underLock(addEchoConfiguration)
}

async function underLock<T>(work: (actor: Actor) => Promise<T>): Promise<T> {
  const { pool } = getRuntime().database.primary
  const client = await pool.connect()
  try {
    await takeLock(client)
    return await work(systemActor(await loadLocalIdentity()))
  } finally {
    // Ends the connection, and the lock with it.
    client.release(true)
  }
}

/** Polls for the lock: a wait inside PostgreSQL would end with the statement timeout. */
async function takeLock(client: pg.PoolClient): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      ADVISORY_LOCK,
    ])
    if (rows[0]?.taken === true) return
    await delay(LOCK_RETRY_MS)
  }
}

async function addMissing(actor: Actor): Promise<number> {
  const seed = await loadSeed(getRuntime().config.root)
  let added = 0
  for (const category of seed.categories) added += await unlessTaken(() => createCategory(actor, category))
  for (const prompt of seed.prompts)
    added += await unlessTaken(() => createPrompt(actor, CreatePromptInput.parse(prompt)))
  return added
}

/** 1 when it was made, 0 when the name was taken. */
async function unlessTaken(make: () => Promise<unknown>): Promise<number> {
  try {
    await make()
    return 1
  } catch (error) {
    if (isAppError(error) && error.code === 'conflict') return 0
    throw error
  }
}
