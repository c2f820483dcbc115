import { expect, it } from 'vitest'
import { type Actor, ALL_SCOPES, UNBOUND } from '../../access/actor.ts'
import { callerOf } from './renderers.ts'

const caller = (request: Partial<Actor['request']>) =>
  callerOf({
    id: 'a',
    kind: 'person',
    workspaceId: 'w',
    role: 'owner',
    scopes: ALL_SCOPES,
    ...UNBOUND,
    request: { id: 'r', surface: 'rest', outcome: {}, ...request },
  })

it('tells callers apart by their address, and not by the name that they give themselves', () => {
  expect(caller({ address: '10.0.0.1' })).not.toBe(caller({ address: '10.0.0.2' }))
  expect(caller({ client: { name: 'one' } })).toBe(caller({ client: { name: 'other' } }))
})
