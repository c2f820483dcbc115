import { describe, expect, it } from 'vitest'
import { Availability } from './availability.ts'

describe('availability', () => {
  it('gives up work as soon as the database is known to be away', async () => {
    const availability = new Availability()
    const work = availability.guard(() => new Promise<never>(() => undefined))
    availability.report(false)
    await expect(work).rejects.toMatchObject({ code: 'unavailable', retryAfter: 2 })
  })

  it('passes results and errors of the work through', async () => {
    const availability = new Availability()
    expect(await availability.guard(async () => 7)).toBe(7)
    await expect(availability.guard(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
  })

  it('tells for how long answers may be stale', () => {
    let clock = 1_000
    const availability = new Availability(() => clock)
    expect(availability.staleFor()).toBe(0)
    clock += 4_200
    availability.report(false)
    expect(availability.staleFor()).toBe(4)
    availability.report(true)
    expect(availability.staleFor()).toBe(0)
  })

  it('knows whether the database answered anything since a moment', () => {
    const availability = new Availability()
    expect(availability.heardSince(performance.now())).toBe(false)
    const asked = performance.now()
    availability.heard()
    expect(availability.heardSince(asked)).toBe(true)
  })

  it('is up only once the database has answered', () => {
    const availability = new Availability()
    expect(availability).toMatchObject({ up: false, down: false })
    availability.report(true)
    expect(availability.up).toBe(true)
    availability.report(false)
    expect(availability.up).toBe(false)
  })

  it('knows of silence only while the poll watches', () => {
    const availability = new Availability()
    const before = performance.now()
    expect(availability.silentSince(before)).toBe(false)
    availability.report(true)
    expect(availability.silentSince(before)).toBe(false)
    expect(availability.silentSince(performance.now() + 1)).toBe(true)
  })

  it('tells of a loss and of a recovery once', () => {
    const availability = new Availability()
    let recoveries = 0
    let losses = 0
    availability.onRecovery(() => {
      recoveries += 1
    })
    availability.onLoss(() => {
      losses += 1
    })
    for (const answered of [true, false, false, true, true]) availability.report(answered)
    expect({ losses, recoveries }).toEqual({ losses: 1, recoveries: 1 })
  })
})
