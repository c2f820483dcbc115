import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, ALL_SCOPES, UNBOUND } from '../access/actor.ts'
import { type Scope } from '../access/rules.ts'
import { loadConfig } from '../config/load.ts'
import { isAppError } from '../errors.ts'
import { createRuntime, setRuntime } from '../runtime.ts'
import { ROUTES } from './table.ts'

beforeAll(() => setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere'))))
afterAll(() => setRuntime(undefined))

const actorWith = (scopes: ReadonlySet<Scope>): Actor => ({
  id: 'a',
  kind: 'key',
  workspaceId: 'w',
  role: 'owner',
  scopes,
  ...UNBOUND,
  request: { id: 'r', surface: 'rest', outcome: {} },
})

/** The scope that an operation says is missing, before it looks at what is asked. */
async function missingScope(run: (typeof ROUTES)[number]['run'], scopes: ReadonlySet<Scope>) {
  const call = async () => run(actorWith(scopes), {})
  const error: unknown = await call().catch((reason: unknown) => reason)
  return isAppError(error) && error.code === 'forbidden' ? error.extra.required_scope : undefined
}

describe('every operation of REST asks for its scope before anything else', () => {
  it.each(ROUTES.filter(({ scope }) => scope !== null).map((row) => [row.contract.id, row] as const))(
    '%s',
    async (_id, { run, scope, or }) => {
      expect(await missingScope(run, new Set())).toBeDefined()
      const others = new Set([...ALL_SCOPES].filter((each) => each !== scope && each !== or))
      expect(await missingScope(run, others)).toBe(scope)
    },
  )

  it('but for the description of them all, what is about oneself, and what owners alone may do', () => {
    expect(ROUTES.filter(({ scope }) => scope === null).map(({ contract }) => contract.id)).toEqual([
      'getMe',
      'patchMe',
      'leaveWorkspace',
      'exportMe',
      'eraseMember',
      'getOpenApi',
    ])
  })
})
