import { expect, test } from 'vitest'
import { placeInTemplate } from './template-place.ts'

const kindAt = (text: string) => placeInTemplate(text)?.kind

test('outside of braces nothing is offered', () => {
  for (const text of ['', 'plain', '{', '{{ x }}', '{% if x %} y', '{ {'])
    expect(placeInTemplate(text)).toBeUndefined()
})

test('variables are offered where a name can begin', () => {
  for (const text of [
    '{{',
    '{{ ',
    '{{- ',
    '{{ na',
    '{% if ',
    '{% if a == ',
    '{{ x | default: ',
    '{% for a in ',
    '{% render "p", a: ',
  ])
    expect(kindAt(text)).toBe('variable')
  expect(placeInTemplate('a {{ na')).toMatchObject({ typed: 'na', closing: '}}' })
  expect(placeInTemplate('{% assign t = 1 %}{% for i in x %}{{ ')).toMatchObject({ locals: ['t', 'i'] })
})

test('members, numbers, texts and new names are not completed', () => {
  for (const text of ['{{ a.b', '{{ 12', '{{ "te', '{% assign ', '{% for it', '{{ name ot'])
    expect(placeInTemplate(text)).toBeUndefined()
})

test('filters, tags and prompts are offered at their places', () => {
  expect(placeInTemplate('{{ x | up')).toEqual({ kind: 'filter', typed: 'up' })
  expect(kindAt('{{ x |')).toBe('filter')
  expect(kindAt('{{ x | append: "}}" | up')).toBe('filter')
  expect(kindAt('{{ x | append: "}}" }} up')).toBeUndefined()
  expect(kindAt('{% assign y = x | ')).toBe('filter')
  for (const text of ['{%', '{% ', '{%- i']) expect(kindAt(text)).toBe('tag')
  expect(placeInTemplate('{% render "few-')).toEqual({ kind: 'prompt', typed: 'few-' })
})
