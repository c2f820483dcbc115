import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setRuntime } from '../../runtime.ts'
import { uniqueName } from '../../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { createPrompt } from './create-prompt.ts'
import { createVersion } from './create-version.ts'
import { getPrompt } from './get-prompt.ts'
import { patchPrompt } from './patch-prompt.ts'
import { renderPrompt } from './render-prompt.ts'
import { setLabel } from './set-label.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ feed: true })
})
afterAll(() => app.close())

const VERSIONS = 12

/** A prompt whose version n says n; production names the first. */
async function makeVersions(): Promise<string> {
  const { name } = await createPrompt(app.actor(), { name: uniqueName(), template_content: '1' })
  for (let number = 2; number <= VERSIONS; number++)
    await createVersion(app.actor(), { name, base_version: number - 1, template_content: String(number) })
  return name
}

/** Pseudo-random numbers that are the same in every run. */
function sequence(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
}

describe('a cache that tells the truth', () => {
  it.each([1, 2, 3])('never serves a version older than an acknowledged move (run %i)', async (seed) => {
    const name = await makeVersions()
    const next = sequence(seed)
    let acknowledged = 1
    const mover = { done: false }
    let reads = 0
    const wrong: string[] = []

    async function move(): Promise<void> {
      for (let version = 2; version <= VERSIONS; version++) {
        await setLabel(app.actor(), { name, label: 'production', version, if_match: '*' })
        acknowledged = version
        // Now and then something else about the prompt changes as well.
        if (next(3) === 0)
          await patchPrompt(app.actor(), { current_name: name, if_match: '*', tags: [`t${version}`] })
      }
      mover.done = true
    }
    async function read(): Promise<void> {
      while (!mover.done) {
        const floor = acknowledged
        const { content, version } = await renderPrompt(app.actor(), { name })
        reads += 1
        if (version < floor || content !== String(version)) wrong.push(`${version} after ${floor}`)
        // Gives the movers a turn: a cached read never leaves the microtask queue.
        if (next(2) === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    }

    await Promise.all([move(), ...Array.from({ length: 8 }, read)])
    expect(wrong).toEqual([])
    expect(reads).toBeGreaterThan(VERSIONS)
    expect(await renderPrompt(app.actor(), { name })).toMatchObject({ version: VERSIONS })
  })

  it('learns what another instance changed', async () => {
    const name = await makeVersions()
    expect(await renderPrompt(app.actor(), { name })).toMatchObject({ version: 1 })
    const actor = app.actor()
    const other = app.secondInstance()
    setRuntime(other)
    try {
      await setLabel(actor, { name, label: 'production', version: 2, if_match: '*' })
    } finally {
      setRuntime(app.runtime)
      await other.close()
    }
    // What the writer's answer said, the reader asks for.
    const reader = app.actor({ revision: actor.request.outcome.revision })
    expect(await renderPrompt(reader, { name })).toMatchObject({ version: 2 })
  })

  it('drops what it holds of a category that changed', async () => {
    const { pool } = app.runtime.database.primary
    const { rows } = await pool.query<{ id: string }>(
      `INSERT INTO category (id, workspace_id, slug, name, color, position, created_by)
       VALUES (gen_random_uuid(), $1, 'before', 'Before', '#112233', 1, $2) RETURNING id`,
      [app.identity.workspaceId, app.identity.ownerId],
    )
    const name = uniqueName()
    await createPrompt(app.actor(), { name, category: 'before', template_content: 'x' })
    expect(await getPrompt(app.actor(), { name })).toMatchObject({ category: 'before' })
    await pool.query(`UPDATE category SET slug = 'after' WHERE slug = 'before'`)
    const target = { kind: 'category', id: rows[0]?.id ?? '', name: 'after', action: 'category.update' }
    const revision = app.runtime.feed.seen(app.identity.workspaceId) + 1
    await pool.query('UPDATE workspace SET revision = $1', [revision])
    app.runtime.feed.apply({ workspace_id: app.identity.workspaceId, revision, targets: [target], lists: [] })
    expect(await getPrompt(app.actor(), { name })).toMatchObject({ category: 'after' })
  })
})
