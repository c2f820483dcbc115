import { chromium } from '@playwright/test'
import { startApp } from '../../e2e/start-app.ts'
import { findBrowser } from '../../scripts/test/find-browser.mjs'
import { startTestDatabase } from '../../scripts/test-database.mjs'
import { figure, printTable } from '../stats.ts'
import { measurePromptPage } from './keystroke.ts'
import { type Scores, scoresOf } from './lighthouse.ts'
import { firstLoads } from './sizes.ts'

// `npm run bench:web`: what the pages promise and what the production build keeps of it, on a database of
// its own with the seeded prompts. `npm run bench:web -- sizes` measures that part alone.

const PARTS = ['sizes', 'lighthouse', 'keystrokes'] as const
const PAGES = {
  list: '/prompts',
  'new prompt': '/prompts/new',
  editor: '/prompts/business_logic_implementation',
  versions: '/prompts/business_logic_implementation/versions',
  'usage of a prompt': '/prompts/business_logic_implementation/usage',
  playground: '/playground?prompt=business_logic_implementation',
  generations: '/generations',
  categories: '/categories',
  usage: '/usage',
  connect: '/connect',
} as const
const PERFORMANCE = 95
const ACCESSIBILITY = 100
const EDITOR_BLOCKING_MS = 200
const KEYSTROKE_P95_MS = 100

/** What is measured of what: promised, measured, kept or not. */
type Row = [what: string, promised: string, measured: string, kept: string]

const asked = process.argv.slice(2)
const unknown = asked.filter((part) => !PARTS.some((known) => known === part))
if (unknown.length > 0) {
  console.error(`There is no part "${unknown.join(', ')}". There are: ${PARTS.join(', ')}.`)
  process.exit(2)
}
const wants = (part: (typeof PARTS)[number]) => asked.length === 0 || asked.includes(part)

const atMost = (what: string, limit: number, value: number, unit: string): Row => [
  what,
  `≤ ${figure(limit)} ${unit}`,
  `${figure(value)} ${unit}`,
  value <= limit ? 'yes' : 'NO',
]
const atLeast = (what: string, limit: number, value: number): Row => [
  what,
  `≥ ${limit}`,
  String(value),
  value >= limit ? 'yes' : 'NO',
]

async function sizeRows(): Promise<Row[]> {
  const routes = await firstLoads()
  return routes.map(({ route, kB, budget }) =>
    kB === undefined
      ? [`first load of ${route}`, `≤ ${budget} kB`, 'no such page', 'NO']
      : atMost(`first load of ${route}`, budget, kB, 'kB'),
  )
}

async function lighthouseRows(url: string, browser: string): Promise<Row[]> {
  const rows: Row[] = []
  for (const [name, path] of Object.entries(PAGES)) {
    const scores = await scoresOf(url + path, browser)
    rows.push(
      atLeast(`${name}: performance`, PERFORMANCE, scores.performance),
      atLeast(`${name}: accessibility`, ACCESSIBILITY, scores.accessibility),
      ...(name === 'editor'
        ? [atMost(`${name}: total blocking time`, EDITOR_BLOCKING_MS, scores.blocking, 'ms')]
        : []),
      ...told(name, scores),
    )
  }
  return rows
}

/** Figures without a promise, which say where a score comes from. */
function told(name: string, { largestPaint, shift }: Scores): Row[] {
  return [[`${name}: largest paint · shift`, '', `${figure(largestPaint)} ms · ${figure(shift)}`, '']]
}

async function keystrokeRows(url: string, executablePath: string): Promise<Row[]> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath, args })
  try {
    const page = await browser.newPage({ baseURL: url, viewport: { width: 1440, height: 900 } })
    const figures = await measurePromptPage(page)
    return figures.map(({ where, letters, p95 }) =>
      atMost(`keystroke in ${where} to preview, p95 of ${letters}`, KEYSTROKE_P95_MS, p95, 'ms'),
    )
  } finally {
    await browser.close()
  }
}

const rows: Row[] = wants('sizes') ? await sizeRows() : []
if (wants('lighthouse') || wants('keystrokes')) {
  const found = await findBrowser(process.execPath)
  const browser = found.CHROMIUM_PATH ?? chromium.executablePath()
  const server = await startTestDatabase({ kind: 'embedded' })
  process.env.INCIPIT_TEST_DATABASE_URL = server.adminUrl
  const app = await startApp({ env: { INCIPIT_LOG_LEVEL: 'warn' } })
  try {
    if (wants('keystrokes')) rows.push(...(await keystrokeRows(app.url, browser)))
    if (wants('lighthouse')) rows.push(...(await lighthouseRows(app.url, browser)))
  } finally {
    await app.stop()
    await server.stop()
  }
}
printTable('The browser', ['what', 'promised', 'measured', 'kept'], rows)
process.exitCode = rows.some(([, , , kept]) => kept === 'NO') ? 1 : 0
