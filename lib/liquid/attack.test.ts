import { describe, expect, it } from 'vitest'
import { errorOf, included, renderText, textContent } from '../prompts/template/testing.ts'
import { analyse } from '../prompts/template.ts'

describe('case 8: a template reads own data only', () => {
  const values = { o: { a: 1 }, l: [1], s: 'text' }
  const variables = [
    { name: 'o', type: 'object', required: true },
    { name: 'l', type: 'array', required: true },
    { name: 's', type: 'string', required: true },
  ] as const
  const keys = [
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    'length',
    'at',
    'push',
    'then',
    'toLiquid',
    'toJSON',
  ]

  it.each(keys)('not %s', (key) => {
    for (const path of [
      `o.${key}`,
      `l.${key}`,
      `s.${key}`,
      `o["${key}"]`,
      `l["${key}"]`,
      `s["${key}"]`,
      `o.a.${key}`,
    ]) {
      const error = errorOf(() => renderText(`{{ ${path} }}`, values, { variables: [...variables] }))
      expect(error.code).toBe('unprocessable')
      expect(renderText(`{% if ${path} %}leak{% endif %}`, values, { variables: [...variables] })).toBe('')
    }
    expect(
      renderText(`{{ l | map: "${key}" | compact | size }}`, values, { variables: [...variables] }),
    ).toBe('0')
    expect(renderText(`{{ l | where: "${key}" | size }}`, values, { variables: [...variables] })).toBe('0')
  })

  it.each([
    'process',
    'globalThis',
    'require',
    'this',
    'self',
    'window',
    'module',
    '__proto__',
    'constructor',
    'toString',
  ])('no name reaches the host: %s', (name) => {
    expect(errorOf(() => renderText(`{{ ${name} }}`, {}, { variables: [] })).code).toBe('unprocessable')
    expect(
      renderText(
        `{% if false or ${name === '__proto__' || name === 'constructor' ? 'nothing' : name} %}leak{% endif %}`,
        {},
        { variables: [] },
      ),
    ).toBe('')
  })

  it.each([
    'assign __proto__ = 1',
    'assign constructor = 1',
    'for __proto__ in (1..2)',
    'for prototype in (1..2)',
  ])('case 4: {%% %s %%} is refused', (tag) => {
    expect(analyse(textContent(`{% ${tag} %}`)).problems[0]?.code).toBe('invalid_name')
  })
})

describe('case 8: an include names a prompt and nothing else', () => {
  it.each([
    '"../secret"',
    '"/etc/passwd"',
    '"./a"',
    '"a/b"',
    '"https://example.org/a"',
    '"file:///a"',
    '"C:\\\\a"',
    '"a.liquid"',
    '"A"',
    '"new"',
    '""',
    '"a@0"',
    '"a@latest"',
    '"a@1@2"',
    '"{{ name }}"',
    'name',
    '__proto__',
    '"__proto__"',
    '"constructor "',
  ])('%s', (name) => {
    expect(analyse(textContent(`{% render ${name} %}`)).problems[0]?.code).toBe('invalid_include')
  })

  it.each([
    'include',
    'layout',
    'block',
    'capture',
    'cycle',
    'increment',
    'decrement',
    'tablerow',
    'liquid',
    'echo',
  ])('there is no tag %s', (tag) => {
    expect(analyse(textContent(`{% ${tag} "a" %}`)).problems[0]?.code).toBe('unknown_tag')
  })

  it('a name that objects have is looked up among the includes only', () => {
    const error = errorOf(() => renderText('{% render "constructor" %}'))
    expect(error.details[0]?.code).toBe('unknown_include')
    const includes = new Map([['constructor', included('constructor', 'mine')]])
    expect(renderText('{% render "constructor" %}', {}, { includes })).toBe('mine')
  })
})

describe('deterministic: nothing reads the clock, chance or the host', () => {
  it.each(['date: "%s"', 'sample', 'sha256', 'base64_encode', 'where_exp: "i", "i"', 'inspect', 'raw'])(
    'there is no filter %s',
    (filter) => {
      expect(analyse(textContent(`{{ a | ${filter} }}`)).problems[0]?.code).toBe('unknown_filter')
    },
  )
})

it('case 4: prototypes are intact after all this', () => {
  const fresh = Object.getOwnPropertyNames(Object.getPrototypeOf({})).toSorted()
  expect(fresh).toEqual([
    '__defineGetter__',
    '__defineSetter__',
    '__lookupGetter__',
    '__lookupSetter__',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'isPrototypeOf',
    'propertyIsEnumerable',
    'toLocaleString',
    'toString',
    'valueOf',
  ])
})
