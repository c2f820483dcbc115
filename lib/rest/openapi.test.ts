import { existsSync } from 'node:fs'
import path from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { memberNames } from '../door/problem.ts'
import { AUTH_ENDPOINTS } from '../people/auth/endpoints.ts'
import { openApiDocument } from './openapi.ts'
import { BODY_EXAMPLES } from './openapi-examples.ts'
import { CONTRACTS, DOCUMENTED, SCOPES } from './table.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const document = JSON.parse(JSON.stringify(openApiDocument(DOCUMENTED, SCOPES)))
    const result = await new Validator().validate(document)
    expect(result.errors).toBeUndefined()
    expect(result.valid).toBe(true)
  })

  it('names every operation once', () => {
    const ids = DOCUMENTED.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const places = DOCUMENTED.map((each) => `${each.method} ${each.path}`)
    expect(new Set(places).size).toBe(places.length)
  })

  it('describes whatever is reachable below /api/auth for those who sign in', () => {
    const { paths = {} } = openApiDocument(DOCUMENTED, SCOPES)
    const described = Object.entries(paths)
      .filter(([path]) => path.startsWith('/api/auth/'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    const reachable = AUTH_ENDPOINTS.map(({ method, path }) => `${method} /api/auth${path}`)
    expect(described.toSorted()).toEqual(reachable.toSorted())
    expect(described).toContain('POST /api/auth/set-up')
  })

  it.each(CONTRACTS.map((each) => [each.path, each] as const))('%s has a route file', (_, contract) => {
    const folder = contract.path.replaceAll('{', '[').replaceAll('}', ']')
    expect(existsSync(path.join(ROOT, `app${folder}/route.ts`))).toBe(true)
  })

  it.each(CONTRACTS.filter((each) => each.body !== undefined).map((each) => [each.id, each] as const))(
    '%s shows a body that it takes',
    (id, contract) => {
      const parsed = contract.body?.safeParse(BODY_EXAMPLES[id])
      expect(parsed?.error?.issues).toBeUndefined()
    },
  )

  it.each(CONTRACTS.map((each) => [each.id, each] as const))(
    '%s has no name in two parts of the request',
    (_, contract) => {
      const merged = (schema: object | undefined) =>
        schema instanceof z.ZodObject ? [...memberNames(schema)] : []
      const names = [contract.params, contract.query, contract.body].flatMap(merged)
      expect(new Set(names).size).toBe(names.length)
    },
  )
})
