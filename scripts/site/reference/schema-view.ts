import { escapeHtml as e } from '../html.ts'
import { renderText } from '../markdown.ts'
import type { Schema } from './document.ts'

/** Where the named schemas are. */
export const SCHEMAS_PAGE = '/docs/api/schemas'

/** What a value may be, in a few words that link to named schemas. */
export function kindOf(schema: Schema): string {
  if (schema.$ref !== undefined) return linkTo(schema.$ref)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return [...new Set(choices.map(kindOf))].join(' or ')
  if (schema.allOf !== undefined) return schema.allOf.map(kindOf).join(' with ')
  if (schema.enum !== undefined) return schema.enum.map(value).join(', ')
  if (schema.const !== undefined) return value(schema.const)
  if (schema.items !== undefined) return `list of ${kindOf(schema.items)}`
  const { type, additionalProperties: more } = schema
  if (type === 'object' && typeof more === 'object') return `object of ${kindOf(more)}`
  return type === undefined ? 'anything' : [type].flat().join(' or ')
}

function linkTo(reference: string): string {
  const name = reference.split('/').at(-1) ?? ''
  return `<a href="${SCHEMAS_PAGE}#${e(name)}">${e(wordsFor(name))}</a>`
}

/** Schemas that have no name are called by their number. */
export function wordsFor(name: string): string {
  return name.replace(/^__schema(\d+)$/, 'part $1')
}

function value(each: unknown): string {
  return `<code>${e(JSON.stringify(each))}</code>`
}

/** The bounds of a value, in a few words. */
function boundsOf(schema: Schema): string[] {
  const { pattern, format, minLength, maxLength, minimum, maximum, minItems, maxItems } = schema
  const huge = Number.MAX_SAFE_INTEGER
  return [
    span(minLength, maxLength, 'characters'),
    span(minimum, maximum !== undefined && maximum >= huge ? undefined : maximum, ''),
    span(minItems, maxItems, 'items'),
    format === undefined ? '' : e(format),
    pattern === undefined || format !== undefined ? '' : `<code>${e(pattern)}</code>`,
    schema.default === undefined ? '' : `${value(schema.default)} when left out`,
  ].filter((each) => each !== '')
}

function span(least: number | undefined, most: number | undefined, unit: string): string {
  const from = least === undefined || least <= -Number.MAX_SAFE_INTEGER ? undefined : least
  if (from === undefined && most === undefined) return ''
  const words =
    from === undefined ? `at most ${most}` : most === undefined ? `at least ${from}` : `${from} to ${most}`
  return `${words} ${unit}`.trim()
}

/**
 * One named value with its kind, bounds and description, and what is inside of it.
 * @param isRequired undefined: it makes no sense to say
 */
export function fieldItem(name: string, schema: Schema, isRequired: boolean | undefined, more = ''): string {
  const words = [kindOf(schema), ...boundsOf(schema), isRequired === true ? 'required' : '', more].filter(
    (each) => each !== '',
  )
  const told = schema.description === undefined ? '' : renderText(schema.description)
  return `<dt><code>${e(name)}</code> <span class="kind">${words.join(' · ')}</span></dt><dd>${told}${insideOf(schema)}</dd>`
}

/** The fields inside of a value, however deep; named schemas are shown in their own place. */
export function insideOf(schema: Schema): string {
  if (schema.$ref !== undefined) return ''
  const inner = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (inner !== undefined) return inner.map(insideOf).join('')
  if (schema.items !== undefined) return insideOf(schema.items)
  const { properties, required = [], additionalProperties: more } = schema
  const fields = Object.entries(properties ?? {}).map(([name, of]) =>
    fieldItem(name, of, required.includes(name)),
  )
  const rest = typeof more === 'object' ? insideOf(more) : ''
  return fields.length === 0 ? rest : `<dl class="fields">${fields.join('')}</dl>${rest}`
}
