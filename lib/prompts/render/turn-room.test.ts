import { setImmediate } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { callingRuntime } from '../../testing/calling-runtime.ts'
import { takeRoomInTurn } from './renderers.ts'

const app = callingRuntime({ environment: { INCIPIT_LIMITS_UNSENT_BYTES: '1048576' } })
afterAll(() => app.close())

it('as much is rendered in one turn as may wait for readers; the next turn has room again', async () => {
  takeRoomInTurn(300_000)
  takeRoomInTurn(200_000)
  expect(() => takeRoomInTurn(200_000)).toThrow(
    expect.objectContaining({ code: 'overloaded', extra: { limit: 'limits.unsent_bytes' } }),
  )
  // What is small always fits.
  takeRoomInTurn(1_000)
  await setImmediate()
  takeRoomInTurn(200_000)
})

it('one result fits, however large', async () => {
  await setImmediate()
  takeRoomInTurn(5_000_000)
  expect(() => takeRoomInTurn(100_000)).toThrow('Too many large results')
  await setImmediate()
})
