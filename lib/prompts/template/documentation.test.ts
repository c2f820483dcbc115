import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { configurationKeys } from '../../config/environment.ts'
import { FILTER_NAMES } from '../../liquid/filters.ts'
import { TAG_NAMES } from '../../liquid/tags.ts'
import type { VariableType } from '../../liquid/variable.ts'
import { analyse, checkPrompt, inferVariables } from '../template.ts'
import { renderText, textContent } from './testing.ts'

/* The page of the language keeps what it says: its examples run, and it leaves nothing out. */

const PAGE = readFileSync(path.resolve(import.meta.dirname, '../../../docs/templates.md'), 'utf8')

function fences(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)\\n\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  )
}

/** The rows of all tables with this head, each as the texts of its cells. */
function rows(head: string): string[][] {
  return PAGE.split(`| ${head} |\n`)
    .slice(1)
    .flatMap((table) => {
      const [lines = ''] = table.split('\n\n')
      return lines.trim().split('\n').slice(1).map(cells)
    })
}

function cells(line: string): string[] {
  return line
    .replace(/^\| | \|$/g, '')
    .split(/(?<!\\) \| /)
    .map((cell) => cell.replaceAll('\\|', '|').replaceAll('⏎', '\n').replace(/^`|`$/g, ''))
}

const [values = '{}'] = fences('json')
const VALUES = JSON.parse(values) as Record<string, unknown>

function typeOf(value: unknown): VariableType {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' || typeof value === 'boolean')
    return typeof value === 'number' ? 'number' : 'boolean'
  return typeof value === 'object' ? 'object' : 'string'
}

/** The example's text, with the values that it uses. */
function rendered(text: string): string {
  const used = analyse(textContent(text)).variables.map(({ name }) => name)
  const variables = inferVariables(analyse(textContent(text))).map((variable) => {
    return { ...variable, type: typeOf(VALUES[variable.name]), required: true }
  })
  return renderText(text, Object.fromEntries(used.map((name) => [name, VALUES[name]])), { variables })
}

const EXAMPLES = fences('liquid').map((text, index) => [text, fences('text')[index] ?? ''] as const)

describe('docs/templates.md', () => {
  it.each(EXAMPLES)('shows what becomes of %j', (text, output) => {
    expect(rendered(text)).toBe(output)
  })

  it.each(rows('filter | example | gives'))('shows the filter %s', (filter, example = '', gives) => {
    expect(analyse(textContent(example)).filters).toContain(filter)
    expect(rendered(example)).toBe(gives)
  })

  it('leaves no filter and no tag out', () => {
    expect(new Set(rows('filter | example | gives').map(([filter]) => filter))).toEqual(new Set(FILTER_NAMES))
    const headings = [...PAGE.matchAll(/^### (.+)$/gm)].flatMap(([, heading = '']) => heading.split(/, |: /))
    for (const tag of TAG_NAMES) expect(headings).toContain(tag)
  })

  it('names keys that there are', () => {
    const keys = configurationKeys().map(({ section, key }) => `${section}.${key}`)
    const named = [...PAGE.matchAll(/`(limits\.\w+)`/g)].map(([, key]) => key)
    expect(named.length).toBeGreaterThan(5)
    for (const key of named) expect(keys).toContain(key)
  })

  it.each(rows('there | here'))('knows %j from elsewhere, which is %j here', (there = '', here = '') => {
    const told = (text: string) => {
      const content = textContent(text)
      const { problems, warnings } = checkPrompt({ content, variables: inferVariables(analyse(content)) })
      return [...problems, ...warnings]
    }
    const [found] = told(there)
    expect(found?.hint).toBeTypeOf('string')
    expect(told(here)).toEqual([])
  })
})
