import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningApp, startApp } from '../start-app.ts'
import { type Answer, at, call, mcp, stopCleanly } from './harness/api.ts'
import { IN_ORDER, outcome, renderDraft } from './harness/renders.ts'

let app: RunningApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => stopCleanly(app))

const draft = (text: string, values: object, variables?: unknown) => renderDraft(app, text, values, variables)

describe('case 8: a template reaches nothing but its values', () => {
  const PROBES = [
    '{{ x.constructor }}',
    '{{ x.constructor.constructor }}',
    '{{ x.__proto__ }}',
    '{{ x["__proto__"] }}',
    '{{ x.prototype }}',
    '{{ x.toString }}',
    '{{ x.hasOwnProperty }}',
    '{{ list.constructor }}',
    '{{ list.map }}',
    '{{ x | map: "constructor" }}',
    '{{ list | where: "constructor" }}',
    '{{ list | sort: "__proto__" | first | json }}',
    '{{ constructor }}',
    '{{ __proto__ }}',
    '{{ this }}',
    '{{ globalThis }}',
    '{{ process.env }}',
    '{{ x | constructor }}',
    '{{ x | eval }}',
  ]
  const values = { x: { y: 'z' }, list: ['a'] }
  const variables = [
    { name: 'x', type: 'object' },
    { name: 'list', type: 'array' },
  ]
  /** What would show if a function, a prototype or the environment came through. */
  const LEAK = /function|native code|\[object|=>|\/usr\/|PATH=/
  const contentOf = (answer: Answer) => JSON.stringify(at(answer.body, 'content') ?? null)

  it.each(PROBES)('%s', async (probe) => {
    const text = `<${probe}>`
    const asDraft = await draft(text, values, variables)
    expect(outcome(asDraft)).toBeOneOf(IN_ORDER)
    expect(contentOf(asDraft)).not.toMatch(LEAK)

    const name = `probe-${PROBES.indexOf(probe)}`
    const made = await call(app, 'POST', '/api/prompts', {
      body: { name, template_content: text, variables },
    })
    expect(made.status).toBeOneOf([201, 400, 422])
    // Where it was refused, these find nothing.
    const rest = await call(app, 'POST', `/api/prompts/${name}/render`, { body: { variables: values } })
    expect(rest.status).toBeOneOf(made.status === 201 ? [200, 422] : [404])
    const prompt = await mcp(app, 'prompts/get', {
      name,
      arguments: { x: JSON.stringify(values.x), list: JSON.stringify(values.list) },
    })
    expect(`${contentOf(rest)} ${JSON.stringify(at(prompt.body, 'result', 'messages'))}`).not.toMatch(LEAK)
  })

  const PLACES = [
    '../../../etc/passwd',
    '/etc/passwd',
    'file:///etc/passwd',
    'http://127.0.0.1/x',
    'https://example.org/x',
    '..',
    'package.json',
    'constructor@1',
    'a/b',
  ]
  const TAGS = ['render', 'include', 'layout', 'block']
  it.each(PLACES)('an include of %s', async (place) => {
    for (const tag of TAGS) {
      const text = `{% ${tag} "${place}" %}`
      const doors = await Promise.all([
        draft(text, {}),
        call(app, 'POST', '/api/prompts', { body: { name: 'reader', template_content: text } }),
        mcp(app, 'tools/call', {
          name: 'create_prompt_template',
          arguments: {
            name: 'reader',
            description: 'x',
            category: 'data',
            template_content: text,
            variables: [],
          },
        }),
      ])
      expect(doors.map(({ status }) => status)).toEqual([422, 422, 200])
      expect(at(doors[2].body, 'result', 'isError')).toBe(true)
      expect(JSON.stringify(doors.map(({ body }) => body))).not.toMatch(/root:x:|"dependencies"/)
    }
  })

  it('an include whose name is a value', async () => {
    const answer = await draft('{% render file %}', { file: '/etc/passwd' }, ['file'])
    expect(answer.status).toBe(422)
  })

  it.each(['constructor', 'prototype', '__proto__', 'forloop'])('a variable named %s', async (name) => {
    const answer = await draft('x', {}, [{ name, type: 'string' }])
    expect(answer.status).toBeOneOf([400, 422])
  })
})
