import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeColleague } from '../testing/factories.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { importPrompts } from './operations/import-prompts.ts'
import { actions, bringTo, errorOf, file } from './testing.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { import_kept_bytes: 1000, import_kept_ms: 61_234 } })
})
afterAll(() => app.close())

const small = (name: string) => ({ [`${name}.md`]: file(`name: ${name}`, 'Text') })
const look = async (name: string, actor = app.actor()) => {
  const { kept } = await bringTo(app)(small(name), { dry_run: 'true' }, actor)
  return kept ?? ''
}

describe('what a dry run was brought', () => {
  it('is there for the next look and for the import, and is not sent again', async () => {
    const kept = await look('once')
    const plan = { items: [{ source: { path: 'once.md' }, name: 'other' }] }
    const dry = await importPrompts(app.actor(), { kept, plan, dry_run: 'true' })
    expect(dry).toMatchObject({ kept, items: [{ name: 'other', action: 'create' }] })
    const made = await importPrompts(app.actor(), { kept, plan })
    expect(actions(made)).toEqual({ other: 'create' })
    expect(made.kept).toBeUndefined()
  })

  it('is for whoever brought it alone', async () => {
    const kept = await look('mine')
    const colleague = await makeColleague(app.actor())
    const error = await errorOf(importPrompts(colleague, { kept, dry_run: 'true' }))
    expect(error).toMatchObject({ code: 'not_found', details: [{ path: ['kept'], code: 'not_kept' }] })
    expect(await errorOf(bringTo(app)(small('both'), { kept }))).toMatchObject({ code: 'invalid_input' })
  })

  it('goes when something else is brought, when there is no room, and after a while', async () => {
    const first = await look('first')
    const second = await look('second-whose-name-is-longer-than-those-of-others')
    const gone = async (kept: string) => errorOf(importPrompts(app.actor(), { kept, dry_run: 'true' }))
    expect(await gone(first)).toMatchObject({ code: 'not_found' })
    const large = { 'large.md': file('name: large', 'x'.repeat(2000)) }
    expect((await bringTo(app)(large, { dry_run: 'true' })).kept).toBeUndefined()
    for (let at = 0; at < 60; at++) await look(`other-${at}`, await makeColleague(app.actor()))
    expect(await gone(second)).toMatchObject({ code: 'not_found' })

    const timers = vi.spyOn(globalThis, 'setTimeout')
    const late = await look('late')
    const [end] = timers.mock.calls.find(([, milliseconds]) => milliseconds === 61_234) ?? []
    timers.mockRestore()
    expect(actions(await importPrompts(app.actor(), { kept: late, dry_run: 'true' }))).toEqual({
      late: 'create',
    })
    end?.()
    expect(await gone(late)).toMatchObject({ code: 'not_found' })
  })
})
