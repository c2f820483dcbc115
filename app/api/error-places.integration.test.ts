import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { restRequest } from '#lib/testing/rest.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { POST as render, GET as renderByGet } from './prompts/[name]/render/route.ts'
import { POST as create } from './prompts/route.ts'
import { POST as renderDraft } from './render/route.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
  await create(
    restRequest('POST', '/api/prompts', { name: 'placed', template_content: TEXT, variables: VARIABLES }),
  )
})
afterAll(() => app.close())

const TEXT = '{{ a }} {{ b }}'
const VARIABLES = [
  { name: 'a', type: 'integer' },
  { name: 'b', max: 3 },
]

interface Problem {
  errors: { in: string; path: unknown; pointer?: string }[]
}
const problemOf = async (answer: Response) => (await answer.json()) as Problem
const draft = async (body: object) => problemOf(await renderDraft(restRequest('POST', '/api/render', body)))
const pointersOf = ({ errors }: Problem) => errors.map(({ pointer }) => pointer)

describe('an error points to where its value was given', () => {
  const WRONG: [string, Record<string, unknown>, string][] = [
    ['missing', { a: '1' }, 'b'],
    ['wrong', { a: { b: 1 }, b: 'x' }, 'a'],
    ['too long', { a: '1', b: 'xxxx' }, 'b'],
    ['unknown', { a: '1', b: 'x', c: 'y' }, 'c'],
    ['unstorable', { a: '1', b: '\0' }, 'b'],
  ]

  it.each(WRONG)('of a draft: %s', async (_, values, name) => {
    const problem = await draft({ template_content: TEXT, variables: VARIABLES, values })
    expect(pointersOf(problem)).toEqual([`#/values/${name}`])
  })

  it.each(WRONG)('of a render by POST: %s', async (_, variables, name) => {
    const answer = await render(restRequest('POST', '/api/prompts/placed/render', { variables }))
    expect(pointersOf(await problemOf(answer))).toEqual([`#/variables/${name}`])
  })

  it('of a draft whose variables are inferred, too large or wrong', async () => {
    const text = { template_content: '{{ a }}' }
    expect(pointersOf(await draft({ ...text, values: { a: { b: 1 } } }))).toEqual(['#/values/a'])
    expect(pointersOf(await draft({ ...text, values: { a: 'x'.repeat(300_000) } }))).toEqual(['#/values'])
    const variables = [{ name: 'a', enum: ['x', 'x'] }]
    expect(pointersOf(await draft({ ...text, variables }))).toEqual(['#/variables/0/enum'])
  })

  it.each([
    ['', [['a'], ['b']]],
    ['a=1', [['b']]],
    ['a=x&b=y&c=z', [['a'], ['c']]],
    ['_version=x', [['_version']]],
    ['_version=0&_label=A', [['_label'], ['_version']]],
    ['_label=a&_label=b', [['_label']]],
    ['_label=production&_version=1', [['_label']]],
  ])('of a render by GET: %s', async (query, paths) => {
    const answer = await renderByGet(restRequest('GET', `/api/prompts/placed/render?${query}`))
    const { errors } = await problemOf(answer)
    expect(errors.map(({ path }) => path)).toEqual(paths)
    expect(new Set(errors.map((error) => error.in))).toEqual(new Set(['query']))
  })
})
