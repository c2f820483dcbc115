import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../access/actor.ts'
import { setLabel } from '../prompts/operations/set-label.ts'
import { makePrompt } from '../testing/factories.ts'
import { makeMember } from '../testing/members.ts'
import { refusal } from '../testing/refusal.ts'
import { uniqueName } from '../testing/rows.ts'
import { type TestRuntime, testRequest, testRuntime } from '../testing/runtime.ts'
import { getLabelRule } from './operations/get-label-rule.ts'
import { listLabelRules } from './operations/list-label-rules.ts'
import { setLabelRule } from './operations/set-label-rule.ts'

let app: TestRuntime
let admin: Actor
beforeAll(async () => {
  app = await testRuntime()
  admin = await makeMember(app.actor(), { role: 'admin' })
})
afterAll(() => app.close())

const again = (actor: Actor): Actor => ({ ...actor, request: testRequest() })
const read = (label: string) => getLabelRule(again(admin), { label })
const set = (label: string, isProtected: boolean, if_match?: string) =>
  setLabelRule(again(admin), { label, protected: isProtected, ...(if_match !== undefined && { if_match }) })

describe('the rule of a label', () => {
  it('protects production, for good', async () => {
    const { etag, ...rule } = await read('production')
    expect(rule).toEqual({ label: 'production', protected: true, contract: 'off' })
    expect(await refusal(set('production', false, etag))).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['protected'] }],
    })
    expect(await set('production', true, etag)).toEqual({ ...rule, etag })
  })

  it('protects others once that is decided, and tells them all', async () => {
    const label = uniqueName('label_')
    const before = await read(label)
    expect(before.protected).toBe(false)
    const after = await set(label, true, before.etag)
    expect(after).toMatchObject({ label, protected: true })
    expect(await read(label)).toEqual(after)
    const prompt = await makePrompt(app.actor(), { labels: ['used'] })
    const { items } = await listLabelRules(again(admin))
    expect(items).toContainEqual(after)
    expect(items.map((each) => each.label)).toEqual(expect.arrayContaining(['production', 'used']))
    const editor = await makeMember(admin, { role: 'editor' })
    const move = () =>
      read(label).then(() => setLabel(again(editor), { name: prompt.name, label, version: 1, if_match: '*' }))
    expect((await refusal(move())).code).toBe('forbidden')
    await set(label, false, after.etag)
    expect((await move()).version).toBe(1)
  })

  it('is changed by who has seen it as it is', async () => {
    const label = uniqueName('label_')
    const { etag } = await read(label)
    expect((await refusal(set(label, true))).code).toBe('precondition_required')
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => set(label, true, etag)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const stale = await refusal(set(label, false, etag))
    expect(stale).toMatchObject({
      code: 'precondition_failed',
      extra: { current_etag: (await read(label)).etag },
    })
  })

  it('says whether a contract is kept, and keeps what is left out', async () => {
    const label = uniqueName('label_')
    const { etag } = await read(label)
    const kept = await setLabelRule(again(admin), {
      label,
      protected: false,
      contract: 'required',
      if_match: etag,
    })
    expect(kept).toMatchObject({ protected: false, contract: 'required' })
    expect(await set(label, true, kept.etag)).toMatchObject({ protected: true, contract: 'required' })
    const { items } = await listLabelRules(again(admin))
    expect(items.find((each) => each.label === label)).toMatchObject({ contract: 'required' })
  })

  it('is on record, with what it was', async () => {
    const label = uniqueName('label_')
    await set(label, true, (await read(label)).etag)
    const { rows } = await app.runtime.database.primary.pool.query(
      `SELECT action, before, after, actor_id FROM audit_event WHERE target_kind = 'label_rule' AND target_name = $1`,
      [label],
    )
    expect(rows).toEqual([
      {
        action: 'label_rule.set',
        before: { protected: false, contract: 'off' },
        after: { protected: true, contract: 'off' },
        actor_id: admin.id,
      },
    ])
  })

  it('is for who changes settings, signed in', async () => {
    const publisher = await makeMember(admin, { role: 'publisher' })
    const key: Actor = { ...admin, credential: { kind: 'key', id: 'k', personActorId: admin.id } }
    for (const actor of [publisher, key]) {
      expect((await refusal(listLabelRules(again(actor)))).code).toBe('forbidden')
      const change = setLabelRule(again(actor), { label: 'x', protected: true, if_match: '*' })
      expect((await refusal(change)).code).toBe('forbidden')
    }
  })
})
