import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { appError } from '../../../errors.ts'
import { reportOutcome } from '../../../outcomes/operations/report-outcome.ts'
import { makePrompt, pinnedTo } from '../../../testing/factories.ts'
import { refusal } from '../../../testing/refusal.ts'
import { uniqueName } from '../../../testing/rows.ts'
import { actorLike, type TestRuntime, testRequest, testRuntime } from '../../../testing/runtime.ts'
import * as usage from '../../../usage/recording/record.ts'
import * as versions from '../../cache/find-version.ts'
import { reportUses } from './report-uses.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ limits: { reported_uses: 3 } })
})
afterAll(() => app.close())

const aPrompt = async () => (await makePrompt(app.actor(), { name: uniqueName('told_') })).name

async function recorded(uses: Parameters<typeof reportUses>[1]['uses'], actor = app.actor()) {
  const spy = vi.spyOn(usage, 'recordUsage')
  try {
    const { items } = await reportUses(actor, { uses })
    return { items, events: spy.mock.calls.map(([, event]) => event) }
  } finally {
    spy.mockRestore()
  }
}

describe('reportUses', () => {
  it('counts each use with its label and the names of what was given, and gives a receipt that an outcome takes', async () => {
    const prompt = await aPrompt()
    const { items, events } = await recorded([
      {
        prompt,
        version: 1,
        label: 'production',
        variables: ['who', 'made_up', 'constructor'],
        duration_us: 12,
      },
      {
        prompt,
        version: 1,
        outcome: 'unprocessable',
        details: [{ path: ['variables', 'who'], code: 'missing_variable' }],
      },
    ])
    expect(events).toMatchObject([
      {
        operation: 'render',
        version: 1,
        label: 'production',
        outcome: 'ok',
        variables: 'who',
        duration_us: 12,
      },
      { label: null, outcome: 'unprocessable', details: [{ path: ['variables', 'who'] }] },
    ])
    expect(items).toEqual([
      { receipt: expect.any(String), refused: null },
      { receipt: null, refused: null },
    ])
    const actor = { ...app.actor(), request: testRequest() }
    const receipt = items[0]?.receipt ?? ''
    expect(await reportOutcome(actor, { receipt, outcome: 'success' })).toMatchObject({ change: 'new' })
  })

  it('keeps no label that the prompt has not', async () => {
    const { events } = await recorded([{ prompt: await aPrompt(), version: 1, label: 'made-up' }])
    expect(events).toMatchObject([{ label: null }])
  })

  it('keeps no reason with a variable that the version has not, but that it was given one', async () => {
    const details = ['missing_variable', 'invalid_variable', 'unknown_variable'].map((code) => ({
      path: ['variables', 'made_up'],
      code,
    }))
    const use = { prompt: await aPrompt(), version: 1, outcome: 'unprocessable' as const, details }
    const { events } = await recorded([use])
    expect(events).toMatchObject([{ details: [{ code: 'unknown_variable' }] }])
  })

  it('tells of what is not there, and counts the others', async () => {
    const prompt = await aPrompt()
    const { items, events } = await recorded([
      { prompt: 'nobody', version: 1 },
      { prompt, version: 7 },
      { prompt, version: 1 },
    ])
    expect(items.map(({ refused }) => refused)).toEqual(['not_found', 'not_found', null])
    expect(events).toHaveLength(1)
  })

  it('counts nothing when one of them cannot be looked up now, since all are told again', async () => {
    const prompt = await aPrompt()
    const finding = vi.spyOn(versions, 'findVersion')
    finding.mockResolvedValueOnce(await versions.findVersion(app.actor(), prompt, { version: 1 }))
    finding.mockRejectedValueOnce(appError('unavailable', 'The database is away.'))
    const spy = vi.spyOn(usage, 'recordUsage')
    try {
      const uses = [
        { prompt, version: 1 },
        { prompt: 'other', version: 1 },
      ]
      expect(await refusal(reportUses(app.actor(), { uses }))).toMatchObject({ code: 'unavailable' })
      expect(spy).not.toHaveBeenCalled()
    } finally {
      finding.mockRestore()
      spy.mockRestore()
    }
  })

  it('tells who is pinned to a label of nothing else', async () => {
    const prompt = await aPrompt()
    const { items, events } = await recorded([{ prompt, version: 1 }], pinnedTo(app.actor(), 'staging'))
    expect(items).toMatchObject([{ receipt: null, refused: 'not_found' }])
    expect(events).toEqual([])
  })

  it('takes no more at once than the limit, and nothing of who may not read', async () => {
    const uses = Array.from({ length: 4 }, () => ({ prompt: 'any', version: 1 }))
    expect(await refusal(reportUses(app.actor(), { uses }))).toMatchObject({
      code: 'too_large',
      extra: { limit: 'limits.reported_uses' },
    })
    const nobody = actorLike(app.actor(), { scopes: new Set() })
    expect(await refusal(reportUses(nobody, { uses }))).toMatchObject({ code: 'forbidden' })
  })
})
